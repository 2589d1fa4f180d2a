//! The generator. It draws blocked squares and knights uniformly, and keeps a draw if its facts fit the settings.

use super::board::{Board, JUMPS, Position, SYMMETRIES, bits, choose, spread, squares, unrank};
use super::{Config, Knights, Layout, Task};
use crate::draw::Draw;
use crate::environment::Reject;
use crate::settings::{Amount, Solvable};
use crate::splits::Space;

/// Number of boards that are tried before a draw is rejected.
const BOARDS: usize = 64;

/// Columns, rows, number of blocked squares, number of knights of each colour.
struct Sizes {
    width: u8,
    height: u8,
    blocked: u64,
    knights: u64,
}

fn sizes(config: &Config, of: impl FnMut(Amount) -> u64) -> Sizes {
    let [width, height, blocked, knights] = [config.width, config.height, config.blocked, config.knights()[0]].map(of);
    Sizes { width: width as u8, height: height as u8, blocked, knights }
}

/// Draws a puzzle. It never loops: after a number of boards that do not fit, it rejects.
pub fn generate(config: &Config, draw: &mut Draw) -> Result<Knights, Reject> {
    let mut sizes = sizes(config, |amount| amount.draw(draw) as u64);
    for _ in 0..BOARDS {
        let layout = drawn(config, &sizes, draw);
        if config.solvable == Solvable::Yes && !layout.may_be_solvable() {
            continue;
        }
        if let Some(puzzle) = fitting(config, layout) {
            return Ok(puzzle);
        }
    }
    if config.solvable != Solvable::No {
        return Err(Reject);
    }
    if sizes.blocked < 2 {
        sizes.blocked = draw.between(config.blocked.min().max(2), config.blocked.max().max(2));
    }
    fitting(config, cut_off(config, &sizes, draw)?).ok_or(Reject)
}

/// The puzzle, if its facts fit the settings.
fn fitting(config: &Config, layout: Layout) -> Option<Knights> {
    let puzzle = Knights::new(layout);
    let cost = puzzle.facts.optimal_cost;
    let fits = cost.is_none_or(|cost| (config.min_cost..=config.max_cost).contains(&cost));
    (fits && config.solvable.accepts(cost.is_some())).then_some(puzzle)
}

/// A random subset of `count` squares; all subsets are equally likely.
fn some(set: u64, count: u64, draw: &mut Draw) -> u64 {
    let mut left: Vec<u8> = bits(set).collect();
    let mut chosen = 0;
    for _ in 0..count.min(left.len() as u64) {
        chosen |= 1 << left.swap_remove(draw.index(left.len()));
    }
    chosen
}

fn drawn(config: &Config, sizes: &Sizes, draw: &mut Draw) -> Layout {
    let all = squares(sizes.width, sizes.height);
    let open = all & !some(all, sizes.blocked, draw);
    let board = Board { width: sizes.width, height: sizes.height, open };
    let white = some(open, sizes.knights, draw);
    let black = some(open & !white, sizes.knights, draw);
    Layout::of(&config.task, board, white, black)
}

/// A puzzle with a knight on an isolated square: all squares a jump away from it are blocked.
fn cut_off(config: &Config, sizes: &Sizes, draw: &mut Draw) -> Result<Layout, Reject> {
    let all = squares(sizes.width, sizes.height);
    let around = |square: u8| JUMPS[usize::from(square)] & all;
    let lonely: Vec<u8> = bits(all).filter(|&square| u64::from(around(square).count_ones()) <= sizes.blocked).collect();
    let &square = draw.choose(&lonely).ok_or(Reject)?;
    let (here, around) = (1u64 << square, around(square));
    let more = sizes.blocked - u64::from(around.count_ones());
    let open = all & !around & !some(all & !around & !here, more, draw);
    let board = Board { width: sizes.width, height: sizes.height, open };
    let white = here | some(open & !here, sizes.knights - 1, draw);
    let black = some(open & !white, sizes.knights, draw);
    Ok(Layout::of(&config.task, board, white, black))
}

/// The space, if all sizes are fixed: the product of the numbers of choices for blocked squares, white knights and black knights (or start and goal).
pub fn space(config: &Config) -> Option<Space> {
    let fixed = |amount: Amount| amount.min() == amount.max();
    let all = [config.width, config.height, config.blocked, config.knights()[0]];
    if config.solvable == Solvable::No || !all.into_iter().all(fixed) {
        return None;
    }
    let sizes = sizes(config, Amount::min);
    let [blocked, white, black] = parts(&sizes);
    Some(Space { strata: 1, size: blocked.saturating_mul(white).saturating_mul(black) })
}

fn parts(sizes: &Sizes) -> [u128; 3] {
    let area = u64::from(sizes.width) * u64::from(sizes.height);
    let open = area - sizes.blocked;
    [choose(area, sizes.blocked), choose(open, sizes.knights), choose(open - sizes.knights, sizes.knights)]
}

/// The candidate with a number. Of symmetric candidates only the canonical one is accepted. The draw chooses its presentation.
pub fn at(config: &Config, index: u128, draw: &mut Draw) -> Result<Knights, Reject> {
    let shown = sizes(config, Amount::min);
    let (width, height) = (shown.width.min(shown.height), shown.width.max(shown.height));
    let [blocked, white, _] = parts(&shown);
    let all = squares(width, height);
    let area = u64::from(all.count_ones());
    let taken = spread(unrank(index % blocked, shown.blocked, area), all);
    let open = all & !taken;
    let count = area - shown.blocked;
    let whites = spread(unrank(index / blocked % white, shown.knights, count), open);
    let left = open & !whites;
    let blacks = spread(unrank(index / blocked / white, shown.knights, count - shown.knights), left);
    let layout = Layout::of(&config.task, Board { width, height, open }, whites, blacks);
    if layout.canonical() != layout || (config.solvable == Solvable::Yes && !layout.may_be_solvable()) {
        return Err(Reject);
    }
    let turned = draw.index(SYMMETRIES.len()) as u8;
    let symmetry = if width == height { turned } else { turned & 3 | if shown.width > shown.height { 4 } else { 0 } };
    let exchanged = matches!(config.task, Task::Swap { .. }) && draw.chance(1, 2);
    let layout = layout.shown(symmetry);
    fitting(config, if exchanged { layout.exchanged() } else { layout }).ok_or(Reject)
}

impl Layout {
    /// The puzzle of a task. The black squares are the goal of a path, or the squares of the black knights.
    fn of(task: &Task, board: Board, white: u64, black: u64) -> Self {
        match task {
            Task::Path => {
                Layout { board, start: Position { white, black: 0 }, goal: Position { white: black, black: 0 } }
            }
            Task::Swap { .. } => {
                Layout { board, start: Position { white, black }, goal: Position { white: black, black: white } }
            }
        }
    }

    /// Whether every connected part of the board has as many knights of each colour in the goal as in the start.
    pub fn may_be_solvable(&self) -> bool {
        let mut left = self.board.open;
        while left != 0 {
            let part = self.board.within_reach(left & left.wrapping_neg());
            let same = |from: u64, to: u64| (from & part).count_ones() == (to & part).count_ones();
            if !same(self.start.white, self.goal.white) || !same(self.start.black, self.goal.black) {
                return false;
            }
            left &= !part;
        }
        true
    }

    /// The puzzle with white and black exchanged.
    pub fn exchanged(&self) -> Self {
        let other = |state: Position| Position { white: state.black, black: state.white };
        Layout { start: other(self.start), goal: other(self.goal), ..*self }
    }

    /// The image under a symmetry.
    pub fn shown(&self, symmetry: u8) -> Self {
        let show = |set| self.board.show(set, symmetry);
        let of = |state: Position| Position { white: show(state.white), black: show(state.black) };
        Layout { board: self.board.shown(symmetry), start: of(self.start), goal: of(self.goal) }
    }

    /// The least of all images under the symmetries of the board and the exchange of colours.
    pub fn canonical(&self) -> Self {
        let shown = SYMMETRIES.map(|symmetry| self.shown(symmetry));
        let both = shown.flat_map(|layout| {
            let exchanged = (layout.start.black != 0).then(|| layout.exchanged());
            std::iter::once(layout).chain(exchanged)
        });
        both.min().unwrap_or(*self)
    }
}
