//! HTML pages of figures, without external files. Bars are inline SVG. Every number of a plot is in a table as well.

use std::fmt::Write;
use std::path::Path;

use super::Failure;

/// A bar of a plot, with an interval if there is one.
pub struct Bar {
    /// Its label.
    pub name: String,
    /// Its length, at least 0.
    pub value: f64,
    /// The two ends of the interval, which is drawn as a line.
    pub range: Option<(f64, f64)>,
}

/// A page while it is made.
pub struct Page(String);

/// Escapes text for HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

impl Page {
    /// A page with a title.
    pub fn new(title: &str) -> Self {
        let title = escaped(title);
        Page(format!(
            "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>{title}</title>\n<style>\n\
             body {{ font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222 }}\n\
             h2 {{ margin: 2rem 0 .5rem; font-size: 1.1rem }}\n\
             table {{ border-collapse: collapse }}\n\
             th, td {{ padding: .15rem .8rem .15rem 0; text-align: right; font-variant-numeric: tabular-nums; border-bottom: 1px solid #e5e5e5 }}\n\
             th:first-child, td:first-child {{ text-align: left }}\n\
             svg text {{ font: 12px system-ui, sans-serif; fill: #222 }}\n\
             </style>\n<h1>{title}</h1>\n"
        ))
    }

    /// Adds a heading.
    pub fn heading(&mut self, text: &str) {
        let _ = writeln!(self.0, "<h2>{}</h2>", escaped(text));
    }

    /// Adds a table.
    pub fn table(&mut self, head: &[&str], rows: &[Vec<String>]) {
        let cells = |cells: &mut dyn Iterator<Item = String>, tag: &str| {
            cells.map(|cell| format!("<{tag}>{}</{tag}>", escaped(&cell))).collect::<String>()
        };
        let _ = writeln!(self.0, "<table><tr>{}</tr>", cells(&mut head.iter().map(|cell| cell.to_string()), "th"));
        for row in rows {
            let _ = writeln!(self.0, "<tr>{}</tr>", cells(&mut row.iter().cloned(), "td"));
        }
        self.0.push_str("</table>\n");
    }

    /// Adds bars with their values.
    pub fn bars(&mut self, bars: &[Bar], show: impl Fn(f64) -> String) {
        const NAMES: f64 = 220.0;
        const WIDTH: f64 = 480.0;
        const HEIGHT: f64 = 22.0;
        let most = bars.iter().map(|bar| bar.range.map_or(bar.value, |(_, high)| high.max(bar.value)));
        let most = most.fold(0.0, f64::max);
        let scale = if most > 0.0 { WIDTH / most } else { 0.0 };
        let height = HEIGHT * bars.len() as f64 + 4.0;
        let _ = writeln!(self.0, "<svg width=\"{}\" height=\"{height}\" role=\"img\">", NAMES + WIDTH + 120.0);
        for (place, Bar { name, value, range }) in bars.iter().enumerate() {
            let top = HEIGHT * place as f64 + 3.0;
            let (long, middle) = (value * scale, top + 13.0);
            let _ = writeln!(
                self.0,
                "<text x=\"{:.1}\" y=\"{middle:.1}\" text-anchor=\"end\">{}</text><rect x=\"{NAMES}\" y=\"{top:.1}\" width=\"{long:.1}\" height=\"16\" fill=\"#7aa6c9\"/>",
                NAMES - 8.0,
                escaped(name)
            );
            let mut end = long;
            if let Some((low, high)) = range {
                let (from, to, line) = (NAMES + low * scale, NAMES + high * scale, top + 8.0);
                let _ = writeln!(
                    self.0,
                    "<path d=\"M{from:.1} {line:.1}H{to:.1}M{from:.1} {:.1}v8M{to:.1} {:.1}v8\" stroke=\"#222\"/>",
                    line - 4.0,
                    line - 4.0
                );
                end = end.max(high * scale);
            }
            let _ = writeln!(
                self.0,
                "<text x=\"{:.1}\" y=\"{middle:.1}\">{}</text>",
                NAMES + end + 6.0,
                escaped(&show(*value))
            );
        }
        self.0.push_str("</svg>\n");
    }

    /// Writes the page to a file.
    pub fn write(self, path: &Path) -> Result<(), Failure> {
        std::fs::write(path, self.0 + "</html>\n")
            .map_err(|error| Failure::System(format!("{}: {error}; choose another file", path.display())))
    }
}
