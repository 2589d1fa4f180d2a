//! Splits share no twins, numbered spaces count one of all twins, and `distinct` keeps its word or is refused.

use std::collections::BTreeSet;

use sos_envs::{Constraint, Environment, Graph, LightsOut, Maze};
use stream_of_search::recipe::{Recipe, RecipeError};
use stream_of_search::record::puzzles::Puzzles;

fn recipe(environment: &str, more: &str) -> Recipe {
    with_rows(environment, more, [60, 240])
}

/// With so many rows in test and in train.
fn with_rows(environment: &str, more: &str, [test, train]: [u64; 2]) -> Recipe {
    let text = format!(
        "name = \"twins\"\nseed = 3\ndialect = \"compact\"\n{more}\n[environment]\n{environment}\n[[searches]]\nkind = \"dfs\"\n\
         [splits.test]\nrows = {test}\n[splits.train]\nrows = {train}\n[[records]]\nkind = \"search\"\n"
    );
    Recipe::from_toml(&text).unwrap()
}

/// The twins' ids of each split's rows.
fn twins<E: Environment>(recipe: &Recipe) -> Vec<Vec<u128>> {
    let of_split = |(place, split): (usize, &stream_of_search::recipe::Split)| {
        let puzzles = Puzzles::<E>::new(recipe, place, split.rows).unwrap();
        let mut cache = Default::default();
        (0..split.rows).map(|index| puzzles.get(index, &mut cache).unwrap().puzzle.twin().0).collect()
    };
    recipe.splits.values().enumerate().map(of_split).collect()
}

fn disjoint<E: Environment>(recipe: &Recipe) {
    let splits = twins::<E>(recipe);
    let test: BTreeSet<_> = splits[0].iter().collect();
    let leaks = splits[1].iter().filter(|twin| test.contains(twin)).count();
    assert_eq!(leaks, 0, "{}", recipe.environment_name());
}

#[test]
fn no_puzzle_of_a_split_has_a_twin_in_another() {
    disjoint::<Constraint>(&recipe("name = \"cryptarithm\"\nlevel = \"easy\"", ""));
    disjoint::<Constraint>(&recipe("name = \"knights-knaves\"\nlevel = \"easy\"", ""));
    disjoint::<Maze>(&recipe("name = \"maze\"\nwidth = 7\nheight = 7\nmin_path = 2", ""));
}

#[test]
fn a_numbered_space_has_no_twins() {
    for (distinct, environment) in [("distinct = true", LIGHTS), ("", LIGHTS)] {
        let recipe = with_rows(environment, distinct, [20, 80]);
        let rows: Vec<u128> = twins::<LightsOut>(&recipe).concat();
        assert_eq!(rows.iter().collect::<BTreeSet<_>>().len(), rows.len());
    }
    let graphs = "name = \"graph\"\nlayout = { kind = \"erdos-renyi\", nodes = 5, edge_percent = 50 }\nmin_path = 2";
    let rows: Vec<u128> = twins::<Graph>(&with_rows(graphs, "distinct = true", [4, 16])).concat();
    assert_eq!(rows.iter().collect::<BTreeSet<_>>().len(), rows.len());
}

const LIGHTS: &str = "name = \"lights-out\"\nrows = 4\ncolumns = 4";

#[test]
fn distinct_is_refused_with_what_would_repeat() {
    let recipe = recipe("name = \"maze\"\nwidth = 4\nheight = 4\nmin_path = 2", "distinct = true");
    match Puzzles::<Maze>::new(&recipe, 1, 240) {
        Err(RecipeError::Repeats { rows: 240, expected, .. }) => assert!(expected.starts_with("some "), "{expected}"),
        other => panic!("{:?}", other.err()),
    }
}
