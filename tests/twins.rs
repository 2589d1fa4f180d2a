//! Splits share no twins, a numbered space counts twins once, and `distinct` is kept or refused.

use std::collections::BTreeSet;
use std::path::Path;

use super::family;
use stream_of_search::arena::Puzzle;
use stream_of_search::recipe::{Recipe, RecipeError, SplitBy};
use stream_of_search::record::puzzles::Puzzles;
use stream_of_search::request::leaks_of_recipe;

fn recipe(environment: &str, more: &str) -> Recipe {
    with_rows(environment, more, [60, 240])
}

/// A recipe with these numbers of rows in test and in train.
fn with_rows(environment: &str, more: &str, [test, train]: [u64; 2]) -> Recipe {
    let text = format!(
        "name = \"twins\"\nseed = 3\ndialect = \"compact\"\n{more}\n[environment]\n{environment}\n[[searches]]\nkind = \"dfs\"\n\
         [splits.test]\nrows = {test}\n[splits.train]\nrows = {train}\n[[records]]\nkind = \"search\"\n"
    );
    Recipe::from_toml(&text).unwrap()
}

/// The twin ids of the rows of each split.
fn twins(recipe: &Recipe) -> Vec<Vec<u128>> {
    let of_split = |(place, split): (usize, &stream_of_search::recipe::Split)| {
        let puzzles = Puzzles::new(recipe, place, split.rows).unwrap();
        let mut cache = Default::default();
        (0..split.rows).map(|index| puzzles.get(index, &mut cache).unwrap().puzzle.twin().0).collect()
    };
    recipe.splits.values().enumerate().map(of_split).collect()
}

fn disjoint(recipe: &Recipe) {
    let splits = twins(recipe);
    let test: BTreeSet<_> = splits[0].iter().collect();
    let leaks = splits[1].iter().filter(|twin| test.contains(twin)).count();
    assert_eq!(leaks, 0, "{}", recipe.environment_name());
}

#[test]
fn no_puzzle_of_a_split_has_a_twin_in_another() {
    disjoint(&recipe("name = \"cryptarithm\"\nlevel = \"easy\"", ""));
    disjoint(&recipe("name = \"knights-knaves\"\nlevel = \"easy\"", ""));
    disjoint(&recipe("name = \"maze\"\nwidth = 7\nheight = 7\nmin_path = 2", ""));
}

#[test]
fn a_numbered_space_has_no_twins() {
    for (distinct, environment) in [("distinct = true", LIGHTS), ("", LIGHTS)] {
        let recipe = with_rows(environment, distinct, [20, 80]);
        let rows: Vec<u128> = twins(&recipe).concat();
        assert_eq!(rows.iter().collect::<BTreeSet<_>>().len(), rows.len());
    }
    let graphs = "name = \"graph\"\nlayout = { kind = \"erdos-renyi\", nodes = 5, edge_percent = 50 }\nmin_path = 2";
    let rows: Vec<u128> = twins(&with_rows(graphs, "distinct = true", [4, 16])).concat();
    assert_eq!(rows.iter().collect::<BTreeSet<_>>().len(), rows.len());
}

const LIGHTS: &str = "name = \"lights-out\"\nrows = 4\ncolumns = 4";

#[test]
fn distinct_is_refused_with_what_would_repeat() {
    let kruskal = "name = \"maze\"\nlayout = { kind = \"kruskal\" }\nwidth = 4\nheight = 4\nmin_path = 2";
    let recipe = recipe(kruskal, "distinct = true");
    match Puzzles::new(&recipe, 1, 240) {
        Err(RecipeError::Repeats { rows: 240, expected, .. }) => assert!(expected.starts_with("some "), "{expected}"),
        other => panic!("{:?}", other.err()),
    }
}

/// The puzzles of each split of a recipe for mazes with shared walls. A split is empty if the recipe is refused for it.
fn tasks(recipe: &Recipe) -> Vec<Vec<Puzzle>> {
    let of_split = |(place, split): (usize, &stream_of_search::recipe::Split)| {
        let puzzles = match Puzzles::new(recipe, place, split.rows) {
            Err(RecipeError::Unsatisfiable { .. }) => return Vec::new(),
            puzzles => puzzles.unwrap(),
        };
        let mut cache = Default::default();
        let made: Vec<Puzzle> = (0..split.rows)
            .map(|index| puzzles.get(index, &mut cache).unwrap_or_else(|error| panic!("{error}")).puzzle)
            .collect();
        // a row is a function of its index alone
        for index in (0..split.rows).rev().step_by(37) {
            assert_eq!(puzzles.get(index, &mut Default::default()).unwrap().puzzle, made[index as usize]);
        }
        made
    };
    recipe.splits.values().enumerate().map(of_split).collect()
}

/// The number of tasks over the same walls that differ by more than a symmetry.
fn different(floor: &Puzzle, least: u64) -> usize {
    let mut json = Vec::new();
    floor.write_json(&mut json);
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    let side = |name: &str| json[name].as_u64().unwrap();
    let cells: Vec<(u64, u64)> = (0..side("height")).flat_map(|y| (0..side("width")).map(move |x| (x, y))).collect();
    let mut twins = BTreeSet::new();
    for start in &cells {
        for goal in cells.iter().filter(|goal| *goal != start) {
            let mut task = json.clone();
            (task["start"], task["goal"]) =
                (serde_json::json!([start.0, start.1]), serde_json::json!([goal.0, goal.1]));
            let Ok(task) = family("maze").read_json(&task) else { continue };
            if task.solver_facts().optimal_cost.is_some_and(|cost| cost >= least) {
                twins.insert(task.twin().0);
            }
        }
    }
    twins.len()
}

/// Walls with few tasks still give all their rows. The rows differ as long as there are enough tasks.
#[test]
fn a_recipe_with_shared_walls_makes_all_its_rows() {
    let layouts = [
        "{ kind = \"wilson\" }",
        "{ kind = \"prim\" }",
        "{ kind = \"drunkards-walk\", coverage_percent = 30 }",
        "{ kind = \"random-walls\" }",
        "{ kind = \"random-walls\", walls_percent = 50 }",
        "{ kind = \"cellular-automata\" }",
        "{ kind = \"rooms\", rooms = 1, side = 2 }",
    ];
    let (mut repeated, mut grounds) = (0, 0);
    for layout in layouts {
        for (side, share) in [(3, 12), (4, 40), (5, 60)] {
            let maze = format!("name = \"maze\"\nlayout = {layout}\nwidth = {side}\nheight = {side}\ntasks = {share}");
            let made = tasks(&with_rows(&maze, "", [2 * share, 3 * share]));
            let least = if layout.contains("random-walls") { side - 1 } else { 1 };
            for walls in made.iter().flat_map(|split| split.chunks(share as usize)) {
                let found: BTreeSet<u128> = walls.iter().map(|task| task.twin().0).collect();
                let most = different(&walls[0], least).min(share as usize);
                repeated += usize::from(most < share as usize);
                grounds += 1;
                assert!(
                    found.len() <= most && found.len() * 10 >= most * 9,
                    "{layout} {side}: {} of {most}",
                    found.len()
                );
            }
        }
    }
    assert!(grounds > 80 && repeated > 20, "{repeated} of {grounds} have too few tasks");
}

/// If only few tasks pass a filter, every row still gets one.
#[test]
fn filters_leave_every_row_of_shared_walls_a_task() {
    let maze = "name = \"maze\"\nlayout = { kind = \"wilson\" }\nwidth = 5\nheight = 5\ntasks = 30";
    let mut recipe = with_rows(maze, "", [60, 90]);
    recipe.splits.values_mut().for_each(|split| split.cost = toml::from_str("min = 7").unwrap());
    tasks(&recipe);
}

/// The recipe after Searchformer. Its test split has walls with fewer than twenty tasks.
#[test]
fn all_rows_of_the_test_split_after_searchformer() {
    let recipe = Recipe::from_toml(include_str!("../recipes/maze-searchformer.toml")).unwrap();
    let place = recipe.splits.keys().position(|name| name == "test").unwrap();
    let puzzles = Puzzles::new(&recipe, place, 1000).unwrap();
    let mut cache = Default::default();
    (0..1000).for_each(|index| drop(puzzles.get(index, &mut cache).unwrap_or_else(|error| panic!("{error}"))));
}

const MAZE: &str = "name = \"maze\"\nwidth = 5\nheight = 4\nmin_path = 4";

#[test]
fn a_distinct_maze_comes_once() {
    // as many rows as there are puzzles: the whole of a small space
    let all = with_rows(MAZE, "distinct = true", [1, 99_999_999]);
    let capacity = match Puzzles::new(&all, 1, 99_999_999) {
        Err(RecipeError::TooManyRows { capacity, .. }) => capacity as u64,
        other => panic!("{:?}", other.err()),
    };
    let recipe = with_rows(MAZE, "distinct = true\n", [capacity / 8, capacity / 4]);
    disjoint(&recipe);
    for (environment, rows) in
        [(MAZE, [capacity / 8, capacity / 4]), ("name = \"maze\"\nlevel = \"easy\"", [400, 4000])]
    {
        let rows = twins(&with_rows(environment, "distinct = true", rows)).concat();
        assert_eq!(rows.iter().collect::<BTreeSet<_>>().len(), rows.len(), "{environment}");
        let rows = twins(&with_rows(environment, "", [100, rows.len() as u64])).concat();
        assert!(rows.iter().collect::<BTreeSet<_>>().len() < rows.len(), "{environment}: drawn ones come again");
    }
}

#[test]
fn all_of_a_small_space_of_mazes_can_be_rows() {
    let recipe = |rows| with_rows(MAZE, "distinct = true\nsplit_by = \"id\"", [0, rows]);
    let Err(RecipeError::TooManyRows { capacity, .. }) = Puzzles::new(&recipe(1 << 30), 1, 1 << 30) else {
        panic!("more rows than mazes")
    };
    let rows = twins(&recipe(capacity as u64)).concat();
    assert_eq!((rows.len() as u128, rows.iter().collect::<BTreeSet<_>>().len() as u128), (capacity, capacity));
}

/// The table over all rows is in docs/datasets.md, made by `sos audit recipes/*.toml recipes/experiments/*.toml`.
#[test]
fn no_ready_recipe_leaks() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("recipes");
    let files =
        [folder.clone(), folder.join("experiments")].into_iter().flat_map(|folder| std::fs::read_dir(folder).unwrap());
    let mut environments = BTreeSet::new();
    for path in files.map(|file| file.unwrap().path()).filter(|path| path.extension().is_some_and(|end| end == "toml"))
    {
        let recipe = Recipe::from_toml(&std::fs::read_to_string(&path).unwrap()).unwrap();
        // each set of puzzles is audited once
        if !environments.insert(format!(
            "{:?} {:?} {}",
            recipe.environment,
            recipe.environments,
            recipe.split_by == SplitBy::Id
        )) {
            continue;
        }
        let leaks = leaks_of_recipe(&recipe, 60);
        assert!(leaks.as_ref().is_ok_and(|leaks| !leaks.is_finding()), "{}: {leaks:?}", path.display());
    }
}
