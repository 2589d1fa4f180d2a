//! The page: one HTML file, with its data in it or without.

use std::io::{self, Read, Write};

use serde_json::Value;

/// The page as `viewer/` makes it, packed.
const PAGE: &[u8] = include_bytes!("../../../viewer/dist/page.html.gz");

/// The element that the data goes into. The page has it once.
const DATA: &str = "<script type=\"application/json\" id=\"data\">";

/// The page without data.
pub fn page() -> String {
    let mut page = String::new();
    // Those who build the page read it as well, so this cannot fail.
    match flate2::read::GzDecoder::new(PAGE).read_to_string(&mut page) {
        Ok(_) => page,
        Err(error) => format!("the page cannot be unpacked: {error}"),
    }
}

/// The page with a nonce at each of its scripts, so that a browser runs these and no others.
pub fn with_nonce(page: &str, nonce: &str) -> String {
    const SCRIPT: &str = "<script";
    let mut out = String::with_capacity(page.len() + 100);
    let mut rest = page;
    while let Some(at) = rest.find(SCRIPT) {
        let (before, script) = rest.split_at(at);
        let (text, behind) = script.split_at(script.find("</script").unwrap_or(script.len()));
        // What a script says of scripts is its own text.
        out.extend([before, SCRIPT, " nonce=\"", nonce, "\"", &text[SCRIPT.len()..]]);
        rest = behind;
    }
    out + rest
}

/// Writes the page with data in it.
pub fn write(data: &Value, out: &mut dyn Write) -> io::Result<()> {
    let page = page();
    let missing = || io::Error::other("the page has no place for data");
    let (before, after) = page.split_once(DATA).ok_or_else(missing)?;
    out.write_all(before.as_bytes())?;
    out.write_all(DATA.as_bytes())?;
    serde_json::to_writer(Escaped(out), data)?;
    out.write_all(after.as_bytes())
}

/// JSON that can stand in HTML: no element can begin or end in it.
struct Escaped<'a>(&'a mut dyn Write);

impl Write for Escaped<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut rest = bytes;
        while let Some(at) = memchr::memchr(b'<', rest) {
            let (before, behind) = rest.split_at(at);
            self.0.write_all(before)?;
            self.0.write_all(b"\\u003c")?;
            rest = &behind[1..];
        }
        self.0.write_all(rest)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_get_a_nonce_and_their_text_stays() {
        let page = "<p><script id=\"a\"></script><script>say(\"<script>\")</script></p>";
        let with = with_nonce(page, "N");
        let right = "<p><script nonce=\"N\" id=\"a\"></script><script nonce=\"N\">say(\"<script>\")</script></p>";
        assert_eq!(with, right);
    }

    #[test]
    fn data_cannot_end_its_element() {
        let (mut out, data) = (Vec::new(), serde_json::json!({"</script><b>": "<!--<script>"}));
        write(&data, &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        let (_, behind) = out.split_once(DATA).unwrap();
        let (json, _) = behind.split_once("</script>").unwrap();
        assert!(!json.contains('<'));
        assert_eq!(serde_json::from_str::<Value>(json).unwrap(), data);
    }
}
