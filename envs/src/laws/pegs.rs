//! Peg solitaire on a triangle: an environment with all defaults, to test that the defaults keep the laws.

use crate::prelude::*;

/// A board of four or five rows with one empty hole. The goal is a single peg.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pegs {
    pub rows: u8,
    pub empty: u8,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PegsConfig {
    pub rows: u8,
}

impl Default for PegsConfig {
    fn default() -> Self {
        PegsConfig { rows: 4 }
    }
}

/// A jump: start hole, and the hole behind the next one.
pub type Jump = (u8, u8);

impl Pegs {
    fn holes(&self) -> u8 {
        self.rows * (self.rows + 1) / 2
    }

    /// The hole in a row and a place; none beyond the edge.
    fn hole(&self, row: i8, place: i8) -> Option<u8> {
        let fine = (0..self.rows as i8).contains(&row) && (0..=row).contains(&place);
        fine.then(|| (row * (row + 1) / 2 + place) as u8)
    }

    /// The mirror image of a hole.
    fn mirrored(&self, hole: u8) -> u8 {
        let row = (0..).find(|row| (row + 1) * (row + 2) / 2 > hole).unwrap_or(0);
        row * (row + 1) / 2 + (row - (hole - row * (row + 1) / 2))
    }
}

impl Environment for Pegs {
    const ABOUT: About = About { name: "pegs", help: "jump until one peg is left", ..About::NEW };
    type Config = PegsConfig;
    type State = u16;
    type Move = Jump;

    fn levels() -> [PegsConfig; 3] {
        [4, 4, 5].map(|rows| PegsConfig { rows })
    }
    fn check(config: &PegsConfig) -> Result<(), ConfigError> {
        within("rows", config.rows.into(), 4, 5)
    }
    fn generate(config: &PegsConfig, draw: &mut Draw) -> Result<Self, Reject> {
        let pegs = Pegs { rows: config.rows, empty: 0 };
        Ok(Pegs { empty: draw.index(pegs.holes().into()) as u8, ..pegs })
    }
    fn canonical(&self) -> Self {
        Pegs { empty: self.empty.min(self.mirrored(self.empty)), ..*self }
    }
    fn validate(&self) -> Result<(), PuzzleError> {
        let fine = (4..=5).contains(&self.rows) && self.empty < self.holes();
        PuzzleError::unless(fine, "rows: 4 or 5; empty: a hole of the board")
    }
    fn start(&self) -> u16 {
        ((1 << self.holes()) - 1) & !(1 << self.empty)
    }
    fn is_goal(&self, state: &u16) -> bool {
        state.count_ones() == 1
    }
    fn successors(&self, state: &u16, out: &mut Vec<Step<Jump, u16>>) {
        let has = |hole: u8| state >> hole & 1 == 1;
        for (row, place) in (0..self.rows as i8).flat_map(|row| (0..=row).map(move |place| (row, place))) {
            for (down, right) in [(-1, -1), (-1, 0), (0, -1), (0, 1), (1, 0), (1, 1)] {
                let hole = |steps: i8| self.hole(row + steps * down, place + steps * right);
                let (Some(from), Some(over), Some(to)) = (hole(0), hole(1), hole(2)) else { continue };
                if has(from) && has(over) && !has(to) {
                    let state = state & !(1 << from) & !(1 << over) | 1 << to;
                    out.push(Step { action: (from, to), state, cost: 1 });
                }
            }
        }
    }
}

impl Atoms for Pegs {
    fn write_header(&self, _style: Style, out: &mut Vec<u8>) {
        write_number(self.rows.into(), out);
    }
    fn read_task(task: &Task<'_>) -> Option<Value> {
        let empty = task.start_numbers()?.iter().position(|&peg| peg == 0)?;
        Some(json!({"rows": task.header_numbers()?.first()?, "empty": empty}))
    }
    fn write_target(&self, _style: Style, out: &mut Vec<u8>) {
        out.push(b'1');
    }
    fn write_state(&self, state: &u16, _style: Style, out: &mut Vec<u8>) {
        let pegs: Vec<String> = (0..self.holes()).map(|hole| (state >> hole & 1).to_string()).collect();
        out.extend_from_slice(pegs.join(" ").as_bytes());
    }
    fn read_state(&self, style: Style, reader: &mut Reader<'_>) -> Option<u16> {
        let mut state = 0;
        for hole in 0..self.holes() {
            reader.take(if hole == 0 { b"" } else { b" " })?;
            state |= (reader.number_up_to(style, 1)? as u16) << hole;
        }
        Some(state)
    }
    fn write_move(&self, (from, to): Jump, _style: Style, out: &mut Vec<u8>) {
        out.extend_from_slice(format!("{from} -> {to}").as_bytes());
    }
    fn read_move(&self, style: Style, reader: &mut Reader<'_>) -> Option<Jump> {
        let from = reader.number_up_to(style, self.holes().into())?;
        reader.take(b" -> ")?;
        Some((from as u8, reader.number_up_to(style, self.holes().into())? as u8))
    }
}

impl Splits for Pegs {
    fn shown_otherwise(&self, _draw: &mut Draw) -> Option<Self> {
        Some(Pegs { empty: self.mirrored(self.empty), ..*self })
    }
}

impl SearchSupport for Pegs {}
impl Damage for Pegs {}
impl Answers for Pegs {}
impl Plain for Pegs {}
impl Instruct for Pegs {}
