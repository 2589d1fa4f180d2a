use std::collections::{HashMap, VecDeque};

use serde_json::json;

use super::*;
use crate::laws::{assert_laws, check_puzzle};
use crate::settings::Amount;

fn puzzle(rows: u8, columns: u8, cells: &[u8]) -> SlidingTiles {
    let board = Board::new(rows, columns);
    SlidingTiles::new(board, Tiles::new(board, cells).unwrap())
}

/// Breadth-first search with successors only: distances from a state to all reachable ones, or to those within `depth`.
fn breadth_first(puzzle: &SlidingTiles, from: Tiles, depth: Cost) -> HashMap<Tiles, Cost> {
    let mut distances = HashMap::from([(from, 0)]);
    let mut queue = VecDeque::from([from]);
    while let Some(here) = queue.pop_front() {
        let distance = distances[&here];
        let mut steps = Vec::new();
        puzzle.successors(&here, &mut steps);
        for step in steps {
            if distance < depth && !distances.contains_key(&step.state) {
                distances.insert(step.state, distance + 1);
                queue.push_back(step.state);
            }
        }
    }
    distances
}

#[test]
fn the_worked_puzzle() {
    let worked = puzzle(2, 3, &[1, 2, 3, 0, 4, 5]);
    let facts = worked.solver_facts();
    assert_eq!((facts.optimal_cost, facts.solutions), (Some(2), Some(1)));
    let mut state = worked.start();
    for tile in [4, 5] {
        state = worked.apply(&state, Slide(tile)).unwrap().1;
    }
    assert!(worked.is_goal(&state));
    assert_eq!(worked.apply(&worked.start(), Slide(5)), None);
}

#[test]
fn numbers_are_those_of_positions() {
    for (rows, columns) in [(2, 2), (2, 3), (3, 2), (2, 4), (4, 2)] {
        let board = Board::new(rows, columns);
        let mut seen = vec![false; 2 * board.half() as usize];
        for number in 0..board.half() {
            let tiles = board.position(number);
            assert!(board.is_solvable(tiles) && board.number(tiles) == number);
            let other = tiles.relabelled(board, 1, 2);
            assert!(!board.is_solvable(other));
            for tiles in [tiles, other] {
                let number = board.number(tiles) as usize;
                assert!(!std::mem::replace(&mut seen[number], true));
            }
        }
    }
}

/// Greatest costs and their frequencies: 31 moves for 2 of the 181,440 positions of the 8-puzzle (Reinefeld 1993).
#[test]
fn greatest_costs() {
    for (rows, columns, reached, greatest) in [(2, 2, 12, 6), (2, 3, 360, 21), (2, 4, 20_160, 36), (3, 3, 181_440, 31)]
    {
        let table = solve::table(Board::new(rows, columns));
        assert_eq!((table.greatest(), table.between(0, 99)), (greatest, reached));
    }
    let eight = solve::table(Board::new(3, 3));
    let counts: Vec<u64> = (0..=31).map(|cost| eight.between(cost, cost)).collect();
    assert_eq!(counts[..10], [1, 2, 4, 8, 16, 20, 39, 62, 116, 152]);
    assert_eq!(counts[28..], [3910, 760, 221, 2]);
}

#[test]
fn facts_are_those_of_breadth_first_search() {
    let mut draw = Draw::new(3, "test");
    for (rows, columns) in [(2, 2), (2, 3), (3, 2), (2, 3), (3, 2), (2, 4), (3, 3)] {
        let board = Board::new(rows, columns);
        let mut cells: Vec<u8> = (0..board.cells() as u8).collect();
        draw.shuffle(&mut cells);
        let puzzle = puzzle(rows, columns, &cells);
        let around = breadth_first(&puzzle, puzzle.start(), 99);
        let cost = around.get(&board.goal()).copied();
        let facts = puzzle.solver_facts();
        assert_eq!((facts.optimal_cost, facts.solvable, puzzle.is_solvable()), (cost, cost.is_some(), cost.is_some()));
        let nearer = around.values().filter(|&&distance| distance < cost.unwrap_or(99)).count();
        assert_eq!(facts.difficulty, Some(nearer as u64));
    }
}

/// On larger boards difficulty counts the nodes of the proof up to a limit. The limit is tested with the hardest position (80 moves: Brüngger and others 1999,
/// "The parallel search bench ZRAM and its applications").
#[test]
fn large_boards_have_a_difficulty_up_to_a_limit() {
    let near = puzzle(4, 4, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 0, 14, 15]);
    let facts = near.solver_facts();
    assert_eq!((facts.optimal_cost, facts.difficulty), (Some(2), Some(2)));
    let facts = near.other_half().solver_facts();
    assert_eq!((facts.solvable, facts.optimal_cost, facts.difficulty), (false, None, Some(0)));
    let hardest = puzzle(4, 4, &[0, 12, 9, 13, 15, 11, 10, 14, 3, 7, 5, 6, 4, 8, 2, 1]);
    assert!(hardest.is_solvable());
    assert_eq!(solve::proof(hardest.board(), hardest.start(), 100_000), None);
}

/// The facts of the hardest positions are found in limited time: some seconds with optimization.
#[test]
#[ignore = "takes seconds"]
fn the_hardest_proof_gives_up() {
    let hardest = puzzle(4, 4, &[0, 12, 9, 13, 15, 11, 10, 14, 3, 7, 5, 6, 4, 8, 2, 1]);
    let facts = hardest.solver_facts();
    assert_eq!((facts.solvable, facts.optimal_cost, facts.difficulty), (true, None, None));
}

/// The number of shortest ways to the goal, one by one.
fn ways(puzzle: &SlidingTiles, to_goal: &HashMap<Tiles, Cost>, state: Tiles) -> u64 {
    let mut steps = Vec::new();
    puzzle.successors(&state, &mut steps);
    let nearer = steps.iter().filter(|step| to_goal[&step.state] + 1 == to_goal[&state]);
    if puzzle.is_goal(&state) { 1 } else { nearer.map(|step| ways(puzzle, to_goal, step.state)).sum() }
}

#[test]
fn cheapest_solutions_are_counted() {
    let board = Board::new(2, 3);
    let to_goal = breadth_first(&SlidingTiles::new(board, board.goal()), board.goal(), 99);
    let mut several = 0;
    for (&tiles, &cost) in &to_goal {
        let puzzle = SlidingTiles::new(board, tiles);
        let (facts, ways) = (puzzle.solver_facts(), ways(&puzzle, &to_goal, tiles));
        assert_eq!((facts.optimal_cost, facts.solutions), (Some(cost), Some(ways)));
        several += u32::from(ways > 1);
        let facts = puzzle.other_half().solver_facts();
        assert_eq!((facts.optimal_cost, facts.solutions), (None, Some(0)));
    }
    assert!(several > 10);
}

/// Tests every heuristic on every position of the 8-puzzle.
#[test]
fn heuristics_are_admissible_and_consistent() {
    let board = Board::new(3, 3);
    let puzzle = SlidingTiles::new(board, board.goal());
    let evaluators: [_; 3] = std::array::from_fn(|heuristic| puzzle.evaluator(heuristic));
    let mut steps = Vec::new();
    for number in 0..board.half() {
        let tiles = board.position(number);
        let [misplaced, manhattan, conflicts] =
            evaluators.each_ref().map(|evaluator| evaluator.estimate(&puzzle, &tiles));
        assert!(misplaced <= manhattan && manhattan <= conflicts);
        assert!(conflicts <= solve::table(board).of(number as usize).unwrap());
        steps.clear();
        puzzle.successors(&tiles, &mut steps);
        let next = steps.iter().map(|step| evaluators[2].estimate(&puzzle, &step.state));
        assert!(next.into_iter().all(|next| next.abs_diff(conflicts) == 1));
    }
}

#[test]
fn large_boards_are_solved_exactly() {
    let mut draw = Draw::new(4, "test");
    for (rows, columns) in [(4, 4), (3, 4), (4, 3)] {
        let board = Board::new(rows, columns);
        let puzzle = SlidingTiles::new(board, board.goal());
        let near = breadth_first(&puzzle, board.goal(), 11);
        let mut all: Vec<(Tiles, Cost)> = near.into_iter().collect();
        all.sort_unstable();
        for _ in 0..2000 {
            let &(tiles, cost) = draw.choose(&all).unwrap();
            assert_eq!(solve::distance(board, tiles), Some(cost));
            let solution = solve::solution(board, tiles, 1000).unwrap();
            let end =
                solution.iter().try_fold(tiles, |at, &tile| puzzle.apply(&at, Slide(tile)).map(|applied| applied.1));
            assert_eq!((end, solution.len() as Cost), (Some(board.goal()), cost));
            let turned = tiles.relabelled(board, 3, 4);
            assert_eq!(solve::distance(board, turned), None);
        }
    }
}

/// Four of the hundred instances of Korf 1985, with their published costs. His blank comes first, so they are turned by half a turn here.
#[test]
fn published_instances() {
    for (cells, cost) in [
        ([14, 13, 15, 7, 11, 12, 9, 5, 6, 0, 2, 1, 4, 8, 10, 3], 57),
        ([13, 5, 4, 10, 9, 12, 8, 14, 2, 3, 7, 1, 0, 15, 11, 6], 55),
        ([13, 8, 14, 3, 9, 1, 0, 7, 15, 5, 4, 10, 12, 2, 6, 11], 41),
        ([0, 1, 9, 7, 11, 13, 5, 3, 14, 12, 4, 2, 8, 6, 10, 15], 42),
    ] {
        let turned: Vec<u8> = cells.iter().rev().map(|&tile| if tile == 0 { 0 } else { 16 - tile }).collect();
        assert_eq!(puzzle(4, 4, &turned).solver_facts().optimal_cost, Some(cost), "{cells:?}");
    }
}

#[test]
fn sliding_tiles_keep_the_laws() {
    let of = |rows, columns, min_cost, max_cost| Config { rows, columns, min_cost, max_cost, ..Config::default() };
    let any = Config { solvable: Solvable::Any, ..of(2, 3, 1, 99) };
    let none = Config { solvable: Solvable::No, ..of(3, 3, 31, 99) };
    let far = Config { scramble: Amount::Exactly(60), ..of(4, 4, 30, 99) };
    let few = Config { scramble: Amount::Exactly(2), solvable: Solvable::Any, ..of(4, 3, 1, 1) };
    let [easy, medium, hard] = SlidingTiles::levels();
    let small = [easy, medium, of(2, 2, 1, 99), of(2, 4, 36, 99), any, none];
    assert_laws::<SlidingTiles>(&small, 1, 8);
    assert_laws::<SlidingTiles>(&[hard, far, few], 1, 2);
}

#[test]
fn impossible_settings_are_refused_by_field() {
    let field = |config: Config| SlidingTiles::check(&config).map_err(|error| error.field).unwrap_err();
    let config = Config::default();
    assert_eq!(field(Config { rows: 1, ..config.clone() }), "rows");
    assert_eq!(field(Config { columns: u64::MAX, ..config.clone() }), "columns");
    assert_eq!(field(Config { min_cost: 32, ..config.clone() }), "min_cost");
    assert_eq!(field(Config { min_cost: 0, ..config.clone() }), "min_cost");
    assert_eq!(field(Config { max_cost: 3, ..config.clone() }), "max_cost");
    assert_eq!(field(Config { scramble: Amount::Exactly(1), ..config.clone() }), "scramble");
    assert_eq!(field(Config { rows: 4, min_cost: 31, ..config.clone() }), "min_cost");
}

#[test]
fn wrong_puzzles_are_refused() {
    for (wrong, said) in [
        (json!({"rows": 5, "columns": 3, "tiles": []}), "rows: found 5"),
        (json!({"rows": 2, "columns": 2, "tiles": [1, 2, 3]}), "tiles: found [1, 2, 3]"),
        (json!({"rows": 2, "columns": 2, "tiles": [1, 2, 2, 0]}), "each of 0 to 3 once"),
        (json!({"rows": 2, "columns": 2, "tiles": [1, 2, 3, 256]}), "each of 0 to 3 once"),
    ] {
        let error = SlidingTiles::from_json(&wrong).unwrap_err();
        assert!(error.0.contains(said), "{error}");
    }
}

/// Positions drawn at random, solvable or not.
fn shuffled(board: Board, draw: &mut Draw) -> Tiles {
    let mut cells: Vec<u8> = (0..board.cells() as u8).collect();
    draw.shuffle(&mut cells);
    Tiles::new(board, &cells).unwrap()
}

#[test]
fn any_goal_has_exact_distances() {
    let mut draw = Draw::new(8, "goals");
    for (rows, columns, goals) in [(2, 2, 24), (2, 3, 8), (3, 2, 8), (2, 4, 2), (3, 3, 1)] {
        let board = Board::new(rows, columns);
        for _ in 0..goals {
            let puzzle = SlidingTiles::with_goal(board, shuffled(board, &mut draw), shuffled(board, &mut draw));
            check_puzzle(&puzzle, 1).unwrap_or_else(|error| panic!("{error}"));
            let distances = breadth_first(&puzzle, puzzle.goal, Cost::MAX);
            let bounds: Vec<_> = (0..3).map(|heuristic| puzzle.evaluator(heuristic)).collect();
            let mut numbers = std::collections::HashSet::new();
            for _ in 0..500 {
                let tiles = shuffled(board, &mut draw);
                let known = distances.get(&tiles).copied();
                assert_eq!(puzzle.distance(tiles), known, "{puzzle:?} {tiles:?}");
                let at = SlidingTiles::with_goal(board, tiles, puzzle.goal);
                assert_eq!(at.is_solvable(), known.is_some());
                assert!(known.is_none_or(|cost| bounds.iter().all(|bound| bound.estimate(&at, &tiles) <= cost)));
                numbers.insert((puzzle.index(&tiles), tiles));
            }
            let indices: std::collections::HashSet<usize> = numbers.iter().map(|(number, _)| *number).collect();
            assert!(
                indices.len() == numbers.len() && indices.iter().all(|&index| index < puzzle.index_bound().unwrap())
            );
            let facts = puzzle.solver_facts();
            assert_eq!(facts.optimal_cost, distances.get(&puzzle.start).copied());
            let back = breadth_first(&puzzle, puzzle.start, Cost::MAX);
            let nearer =
                back.values().filter(|&&distance| facts.optimal_cost.is_none_or(|cost| distance < cost)).count();
            assert_eq!(facts.difficulty, Some(nearer as u64));
        }
    }
}

#[test]
fn any_goal_of_a_large_board_is_proven() {
    let mut draw = Draw::new(9, "large goals");
    for (rows, columns) in [(3, 4), (4, 3), (4, 4)] {
        let board = Board::new(rows, columns);
        for _ in 0..2 {
            let goal = shuffled(board, &mut draw);
            let mut puzzle = SlidingTiles::with_goal(board, goal, goal);
            for _ in 0..14 {
                let mut steps = Vec::new();
                puzzle.successors(&puzzle.start, &mut steps);
                puzzle.start = draw.choose(&steps).unwrap().state;
            }
            let cost = breadth_first(&puzzle, puzzle.goal, 14)[&puzzle.start];
            assert_eq!(puzzle.solver_facts().optimal_cost, Some(cost), "{puzzle:?}");
            let other = puzzle.clone().other_half().solver_facts();
            assert_eq!((other.solvable, other.optimal_cost, other.difficulty), (false, None, Some(0)));
        }
    }
}

#[test]
fn goals_are_told_only_where_they_are_not_the_classic_one() {
    let text = |puzzle: &SlidingTiles| {
        let mut json = Vec::new();
        puzzle.write_json(&mut json);
        String::from_utf8(json).unwrap()
    };
    let of = |goal: serde_json::Value| {
        SlidingTiles::from_json(&json!({"rows": 2, "columns": 2, "tiles": [1, 2, 0, 3], "goal": goal}))
    };
    let classic = of(json!([1, 2, 3, 0])).unwrap();
    assert_eq!(
        (text(&classic), &classic),
        (r#"{"rows":2,"columns":2,"tiles":[1,2,0,3]}"#.to_string(), &puzzle(2, 2, &[1, 2, 0, 3]))
    );
    let other = of(json!([0, 1, 2, 3])).unwrap();
    assert_eq!(text(&other), r#"{"rows":2,"columns":2,"tiles":[1,2,0,3],"goal":[0,1,2,3]}"#);
    assert!(other.id() != classic.id() && other.solver_facts().solvable != classic.solver_facts().solvable);
    for wrong in [json!([0, 1, 2]), json!([0, 1, 2, 2]), json!([0, 1, 2, 4])] {
        let message = of(wrong).unwrap_err().to_string();
        assert!(message.contains("goal: found") && message.contains("each of 0 to 3 once"), "{message}");
    }
}

#[test]
fn turned_goals_are_twins() {
    // The blank first, as many programs have it: turned by half a circle it is the classic goal.
    let board = Board::new(3, 3);
    let first = Tiles::new(board, &[0, 1, 2, 3, 4, 5, 6, 7, 8]).unwrap();
    let one = SlidingTiles::with_goal(board, first.exchanged(0, 1).exchanged(1, 4), first);
    let turned = SlidingTiles::new(board, board.goal().exchanged(8, 7).exchanged(7, 4));
    assert_eq!((one.twin(), one.solver_facts()), (turned.twin(), turned.solver_facts()));
    assert_eq!(one.solver_facts().optimal_cost, Some(2));
    for cell in 0..9 {
        let goal = first.exchanged(0, cell);
        let puzzle = SlidingTiles::with_goal(board, one.start, goal);
        for image in puzzle.images() {
            assert_eq!((image.twin(), image.solver_facts()), (puzzle.twin(), puzzle.solver_facts()), "{puzzle:?}");
        }
    }
}
