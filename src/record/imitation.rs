//! `imitation`: style and substance separated (Gudibande et al. 2023, "The false promise of imitating proprietary LLMs"). `fluent-wrong` has the form of a
//! right solution and contains errors. `ugly-right` is right, but with other words, other white space and idle lines. `clean` is right in form and content.

use serde::Deserialize;
use sos_envs::Draw;

use super::candidate::{CandidateSettings, Candidates, Want};
use super::import::Imported;
use super::judge::{Judged, RowView};
use super::{Cell, Dataset, Episode, Record, RecordError, RowContent, Said, WorkerBuffers};
use crate::check::Level;
use crate::recipe::{Recipe, RecipeError, RecordConfig};
use crate::table::{ColumnKind, ColumnSpec, column};

/// The columns of this kind.
pub const OWN: &[ColumnSpec] = &[
    column("style", ColumnKind::Text, "clean, fluent-wrong or ugly-right"),
    column("form_right", ColumnKind::Boolean, "whether the completion can be read as it stands"),
    column("content_right", ColumnKind::Boolean, "whether what it says solves the puzzle without an error"),
];

/// Words to exchange, as whole words with this spelling. None of them has another meaning in a puzzle or dialect.
const SYNONYMS: [(&str, &str); 12] = [
    ("Exploring", "Probing"),
    ("Generated", "Minted"),
    ("Moving", "Shifting"),
    ("Current", "Present"),
    ("Resulting", "Ensuing"),
    ("Operations:", "Deeds:"),
    ("Operation:", "Deed:"),
    ("Reached", "Attained"),
    ("Solution", "Outcome"),
    ("Answer:", "Reply:"),
    ("Right", "Just"),
    ("Success:", "Hurray:"),
];

/// Lines without content.
const IDLE: [&str; 6] = [
    "Let me think about this.",
    "Hmm, what next?",
    "Okay, going on from here.",
    "That seems worth a try.",
    "Now let us see.",
    "One thing after the other.",
];

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Style {
    Clean,
    FluentWrong,
    UglyRight,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    style: Style,
    #[serde(default)]
    candidates: CandidateSettings,
    /// Percentage of words that are exchanged, of spaces that are doubled, and of lines after which an idle line is inserted.
    ugliness_percent: Option<u64>,
}

struct Imitation {
    style: Style,
    candidates: Candidates,
    ugliness: u64,
}

/// Makes the record of a config.
pub fn new(config: &RecordConfig, recipe: &Recipe) -> Result<Box<dyn Record>, RecipeError> {
    let settings: Settings = config.settings()?;
    let ugliness = settings.ugliness_percent.unwrap_or(30);
    if ugliness > 100 {
        return Err(config.wrong("ugliness_percent", ugliness, "0 to 100"));
    }
    let candidates = Candidates::new(config, settings.candidates, recipe)?;
    Ok(Box::new(Imitation { style: settings.style, candidates, ugliness }))
}

impl Record for Imitation {
    fn make(
        &self,
        dataset: &Dataset,
        episode: &Episode,
        buffers: &mut WorkerBuffers,
        out: &mut RowContent,
    ) -> Result<(), RecordError> {
        let (want, name) = match self.style {
            Style::Clean => (Want::Right, "clean"),
            Style::FluentWrong => (Want::Wrong, "fluent-wrong"),
            Style::UglyRight => (Want::Right, "ugly-right"),
        };
        let candidate = self.candidates.draw(dataset, episode, 0, want, buffers)?;
        let checked = &candidate.checked;
        let (mut form, mut said) = (checked.verdict.parsed, Said::of(&checked.verdict));
        let mut text = checked.text.clone();
        if self.style == Style::UglyRight {
            let mut draw = dataset.draw(episode, "imitation");
            text = uglify(&text, self.ugliness, &mut draw);
            let read = dataset.read(episode, text.clone());
            form = !read.verdict.errors.iter().any(|error| error.level == Level::Format);
            said = Said::of(&read.verdict);
        }
        out.said = Some(said);
        out.prompt = Some(dataset.prompt(&episode.proven.puzzle).into_bytes());
        out.text = text.into_bytes();
        out.defects = candidate.defects.clone();
        out.wrong = checked.wrong_marks();
        out.own = vec![Cell::Text(name.into()), Cell::Boolean(form), Cell::Boolean(checked.is_right())];
        out.trace.clone_from(&checked.parsed.trace);
        Ok(())
    }

    fn imported(&self) -> Vec<&Imported> {
        self.candidates.imported().into_iter().collect()
    }
}

/// The same text in another style. [`plain`] reverses it.
pub fn uglify(text: &str, percent: u64, draw: &mut Draw) -> String {
    let mut ugly = String::new();
    for line in text.lines() {
        for (place, word) in line.split(' ').enumerate() {
            if place > 0 {
                ugly.push_str(if draw.chance(percent, 100) { "  " } else { " " });
            }
            let synonym = SYNONYMS.iter().find(|(theirs, _)| *theirs == word).map(|(_, ours)| *ours);
            ugly.push_str(synonym.filter(|_| draw.chance(percent, 100)).unwrap_or(word));
        }
        if draw.chance(percent, 100) {
            ugly.push(' ');
        }
        ugly.push('\n');
        if draw.chance(percent, 100) {
            ugly.push_str(draw.choose(&IDLE).copied().unwrap_or(""));
            ugly.push('\n');
        }
    }
    ugly
}

/// The text before [`uglify`], except for white space without meaning. Its content is judged by it.
pub fn plain(ugly: &str) -> String {
    let mut text = String::new();
    for line in ugly.lines().filter(|line| !IDLE.contains(&line.trim())) {
        let words = line.split(' ').filter(|word| !word.is_empty());
        let words =
            words.map(|word| SYNONYMS.iter().find(|(_, ours)| *ours == word).map_or(word, |(theirs, _)| *theirs));
        text += &words.collect::<Vec<_>>().join(" ");
        text.push('\n');
    }
    text
}

/// Checks that form and content match the labels.
pub fn judge(row: &RowView<'_>) -> Judged {
    let mut judged = Judged::default();
    let completion = row.text("completion");
    let format = |text: &str| {
        let read = row.read(text);
        (!read.verdict.errors.iter().any(|error| error.level == Level::Format), read.is_right())
    };
    let (form, mut content) = format(completion);
    if row.text("style") == "ugly-right" {
        content = format(&plain(completion)).1;
    }
    judged.expect("form_right", row.value("form_right").clone(), form);
    judged.expect("content_right", row.value("content_right").clone(), content);
    judged.hold(content == (row.text("style") != "fluent-wrong"), "content_right: not what the style asks for");
    judged
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks that the words of a text come back.
    #[test]
    fn ugly_texts_come_back() {
        let text = "Current State: 24:[3, 8], Operations: []\nExploring Operation: 3*8=24, Resulting Numbers: [24]\n24,24 equal: Goal Reached\n";
        for percent in [0, 30, 100] {
            for index in 0..50 {
                let ugly = uglify(text, percent, &mut sos_envs::Streams::new(1, "test", "").at(index));
                assert_eq!(plain(&ugly), text, "{ugly}");
                assert_eq!(percent == 0, ugly == text, "{ugly}");
            }
        }
    }

    #[test]
    fn synonyms_are_one_to_one() {
        let mut words: Vec<&str> = SYNONYMS.iter().flat_map(|(theirs, ours)| [*theirs, *ours]).collect();
        words.sort_unstable();
        assert!(words.windows(2).all(|pair| pair[0] != pair[1]), "{words:?}");
    }
}
