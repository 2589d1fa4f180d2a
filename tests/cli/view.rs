//! `sos view`: what its file holds, and what its server gives to whom.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use super::{Place, expect, feed, json_lines, run, sos};

/// The element of a page that holds its data.
const DATA: &str = "<script type=\"application/json\" id=\"data\">";

/// The data of a page.
pub fn data(path: &std::path::Path) -> Value {
    let page = fs::read_to_string(path).unwrap();
    let (_, behind) = page.split_once(DATA).unwrap();
    let (json, _) = behind.split_once("</script>").unwrap();
    assert!(!json.contains('<'), "an element could begin in the data");
    serde_json::from_str(json).unwrap()
}

/// Writes the page of what is given, and reads its data.
fn written(arguments: &[&str]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("page.html");
    let all = [&["view"], arguments, &["--out", path.to_str().unwrap(), "--quiet"]].concat();
    expect(0, &all);
    data(&path)
}

/// Where each event of a text is, as text.
fn pieces(text: &Value) -> Vec<&str> {
    let shown = text["text"].as_str().unwrap();
    let events = &text["trace"]["events"];
    let place = |column: &str, event: usize| events[column][event].as_u64().unwrap() as usize;
    let count = events["kind"].as_array().unwrap().len();
    (0..count).map(|event| &shown[place("start", event)..place("end", event)]).collect()
}

/// The server of a command line, ended with the test.
struct Served {
    child: Child,
    port: u16,
    token: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Served {
    fn new(arguments: &[&str]) -> Served {
        let mut child = sos(arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("http://127.0.0.1:").expect("an address of this machine");
        let (port, token) = address.split_once('/').unwrap();
        let token = token.strip_suffix('/').unwrap().to_string();
        assert!(token.len() >= 32, "{token}");
        Served { child, port: port.parse().unwrap(), token }
    }

    /// Sends bytes, and gives all that comes back.
    fn send(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        // The server may have answered before it got all of a request.
        let _ = stream.write_all(bytes);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Asks with fields of its own.
    fn ask(&self, target: &str, fields: &str) -> String {
        self.send(format!("GET {target} HTTP/1.1\r\n{fields}\r\n").as_bytes())
    }

    fn host(&self) -> String {
        format!("Host: 127.0.0.1:{}\r\n", self.port)
    }

    /// Asks for what stands behind the token.
    fn get(&self, path: &str) -> (u16, String) {
        let answer = self.ask(&format!("/{}/{path}", self.token), &self.host());
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (status(head), body.to_string())
    }

    fn json(&self, path: &str) -> Value {
        let (status, body) = self.get(path);
        assert_eq!(status, 200, "{path}: {body}");
        serde_json::from_str(&body).unwrap()
    }
}

fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_else(|| panic!("{answer:?}"))
}

/// The rows are those of `sos sample`, the verdicts those of `sos check`, and every event stands where its span says.
#[test]
fn rows_of_a_recipe_are_those_of_sample_and_check() {
    let place = Place::small();
    let recipe = place.name("recipe.toml");
    let found = written(&[&recipe, "--index", "1", "--count", "2"]);
    assert_eq!((&found["about"]["kind"], &found["about"]["name"]), (&json!("recipe"), &json!("recipe.toml")));
    let configs = found["about"]["configs"].as_array().unwrap();
    assert_eq!(found["rows"].as_array().unwrap().len(), 2 * configs.len());
    let mut traces = 0;
    for row in found["rows"].as_array().unwrap() {
        let (config, index) = (row["config"].as_str().unwrap(), row["index"].to_string());
        let split = row["split"].as_str().unwrap();
        let sample = expect(0, &["sample", &recipe, "--config", config, "--split", split, "--index", &index]).out;
        assert_eq!(row["row"], json_lines(&sample)[0], "{config} {index}");
        let text = &row["texts"][0];
        let checked = json_lines(&feed(&["check"], sample.as_bytes()).out)[0].clone();
        let before = text["prompt"].as_str().unwrap().len() as u64;
        for (name, right) in text["verdict"].as_object().unwrap() {
            match name.as_str() {
                "errors" | "first_error" => {}
                _ => assert_eq!(*right, checked[name], "{config} {index}: {name}"),
            }
        }
        let ends = |verdict: &Value| -> Vec<(Value, i64)> {
            let errors = verdict["errors"].as_array().unwrap().iter();
            errors.map(|error| (error["class"].clone(), error["span"][0].as_i64().unwrap_or(-1))).collect()
        };
        let moved: Vec<_> =
            ends(&checked).into_iter().map(|(class, start)| (class, (start - before as i64).max(-1))).collect();
        assert_eq!(ends(&text["verdict"]), moved, "{config} {index}");
        if text["trace"].is_object() {
            traces += 1;
            let nodes = &text["trace"]["nodes"];
            let count = nodes["parent"].as_array().unwrap().len();
            assert!(
                ["depth", "state", "move", "ordinal", "g", "h"].iter().all(|column| nodes[*column]
                    .as_array()
                    .unwrap()
                    .len()
                    == count)
            );
            assert!(pieces(text).iter().skip(1).all(|piece| !piece.is_empty()));
            assert_eq!(count as u64, text["verdict"]["metrics"]["nodes"].as_u64().unwrap());
        }
    }
    assert!(traces >= 2);
}

/// The states of a text's solution lead from the start to a goal.
#[test]
fn a_text_with_its_states_and_its_error() {
    let right = "3 * 5 = 15 : 7 15 > #1 7 + 15 = 22 : 22 goal";
    let wrong = "3 + 7 = 11 : 5 11 #1 3 * 5 = 15 : 7 15 > #2 7 + 15 = 22 : 22 goal";
    let row = |text: &str| json!({"env": "countdown", "puzzle": {"numbers": [3, 5, 7], "target": 22}, "dialect": "compact", "text": text, "mine": "<b>"});
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows.jsonl");
    fs::write(&path, format!("{}\n{}\n", row(right), row(wrong))).unwrap();
    let found = written(&[path.to_str().unwrap()]);
    assert_eq!((&found["about"]["kind"], &found["about"]["rows"]), (&json!("rows"), &json!(2)));
    let text = &found["rows"][0]["texts"][0];
    let state = |place: &Value| text["trace"]["states"][place.as_u64().unwrap() as usize].as_str().unwrap().to_string();
    let states: Vec<String> = text["solution_states"].as_array().unwrap().iter().map(state).collect();
    assert_eq!(states, ["3 5 7", "7 15", "22"]);
    assert_eq!(text["label"]["reward"], 1);
    // Tokens of `compact` are its words.
    let words = |text: &Value| text.as_str().unwrap().split_whitespace().count();
    let tokens = json!({"prompt": words(&text["prompt"]), "text": right.split(' ').count(), "answer": null});
    assert_eq!((&text["tokens"], &found["about"]["tokenizer"]), (&tokens, &Value::Null));
    let text = &found["rows"][1]["texts"][0];
    let error = &text["verdict"]["first_error"];
    let span = |end: usize| error["span"][end].as_u64().unwrap() as usize;
    assert_eq!(error["class"], "arithmetic");
    assert!(text["text"].as_str().unwrap()[span(0)..span(1)].contains("11"), "{error}");
    assert_eq!(found["stats"]["rows"], 2);
    assert_eq!(found["rows"][1]["row"]["mine"], "<b>");
    assert!(found["rows"].as_array().unwrap().iter().all(|row| row["same_puzzle"] == json!([0, 1])));
}

#[test]
fn a_request_for_a_trace_is_answered_first() {
    let request = json!({"env": "countdown", "puzzle": {"numbers": [3, 5, 7], "target": 22}, "dialect": "compact", "search": {"kind": "dfs"}});
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("page.html");
    let ran = feed(&["view", "-", "--out", path.to_str().unwrap()], request.to_string().as_bytes());
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let found = data(&path);
    assert_eq!(found["about"]["kind"], "request");
    assert_eq!(found["rows"][0]["texts"][0]["verdict"]["solved"], true);
}

/// Rows of several texts are shown as what they are, and what they say of themselves is checked.
#[test]
fn every_kind_of_record() {
    let kinds = [
        ("search", 1),
        ("critique", 2),
        ("criteria", 2),
        ("comparison", 4),
        ("group", 3),
        ("correction", 4),
        ("preference", 2),
        ("stepwise", 1),
        ("messages", 2),
        ("unpaired", 1),
        ("backtrack", 1),
        ("rl", 1),
    ];
    let mut recipe = "name = \"kinds\"\nseed = 3\ndialect = \"compact\"\nanswer = true\n[environment]\nname = \"countdown\"\nlevel = \"easy\"\n[[searches]]\nkind = \"dfs\"\nmax_nodes = 60\n[splits.train]\nrows = 5\nshare = 1\n".to_string();
    for (kind, _) in kinds {
        recipe += &format!("[[records]]\nkind = \"{kind}\"\n{}", if kind == "group" { "size = 3\n" } else { "" });
    }
    let place = Place::new(&recipe);
    let found = written(&[&place.name("recipe.toml"), "--count", "5"]);
    for row in found["rows"].as_array().unwrap() {
        let (config, texts) = (row["config"].as_str().unwrap(), row["texts"].as_array().unwrap());
        let (_, count) = kinds.iter().find(|(kind, _)| *kind == config).unwrap();
        assert_eq!(row["error"], Value::Null, "{config}");
        assert!(texts.len() == *count || (config == "comparison" && texts.len() > 1), "{config}: {}", texts.len());
        assert!(texts.iter().all(|text| text["error"].is_null()), "{config}: {texts:?}");
        if let Some(agrees) = row["check"].get("agrees") {
            assert_eq!(*agrees, true, "{config}: {}", row["check"]);
        }
        for text in texts {
            let (right, name) = (&text["label"]["right"], text["name"].as_str().unwrap());
            if let (Some(right), Some(verdict)) = (right.as_bool(), text["verdict"].as_object()) {
                let both = verdict["solved"] == true && verdict["valid"] == true;
                assert_eq!(right, both, "{config}, {name}: what the row says is not what the checker says");
            }
            let length = text["text"].as_str().unwrap().len() as u64;
            let spans = text["wrong_spans"].as_array().unwrap().iter().chain(text["skip_spans"].as_array().unwrap());
            assert!(spans.clone().all(|span| span[0].as_u64() < span[1].as_u64() && span[1].as_u64() <= Some(length)));
            // What is planted is found at its place.
            for defect in text["defects"].as_array().unwrap() {
                let errors = text["verdict"]["errors"].as_array().unwrap();
                let at = |error: &&Value| error["class"] == defect["class"] && error["step"] == defect["step"];
                assert!(errors.iter().any(|error| at(&error)), "{config}: {defect}");
            }
        }
    }
}

#[test]
fn a_dataset_and_its_figures() {
    let place = Place::small();
    place.generated("out", &[]);
    let out = place.name("out");
    let found = written(&[&out, "--count", "3"]);
    assert_eq!((&found["about"]["kind"], &found["about"]["name"]), (&json!("dataset"), &json!("out")));
    assert!(found["about"]["recipe"].as_str().unwrap().contains("[environment]"));
    let figures = json_lines(&expect(0, &["stats", &out, "--json", "--quiet"]).out)[0].clone();
    assert_eq!(found["stats"], figures);
    for config in figures["configs"].as_array().unwrap() {
        for (column, counts) in config["histograms"].as_object().unwrap() {
            let edges = figures["bins"][column].as_array().unwrap();
            let counts: Vec<u64> = counts.as_array().unwrap().iter().map(|count| count.as_u64().unwrap()).collect();
            assert_eq!(edges.len(), counts.len() + 1, "{column}");
            let spread = &config["spreads"][column];
            assert!(
                edges[0].as_u64() <= spread["least"].as_u64() && spread["most"].as_u64() < edges[counts.len()].as_u64()
            );
        }
        let bytes = config["histograms"]["bytes"].as_array().unwrap().iter();
        assert_eq!(bytes.map(|count| count.as_u64().unwrap()).sum::<u64>(), config["rows"].as_u64().unwrap());
    }
    // The rows of the folder are those of the recipe.
    let made = written(&[&place.name("recipe.toml"), "--count", "3"]);
    assert_eq!(made["rows"], found["rows"]);
}

/// What the server lists, in a recipe and in the dataset of it.
#[test]
fn rows_to_choose_from() {
    let place = Place::small();
    place.generated("out", &[]);
    let (made, kept) = (Served::new(&["view", &place.name("recipe.toml")]), Served::new(&["view", &place.name("out")]));
    for query in [
        "rows",
        "rows?count=3",
        "rows?from=2&count=5&solved=true",
        "rows?most_nodes=8",
        "rows?outcome=solved&least_bytes=10&split=train",
        "rows?text=5",
    ] {
        let (one, other) = (made.json(query), kept.json(query));
        assert_eq!(one, other, "{query}");
        assert!(!one["rows"].as_array().unwrap().is_empty(), "{query}");
    }
    let first = &made.json("rows?count=1")["rows"][0];
    let place =
        format!("row?config={}&split={}&index=0", first["config"].as_str().unwrap(), first["split"].as_str().unwrap());
    assert_eq!(made.json(&place)["row"]["id"], first["id"]);
    assert_eq!(made.json(&place), kept.json(&place));
    // All rows come once, in pieces or at once.
    let (mut from, mut rows) = (0, Vec::new());
    loop {
        let some = made.json(&format!("rows?count=90&from={from}"));
        assert!(!some["rows"].as_array().unwrap().is_empty());
        rows.extend(some["rows"].as_array().unwrap().clone());
        if some["more"] == false {
            break;
        }
        from = some["next"].as_u64().unwrap();
    }
    let first = made.json("rows?count=9");
    assert_eq!(first["rows"].as_array().unwrap()[..], rows[..first["rows"].as_array().unwrap().len()]);
    let place = |row: &Value| format!("{} {} {}", row["config"], row["split"], row["index"]);
    let places: std::collections::BTreeSet<String> = rows.iter().map(place).collect();
    let splits = |config: &Value| {
        config["splits"].as_array().unwrap().iter().map(|split| split["rows"].as_u64().unwrap()).sum::<u64>()
    };
    let all: u64 = made.json("about")["configs"].as_array().unwrap().iter().map(splits).sum();
    assert_eq!((places.len() as u64, rows.len() as u64), (all, all));
    assert!(made.json("stats")["configs"].as_array().unwrap().len() > 1);
    for (query, said) in [
        ("row?config=none", "there are:"),
        ("row?split=none", "there are:"),
        ("row?index=x", "whole number"),
        ("row?index=99999999999", "index"),
        ("rows?nonsense=1", "no such filter"),
        ("rows?count=-1", "whole number"),
    ] {
        let (status, body) = made.get(query);
        assert!(status == 404 && body.contains(said), "{query}: {status} {body}");
    }
}

/// Nobody but the page gets anything, and nothing but what was given is served.
#[test]
fn the_server_answers_its_own_page_alone() {
    let place = Place::small();
    let served = Served::new(&["view", &place.name("recipe.toml")]);
    let (token, host) = (served.token.clone(), served.host());
    let answer = served.ask(&format!("/{token}/"), &host);
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert_eq!(status(head), 200);
    for field in [
        "X-Content-Type-Options: nosniff",
        "X-Frame-Options: DENY",
        "Cache-Control: no-store",
        "Referrer-Policy: no-referrer",
        "frame-ancestors 'none'",
        "default-src 'none'",
    ] {
        assert!(head.contains(field), "{field}\n{head}");
    }
    assert!(!head.to_lowercase().contains("access-control"), "{head}");
    let (_, nonce) = head.split_once("script-src 'nonce-").unwrap();
    let nonce = nonce.split('\'').next().unwrap();
    assert!(nonce.len() >= 32 && body.contains(&format!("<script nonce=\"{nonce}\"")));
    let again = served.ask(&format!("/{token}/"), &host);
    assert!(!again.contains(nonce), "a nonce is used once");

    let about = format!("/{token}/about");
    let own = format!("Origin: http://127.0.0.1:{}\r\nSec-Fetch-Site: same-origin\r\n", served.port);
    let local = format!("Host: localhost:{}\r\n", served.port);
    for fields in [host.clone(), local, format!("{host}{own}"), format!("{host}Sec-Fetch-Site: none\r\n")] {
        assert_eq!(status(&served.ask(&about, &fields)), 200, "{fields}");
    }
    let port = served.port;
    for fields in [
        String::new(),
        "Host: \r\n".into(),
        "Host: 127.0.0.1\r\n".into(),
        format!("Host: evil.example:{port}\r\n"),
        format!("Host: 127.0.0.1.evil.example:{port}\r\n"),
        format!("Host: 127.0.0.1:{port}@evil.example\r\n"),
        format!("Host: 0.0.0.0:{port}\r\n"),
        format!("Host: evil.example\r\n{host}"),
        format!("{host}Host: evil.example\r\n"),
        format!("{host}Origin: http://evil.example\r\n"),
        format!("{host}Origin: null\r\n"),
        format!("{host}Origin: http://127.0.0.1:{}\r\n", port ^ 1),
        format!("{host}Sec-Fetch-Site: cross-site\r\n"),
        format!("{host}Sec-Fetch-Site: same-site\r\n"),
    ] {
        let answer = served.ask(&about, &fields);
        assert!(status(&answer) == 403 && !answer.contains("recipe"), "{fields}\n{answer}");
    }
    let other = token.replace(|c: char| c == token.chars().next().unwrap(), "x");
    for target in [
        "/".to_string(),
        "//".into(),
        "/about".into(),
        "/row?index=0".into(),
        format!("/{other}/about"),
        format!("/{}/about", &token[1..]),
        format!("/{token}0/about"),
        format!("/{}/about", token.to_uppercase().replace(|c: char| c.is_ascii_digit(), "0")),
        "/about?token=".to_string() + &token,
        format!("/{token}/../../etc/passwd"),
        format!("/{token}/..%2f..%2fetc%2fpasswd"),
        format!("/{token}/%2e%2e/%2e%2e/etc/passwd"),
        format!("/{token}//etc/passwd"),
        format!("/{token}/recipe.toml"),
        format!("/{token}/about/"),
        format!("/{token}/about%00"),
        format!("/{token}/ABOUT"),
        format!("http://127.0.0.1:{port}/{token}/about"),
    ] {
        let answer = served.ask(&target, &host);
        assert!([400, 404].contains(&status(&answer)) && !answer.contains("root:"), "{target}\n{answer}");
    }
    for method in ["POST", "PUT", "HEAD", "OPTIONS", "DELETE", "TRACE", "CONNECT", "get", "PROPFIND"] {
        let answer = served.send(format!("{method} {about} HTTP/1.1\r\n{host}Content-Length: 0\r\n\r\n").as_bytes());
        assert!(status(&answer) == 405 && !answer.contains("recipe"), "{method}\n{answer}");
    }
    let long = "a".repeat(1 << 20);
    for request in [
        format!("GET {about}?{long} HTTP/1.1\r\n{host}\r\n"),
        format!("GET {about} HTTP/1.1\r\n{host}X: {long}\r\n\r\n"),
        format!("GET {about} HTTP/1.1\r\n{host}{}\r\n", "X: y\r\n".repeat(1000)),
        long.clone(),
    ] {
        let answer = served.send(request.as_bytes());
        assert!(answer.is_empty() || [400, 431].contains(&status(&answer)), "{}", &answer[..100.min(answer.len())]);
    }
    for bytes in [
        &b"\r\n\r\n"[..],
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\n\r\n",
    ] {
        let answer = served.send(bytes);
        assert!(answer.is_empty() || status(&answer) >= 400, "{bytes:?}: {answer}");
    }
    // A body is no second request.
    let two = format!(
        "GET {about} HTTP/1.1\r\n{host}Content-Length: 500\r\nTransfer-Encoding: chunked\r\n\r\nGET {about} HTTP/1.1\r\n{host}\r\n"
    );
    assert_eq!(served.send(two.as_bytes()).matches("HTTP/1.1 ").count(), 1);
    // Connections that say nothing keep nobody from being served.
    let silent: Vec<TcpStream> = (0..20).map(|_| TcpStream::connect(("127.0.0.1", port)).unwrap()).collect();
    assert_eq!(served.get("about").0, 200);
    drop(silent);
}

#[test]
#[cfg(unix)]
fn a_signal_ends_the_server() {
    let place = Place::small();
    let mut served = Served::new(&["view", &place.name("recipe.toml")]);
    let id = served.child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    assert!(!served.child.wait().unwrap().success());
}

/// Whatever a row holds, it is shown as text, and the page stays whole.
#[test]
fn hostile_rows() {
    let puzzle = json!({"numbers": [3, 5, 7], "target": 22});
    let row =
        |text: &str| json!({"env": "countdown", "puzzle": puzzle, "dialect": "compact", "text": text}).to_string();
    let markup = "</script><script>alert(1)</script><!-- <img src=x onerror=alert(1)> \u{2028} \u{0}";
    let rows: Vec<Vec<u8>> = vec![
        row(markup).into_bytes(),
        row(&"3 + 5 = 8 : 7 8 ".repeat(600_000)).into_bytes(),
        row("3 * 5 = 15 : 7 15 > #1 7 + 15 = ").into_bytes(),
        b"{\"env\": \"countdown\", \"text\": \"\xff\xfe\"}".to_vec(),
        b"no JSON".to_vec(),
        b"[1, 2]".to_vec(),
        json!({"env": "<b>none</b>", "text": "x"}).to_string().into_bytes(),
        json!({"env": "countdown", "puzzle": {"numbers": "many"}, "dialect": "compact", "text": markup}).to_string().into_bytes(),
        json!({"record": "group", "env": "countdown", "puzzle": puzzle, "dialect": "compact", "completions": [1, null, markup]}).to_string().into_bytes(),
        json!({"record": "correction", "messages": [{"role": 3}, "x", {"role": "assistant"}], "defects": "{", "wrong_spans": "[[9, 1], [1]]"}).to_string().into_bytes(),
        json!({"record": "stepwise", "env": "countdown", "puzzle": puzzle, "dialect": "compact", "completions": ["a"], "wrong_spans": [[7, 0, 18446744073709551615u64]]}).to_string().into_bytes(),
        b"{}".to_vec(),
        json!({"prompt": [], "completion": 7}).to_string().into_bytes(),
    ];
    let count = rows.len();
    let folder = tempfile::tempdir().unwrap();
    let (input, page) = (folder.path().join("rows.jsonl"), folder.path().join("page.html"));
    fs::write(&input, rows.join(&b'\n')).unwrap();
    let ran = run(&["view", input.to_str().unwrap(), "--out", page.to_str().unwrap(), "--count", "100", "--quiet"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let found = data(&page);
    let shown = found["rows"].as_array().unwrap();
    assert_eq!(shown.len(), count);
    assert_eq!(shown[0]["texts"][0]["text"], markup);
    assert!(shown[1]["texts"][0]["text"].as_str().unwrap().len() > 9_000_000);
    assert!(shown[1]["verdict"].is_null() && shown[1]["texts"][0]["verdict"]["valid"] == false);
    for place in [3, 4, 5, 6, 7, 9, 11, 12] {
        let message = shown[place]["error"]["message"].as_str();
        assert!(message.is_some_and(|message| !message.is_empty()), "row {place}: {}", shown[place]);
    }
    assert_eq!(found["stats"]["rows"].as_u64(), Some(count as u64 + 2), "a group is three rows");
    // The same rows one by one, and in a list.
    let served = Served::new(&["view", input.to_str().unwrap()]);
    assert_eq!(served.json("rows?count=100")["rows"].as_array().unwrap().len(), count);
    assert_eq!(served.json("row?index=0"), shown[0]);
    assert_eq!(served.get(&format!("row?index={count}")).0, 404);
}

#[test]
fn wrong_requests_are_sentences() {
    let place = Place::small();
    let recipe = place.name("recipe.toml");
    let empty = place.name("empty.jsonl");
    fs::write(&empty, "").unwrap();
    fs::write(place.path("wrong.toml"), "name = 3").unwrap();
    fs::create_dir(place.path("folder")).unwrap();
    let page = place.name("page.html");
    for (arguments, said) in [
        (vec!["no-such-file"], "no ready recipe"),
        (vec![&empty], "no rows"),
        (vec![&place.name("wrong.toml")], "wrong.toml"),
        (vec![&place.name("folder")], "folder"),
        (vec![&recipe, "--out", &page, "--config", "none"], "there are:"),
        (vec![&recipe, "--out", &page, "--split", "none"], "there are:"),
        (vec![&recipe, "--out", &page, "--index", "99999999999999"], "index"),
        (vec![&recipe, "--out", &page, "--count", "5000"], "--count"),
        (vec![&recipe, "--out", &page, "--port", "80"], "--port"),
        (vec![&recipe, "--count", "3"], "--out"),
        (vec![&recipe, "--port", "99999"], "port"),
        (vec![&empty, "--seed", "3"], "--seed"),
    ] {
        let ran = expect(2, &[&["view"], &arguments[..]].concat());
        assert!(ran.err.contains(said) && ran.out.is_empty(), "{arguments:?}: {}", ran.err);
        assert!(!place.path("page.html").exists(), "{arguments:?}");
    }
    let ran = expect(3, &["view", &recipe, "--out", &place.name("none/page.html"), "--count", "1"]);
    assert!(ran.err.contains("page.html"), "{}", ran.err);
    // A port that is taken.
    let served = Served::new(&["view", &recipe]);
    let ran = expect(3, &["view", &recipe, "--port", &served.port.to_string()]);
    assert!(ran.err.contains("--port"), "{}", ran.err);
}
