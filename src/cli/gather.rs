//! Groups of rows that belong together, wherever they stand in a file.
//!
//! Memory: texts stay on disk. For each row its place is kept (32 bytes; twice that while groups are formed), for at most [`PLACES`] rows. A larger file is
//! read again for the groups that are left. Besides this, one group of rows is held at a time. Input from a pipe is first copied to a temporary
//! file, since it is read more than once.

use std::fs::File;
use std::io::{BufReader, Seek, SeekFrom};
use std::path::Path;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::Failure;
use super::lines::{self, Line, next_line, unreadable};
use crate::request::puzzle_id;

/// Greatest number of places that are kept at a time.
const PLACES: usize = 1 << 24;

/// A line with its number, from 1.
pub type Numbered = (u64, Line<Vec<u8>>);

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

/// Calls `each` with the rows of every group, in the order of the file. Groups come in the order of their first rows; in a file that needs
/// several passes, this holds within each pass.
pub fn each_group(path: &Path, each: impl FnMut(Vec<Numbered>) -> Result<(), Failure>) -> Result<(), Failure> {
    Gathered::open(path)?.each_group(PLACES, each)
}

/// A file that can be read more than once.
struct Gathered<'a> {
    path: &'a Path,
    file: BufReader<File>,
}

impl<'a> Gathered<'a> {
    fn open(path: &'a Path) -> Result<Self, Failure> {
        let plain = path != Path::new("-") && path.metadata().is_ok_and(|about| about.is_file());
        let file = match plain {
            true => File::open(path).map_err(|error| unreadable(path, &error))?,
            false => {
                let mut input = lines::open(path)?;
                let mut copy = tempfile::tempfile().map_err(|error| unreadable(path, &error))?;
                std::io::copy(&mut input, &mut copy).map_err(|error| unreadable(path, &error))?;
                copy
            }
        };
        Ok(Gathered { path, file: BufReader::with_capacity(1 << 16, file) })
    }

    fn each_group(
        &mut self,
        most: usize,
        mut each: impl FnMut(Vec<Numbered>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut from = Some(0);
        while let Some(least) = from {
            let (places, next) = self.places(least, most)?;
            for group in groups(places) {
                let rows = group.iter().map(|place| self.row(place)).collect::<Result<Vec<_>, _>>()?;
                each(rows)?;
            }
            from = next;
        }
        Ok(())
    }

    /// The places of the rows whose keys are at least `least`, for as many groups as there is room; and the least key that is left out.
    fn places(&mut self, least: u128, most: usize) -> Result<(Vec<Place>, Option<u128>), Failure> {
        let (mut places, mut end) = (Vec::new(), None);
        let (mut start, mut number, mut line) = (0, 0, Vec::new());
        // Rows before the first row with a key belong to the group of that row.
        let mut early: Vec<(u64, u64)> = Vec::new();
        let mut last = None;
        self.seek(0)?;
        while let Some(read) = next_line(&mut self.file, &mut line).map_err(|error| unreadable(self.path, &error))? {
            number += 1;
            let here = (number, start);
            start += read.bytes;
            if line.trim_ascii().is_empty() {
                continue;
            }
            let key = Some(&line).filter(|_| !read.too_long).and_then(|line| key_of(line)).or(last);
            let Some(key) = key else {
                early.push(here);
                continue;
            };
            last = Some(key);
            let within = key >= least && end.is_none_or(|end| key < end);
            for (line, start) in early.drain(..).chain([here]).filter(|_| within) {
                places.push(Place { key, line, start });
            }
            if places.len() > most {
                end = halve(&mut places).or(end);
            }
        }
        places.extend(early.into_iter().map(|(line, start)| Place { key: least, line, start }));
        Ok((places, end))
    }

    fn seek(&mut self, start: u64) -> Result<(), Failure> {
        self.file.seek(SeekFrom::Start(start)).map(|_| ()).map_err(|error| unreadable(self.path, &error))
    }

    fn row(&mut self, place: &Place) -> Result<Numbered, Failure> {
        // A relative seek within the buffer keeps it. So rows of a group that stand in succession are read without further seeks.
        let here = self.file.stream_position().map_err(|error| unreadable(self.path, &error))?;
        let way = i64::try_from(i128::from(place.start) - i128::from(here)).unwrap_or(i64::MAX);
        self.file.seek_relative(way).map_err(|error| unreadable(self.path, &error))?;
        let mut line = Vec::new();
        let read = next_line(&mut self.file, &mut line).map_err(|error| unreadable(self.path, &error))?;
        let line = match read {
            Some(read) if read.too_long => Err(lines::too_long()),
            _ => {
                line.truncate(line.trim_ascii_end().len());
                Ok(line)
            }
        };
        Ok((place.line, line))
    }
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
    use super::*;

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
            let mut add = |rows: Vec<Numbered>| -> Result<(), Failure> {
                found.push(rows.into_iter().map(|(line, _)| line).collect::<Vec<u64>>());
                Ok(())
            };
            assert!(Gathered::open(&path).is_ok_and(|mut file| file.each_group(most, &mut add).is_ok()));
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
}
