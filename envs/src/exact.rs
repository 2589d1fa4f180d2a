//! Exact distances over numbered positions. Most environments prove their optimal costs with them.

use std::collections::VecDeque;

use crate::environment::{Cost, Environment, SolverFacts};

/// Distances in steps from every position to the nearest goal.
#[derive(Clone, Debug)]
pub struct Distances(Vec<u16>);

/// The distance of a position from which no goal can be reached.
const NEVER: u16 = u16::MAX;

impl Distances {
    /// Breadth-first search backwards from the goals over positions `0..positions`. `before` appends the predecessors of a position. If every step can be
    /// undone, these are its successors.
    pub fn backwards(
        positions: usize,
        goals: impl IntoIterator<Item = usize>,
        mut before: impl FnMut(usize, &mut Vec<usize>),
    ) -> Self {
        let mut distances = vec![NEVER; positions];
        let mut queue = VecDeque::new();
        for goal in goals {
            if distances[goal] == NEVER {
                distances[goal] = 0;
                queue.push_back(goal);
            }
        }
        let mut near = Vec::new();
        while let Some(here) = queue.pop_front() {
            let distance = distances[here].saturating_add(1).min(NEVER - 1);
            near.clear();
            before(here, &mut near);
            for &there in &near {
                if distances[there] == NEVER {
                    distances[there] = distance;
                    queue.push_back(there);
                }
            }
        }
        Distances(distances)
    }

    /// The distance of a position; none if no goal can be reached or the position does not exist.
    pub fn of(&self, position: usize) -> Option<Cost> {
        self.0.get(position).filter(|&&distance| distance != NEVER).map(|&distance| Cost::from(distance))
    }
}

/// Distances in steps from one position to all reachable ones. The positions are also stored in order of distance, so that those of a range of distances can be
/// counted and numbered.
#[derive(Clone, Debug)]
pub struct Spheres {
    /// By position; [`FAR`] if it cannot be reached.
    distances: Vec<u8>,
    /// The reachable positions, the nearest first.
    order: Vec<u32>,
    /// By distance: the number of nearer positions, up to one more than the greatest distance.
    nearer: Vec<u32>,
}

/// The distance of a position that cannot be reached.
const FAR: u8 = u8::MAX;

impl Spheres {
    /// Breadth-first search from `centre` over positions `0..positions` (below 2^32, none farther than 254 steps). `near` appends the successors of a position;
    /// every step can be undone.
    pub fn around(centre: usize, positions: usize, mut near: impl FnMut(usize, &mut Vec<usize>)) -> Self {
        let mut distances = vec![FAR; positions];
        let mut order = Vec::with_capacity(positions);
        let mut nearer = vec![0];
        distances[centre] = 0;
        order.push(centre as u32);
        let mut found = Vec::new();
        let mut begin = 0;
        for distance in 1..FAR {
            let end = order.len();
            nearer.push(end as u32);
            // If few positions are left, it is faster to test each of them for a neighbour in the last layer (bottom-up search: Beamer, Asanovic and Patterson
            // 2012).
            if positions - end < end - begin {
                for position in 0..positions {
                    if distances[position] != FAR {
                        continue;
                    }
                    found.clear();
                    near(position, &mut found);
                    if found.iter().any(|&there| distances[there] == distance - 1) {
                        distances[position] = distance;
                        order.push(position as u32);
                    }
                }
            } else {
                for place in begin..end {
                    found.clear();
                    near(order[place] as usize, &mut found);
                    for &there in &found {
                        if distances[there] == FAR {
                            distances[there] = distance;
                            order.push(there as u32);
                        }
                    }
                }
            }
            begin = end;
            if order.len() == end {
                break;
            }
        }
        Spheres { distances, order, nearer }
    }

    /// The distance of a position; none if it cannot be reached or does not exist.
    #[inline]
    pub fn of(&self, position: usize) -> Option<Cost> {
        self.distances.get(position).filter(|&&distance| distance != FAR).map(|&distance| Cost::from(distance))
    }

    /// The greatest distance.
    pub fn greatest(&self) -> Cost {
        self.nearer.len() as Cost - 2
    }

    /// Number of positions that are nearer than `distance`.
    pub fn nearer_than(&self, distance: Cost) -> u64 {
        let place = usize::try_from(distance).unwrap_or(usize::MAX).min(self.nearer.len() - 1);
        self.nearer[place].into()
    }

    /// Number of positions at distances from `min` to `max`.
    pub fn between(&self, min: Cost, max: Cost) -> u64 {
        self.nearer_than(max.saturating_add(1)).saturating_sub(self.nearer_than(min))
    }

    /// The position with this number among those at distance `min` or farther, the nearest first.
    pub fn at(&self, min: Cost, number: u128) -> Option<usize> {
        let place = u128::from(self.nearer_than(min)).checked_add(number)?;
        self.order.get(usize::try_from(place).ok()?).map(|&position| position as usize)
    }
}

/// The lexicographic rank of a permutation of `0..n`, `n` up to 16, and whether the permutation is odd.
#[inline]
pub fn rank(n: usize, permutation: impl Iterator<Item = u8>) -> (u64, bool) {
    let (mut rank, mut inversions, mut left) = (0u64, 0u32, u32::MAX);
    for (place, item) in permutation.enumerate() {
        let less = (left & ((1 << item) - 1)).count_ones();
        left &= !(1 << item);
        inversions += less;
        rank = rank * (n - place) as u64 + u64::from(less);
    }
    (rank, inversions % 2 == 1)
}

/// The permutation of `0..n`, `n` up to 16, with this lexicographic rank, and whether it is odd.
#[inline]
pub fn unrank(n: usize, mut rank: u64) -> ([u8; 16], bool) {
    let mut permutation = [0u8; 16];
    let mut inversions = 0;
    for place in (0..n).rev() {
        let base = (n - place) as u64;
        permutation[place] = (rank % base) as u8;
        inversions += rank % base;
        rank /= base;
    }
    // Each entry is the number of smaller items among those left. They are picked from the list of items left, four bits each.
    let mut left = 0xfedc_ba98_7654_3210u64;
    for entry in permutation.iter_mut().take(n) {
        let shift = 4 * u32::from(*entry);
        *entry = (left >> shift & 15) as u8;
        let below = (1u64 << shift) - 1;
        left = left & below | left >> 4 & !below;
    }
    (permutation, inversions % 2 == 1)
}

/// The number of cheapest solutions from the start, at most 2^64 - 1; none if there is no solution. Every step must cost 1, and `distance` should be fast.
pub fn cheapest_solutions<E: Environment>(puzzle: &E, distance: impl Fn(&E::State) -> Option<Cost>) -> Option<u64> {
    let start = puzzle.start();
    let mut layer = vec![(start.clone(), 1u64)];
    let mut steps = Vec::new();
    for left in (0..distance(&start)?).rev() {
        let mut next: Vec<(E::State, u64)> = Vec::with_capacity(2 * layer.len());
        for (state, ways) in &layer {
            steps.clear();
            puzzle.successors(state, &mut steps);
            let nearer = steps.iter().filter(|step| distance(&step.state) == Some(left));
            next.extend(nearer.map(|step| (step.state.clone(), *ways)));
        }
        next.sort_unstable();
        next.dedup_by(|later, kept| {
            let same = later.0 == kept.0;
            if same {
                kept.1 = kept.1.saturating_add(later.1);
            }
            same
        });
        layer = next;
    }
    Some(layer.iter().fold(0, |sum, (_, ways)| sum.saturating_add(*ways)))
}

/// Solver facts that were proven when the puzzle was drawn, so that they need not be proven again. They do not count when puzzles are compared.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known(pub Option<SolverFacts>);

impl PartialEq for Known {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl Eq for Known {}

/// Solver facts by breadth-first search from `start`, level by level up to the first level with a goal. `index` numbers the positions below `positions`.
/// `after` appends the successors of a position, each as often as there are steps to it.
///
/// `solutions` counts the shortest paths, at most 2^64 - 1. `difficulty` counts the positions nearer to the start than the nearest goal, or all reachable ones
/// if there is no goal. Neither depends on the order of steps.
pub fn breadth_first<S: Copy>(
    positions: usize,
    start: S,
    index: impl Fn(&S) -> usize,
    is_goal: impl Fn(&S) -> bool,
    mut after: impl FnMut(&S, &mut Vec<S>),
) -> SolverFacts {
    // By number of a position: 0 if it was not reached, otherwise 1 plus its place in the list.
    let mut places = vec![0u32; positions];
    let mut list = vec![(start, 1u64)];
    places[index(&start)] = 1;
    let mut level = 0..1;
    let mut near = Vec::new();
    for cost in 0.. {
        let goals = list[level.clone()].iter().filter(|(state, _)| is_goal(state));
        let solutions = goals.fold(0u64, |sum, (_, ways)| sum.saturating_add(*ways));
        let nearer = level.start as u64;
        if solutions > 0 {
            return SolverFacts {
                solvable: true,
                optimal_cost: Some(cost),
                solutions: Some(solutions),
                difficulty: Some(nearer),
            };
        }
        if level.is_empty() {
            break;
        }
        for here in level.clone() {
            let (state, ways) = list[here];
            near.clear();
            after(&state, &mut near);
            for &next in &near {
                let place = &mut places[index(&next)];
                if *place == 0 {
                    list.push((next, ways));
                    *place = list.len() as u32;
                } else if *place as usize > level.end {
                    let met = &mut list[*place as usize - 1].1;
                    *met = met.saturating_add(ways);
                }
            }
        }
        level = level.end..list.len();
    }
    SolverFacts { solvable: false, optimal_cost: None, solutions: Some(0), difficulty: Some(list.len() as u64) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::counting::factorial;

    #[test]
    fn permutations_have_numbers() {
        for n in 0..=7 {
            let mut before = None;
            for number in 0..factorial(n) {
                let (permutation, odd) = unrank(n as usize, number);
                let shown = &permutation[..n as usize];
                assert_eq!(rank(n as usize, shown.iter().copied()), (number, odd), "{shown:?}");
                assert!(before.is_none_or(|before| before < permutation), "{shown:?}");
                let inversions = (0..shown.len()).flat_map(|j| (0..j).map(move |i| (i, j)));
                assert_eq!(odd, inversions.filter(|&(i, j)| shown[i] > shown[j]).count() % 2 == 1);
                before = Some(permutation);
            }
        }
        let last = unrank(16, factorial(16) - 1).0;
        assert!(last.into_iter().eq((0..16).rev()));
        assert_eq!(rank(16, last.into_iter()).0, factorial(16) - 1);
    }

    #[test]
    fn spheres_of_a_path() {
        // The graph 2 - 1 - 0 - 3, and 4 alone.
        let near = [vec![1, 3], vec![0, 2], vec![1], vec![0], vec![]];
        let spheres = Spheres::around(0, 5, |at, out| out.extend(&near[at]));
        assert_eq!(
            (0..6).map(|at| spheres.of(at)).collect::<Vec<_>>(),
            [Some(0), Some(1), Some(2), Some(1), None, None]
        );
        assert_eq!(spheres.greatest(), 2);
        assert_eq!([0, 1, 2, 3, 9].map(|distance| spheres.nearer_than(distance)), [0, 1, 3, 4, 4]);
        assert_eq!((spheres.between(1, 1), spheres.between(1, 7), spheres.between(5, 7)), (2, 3, 0));
        assert_eq!([0, 1, 2, 3].map(|number| spheres.at(1, number)), [Some(1), Some(3), Some(2), None]);
    }
}
