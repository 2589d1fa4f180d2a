//! Applies every renaming and symmetry that a twin's id must cover, on the puzzle's JSON. The id and the solver facts must stay.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Symmetry;
use crate::draw::{Draw, Streams};
use crate::environment::{Complete, Environment};
use crate::ground::SharedGround;
use crate::json::Json;
use crate::kinds::Kinds;
use crate::splits::Splits;
use crate::{Constraint, Graph, LightsOut, Maze, PocketCube, SlidingTiles, Sokoban};

type Rename = fn(&mut Value, &mut Draw);

/// Draws puzzles of the easy level, renames them, and compares twins' ids and facts. At least `different` of a hundred puzzles must have different twins' ids.
fn hold<E: Complete>(kind: usize, rename: Rename, different: usize) {
    let name = E::kinds()[kind].name;
    let streams = Streams::new(1, "test of twins", name);
    let config = &E::levels_of(kind)[0];
    let puzzles = (0..).filter_map(|index| E::generate(config, &mut streams.at(index)).ok());
    let mut seen = BTreeSet::new();
    for (number, puzzle) in puzzles.take(100).enumerate() {
        seen.insert(puzzle.twin());
        if number >= 25 {
            continue;
        }
        let mut json = Vec::new();
        puzzle.write_json(&mut json);
        let original: Value = serde_json::from_slice(&json).unwrap();
        let mut draw = streams.at(1 << 40 | number as u64);
        let (mut changed, mut ids) = (0, BTreeSet::new());
        for _ in 0..4 {
            let mut renamed = original.clone();
            rename(&mut renamed, &mut draw);
            let other = E::from_json_of(kind, &renamed).unwrap_or_else(|error| panic!("{name}: {renamed}: {error}"));
            assert_eq!(other.twin(), puzzle.twin(), "{name}: {original} and {renamed}");
            let (one, two) = (puzzle.solver_facts(), other.solver_facts());
            let proven = |facts: &crate::SolverFacts| (facts.solvable, facts.optimal_cost, facts.solutions);
            assert_eq!(proven(&one), proven(&two), "{name}: {original} and {renamed}");
            changed += usize::from(other.id() != puzzle.id());
            ids.insert(other.id());
        }
        assert!(ids.len() <= changed + 1);
    }
    assert!(seen.len() >= different, "{name}: only {} of 100 puzzles differ", seen.len());
}

fn constraint(name: &str, rename: Rename, different: usize) {
    let kind = Constraint::kinds().iter().position(|about| about.name == name).unwrap();
    hold::<Constraint>(kind, rename, different);
}

fn order(count: usize, draw: &mut Draw) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    draw.shuffle(&mut order);
    order
}

fn list(value: &mut Value) -> &mut Vec<Value> {
    value.as_array_mut().unwrap()
}

fn number(value: &Value) -> usize {
    value.as_u64().unwrap() as usize
}

fn shuffle(value: &mut Value, draw: &mut Draw) {
    draw.shuffle(list(value));
}

fn grid(value: &Value) -> Vec<Vec<usize>> {
    value.as_array().unwrap().iter().map(|row| row.as_array().unwrap().iter().map(number).collect()).collect()
}

/// Rows, columns and digits in other orders, and mirrored if asked.
fn exchanged(cells: &[Vec<usize>], rows: &[usize], columns: &[usize], digits: &[usize], mirrored: bool) -> Value {
    let digit = |row: usize, column: usize| match cells[row][column] {
        0 => 0,
        digit => digits[digit - 1] + 1,
    };
    let get = |i: usize, j: usize| if mirrored { digit(rows[j], columns[i]) } else { digit(rows[i], columns[j]) };
    let (height, width) = if mirrored { (columns.len(), rows.len()) } else { (rows.len(), columns.len()) };
    json!((0..height).map(|i| (0..width).map(|j| get(i, j)).collect::<Vec<_>>()).collect::<Vec<_>>())
}

/// A random order of lines that keeps the lines of a group together.
fn banded(size: usize, together: usize, draw: &mut Draw) -> Vec<usize> {
    let groups = order(size / together, draw);
    groups
        .into_iter()
        .flat_map(|group| order(together, draw).into_iter().map(move |at| group * together + at))
        .collect()
}

#[test]
fn sudoku() {
    let rename: Rename = |puzzle, draw| {
        let cells = grid(&puzzle["cells"]);
        let size = cells.len();
        let (height, width) = if size == 6 { (2, 3) } else { (size.isqrt(), size.isqrt()) };
        let (rows, columns) = (banded(size, height, draw), banded(size, width, draw));
        let mirrored = height == width && draw.chance(1, 2);
        puzzle["cells"] = exchanged(&cells, &rows, &columns, &order(size, draw), mirrored);
    };
    constraint("sudoku", rename, 90);
}

#[test]
fn latin_squares() {
    let rename: Rename = |puzzle, draw| {
        let cells = grid(&puzzle["cells"]);
        let size = cells.len();
        let (rows, columns, digits) = (order(size, draw), order(size, draw), order(size, draw));
        let mut cells = grid(&exchanged(&cells, &rows, &columns, &digits, draw.chance(1, 2)));
        if draw.chance(1, 2) {
            // columns and digits are exchanged
            let mut other = vec![vec![0; size]; size];
            for (row, cells) in cells.iter().enumerate() {
                cells
                    .iter()
                    .enumerate()
                    .filter(|cell| *cell.1 > 0)
                    .for_each(|(at, digit)| other[row][digit - 1] = at + 1);
            }
            cells = other;
        }
        puzzle["cells"] = json!(cells);
    };
    constraint("latin-square", rename, 80);
}

#[test]
fn futoshiki() {
    let rename: Rename = |puzzle, draw| {
        let cells = grid(&puzzle["cells"]);
        let size = cells.len();
        let turned: Vec<usize> = (0..size).rev().collect();
        let same: Vec<usize> = (0..size).collect();
        let [up, across, digits] = [(); 3].map(|()| if draw.chance(1, 2) { turned.clone() } else { same.clone() });
        let mirrored = draw.chance(1, 2);
        puzzle["cells"] = exchanged(&cells, &up, &across, &digits, mirrored);
        for sign in list(&mut puzzle["less"]) {
            let [a, b, c, d] = [0, 1, 2, 3].map(|at| number(&sign[at]) - 1);
            let place = |row: usize, column: usize| {
                if mirrored { [across[column] + 1, up[row] + 1] } else { [up[row] + 1, across[column] + 1] }
            };
            let ([a, b], [c, d]) = (place(a, b), place(c, d));
            *sign = if digits == turned { json!([c, d, a, b]) } else { json!([a, b, c, d]) };
        }
        shuffle(&mut puzzle["less"], draw);
    };
    constraint("futoshiki", rename, 90);
}

#[test]
fn survo() {
    let rename: Rename = |puzzle, draw| {
        let cells = grid(&puzzle["cells"]);
        let (height, width) = (cells.len(), cells[0].len());
        let (rows, columns) = (order(height, draw), order(width, draw));
        let numbers: Vec<usize> = (0..height * width).collect();
        let turned = draw.chance(1, 2);
        let numbers = if turned { numbers.into_iter().rev().collect() } else { numbers };
        let mirrored = draw.chance(1, 2);
        puzzle["cells"] = exchanged(&cells, &rows, &columns, &numbers, mirrored);
        let sums = |sums: &Value, order: &[usize], cells: usize| -> Value {
            let sum = |&at: &usize| number(&sums[at]);
            let turn = |sum: usize| if turned { cells * (height * width + 1) - sum } else { sum };
            json!(order.iter().map(sum).map(turn).collect::<Vec<_>>())
        };
        let (of_rows, of_columns) = (sums(&puzzle["rows"], &rows, width), sums(&puzzle["columns"], &columns, height));
        (puzzle["rows"], puzzle["columns"]) = if mirrored { (of_columns, of_rows) } else { (of_rows, of_columns) };
    };
    constraint("survo", rename, 90);
}

#[test]
fn colouring() {
    let rename: Rename = |puzzle, draw| {
        let names = order(number(&puzzle["nodes"]), draw);
        for edge in list(&mut puzzle["edges"]) {
            let ends = [0, 1].map(|end| names[number(&edge[end]) - 1] + 1);
            *edge = if draw.chance(1, 2) { json!(ends) } else { json!([ends[1], ends[0]]) };
        }
        shuffle(&mut puzzle["edges"], draw);
    };
    constraint("graph-colouring", rename, 60);
}

#[test]
fn k_sat() {
    let rename: Rename = |puzzle, draw| {
        let variables = number(&puzzle["variables"]);
        let names = order(variables, draw);
        let signs: Vec<i64> = (0..variables).map(|_| if draw.chance(1, 2) { 1 } else { -1 }).collect();
        for clause in list(&mut puzzle["clauses"]) {
            for literal in list(clause) {
                let (variable, sign) =
                    (literal.as_i64().unwrap().unsigned_abs() as usize - 1, literal.as_i64().unwrap().signum());
                *literal = json!(sign * signs[variable] * (names[variable] as i64 + 1));
            }
            shuffle(clause, draw);
        }
        shuffle(&mut puzzle["clauses"], draw);
    };
    constraint("k-sat", rename, 90);
}

#[test]
fn exact_cover() {
    let rename: Rename = |puzzle, draw| {
        let names = order(number(&puzzle["elements"]), draw);
        for set in list(&mut puzzle["sets"]) {
            list(set).iter_mut().for_each(|element| *element = json!(names[number(element) - 1] + 1));
            list(set).sort_by_key(number);
        }
        shuffle(&mut puzzle["sets"], draw);
    };
    constraint("exact-cover", rename, 80);
}

#[test]
fn zebra() {
    let rename: Rename = |puzzle, draw| {
        let kinds = crate::constraint::names::THINGS;
        let into = order(kinds.len(), draw);
        let mut names = std::collections::BTreeMap::new();
        for (kind, things) in list(&mut puzzle["attributes"]).iter_mut().enumerate() {
            let fresh = order(kinds[into[kind]].len(), draw);
            for (thing, &name) in list(things).iter_mut().zip(&fresh) {
                let old = std::mem::replace(thing, json!(kinds[into[kind]][name]));
                names.insert(old.as_str().unwrap().to_string(), thing.clone());
            }
        }
        let houses = list(&mut puzzle["attributes"][0]).len();
        let turned = draw.chance(1, 2);
        for clue in list(&mut puzzle["clues"]) {
            let (word, parts) = clue.as_object_mut().unwrap().iter_mut().next().unwrap();
            for part in list(parts) {
                match part {
                    Value::String(name) => *part = names[name.as_str()].clone(),
                    house if turned => *house = json!(houses + 1 - number(house)),
                    _ => {}
                }
            }
            if word == "left" && turned || word != "left" && word != "at" && draw.chance(1, 2) {
                list(parts).reverse();
            }
        }
        shuffle(&mut puzzle["attributes"], draw);
        shuffle(&mut puzzle["clues"], draw);
    };
    constraint("zebra", rename, 90);
}

#[test]
fn knights_and_knaves() {
    let rename: Rename = |puzzle, draw| {
        let names = order(list(&mut puzzle["people"]).len(), draw);
        let name = |person: &Value| json!(names[number(person) - 1] + 1);
        for statement in list(&mut puzzle["statements"]) {
            statement[0] = name(&statement[0]);
            let (word, parts) = statement[1].as_object_mut().unwrap().iter_mut().next().unwrap();
            match word.as_str() {
                "is" => parts[0] = name(&parts[0]),
                "same" | "differ" => list(parts).iter_mut().for_each(|person| *person = name(person)),
                _ => list(parts).iter_mut().for_each(|literal| literal[0] = name(&literal[0])),
            }
            if word != "is" && word != "if" && draw.chance(1, 2) {
                list(parts).reverse();
            }
        }
        shuffle(&mut puzzle["statements"], draw);
    };
    constraint("knights-knaves", rename, 60);
}

#[test]
fn cryptarithms() {
    let rename: Rename = |puzzle, draw| {
        let letters = order(26, draw);
        let word = |word: &Value| -> Value {
            let new = word
                .as_str()
                .unwrap()
                .bytes()
                .map(|letter| char::from(b'A' + letters[usize::from(letter - b'A')] as u8));
            json!(new.collect::<String>())
        };
        puzzle["sum"] = word(&puzzle["sum"]);
        list(&mut puzzle["addends"]).iter_mut().for_each(|addend| *addend = word(addend));
        shuffle(&mut puzzle["addends"], draw);
    };
    constraint("cryptarithm", rename, 60);
    let twin = |addends: [&str; 2], sum: &str| {
        let kind = Constraint::kinds().iter().position(|about| about.name == "cryptarithm").unwrap();
        Constraint::from_json_of(kind, &json!({"addends": addends, "sum": sum})).unwrap().twin()
    };
    assert_eq!(twin(["MAD", "PAD"], "DOOM"), twin(["DUG", "JUG"], "GOOD"));
    assert_ne!(twin(["MAD", "PAD"], "DOOM"), twin(["MAD", "PAD"], "DOOR"));
}

/// A random symmetry.
fn symmetry(draw: &mut Draw) -> Symmetry {
    Symmetry::ALL[draw.index(8)]
}

fn cell(symmetry: Symmetry, size: (usize, usize), cell: &mut Value) {
    let (x, y) = symmetry.cell(size, (number(&cell[0]), number(&cell[1])));
    *cell = json!([x, y]);
}

/// Turns the cells in all these fields of a puzzle with a width and a height.
fn turn(puzzle: &mut Value, fields: &[&str], draw: &mut Draw) {
    let symmetry = symmetry(draw);
    let size = (number(&puzzle["width"]), number(&puzzle["height"]));
    let (width, height) = symmetry.size(size);
    (puzzle["width"], puzzle["height"]) = (json!(width), json!(height));
    for field in fields {
        let cells = &mut puzzle[*field];
        if cells[0].is_number() {
            cell(symmetry, size, cells);
        } else {
            list(cells).iter_mut().for_each(|place| cell(symmetry, size, place));
            shuffle(cells, draw);
        }
    }
}

#[test]
fn mazes() {
    let rename: Rename = |puzzle, draw| turn(puzzle, &["walls", "start", "goal"], draw);
    hold::<Maze>(0, rename, 90);
    let puzzle = Maze::generate(&Maze::levels()[0], &mut Streams::new(1, "test", "walls").at(0)).unwrap();
    let mut json = Vec::new();
    puzzle.write_json(&mut json);
    let mut value: Value = serde_json::from_slice(&json).unwrap();
    turn(&mut value, &["walls", "start", "goal"], &mut Streams::new(1, "test", "walls").at(1));
    assert_eq!(Maze::from_json(&value).unwrap().family(), puzzle.family());
}

#[test]
fn sokoban() {
    hold::<Sokoban>(0, |puzzle, draw| turn(puzzle, &["walls", "boxes", "docks", "worker"], draw), 90);
}

#[test]
fn graphs() {
    let rename: Rename = |puzzle, draw| {
        let names = order(number(&puzzle["nodes"]), draw);
        let letter = |node: usize| json!(char::from(b'A' + node as u8).to_string());
        let name = |node: &Value| letter(names[usize::from(node.as_str().unwrap().as_bytes()[0] - b'A')]);
        for edge in list(&mut puzzle["edges"]) {
            (edge[0], edge[1]) = (name(&edge[0]), name(&edge[1]));
        }
        (puzzle["start"], puzzle["goal"]) = (name(&puzzle["start"]), name(&puzzle["goal"]));
        shuffle(&mut puzzle["edges"], draw);
    };
    hold::<Graph>(0, rename, 80);
}

/// Checks that the images of a puzzle have the same facts, and that exactly one of them represents the others.
fn hold_images<E: Complete>(images: fn(&E) -> Vec<E>) {
    let streams = Streams::new(1, "test of images", E::ABOUT.name);
    let puzzles = (0..).filter_map(|index| E::generate(&E::levels()[0], &mut streams.at(index)).ok());
    let mut different = BTreeSet::new();
    for puzzle in puzzles.take(100) {
        let mut ids = BTreeSet::from([puzzle.id()]);
        let mut representatives = BTreeSet::new();
        for image in images(&puzzle) {
            assert_eq!(image.twin(), puzzle.twin(), "{puzzle:?} {image:?}");
            assert_eq!(image.solver_facts(), puzzle.solver_facts(), "{puzzle:?} {image:?}");
            ids.insert(image.id());
            representatives.extend(image.is_representative().then(|| image.id()));
        }
        // one representative for each shape
        assert!((1..=2).contains(&representatives.len()), "{puzzle:?}");
        different.insert(ids.len());
    }
    assert!(different.iter().any(|&images| images > 1), "{different:?}");
}

#[test]
fn images() {
    hold_images::<LightsOut>(|puzzle| puzzle.images().collect());
    hold_images::<PocketCube>(|puzzle| puzzle.images().collect());
    hold_images::<SlidingTiles>(SlidingTiles::images);
}

#[test]
fn one_of_all_renumbered_graphs_is_counted() {
    // all graphs of three nodes with every start and goal, in every numbering
    let mut classes = std::collections::BTreeMap::new();
    for (mask, (start, goal)) in
        (0..8).flat_map(|mask| [(0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1)].map(|ends| (mask, ends)))
    {
        let edges: Vec<_> = [(0, 1), (0, 2), (1, 2)]
            .into_iter()
            .enumerate()
            .filter(|(bit, _)| mask >> bit & 1 == 1)
            .map(|(_, edge)| edge)
            .collect();
        let name = |node: usize| ["A", "B", "C"][node];
        let edges: Vec<_> = edges.iter().map(|&(a, b)| json!([name(a), name(b)])).collect();
        let puzzle = json!({"nodes": 3, "directed": false, "edges": edges, "start": name(start), "goal": name(goal)});
        let puzzle = Graph::from_json(&puzzle).unwrap();
        *classes.entry(puzzle.twin()).or_insert(0) += usize::from(puzzle.is_representative());
    }
    assert_eq!(classes.len(), 8, "{classes:?}");
    assert!(classes.values().all(|&count| count == 1), "{classes:?}");
}

/// A graph colouring puzzle from its edges.
fn to_colour(nodes: usize, edges: impl Iterator<Item = (usize, usize)>) -> Constraint {
    let edges: Vec<_> = edges.map(|(a, b)| json!([a + 1, b + 1])).collect();
    let kind = Constraint::kinds().iter().position(|about| about.name == "graph-colouring").unwrap();
    Constraint::from_json_of(kind, &json!({"nodes": nodes, "colours": 3, "edges": edges})).unwrap()
}

fn pairs(nodes: usize) -> Vec<(usize, usize)> {
    (0..nodes).flat_map(|a| (a + 1..nodes).map(move |b| (a, b))).collect()
}

#[test]
fn graphs_to_colour_have_one_twin_if_and_only_if_they_are_the_same_but_for_names() {
    // all graphs: as many classes as there are unlabelled graphs (OEIS A000088)
    for (nodes, classes) in (1..).zip([1, 2, 4, 11, 34, 156]) {
        let pairs = pairs(nodes);
        let of = |mask: u32| (0..pairs.len()).filter(move |bit| mask >> bit & 1 == 1).map(|bit| pairs[bit]);
        let twins: BTreeSet<_> = (0..1u32 << pairs.len()).map(|mask| to_colour(nodes, of(mask)).twin()).collect();
        assert_eq!(twins.len(), classes, "{nodes} nodes");
    }
}

#[test]
fn graphs_of_the_easy_level_are_told_apart_as_all_renamings_tell() {
    // 14 edges between 7 nodes, as in the easy level: the least of all renamings is the same exactly for twins
    let pairs = pairs(7);
    let mut orders = vec![vec![]];
    for node in 0..7 {
        let with = |order: Vec<usize>| {
            (0..=order.len()).map(move |at| {
                let mut order = order.clone();
                order.insert(at, node);
                order
            })
        };
        orders = orders.into_iter().flat_map(with).collect();
    }
    let mut bits = [[0u32; 7]; 7];
    for (bit, &(a, b)) in pairs.iter().enumerate() {
        (bits[a][b], bits[b][a]) = (1 << bit, 1 << bit);
    }
    let mut draw = Streams::new(1, "test of twins", "colouring").at(0);
    let (mut twins, mut classes, mut both) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for _ in 0..300 {
        let mut edges = pairs.clone();
        draw.shuffle(&mut edges);
        edges.truncate(14);
        let renamed = |order: &Vec<usize>| edges.iter().fold(0, |mask, &(a, b)| mask | bits[order[a]][order[b]]);
        let class = orders.iter().map(renamed).min();
        let twin = to_colour(7, edges.iter().copied()).twin();
        twins.insert(twin);
        classes.insert(class);
        both.insert((twin, class));
    }
    assert!(
        twins.len() == classes.len() && both.len() == classes.len(),
        "{} {} {}",
        twins.len(),
        classes.len(),
        both.len()
    );
    assert!((30..70).contains(&classes.len()), "true repeats: {} of 300", classes.len());
}
