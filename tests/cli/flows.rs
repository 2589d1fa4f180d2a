//! The output of one command is the input of the next; files of any format are read alike, by any number of threads.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use serde_json::{Value, json};
use stream_of_search::sink::{Format, read_rows};

use super::{Place, Ran, expect, feed, json_lines, sos};
use crate::recipes::SMALL;

fn lines(rows: &[Value]) -> Vec<u8> {
    rows.iter().map(|row| format!("{row}\n")).collect::<String>().into_bytes()
}

/// Imported puzzles, each with a search and a dialect.
fn requests() -> Vec<Value> {
    let puzzles = b"{\"nums\":[3,5,7],\"target\":22,\"from\":\"a book\"}\n{\"nums\":[90,11,37,95],\"target\":55}\n";
    let imported = feed(&["import", "countdown"], puzzles);
    assert_eq!(imported.code, Some(0), "{}", imported.err);
    let mut rows = json_lines(&imported.out);
    for row in &mut rows {
        row["search"] = json!({"kind": "dfs"});
        row["dialect"] = json!("compact");
        row["label"] = json!([1, null]);
    }
    rows
}

#[test]
fn an_imported_puzzle_is_traced_and_its_trace_is_checked() {
    let requests = requests();
    assert!(requests[0]["id"].is_string() && requests[0]["from"] == "a book");
    let traced = feed(&["trace"], &lines(&requests));
    assert_eq!(traced.code, Some(0), "{}", traced.out);
    let checked = feed(&["check"], traced.out.as_bytes());
    assert_eq!(checked.code, Some(0), "{}", checked.out);
    let (traced, checked) = (json_lines(&traced.out), json_lines(&checked.out));
    assert_eq!((traced.len(), checked.len()), (2, 2));
    for ((request, traced), checked) in requests.iter().zip(&traced).zip(&checked) {
        for (name, value) in request.as_object().unwrap() {
            assert_eq!(&traced[name], value, "{name}");
        }
        assert_eq!((&checked["id"], &checked["label"]), (&request["id"], &request["label"]));
        assert_eq!(checked.get("from"), request.get("from"));
        assert_eq!(checked["valid"], true);
        // What a check reads is not said again; what a search did is not the verdict's.
        for name in ["env", "puzzle", "dialect", "search", "text", "prompt", "outcome"] {
            assert!(checked.get(name).is_none(), "{name}");
        }
    }
    let scored = feed(&["score"], &traced.iter().map(|row| format!("{row}\n")).collect::<String>().into_bytes());
    assert!(scored.out.contains("valid                     100.00 %"), "{}{}", scored.out, scored.err);
}

/// One letter more, less or other, or two exchanged: a slip, where the right name is not there too. Everything else is carried.
#[test]
fn a_slip_in_a_name_is_refused_and_other_fields_are_carried() {
    let request = &requests()[0];
    let with = |name: &str, value: Value| {
        let mut row = request.clone();
        row[name] = value;
        row
    };
    let refused = |command: &str, row: Value| -> Value {
        let ran = feed(&[command], &lines(&[row, request.clone()]));
        json_lines(&ran.out)[0].clone()
    };
    for (name, near) in [("sede", "seed"), ("phrsing", "phrasing"), ("answers", "answer"), ("levl", "level")] {
        let answer = refused("trace", with(name, json!(1)));
        assert_eq!(answer["error"]["field"], name, "{answer}");
        assert!(answer["error"]["message"].as_str().unwrap().contains(&format!("did you mean \"{near}\"?")));
        // Even a request that cannot be served is known by its id.
        assert_eq!(answer["id"], request["id"]);
    }
    let mut row = request.clone();
    let dialect = row.as_object_mut().unwrap().remove("dialect").unwrap();
    row["dialct"] = dialect;
    assert!(refused("trace", row)["error"]["message"].as_str().unwrap().contains("did you mean \"dialect\"?"));
    for (name, value) in [("labels", json!(1)), ("dialct", json!("mine")), ("idx", json!(7)), ("source", Value::Null)] {
        let row = with(name, value.clone());
        let answer = refused("trace", row);
        assert_eq!((&answer[name], &answer["outcome"]), (&value, &json!("solved")), "{answer}");
    }
}

#[test]
fn what_select_writes_is_checked_and_what_pack_writes_is_a_dataset() {
    let place = Place::small();
    place.generated("out", &["--format", "jsonl", "--count", "train=60"]);
    let file = place.name("out/search/train-00000-of-00002.jsonl");
    let selected = expect(0, &["select", "star", &file]);
    let checked = feed(&["check"], selected.out.as_bytes());
    let kept: Vec<(Value, Value)> =
        json_lines(&checked.out).iter().map(|row| (row["id"].clone(), row["kept"].clone())).collect();
    let chosen: Vec<(Value, Value)> =
        json_lines(&selected.out).iter().map(|row| (row["id"].clone(), row["kept"].clone())).collect();
    assert_eq!(kept, chosen);
    assert_eq!(checked.code, Some(0), "{}", checked.out);
    for (how, more) in [("sub-sample", &[][..]), ("repeat", &["--by", "rows"]), ("repeat", &[]), ("filler", &[])] {
        let (out, packed) = (place.name("out"), format!("packed-{how}-{}", more.len()));
        let packed = place.name(&packed);
        let pack = ["pack", &out, "--arms", "search,optimal", "--how", how, "--out", &packed];
        expect(0, &[&pack[..], more].concat());
        let checked = expect(0, &["check", &packed]);
        assert!(checked.out.contains("ok: clean rows are clean"), "{}", checked.out);
        let audited = expect(0, &["audit", &packed]);
        assert!(audited.out.contains("puzzles read again"), "{}", audited.out);
        let stats = expect(0, &["stats", &packed]);
        assert!(stats.out.contains("optimal"), "{}", stats.out);
        // One row of an arm is another puzzle: the checksum tells, and the other arm.
        let path = place.path(&packed).join("optimal/train-00000-of-00001.jsonl");
        let text = fs::read_to_string(&path).unwrap();
        let mut rows = json_lines(&text);
        rows[0]["id"] = json!("0".repeat(32));
        fs::write(&path, lines(&rows)).unwrap();
        let report: Value = serde_json::from_str(&expect(1, &["audit", &packed, "--json"]).out).unwrap();
        let kinds: Vec<&str> =
            report["findings"].as_array().unwrap().iter().map(|finding| finding["kind"].as_str().unwrap()).collect();
        assert!(kinds.contains(&"altered") && kinds.contains(&"twin") && kinds.contains(&"puzzle"), "{kinds:?}");
        fs::write(place.path(&packed).join("optimal/more.jsonl"), "").unwrap();
        assert!(expect(1, &["audit", &packed]).out.contains("more.jsonl"));
    }
    // What a kept copy of a dataset's folder is not: a place to generate into.
    let ran = place.generate("packed-filler-0", &["--overwrite"]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
}

/// Datasets of two seeds share puzzles within a split, since splits own puzzles whatever the seed; a dataset whose splits are named otherwise does not fit.
#[test]
fn datasets_are_merged_where_no_puzzle_is_in_two_splits() {
    let place = Place::small();
    let count = ["--count", "train=60", "--count", "test=20", "--count", "validation=20"];
    place.generated("one", &count);
    place.generated("two", &[&count[..], &["--seed", "8"]].concat());
    let (one, two, out) = (place.name("one"), place.name("two"), place.name("both"));
    let merged = expect(0, &["merge", &one, &two, "--out", &out, "--format", "jsonl"]);
    assert!(merged.err.contains("train: 120 rows; "), "{}", merged.err);
    for command in ["check", "audit", "stats"] {
        expect(0, &[command, &out]);
    }
    let rows = |config: &str| {
        json_lines(&fs::read_to_string(place.path("both").join(config).join("train-00000-of-00001.jsonl")).unwrap())
    };
    let (search, optimal) = (rows("search"), rows("optimal"));
    for (index, (a, b)) in search.iter().zip(&optimal).enumerate() {
        assert_eq!((&a["index"], &a["id"], &a["source_index"]), (&b["index"], &b["id"], &json!(index % 60)));
        assert_eq!((&a["index"], &a["source"]), (&json!(index), &json!(if index < 60 { &one } else { &two })));
    }
    // The same dataset again has only puzzles that were there.
    let out = place.name("again");
    let merged = expect(0, &["merge", &one, &one, "--distinct", "--out", &out]);
    assert!(merged.err.contains("train: 60 rows; 60 repeat a puzzle, left out"), "{}", merged.err);
    // Another dataset whose test has puzzles of this one's train.
    let other = fs::read_to_string(place.path("recipe.toml")).unwrap();
    let swapped = other.replace("splits.train]", "splits.x]").replace("splits.test]", "splits.train]");
    fs::write(place.path("recipe.toml"), swapped.replace("splits.x]", "splits.test]")).unwrap();
    place.generated("other", &[]);
    let out = place.name("leak");
    let refused = expect(1, &["merge", &one, &place.name("other"), "--out", &out]);
    assert!(refused.err.contains("puzzles are in two splits, up to renaming: the twin "), "{}", refused.err);
    assert!(!place.path("leak").exists());
    fs::write(place.path("recipe.toml"), other.replace("kind = \"answer\"", "kind = \"direct\"")).unwrap();
    place.generated("kinds", &[]);
    let refused = expect(2, &["merge", &one, &place.name("kinds"), "--out", &out]);
    assert!(refused.err.contains("allowed: those of the first dataset, search, optimal"), "{}", refused.err);
}

/// The rows of a merged dataset are the same in every format; the default is that of the datasets.
#[test]
fn datasets_are_merged_in_their_format() {
    let place = Place::new(&format!("{SMALL}\n[[records]]\nkind = \"group\"\n\n[[records]]\nkind = \"rl\"\n"));
    let count = ["--count", "train=70", "--count", "test=20", "--count", "validation=0"];
    let generated = |name: &str, format: &str, seed: &str| {
        place.generated(name, &[&count[..], &["--format", format, "--seed", seed]].concat());
        place.name(name)
    };
    let rows = |folder: &str, format: Format| {
        let (mut found, file) = (Vec::new(), place.path(folder));
        for config in ["search", "optimal", "answer", "group", "rl"] {
            let file = file.join(config).join(format!("train-00000-of-00001.{format}"));
            read_rows(format, &file, &mut |row| found.push(Value::from(row))).unwrap();
        }
        found
    };
    let (one, two) = (generated("one", "parquet", "7"), generated("two", "parquet", "8"));
    let other = generated("other", "jsonl", "8");
    let merge = |more: &[&str], out: &str| expect(0, &[&["merge", "--out", &place.name(out)][..], more].concat());
    merge(&[&one, &two], "default");
    merge(&[&one, &other], "mixed");
    merge(&[&one, &two, "--format", "jsonl.zst"], "zst");
    merge(&[&place.name("mixed"), &other, "--format", "parquet", "--distinct"], "again");
    let found = rows("default", Format::Parquet);
    assert_eq!((found.len(), rows("again", Format::Parquet).len()), (5 * 140, 5 * 140));
    assert_eq!(rows("zst", Format::JsonLinesZstd), found);
    let without = |mut rows: Vec<Value>| {
        rows.iter_mut().for_each(|row| row["source"] = Value::Null);
        rows
    };
    assert_eq!(without(rows("mixed", Format::JsonLines)), without(found));
    for out in ["default", "zst", "again"] {
        for command in ["check", "audit", "stats"] {
            expect(0, &[command, &place.name(out)]);
        }
    }
    // Rows with columns of their own fit no columns of this program.
    let (packed, out) = (place.name("packed"), place.name("refused"));
    expect(0, &["pack", &one, "--arms", "search,optimal", "--out", &packed]);
    let refused = expect(2, &["merge", &packed, &packed, "--distinct", "--out", &out, "--format", "parquet"]);
    let told = "rows of the kind \"optimal\" have no column \"copy\" here; --format jsonl takes any rows";
    let told = [told, &told.replace("optimal", "search")].map(|told| refused.err.contains(told));
    assert!(told.contains(&true), "{}", refused.err);
}

/// The same rows in every format that is read.
fn files(place: &Place) -> Vec<(&'static str, Vec<u8>)> {
    let plain = fs::read(place.path("jsonl/search/train-00000-of-00001.jsonl")).unwrap();
    let gzip = |bytes: &[u8]| {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(bytes).unwrap();
        packed.finish().unwrap()
    };
    let (one, two) = plain.split_at(plain.iter().position(|&byte| byte == b'\n').unwrap() + 1);
    let text = String::from_utf8(plain.clone()).unwrap();
    vec![
        ("parquet", fs::read(place.path("parquet/search/train-00000-of-00001.parquet")).unwrap()),
        ("zstd", fs::read(place.path("zstd/search/train-00000-of-00001.jsonl.zst")).unwrap()),
        ("two zstd frames", [zstd::encode_all(one, 1).unwrap(), zstd::encode_all(two, 1).unwrap()].concat()),
        ("gzip", gzip(&plain)),
        ("two gzip members", [gzip(one), gzip(two)].concat()),
        ("a mark", [b"\xef\xbb\xbf", &plain[..]].concat()),
        ("a mark in gzip", gzip(&[b"\xef\xbb\xbf", &plain[..]].concat())),
        ("CRLF", text.replace('\n', "\r\n").into_bytes()),
        ("blank lines", text.replace('\n', "\n\n \r\n").into_bytes()),
        ("no last end of line", plain[..plain.len() - 1].to_vec()),
        ("plain", plain),
    ]
}

#[test]
fn every_format_is_read_alike_by_its_bytes_and_not_by_its_name() {
    let place = Place::small();
    let count = ["--count", "train=45", "--count", "test=5", "--count", "validation=5"];
    for (out, format) in [("jsonl", "jsonl"), ("zstd", "jsonl.zst"), ("parquet", "parquet")] {
        place.generated(out, &[&["--format", format][..], &count].concat());
    }
    let commands: [&[&str]; 5] =
        [&["check"], &["score", "--json"], &["score", "--rows"], &["select", "best"], &["stats"]];
    let plain = files(&place).pop().unwrap().1;
    let ran = |ran: Ran| {
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        ran.out
    };
    for command in commands {
        let expected = ran(feed(&[command, &["-"]].concat(), &plain));
        assert!(expected.len() > 100);
        for (name, bytes) in files(&place) {
            fs::write(place.path("rows.txt"), &bytes).unwrap();
            let file = place.name("rows.txt");
            assert!(expect(0, &[command, &[&file]].concat()).out == expected, "{command:?} of a file: {name}");
            assert!(ran(feed(&[command, &["-"]].concat(), &bytes)) == expected, "{command:?} of a pipe: {name}");
        }
    }
    for (name, bytes) in files(&place) {
        let out = place.name(&format!("packed {name}"));
        let packed = feed(&["pack", "-", "--arms", "search", "--by", "rows", "--out", &out], &bytes);
        assert_eq!(packed.code, Some(0), "{name}: {}", packed.err);
        let rows = |out: &str| fs::read(place.path(out).join("search/train-00000-of-00001.jsonl")).unwrap();
        assert!(rows(&out) == rows("packed parquet"), "{name}");
    }
    for (bytes, says) in [
        (&b"\xff\xfe{\0"[..], "UTF-16; convert it to UTF-8"),
        (b"PAR1 and no more", "Parquet"),
        (b"\x1f\x8b\x08\0\0\0\0\0\0\0no", "deflate"),
    ] {
        fs::write(place.path("rows.txt"), bytes).unwrap();
        for command in commands {
            let ran = super::run(&[command, &[&place.name("rows.txt")]].concat());
            assert!(ran.code >= Some(2) && ran.err.contains(says), "{command:?} {:?}: {}", ran.code, ran.err);
        }
    }
}

#[test]
fn nothing_that_can_be_read_is_a_wrong_request_with_the_first_reason() {
    let place = Place::small();
    place.generated("out", &["--format", "jsonl", "--count", "train=20"]);
    let file = place.name("out/search/train-00000-of-00001.jsonl");
    for command in [&["check"][..], &["score"], &["score", "--rows"], &["score", "--json"], &["select", "star"]] {
        for (input, reason) in [
            (&b"no JSON\n[1]\n"[..], "the first: line 1: line: not JSON"),
            (b"{\"id\":\"1\",\"text\":\"x\"}\n", "say which one with --dataset"),
            (b"{\"env\":\"countdwn\"}\n{}\n", "did you mean \"countdown\"?"),
        ] {
            let ran = feed(command, input);
            let reason = if command[0] == "check" { reason.replace("line 1: ", "") } else { reason.into() };
            assert!(ran.code == Some(2) && ran.err.contains(&reason), "{command:?} {:?}: {}", ran.code, ran.err);
            assert!(!ran.out.contains("0.00 %"), "{}", ran.out);
        }
    }
    for (search, reason) in [
        (r#"{"kind":"dsf"}"#, "--search: found \"dsf\"; allowed: "),
        (r#"{"kind":"dfs","heuristc":"sum"}"#, "did you mean `heuristic`?"),
        ("dfs", "give JSON such as"),
        (r#"{"kind":"dfs","heuristic":"manhattan"}"#, "manhattan"),
    ] {
        let ran = super::run(&["score", &file, "--search", search]);
        assert!(ran.code == Some(2) && ran.err.contains(reason), "{search} {:?}: {}", ran.code, ran.err);
    }
    let ran = feed(&["score"], b"");
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), "0 rows in 0 groups\n"));
    assert!(ran.err.contains("standard input: no rows"), "{}", ran.err);
    assert!(feed(&["stats", "-"], b"").err.contains("standard input: no rows"));
}

#[test]
fn threads_change_no_byte() {
    let place = Place::small();
    place.generated("out", &["--count", "train=200"]);
    let mut rows = Vec::new();
    for split in ["train-00000-of-00004", "train-00002-of-00004", "test-00000-of-00002"] {
        let path = place.name(&format!("out/search/{split}.parquet"));
        rows.extend(json_lines(&expect(0, &["select", "best", &path, "--quiet"]).out));
    }
    // Some wrong texts among them, and some lines that are none.
    for (place, row) in rows.iter_mut().enumerate().filter(|(place, _)| place % 7 == 0) {
        row["completion"] = if place % 2 == 0 { "Exploring Operation: 1+1=3\n".into() } else { Value::Null };
    }
    fs::write(place.path("rows.jsonl"), lines(&rows)).unwrap();
    fs::write(place.path("requests.jsonl"), lines(&requests()).repeat(100)).unwrap();
    let (out, rows, requests) = (place.name("out"), place.name("rows.jsonl"), place.name("requests.jsonl"));
    let pack = place.name("packed");
    let commands: [&[&str]; 9] = [
        &["check", &rows],
        &["check", &out],
        &["score", &rows],
        &["score", "--rows", &rows],
        &["select", "roc", "--keep", "1", &rows],
        &["audit", &out],
        &["stats", &out],
        &["trace", &requests],
        &["pack", &out, "--arms", "search,optimal", "--out", &pack],
    ];
    for command in commands {
        let mut seen = None;
        for threads in ["1", "2", "7"] {
            let ran = super::run(&[command, &["--threads", threads, "--quiet"]].concat());
            let packed = fs::read(place.path("packed/search/train-00000-of-00001.jsonl")).ok();
            let _ = fs::remove_dir_all(place.path("packed"));
            let found = (ran.code, ran.out, ran.err, packed);
            assert!(found.0 <= Some(1), "{command:?}: {}", found.2);
            assert!(seen.get_or_insert_with(|| found.clone()) == &found, "{command:?} with {threads}");
        }
    }
}

/// A program that asks through a pipe gets its answer before it asks again.
#[test]
fn an_answer_comes_before_the_next_request() {
    let request = requests()[0].clone();
    let mut child =
        sos(&["trace"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    for turn in 0..3 {
        let mut request = request.clone();
        request["turn"] = turn.into();
        writeln!(input, "{request}").unwrap();
        let mut answer = String::new();
        output.read_line(&mut answer).unwrap();
        assert_eq!(json_lines(&answer)[0]["turn"], turn);
    }
    drop(input);
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_recipe_is_no_file_of_rows() {
    let place = Place::new(SMALL);
    for command in [&["check"][..], &["score"], &["select", "best"], &["stats"]] {
        let ran = super::run(&[command, &[&place.name("recipe.toml")]].concat());
        assert!(ran.code == Some(2) && ran.err.contains("not JSON"), "{command:?} {:?}: {}", ran.code, ran.err);
    }
}

/// A Parquet file as other programs write it: other types, other compression, values that are missing.
#[test]
fn parquet_files_of_other_programs_are_read() {
    use parquet::basic::Compression;
    use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type};
    use parquet::file::{properties::WriterProperties, writer::SerializedFileWriter};
    let schema = "message rows { required binary env; required binary puzzle (UTF8); required binary dialect (UTF8);
        required binary text (UTF8); optional int32 sample; required double temperature; }";
    let place = Place::small();
    let puzzle = r#"{"numbers":[3,5,7],"target":22}"#;
    let right = "3 * 5 = 15 : 7 15 > #1 7 + 15 = 22 : 22 goal";
    let texts = ["countdown", puzzle, "compact", right].map(|text| [ByteArray::from(text), ByteArray::from(text)]);
    for compression in [Compression::SNAPPY, Compression::GZIP(Default::default()), Compression::UNCOMPRESSED] {
        let properties = WriterProperties::builder().set_compression(compression).build();
        let schema = parquet::schema::parser::parse_message_type(schema).unwrap();
        let mut writer = SerializedFileWriter::new(Vec::new(), schema.into(), properties.into()).unwrap();
        let mut group = writer.next_row_group().unwrap();
        for text in &texts {
            let mut column = group.next_column().unwrap().unwrap();
            column.typed::<ByteArrayType>().write_batch(text, None, None).unwrap();
            column.close().unwrap();
        }
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<Int32Type>().write_batch(&[7], Some(&[0, 1]), None).unwrap();
        column.close().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<DoubleType>().write_batch(&[0.5, 1.0], None, None).unwrap();
        column.close().unwrap();
        group.close().unwrap();
        fs::write(place.path("rows"), writer.into_inner().unwrap()).unwrap();
        let checked = json_lines(&expect(0, &["check", &place.name("rows")]).out);
        let own: Vec<_> = checked.iter().map(|row| json!([row["sample"], row["temperature"], row["valid"]])).collect();
        assert_eq!(own, [json!([null, 0.5, true]), json!([7, 1.0, true])], "{compression:?}");
        assert!(expect(0, &["score", &place.name("rows")]).out.contains("solved                    100.00 %"));
    }
}
