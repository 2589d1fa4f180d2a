//! A prompt tells the whole puzzle: it reads back in every environment and dialect, and no text makes a reader of prompts panic.

use serde_json::json;
use sos_envs::Draw;

use stream_of_search::arena::{Family, Puzzle, environments};
use stream_of_search::dialect::{DialectEntry, PromptForm, dialects};

pub fn json(puzzle: &Puzzle) -> String {
    let mut out = Vec::new();
    puzzle.write_json(&mut out);
    String::from_utf8(out).unwrap()
}

pub fn some(family: &'static dyn Family, seed: u64, count: usize) -> Vec<Puzzle> {
    let mut draw = Draw::new(seed, family.about().name);
    let levels = family.levels();
    let draws = levels.iter().flat_map(|config| std::iter::repeat_n(config, count));
    draws.filter_map(|config| (0..1000).find_map(|_| family.generate(config, &mut draw).ok())).collect()
}

fn read_back(family: &'static dyn Family, puzzle: &Puzzle, dialect: &DialectEntry) {
    let mut prompt = dialect.prompt(puzzle);
    prompt.extend_from_slice(b" \r\n");
    let shown = String::from_utf8_lossy(&prompt).into_owned();
    let read = dialect.read_prompt(family, &prompt);
    let read = read.unwrap_or_else(|error| panic!("{} in {}: {error}\n{shown}", puzzle.about().name, dialect.name));
    match dialect.untold(family) {
        None => assert_eq!(json(&read), json(puzzle), "{} in {}\n{shown}", puzzle.about().name, dialect.name),
        Some(_) => assert_eq!(dialect.prompt(&read), dialect.prompt(puzzle)),
    }
}

#[test]
fn every_prompt_is_read_back() {
    struct Each;
    impl Each {
        fn visit(&mut self, family: &'static dyn Family) {
            for puzzle in some(family, 5, 6) {
                for dialect in dialects(family.about()) {
                    read_back(family, &puzzle, &dialect);
                }
            }
        }
    }
    environments().iter().for_each(|&family| Each.visit(family));
}

/// Puzzles that the levels never draw: rules and parts with defaults, odd names, and elements that no other part of the puzzle mentions.
pub const RARE: &[(&str, &str)] = &[
    ("countdown", r#"{"numbers":[3,5,7],"target":22,"operations":"+-","rule":"any"}"#),
    ("countdown", r#"{"numbers":[3,5,7],"target":22,"operations":"*"}"#),
    ("countdown", r#"{"numbers":[3],"target":12345,"rule":"any"}"#),
    ("graph", r#"{"directed":false,"nodes":9,"edges":[["A","B"]],"start":"A","goal":"C"}"#),
    ("graph", r#"{"directed":true,"nodes":3,"edges":[[0,1,1000],[1,2,7]],"start":0,"candidates":[2,1]}"#),
    ("graph", r#"{"directed":true,"nodes":["to","and","1200","A"],"edges":[["to","and",3]],"start":"to","goal":"A"}"#),
    ("graph", r#"{"directed":false,"nodes":1,"edges":[],"start":0,"goal":0}"#),
    ("graph", r#"{"directed":false,"nodes":2,"edges":[[0,1]],"start":0,"goal":1,"coordinates":[[3,4],[5,12345]]}"#),
    ("maze", r#"{"width":2,"height":1,"start":[0,0],"goal":[1,0],"walls":[]}"#),
    ("pocket-cube", r#"{"facelets":"URLFLFUUFURRBBDFLDLDDBRB","metric":"quarter-turn"}"#),
    ("water-jugs", r#"{"sizes":[3,5],"start":[0,5],"target":4}"#),
    ("river-crossing", r#"{"missionaries":3,"cannibals":2,"boat":3}"#),
    ("river-crossing", r#"{"items":["wolf","hay"],"pairs":[],"boat":1}"#),
    ("knights", r#"{"task":"path","width":3,"height":4,"blocked":[],"start":"a1","goal":"c3"}"#),
    ("sokoban", r#"{"width":4,"height":3,"walls":[],"worker":[0,0],"boxes":[[1,1]],"docks":[[3,1]]}"#),
    ("graph-colouring", r#"{"nodes":5,"colours":4,"edges":[]}"#),
    ("graph-colouring", r#"{"nodes":5,"colours":2,"edges":[[1,2]]}"#),
    ("k-sat", r#"{"variables":4,"clauses":[[1,-2]]}"#),
    ("k-sat", r#"{"variables":12,"clauses":[[-12],[11,-10,1]]}"#),
    ("exact-cover", r#"{"elements":9,"sets":[[1,2],[3]]}"#),
    (
        "zebra",
        r#"{"attributes":[["red","green","blue"],["tea","milk","water"]],"clues":[{"at":["red",1]},{"apart":["tea","green"]}]}"#,
    ),
    (
        "knights-knaves",
        r#"{"people":["Leo","Ann","Kim"],"statements":[[1,{"if":[[1,true],[1,false]]}],[1,{"is":[1,false]}]]}"#,
    ),
    ("knights-knaves", r#"{"people":["Leo","Ann"],"statements":[]}"#),
    ("sudoku", r#"{"cells":[[0,0,0,0],[0,0,0,0],[0,0,0,0],[0,0,0,0]]}"#),
    ("latin-square", r#"{"cells":[[0,0,0],[0,0,0],[0,0,0]]}"#),
    ("futoshiki", r#"{"cells":[[0,0,0],[0,0,0],[0,0,0]],"less":[]}"#),
    ("n-queens", r#"{"columns":[0,0,0,0,0]}"#),
    ("subset-sum", r#"{"numbers":[3],"target":0}"#),
    ("knapsack", r#"{"weights":[2000],"values":[0],"capacity":6,"least":9}"#),
    ("number-partition", r#"{"numbers":[3,1]}"#),
    ("survo", r#"{"cells":[[1,0],[0,0]],"rows":[4,6],"columns":[3,7]}"#),
    ("cryptarithm", r#"{"addends":["A","B","A"],"sum":"CD"}"#),
];

#[test]
fn what_is_rare_is_told() {
    struct Each;
    impl Each {
        fn visit(&mut self, family: &'static dyn Family) {
            for (_, puzzle) in RARE.iter().filter(|(name, _)| *name == family.about().name) {
                let json = serde_json::from_str(puzzle).unwrap();
                let puzzle = family.read_json(&json).unwrap_or_else(|error| panic!("{puzzle}: {error}"));
                for dialect in dialects(family.about()) {
                    read_back(family, &puzzle, &dialect);
                }
            }
        }
    }
    environments().iter().for_each(|&family| Each.visit(family));
}

/// Prompts with a few wrong bytes. The reader never panics, and a puzzle that is read is the one that the text tells.
#[test]
fn a_wrong_prompt_is_refused_or_is_another_puzzle() {
    struct Each(u64, u64);
    impl Each {
        fn visit(&mut self, family: &'static dyn Family) {
            let mut draw = Draw::new(9, family.about().name);
            for puzzle in some(family, 6, 1).iter().take(2) {
                for dialect in dialects(family.about()) {
                    let prompt = dialect.prompt(puzzle);
                    for _ in 0..60 {
                        let text = mutant(&prompt, &mut draw);
                        self.0 += 1;
                        let Ok(read) = dialect.read_prompt(family, &text) else { continue };
                        self.1 += 1;
                        let again = dialect.prompt(&read);
                        let same = |text: &[u8]| String::from_utf8_lossy(text).split_whitespace().collect::<String>();
                        let is_json = matches!(dialect.form, PromptForm::Json(_));
                        assert!(is_json || same(&again) == same(&text), "{}", String::from_utf8_lossy(&text));
                    }
                }
            }
        }
    }
    let mut each = Each(0, 0);
    environments().iter().for_each(|&family| each.visit(family));
    assert!(each.1 * 2 < each.0 && each.1 > 0, "{} of {} are read", each.1, each.0);
}

pub fn mutant(prompt: &[u8], draw: &mut Draw) -> Vec<u8> {
    let mut text = prompt.to_vec();
    for _ in 0..draw.between(1, 3) {
        let place = draw.index(text.len().max(1)).min(text.len());
        let end = place + draw.index(12).min(text.len() - place);
        match draw.index(5) {
            0 => text.truncate(place),
            1 => drop(text.drain(place..end)),
            2 => {
                let piece = text[place..end].to_vec();
                let at = draw.index(text.len() + 1);
                text.splice(at..at, piece);
            }
            3 => {
                let piece: &[u8] = draw
                    .choose(&[b"9".as_slice(), b" ", b"0", "ß".as_bytes(), b"[", b"99999999999999999999", b"\n"])
                    .unwrap();
                text.splice(place..place, piece.iter().copied());
            }
            _ if place < text.len() => text[place] = *draw.choose(b"0123456789 ,.:;=-ABx[](){}").unwrap(),
            _ => {}
        }
    }
    text
}

#[test]
fn an_error_says_where_and_what() {
    struct Maze;
    impl Maze {
        fn visit(&mut self, family: &'static dyn Family) {
            if family.about().name != "maze" {
                return;
            }
            let dialect = dialects(family.about()).into_iter().find(|dialect| dialect.name == "compact").unwrap();
            let error = dialect.read_prompt(family, b" size 3 3 wal 0 1 start 0 0 target 2 2").unwrap_err();
            assert_eq!((error.span.0, error.found.starts_with(" 0 1")), (13, true), "{error}");
            assert!(error.expected.starts_with("\"l 0 1"), "{error}");
            let error = dialect.read_prompt(family, b"size 0 3 start 0 0 target 2 2").unwrap_err();
            assert!(error.expected.contains("width: found 0"), "{error}");
            let error = dialect.read_prompt(family, b"hello \xff").unwrap_err();
            assert_eq!((error.span.0, error.expected.as_str()), (6, "UTF-8"));
        }
    }
    environments().iter().for_each(|&family| Maze.visit(family));
}

#[test]
fn a_request_needs_no_puzzle() {
    let ask = |request: serde_json::Value| stream_of_search::request::check(request.to_string().as_bytes());
    let prompt = "start 3 5 7 target 22";
    let completion = " 3 * 5 = 15 : 7 15 > #1 7 + 15 = 22 : 22 goal";
    let request = json!({"env": "countdown", "dialect": "compact", "prompt": prompt, "completion": completion});
    let checked = ask(request.clone()).unwrap();
    assert!(checked.valid && checked.answer["solved"] == true, "{}", checked.answer);
    assert!(checked.answer.get("assumed").is_none());
    let mut same = request.clone();
    same["puzzle"] = json!({"numbers": [3, 5, 7], "target": 22});
    assert!(ask(same.clone()).unwrap().valid);
    same["puzzle"] = json!({"numbers": [3, 5, 7], "target": 21});
    let error = ask(same).err().unwrap();
    assert_eq!(error.field, "prompt");
    assert!(error.message.contains("another puzzle"), "{error}");
    let mut wrong = request;
    wrong["prompt"] = "start 3 5 x target 22".into();
    assert_eq!(ask(wrong).err().unwrap().field, "prompt");
    let maze = json!({"env": "maze", "dialect": "searchformer", "prompt": "start 0 0 goal 1 1 wall 1 0", "completion": " plan 0 0 plan 0 1 plan 1 1"});
    let checked = ask(maze).unwrap();
    assert!(checked.answer["assumed"].as_str().unwrap().contains("size of the board"), "{}", checked.answer);
}

/// Some grammars of papers do not tell the size of a board. Ready recipes in such a grammar use one size.
#[test]
fn what_a_grammar_leaves_out_is_constant_in_ready_recipes() {
    let mut boards = 0;
    for path in crate::recipes::ready(std::path::Path::new("recipes")) {
        let text = std::fs::read_to_string(&path).unwrap();
        let recipe: toml::Table = text.parse().unwrap();
        let untold = ["searchformer", "beyond-semantics"].contains(&recipe["dialect"].as_str().unwrap());
        let stages = recipe.get("stages").and_then(toml::Value::as_array).map_or(0, Vec::len);
        for side in ["width", "height"].into_iter().filter(|_| untold) {
            let told = recipe["environment"].get(side);
            assert!(told.is_none_or(toml::Value::is_integer) && stages == 0, "{}: {side}", path.display());
            boards += 1;
        }
    }
    assert!(boards > 10, "{boards}");
}
