//! Whose turn a row is, where a recipe has several environments.
//!
//! The rows of a split are cut into rounds. In a round each environment has as many rows as its weight says, in an order that the seed draws for the round. So the
//! shares are exact after each round, and the environment of a row, and which of its rows this is, follow from the index alone. A stage begins with a new round.

use sos_envs::Streams;

use super::Recipe;

/// The turns of the environments in the rows of a split.
pub struct Turns {
    stages: Vec<StageTurns>,
}

struct StageTurns {
    /// Index of its first row.
    start: u64,
    /// How many rows each environment has before the stage.
    before: Vec<u64>,
    /// The weight of each environment: how many rows of a round it has.
    weights: Vec<u64>,
    streams: Streams,
}

impl StageTurns {
    /// Number of rows of a round.
    fn round(&self) -> u64 {
        self.weights.iter().sum::<u64>().max(1)
    }

    /// The environments of the rows of a round.
    fn order(&self, round: u64) -> Vec<usize> {
        let turns = self.weights.iter().enumerate();
        let mut order: Vec<usize> = turns.flat_map(|(part, &weight)| (0..weight).map(move |_| part)).collect();
        self.streams.at(round).shuffle(&mut order);
        order
    }

    /// How many rows each environment has among the first `rows` rows of the stage, and before it.
    fn counts(&self, rows: u64) -> Vec<u64> {
        let (rounds, rest) = (rows / self.round(), (rows % self.round()) as usize);
        let counts = self.before.iter().zip(&self.weights);
        let mut counts: Vec<u64> =
            counts.map(|(before, weight)| before.saturating_add(rounds.saturating_mul(*weight))).collect();
        if rest > 0 {
            for part in self.order(rounds).into_iter().take(rest) {
                counts[part] = counts[part].saturating_add(1);
            }
        }
        counts
    }
}

impl Recipe {
    /// The turns of its environments in each split.
    pub fn turns(&self) -> Vec<Turns> {
        (0..self.splits.len()).map(|split| self.turns_of(split)).collect()
    }

    fn turns_of(&self, split: usize) -> Turns {
        let (name, stages) =
            self.splits.iter().nth(split).map_or(("", &[][..]), |(name, split)| (name.as_str(), &split.stages[..]));
        let mut turns: Vec<StageTurns> = Vec::new();
        for stage in 0..stages.len().max(1) {
            let weights = self.weights(split, stage);
            let rows = stage.checked_sub(1).and_then(|before| stages.get(before)).map_or(0, |stage| stage.rows);
            let last = turns.last();
            let start = last.map_or(0, |last| last.start.saturating_add(rows));
            let before = last.map_or_else(|| vec![0; weights.len()], |last| last.counts(rows));
            let streams = Streams::new(self.seed, "turns", &format!("{name}/{stage}"));
            turns.push(StageTurns { start, before, weights, streams });
        }
        Turns { stages: turns }
    }
}

impl Turns {
    fn stage(&self, index: u64) -> Option<&StageTurns> {
        let place = self.stages.partition_point(|stage| stage.start <= index);
        self.stages.get(place.saturating_sub(1))
    }

    /// The environment of a row, and the row's number among the rows of this environment.
    pub fn at(&self, index: u64) -> (usize, u64) {
        let Some(stage) = self.stage(index).filter(|stage| stage.weights.len() > 1) else { return (0, index) };
        let rows = index - stage.start;
        let order = stage.order(rows / stage.round());
        let place = (rows % stage.round()) as usize;
        let part = order.get(place).copied().unwrap_or(0);
        let earlier = order.iter().take(place).filter(|&&other| other == part).count() as u64;
        let rounds = rows / stage.round();
        (part, stage.before[part] + rounds * stage.weights[part] + earlier)
    }

    /// Whether an environment has a turn in some stage.
    pub fn includes(&self, part: usize) -> bool {
        self.stages.iter().any(|stage| stage.weights.get(part).is_some_and(|&weight| weight > 0))
    }

    /// How many of the first `rows` rows each environment has.
    pub fn counts(&self, rows: u64) -> Vec<u64> {
        self.stage(rows).map_or_else(Vec::new, |stage| stage.counts(rows - stage.start))
    }

    /// How many of the rows of each stage an environment has, where the stages have so many. The last one has more rows than these, so it has one at least if the
    /// environment has a weight there.
    pub(super) fn of_stages(&self, part: usize, rows: &[u64]) -> Vec<u64> {
        let own = |(stage, rows): (&StageTurns, &u64)| {
            let count = |rows| stage.counts(rows).get(part).copied().unwrap_or(0);
            count(*rows).saturating_sub(count(0))
        };
        let mut counts: Vec<u64> = self.stages.iter().zip(rows).map(own).collect();
        if let (Some(last), Some(stage)) = (counts.last_mut(), self.stages.last()) {
            *last = (*last).max(stage.weights.get(part).copied().unwrap_or(0).min(1));
        }
        counts
    }

    /// The most rows that there are where each environment has so many.
    pub fn capacity(&self, of_parts: &[u128]) -> u128 {
        let fits = |rows: u64| self.counts(rows).iter().zip(of_parts).all(|(count, most)| u128::from(*count) <= *most);
        if fits(u64::MAX) {
            return u128::MAX;
        }
        let (mut fitting, mut more) = (0, u64::MAX);
        while more - fitting > 1 {
            let middle = fitting + (more - fitting) / 2;
            if fits(middle) { fitting = middle } else { more = middle }
        }
        fitting.into()
    }
}
