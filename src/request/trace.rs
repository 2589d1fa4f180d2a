//! Trace requests: puzzle, search and dialect in; prompt and text out.

use serde_json::{Value, json};
use sos_envs::Draw;

use serde_json::Map;

use super::{RequestError, environment, flag, object, puzzle, refuse_mistyped, short, text_field};
use crate::arena::Scratch;
use crate::dialect::Phrasing;
use crate::record::limit;
use crate::search::Outcome;
use crate::search::limits::Limits;
use crate::trace::{Answer, Trace};

/// Fields of a trace request.
pub(super) const FIELDS: [&str; 7] = ["env", "puzzle", "search", "dialect", "seed", "phrasing", "answer"];

/// Fields that a trace request gets in its answer.
pub(super) const ANSWERS: [&str; 5] = ["prompt", "text", "outcome", "cost", "metrics"];

/// Serves one line. Fields: `env`, `puzzle`, `search`, `dialect`; optional: `seed` (for random ties), `phrasing` (for `prose`), `answer`
/// (whether an answer section follows).
pub fn trace(line: &[u8]) -> Result<Value, RequestError> {
    trace_row(object(line)?)
}

/// Serves an object that was already read. The answer has the fields of the request, whatever they are, and what the search did. So it is a check request.
pub fn trace_row(object: Map<String, Value>) -> Result<Value, RequestError> {
    refuse_mistyped(&object, &super::known_fields(&[]))?;
    let family = environment(text_field(&object, "env")?)?;
    let object = &object;
    let puzzle = puzzle(family, object)?;
    let config = object.get("search").ok_or_else(|| RequestError::new("search", "missing; send {\"kind\": …}"))?;
    let search = super::search(family.about(), config)?;
    super::fits(&search, &puzzle)?;
    let dialect = super::dialect(family.about(), object, Some(search.name))?;
    let number = |field: &str| match object.get(field) {
        None => Ok(0),
        Some(value) => value
            .as_u64()
            .ok_or_else(|| RequestError::new(field, format!("found {}; send a whole number from 0 on", short(value)))),
    };
    let phrasing = number("phrasing")?;
    let phrasing = u32::try_from(phrasing)
        .map(Phrasing::of)
        .map_err(|_| RequestError::new("phrasing", format!("found {phrasing}; allowed: 0 to {}", u32::MAX)))?;
    let (mut trace, mut scratch) = (Trace::default(), Scratch::default());
    let mut draw = Draw::new(number("seed")?, "search");
    let limits = Limits::share(1);
    let mut text = Vec::new();
    let (outcome, _) =
        limit::run(&search, &dialect, &puzzle, phrasing, limits, &mut draw, &mut trace, &mut text, &mut scratch);
    let found = if outcome == Outcome::Solved { puzzle.solution(&trace) } else { None };
    let cost = found.as_ref().and_then(|moves| crate::check::follow(&puzzle, moves)).map(|(_, cost)| cost);
    let counts = trace.counts();
    if flag(object, "answer")? {
        // If the search found nothing, the answer comes from the solver. It says "no solution" only where that is proven. If neither is known, there is
        // no answer section.
        trace.answer = match found {
            Some(moves) => Some(Answer { moves: Some(moves), optimal: false }),
            None => {
                let facts = puzzle.solver_facts();
                crate::record::known(&facts, crate::record::solution(&puzzle, &facts, 0, None), false)
            }
        };
    }
    let (mut prompt, mut text) = (Vec::new(), Vec::new());
    (dialect.write_prompt)(&puzzle, &mut prompt);
    (dialect.write)(&puzzle, &trace, phrasing, &mut text);
    let string = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let told = [
        string(prompt).into(),
        string(text).into(),
        json!(outcome),
        json!(cost),
        json!({"nodes": counts.nodes, "visits": counts.visits, "backtracks": counts.backtracks, "depth": counts.depth}),
    ];
    let mut answer = Map::new();
    answer.extend(
        object.iter().filter(|(name, _)| !ANSWERS.contains(&name.as_str())).map(|(n, v)| (n.clone(), v.clone())),
    );
    answer.extend(ANSWERS.into_iter().map(String::from).zip(told));
    Ok(Value::Object(answer))
}
