//! The pocket cube: Rubik's cube with two layers.
//!
//! A cube of eight corners, whose layers turn. Turning the lower layer is the same as turning the upper layer and then the whole cube. So the corner at the
//! bottom, back and left stays, and only the faces U (up), R (right) and F (front) turn: `R` is a quarter turn clockwise, `R2` a half turn, `R3` a quarter turn
//! counterclockwise (elsewhere `R'`). Every move costs 1. At the goal each face has one colour: one position out of 3,674,160.
//!
//! A state names what is visible at the places URF, UFL, ULB, UBR, DFR, DLF and DRB: the three colours of the corner there, clockwise from the sticker on top
//! or bottom, each named by its home face.
//!
//! A worked puzzle: `R3` solves `[FRD UFL ULB FUR BDR DLF BRU]`, the result of `R` on the solved cube.
//!
//! Positions as permutations and twists of corners, and tables of turns by number, are those of Kociemba's two-phase solver (1992). Tables of the distances of
//! a part of the puzzle are pattern databases (Culberson and Schaeffer 1998; for Rubik's cube Korf 1997). Every start within the required costs has the same
//! probability. Starts are numbered in the order of their distance. Distances come from a table of all positions, built once in about a third of a second.
//!
//! Facts: `solutions` counts the cheapest solutions, `difficulty` the positions nearer to the start than the goal.

mod answer;
mod corners;
mod instruct;
mod solve;

pub use corners::Cube;
pub use solve::Metric;

use crate::environment::twin;
use crate::exact::cheapest_solutions;
use crate::prelude::*;
use corners::{CORNER_WORDS, CORNERS, Corners, FACELETS, PERMUTATIONS, TURN_WORDS, TURNS, TWISTS, WORDS};

/// A pocket-cube puzzle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PocketCube {
    metric: Metric,
    start: Cube,
}

/// Settings of the pocket-cube generator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The moves: `half-turn` (any turn of a face) or `quarter-turn` (no half turns).
    pub metric: Metric,
    /// Least number of moves of a cheapest solution: 1 to 11, or to 14 with quarter turns.
    pub min_cost: u64,
    /// Greatest number of moves of a cheapest solution; any large number means no limit.
    pub max_cost: u64,
}

impl Default for Config {
    fn default() -> Self {
        Config { metric: Metric::HalfTurn, min_cost: 5, max_cost: 7 }
    }
}

/// A turn of a face, by the index of its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Turn(u8);

const PERMUTATION: usize = 0;
const ORIENTATION: usize = 1;

impl PocketCube {
    /// A puzzle with this start.
    pub fn new(metric: Metric, start: Cube) -> Self {
        PocketCube { metric, start }
    }

    /// The images under the symmetries that keep the fixed corner in its place. Each renames the faces, and so maps a solution to one of the image. The image
    /// is the start of that solution.
    pub(crate) fn images(&self) -> impl Iterator<Item = PocketCube> {
        let (mut turns, mut at) = (Vec::new(), self.start);
        while at != Cube::SOLVED {
            let cost = self.cost(at);
            let Some(turn) = self.metric.turns().find(|&turn| self.cost(at.turned(turn)) < cost) else { break };
            turns.push(turn);
            at = at.turned(turn);
        }
        /// The images of the faces U, R and F, and whether clockwise becomes counterclockwise.
        const SYMMETRIES: [([usize; 3], bool); 6] = [
            ([0, 1, 2], false),
            ([1, 2, 0], false),
            ([2, 0, 1], false),
            ([1, 0, 2], true),
            ([0, 2, 1], true),
            ([2, 1, 0], true),
        ];
        SYMMETRIES.into_iter().map(move |(faces, mirrored)| {
            // undoes the turns of the mapped solution, the last first; a turn by `quarters` is undone by four minus `quarters`
            let start = turns.iter().rev().fold(Cube::SOLVED, |at, turn| {
                let quarters = turn % 3 + 1;
                let back = if mirrored { quarters } else { 4 - quarters };
                at.turned(3 * faces[turn / 3] + back - 1)
            });
            PocketCube { start, metric: self.metric }
        })
    }

    fn cost(&self, cube: Cube) -> Option<Cost> {
        solve::whole(self.metric).of(cube.number())
    }
}

impl Environment for PocketCube {
    const ABOUT: About = About {
        name: "pocket-cube",
        version: 3,
        help: "solve the 2x2x2 Rubik's cube",
        state_noun: "Cube",
        heuristics: &[
            HeuristicSpec::consistent(
                "permutation",
                "moves that bring the corners to their places, twisted or not (a pattern database, Culberson and Schaeffer 1998)",
            ),
            HeuristicSpec::consistent(
                "orientation",
                "moves that untwist the corners, wherever they are (a pattern database, Culberson and Schaeffer 1998)",
            ),
            HeuristicSpec::consistent("corners", "the greater of permutation and orientation (Korf 1997)"),
        ],
        move_claim: MoveClaim::Result,
        difficulty: "positions nearer to the start than the goal is",
        walks_turn_back: true,
        two_way: true,
        words: WORDS,
        keys: &["cost"],
        answer_form: "the turns in their order, such as R U' F2",
        ..About::NEW
    };

    type Config = Config;
    type State = Cube;
    type Move = Turn;

    fn levels() -> [Config; 3] {
        let of = |metric, min_cost, max_cost| Config { metric, min_cost, max_cost };
        [of(Metric::HalfTurn, 3, 5), of(Metric::HalfTurn, 5, 6), of(Metric::QuarterTurn, 7, 8)]
    }

    fn check(config: &Config) -> Result<(), ConfigError> {
        within("min_cost", config.min_cost, 1, config.metric.greatest())?;
        within("max_cost", config.max_cost, config.min_cost, u64::MAX)
    }

    fn generate(config: &Config, draw: &mut Draw) -> Result<Self, Reject> {
        let index = draw.below(config.metric.between(config.min_cost, config.max_cost));
        Self::at(config, 0, index.into(), draw)
    }

    fn canonical(&self) -> Self {
        self.clone()
    }

    fn start(&self) -> Cube {
        self.start
    }

    #[inline]
    fn is_goal(&self, state: &Cube) -> bool {
        *state == Cube::SOLVED
    }

    #[inline]
    fn successors(&self, state: &Cube, out: &mut Vec<Step<Turn, Cube>>) {
        let step = |turn: usize| Step { action: Turn(turn as u8), state: state.turned(turn), cost: 1 };
        out.extend(self.metric.turns().map(step));
    }

    fn apply(&self, state: &Cube, action: Turn) -> Option<(Turn, Cube, Cost)> {
        let turn = usize::from(action.0);
        self.metric.allows(turn).then(|| (action, state.turned(turn), 1))
    }

    fn is_terminal(&self, _state: &Cube) -> bool {
        false
    }

    fn estimate(&self, heuristic: usize, state: &Cube) -> Cost {
        self.evaluator(heuristic).estimate(self, state)
    }

    fn solver_facts(&self) -> SolverFacts {
        let cost = self.cost(self.start);
        // Turns treat all positions alike, so as many are near to the start as to the goal.
        let nearer = cost.and_then(|cost| cost.checked_sub(1)).map_or(0, |most| self.metric.between(0, most));
        SolverFacts {
            solvable: true,
            optimal_cost: cost,
            solutions: cheapest_solutions(self, |cube| self.cost(*cube)),
            difficulty: Some(nearer),
        }
    }

    fn is_solvable(&self) -> bool {
        true
    }

    fn distance_table(&self) -> DistanceTable<Self> {
        DistanceTable::new(|puzzle: &Self, state: &Cube| puzzle.cost(*state))
    }
}

impl Atoms for PocketCube {
    /// In prose: how cubes and moves are written. In other styles: only the moves, if half turns are not allowed: `Turns: U U3 R R3 F F3`.
    fn write_header(&self, style: Style, out: &mut Vec<u8>) {
        if self.metric == Metric::QuarterTurn {
            out.extend_from_slice(if style == Style::Frame { b"Turns:" } else { b"" });
            let turns = self.metric.turns().filter(|_| style != Style::Prose);
            for (place, turn) in turns.enumerate() {
                out.extend_from_slice(if place > 0 || style == Style::Frame { b" " } else { b"" });
                out.extend_from_slice(TURN_WORDS[turn].as_bytes());
            }
        }
        if style == Style::Prose {
            out.extend_from_slice(b"A cube is given by the corners at URF, UFL, ULB, UBR, DFR, DLF and DRB. ");
            out.extend_from_slice(match self.metric {
                Metric::HalfTurn => {
                    b"A move turns U, R or F: clockwise, with a 2 half around, with a 3 counterclockwise."
                }
                Metric::QuarterTurn => b"A move turns U, R or F by a quarter: clockwise, or with a 3 counterclockwise.",
            });
        }
    }

    fn read_task(task: &Task<'_>) -> Option<serde_json::Value> {
        read_task(task)
    }

    fn write_target(&self, style: Style, out: &mut Vec<u8>) {
        self.write_state(&Cube::SOLVED, style, out);
    }

    /// `[FRD UFL …]`, `FRD UFL …`.
    fn write_state(&self, state: &Cube, style: Style, out: &mut Vec<u8>) {
        let corners = state.corners();
        pen_state(out, style, |place| corners.word(place));
    }

    fn read_state(&self, style: Style, reader: &mut Reader<'_>) -> Option<Cube> {
        Corners::from_words(pen_state(reader, style, |_| 0)?).map(|corners| corners.cube())
    }

    fn write_move(&self, action: Turn, _style: Style, out: &mut Vec<u8>) {
        out.extend_from_slice(TURN_WORDS[usize::from(action.0)].as_bytes());
    }

    fn read_move(&self, _style: Style, reader: &mut Reader<'_>) -> Option<Turn> {
        reader.one_of(TURN_WORDS).map(|turn| Turn(turn as u8))
    }
}

/// The corners at each place.
#[inline]
fn pen_state(pen: &mut impl Pen, style: Style, word: impl Fn(usize) -> usize) -> Option<[usize; CORNERS]> {
    let [open, close]: [&[u8]; 2] = if style == Style::Frame { [b"[", b"]"] } else { [b"", b""] };
    let mut words = [0; CORNERS];
    for (place, to) in words.iter_mut().enumerate() {
        pen.sign(if place > 0 { b" " } else { open })?;
        *to = pen.word(CORNER_WORDS, word(place))?;
    }
    pen.sign(close)?;
    Some(words)
}

/// The JSON of a puzzle: the colours row by row. The default metric is half turns.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fields {
    facelets: ArrayString<FACELETS>,
    #[serde(default, skip_serializing_if = "crate::json::is_default")]
    metric: Metric,
}

impl Json for PocketCube {
    type Fields = Fields;
    const EXAMPLE: &'static str = r#"{"facelets":"UUUURRRRFFFFDDDDLLLLBBBB"}, the solved cube"#;

    fn to_fields(&self) -> Fields {
        let facelets = ArrayString::from_byte_string(&corners::facelets(self.start)).unwrap_or_default();
        Fields { facelets, metric: self.metric }
    }

    fn from_fields(Fields { facelets, metric }: Fields) -> Result<Self, PuzzleError> {
        Ok(PocketCube { metric, start: corners::from_facelets(&facelets)? })
    }
}

impl Splits for PocketCube {
    fn space(config: &Config) -> Option<Space> {
        Some(Space { strata: 1, size: config.metric.between(config.min_cost, config.max_cost).into() })
    }

    fn at(config: &Config, _stratum: u64, index: u128, _draw: &mut Draw) -> Result<Self, Reject> {
        let number = solve::whole(config.metric).at(config.min_cost, index).ok_or(Reject)?;
        Ok(PocketCube { metric: config.metric, start: Cube::numbered(number) })
    }

    fn hold_out_key(&self, _key: usize) -> u64 {
        self.cost(self.start).unwrap_or(0)
    }

    fn hold_out_values(config: &Config, _key: usize) -> Option<Vec<u64>> {
        Some((config.min_cost..=config.max_cost.min(config.metric.greatest())).collect())
    }

    /// The cube may be turned about the fixed corner and mirrored, with its colours renamed.
    fn twin(&self) -> PuzzleId {
        twin::of_least(Self::ABOUT.name, self.images().map(|image| image.id()).chain([self.id()]))
    }

    fn is_representative(&self) -> bool {
        let id = self.id();
        self.images().all(|image| id <= image.id())
    }
}

impl SearchSupport for PocketCube {
    fn evaluator(&self, heuristic: usize) -> Evaluator<Self> {
        let permutation = (heuristic != ORIENTATION).then(|| solve::permutation(self.metric));
        let twist = (heuristic != PERMUTATION).then(|| solve::twist(self.metric));
        Evaluator::prepared(move |_, state: &Cube| {
            let permutation = permutation.and_then(|table| table.of(state.permutation()));
            let twist = twist.and_then(|table| table.of(state.twist()));
            permutation.max(twist).unwrap_or(0)
        })
    }

    fn two_way_goal(&self) -> Option<Cube> {
        Some(Cube::SOLVED)
    }

    fn index_bound(&self) -> Option<usize> {
        Some(PERMUTATIONS * TWISTS)
    }

    #[inline]
    fn index(&self, state: &Cube) -> usize {
        state.number()
    }
}

impl Damage for PocketCube {
    /// Exchanges two corners, or twists two corners in opposite directions.
    fn damage_state(&self, state: &Cube, damage: DamageKind, draw: &mut Draw) -> Option<Cube> {
        if damage != DamageKind::Change {
            return None;
        }
        let mut corners = state.corners();
        let one = draw.index(CORNERS);
        let other = (one + 1 + draw.index(CORNERS - 1)) % CORNERS;
        if draw.chance(1, 2) {
            corners.corner.swap(one, other);
        } else {
            corners.twist[one] = (corners.twist[one] + 1) % 3;
            corners.twist[other] = (corners.twist[other] + 2) % 3;
        }
        Some(corners.cube())
    }

    fn never_legal(&self, action: Turn) -> Option<String> {
        let turn = usize::from(action.0);
        (!self.metric.allows(turn)).then(|| format!("{} is not among the turns of this puzzle", TURN_WORDS[turn]))
    }

    /// A turn of a face that would move the fixed corner, or a half turn if only quarter turns are allowed.
    fn illegal_move(&self, state: &Cube, draw: &mut Draw) -> Option<(Turn, Cube)> {
        let illegal: Vec<usize> = (0..TURN_WORDS.len()).filter(|&turn| !self.metric.allows(turn)).collect();
        let &turn = draw.choose(&illegal)?;
        Some((Turn(turn as u8), state.turned(turn % TURNS)))
    }
}

impl Plain for PocketCube {}

fn read_task(task: &Task<'_>) -> Option<Value> {
    let mut words = [0; CORNERS];
    let mut given = crate::prompt::words(task.start);
    for word in &mut words {
        let name = given.next()?;
        *word = CORNER_WORDS.iter().position(|known| *known == name)?;
    }
    let cube = Corners::from_words(words)?.cube();
    let is_quarter = match task.style {
        Style::Prose => task.header.contains(" by a quarter"),
        Style::Frame | Style::Compact => !task.header.is_empty(),
    };
    let metric = if is_quarter { "quarter-turn" } else { "half-turn" };
    Some(json!({"facelets": String::from_utf8_lossy(&corners::facelets(cube)), "metric": metric}))
}

#[cfg(test)]
mod tests;
