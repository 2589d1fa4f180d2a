//! Texts of states and moves of the Tower of Hanoi.

use super::{Disks, Hanoi, LOST, MAX_DISKS, MAX_PEGS, Move};
use crate::prelude::*;
use crate::prompt::numbers;

fn letter(peg: u8) -> u8 {
    b'A' + peg
}

/// The disks of a peg, the lowest first.
pub fn pile(hanoi: &Hanoi, state: Disks, peg: u8) -> impl Iterator<Item = u8> + Clone {
    (0..hanoi.disks).rev().filter(move |&disk| state.peg(disk) == peg)
}

fn brackets(style: Style) -> (&'static [u8], &'static [u8]) {
    match style {
        Style::Frame => (b"[", b"]"),
        Style::Compact => (b"[", b" ]"),
        Style::Prose => (b"", b""),
    }
}

fn between(style: Style) -> &'static [u8] {
    if style == Style::Compact { b" |" } else { b", " }
}

/// The texts before the first disk of a peg, and before each other one.
fn before_disk(style: Style) -> [&'static [u8]; 2] {
    if style == Style::Prose { [b" holds ", b" and "] } else { [b" ", b" "] }
}

const EMPTY: &[u8] = b" is empty";

fn write_pile(pile: impl Iterator<Item = u8> + Clone, style: Style, out: &mut Vec<u8>) {
    if style == Style::Prose && pile.clone().next().is_none() {
        out.extend_from_slice(EMPTY);
    }
    for (place, disk) in pile.enumerate() {
        out.extend_from_slice(before_disk(style)[place.min(1)]);
        write_number(u64::from(disk) + 1, out);
    }
}

fn read_pile(hanoi: &Hanoi, state: &mut Disks, peg: u8, style: Style, reader: &mut Reader<'_>) -> Option<()> {
    if style == Style::Prose && reader.take(EMPTY).is_some() {
        return Some(());
    }
    let mut lower = hanoi.disks;
    for place in 0.. {
        let mut ahead = *reader;
        let disk = ahead.take(before_disk(style)[place.min(1)]).and_then(|()| read_disk(hanoi, &mut ahead));
        let Some(disk) = disk else { break };
        if disk >= lower || state.peg(disk) != LOST {
            return None;
        }
        *state = state.with(disk, peg);
        lower = disk;
        *reader = ahead;
    }
    (style != Style::Prose || lower < hanoi.disks).then_some(())
}

fn read_disk(hanoi: &Hanoi, reader: &mut Reader<'_>) -> Option<u8> {
    let number = reader.number().filter(|number| (1..=u64::from(hanoi.disks)).contains(number))?;
    Some(number as u8 - 1)
}

type Piles = ArrayVec<ArrayVec<u8, MAX_DISKS>, MAX_PEGS>;

/// The JSON of a puzzle: the disks of each peg, from the lowest.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fields {
    start: Piles,
    goal: Piles,
}

impl Json for Hanoi {
    type Fields = Fields;
    const EXAMPLE: &'static str = r#"{"start":[[3,1],[2],[]],"goal":[[],[],[3,2,1]]}"#;

    fn to_fields(&self) -> Fields {
        let piles = |state| (0..self.pegs).map(|peg| pile(self, state, peg).map(|disk| disk + 1).collect()).collect();
        Fields { start: piles(self.start), goal: piles(self.goal) }
    }

    fn from_fields(Fields { start, goal }: Fields) -> Result<Hanoi, PuzzleError> {
        let pegs = start.len();
        if pegs < 3 {
            return Err(PuzzleError::new("start", format_args!("{pegs} pegs"), format!("3 to {MAX_PEGS}")));
        }
        let disks: usize = start.iter().map(|pile| pile.len()).sum();
        if !(1..=MAX_DISKS).contains(&disks) {
            return Err(PuzzleError::new("start", format_args!("{disks} disks"), format!("1 to {MAX_DISKS}")));
        }
        let none = Disks::default();
        let hanoi = Hanoi { pegs: pegs as u8, disks: disks as u8, start: none, goal: none };
        Ok(Hanoi { start: piled(&hanoi, "start", &start)?, goal: piled(&hanoi, "goal", &goal)?, ..hanoi })
    }
}

/// The position of listed pegs: every disk once, and none on a smaller one.
fn piled(hanoi: &Hanoi, field: &str, piles: &Piles) -> Result<Disks, PuzzleError> {
    let allowed = format!("{} pegs, the disks 1 to {} each once, the largest of a peg first", hanoi.pegs, hanoi.disks);
    let error = || PuzzleError::new(field, piles, &allowed);
    if piles.len() != hanoi.pegs() || piles.iter().map(|pile| pile.len()).sum::<usize>() != hanoi.disks() {
        return Err(error());
    }
    let mut state = (0..hanoi.disks).fold(Disks::default(), |state, disk| state.with(disk, LOST));
    for (peg, pile) in (0..hanoi.pegs).zip(piles) {
        for &number in pile {
            let disk = number.checked_sub(1).filter(|&disk| disk < hanoi.disks && state.peg(disk) == LOST);
            state = state.with(disk.ok_or_else(error)?, peg);
        }
        if pile.windows(2).any(|pair| pair[0] <= pair[1]) {
            return Err(error());
        }
    }
    Ok(state)
}

impl Atoms for Hanoi {
    fn write_header(&self, style: Style, out: &mut Vec<u8>) {
        if style == Style::Prose {
            out.extend_from_slice(
                b"Disks are called by their size, and the disks of a peg are given from the lowest up. A move takes the top disk of a peg to another peg, never onto a smaller disk.",
            );
        }
    }

    fn read_task(task: &Task<'_>) -> Option<Value> {
        let between = if task.style == Style::Compact { "|" } else { "," };
        let pegs = |state: &str| {
            let pegs = state.split(between).map(|peg| numbers(task.style, peg));
            pegs.collect::<Option<Vec<Vec<u64>>>>()
        };
        Some(json!({"start": pegs(task.start)?, "goal": pegs(task.target)?}))
    }

    fn write_target(&self, style: Style, out: &mut Vec<u8>) {
        self.write_state(&self.goal, style, out);
    }

    /// Frame: `[A 3 1, B 2, C]`. Compact: `[ 3 1 | 2 | ]`. Prose: `A holds 3 and 1, B holds 2, C is empty`. Disks are listed from the lowest.
    fn write_state(&self, &state: &Disks, style: Style, out: &mut Vec<u8>) {
        let (open, close) = brackets(style);
        out.extend_from_slice(open);
        for peg in 0..self.pegs {
            if peg > 0 {
                out.extend_from_slice(between(style));
            }
            if style != Style::Compact {
                out.push(letter(peg));
            }
            write_pile(pile(self, state, peg), style, out);
        }
        out.extend_from_slice(close);
    }

    /// Accepts missing disks. None may occur twice or be on a smaller one.
    fn read_state(&self, style: Style, reader: &mut Reader<'_>) -> Option<Disks> {
        let (open, close) = brackets(style);
        let mut state = (0..self.disks).fold(Disks::default(), |state, disk| state.with(disk, LOST));
        reader.take(open)?;
        for peg in 0..self.pegs {
            if peg > 0 {
                reader.take(between(style))?;
            }
            if style != Style::Compact {
                reader.take(&[letter(peg)])?;
            }
            read_pile(self, &mut state, peg, style, reader)?;
        }
        reader.take(close)?;
        Some(state)
    }

    fn write_move(&self, action: Move, style: Style, out: &mut Vec<u8>) {
        self.pen_move(out, style, action);
    }

    fn read_move(&self, style: Style, reader: &mut Reader<'_>) -> Option<Move> {
        self.pen_move(reader, style, Move { disk: 0, from: 0, to: 0 })
    }
}

impl Hanoi {
    /// Frame: `2 A->C`. Compact: `2 A -> C`. Prose: `disk 2 from A to C`.
    #[inline]
    fn pen_move(&self, pen: &mut impl Pen, style: Style, action: Move) -> Option<Move> {
        let [disk, from, to]: [&[u8]; 3] = match style {
            Style::Frame => [b"", b" ", b"->"],
            Style::Compact => [b"", b" ", b" -> "],
            Style::Prose => [b"disk ", b" from ", b" to "],
        };
        pen.sign(disk)?;
        let disk = pen.number(Style::Frame, u64::from(action.disk) + 1, self.disks.into())?.checked_sub(1)? as u8;
        pen.sign(from)?;
        let from = pen.letter(letter(0), action.from, self.pegs)?;
        pen.sign(to)?;
        Some(Move { disk, from, to: pen.letter(letter(0), action.to, self.pegs)? })
    }
}
