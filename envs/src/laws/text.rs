//! Laws of writing, reading and damage.

use super::{Held, Law, hold, no_panic, shown};
use crate::about::MoveClaim;
use crate::damage::DamageKind;
use crate::draw::Draw;
use crate::environment::{Complete, Environment, Step};
use crate::instruct::Instructions;
use crate::prompt::Task;
use crate::search_support::Evaluator;
use crate::text::{Reader, Style};

type Steps<E> = [Step<<E as Environment>::Move, <E as Environment>::State>];

const STYLES: [Style; 3] = [Style::Frame, Style::Compact, Style::Prose];

/// Texts that may follow an atom and must be left over.
fn followers(style: Style) -> &'static [&'static str] {
    match style {
        Style::Frame => &["", ",", "'", "\n"],
        Style::Compact => &["", " ;", "\n"],
        Style::Prose => &["", ".", ";", "\n"],
    }
}

/// Texts that are written once for a puzzle must be on one line, in UTF-8.
pub fn lines<E: Complete>(puzzle: &E) -> Held {
    for style in STYLES {
        let mut header = Vec::new();
        puzzle.write_header(style, &mut header);
        let mut target = Vec::new();
        puzzle.write_target(style, &mut target);
        hold(Law::Atoms, "write_target", !target.is_empty(), || (format!("nothing in {style:?}"), "the goal".into()))?;
        for (item, text) in [("write_header", header), ("write_target", target)] {
            one_line(item, &text, style)?;
        }
    }
    Ok(())
}

fn one_line(item: &'static str, text: &[u8], style: Style) -> Held {
    let fine = !text.contains(&b'\n') && std::str::from_utf8(text).is_ok();
    hold(Law::Atoms, item, fine, || {
        (format!("{:?} in {style:?}", String::from_utf8_lossy(text)), "one line of UTF-8".into())
    })
}

/// Words of the compact dialect that need not be declared.
pub const COMPACT_WORDS: [&str; 22] = [
    "start",
    "target",
    "cost",
    "estimate",
    "open",
    "goal",
    "dead",
    "seen",
    "cut",
    "back",
    "again",
    "to",
    "at",
    "drop",
    "bound",
    "stop",
    "unsolvable",
    "answer",
    "best",
    "none",
    "edges",
    "arcs",
];

/// Signs of the compact dialect that need not be declared.
const COMPACT_SIGNS: [&str; 17] =
    [":", ";", ">", "=", ",", ".", "^", "/", "+", "-", "*", "->", "|", "(", ")", "[", "]"];

/// The words of compact texts must be declared in `About::words`, or be names in the puzzle's JSON.
pub fn words<E: Complete>(puzzle: &E, state: &E::State, steps: &Steps<E>) -> Held {
    let about = puzzle.about();
    let json = serde_json::from_str(&super::shown_json(puzzle)).unwrap_or_default();
    let mut names = Vec::new();
    strings(&json, &mut names);
    let is_number = |word: &str| word.len() <= 3 && word.bytes().all(|byte| byte.is_ascii_digit());
    let known = |word: &&str| {
        let lists = [&COMPACT_WORDS[..], &COMPACT_SIGNS, about.words, about.shared_words, &names];
        is_number(word) || lists.iter().any(|list| list.contains(word))
    };
    let declared = |item: &'static str, text: String| {
        let unknown = text.split_whitespace().find(|word| !known(word));
        hold(Law::Words, item, unknown.is_none(), || {
            let expected = "words that are numbers up to 999, signs of the dialect `compact`, in `About::words`, or names of the puzzle";
            (format!("{text:?} in {:?}, with {:?}", Style::Compact, unknown.unwrap_or_default()), expected.into())
        })
    };
    declared("write_header", shown(|out| puzzle.write_header(Style::Compact, out)))?;
    declared("write_target", shown(|out| puzzle.write_target(Style::Compact, out)))?;
    declared("write_state", shown(|out| puzzle.write_state(state, Style::Compact, out)))?;
    steps
        .iter()
        .try_for_each(|step| declared("write_move", shown(|out| puzzle.write_move(step.action, Style::Compact, out))))
}

/// The strings in a JSON value, without keys.
fn strings<'v>(value: &'v serde_json::Value, out: &mut Vec<&'v str>) {
    match value {
        serde_json::Value::String(text) => out.push(text),
        serde_json::Value::Array(items) => items.iter().for_each(|item| strings(item, out)),
        serde_json::Value::Object(fields) => fields.values().for_each(|item| strings(item, out)),
        _ => {}
    }
}

/// The prompt must read back to the same puzzle.
pub fn prompt<E: Complete>(puzzle: &E) -> Held {
    for style in STYLES {
        let header = shown(|out| puzzle.write_header(style, out));
        let start = shown(|out| puzzle.write_state(&puzzle.start(), style, out));
        let target = shown(|out| puzzle.write_target(style, out));
        let told = E::read_task_of(puzzle.kind(), &Task { style, header: &header, start: &start, target: &target });
        let read = told.as_ref().map(|told| E::from_json_of(puzzle.kind(), told));
        let json = |puzzle: &E| shown(|out| puzzle.write_json(out));
        let same = matches!(&read, Some(Ok(read)) if json(read) == json(puzzle));
        hold(Law::Prompt, "read_task", same, || {
            let told = told.map_or("nothing".into(), |told| told.to_string());
            let says = format!("{told} of header {header:?}, start {start:?} and target {target:?} in {style:?}");
            (says, json(puzzle))
        })?;
    }
    instructions(puzzle)
}

/// The puzzle in words must be lines as promised, and its layout must read back to the same puzzle.
fn instructions<E: Complete>(puzzle: &E) -> Held {
    let Instructions { rules, layout, form } = puzzle.instructions();
    for text in rules.iter().chain([&form]) {
        hold(Law::Prompt, "instructions", !text.trim().is_empty() && !text.contains('\n'), || {
            (format!("{text:?}"), "one line that is not empty".into())
        })?;
    }
    let fine = |line: &str| !line.is_empty() && line.trim_end() == line;
    hold(Law::Prompt, "instructions", !layout.is_empty() && layout.split('\n').all(fine), || {
        (format!("the layout {layout:?}"), "lines without white space at their ends, none of them empty".into())
    })?;
    let told = E::read_layout(puzzle.kind(), &layout);
    let read = told.as_ref().map(|told| E::from_json_of(puzzle.kind(), told));
    let json = |puzzle: &E| shown(|out| puzzle.write_json(out));
    hold(Law::Prompt, "read_layout", matches!(&read, Some(Ok(read)) if json(read) == json(puzzle)), || {
        let told = told.map_or("nothing".into(), |told| told.to_string());
        (format!("{told} of the layout {layout:?}"), json(puzzle))
    })
}

pub fn atoms<E: Complete>(puzzle: &E, state: &E::State, steps: &Steps<E>) -> Held {
    for style in STYLES {
        state_atom(puzzle, state, style)?;
        value_atom(puzzle, state, style)?;
        for step in steps {
            move_atom(puzzle, step.action, style)?;
        }
    }
    Ok(())
}

/// The items that write and read an atom.
#[derive(Clone, Copy)]
struct Atom {
    write: &'static str,
    read: &'static str,
    style: Style,
}

/// Writes an atom, reads it with each follower, and checks the value with `same`.
fn round_trip<T: std::fmt::Debug>(
    atom: Atom,
    write: impl Fn(&mut Vec<u8>),
    read: impl Fn(&mut Reader<'_>) -> Option<T>,
    same: impl Fn(&T) -> bool,
) -> Held {
    let Atom { style, .. } = atom;
    for follower in followers(style) {
        let mut text = Vec::new();
        write(&mut text);
        hold(Law::Atoms, atom.write, !text.is_empty(), || (format!("nothing in {style:?}"), "something".into()))?;
        one_line(atom.write, &text, style)?;
        let end = text.len();
        text.extend_from_slice(follower.as_bytes());
        let mut reader = Reader::new(&text);
        let read = read(&mut reader);
        hold(Law::Atoms, atom.read, read.as_ref().is_some_and(&same) && reader.position() == end, || {
            let taken = String::from_utf8_lossy(&text[..reader.position().min(text.len())]).into_owned();
            let read = read.map_or("nothing".into(), |read| format!("{read:?}"));
            let text = String::from_utf8_lossy(&text).into_owned();
            let expected = format!("what `{}` wrote, which ends before {follower:?}", atom.write);
            (format!("{read} of {text:?} in {style:?}, of which it takes {taken:?}"), expected)
        })?;
    }
    Ok(())
}

/// The state that is read must be the same position with the same text.
fn state_atom<E: Complete>(puzzle: &E, state: &E::State, style: Style) -> Held {
    let written = |state: &E::State| shown(|out| puzzle.write_state(state, style, out));
    let same = |read: &E::State| puzzle.same_state(read, state) && written(read) == written(state);
    let atom = Atom { write: "write_state", read: "read_state", style };
    round_trip(atom, |out| puzzle.write_state(state, style, out), |reader| puzzle.read_state(style, reader), same)
}

fn move_atom<E: Complete>(puzzle: &E, action: E::Move, style: Style) -> Held {
    let same = |read: &E::Move| *read == action;
    let atom = Atom { write: "write_move", read: "read_move", style };
    round_trip(atom, |out| puzzle.write_move(action, style, out), |reader| puzzle.read_move(style, reader), same)
}

fn value_atom<E: Complete>(puzzle: &E, state: &E::State, style: Style) -> Held {
    let read = |reader: &mut Reader<'_>| puzzle.read_value(style, reader);
    let fits = |read: &E::State| puzzle.value_fits(read, state);
    let atom = Atom { write: "write_value", read: "read_value", style };
    round_trip(atom, |out| puzzle.write_value(state, style, out), read, fits)
}

const HOSTILE_TEXTS: usize = 8;

/// Reads texts with a few wrong bytes, and uses the values that are read.
pub fn reading<E: Complete>(
    puzzle: &E,
    evaluators: &[Evaluator<E>],
    state: &E::State,
    steps: &Steps<E>,
    draw: &mut Draw,
) -> Held {
    for style in STYLES {
        for _ in 0..HOSTILE_TEXTS {
            let mut text = Vec::new();
            match draw.choose(steps) {
                Some(step) if draw.chance(1, 2) => puzzle.write_move(step.action, style, &mut text),
                _ if draw.chance(1, 2) => puzzle.write_value(state, style, &mut text),
                _ => puzzle.write_state(state, style, &mut text),
            }
            spoil(&mut text, draw);
            read_all(puzzle, evaluators, state, style, &text)?;
        }
    }
    Ok(())
}

fn spoil(text: &mut Vec<u8>, draw: &mut Draw) {
    for _ in 0..draw.between(1, 4) {
        let place = draw.index(text.len());
        let byte =
            if draw.chance(1, 2) { draw.below(256) as u8 } else { *draw.choose(b"09 [],-^=9999").unwrap_or(&b' ') };
        match draw.index(5) {
            0 => text.truncate(place),
            1 if !text.is_empty() => text[place] = byte,
            2 if !text.is_empty() => drop(text.remove(place)),
            3 => text.extend(std::iter::repeat_n(byte, draw.index(30))),
            _ => text.insert(place, byte),
        }
    }
}

/// Every value that is read must be usable.
fn read_all<E: Complete>(puzzle: &E, evaluators: &[Evaluator<E>], state: &E::State, style: Style, text: &[u8]) -> Held {
    let of = |what: &str| format!(" on {what}{:?} in {style:?}", String::from_utf8_lossy(text));
    let mut out = Vec::new();
    let value = || puzzle.read_value(style, &mut Reader::new(text)).map(|read| puzzle.value_fits(&read, state));
    no_panic(Law::Reading, "read_value", value, || of(""))?;
    let read = || puzzle.read_state(style, &mut Reader::new(text));
    if let Some(read) = no_panic(Law::Reading, "read_state", read, || of(""))? {
        let ask = || {
            puzzle.write_state(&read, style, &mut out);
            puzzle.write_value(&read, style, &mut out);
            puzzle.is_goal(&read);
            puzzle.is_terminal(&read);
            puzzle.same_state(&read, state);
            puzzle.successors(&read, &mut Vec::new());
            for evaluator in evaluators {
                evaluator.estimate(puzzle, &read);
            }
        };
        no_panic(Law::Reading, "read_state", ask, || of("being asked about the state of "))?;
    }
    let read = || puzzle.read_move(style, &mut Reader::new(text));
    if let Some(action) = no_panic(Law::Reading, "read_move", read, || of(""))? {
        let ask = || {
            puzzle.write_move(action, style, &mut out);
            puzzle.apply(state, action);
            puzzle.apply_as_claimed(state, action);
        };
        no_panic(Law::Reading, "read_move", ask, || of("being asked about the move of "))?;
    }
    Ok(())
}

const TRIES: usize = 4;

/// The same draws must give the same damage.
fn twice<T: PartialEq + std::fmt::Debug>(
    item: &'static str,
    draw: &mut Draw,
    damage: impl Fn(&mut Draw) -> T,
) -> Result<T, super::Broken> {
    let mut same = draw.clone();
    let once = damage(draw);
    let again = damage(&mut same);
    hold(Law::Damage, item, again == once, || {
        (format!("{once:?}, and by the same draws {again:?}"), "the same twice".into())
    })?;
    Ok(once)
}

pub fn damage<E: Complete>(puzzle: &E, state: &E::State, steps: &Steps<E>, draw: &mut Draw) -> Held {
    let name = |state: &E::State| shown(|out| puzzle.write_state(state, Style::Frame, out));
    for how in [DamageKind::Lose, DamageKind::Change, DamageKind::Invent] {
        for _ in 0..TRIES {
            let wrong = twice("damage_state", draw, |draw| puzzle.damage_state(state, how, draw))?;
            let Some(wrong) = wrong else { continue };
            hold(Law::Damage, "damage_state", !puzzle.same_state(&wrong, state), || {
                (format!("{} for {} ({how:?})", name(&wrong), name(state)), "another position".into())
            })?;
            STYLES.into_iter().try_for_each(|style| state_atom(puzzle, &wrong, style))?;
        }
    }
    for step in steps {
        if let Some(wrong) = twice("damage_claim", draw, |draw| puzzle.damage_claim(step.action, draw))? {
            damaged_claim(puzzle, state, step, wrong)?;
        }
    }
    for _ in 0..TRIES {
        let illegal = twice("illegal_move", draw, |draw| puzzle.illegal_move(state, draw))?;
        let Some((action, to)) = illegal else { continue };
        hold(Law::Damage, "illegal_move", puzzle.apply(state, action).is_none(), || {
            let shown = shown(|out| puzzle.write_move(action, Style::Frame, out));
            (format!("{shown} in {}, which `apply` takes", name(state)), "a move that is not possible there".into())
        })?;
        STYLES.into_iter().try_for_each(|style| move_atom(puzzle, action, style))?;
        STYLES.into_iter().try_for_each(|style| state_atom(puzzle, &to, style))?;
    }
    Ok(())
}

/// A wrong claim about a move that stays possible. `apply` must return the right claim.
fn damaged_claim<E: Complete>(puzzle: &E, state: &E::State, step: &Step<E::Move, E::State>, wrong: E::Move) -> Held {
    let show = |action| shown(|out| puzzle.write_move(action, Style::Frame, out));
    let says = |what: String| format!("{} for {}{what}", show(wrong), show(step.action));
    let about = puzzle.about();
    hold(Law::Damage, "damage_claim", about.move_claim != MoveClaim::None, || {
        (says(String::new()), "none: `About::move_claim` is `None`".into())
    })?;
    hold(Law::Damage, "damage_claim", wrong != step.action, || (says(String::new()), "another move".into()))?;
    let right = puzzle.apply(state, wrong).map(|(right, _, _)| right);
    hold(Law::Damage, "apply", right.is_none_or(|right| right != wrong), || {
        let told = format!("{} for {}, a move with a wrong claim", show(wrong), show(wrong));
        (told, format!("{}, the move with the right claim", show(step.action)))
    })?;
    let claimed = puzzle.apply_as_claimed(state, wrong);
    let fits = match (&claimed, about.move_claim) {
        (None, _) | (_, MoveClaim::None) => false,
        (Some((to, cost)), MoveClaim::Cost) => puzzle.same_state(to, &step.state) && *cost != step.cost,
        (Some(_), MoveClaim::Result) => true,
    };
    hold(Law::Damage, "apply_as_claimed", fits, || {
        let name = |state: &E::State| shown(|out| puzzle.write_state(state, Style::Frame, out));
        let leads = claimed.map_or("illegal".into(), |(to, cost)| format!("{} at a cost of {cost}", name(&to)));
        let expected = match about.move_claim {
            MoveClaim::Cost => format!("{} at another cost than {}", name(&step.state), step.cost),
            _ => "the state that the move claims".into(),
        };
        (format!("{} in {}: {leads}", show(wrong), name(state)), expected)
    })?;
    STYLES.into_iter().try_for_each(|style| move_atom(puzzle, wrong, style))
}
