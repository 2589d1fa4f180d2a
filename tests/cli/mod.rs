//! The program as its users run it.

mod arms;
mod audit;
mod bench;
mod compare;
mod cues;
mod filter;
mod finalized;
mod flows;
mod folders;
mod import;
mod killed;
mod lines;
mod mixed;
mod packed;
mod puzzle_file;
mod ready;
mod recipes;
mod records;
mod scoring;
mod tokenizer;
mod view;
mod ways;
mod word_list;
mod words;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::recipes::SMALL;

/// The program, started in the project's folder.
fn sos(arguments: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("sos"));
    command.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).stdin(Stdio::null());
    command
}

/// The result of a run.
struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Ran {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let ran = Ran { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) };
        assert!(!ran.err.contains("panicked"), "{}", ran.err);
        // Only terminals get a progress bar and colours.
        assert!(!ran.err.contains(['\u{1b}', '\r']), "{:?}", ran.err);
        ran
    }
}

fn run(arguments: &[&str]) -> Ran {
    sos(arguments).output().unwrap().into()
}

/// Runs, and expects an exit code.
fn expect(code: i32, arguments: &[&str]) -> Ran {
    let ran = run(arguments);
    assert_eq!(ran.code, Some(code), "sos {arguments:?}\n{}{}", ran.out, ran.err);
    ran
}

/// Runs with bytes on standard input.
fn feed(arguments: &[&str], input: &[u8]) -> Ran {
    let mut child = sos(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    output.into()
}

/// A folder with a recipe in it.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new(recipe: &str) -> Place {
        let place = Place { folder: tempfile::tempdir().unwrap() };
        fs::write(place.path("recipe.toml"), recipe).unwrap();
        place
    }

    fn small() -> Place {
        Place::new(SMALL)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn name(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_string()
    }

    /// Generates into a folder of the place.
    fn generate(&self, out: &str, more: &[&str]) -> Ran {
        let (recipe, out) = (self.name("recipe.toml"), self.name(out));
        let mut arguments = vec!["generate", &recipe, "--out", &out, "--rows-per-file", "50"];
        arguments.extend(more);
        run(&arguments)
    }

    fn generated(&self, out: &str, more: &[&str]) -> Ran {
        let ran = self.generate(out, more);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        ran
    }
}

/// Every file below a folder with its bytes.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path.strip_prefix(folder).unwrap().display().to_string(), fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// Checks that two folders hold the same files and bytes.
fn assert_same(a: &Path, b: &Path) {
    let (a, b) = (contents(a), contents(b));
    assert_eq!(a.keys().collect::<Vec<_>>(), b.keys().collect::<Vec<_>>());
    for (name, bytes) in &a {
        assert!(b[name] == *bytes, "{name} differs");
    }
}

/// The lines of an output as JSON.
fn json_lines(text: &str) -> Vec<serde_json::Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
