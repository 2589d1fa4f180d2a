//! Your own solver.

use std::collections::{BTreeSet, VecDeque};

use serde_json::Value;

/// The least number of pours for a puzzle of `water-jugs`, by breadth-first search. None if there is no solution.
pub fn fewest_pours(puzzle: &Value) -> Option<u64> {
    let litres = |name: &str| -> Option<Vec<u64>> { puzzle.get(name)?.as_array()?.iter().map(Value::as_u64).collect() };
    let (sizes, target) = (litres("sizes")?, puzzle.get("target")?.as_u64()?);
    let start = litres("start").unwrap_or_else(|| vec![0; sizes.len()]);
    let mut seen = BTreeSet::from([start.clone()]);
    let mut queue = VecDeque::from([(start, 0)]);
    while let Some((held, pours)) = queue.pop_front() {
        if held.contains(&target) {
            return Some(pours);
        }
        let fresh = after_each_pour(&held, &sizes).into_iter().filter(|next| seen.insert(next.clone()));
        queue.extend(fresh.map(|next| (next, pours + 1)));
    }
    None
}

/// The contents after each jug is filled, emptied, or poured into each other one.
fn after_each_pour(held: &[u64], sizes: &[u64]) -> Vec<Vec<u64>> {
    let mut found = Vec::new();
    let mut with = |changes: &[(usize, u64)]| {
        let mut next = held.to_vec();
        changes.iter().for_each(|&(jug, litres)| next[jug] = litres);
        found.push(next);
    };
    for from in 0..held.len() {
        with(&[(from, sizes[from])]);
        with(&[(from, 0)]);
        for to in (0..held.len()).filter(|&to| to != from) {
            let moved = held[from].min(sizes[to] - held[to]);
            with(&[(from, held[from] - moved), (to, held[to] + moved)]);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use stream_of_search::strategies::{any_puzzle, json};

    proptest! {
        #[test]
        fn it_finds_what_is_proven(puzzle in any_puzzle("water-jugs")) {
            prop_assert_eq!(fewest_pours(&json(&puzzle)), puzzle.solver_facts().optimal_cost);
        }
    }
}
