//! Water jugs: your own environment, in one file of your own crate. Two jugs, a tap and a drain: measure a number of litres. With jugs of 3 and 5 litres, 4
//! litres take 6 moves.
//!
//! This file is all that is needed; the rest has defaults. The environment then works with all searches, dialects, records, corruptions and checks of the
//! project. They rely on laws, which the test at the end checks: change a `+` below and run `cargo test -p own-environment`, and it names the law, the puzzle
//! and the seed.

use sos_envs::prelude::*;

/// A puzzle. Serde defines its JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Jugs {
    /// The size of each jug, in litres.
    pub sizes: Litres,
    /// The number of litres that one jug has to hold.
    pub target: u64,
}

/// The litres in each jug.
pub type Litres = [u64; 2];

/// Settings. Every field has a default; unknown fields are refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct JugsConfig {
    /// Size of the largest jug, 2 to 200.
    pub largest: u64,
}

impl Default for JugsConfig {
    fn default() -> Self {
        JugsConfig { largest: 12 }
    }
}

/// Fill, empty, pour: source and target, where 2 is the tap or the drain. A change of this order needs a new version of the environment.
const POURS: [(usize, usize); 6] = [(2, 0), (2, 1), (0, 2), (1, 2), (0, 1), (1, 0)];
const WORDS: [&str; 6] = ["* > a", "* > b", "a > *", "b > *", "a > b", "b > a"];

impl Jugs {
    /// A pour by its number; none if it changes nothing.
    fn pour(&self, state: &Litres, number: usize) -> Option<Step<usize, Litres>> {
        let (from, to) = POURS[number];
        let mut held = [state[0], state[1], u64::MAX / 2];
        let room = [self.sizes[0] - state[0], self.sizes[1] - state[1], u64::MAX / 2];
        let moved = held[from].min(room[to]);
        held[from] -= moved;
        held[to] += moved;
        (moved > 0).then_some(Step { action: number, state: [held[0], held[1]], cost: 1 })
    }
}

impl Environment for Jugs {
    const ABOUT: About = About {
        name: "jugs",
        help: "measure out litres with two jugs",
        heuristics: &[HeuristicSpec::consistent("unmet", "1 until the target is measured")],
        walks_turn_back: true,
        words: &["a", "b", "*", ">"],
        ..About::NEW
    };
    type Config = JugsConfig;
    type State = Litres;
    type Move = usize;
    fn levels() -> [JugsConfig; 3] {
        [6, 12, 40].map(|largest| JugsConfig { largest })
    }
    fn check(config: &JugsConfig) -> Result<(), ConfigError> {
        within("largest", config.largest, 2, 200)
    }
    fn generate(config: &JugsConfig, draw: &mut Draw) -> Result<Self, Reject> {
        Self::at(config, 0, draw.below(config.largest.pow(3)).into(), draw)
    }
    /// The order of the jugs does not count.
    fn canonical(&self) -> Self {
        let [a, b] = self.sizes;
        Jugs { sizes: [a.min(b), a.max(b)], target: self.target }
    }
    fn validate(&self) -> Result<(), PuzzleError> {
        PuzzleError::unless(self.sizes.iter().all(|size| (1..=200).contains(size)), "sizes: from 1 to 200")
    }
    fn start(&self) -> Litres {
        [0, 0]
    }
    fn is_goal(&self, state: &Litres) -> bool {
        state.contains(&self.target)
    }
    fn successors(&self, state: &Litres, out: &mut Vec<Step<usize, Litres>>) {
        out.extend((0..POURS.len()).filter_map(|number| self.pour(state, number)));
    }
    fn estimate(&self, _heuristic: usize, state: &Litres) -> Cost {
        u64::from(!self.is_goal(state))
    }
}

impl Atoms for Jugs {
    // The three styles may share one form of each atom. Every word between single spaces is one token of the dialect `compact`.
    fn write_header(&self, style: Style, out: &mut Vec<u8>) {
        self.write_state(&self.sizes, style, out);
    }
    fn read_task(task: &Task<'_>) -> Option<Value> {
        Some(json!({"sizes": task.header_numbers()?, "target": task.target_numbers()?.first()?}))
    }
    fn write_target(&self, _style: Style, out: &mut Vec<u8>) {
        write_number(self.target, out);
    }
    fn write_state(&self, [a, b]: &Litres, _style: Style, out: &mut Vec<u8>) {
        out.extend_from_slice(format!("{a} / {b}").as_bytes());
    }
    fn read_state(&self, style: Style, reader: &mut Reader<'_>) -> Option<Litres> {
        let first = reader.number_up_to(style, self.sizes[0])?;
        reader.take(b" / ")?;
        Some([first, reader.number_up_to(style, self.sizes[1])?])
    }
    fn write_move(&self, number: usize, _style: Style, out: &mut Vec<u8>) {
        out.extend_from_slice(WORDS[number].as_bytes());
    }
    fn read_move(&self, _style: Style, reader: &mut Reader<'_>) -> Option<usize> {
        reader.one_of(&WORDS)
    }
}

/// There are few puzzles, so they are numbered and no row repeats.
impl Splits for Jugs {
    fn space(config: &JugsConfig) -> Option<Space> {
        Some(Space { strata: 1, size: u128::from(config.largest).pow(3) })
    }
    /// Half of the candidates are the other half with the jugs exchanged. Some have a target that exceeds the jugs.
    fn at(config: &JugsConfig, _stratum: u64, index: u128, _draw: &mut Draw) -> Result<Self, Reject> {
        let [a, b, target] = digits(index, config.largest).map(|digit| digit + 1);
        if a < b && target <= b { Ok(Jugs { sizes: [a, b], target }) } else { Err(Reject) }
    }
}

impl SearchSupport for Jugs {}
impl Damage for Jugs {}
impl Answers for Jugs {}
impl Plain for Jugs {}
impl Instruct for Jugs {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jugs_keep_the_laws() {
        sos_envs::laws::assert_laws::<Jugs>(&[2, 12, 40].map(|largest| JugsConfig { largest }), 1, 50);
    }
    #[test]
    fn four_litres_with_three_and_five() {
        assert_eq!(Jugs { sizes: [3, 5], target: 4 }.solver_facts().optimal_cost, Some(6));
    }
}
