//! Long runs that end early: what they leave, and that the next run goes on from there.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Place, Ran, assert_same, contents, json_lines, run, sos};
use crate::recipes::{SMALL, changed};

/// So many rows in a file that rows are saved before it is complete.
const MANY: [&str; 6] = ["--count", "train=1000000", "--count", "test=0", "--count", "validation=0"];

fn generate<'a>(recipe: &'a str, out: &'a str, format: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let arguments = [
        "generate",
        recipe,
        "--out",
        out,
        "--format",
        format,
        "--rows-per-file",
        "1000000",
        "--threads",
        "2",
        "--quiet",
    ];
    [&arguments[..], more].concat()
}

/// The saved rows of a split: first row, and end.
fn units(folder: &Path) -> BTreeMap<u64, u64> {
    let names = fs::read_dir(folder.join(".sos/saved/train")).into_iter().flatten().flatten();
    let unit = |name: &str| {
        let (start, end) = name.split_once('-')?;
        Some((start.parse().ok()?, end.parse().ok()?))
    };
    names.filter_map(|file| unit(file.file_name().to_str()?)).collect()
}

/// Runs until there are some more saved units, and ends the run by a signal.
fn ended_by(signal: &str, arguments: &[&str], folder: &Path) -> Ran {
    let child = sos(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (begun, before) = (Instant::now(), units(folder).len());
    while units(folder).len() < before + 20 && begun.elapsed() < Duration::from_secs(120) {
        std::thread::sleep(Duration::from_millis(2));
    }
    end(&child, signal);
    child.wait_with_output().unwrap().into()
}

fn end(child: &Child, signal: &str) {
    assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
}

/// Rows that were saved before a kill are not made again, and the bytes are those of a run that nobody killed. The file that is killed here takes minutes,
/// so its rows are then those of a smaller one, which they are as well.
#[test]
#[cfg(unix)]
fn a_killed_run_goes_on_within_a_file() {
    for format in ["parquet", "jsonl.zst"] {
        let place = Place::new(&changed(SMALL, &[("sizes =", "sizes = { min = 5, max = 5 }")]));
        let (recipe, killed) = (place.name("recipe.toml"), place.name("killed"));
        let arguments = generate(&recipe, &killed, format, &MANY);
        let killed = place.path("killed");
        assert_eq!(ended_by("-KILL", &arguments, &killed).code, None);
        let first = units(&killed);
        assert!(first.len() >= 20);
        ended_by("-KILL", &arguments, &killed);
        let second = units(&killed);
        // All units of the first run are there, and no row is in two units: none was made twice.
        assert!(first.iter().all(|(start, end)| second.get(start) == Some(end)) && second.len() > first.len());
        let ends = second.iter().zip(second.keys().skip(1));
        ends.for_each(|((start, end), next)| assert!(end <= next, "{start} to {end}, {next}"));
        let ran = ended_by("-INT", &arguments, &killed);
        let all = units(&killed);
        let rows: u64 = all.iter().map(|(start, end)| 4 * (end - start)).sum();
        assert_eq!(ran.code, Some(3), "{}", ran.err);
        let told = format!("complete files are kept, and {rows} rows of others; run the same command again to go on");
        assert!(ran.err.contains(&told), "{} {told}", ran.err);

        // The rows of a job are those of a smaller one that grows.
        let one = ["--count", "train=1", "--count", "test=0", "--count", "validation=0"];
        assert_eq!(run(&generate(&recipe, &place.name("out"), format, &one)).code, Some(0));
        let few = ["--count", "train=600", "--count", "test=0", "--count", "validation=0", "--json"];
        fs::create_dir_all(place.path("out/.sos/saved/train")).unwrap();
        for (start, end) in &all {
            let name = format!(".sos/saved/train/{start}-{end}");
            fs::copy(killed.join(&name), place.path("out").join(&name)).unwrap();
        }
        let ran = run(&generate(&recipe, &place.name("out"), format, &few));
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        let restored: u64 = all.iter().filter(|(_, end)| **end <= 600).map(|(start, end)| 4 * (end - start)).sum();
        assert_eq!(json_lines(&ran.out)[0]["rows_restored"], restored, "{}", ran.err);
        assert!(restored > 0 && ran.err.contains(&format!("{restored} rows had been saved before")), "{}", ran.err);
        assert_eq!(run(&generate(&recipe, &place.name("fresh"), format, &few)).code, Some(0));
        assert_same(&place.path("out"), &place.path("fresh"));
        assert!(!contents(&place.path("out")).keys().any(|name| name.contains("saved")));
        run(&["audit", &place.name("out")]);
    }
}

/// Rows that are fed one at a time, so that the command waits for the next one.
fn interrupted(command: &str, more: &[&str], row: &Value, answers: usize) -> Ran {
    let arguments = [&[command][..], more].concat();
    let mut child =
        sos(&arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut text = String::new();
    for _ in 0..answers {
        writeln!(stdin, "{row}").unwrap();
        stdin.flush().unwrap();
        out.read_line(&mut text).unwrap();
    }
    // A command that answers nothing before the end: it has read what it was given.
    if answers == 0 {
        writeln!(stdin, "{row}").unwrap();
        std::thread::sleep(Duration::from_millis(1500));
    }
    end(&child, "-INT");
    out.read_to_string(&mut text).unwrap();
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    let code = child.wait().unwrap().code();
    drop(stdin);
    Ran { code, out: text, err }
}

/// Runs a command on a folder in which one file is a pipe that nobody writes to, so that the command waits there, and interrupts it once it listens to
/// SIGINT and has had time to come so far.
#[cfg(target_os = "linux")]
fn interrupted_at(file: &Path, arguments: &[&str]) -> Ran {
    let data = fs::read(file).unwrap();
    fs::remove_file(file).unwrap();
    assert!(Command::new("mkfifo").arg(file).status().unwrap().success());
    let child = sos(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let listens = || {
        let caught = fs::read_to_string(&status).unwrap_or_default();
        let mask = caught.lines().find_map(|line| line.strip_prefix("SigCgt:"));
        mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 2 > 0)
    };
    let begun = Instant::now();
    while !listens() && begun.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(1000));
    end(&child, "-INT");
    let ran = child.wait_with_output().unwrap().into();
    fs::remove_file(file).unwrap();
    fs::write(file, data).unwrap();
    ran
}

/// So it is for commands that read whole folders. A folder that is half written is named.
#[test]
#[cfg(target_os = "linux")]
fn an_interrupt_of_a_command_on_a_folder_says_what_is_kept() {
    let place = Place::small();
    for name in ["one", "two"] {
        place.generated(name, &["--format", "jsonl", "--seed", if name == "one" { "1" } else { "2" }]);
    }
    let (one, two, out) = (place.name("one"), place.name("two"), place.name("out"));
    let files: Vec<String> = contents(&place.path("one")).into_keys().filter(|name| name.ends_with(".jsonl")).collect();
    let first = files.iter().find(|name| name.starts_with("search/train-")).unwrap();
    // The first config is read before anything is written, so it is a file of another one that waits while the folder is half written.
    let last = files.iter().rfind(|name| name.starts_with("answer/")).unwrap();
    let (first, last) = (place.path("one").join(first), place.path("one").join(last));
    let arms = files.iter().filter_map(|name| name.split('/').next());
    let arms = arms.collect::<std::collections::BTreeSet<&str>>().into_iter().collect::<Vec<&str>>().join(",");
    let commands: [&[&str]; 6] = [
        &["audit", &one],
        &["cues", &one],
        &["stats", &one],
        &["check", &one],
        &["merge", &one, &two, "--out", &out],
        &["pack", &one, "--arms", &arms, "--out", &out],
    ];
    for command in commands {
        let ran = interrupted_at(&first, command);
        assert_eq!((ran.code, ran.out.as_str()), (Some(130), ""), "{command:?} {}", ran.err);
        assert_eq!(ran.err, "sos: interrupted: nothing is written; run the command again\n", "{command:?}");
        assert!(!place.path("out").exists());
    }
    let ran = interrupted_at(&last, commands[4]);
    let told =
        format!("sos: interrupted: {out} is not complete and has no manifest; delete it, and run the command again\n");
    assert_eq!((ran.code, ran.err), (Some(130), told));
    assert!(!place.path("out").join("manifest.json").exists());
}

/// What is written is whole lines, and a sentence says how to go on.
#[test]
#[cfg(unix)]
fn an_interrupt_leaves_whole_lines_and_says_what_is_kept() {
    let puzzle = json!({"numbers": [3, 5, 7], "target": 22});
    let request = json!({"env": "countdown", "puzzle": puzzle, "search": {"kind": "dfs"}, "dialect": "compact"});
    let text = json!({"env": "countdown", "puzzle": puzzle, "dialect": "compact", "text": "3 * 5 = 15 : 7 15"});
    for (command, row) in [("trace", &request), ("check", &text)] {
        let ran = interrupted(command, &[], row, 3);
        assert_eq!((ran.code, json_lines(&ran.out).len()), (Some(130), 3), "{command} {}", ran.err);
        assert!(ran.out.ends_with('\n'));
        let told = "sos: interrupted: 3 lines are written, each of them whole; to go on, run the command with the rows behind the first 3\n";
        assert_eq!(ran.err, told, "{command}");
    }
    for (command, more) in [("score", &[][..]), ("select", &["star"]), ("stats", &["-"])] {
        let ran = interrupted(command, more, &text, 0);
        assert_eq!((ran.code, ran.out.as_str()), (Some(130), ""), "{command} {}", ran.err);
        assert_eq!(ran.err, "sos: interrupted: nothing is written; run the command again\n", "{command}");
    }
}
