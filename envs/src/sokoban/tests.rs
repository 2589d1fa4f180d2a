use std::collections::VecDeque;

use serde_json::Value;

use super::model::Board;
use super::*;

type State = super::State<Cell>;
use crate::laws;
use crate::settings::{Amount, Range};

fn config(side: u64, boxes: u64, walls: u64) -> Config {
    let exactly = Amount::Exactly;
    Config {
        width: exactly(side),
        height: exactly(side),
        boxes: exactly(boxes),
        walls: exactly(walls),
        ..Config::default()
    }
}

fn between(min: u64, max: u64) -> Amount {
    Amount::Between(Range { min, max })
}

fn of_text(text: &str) -> Sokoban {
    Sokoban::from_json(&Board::parse(text).json()).unwrap()
}

pub(super) fn json<C: Solved>(puzzle: &Level<C>) -> Value {
    let mut out = Vec::new();
    puzzle.write_json(&mut out);
    serde_json::from_slice(&out).unwrap()
}

fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8(out).unwrap()
}

/// A random board of up to 6 by 6 cells, or a long one, solvable or not, with everything anywhere. It is not from the generator.
pub(super) fn any_board(draw: &mut Draw) -> Option<Sokoban> {
    let (width, height) = match draw.index(6) {
        0 => (draw.between(9, 16), draw.between(1, 3)),
        1 => (draw.between(1, 3), draw.between(9, 16)),
        _ => (draw.between(2, 6), draw.between(2, 6)),
    };
    let mut cells: Vec<_> = (0..width).flat_map(|x| (0..height).map(move |y| vec![x, y])).collect();
    draw.shuffle(&mut cells);
    let boxes = draw.between(1, 3) as usize;
    let walls = cells.split_off(cells.len() - draw.index(cells.len() / 2));
    let docks = boxes + draw.index(3);
    if cells.len() < docks + 1 {
        return None;
    }
    let worker = cells.pop()?;
    let start = cells[..boxes].to_vec();
    cells.push(worker.clone());
    draw.shuffle(&mut cells);
    let value = serde_json::json!({
        "width": width, "height": height, "walls": walls, "worker": worker, "boxes": start, "docks": cells[..docks],
    });
    Sokoban::from_json(&value).ok()
}

#[test]
fn laws_hold() {
    let small = Config { width: between(4, 6), height: between(5, 6), walls: between(0, 1), ..config(5, 1, 0) };
    let reverse = Config { placement: Placement::Reverse, boxes: between(1, 3), ..config(7, 2, 3) };
    let long = Config { min_cost: 15, max_cost: 40, ..config(7, 2, 2) };
    let wide = Config { width: Amount::Exactly(13), placement: Placement::Reverse, ..config(6, 2, 4) };
    laws::assert_laws::<Sokoban>(&[small, reverse, long, wide, config(6, 1, 1), config(7, 2, 2)], 3, 8);
}

#[test]
fn levels_keep_the_laws() {
    laws::assert_laws::<Sokoban>(&Sokoban::levels(), 5, 8);
}

#[test]
fn puzzles_that_nobody_generated_keep_the_laws() {
    let mut draw = Draw::new(1, "any board");
    let mut checked = 0;
    while checked < 60 {
        if let Some(puzzle) = any_board(&mut draw) {
            laws::check_puzzle(&puzzle, checked).unwrap();
            checked += 1;
        }
    }
}

/// All positions of a small puzzle, with their distances by breadth-first search back over the moves that the rules alone allow.
pub(super) fn all_distances(puzzle: &Sokoban) -> Vec<(State, Option<u64>)> {
    let floor: Vec<Cell> = puzzle.map().floor_cells().collect();
    let mut sets = vec![Vec::new()];
    for _ in puzzle.boxes() {
        let longer = |set: &Vec<Cell>| {
            let more = floor.iter().filter(|cell| set.last().is_none_or(|last| last < cell));
            more.map(|&cell| [set.as_slice(), &[cell]].concat()).collect::<Vec<_>>()
        };
        sets = sets.iter().flat_map(longer).collect();
    }
    let mut states = Vec::new();
    for set in sets {
        let free = floor.iter().filter(|cell| !set.contains(cell));
        states.extend(free.map(|&worker| State::new(worker, &set).unwrap()));
    }
    let number: std::collections::HashMap<State, usize> = states.iter().copied().zip(0..).collect();
    let mut before = vec![Vec::new(); states.len()];
    for (i, state) in states.iter().enumerate() {
        for direction in Direction::ALL {
            if let Some(step) = puzzle.step(state, direction) {
                before[number[&step.state]].push(i);
            }
        }
    }
    let mut distances = vec![None; states.len()];
    let mut queue: VecDeque<usize> =
        (0..states.len()).filter(|&i| states[i].boxes().iter().all(|at| puzzle.docks().contains(at))).collect();
    queue.iter().for_each(|&i| distances[i] = Some(0));
    while let Some(here) = queue.pop_front() {
        for &there in &before[here] {
            if distances[there].is_none() {
                distances[there] = distances[here].map(|distance: u64| distance + 1);
                queue.push_back(there);
            }
        }
    }
    states.into_iter().zip(distances).collect()
}

#[test]
fn every_position_of_small_boards() {
    let mut draw = Draw::new(2, "all positions");
    let (mut boards, mut dead, mut lost, mut frozen) = (0, 0, 0, 0);
    while boards < 250 {
        let Some(puzzle) = any_board(&mut draw) else { continue };
        let bound = puzzle.index_bound().unwrap();
        if bound > 12_000 {
            continue;
        }
        boards += 1;
        let oracle = puzzle.distance_table();
        let evaluators = [0, 1].map(|heuristic| puzzle.evaluator(heuristic));
        let mut numbers = vec![false; bound];
        for (state, distance) in all_distances(&puzzle) {
            assert_eq!(oracle.distance(&puzzle, &state), distance, "{state:?} of {}", json(&puzzle));
            assert_eq!(puzzle.is_goal(&state), distance == Some(0));
            let number = puzzle.index(&state);
            assert!(!std::mem::replace(&mut numbers[number], true), "{state:?} of {}", json(&puzzle));
            let mut steps = Vec::new();
            puzzle.successors(&state, &mut steps);
            assert_eq!(puzzle.is_terminal(&state), steps.is_empty());
            if puzzle.is_dead(&state) {
                // The deadlock tests are sound.
                assert_eq!(distance, None, "{state:?} of {} is no deadlock", json(&puzzle));
                dead += 1;
                frozen += u32::from(state.boxes().iter().all(|&at| puzzle.map().is_live(at)));
            }
            lost += u32::from(distance.is_none());
            for evaluator in &evaluators {
                let estimate = evaluator.estimate(&puzzle, &state);
                assert!(distance.is_none_or(|distance| estimate <= distance));
                for step in &steps {
                    assert!(estimate <= 1 + evaluator.estimate(&puzzle, &step.state));
                }
            }
        }
        let facts = puzzle.solver_facts();
        assert_eq!(facts.optimal_cost, oracle.distance(&puzzle, &puzzle.start()));
    }
    // They find most unsolvable positions, and freeze deadlocks besides dead squares.
    assert!(dead * 10 > lost * 7 && frozen > 1000, "{dead} of {lost}, {frozen} frozen");
}

#[test]
fn bounds_of_the_cost_are_kept() {
    for placement in [Placement::Random, Placement::Reverse] {
        let config = Config { placement, min_cost: 12, max_cost: 20, ..config(7, 2, 2) };
        let mut draw = Draw::new(6, "bounds");
        for _ in 0..50 {
            let Ok(puzzle) = Sokoban::generate(&config, &mut draw) else { continue };
            assert!((12..=20).contains(&puzzle.solver_facts().optimal_cost.unwrap()));
        }
    }
}

#[test]
fn difficulty_counts_the_nearer_positions() {
    let mut draw = Draw::new(3, "difficulty");
    let config = config(6, 2, 1);
    for _ in 0..60 {
        let Ok(puzzle) = Sokoban::generate(&config, &mut draw) else { continue };
        let cost = puzzle.solver_facts().optimal_cost.unwrap();
        let mut layer = vec![puzzle.start()];
        let mut met: std::collections::HashSet<State> = layer.iter().copied().collect();
        let mut nearer = 0;
        for _ in 0..cost {
            assert!(!layer.iter().any(|state| puzzle.is_goal(state)));
            nearer += layer.len() as u64;
            let mut steps = Vec::new();
            layer.iter().for_each(|state| puzzle.successors(state, &mut steps));
            let new = |state: &State| !puzzle.is_dead(state) && met.insert(*state);
            layer = steps.into_iter().map(|step| step.state).filter(new).collect();
        }
        assert!(layer.iter().any(|state| puzzle.is_goal(state)));
        assert_eq!(puzzle.solver_facts().difficulty, Some(nearer));
    }
}

/// Compares the rules and the solver with the other model, in which boards are text.
#[test]
fn the_other_model_agrees() {
    let mut draw = Draw::new(4, "model");
    let configs = [
        config(6, 1, 1),
        config(6, 2, 1),
        config(5, 1, 1),
        Config { placement: Placement::Reverse, width: between(5, 7), ..config(6, 2, 2) },
        Config { placement: Placement::Reverse, max_cost: 12, ..config(6, 3, 1) },
    ];
    let mut solved = 0;
    while solved < 1000 {
        let config = draw.choose(&configs).unwrap().clone();
        // Some random boards are not solvable.
        let drawn = if draw.chance(1, 4) { any_board(&mut draw) } else { Sokoban::generate(&config, &mut draw).ok() };
        let Some(puzzle) = drawn.filter(|puzzle| puzzle.positions() < 20_000) else { continue };
        let json = json(&puzzle);
        let board = |state: &State| {
            let boxes: Vec<_> = state.boxes().iter().map(|&at| coordinates(at)).collect();
            Board::of(&json, coordinates(state.worker()), &boxes)
        };
        let mut state = puzzle.start();
        for _ in 0..12 {
            let here = board(&state);
            assert_eq!(puzzle.is_goal(&state), here.is_solved());
            let mut steps = Vec::new();
            for direction in Direction::ALL {
                let claim = WorkerStep { direction, worker: 0, pushed: None };
                let applied = puzzle.apply(&state, claim);
                assert_eq!(applied.map(|(_, to, _)| board(&to)), here.step(direction.word()), "{here:?}");
                steps.extend(applied.map(|(action, state, cost)| Step { action, state, cost }));
            }
            let mut found = Vec::new();
            puzzle.successors(&state, &mut found);
            assert!(found == steps || (found.is_empty() && puzzle.is_dead(&state)));
            match draw.choose(&steps) {
                Some(step) => state = step.state,
                None => break,
            }
        }
        let facts = puzzle.solver_facts();
        let expected = board(&puzzle.start()).solve();
        assert_eq!(facts.optimal_cost.zip(facts.solutions), expected, "{json}");
        assert_eq!((facts.solvable, puzzle.is_solvable()), (expected.is_some(), expected.is_some()));
        solved += 1;
    }
}

/// A puzzle with a known cost: the first of Microban, by David W. Skinner, takes 33 steps.
#[test]
fn microban_1() {
    let puzzle = of_text("####\n# .#\n#  ###\n#*@  #\n#  $ #\n#  ###\n####");
    assert_eq!(puzzle.solver_facts().optimal_cost, Some(33));
    assert_eq!(puzzle.distance_table().distance(&puzzle, &puzzle.start()), Some(33));
}

#[test]
fn deadlocks_are_dead_ends_and_goals_are_not() {
    let start = |text: &str| {
        let puzzle = of_text(text);
        let state = puzzle.start();
        (puzzle.is_terminal(&state), puzzle.is_goal(&state), puzzle.solver_facts().solvable)
    };
    // In a corner; along a wall without a dock; two by two in the open; two along a wall with a dock for both.
    assert_eq!(start("######\n#$   #\n#  @ #\n# .  #\n######"), (true, false, false));
    assert_eq!(start("######\n# $  #\n#  @ #\n# .  #\n######"), (true, false, false));
    assert_eq!(start("########\n#      #\n# $$   #\n# $$ @ #\n#  ....#\n#      #\n########"), (true, false, false));
    assert_eq!(start("########\n#.$$  .#\n#  @   #\n#      #\n########"), (true, false, false));
    // The same on docks, and a box beside another in the open.
    assert_eq!(start("########\n#      #\n# **   #\n# ** @ #\n#      #\n#      #\n########"), (false, true, true));
    assert_eq!(start("########\n#      #\n# $$   #\n#    @ #\n#  ..  #\n#      #\n########"), (false, false, true));
    // Blocked only for the moment: the other box can be pushed away.
    assert_eq!(start("########\n#. $   #\n#  $@  #\n# .    #\n########"), (false, false, true));
}

#[test]
fn a_push_out_of_a_deadlock_is_a_legal_move() {
    let puzzle = of_text("######\n# .  #\n#    #\n# $@ #\n######");
    let state = puzzle.start();
    assert!(puzzle.is_terminal(&state));
    let push = WorkerStep { direction: Direction::Left, worker: cell_at(2, 3).unwrap(), pushed: cell_at(1, 3) };
    let after = State::new(push.worker, &[push.pushed.unwrap()]);
    assert_eq!(puzzle.apply(&state, push), after.map(|after| (push, after, 1)));
}

#[test]
fn atoms_in_each_style() {
    let puzzle = of_text("######\n#.$  #\n#  $@#\n#.   #\n######");
    let state = puzzle.start();
    let mut steps = Vec::new();
    puzzle.successors(&state, &mut steps);
    let push = steps.iter().find(|step| step.action.direction == Direction::Left).unwrap().action;
    for (style, expected) in [
        (Style::Frame, ["[worker (4,2), box (2,1), box (3,2)]", "left: worker (3,2), box (2,2)", "docks (1,1), (1,3)"]),
        (Style::Compact, ["worker 4 2 box 2 1 box 3 2", "left worker 3 2 box 2 2", "dock 1 1 dock 1 3"]),
        (
            Style::Prose,
            [
                "worker at (4, 2), box at (2, 1), box at (3, 2)",
                "left into (3, 2), pushing a box into (2, 2)",
                "a box on each dock: (1, 1) and (1, 3)",
            ],
        ),
    ] {
        let seen = [
            written(|out| puzzle.write_state(&state, style, out)),
            written(|out| puzzle.write_move(push, style, out)),
            written(|out| puzzle.write_target(style, out)),
        ];
        assert_eq!(seen, expected);
    }
    let header = written(|out| puzzle.write_header(Style::Compact, out));
    assert!(header.starts_with("size 6 5 wall 0 0 wall 1 0 "), "{header}");
}

/// Impossible states that a text may claim are read, lead nowhere and cause no panic.
#[test]
fn impossible_states_are_read_and_lead_nowhere() {
    let puzzle = of_text("######\n#.$  #\n#  $@#\n#.   #\n######");
    let (oracle, evaluator) = (puzzle.distance_table(), puzzle.evaluator(0));
    for text in [
        "worker 0 0 box 2 1 box 3 2",
        "worker 2 1 box 2 1 box 3 2",
        "worker 4 2 box 2 1",
        "worker 4 2",
        "worker 4 2 box 1 1 box 2 1 box 3 2",
        "worker 4 2 box 0 0 box 1 3",
        "worker 4 2 box 1 1 box 1 1",
    ] {
        let state = puzzle.read_state(Style::Compact, &mut Reader::new(text.as_bytes())).unwrap();
        assert_eq!(written(|out| puzzle.write_state(&state, Style::Compact, out)), text);
        assert!(puzzle.is_terminal(&state) && !puzzle.is_goal(&state), "{text}");
        assert_eq!(oracle.distance(&puzzle, &state), None);
        assert_eq!(puzzle.index(&state) + 1, puzzle.index_bound().unwrap());
        evaluator.estimate(&puzzle, &state);
    }
    let (ordered, off) = (b"worker 4 2 box 3 2 box 2 1", b"worker 6 2 box 2 1 box 3 2");
    assert_eq!(puzzle.read_state(Style::Compact, &mut Reader::new(ordered)), None);
    assert_eq!(puzzle.read_state(Style::Compact, &mut Reader::new(off)), None);
}

#[test]
fn settings_that_cannot_be_are_refused_by_field() {
    let refused = |config: Config| Sokoban::check(&config).unwrap_err().field;
    assert_eq!(refused(Config { width: Amount::Exactly(3), ..Config::default() }), "width");
    assert_eq!(refused(Config { height: between(7, 17), ..Config::default() }), "height");
    assert_eq!(refused(Config { height: between(9, 7), ..Config::default() }), "height");
    assert_eq!(refused(Config { boxes: Amount::Exactly(5), ..Config::default() }), "boxes");
    assert_eq!(refused(config(12, 3, 0)), "boxes");
    assert_eq!(refused(config(9, 4, 0)), "boxes");
    assert_eq!(refused(config(4, 1, 0)), "width");
    assert_eq!(refused(config(5, 4, 0)), "boxes");
    assert_eq!(refused(config(7, 2, 13)), "walls");
    assert_eq!(refused(Config { min_cost: 0, ..Config::default() }), "min_cost");
    assert_eq!(refused(Config { min_cost: 9, max_cost: 8, ..Config::default() }), "max_cost");
    assert_eq!(refused(Config { pulls: between(0, 5), ..Config::default() }), "pulls");
    for (side, boxes) in [(16, 2), (10, 3), (8, 4)] {
        assert_eq!(Sokoban::check(&config(side, boxes, 0)).err(), None);
    }
}

#[test]
fn puzzles_that_cannot_be_are_refused() {
    let good = json(&of_text("######\n#.$  #\n#  $@#\n#.   #\n######"));
    let refused = |key: &str, value: Value| {
        let mut puzzle = good.clone();
        puzzle[key] = value;
        Sokoban::from_json(&puzzle).unwrap_err().to_string()
    };
    for (key, value, start) in [
        ("width", serde_json::json!(17), "puzzle: width"),
        ("height", serde_json::json!(0), "puzzle: height"),
        ("walls", serde_json::json!([[0, 0], [0, 0]]), "puzzle: walls"),
        ("walls", serde_json::json!([[4, 2]]), "puzzle: worker"),
        ("walls", serde_json::json!([[2, 1]]), "puzzle: boxes"),
        ("walls", serde_json::json!([[3, 2], [9, 9]]), "puzzle: walls"),
        ("worker", serde_json::json!([3, 2]), "puzzle: worker"),
        ("docks", serde_json::json!([[1, 1]]), "puzzle: docks"),
        ("docks", serde_json::json!([[0, 0], [1, 1]]), "puzzle: docks"),
    ] {
        let error = refused(key, value);
        assert!(error.starts_with(start) && error.contains("allowed"), "{error}");
    }
    let apart = Board::parse("#######\n#.$@#.#\n#   #$#\n#   # #\n#######").json();
    assert!(Sokoban::from_json(&apart).unwrap_err().to_string().starts_with("puzzle: boxes"));
    let many = serde_json::json!({
        "width": 16, "height": 16, "walls": [], "worker": [0, 0], "boxes": [[1, 1], [2, 2], [3, 3]],
        "docks": [[4, 4], [5, 5], [6, 6]],
    });
    assert!(Sokoban::from_json(&many).unwrap_err().to_string().contains("positions"));
}

/// The candidates of a space contain every board once, and exactly the solvable ones are accepted.
#[test]
fn a_whole_space() {
    let config = Config { width: Amount::Exactly(5), height: Amount::Exactly(6), ..config(5, 1, 1) };
    let space = Sokoban::space(&config).unwrap();
    assert_eq!(space.size, 12 * 11 * 10 * 9);
    let mut kept = std::collections::BTreeSet::new();
    let mut draw = Draw::new(1, "space");
    for index in 0..space.size {
        if let Ok(puzzle) = Sokoban::at(&config, 0, index, &mut draw) {
            assert!(kept.insert(json(&puzzle).to_string()));
        }
    }
    // With the other model: every wall, dock, box and worker.
    let cells: Vec<_> = (1..5).flat_map(|y| (1..4).map(move |x| (x, y))).collect();
    let mut solvable = 0;
    for code in 0..12usize.pow(4) {
        let parts = [0, 1, 2, 3].map(|i| code / 12usize.pow(i) % 12);
        let mut distinct = parts;
        distinct.sort_unstable();
        if distinct.windows(2).any(|pair| pair[0] == pair[1]) {
            continue;
        }
        let mut rows = vec![vec!['#'; 5]; 6];
        cells.iter().for_each(|&(x, y): &(usize, usize)| rows[y][x] = ' ');
        for (part, thing) in parts.into_iter().zip(['#', '.', '$', '@']) {
            rows[cells[part].1][cells[part].0] = thing;
        }
        let text: Vec<String> = rows.into_iter().map(|row| row.into_iter().collect()).collect();
        solvable += usize::from(Board::parse(&text.join("\n")).solve().is_some());
    }
    assert_eq!(kept.len(), solvable);
}
