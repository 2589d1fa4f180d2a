//! The puzzles of a split: a pure function of (recipe, split, index), disjoint between splits, without duplicates where the
//! environment's space can be enumerated, with no memory that grows with the count.
//!
//! **Splits.** A puzzle belongs to one split by its canonical id (or, where a property is held out, by that property first and
//! then by its id). So no puzzle is in two splits, whatever the settings and however many rows are drawn.
//!
//! **No duplicates.** The space of candidates is walked in the order of a keyed permutation and cut into blocks of fixed
//! size; each block gives a fixed number of rows, its first accepted candidates. A row is found from its index alone: its
//! block and its rank in it. Three sizes of blocks:
//! - a space of up to 2^16 candidates is one block, and every accepted candidate is a row;
//! - a larger one has blocks of 4,096, whose number of rows lies eight standard deviations below what is expected;
//! - a space of 2^28 and more, or one in strata, has blocks so long that one row is found in each all but surely.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use sos_envs::{Draw, Environment, Facts, PuzzleId, Space, Streams, draw::Permutation};

use crate::recipe::{Recipe, RecipeError};

/// A puzzle with what is known of it.
#[derive(Clone, Debug)]
pub struct Drawn<E: Environment> {
    /// The puzzle, as the row shows it.
    pub puzzle: E,
    /// Its id.
    pub id: PuzzleId,
    /// What is proven of it.
    pub facts: Facts,
    /// Candidates that were drawn and rejected before it.
    pub rejected: u64,
}

impl<E: Environment> Drawn<E> {
    fn new(puzzle: E, id: PuzzleId, rejected: u64) -> Self {
        let facts = puzzle.facts();
        Drawn { puzzle, id, facts, rejected }
    }
}

/// Which split a puzzle belongs to.
struct Ownership {
    hold_out: Option<Held>,
    /// Of each split: whether it holds the held-out puzzles, and its part of the ids as a range of their upper half.
    parts: Vec<(bool, std::ops::Range<u128>)>,
}

struct Held {
    key: usize,
    values: HeldValues,
}

enum HeldValues {
    /// Sorted.
    Listed(Vec<u64>),
    /// Those whose hash, by this key, lies below the bound.
    Hashed { streams: Streams, bound: u64 },
}

impl Ownership {
    fn new<E: Environment>(recipe: &Recipe, config: &E::Config) -> Result<Self, RecipeError> {
        let hold_out = match &recipe.hold_out {
            None => None,
            Some(hold_out) => {
                let key = E::KEYS.iter().position(|&key| key == hold_out.key).ok_or_else(|| RecipeError::Unknown {
                    field: "hold_out.key".into(),
                    found: hold_out.key.clone(),
                    allowed: E::KEYS.join(", "),
                    nearest: crate::names::nearest(&hold_out.key, E::KEYS.iter().copied()),
                })?;
                Some(Held { key, values: held_values::<E>(recipe, config, key)? })
            }
        };
        let total = |held_out: bool| -> u128 {
            let splits = recipe.splits.values().filter(|split| split.held_out == held_out);
            splits.map(|split| u128::from(split.share.unwrap_or(split.rows))).sum::<u128>().max(1)
        };
        let mut before = [0u128; 2];
        let mut parts = Vec::new();
        for split in recipe.splits.values() {
            let group = usize::from(split.held_out);
            let next = before[group] + u128::from(split.share.unwrap_or(split.rows));
            let cut = |share: u128| (share << 64) / total(split.held_out);
            parts.push((split.held_out, cut(before[group])..cut(next)));
            before[group] = next;
        }
        Ok(Ownership { hold_out, parts })
    }

    /// Whether a puzzle is held out or not, as the split wants it.
    fn admits<E: Environment>(&self, split: usize, puzzle: &E) -> bool {
        self.hold_out.as_ref().is_some_and(|held| held.has(puzzle)) == self.parts[split].0
    }

    fn owns<E: Environment>(&self, split: usize, puzzle: &E, id: impl FnOnce() -> PuzzleId) -> Option<PuzzleId> {
        if !self.admits(split, puzzle) {
            return None;
        }
        let id = id();
        self.parts[split].1.contains(&(id.0 >> 64)).then_some(id)
    }
}

fn held_values<E: Environment>(recipe: &Recipe, config: &E::Config, key: usize) -> Result<HeldValues, RecipeError> {
    let Some(hold_out) = &recipe.hold_out else { return Ok(HeldValues::Listed(Vec::new())) };
    if let Some(values) = &hold_out.values {
        let mut values = values.clone();
        values.sort_unstable();
        return Ok(HeldValues::Listed(values));
    }
    let percent = hold_out.percent.unwrap_or(0);
    if !(1..100).contains(&percent) {
        return Err(RecipeError::Value {
            field: "hold_out.percent".into(),
            found: percent.to_string(),
            allowed: "1 to 99".into(),
        });
    }
    let streams = Streams::new(recipe.seed, "hold-out", &hold_out.key);
    let Some(mut values) = E::hold_out_values(config, key) else {
        return Ok(HeldValues::Hashed { streams, bound: u64::MAX / 100 * percent });
    };
    let held = values.len() * percent as usize / 100;
    if held == 0 {
        return Err(RecipeError::Value {
            field: "hold_out.percent".into(),
            found: format!("{percent} % of {} values, which is less than one", values.len()),
            allowed: "a percentage that holds out at least one value".into(),
        });
    }
    values.sort_unstable();
    streams.at(0).shuffle(&mut values);
    values.truncate(held);
    values.sort_unstable();
    Ok(HeldValues::Listed(values))
}

impl Held {
    fn has<E: Environment>(&self, puzzle: &E) -> bool {
        let value = puzzle.hold_out_key(self.key);
        match &self.values {
            HeldValues::Listed(values) => values.binary_search(&value).is_ok(),
            HeldValues::Hashed { streams, bound } => streams.at(value).word64() < *bound,
        }
    }
}

/// How rows are found in the candidates.
enum Walk {
    /// Draws with replacement: the space cannot be enumerated.
    Draw { most: u64 },
    /// One block, whose accepted candidates are the rows.
    Whole { permutation: Permutation, accepted: OnceLock<Vec<u32>> },
    /// Blocks of candidates, with a number of rows in each, in each stratum that the split has puzzles of.
    Blocks { permutations: Vec<(u64, Permutation)>, block: u64, rows: u64 },
}

/// The puzzles of one split.
pub struct Puzzles<E: Environment> {
    config: E::Config,
    split: usize,
    name: String,
    ownership: Ownership,
    streams: Streams,
    strata_streams: Streams,
    space: Option<Space>,
    walk: Walk,
}

/// A block's accepted candidates, kept from row to row.
#[derive(Default)]
pub struct BlockCache {
    /// The split and its block.
    block: Option<(usize, u64)>,
    /// Position of each accepted candidate, and how many were rejected before it.
    accepted: Vec<(u64, u64)>,
}

/// No puzzle was found for a row: less likely than a broken machine where settings are sane.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "split {split}, row {index}: none of {tried} candidates was accepted; the settings accept too few puzzles of some kind: widen them, or set draws = \"uniform\" where there is such a setting"
)]
pub struct NoPuzzle {
    /// The split.
    pub split: String,
    /// The row.
    pub index: u64,
    /// Candidates that were tried.
    pub tried: u64,
}

const WHOLE: u128 = 1 << 16;
const HUGE: u128 = 1 << 28;
const BLOCK: u64 = 4096;
/// Draws from which the share of accepted candidates is estimated.
const PROBES: u64 = 512;
const MOST_PROBES: u64 = 1 << 15;
/// Each stratum has an order of its own in memory.
const MOST_STRATA: u64 = 1 << 20;
/// Strata that are probed, and candidates of each of the least of them.
const STRATA_PROBED: usize = 512;
const STRATUM_PROBES: u64 = 1088;
/// How long it may take until a first candidate is accepted.
const PATIENCE: Duration = Duration::from_secs(10);

impl<E: Environment> Puzzles<E> {
    /// The puzzles of the split of that place in the recipe. Fails at once where there are none, or fewer than `rows`.
    pub fn new(recipe: &Recipe, split: usize, rows: u64) -> Result<Self, RecipeError> {
        let config = config::<E>(recipe)?;
        let space = E::space(&config).map_err(RecipeError::Environment)?;
        let Some(name) = recipe.splits.keys().nth(split).cloned() else {
            return Err(RecipeError::Value {
                field: "split".into(),
                found: split.to_string(),
                allowed: "a split of the recipe".into(),
            });
        };
        let ownership = Ownership::new::<E>(recipe, &config)?;
        // One order of the candidates for all splits: each takes its own puzzles of it.
        let streams = Streams::new(recipe.seed, "puzzle", if space.is_some() { "" } else { &name });
        let strata_streams = Streams::new(recipe.seed, "strata", &name);
        let walk = Walk::Draw { most: MOST_PROBES };
        let mut puzzles = Puzzles { config, split, name, ownership, streams, strata_streams, space, walk };
        puzzles.walk = puzzles.choose_walk(recipe.seed)?;
        let capacity = puzzles.capacity();
        if capacity == 0 && rows > 0 {
            let tried = puzzles.space.map_or(0, |space| space.total());
            return Err(RecipeError::Unsatisfiable {
                split: puzzles.name,
                tried: tried.try_into().unwrap_or(u64::MAX),
            });
        }
        if capacity < u128::from(rows) {
            let space = puzzles.space.map_or(0, |space| space.total());
            return Err(RecipeError::TooManyRows { split: puzzles.name, rows, capacity, space });
        }
        Ok(puzzles)
    }

    fn choose_walk(&self, seed: u64) -> Result<Walk, RecipeError> {
        let Some(space) = self.space else {
            let (accepted, tried) = self.probe(|index| {
                let mut draw = Streams::new(seed, "probe", &self.name).at(index);
                E::generate(&self.config, &mut draw).ok()
            })?;
            return Ok(Walk::Draw { most: (100 * tried / accepted).max(1000) });
        };
        let permutation = |stratum: u64| Streams::new(seed, "space", &stratum.to_string()).permutation(space.size);
        if space.strata == 1 && space.size <= WHOLE {
            return Ok(Walk::Whole { permutation: permutation(0), accepted: OnceLock::new() });
        }
        if space.strata > MOST_STRATA {
            return Err(RecipeError::Value {
                field: "environment".into(),
                found: format!("{} values that are to be equally frequent", space.strata),
                allowed: format!(
                    "at most {MOST_STRATA}; narrow the range of targets and sizes, or set draws = \"uniform\""
                ),
            });
        }
        let permutations = (0..space.strata).map(|stratum| (stratum, permutation(stratum)));
        let permutations: Vec<_> = permutations.filter(|(stratum, order)| self.reaches(*stratum, order)).collect();
        if permutations.is_empty() {
            return Err(RecipeError::Unsatisfiable { split: self.name.clone(), tried: space.strata * PROBES });
        }
        if space.strata > 1 {
            let block = self.block_of_strata(&permutations, space)?;
            return Ok(Walk::Blocks { permutations, block, rows: 1 });
        }
        let (accepted, tried) = self.probe(|index| {
            let at = permutations[0].1.at(u128::from(index) % space.size);
            E::at(&self.config, 0, at, &mut self.streams.at(index)).ok()
        })?;
        if space.size < HUGE {
            let rows = rows_of_block(accepted, tried);
            if rows > 0 {
                return Ok(Walk::Blocks { permutations, block: BLOCK, rows });
            }
        }
        // The chance that a block of n has none is (1 - p)^n < e^(-pn).
        Ok(Walk::Blocks { permutations, block: 60 * tried / accepted, rows: 1 })
    }

    /// Candidates of a block that gives one row in the stratum that accepts the least: 28 times as many as are needed on average, so that
    /// none is found in one block of 10^12. What is estimated is the share that the settings accept; the split's own part of
    /// it is known.
    fn block_of_strata(&self, permutations: &[(u64, Permutation)], space: Space) -> Result<u64, RecipeError> {
        let accepted = |(stratum, order): &(u64, Permutation), places: std::ops::Range<u64>| {
            let accepts = |place: u64| {
                let at = order.at(u128::from(place) % space.size);
                let puzzle = E::at(&self.config, *stratum, at, &mut self.streams.at(place.wrapping_mul(space.strata)));
                puzzle.is_ok_and(|puzzle| {
                    self.ownership.admits(self.split, &puzzle) && E::accepts(&self.config, puzzle.is_solvable())
                })
            };
            places.filter(|&place| accepts(place)).count() as u64
        };
        let every = permutations.len().div_ceil(STRATA_PROBED);
        let mut counts: Vec<(u64, usize)> =
            (0..permutations.len()).step_by(every).map(|i| (accepted(&permutations[i], 0..64), i)).collect();
        counts.sort_unstable();
        counts.truncate(8);
        let more = |(first, i): &(u64, usize)| first + accepted(&permutations[*i], 64..STRATUM_PROBES);
        let least = counts.iter().map(more).min().unwrap_or(0);
        let least = least.saturating_sub(least.isqrt());
        let part = &self.ownership.parts[self.split].1;
        let width = part.end - part.start;
        if least == 0 || width == 0 {
            return Err(RecipeError::Unsatisfiable { split: self.name.clone(), tried: STRATUM_PROBES });
        }
        let block = (u128::from(28 * STRATUM_PROBES) << 64) / (u128::from(least) * width);
        Ok(u64::try_from(block).unwrap_or(u64::MAX).max(1))
    }

    /// Whether a stratum is not wholly on the other side of what is held out: a held-out target is a stratum of its own.
    fn reaches(&self, stratum: u64, order: &Permutation) -> bool {
        let (Some(held), Some(space)) = (&self.ownership.hold_out, self.space) else { return true };
        let holds = self.ownership.parts[self.split].0;
        let candidates = (0..u128::from(PROBES).min(space.size)).map(|at| order.at(at));
        let mut puzzles = candidates.filter_map(|at| E::at(&self.config, stratum, at, &mut self.streams.at(0)).ok());
        puzzles.any(|puzzle| held.has(&puzzle) == holds)
    }

    /// Estimates the share of candidates that are accepted: how many of how many.
    fn probe(&self, candidate: impl Fn(u64) -> Option<E>) -> Result<(u64, u64), RecipeError> {
        let (mut accepted, mut tried) = (0, 0);
        let start = Instant::now();
        while tried < PROBES || (accepted < 20 && tried < MOST_PROBES) {
            accepted += u64::from(candidate(tried).and_then(|puzzle| self.accept(puzzle)).is_some());
            tried += 1;
            // A puzzle of eight numbers takes a while to be proven unsolvable. Time decides only whether a recipe is refused.
            if accepted == 0 && start.elapsed() > PATIENCE {
                break;
            }
        }
        if accepted == 0 {
            return Err(RecipeError::Unsatisfiable { split: self.name.clone(), tried });
        }
        Ok((accepted, tried))
    }

    fn accept(&self, puzzle: E) -> Option<(E, PuzzleId)> {
        let id = self.ownership.owns(self.split, &puzzle, || puzzle.id())?;
        E::accepts(&self.config, puzzle.is_solvable()).then_some((puzzle, id))
    }

    /// How many rows there are: for a space that cannot be enumerated, as many as asked for.
    pub fn capacity(&self) -> u128 {
        match &self.walk {
            Walk::Draw { .. } => u128::MAX,
            Walk::Whole { .. } => self.whole().len() as u128,
            Walk::Blocks { block, rows, permutations } => {
                let size = permutations.first().map_or(0, |(_, order)| order.size());
                size / u128::from(*block) * u128::from(*rows) * permutations.len() as u128
            }
        }
    }

    /// Candidates of the whole space, where it can be enumerated.
    pub fn space(&self) -> Option<u128> {
        self.space.map(|space| space.total())
    }

    fn whole(&self) -> &[u32] {
        let Walk::Whole { permutation, accepted } = &self.walk else { return &[] };
        accepted.get_or_init(|| {
            let accept = |&at: &u32| self.candidate(permutation, 0, 1, u64::from(at)).is_some();
            (0..permutation.size() as u32).filter(accept).collect()
        })
    }

    /// The candidate at a place of a stratum's walk, if it is accepted.
    fn candidate(&self, permutation: &Permutation, stratum: u64, strata: u64, place: u64) -> Option<(E, PuzzleId)> {
        let mut draw = self.streams.at(place.wrapping_mul(strata).wrapping_add(stratum));
        let puzzle = E::at(&self.config, stratum, permutation.at(u128::from(place)), &mut draw).ok()?;
        self.accept(puzzle)
    }

    /// The puzzle of a row.
    pub fn get(&self, index: u64, cache: &mut BlockCache) -> Result<Drawn<E>, NoPuzzle> {
        let missing = |tried| NoPuzzle { split: self.name.clone(), index, tried };
        match &self.walk {
            Walk::Draw { most } => self.draw(index, *most).ok_or_else(|| missing(*most)),
            Walk::Whole { permutation, .. } => {
                let all = self.whole();
                let at = *all.get(index as usize).ok_or_else(|| missing(all.len() as u64))?;
                let before = index.checked_sub(1).map_or(0, |before| u64::from(all[before as usize]) + 1);
                let found = self.candidate(permutation, 0, 1, u64::from(at));
                let (puzzle, id) = found.ok_or_else(|| missing(1))?;
                Ok(Drawn::new(puzzle, id, u64::from(at) - before))
            }
            Walk::Blocks { permutations, block, rows: 1 } => {
                self.first_of_block(index, permutations, *block).ok_or_else(|| missing(*block))
            }
            Walk::Blocks { permutations, block, rows } => {
                self.fill(&permutations[0].1, index / rows, *block, *rows, cache);
                let &(place, rejected) = cache.accepted.get((index % rows) as usize).ok_or_else(|| missing(*block))?;
                let found = self.candidate(&permutations[0].1, 0, 1, place);
                let (puzzle, id) = found.ok_or_else(|| missing(1))?;
                Ok(Drawn::new(puzzle, id, rejected))
            }
        }
    }

    fn draw(&self, index: u64, most: u64) -> Option<Drawn<E>> {
        let mut draw: Draw = self.streams.at(index);
        (0..most).find_map(|rejected| {
            let (puzzle, id) = self.accept(E::generate(&self.config, &mut draw).ok()?)?;
            Some(Drawn::new(puzzle, id, rejected))
        })
    }

    /// Strata take turns, in another order each round.
    fn first_of_block(&self, index: u64, permutations: &[(u64, Permutation)], block: u64) -> Option<Drawn<E>> {
        let live = permutations.len() as u64;
        let round = index / live;
        let turn = if live == 1 { 0 } else { self.turn(round, index % live, live) };
        let (stratum, order) = &permutations[turn as usize];
        let strata = self.space.map_or(1, |space| space.strata);
        (0..block).find_map(|rejected| {
            let place = round * block + rejected;
            let (puzzle, id) = self.candidate(order, *stratum, strata, place)?;
            Some(Drawn::new(puzzle, id, rejected))
        })
    }

    fn turn(&self, round: u64, place: u64, strata: u64) -> u64 {
        let mut draw = self.strata_streams.at(round);
        let offset = draw.below(strata);
        // A walk with a step that has no factor in common with the number of strata visits each once.
        let mut step = 1 + draw.below(strata - 1);
        while common_factor(step, strata) {
            step = step % (strata - 1) + 1;
        }
        ((u128::from(offset) + u128::from(place) * u128::from(step)) % u128::from(strata)) as u64
    }

    fn fill(&self, permutation: &Permutation, block: u64, size: u64, rows: u64, cache: &mut BlockCache) {
        if cache.block == Some((self.split, block)) {
            return;
        }
        cache.block = Some((self.split, block));
        cache.accepted.clear();
        let mut rejected = 0;
        for place in block * size..(block + 1) * size {
            if cache.accepted.len() as u64 == rows {
                break;
            }
            if self.candidate(permutation, 0, 1, place).is_some() {
                cache.accepted.push((place, rejected));
                rejected = 0;
            } else {
                rejected += 1;
            }
        }
    }
}

fn common_factor(mut a: u64, mut b: u64) -> bool {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a > 1
}

/// Rows that a block of [`BLOCK`] candidates gives all but surely, when `accepted` of `tried` were accepted: eight standard deviations below
/// the mean, with the estimate itself taken two deviations low.
fn rows_of_block(accepted: u64, tried: u64) -> u64 {
    let (accepted, block) = (accepted.saturating_sub(2 * accepted.isqrt()), BLOCK);
    let mean = block * accepted / tried;
    mean.saturating_sub(8 * mean.isqrt())
}

/// The environment's settings of a recipe.
pub fn config<E: Environment>(recipe: &Recipe) -> Result<E::Config, RecipeError> {
    let mut table = recipe.environment.clone();
    table.remove("name");
    let read = |table: toml::Table| -> Result<E::Config, String> {
        toml::Value::Table(table).try_into().map_err(|error: toml::de::Error| crate::recipe::plain(error.message()))
    };
    read(table.clone()).map_err(|message| {
        // The reader does not say which setting it means; it is the one that is refused alone as well.
        let alone =
            |(key, value): (&String, &toml::Value)| read(toml::Table::from_iter([(key.clone(), value.clone())]));
        let field = table.iter().find(|&entry| alone(entry).is_err_and(|error| error == message));
        let field = field.map(|(key, _)| format!(".{key}")).unwrap_or_default();
        RecipeError::Form(format!("environment{field}: {message}"))
    })
}
