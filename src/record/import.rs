//! Imported candidates: outputs of a model, found by the id of their puzzle. Unusable lines are counted and never fatal.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value};
use sos_envs::PuzzleId;

use super::puzzles::family_of;
use crate::arena::Family;
use crate::lines::skip_line;
use crate::recipe::{Recipe, RecipeError, RecordConfig};

/// Greatest length of a usable line, in bytes.
pub const LONGEST_LINE: u64 = 1 << 20;

/// The place of a line in the file.
#[derive(Clone, Copy)]
struct Place {
    start: u64,
    bytes: u64,
    line: u64,
}

/// A candidate that existed when the file was opened and can no longer be read.
#[derive(Debug, thiserror::Error)]
#[error(
    "{file}:{line}: {problem}; the file of candidates changed while it was read: leave it as it is until the run ends"
)]
pub struct ImportError {
    file: String,
    line: u64,
    problem: String,
}

/// A file of candidates. Only the places of its lines are kept in memory.
pub struct Imported {
    name: String,
    file: Mutex<File>,
    places: HashMap<u128, Vec<Place>>,
    lines: u64,
    unusable: BTreeMap<&'static str, u64>,
    blake3: String,
}

impl Imported {
    /// Finds the places of the candidates of each puzzle.
    pub fn open(config: &RecordConfig, name: &str, recipe: &Recipe) -> Result<Self, RecipeError> {
        let wrong = |error: std::io::Error| {
            let allowed = "a file of JSON Lines, each with `id` or `puzzle` and `text` or `completion`";
            config.wrong("candidates.file", format!("\"{name}\" ({error})"), allowed)
        };
        let file = File::open(recipe.folder.join(name)).map_err(wrong)?;
        let mut imported = Imported {
            name: name.into(),
            places: HashMap::new(),
            lines: 0,
            unusable: BTreeMap::new(),
            blake3: String::new(),
            file: Mutex::new(file.try_clone().map_err(wrong)?),
        };
        imported.index(BufReader::new(file), family_of(recipe)?).map_err(wrong)?;
        Ok(imported)
    }

    fn index(&mut self, mut input: impl BufRead, family: &dyn Family) -> std::io::Result<()> {
        let (mut line, mut start, mut hasher) = (Vec::new(), 0, blake3::Hasher::new());
        loop {
            line.clear();
            let bytes = input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)? as u64;
            if bytes == 0 {
                self.blake3 = hasher.finalize().to_string();
                return Ok(());
            }
            hasher.update(&line);
            self.lines += 1;
            let place = Place { start, bytes, line: self.lines };
            start += bytes;
            if bytes == LONGEST_LINE && line.last() != Some(&b'\n') {
                start += skip_line(&mut input, |piece| _ = hasher.update(piece))?;
                *self.unusable.entry("longer than 1 MiB").or_default() += 1;
                continue;
            }
            match usable(&line, family) {
                Ok(id) => self.places.entry(id).or_default().push(place),
                Err(problem) => *self.unusable.entry(problem).or_default() += 1,
            }
        }
    }

    /// The candidate of a puzzle with a number, in the order of the file.
    ///
    /// None if the file has no such candidate. An error if a line that existed when the file was opened can no longer be read.
    pub fn text(&self, id: PuzzleId, number: u64) -> Result<Option<String>, ImportError> {
        let places = self.places.get(&id.0);
        let Some(&place) = places.and_then(|places| places.get(usize::try_from(number).ok()?)) else {
            return Ok(None);
        };
        let wrong = |problem: String| ImportError { file: self.name.clone(), line: place.line, problem };
        let mut line = vec![0; usize::try_from(place.bytes).unwrap_or(0)];
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(place.start)).map_err(|error| wrong(error.to_string()))?;
        file.read_exact(&mut line).map_err(|error| wrong(error.to_string()))?;
        drop(file);
        let object: Map<String, Value> = serde_json::from_slice(&line).map_err(|error| wrong(error.to_string()))?;
        let text = written(&object).ok_or_else(|| wrong("no `text` or `completion`".into()))?;
        Ok(Some(text.to_string()))
    }

    /// Name of the file, and a checksum of its content.
    pub fn version(&self) -> (&str, &str) {
        (&self.name, &self.blake3)
    }

    /// A sentence about the lines that were read.
    pub fn summary(&self) -> String {
        let used: usize = self.places.values().map(Vec::len).sum();
        let mut text =
            format!("{}: {} lines, {used} candidates of {} puzzles", self.name, self.lines, self.places.len());
        let unusable: Vec<String> = self.unusable.iter().map(|(problem, count)| format!("{count} {problem}")).collect();
        if !unusable.is_empty() {
            text += &format!("; not used: {}", unusable.join(", "));
        }
        text
    }
}

/// The puzzle of a usable line, or the problem with the line.
fn usable(line: &[u8], family: &dyn Family) -> Result<u128, &'static str> {
    let text = std::str::from_utf8(line).map_err(|_| "not UTF-8")?;
    let object: Map<String, Value> = serde_json::from_str(text).map_err(|_| "not a JSON object")?;
    let written = written(&object).ok_or("without `text` or `completion`")?;
    if written.trim().is_empty() {
        return Err("empty");
    }
    let name = family.about().name;
    if object.get("env").and_then(Value::as_str).is_some_and(|env| env != name) {
        return Err("of another environment");
    }
    match (object.get("id"), object.get("puzzle")) {
        (Some(Value::String(id)), _) if id.len() == 32 => {
            u128::from_str_radix(id, 16).map_err(|_| "with an id that is none")
        }
        (Some(_), _) => Err("with an id that is none"),
        (None, Some(puzzle)) => {
            let read = match puzzle {
                Value::String(text) => {
                    let value = serde_json::from_str(text).map_err(|_| "with a puzzle that is none")?;
                    family.read_json(&value)
                }
                value => family.read_json(value),
            };
            Ok(read.map_err(|_| "with a puzzle that is none")?.id().0)
        }
        (None, None) => Err("without `id` or `puzzle`"),
    }
}

/// The output of the model.
fn written(object: &Map<String, Value>) -> Option<&str> {
    object.get("completion").or_else(|| object.get("text"))?.as_str()
}
