//! Corners, turns and facelets of the cube.

use std::sync::OnceLock;

use crate::environment::PuzzleError;
use crate::exact::{rank, unrank};

/// Number of corners that move. The eighth, at the bottom, back and left, stays.
pub const CORNERS: usize = 7;
/// Number of arrangements of the corners without their twists.
pub const PERMUTATIONS: usize = 5040;
/// Number of twists of the corners without their places. The twist of the last corner follows from the others.
pub const TWISTS: usize = 729;
/// Number of turns that are legal in some metric: of the faces U, R and F.
pub const TURNS: usize = 9;

/// The words of the corners and of the turns. A corner's word is what is visible at a place, clockwise from the sticker on top or bottom: the corner and its
/// twist. A place has the name of the corner that belongs there. Each corner has three words, by its twist. Then come the turns. Those of the faces D, L and B
/// can be written but are illegal.
pub const WORDS: &[&str] = &[
    "URF", "FUR", "RFU", "UFL", "LUF", "FLU", "ULB", "BUL", "LBU", "UBR", "RUB", "BRU", "DFR", "RDF", "FRD", "DLF",
    "FDL", "LFD", "DRB", "BDR", "RBD", "U", "U2", "U3", "R", "R2", "R3", "F", "F2", "F3", "D", "D2", "D3", "L", "L2",
    "L3", "B", "B2", "B3",
];
/// The words of corners.
pub const CORNER_WORDS: &[&str] = WORDS.split_at(3 * CORNERS).0;
/// The words of turns.
pub const TURN_WORDS: &[&str] = WORDS.split_at(3 * CORNERS).1;

/// A position: the numbers of the corners' places and of their twists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cube {
    /// Below 5,040.
    permutation: u16,
    /// Below 729.
    twist: u16,
}

/// A position, corner by corner: the corner at each place, and its twist (0 to 2, clockwise thirds).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Corners {
    /// The corner at each place.
    pub corner: [u8; CORNERS],
    /// The twist of the corner at each place.
    pub twist: [u8; CORNERS],
}

impl Corners {
    /// The index of the word that is visible at a place.
    pub fn word(&self, place: usize) -> usize {
        usize::from(3 * self.corner[place] + self.twist[place])
    }

    /// The position of the words at each place. None unless each corner occurs once and turns can reach the position.
    pub fn from_words(words: [usize; CORNERS]) -> Option<Self> {
        let [corner, twist] = [words.map(|word| (word / 3) as u8), words.map(|word| (word % 3) as u8)];
        let seen = corner.iter().fold(0u32, |seen, &corner| seen | 1 << (corner & 31));
        let fair = seen == (1 << CORNERS) - 1 && twist.iter().sum::<u8>().is_multiple_of(3);
        fair.then_some(Corners { corner, twist })
    }

    /// The position after a clockwise quarter turn.
    fn turned(&self, turn: &Corners) -> Self {
        let from = turn.corner.map(usize::from);
        Corners {
            corner: from.map(|from| self.corner[from]),
            twist: std::array::from_fn(|place| (self.twist[from[place]] + turn.twist[place]) % 3),
        }
    }

    /// The position.
    pub fn cube(&self) -> Cube {
        let twist = self.twist[..CORNERS - 1].iter().fold(0, |number, &twist| 3 * number + u16::from(twist));
        Cube { permutation: rank(CORNERS, self.corner.into_iter()).0 as u16, twist }
    }
}

/// Clockwise quarter turns of U, R and F: the corner that comes to each place, and its twist on the way.
const QUARTERS: [Corners; 3] = [
    Corners { corner: [3, 0, 1, 2, 4, 5, 6], twist: [0; CORNERS] },
    Corners { corner: [4, 1, 2, 0, 6, 5, 3], twist: [2, 0, 0, 1, 1, 0, 2] },
    Corners { corner: [1, 5, 2, 3, 0, 4, 6], twist: [1, 2, 0, 0, 2, 1, 0] },
];

/// The results of the turns, by the numbers of permutations and of twists.
struct Moves {
    permutation: Vec<[u16; TURNS]>,
    twist: Vec<[u16; TURNS]>,
}

fn moves() -> &'static Moves {
    static MOVES: OnceLock<Moves> = OnceLock::new();
    MOVES.get_or_init(|| {
        let turned = |cube: Cube| -> [Cube; TURNS] {
            std::array::from_fn(|turn| {
                let quarters = (0..=turn % 3).map(|_| &QUARTERS[turn / 3]);
                quarters.fold(cube.corners(), |corners, quarter| corners.turned(quarter)).cube()
            })
        };
        let of =
            |permutation: usize, twist: usize| turned(Cube { permutation: permutation as u16, twist: twist as u16 });
        Moves {
            permutation: (0..PERMUTATIONS).map(|number| of(number, 0).map(|cube| cube.permutation)).collect(),
            twist: (0..TWISTS).map(|number| of(0, number).map(|cube| cube.twist)).collect(),
        }
    })
}

/// The results of the turns, by the number of the permutation.
#[inline]
pub fn turned_permutation(permutation: usize) -> &'static [u16; TURNS] {
    &moves().permutation[permutation]
}

/// The results of the turns, by the number of the twists.
#[inline]
pub fn turned_twist(twist: usize) -> &'static [u16; TURNS] {
    &moves().twist[twist]
}

impl Cube {
    /// The position with every corner at its place.
    pub const SOLVED: Cube = Cube { permutation: 0, twist: 0 };

    /// The number of the corners' places, below 5,040.
    #[inline]
    pub fn permutation(self) -> usize {
        self.permutation.into()
    }

    /// The number of the corners' twists, below 729.
    #[inline]
    pub fn twist(self) -> usize {
        self.twist.into()
    }

    /// The number of the position.
    #[inline]
    pub fn number(self) -> usize {
        self.permutation() * TWISTS + self.twist()
    }

    /// The position with a number below 5,040 times 729.
    #[inline]
    pub fn numbered(number: usize) -> Self {
        Cube { permutation: (number / TWISTS) as u16, twist: (number % TWISTS) as u16 }
    }

    /// The position after a turn below 9.
    #[inline]
    pub fn turned(self, turn: usize) -> Self {
        let moves = moves();
        let permutation = moves.permutation[self.permutation()][turn];
        Cube { permutation, twist: moves.twist[self.twist()][turn] }
    }

    /// The position corner by corner.
    pub fn corners(self) -> Corners {
        let order = unrank(CORNERS, self.permutation.into()).0;
        let mut twist = [0; CORNERS];
        let mut left = self.twist;
        for place in (0..CORNERS - 1).rev() {
            twist[place] = (left % 3) as u8;
            left /= 3;
        }
        twist[CORNERS - 1] = (12 - twist.iter().sum::<u8>()) % 3;
        Corners { corner: std::array::from_fn(|place| order[place]), twist }
    }
}

/// Number of facelets: four of each face, row by row, of U, R, F, D, L and B.
pub const FACELETS: usize = 24;
const FACES: [u8; 6] = *b"URFDLB";
/// The facelets of each place, clockwise from the one on top or bottom. Those of the fixed corner come last.
const PLACES: [[usize; 3]; CORNERS + 1] =
    [[3, 4, 9], [2, 8, 17], [0, 16, 21], [1, 20, 5], [13, 11, 6], [12, 19, 10], [15, 7, 22], [14, 23, 18]];
const FIXED: &str = "DBL";

/// The colours of the facelets, as the letters of the faces to which they belong.
pub fn facelets(cube: Cube) -> [u8; FACELETS] {
    let corners = cube.corners();
    let words = (0..CORNERS).map(|place| CORNER_WORDS[corners.word(place)]).chain([FIXED]);
    let mut facelets = [0; FACELETS];
    for (place, word) in PLACES.into_iter().zip(words) {
        place.into_iter().zip(word.bytes()).for_each(|(facelet, colour)| facelets[facelet] = colour);
    }
    facelets
}

/// Reads facelets, or returns the problem with them.
pub fn from_facelets(text: &str) -> Result<Cube, PuzzleError> {
    let wrong = |found: String, allowed: &str| PuzzleError(format!("facelets: found {found}; allowed: {allowed}"));
    let colours = text.as_bytes();
    if colours.len() != FACELETS || colours.iter().any(|colour| !FACES.contains(colour)) {
        let found = if colours.len() == FACELETS { format!("{text:?}") } else { format!("{} bytes", colours.len()) };
        return Err(wrong(found, "24 letters of URFDLB: four of each face U, R, F, D, L and B, row by row"));
    }
    let seen = PLACES.map(|place| String::from_utf8_lossy(&place.map(|facelet| colours[facelet])).into_owned());
    if seen[CORNERS] != FIXED {
        return Err(wrong(
            format!("{} at the bottom, back and left", seen[CORNERS]),
            "DBL there: turn the cube as a whole, and name colours by the faces where they belong",
        ));
    }
    let mut words = [0; CORNERS];
    for (place, word) in words.iter_mut().enumerate() {
        let known = CORNER_WORDS.iter().position(|&known| known == seen[place]);
        *word = known.ok_or_else(|| {
            wrong(format!("{} at {}", seen[place], CORNER_WORDS[3 * place]), "a corner of the cube, stickers clockwise")
        })?;
    }
    let corners = Corners::from_words(words).ok_or_else(|| {
        wrong(format!("{text:?}"), "each corner once, twisted so that turns of the faces can lead there")
    })?;
    Ok(corners.cube())
}
