//! Laws of settings, spaces, JSON and ids.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Broken, Held, Law, hold, no_panic, settings_json, shown_json};
use crate::draw::{Draw, Streams};
use crate::environment::{Complete, PuzzleId};
use crate::splits::Space;

/// A setting and a field that no environment has.
const UNKNOWN: &str = "no such field";

pub fn settings<E: Complete>(config: &E::Config) -> Held {
    let text = settings_json::<E>(config);
    let kind = E::kind_of(config);
    let read = |value: Value| E::read_config(kind, value);
    let value: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
    let back = read(value.clone());
    hold(Law::Settings, back.as_ref().is_ok_and(|back| back == config), || format!("{text} is read as {back:?}"))?;
    let empty = read(json!({}));
    hold(Law::Settings, empty.as_ref().is_ok_and(|empty| *empty == E::defaults_of(kind)), || {
        format!("settings without any field are {empty:?}, not the default")
    })?;
    let mut more = value;
    if let Some(fields) = more.as_object_mut() {
        fields.insert(UNKNOWN.into(), json!(1));
    }
    hold(Law::Settings, read(more).is_err(), || "an unknown field is not refused".into())?;
    let checked = E::check(config);
    hold(Law::Settings, checked.is_ok(), || format!("settings that were given as good are refused: {checked:?}"))
}

/// Draws until a puzzle is accepted.
const MOST_DRAWS: usize = 1000;

/// A puzzle of the settings, drawn twice.
pub fn draw<E: Complete>(config: &E::Config, draw: &mut Draw) -> Result<E, Broken> {
    for _ in 0..MOST_DRAWS {
        let mut same = draw.clone();
        let first = E::generate(config, draw);
        let second = E::generate(config, &mut same);
        hold(Law::Generation, first == second && draw.clone().word64() == same.word64(), || {
            let show = |puzzle: &Result<E, _>| puzzle.as_ref().map_or("a rejection".into(), shown_json);
            format!("the same draws gave {} and {}", show(&first), show(&second))
        })?;
        if let Ok(puzzle) = first
            && E::accepts(config, puzzle.is_solvable())
        {
            return Ok(puzzle);
        }
    }
    Err(Broken {
        law: Law::Generation,
        what: format!("no puzzle in {MOST_DRAWS} draws; `check` should refuse such settings"),
    })
}

pub fn space<E: Complete>(config: &E::Config, seed: u64, count: u64) -> Held {
    let Some(space) = E::space(config) else { return Ok(()) };
    hold(Law::Space, space.strata > 0 && space.size > 0, || format!("an empty space: {space:?}"))?;
    let name = E::kinds()[E::kind_of(config)].name;
    let permutation = Streams::new(seed, "laws of the space", name).permutation(space.size);
    let streams = Streams::new(seed, "laws of candidates", name);
    let mut seen = BTreeSet::new();
    for number in 0..space.size.min(u128::from(count) * 4) {
        let mut draw = streams.at(number as u64);
        candidate::<E>(config, space, permutation.at(number), &mut draw, &mut seen)?;
    }
    Ok(())
}

fn candidate<E: Complete>(
    config: &E::Config,
    space: Space,
    index: u128,
    draw: &mut Draw,
    seen: &mut BTreeSet<PuzzleId>,
) -> Held {
    let stratum = draw.below(space.strata);
    let mut same = draw.clone();
    let first = E::at(config, stratum, index, draw);
    let second = E::at(config, stratum, index, &mut same);
    hold(Law::Space, first == second, || format!("candidate {index} of part {stratum} differs for the same draws"))?;
    let Ok(puzzle) = first else { return Ok(()) };
    if let Ok(again) = E::at(config, stratum, index, draw) {
        hold(Law::Space, again.id() == puzzle.id(), || {
            let (one, other) = (shown_json(&puzzle), shown_json(&again));
            format!("candidate {index} of part {stratum} is {one} or {other}, by the draw")
        })?;
    }
    hold(Law::Space, seen.insert(puzzle.id()), || {
        format!("candidate {index} of part {stratum} was another candidate before: {}", shown_json(&puzzle))
    })
}

pub fn json<E: Complete>(puzzle: &E) -> Held {
    let text = shown_json(puzzle);
    hold(Law::Json, !text.contains('\n'), || "the JSON is on more than one line".into())?;
    let value: Value = serde_json::from_str(&text)
        .map_err(|error| Broken { law: Law::Json, what: format!("{text} is not JSON: {error}") })?;
    let back = E::from_json_of(puzzle.kind(), &value)
        .map_err(|error| Broken { law: Law::Json, what: format!("{text} is not read back: {error}") })?;
    hold(Law::Json, back == *puzzle && shown_json(&back) == text, || {
        format!("{text} is read back as another puzzle: {}", shown_json(&back))
    })?;
    let mut more = value;
    if let Some(fields) = more.as_object_mut() {
        fields.insert(UNKNOWN.into(), json!(1));
    }
    hold(Law::Json, E::from_json_of(puzzle.kind(), &more).is_err(), || {
        "an unknown field of a puzzle is not refused".into()
    })
}

/// Each field left out or with another value: refused, or a puzzle that can be written and read.
pub fn hostile_json<E: Complete>(puzzle: &E) -> Held {
    let value: Value = serde_json::from_str(&shown_json(puzzle)).unwrap_or(Value::Null);
    let Some(fields) = value.as_object() else { return Ok(()) };
    let others = [
        json!(null),
        json!(-1),
        json!(0),
        json!(u64::MAX),
        json!(1e300),
        json!("x"),
        json!([]),
        json!([[0]]),
        json!({}),
    ];
    for key in fields.keys() {
        let mut without = fields.clone();
        without.remove(key);
        hostile(puzzle, &Value::Object(without))?;
        for other in &others {
            let mut with = fields.clone();
            with.insert(key.clone(), other.clone());
            hostile(puzzle, &Value::Object(with))?;
        }
    }
    others.iter().try_for_each(|other| hostile(puzzle, other))
}

fn hostile<E: Complete>(like: &E, value: &Value) -> Held {
    let kind = like.kind();
    let read = no_panic(Law::Json, || E::from_json_of(kind, value), || format!("on {value}"))?;
    let Ok(puzzle) = read else { return Ok(()) };
    let text = no_panic(Law::Json, || shown_json(&puzzle), || format!("on writing the puzzle of {value}"))?;
    let back = serde_json::from_str(&text).ok().and_then(|value| E::from_json_of(kind, &value).ok());
    hold(Law::Json, back.as_ref() == Some(&puzzle), || {
        format!("the puzzle of {value} is written as {text}, not the same")
    })
}

/// How often a puzzle is shown in another way.
const DISGUISES: usize = 4;

pub fn identity<E: Complete>(puzzle: &E, draw: &mut Draw) -> Held {
    let canonical = puzzle.canonical();
    hold(Law::Identity, canonical.canonical() == canonical, || {
        format!("the canonical form of {} is another one", shown_json(&canonical))
    })?;
    hold(Law::Identity, canonical.id() == puzzle.id(), || {
        format!("the canonical form {} has another id", shown_json(&canonical))
    })?;
    hold(Law::Identity, canonical.twin() == puzzle.twin(), || {
        format!("the canonical form {} has other twins", shown_json(&canonical))
    })?;
    for _ in 0..DISGUISES {
        let Some(other) = puzzle.shown_otherwise(draw) else { break };
        hold(Law::Identity, other.canonical() == canonical, || {
            let (shown, form) = (shown_json(&other), shown_json(&other.canonical()));
            format!(
                "`shown_otherwise` gives {shown}, whose `canonical` is {form} and not {}, that of the puzzle",
                shown_json(&canonical)
            )
        })?;
        hold(Law::Identity, other.id() == puzzle.id() && other.twin() == puzzle.twin(), || {
            format!("`shown_otherwise` gives {}, which has another `id` or `twin`", shown_json(&other))
        })?;
    }
    let (one, other) = (puzzle.solver_facts(), canonical.solver_facts());
    hold(Law::Identity, one == other, || format!("proven are {one:?}, but of the canonical form {other:?}"))
}
