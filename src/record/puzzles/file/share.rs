//! Which puzzles of a file belong to which split.

use super::*;

/// The entries of each split, in the order of the file. Each id is in one split, and there once.
pub(super) fn splits(
    recipe: &Recipe,
    settings: &PuzzleFile,
    entries: &[Entry],
    counts: &mut BTreeMap<String, u64>,
) -> Result<Vec<Vec<usize>>, RecipeError> {
    let mut splits = vec![Vec::new(); recipe.splits.len()];
    let place = |name: &str| recipe.splits.keys().position(|split| split == name);
    let (mut known, mut shared) = (HashSet::new(), Vec::new());
    for (number, entry) in entries.iter().enumerate() {
        if !known.insert(if recipe.distinct { entry.twin } else { entry.id }) {
            add(counts, "repeats of an earlier puzzle", 1);
            continue;
        }
        if let Some(facts) = &entry.facts {
            add(counts, "without a solution", u64::from(!facts.solvable));
            add(counts, "without a proof", u64::from(facts.solvable && facts.optimal_cost.is_none()));
        }
        match entry.facts.as_ref().map_or(&Destination::Keep, |facts| settings.destination(facts)) {
            Destination::Keep => shared.push(number),
            Destination::Skip => add(counts, "left out by `unsolvable` or `unproven`", 1),
            Destination::Split(name) => {
                if let Some(place) = place(name) {
                    splits[place].push(number);
                }
            }
        }
    }
    if settings.split_field.is_some() {
        by_name(entries, shared, place, &mut splits, counts);
    } else {
        by_share(recipe, settings, entries, shared, &mut splits, counts);
    }
    splits.iter_mut().for_each(|own| own.sort_unstable());
    Ok(splits)
}

/// Each entry goes to the split that it names. Of renamings of a puzzle all go where the first goes, or nowhere.
fn by_name(
    entries: &[Entry],
    shared: Vec<usize>,
    place: impl Fn(&str) -> Option<usize>,
    splits: &mut [Vec<usize>],
    counts: &mut BTreeMap<String, u64>,
) {
    let mut groups = HashMap::new();
    for number in shared {
        let entry = &entries[number];
        let Some(place) = entry.named.as_deref().and_then(&place) else {
            add(counts, "left out, since they name no split of the recipe", 1);
            continue;
        };
        if *groups.entry(entry.group).or_insert(place) == place {
            splits[place].push(number);
        } else {
            add(counts, "left out as renamings of a puzzle in another split", 1);
        }
    }
}

/// The groups of puzzles, in an order that the seed determines, are cut by the shares of the splits. Held-out puzzles and the others are cut by themselves.
fn by_share(
    recipe: &Recipe,
    settings: &PuzzleFile,
    entries: &[Entry],
    shared: Vec<usize>,
    splits: &mut [Vec<usize>],
    counts: &mut BTreeMap<String, u64>,
) {
    let streams = Streams::new(recipe.seed, "file splits", "");
    for held_out in [false, true] {
        let mut own: Vec<usize> =
            shared.iter().copied().filter(|&number| entries[number].held_out == held_out).collect();
        own.sort_by_cached_key(|&number| scattered(&streams, entries[number].group));
        let takes = recipe
            .splits
            .iter()
            .enumerate()
            .filter(|(_, (name, split))| split.held_out == held_out && !settings.receives(name));
        let takes: Vec<(usize, u128)> = takes.map(|(place, (_, split))| (place, u128::from(split.part()))).collect();
        let total: u128 = takes.iter().map(|(_, share)| share).sum();
        if total == 0 {
            add(counts, "left out, since no split has a share of them", own.len() as u64);
            continue;
        }
        let all = own.len() as u128;
        let mut start = 0u128;
        for group in own.chunk_by(|&a, &b| entries[a].group == entries[b].group) {
            // The group goes where its middle lies.
            let middle = 2 * start + group.len() as u128 - 1;
            start += group.len() as u128;
            let mut border = 0;
            let taker = takes.iter().find(|(_, share)| {
                border += share;
                // Borders are rounded to whole puzzles.
                middle < 2 * ((2 * all * border + total) / (2 * total))
            });
            if let Some((place, _)) = taker.or(takes.last()) {
                splits[*place].extend(group);
            }
        }
    }
}
