//! `dropped`: parts of the row's trace are left out at random, the answer stays (Su et al. 2024, "Dualformer").

use serde::Deserialize;
use sos_envs::{Draw, Environment};

use super::judge::{Judged, RowView};
use super::rows::{ColumnKind, ColumnSpec, column};
use super::{Base, Bench, Cell, Dataset, Made, Record, RecordError};
use crate::recipe::{Recipe, RecipeError, RecordConfig};
use crate::trace::{EventKind, Trace};

/// The columns of its own.
pub const OWN: &[ColumnSpec] =
    &[column("level", ColumnKind::Integer, "how much is left out: 0 nothing, 4 the whole trace")];

/// How often each level is drawn in the paper's mazes: all of the trace 45 in 100, levels 1 to 3 together 50, level 4 5.
const MAZE_MIX: [u64; 5] = [270, 100, 100, 100, 30];

/// Which of the two accounts of level 3.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Reading {
    /// The paper's: level 2, and 30 of 100 generated nodes fewer.
    #[default]
    Paper,
    /// The code's: 10 to 40 of 100 steps of level 1 fewer, costs told.
    Code,
}

struct Dropped {
    weights: Vec<u64>,
    reading: Reading,
    epoch: u64,
}

/// `dropped`: parts of the trace are left out at random (Su et al. 2024, "Dualformer": levels 1 to 4).
pub fn new<E: Environment>(config: &RecordConfig, recipe: &Recipe) -> Result<Box<dyn Record<E>>, RecipeError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Settings {
        /// One level for all rows.
        level: Option<usize>,
        /// Or how often each level is drawn, from 0 to 4.
        mix: Option<Vec<u32>>,
        #[serde(default)]
        reading: Reading,
        /// Another number draws anew: one for each epoch of training.
        #[serde(default)]
        epoch: u64,
    }
    let settings: Settings = config.settings()?;
    if !recipe.answer {
        return Err(RecipeError::Value {
            field: "answer".into(),
            found: "false".into(),
            allowed: "true: of a dropped trace the answer section stays".into(),
        });
    }
    let weights = match (settings.level, settings.mix) {
        (Some(level), None) if level <= 4 => (0..5).map(|other| u64::from(other == level)).collect(),
        (Some(level), _) => return Err(config.wrong("level", level, "0 to 4, without `mix`")),
        (None, Some(mix)) if mix.len() == 5 && mix.iter().any(|&weight| weight > 0) => {
            mix.into_iter().map(u64::from).collect()
        }
        (None, Some(mix)) => return Err(config.wrong("mix", format!("{mix:?}"), "five weights, one of them over 0")),
        (None, None) => MAZE_MIX.to_vec(),
    };
    Ok(Box::new(Dropped { weights, reading: settings.reading, epoch: settings.epoch }))
}

impl<E: Environment> Record<E> for Dropped {
    fn make(
        &self,
        dataset: &Dataset<E>,
        base: &Base<E>,
        _bench: &mut Bench<E>,
        out: &mut Made<E>,
    ) -> Result<(), RecordError> {
        let purpose = format!("dropped/{}", self.epoch);
        let mut draw = dataset.draw(base, &purpose);
        let level = draw.weighted(self.weights.iter().copied());
        let mut trace = base.trace.clone();
        drop_parts(&mut trace, level, self.reading, &mut draw);
        (dataset.dialect.write)(&base.drawn.puzzle, &trace, base.phrasing, &mut out.text);
        out.trace = trace;
        out.own = vec![Cell::Integer(Some(level as i64))];
        Ok(())
    }
}

/// Leaves parts of a trace out, by level.
fn drop_parts<E: Environment>(trace: &mut Trace<E>, level: usize, reading: Reading, draw: &mut Draw) {
    if level >= 1 {
        trace.events.retain(|event| !matches!(event.kind, EventKind::Visit | EventKind::MoveTo));
    }
    if level == 2 || level == 3 && reading == Reading::Paper {
        for node in &mut trace.nodes {
            (node.g, node.h) = (None, None);
        }
        for claim in &mut trace.claims {
            claim.costs = None;
        }
    }
    match (level, reading) {
        (3, Reading::Paper) => {
            trace.events.retain(|event| event.kind != EventKind::Generate || !draw.chance(30, 100));
        }
        (3, Reading::Code) => {
            let percent = draw.between(10, 40);
            trace.events.retain(|_| !draw.chance(percent, 100));
        }
        (4, _) => trace.events.clear(),
        _ => {}
    }
}

/// The answer is right, whatever is left out.
pub fn judge<E: Environment>(row: &RowView<'_, E>) -> Judged {
    let mut judged = Judged::default();
    let verdict = row.read(row.text("completion")).verdict;
    judged.hold(verdict.answer_right != Some(false), "completion: the answer is wrong");
    let (level, told) = (row.value("level").as_u64(), verdict.trace_solved.is_some());
    judged.hold(level.is_some_and(|level| level <= 4), "level: none of 0 to 4");
    judged.hold(level != Some(4) || !told, "level: 4, and there is a trace");
    judged.hold(level != Some(0) || verdict.valid, "level: 0, and a check finds an error");
    judged.hold(level != Some(0) || told || row.value("nodes").as_u64() <= Some(1), "level: 0, and there is no trace");
    judged
}
