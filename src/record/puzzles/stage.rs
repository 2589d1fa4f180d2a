//! The puzzles of one stage: how the row of an index is found among the candidates.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use sos_envs::{Draw, PuzzleId, SolverFacts, Space, Streams, draw::Permutation};

use super::filter::Filter;
use super::owner::Ownership;
use super::{NoPuzzle, ProvenPuzzle, config_of, stage_config, stage_name};
use crate::arena::{Config, Puzzle};
use crate::recipe::{Recipe, RecipeError};

/// How rows are found among the candidates.
enum CandidateOrder {
    /// Draws with replacement, for a space that cannot be enumerated. `most` draws find a puzzle almost surely. After `tasks` draws without a new task, the
    /// ground is assumed to have no others.
    Draw { most: u64, tasks: u64 },
    /// One block; its accepted candidates are the rows.
    Whole { permutation: Permutation, accepted: OnceLock<Vec<u32>> },
    /// Blocks of candidates with one row each, in each stratum with puzzles of the split.
    Single { permutations: Vec<(u64, Permutation)>, block: u64 },
    /// Blocks of [`BLOCK`] candidates with a fixed number of rows. The first blocks are kept, so that rows in any order cost no more than in their own.
    Blocks { permutation: Permutation, rows: u64, kept: Vec<OnceLock<Box<[Accepted]>>> },
}

/// An accepted candidate of a block.
#[derive(Clone, Copy)]
struct Accepted {
    /// Its place in the block.
    place: u16,
    /// The number of rejected ones since the accepted one before it.
    rejected: u16,
}

/// The puzzles of one stage of a split.
pub struct StagePuzzles {
    config: Config,
    /// The indices of split and stage.
    place: (usize, usize),
    name: String,
    ownership: Ownership,
    filter: Filter,
    streams: Streams,
    task_streams: Streams,
    strata_streams: Streams,
    space: Option<Space>,
    walk: CandidateOrder,
    capacity: u128,
}

/// The data that successive rows share, kept from row to row.
#[derive(Default)]
pub struct BlockCache {
    /// The stage, and the number of its block.
    block: Option<((usize, usize), u64)>,
    /// Its accepted candidates.
    accepted: Box<[Accepted]>,
    /// The stage, and the number of the ground of the tasks.
    ground: Option<((usize, usize), u64)>,
    /// The twins' ids of the ground's first tasks.
    tasks: Vec<PuzzleId>,
}

/// Number of repeated tasks after which the ground is assumed to have no others.
const MOST_REPEATED: u32 = 256;

/// Number of accepted candidates from which their share is known well enough to say how many draws find one almost surely.
const SURE: u64 = 20;

/// Number of draws for the estimate of repeated puzzles.
const MOST_SAMPLED: u64 = 4096;

const WHOLE: u128 = 1 << 18;
const HUGE: u128 = 1 << 28;
/// Number of candidates in a block that gives several rows.
pub(in crate::record) const BLOCK: u64 = 4096;
/// Number of rows of a stage whose candidates are kept: 16 MB.
const MOST_KEPT: u64 = 1 << 22;
/// Number of draws for the estimate of the share of accepted candidates.
const PROBES: u64 = 512;
const MOST_PROBES: u64 = 1 << 15;
/// Greatest number of strata. Each has its own order in memory.
const MOST_STRATA: u64 = 1 << 20;
/// Number of strata that are probed, and number of candidates in each of those with the fewest accepted ones.
const STRATA_PROBED: usize = 512;
const STRATUM_PROBES: u64 = 1088;
/// Time limit until a first candidate is accepted.
const PATIENCE: Duration = Duration::from_secs(10);
/// Time limit for an estimate on which no byte of the rows depends.
const ENOUGH: Duration = Duration::from_secs(2);

impl StagePuzzles {
    /// The puzzles of a stage. It fails at once if there are none, or fewer than `rows`.
    pub fn new(recipe: &Recipe, split: usize, stage: usize, rows: u64) -> Result<Self, RecipeError> {
        let filter = Filter::new(recipe, split, stage)?;
        let config = stage_config(recipe, split, stage)?;
        let drawn = config.family.space(&config).map_err(RecipeError::Environment)?;
        let space = drawn.or_else(|| recipe.distinct.then(|| config.family.distinct_space(&config)).flatten());
        let name = stage_name(recipe, split, stage);
        let ownership = Ownership::new(recipe, &config_of(recipe)?, split, stage)?;
        // All splits share one order of the candidates, and each takes its own puzzles of it.
        let streams = Streams::new(recipe.seed, "puzzle", if space.is_some() { "" } else { &name });
        let task_streams = Streams::new(recipe.seed, "task", &name);
        let strata_streams = Streams::new(recipe.seed, "strata", &name);
        let walk = CandidateOrder::Draw { most: MOST_PROBES, tasks: MOST_PROBES };
        let place = (split, stage);
        let mut stage = StagePuzzles {
            config,
            place,
            name,
            ownership,
            filter,
            streams,
            task_streams,
            strata_streams,
            space,
            walk,
            capacity: 0,
        };
        stage.walk = stage.choose_walk(recipe.seed)?;
        if recipe.distinct && !(stage.space.is_some() && stage.config.family.counts_twins_once(&stage.config)) {
            let expected = stage.expected_repeats(recipe.seed, rows);
            return Err(RecipeError::Repeats { split: stage.name, rows, expected });
        }
        let capacity = stage.counted();
        stage.capacity = capacity;
        let space = stage.space.map_or(0, |space| space.total());
        let all = matches!(stage.walk, CandidateOrder::Whole { .. });
        if capacity == 0 && rows > 0 && all {
            return Err(RecipeError::Unsatisfiable { split: stage.name, tried: space.try_into().unwrap_or(u64::MAX) });
        }
        if capacity < u128::from(rows) {
            return Err(RecipeError::TooManyRows { split: stage.name, rows, capacity, all, space });
        }
        Ok(stage)
    }

    fn choose_walk(&self, seed: u64) -> Result<CandidateOrder, RecipeError> {
        let Some(space) = self.space else {
            // The task of a row may depend on the estimate.
            let rough = self.config.family.tasks(&self.config) <= 1;
            let (accepted, tried) = self.probe(rough, |index| {
                let mut draw = Streams::new(seed, "probe", &self.name).at(index);
                self.config.family.generate(&self.config, &mut draw).ok()
            })?;
            // If only few are known, the true share may be much smaller than it seems.
            let times = if accepted < SURE { 100 * SURE } else { 100 };
            let most = |times: u64| (times * tried / accepted).max(1000);
            return Ok(CandidateOrder::Draw { most: most(times), tasks: most(100) });
        };
        let permutation = |stratum: u64| Streams::new(seed, "space", &stratum.to_string()).permutation(space.size);
        if space.strata == 1 && space.size <= WHOLE {
            return Ok(CandidateOrder::Whole { permutation: permutation(0), accepted: OnceLock::new() });
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
        let mut permutations: Vec<_> = permutations.filter(|(stratum, order)| self.reaches(*stratum, order)).collect();
        if permutations.is_empty() {
            return Err(RecipeError::Unsatisfiable { split: self.name.clone(), tried: space.strata * PROBES });
        }
        if space.strata > 1 {
            let block = self.block_of_strata(&permutations, space)?;
            return Ok(CandidateOrder::Single { permutations, block });
        }
        let (accepted, tried) = self.probe(false, |index| {
            let at = permutations[0].1.at(u128::from(index) % space.size);
            self.config.family.at(&self.config, 0, at, &mut self.streams.at(index)).ok()
        })?;
        if space.size < HUGE {
            let rows = rows_of_block(accepted, tried);
            // With one row a block there is nothing to keep.
            if rows == 1 {
                return Ok(CandidateOrder::Single { permutations, block: BLOCK });
            }
            if let Some(most) = MOST_KEPT.checked_div(rows) {
                let blocks = (space.size / u128::from(BLOCK)).min(u128::from(most));
                let kept = (0..blocks).map(|_| OnceLock::new()).collect();
                let (_, permutation) = permutations.swap_remove(0);
                return Ok(CandidateOrder::Blocks { permutation, rows, kept });
            }
        }
        // The probability that a block of n has none is (1 - p)^n < e^(-pn).
        Ok(CandidateOrder::Single { permutations, block: 60 * tried / accepted })
    }

    /// Length of a block that gives one row in the stratum with the least share of accepted candidates. It is 28 times the average need, so that only one block
    /// in 10^12 gives none. The share that the settings accept is estimated; the split's own part of it is known.
    fn block_of_strata(&self, permutations: &[(u64, Permutation)], space: Space) -> Result<u64, RecipeError> {
        let accepted = |(stratum, order): &(u64, Permutation), places: std::ops::Range<u64>| {
            let accepts = |place: u64| {
                let at = order.at(u128::from(place) % space.size);
                let puzzle = self.config.family.at(
                    &self.config,
                    *stratum,
                    at,
                    &mut self.streams.at(place.wrapping_mul(space.strata)),
                );
                let wanted = |puzzle: &Puzzle| {
                    self.ownership.admits(puzzle) && puzzle.is_representative() && self.passes(puzzle).is_some()
                };
                puzzle.is_ok_and(|puzzle| wanted(&puzzle))
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
        let width = self.ownership.width();
        if least == 0 || width == 0 {
            return Err(RecipeError::Unsatisfiable { split: self.name.clone(), tried: STRATUM_PROBES });
        }
        let block = (u128::from(28 * STRATUM_PROBES) << 64) / (u128::from(least) * width);
        Ok(u64::try_from(block).unwrap_or(u64::MAX).max(1))
    }

    /// The expected number of rows that repeat the twin of an earlier one. It is estimated from the pairs of twins in a sample: a pair of rows is a pair of
    /// twins with the same probability as a pair of the sample (as in the birthday problem).
    fn expected_repeats(&self, seed: u64, rows: u64) -> String {
        let streams = Streams::new(seed, "repeats", &self.name);
        let start = Instant::now();
        let mut twins: Vec<PuzzleId> = Vec::new();
        for index in 0..MOST_SAMPLED {
            if start.elapsed() > PATIENCE {
                break;
            }
            let puzzle = self.config.family.generate(&self.config, &mut streams.at(index)).ok();
            twins.extend(puzzle.and_then(|puzzle| self.accept(puzzle)).map(|(_, twin, _)| twin));
        }
        twins.sort_unstable();
        let alike: u128 = twins.chunk_by(|a, b| a == b).map(|alike| pairs(alike.len() as u64)).sum();
        let (all, wanted) = (pairs(twins.len() as u64).max(1), pairs(rows));
        // if none was seen, three at most with 95 % confidence
        let expected = wanted.saturating_mul(if alike == 0 { 3 } else { alike }) / all;
        let most = expected.min(u128::from(rows));
        if alike == 0 { format!("up to some {most}") } else { format!("some {most}") }
    }

    /// Whether a stratum may have puzzles on the split's side of the held-out property. A held-out target is a stratum of its own.
    fn reaches(&self, stratum: u64, order: &Permutation) -> bool {
        let Some(space) = self.space else { return true };
        let candidates = (0..u128::from(PROBES).min(space.size)).map(|at| order.at(at));
        self.ownership.reaches(
            candidates.filter_map(|at| self.config.family.at(&self.config, stratum, at, &mut self.streams.at(0)).ok()),
        )
    }

    /// Estimates the share of accepted candidates, as accepted of tried. A rough estimate suffices if no byte of the rows depends on it.
    fn probe(&self, rough: bool, candidate: impl Fn(u64) -> Option<Puzzle>) -> Result<(u64, u64), RecipeError> {
        let (mut accepted, mut tried) = (0, 0);
        let start = Instant::now();
        while tried < PROBES || (accepted < SURE && tried < MOST_PROBES) {
            accepted += u64::from(candidate(tried).and_then(|puzzle| self.accept(puzzle)).is_some());
            tried += 1;
            // A puzzle of eight numbers takes a while to be proven unsolvable. Time decides only whether a recipe is refused.
            let patience = if accepted == 0 { PATIENCE } else { ENOUGH };
            if (accepted == 0 || rough) && start.elapsed() > patience {
                break;
            }
        }
        if accepted == 0 {
            return Err(RecipeError::Unsatisfiable { split: self.name.clone(), tried });
        }
        Ok((accepted, tried))
    }

    /// A puzzle that the stage accepts, with its twins' id and the facts proven on the way. In a numbered space only one of all twins is accepted.
    fn accept(&self, puzzle: Puzzle) -> Option<(Puzzle, PuzzleId, Option<SolverFacts>)> {
        let id = self.ownership.owns(&puzzle)?;
        if self.space.is_some() && !puzzle.is_representative() {
            return None;
        }
        let facts = self.passes(&puzzle)?;
        Some((puzzle, id, facts))
    }

    /// Whether settings and filters accept a puzzle, with the facts proven on the way.
    fn passes(&self, puzzle: &Puzzle) -> Option<Option<SolverFacts>> {
        if self.filter.is_empty() {
            return self.config.family.accepts(&self.config, puzzle.is_solvable()).then_some(None);
        }
        let facts = puzzle.solver_facts();
        (self.config.family.accepts(&self.config, facts.solvable) && self.filter.passes(puzzle, &facts))
            .then_some(Some(facts))
    }

    /// Number of rows. If the space cannot be enumerated, it is unlimited.
    pub fn capacity(&self) -> u128 {
        self.capacity
    }

    fn counted(&self) -> u128 {
        match &self.walk {
            CandidateOrder::Draw { .. } => u128::MAX,
            CandidateOrder::Whole { .. } => self.whole().len() as u128,
            CandidateOrder::Single { permutations, block } => {
                let size = permutations.first().map_or(0, |(_, order)| order.size());
                size / u128::from(*block) * permutations.len() as u128
            }
            CandidateOrder::Blocks { permutation, rows, .. } => {
                permutation.size() / u128::from(BLOCK) * u128::from(*rows)
            }
        }
    }

    /// Number of candidates in the whole space, if it can be enumerated.
    pub fn space(&self) -> Option<u128> {
        self.space.map(|space| space.total())
    }

    fn whole(&self) -> &[u32] {
        let CandidateOrder::Whole { permutation, accepted } = &self.walk else { return &[] };
        accepted.get_or_init(|| {
            let accept = |&at: &u32| self.candidate(permutation, 0, 1, u64::from(at)).is_some();
            (0..permutation.size() as u32).filter(accept).collect()
        })
    }

    /// The candidate at a place in the order of a stratum, if it is accepted.
    fn candidate(
        &self,
        permutation: &Permutation,
        stratum: u64,
        strata: u64,
        place: u64,
    ) -> Option<(Puzzle, PuzzleId, Option<SolverFacts>)> {
        let mut draw = self.streams.at(place.wrapping_mul(strata).wrapping_add(stratum));
        let puzzle = self.config.family.at(&self.config, stratum, permutation.at(u128::from(place)), &mut draw).ok()?;
        self.accept(puzzle)
    }

    /// The puzzle of a row.
    pub fn get(&self, index: u64, cache: &mut BlockCache) -> Result<ProvenPuzzle, NoPuzzle> {
        if u128::from(index) >= self.capacity {
            return Err(NoPuzzle::Beyond { split: self.name.clone(), index, capacity: self.capacity });
        }
        let missing = |tried| NoPuzzle::NoneAccepted { split: self.name.clone(), index, tried };
        match &self.walk {
            CandidateOrder::Draw { most, tasks } => {
                self.draw(index, *most, *tasks, cache).ok_or_else(|| missing(*most))
            }
            CandidateOrder::Whole { permutation, .. } => {
                let all = self.whole();
                let at = *all.get(index as usize).ok_or_else(|| missing(all.len() as u64))?;
                let before = index.checked_sub(1).map_or(0, |before| u64::from(all[before as usize]) + 1);
                let found = self.candidate(permutation, 0, 1, u64::from(at));
                let (puzzle, id, facts) = found.ok_or_else(|| missing(1))?;
                Ok(ProvenPuzzle::new(puzzle, id, facts, u64::from(at) - before))
            }
            CandidateOrder::Single { permutations, block } => {
                self.first_of_block(index, permutations, *block).ok_or_else(|| missing(*block))
            }
            CandidateOrder::Blocks { permutation, rows, kept } => {
                let block = index / rows;
                let accepted = match kept.get(block as usize) {
                    Some(kept) => kept.get_or_init(|| self.block(permutation, block, *rows)),
                    None => {
                        if cache.block != Some((self.place, block)) {
                            cache.block = Some((self.place, block));
                            cache.accepted = self.block(permutation, block, *rows);
                        }
                        &cache.accepted
                    }
                };
                let &Accepted { place, rejected } =
                    accepted.get((index % rows) as usize).ok_or_else(|| missing(BLOCK))?;
                let found = self.candidate(permutation, 0, 1, block * BLOCK + u64::from(place));
                let (puzzle, id, facts) = found.ok_or_else(|| missing(1))?;
                Ok(ProvenPuzzle::new(puzzle, id, facts, u64::from(rejected)))
            }
        }
    }

    /// Draws with replacement. Puzzles with a common ground are successive rows. The first one draws the ground, and no two of them are equal, as far as the
    /// ground allows.
    fn draw(&self, index: u64, most: u64, task_draws: u64, cache: &mut BlockCache) -> Option<ProvenPuzzle> {
        let tasks = self.config.family.tasks(&self.config).max(1);
        let mut draw: Draw = self.streams.at(index / tasks);
        let first = (0..most).find_map(|rejected| {
            let (puzzle, id, facts) = self.accept(self.config.family.generate(&self.config, &mut draw).ok()?)?;
            Some(ProvenPuzzle::new(puzzle, id, facts, rejected))
        })?;
        if index.is_multiple_of(tasks) {
            return Some(first);
        }
        let ground = Some((self.place, index / tasks));
        if cache.ground != ground {
            cache.ground = ground;
            cache.tasks.clear();
            cache.tasks.push(first.twin);
        }
        let before = (index % tasks) as usize;
        while cache.tasks.len() < before {
            let task = index - before as u64 + cache.tasks.len() as u64;
            let twin = self.task(&first, task, task_draws, &cache.tasks).twin;
            cache.tasks.push(twin);
        }
        let drawn = self.task(&first, index, task_draws, &cache.tasks[..before]);
        if cache.tasks.len() == before {
            cache.tasks.push(drawn.twin);
        }
        Some(drawn)
    }

    /// Another task on the same ground. It differs from those before it, as long as the draws find others; otherwise it repeats one.
    fn task(&self, first: &ProvenPuzzle, index: u64, most: u64, before: &[PuzzleId]) -> ProvenPuzzle {
        let mut draw = self.task_streams.at(index);
        let (mut repeated, mut again) = (0, None);
        for rejected in 0..most {
            let task = first.puzzle.another_task(&self.config, &mut draw).ok();
            let Some((puzzle, twin, facts)) = task.and_then(|task| self.accept(task)) else { continue };
            let is_new = !before.contains(&twin);
            repeated += u32::from(!is_new);
            if is_new || repeated > MOST_REPEATED {
                return ProvenPuzzle::new(puzzle, twin, facts, rejected);
            }
            again.get_or_insert((puzzle, twin, facts));
        }
        match again {
            Some((puzzle, twin, facts)) => ProvenPuzzle::new(puzzle, twin, facts, most),
            None => ProvenPuzzle { rejected: most, ..first.clone() },
        }
    }

    /// Strata take turns, in another order in each round.
    fn first_of_block(&self, index: u64, permutations: &[(u64, Permutation)], block: u64) -> Option<ProvenPuzzle> {
        let live = permutations.len() as u64;
        let round = index / live;
        let turn = if live == 1 { 0 } else { self.turn(round, index % live, live) };
        let (stratum, order) = &permutations[turn as usize];
        let strata = self.space.map_or(1, |space| space.strata);
        (0..block).find_map(|rejected| {
            let place = round * block + rejected;
            let (puzzle, id, facts) = self.candidate(order, *stratum, strata, place)?;
            Some(ProvenPuzzle::new(puzzle, id, facts, rejected))
        })
    }

    fn turn(&self, round: u64, place: u64, strata: u64) -> u64 {
        let mut draw = self.strata_streams.at(round);
        let offset = draw.below(strata);
        // A walk whose step is coprime to the number of strata visits each once.
        let mut step = 1 + draw.below(strata - 1);
        while common_factor(step, strata) {
            step = step % (strata - 1) + 1;
        }
        ((u128::from(offset) + u128::from(place) * u128::from(step)) % u128::from(strata)) as u64
    }

    /// The first accepted candidates of a block.
    fn block(&self, permutation: &Permutation, block: u64, rows: u64) -> Box<[Accepted]> {
        let mut accepted: Vec<Accepted> = Vec::with_capacity(rows as usize);
        let mut rejected = 0;
        for place in 0..BLOCK as u16 {
            if accepted.len() as u64 == rows {
                break;
            }
            if self.candidate(permutation, 0, 1, block * BLOCK + u64::from(place)).is_some() {
                accepted.push(Accepted { place, rejected });
                rejected = 0;
            } else {
                rejected += 1;
            }
        }
        accepted.into()
    }
}

fn pairs(count: u64) -> u128 {
    u128::from(count) * u128::from(count.saturating_sub(1)) / 2
}

fn common_factor(mut a: u64, mut b: u64) -> bool {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a > 1
}

/// Number of rows that a block of [`BLOCK`] candidates gives almost surely, if `accepted` of `tried` were accepted: eight standard deviations below the mean,
/// with the estimate itself two deviations low.
pub(in crate::record) fn rows_of_block(accepted: u64, tried: u64) -> u64 {
    let (accepted, block) = (accepted.saturating_sub(2 * accepted.isqrt()), BLOCK);
    let mean = block * accepted / tried;
    mean.saturating_sub(8 * mean.isqrt())
}
