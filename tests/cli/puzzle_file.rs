//! Recipes whose puzzles come from a file.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::{Value, json};

use super::{Place, Ran, assert_same, expect, feed};

/// Boards of 4 by 4: one solution, with other cells open in each.
fn boards(count: usize) -> Vec<String> {
    let open = |board: usize, cell: usize| ((board * 2_654_435_761) >> (cell + 3)) & 1 == 1;
    let cell = |board, (place, digit)| if open(board, place) { '.' } else { digit };
    (1..=count).map(|board| "1234341221434321".chars().enumerate().map(|at| cell(board, at)).collect()).collect()
}

/// Rows as `sos import` writes them, with more fields.
fn imported(boards: &[String], more: impl Fn(usize) -> Value) -> Vec<Value> {
    let ran = feed(&["import", "sudoku"], boards.join("\n").as_bytes());
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let rows = ran.out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()).enumerate();
    let with = |(place, mut row): (usize, Value)| {
        row.as_object_mut().unwrap().extend(more(place).as_object().unwrap().clone());
        row
    };
    rows.map(with).collect()
}

fn recipe(environment: &str, splits: &str) -> String {
    format!(
        "name = \"own\"\nseed = 5\ndialect = \"compact\"\nanswer = true\n\n[environment]\n{environment}\n\n[[searches]]\nkind = \"dfs\"\n\n\
         {splits}\n\n[[records]]\nkind = \"search\"\n\n[[records]]\nkind = \"corrupted\"\n\
         [records.corruption]\nkinds = [{{ kind = \"illegal-move\" }}]\n\n[[records]]\nkind = \"swapped\"\n"
    )
}

const SUDOKU: &str = "name = \"sudoku\"\npuzzles = \"own.jsonl\"";
const ALL: &str = "[splits.train]\nrows = \"all\"";

/// A folder with a recipe and its file.
fn place(recipe: &str, rows: &[Value]) -> Place {
    let place = Place::new(recipe);
    write(&place, rows);
    place
}

fn write(place: &Place, rows: &[Value]) {
    let lines: String = rows.iter().map(|row| format!("{row}\n")).collect();
    fs::write(place.path("own.jsonl"), lines).unwrap();
}

/// The rows of a split of the config `search`, in order.
fn rows(place: &Place, out: &str, split: &str) -> Vec<Value> {
    let mut files: Vec<_> =
        fs::read_dir(place.path(&format!("{out}/search"))).unwrap().map(|file| file.unwrap()).collect();
    files.sort_by_key(|file| file.file_name());
    let own = files.iter().filter(|file| file.file_name().to_str().unwrap().starts_with(&format!("{split}-")));
    let text: String = own.map(|file| fs::read_to_string(file.path()).unwrap()).collect();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn parsed(row: &Value, column: &str) -> Value {
    serde_json::from_str(row[column].as_str().unwrap()).unwrap()
}

/// The lines of the file that the rows of a split come from.
fn lines(place: &Place, out: &str, split: &str) -> Vec<u64> {
    rows(place, out, split).iter().map(|row| parsed(row, "source")["line"].as_u64().unwrap()).collect()
}

fn manifest(place: &Place, out: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(place.path(&format!("{out}/manifest.json"))).unwrap()).unwrap()
}

fn refused(place: &Place, more: &[&str], parts: &[&str]) -> Ran {
    let ran = place.generate("none", more);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    for part in parts {
        assert!(ran.err.contains(part), "{part}: {}", ran.err);
    }
    assert!(!place.path("none").exists(), "nothing is written");
    ran
}

#[test]
fn rows_are_the_puzzles_of_the_file() {
    let file = imported(&boards(60), |place| json!({"title": format!("board {place}"), "line": "own"}));
    let place = place(&recipe(SUDOKU, ALL), &file);
    let ran = place.generated("out", &["--format", "jsonl"]);
    assert!(ran.err.contains("own.jsonl: 60 entries, 60 in split train"), "{}", ran.err);
    let made = rows(&place, "out", "train");
    assert_eq!(made.len(), file.len());
    for (number, (row, own)) in (1..).zip(made.iter().zip(&file)) {
        assert_eq!((&row["id"], parsed(row, "puzzle")), (&own["id"], own["puzzle"].clone()));
        let source = json!({"line": number, "id": own["id"], "title": own["title"], "source_line": "own"});
        assert_eq!(parsed(row, "source"), source);
        assert_eq!((&row["solvable"], &row["solved"]), (&json!(true), &json!(true)));
    }
    // Any row alone is the row of the whole.
    let alone = expect(0, &["sample", &place.name("recipe.toml"), "--index", "41"]).out;
    assert_eq!(serde_json::from_str::<Value>(&alone).unwrap(), made[41]);
    let checked = expect(0, &["check", &place.name("out")]).out;
    assert!(checked.contains("ok: "), "{checked}");
    assert!(expect(0, &["audit", &place.name("out")]).out.contains("ok: "));
    // A row of a dataset is a row of a file: its puzzle is a text.
    write(&place, &made);
    place.generated("again", &["--format", "jsonl"]);
    let puzzles = |rows: &[Value]| rows.iter().map(|row| parsed(row, "puzzle")).collect::<Vec<_>>();
    assert_eq!(puzzles(&rows(&place, "again", "train")), puzzles(&made));
}

#[test]
fn the_seed_shuffles_where_the_recipe_asks() {
    let shuffled = recipe(&format!("{SUDOKU}\norder = \"shuffled\""), ALL);
    let place = place(&shuffled, &imported(&boards(60), |_| json!({})));
    let mut orders = BTreeSet::new();
    for seed in ["1", "2"] {
        place.generated(seed, &["--format", "jsonl", "--seed", seed]);
        let mut order = lines(&place, seed, "train");
        assert!(orders.insert(order.clone()));
        order.sort_unstable();
        assert_eq!(order, (1..=60).collect::<Vec<u64>>());
    }
    assert!(!orders.contains(&(1..=60).collect::<Vec<u64>>()));
}

#[test]
fn splits_have_their_shares_and_no_puzzle_in_common() {
    let splits = "[splits.train]\nrows = 40\nshare = 80\n[splits.validation]\nrows = \"all\"\nshare = 5\n[splits.test]\nrows = \"all\"\nshare = 15";
    let file = imported(&boards(400), |_| json!({}));
    let distinct = file.iter().map(|row| row["id"].to_string()).collect::<BTreeSet<_>>().len();
    assert!(distinct > 390);
    let place = place(&recipe(SUDOKU, splits), &file);
    place.generated("one", &["--format", "jsonl", "--threads", "1", "--count", "train=all"]);
    let all: Vec<Vec<u64>> = ["train", "validation", "test"].map(|split| lines(&place, "one", split)).to_vec();
    for (own, share) in all.iter().zip([80, 5, 15]) {
        // Renamings stay together, so a border may move by a few.
        assert!((own.len() as i64 - 4 * share).abs() <= 4, "{} of {share} %", own.len());
        assert!(own.is_sorted());
    }
    let together: BTreeSet<u64> = all.iter().flatten().copied().collect();
    assert_eq!(together.len(), all.iter().map(Vec::len).sum::<usize>());
    assert_eq!(together.len(), distinct);
    let twins =
        |split: &str| rows(&place, "one", split).iter().map(|row| row["twin"].to_string()).collect::<BTreeSet<_>>();
    assert!(twins("train").is_disjoint(&twins("test")));
    assert!(expect(0, &["audit", &place.name("one")]).out.contains("ok: "));
    assert!(expect(0, &["audit", &place.name("recipe.toml")]).out.contains("| own | test "));
    // Fewer rows are the first of them, whatever the threads and shards.
    place.generated("few", &["--format", "jsonl", "--threads", "2"]);
    assert_eq!(lines(&place, "few", "train"), all[0][..40]);
    for shard in ["1", "0"] {
        place
            .generated("shards", &["--format", "jsonl", "--threads", "1", "--shard-index", shard, "--num-shards", "2"]);
    }
    assert_same(&place.path("few"), &place.path("shards"));
}

#[test]
fn a_field_says_the_split() {
    let names = ["train", "test", "dev"];
    let mut file = imported(&boards(60), |place| json!({"part": names[place % 3]}));
    // The puzzle of line 1 once more, with other digits and in another split.
    file.push(
        imported(&[boards(1)[0].replace('1', "x").replace('2', "1").replace('x', "2")], |_| json!({"part": "test"}))
            .remove(0),
    );
    let splits = "[splits.train]\nrows = \"all\"\n[splits.test]\nrows = \"all\"";
    let environment = format!("{SUDOKU}\nsplit_field = \"part\"");
    let place = place(&recipe(&environment, splits).replace("seed = 5", "seed = 5\nsplit_by = \"id\""), &file);
    place.generated("out", &["--format", "jsonl"]);
    for (split, place_in_three) in [("train", 0), ("test", 1)] {
        let expected: Vec<u64> = (1..=60).filter(|line| (line - 1) % 3 == place_in_three).collect();
        assert_eq!(lines(&place, "out", split), expected, "{split}");
    }
    let counts = manifest(&place, "out")["job"]["puzzles"].clone();
    assert_eq!(counts["left out, since they name no split of the recipe"], 20);
    assert_eq!((&counts["repeats of an earlier puzzle"], &counts["entries"]), (&json!(1), &json!(61)));
    // Without `split_by` no two splits have the same puzzle up to symmetry.
    fs::write(place.path("recipe.toml"), recipe(&environment, splits)).unwrap();
    place.generated("twins", &["--format", "jsonl"]);
    assert!(expect(0, &["audit", &place.name("twins")]).out.contains("ok: "));
    let mut without = file.clone();
    without[7].as_object_mut().unwrap().remove("part");
    write(&place, &without);
    refused(&place, &[], &["own.jsonl:8:", "found no field \"part\" (split_field)"]);
}

#[test]
fn the_hash_of_the_file_is_part_of_the_job() {
    let file = imported(&boards(60), |_| json!({}));
    let place = place(&recipe(SUDOKU, "[splits.train]\nrows = 30"), &file);
    place.generated("out", &[]);
    let hash = blake3::hash(&fs::read(place.path("own.jsonl")).unwrap()).to_string();
    assert_eq!(manifest(&place, "out")["job"]["versions"]["puzzles own.jsonl"], json!(hash));
    let again = place.generated("out", &[]);
    assert!(again.err.contains("0 rows in 0 new files, 3 files were there already"), "{}", again.err);
    // One puzzle more, behind all rows that are made.
    write(&place, &imported(&boards(61), |_| json!({})));
    let ran = place.generate("out", &[]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("the version of puzzles own.jsonl is") && ran.err.contains(&hash), "{}", ran.err);
}

#[test]
fn puzzles_without_a_solution_go_where_the_recipe_says() {
    let mut boards = boards(20);
    boards.insert(3, "11..............".into());
    boards.push("1234....2...2...".into());
    let file = imported(&boards, |_| json!({}));
    let splits = "[splits.train]\nrows = \"all\"\n[splits.hard]\nrows = \"all\"";
    let recipe = |more: &str, splits: &str| recipe(&format!("{SUDOKU}\n{more}"), splits);
    let place = place(&recipe("", ALL), &file);
    let solvable = |out: &str, split: &str| {
        let rows = rows(&place, out, split);
        let solvable = rows.iter().filter(|row| row["solvable"] == true).count();
        assert!(expect(0, &["audit", &place.name(out)]).out.contains("ok: "));
        assert!(expect(0, &["check", &place.name(out)]).out.contains("ok: "));
        (solvable, rows.len() - solvable)
    };
    place.generated("keep", &["--format", "jsonl"]);
    assert_eq!(solvable("keep", "train"), (20, 2));
    assert_eq!(manifest(&place, "keep")["tally"]["puzzles without a solution"], 2);
    fs::write(place.path("recipe.toml"), recipe("unsolvable = \"skip\"", ALL)).unwrap();
    place.generated("skip", &["--format", "jsonl"]);
    assert_eq!(solvable("skip", "train"), (20, 0));
    let counts = manifest(&place, "skip")["job"]["puzzles"].clone();
    assert_eq!(
        counts,
        json!({"entries": 22, "in split train": 20, "left out by `unsolvable` or `unproven`": 2, "without a solution": 2})
    );
    fs::write(place.path("recipe.toml"), recipe("unsolvable = \"hard\"", splits)).unwrap();
    place.generated("split", &["--format", "jsonl"]);
    assert_eq!((solvable("split", "train"), solvable("split", "hard")), ((20, 0), (0, 2)));
    assert_eq!(lines(&place, "split", "hard"), [4, 22]);
    // An audit finds a puzzle where it must not be.
    let path = place.path("split/manifest.json");
    let text = fs::read_to_string(&path).unwrap().replace("unsolvable = \\\"hard\\\"", "unsolvable = \\\"train\\\"");
    fs::write(&path, text).unwrap();
    assert!(expect(1, &["audit", &place.name("split")]).out.contains("what `unsolvable` and `unproven` send to train"));
    fs::write(place.path("recipe.toml"), recipe("unsolvable = \"hrd\"", splits)).unwrap();
    refused(
        &place,
        &[],
        &["environment.unsolvable: found \"hrd\"; allowed: keep, skip, hard, train; did you mean \"hard\"?"],
    );
}

const LEVELS: &str = "; one\n#####\n#@$.#\n#####\nAuthor: Ann\n\n; two\n######\n#@ $.#\n######\n\n; one again\n#####\n#.$@#\n#####\n\n; bare\n#####\n#@*.#\n#####\n";

#[test]
fn a_file_in_a_format_gives_the_rows_of_its_import() {
    let levels = LEVELS.replace("\n; bare\n#####\n#@*.#\n#####\n", "");
    let environment = "name = \"sokoban\"\npuzzles = \"levels.txt\"\nformat = \"xsb\"";
    let place = Place::new(
        &recipe(environment, "[splits.train]\nrows = \"all\"")
            .replace("answer = true", "answer = true\nsplit_by = \"id\""),
    );
    fs::write(place.path("levels.txt"), &levels).unwrap();
    place.generated("xsb", &["--format", "jsonl"]);
    let direct = rows(&place, "xsb", "train");
    let sources: Vec<Value> = direct.iter().map(|row| parsed(row, "source")).collect();
    assert_eq!(sources[0], json!({"line": 2, "title": "one", "author": "Ann"}));
    let import = feed(&["import", "xsb"], levels.as_bytes());
    let file: Vec<Value> = import.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(file.len(), 3);
    write(&place, &file);
    let text = recipe("name = \"sokoban\"\npuzzles = \"own.jsonl\"", ALL);
    fs::write(place.path("recipe.toml"), text).unwrap();
    place.generated("jsonl", &["--format", "jsonl"]);
    let without = |rows: Vec<Value>| -> Vec<Value> {
        let strip = |mut row: Value| {
            row.as_object_mut().unwrap().remove("source");
            row
        };
        rows.into_iter().map(strip).collect()
    };
    assert_eq!(without(direct), without(rows(&place, "jsonl", "train")));
}

/// Levels of both sizes in one file, one of them twice, with records that are made of two rows.
#[test]
fn small_and_large_levels_are_rows_of_one_dataset() {
    let wide = format!("; wide\n{0}\n#@ $.{1}#\n{0}\n\n", "#".repeat(30), " ".repeat(24));
    let crowded = "; crowded\n#########\n#@$ $ $ #\n#.. . . #\n# $ $ . #\n#########\n\n";
    let records = format!("{ALL}\n[[records]]\nkind = \"optimal\"\n[[records]]\nkind = \"critique\"");
    for dialect in ["compact", "events"] {
        let text = recipe("name = \"sokoban\"\npuzzles = \"levels.txt\"\nformat = \"xsb\"", &records);
        let place = Place::new(&text.replace("\"compact\"", &format!("{dialect:?}")));
        fs::write(place.path("levels.txt"), format!("{wide}{LEVELS}\n{crowded}{wide}")).unwrap();
        place.generated("both", &["--format", "jsonl"]);
        assert_eq!(rows(&place, "both", "train").len(), 6);
        expect(0, &["audit", &place.name("both")]);
        expect(0, &["check", &place.name("both")]);
    }
}

#[test]
fn bad_lines_are_named_with_line_and_column_and_nothing_is_written() {
    let good = imported(&boards(3), |_| json!({}));
    let good: Vec<String> = good.iter().map(Value::to_string).collect();
    let place = Place::new(&recipe(SUDOKU, ALL));
    let cases = [
        ("{\"id\":1,\"puzzle\"", "own.jsonl:3:16: found no JSON object (EOF while parsing an object)"),
        ("[1]", "own.jsonl:3:1: found no JSON object"),
        ("{\"id\":1}", "own.jsonl:3:1: found no field \"puzzle\"; allowed: a line such as {"),
        ("{\"é\":1,\"env\":\"maze\",\"puzzle\":{}}", "own.jsonl:3:8: env: found \"maze\"; allowed: \"sudoku\""),
        ("{\"id\":1,\"puzzle\":{\"cells\":[[1,2],[2,9]]}}", "own.jsonl:3:9: "),
        ("{\"id\":1,\"puzzle\":\"{\"}", "own.jsonl:3:9: puzzle: found a text that is no JSON"),
    ];
    for (line, says) in cases {
        fs::write(place.path("own.jsonl"), format!("\u{feff}{}\r\n\r\n{line}\n{}\n", good[0], good[1])).unwrap();
        refused(&place, &[], &["recipe.toml:8: environment.puzzles: ", says]);
    }
    fs::write(place.path("own.jsonl"), "x\n".repeat(9)).unwrap();
    refused(&place, &[], &["own.jsonl:1:1: ", "set `format`", "8 more entries are wrong, in line 2, 3, 4, 5, 6, …"]);
    fs::write(place.path("own.jsonl"), "\n").unwrap();
    refused(&place, &[], &["found no puzzle in own.jsonl"]);
    fs::write(place.path("own.jsonl"), b"\n\xff\n").unwrap();
    refused(&place, &[], &["own.jsonl:2: bytes that are not UTF-8"]);
    fs::remove_file(place.path("own.jsonl")).unwrap();
    refused(&place, &[], &["environment.puzzles: found \"own.jsonl\" (", "starts at the folder of the recipe"]);
    let place = Place::new(&recipe("name = \"sokoban\"\npuzzles = \"levels.txt\"\nformat = \"xsb\"", ALL));
    fs::write(place.path("levels.txt"), LEVELS.replace("#@ $.#", "#  $.#")).unwrap();
    refused(&place, &[], &["levels.txt:8:1: found \"0 workers\"; allowed: levels of"]);
}

#[test]
fn a_file_with_fewer_puzzles_says_how_many_there_are_and_what_to_do() {
    let splits = "[splits.train]\nrows = 50\nshare = 80\n[splits.test]\nrows = 4\nshare = 20";
    let place = place(
        &recipe(SUDOKU, splits).replace("answer", "split_by = \"id\"\nanswer"),
        &imported(&boards(60), |_| json!({})),
    );
    let says = "splits.train.rows: found 50; own.jsonl has 48 puzzles for this split (60 entries, 12 in split test, 48 in split train); \
                ask for at most 48, or for all of them: rows = \"all\" (--count train=all)";
    refused(&place, &[], &[says]);
    place.generated("all", &["--count", "train=all"]);
    assert_eq!(manifest(&place, "all")["rows"]["search"], json!({"train": 48, "test": 4}));
    let far = expect(2, &["sample", &place.name("recipe.toml"), "--index", "48"]).err;
    assert!(
        far.contains("--index: found 48; allowed: below 48, since own.jsonl has so many puzzles for split train"),
        "{far}"
    );
    expect(0, &["sample", &place.name("recipe.toml"), "--index", "47"]);
    expect(0, &["bench", &place.name("recipe.toml"), "--seconds", "0.01"]);
}

#[test]
fn settings_that_a_file_has_no_use_for_are_refused() {
    let cases: BTreeMap<&str, (String, &str)> = BTreeMap::from([
        (
            "level",
            (
                recipe(&format!("{SUDOKU}\nlevel = \"easy\""), ALL),
                "environment.level: found a setting of the generator; allowed: beside `puzzles` only format, order,",
            ),
        ),
        (
            "order",
            (
                recipe(&format!("{SUDOKU}\norder = \"fiel\""), ALL),
                "unknown variant `fiel`, expected `file` or `shuffled`; did you mean `file`?",
            ),
        ),
        (
            "format",
            (
                recipe(&format!("{SUDOKU}\nformat = \"xsb\""), ALL),
                "environment.format: found \"xsb\"; allowed: sudoku; or leave it out",
            ),
        ),
        (
            "share",
            (
                recipe(SUDOKU, &format!("{ALL}\n[splits.test]\nrows = \"all\"\nshare = 10")),
                "splits.train.share: found none beside rows = \"all\"",
            ),
        ),
        (
            "stages",
            (recipe(SUDOKU, &format!("{ALL}\nstages = [{{ rows = 5 }}]")), "splits.train.stages: found a curriculum"),
        ),
        ("drawn", (recipe("name = \"sudoku\"", ALL), "splits.train.rows: found \"all\"; allowed: a number of rows")),
        ("word", (recipe(SUDOKU, "[splits.train]\nrows = \"al\""), "expected a whole number from 0 on, or \"all\"")),
    ]);
    for (name, (text, says)) in cases {
        let place = place(&text, &imported(&boards(5), |_| json!({})));
        let ran = refused(&place, &[], &[says]);
        assert!(ran.err.contains("recipe.toml"), "{name}: {}", ran.err);
    }
}

#[test]
fn bands_and_held_out_values_choose_among_the_puzzles_of_a_file() {
    let splits = "[splits.train]\nrows = \"all\"\nshare = 1\ncost = { max = 7 }\n[splits.test]\nrows = \"all\"\nshare = 1\nheld_out = true\n\
                  [hold_out]\nkey = \"target\"\nvalues = [10]";
    let place = Place::new(
        &recipe("name = \"countdown\"\npuzzles = \"own.jsonl\"", splits).replace("illegal-move", "arithmetic-slip"),
    );
    let file: Vec<Value> =
        (0..40).map(|n| json!({"puzzle": {"numbers": [n + 3, 7, 2], "target": 10 + n % 2}})).collect();
    write(&place, &file);
    place.generated("out", &["--format", "jsonl"]);
    let targets = |split: &str| {
        rows(&place, "out", split)
            .iter()
            .map(|row| parsed(row, "puzzle")["target"].as_u64().unwrap())
            .collect::<BTreeSet<_>>()
    };
    assert_eq!((targets("train"), targets("test")), ([11].into(), [10].into()));
    assert_eq!(rows(&place, "out", "test").len(), 20);
    assert!(rows(&place, "out", "train").iter().all(|row| row["optimal_cost"].as_u64().is_some_and(|cost| cost <= 7)));
    assert!(expect(0, &["audit", &place.name("out")]).out.contains("ok: "));
}

/// A level for which the proof gives up: no row and no verdict says that it has a solution.
#[test]
fn what_is_not_proven_is_not_said() {
    let line = |kind: &str| format!("#   {}   #\n", kind.repeat(14));
    let level = [line(" "), line("$"), line(" "), line(".")].concat().repeat(2);
    let wall = "#".repeat(22);
    let ran = feed(&["import", "xsb"], format!("{wall}\n{level}#@{}#\n{wall}\n", " ".repeat(19)).as_bytes());
    let puzzle: Value = serde_json::from_str(&ran.out).unwrap();
    let text = "name = \"sokoban\"\npuzzles = \"own.jsonl\"";
    let recipe =
        recipe(text, ALL).replace("kind = \"dfs\"", "kind = \"greedy\"\nheuristic = \"manhattan\"\nmax_nodes = 200");
    let place = place(&recipe, std::slice::from_ref(&puzzle));
    place.generated("out", &["--format", "jsonl", "--configs", "search"]);
    let row = &rows(&place, "out", "train")[0];
    assert_eq!((&row["solvable"], &row["optimal_cost"], &row["solved"]), (&Value::Null, &Value::Null, &json!(false)));
    assert!(expect(0, &["check", &place.name("out")]).out.contains("ok: "));
    assert!(expect(0, &["audit", &place.name("out")]).out.contains("ok: "));
    let request = json!({"env": "sokoban", "puzzle": puzzle["puzzle"], "read": "answer", "text": "no solution"});
    let verdict: Value = serde_json::from_str(&feed(&["check"], format!("{request}\n").as_bytes()).out).unwrap();
    assert_eq!((&verdict["reward"], &verdict["solved"]), (&json!(0.0), &json!(false)));
    assert_eq!(verdict["first_error"]["expected"], json!("a solution: whether there is one is not known"));
}
