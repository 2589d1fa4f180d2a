//! The canonical form: puzzles that differ only in the names of their blocks have the same form.
//!
//! At the start and at the goal each block has at most one block below and one above. A walk from any block along these four links, in a fixed order, meets
//! every linked block and so names all of them: the name of one block decides all names of its component. Each component takes the names that describe it by
//! the least code, and components are sorted by their codes. So two puzzles have the same form exactly if a renaming turns one into the other.

use super::{Blocks, Blocksworld, LOST, MAX_BLOCKS, NONE, TABLE};

/// For each block of a component, in the order of their names: the blocks below it at the start and at the goal, by names.
type Code = Vec<[u8; 2]>;

/// The blocks of a block's component, in the order in which the links lead to them.
fn linked(puzzle: &Blocksworld, first: u8) -> Vec<u8> {
    let mut blocks = vec![first];
    let mut next = 0;
    while let Some(&block) = blocks.get(next) {
        next += 1;
        for state in [&puzzle.start, &puzzle.goal] {
            let links = [Some(state.under(block)).filter(|&under| under < puzzle.blocks), state.above(block)];
            for link in links.into_iter().flatten() {
                if !blocks.contains(&link) {
                    blocks.push(link);
                }
            }
        }
    }
    blocks
}

fn code(puzzle: &Blocksworld, blocks: &[u8]) -> Code {
    let name = |under: u8| match blocks.iter().position(|&block| block == under) {
        Some(name) => name as u8,
        None if under == LOST => LOST,
        None => TABLE,
    };
    blocks.iter().map(|&block| [&puzzle.start, &puzzle.goal].map(|state| name(state.under(block)))).collect()
}

/// The names of a component that give the least code.
fn least(puzzle: &Blocksworld, member: u8) -> (Code, Vec<u8>) {
    let component = linked(puzzle, member);
    let named = |&first: &u8| {
        let blocks = linked(puzzle, first);
        (code(puzzle, &blocks), blocks)
    };
    component.iter().map(named).min().unwrap_or_default()
}

/// The puzzle with `names[block]` for each block.
pub fn renamed(puzzle: &Blocksworld, names: &[u8; MAX_BLOCKS]) -> Blocksworld {
    let rename = |state: &Blocks| {
        (0..puzzle.blocks).fold(Blocks::NOTHING, |renamed, block| {
            let under = state.under(block);
            let under = names.get(usize::from(under)).copied().unwrap_or(under);
            renamed.with(names[usize::from(block)], under)
        })
    };
    let (start, goal) = (rename(&puzzle.start), rename(&puzzle.goal));
    Blocksworld { start, goal, names: None, ..*puzzle }
}

/// The canonical form.
pub fn form(puzzle: &Blocksworld) -> Blocksworld {
    let mut components = Vec::new();
    let mut seen = 0u16;
    for block in 0..puzzle.blocks {
        if seen >> block & 1 == 0 {
            let component = least(puzzle, block);
            seen = component.1.iter().fold(seen, |seen, &block| seen | 1 << block);
            components.push(component);
        }
    }
    components.sort_unstable();
    let mut names = [NONE; MAX_BLOCKS];
    for (name, (_, &block)) in (0..).zip(components.iter().flat_map(|(code, blocks)| code.iter().zip(blocks))) {
        names[usize::from(block)] = name;
    }
    renamed(puzzle, &names)
}

/// Whether a puzzle is the representative of its twins that has its goal in normal form: towers by height, the highest first, named from the bottom up. Towers
/// of equal height are in the order of the canonical form.
pub fn is_normal(puzzle: &Blocksworld) -> bool {
    let form = form(puzzle);
    let lowest = (0..form.blocks).filter(|&block| form.goal.under(block) == TABLE);
    let mut towers: Vec<Vec<u8>> = lowest.map(|lowest| form.goal.tower(lowest).collect()).collect();
    towers.sort_by_key(|tower| std::cmp::Reverse(tower.len()));
    let mut names = [NONE; MAX_BLOCKS];
    for (name, &block) in (0..).zip(towers.iter().flatten()) {
        names[usize::from(block)] = name;
    }
    renamed(&form, &names) == *puzzle
}
