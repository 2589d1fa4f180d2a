//! Water jugs as JSON.

use super::{Litres, MAX_JUGS, MAX_POSITIONS, MAX_SIZE, WaterJugs};
use crate::exact::Known;
use crate::prelude::*;

type Jugs = ArrayVec<u8, MAX_JUGS>;

/// The JSON of a puzzle. The start is omitted if all jugs are empty.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fields {
    sizes: Jugs,
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<Jugs>,
    target: u8,
}

impl Json for WaterJugs {
    type Fields = Fields;
    const EXAMPLE: &'static str = r#"{"sizes":[3,5],"target":4}"#;

    fn to_fields(&self) -> Fields {
        let list = |litres: &[u8]| litres.iter().copied().take(self.jugs).collect();
        let start = (self.start != [0; MAX_JUGS]).then(|| list(&self.start));
        Fields { sizes: list(&self.sizes), start, target: self.target }
    }

    fn from_fields(Fields { sizes, start, target }: Fields) -> Result<WaterJugs, PuzzleError> {
        let jugs = sizes.len();
        if jugs < 2 || sizes.iter().any(|size| !(1..=MAX_SIZE).contains(size)) {
            let allowed = format!("2 to {MAX_JUGS} numbers from 1 to {MAX_SIZE}");
            return Err(PuzzleError::new("sizes", sizes, allowed));
        }
        if sizes.iter().map(|&size| usize::from(size) + 1).product::<usize>() > MAX_POSITIONS {
            return Err(PuzzleError::new("sizes", sizes, format!("at most {MAX_POSITIONS} positions")));
        }
        PuzzleError::within("target", target, 1u64, MAX_SIZE)?;
        let start = start.unwrap_or_else(|| sizes.iter().map(|_| 0).collect());
        if start.len() != jugs || start.iter().zip(&sizes).any(|(held, size)| held > size) {
            return Err(PuzzleError::new("start", start, "for each jug at most its size"));
        }
        let padded = |list: &Jugs| -> Litres { std::array::from_fn(|jug| list.get(jug).copied().unwrap_or(0)) };
        Ok(WaterJugs { jugs, sizes: padded(&sizes), start: padded(&start), target, known: Known::default() })
    }
}
