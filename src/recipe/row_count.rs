//! The number of rows of a split: a number, or `"all"` puzzles of a file.

use std::fmt;

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserializer, Serializer};

/// As many rows as the file of puzzles has for the split.
pub const ALL_ROWS: u64 = u64::MAX;

struct Count;

impl Visitor<'_> for Count {
    type Value = u64;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a whole number from 0 on, or \"all\"")
    }

    fn visit_u64<E: Error>(self, rows: u64) -> Result<u64, E> {
        Ok(rows)
    }

    fn visit_i64<E: Error>(self, rows: i64) -> Result<u64, E> {
        u64::try_from(rows).map_err(|_| E::invalid_value(Unexpected::Signed(rows), &self))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<u64, E> {
        if text == "all" { Ok(ALL_ROWS) } else { Err(E::invalid_value(Unexpected::Str(text), &self)) }
    }
}

pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    deserializer.deserialize_any(Count)
}

pub fn serialize<S: Serializer>(rows: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    if *rows == ALL_ROWS { serializer.serialize_str("all") } else { serializer.serialize_u64(*rows) }
}
