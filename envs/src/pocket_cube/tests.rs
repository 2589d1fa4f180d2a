use std::collections::{HashMap, VecDeque};

use serde_json::json;

use super::*;
use crate::laws::assert_laws;

const SOLVED: &str = "UUUURRRRFFFFDDDDLLLLBBBB";

/// Another model of the rules: 24 stickers in space, each with the place of its corner and the direction it faces. x points to the right, y up, z to the front.
mod stickers {
    pub type Vector = [i8; 3];

    /// The directions of each face: outwards, and right and down as seen from outside.
    const FACES: [(char, [Vector; 3]); 6] = [
        ('U', [[0, 1, 0], [1, 0, 0], [0, 0, 1]]),
        ('R', [[1, 0, 0], [0, 0, -1], [0, -1, 0]]),
        ('F', [[0, 0, 1], [1, 0, 0], [0, -1, 0]]),
        ('D', [[0, -1, 0], [1, 0, 0], [0, 0, -1]]),
        ('L', [[-1, 0, 0], [0, 0, 1], [0, -1, 0]]),
        ('B', [[0, 0, -1], [-1, 0, 0], [0, -1, 0]]),
    ];

    /// The place of each facelet, in the order in which facelets are written.
    pub fn places() -> Vec<(Vector, Vector)> {
        let rows = [(-1, -1), (1, -1), (-1, 1), (1, 1)];
        let of = |(_, [out, right, down]): (char, [Vector; 3])| {
            rows.map(|(x, y)| (std::array::from_fn(|i| out[i] + x * right[i] + y * down[i]), out))
        };
        FACES.into_iter().flat_map(of).collect()
    }

    /// A quarter turn clockwise, as seen from outside.
    fn rotated(face: char, [x, y, z]: Vector) -> Vector {
        match face {
            'U' => [-z, y, x],
            'R' => [x, z, -y],
            _ => [y, -x, z],
        }
    }

    pub fn turned(face: char, cube: &str) -> String {
        let places = places();
        let axis = FACES.iter().find(|&&(name, _)| name == face).unwrap().1[0];
        let mut after: Vec<char> = cube.chars().collect();
        for (&(place, side), colour) in places.iter().zip(cube.chars()) {
            if (0..3).map(|i| place[i] * axis[i]).sum::<i8>() > 0 {
                let to = (rotated(face, place), rotated(face, side));
                after[places.iter().position(|&there| there == to).unwrap()] = colour;
            }
        }
        after.into_iter().collect()
    }
}

fn shown(cube: Cube) -> String {
    String::from_utf8(corners::facelets(cube).to_vec()).unwrap()
}

/// The turns of the other model, with their names.
fn turns(cube: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for face in ['U', 'R', 'F'] {
        let mut after = cube.to_string();
        for quarters in ["", "2", "3"] {
            after = stickers::turned(face, &after);
            all.push((format!("{face}{quarters}"), after.clone()));
        }
    }
    all
}

#[test]
fn turns_are_those_of_stickers_in_space() {
    let puzzle = PocketCube::new(Metric::HalfTurn, Cube::SOLVED);
    assert_eq!(shown(Cube::SOLVED), SOLVED);
    let mut draw = Draw::new(1, "test");
    for _ in 0..1500 {
        let cube = Cube::numbered(draw.index(PERMUTATIONS * TWISTS));
        assert_eq!(corners::from_facelets(&shown(cube)), Ok(cube));
        let mut steps = Vec::new();
        puzzle.successors(&cube, &mut steps);
        let steps = steps.into_iter().map(|step| (TURN_WORDS[usize::from(step.action.0)].into(), shown(step.state)));
        assert_eq!(steps.collect::<Vec<_>>(), turns(&shown(cube)));
    }
}

#[test]
fn costs_are_those_of_breadth_first_search_over_stickers() {
    for (metric, depth) in [(Metric::HalfTurn, 4), (Metric::QuarterTurn, 5)] {
        let mut found = HashMap::from([(SOLVED.to_string(), 0)]);
        let mut queue = VecDeque::from([SOLVED.to_string()]);
        while let Some(here) = queue.pop_front() {
            let cost = found[&here];
            for (name, there) in turns(&here) {
                let half = name.ends_with('2') && metric == Metric::QuarterTurn;
                if cost < depth && !half && !found.contains_key(&there) {
                    found.insert(there.clone(), cost + 1);
                    queue.push_back(there);
                }
            }
        }
        assert_eq!(found.len() as u64, metric.between(0, depth));
        for (facelets, &cost) in &found {
            let puzzle = PocketCube::new(metric, corners::from_facelets(facelets).unwrap());
            assert_eq!(puzzle.cost(puzzle.start), Some(cost), "{facelets}");
        }
    }
}

/// The published numbers of positions at each distance. God's numbers are 11 and 14.
#[test]
fn positions_at_each_distance() {
    for metric in [Metric::HalfTurn, Metric::QuarterTurn] {
        let table = solve::whole(metric);
        let counts: Vec<u64> = (0..=metric.greatest()).map(|distance| table.between(distance, distance)).collect();
        assert_eq!(counts, metric.counts());
        assert_eq!((counts.iter().sum(), table.greatest()), (3_674_160, metric.greatest()));
    }
}

#[test]
fn words_name_what_is_seen() {
    for (word, name) in CORNER_WORDS.iter().enumerate() {
        let solved = CORNER_WORDS[word - word % 3].as_bytes();
        let twisted: Vec<u8> = (0..3).map(|k| solved[(k + 3 - word % 3) % 3]).collect();
        assert_eq!(name.as_bytes(), twisted);
    }
    for number in (0..PERMUTATIONS * TWISTS).step_by(997) {
        let cube = Cube::numbered(number);
        assert_eq!((cube.corners().cube(), cube.number()), (cube, number));
    }
}

#[test]
fn the_worked_puzzle() {
    let turned = stickers::turned('R', SOLVED);
    let puzzle = PocketCube::from_json(&json!({ "facelets": turned })).unwrap();
    let mut out = Vec::new();
    puzzle.write_state(&puzzle.start(), Style::Frame, &mut out);
    assert_eq!(String::from_utf8(out).unwrap(), "[FRD UFL ULB FUR BDR DLF BRU]");
    let facts = puzzle.solver_facts();
    assert_eq!((facts.optimal_cost, facts.solutions, facts.difficulty), (Some(1), Some(1), Some(1)));
    let back = Turn(TURN_WORDS.iter().position(|&name| name == "R3").unwrap() as u8);
    assert!(puzzle.is_goal(&puzzle.apply(&puzzle.start(), back).unwrap().1));
}

/// Counts cheapest solutions one by one, and positions near to the start, by a search without tables.
#[test]
fn facts_are_those_of_a_search() {
    let mut draw = Draw::new(2, "test");
    for metric in [Metric::HalfTurn, Metric::QuarterTurn] {
        for _ in 0..20 {
            let config = Config { metric, min_cost: 1, max_cost: 4 };
            let puzzle = PocketCube::generate(&config, &mut draw).unwrap();
            let mut ends = vec![puzzle.start()];
            let mut near = std::collections::BTreeSet::new();
            let mut cost = 0;
            while !ends.contains(&Cube::SOLVED) {
                near.extend(ends.iter().copied());
                ends = ends.iter().flat_map(|end| metric.turns().map(|turn| end.turned(turn))).collect();
                cost += 1;
            }
            let solutions = ends.iter().filter(|&&end| end == Cube::SOLVED).count() as u64;
            let expected = (Some(cost), Some(solutions), Some(near.len() as u64));
            let facts = puzzle.solver_facts();
            assert_eq!((facts.optimal_cost, facts.solutions, facts.difficulty), expected);
        }
    }
}

/// Both heuristics on all positions of a part. The laws check the rest.
#[test]
fn parts_are_within_reach() {
    for metric in [Metric::HalfTurn, Metric::QuarterTurn] {
        assert_eq!(solve::permutation(metric).between(0, 99), PERMUTATIONS as u64);
        assert_eq!(solve::twist(metric).between(0, 99), TWISTS as u64);
    }
}

#[test]
fn pocket_cubes_keep_the_laws() {
    let of = |metric, min_cost, max_cost| Config { metric, min_cost, max_cost };
    let [easy, medium, hard] = PocketCube::levels();
    let (half, quarter) = (Metric::HalfTurn, Metric::QuarterTurn);
    let configs = [easy, medium, hard, of(half, 1, 1), of(half, 11, 99), of(quarter, 1, 99), of(quarter, 14, 14)];
    assert_laws::<PocketCube>(&configs, 1, 8);
}

#[test]
fn impossible_settings_are_refused_by_field() {
    for (metric, min_cost, max_cost, field) in [
        (Metric::HalfTurn, 0, 3, "min_cost"),
        (Metric::HalfTurn, 12, 13, "min_cost"),
        (Metric::QuarterTurn, 15, 20, "min_cost"),
        (Metric::HalfTurn, 5, 4, "max_cost"),
    ] {
        let config = Config { metric, min_cost, max_cost };
        assert_eq!(PocketCube::check(&config).unwrap_err().field, field);
    }
}

#[test]
fn wrong_puzzles_are_refused() {
    for (facelets, said) in [
        ("UUUU", "found 4 bytes"),
        ("UUUURRRRFFFFDDDDLLLLBBBX", "24 letters of URFDLB"),
        // The whole cube turned.
        ("UUUUFFFFLLLLDDDDBBBBRRRR", "DRB at the bottom, back and left"),
        // Two stickers of a corner exchanged, which no corner has.
        ("UUUUFRRRFRFFDDDDLLLLBBBB", "UFR at URF"),
        // A single corner twisted.
        ("UUUFURRRFRFFDDDDLLLLBBBB", "twisted so that"),
    ] {
        let error = PocketCube::from_json(&json!({ "facelets": facelets })).unwrap_err();
        assert!(error.0.contains(said), "{error}");
    }
    assert!(PocketCube::from_json(&json!({"facelets": SOLVED, "metric": "slice"})).is_err());
}
