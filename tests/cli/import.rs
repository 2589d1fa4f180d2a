//! Puzzles in the formats that people have them in.

mod zebra;

use serde_json::{Value, json};

use super::{Ran, expect, feed};

fn import(format: &str, text: &str) -> Ran {
    feed(&["import", format], text.as_bytes())
}

/// The puzzles of a text without a fault.
fn puzzles(format: &str, text: &str) -> Vec<Value> {
    let ran = import(format, text);
    assert_eq!(ran.code, Some(0), "{format}: {}{}", ran.out, ran.err);
    rows(&ran)
}

fn rows(ran: &Ran) -> Vec<Value> {
    ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

const SUDOKU: &str = "4.....8.5.3..........7......2.....6.....8.4......1.......6.3.7.5..2.....1.4......";

#[test]
fn sudoku_lines_and_drawn_boards_are_the_same_puzzles() {
    let drawn = "\
+-------+-------+-------+
| 4 . . | . . . | 8 . 5 |
| . 3 . | . . . | . . . |
| . . . | 7 . . | . . . |
|-------+-------+-------|
| . 2 . | . . . | . 6 . |
| . . . | . 8 . | 4 . . |
| . . . | . 1 . | . . . |
|-------+-------+-------|
| . . . | 6 . 3 | . 7 . |
| 5 . . | 2 . . | . . . |
| 1 . 4 | . . . | . . . |
+-------+-------+-------+";
    let plain: String =
        SUDOKU.as_bytes().chunks(9).map(|row| String::from_utf8_lossy(row).replace('.', "0") + "\n").collect();
    let text = format!(
        "# two of the hardest\n{SUDOKU}\n{}, rated 11.7\n\nGrid 07\n{plain}\r\n{drawn}\n1.3.\n..12\n2143\n4.2.\n",
        SUDOKU.replace('.', "*")
    );
    let found = puzzles("sudoku", &text);
    assert_eq!(found.len(), 5, "{found:?}");
    for row in &found[..4] {
        assert_eq!((&row["id"], &row["puzzle"]), (&found[0]["id"], &found[0]["puzzle"]));
        assert_eq!(row["puzzle"]["cells"][0], json!([4, 0, 0, 0, 0, 0, 8, 0, 5]));
    }
    assert_eq!(found[0]["title"], "two of the hardest");
    assert_eq!(found[1]["rest"], "rated 11.7");
    assert_eq!(found[2]["title"], "Grid 07");
    assert_eq!(found[4]["puzzle"], json!({"cells": [[1, 0, 3, 0], [0, 0, 1, 2], [2, 1, 4, 3], [4, 0, 2, 0]]}));
}

/// A board of 16 by 16 with open cells, as values.
fn large() -> Vec<Vec<usize>> {
    let digit = |row: usize, column: usize| (row * 4 + row / 4 + column) % 16 + 1;
    let cell = |row, column| if (row * 7 + column * 3) % 5 == 0 { 0 } else { digit(row, column) };
    (0..16).map(|row| (0..16).map(|column| cell(row, column)).collect()).collect()
}

#[test]
fn boards_of_16_by_16_are_read_in_all_their_signs() {
    let cells = large();
    let signs = |digits: &str, open: char| -> String {
        let sign = |value: &usize| if *value == 0 { open } else { digits.chars().nth(value - 1).unwrap() };
        cells.iter().flatten().map(sign).collect()
    };
    let drawn = |between: &str, cell: &dyn Fn(usize) -> String| -> String {
        let row = |(at, row): (usize, &Vec<usize>)| {
            let boxes: Vec<String> = row
                .chunks(4)
                .map(|four| four.iter().map(|&value| cell(value)).collect::<Vec<_>>().join(between))
                .collect();
            let ruler = if at % 4 == 0 { "+---+---+---+---+\n" } else { "" };
            format!("{ruler}| {} |\n", boxes.join(" | "))
        };
        cells.iter().enumerate().map(row).collect()
    };
    let letters = signs("123456789ABCDEFG", '.');
    let lines: String = letters.as_bytes().chunks(16).map(|row| String::from_utf8_lossy(row) + "\n").collect();
    let numbers = drawn(" ", &|value| if value == 0 { "_".into() } else { value.to_string() });
    let hexadecimal = drawn("", &|value| if value == 0 { ".".into() } else { format!("{:x}", value - 1) });
    let text = format!(
        "{letters}\n{} easy\n{}\nGrid 1\n{lines}\n{numbers}\n{hexadecimal}",
        signs("0123456789ABCDEF", '.'),
        signs("123456789abcdefg", '0')
    );
    let found = puzzles("sudoku", &text);
    assert_eq!(found.len(), 6, "{found:?}");
    for row in &found {
        assert_eq!(row["puzzle"], json!({"cells": cells}));
    }
    assert_eq!((&found[1]["rest"], &found[3]["title"]), (&json!("easy"), &json!("Grid 1")));
    let rows = import("sudoku", &letters).out;
    assert_eq!(feed(&["export", "sudoku"], rows.as_bytes()).out, format!("{letters}\n"));
    // Sixteen boards of 4 by 4 are no board of 16 by 16.
    assert_eq!(puzzles("sudoku", &"1.3...122143.2.4\n".replace(".2.4", "4.2.").repeat(16)).len(), 16);
    let ran = import("sudoku", &letters.replacen('2', "H", 1));
    assert!(ran.code == Some(2) && ran.err.contains(":1:2: found"), "{}", ran.err);
}

#[test]
fn a_bad_entry_is_told_with_its_place_and_left_out() {
    let text = format!("{SUDOKU}\n12x4\n{}\n1.3.\n..12\n", &SUDOKU[1..]);
    let ran = import("sudoku", &text);
    assert_eq!((ran.code, rows(&ran).len()), (Some(1), 1), "{}", ran.err);
    for place in
        ["standard input:2:3: found", "standard input:3:1: found", "standard input:4:1: found \"2 rows of 4 cells\""]
    {
        assert!(ran.err.contains(place), "{place}: {}", ran.err);
    }
    assert!(ran.err.contains("puzzles of sudoku: 1, entries left out: 3"), "{}", ran.err);
}

#[test]
fn sokoban_levels_are_read_drawn_and_in_runs() {
    let drawn = "; 1\n####\n# .#\n#  ###\n#*@  #\n#  $ #\n#  ###\n####\n";
    let small = "Level two\n#####\n#@$.#\n#####\nTitle: One push\n\n5#|#@$.#|5#\n#######\n#-*_+$#\n#######\n";
    let found = puzzles("xsb", &format!("{drawn}\n{small}"));
    assert_eq!(found.len(), 4);
    let walls: [&[u8]; 7] =
        [&[0, 1, 2, 3, 4, 5], &[0, 3, 4, 5], &[0, 3, 4, 5], &[0, 5], &[0, 5], &[0, 3, 4, 5], &[0, 1, 2, 3, 4, 5]];
    let walls: Vec<_> = (0..7).flat_map(|y| walls[y].iter().map(move |&x| [x, y as u8])).collect();
    let first = json!({
        "width": 6, "height": 7, "walls": walls, "worker": [2, 3], "boxes": [[1, 3], [3, 4]], "docks": [[2, 1], [1, 3]]
    });
    assert_eq!((&found[0]["puzzle"], &found[0]["title"]), (&first, &json!(1)));
    let second = &found[1]["puzzle"];
    assert_eq!(
        (&second["width"], &second["height"], &second["walls"].as_array().unwrap().len()),
        (&json!(5), &json!(3), &12)
    );
    assert_eq!(
        (&second["worker"], &second["boxes"], &second["docks"]),
        (&json!([1, 1]), &json!([[2, 1]]), &json!([[3, 1]]))
    );
    assert_eq!((&found[1]["title"], &found[1]["id"]), (&json!("One push"), &found[2]["id"]));
    assert_eq!(found[3]["puzzle"]["docks"], json!([[2, 1], [4, 1]]));
    // A room that no one can enter stays as it is drawn; what is outside is wall.
    let room = &puzzles("xsb", " ######\n #@$.## \n ###### \n # #\n ###\n")[0]["puzzle"];
    assert_eq!((&room["width"], &room["height"], room["walls"].as_array().unwrap().len()), (&json!(6), &json!(5), 26));
    let ran = import("xsb", "#####\n#@$.\n#####\n\n#####\n#@$.#\n#####\n");
    assert!(
        ran.code == Some(1) && ran.err.contains("standard input:1:1: found \"a level without a wall all around\""),
        "{}",
        ran.err
    );
    // More docks than boxes: one of them stays free.
    let docks = &puzzles("xsb", "######\n#@$..#\n######\n")[0]["puzzle"]["docks"];
    assert_eq!(docks, &json!([[3, 1], [4, 1]]));
    // What an environment refuses is told in its words.
    let ran = import("xsb", &format!("{0}\n#@{1}#\n{0}\n", "#".repeat(69), "$.".repeat(33)));
    assert!(
        ran.code == Some(2) && ran.err.contains("standard input:1:1: width: found 69; allowed: 1 to 64\n"),
        "{}",
        ran.err
    );
}

#[test]
fn puzzles_are_written_in_the_standard_formats() {
    let level = "; One push\n#####\n#@$.#\n#####\n\n";
    let rows = import("xsb", level).out;
    assert_eq!(feed(&["export", "xsb"], rows.as_bytes()).out, level);
    // Off the board all is wall; a puzzle can be a string, as in rows of a dataset.
    let bare = json!({"width": 3, "height": 1, "walls": [], "worker": [0, 0], "boxes": [[1, 0]], "docks": [[2, 0]]});
    let ran = feed(&["export", "xsb"], format!("\u{feff}{}\r\n\n", json!({"puzzle": bare.to_string()})).as_bytes());
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), "#####\n#@$.#\n#####\n\n"), "{}", ran.err);
    let cnf = "c three\np cnf 3 2\n1 -2 0\n2 3 0\n";
    assert_eq!(feed(&["export", "dimacs"], import("dimacs", cnf).out.as_bytes()).out, cnf);
    let line = format!("{SUDOKU} 11.7\n");
    assert_eq!(feed(&["export", "sudoku"], import("sudoku", &line).out.as_bytes()).out, line);
}

#[test]
fn rows_that_a_format_has_no_text_for_are_told_and_left_out() {
    let car = json!({"x": 0, "y": 1, "length": 2, "across": true});
    let row = |size: u8| json!({"puzzle": {"size": size, "exit": 1, "cars": [car]}}).to_string();
    let ran = feed(&["export", "rush-hour"], format!("{}\n{}\n{{\n[]\n", row(6), row(5)).as_bytes());
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), "ooooooAAoooooooooooooooooooooooooooo\n"), "{}", ran.err);
    for says in [
        "standard input:2: size: found 5; allowed: 6",
        ":3: line: not JSON",
        ":4: line: found JSON that is no object",
        "entries left out: 3",
    ] {
        assert!(ran.err.contains(says), "{says}: {}", ran.err);
    }
    let ran = feed(&["export", "rush-hour"], row(5).as_bytes());
    assert!(ran.code == Some(2) && ran.err.contains("no row with a puzzle of rush-hour"), "{}", ran.err);
    let ran = expect(2, &["export", "maze"]);
    assert!(ran.err.contains("found \"maze\"; allowed: dimacs, rush-hour, sudoku, xsb"), "{}", ran.err);
}

/// A level of 50 by 40 cells: rooms with a box that one push brings to its dock, along a corridor, and more docks than boxes.
fn wide_level(boxes: usize) -> String {
    let mut rows = vec![vec!['#'; 50]; 40];
    (1..49).for_each(|x| rows[1][x] = ' ');
    (1..39).for_each(|y| rows[y][1] = ' ');
    rows[1][1] = '@';
    for column in (3..3 + 2 * boxes).step_by(2) {
        (rows[2][column], rows[3][column]) = ('$', '.');
    }
    rows[38][1] = '.';
    rows.into_iter().map(|row| String::from_iter(row) + "\n").collect()
}

#[test]
fn large_sokoban_levels_are_puzzles_like_others() {
    let text = wide_level(6);
    let found = puzzles("xsb", &format!("; wide\n{text}"));
    let puzzle = &found[0]["puzzle"];
    assert_eq!((&puzzle["width"], &puzzle["height"]), (&json!(50), &json!(40)));
    assert_eq!((puzzle["boxes"].as_array().unwrap().len(), puzzle["docks"].as_array().unwrap().len()), (6, 7));
    let back = feed(&["export", "xsb"], found[0].to_string().as_bytes());
    assert_eq!(back.out.trim_end(), format!("; wide\n{}", text.trim_end()));
    // Two steps to each box, one push, one step back; none back from the last.
    let answer = "rr".to_string() + &["Du"; 6].join("rr");
    let answer = answer.trim_end_matches('u');
    for dialect in ["stream-of-search", "compact", "prose", "events", "searchformer"] {
        let request = json!({"env": "sokoban", "puzzle": puzzle, "dialect": dialect, "answer": true,
            "search": {"kind": "astar", "heuristic": "matching"}});
        let traced = feed(&["trace"], request.to_string().as_bytes());
        let verdict = feed(&["check"], traced.out.as_bytes());
        let verdict: Value = serde_json::from_str(verdict.out.trim()).unwrap_or_else(|_| panic!("{}", traced.err));
        assert_eq!(
            (&verdict["valid"], &verdict["solved"], &verdict["cost"]),
            (&json!(true), &json!(true), &json!(23)),
            "{dialect}"
        );
    }
    for (text, solved) in [(answer, true), (&answer[1..], false), ("no solution", false)] {
        let request = json!({"env": "sokoban", "puzzle": puzzle, "read": "answer", "text": text});
        let verdict: Value = serde_json::from_str(feed(&["check"], request.to_string().as_bytes()).out.trim()).unwrap();
        assert_eq!(verdict["solved"], solved, "{text}: {verdict}");
    }
    let many = puzzles("xsb", &wide_level(23));
    assert_eq!(many[0]["puzzle"]["boxes"].as_array().unwrap().len(), 23);
}

#[test]
fn boards_of_rush_hour_are_read_with_their_moves() {
    let line = "60 IBBxooIooLDDJAALooJoKEEMFFKooMGGHHHM 2332";
    let found = puzzles("rush-hour", &format!("# by Fogleman\n{line}\nBBoKMoDDDKMoIAALooIoJLEEooJFFNoGGooN\n"));
    assert_eq!((&found[0]["moves"], &found[0]["rest"]), (&json!(60), &json!(2332)));
    assert_eq!(found[0]["puzzle"]["cars"][0], json!({"x": 1, "y": 2, "length": 2, "across": true}));
    assert_eq!((&found[0]["puzzle"]["walls"], &found[1]["puzzle"]["walls"]), (&json!([[3, 0]]), &Value::Null));
    let classic = puzzles("rush-hour", "AA...OP..Q.OPXXQ.OP..Q..B...CCB.RRR.");
    assert_eq!(classic[0]["puzzle"]["exit"], 2);
    let ran = import("rush-hour", "AA...OP..Q.OPXXQ.OP..Q..B...CCB.RRRB");
    assert!(
        ran.code == Some(2) && ran.err.contains(":1:25: found \"car B on 3 squares that are not in line\""),
        "{}",
        ran.err
    );
}

#[test]
fn numbers_and_targets_are_read_from_json_tables_and_lists() {
    let puzzle = json!({"numbers": [44, 19, 35], "target": 98});
    let lines =
        "{\"nums\": [44, 19, 35], \"target\": 98, \"difficulty\": \"easy\"}\n{\"numbers\":[44,19,35],\"target\":98}\n";
    let found = puzzles("countdown", lines);
    assert!(found.iter().all(|row| row["puzzle"] == puzzle), "{found:?}");
    assert_eq!(found[0]["difficulty"], "easy");
    let named = puzzles("countdown", "{\"id\":7,\"nums\":[44,19,35],\"target\":98}");
    assert_eq!((&named[0]["id"], &named[0]["source_id"]), (&found[0]["id"], &json!(7)));
    assert_eq!(puzzles("countdown", "[{\"nums\": [44, 19, 35],\n\"target\": 98}]")[0]["puzzle"], puzzle);
    let table = "target,nums,split\n98,\"[44, 19, 35]\",train\n98,[44 19 35],test\n";
    let found = puzzles("countdown", table);
    assert!(found.iter().all(|row| row["puzzle"] == puzzle), "{found:?}");
    assert_eq!(found[1]["split"], "test");
    let cards = puzzles("countdown", "Rank,Puzzles,AMT (s)\n1,1 1 4 6,4.4\n");
    assert_eq!((&cards[0]["puzzle"], &cards[0]["rank"]), (&json!({"numbers": [1, 1, 4, 6], "target": 24}), &json!(1)));
    assert_eq!(puzzles("countdown", "3 3 8 8\n4, 7, 8, 8\n").len(), 2);
}

#[test]
fn a_puzzle_gets_fractions_where_the_row_or_the_user_says_so() {
    let rows = "{\"nums\":[3,3,8,8],\"target\":24,\"fractions\":true}\n{\"nums\":[3,3,8,8],\"target\":24,\"fractions\":false}\n[3,3,8,8]\n";
    let fractions = |found: &[Value]| found.iter().map(|row| row["puzzle"]["fractions"] == true).collect::<Vec<_>>();
    assert_eq!(fractions(&puzzles("countdown", rows)), [true, false, false]);
    let set = feed(&["import", "countdown", "--set", "fractions=true"], rows.as_bytes());
    assert_eq!((set.code, fractions(&self::rows(&set))), (Some(0), vec![true, false, true]), "{}", set.err);
    let table = "cards,fractions\n3 3 8 8,True\n3 3 8 8,false\n3 3 8 8,maybe\n";
    let ran = import("countdown", table);
    assert_eq!(fractions(&self::rows(&ran)), [true, false]);
    assert!(ran.code == Some(1) && ran.err.contains(":4:1: found \"maybe\"; allowed: true or false"), "{}", ran.err);
    let ran = feed(&["import", "countdown", "--set", "fraction=true"], rows.as_bytes());
    assert!(ran.code == Some(2) && ran.err.contains(":1:1: unknown field `fraction`"), "{}", ran.err);
    let ran = expect(2, &["import", "countdown", "--set", "fractions"]);
    assert!(ran.err.contains("allowed: FIELD=VALUE"), "{}", ran.err);
    let ran = feed(&["import", "countdown"], b"{\"nums\":[3,3,8,8],\"target\":24,\"fractions\":\"yes\"}\n");
    assert!(ran.code == Some(2) && ran.err.contains(":1:1: fractions: invalid type"), "{}", ran.err);
}

#[test]
fn no_solution_says_what_it_means() {
    let verdict = |puzzle: Value, text: &str| {
        let request = json!({"env": "countdown", "puzzle": puzzle, "dialect": "stream-of-search", "text": text});
        let ran = feed(&["check"], request.to_string().as_bytes());
        serde_json::from_str::<Value>(ran.out.lines().next().unwrap()).unwrap()
    };
    let none = "Answer: No Solution\n";
    let plain = verdict(json!({"numbers": [3, 3, 8, 8], "target": 24}), none);
    assert_eq!((&plain["solved"], &plain["means"]), (&json!(true), &json!("no solution without fractions")), "{plain}");
    let with = verdict(json!({"numbers": [3, 3, 8, 8], "target": 24, "fractions": true}), none);
    assert_eq!((&with["solved"], with.get("means")), (&json!(false), None), "{with}");
    let never = verdict(json!({"numbers": [1, 1, 1, 1], "target": 24, "fractions": true}), none);
    assert_eq!((&never["solved"], never.get("means")), (&json!(true), None), "{never}");
    let whole = verdict(json!({"numbers": [1, 1, 1, 1], "target": 24, "operations": "+-*"}), none);
    assert_eq!((&whole["solved"], whole.get("means")), (&json!(true), None), "{whole}");
}

#[test]
fn formulas_tiles_and_mazes_are_read() {
    let cnf = "c This Formular is generated by mcnf\nc\np cnf 3 3\n 1 -2 0\n2 3\n 0 -1 -3 0\n%\n0\n\n";
    let found = puzzles("dimacs", cnf);
    assert_eq!(found[0]["puzzle"], json!({"variables": 3, "clauses": [[1, -2], [2, 3], [-1, -3]]}));
    let ran = import("dimacs", &cnf.replace("3 3", "3 4"));
    assert!(
        ran.code == Some(2) && ran.err.contains("standard input:3:1: found \"3 clauses\"; allowed: 4"),
        "{}",
        ran.err
    );
    let found = puzzles("tiles", "1 2 3 4 5 6 7 0 8\n17 14 13 15 7 11 12 9 5 6 0 2 1 4 8 10 3\n");
    assert_eq!(found[0]["puzzle"], json!({"rows": 3, "columns": 3, "tiles": [1, 2, 3, 4, 5, 6, 7, 0, 8]}));
    assert_eq!((&found[1]["title"], &found[1]["puzzle"]["rows"]), (&json!(17), &json!(4)));
    let goals = "1 2 3 4 5 6 7 0 8 | 1 2 3 8 0 4 7 6 5\n7: [[1,0],[2,3]] -> [[1,2],[3,0]]\n{\"start\": [0,1,2,3], \"goal\": [1,2,0,3]}\n0 1 2 3 4 5 6 7\n";
    let found = puzzles("tiles", goals);
    assert_eq!(found[0]["puzzle"]["goal"], json!([1, 2, 3, 8, 0, 4, 7, 6, 5]));
    // The goal is told only where it is not the usual one.
    assert_eq!(
        (&found[1]["puzzle"], &found[1]["title"]),
        (&json!({"rows": 2, "columns": 2, "tiles": [1, 0, 2, 3]}), &json!(7))
    );
    assert_eq!(found[2]["puzzle"]["goal"], json!([1, 2, 0, 3]));
    assert_eq!(found[3]["puzzle"], json!({"rows": 2, "columns": 4, "tiles": [0, 1, 2, 3, 4, 5, 6, 7]}));
    let ran = import("tiles", "1 2 3 0 | 1 2 3 3\n");
    assert!(ran.code == Some(2) && ran.err.contains("the same again for another goal"), "{}", ran.err);
    let found = puzzles("maze", "a small one\n#####\n#S..#\n##.##\n#..G#\n#####\n\nS.#\n..E\n");
    assert_eq!(
        found[0]["puzzle"],
        json!({"width": 3, "height": 3, "start": [0, 0], "goal": [2, 2], "walls": [[0, 1], [2, 1]]})
    );
    assert_eq!((&found[0]["title"], &found[1]["puzzle"]["goal"]), (&json!("a small one"), &json!([2, 1])));
}

#[test]
fn walls_between_rooms_are_cells_of_their_own() {
    let drawn = "+---+---+---+\n| S     |   |\n+   +---+   +\n|         G |\n+---+---+---+\n";
    let tokens = "<ADJLIST_START> (0,0) <--> (0,1) ; (1,0) <--> (0,0) ; (1,0) <--> (1,1) ; (1,1) <--> (1,2) ; (0,2) <--> (1,2) ; <ADJLIST_END> \
                  <ORIGIN_START> (0,0) <ORIGIN_END> <TARGET_START> (1,2) <TARGET_END> <PATH_START> (0,0) (1,0) (1,1) (1,2) <PATH_END>";
    let thick = "#######\n#S..#.#\n#.###.#\n#....G#\n#######\n";
    let found =
        puzzles("maze", &format!("three rooms\n{drawn}\n{tokens}\n{}\n{thick}", tokens.replace(['(', ')'], " ")));
    let puzzle =
        json!({"width": 5, "height": 3, "start": [0, 0], "goal": [4, 2], "walls": [[3, 0], [1, 1], [2, 1], [3, 1]]});
    assert_eq!(found.len(), 4);
    assert!(found.iter().all(|row| row["puzzle"] == puzzle), "{found:#?}");
    assert_eq!((&found[0]["title"], &found[1]["path"]), (&json!("three rooms"), &json!("(0,0) (1,0) (1,1) (1,2)")));
    for (text, says) in [
        (drawn.replace('S', " "), "found \"0 starts and 1 goals\""),
        (drawn.replace('G', "?"), ":4:11: found"),
        (drawn[..drawn.len() - 14].to_string(), "found \"rooms without lines of + and - around\""),
        (tokens.replace("(1,0) <-->", "(2,0) <-->"), "found \"(2,0) <--> (0,0) not side by side"),
        (tokens.replace("(0,2) <-->", "(0,9999999999) <-->"), "found \"2 by 10000000000 rooms (at most 100)"),
        (tokens.replace("<ORIGIN_END>", ""), "found \"no <ORIGIN_START> … <ORIGIN_END>"),
        (tokens.replace("<TARGET_START> (1,2)", "<TARGET_START> (1)"), "for a room"),
    ] {
        let ran = import("maze", &text);
        assert!(ran.code == Some(2) && ran.err.contains(says), "{says}: {}{}", ran.out, ran.err);
    }
}

#[test]
fn wrong_requests_end_with_a_sentence() {
    let ran = expect(2, &["import", "sudokus"]);
    assert!(
        ran.err.contains("found \"sudokus\"; allowed: countdown, ") && ran.err.contains("did you mean \"sudoku\"?"),
        "{}",
        ran.err
    );
    let ran = import("sudoku", "\n");
    assert!(
        ran.code == Some(2) && ran.err.contains("standard input: no puzzle in the format sudoku: lines of 16"),
        "{}",
        ran.err
    );
    let ran = feed(&["import", "sudoku"], b"\n\xff");
    assert!(ran.code == Some(2) && ran.err.contains("standard input:2: not UTF-8"), "{}", ran.err);
    assert!(expect(0, &["list", "formats"]).out.contains("  xsb "));
}

#[test]
fn graphs_of_four_kinds_are_read() {
    let star = puzzles("graph", "2,8|5,2|5,3/5,8=5,2,8\n");
    let edges = json!([[2, 8], [5, 2], [5, 3]]);
    assert_eq!(
        (&star[0]["puzzle"]["edges"], &star[0]["puzzle"]["start"], &star[0]["puzzle"]["goal"]),
        (&edges, &json!(5), &json!(8))
    );
    let prosqa = json!({
        "question": "Every shumpus is a rempus. Every rempus is a yimpus. Tom is a shumpus. Tom is a terpus. Is Tom a yimpus or zumpus?",
        "idx_to_symbol": ["Tom", "shumpus", "rempus", "yimpus", "terpus", "zumpus"],
        "edges": [[0, 1], [1, 2], [2, 3], [0, 4]], "root": 0, "target": 3, "neg_target": 5,
        "answer": "Tom is a yimpus."
    });
    let found = &puzzles("graph", &prosqa.to_string())[0]["puzzle"];
    assert_eq!((&found["start"], &found["candidates"]), (&json!("Tom"), &json!(["yimpus", "zumpus"])));
    assert_eq!(found["edges"].as_array().unwrap().len(), 4);
    let question = "In an undirected graph, the nodes are numbered from 0 to 4, and the edges are:\nan edge between node 0 and node 1 with weight 2,\nan edge between node 1 and node 3 with weight 4.\nQ: Give the shortest path from node 0 to node 3.\nA:";
    for text in [question.to_string(), json!({"question": question, "answer": "0,1,3"}).to_string()] {
        let found = &puzzles("graph", &text)[0]["puzzle"];
        assert_eq!(
            (&found["nodes"], &found["edges"], &found["goal"]),
            (&json!(5), &json!([[0, 1, 2], [1, 3, 4]]), &json!(3))
        );
    }
    let found = puzzles("graph", "start A\nA B 3\nB C 1\ngoal C\n\ndirected\nx y\nstart x\ngoal y\n");
    assert_eq!(
        (found.len(), &found[0]["puzzle"]["edges"], &found[1]["puzzle"]["directed"]),
        (2, &json!([["A", "B", 3], ["B", "C", 1]]), &json!(true))
    );
    let ran = import("graph", "1 2\n2 3\n");
    assert!(
        ran.code == Some(2) && ran.err.contains(":1:1: found \"2 edges without a start and a goal\""),
        "{}",
        ran.err
    );
}

#[test]
fn what_looks_like_a_puzzle_is_never_passed_over() {
    for (format, text, place) in [
        // A level, a maze and a board with one wrong character.
        ("xsb", "4#|#@x.#|4#\n", ":1:6: found"),
        ("sudoku", "no board\n", ":1:1: found"),
        ("maze", "#####\n#S?G#\n#####\n", ":2:3: found"),
        ("sudoku", "A.3...121433.2.4\n", ":1:1: found"),
        // Numbers are not changed into others.
        ("countdown", "target,nums\n98,\"[44, -19, 35]\"\n", ":2:1: found"),
        ("countdown", "1.5 4 4 4\n", ":1:1: found"),
        ("countdown", "99999999999999999999 4 4 4\n", ":1:1: found"),
        ("tiles", "1 2 3 4 5 6 7 -8 0\n", ":1:1: found"),
        (
            "graph",
            "In a directed graph, the edges are: (0,1,-2)\nQ: Give the shortest path from node 0 to node 1\n",
            ":1:1: found",
        ),
    ] {
        let ran = import(format, text);
        assert!(
            ran.out.is_empty() && ran.code == Some(2) && ran.err.contains(place),
            "{format} {text:?}: {}{}",
            ran.out,
            ran.err
        );
    }
    assert_eq!(puzzles("countdown", "[4, 4, 8, 8]\n").len(), 1);
    assert_eq!(puzzles("countdown", "[[4, 4, 8, 8],\n[3, 3, 8, 8]]\n").len(), 2);
}

#[test]
fn islands_are_read_from_nested_lists_and_tuples() {
    let list = json!({
        "quiz": "A very special island …", "names": ["Zoey", "Mary Ann"], "solution": [true, false], "index": 7,
        "knight_knave": {"knight": "hero", "knave": "villain"},
        "statements": [["or", ["lying", 1], ["not", ["telling-truth", 0]]], ["<=>", ["telling-truth", 1], ["telling-truth", 0]]],
    });
    let tuples = json!({
        "question": "…", "answer": "…",
        "metadata": {
            "names": ["Zoey", "Mary Ann"],
            "statements": "(('or', ('lying', 1), ('not', ('telling-truth', 0),),), ('<=>', ('telling-truth', 1), ('telling-truth', 0)))",
        },
    });
    let found = puzzles("knights-knaves", &format!("{list}\n\n{tuples}\n"));
    let wanted = json!({"people": ["Zoey", "Mary_Ann"], "statements": [
        [1, {"or": [[2, false], {"not": [1, true]}]}], [2, {"iff": [[2, true], [1, true]]}],
    ]});
    assert!(found.iter().all(|row| row["puzzle"] == wanted && row["id"] == found[0]["id"]), "{found:?}");
    assert_eq!((&found[0]["solution"], &found[0]["knight_knave"]["knave"]), (&json!([true, false]), &json!("villain")));
    assert_eq!((found[0].get("names"), &found[1]["answer"]), (None, &json!("…")));
    let both = puzzles("knights-knaves", &format!("[{list},\n{tuples}]"));
    assert_eq!(both.len(), 2);
    for (names, statements, says) in [
        (json!(["A", "B"]), json!([["lying", 1]]), ":2:1: found \"2 names and 1 statements\""),
        (json!(["A", "B"]), json!([["lying", 1], ["xor", ["lying", 1], ["lying", 0]]]), ":2:1: found \"[\\\"xor\\\""),
        (json!(["A", "B"]), json!([["lying", 1], ["lying", 2]]), ":2:1: statements: found one of 2: "),
        (json!(["A", "A"]), json!([["lying", 1], ["lying", 0]]), ":2:1: people: found \"A\"; allowed: each once"),
    ] {
        let ran = import("knights-knaves", &format!("{list}\n{}\n", json!({"names": names, "statements": statements})));
        assert!(ran.code == Some(1) && rows(&ran).len() == 1 && ran.err.contains(says), "{says}: {}", ran.err);
    }
}

#[test]
fn graphs_of_dimacs_are_coloured_and_crossed() {
    let text = "c a triangle with a tail\np edge 4 4\ne 1 2\ne 2 3\ne 3 1\ne 3 4\np col 2 1\ne 1 2\ne 2 1\n";
    let ran = feed(&["import", "dimacs-col", "--set", "colours=3"], text.as_bytes());
    let found = rows(&ran);
    assert_eq!((ran.code, found.len()), (Some(0), 2), "{}", ran.err);
    assert_eq!(
        found[0]["puzzle"],
        json!({"nodes": 4, "colours": 3, "edges": [[1, 2], [1, 3], [2, 3], [3, 4]]}),
        "{}",
        found[0]
    );
    assert_eq!(
        (&found[0]["title"], &found[1]["puzzle"]["edges"]),
        (&json!("a triangle with a tail"), &json!([[1, 2]]))
    );
    let ran = import("dimacs-col", text);
    assert!(ran.code == Some(2) && ran.err.contains(":2:1: missing field `colours`"), "{}", ran.err);
    let ran = feed(
        &["import", "dimacs-col", "--set", "colours=3"],
        b"p edge 3 2\ne 1 2\np edge 3 1\ne 1 x\ne 1 2\np edge 101 1\ne 1 2\n",
    );
    for says in
        [":1:1: found \"1 edges\"; allowed: 2", ":4:1: found \"e 1 x\"", ":6:1: nodes: found 101; allowed: 1 to 100"]
    {
        assert!(ran.code == Some(2) && ran.err.contains(says), "{says}: {}", ran.err);
    }
    let paths = "c small\np sp 3 3\na 1 2 4\na 2 3 1\na 1 3 9\nq 1 3\np sp 2 1\na 1 2 7\n";
    let ran = feed(&["import", "graph", "--set", "start=2", "--set", "goal=2"], paths.as_bytes());
    let found = rows(&ran);
    assert_eq!(found[0]["puzzle"]["edges"], json!([[1, 2, 4], [2, 3, 1], [1, 3, 9]]), "{}", ran.err);
    assert_eq!((&found[0]["puzzle"]["start"], &found[0]["puzzle"]["directed"]), (&json!(1), &json!(true)));
    assert_eq!((&found[1]["puzzle"]["start"], &found[1]["puzzle"]["goal"]), (&json!(2), &json!(2)));
    let ran = import("graph", "p sp 2 1\na 1 2\n");
    assert!(ran.code == Some(2) && ran.err.contains(":2:1: found \"a 1 2\""), "{}", ran.err);
    let ran = import("graph", "p sp 2 1\na 1 2 3\n");
    assert!(ran.code == Some(2) && ran.err.contains(":1:1: missing field `start`"), "{}", ran.err);
}

#[test]
fn a_puzzle_of_a_list_of_words_needs_the_list() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.txt");
    std::fs::write(&file, "at\nit\nin\nan\n").unwrap();
    let file = file.to_str().unwrap();
    let recipe = format!(
        "name = \"own\"\nseed = 1\ndialect = \"compact\"\nanswer = true\n[environment]\nname = \"word-ladder\"\nletters = 2\nmin_cost = 1\nwords = {file:?}\n[[searches]]\nkind = \"bfs\"\n[splits.train]\nrows = 4\n[[records]]\nkind = \"search\"\n"
    );
    let path = folder.path().join("own.toml");
    std::fs::write(&path, recipe).unwrap();
    let row = expect(0, &["sample", path.to_str().unwrap()]).out;
    let row: Value = serde_json::from_str(&row).unwrap();
    let puzzle: Value = serde_json::from_str(row["puzzle"].as_str().unwrap()).unwrap();
    let hash = puzzle["words"].as_str().unwrap();
    assert_eq!(hash.len(), 16);
    assert!(row["prompt"].as_str().unwrap().starts_with(&format!("words {hash} start ")), "{row}");
    let lone = feed(&["check"], row.to_string().as_bytes());
    assert!(
        lone.out.contains(&format!("words: the list {hash} is not loaded; give its file with --words")),
        "{}",
        lone.out
    );
    let with = feed(&["check", "--words", file], row.to_string().as_bytes());
    assert!(with.code == Some(0) && with.out.contains("\"valid\":true"), "{}{}", with.out, with.err);
    std::fs::write(file, "At\n").unwrap();
    let ran = expect(2, &["list", "formats", "--words", file]);
    assert!(ran.err.contains("mine.txt: line 1: found \"At\"; allowed: a word a line"), "{}", ran.err);
}
