use serde_json::{Value, json};

use super::super::model::Board;
use super::super::tests::{all_distances, any_board, json};
use super::super::{Cell, Sokoban, cell_at, coordinates};
use super::*;
use crate::laws;

fn of_text(text: &str) -> LargeSokoban {
    Level::from_json(&Board::parse(text).json()).unwrap()
}

/// A small board anywhere in a large frame, of which the rest is walls and floor at random. Returns the large puzzle and the place of the small one in it.
fn framed(puzzle: &Sokoban, draw: &mut Draw) -> (LargeSokoban, (u64, u64)) {
    let small = json(puzzle);
    let side = |key: &str| small[key].as_u64().unwrap();
    let (width, height) = (draw.between(side("width") + 2, 64), draw.between(side("height") + 2, 64));
    let (left, top) = (draw.between(1, width - side("width") - 1), draw.between(1, height - side("height") - 1));
    let moved = |cell: &Value| json!([cell[0].as_u64().unwrap() + left, cell[1].as_u64().unwrap() + top]);
    let all = |key: &str| small[key].as_array().unwrap().iter().map(moved).collect::<Vec<_>>();
    let mut walls = all("walls");
    for (x, y) in (0..height).flat_map(|y| (0..width).map(move |x| (x, y))) {
        let beyond = |at: u64, least: u64, side: u64| at + 1 < least || at > least + side;
        let beside = |at: u64, least: u64, side: u64| at + 1 == least || at == least + side;
        let outside = beyond(x, left, side("width")) || beyond(y, top, side("height"));
        let ring = !outside && (beside(x, left, side("width")) || beside(y, top, side("height")));
        if ring || outside && draw.chance(1, 3) {
            walls.push(json!([x, y]));
        }
    }
    let large = json!({
        "width": width, "height": height, "walls": walls, "worker": moved(&small["worker"]), "boxes": all("boxes"), "docks": all("docks"),
    });
    (Level::from_json(&large).unwrap(), (left, top))
}

/// The cell of a large board where a cell of a small one is.
fn moved((left, top): (u64, u64), cell: Cell) -> u16 {
    let (x, y) = coordinates(cell);
    cell_at(u64::from(x) + left, u64::from(y) + top).unwrap()
}

fn moved_state(place: (u64, u64), state: &State<Cell>) -> State<u16> {
    let boxes: Vec<u16> = state.boxes().iter().map(|&at| moved(place, at)).collect();
    State::new(moved(place, state.worker()), &boxes).unwrap()
}

/// Steps, deadlocks, estimates, distances and facts are those of the small board in the frame, at every position.
#[test]
fn a_small_board_in_a_large_frame_is_the_same_puzzle() {
    let mut draw = Draw::new(11, "frames");
    let (mut boards, mut positions) = (0, 0);
    while boards < 120 {
        let Some(small) = any_board(&mut draw).filter(|puzzle| puzzle.index_bound().is_some_and(|bound| bound < 4000))
        else {
            continue;
        };
        boards += 1;
        let (large, place) = framed(&small, &mut draw);
        assert_eq!(large.solver_facts(), small.solver_facts(), "{}", json(&small));
        assert_eq!(large.is_solvable(), small.is_solvable());
        let table = large.distance_table();
        let small_evaluators = [0, 1].map(|heuristic| small.evaluator(heuristic));
        let evaluators = [0, 1].map(|heuristic| large.evaluator(heuristic));
        for (state, distance) in all_distances(&small) {
            positions += 1;
            let moved_to = moved_state(place, &state);
            assert_eq!(table.distance(&large, &moved_to), distance, "{state:?} of {}", json(&small));
            assert_eq!(
                (large.is_dead(&moved_to), large.is_goal(&moved_to)),
                (small.is_dead(&state), small.is_goal(&state))
            );
            for (small_evaluator, evaluator) in small_evaluators.iter().zip(&evaluators) {
                let (before, now) = (small_evaluator.estimate(&small, &state), evaluator.estimate(&large, &moved_to));
                // Boxes that no pushes bring to a dock are infinitely far, each model in its own way.
                assert!(before == now || before >= 255 && now > 255, "{before} {now} {state:?} of {}", json(&small));
            }
            let (mut steps, mut moved_steps) = (Vec::new(), Vec::new());
            small.successors(&state, &mut steps);
            large.successors(&moved_to, &mut moved_steps);
            let told = |step: &Step<_, State<Cell>>| moved_state(place, &step.state);
            assert!(steps.iter().map(told).eq(moved_steps.iter().map(|step| step.state)));
        }
    }
    assert!(positions > 20_000, "{positions}");
}

/// Where the limit ends a search, what is said is true or said to be unknown.
#[test]
fn a_limit_leaves_things_unknown_and_never_wrong() {
    let mut draw = Draw::new(12, "limits");
    let mut counts = [0; 3];
    for _ in 0..400 {
        let Some(small) = any_board(&mut draw).filter(|puzzle| puzzle.index_bound().is_some_and(|bound| bound < 4000))
        else {
            continue;
        };
        let (large, place) = framed(&small, &mut draw);
        let exact = small.solver_facts();
        for most in [1, 40, 200, 800] {
            let distances = Distances::new(&large, most);
            for (state, distance) in all_distances(&small) {
                let found = distances.of(&large, &moved_state(place, &state));
                assert!(found == distance || found == Some(UNPROVEN), "{found:?} {state:?} of {}", json(&small));
                counts[usize::from(found == Some(UNPROVEN))] += 1;
            }
            let mut ball = Ball::around(&large, &large.start, most);
            let cost = ball.grow_to_goal(&large);
            assert!(cost == exact.optimal_cost || cost.is_none() && ball.is_cut);
            counts[2] += usize::from(cost.is_some());
        }
    }
    assert!(counts.iter().all(|&count| count > 100), "{counts:?}");
}

/// A random board with 5 to 7 boxes in a small room.
fn crowded(draw: &mut Draw) -> Option<LargeSokoban> {
    let (width, height) = (draw.between(3, 5), draw.between(3, 4));
    let mut cells: Vec<_> = (0..width).flat_map(|x| (0..height).map(move |y| [x, y])).collect();
    draw.shuffle(&mut cells);
    let boxes = draw.between(5, 7) as usize;
    let walls = cells.split_off(cells.len() - draw.index(2));
    let docks = boxes + draw.index(2);
    let worker = cells.pop()?;
    let start = cells.get(..boxes)?.to_vec();
    cells.push(worker);
    // Most boxes begin on docks, or hardly any board has a solution.
    (0..draw.index(4)).for_each(|_| {
        let (one, other) = (draw.index(cells.len()), draw.index(cells.len()));
        cells.swap(one, other);
    });
    let value = json!({
        "width": width, "height": height, "walls": walls, "worker": worker, "boxes": start, "docks": cells.get(..docks)?,
    });
    Level::from_json(&value).ok()
}

/// Compares the facts with those of the model in which boards are text.
#[test]
fn crowded_boards_are_solved_as_by_the_other_model() {
    let mut draw = Draw::new(13, "crowded");
    let (mut solved, mut compared) = (0, 0);
    while compared < 300 || solved < 60 {
        let Some(puzzle) = crowded(&mut draw) else { continue };
        let boxes: Vec<_> = puzzle.boxes().iter().map(|&at| coordinates(at)).collect();
        let expected = Board::of(&json(&puzzle), coordinates(puzzle.worker()), &boxes).solve();
        let facts = puzzle.solver_facts();
        assert_eq!(facts.optimal_cost.zip(facts.solutions), expected, "{}", json(&puzzle));
        compared += 1;
        solved += usize::from(expected.is_some_and(|(cost, _)| cost > 1));
    }
}

#[test]
fn large_puzzles_keep_the_laws() {
    let mut draw = Draw::new(14, "laws");
    let mut checked = 0;
    while checked < 30 {
        let puzzle = if draw.chance(1, 2) {
            crowded(&mut draw)
        } else {
            any_board(&mut draw).map(|small| framed(&small, &mut draw).0)
        };
        if let Some(puzzle) = puzzle {
            laws::check_puzzle(&puzzle, checked).unwrap();
            checked += 1;
        }
    }
}

/// Matching by trying all assignments.
fn least_matching(columns: usize, rows: &[&[u32]], taken: u32) -> u64 {
    let Some((first, rest)) = rows.split_first() else { return 0 };
    let free = (0..columns).filter(|column| taken >> column & 1 == 0);
    free.map(|column| u64::from(first[column]) + least_matching(columns, rest, taken | 1 << column)).min().unwrap()
}

#[test]
fn matchings_are_the_cheapest() {
    let mut draw = Draw::new(15, "matchings");
    for _ in 0..2000 {
        let count = draw.index(6);
        let columns = count + draw.index(3);
        let greatest = [3, 20, 1 << 20][draw.index(3)];
        let table: Vec<Vec<u32>> =
            (0..count).map(|_| (0..columns).map(|_| draw.between(0, greatest) as u32).collect()).collect();
        let rows: Vec<&[u32]> = table.iter().map(Vec::as_slice).collect();
        assert_eq!(matching::cheapest(columns, &rows), least_matching(columns, &rows, 0), "{table:?}");
    }
}

/// Rooms in a row, each with a box that needs one push: as many pushes as boxes, and the worker goes along once.
#[test]
fn many_boxes_on_a_wide_board() {
    let rooms = 30;
    let rows = [
        "#".repeat(2 * rooms + 3),
        format!("#@{}#", " ".repeat(2 * rooms)),
        format!("#{}#", "$#".repeat(rooms) + "#"),
        format!("#{}#", ".#".repeat(rooms) + "#"),
        "#".repeat(2 * rooms + 3),
    ];
    let puzzle = of_text(&rows.join("\n"));
    assert_eq!(puzzle.boxes().len(), rooms);
    let start = puzzle.start();
    assert_eq!(puzzle.evaluator(0).estimate(&puzzle, &start), rooms as u64);
    assert!(!puzzle.is_dead(&start));
    // 2^30 sets of boxes can be reached, and more than the limit before the first goal.
    let facts = puzzle.solver_facts();
    assert_eq!((facts.solvable, facts.optimal_cost, facts.solutions, facts.difficulty), (true, None, None, None));
}

/// Known costs: levels that are drawn wide, with a single way to push.
#[test]
fn long_ways_are_counted() {
    let puzzle = of_text(&format!("{0}\n#@$.{1}#\n{0}", "#".repeat(64), " ".repeat(59)));
    assert_eq!(puzzle.solver_facts().optimal_cost, Some(1));
    let far = of_text(&format!("{0}\n#@${1}.#\n{0}", "#".repeat(64), " ".repeat(59)));
    assert_eq!((far.solver_facts().optimal_cost, far.solver_facts().solutions), (Some(60), Some(1)));
    assert_eq!(far.distance_table().distance(&far, &far.start()), Some(60));
}

/// What the limits of the format refuse.
#[test]
fn puzzles_beyond_the_limits_are_refused() {
    let row = |boxes: usize, docks: usize| {
        let cells = |y: u64, count: usize| (0..count as u64).map(|i| [i % 64, y + i / 64]).collect::<Vec<_>>();
        json!({"width": 64, "height": 8, "walls": [], "worker": [0, 7], "boxes": cells(1, boxes), "docks": cells(3, docks)})
    };
    assert!(LargeSokoban::from_json(&row(64, 128)).is_ok());
    for (value, start) in [
        (row(65, 128), "puzzle: boxes: found 65; allowed: 1 to 64"),
        (row(64, 129), "puzzle: docks: found 129; allowed: 1 to 128"),
        (row(64, 63), "puzzle: docks: found 63; allowed: at least as many as boxes, 64"),
        (
            json!({"width": 65, "height": 8, "walls": [], "worker": [0, 7], "boxes": [[1, 1]], "docks": [[2, 2]]}),
            "puzzle: width: found 65; allowed: 1 to 64",
        ),
    ] {
        assert_eq!(LargeSokoban::from_json(&value).unwrap_err().to_string(), start);
    }
}

/// Twins are equal under turns and mirrors.
#[test]
fn turned_levels_are_twins() {
    let level = of_text("########\n#@$ $ .#\n# $ $ .#\n# $   .#\n# ..   #\n########");
    let mirrored = of_text("########\n#. $ $@#\n#. $ $ #\n#.   $ #\n#   .. #\n########");
    let other = of_text("########\n#. $ $@#\n#. $ $ #\n#.   $ #\n#  . . #\n########");
    assert_eq!(level.twin(), mirrored.twin());
    assert_ne!(level.twin(), other.twin());
}
