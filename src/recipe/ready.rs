//! Ready recipes by name: the files of `recipes/`, which are part of the program.

use super::{Recipe, Split};

/// Name and text of each ready recipe.
pub const READY: &[(&str, &str)] = &[
    ("blocksworld", include_str!("../../recipes/blocksworld.toml")),
    ("countdown", include_str!("../../recipes/countdown.toml")),
    ("cryptarithm", include_str!("../../recipes/cryptarithm.toml")),
    ("curriculum", include_str!("../../recipes/curriculum.toml")),
    ("exact-cover", include_str!("../../recipes/exact-cover.toml")),
    ("futoshiki", include_str!("../../recipes/futoshiki.toml")),
    ("game-24", include_str!("../../recipes/game-24.toml")),
    ("graph-colouring", include_str!("../../recipes/graph-colouring.toml")),
    ("graph", include_str!("../../recipes/graph.toml")),
    ("hanoi", include_str!("../../recipes/hanoi.toml")),
    ("k-sat", include_str!("../../recipes/k-sat.toml")),
    ("kakurasu", include_str!("../../recipes/kakurasu.toml")),
    ("knapsack", include_str!("../../recipes/knapsack.toml")),
    ("knights-knaves", include_str!("../../recipes/knights-knaves.toml")),
    ("knights", include_str!("../../recipes/knights.toml")),
    ("latin-square", include_str!("../../recipes/latin-square.toml")),
    ("lights-out", include_str!("../../recipes/lights-out.toml")),
    ("maze-searchformer", include_str!("../../recipes/maze-searchformer.toml")),
    ("maze", include_str!("../../recipes/maze.toml")),
    ("mixed-kinds", include_str!("../../recipes/mixed-kinds.toml")),
    ("n-queens", include_str!("../../recipes/n-queens.toml")),
    ("number-line", include_str!("../../recipes/number-line.toml")),
    ("number-partition", include_str!("../../recipes/number-partition.toml")),
    ("pancake", include_str!("../../recipes/pancake.toml")),
    ("path-star", include_str!("../../recipes/path-star.toml")),
    ("pocket-cube", include_str!("../../recipes/pocket-cube.toml")),
    ("river-crossing", include_str!("../../recipes/river-crossing.toml")),
    ("rl-countdown", include_str!("../../recipes/rl-countdown.toml")),
    ("rl-maze", include_str!("../../recipes/rl-maze.toml")),
    ("rl-sudoku", include_str!("../../recipes/rl-sudoku.toml")),
    ("rush-hour", include_str!("../../recipes/rush-hour.toml")),
    ("sliding-tiles", include_str!("../../recipes/sliding-tiles.toml")),
    ("sokoban", include_str!("../../recipes/sokoban.toml")),
    ("stream-of-search-paper", include_str!("../../recipes/stream-of-search-paper.toml")),
    ("subset-sum", include_str!("../../recipes/subset-sum.toml")),
    ("sudoku", include_str!("../../recipes/sudoku.toml")),
    ("survo", include_str!("../../recipes/survo.toml")),
    ("water-jugs", include_str!("../../recipes/water-jugs.toml")),
    ("word-ladder", include_str!("../../recipes/word-ladder.toml")),
    ("zebra", include_str!("../../recipes/zebra.toml")),
    ("1-critique-countdown", include_str!("../../recipes/experiments/1-critique-countdown.toml")),
    ("1-critique-maze", include_str!("../../recipes/experiments/1-critique-maze.toml")),
    ("1-critique-sudoku", include_str!("../../recipes/experiments/1-critique-sudoku.toml")),
    ("2-imitation-countdown", include_str!("../../recipes/experiments/2-imitation-countdown.toml")),
    ("2-imitation-maze", include_str!("../../recipes/experiments/2-imitation-maze.toml")),
    ("2-imitation-sudoku", include_str!("../../recipes/experiments/2-imitation-sudoku.toml")),
    ("3-criteria-countdown", include_str!("../../recipes/experiments/3-criteria-countdown.toml")),
    ("3-criteria-maze", include_str!("../../recipes/experiments/3-criteria-maze.toml")),
    ("3-criteria-sudoku", include_str!("../../recipes/experiments/3-criteria-sudoku.toml")),
    ("4-groups-countdown", include_str!("../../recipes/experiments/4-groups-countdown.toml")),
    ("4-groups-maze", include_str!("../../recipes/experiments/4-groups-maze.toml")),
    ("4-groups-sudoku", include_str!("../../recipes/experiments/4-groups-sudoku.toml")),
    ("5-search-countdown", include_str!("../../recipes/experiments/5-search-countdown.toml")),
    ("5-search-maze", include_str!("../../recipes/experiments/5-search-maze.toml")),
    ("5-search-sudoku", include_str!("../../recipes/experiments/5-search-sudoku.toml")),
    ("6-correction-countdown", include_str!("../../recipes/experiments/6-correction-countdown.toml")),
    ("6-correction-maze", include_str!("../../recipes/experiments/6-correction-maze.toml")),
    ("6-correction-sudoku", include_str!("../../recipes/experiments/6-correction-sudoku.toml")),
    ("7-comparison-countdown", include_str!("../../recipes/experiments/7-comparison-countdown.toml")),
    ("7-comparison-maze", include_str!("../../recipes/experiments/7-comparison-maze.toml")),
    ("7-comparison-sudoku", include_str!("../../recipes/experiments/7-comparison-sudoku.toml")),
    ("8-swapped-countdown", include_str!("../../recipes/experiments/8-swapped-countdown.toml")),
    ("8-swapped-maze", include_str!("../../recipes/experiments/8-swapped-maze.toml")),
    ("8-swapped-sudoku", include_str!("../../recipes/experiments/8-swapped-sudoku.toml")),
];

/// The text of a ready recipe.
pub fn ready(name: &str) -> Option<&'static str> {
    READY.iter().find(|(ready, _)| *ready == name).map(|(_, text)| *text)
}

/// The ready recipe of an environment at one of its levels: the same searches in the same dialect. It has one split, of one row, and whole traces only.
pub fn at_level(environment: &str, level: &str) -> Option<Recipe> {
    let mut recipe = Recipe::from_toml(ready(environment)?).ok()?;
    let settings = [("name", environment), ("level", level)];
    recipe.environment = settings.map(|(field, value)| (field.to_string(), value.into())).into_iter().collect();
    recipe.splits = [(level.to_string(), Split { rows: 1, ..Split::default() })].into();
    recipe.records.retain(|record| record.kind == "search");
    Some(recipe)
}

/// The name of a ready recipe that is nearest to a name or to the path of a file.
pub fn nearest(name: &str) -> Option<String> {
    let stem = std::path::Path::new(name).file_stem().and_then(|stem| stem.to_str()).unwrap_or(name);
    crate::names::nearest(stem, READY.iter().map(|(ready, _)| *ready))
}
