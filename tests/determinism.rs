//! A record is a function of (recipe, split, index) alone.

use std::collections::BTreeSet;

use sos_envs::Draw;

use crate::recipes::{SMALL, changed, dataset, rows, split};
use stream_of_search::arena::Puzzle;
use stream_of_search::check::follow;
use stream_of_search::recipe::Recipe;
use stream_of_search::record::{WorkerBuffers, solution};

/// Indices that the tests look at: near, far, and across the edges of blocks.
fn indices() -> Vec<u64> {
    (0..40).chain([63, 64, 65, 127, 128, 199, 255, 256, 299]).collect()
}

fn fresh(text: &str, name: &str, index: u64) -> Vec<String> {
    let dataset = dataset(text);
    rows(&dataset, split(&dataset, name), index, &mut WorkerBuffers::default())
}

#[test]
fn order_and_company_do_not_matter() {
    let small = dataset(SMALL);
    let train = split(&small, "train");
    let mut buffers = WorkerBuffers::default();
    let forward: Vec<_> = indices().into_iter().map(|index| rows(&small, train, index, &mut buffers)).collect();
    let mut shuffled: Vec<(usize, u64)> = indices().into_iter().enumerate().collect();
    Draw::new(3, "order").shuffle(&mut shuffled);
    let (other, mut buffers) = (dataset(SMALL), WorkerBuffers::default());
    for (place, index) in shuffled {
        // Rows of another split use the same buffers in between.
        rows(&other, split(&other, "test"), index % 60, &mut buffers);
        assert_eq!(rows(&other, train, index, &mut buffers), forward[place], "row {index}");
    }
    assert_eq!(fresh(SMALL, "train", 128), forward[indices().iter().position(|&index| index == 128).unwrap()]);
}

#[test]
fn counts_do_not_matter() {
    let more = changed(SMALL, &[("rows = 300", "rows = 20000"), ("rows = 60", "rows = 3"), ("rows = 60", "rows = 0")]);
    let (few, many) = (dataset(SMALL), dataset(&more));
    let mut buffers = (WorkerBuffers::default(), WorkerBuffers::default());
    for index in indices() {
        let train = split(&few, "train");
        assert_eq!(rows(&few, train, index, &mut buffers.0), rows(&many, train, index, &mut buffers.1), "row {index}");
    }
}

#[test]
fn another_config_changes_none_of_the_others() {
    let alone = SMALL[..SMALL.find("[[records]]").unwrap()].to_string() + "[[records]]\nkind = \"optimal\"\n";
    let with = changed(SMALL, &[("name = \"optimal-shuffled\"", "name = \"again\"\nnth = 2")]);
    for index in indices().into_iter().step_by(5) {
        let (all, more, one) =
            (fresh(SMALL, "train", index), fresh(&with, "train", index), fresh(&alone, "train", index));
        assert_eq!(all[1], one[0], "row {index}");
        assert_eq!((&all[0], &all[1], &all[3]), (&more[0], &more[1], &more[3]), "row {index}");
        let id = |row: &str| row.lines().next().unwrap().to_string();
        assert!(more.iter().all(|row| id(row) == id(&all[0])), "the rows of index {index} show different puzzles");
    }
}

#[test]
fn the_text_of_a_search_does_not_choose_the_puzzle() {
    let other = changed(SMALL, &[("kind = \"dfs\"", "kind = \"astar\""), ("threshold =", "")]);
    let id = |row: &str| row.lines().next().unwrap().to_string();
    for index in indices() {
        assert_eq!(id(&fresh(SMALL, "test", index % 60)[0]), id(&fresh(&other, "test", index % 60)[0]));
    }
}

#[test]
fn neighbouring_seeds_share_nothing_beyond_chance() {
    let text = changed(
        SMALL,
        &[("numbers =", "numbers = { min = 1, max = 99 }"), ("sizes =", "sizes = { min = 4, max = 4 }")],
    );
    let ids = |seed: u64| -> Vec<String> {
        let text = changed(&text, &[("seed =", &format!("seed = {seed}"))]);
        let (dataset, mut buffers) = (dataset(&text), WorkerBuffers::default());
        let train = split(&dataset, "train");
        (0..300).map(|index| dataset.puzzle(train, index, &mut buffers).unwrap().id.to_string()).collect()
    };
    let (a, b) = (ids(7), ids(8));
    let shared = a.iter().collect::<BTreeSet<_>>().intersection(&b.iter().collect()).count();
    // Each draws 300 of about 50 million puzzles. The chance of a common puzzle is about one in five hundred.
    assert!(shared <= 1, "{shared} puzzles of 300 are in both");
    assert!(a.iter().zip(&b).all(|(a, b)| a != b));
}

#[test]
fn optimal_rows_are_cheapest_and_distinct() {
    let dataset = dataset(&changed(SMALL, &[("numbers =", "numbers = { min = 1, max = 9 }")]));
    let (train, mut buffers, mut with_several) = (split(&dataset, "train"), WorkerBuffers::default(), 0);
    for index in 0..200 {
        let drawn = dataset.puzzle(train, index, &mut buffers).unwrap();
        let best = drawn.facts.optimal_cost.unwrap();
        let mut found: Vec<Vec<_>> = Vec::new();
        for nth in 0..6 {
            let moves = solution(&drawn.puzzle, &drawn.facts, nth, None).unwrap();
            let (state, cost) = follow(&drawn.puzzle, &moves).unwrap();
            assert!(drawn.puzzle.is_goal(state) && cost == best, "row {index}: {moves:?}");
            found.push(moves);
        }
        // If there are fewer than six solutions, `solution` starts again with the first.
        let distinct = found.iter().skip(1).position(|moves| *moves == found[0]).map_or(6, |at| at + 1);
        for (place, moves) in found.iter().enumerate() {
            assert_eq!(found.iter().position(|other| other == moves), Some(place % distinct), "row {index}");
        }
        with_several += usize::from(distinct > 1);
        assert_eq!(exhaustive(&drawn.puzzle), Some(best), "row {index}");
    }
    assert!(with_several > 20, "{with_several}");
}

/// The cheapest cost, by exhaustive search.
fn exhaustive(puzzle: &Puzzle) -> Option<u64> {
    let mut layer = vec![puzzle.start()];
    for cost in 0.. {
        if layer.iter().any(|state| puzzle.is_goal(*state)) {
            return Some(cost);
        }
        let mut next = Vec::new();
        layer.iter().for_each(|state| puzzle.successors(*state, &mut next));
        layer = next.into_iter().map(|step| step.state).collect();
        if layer.is_empty() {
            return None;
        }
    }
    None
}

#[test]
fn a_recipe_that_was_written_out_makes_the_same_rows() {
    let again = Recipe::from_toml(SMALL).unwrap().to_toml();
    for index in [0, 17, 250] {
        assert_eq!(fresh(SMALL, "train", index), fresh(&again, "train", index));
    }
}
