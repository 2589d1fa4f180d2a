//! Puzzles that the splits of a recipe share. The puzzles of all rows are made, without searches or texts, and their ids are compared.
//!
//! Memory: two 16-byte ids for each row, and hash tables of them.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;

use crate::recipe::{Recipe, RecipeError, SplitBy};
use crate::record::puzzles::{BlockCache, FilePuzzles, NoPuzzle, Puzzles};

/// What a split shares with other splits and with itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Shared {
    /// Number of rows.
    pub rows: u64,
    /// Number of rows whose puzzle is also in another split.
    pub in_others: u64,
    /// Number of rows whose puzzle is also in another split, up to renaming.
    pub twins_in_others: u64,
    /// Number of rows that repeat an earlier row of the split.
    pub repeats: u64,
    /// Number of rows that repeat an earlier row of the split, up to renaming.
    pub twin_repeats: u64,
}

/// What all splits of a recipe share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Leaks {
    /// What decides the split of a puzzle. With `id`, the recipe declares that twins may be in two splits.
    pub split_by: SplitBy,
    /// The counts of each split.
    pub splits: BTreeMap<String, Shared>,
}

/// Why the shared puzzles cannot be found.
#[derive(Debug, thiserror::Error)]
pub enum LeakError {
    /// The recipe cannot be followed.
    #[error(transparent)]
    Recipe(#[from] RecipeError),
    /// A row has no puzzle.
    #[error(transparent)]
    Row(#[from] NoPuzzle),
}

/// What the splits of a recipe share, in up to `most` rows of each.
pub fn leaks_of_recipe(recipe: &Recipe, most: u64) -> Result<Leaks, LeakError> {
    let of_split = || vec![Vec::new(); recipe.splits.len()];
    let (mut ids, mut twins) = (of_split(), of_split());
    for (number, mut part) in recipe.parts()?.into_iter().enumerate() {
        let at = |error: RecipeError| match &recipe.environments[..] {
            [] => error,
            _ => error.at("environments", number),
        };
        let file = FilePuzzles::open(&mut part).map_err(at)?;
        for ((place, split), turns) in part.splits.values().enumerate().zip(recipe.turns()) {
            let rows = turns.counts(most).get(number).map_or(0, |most| split.rows.min(*most));
            if !turns.includes(number) {
                continue;
            }
            let puzzles = match &file {
                Some(file) => Puzzles::of_file(file, place, split.rows),
                None => Puzzles::new(&part, place, split.rows),
            };
            let (puzzles, mut cache) = (puzzles.map_err(at)?, BlockCache::default());
            for index in 0..rows {
                let drawn = puzzles.get(index, &mut cache)?;
                ids[place].push(drawn.id.0);
                twins[place].push(drawn.twin.0);
            }
        }
    }
    let splits = counted(&ids).zip(counted(&twins)).map(|((rows, in_others, repeats), of_twins)| {
        let (_, twins_in_others, twin_repeats) = of_twins;
        Shared { rows, in_others, twins_in_others, repeats, twin_repeats }
    });
    Ok(Leaks { split_by: recipe.split_by, splits: recipe.splits.keys().cloned().zip(splits).collect() })
}

/// For each split: its rows, the rows whose id another split has, and the rows that repeat an earlier one.
fn counted(splits: &[Vec<u128>]) -> impl Iterator<Item = (u64, u64, u64)> + '_ {
    // For each id, the first split that has it, and whether another split has it as well.
    let mut known = HashMap::new();
    for (place, ids) in splits.iter().enumerate() {
        for &id in ids {
            let (first, shared) = known.entry(id).or_insert((place, false));
            *shared |= *first != place;
        }
    }
    splits.iter().map(move |ids| {
        let shared = ids.iter().filter(|id| known.get(id).is_some_and(|(_, shared)| *shared)).count();
        let distinct = ids.iter().collect::<HashSet<_>>().len();
        (ids.len() as u64, shared as u64, (ids.len() - distinct) as u64)
    })
}

impl Leaks {
    /// Whether a split has a puzzle of another split; or a twin of one, unless the recipe declares that.
    pub fn is_finding(&self) -> bool {
        let leaks =
            |shared: &Shared| shared.in_others > 0 || self.split_by == SplitBy::Twin && shared.twins_in_others > 0;
        self.splits.values().any(leaks)
    }

    /// The head of a table of recipes.
    pub const HEAD: &'static str = "| recipe | rows | in two splits, by id | in two splits, by twin | again in a split, by id | again in a split, by twin | declared |\n\
        |---|---|---|---|---|---|---|\n";

    /// The line of a recipe in the table.
    pub fn line(&self, name: &str) -> String {
        let cell = |count: fn(&Shared) -> u64| {
            let counts = self.splits.iter().filter(|(_, shared)| count(shared) > 0);
            let counts: Vec<_> = counts.map(|(split, shared)| format!("{split} {}", count(shared))).collect();
            if counts.is_empty() { "0".to_string() } else { counts.join(", ") }
        };
        let (rows, by_id, by_twin) = (cell(|it| it.rows), cell(|it| it.in_others), cell(|it| it.twins_in_others));
        let (again, twins_again) = (cell(|it| it.repeats), cell(|it| it.twin_repeats));
        let declared = if self.split_by == SplitBy::Id { "`split_by = \"id\"`" } else { "" };
        format!("| {name} | {rows} | {by_id} | {by_twin} | {again} | {twins_again} | {declared} |")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_splits_share_is_counted() {
        // 2 is in both splits, 1 twice in the first, 5 three times in the second
        let counts: Vec<_> = counted(&[vec![1, 2, 1, 3], vec![5, 5, 2, 5, 2]]).collect();
        assert_eq!(counts, [(4, 1, 1), (5, 2, 3)]);
    }

    #[test]
    fn a_shared_twin_is_a_finding_unless_it_is_declared() {
        let leaks = |split_by, in_others, twins_in_others| {
            let shared = Shared { rows: 9, in_others, twins_in_others, repeats: 0, twin_repeats: 3 };
            Leaks { split_by, splits: BTreeMap::from([("test".to_string(), shared)]) }
        };
        assert!(!leaks(SplitBy::Twin, 0, 0).is_finding());
        assert!(leaks(SplitBy::Twin, 0, 1).is_finding());
        assert!(!leaks(SplitBy::Id, 0, 1).is_finding());
        assert!(leaks(SplitBy::Id, 1, 1).is_finding());
        assert_eq!(
            leaks(SplitBy::Id, 0, 1).line("x"),
            "| x | test 9 | 0 | test 1 | 0 | test 3 | `split_by = \"id\"` |"
        );
    }
}
