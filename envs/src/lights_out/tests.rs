use std::collections::BTreeSet;

use serde_json::json;

use super::*;
use crate::exact::Distances;
use crate::laws::{assert_laws, check_puzzle};
use crate::settings::{Amount, Range, Solvable};

fn of(rows: u64, columns: u64, presses: (u64, u64), solvable: Solvable) -> Config {
    let presses = Amount::Between(Range { min: presses.0, max: presses.1 });
    Config { rows: Amount::Exactly(rows), columns: Amount::Exactly(columns), presses, solvable }
}

fn lights(rows: u8, columns: u8, start: u64) -> LightsOut {
    LightsOut { rows, columns, start: Lamps(start) }
}

/// Distances to the goal, computed with successors only.
fn brute_force(rows: u8, columns: u8) -> Distances {
    let board = lights(rows, columns, 0);
    let mut steps = Vec::new();
    Distances::backwards(1 << board.cells(), [0], |here, out| {
        steps.clear();
        board.successors(&Lamps(here as u64), &mut steps);
        out.extend(steps.iter().map(|step| step.state.0 as usize));
    })
}

#[test]
fn the_laws_hold() {
    let [easy, medium, hard] = LightsOut::levels();
    let any_size = Amount::Between(Range { min: 2, max: 8 });
    let any = Config { rows: any_size, columns: any_size, presses: Amount::Exactly(2), solvable: Solvable::Any };
    let more = [
        any,
        of(2, 2, (1, 4), Solvable::Yes),
        of(2, 3, (1, 2), Solvable::Any),
        of(4, 4, (1, 5), Solvable::No),
        of(5, 5, (10, 10), Solvable::Any),
        of(8, 8, (1, 64), Solvable::Yes),
        of(6, 8, (16, 16), Solvable::No),
    ];
    assert_laws::<LightsOut>(&[easy, medium, hard], 1, 20);
    assert_laws::<LightsOut>(&more, 2, 10);
}

#[test]
fn one_press() {
    let cross = LightsOut::from_json(&json!({"lamps": ["010", "111", "010"]})).unwrap();
    let facts = cross.solver_facts();
    assert_eq!((facts.optimal_cost, facts.solutions, facts.difficulty), (Some(1), Some(1), Some(1)));
    let middle = cross.read_move(Style::Frame, &mut Reader::new(b"(2,2)")).unwrap();
    assert!(cross.apply(&cross.start(), middle).is_some_and(|(_, state, _)| cross.is_goal(&state)));
    check_puzzle(&cross, 1).unwrap();
}

#[test]
fn states_in_every_style() {
    let cross = LightsOut::from_json(&json!({"lamps": ["010", "111"]})).unwrap();
    let written = |style| {
        let mut out = Vec::new();
        cross.write_state(&cross.start(), style, &mut out);
        String::from_utf8(out).unwrap()
    };
    assert_eq!(written(Style::Frame), "[010/111]");
    assert_eq!(written(Style::Compact), "0 1 0 / 1 1 1");
    assert_eq!(written(Style::Prose), "010, 111");
    for wrong in ["[010/11]", "[010111]", "[010/112]", "[010/1111]", "[010/111"] {
        assert_eq!(cross.read_state(Style::Frame, &mut Reader::new(wrong.as_bytes())), None, "{wrong}");
    }
}

/// Covers every pattern of small boards, with and without quiet patterns.
#[test]
fn costs_are_those_of_a_plain_breadth_first_search() {
    for (rows, columns) in [(2, 2), (2, 3), (3, 2), (2, 5), (3, 3), (3, 4), (2, 7), (3, 5), (4, 4)] {
        let found = brute_force(rows, columns);
        for start in 0..1u64 << (rows * columns) {
            let puzzle = lights(rows, columns, start);
            assert_eq!(
                puzzle.distance_table().distance(&puzzle, &puzzle.start()),
                found.of(start as usize),
                "{puzzle:?}"
            );
        }
    }
}

/// Counts solutions by trying all sets of presses.
#[test]
fn solutions_are_those_of_all_sets_of_presses() {
    for (rows, columns) in [(2, 3), (2, 5), (3, 3)] {
        let cells = rows * columns;
        for start in 0..1u64 << cells {
            let puzzle = lights(rows, columns, start);
            let sets = (0..1u64 << cells).filter(|&set| puzzle.board().switched(set) == start);
            let mut sizes: Vec<u32> = sets.map(u64::count_ones).collect();
            sizes.sort_unstable();
            let fewest = sizes.first().map(|&size| Cost::from(size));
            let solutions = sizes.iter().filter(|&&size| Some(size) == sizes.first().copied()).count();
            let facts = puzzle.solver_facts();
            assert_eq!((facts.optimal_cost, facts.solutions), (fewest, Some(solutions as u64)));
        }
    }
}

/// Known ranks, and the most presses that any pattern takes: 9 on 3 by 3, 7 on 4 by 4, 15 on 5 by 5.
#[test]
fn boards_have_the_known_numbers_of_quiet_patterns() {
    let square = |side| Board::of(side, side).kinds();
    assert_eq!([2, 3, 4, 5, 6, 7, 8].map(square), [1, 1, 16, 4, 1, 1, 1]);
    assert_eq!(Board::of(6, 8).kinds(), 64);
    let most = |rows, columns| {
        let found = brute_force(rows, columns);
        (0..1usize << (rows * columns)).filter_map(|start| found.of(start)).max()
    };
    assert_eq!((most(3, 3), most(4, 4)), (Some(9), Some(7)));
    // All 25 lamps are among the hardest patterns of 5 by 5.
    let board = Board::of(5, 5);
    let all_on = board.fewest((1 << 25) - 1);
    assert_eq!(all_on, Some((15, 4)));
}

#[test]
fn spaces_hold_every_pattern_once() {
    for (rows, columns, most) in [(2, 2, 4), (2, 3, 2), (3, 3, 9), (4, 4, 5)] {
        let found = brute_force(rows, columns);
        let config = of(rows.into(), columns.into(), (1, most), Solvable::Yes);
        let size = config.space().unwrap().size;
        let starts: Vec<u64> =
            (0..size).filter_map(|index| config.at(index).ok()).map(|puzzle| puzzle.start.0).collect();
        let expected: BTreeSet<u64> = (1..1 << (rows * columns))
            .filter(|&start| found.of(start as usize).is_some_and(|cost| cost <= most))
            .collect();
        assert_eq!(starts.len(), expected.len());
        assert_eq!(starts.into_iter().collect::<BTreeSet<_>>(), expected);
    }
    // All classes of unsolvable patterns are equally frequent.
    let all = of(2, 3, (1, 2), Solvable::Any);
    let size = all.space().unwrap().size;
    let starts: BTreeSet<u64> = (0..size).filter_map(|index| all.at(index).ok()).map(|puzzle| puzzle.start.0).collect();
    let unsolvable = starts.iter().filter(|&&start| !lights(2, 3, start).is_solvable()).count();
    assert_eq!(unsolvable, 3 * (starts.len() - unsolvable));
}

#[test]
fn enough_candidates_are_accepted() {
    for (rows, columns) in (2..=8).flat_map(|rows| (2..=8).map(move |columns| (rows, columns))) {
        let cells = rows * columns;
        let most = match Board::of(rows as usize, columns as usize).kinds() {
            1 => cells,
            2..=4 => cells * 2 / 5,
            _ => cells / 3,
        };
        let config = of(rows, columns, (most, most), Solvable::Yes);
        LightsOut::check(&config).unwrap();
        let mut draw = Draw::new(1, "test");
        let accepted = (0..200).filter(|_| config.generate(&mut draw).is_ok()).count();
        assert!(accepted > 60, "{accepted} of 200 on {rows} by {columns}");
        assert!(LightsOut::check(&of(rows, columns, (1, most + 1), Solvable::Yes)).is_err());
    }
}

#[test]
fn settings_that_cannot_be_are_refused_by_field() {
    let refused = [
        ("rows", of(1, 4, (1, 1), Solvable::Yes)),
        ("columns", of(4, 9, (1, 1), Solvable::Yes)),
        ("presses", of(4, 4, (0, 1), Solvable::Yes)),
        ("presses", of(4, 4, (1, 6), Solvable::Yes)),
        ("presses", of(4, 4, (3, 2), Solvable::Yes)),
        ("solvable", of(3, 3, (1, 2), Solvable::No)),
    ];
    for (field, config) in refused {
        assert_eq!(LightsOut::check(&config).unwrap_err().field, field);
    }
}

#[test]
fn puzzles_that_cannot_be_are_refused() {
    for value in [
        json!({"lamps": []}),
        json!({"lamps": ["01"]}),
        json!({"lamps": ["01", "0"]}),
        json!({"lamps": ["01", "02"]}),
        json!({"lamps": ["010101010", "010101010"]}),
        json!({"lamps": ["ä", "01"]}),
    ] {
        assert!(LightsOut::from_json(&value).is_err(), "{value}");
    }
}

#[test]
fn boards_of_both_shapes_are_counted_once() {
    let sides = Amount::Between(Range { min: 2, max: 3 });
    let config = Config {
        rows: sides,
        columns: sides,
        presses: Amount::Between(Range { min: 1, max: 2 }),
        solvable: Solvable::Yes,
    };
    let size = config.space().unwrap().size;
    let mut draw = crate::draw::Streams::new(1, "test", "shapes").at(0);
    let counted = (0..size).filter_map(|index| LightsOut::at(&config, 0, index, &mut draw).ok());
    let counted: Vec<_> = counted.filter(|puzzle| puzzle.is_representative()).collect();
    let twins: BTreeSet<_> = counted.iter().map(|puzzle| puzzle.twin()).collect();
    assert_eq!(twins.len(), counted.len());
    // no class is missing: each candidate has a twin that is counted
    let all: BTreeSet<_> = (0..size).filter_map(|index| config.at(index).ok()).map(|puzzle| puzzle.twin()).collect();
    assert_eq!(twins, all);
    let shapes: BTreeSet<_> = counted.iter().map(|puzzle| (puzzle.rows, puzzle.columns)).collect();
    assert_eq!(shapes.len(), 4, "both shapes are there");
}
