//! The board: open squares, knight jumps, symmetries, numbers of positions.

/// Distance of two rows on a bit board, in squares.
pub const ROW: u32 = 8;
/// The least and the greatest number of rows or columns.
pub const SIDES: [u8; 2] = [3, 8];

/// The squares of the knights of each colour. The bit of a square is 8 times its row plus its column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// White knights.
    pub white: u64,
    /// Black knights.
    pub black: u64,
}

/// A jump of the knight on the first square.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Jump {
    /// The square of the knight.
    pub from: u8,
    /// The target square.
    pub to: u8,
}

/// The bits of a set, from the lowest on.
pub fn bits(mut set: u64) -> impl Iterator<Item = u8> {
    std::iter::from_fn(move || {
        let bit = set.trailing_zeros();
        set &= set.wrapping_sub(1);
        (bit < 64).then_some(bit as u8)
    })
}

/// For each square of an 8 by 8 board, the squares that a knight reaches from it.
pub const JUMPS: [u64; 64] = {
    let mut table = [0; 64];
    let mut square = 0;
    while square < 64 {
        let here = 1u64 << square;
        // The masks of the files a, b, g and h prevent jumps around the edge.
        let not_a = here & 0xfefe_fefe_fefe_fefe;
        let not_ab = here & 0xfcfc_fcfc_fcfc_fcfc;
        let not_h = here & 0x7f7f_7f7f_7f7f_7f7f;
        let not_gh = here & 0x3f3f_3f3f_3f3f_3f3f;
        table[square] = not_a >> 17
            | not_h >> 15
            | not_ab >> 10
            | not_gh >> 6
            | not_ab << 6
            | not_gh << 10
            | not_a << 15
            | not_h << 17;
        square += 1;
    }
    table
};

/// A board with some squares blocked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Board {
    /// Number of columns.
    pub width: u8,
    /// Number of rows.
    pub height: u8,
    /// The squares that are not blocked.
    pub open: u64,
}

/// All squares of a board.
pub fn squares(width: u8, height: u8) -> u64 {
    let row = (1u64 << width) - 1;
    (0..u32::from(height)).fold(0, |all, y| all | row << (ROW * y))
}

/// The symmetries of the square, by number. Bit 2 exchanges rows and columns first, bit 1 mirrors the rows, bit 0 the columns.
pub const SYMMETRIES: std::ops::Range<u8> = 0..8;

impl Board {
    /// Calls `visit` for the jumps out of a position, in the order of their start squares, then of their target squares.
    #[inline]
    pub fn jumps(&self, state: Position, mut visit: impl FnMut(Jump, Position)) {
        let knights = state.white | state.black;
        for from in bits(knights) {
            for to in bits(JUMPS[usize::from(from)] & self.open & !knights) {
                visit(Jump { from, to }, moved(state, from, to));
            }
        }
    }

    /// The position after a jump; none if it is illegal.
    pub fn jump(&self, state: Position, jump: Jump) -> Option<Position> {
        let knights = state.white | state.black;
        let [from, to] = [jump.from, jump.to].map(|square| 1u64.checked_shl(square.into()).unwrap_or(0));
        let reached = JUMPS.get(usize::from(jump.from)).is_some_and(|reached| reached & to != 0);
        let legal = reached && knights & from != 0 && self.open & !knights & to != 0;
        legal.then(|| moved(state, jump.from, jump.to))
    }

    /// The image of the board under a symmetry.
    pub fn shown(&self, symmetry: u8) -> Self {
        let (width, height) = if symmetry & 4 != 0 { (self.height, self.width) } else { (self.width, self.height) };
        Board { width, height, open: self.show(self.open, symmetry) }
    }

    /// The image of a set of squares under a symmetry.
    pub fn show(&self, set: u64, symmetry: u8) -> u64 {
        let place = |square: u8| {
            let (x, y) = (square % 8, square / 8);
            let (x, y, width, height) =
                if symmetry & 4 != 0 { (y, x, self.height, self.width) } else { (x, y, self.width, self.height) };
            let x = if symmetry & 1 != 0 { width - 1 - x } else { x };
            let y = if symmetry & 2 != 0 { height - 1 - y } else { y };
            8 * y + x
        };
        bits(set).fold(0, |all, square| all | 1 << place(square))
    }

    /// The squares that a single knight can reach from a set of squares.
    pub fn within_reach(&self, from: u64) -> u64 {
        let (mut all, mut edge) = (from, from);
        while edge != 0 {
            let near = bits(edge).fold(0, |near, square| near | JUMPS[usize::from(square)]);
            edge = near & self.open & !all;
            all |= edge;
        }
        all
    }

    /// Number of jumps of a single knight from a square to every other; `far` for squares that it cannot reach.
    pub fn distances(&self, from: u8, far: u8) -> [u8; 64] {
        let mut distances = [far; 64];
        let (mut all, mut edge, mut distance) = (0u64, 1u64 << from, 0);
        while edge != 0 {
            bits(edge).for_each(|square| distances[usize::from(square)] = distance);
            all |= edge;
            let near = bits(edge).fold(0, |near, square| near | JUMPS[usize::from(square)]);
            edge = near & self.open & !all;
            distance += 1;
        }
        distances
    }
}

#[inline]
fn moved(state: Position, from: u8, to: u8) -> Position {
    let (from, to) = (1u64 << from, 1u64 << to);
    if state.white & from != 0 {
        Position { white: state.white ^ from ^ to, ..state }
    } else {
        Position { black: state.black ^ from ^ to, ..state }
    }
}

/// The binomial coefficient; some huge number if it does not fit 128 bits.
pub fn choose(many: u64, few: u64) -> u128 {
    if few > many {
        return 0;
    }
    (0..few.min(many - few)).fold(1u128, |ways, i| ways.saturating_mul(u128::from(many - i)) / u128::from(i + 1))
}

/// Number of positions for these numbers of squares and knights.
pub fn positions(squares: u64, white: u64, black: u64) -> u128 {
    choose(squares, white).saturating_mul(choose(squares.saturating_sub(white), black))
}

const TRIANGLE: [[u32; 9]; 65] = {
    let mut table = [[0u32; 9]; 65];
    let mut many = 0;
    while many < 65 {
        table[many][0] = 1;
        let mut few = 1;
        while few < 9 && many > 0 {
            // Too large numbers wrap around. They belong to puzzles with more positions than allowed.
            table[many][few] = table[many - 1][few - 1].wrapping_add(table[many - 1][few]);
            few += 1;
        }
        many += 1;
    }
    table
};

/// The rank of a set among those of its size within `open` (the combinatorial number system).
#[inline]
fn rank(set: u64, open: u64) -> usize {
    let mut rank = 0usize;
    for (i, square) in bits(set).enumerate() {
        let place = (open & ((1u64 << square) - 1)).count_ones();
        rank += TRIANGLE[place as usize][(i + 1).min(8)] as usize;
    }
    rank
}

impl Board {
    /// The number of a position among those with the same numbers of knights.
    #[inline]
    pub fn index(&self, state: Position) -> usize {
        let left = self.open & !state.white;
        let blacks = TRIANGLE[left.count_ones() as usize][(state.black.count_ones() as usize).min(8)] as usize;
        rank(state.white, self.open) * blacks + rank(state.black, left)
    }
}

/// The set with a rank among those of `count` of `squares` bits: the inverse of [`rank`].
pub fn unrank(mut number: u128, count: u64, squares: u64) -> u64 {
    let mut set = 0;
    let mut below = squares;
    for left in (1..=count).rev() {
        let place = (0..below).rev().find(|&place| choose(place, left) <= number).unwrap_or(0);
        number = number.saturating_sub(choose(place, left));
        set |= 1 << place;
        below = place;
    }
    set
}

/// Maps the bits of a set to the bits of a mask, in order.
pub fn spread(set: u64, mask: u64) -> u64 {
    bits(mask).enumerate().filter(|&(i, _)| set >> i & 1 != 0).fold(0, |all, (_, square)| all | 1 << square)
}
