//! Laws of settings, spaces, JSON and ids.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Broken, Held, Law, hold, no_panic, part, settings_json, shown_json};
use crate::draw::{Draw, Streams};
use crate::environment::{Complete, PuzzleId};
use crate::splits::Space;

/// A name that is no setting and no field of any environment.
const UNKNOWN: &str = "no such field";

/// The item that refused settings break: the caller stated that they are valid.
pub const REFUSED: &str = "check";

pub fn settings<E: Complete>(config: &E::Config) -> Held {
    part(Law::Settings, "Config", || readable_settings::<E>(config))?;
    let checked =
        no_panic(Law::Settings, REFUSED, || E::check(config), || format!(" on {}", settings_json::<E>(config)))?;
    let refusal = |error: crate::environment::ConfigError| {
        Broken::new(
            Law::Settings,
            REFUSED,
            format!("refuses the settings: {error}"),
            "that they are good, as the test says",
        )
    };
    checked.map_err(refusal)
}

fn readable_settings<E: Complete>(config: &E::Config) -> Held {
    let text = settings_json::<E>(config);
    let kind = E::kind_of(config);
    let read = |value: &Value| E::read_config(kind, value);
    let value: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
    let back = read(&value);
    hold(Law::Settings, "Config", back.as_ref().is_ok_and(|back| back == config), || {
        (format!("settings that are written are read as {back:?}"), format!("{config:?}"))
    })?;
    let empty = read(&json!({}));
    hold(Law::Settings, "Config", empty.as_ref().is_ok_and(|empty| *empty == E::defaults_of(kind)), || {
        (format!("settings without any field are {empty:?}"), format!("the default: {:?}", E::defaults_of(kind)))
    })?;
    let mut more = value;
    if let Some(fields) = more.as_object_mut() {
        fields.insert(UNKNOWN.into(), json!(1));
    }
    let taken = read(&more);
    hold(Law::Settings, "Config", taken.is_err(), || {
        (format!("{more} is read as {taken:?}"), "that the unknown field is refused (`deny_unknown_fields`)".into())
    })
}

/// Most draws until a puzzle is accepted.
const MOST_DRAWS: usize = 1000;

/// A puzzle of the settings, drawn twice.
pub fn draw<E: Complete>(config: &E::Config, draw: &mut Draw) -> Result<E, Broken> {
    part(Law::Generation, "generate", || draw_twice(config, draw))
}

fn draw_twice<E: Complete>(config: &E::Config, draw: &mut Draw) -> Result<E, Broken> {
    for _ in 0..MOST_DRAWS {
        let mut same = draw.clone();
        let first = E::generate(config, draw);
        let second = E::generate(config, &mut same);
        let show = |puzzle: &Result<E, _>| puzzle.as_ref().map_or("a rejection".into(), shown_json);
        hold(Law::Generation, "generate", first == second, || {
            (format!("{}, and of the same draws {}", show(&first), show(&second)), "the same puzzle twice".into())
        })?;
        hold(Law::Generation, "generate", draw.clone().word64() == same.word64(), || {
            (format!("{} after draws that differ in number", show(&first)), "the same draws twice".into())
        })?;
        if let Ok(puzzle) = first
            && E::accepts(config, puzzle.is_solvable())
        {
            return Ok(puzzle);
        }
    }
    Err(Broken::new(
        Law::Generation,
        "generate",
        format!("no puzzle in {MOST_DRAWS} draws"),
        "a puzzle, or that `check` refuses such settings",
    ))
}

pub fn space<E: Complete>(config: &E::Config, seed: u64, count: u64) -> Held {
    part(Law::Space, "at", || candidates::<E>(config, seed, count))
}

fn candidates<E: Complete>(config: &E::Config, seed: u64, count: u64) -> Held {
    let Some(space) = E::space(config) else { return Ok(()) };
    hold(Law::Space, "space", space.strata > 0 && space.size > 0, || {
        (format!("{space:?}"), "a space that is not empty, or none".into())
    })?;
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
    let show = |puzzle: &Result<E, _>| puzzle.as_ref().map_or("a rejection".into(), shown_json);
    hold(Law::Space, "at", first == second, || {
        let says =
            format!("candidate {index} of part {stratum} is {}, and by the same draws {}", show(&first), show(&second));
        (says, "the same puzzle twice".into())
    })?;
    let Ok(puzzle) = first else { return Ok(()) };
    if let Ok(again) = E::at(config, stratum, index, draw) {
        hold(Law::Space, "at", again.id() == puzzle.id(), || {
            let (one, other) = (shown_json(&puzzle), shown_json(&again));
            (
                format!("candidate {index} of part {stratum} is {one} or {other}, by the draw"),
                "puzzles of the same id".into(),
            )
        })?;
    }
    hold(Law::Space, "at", seen.insert(puzzle.id()), || {
        let says = format!("candidate {index} of part {stratum} is {}", shown_json(&puzzle));
        (says, "a puzzle that is no other candidate, by its id".into())
    })
}

pub fn json<E: Complete>(puzzle: &E) -> Held {
    let text = shown_json(puzzle);
    hold(Law::Json, "write_json", !text.contains('\n'), || (format!("{text:?}"), "JSON on one line".into()))?;
    let value: Value = serde_json::from_str(&text)
        .map_err(|error| Broken::new(Law::Json, "write_json", format!("{text}: {error}"), "JSON"))?;
    let back = E::from_json_of(puzzle.kind(), &value).map_err(|error| {
        Broken::new(Law::Json, "from_json", format!("{text} is refused: {error}"), "the puzzle that was written")
    })?;
    hold(Law::Json, "from_json", back == *puzzle && shown_json(&back) == text, || {
        (format!("{text} is read as {back:?}, which is written as {}", shown_json(&back)), format!("{puzzle:?}"))
    })?;
    let mut more = value;
    if let Some(fields) = more.as_object_mut() {
        fields.insert(UNKNOWN.into(), json!(1));
    }
    hold(Law::Json, "from_json", E::from_json_of(puzzle.kind(), &more).is_err(), || {
        (format!("{more} is a puzzle"), "that the unknown field is refused (`deny_unknown_fields`)".into())
    })
}

/// Removes each field or gives it another value. The result must be refused, or be a puzzle that can be written and read.
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
    let read = no_panic(Law::Json, "from_json", || E::from_json_of(kind, value), || format!(" on {value}"))?;
    let Ok(puzzle) = read else { return Ok(()) };
    let written = || format!(" on the puzzle of {value}");
    let text = no_panic(Law::Json, "write_json", || shown_json(&puzzle), written)?;
    let back = serde_json::from_str(&text).ok().and_then(|value| E::from_json_of(kind, &value).ok());
    hold(Law::Json, "write_json", back.as_ref() == Some(&puzzle), || {
        (format!("the puzzle of {value} is {text}, which is read as {back:?}"), format!("{puzzle:?}"))
    })
}

/// Number of other presentations that are tried for a puzzle.
const DISGUISES: usize = 4;

pub fn identity<E: Complete>(puzzle: &E, draw: &mut Draw) -> Held {
    let canonical = puzzle.canonical();
    hold(Law::Identity, "canonical", canonical.canonical() == canonical, || {
        let again = shown_json(&canonical.canonical());
        (format!("the form of the form {} is {again}", shown_json(&canonical)), "the same form".into())
    })?;
    let form =
        |what: &str| (format!("another {what} of the canonical form {}", shown_json(&canonical)), "the same".into());
    hold(Law::Identity, "id", canonical.id() == puzzle.id(), || form("id"))?;
    hold(Law::Identity, "twin", canonical.twin() == puzzle.twin(), || form("twin"))?;
    for _ in 0..DISGUISES {
        let Some(other) = puzzle.shown_otherwise(draw) else { break };
        hold(Law::Identity, "canonical", other.canonical() == canonical, || {
            let (shown, form) = (shown_json(&other), shown_json(&other.canonical()));
            (
                format!("`shown_otherwise` gives {shown}, whose form is {form}"),
                format!("{}, as of the puzzle", shown_json(&canonical)),
            )
        })?;
        let disguised = |what: &str| {
            (format!("`shown_otherwise` gives {}, which has another {what}", shown_json(&other)), "the same".into())
        };
        hold(Law::Identity, "id", other.id() == puzzle.id(), || disguised("id"))?;
        hold(Law::Identity, "twin", other.twin() == puzzle.twin(), || disguised("twin"))?;
    }
    let (one, other) = (puzzle.solver_facts(), canonical.solver_facts());
    hold(Law::Identity, "solver_facts", one == other, || {
        (format!("{one:?}"), format!("{other:?}, as of the canonical form"))
    })
}
