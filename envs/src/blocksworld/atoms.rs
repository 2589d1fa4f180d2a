//! How towers are written and read.

use std::sync::Arc;

use super::{Blocks, Blocksworld, LOST, MAX_BLOCKS, Move, TABLE};
use crate::constraint::names::{OWN, is_own};
use crate::json;
use crate::prelude::*;
use crate::prompt::words;

fn letter(block: u8) -> u8 {
    b'A' + block
}

fn read_block(puzzle: &Blocksworld, reader: &mut Reader<'_>) -> Option<u8> {
    if let Some(names) = &puzzle.names {
        return names.read(reader);
    }
    let block = reader.peek()?.checked_sub(letter(0)).filter(|&block| block < puzzle.blocks)?;
    reader.take(&[letter(block)])?;
    Some(block)
}

pub fn write_block(puzzle: &Blocksworld, block: u8, out: &mut Vec<u8>) {
    match puzzle.names.as_ref().and_then(|names| names.get(usize::from(block))) {
        Some(name) => out.extend_from_slice(name.as_bytes()),
        None => out.push(letter(block)),
    }
}

/// The towers, in the order of their lowest blocks, each from the bottom up. Blocks of a partial goal that may be anywhere are the lowest of towers that may
/// stand anywhere, unless none is on them.
fn towers(puzzle: &Blocksworld, state: &Blocks) -> impl Iterator<Item = Tower> {
    let state = *state;
    let is_lowest = move |block: &u8| match state.under(*block) {
        TABLE => true,
        LOST => state.above(*block).is_some(),
        _ => false,
    };
    (0..puzzle.blocks).filter(is_lowest).map(move |lowest| {
        let mut tower = Tower { floats: state.under(lowest) == LOST, ..Tower::default() };
        state.tower(lowest).for_each(|block| tower.push(block));
        tower
    })
}

/// The blocks of a tower, from the bottom.
#[derive(Default)]
struct Tower {
    blocks: [u8; MAX_BLOCKS],
    len: usize,
    /// Whether it stands anywhere.
    floats: bool,
}

/// Stands below a tower that is anywhere.
const ANYWHERE: &str = "_";

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

/// A tower in JSON, from the bottom: a text of letters, or a list of names.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Letters(ArrayString<{ MAX_BLOCKS + 1 }>),
    Names(Box<ArrayVec<String, { MAX_BLOCKS + 1 }>>),
}

impl Written {
    fn blocks(&self) -> Vec<String> {
        match self {
            Written::Letters(letters) => letters.chars().map(String::from).collect(),
            Written::Names(names) => names.to_vec(),
        }
    }
}

type Towers = ArrayVec<Written, MAX_BLOCKS>;

/// The JSON of a puzzle: towers from the bottom. A partial goal says so; its towers with `_` at the bottom may stand anywhere.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fields {
    start: Towers,
    goal: Towers,
    #[serde(default, skip_serializing_if = "json::is_default")]
    partial: bool,
}

impl Json for Blocksworld {
    type Fields = Fields;
    const EXAMPLE: &'static str = r#"{"start":["AB","C"],"goal":["BCA"]}"#;

    fn to_fields(&self) -> Fields {
        let letters = |tower: Tower| {
            let front = tower.floats.then_some(b'_');
            let Some(names) = &self.names else {
                return Written::Letters(json::text(
                    front.into_iter().chain(tower.get().iter().map(|&block| letter(block))),
                ));
            };
            let names = tower.get().iter().filter_map(|&block| names.get(usize::from(block)).cloned());
            Written::Names(Box::new(
                front.map(|_| ANYWHERE.into()).into_iter().chain(names).take(MAX_BLOCKS + 1).collect(),
            ))
        };
        let [start, goal] = [&self.start, &self.goal].map(|state| towers(self, state).map(letters).collect());
        Fields { start, goal, partial: self.partial }
    }

    fn from_fields(Fields { start, goal, partial }: Fields) -> Result<Blocksworld, PuzzleError> {
        let all: Vec<String> = start.iter().flat_map(Written::blocks).collect();
        let blocks = all.len();
        if !(2..=MAX_BLOCKS).contains(&blocks) {
            return Err(PuzzleError::new("start", format_args!("{blocks} blocks"), format!("2 to {MAX_BLOCKS}")));
        }
        let mut puzzle = Blocksworld::whole(blocks as u8, Blocks::NOTHING, Blocks::NOTHING);
        if start.iter().any(|tower| matches!(tower, Written::Names(_))) {
            if let Some(name) = all.iter().find(|name| !is_own(name, &["on", "onto", "the", "table"])) {
                return Err(PuzzleError::new("start", name, format_args!("names of {OWN}")));
            }
            let letters = (0..blocks as u8).map(|block| char::from(letter(block)).to_string());
            // Names that are the first letters need no list.
            if !letters.clone().all(|letter| all.contains(&letter)) {
                puzzle.names = Some(Arc::new(all.into()));
            }
        }
        let start = built(&puzzle, "start", &start, false)?;
        let goal = built(&puzzle, "goal", &goal, partial)?;
        // A goal that says the place of every block is whole.
        Ok(Blocksworld { start, goal, partial: partial && !puzzle.is_complete(&goal), ..puzzle })
    }
}

/// The arrangement of listed towers. Every block must occur once, in a partial goal at most once.
fn built(puzzle: &Blocksworld, field: &str, towers: &Towers, partial: bool) -> Result<Blocks, PuzzleError> {
    let names = match &puzzle.names {
        Some(names) => names.join(", "),
        None => format!("A to {}", char::from(letter(puzzle.blocks - 1))),
    };
    let shown: Vec<String> =
        towers.iter().map(|tower| tower.blocks().join(if puzzle.names.is_some() { " " } else { "" })).collect();
    let how = if partial { "at most once, and _ below a tower that stands anywhere" } else { "once" };
    let error =
        || PuzzleError::new(field, &shown, format!("towers of the blocks {names}, each block {how}, from the bottom"));
    let mut state = Blocks::NOTHING;
    let mut seen = 0u16;
    for tower in towers {
        let blocks = tower.blocks();
        let floats = partial && blocks.first().is_some_and(|first| first == ANYWHERE);
        let mut under = if floats { LOST } else { TABLE };
        let blocks = blocks.get(usize::from(floats)..).unwrap_or_default();
        if blocks.len() < 1 + usize::from(floats) {
            return Err(error());
        }
        for name in blocks {
            let mut reader = Reader::new(name.as_bytes());
            let block = read_block(puzzle, &mut reader).filter(|block| reader.is_at_end() && seen >> block & 1 == 0);
            let block = block.ok_or_else(error)?;
            seen |= 1 << block;
            state = state.with(block, under);
            under = block;
        }
    }
    let enough = if partial { seen > 0 } else { puzzle.is_complete(&state) };
    if enough { Ok(state) } else { Err(error()) }
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
        let towers = |state: &str| -> Vec<Vec<String>> {
            let between = [",", "]", " and "][match task.style {
                Style::Frame => 0,
                Style::Compact => 1,
                Style::Prose => 2,
            }];
            let blocks = |tower: &str| {
                let mut blocks: Vec<String> =
                    words(tower).filter(|word| !["on", "the", "table"].contains(word)).map(String::from).collect();
                if task.style == Style::Prose {
                    let floats = !blocks.is_empty() && !tower.ends_with("on the table");
                    blocks.extend(floats.then(|| ANYWHERE.to_string()));
                    blocks.reverse();
                }
                blocks
            };
            state.split(between).map(blocks).filter(|tower| !tower.is_empty()).collect()
        };
        let (start, goal) = (towers(task.start), towers(task.target));
        // A goal that leaves blocks out, or lets a tower stand anywhere, is partial.
        let stands = |tower: &[String]| tower.first().is_none_or(|first| first != ANYWHERE);
        let count = |towers: &[Vec<String>]| towers.iter().map(Vec::len).sum::<usize>();
        let whole = count(&start) == count(&goal) && goal.iter().all(|tower| stands(tower));
        let mut puzzle = json!({"start": start, "goal": goal});
        if !whole {
            puzzle["partial"] = true.into();
        }
        Some(puzzle)
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
            if tower.floats && style != Style::Prose {
                out.extend_from_slice(ANYWHERE.as_bytes());
                out.extend_from_slice(next);
            }
            for (place, &block) in tower.get().iter().enumerate() {
                out.extend_from_slice(if place > 0 { next } else { b"" });
                write_block(self, block, out);
            }
            out.extend_from_slice(if tower.floats && style == Style::Prose { b"" } else { close });
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
        if self.names.is_some() {
            let [on, table] = move_signs(style);
            write_block(self, action.block, out);
            out.extend_from_slice(on);
            return match action.onto {
                TABLE => out.extend_from_slice(table),
                block => write_block(self, block, out),
            };
        }
        self.pen_move(out, style, action);
    }

    fn read_move(&self, style: Style, reader: &mut Reader<'_>) -> Option<Move> {
        if self.names.is_some() {
            let [on, table] = move_signs(style);
            let block = read_block(self, reader)?;
            reader.take(on)?;
            let onto = if reader.take(table).is_some() { TABLE } else { read_block(self, reader)? };
            return Some(Move { block, onto });
        }
        self.pen_move(reader, style, Move { block: 0, onto: TABLE })
    }
}

/// The text between a block and its place, and the table.
#[inline]
fn move_signs(style: Style) -> [&'static [u8]; 2] {
    if style == Style::Prose { [b" onto ", b"the table"] } else { [b" on ", b"table"] }
}

impl Blocksworld {
    /// Frame and Compact: `B on C`, `B on table`. Prose: `B onto C`, `B onto the table`.
    #[inline]
    fn pen_move(&self, pen: &mut impl Pen, style: Style, action: Move) -> Option<Move> {
        let [on, table] = move_signs(style);
        let block = pen.letter(letter(0), action.block, self.blocks)?;
        pen.sign(on)?;
        let onto = match pen.whether(table, action.onto == TABLE) {
            true => TABLE,
            false => pen.letter(letter(0), action.onto, self.blocks)?,
        };
        Some(Move { block, onto })
    }
}
