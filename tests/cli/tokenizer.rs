//! Counting in the tokens of a tokenizer file.

use std::fs;

use serde_json::{Value, json};

use super::{Place, expect};

/// A tokenizer file: words of letters and digits, and runs of other characters, are a token each, known or not. A model that is given the text would also
/// get a special token at each end, at most five tokens, and padding up to 64.
fn words_and_signs() -> Value {
    let special = |id: u32, content: &str| json!({"id": id, "content": content, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true});
    json!({
        "version": "1.0",
        "truncation": {"direction": "Right", "max_length": 5, "strategy": "LongestFirst", "stride": 0},
        "padding": {"strategy": {"Fixed": 64}, "direction": "Right", "pad_to_multiple_of": null, "pad_id": 0, "pad_type_id": 0, "pad_token": "<pad>"},
        "added_tokens": [special(0, "<pad>"), special(1, "<unk>"), special(2, "<s>")],
        "normalizer": null,
        "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "<s>", "type_id": 0}}],
            "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
            "special_tokens": {"<s>": {"id": "<s>", "ids": [2], "tokens": ["<s>"]}},
        },
        "decoder": null,
        "model": {"type": "WordLevel", "vocab": {"<pad>": 0, "<unk>": 1, "<s>": 2, "start": 3, "goal": 4}, "unk_token": "<unk>"},
    })
}

/// The same count, by hand.
fn counted(text: &str) -> u64 {
    let kind = |sign: char| match sign {
        _ if sign.is_whitespace() => 0,
        _ if sign.is_alphanumeric() || sign == '_' => 1,
        _ => 2,
    };
    let (mut count, mut before) = (0, 0);
    for sign in text.chars() {
        count += u64::from(kind(sign) != 0 && kind(sign) != before);
        before = kind(sign);
    }
    count
}

/// A recipe of 90 puzzles that counts in the tokens of `own.json`, in a folder with both files.
fn place(more: &str) -> Place {
    let place = Place::new(&format!(
        "name = \"own\"\ndialect = \"stream-of-search\"\ntokenizer = \"own.json\"\n{more}\n[environment]\nname = \"countdown\"\npuzzles = \"own.jsonl\"\n\
         [[searches]]\nkind = \"dfs\"\n[splits.train]\nrows = \"all\"\n[[records]]\nkind = \"search\"\n[[records]]\nkind = \"optimal\"\n"
    ));
    let puzzle = |n: usize| json!({"puzzle": {"numbers": [n / 9 + 2, n % 9 + 1, 7], "target": 12 + n % 5}});
    fs::write(place.path("own.jsonl"), (0..90).map(|n| format!("{}\n", puzzle(n))).collect::<String>()).unwrap();
    fs::write(place.path("own.json"), words_and_signs().to_string()).unwrap();
    place
}

#[cfg(feature = "tokenizers")]
mod with_the_feature {
    use super::*;

    /// The rows of a config and split.
    fn rows(place: &Place, out: &str, config: &str, split: &str) -> Vec<Value> {
        let files = super::super::contents(&place.path(&format!("{out}/{config}")));
        let own = files.into_iter().filter(|(name, _)| name.starts_with(&format!("{split}-")));
        let text: String = own.map(|(_, bytes)| String::from_utf8(bytes).unwrap()).collect();
        super::super::json_lines(&text)
    }

    fn texts(row: &Value) -> [&str; 2] {
        ["prompt", "completion"].map(|name| row[name].as_str().unwrap())
    }

    fn of_row(row: &Value) -> u64 {
        texts(row).into_iter().map(counted).sum()
    }

    /// Minimum, median, 90th percentile and maximum of the tokens that `sos stats` counts.
    fn stats(place: &Place, out: &str, file: &str) -> Value {
        let ran = expect(0, &["stats", &place.name(out), "--json", "--tokenizer", &place.name(file)]);
        serde_json::from_str(&ran.out).unwrap()
    }

    fn of_config<'a>(stats: &'a Value, config: &str, split: &str) -> &'a Value {
        let all = stats["configs"].as_array().unwrap();
        &all.iter().find(|one| one["config"] == config && one["split"] == split).unwrap()["spreads"]["tokens"]
    }

    #[test]
    fn a_filter_an_estimate_and_the_statistics_count_in_its_tokens() {
        let place = place("");
        place.generated("all", &["--format", "jsonl"]);
        let all = rows(&place, "all", "search", "train");
        let all_optimal = rows(&place, "all", "optimal", "train");
        let mut counts: Vec<u64> = all.iter().map(of_row).collect();
        counts.sort_unstable();
        let [least, median, ninetieth, most] =
            [0, 50, 90, 100].map(|percent| counts[(counts.len() - 1) * percent / 100]);
        assert!(median > 64, "padding would hide the counts: {median}");
        let of_stats = stats(&place, "all", "own.json");
        assert_eq!(of_stats["tokenizer"], json!(place.name("own.json")));
        let spread = json!({"least": least, "median": median, "ninetieth": ninetieth, "most": most});
        assert_eq!(*of_config(&of_stats, "search", "train"), spread);
        let table = expect(0, &["stats", &place.name("all"), "--tokenizer", &place.name("own.json")]).out;
        assert!(table.contains("own.json in all texts of a row"), "{table}");
        let recipe = place.name("recipe.toml");
        let (page, tokenizer) = (place.name("page.json"), place.name("own.json"));
        expect(0, &["view", &place.name("all"), "--out", &page, "--count", "3", "--tokenizer", &tokenizer]);
        let page: Value = serde_json::from_slice(&fs::read(page).unwrap()).unwrap();
        assert_eq!((&page["about"]["tokenizer"], &page["stats"]), (&json!(tokenizer), &of_stats));
        for row in page["rows"].as_array().unwrap() {
            let [prompt, text] = texts(&row["row"]).map(counted);
            assert_eq!(row["texts"][0]["tokens"], json!({"prompt": prompt, "text": text, "answer": null}));
        }
        let dry = expect(0, &["generate", &recipe, "--dry-run", "--json"]).out;
        let dry: Value = serde_json::from_str(&dry).unwrap();
        let parts = dry["parts"].as_array().unwrap();
        let part = parts.iter().find(|part| part["config"] == "search" && part["split"] == "train").unwrap();
        assert_eq!(part["tokens"], json!({"median": median, "p90": ninetieth, "most": most}));
        assert_eq!(dry["tokenizer"], "own.json");
        let dry = expect(0, &["generate", &recipe, "--dry-run"]).out;
        assert!(dry.contains("largest; tokens of own.json)"), "{dry}");
        let (out, packed, file) = (place.name("all"), place.name("packed"), place.name("own.json"));
        let pack = ["pack", &out, "--arms", "search,optimal", "--by", "tokens", "--with-prompts", "--tokenizer", &file];
        expect(0, &[&pack[..], &["--out", &packed]].concat());
        let report: Value = serde_json::from_slice(&fs::read(place.path("packed/pack.json")).unwrap()).unwrap();
        let budget: u64 = all_optimal.iter().map(of_row).sum();
        let of_search: u64 = rows(&place, "packed", "search", "train").iter().map(of_row).sum();
        assert!(
            report["budget"] == budget && report["arms"][0]["tokens"] == of_search && of_search <= budget,
            "{report}"
        );
        assert_eq!(report["tokenizer"]["blake3"], blake3::hash(&fs::read(&file).unwrap()).to_string());
        // The filter keeps the rows that are short in all configs.
        let place = self::place(&format!("[filter]\nmax_tokens = {median}"));
        let jsonl = ["--format", "jsonl"];
        place.generated("short", &[&jsonl[..], &["--threads", "2"]].concat());
        place.generated("again", &[&jsonl[..], &["--threads", "1"]].concat());
        super::super::assert_same(&place.path("short"), &place.path("again"));
        let optimal = rows(&place, "short", "optimal", "train");
        let kept = rows(&place, "short", "search", "train");
        let fits = |(search, optimal): &(&Value, &Value)| of_row(search) <= median && of_row(optimal) <= median;
        let wanted: Vec<&Value> = all.iter().zip(&all_optimal).filter(fits).map(|(row, _)| &row["id"]).collect();
        assert!((30..60).contains(&kept.len()) && optimal.len() == kept.len());
        assert_eq!(kept.iter().map(|row| &row["id"]).collect::<Vec<_>>(), wanted);
        let words =
            |row: &Value| texts(row).map(|text| text.split_whitespace().count() as u64).into_iter().sum::<u64>();
        assert!(kept.iter().any(|row| of_row(row) != words(row)), "the tokens of the dialect would do as well");
        let manifest = fs::read_to_string(place.path("short/manifest.json")).unwrap();
        let manifest: Value = serde_json::from_str(&manifest).unwrap();
        let left_out = manifest["tally"]["left out by the filter: tokens"].as_u64();
        assert!(left_out.is_some_and(|rows| rows > 2), "{}", manifest["tally"]);
        let hash = blake3::hash(&fs::read(place.path("own.json")).unwrap()).to_string();
        assert_eq!(manifest["job"]["versions"]["tokenizer own.json"], json!(hash));
        expect(0, &["check", &place.name("short")]);
        place.generated("few", &[&jsonl[..], &["--count", "train=10"]].concat());
        // Another file makes other rows, so the dataset neither goes on nor grows with it.
        let mut other = words_and_signs();
        other["pre_tokenizer"] = json!({"type": "WhitespaceSplit"});
        fs::write(place.path("own.json"), other.to_string()).unwrap();
        for (out, count) in [("short", &[][..]), ("few", &["--count", "train=10"]), ("few", &["--count", "train=20"])] {
            let ran = place.generate(out, &[&jsonl[..], count].concat());
            let says = format!("the version of tokenizer own.json is {hash} there and ");
            assert!(ran.code == Some(2) && ran.err.contains(&says), "{}", ran.err);
        }
    }

    #[test]
    fn the_vocabularies_of_the_dialects_count_their_words_and_lines() {
        for dialect in ["compact", "sudoku", "prose"] {
            let place = Place::new(&format!(
                "name = \"own\"\nseed = 3\ndialect = \"{dialect}\"\nanswer = true\n[environment]\nname = \"sudoku\"\nlevel = \"easy\"\n[[searches]]\nkind = \"backtracking\"\n\
                 [splits.train]\nrows = 40\n[[records]]\nkind = \"search\"\n"
            ));
            place.generated("out", &["--format", "jsonl"]);
            expect(0, &["vocabulary", dialect, "--out", &place.name("vocabulary")]);
            let stats = stats(&place, "out", "vocabulary/tokenizer.json");
            // A word or the end of a line; a byte where the dialect has no words of its own.
            let count = |text: &str| match dialect {
                "prose" => text.len() as u64,
                _ => (text.split_whitespace().count() + text.matches('\n').count()) as u64,
            };
            let rows = rows(&place, "out", "search", "train");
            let mut counts: Vec<u64> = rows.iter().map(|row| texts(row).into_iter().map(count).sum()).collect();
            counts.sort_unstable();
            let [least, median, ninetieth, most] = [0, 50, 90, 100].map(|percent| counts[39 * percent / 100]);
            let spread = json!({"least": least, "median": median, "ninetieth": ninetieth, "most": most});
            assert_eq!(*of_config(&stats, "search", "train"), spread, "{dialect}");
        }
    }

    #[test]
    fn files_that_are_none_are_refused_in_a_sentence() {
        let mut by_chance = words_and_signs();
        by_chance["model"]["dropout"] = json!(0.1);
        let mut closed = words_and_signs();
        closed["model"]["unk_token"] = json!("<nothing>");
        let mut unmerged = words_and_signs();
        unmerged["model"] = json!({"type": "BPE", "unk_token": "<unk>", "continuing_subword_prefix": "##", "vocab": {"<unk>": 1, "a": 3, "b": 4, "ab": 5}, "merges": [["a", "b"]]});
        let mut strange = words_and_signs();
        strange["model"]["type"] = json!("Wordy");
        for (text, says) in [
            ("{".to_string(), "\"own.json\" (no JSON: EOF"),
            ("[]".to_string(), "allowed: a file that the crate tokenizers 0.23 reads"),
            ("{}".to_string(), "allowed: a file that the crate tokenizers 0.23 reads"),
            (strange.to_string(), "allowed: a file that the crate tokenizers 0.23 reads"),
            (by_chance.to_string(), "(model.dropout is 0.1); allowed: a model without dropout"),
            (
                unmerged.to_string(),
                "(the merge [\"a\",\"b\"] in a model with the prefix \"##\"); allowed: merges whose",
            ),
            (closed.to_string(), "allowed: a vocabulary with a token for what is not in it"),
        ] {
            let place = place("");
            fs::write(place.path("own.json"), &text).unwrap();
            let ran = place.generate("out", &[]);
            assert!(ran.code == Some(2) && ran.err.contains(says), "{text}: {}", ran.err);
            assert!(
                ran.err.contains("recipe.toml:") && ran.err.contains(": tokenizer: found \"own.json\" ("),
                "{}",
                ran.err
            );
            let path = place.name("own.json");
            let ran = expect(2, &["stats", "recipes", "--tokenizer", &path]);
            assert!(
                ran.err.contains("--tokenizer: found ") && ran.err.contains(says.trim_start_matches("\"own.json\" ")),
                "{}",
                ran.err
            );
        }
        let place = place("");
        fs::remove_file(place.path("own.json")).unwrap();
        let ran = place.generate("out", &[]);
        assert!(ran.code == Some(2) && ran.err.contains("tokenizer: found \"own.json\" (No such file"), "{}", ran.err);
        assert!(ran.err.contains("allowed: a file tokenizer.json"), "{}", ran.err);
    }
}

#[cfg(not(feature = "tokenizers"))]
#[test]
fn without_the_feature_the_program_says_how_to_build_it_with_it() {
    let place = place("");
    let ran = place.generate("out", &[]);
    let says = "build it with the feature: cargo build --release --features tokenizers";
    assert!(
        ran.code == Some(2) && ran.err.contains("tokenizer: found \"own.json\"") && ran.err.contains(says),
        "{}",
        ran.err
    );
    let ran = expect(2, &["stats", "recipes", "--tokenizer", &place.name("own.json")]);
    assert!(ran.err.contains("--tokenizer: found ") && ran.err.contains(says), "{}", ran.err);
    assert_eq!(counted("a_1 + bc=-> 12"), 5);
}
