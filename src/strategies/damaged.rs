//! Traces with a planted defect.

use std::fmt::{Debug, Formatter};

use proptest::strategy::Strategy;
use sos_envs::Draw;
use sos_envs::strategies::shrinking::{Drawn, Shrinking};

use super::traces::{SmallerTraces, TraceCase};
use super::{dialect_of, shown};
use crate::arena::{Puzzle, Scratch};
use crate::check::LazyFacts;
use crate::corrupt::{Corruption, CorruptionConfig, Defect, Input, corrupt, fitting_kinds};
use crate::dialect::{DialectEntry, Phrasing};

/// A trace with a known defect.
#[derive(Clone)]
pub struct DamagedTrace {
    /// The puzzle.
    pub puzzle: Puzzle,
    /// The dialect of the text.
    pub dialect: &'static str,
    /// The text without the defect.
    pub clean: Vec<u8>,
    /// The text with the defect.
    pub text: Vec<u8>,
    /// The defect and its place in the text.
    pub defect: Defect,
}

impl Debug for DamagedTrace {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let puzzle = shown(|out| self.puzzle.write_json(out));
        let text = String::from_utf8_lossy(&self.text);
        write!(f, "{} {puzzle}\n{} with {:?}\n{text}", self.puzzle.about().name, self.dialect, self.defect)
    }
}

/// Number of traces that are tried until one can be damaged.
const TRIES: u64 = 50;

#[derive(Clone, Debug)]
struct Damaged {
    environment: String,
    dialect: String,
}

/// A damaged trace and how it was made.
#[derive(Clone)]
struct DamagedCase {
    trace: TraceCase,
    seed: u64,
    value: DamagedTrace,
}

/// The trace with a defect; of this kind, if one is given.
fn damaged(trace: TraceCase, dialect: &DialectEntry, kind: Option<&str>, seed: u64) -> Option<DamagedCase> {
    let mut draw = Draw::new(seed, "damage of a strategy");
    let mut kinds = fitting_kinds(dialect, &mut draw);
    kinds.retain(|config| kind.is_none_or(|kind| config.kind == kind));
    let corruption = Corruption::new(&CorruptionConfig::of(kinds)).ok()?;
    let searched = &trace.searched;
    let puzzle = &searched.puzzle;
    let input = Input {
        puzzle,
        facts: &LazyFacts::new(puzzle),
        trace: &searched.trace,
        search: &searched.search,
        search_draw: &trace.search_draw(),
        dialect,
        phrasing: Phrasing::default(),
        donor: None,
    };
    let mut text = Vec::new();
    let corrupted = corrupt(&input, &corruption, &mut draw, &mut Scratch::default(), &mut text).ok()?;
    let defect = corrupted.defects.into_iter().next()?;
    let mut clean = Vec::new();
    (dialect.write)(puzzle, &searched.trace, Phrasing::default(), &mut clean);
    let value = DamagedTrace { puzzle: puzzle.clone(), dialect: dialect.name, clean, text, defect };
    Some(DamagedCase { trace, seed, value })
}

impl Drawn for Damaged {
    type Case = DamagedCase;
    type Value = DamagedTrace;
    type Smaller = SmallerTraces;

    fn draw(&self, seed: u64) -> Result<DamagedCase, String> {
        let about = super::puzzle::about(&self.environment)?;
        let dialect = dialect_of(about, &self.dialect)?;
        for seed in (0..TRIES).map(|more| seed.wrapping_add(more)) {
            let trace = TraceCase::draw(&self.environment, seed, |search| dialect.tells(search))?;
            if let Some(case) = damaged(trace, &dialect, None, seed) {
                return Ok(case);
            }
        }
        Err(format!("no trace of {TRIES} of {} can be damaged in {}", self.environment, self.dialect))
    }

    fn value(&self, case: &DamagedCase) -> DamagedTrace {
        case.value.clone()
    }

    fn smaller(&self, case: &DamagedCase) -> SmallerTraces {
        case.trace.smaller()
    }

    /// A smaller trace with a defect of the same kind.
    fn next(&self, case: &DamagedCase, smaller: &mut SmallerTraces) -> Option<DamagedCase> {
        let dialect = dialect_of(case.value.puzzle.about(), &self.dialect).ok()?;
        loop {
            let trace = case.trace.next(smaller, |search| dialect.tells(search))?;
            let damaged = damaged(trace, &dialect, Some(case.value.defect.kind), case.seed);
            if damaged.is_some() {
                return damaged;
            }
        }
    }
}

/// Traces of an environment in a dialect, each with one planted defect and its label. A trace shrinks as in [`traces`](super::traces), to one with a
/// defect of the same kind.
///
/// ```
/// use proptest::prelude::*;
/// use stream_of_search::check::{LazyFacts, Request, check};
/// use stream_of_search::{dialect::dialect, strategies::damaged_traces};
/// proptest!(|(damaged in damaged_traces("maze", "compact"))| {
///     let puzzle = &damaged.puzzle;
///     let parsed = (dialect(puzzle.about(), "compact").unwrap().parse)(puzzle, &damaged.text);
///     let verdict = check(puzzle, &LazyFacts::new(puzzle), &parsed, Request::default());
///     prop_assert_eq!(verdict.first_error.unwrap().class, damaged.defect.class);
/// });
/// ```
pub fn damaged_traces(
    environment: impl Into<String>,
    dialect: impl Into<String>,
) -> impl Strategy<Value = DamagedTrace> + Clone {
    Shrinking(Damaged { environment: environment.into(), dialect: dialect.into() })
}
