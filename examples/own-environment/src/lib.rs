//! Water jugs: an environment of your own, in one file of your own crate.
//!
//! Two jugs, a tap and a drain: measure out a number of litres. With jugs of 3 and 5 litres, 4 litres take 6 moves.
//!
//! What an environment has to say is in five parts, in this order below: how puzzles are drawn, who they are (canonical
//! form, JSON), their rules, what is known of them (heuristics, exact distances), and how states and moves are written and
//! read and go wrong. In return it has every search, dialect, record, corruption and check of the project.
//!
//! Whether it keeps the laws on which all of these rely is one line in a test:
//!
//! ```
//! use own_environment::Jugs;
//! sos_envs::laws::assert_laws::<Jugs>(&[Default::default()], 1, 20);
//! ```
//!
//! A law that does not hold is named with the puzzle and the seed: change a `+ 1` somewhere below and run `cargo test`.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use sos_envs::{
    ConfigError, Cost, Damage, Draw, Environment, HeuristicSpec, MoveClaim, PuzzleError, Reader, Reject, Space, Step,
    Style, Task, environment::Facts, text,
};

/// One puzzle. Its JSON is what serde makes of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Jugs {
    /// What each jug holds when it is full.
    pub sizes: [u16; 2],
    /// How many litres are to be in one of them.
    pub target: u16,
}

/// Settings. Every field has a default; unknown ones are refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct JugsConfig {
    /// Size of the largest jug, 2 to [`LARGEST`].
    pub largest: u16,
}

impl Default for JugsConfig {
    fn default() -> Self {
        JugsConfig { largest: 12 }
    }
}

/// The largest jug that there can be.
pub const LARGEST: u16 = 200;

/// What is in each jug.
pub type Litres = [u16; 2];

/// What is done, with what it claims to leave in the jugs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pour {
    /// Where from: a jug, or 2 for the tap.
    from: u8,
    /// Where to: a jug, or 2 for the drain.
    to: u8,
    /// What is in the jugs afterwards.
    result: Litres,
}

/// Fill, empty, pour over; this order is part of the environment's version.
const POURS: [(u8, u8); 6] = [(2, 0), (2, 1), (0, 2), (1, 2), (0, 1), (1, 0)];

impl Jugs {
    /// What is in the jugs after a pour; none where it changes nothing.
    fn pour(&self, state: &Litres, from: u8, to: u8) -> Option<Litres> {
        let mut after = *state;
        let [size, held] = [&self.sizes, state].map(|of| of.get(usize::from(to)).copied());
        let room = match (size, held) {
            (Some(size), Some(held)) => size.checked_sub(held)?,
            _ => u16::MAX,
        };
        let moved = state.get(usize::from(from)).copied().unwrap_or(u16::MAX).min(room);
        if let Some(jug) = after.get_mut(usize::from(from)) {
            *jug -= moved;
        }
        if let Some(jug) = after.get_mut(usize::from(to)) {
            *jug += moved;
        }
        (after != *state).then_some(after)
    }

    /// Moves from every state to the nearest goal: breadth first from each would do, but all at once is as easy.
    fn distances(&self) -> Vec<Option<Cost>> {
        let width = usize::from(self.sizes[1]) + 1;
        let states = (usize::from(self.sizes[0]) + 1) * width;
        let state = |index: usize| [(index / width) as u16, (index % width) as u16];
        let index = |state: &Litres| usize::from(state[0]) * width + usize::from(state[1]);
        let mut before = vec![Vec::new(); states];
        let mut distances = vec![None; states];
        let mut queue = VecDeque::new();
        for here in 0..states {
            for (from, to) in POURS {
                before[self.pour(&state(here), from, to).map_or(here, |after| index(&after))].push(here);
            }
            if self.is_goal(&state(here)) {
                distances[here] = Some(0);
                queue.push_back((here, 0));
            }
        }
        while let Some((here, distance)) = queue.pop_front() {
            for &there in &before[here] {
                if distances[there].is_none() {
                    distances[there] = Some(distance + 1);
                    queue.push_back((there, distance + 1));
                }
            }
        }
        distances
    }
}

impl Environment for Jugs {
    const NAME: &'static str = "jugs";
    const VERSION: u32 = 1;
    const HELP: &'static str = "measure out litres with two jugs";
    const STATE_NOUN: &'static str = "Litres";
    const HEURISTICS: &'static [HeuristicSpec] =
        &[HeuristicSpec { name: "unmet", admissible: true, consistent: true, help: "1 until the target is measured" }];
    const MOVE_CLAIM: MoveClaim = MoveClaim::Result;
    const DIFFICULTY: &'static str = "unknown";
    const CYCLES: bool = true;
    const WORDS: &'static [&'static str] = &["a", "b", "*", ">"];

    type Config = JugsConfig;
    type State = Litres;
    type Move = Pour;
    type Evaluator = ();
    type Oracle = Vec<Option<Cost>>;

    // --- Part 1: how puzzles are drawn. The space is small, so that its puzzles can be numbered: no duplicates at all.

    fn levels(_kind: usize) -> [JugsConfig; 3] {
        [6, 12, 40].map(|largest| JugsConfig { largest })
    }

    fn space(config: &JugsConfig) -> Result<Option<Space>, ConfigError> {
        if !(2..=LARGEST).contains(&config.largest) {
            return Err(ConfigError::new("largest", config.largest, format!("2 to {LARGEST}")));
        }
        Ok(Some(Space { strata: 1, size: u128::from(config.largest).pow(3) }))
    }

    fn at(config: &JugsConfig, _stratum: u64, index: u128, _draw: &mut Draw) -> Result<Self, Reject> {
        let largest = u128::from(config.largest);
        let part = |power: u32| (index / largest.pow(power) % largest) as u16 + 1;
        let jugs = Jugs { sizes: [part(0), part(1)], target: part(2) };
        // Half of the candidates are the other half with the jugs exchanged; some ask for more than a jug holds.
        if jugs.sizes[0] < jugs.sizes[1] && jugs.target <= jugs.sizes[1] { Ok(jugs) } else { Err(Reject) }
    }

    fn generate(config: &JugsConfig, draw: &mut Draw) -> Result<Self, Reject> {
        let index = draw.below(u64::from(config.largest).pow(3));
        Self::at(config, 0, index.into(), draw)
    }

    fn accepts(_config: &JugsConfig, solvable: bool) -> bool {
        solvable
    }

    // --- Part 2: who they are. Jugs in another order are the same puzzle.

    fn canonical(&self) -> Self {
        let [a, b] = self.sizes;
        Jugs { sizes: [a.min(b), a.max(b)], target: self.target }
    }

    fn write_json(&self, out: &mut Vec<u8>) {
        let [a, b] = self.sizes;
        out.extend_from_slice(format!("{{\"sizes\":[{a},{b}],\"target\":{}}}", self.target).as_bytes());
    }

    fn from_json(_kind: usize, value: &serde_json::Value) -> Result<Self, PuzzleError> {
        let jugs = Jugs::deserialize(value).map_err(|error| PuzzleError(error.to_string()))?;
        if jugs.sizes.iter().any(|size| !(1..=LARGEST).contains(size)) {
            return Err(PuzzleError(format!("sizes: found {:?}; allowed: 1 to {LARGEST}", jugs.sizes)));
        }
        Ok(jugs)
    }

    // --- Part 3: the rules.

    fn start(&self) -> Litres {
        [0, 0]
    }

    fn is_goal(&self, state: &Litres) -> bool {
        state.contains(&self.target)
    }

    fn successors(&self, state: &Litres, out: &mut Vec<Step<Pour, Litres>>) {
        out.extend(POURS.into_iter().filter_map(|(from, to)| {
            let result = self.pour(state, from, to)?;
            Some(Step { action: Pour { from, to, result }, state: result, cost: 1 })
        }));
    }

    fn apply(&self, state: &Litres, action: Pour) -> Option<(Pour, Litres, Cost)> {
        let result = self.pour(state, action.from, action.to)?;
        Some((Pour { result, ..action }, result, 1))
    }

    fn believe(&self, state: &Litres, action: Pour) -> Option<(Litres, Cost)> {
        self.apply(state, action).map(|_| (action.result, 1))
    }

    fn is_terminal(&self, _state: &Litres) -> bool {
        false
    }

    // --- Part 4: what is known of them.

    fn evaluator(&self, _heuristic: usize) {}

    fn estimate(&self, (): &(), state: &Litres) -> Cost {
        u64::from(!self.is_goal(state))
    }

    fn facts(&self) -> Facts {
        let cost = self.distances()[0];
        Facts { solvable: cost.is_some(), optimal_cost: cost, solutions: None, difficulty: None }
    }

    fn oracle(&self) -> Vec<Option<Cost>> {
        self.distances()
    }

    fn distance(&self, oracle: &Vec<Option<Cost>>, state: &Litres) -> Option<Cost> {
        let width = usize::from(self.sizes[1]) + 1;
        *oracle.get(usize::from(state[0]) * width + usize::from(state[1]))?
    }

    // --- Part 5: how they are written and read, and go wrong. One form of each atom in all three styles is enough; with
    // single spaces, every token of it is one token of the compact dialect.

    /// What a model must be told beside start and goal.
    fn write_header(&self, _style: Style, out: &mut Vec<u8>) {
        let [a, b] = self.sizes;
        out.extend_from_slice(format!("{a} / {b}").as_bytes());
    }

    /// The puzzle that a prompt tells. It may take other texts too: the puzzle is written again and compared.
    fn read_task(_kind: usize, task: &Task<'_>) -> Option<serde_json::Value> {
        let target = *task.target_numbers()?.first()?;
        Some(serde_json::json!({"sizes": task.header_numbers()?, "target": target}))
    }

    fn write_target(&self, _style: Style, out: &mut Vec<u8>) {
        text::write_number(self.target.into(), out);
    }

    fn write_state(&self, state: &Litres, _style: Style, out: &mut Vec<u8>) {
        text::write_number(state[0].into(), out);
        out.extend_from_slice(b" / ");
        text::write_number(state[1].into(), out);
    }

    fn read_state(&self, _style: Style, reader: &mut Reader<'_>) -> Option<Litres> {
        let first = u16::try_from(reader.number()?).ok().filter(|&held| held <= self.sizes[0])?;
        reader.take(b" / ")?;
        let second = u16::try_from(reader.number()?).ok().filter(|&held| held <= self.sizes[1])?;
        Some([first, second])
    }

    fn write_move(&self, action: Pour, style: Style, out: &mut Vec<u8>) {
        out.extend_from_slice(&[b"ab*"[usize::from(action.from)], b' ', b'>', b' ', b"ab*"[usize::from(action.to)]]);
        out.extend_from_slice(b" = ");
        self.write_state(&action.result, style, out);
    }

    fn read_move(&self, style: Style, reader: &mut Reader<'_>) -> Option<Pour> {
        let pour = |&(from, to): &(u8, u8)| {
            let place = |place: u8| b"ab*"[usize::from(place)];
            reader.rest().starts_with(&[place(from), b' ', b'>', b' ', place(to)])
        };
        let (from, to) = POURS.into_iter().find(pour)?;
        reader.seek(reader.position() + 5);
        reader.take(b" = ")?;
        Some(Pour { from, to, result: self.read_state(style, reader)? })
    }

    fn damage_state(&self, state: &Litres, damage: Damage, draw: &mut Draw) -> Option<Litres> {
        let jug = draw.index(2);
        let mut wrong = *state;
        wrong[jug] = draw.below(u64::from(self.sizes[jug]) + 1) as u16;
        (damage == Damage::Change && wrong != *state).then_some(wrong)
    }

    fn damage_claim(&self, action: Pour, draw: &mut Draw) -> Option<Pour> {
        let result = self.damage_state(&action.result, Damage::Change, draw)?;
        Some(Pour { result, ..action })
    }

    fn illegal_move(&self, state: &Litres, draw: &mut Draw) -> Option<(Pour, Litres)> {
        let useless: Vec<_> = POURS.into_iter().filter(|&(from, to)| self.pour(state, from, to).is_none()).collect();
        let &(from, to) = draw.choose(&useless)?;
        Some((Pour { from, to, result: *state }, *state))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jugs_keep_the_laws() {
        let configs = [2, 12, 40].map(|largest| JugsConfig { largest });
        sos_envs::laws::assert_laws::<Jugs>(&configs, 1, 50);
    }

    #[test]
    fn four_litres_with_three_and_five() {
        let jugs = Jugs { sizes: [3, 5], target: 4 };
        assert_eq!(jugs.facts().optimal_cost, Some(6));
    }
}
