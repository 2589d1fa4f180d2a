//! Groups of rows that belong together, wherever they stand in a file.
//!
//! Memory: texts stay on disk. For each row its place is kept (32 bytes; twice that while groups are formed), for at most [`PLACES`] rows. A larger file is
//! read again for the groups that are left. Besides this, one group of rows is held at a time. Input from a pipe is first copied to a temporary
//! file, since it is read more than once; so are packed files and Parquet.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::value::RawValue;
use tempfile::NamedTempFile;

use super::{Input, RowsError, Workers, unreadable};
use crate::generate::ordered::{Emit, in_order};
use crate::request::puzzle_id;
use crate::sink::batches::{Batch, Batches, Body, LONGEST_LINE};

/// Greatest number of places that are kept at a time.
const PLACES: usize = 1 << 24;

/// A line with its number, from 1. None stands for a line that is too long.
pub type Numbered = (u64, Option<Vec<u8>>);

/// The place of a row in the file.
#[derive(Clone, Copy)]
struct Place {
    /// The key of the row's group.
    key: u128,
    /// Number of the line, from 1.
    line: u64,
    /// Offset of its first byte.
    start: u64,
}

/// Works off the rows of every group, in the order of the file: rows with the same field `group`, or without this field rows of the same puzzle, wherever
/// they stand. A row that tells neither belongs to the group of the row before it. Groups come in the order of their first rows; in a file that needs several
/// passes, this holds within each pass. `work` gives a result and about its size in memory; `each` gets the results.
pub fn each_group<T: Send, E: From<RowsError> + Send>(
    path: &Path,
    workers: Workers<'_>,
    work: impl Fn(Vec<Numbered>) -> (T, usize) + Sync,
    each: impl FnMut(T) -> Result<(), E>,
) -> Result<(), E> {
    Gathered::open(path, workers)?.each_group(PLACES, work, each)
}

/// A file of lines that can be read more than once.
struct Gathered<'a> {
    /// The name for messages.
    name: &'a Path,
    path: PathBuf,
    workers: Workers<'a>,
    _copy: Option<NamedTempFile>,
}

impl<'a> Gathered<'a> {
    fn open(name: &'a Path, workers: Workers<'a>) -> Result<Self, RowsError> {
        let copy = Input::open(name)?.lines_copy(name)?;
        let path = copy.as_ref().map_or(name, |copy| copy.path()).to_path_buf();
        Ok(Gathered { name, path, workers, _copy: copy })
    }

    fn each_group<T: Send, E: From<RowsError> + Send>(
        &self,
        most: usize,
        work: impl Fn(Vec<Numbered>) -> (T, usize) + Sync,
        mut each: impl FnMut(T) -> Result<(), E>,
    ) -> Result<(), E> {
        let wrong = |error: std::io::Error| unreadable(self.name, error);
        let mut file = BufReader::with_capacity(1 << 16, File::open(&self.path).map_err(wrong)?);
        let mut from = Some(0);
        while let Some(least) = from {
            let (places, next) = self.places(least, most)?;
            let mut groups = groups(places).into_iter();
            let next_group = || {
                self.workers.go_on()?;
                let Some(group) = groups.next() else { return Ok(None) };
                let rows = group.iter().map(|place| read_row(&mut file, place)).collect::<Result<Vec<_>, _>>();
                Ok(Some(rows.map_err(wrong)?))
            };
            let one = |group: Vec<Numbered>, emit: Emit<'_, T>| {
                let (result, size) = self.workers.held(|| work(group));
                emit(result, size);
            };
            in_order(self.workers.threads, next_group, one, &mut each)?;
            from = next;
        }
        Ok(())
    }

    /// The places of the rows whose keys are at least `least`, for as many groups as there is room; and the least key that is left out.
    fn places(&self, least: u128, most: usize) -> Result<(Vec<Place>, Option<u128>), RowsError> {
        let wrong = |error: &dyn std::fmt::Display| unreadable(self.name, error);
        let mut batches = Batches::open(&self.path).map_err(|error| wrong(&error))?;
        let (mut places, mut end) = (Vec::new(), None);
        // Rows before the first row with a key belong to the group of that row.
        let mut early: Vec<(u64, u64)> = Vec::new();
        let mut last = None;
        let keys = |batch: Batch, emit: Emit<'_, Vec<_>>| {
            let mut keys = Vec::new();
            batch.each(&mut |entry| {
                let key = if let Body::Line(line) = entry.body { self.workers.held(|| key_of(line)) } else { None };
                keys.push((entry.number, entry.start, key));
                true
            });
            let size = std::mem::size_of_val(keys.as_slice());
            emit(keys, size);
        };
        let next = || {
            self.workers.go_on()?;
            batches.next_batch().map_err(|error| wrong(&error))
        };
        in_order(self.workers.threads, next, keys, |keys| {
            for (number, start, key) in keys {
                let Some(key) = key.or(last) else {
                    early.push((number, start));
                    continue;
                };
                last = Some(key);
                let within = key >= least && end.is_none_or(|end| key < end);
                for (line, start) in early.drain(..).chain([(number, start)]).filter(|_| within) {
                    places.push(Place { key, line, start });
                }
                if places.len() > most {
                    end = halve(&mut places).or(end);
                }
            }
            Ok(())
        })?;
        places.extend(early.into_iter().map(|(line, start)| Place { key: least, line, start }));
        Ok((places, end))
    }
}

/// Reads the row at a place.
fn read_row(file: &mut BufReader<File>, place: &Place) -> std::io::Result<Numbered> {
    // A relative seek within the buffer keeps it. So rows of a group that stand in succession are read without further seeks.
    let way = i64::try_from(i128::from(place.start) - i128::from(file.stream_position()?));
    match way {
        Ok(way) => file.seek_relative(way)?,
        Err(_) => file.seek(SeekFrom::Start(place.start)).map(|_| ())?,
    }
    let mut line = Vec::new();
    file.by_ref().take(LONGEST_LINE as u64 + 1).read_until(b'\n', &mut line)?;
    let fits = line.len() <= LONGEST_LINE || line.last() == Some(&b'\n');
    line.truncate(line.trim_ascii_end().len());
    Ok((place.line, fits.then_some(line)))
}

/// Drops the groups with the greater half of the keys. Gives the least key that was dropped; none if all places belong to one group.
fn halve(places: &mut Vec<Place>) -> Option<u128> {
    let mut keys: Vec<u128> = places.iter().map(|place| place.key).collect();
    keys.sort_unstable();
    let (least, middle) = (keys.first()?, keys[keys.len() / 2]);
    let end = if middle > *least { middle } else { *keys.iter().find(|key| *key > least)? };
    places.retain(|place| place.key < end);
    Some(end)
}

/// The places of each group. The groups are in the order of their first rows.
fn groups(mut places: Vec<Place>) -> Vec<Vec<Place>> {
    places.sort_unstable_by_key(|place| (place.key, place.line));
    let mut groups: Vec<Vec<Place>> =
        places.chunk_by(|one, other| one.key == other.key).map(<[Place]>::to_vec).collect();
    groups.sort_unstable_by_key(|group| group.first().map(|place| place.line));
    groups
}

/// The key of a row's group, from the first of these that it has: its field `group`; its puzzle, however it is shown; its `id`; its prompt.
fn key_of(line: &[u8]) -> Option<u128> {
    #[derive(Deserialize)]
    struct Fields<'a> {
        #[serde(borrow)]
        group: Option<&'a RawValue>,
        #[serde(borrow)]
        env: Option<&'a RawValue>,
        #[serde(borrow)]
        puzzle: Option<&'a RawValue>,
        #[serde(borrow)]
        id: Option<&'a RawValue>,
        #[serde(borrow)]
        prompt: Option<&'a RawValue>,
    }
    let fields: Fields<'_> = serde_json::from_slice(line).ok()?;
    let name = match fields {
        Fields { group: Some(group), .. } => format!("group {}", group.get()),
        Fields { env: Some(env), puzzle: Some(puzzle), .. } => {
            let text = |raw: &RawValue| serde_json::from_str::<String>(raw.get()).ok();
            format!("puzzle \"{}\"", puzzle_id(&text(env)?, serde_json::from_str(puzzle.get()).ok()?)?)
        }
        Fields { id: Some(id), .. } => format!("puzzle {}", id.get()),
        Fields { prompt: Some(prompt), .. } => format!("prompt {}", prompt.get()),
        _ => return None,
    };
    let hash = blake3::hash(name.as_bytes());
    Some(u128::from_be_bytes(std::array::from_fn(|i| hash.as_bytes()[i])))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::generate::Silent;
    use crate::rows::nothing;

    /// With any number of places, every group comes once and complete.
    #[test]
    fn groups_come_whole_in_as_many_passes_as_it_takes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.jsonl");
        let mut text = String::from("no JSON\n\n");
        for pass in 0..3 {
            (0..50).for_each(|group| text += &format!("{{\"id\":\"{}\",\"pass\":{pass}}}\n", group * 7 % 50));
        }
        std::fs::write(&path, text).unwrap();
        let groups = |most: usize| {
            let mut found = Vec::new();
            let lines = |rows: Vec<Numbered>| (rows.into_iter().map(|(line, _)| line).collect::<Vec<u64>>(), 1);
            let add = |lines: Vec<u64>| -> Result<(), RowsError> {
                found.push(lines);
                Ok(())
            };
            let (progress, stop) = (Silent, AtomicBool::new(false));
            let workers = Workers { threads: 3, progress: &progress, stop: &stop, hold: &nothing };
            Gathered::open(&path, workers).unwrap().each_group(most, lines, add).unwrap();
            found
        };
        let all = groups(1000);
        assert_eq!((&all[0], &all[1]), (&vec![1, 3, 53, 103], &vec![4, 54, 104]));
        for most in [0, 1, 7, 100] {
            let mut some = groups(most);
            some.sort();
            assert_eq!(some, all, "{most}");
        }
    }

    #[test]
    fn a_stop_ends_the_work() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.jsonl");
        std::fs::write(&path, (0..5000).map(|row| format!("{{\"id\":\"{row}\"}}\n")).collect::<String>()).unwrap();
        for (after, least) in [(0, 0), (10, 10)] {
            let (stop, mut groups) = (AtomicBool::new(after == 0), 0);
            let workers = Workers { threads: 2, progress: &Silent, stop: &stop, hold: &nothing };
            let ended: Result<(), RowsError> = each_group(
                &path,
                workers,
                |_| ((), 4 << 20),
                |()| {
                    groups += 1;
                    stop.store(groups >= after, std::sync::atomic::Ordering::Relaxed);
                    Ok(())
                },
            );
            assert!(matches!(ended, Err(RowsError::Stopped)) && (least..4000).contains(&groups), "{groups}");
        }
    }
}
