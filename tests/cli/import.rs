//! Puzzles in the formats that people have them in.

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
    let first = json!({
        "width": 4, "height": 5, "walls": [[2, 0], [3, 0], [2, 1], [3, 1], [2, 4], [3, 4]],
        "worker": [1, 2], "boxes": [[0, 2], [2, 3]], "docks": [[1, 0], [0, 2]]
    });
    assert_eq!((&found[0]["puzzle"], &found[0]["title"]), (&first, &json!(1)));
    assert_eq!(
        found[1]["puzzle"],
        json!({"width": 3, "height": 1, "walls": [], "worker": [0, 0], "boxes": [[1, 0]], "docks": [[2, 0]]})
    );
    assert_eq!((&found[1]["title"], &found[1]["id"]), (&json!("One push"), &found[2]["id"]));
    assert_eq!(found[3]["puzzle"]["docks"], json!([[1, 0], [3, 0]]));
    let ran = import("xsb", "#####\n#@$.\n#####\n\n#####\n#@$.#\n#####\n");
    assert!(
        ran.code == Some(1) && ran.err.contains("standard input:1:1: found \"a level without a wall all around\""),
        "{}",
        ran.err
    );
    // What an environment refuses is told in its words.
    let ran = import("xsb", &format!("{0}\n#@{1}#\n{0}\n", "#".repeat(23), "$.".repeat(10)));
    assert!(
        ran.code == Some(2) && ran.err.contains("standard input:1:1: boxes: found 5 of them; allowed: 1 to 4\n"),
        "{}",
        ran.err
    );
}

#[test]
fn boards_of_rush_hour_are_read_with_their_moves() {
    let line = "60 IBBxooIooLDDJAALooJoKEEMFFKooMGGHHHM 2332";
    let ran = import("rush-hour", line);
    assert!(ran.code == Some(2) && ran.err.contains("standard input:1:7: found \"a wall (x)"), "{}", ran.err);
    let found =
        puzzles("rush-hour", "# by Fogleman\n12 BBoKMxDDDKMoIAALooIoJLEEooJFFNoGGoxN 9".replace('x', "o").as_str());
    assert_eq!((&found[0]["moves"], &found[0]["rest"]), (&json!(12), &json!(9)));
    assert_eq!(found[0]["puzzle"]["cars"][0], json!({"x": 1, "y": 2, "length": 2, "across": true}));
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
    let found = puzzles("maze", "a small one\n#####\n#S..#\n##.##\n#..G#\n#####\n\nS.#\n..E\n");
    assert_eq!(
        found[0]["puzzle"],
        json!({"width": 3, "height": 3, "start": [0, 0], "goal": [2, 2], "walls": [[0, 1], [2, 1]]})
    );
    assert_eq!((&found[0]["title"], &found[1]["puzzle"]["goal"]), (&json!("a small one"), &json!([2, 1])));
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
