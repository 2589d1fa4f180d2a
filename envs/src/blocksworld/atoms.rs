//! How towers are written and read.

use super::{Blocks, Blocksworld, LOST, MAX_BLOCKS, Move, TABLE};
use crate::json;
use crate::prelude::*;

fn letter(block: u8) -> u8 {
    b'A' + block
}

fn read_block(puzzle: &Blocksworld, reader: &mut Reader<'_>) -> Option<u8> {
    let block = reader.peek()?.checked_sub(letter(0)).filter(|&block| block < puzzle.blocks)?;
    reader.take(&[letter(block)])?;
    Some(block)
}

/// The towers, in the order of their lowest blocks, each from the bottom up.
fn towers(puzzle: &Blocksworld, state: &Blocks) -> impl Iterator<Item = Tower> {
    let state = *state;
    (0..puzzle.blocks).filter(move |&block| state.under(block) == TABLE).map(move |lowest| {
        let mut tower = Tower::default();
        state.tower(lowest).for_each(|block| tower.push(block));
        tower
    })
}

/// The blocks of a tower, from the bottom.
#[derive(Default)]
struct Tower {
    blocks: [u8; MAX_BLOCKS],
    len: usize,
}

impl Tower {
    fn push(&mut self, block: u8) {
        self.blocks[self.len] = block;
        self.len += 1;
    }

    fn get(&self) -> &[u8] {
        &self.blocks[..self.len]
    }
}

const TABLE_IN_PROSE: &[u8] = b" on the table";

fn between(style: Style) -> &'static [u8] {
    match style {
        Style::Frame => b", ",
        Style::Compact => b" ",
        Style::Prose => b" and ",
    }
}

/// The texts before a tower, between its blocks, and after it.
fn signs(style: Style) -> (&'static [u8], &'static [u8], &'static [u8]) {
    match style {
        Style::Frame => (b"", b" ", b""),
        Style::Compact => (b"[ ", b" ", b" ]"),
        Style::Prose => (b"", b" on ", TABLE_IN_PROSE),
    }
}

fn read_tower(puzzle: &Blocksworld, state: &mut Blocks, style: Style, reader: &mut Reader<'_>) -> Option<()> {
    let (open, next, close) = signs(style);
    reader.take(open)?;
    let mut tower = Tower::default();
    loop {
        let block = read_block(puzzle, reader)?;
        if state.under(block) != LOST {
            return None;
        }
        *state = state.with(block, TABLE);
        tower.push(block);
        let mut ahead = *reader;
        if ahead.take(next).and_then(|()| read_block(puzzle, &mut ahead)).is_none() {
            break;
        }
        reader.take(next)?;
    }
    reader.take(close)?;
    if style == Style::Prose {
        tower.blocks[..tower.len].reverse();
    }
    for pair in tower.get().windows(2) {
        *state = state.with(pair[1], pair[0]);
    }
    Some(())
}

type Towers = ArrayVec<ArrayString<MAX_BLOCKS>, MAX_BLOCKS>;

/// The JSON of a puzzle: towers from the bottom.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fields {
    start: Towers,
    goal: Towers,
}

impl Json for Blocksworld {
    type Fields = Fields;
    const EXAMPLE: &'static str = r#"{"start":["AB","C"],"goal":["BCA"]}"#;

    fn to_fields(&self) -> Fields {
        let letters = |tower: Tower| json::text(tower.get().iter().map(|&block| letter(block)));
        let [start, goal] = [&self.start, &self.goal].map(|state| towers(self, state).map(letters).collect());
        Fields { start, goal }
    }

    fn from_fields(Fields { start, goal }: Fields) -> Result<Blocksworld, PuzzleError> {
        let blocks: usize = start.iter().map(|tower| tower.len()).sum();
        if !(2..=MAX_BLOCKS).contains(&blocks) {
            return Err(PuzzleError::new("start", format_args!("{blocks} blocks"), format!("2 to {MAX_BLOCKS}")));
        }
        let puzzle = Blocksworld { blocks: blocks as u8, start: Blocks::NOTHING, goal: Blocks::NOTHING };
        Ok(Blocksworld { start: built(&puzzle, "start", &start)?, goal: built(&puzzle, "goal", &goal)?, ..puzzle })
    }
}

/// The arrangement of listed towers. Every block must occur once.
fn built(puzzle: &Blocksworld, field: &str, towers: &Towers) -> Result<Blocks, PuzzleError> {
    let last = char::from(letter(puzzle.blocks - 1));
    let error = || {
        PuzzleError::new(field, towers, format!("towers of the blocks A to {last}, each block once, from the bottom"))
    };
    let mut state = Blocks::NOTHING;
    for tower in towers {
        let mut under = TABLE;
        let mut reader = Reader::new(tower.as_bytes());
        while !reader.is_at_end() {
            let block = read_block(puzzle, &mut reader).filter(|&block| state.under(block) == LOST);
            let block = block.ok_or_else(error)?;
            state = state.with(block, under);
            under = block;
        }
        if tower.is_empty() {
            return Err(error());
        }
    }
    if puzzle.is_complete(&state) { Ok(state) } else { Err(error()) }
}

impl Atoms for Blocksworld {
    fn write_header(&self, style: Style, out: &mut Vec<u8>) {
        if style == Style::Prose {
            out.extend_from_slice(
                b"A move puts a block on which nothing lies onto another such block, or onto the table.",
            );
        }
    }

    fn read_task(task: &Task<'_>) -> Option<Value> {
        let towers = |state: &str| -> Vec<String> {
            let between = [",", "]", " and "][match task.style {
                Style::Frame => 0,
                Style::Compact => 1,
                Style::Prose => 2,
            }];
            let blocks = |tower: &str| {
                let blocks = tower.chars().filter(char::is_ascii_uppercase);
                if task.style == Style::Prose { blocks.rev().collect() } else { blocks.collect::<String>() }
            };
            state.split(between).map(blocks).filter(|tower| !tower.is_empty()).collect()
        };
        Some(json!({"start": towers(task.start), "goal": towers(task.target)}))
    }

    fn write_target(&self, style: Style, out: &mut Vec<u8>) {
        self.write_state(&self.goal, style, out);
    }

    /// Frame: `[A B, C]`, from the bottom. Compact: `[ A B ] [ C ]`. Prose: `B on A on the table and C on the table`.
    fn write_state(&self, state: &Blocks, style: Style, out: &mut Vec<u8>) {
        if style == Style::Frame {
            out.push(b'[');
        }
        for (place, mut tower) in towers(self, state).enumerate() {
            if place > 0 {
                out.extend_from_slice(between(style));
            }
            if style == Style::Prose {
                tower.blocks[..tower.len].reverse();
            }
            let (open, next, close) = signs(style);
            out.extend_from_slice(open);
            for (place, &block) in tower.get().iter().enumerate() {
                out.extend_from_slice(if place > 0 { next } else { b"" });
                out.push(letter(block));
            }
            out.extend_from_slice(close);
        }
        if style == Style::Frame {
            out.push(b']');
        }
    }

    /// Accepts towers in any order. Blocks may be missing, but not all, and none may occur twice.
    fn read_state(&self, style: Style, reader: &mut Reader<'_>) -> Option<Blocks> {
        if style == Style::Frame {
            reader.take(b"[")?;
        }
        let mut state = Blocks::NOTHING;
        read_tower(self, &mut state, style, reader)?;
        loop {
            let mut ahead = *reader;
            // In the compact style, only another tower continues the state.
            let more = ahead.take(between(style)).filter(|()| style != Style::Compact || ahead.peek() == Some(b'['));
            if more.is_none() {
                break;
            }
            read_tower(self, &mut state, style, &mut ahead)?;
            *reader = ahead;
        }
        if style == Style::Frame {
            reader.take(b"]")?;
        }
        Some(state)
    }

    fn write_move(&self, action: Move, style: Style, out: &mut Vec<u8>) {
        self.pen_move(out, style, action);
    }

    fn read_move(&self, style: Style, reader: &mut Reader<'_>) -> Option<Move> {
        self.pen_move(reader, style, Move { block: 0, onto: TABLE })
    }
}

impl Blocksworld {
    /// Frame and Compact: `B on C`, `B on table`. Prose: `B onto C`, `B onto the table`.
    #[inline]
    fn pen_move(&self, pen: &mut impl Pen, style: Style, action: Move) -> Option<Move> {
        let [on, table]: [&[u8]; 2] =
            if style == Style::Prose { [b" onto ", b"the table"] } else { [b" on ", b"table"] };
        let block = pen.letter(letter(0), action.block, self.blocks)?;
        pen.sign(on)?;
        let onto = match pen.whether(table, action.onto == TABLE) {
            true => TABLE,
            false => pen.letter(letter(0), action.onto, self.blocks)?,
        };
        Some(Move { block, onto })
    }
}
