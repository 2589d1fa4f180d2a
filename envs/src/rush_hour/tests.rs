use std::collections::{HashMap, HashSet, VecDeque};

use serde_json::json;

use super::*;
use crate::draw::Streams;
use crate::laws::assert_laws;

/// A puzzle from letters on squares, row by row. A is in the exit's row, `x` is a wall.
fn puzzle(size: usize, squares: &str) -> RushHour {
    let squares: Vec<char> = squares.chars().filter(|c| !c.is_whitespace()).collect();
    let letters: Vec<char> = ('A'..='U').filter(|letter| squares.contains(letter)).collect();
    let car = |letter: &char| {
        let at: Vec<usize> = (0..squares.len()).filter(|&i| squares[i] == *letter).collect();
        json!({"x": at[0] % size, "y": at[0] / size, "length": at.len(), "across": at[1] == at[0] + 1})
    };
    let cars: Vec<_> = letters.iter().map(car).collect();
    let exit = cars[0]["y"].clone();
    let walls: Vec<_> = (0..squares.len()).filter(|&i| squares[i] == 'x').map(|i| [i % size, i / size]).collect();
    RushHour::from_json(&json!({"size": size, "exit": exit, "cars": cars, "walls": walls})).unwrap()
}

/// Another model of the rules: letters on a grid, pushed square by square.
type Letters = Vec<Vec<u8>>;

fn letters(puzzle: &RushHour, state: Offsets) -> Letters {
    let size = usize::from(puzzle.board.size);
    let mut grid = vec![vec![b'.'; size]; size];
    for [x, y] in puzzle.board.wall_squares() {
        grid[usize::from(y)][usize::from(x)] = b'x';
    }
    for (i, car) in puzzle.board.cars.iter().enumerate() {
        let (x, y) = car.place(state.of(i));
        for k in 0..car.length {
            let (x, y) = if car.across { (x + k, y) } else { (x, y + k) };
            grid[usize::from(y)][usize::from(x)] = b'A' + i as u8;
        }
    }
    grid
}

/// The grid with all squares of a letter pushed by one; none if one of them hits something.
fn pushed(grid: &Letters, letter: u8, dx: i32, dy: i32) -> Option<Letters> {
    let mut after: Letters =
        grid.iter().map(|row| row.iter().map(|&c| if c == letter { b'.' } else { c }).collect()).collect();
    for (y, row) in grid.iter().enumerate() {
        for x in (0..row.len()).filter(|&x| row[x] == letter) {
            let (x, y) = (usize::try_from(x as i32 + dx).ok()?, usize::try_from(y as i32 + dy).ok()?);
            let square = after.get_mut(y)?.get_mut(x)?;
            if *square != b'.' {
                return None;
            }
            *square = letter;
        }
    }
    Some(after)
}

fn slides(grid: &Letters) -> Vec<Letters> {
    let mut all = Vec::new();
    let found: HashSet<u8> = grid.iter().flatten().copied().filter(u8::is_ascii_uppercase).collect();
    for letter in found {
        let across = grid.iter().any(|row| row.windows(2).any(|pair| pair == [letter, letter]));
        for step in [-1, 1] {
            let mut now = grid.clone();
            while let Some(next) = if across { pushed(&now, letter, step, 0) } else { pushed(&now, letter, 0, step) } {
                all.push(next.clone());
                now = next;
            }
        }
    }
    all
}

fn is_out(grid: &Letters) -> bool {
    grid.iter().any(|row| row.last() == Some(&b'A'))
}

/// Cost and number of shortest solutions, found with the other model.
fn solved(start: Letters) -> Option<(Cost, u64)> {
    let mut reached: HashMap<Letters, (Cost, u64)> = HashMap::from([(start.clone(), (0, 1))]);
    let mut queue = VecDeque::from([start]);
    let mut found: Option<(Cost, u64)> = None;
    while let Some(here) = queue.pop_front() {
        let (cost, ways) = reached[&here];
        if found.is_some_and(|(best, _)| cost > best) {
            break;
        }
        if is_out(&here) {
            found = Some((cost, found.map_or(0, |(_, sum)| sum) + ways));
            continue;
        }
        for there in slides(&here) {
            let entry = reached.entry(there.clone()).or_insert_with(|| {
                queue.push_back(there);
                (cost + 1, 0)
            });
            if entry.0 == cost + 1 {
                entry.1 += ways;
            }
        }
    }
    found
}

fn small() -> Config {
    Config {
        size: Amount::Between(Range { min: 4, max: 5 }),
        cars: Amount::Between(Range { min: 2, max: 5 }),
        long_percent: 30,
        min_cost: 1,
        ..Config::default()
    }
}

fn generated(config: &Config, seed: u64) -> impl Iterator<Item = RushHour> {
    let streams = Streams::new(seed, "test", "rush-hour");
    (0..).filter_map(move |index| RushHour::generate(config, &mut streams.at(index)).ok())
}

#[test]
fn the_rules_and_costs_are_those_of_the_other_model() {
    let mut draw = Draw::new(5, "walks");
    let walled = Config { walls: 2, ..small() };
    for puzzle in generated(&small(), 1).take(1000).chain(generated(&walled, 2).take(500)) {
        let (mut state, mut out) = (puzzle.start, Vec::new());
        assert_eq!(solved(letters(&puzzle, state)), puzzle.facts.optimal_cost.zip(puzzle.facts.solutions));
        for _ in 0..5 {
            out.clear();
            puzzle.successors(&state, &mut out);
            let mut ours: Vec<Letters> = out.iter().map(|step| letters(&puzzle, step.state)).collect();
            let mut theirs = slides(&letters(&puzzle, state));
            ours.sort();
            theirs.sort();
            assert_eq!(ours, theirs, "{puzzle:?}");
            assert_eq!(puzzle.is_goal(&state), is_out(&letters(&puzzle, state)));
            state = out[draw.index(out.len())].state;
        }
    }
}

#[test]
fn distances_are_exact_in_every_component() {
    let mut draw = Draw::new(6, "mistakes");
    let mut outside = 0;
    let config = Config { min_cost: 1, max_positions: 1000, ..Config::default() };
    let walled = Config { walls: 3, ..config.clone() };
    for puzzle in generated(&config, 2).take(100).chain(generated(&walled, 3).take(50)) {
        let table = solve::Table::new(&puzzle.board, puzzle.start);
        let mut state = puzzle.start;
        for _ in 0..4 {
            let Some(wrong) = puzzle.damage_state(&state, DamageKind::Change, &mut draw) else { break };
            state = wrong;
            let cost = solved(letters(&puzzle, state)).map(|(cost, _)| cost);
            assert_eq!(table.distance(&puzzle.board, state), cost, "{puzzle:?} {state:?}");
        }
        outside += usize::from(!table.others.lock().unwrap().is_empty());
    }
    assert!(outside >= 10, "{outside}");
}

#[test]
fn a_search_from_a_single_position_agrees_with_all_distances() {
    for puzzle in generated(&Config { min_cost: 5, ..Config::default() }, 3).take(20) {
        assert_eq!(solve::facts(&puzzle.board, puzzle.start, usize::MAX), Some(puzzle.facts));
        assert_eq!(solve::facts(&puzzle.board, puzzle.start, 3), None);
    }
}

#[test]
fn the_worked_puzzle() {
    let puzzle = puzzle(4, "...B .AAB .... ....");
    assert_eq!(puzzle.facts.optimal_cost, Some(2));
    assert_eq!(puzzle.facts.solutions, Some(1));
    let mut state = puzzle.start;
    for text in ["B down 2", "A right 1"] {
        assert!(!puzzle.is_goal(&state));
        let slide = puzzle.read_move(Style::Frame, &mut Reader::new(text.as_bytes())).unwrap();
        state = puzzle.apply(&state, slide).unwrap().1;
    }
    assert!(puzzle.is_goal(&state));
}

/// The hardest puzzle in Fogleman's database; its cars A and B are named as here.
#[test]
fn the_hardest_puzzle_with_walls() {
    let hardest = puzzle(6, "IBBx.. I..LDD JAAL.. J.KEEM FFK..M GGHHHM");
    assert_eq!(hardest.facts.optimal_cost, Some(60));
}

#[test]
fn walls_are_told_only_where_there_are_some() {
    let text = |puzzle: &RushHour| {
        let mut json = Vec::new();
        puzzle.write_json(&mut json);
        String::from_utf8(json).unwrap()
    };
    let (with, without) = (puzzle(4, "...B .AAB x... ...x"), puzzle(4, "...B .AAB .... ...."));
    assert!(text(&with).ends_with(r#"}],"walls":[[0,2],[3,3]]}"#), "{}", text(&with));
    assert!(text(&without).ends_with("}]}"), "{}", text(&without));
    assert_ne!(with.id(), without.id());
    // Turned upside down it is the same puzzle where the exit is in the middle; B cannot get out of the way.
    let (one, other) = (puzzle(5, "x..B. ...B. AA.C. ...C. ....."), puzzle(5, "..... ...C. AA.C. ...B. x..B."));
    assert_eq!(one.id(), other.id());
    assert_ne!(one.id(), puzzle(5, "...B. ...B. AA.C. ...C. x....").id());
}

#[test]
fn headers_tell_the_walls() {
    let puzzle = puzzle(4, "...B .AAB x... ..x.");
    for (style, says) in [
        (Style::Frame, "Board: 4x4, exit row 1, A row 1 length 2, B column 3 length 2, walls (0, 2), (2, 3)"),
        (Style::Compact, "size 4 exit 1 A row 1 2 , B column 3 2 , wall 0 2 wall 2 3"),
        (Style::Prose, " B in column 3 with length 2. Walls, by column and row, are at (0, 2), (2, 3). Rows count"),
    ] {
        let mut out = Vec::new();
        puzzle.write_header(style, &mut out);
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains(says), "{text}");
    }
}

/// The hardest puzzles without walls in Fogleman's database.
#[test]
fn the_hardest_puzzles() {
    let hardest = puzzle(6, "GBB.L. GHI.LM GHIAAM CCCK.M ..JKDD EEJFF.");
    assert_eq!(hardest.facts.optimal_cost, Some(51));
    let second = puzzle(6, "..IBBB ..IK.. AAJK.L CCJDDL GHEE.L GHFF..");
    assert_eq!(second.facts.optimal_cost, Some(50));
}

#[test]
fn a_car_that_never_gets_out_of_the_way() {
    let never = puzzle(4, "AABB .... .... ....");
    assert_eq!(
        never.facts,
        SolverFacts { solvable: false, optimal_cost: None, solutions: Some(0), difficulty: Some(1) }
    );
    assert!(never.is_terminal(&never.start));
    assert_eq!(never.distance_table().distance(&never, &never.start), None);
}

#[test]
fn bounds_by_hand() {
    // B must make way upwards, where C is in its way, or downwards, where D is, both by one square.
    let puzzle = puzzle(6, "...... ...CCC AA.B.. ...B.. ...DD. ......");
    assert_eq!(puzzle.board.blocking(puzzle.start), 2);
    assert_eq!(puzzle.board.blocked_blockers(puzzle.start), 3);
    // Upwards is a wall now, and two cars are in the way downwards.
    let walled = self::puzzle(6, "...... ...x.. AA.B.. ...B.. ...DD. ...EE.");
    assert_eq!((walled.board.blocking(walled.start), walled.board.blocked_blockers(walled.start)), (2, 3));
    let walled = self::puzzle(6, "...x.. ...... AA.B.. ...B.. ...DD. ...EE.");
    assert_eq!(walled.board.blocked_blockers(walled.start), 3);
}

#[test]
fn mirror_images_and_other_orders_are_the_same_puzzle() {
    let one = puzzle(5, "..... ..B.C AAB.C .DD.. .....");
    for other in ["..... ..C.B AAC.B .DD.. .....", "..... .DD.. AAB.C ..B.C ....."] {
        let other = puzzle(5, other);
        assert_eq!((other.id(), other.facts), (one.id(), one.facts));
    }
    assert_ne!(puzzle(5, "..... ..B.. AAB.C .DD.C .....").id(), one.id());
}

#[test]
fn the_laws_hold_under_other_settings() {
    let exactly = Amount::Exactly;
    let configs = [
        small(),
        Config { size: exactly(4), cars: exactly(5), long_percent: 0, exit: Some(0), min_cost: 4, ..Config::default() },
        Config {
            size: exactly(7),
            cars: exactly(10),
            long_percent: 60,
            exit: Some(6),
            min_cost: 3,
            ..Config::default()
        },
        Config { cars: Amount::Between(Range { min: 2, max: 4 }), walls: 2, ..small() },
        Config { walls: 4, ..Config::default() },
        Config { size: exactly(8), cars: exactly(16), long_percent: 100, min_cost: 2, ..Config::default() },
        Config { size: exactly(8), cars: exactly(4), long_percent: 0, min_cost: 1, ..Config::default() },
        Config {
            size: exactly(6),
            cars: exactly(6),
            min_cost: 2,
            max_cost: 2,
            max_positions: 1000,
            ..Config::default()
        },
    ];
    assert_laws::<RushHour>(&configs, 3, 4);
}

#[test]
fn impossible_settings_are_refused_by_field() {
    let exactly = Amount::Exactly;
    let cases = [
        ("size", Config { size: exactly(9), ..Config::default() }),
        ("size", Config { size: exactly(u64::MAX), ..Config::default() }),
        ("exit", Config { exit: Some(6), ..Config::default() }),
        ("cars", Config { cars: exactly(1), ..Config::default() }),
        ("cars", Config { cars: exactly(13), ..Config::default() }),
        ("walls", Config { walls: 5, ..Config::default() }),
        ("long_percent", Config { long_percent: 101, ..Config::default() }),
        ("min_cost", Config { min_cost: 0, ..Config::default() }),
        ("min_cost", Config { min_cost: 40, ..Config::default() }),
        ("cars", Config { size: exactly(8), cars: exactly(10), ..Config::default() }),
        ("max_cost", Config { max_cost: 4, ..Config::default() }),
        ("max_positions", Config { max_positions: u64::MAX, ..Config::default() }),
    ];
    for (field, config) in cases {
        assert_eq!(RushHour::check(&config).unwrap_err().field, field);
    }
}

#[test]
fn puzzles_that_are_none_are_refused() {
    let car = |x: u64, y: u64, length: u64, across: bool| json!({"x": x, "y": y, "length": length, "across": across});
    let cases = [
        ("size", json!({"size": 9, "exit": 2, "cars": [car(0, 2, 2, true)]})),
        ("cars", json!({"size": 6, "exit": 2, "cars": []})),
        ("cars[0]", json!({"size": 6, "exit": 3, "cars": [car(0, 2, 2, true)]})),
        ("cars[0]", json!({"size": 6, "exit": 2, "cars": [car(0, 2, 3, true)]})),
        ("cars[0]", json!({"size": 6, "exit": 2, "cars": [car(0, 2, 2, false)]})),
        ("cars[1]", json!({"size": 6, "exit": 2, "cars": [car(0, 2, 2, true), car(5, 5, 2, false)]})),
        ("cars[1]", json!({"size": 6, "exit": 2, "cars": [car(0, 2, 2, true), car(0, u64::MAX, 2, false)]})),
        ("cars", json!({"size": 6, "exit": 2, "cars": [car(0, 2, 2, true), car(1, 1, 2, false)]})),
    ];
    let walled = |walls: serde_json::Value| json!({"size": 6, "exit": 2, "cars": [car(0, 2, 2, true)], "walls": walls});
    let cases = cases.into_iter().chain([
        ("walls[0]", walled(json!([[6, 0]]))),
        ("walls[1]", walled(json!([[5, 0], [5, 0]]))),
        ("cars", walled(json!([[1, 2]]))),
    ]);
    for (field, value) in cases {
        let message = RushHour::from_json(&value).unwrap_err().to_string();
        assert!(message.contains(&format!("{field}: found")), "{message}");
    }
}
