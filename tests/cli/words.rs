//! Help, lists, completions, closed pipes and full disks.

use std::fs::File;
use std::process::Stdio;

use sha2::{Digest, Sha256};

use super::{Place, Ran, contents, expect, run, sos};

const COMMANDS: &[&str] = &[
    "generate",
    "sample",
    "trace",
    "check",
    "reproduce",
    "import",
    "export",
    "list",
    "bench",
    "survey",
    "audit",
    "cues",
    "score",
    "select",
    "pack",
    "stats",
    "vocabulary",
    "completions",
];

#[test]
fn every_flag_has_a_sentence() {
    let mut pages: Vec<(String, String)> =
        COMMANDS.iter().map(|command| (command.to_string(), expect(0, &[command, "--help"]).out)).collect();
    for paper in ["stream-of-search", "beyond-semantics"] {
        pages.push((format!("reproduce {paper}"), expect(0, &["reproduce", paper, "--help"]).out));
    }
    let mut flags = 0;
    for (command, page) in pages {
        assert!(page.lines().next().is_some_and(|line| line.len() > 10), "{command} has no line of help");
        let lines: Vec<&str> = page.lines().map(str::trim).collect();
        for (at, line) in lines.iter().enumerate().filter(|(_, line)| line.starts_with('-')) {
            // The help stands behind the flag, or below it; that of a possible value stands behind its colon.
            let behind =
                line.split_once("  ").or_else(|| line.strip_prefix("- ")?.split_once(": ")).map(|(_, help)| help);
            let below = lines.get(at + 1).copied().filter(|line| !line.starts_with('-'));
            let help = behind.or(below).unwrap_or_default();
            assert!(help.trim().len() > 4, "{command}: no help for {line}");
            flags += 1;
        }
    }
    assert!(flags > 30, "{flags}");
    let all = expect(0, &["--help"]).out;
    assert!(COMMANDS.iter().all(|command| all.contains(&format!("\n  {command} "))), "{all}");
    assert_eq!(expect(0, &["--version"]).out, format!("sos {}\n", env!("CARGO_PKG_VERSION")));
    let none = run(&[]);
    assert!(none.code == Some(2) && none.err.contains("Usage: sos"), "{}", none.err);
}

#[test]
fn a_manual_page_for_every_command() {
    for command in COMMANDS {
        let page = expect(0, &["man", command]).out;
        assert!(page.contains(&format!("sos-{command}")) || page.contains(&format!("sos\\-{command}")), "{page}");
    }
    let page = expect(0, &["man"]).out;
    assert!(page.contains(".TH") && page.contains("Exit status"), "{page}");
    for command in ["trace", "check", "score", "select"] {
        let help = expect(0, &[command, "--help"]).out;
        assert!(help.contains("\"search\": {\"kind\": \"dfs\"}") && help.contains("Exit status: 0"), "{help}");
    }
}

/// Every environment says its settings; what is said to be allowed is what its own check says.
#[test]
fn the_settings_of_every_environment_are_listed() {
    let list: serde_json::Value = serde_json::from_str(&expect(0, &["list", "environments", "--json"]).out).unwrap();
    let (mut all, mut said) = (0, 0);
    for environment in list["environments"].as_array().unwrap() {
        let name = environment["name"].as_str().unwrap();
        let one: serde_json::Value = serde_json::from_str(&expect(0, &["list", name, "--json"]).out).unwrap();
        let table = expect(0, &["list", name]).out;
        let settings = one["settings"].as_array().unwrap();
        assert_eq!(settings.len(), environment["defaults"].as_object().unwrap().len());
        for setting in settings {
            assert_eq!(setting["default"], environment["defaults"][setting["name"].as_str().unwrap()]);
            assert!(table.contains(&format!("\n  {} ", setting["name"].as_str().unwrap())), "{table}");
            all += 1;
            said += usize::from(setting["allowed"] != "");
        }
    }
    assert!(10 * said >= 9 * all, "{said} of {all}");
    let countdown = expect(0, &["list", "countdown"]).out;
    assert!(countdown.contains("\n  sizes "), "{countdown}");
}

#[test]
fn lists_are_json_with_a_line_of_help_each() {
    let list: serde_json::Value = serde_json::from_str(&expect(0, &["list", "--json"]).out).unwrap();
    for what in ["environments", "searches", "dialects", "records", "corruptions", "mixtures"] {
        let items = list[what].as_array().unwrap();
        for item in items {
            let (name, help) = (item["name"].as_str().unwrap(), item["help"].as_str().unwrap());
            assert!(!name.is_empty() && help.len() > 5, "{item}");
            assert!(expect(0, &["list", what]).out.contains(name));
        }
        let one: serde_json::Value = serde_json::from_str(&expect(0, &["list", what, "--json"]).out).unwrap();
        assert_eq!(one[what], list[what]);
    }
    assert_eq!(list["environments"][0]["name"], "countdown");
    // Each search fits an environment, or there is a reason why not.
    for environment in list["environments"].as_array().unwrap() {
        let fits = environment["searches"].as_array().unwrap();
        let refused = environment["refused_searches"].as_object().unwrap();
        for search in list["searches"].as_array().unwrap() {
            let reason = refused.get(search["name"].as_str().unwrap()).and_then(serde_json::Value::as_str);
            assert_ne!(fits.contains(&search["name"]), reason.is_some_and(|reason| reason.len() > 20), "{search}");
        }
    }
    let countdown = &list["environments"][0]["refused_searches"];
    assert!(countdown["tabu"].is_string() && countdown["bidirectional-bfs"].is_string(), "{countdown}");
}

#[test]
fn completions_for_every_shell() {
    for (shell, part) in [("bash", "_sos"), ("zsh", "#compdef sos"), ("fish", "complete -c sos"), ("powershell", "sos")]
    {
        let script = expect(0, &["completions", shell]).out;
        assert!(script.contains(part) && script.contains("generate"), "{shell}");
    }
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let place = Place::small();
    let lines = "{}\n".repeat(100_000);
    std::fs::write(place.path("lines.jsonl"), lines).unwrap();
    let (recipe, lines) = (place.name("recipe.toml"), place.name("lines.jsonl"));
    for arguments in [
        &["list"][..],
        &["list", "--json"],
        &["sample", &recipe],
        &["completions", "bash"],
        &["check", &lines],
        &["trace", &lines],
        &["bench", &recipe, "--seconds", "0.1", "--quiet"],
        &["--help"],
    ] {
        let mut child = sos(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let ran: Ran = child.wait_with_output().unwrap().into();
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "sos {arguments:?}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_behind_standard_output_is_said() {
    for arguments in [&["list"][..], &["sample", "recipes/countdown.toml"], &["completions", "bash"]] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let ran: Ran = sos(arguments).stdout(full).stderr(Stdio::piped()).output().unwrap().into();
        assert_eq!(ran.code, Some(3), "sos {arguments:?}: {}", ran.err);
        assert!(ran.err.contains("standard output") && ran.err.contains("No space left"), "{}", ran.err);
    }
}

#[test]
fn the_papers_data_set_again() {
    let place = Place::small();
    let out = place.name("paper");
    let paper = ["reproduce", "stream-of-search", "--seed", "4", "--min-size", "4", "--max-size", "4"];
    let ran = expect(0, &[&paper[..], &["--max-target", "100", "--num-samples", "200", "--out", &out]].concat());
    assert!(ran.out.is_empty() && ran.err.contains("200 rows"), "{}", ran.err);
    let settings = sos_papers::reproduce::stream_of_search::Settings {
        seed: 4,
        min_size: 4,
        max_size: 4,
        max_target: 100,
        num_samples: 200,
        offset: 1,
        grow: false,
    };
    let library = place.path("library");
    let go_on = &mut |_| std::ops::ControlFlow::Continue(());
    sos_papers::reproduce::stream_of_search::generate(&settings, &library, go_on).unwrap();
    let digests = |folder: &std::path::Path| -> Vec<(String, Vec<u8>)> {
        contents(folder).into_iter().map(|(name, bytes)| (name, Sha256::digest(bytes).to_vec())).collect()
    };
    let found = digests(&place.path("paper"));
    assert_eq!(found.len(), 3);
    assert_eq!(found, digests(&library));
}

#[test]
fn the_mazes_of_beyond_semantics_again() {
    let place = Place::small();
    let out = place.name("mazes.jsonl");
    let paper = ["reproduce", "beyond-semantics", "--generator", "drunkards_walk", "--param", "coverage=0.7"];
    let ran = expect(0, &[&paper[..], &["--seed", "3", "--count", "15", "--out", &out]].concat());
    assert!(ran.out.is_empty() && ran.err.contains("15 rows"), "{}", ran.err);
    let digest = Sha256::digest(std::fs::read(&out).unwrap());
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(digest, "1eed6e1aca00f2dd4759a93411dd190e8d93ce63812bb01dc3db6729cc0a2341");
}

#[test]
fn a_vocabulary_is_two_files() {
    let place = Place::new("vocabulary");
    let folder = place.path("compact");
    let ran = expect(0, &["vocabulary", "compact", "--out", folder.to_str().unwrap()]);
    assert!(ran.out.ends_with("compact-1 with 3173 tokens\n"), "{}", ran.out);
    let read = |name: &str| -> serde_json::Value {
        serde_json::from_slice(&std::fs::read(folder.join(name)).unwrap()).unwrap()
    };
    let tokenizer = read("tokenizer.json");
    assert_eq!(
        (&tokenizer["model"]["vocab"]["<pad>"], &tokenizer["added_tokens"][3]["content"]),
        (&0.into(), &"<eos>".into())
    );
    assert_eq!(read("tokenizer_config.json")["clean_up_tokenization_spaces"], false);
    let ran = expect(0, &["vocabulary", "sudoku", "--digits", "single", "--out", folder.to_str().unwrap()]);
    assert!(ran.out.ends_with("sudoku-digits-1 with 454 tokens\n"), "{}", ran.out);
    let wrong = expect(2, &["vocabulary", "compact", "--digits", "single", "--cells", "--out", "x"]);
    assert!(wrong.err.contains("allowed: compact with whole numbers"), "{}", wrong.err);
    let wrong = expect(2, &["vocabulary", "compcat", "--out", "x"]);
    assert!(wrong.err.contains("did you mean compact?"), "{}", wrong.err);
    let wrong = expect(2, &["vocabulary", "prose", "--cells", "--out", "x"]);
    assert!(wrong.err.contains("--cells: prose has no table with cells"), "{}", wrong.err);
}
