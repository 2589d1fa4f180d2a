//! A number line with a bug of choice, to see that the laws see it.

use std::sync::atomic::{AtomicU32, Ordering};

use serde::{Deserialize, Serialize};

use crate::about::{About, HeuristicSpec, MoveClaim};
use crate::damage::{Damage, DamageKind};
use crate::distance::DistanceTable;
use crate::draw::Draw;
use crate::environment::{ConfigError, Cost, Environment, Plain, PuzzleError, Reject, SolverFacts, Step};
use crate::json::Json;
use crate::prompt::Task;
use crate::search_support::{Evaluator, SearchSupport};
use crate::splits::{Space, Splits};
use crate::text::{Reader, Style, write_number};

/// Walk from `start` to `goal` on 0..=length, one step at a time; `BUG` 0 is sound.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line<const BUG: u8> {
    start: u32,
    goal: u32,
    length: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LineConfig {
    length: u32,
}

impl Default for LineConfig {
    fn default() -> Self {
        LineConfig { length: 10 }
    }
}

/// To a neighbour, with the cost that it claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct To(u32, u32);

static CALLS: AtomicU32 = AtomicU32::new(0);

impl<const BUG: u8> Line<BUG> {
    fn true_distance(&self, state: u32) -> Cost {
        state.abs_diff(self.goal).into()
    }
}

impl<const BUG: u8> Environment for Line<BUG> {
    const ABOUT: About = About {
        name: "line",
        help: "walk on a line",
        state_noun: "Place",
        heuristics: &[HeuristicSpec::consistent("apart", "how far apart")],
        move_claim: MoveClaim::Cost,
        difficulty: "unknown",
        positions_recur: BUG != 23,
        walks_turn_back: true,
        words: if BUG == 22 { &[] } else { &["length"] },
        ..About::NEW
    };

    type Config = LineConfig;
    type State = u32;
    type Move = To;

    fn levels() -> [LineConfig; 3] {
        [4, 10, 20].map(|length| LineConfig { length })
    }

    fn check(config: &LineConfig) -> Result<(), ConfigError> {
        if BUG == 17 { Err(ConfigError::new("length", config.length, "none")) } else { Ok(()) }
    }

    fn generate(config: &LineConfig, draw: &mut Draw) -> Result<Self, Reject> {
        let mut place = || draw.between(0, config.length.into()) as u32;
        let (start, goal) = (place(), place());
        match BUG {
            8 => Ok(Line { start: CALLS.fetch_add(1, Ordering::Relaxed) % 10, goal, length: config.length }),
            19 => Err(Reject),
            _ => Ok(Line { start, goal, length: config.length }),
        }
    }

    /// A line may be seen from the other side: that with the smaller numbers is canonical.
    fn canonical(&self) -> Self {
        let start = if BUG == 9 { (self.start + 1) % (self.length + 1) } else { self.start };
        let line = Line { start, ..self.clone() };
        let (start, goal) = (line.length - line.start, line.length - line.goal);
        if BUG == 24 || (line.start, line.goal) <= (start, goal) { line } else { Line { start, goal, ..line } }
    }

    fn start(&self) -> u32 {
        self.start
    }

    fn is_goal(&self, state: &u32) -> bool {
        *state == self.goal
    }

    fn successors(&self, state: &u32, out: &mut Vec<Step<To, u32>>) {
        if BUG == 14 {
            out.clear();
        }
        for to in [state.checked_sub(1), state.checked_add(1)].into_iter().flatten().filter(|&to| to <= self.length) {
            out.push(Step { action: To(to, 1), state: to, cost: 1 });
        }
    }

    fn apply(&self, state: &u32, action: To) -> Option<(To, u32, Cost)> {
        let legal = action.0.abs_diff(*state) == 1 && action.0 <= self.length && !(BUG == 1 && action.0 < *state);
        let cost = if BUG == 15 { action.1 } else { 1 };
        legal.then_some((To(action.0, cost), action.0, 1))
    }

    fn is_terminal(&self, state: &u32) -> bool {
        BUG == 4 && *state == self.goal
    }

    fn estimate(&self, _heuristic: usize, state: &u32) -> Cost {
        match BUG {
            3 => self.true_distance(*state) + 1,
            // Admissible, but it falls by more than a step costs.
            20 if state.is_multiple_of(2) => 0,
            _ => self.true_distance(*state),
        }
    }

    fn solver_facts(&self) -> SolverFacts {
        let cost = self.true_distance(self.start) + u64::from(BUG == 12);
        SolverFacts { solvable: true, optimal_cost: Some(cost), solutions: Some(1), difficulty: None }
    }

    fn distance_table(&self) -> DistanceTable<Self> {
        DistanceTable::new(|line: &Self, state| {
            let wrong = u64::from(BUG == 2 && *state == 5 && line.goal != 5 && line.start != 5);
            Some(line.true_distance(*state) + wrong)
        })
    }

    fn write_header(&self, _style: Style, out: &mut Vec<u8>) {
        if BUG != 21 {
            out.extend_from_slice(format!("length {}", self.length).as_bytes());
        }
    }

    fn read_task(task: &Task<'_>) -> Option<serde_json::Value> {
        let length = task.header_numbers()?.first().copied().unwrap_or(0);
        let (start, goal) = (task.start_numbers()?, task.target_numbers()?);
        Some(serde_json::json!({"start": start.first()?, "goal": goal.first()?, "length": length}))
    }

    fn write_target(&self, _style: Style, out: &mut Vec<u8>) {
        write_number(self.goal.into(), out);
    }

    fn write_state(&self, state: &u32, style: Style, out: &mut Vec<u8>) {
        let shown = if BUG == 6 && style == Style::Prose { state % 8 } else { *state };
        write_number(shown.into(), out);
    }

    fn read_state(&self, _style: Style, reader: &mut Reader<'_>) -> Option<u32> {
        let read = reader.number()?;
        assert!(BUG != 5 || read <= 10, "off the line");
        u32::try_from(read).ok()
    }

    fn write_move(&self, action: To, _style: Style, out: &mut Vec<u8>) {
        write_number(action.0.into(), out);
        out.extend_from_slice(b" = ");
        write_number(action.1.into(), out);
    }

    fn read_move(&self, _style: Style, reader: &mut Reader<'_>) -> Option<To> {
        let to = u32::try_from(reader.number()?).ok()?;
        reader.take(b" = ")?;
        Some(To(to, u32::try_from(reader.number()?).ok()?))
    }
}

impl<const BUG: u8> Json for Line<BUG> {
    fn write_json(&self, out: &mut Vec<u8>) {
        let goal = if BUG == 10 { 0 } else { self.goal };
        let text = format!("{{\"start\":{},\"goal\":{goal},\"length\":{}}}", self.start, self.length);
        out.extend_from_slice(text.as_bytes());
    }

    fn from_json(value: &serde_json::Value) -> Result<Self, PuzzleError> {
        assert!(BUG != 16 || value.get("goal").is_some(), "a goal is taken for granted");
        let line: Self = Line::deserialize(value).map_err(|error| PuzzleError(error.to_string()))?;
        if line.length > 1000 || line.start > line.length || line.goal > line.length {
            return Err(PuzzleError("off the line".into()));
        }
        Ok(line)
    }
}

impl<const BUG: u8> Splits for Line<BUG> {
    fn space(config: &LineConfig) -> Option<Space> {
        let places = u128::from(config.length) + 1;
        Some(Space { strata: 1, size: places * places })
    }

    fn at(config: &LineConfig, _stratum: u64, index: u128, _draw: &mut Draw) -> Result<Self, Reject> {
        let places = u128::from(config.length) + 1;
        let index = if BUG == 13 { index / 2 } else { index };
        let (start, goal) = ((index % places) as u32, (index / places) as u32);
        // Of a line and its mirror image one is counted.
        if (start, goal) > (config.length - start, config.length - goal) {
            return Err(Reject);
        }
        Ok(Line { start, goal, length: config.length })
    }

    fn shown_otherwise(&self, _draw: &mut Draw) -> Option<Self> {
        Some(Line { start: self.length - self.start, goal: self.length - self.goal, ..self.clone() })
    }
}

impl<const BUG: u8> SearchSupport for Line<BUG> {
    fn key_state(&self, state: &u32) -> u32 {
        if BUG == 18 { state / 2 } else { *state }
    }

    fn evaluator(&self, heuristic: usize) -> Evaluator<Self> {
        if BUG == 25 { Evaluator::prepared(|_, _| 0) } else { Evaluator::plain(heuristic) }
    }
}

impl<const BUG: u8> Damage for Line<BUG> {
    fn apply_as_claimed(&self, state: &u32, action: To) -> Option<(u32, Cost)> {
        self.apply(state, action).map(|(_, to, _)| (to, action.1.into()))
    }

    fn damage_state(&self, state: &u32, damage: DamageKind, draw: &mut Draw) -> Option<u32> {
        let other = draw.between(0, self.length.into()) as u32;
        (damage == DamageKind::Change && (BUG == 7 || other != *state)).then_some(other)
    }

    fn damage_claim(&self, action: To, draw: &mut Draw) -> Option<To> {
        Some(To(action.0, action.1 + 1 + draw.below(3) as u32))
    }

    fn illegal_move(&self, state: &u32, draw: &mut Draw) -> Option<(To, u32)> {
        let to = draw.between(0, self.length.into()) as u32;
        (BUG == 11 || to.abs_diff(*state) > 1).then_some((To(to, 1), to))
    }
}

impl<const BUG: u8> Plain for Line<BUG> {}
