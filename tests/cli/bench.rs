//! `sos bench`: what was measured is told with its spread, kept, and compared.

use std::fs;

use serde_json::Value;

use super::{Place, Ran, expect, sos};

#[test]
fn a_measurement_is_kept_and_compared() {
    let place = Place::small();
    let (recipe, saved) = (place.name("recipe.toml"), place.name("before.json"));
    let quick = ["bench", &recipe, "--seconds", "0.03", "--runs", "3", "--quiet"];
    let ran = expect(0, &[&quick[..], &["--json", "--save", &saved]].concat());
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(report, serde_json::from_slice::<Value>(&fs::read(&saved).unwrap()).unwrap());
    assert!(report["machine"]["cores"].as_u64() > Some(0) && report["program"].as_str().unwrap().contains("stream-of"));
    let measured = &report["recipes"][0];
    assert!(measured["recipe"] == "small" && measured["versions"]["environment countdown"].is_string(), "{measured}");
    let stages = measured["stages"].as_array().unwrap();
    let names: Vec<&str> = stages.iter().map(|stage| stage["stage"].as_str().unwrap()).collect();
    for name in ["puzzle", "search", "check", "config search", "config optimal-shuffled", "rows"] {
        assert!(names.contains(&name), "{names:?}");
    }
    for stage in stages {
        let [low, median, high] = ["low", "median", "high"].map(|name| stage["items"][name].as_f64().unwrap());
        assert!(0.0 < low && low <= median && median <= high, "{stage}");
    }
    let shares: f64 = stages.iter().filter_map(|stage| stage["share"].as_f64()).sum();
    assert!((shares - 100.0).abs() < 1e-6, "{shares}");
    let rows = stages.last().unwrap();
    assert!(rows["tokens"]["median"].as_f64() > Some(0.0) && rows["bytes"]["median"].as_f64() > Some(0.0), "{rows}");
    // A thousand times slower is no noise; the same is.
    let mut slow = report.clone();
    for stage in slow["recipes"][0]["stages"].as_array_mut().unwrap() {
        for name in ["low", "median", "high"] {
            stage["items"][name] = (stage["items"][name].as_f64().unwrap() / 1e9).into();
        }
    }
    slow["machine"]["processor"] = "an abacus".into();
    fs::write(place.path("slow.json"), slow.to_string()).unwrap();
    let ran = expect(0, &[&quick[..], &["--json", "--compare", &place.name("slow.json")]].concat());
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    let stages = report["recipes"][0]["stages"].as_array().unwrap();
    assert!(stages.iter().all(|stage| stage["against"]["noise"] == false), "{}", ran.out);
    assert!(stages.iter().all(|stage| stage["against"]["ratio"].as_f64() > Some(1.0)), "{}", ran.out);
    assert!(ran.err.contains("another machine: an abacus"), "{}", ran.err);
    let table = expect(0, &[&quick[..], &["--compare", &saved]].concat()).out;
    assert!(table.contains("  x "), "{table}");
    assert!(expect(2, &[&quick[..], &["--compare", &recipe]].concat()).err.contains("give a file that --save wrote"));
}

/// A plain name stands for a file in a folder of measurements; a path is a path.
#[test]
fn measurements_have_names() {
    let place = Place::small();
    let recipe = place.name("recipe.toml");
    let bench = |more: &[&str]| -> Ran {
        let quick = ["bench", &recipe, "--seconds", "0.01", "--runs", "1", "--quiet"];
        sos(&[&quick[..], more].concat()).current_dir(place.folder.path()).output().unwrap().into()
    };
    let none = bench(&["--compare", "before"]);
    assert!(none.code == Some(2) && none.err.contains(".sos-bench/before.json: "), "{}", none.err);
    assert!(none.err.contains("none has a name here"), "{}", none.err);
    let saved = bench(&["--save", "before"]);
    assert_eq!((saved.code, saved.err.as_str()), (Some(0), "--save: .sos-bench/before.json\n"));
    assert!(place.path(".sos-bench/before.json").exists());
    let compared = bench(&["--compare", "before"]);
    assert!(compared.code == Some(0) && compared.out.contains("  x "), "{}{}", compared.out, compared.err);
    let other = bench(&["--compare", "after"]);
    assert!(other.code == Some(2) && other.err.contains("names here: before"), "{}", other.err);
    for path in ["./plain", "with.json"] {
        assert_eq!(bench(&["--save", path]).err, format!("--save: {path}\n"));
        assert!(place.path(path).exists() && bench(&["--compare", path]).code == Some(0));
    }
}
