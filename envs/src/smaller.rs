//! Smaller versions of a puzzle. They help to find the smallest puzzle that shows an error: for the laws ([`crate::laws::check_laws`]) and for the strategies
//! of the feature `proptest`.
//!
//! There are two ways. First, smaller settings draw a smaller puzzle. Then list elements are removed from its JSON and its numbers are lowered, as long as
//! [`Json::from_json`](crate::Json::from_json) accepts the result.

use std::marker::PhantomData;
use std::ops::Range;

use serde_json::Value;

use crate::draw::{Draw, Streams};
use crate::environment::Complete;
use crate::quiet;

/// The size of a JSON value. The first field decides the order, then the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size {
    /// Length of its text in bytes.
    pub characters: usize,
    /// Sum of the absolute values of its numbers.
    pub total: u64,
}

impl Size {
    /// The size of a value.
    pub fn of(value: &Value) -> Self {
        Size { characters: value.to_string().len(), total: total(value) }
    }
}

fn total(value: &Value) -> u64 {
    let sum = |values: &mut dyn Iterator<Item = &Value>| values.map(total).fold(0, u64::saturating_add);
    match value {
        Value::Number(number) => number
            .as_u64()
            .or(number.as_i64().map(i64::unsigned_abs))
            .unwrap_or_else(|| number.as_f64().map_or(0, |number| number.abs().ceil() as u64)),
        Value::Array(items) => sum(&mut items.iter()),
        Value::Object(fields) => sum(&mut fields.values()),
        _ => 0,
    }
}

/// One change that makes a JSON value smaller.
#[derive(Clone, Debug)]
pub struct Edit {
    /// Path to the changed part: indices in lists, and indices of fields in objects.
    path: Vec<usize>,
    change: Change,
}

#[derive(Clone, Debug)]
enum Change {
    /// Removes these elements of a list, or characters of a string.
    Remove(Range<usize>),
    /// Removes this element from each list in a list.
    RemoveColumn(usize),
    /// Replaces a number.
    Set(Value),
    /// Replaces two numbers among the fields of an object.
    SetBoth([(usize, Value); 2]),
}

/// All single changes that make a value smaller. Larger removals come first, smaller numbers last.
pub fn edits(value: &Value) -> Vec<Edit> {
    let mut found = Vec::new();
    collect(value, &mut Vec::new(), &mut found);
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().map(|(_, edit)| edit).collect()
}

/// Ranks of edits: those with the least rank are tried first.
const ZERO: usize = usize::MAX - 3;
const HALF: usize = usize::MAX - 2;
const LESS: usize = usize::MAX - 1;
const BOTH: usize = usize::MAX;

fn collect(value: &Value, path: &mut Vec<usize>, found: &mut Vec<(usize, Edit)>) {
    match value {
        Value::Array(items) => {
            removals(items.len(), path, found);
            let columns = items.first().and_then(Value::as_array).map_or(0, Vec::len);
            let even = columns > 0 && items.iter().all(|row| row.as_array().is_some_and(|row| row.len() == columns));
            if even && items.len() > 1 {
                found.extend((0..columns).map(|column| {
                    (usize::MAX - items.len(), Edit { path: path.clone(), change: Change::RemoveColumn(column) })
                }));
            }
            below(items.iter(), path, found);
        }
        Value::Object(fields) => {
            below(fields.values(), path, found);
            pairs(fields.values().enumerate(), path, found);
        }
        Value::String(text) => removals(text.chars().count(), path, found),
        Value::Number(_) => found
            .extend(less(value).map(|(rank, value)| (rank, Edit { path: path.clone(), change: Change::Set(value) }))),
        Value::Null | Value::Bool(_) => {}
    }
}

fn below<'v>(parts: impl Iterator<Item = &'v Value>, path: &mut Vec<usize>, found: &mut Vec<(usize, Edit)>) {
    for (place, part) in parts.enumerate() {
        path.push(place);
        collect(part, path, found);
        path.pop();
    }
}

/// Removals of all elements, each half, each quarter, …, each single element.
fn removals(length: usize, path: &[usize], found: &mut Vec<(usize, Edit)>) {
    let mut chunk = length;
    while chunk > 0 {
        for start in (0..length).step_by(chunk) {
            let change = Change::Remove(start..length.min(start + chunk));
            found.push((usize::MAX / 2 - chunk, Edit { path: path.to_vec(), change }));
        }
        chunk /= 2;
    }
}

/// Smaller numbers for a number, with their ranks.
fn less(value: &Value) -> impl Iterator<Item = (usize, Value)> + use<> {
    let number = value.as_i64().unwrap_or_else(|| value.as_u64().map_or(0, |_| i64::MAX));
    let steps = [(ZERO, 0), (HALF, number / 2), (LESS, number - number.signum())];
    steps.into_iter().filter(move |(_, less)| *less != number).map(|(rank, less)| (rank, less.into()))
}

/// Edits of two fields that can only shrink together, such as a place on a board and the board's width.
fn pairs<'v>(fields: impl Iterator<Item = (usize, &'v Value)>, path: &[usize], found: &mut Vec<(usize, Edit)>) {
    let numbers: Vec<_> = fields.filter(|(_, value)| value.as_i64().is_some_and(|number| number > 0)).collect();
    for (place, first) in numbers.iter().enumerate() {
        for second in &numbers[place + 1..] {
            for (one, other) in less(first.1).zip(less(second.1)).filter(|(one, other)| one.0 == other.0) {
                let change = Change::SetBoth([(first.0, one.1), (second.0, other.1)]);
                found.push((BOTH, Edit { path: path.to_vec(), change }));
            }
        }
    }
}

impl Edit {
    /// The changed value; none if the edit does not fit this value.
    pub fn of(&self, value: &Value) -> Option<Value> {
        let mut value = value.clone();
        let mut part = &mut value;
        for &place in &self.path {
            part = child(part, place)?;
        }
        match (&self.change, &mut *part) {
            (Change::Remove(range), Value::Array(items)) => drop(items.drain(range.clone())),
            (Change::Remove(range), Value::String(text)) => {
                let kept = text.chars().enumerate().filter(|(place, _)| !range.contains(place));
                *text = kept.map(|(_, character)| character).collect();
            }
            (Change::RemoveColumn(column), Value::Array(rows)) => {
                for row in rows.iter_mut().filter_map(Value::as_array_mut) {
                    row.remove(*column);
                }
            }
            (Change::Set(number), part) => *part = number.clone(),
            (Change::SetBoth(numbers), part) => {
                for (place, number) in numbers {
                    *child(part, *place)? = number.clone();
                }
            }
            _ => return None,
        }
        Some(value)
    }
}

fn child(part: &mut Value, place: usize) -> Option<&mut Value> {
    match part {
        Value::Array(items) => items.get_mut(place),
        Value::Object(fields) => fields.values_mut().nth(place),
        _ => None,
    }
}

/// A source of puzzles: an environment by its type or by its name.
pub trait Maker {
    /// The type of its puzzles.
    type Puzzle: Clone;
    /// Settings of the generator.
    type Settings: Clone;
    /// Settings that are known to be valid: the levels and the defaults.
    fn ready(&self) -> Vec<Self::Settings>;
    /// Settings as JSON.
    fn settings_json(&self, settings: &Self::Settings) -> Value;
    /// Reads and checks settings.
    fn read_settings(&self, value: &Value) -> Option<Self::Settings>;
    /// A puzzle that the settings accept, after a limited number of draws.
    fn draw(&self, settings: &Self::Settings, draw: &mut Draw) -> Option<Self::Puzzle>;
    /// A puzzle as JSON.
    fn puzzle_json(&self, puzzle: &Self::Puzzle) -> Value;
    /// Reads a puzzle from outside; none if it is invalid or the settings do not accept it.
    fn read_puzzle(&self, settings: &Self::Settings, value: &Value) -> Option<Self::Puzzle>;
}

/// The environment `E`.
#[derive(Clone, Copy, Debug)]
pub struct Of<E> {
    /// The kind, an index into [`Kinds::kinds`](crate::Kinds::kinds).
    kind: usize,
    /// Whether puzzles must have the solvability that the settings ask for.
    accepted: bool,
    environment: PhantomData<fn() -> E>,
}

/// Most draws until the settings accept a puzzle.
pub const MOST_DRAWS: usize = 1000;

impl<E: Complete> Of<E> {
    /// Puzzles that the settings of this kind accept.
    pub fn accepted(kind: usize) -> Self {
        Of { kind, accepted: true, environment: PhantomData }
    }

    /// Any puzzles, solvable or not.
    pub(crate) fn any(kind: usize) -> Self {
        Of { kind, accepted: false, environment: PhantomData }
    }
}

impl<E: Complete> Maker for Of<E> {
    type Puzzle = E;
    type Settings = E::Config;

    fn ready(&self) -> Vec<E::Config> {
        let mut ready = E::levels_of(self.kind).to_vec();
        ready.push(E::defaults_of(self.kind));
        ready
    }

    fn settings_json(&self, settings: &E::Config) -> Value {
        serde_json::to_value(settings).unwrap_or_default()
    }

    fn read_settings(&self, value: &Value) -> Option<E::Config> {
        E::read_config(self.kind, value).ok().filter(|settings| E::check(settings).is_ok())
    }

    fn draw(&self, settings: &E::Config, draw: &mut Draw) -> Option<E> {
        let accepts = |puzzle: &E| !self.accepted || E::accepts(settings, puzzle.is_solvable());
        (0..MOST_DRAWS).find_map(|_| E::generate(settings, draw).ok().filter(accepts))
    }

    fn puzzle_json(&self, puzzle: &E) -> Value {
        let mut text = Vec::new();
        puzzle.write_json(&mut text);
        serde_json::from_slice(&text).unwrap_or_default()
    }

    fn read_puzzle(&self, settings: &E::Config, value: &Value) -> Option<E> {
        let accepts = |puzzle: &E| !self.accepted || E::accepts(settings, puzzle.is_solvable());
        E::from_json_of(self.kind, value).ok().filter(accepts)
    }
}

/// A puzzle and its origin.
#[derive(Clone, Debug)]
pub struct Found<P, S> {
    /// The puzzle.
    pub puzzle: P,
    /// The settings that drew the puzzle, or the puzzle that it was made from.
    pub settings: S,
    /// Whether the JSON of the puzzle was changed after the draw.
    pub edited: bool,
}

/// An iteration over smaller puzzles: first those that smaller settings draw, then those with changed JSON. It skips puzzles on which the environment panics.
#[derive(Clone, Debug)]
pub struct Smaller<S> {
    settings: S,
    than: Size,
    value: Value,
    /// Smaller settings, with `draws` draws for each.
    others: Vec<S>,
    draws: u64,
    /// Number of draws so far.
    drawn: u64,
    streams: Streams,
    edits: std::vec::IntoIter<Edit>,
}

impl<S: Clone> Smaller<S> {
    /// Starts the iteration over puzzles smaller than `found`, with `draws` draws for each of the smaller settings and the given seed.
    pub fn than<M: Maker<Settings = S>>(maker: &M, found: &Found<M::Puzzle, S>, seed: u64, draws: u64) -> Self {
        let value = maker.puzzle_json(&found.puzzle);
        let others = if found.edited { Vec::new() } else { smaller_settings(maker, &found.settings) };
        Smaller {
            settings: found.settings.clone(),
            than: Size::of(&value),
            edits: edits(&value).into_iter(),
            value,
            others,
            draws: draws.max(1),
            drawn: 0,
            streams: Streams::new(seed, "smaller", ""),
        }
    }

    /// Skips the rest of the draws and continues with the changed JSON.
    pub fn stop_drawing(&mut self) {
        self.others.clear();
    }

    /// The next smaller puzzle; none at the end.
    pub fn next<M: Maker<Settings = S>>(&mut self, maker: &M) -> Option<Found<M::Puzzle, S>> {
        self.drawn(maker).or_else(|| self.edited(maker))
    }

    fn drawn<M: Maker<Settings = S>>(&mut self, maker: &M) -> Option<Found<M::Puzzle, S>> {
        loop {
            let settings = self.others.get((self.drawn / self.draws) as usize)?;
            let mut draw = self.streams.at(self.drawn);
            self.drawn += 1;
            let puzzle = quiet::caught(|| maker.draw(settings, &mut draw)).ok().flatten();
            if let Some(puzzle) = puzzle.filter(|puzzle| Size::of(&maker.puzzle_json(puzzle)) < self.than) {
                return Some(Found { puzzle, settings: settings.clone(), edited: false });
            }
        }
    }

    fn edited<M: Maker<Settings = S>>(&mut self, maker: &M) -> Option<Found<M::Puzzle, S>> {
        loop {
            let Some(value) = self.edits.next()?.of(&self.value) else { continue };
            let read = quiet::caught(|| maker.read_puzzle(&self.settings, &value)).ok().flatten();
            // A puzzle that was read may be written with a longer text.
            let Some(puzzle) = read.filter(|puzzle| Size::of(&maker.puzzle_json(puzzle)) < self.than) else { continue };
            return Some(Found { puzzle, settings: self.settings.clone(), edited: true });
        }
    }
}

/// Most smaller settings, besides the ready ones.
const MOST_SETTINGS: usize = 16;

/// Settings that may draw smaller puzzles: the ready ones, and smaller ones than `settings`.
pub fn smaller_settings<M: Maker>(maker: &M, settings: &M::Settings) -> Vec<M::Settings> {
    let value = maker.settings_json(settings);
    let size = Size::of(&value);
    let mut list: Vec<M::Settings> = quiet::caught(|| maker.ready()).unwrap_or_default();
    list.retain(|ready| maker.settings_json(ready) != value);
    let changed = edits(&value).into_iter().filter_map(|edit| edit.of(&value));
    let read = |value: Value| quiet::caught(|| maker.read_settings(&value)).ok().flatten();
    let smaller = changed.filter_map(read).filter(|read| Size::of(&maker.settings_json(read)) < size);
    list.extend(smaller.take(MOST_SETTINGS));
    list
}
