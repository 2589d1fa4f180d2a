//! Settings of river crossings, and their space of puzzles.

use serde::{Deserialize, Serialize};

use super::{Items, MAX_ITEMS, MAX_PEOPLE, NAMES, Party, RiverCrossing, graphs};
use crate::draw::Draw;
use crate::environment::{ConfigError, Reject};
use crate::exact::Known;
use crate::settings::{Amount, Range, Solvable, amount_within, within};
use crate::splits::Space;

/// The kinds of puzzles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KindSetting {
    /// Missionaries and cannibals.
    People,
    /// A farmer's items.
    Items,
    /// Both kinds: in the proportions of the space, or with equal probability if puzzles are drawn one by one.
    #[default]
    Both,
}

impl KindSetting {
    fn has_people(self) -> bool {
        self != KindSetting::Items
    }

    fn has_items(self) -> bool {
        self != KindSetting::People
    }

    pub(super) fn numbers(self) -> Vec<u64> {
        let kinds = [(0, self.has_people()), (1, self.has_items())];
        kinds.into_iter().filter(|kind| kind.1).map(|kind| kind.0).collect()
    }
}

/// Settings of the river crossing generator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The kinds of puzzles: `people`, `items` or `both`.
    pub kind: KindSetting,
    /// Number of missionaries: 1 to 10.
    pub missionaries: Amount,
    /// Number of cannibals: 1 to 10, but never more than missionaries.
    pub cannibals: Amount,
    /// Number of people that the boat holds: 2 to 4.
    pub seats: Amount,
    /// Number of items: 2 to 7.
    pub items: Amount,
    /// Number of items that the boat holds besides the farmer: 1 to 3.
    pub load: Amount,
    /// Least number of crossings of a shortest solution, from 1 on. Puzzles without a solution are exempt.
    pub min_cost: u64,
    /// Greatest number of crossings of a shortest solution.
    pub max_cost: u64,
    /// Whether a solution is required: `yes`, `no` or `any`.
    pub solvable: Solvable,
}

const fn between(min: u64, max: u64) -> Amount {
    Amount::Between(Range { min, max })
}

impl Default for Config {
    fn default() -> Self {
        Config {
            kind: KindSetting::Both,
            missionaries: between(2, 10),
            cannibals: between(2, 10),
            seats: between(2, 4),
            items: between(3, 7),
            load: between(1, 3),
            min_cost: 5,
            max_cost: 100,
            solvable: Solvable::Yes,
        }
    }
}

/// Greatest `max_cost`. No puzzle has as many positions.
const MOST_COST: u64 = 500;

/// No level has 10,000 puzzles, since all settings together have fewer than 4,000 candidates, many of them unsolvable: 55 pairs of numbers of people with 3
/// boats, and 1,251 graphs of 2 to 7 items up to renaming, with 3 loads.
pub fn levels() -> [Config; 3] {
    let easy = Config {
        missionaries: between(1, 4),
        cannibals: between(1, 4),
        items: between(2, 5),
        min_cost: 3,
        max_cost: 9,
        ..Config::default()
    };
    let medium =
        Config { missionaries: between(2, 8), cannibals: between(2, 8), items: between(3, 6), ..Config::default() };
    let hard = Config {
        missionaries: between(4, 10),
        cannibals: between(3, 10),
        items: between(7, 7),
        load: between(2, 3),
        min_cost: 7,
        ..Config::default()
    };
    [easy, medium, hard]
}

impl Config {
    fn check(&self) -> Result<(), ConfigError> {
        amount_within("missionaries", self.missionaries, 1, MAX_PEOPLE.into())?;
        amount_within("cannibals", self.cannibals, 1, MAX_PEOPLE.into())?;
        amount_within("seats", self.seats, 2, 4)?;
        amount_within("items", self.items, 2, MAX_ITEMS as u64)?;
        amount_within("load", self.load, 1, 3)?;
        if self.kind == KindSetting::People && self.cannibals.min() > self.missionaries.max() {
            let allowed = format!("at most {}, the most missionaries", self.missionaries.max());
            return Err(ConfigError::new("cannibals", self.cannibals.min(), allowed));
        }
        within("min_cost", self.min_cost, 1, MOST_COST)?;
        within("max_cost", self.max_cost, self.min_cost, MOST_COST)?;
        self.satisfiable()
    }

    /// Searches the space for a puzzle. It is small enough for that.
    fn satisfiable(&self) -> Result<(), ConfigError> {
        let mut draw = Draw::new(0, "satisfiable");
        if (0..self.size()).any(|index| at(self, index.into(), &mut draw).is_ok()) {
            return Ok(());
        }
        let found = format!("{} to {}, solvable {:?}", self.min_cost, self.max_cost, self.solvable);
        Err(ConfigError::new("min_cost", found, "costs that some puzzle of these settings has"))
    }

    fn size(&self) -> u64 {
        let people = if self.kind.has_people() { self.people() } else { 0 };
        let items = if self.kind.has_items() { self.graphs().map(|part| part.2).sum() } else { 0 };
        people + items
    }

    fn people(&self) -> u64 {
        [self.missionaries, self.cannibals, self.seats].map(count).into_iter().product()
    }

    /// For each number of items and load: the number of graphs to choose from. The first graph, without pairs, is left out. If a solution is required, so are
    /// graphs that the load can never solve.
    fn graphs(&self) -> impl Iterator<Item = (u64, u64, u64)> {
        let loads = self.load.min()..=self.load.max();
        let (min, max) = (self.items.min(), self.items.max());
        let all = (min..=max).flat_map(move |items| loads.clone().map(move |load| (items, load)));
        let solvable = self.solvable;
        all.map(move |(items, load)| {
            let table = graphs::table(items as usize);
            let most = if solvable == Solvable::Yes { load as usize } else { MAX_ITEMS - 1 };
            (items, load, table.covered_by[most].saturating_sub(1) as u64)
        })
    }
}

fn count(amount: Amount) -> u64 {
    amount.max() - amount.min() + 1
}

/// All numbers of people or items that the settings allow, sorted.
pub fn sizes(config: &Config) -> Vec<u64> {
    let people =
        config.missionaries.min() + config.cannibals.min()..=config.missionaries.max() + config.cannibals.max();
    let items = config.items.min()..=config.items.max();
    let parts =
        [people.filter(|_| config.kind.has_people()).collect(), items.filter(|_| config.kind.has_items()).collect()];
    union(parts)
}

/// All boat sizes that the settings allow, sorted.
pub fn boats(config: &Config) -> Vec<u64> {
    let of = |amount: Amount, there: bool| (amount.min()..=amount.max()).filter(|_| there).collect();
    union([of(config.seats, config.kind.has_people()), of(config.load, config.kind.has_items())])
}

fn union(parts: [Vec<u64>; 2]) -> Vec<u64> {
    let mut all = parts.concat();
    all.sort_unstable();
    all.dedup();
    all
}

pub fn space(config: &Config) -> Result<Space, ConfigError> {
    config.check()?;
    Ok(Space { strata: 1, size: config.size().into() })
}

/// People first, then items by number, load and graph.
pub fn at(config: &Config, index: u128, draw: &mut Draw) -> Result<RiverCrossing, Reject> {
    let mut rest = u64::try_from(index).map_err(|_| Reject)?;
    if config.kind.has_people() {
        if rest < config.people() {
            return finish(config, people(config, rest)?);
        }
        rest -= config.people();
    }
    for (count, load, graphs) in config.graphs() {
        if rest < graphs {
            let &graph = graphs::table(count as usize).classes.get(rest as usize + 1).ok_or(Reject)?;
            return finish(config, items(count as usize, load as u8, graph, draw));
        }
        rest -= graphs;
    }
    Err(Reject)
}

fn people(config: &Config, number: u64) -> Result<RiverCrossing, Reject> {
    let (widths, mut rest) = ([config.missionaries, config.cannibals, config.seats], number);
    let [missionaries, cannibals, boat] = widths.map(|amount| {
        let value = amount.min() + rest % count(amount);
        rest /= count(amount);
        value as u8
    });
    let party = Party::People(missionaries, cannibals);
    if cannibals > missionaries { Err(Reject) } else { Ok(RiverCrossing { party, boat, known: Known::default() }) }
}

/// A graph of pairs with random names, in random order.
fn items(count: usize, boat: u8, graph: graphs::Pairs, draw: &mut Draw) -> RiverCrossing {
    let mut all: [u8; NAMES.len()] = std::array::from_fn(|name| name as u8);
    for place in 0..count {
        all.swap(place, place + draw.index(NAMES.len() - place));
    }
    let mut order: [usize; MAX_ITEMS] = std::array::from_fn(|item| item);
    draw.shuffle(&mut order[..count]);
    let sorted = graphs::foes(graph);
    let mut foes = [0u8; MAX_ITEMS];
    for item in 0..count {
        for other in (0..count).filter(|&other| sorted[item] >> other & 1 == 1) {
            foes[order[item]] |= 1 << order[other];
        }
    }
    let names = std::array::from_fn(|item| if item < count { all[item] } else { 0 });
    RiverCrossing { party: Party::Items(Items { count, names, foes }), boat, known: Known::default() }
}

fn finish(config: &Config, mut puzzle: RiverCrossing) -> Result<RiverCrossing, Reject> {
    let facts = puzzle.solve();
    puzzle.known = Known(Some(facts));
    let fits = facts.optimal_cost.is_none_or(|cost| (config.min_cost..=config.max_cost).contains(&cost));
    if fits && config.solvable.accepts(facts.solvable) { Ok(puzzle) } else { Err(Reject) }
}

pub fn generate(config: &Config, draw: &mut Draw) -> Result<RiverCrossing, Reject> {
    let (all, people) = (config.size(), if config.kind.has_people() { config.people() } else { 0 });
    let of_people = config.kind == KindSetting::People || config.kind == KindSetting::Both && draw.chance(1, 2);
    let index = if of_people { draw.below(people) } else { people + draw.below(all - people) };
    at(config, index.into(), draw)
}
