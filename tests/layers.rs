//! Dependencies between the folders of `src/`: they point one way. Cargo keeps `sos-envs` and `sos-papers` below all of them.

use std::fs;
use std::path::{Path, PathBuf};

/// What each folder (or file) of `src/` may use of this crate, besides itself, `names` and `lines`. The list is in order: an entry may only use
/// entries before it.
const MAY_USE: &[(&str, &[&str])] = &[
    ("names", &[]),
    ("lines", &[]),
    ("trace", &[]),
    // Knows texts and labels, but no puzzles.
    ("cue", &[]),
    // Knows results about texts, but no text.
    ("select", &[]),
    // Finds the final answer in a text; knows no puzzle.
    ("answer", &[]),
    ("table", &[]),
    ("sink", &["table"]),
    ("generate", &["table", "sink"]),
    // Generic over the environment. The only layer that works on the states and moves themselves.
    ("search", &["trace"]),
    // States and moves by id. Runs searches on a puzzle of any environment.
    ("arena", &["trace", "search"]),
    ("dialect", &["trace", "arena"]),
    // Texts of other people's puzzles. Knows no trace.
    ("import", &["arena"]),
    ("check/replay", &["trace", "arena", "dialect"]),
    // The level `policy` asks a search's own rules which step comes next. The replay does not know them.
    ("check", &["trace", "answer", "search", "arena", "dialect", "check/replay"]),
    ("corrupt", &["trace", "search", "arena", "dialect", "check"]),
    // For tests of other crates. No layer above uses it.
    ("strategies", &["trace", "search", "arena", "dialect", "check", "corrupt"]),
    ("recipe", &["cue", "search", "corrupt"]),
    ("record", &["trace", "table", "search", "arena", "dialect", "import", "check", "corrupt", "recipe"]),
    (
        "request",
        &[
            "trace", "cue", "select", "answer", "table", "sink", "generate", "search", "arena", "dialect", "check",
            "corrupt", "recipe", "record",
        ],
    ),
    // Rows of files as JSON objects. A row says which puzzle it is of; what else it means, others know.
    ("rows", &["sink", "generate", "request"]),
    ("rollouts", &["select", "answer", "request", "rows"]),
    // Rows as a page shows them. It knows no browser.
    (
        "view",
        &[
            "trace", "table", "sink", "generate", "arena", "dialect", "check", "recipe", "record", "request", "rows",
            "rollouts",
        ],
    ),
    (
        "cli",
        &[
            "trace", "cue", "select", "answer", "table", "sink", "generate", "search", "arena", "dialect", "import",
            "check", "corrupt", "recipe", "record", "request", "rows", "rollouts", "view",
        ],
    ),
    ("lib", &[]),
    ("main", &["cli"]),
];

/// Crates that only some folders may use.
const CRATES: &[(&str, &[&str])] = &[
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("httparse", &["cli"]),
    ("indicatif", &["cli"]),
    ("signal_hook", &["cli"]),
    ("tokenizers", &["dialect"]),
    ("toml", &["recipe", "record"]),
    ("parquet", &["sink"]),
    ("proptest", &["strategies"]),
    ("sos_papers", &["request", "cli"]),
];

/// The table's entry for a file of `src/`: the longest that fits, for example `check/policy`, or else `check`.
fn layer(path: &str) -> Option<&'static str> {
    let path = path.trim_end_matches(".rs").trim_end_matches("/mod");
    let fits = |name: &str| path == name || path.starts_with(&format!("{name}/"));
    MAY_USE.iter().map(|(name, _)| *name).filter(|name| fits(name)).max_by_key(|name| name.len())
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files(&path, found),
            false if path.extension().is_some_and(|end| end == "rs") => found.push(path),
            false => {}
        }
    }
}

/// The paths behind `crate::` in a line, including those of `use crate::{a, b::c};`.
fn used(line: &str) -> Vec<String> {
    let line = line.split("//").next().unwrap_or("");
    let mut found = Vec::new();
    for (at, _) in line.match_indices("crate::") {
        if line[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &line[at + "crate::".len()..];
        let path = |text: &str| {
            let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == ':')).unwrap_or(text.len());
            text[..end].trim_end_matches(':').replace("::", "/")
        };
        match rest.strip_prefix('{') {
            Some(list) => found.extend(list.trim_end_matches(['}', ';']).split(',').map(|item| path(item.trim()))),
            None => found.push(path(rest)),
        }
    }
    found
}

/// The layer that a path belongs to. For example, `record/rows/Rows` is `record/rows`.
fn used_layer(path: &str) -> &'static str {
    layer(path).unwrap_or("lib")
}

fn problems(file: &str, text: &str) -> Vec<String> {
    let Some(own) = layer(file) else {
        return vec![format!(
            "src/{file}: this folder is not in the table of tests/layers.rs; say there what it may use"
        )];
    };
    let folder = own.split('/').next().unwrap_or(own);
    let allowed = MAY_USE.iter().find(|(name, _)| *name == own).map_or(&[][..], |(_, allowed)| allowed);
    let mut problems = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        for path in used(line) {
            let used = used_layer(&path);
            let inside = used.split('/').next() == Some(folder) && (used == own || used == folder);
            if !(inside || ["names", "lines"].contains(&used) || allowed.contains(&used)) {
                problems.push(format!(
                    "src/{file}, line {number}: {own} uses crate::{}, which lies in {used}; {own} may use: {}",
                    path.replace('/', "::"),
                    if allowed.is_empty() { "nothing but names and lines".into() } else { allowed.join(", ") }
                ));
            }
        }
        for (name, folders) in CRATES {
            let code = line.split("//").next().unwrap_or("");
            let uses = code.trim_start().starts_with(&format!("use {name}::")) || code.contains(&format!("::{name}::"));
            // `crate::sink::parquet` and the like are our own modules.
            if uses && !folders.contains(&folder) && !code.contains(&format!("crate::{name}")) {
                problems.push(format!(
                    "src/{file}, line {number}: {folder} uses the crate {name}, which only {} may use",
                    folders.join(", ")
                ));
            }
        }
    }
    problems
}

/// Each entry only uses entries before it, so no two folders use each other.
#[test]
fn the_table_has_no_circles() {
    for (place, (name, allowed)) in MAY_USE.iter().enumerate() {
        let below = |other: &str| MAY_USE[..place].iter().any(|(known, _)| *known == other);
        assert!(allowed.iter().all(|other| below(other)), "{name} uses what stands below it in the table");
    }
}

#[test]
fn dependencies_point_one_way() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    files(&root, &mut paths);
    let mut found = Vec::new();
    let mut uses = 0;
    for path in paths {
        let file = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
        // Tests in a folder may use anything.
        if file.ends_with("tests.rs") || file.contains("/tests/") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        // Unit tests are at the end of a file.
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or("");
        uses += code.lines().map(|line| used(line).len()).sum::<usize>();
        found.extend(problems(&file, code));
    }
    assert!(uses > 50, "only {uses} uses of the crate's own paths were found: the reading of `use` is broken");
    found.sort();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn wrong_directions_are_named() {
    for (file, line, part) in [
        (
            "dialect/mod.rs",
            "use crate::search::Search;",
            "src/dialect/mod.rs, line 1: dialect uses crate::search::Search",
        ),
        ("check/replay.rs", "use crate::search::Search;", "check/replay uses crate::search"),
        ("search/beam.rs", "    crate::dialect::write(x)", "search uses crate::dialect::write"),
        ("sink/mod.rs", "use crate::{names, record::Dataset};", "sink uses crate::record::Dataset"),
        ("generate/run.rs", "use clap::Parser;", "generate uses the crate clap"),
        ("attic/mod.rs", "", "not in the table"),
    ] {
        let problems = problems(file, line);
        assert!(problems.len() == 1 && problems[0].contains(part), "{file}, {line}: {problems:?}");
    }
    for (file, line) in [
        ("check/policy.rs", "use crate::search::Search;"),
        ("sink/mod.rs", "use crate::table::{Rows, Schema};"),
        ("dialect/prose.rs", "use crate::dialect::lines; // crate::search"),
    ] {
        assert_eq!(problems(file, line), Vec::<String>::new());
    }
}

/// The module of the Python package stands apart from the workspace, so its profiles are written in two places. Panics alone differ: a fault ends the program,
/// and is an exception in Python.
#[test]
fn the_python_module_is_built_as_the_program_is() {
    let profiles = |file: &str| {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
        let mut found: toml::Table = toml::from_str(&text).unwrap();
        let mut profile = found.remove("profile").unwrap();
        let panic = profile["release"].as_table_mut().unwrap().remove("panic").unwrap();
        (profile, panic.as_str().unwrap().to_string())
    };
    let (module, program) = (profiles("python/Cargo.toml"), profiles("Cargo.toml"));
    assert_eq!(module.0, program.0);
    assert_eq!([module.1, program.1], ["unwind", "abort"]);
}
