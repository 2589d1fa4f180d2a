use super::*;
use proptest::prelude::*;
use std::time::{Duration, Instant};

fn judged(text: &str) -> String {
    serde_json::to_string(&check(text)).unwrap_or_default()
}

/// Expects these verdicts on the path and on the tree. The tree's are goal, correctness, nodes, rating, errors by class.
fn expect(text: &str, metric: &str, tree: &str) {
    let tree = match tree.split_once(' ') {
        None => format!("{{\"exception\":\"{tree}\"}}"),
        Some(_) => {
            let [goal, correct, nodes, rating, a, e, f, o] =
                tree.split(' ').collect::<Vec<_>>().try_into().unwrap_or([""; 8]);
            format!(
                "{{\"goal_reached\":{goal},\"correctness\":{correct},\"nodes\":{nodes},\"rating\":{rating},\"errors\":\
                 {{\"arithmetic\":{a},\"exploration\":{e},\"formatting\":{f},\"other\":{o}}}}}"
            )
        }
    };
    let metric = match metric.split_once('|') {
        Some((rating, reason)) => format!("{{\"rating\":{rating},\"reason\":{}}}", serde_json::json!(reason)),
        None => format!("{{\"exception\":\"{metric}\"}}"),
    };
    assert_eq!(judged(text), format!("{{\"metric_fn\":{metric},\"search_tree\":{tree}}}"), "{text}");
}

/// A short correct trace of three numbers.
const CLEAN: &str = "Current State: 9:[2, 3, 4], Operations: []
Exploring Operation: 2+3=5, Resulting Numbers: [4, 5]
Generated Node #0,0: 9:[4, 5] Operation: 2+3=5
Moving to Node #0,0
Current State: 9:[4, 5], Operations: ['2+3=5']
Exploring Operation: 5-4=1, Resulting Numbers: [1]
1,9 unequal: No Solution
Moving to Node #0,0
Current State: 9:[4, 5], Operations: ['2+3=5']
Exploring Operation: 4+5=9, Resulting Numbers: [9]
9,9 equal: Goal Reached
";

#[test]
fn follows_each_branch_of_the_reference() {
    let valid = "0.9166666666666666|Valid path.";
    let good = "1 1 4 0.9166666666666666 0 0 0 0";
    let replaced = |from: &str, to: &str| CLEAN.replace(from, to);
    expect(CLEAN, valid, good);
    expect(&format!("\u{1c}{CLEAN}<|endoftext|>"), valid, good);
    expect("", "0.0|Invalid input: Cannot find the initial state in the first line.", "0 0 0 0 0 0 0 0");
    expect(&replaced("9,9 equal", "9,9 near"), "0.0|No goal reached statement found.", "0 0 3 0 0 0 0 0");
    expect(
        "Current State: 9:[2, 3, 4]\n9,9 equal: Goal Reached",
        "0.0|No operations found leading to the goal.",
        "1 0 0 0 0 1 0 0",
    );
    expect(
        &replaced("4+5=9,", "4+5=8,"),
        "0.0|Invalid path: Final operation does not result in target.",
        "1 0 4 0 0 0 0 0",
    );
    expect(&replaced("'2+3=5'", "'2+3=6'"), "0.0|Invalid operation: 2+3=6", good);
    expect(
        &replaced("['2+3=5']", "['2+7=9']"),
        "0.0|Invalid operation: 2+7=9, number 7 not available in [2, 3, 4]",
        good,
    );
    expect(&replaced("#0,0:", "#0,0,1:"), valid, "1 0 4 0 0 2 0 0");
    expect(&replaced("Operation: 2+3=5\n", "Operation: 2+3\n"), valid, "1 0 4 0 0 1 1 0");
    expect(&replaced("[4, 5] Op", "[4; 5] Op"), valid, "1 0 4 0 0 1 1 0");
    expect(&replaced("Operation: 2+3=5\n", "Operation: 2/0=5\n"), valid, "1 0 4 0 0 0 0 1");
    expect(&replaced("5-4=1,", "5-4=2,"), valid, "1 0 4 0 2 0 0 0");
    expect(&replaced("5-4=1,", "5-3=2,"), valid, "1 1 4 0.9166666666666666 0 0 0 1");
    expect(&replaced("[2, 3, 4]", "[2, 3, 4, 1, 1, 1]"), "UnboundLocalError", "ZeroDivisionError");
    expect(&replaced("[2, 3, 4]", "[2,3,4]"), "ValueError", good);
    expect(&replaced("[2, 3, 4]", "[2.0, 3, 4"), "ValueError", "JSONDecodeError");
    expect(
        "Current State: 9:[9]->\nExploring Operation: =9, Resulting Numbers: []\n9,9 equal: Goal Reached",
        "IndexError",
        "1 0 1 0 0 0 0 0",
    );
}

#[test]
fn says_what_python_says_of_operations() {
    let cases = [
        ("", "invalid syntax (<string>, line 0)"),
        ("4 5", "invalid syntax (<string>, line 1)"),
        ("(4 5)", "invalid syntax. Perhaps you forgot a comma? (<string>, line 1)"),
        ("(4+5", "'(' was never closed (<string>, line 1)"),
        ("4+5)", "unmatched ')' (<string>, line 1)"),
        ("4x5", "invalid decimal literal (<string>, line 1)"),
        ("4×5", "invalid character '×' (U+00D7) (<string>, line 1)"),
        ("٤+5", "invalid character '٤' (U+0664) (<string>, line 1)"),
        ("4\u{a0}+5", "invalid non-printable character U+00A0 (<string>, line 1)"),
        ("4+five", "name 'five' is not defined"),
        ("4/0", "division by zero"),
        ("4(5)", "'int' object is not callable"),
        ("4+\"5\"", "unsupported operand type(s) for +: 'int' and 'str'"),
        (
            "04+5",
            "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers \
             (<string>, line 1)",
        ),
    ];
    for (operation, message) in cases {
        let text = CLEAN.replace("4+5=9,", &format!("{operation}=9,"));
        let reason = format!("Error in evaluating operation {operation}=9: {message}");
        assert_eq!(metric(&text).map(|verdict| verdict.reason), Ok(reason));
    }
    for (operation, value) in
        [("-7//2", "-4"), ("-7%3", "2"), ("2**5-1", "31"), ("7/2*2", "7"), ("3<4", "1"), ("1_0", "10")]
    {
        let value = scan::parse_int(value).unwrap_or_default();
        assert!(evaluate::evaluate(operation, false).is_ok_and(|found| found.equals(&value)), "{operation}");
    }
    assert_eq!(judged("Current State: ٩:[2, 7]\nCurrent State: 9:[], Operations: ['2+7=9']\nExploring Operation: 9=9, Resulting Numbers: []\n9,9 equal: Goal Reached").split(',').next(), Some("{\"metric_fn\":{\"rating\":0.5"));
}

/// Clean and damaged texts of up to 1,300 bytes, with the verdicts of the paper's own code under CPython 3.11.
#[test]
fn agrees_with_the_golden_texts() {
    let lines = zstd::decode_all(include_bytes!("../../tests/golden/checker.jsonl.zst").as_slice()).unwrap();
    let rows: Vec<serde_json::Value> =
        serde_json::Deserializer::from_slice(&lines).into_iter().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 162);
    for row in rows {
        let said = serde_json::to_value(check(row["text"].as_str().unwrap())).unwrap();
        assert_eq!((&said["metric_fn"], &said["search_tree"]), (&row["metric_fn"], &row["search_tree"]));
    }
}

fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[0-9+*/=,:#\\[\\]() '\n-]{1,6}",
        "\\PC{0,3}",
        prop::sample::select(vec![
            "Current State: ",
            "Exploring Operation: ",
            ", Resulting Numbers: [",
            "], Operations: [",
            "Generated Node #",
            "Moving to Node #0",
            " Operation: ",
            " equal: Goal Reached",
            " unequal: No Solution",
            "<|endoftext|>",
            ",0",
            "5:[1, 2, 3]",
            "1+2=3",
            "9,9",
            "\n",
            "print ",
            "not ",
            "if ",
            "\r",
            "**",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn never_panics(text in any::<String>(), made in pieces(), cut in 0..CLEAN.len()) {
        let end = CLEAN.get(cut..).unwrap_or("");
        for text in [&text, &made, &format!("{}{made}{end}", &CLEAN[..cut]), &CLEAN.replace("4+5", &made)] {
            check(text);
        }
    }
}

#[test]
fn a_megabyte_of_hostile_text_is_judged_quickly() {
    let start = "Current State: 9:[2, 3, 4], Operations: []\n";
    let last = "\n9,9 equal: Goal Reached";
    let operation = |unit: &str| {
        let long = unit.repeat((1 << 20) / unit.len());
        format!("{start}Exploring Operation: {long}=9, Resulting Numbers: []{last}")
    };
    let repeated = |unit: &str| {
        format!("{start}Exploring Operation: 1=9, Resulting Numbers: []\n{}{last}", unit.repeat((1 << 20) / unit.len()))
    };
    let mut texts: Vec<String> = [
        "(", "x ", "(x ", "1+", "-", "9", "1*", "not ", "[", "1,", "(x-", "f(", "1 if ", "1**", "'", "x.", "9*9**",
        "7//",
    ]
    .map(operation)
    .into();
    let units = [
        "Generated Node #0,0: 5:[",
        "Moving to Node #0: 5:[",
        "Moving to Node #0,0\n",
        "Exploring Operation: ",
        "1,",
        "9",
        "Generated Node #0",
        "\n",
        "Current State: 5:[",
        ", Resulting Numbers: [",
        "] Operation: ",
        "=1, Resulting Numbers: [",
        "Generated Node #0,1: 9:[4, 5] Operation: 2+3=5\n",
        "Moving to Node #0,1\n\nExploring Operation: 1/2=3\nunequal: No Solution\n",
        "Current State: ",
        ",",
        "Moving to Node #0: 5:[]\n",
        " equal: Goal Reached",
        "1,1 equal: Goal Reached",
        "Operations: 1",
        "Moving to Node #0\n1\nExploring Operation: 3*4=12\nunequal: No Solution\n",
    ];
    texts.extend(units.map(repeated));
    texts.push(format!("Current State: 9:[{}1]", "1, ".repeat(350_000)));
    texts.push("<|endoftext|>".repeat(80_000));
    for text in texts {
        let begun = Instant::now();
        check(&text);
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?} took {:?}", text.get(..100), begun.elapsed());
    }
}
