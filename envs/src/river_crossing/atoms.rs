//! Texts of states and moves of river crossings. A state tells who is on the near bank and where the boat is, a move who crosses. Missionaries come before
//! cannibals; items are in the order of the puzzle.
//!
//! Frame: `[3 2 near]`, `(1 1)`, `[wolf goat near]`, `[far]`, `(goat)`, `()`. Compact: the same with single spaces: `3 2 near`,
//! `( 1 1 )`, `( )`. Prose: `3 missionaries and 2 cannibals near, boat near`, `take 1 missionary and 1 cannibal across`, `wolf and
//! goat near, boat far`, `take nothing across`.

use super::{Crossing, Group, Items, MAX_PEOPLE, NAMES, Party, Position, RiverCrossing, group_of, people};
use crate::prelude::*;

const NOTHING: &[u8] = b"nothing";
const BANKS: [&str; 2] = ["far", "near"];

/// With two seats nobody can be outnumbered in the boat.
const PEOPLE_RULES: &[u8] = b" and does not cross empty. On no bank may cannibals outnumber missionaries, where there are any; in the boat they may, which matters from three seats on.";
const ITEMS_RULES: &[u8] = b" beside the farmer, who rows.";

fn write_pairs(items: &Items, style: Style, out: &mut Vec<u8>) {
    let names: Vec<&str> = items.names().collect();
    out.extend_from_slice(match style {
        Style::Frame => b"; pairs: ",
        Style::Compact => b" pairs",
        Style::Prose => b". Not to be left alone: ",
    });
    if style == Style::Prose && items.pairs().next().is_none() {
        out.extend_from_slice(b"none");
    }
    for (place, (a, b)) in items.pairs().enumerate() {
        let [before, between, after] = match style {
            Style::Frame => [if place > 0 { ", " } else { "" }, "-", ""],
            Style::Compact => [" ", " ", " ,"],
            Style::Prose => [if place > 0 { ", " } else { "" }, " with ", ""],
        };
        for part in [before, names[a], between, names[b], after] {
            out.extend_from_slice(part.as_bytes());
        }
    }
}

fn nouns(count: u8, kind: usize) -> &'static [u8] {
    match (count, kind) {
        (1, 0) => b" missionary",
        (_, 0) => b" missionaries",
        (1, _) => b" cannibal",
        _ => b" cannibals",
    }
}

/// The text between the members of a group.
fn between(style: Style) -> &'static [u8] {
    if style == Style::Prose { b" and " } else { b" " }
}

/// Writes a group. A group without items is no text at all, except in prose.
fn write_group(puzzle: &RiverCrossing, group: Group, style: Style, out: &mut Vec<u8>) {
    match &puzzle.party {
        Party::People(..) => {
            let (missionaries, cannibals) = people(group);
            for (kind, count) in [missionaries, cannibals].into_iter().enumerate() {
                if kind > 0 {
                    out.extend_from_slice(between(style));
                }
                write_number(count.into(), out);
                if style == Style::Prose {
                    out.extend_from_slice(nouns(count, kind));
                }
            }
        }
        Party::Items(items) => {
            let present = items.names().enumerate().filter(|(item, _)| group >> item & 1 == 1);
            for (place, (_, name)) in present.enumerate() {
                if place > 0 {
                    out.extend_from_slice(between(style));
                }
                out.extend_from_slice(name.as_bytes());
            }
            if group == 0 && style == Style::Prose {
                out.extend_from_slice(NOTHING);
            }
        }
    }
}

fn read_group(puzzle: &RiverCrossing, style: Style, reader: &mut Reader<'_>) -> Option<Group> {
    match &puzzle.party {
        Party::People(missionaries, cannibals) => {
            let mut counts = [0; 2];
            for (kind, most) in [*missionaries, *cannibals].into_iter().enumerate() {
                if kind > 0 {
                    reader.take(between(style))?;
                }
                let count = reader.number_up_to(style, most.min(MAX_PEOPLE).into())? as u8;
                if style == Style::Prose {
                    reader.take(nouns(count, kind))?;
                }
                counts[kind] = count;
            }
            Some(group_of(counts[0], counts[1]))
        }
        Party::Items(items) => read_items(items, style, reader),
    }
}

/// Reads items in any order, each once. It takes as many as possible.
fn read_items(items: &Items, style: Style, reader: &mut Reader<'_>) -> Option<Group> {
    if style == Style::Prose && reader.take(NOTHING).is_some() {
        return Some(0);
    }
    let mut group: Group = 0;
    loop {
        let mut ahead = *reader;
        if group != 0 && ahead.take(between(style)).is_none() {
            break;
        }
        let Some(item) = items.names().position(|name| ahead.rest().starts_with(name.as_bytes())) else { break };
        if group >> item & 1 == 1 {
            return None;
        }
        group |= 1 << item;
        let length = items.names().nth(item).map_or(0, str::len);
        ahead.seek(ahead.position() + length);
        *reader = ahead;
    }
    if group == 0 && style == Style::Prose { None } else { Some(group) }
}

/// Whether a group is written as no text at all.
fn is_blank(puzzle: &RiverCrossing, group: Group, style: Style) -> bool {
    group == 0 && style != Style::Prose && matches!(puzzle.party, Party::Items(_))
}

/// The texts before and after a crossing group.
fn brackets(style: Style, blank: bool) -> (&'static [u8], &'static [u8]) {
    match style {
        Style::Frame => (b"(", b")"),
        Style::Compact if blank => (b"( ", b")"),
        Style::Compact => (b"( ", b" )"),
        Style::Prose => (b"take ", b" across"),
    }
}

impl Atoms for RiverCrossing {
    fn write_header(&self, style: Style, out: &mut Vec<u8>) {
        match &self.party {
            Party::People(..) => {
                out.extend_from_slice(match style {
                    Style::Frame => b"People: ",
                    Style::Compact => b"people ",
                    Style::Prose => b"There are ",
                });
                write_group(self, self.everyone(), style, out);
            }
            Party::Items(items) => {
                out.extend_from_slice(match style {
                    Style::Frame => b"Items: ",
                    Style::Compact => b"items ",
                    Style::Prose => b"The farmer has ",
                });
                write_group(self, self.everyone(), style, out);
                write_pairs(items, style, out);
            }
        }
        out.extend_from_slice(match style {
            Style::Frame => b"; boat: ",
            Style::Compact => b" boat ",
            Style::Prose => b". The boat holds ",
        });
        write_number(self.boat.into(), out);
        if style == Style::Prose {
            out.extend_from_slice(match self.party {
                Party::People(..) => PEOPLE_RULES,
                Party::Items(_) => ITEMS_RULES,
            });
        }
    }

    fn read_task(task: &Task<'_>) -> Option<Value> {
        let names = |text: &str| -> Vec<String> {
            crate::prompt::words(text).filter(|word| NAMES.contains(word)).map(String::from).collect()
        };
        let heads = match task.style {
            Style::Frame => ["; boat: ", "; pairs: ", "Items: "],
            Style::Compact => [" boat ", " pairs", "items "],
            Style::Prose => [". The boat holds ", ". Not to be left alone: ", "The farmer has "],
        };
        let (party, boat) = task.header.split_once(heads[0])?;
        let boat = *crate::prompt::numbers(task.style, boat)?.first()?;
        let Some((items, pairs)) = party.split_once(heads[1]).filter(|_| party.starts_with(heads[2])) else {
            let people = crate::prompt::numbers(task.style, party)?;
            let &[missionaries, cannibals] = people.as_slice() else { return None };
            return Some(json!({"missionaries": missionaries, "cannibals": cannibals, "boat": boat}));
        };
        let pairs: Vec<Vec<String>> = names(pairs).chunks(2).map(<[String]>::to_vec).collect();
        Some(json!({"items": names(items), "pairs": pairs, "boat": boat}))
    }

    fn write_target(&self, style: Style, out: &mut Vec<u8>) {
        self.write_state(&self.goal(), style, out);
    }

    fn write_state(&self, &state: &Position, style: Style, out: &mut Vec<u8>) {
        if style == Style::Frame {
            out.push(b'[');
        }
        write_group(self, state.near, style, out);
        if style == Style::Prose {
            out.extend_from_slice(b" near, boat ");
        } else if !is_blank(self, state.near, style) {
            out.push(b' ');
        }
        out.extend_from_slice(BANKS[usize::from(state.boat_near)].as_bytes());
        if style == Style::Frame {
            out.push(b']');
        }
    }

    fn read_state(&self, style: Style, reader: &mut Reader<'_>) -> Option<Position> {
        if style == Style::Frame {
            reader.take(b"[")?;
        }
        let near = read_group(self, style, reader)?;
        if style == Style::Prose {
            reader.take(b" near, boat ")?;
        } else if !is_blank(self, near, style) {
            reader.take(b" ")?;
        }
        let boat_near = reader.one_of(&BANKS)? == 1;
        if style == Style::Frame {
            reader.take(b"]")?;
        }
        Some(Position { near, boat_near })
    }

    fn write_move(&self, action: Crossing, style: Style, out: &mut Vec<u8>) {
        let (before, after) = brackets(style, is_blank(self, action.0, style));
        out.extend_from_slice(before);
        write_group(self, action.0, style, out);
        out.extend_from_slice(after);
    }

    fn read_move(&self, style: Style, reader: &mut Reader<'_>) -> Option<Crossing> {
        reader.take(brackets(style, false).0)?;
        let load = read_group(self, style, reader)?;
        reader.take(brackets(style, is_blank(self, load, style)).1)?;
        Some(Crossing(load))
    }
}
