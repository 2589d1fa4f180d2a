//! The table of cues: the strongest classifier of each family for each label.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

use serde::Serialize;

use super::auc::{Area, area, twice_wins};
use super::labels::{Label, Sample};

/// A cue with a greater AUC is a finding.
pub const MOST_AUC: f64 = 0.60;

/// Least number of rows with each value of a label, in each half. With fewer rows, no cue could be told from chance.
const LEAST: u64 = 5;

/// A token is rare if it occurs in at most this percentage of the texts.
const RARE_PERCENT: u64 = 5;

/// The families of classifiers, by what they use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// Length in bytes or tokens.
    Length,
    /// Whether or how often a token occurs.
    Token,
    /// Whether or how often a pair of adjacent tokens occurs.
    Pair,
    /// The position of the first rare token.
    Rare,
    /// The rank by length among the candidates of a row.
    Rank,
    /// The position in a list: of a candidate among the candidates, of a step in its text.
    Position,
}

impl Family {
    /// All families.
    pub const ALL: [Family; 6] =
        [Family::Length, Family::Token, Family::Pair, Family::Rare, Family::Rank, Family::Position];

    /// The name, by which a recipe declares a cue.
    pub fn name(self) -> &'static str {
        match self {
            Family::Length => "length",
            Family::Token => "token",
            Family::Pair => "pair",
            Family::Rare => "rare",
            Family::Rank => "rank",
            Family::Position => "position",
        }
    }
}

/// The strongest classifier of a family for a label.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cue {
    /// The record config.
    pub config: String,
    /// The label.
    pub label: String,
    /// The family of the classifier.
    pub family: Family,
    /// The feature, in words.
    pub feature: String,
    /// Number of samples with the label, and without it.
    pub samples: (u64, u64),
    /// Area under the curve, on the half of the samples on which the classifier was not chosen. Under 0.5 it predicts nothing.
    pub auc: f64,
    /// The 95 % interval of the area.
    pub interval: (f64, f64),
    /// The recipe's reason for declaring the cue; none where it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub declared: Option<String>,
}

impl Cue {
    /// Whether the cue predicts the label, and chance does not explain it.
    pub fn tells(&self) -> bool {
        self.auc > MOST_AUC && self.interval.0 > 0.5
    }

    /// Whether the cue is declared but does not predict the label.
    pub fn is_needless(&self) -> bool {
        self.auc <= MOST_AUC && self.declared.is_some()
    }

    /// Whether the cue predicts the label and is not declared.
    pub fn is_finding(&self) -> bool {
        self.tells() && self.declared.is_none()
    }
}

/// Half of the samples of a label.
struct Half<'a> {
    samples: Vec<&'a Sample>,
    positives: u64,
    negatives: u64,
}

impl<'a> Half<'a> {
    fn new(label: &'a Label, odd: bool) -> Self {
        let samples: Vec<&Sample> = label.samples.iter().filter(|sample| sample.odd == odd).collect();
        let positives = samples.iter().filter(|sample| sample.positive).count() as u64;
        let negatives = samples.len() as u64 - positives;
        Half { samples, positives, negatives }
    }

    fn wins(&self, value: impl Fn(&Sample) -> Option<i64>) -> u64 {
        let mut values: Vec<(i64, bool)> =
            self.samples.iter().filter_map(|sample| Some((value(sample)?, sample.positive))).collect();
        twice_wins(&mut values, self.positives, self.negatives)
    }

    /// The area where more of the feature predicts the label, or less of it.
    fn area(&self, wins: u64, more: bool) -> Area {
        let all = 2 * self.positives * self.negatives;
        area(if more { wins } else { all - wins }, self.positives, self.negatives)
    }
}

/// The feature of a classifier.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Feature {
    Bytes,
    Tokens,
    Has(u32),
    Count(u32),
    Rare,
    Rank,
    Position,
}

/// For each token, whether it is rare in a half.
struct Rare(Vec<bool>);

impl Rare {
    fn new(label: &Label, half: &Half<'_>) -> Self {
        let mut texts = vec![0_u64; label.names.len()];
        for count in half.samples.iter().flat_map(|sample| &sample.features.counts) {
            texts[count.name as usize] += 1;
        }
        let most = half.samples.len() as u64 * RARE_PERCENT / 100;
        let rare = |(name, texts): (usize, u64)| texts <= most && !label.names.is_pair(name as u32);
        Rare(texts.into_iter().enumerate().map(rare).collect())
    }

    /// A value for the first rare token of a sample: the earlier it stands, the greater.
    fn first(&self, sample: &Sample) -> Option<i64> {
        let rare = sample.features.counts.iter().filter(|count| self.0[count.name as usize]);
        rare.map(|count| i64::from(u32::MAX - count.first)).max()
    }
}

impl Feature {
    fn value(self, sample: &Sample, rare: &Rare) -> Option<i64> {
        let count = |name: u32| {
            let counts = &sample.features.counts;
            counts.binary_search_by_key(&name, |count| count.name).ok().map(|at| i64::from(counts[at].count))
        };
        match self {
            Feature::Bytes => i64::try_from(sample.features.bytes).ok(),
            Feature::Tokens => i64::try_from(sample.features.tokens).ok(),
            Feature::Has(name) => count(name).map(|_| 1),
            Feature::Count(name) => count(name),
            Feature::Rare => rare.first(sample),
            Feature::Rank => sample.rank,
            Feature::Position => sample.position,
        }
    }

    fn show(self, label: &Label, more: bool) -> String {
        let side = if more { "more" } else { "less" };
        match self {
            Feature::Bytes => format!("{side} bytes"),
            Feature::Tokens => format!("{side} tokens"),
            Feature::Has(name) => format!("{} `{}`", if more { "has" } else { "lacks" }, label.names.name(name)),
            Feature::Count(name) => format!("{side} of `{}`", label.names.name(name)),
            Feature::Rare => format!("a rare token {}", if more { "early" } else { "late or never" }),
            Feature::Rank => format!("{} than the others", if more { "longer" } else { "shorter" }),
            Feature::Position => format!("{} in the list", if more { "late" } else { "early" }),
        }
    }
}

/// The strongest classifier of each family for a label. Empty where a half has too few samples.
pub fn table(config: &str, label: &Label, declared: &BTreeMap<String, String>) -> Vec<Cue> {
    let (one, other) = (Half::new(label, false), Half::new(label, true));
    if [one.positives, one.negatives, other.positives, other.negatives].into_iter().any(|count| count < LEAST) {
        return Vec::new();
    }
    let rare = Rare::new(label, &one);
    let mut best: BTreeMap<Family, (u64, bool, Feature)> = BTreeMap::new();
    let middle = one.positives * one.negatives;
    // Strength is a whole number, so no rounding decides which cue is named.
    let mut offer = |family: Family, feature: Feature, wins: u64| {
        let found = (wins.abs_diff(middle), wins >= middle, feature);
        best.entry(family).and_modify(|best| *best = if found.0 > best.0 { found } else { *best }).or_insert(found);
    };
    let plain = [
        (Family::Length, Feature::Bytes),
        (Family::Length, Feature::Tokens),
        (Family::Rare, Feature::Rare),
        (Family::Rank, Feature::Rank),
        (Family::Position, Feature::Position),
    ];
    for (family, feature) in plain {
        if one.samples.iter().any(|sample| feature.value(sample, &rare).is_some()) {
            offer(family, feature, one.wins(|sample| feature.value(sample, &rare)));
        }
    }
    let mut with: HashMap<u32, Vec<(i64, bool)>> = HashMap::new();
    for sample in &one.samples {
        for count in &sample.features.counts {
            with.entry(count.name).or_default().push((i64::from(count.count), sample.positive));
        }
    }
    let mut names: Vec<u32> = with.keys().copied().collect();
    names.sort_unstable();
    for name in names {
        let Some(mut counts) = with.remove(&name) else { continue };
        let family = if label.names.is_pair(name) { Family::Pair } else { Family::Token };
        let mut has: Vec<(i64, bool)> = counts.iter().map(|(_, positive)| (1, *positive)).collect();
        offer(family, Feature::Has(name), twice_wins(&mut has, one.positives, one.negatives));
        offer(family, Feature::Count(name), twice_wins(&mut counts, one.positives, one.negatives));
    }
    let cue = |(family, (_, more, feature)): (Family, (u64, bool, Feature))| {
        let area = other.area(other.wins(|sample| feature.value(sample, &rare)), more);
        Cue {
            config: config.into(),
            label: label.name.clone(),
            family,
            feature: feature.show(label, more),
            samples: (one.positives + other.positives, one.negatives + other.negatives),
            auc: area.auc,
            interval: (area.low, area.high),
            declared: declared.get(family.name()).cloned(),
        }
    };
    best.into_iter().map(cue).collect()
}

/// A Markdown table: for each label the strongest cue, every other cue that predicts it, and every declared one.
pub fn markdown(cues: &[Cue]) -> String {
    let mut text = String::from(
        "| config | label | samples | strongest cue | AUC | 95 % | declared |\n|---|---|---|---|---|---|---|\n",
    );
    let mut groups: Vec<Vec<&Cue>> = Vec::new();
    for cue in cues {
        match groups.last_mut() {
            Some(group) if group[0].config == cue.config && group[0].label == cue.label => group.push(cue),
            _ => groups.push(vec![cue]),
        }
    }
    for mut group in groups {
        group.sort_by(|a, b| b.auc.total_cmp(&a.auc));
        for (place, cue) in group.iter().enumerate() {
            if place > 0 && !cue.tells() && cue.declared.is_none() {
                continue;
            }
            let Cue { config, label, feature, samples, auc, interval, declared, .. } = cue;
            let declared = match declared {
                Some(reason) if cue.is_needless() => format!("declared, not needed here: {reason}"),
                Some(reason) => format!("declared: {reason}"),
                None if cue.tells() => "**no**".into(),
                None => String::new(),
            };
            let feature = feature.replace('|', "\\|");
            let _ = writeln!(
                text,
                "| {config} | {label} | {} + {} | {}: {feature} | {auc:.2} | {:.2} to {:.2} | {declared} |",
                samples.0,
                samples.1,
                cue.family.name(),
                interval.0,
                interval.1
            );
        }
    }
    text
}
