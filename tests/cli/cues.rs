//! `sos cues`: what is found does not depend on threads.

use std::fs;

use serde_json::Value;
use stream_of_search::cue::Collector;
use stream_of_search::generate::manifest::Manifest;
use stream_of_search::recipe::Recipe;
use stream_of_search::sink::{Format, read_rows};

use super::{Place, expect, json_lines, run};

const JUDGED: &str = "recipes/experiments/1-critique-countdown.toml";

/// What is found, whether or not something is told by a cue.
fn found(arguments: &[&str]) -> String {
    let ran = run(arguments);
    assert!(matches!(ran.code, Some(0 | 1)), "{}", ran.err);
    ran.out
}

/// All threads find what one pass over the rows finds, in a folder of any format and in a recipe.
#[test]
fn threads_find_the_same_cues() {
    let place = Place::new(&fs::read_to_string(JUDGED).unwrap());
    let recipe = Recipe::from_toml(&fs::read_to_string(JUDGED).unwrap()).unwrap();
    let config = |record: &stream_of_search::recipe::RecordConfig| {
        (record.folder().to_string(), record.kind.clone(), record.cues.clone())
    };
    let counts = ["--count", "train=150", "--count", "test=20"];
    for format in [Format::Parquet, Format::JsonLines] {
        let (name, folder) = (format.name().to_string(), place.path(format.name()));
        place.generated(&name, &[&counts[..], &["--format", &name]].concat());
        let (manifest, _) = Manifest::read(&folder).unwrap();
        let mut collector = Collector::new(recipe.records.iter().map(config));
        for file in manifest.files.iter().filter(|file| file.split == "train" && file.first < 125) {
            let mut index = file.first;
            let mut each = |row| {
                if index < 125 {
                    collector.add(&file.config, &row);
                }
                index += 1;
            };
            read_rows(format, &folder.join(&file.path), &mut each).unwrap();
        }
        // Read as what the program prints, since a number that is read may differ in its last digit.
        let lines: Vec<String> = collector.table().iter().map(|cue| serde_json::to_string(cue).unwrap()).collect();
        let expected = json_lines(&lines.join("\n"));
        assert!(!expected.is_empty());
        let cues = |of: &str, rows: &str, threads: &str| -> Vec<Value> {
            let found = found(&["cues", of, "--rows", rows, "--threads", threads, "--json"]);
            json_lines(&found).iter().map(|line| line["cue"].clone()).collect()
        };
        for threads in ["1", "2", "7"] {
            assert_eq!(cues(&place.name(&name), "125", threads), expected, "{name} {threads}");
        }
        // The recipe makes the same rows whatever the format of a folder is.
        let threads = if format == Format::Parquet { "1" } else { "7" };
        assert_eq!(cues(JUDGED, "125", threads), expected, "{threads}");
    }
    // A line that is no row ends what is read of its file.
    let file = place.path("jsonl/critique/train-00000-of-00003.jsonl");
    let text = fs::read_to_string(&file).unwrap();
    let cut: Vec<&str> = text.lines().collect();
    fs::write(&file, format!("{}\nno row\n{}\n", cut[..40].join("\n"), cut[40..].join("\n"))).unwrap();
    let of = |threads: &str| found(&["cues", &place.name("jsonl"), "--threads", threads, "--json"]);
    let one = of("1");
    fs::write(&file, format!("{}\n", cut[..40].join("\n"))).unwrap();
    assert_eq!([of("1"), of("5")], [one.clone(), one]);
    let dialect = |of: &str| json_lines(&found(&["cues", of, "--rows", "125", "--json"]))[0]["dialect"].clone();
    assert_eq!(dialect(&place.name("jsonl")), dialect(JUDGED));
    let written = expect(2, &["cues", &place.name("jsonl"), "--dialect", "prose"]);
    assert!(written.err.contains("is a dataset, whose rows are written"), "{}", written.err);
    assert!(expect(2, &["cues", JUDGED, "--threads", "0"]).err.contains("--threads: found 0"));
}
