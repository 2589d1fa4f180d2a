//! Water jugs as JSON: `{"sizes":[3,5],"target":4}`, with `"start":[0,5]` where the jugs are not all empty.

use serde::Deserialize;

use super::{Litres, MAX_JUGS, MAX_POSITIONS, MAX_SIZE, WaterJugs};
use crate::environment::PuzzleError;
use crate::exact::Known;
use crate::json::Json;
use crate::text::write_number;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    sizes: Vec<u8>,
    #[serde(default)]
    start: Option<Vec<u8>>,
    target: u8,
}

impl Json for WaterJugs {
    fn write_json(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"sizes\":");
        write_list(self.sizes(), out);
        if self.start != [0; MAX_JUGS] {
            out.extend_from_slice(b",\"start\":");
            write_list(&self.start[..self.jugs], out);
        }
        out.extend_from_slice(b",\"target\":");
        write_number(self.target.into(), out);
        out.push(b'}');
    }

    fn from_json(value: &serde_json::Value) -> Result<WaterJugs, PuzzleError> {
        let fields = Fields::deserialize(value).map_err(|error| PuzzleError(error.to_string()))?;
        let refuse = |field: &str, found: &dyn std::fmt::Debug, allowed: String| {
            Err(PuzzleError(format!("{field}: found {found:?}; allowed: {allowed}")))
        };
        let jugs = fields.sizes.len();
        if !(2..=MAX_JUGS).contains(&jugs) || fields.sizes.iter().any(|size| !(1..=MAX_SIZE).contains(size)) {
            return refuse("sizes", &fields.sizes, format!("2 to {MAX_JUGS} numbers from 1 to {MAX_SIZE}"));
        }
        if fields.sizes.iter().map(|&size| usize::from(size) + 1).product::<usize>() > MAX_POSITIONS {
            return refuse("sizes", &fields.sizes, format!("at most {MAX_POSITIONS} positions"));
        }
        if !(1..=MAX_SIZE).contains(&fields.target) {
            return refuse("target", &fields.target, format!("1 to {MAX_SIZE}"));
        }
        let start = fields.start.unwrap_or_else(|| vec![0; jugs]);
        if start.len() != jugs || start.iter().zip(&fields.sizes).any(|(held, size)| held > size) {
            return refuse("start", &start, "for each jug at most its size".into());
        }
        let padded = |list: &[u8]| -> Litres { std::array::from_fn(|jug| list.get(jug).copied().unwrap_or(0)) };
        Ok(WaterJugs {
            jugs,
            sizes: padded(&fields.sizes),
            start: padded(&start),
            target: fields.target,
            known: Known::default(),
        })
    }
}

fn write_list(numbers: &[u8], out: &mut Vec<u8>) {
    out.push(b'[');
    for (place, &number) in numbers.iter().enumerate() {
        if place > 0 {
            out.push(b',');
        }
        write_number(number.into(), out);
    }
    out.push(b']');
}
