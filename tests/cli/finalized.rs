//! `sos finalize`: shards that were made apart become the dataset of one run, and what is missing or damaged is told.

use std::fs;
use std::path::Path;

use super::{Place, assert_same, contents, expect, run};

/// Copies a folder into another one.
fn copy(from: &Path, to: &Path) {
    for (name, bytes) in contents(from) {
        let path = to.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

#[test]
fn shards_that_were_made_apart_become_one_dataset() {
    let place = Place::small();
    place.generated("one", &["--format", "jsonl"]);
    for shard in ["0", "1", "2"] {
        let node = format!("node{shard}");
        place.generated(&node, &["--format", "jsonl", "--shard-index", shard, "--num-shards", "3"]);
        assert!(!place.path(&node).join("manifest.json").exists());
    }
    let (all, out) = (place.name("all"), place.path("all"));
    copy(&place.path("node0"), &out);
    copy(&place.path("node1"), &out);
    let ran = expect(1, &["finalize", &all]);
    let missing: Vec<&str> =
        ran.out.lines().filter(|line| line.ends_with(": its part is not recorded as complete")).collect();
    let there = contents(&place.path("node2")).keys().filter(|name| name.ends_with(".jsonl")).count();
    assert_eq!((missing.len(), ran.out.lines().count()), (there, there));
    assert!(ran.err.contains(&format!("not complete: files that are missing or damaged: {there}; ")), "{}", ran.err);
    assert!(!out.join("manifest.json").exists() && !out.join("README.md").exists());

    copy(&place.path("node2"), &out);
    // One byte is other, one file is shorter, one is gone. All three are told, and only they.
    let files: Vec<String> = contents(&out).into_keys().filter(|name| name.ends_with(".jsonl")).collect();
    let [first, second, third] = [&files[0], &files[2], &files[4]];
    let mut bytes = fs::read(out.join(first)).unwrap();
    bytes[100] ^= 1;
    fs::write(out.join(first), bytes).unwrap();
    fs::write(out.join(second), "{}\n").unwrap();
    fs::remove_file(out.join(third)).unwrap();
    let ran = expect(1, &["finalize", &all]);
    let mut told: Vec<&str> = ran.out.lines().collect();
    told.sort_unstable();
    let starts = [(first, "its bytes are not"), (second, "it has 3 bytes instead of"), (third, "it is missing")];
    assert_eq!(told.len(), 3, "{told:?}");
    for (line, (file, problem)) in told.iter().zip(starts) {
        assert!(line.starts_with(&format!("{file}: {problem}")), "{line}");
    }
    assert!(!out.join("manifest.json").exists());

    (0..3).for_each(|shard| copy(&place.path(&format!("node{shard}")), &out));
    let ran = expect(0, &["finalize", &all]);
    assert!(ran.err.ends_with("manifest and card are written\n"), "{}", ran.err);
    assert_same(&out, &place.path("one"));
    expect(0, &["audit", &all]);
    // A finished dataset stays as it is.
    expect(0, &["finalize", &all]);
    assert_same(&out, &place.path("one"));
}

#[test]
fn what_is_no_dataset_is_not_finished() {
    let place = Place::small();
    for name in ["nothing", "recipe.toml"] {
        let ran = run(&["finalize", &place.name(name)]);
        assert_eq!(ran.code, Some(2), "{}", ran.err);
        assert!(ran.err.contains("there is no dataset of sos generate here"), "{}", ran.err);
    }
    assert!(!place.path("nothing").exists());
}
