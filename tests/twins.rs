//! Splits share no twins, numbered spaces count one of all twins, and `distinct` keeps its word or is refused.

use std::collections::BTreeSet;

use sos_envs::{Constraint, Environment, Graph, LightsOut, Maze};
use stream_of_search::recipe::{Recipe, RecipeError};
use stream_of_search::record::puzzles::Puzzles;

fn recipe(environment: &str, more: &str) -> Recipe {
    let text = format!(
        "name = \"twins\"\nseed = 3\ndialect = \"compact\"\n{more}\n[environment]\n{environment}\n[[searches]]\nkind = \"dfs\"\n\
         [splits.test]\nrows = 60\n[splits.train]\nrows = 240\n[[records]]\nkind = \"search\"\n"
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
    disjoint::<Maze>(&recipe("name = \"maze\"\nwidth = 4\nheight = 4\nmin_path = 2", ""));
}

#[test]
fn a_numbered_space_has_no_twins() {
    for (distinct, environment) in [("distinct = true", LIGHTS), ("", LIGHTS)] {
        let recipe = recipe(environment, distinct);
        let rows: Vec<u128> = twins::<LightsOut>(&recipe).concat();
        assert_eq!(rows.iter().collect::<BTreeSet<_>>().len(), rows.len());
    }
    let graphs = "name = \"graph\"\nlayout = { kind = \"erdos-renyi\", nodes = 6, edge_percent = 50 }\nmin_path = 2";
    let rows: Vec<u128> = twins::<Graph>(&recipe(graphs, "distinct = true")).concat();
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
