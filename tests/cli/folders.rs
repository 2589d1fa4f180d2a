//! `sos generate`, `sos sample` and `sos audit`: the bytes do not depend on how they are made, and finished files are never lost.

use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use super::{Place, Ran, assert_same, contents, expect, run, sos};
use crate::recipes::{SMALL, changed, ready};

#[test]
fn sample_is_the_row_of_the_file() {
    let place = Place::small();
    place.generated("out", &["--format", "jsonl"]);
    for (split, index) in [("train", 0), ("train", 49), ("train", 50), ("train", 299), ("test", 7), ("validation", 59)]
    {
        for config in ["search", "optimal", "optimal-shuffled", "answer"] {
            let rows = if split == "train" { 300 } else { 60 };
            let files: usize = usize::div_ceil(rows, 50);
            let file = place.path(&format!("out/{config}/{split}-{:05}-of-{files:05}.jsonl", index / 50));
            let text = fs::read_to_string(file).unwrap();
            let row = text.lines().nth(index % 50).unwrap();
            let (recipe, index) = (place.name("recipe.toml"), index.to_string());
            let arguments = ["sample", &recipe, "--config", config, "--split", split, "--index", &index];
            assert_eq!(expect(0, &arguments).out, format!("{row}\n"));
        }
    }
    let file = fs::read_to_string(place.path("out/search/train-00001-of-00006.jsonl")).unwrap();
    let several = expect(0, &["sample", &place.name("recipe.toml"), "--index", "55", "--count", "7"]).out;
    assert_eq!(several.lines().collect::<Vec<_>>(), file.lines().skip(5).take(7).collect::<Vec<_>>());
    let pretty = expect(0, &["sample", &place.name("recipe.toml"), "--pretty"]).out;
    assert!(pretty.contains("completion:\nExploring Operation: "), "{pretty}");
}

#[test]
fn threads_and_shards_leave_the_same_bytes() {
    let place = Place::small();
    for format in ["jsonl", "jsonl.zst", "parquet"] {
        let out = |name: &str| format!("{format}-{name}");
        place.generated(&out("one"), &["--format", format, "--threads", "1"]);
        for threads in ["2", "5"] {
            place.generated(&out(threads), &["--format", format, "--threads", threads]);
            assert_same(&place.path(&out("one")), &place.path(&out(threads)));
        }
        for shard in ["2", "0", "1"] {
            let ran = place.generated(
                &out("shards"),
                &["--format", format, "--shard-index", shard, "--num-shards", "3", "--threads", "2"],
            );
            assert_eq!(ran.err.contains("parts of other shards are missing"), shard != "1", "{}", ran.err);
        }
        assert_same(&place.path(&out("one")), &place.path(&out("shards")));
        let audited = expect(0, &["audit", &place.name(&out("shards"))]);
        assert!(audited.out.contains("ok: "), "{}", audited.out);
    }
}

#[test]
fn a_count_only_lengthens() {
    let place = Place::small();
    place.generated("few", &["--format", "jsonl", "--count", "train=70", "--count", "test=5"]);
    place.generated("many", &["--format", "jsonl", "--count", "train=1_000", "--count", "validation=0"]);
    let text = |out: &str, split: &str| -> String {
        let files = contents(&place.path(out));
        files
            .iter()
            .filter(|(name, _)| name.starts_with(&format!("search/{split}-")))
            .map(|(_, bytes)| String::from_utf8(bytes.clone()).unwrap())
            .collect()
    };
    for (split, few, many) in [("train", 70, 1000), ("test", 5, 60), ("validation", 60, 0)] {
        let (a, b) = (text("few", split), text("many", split));
        assert_eq!((a.lines().count(), b.lines().count()), (few, many), "{split}");
        assert!(a.starts_with(&b) || b.starts_with(&a), "{split}");
    }
    place.generated("seed", &["--format", "jsonl", "--count", "train=70", "--seed", "8"]);
    assert_ne!(text("few", "train"), text("seed", "train"));
}

#[test]
fn a_folder_that_cannot_be_written_or_is_someone_elses() {
    let place = Place::small();
    let ran = place.generate("recipe.toml/out", &[]);
    assert!(ran.code == Some(3) && ran.err.contains("a file is in the way"), "{}", ran.err);
    let ran = place.generate("recipe.toml", &[]);
    assert!(ran.code == Some(3) && ran.err.contains("a file is in the way"), "{}", ran.err);
    fs::create_dir(place.path("mine")).unwrap();
    fs::write(place.path("mine/thesis.tex"), "words").unwrap();
    for more in [&[][..], &["--overwrite"]] {
        let ran = place.generate("mine", more);
        assert!(ran.code == Some(2) && ran.err.contains("found \"thesis.tex\""), "{}", ran.err);
    }
    assert_eq!(contents(&place.path("mine")).len(), 1);
}

#[test]
fn another_request_for_the_same_folder() {
    let place = Place::small();
    place.generated("out", &["--format", "jsonl"]);
    let before = contents(&place.path("out"));
    let again = place.generated("out", &["--format", "jsonl", "--json", "--num-shards", "11"]);
    assert!(again.err.contains("0 rows in 0 new files"), "{}", again.err);
    assert!(again.err.contains("--num-shards: 11 shards for 10 parts"), "{}", again.err);
    let done: serde_json::Value = serde_json::from_str(&again.out).unwrap();
    assert_eq!((&done["complete"], &done["rows_written"]), (&true.into(), &0.into()));
    for (more, part) in [
        (&["--format", "jsonl", "--seed", "8"][..], "seed is 7 there and 8 here"),
        (&["--format", "parquet"], "format is \"jsonl\" there and \"parquet\" here"),
        (&["--format", "jsonl", "--count", "train=9"], "splits is "),
    ] {
        let ran = place.generate("out", more);
        assert_eq!(ran.code, Some(2));
        assert!(ran.err.contains(part) && ran.err.contains("--overwrite"), "{}", ran.err);
    }
    fs::write(place.path("recipe.toml"), changed(SMALL, &[("width =", "width = 4")])).unwrap();
    let ran = place.generate("out", &["--format", "jsonl"]);
    assert!(ran.code == Some(2) && ran.err.contains("recipe"), "{}", ran.err);
    assert_eq!(contents(&place.path("out")), before);
    place.generated("out", &["--format", "jsonl.zst", "--overwrite"]);
    place.generated("fresh", &["--format", "jsonl.zst"]);
    assert_same(&place.path("out"), &place.path("fresh"));
}

/// More rows of the same recipe: whole files are kept, under their new names, and the result is that of a fresh run.
#[test]
fn a_dataset_grows() {
    let swapped = format!("{SMALL}\n[[records]]\nkind = \"swapped\"\n");
    let place = Place::new(&swapped);
    for format in ["jsonl", "parquet"] {
        let out = |name: &str| format!("{format}-{name}");
        let counts = |train: &'static str, test: &'static str| ["--format", format, "--count", train, "--count", test];
        place.generated(&out("fresh"), &counts("train=420", "test=60"));
        place.generated(&out("out"), &counts("train=120", "test=50"));
        // A run that was killed while it gave the files their new names.
        let old = place.path(&out("out")).join("search");
        fs::rename(
            old.join(format!("train-00001-of-00003.{format}")),
            old.join(format!("train-00001-of-00009.{format}")),
        )
        .unwrap();
        let grown = place.generated(&out("out"), &counts("train=420", "test=60"));
        // Two whole files of train, one of test, and the two of validation, in each of five configs.
        assert!(grown.err.contains("25 files were there already"), "{}", grown.err);
        assert_same(&place.path(&out("out")), &place.path(&out("fresh")));
        expect(0, &["audit", &place.name(&out("out"))]);
        let smaller = place.generate(&out("out"), &counts("train=70", "test=60"));
        assert!(smaller.code == Some(2) && smaller.err.contains("splits is "), "{}", smaller.err);
        // By shards, and from an unfinished dataset, with a card that someone edited.
        let shard = |name: &str, train: &'static str, shard: &str| {
            let more = ["--shard-index", shard, "--num-shards", "2"];
            place.generated(&out(name), &[&counts(train, "test=60")[..], &more].concat())
        };
        shard("shards", "train=120", "1");
        shard("shards", "train=420", "0");
        fs::write(place.path(&out("shards")).join("README.md"), "mine").unwrap();
        shard("shards", "train=420", "1");
        assert_eq!(fs::read(place.path(&out("shards")).join("README.md")).unwrap(), b"mine");
        fs::copy(place.path(&out("fresh")).join("README.md"), place.path(&out("shards")).join("README.md")).unwrap();
        assert_same(&place.path(&out("shards")), &place.path(&out("fresh")));
    }
    // Another recipe has other rows, however many of them.
    let before = contents(&place.path("jsonl-out"));
    let other = changed(&swapped, &[("targets =", "targets = { min = 10, max = 61 }"), ("weight =", "weight = 3")]);
    fs::write(place.path("recipe.toml"), other).unwrap();
    let ran = place.generate("jsonl-out", &["--format", "jsonl", "--count", "train=900"]);
    let told = "environment.targets.max is 60 there and 61 here, searches 1.weight is 2 there and 3 here";
    assert!(ran.code == Some(2) && ran.err.contains(told), "{}", ran.err);
    assert_eq!(contents(&place.path("jsonl-out")), before);
}

#[test]
fn damage_is_found_and_repaired() {
    let place = Place::small();
    place.generated("out", &["--format", "jsonl"]);
    place.generated("whole", &["--format", "jsonl"]);
    let file = place.path("out/optimal/train-00002-of-00006.jsonl");
    let bytes = fs::read(&file).unwrap();
    fs::write(&file, &bytes[..bytes.len() - 10]).unwrap();
    let out = place.name("out");
    let audited = expect(1, &["audit", &out]);
    assert!(audited.out.contains("optimal/train-00002-of-00006.jsonl: found "), "{}", audited.out);
    let ran = place.generated("out", &["--format", "jsonl"]);
    assert!(ran.err.contains("it is made anew"), "{}", ran.err);
    assert_same(&place.path("out"), &place.path("whole"));
    // Altered in equal length: only the checksum tells.
    let mut altered = bytes.clone();
    let at = altered.iter().position(|&byte| byte == b'=').unwrap();
    altered[at] = b'~';
    fs::write(&file, &altered).unwrap();
    let audited = expect(1, &["audit", &out, "--json"]);
    let report: serde_json::Value = serde_json::from_str(&audited.out).unwrap();
    assert_eq!(report["ok"], false);
    expect(0, &["audit", &place.name("whole")]);
    let checked = expect(0, &["check", &place.name("whole"), "--json"]);
    let checked: serde_json::Value = serde_json::from_str(&checked.out).unwrap();
    assert_eq!((&checked["ok"], &checked["configs"]["optimal"]["rows"]), (&true.into(), &420.into()));
    let checked = expect(0, &["check", &place.name("whole")]);
    assert!(checked.out.contains("ok: clean rows are clean"), "{}", checked.out);
}

/// A job that runs for a while and writes many files.
fn long() -> Place {
    Place::new(&changed(SMALL, &[("rows = 300", "rows = 6000"), ("seed =", "seed = 11")]))
}

fn start(place: &Place, out: &str) -> Child {
    let (recipe, out) = (place.name("recipe.toml"), place.name(out));
    let arguments =
        ["generate", &recipe, "--out", &out, "--format", "jsonl", "--rows-per-file", "500", "--threads", "2"];
    sos(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Asserts that each file under a final name is complete: it has the same bytes as in the whole run.
fn assert_only_whole_files(part: &std::path::Path, whole: &std::path::Path) {
    if !part.exists() {
        return;
    }
    let whole = contents(whole);
    for (name, bytes) in contents(part) {
        let hidden = name.rsplit('/').next().is_some_and(|name| name.starts_with('.')) || name.starts_with(".sos/");
        assert!(hidden || whole.get(&name) == Some(&bytes), "{name} is not whole");
    }
}

#[test]
fn a_kill_at_any_moment_loses_nothing() {
    let place = long();
    let begun = Instant::now();
    assert!(start(&place, "whole").wait_with_output().unwrap().status.success());
    let time = begun.elapsed();
    for moment in 1..7 {
        let mut child = start(&place, "out");
        std::thread::sleep(time * moment / 10);
        child.kill().unwrap();
        child.wait_with_output().unwrap();
        assert_only_whole_files(&place.path("out"), &place.path("whole"));
    }
    let ran: Ran = start(&place, "out").wait_with_output().unwrap().into();
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_same(&place.path("out"), &place.path("whole"));
}

#[test]
#[cfg(unix)]
fn an_interrupt_finishes_or_drops_whole_files() {
    let place = long();
    assert!(start(&place, "whole").wait_with_output().unwrap().status.success());
    let mut interrupted = 0;
    for signal in ["-INT", "-TERM"] {
        let out = format!("out{signal}");
        let child = start(&place, &out);
        // Once the job file exists, the program handles signals.
        let begun = Instant::now();
        while !place.path(&format!("{out}/.sos/job.json")).exists() && begun.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::process::Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        let ran: Ran = child.wait_with_output().unwrap().into();
        assert!(
            ran.code == Some(3) && ran.err.contains("run the same command again") || ran.code == Some(0),
            "{}",
            ran.err
        );
        interrupted += usize::from(ran.code == Some(3));
        assert_only_whole_files(&place.path(&out), &place.path("whole"));
        let left = contents(&place.path(&out));
        assert!(left.keys().all(|name| !name.ends_with(".tmp")), "{:?}", left.keys());
        assert!(start(&place, &out).wait_with_output().unwrap().status.success());
        assert_same(&place.path(&out), &place.path("whole"));
    }
    assert!(interrupted > 0, "no run was interrupted");
}

#[test]
fn the_ready_recipes_give_rows() {
    for path in ready(Path::new("recipes")) {
        let ran = run(&["sample", path.to_str().unwrap(), "--index", "3"]);
        assert_eq!(ran.code, Some(0), "{}: {}", path.display(), ran.err);
        let row: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(row["index"], 3);
    }
}

#[test]
fn a_folder_of_an_earlier_version_is_not_gone_on_with_but_read() {
    let place = Place::small();
    place.generated("out", &["--format", "jsonl"]);
    // Makes the folder look like one of an earlier version: an older dialect, and no version of rows.
    for file in ["out/manifest.json", "out/.sos/job.json"] {
        let path = place.path(file);
        let text = fs::read_to_string(&path).unwrap();
        let start = text.find("\"dialect stream-of-search\": ").unwrap();
        let end = start + text[start..].find(',').unwrap();
        let text = format!("{}\"dialect stream-of-search\": \"1\"{}", &text[..start], &text[end..]);
        let rows = text.find("\"rows\": \"").unwrap();
        let line = text[..rows].rfind(',').unwrap();
        let end = rows + text[rows..].find('\n').unwrap();
        fs::write(&path, format!("{}{}", &text[..line], &text[end..])).unwrap();
    }
    let again = place.generate("out", &["--format", "jsonl"]);
    assert_eq!(again.code, Some(2), "{}", again.err);
    assert!(again.err.contains("the version of dialect stream-of-search is 1 there and"), "{}", again.err);
    let here = stream_of_search::dialect::dialect(crate::about("countdown"), "stream-of-search").unwrap().version;
    for command in ["check", "stats", "audit"] {
        let ran = expect(0, &[command, &place.name("out")]);
        let told = format!("dialect stream-of-search 1 ({here} here), rows 1 (");
        assert!(ran.err.contains(&told), "{command}: {}", ran.err);
    }
}
