//! The labels of a row, and the texts that a model sees with them.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::features::{Counted, Features, Names};
use super::table::{Cue, Family, table};

/// Greatest number of samples of a label; later ones are ignored.
const MOST_SAMPLES: usize = 16_000;

/// Greatest number of wrong steps of a row that are sampled, and of right ones.
const MOST_STEPS: usize = 4;

/// Kinds of records whose rows are compared with clean rows.
const TWINS: [&str; 2] = ["corrupted", "swapped"];

/// The kind of record whose rows are of several kinds.
const MIXTURE: &str = "mixture";

/// A text, and whether it has the label.
pub(super) struct Sample {
    pub positive: bool,
    /// The half it belongs to. Rows of one index belong to the same half.
    pub odd: bool,
    pub features: Features,
    pub rank: Option<i64>,
    pub position: Option<i64>,
}

/// A label and its samples.
#[derive(Default)]
pub struct Label {
    pub(super) name: String,
    pub(super) names: Names,
    pub(super) samples: Vec<Sample>,
}

/// A record config of a recipe.
struct Config {
    name: String,
    kind: String,
    declared: BTreeMap<String, String>,
}

/// Collects labels from rows of a dataset, in any order.
pub struct Collector {
    configs: Vec<Config>,
    labels: BTreeMap<(usize, &'static str), Label>,
}

/// The samples of a row. They are the same in every thread.
#[derive(Default)]
pub struct RowSamples(Vec<RowSample>);

/// A sample that is in no label yet.
struct RowSample {
    label: (usize, &'static str),
    positive: bool,
    odd: bool,
    features: Counted,
    rank: Option<i64>,
    position: Option<i64>,
}

impl RowSamples {
    /// Size in memory, about.
    pub fn size(&self) -> usize {
        self.0.iter().map(|sample| sample.features.size() + size_of::<RowSample>()).sum()
    }
}

/// Whether a name is that of a family of classifiers. A recipe can declare only these.
pub fn declarable(name: &str) -> bool {
    Family::ALL.iter().any(|family| family.name() == name)
}

impl Collector {
    /// An empty collector for these configs: name, kind, and the cues that the recipe declares, each with a reason.
    pub fn new(configs: impl IntoIterator<Item = (String, String, BTreeMap<String, String>)>) -> Self {
        let config = |(name, kind, declared)| Config { name, kind, declared };
        Collector { configs: configs.into_iter().map(config).collect(), labels: BTreeMap::new() }
    }

    /// Adds a row of a config.
    pub fn add(&mut self, config: &str, row: &Map<String, Value>) {
        let samples = self.samples(config, row);
        self.take(samples);
    }

    /// Adds the samples of a row. Their order decides which samples of a label are too many.
    pub fn take(&mut self, samples: RowSamples) {
        for RowSample { label, positive, odd, features, rank, position } in samples.0 {
            let (_, name) = label;
            let label = self.labels.entry(label).or_default();
            if label.samples.len() < MOST_SAMPLES {
                label.name = name.into();
                let features = features.numbered(&mut label.names);
                label.samples.push(Sample { positive, odd, features, rank, position });
            }
        }
    }

    /// The samples of a row of a config.
    pub fn samples(&self, config: &str, row: &Map<String, Value>) -> RowSamples {
        let mut samples = RowSamples::default();
        let Some(place) = self.configs.iter().position(|known| known.name == config) else { return samples };
        let mut adder = Adder { place, row, odd: number(row, "index") % 2 == 1, samples: &mut samples.0 };
        adder.row();
        // A row of a mixture says of which kind it is.
        let mixes = |config: &Config| config.kind == MIXTURE;
        let kind = if mixes(&self.configs[place]) { text(row, "record") } else { &self.configs[place].kind };
        match kind {
            kind if TWINS.contains(&kind) => adder.one("corrupted", true, text(row, "completion")),
            "search" => {
                let is_twin = |(other, config): &(usize, &Config)| match mixes(&self.configs[place]) || mixes(config) {
                    true => *other == place,
                    false => TWINS.contains(&config.kind.as_str()),
                };
                let twins = self.configs.iter().enumerate().filter(is_twin);
                for (twin, _) in twins {
                    adder.place = twin;
                    adder.one("corrupted", false, text(row, "completion"));
                }
            }
            "imitation" if text(row, "style") != "ugly-right" => {
                // The arms are compared with each other. The first imitation config stands for all of them.
                adder.place = self.configs.iter().position(|config| config.kind == "imitation").unwrap_or(place);
                adder.one("content_right of arms", text(row, "style") == "clean", text(row, "completion"));
            }
            _ => {}
        }
        samples
    }

    /// The strongest classifier of each family, for every label of every config.
    pub fn table(&self) -> Vec<Cue> {
        self.tables().iter().flat_map(|table| table()).collect()
    }

    /// The work of [`Collector::table`], in parts that can be done in any order: one for each label.
    pub fn tables(&self) -> Vec<impl Fn() -> Vec<Cue> + Send> {
        let of = |(&(place, _), label): (&(usize, &'static str), _)| {
            let config = &self.configs[place];
            move || table(&config.name, label, &config.declared)
        };
        self.labels.iter().map(of).collect()
    }
}

/// Finds the labels of one row.
struct Adder<'a> {
    place: usize,
    row: &'a Map<String, Value>,
    odd: bool,
    samples: &'a mut Vec<RowSample>,
}

impl Adder<'_> {
    fn add(&mut self, name: &'static str, positive: bool, text: &str, rank: Option<i64>, position: Option<i64>) {
        let (label, features) = ((self.place, name), Counted::of(text));
        self.samples.push(RowSample { label, positive, odd: self.odd, features, rank, position });
    }

    fn one(&mut self, name: &'static str, positive: bool, text: &str) {
        self.add(name, positive, text, None, None);
    }

    fn row(&mut self) {
        let row = self.row;
        let (prompt, completion) = (text(row, "prompt"), text(row, "completion"));
        if let Some(right) = flag(row, "candidate_right") {
            let candidate = text(row, "candidate");
            // Text around the candidate in the question can be a cue as well.
            self.one("candidate_right", right, if prompt.contains(candidate.trim_end()) { prompt } else { candidate });
        }
        if let Some(noise) = row.get("noise").and_then(Value::as_str).filter(|_| row.contains_key("arm")) {
            self.one("noise", !noise.is_empty(), completion);
            // The same among critiques with equal conclusions.
            match completion.contains("Conclusion: wrong") {
                true => self.one("noise of alarms", !noise.is_empty(), completion),
                false => self.one("noise of praise", !noise.is_empty(), completion),
            }
        }
        if let Some(label) = flag(row, "label") {
            self.one("label", label, completion);
        }
        if row.contains_key("chosen") {
            let texts = [text(row, "chosen"), text(row, "rejected")];
            self.list("chosen", &texts, &[true, false], false);
        }
        if let Some(right) = flag(row, "first_right") {
            let turn = row.get("messages").and_then(|turns| turns.get(1)).and_then(|turn| turn.get("content"));
            self.one("first_right", right, turn.and_then(Value::as_str).unwrap_or(""));
        }
        let right = flags(row, "candidates_right");
        if !right.is_empty() {
            self.list("candidates_right", &candidates(prompt, right.len()), &right, true);
            self.one("target", right.contains(&true), prompt);
        }
        let rewards: Vec<bool> =
            list(row, "rewards").iter().map(|reward| reward.as_f64().is_some_and(|r| r > 0.0)).collect();
        if !rewards.is_empty() {
            self.list("rewards", &texts(row, "completions"), &rewards, false);
        }
        let labels = flags(row, "labels");
        if !labels.is_empty() {
            self.steps(&texts(row, "completions"), &labels);
        }
    }

    /// Adds texts that stand side by side. Their rank by length can be a cue, and with `ordered` also their position.
    fn list(&mut self, name: &'static str, texts: &[&str], labels: &[bool], ordered: bool) {
        for (place, (text, label)) in texts.iter().zip(labels).enumerate() {
            let than = |other: &&str| 1 + i64::from(other.len() < text.len()) - i64::from(other.len() > text.len());
            let rank = (texts.len() > 1).then(|| texts.iter().map(than).sum());
            let position = (ordered && texts.len() > 1).then_some(place as i64 + 1);
            self.add(name, *label, text, rank, position);
        }
    }

    /// Adds steps of a text: wrong ones and as many right ones, spread evenly.
    fn steps(&mut self, texts: &[&str], labels: &[bool]) {
        let length = texts.len().min(labels.len());
        let wrong: Vec<usize> = (0..length).filter(|&step| !labels[step]).take(MOST_STEPS).collect();
        let right: Vec<usize> = (0..length).filter(|&step| labels[step]).collect();
        let index = number(self.row, "index");
        let some = (0..wrong.len().max(1)).filter_map(|turn| {
            let mixed = (index.wrapping_mul(MOST_STEPS as u64) + turn as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            let place = (mixed >> 32).checked_rem(right.len() as u64)?;
            right.get(usize::try_from(place).ok()?).copied()
        });
        let some: Vec<usize> = some.collect();
        for step in wrong.into_iter().chain(some) {
            let position = (step as i64 + 1) * 1000 / length as i64;
            self.add("labels", labels[step], texts[step], None, Some(position));
        }
    }
}

/// The candidates in a question.
fn candidates(prompt: &str, count: usize) -> Vec<&str> {
    let mut rest = prompt;
    let mut parts = Vec::with_capacity(count);
    for number in 1..=count {
        let head = format!("Candidate {number}:\n");
        let Some((_, behind)) = rest.split_once(&head) else { return parts };
        let end = behind.find(&format!("Candidate {}:\n", number + 1)).or_else(|| behind.rfind("\n\n"));
        parts.push(end.map_or(behind, |end| &behind[..end]).trim_end());
        rest = behind;
    }
    parts
}

fn text<'a>(row: &'a Map<String, Value>, column: &str) -> &'a str {
    row.get(column).and_then(Value::as_str).unwrap_or("")
}

fn number(row: &Map<String, Value>, column: &str) -> u64 {
    row.get(column).and_then(Value::as_u64).unwrap_or(0)
}

fn flag(row: &Map<String, Value>, column: &str) -> Option<bool> {
    row.get(column).and_then(Value::as_bool)
}

fn list<'a>(row: &'a Map<String, Value>, column: &str) -> &'a [Value] {
    row.get(column).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn texts<'a>(row: &'a Map<String, Value>, column: &str) -> Vec<&'a str> {
    list(row, column).iter().map(|text| text.as_str().unwrap_or("")).collect()
}

fn flags(row: &Map<String, Value>, column: &str) -> Vec<bool> {
    list(row, column).iter().filter_map(Value::as_bool).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn row(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap_or_default()
    }

    /// A sign that stands in half of the wrong texts is found and named, and allowed where it is declared. The texts have no other cue.
    #[test]
    fn a_planted_cue_is_found() {
        for (planted, declared) in [(false, false), (true, false), (true, true)] {
            let reason = BTreeMap::from([
                ("token".into(), "planted".into()),
                ("pair".into(), "planted".into()),
                ("rare".into(), "planted".into()),
            ]);
            let declared_cues = if declared { reason } else { BTreeMap::new() };
            let mut collector = Collector::new([("unpaired".into(), "unpaired".into(), declared_cues)]);
            let mut draw = sos_envs::Draw::new(7, "test");
            for index in 0..1000 {
                let label = draw.chance(1, 2);
                let sign = if planted && !label && draw.chance(1, 2) { "~ " } else { "& " };
                let completion = format!("2 + {} {sign}{} goal", draw.below(100), draw.below(100));
                collector.add("unpaired", &row(json!({"index": index, "label": label, "completion": completion})));
            }
            let cues = collector.table();
            let told: Vec<&Cue> = cues.iter().filter(|cue| cue.tells()).collect();
            assert_eq!(!told.is_empty(), planted, "{cues:?}");
            assert_eq!(cues.iter().any(Cue::is_finding), planted && !declared, "{cues:?}");
            if planted {
                let token = told.iter().find(|cue| cue.family == Family::Token).expect("a token");
                assert!(token.feature.contains('~') || token.feature.contains('&'), "{token:?}");
                assert!((0.70..0.80).contains(&token.auc), "{token:?}");
            }
        }
    }

    /// A phrase that stands in all of a few rows and in no other row.
    #[test]
    fn a_constant_of_few_rows_is_found() {
        let mut collector = Collector::new([("critique".into(), "critique".into(), BTreeMap::new())]);
        for index in 0..400 {
            let (noise, why) = if index % 8 < 2 && index < 100 { ("false-alarm", "another") } else { ("", "7") };
            let completion = format!("step 3: wrong, should be {why}\nConclusion: wrong [END]");
            collector.add(
                "critique",
                &row(json!({"index": index, "arm": "critique", "noise": noise, "completion": completion})),
            );
        }
        let cues = collector.table();
        assert!(
            cues.iter().any(|cue| cue.label == "noise of alarms" && cue.is_finding() && cue.auc == 1.0),
            "{cues:?}"
        );
    }

    #[test]
    fn questions_are_cut_in_candidates() {
        let prompt = "Question:\n2 3\n\nCandidate 1:\nx\nFor it: a\n\nCandidate 2:\ny\nz\nFor it: b\n\nWhich?\n";
        assert_eq!(candidates(prompt, 2), ["x\nFor it: a", "y\nz\nFor it: b"]);
    }

    /// The right one of four is the shortest, whatever its length.
    #[test]
    fn ranks_are_found() {
        let mut collector = Collector::new([("comparison".into(), "comparison".into(), BTreeMap::new())]);
        let mut draw = sos_envs::Draw::new(9, "test");
        for index in 0..400 {
            let (base, target) = (draw.below(100), draw.index(4));
            let mut prompt = "Question:\n1\n\n".to_string();
            for place in 0..4 {
                let length = base + if place == target { 0 } else { 1 + draw.below(3) };
                prompt += &format!("Candidate {}:\n{}\n\n", place + 1, "x".repeat(length as usize));
            }
            let right: Vec<bool> = (0..4).map(|place| place == target).collect();
            collector.add(
                "comparison",
                &row(json!({"index": index, "prompt": prompt + "Which?", "candidates_right": right})),
            );
        }
        let cues = collector.table();
        let rank =
            cues.iter().find(|cue| cue.label == "candidates_right" && cue.family == Family::Rank).expect("a rank");
        assert!(rank.is_finding() && rank.auc > 0.99 && rank.feature.contains("shorter"), "{rank:?}");
        let position = cues.iter().find(|cue| cue.family == Family::Position).expect("a position");
        assert!(!position.tells(), "{position:?}");
    }
}
