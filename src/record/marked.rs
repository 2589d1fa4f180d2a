//! Checks of a row's marks against its texts: planted defects, wrong spans, and spans that a loss should skip. They are derived by replay and from separate
//! lists, without the functions that wrote them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::checked::CheckedText;
use super::critique::shown;
use super::judge::{Judged, RowView};
use crate::check::ErrorClass;
use crate::dialect::Coverage;

/// The classes of errors that each kind of planted defect can leave in a text. An empty list allows any class.
const KINDS: [(&str, &[&str]); 21] = [
    ("arithmetic-slip", &["arithmetic"]),
    ("wrong-state", &["wrong-state", "illegal-move"]),
    ("illegal-move", &["illegal-move"]),
    ("unsound-inference", &["unsound-inference"]),
    ("wrong-reason", &["unsound-inference"]),
    ("forgotten-candidate", &["unsound-inference"]),
    ("stale-value", &["wrong-state"]),
    ("unknown-node", &["unknown-node"]),
    ("duplicate-node", &["duplicate-node"]),
    ("wrong-backtrack", &["already-closed", "not-open"]),
    ("wrong-cost", &["wrong-cost"]),
    ("false-goal", &["false-goal"]),
    ("false-dead-end", &["false-dead-end"]),
    ("missed-goal", &["false-dead-end"]),
    ("wrong-answer", &["wrong-answer"]),
    ("dropped-step", &[]),
    ("repeated-step", &[]),
    ("shuffled-steps", &[]),
    ("truncation", &["truncated", "malformed"]),
    ("filler", &["truncated", "malformed"]),
    ("swap", &[]),
];

/// The kinds that corrupt a whole trace.
const WHOLE: [&str; 3] = ["truncation", "filler", "swap"];

/// A mark: the index of the text, if there are several, and its bytes.
type Mark = Vec<usize>;

/// Checks the columns `defects`, `wrong_spans` and `skip_spans` of a row against its texts.
pub fn judge(row: &RowView<'_>, judged: &mut Judged) {
    if !["defects", "wrong_spans", "skip_spans"].iter().all(|column| row.row.contains_key(*column)) {
        return;
    }
    let planted: Vec<Value> = match row.value("defects") {
        Value::String(text) => serde_json::from_str(text).unwrap_or_default(),
        list => list.as_array().cloned().unwrap_or_default(),
    };
    match broken(row) {
        Some(text) => {
            let alone = planted.len() == 1;
            planted.iter().for_each(|defect| self::defect(row, &row.read(&text), (defect, alone), judged));
        }
        None => judged.hold(planted.is_empty(), "defects: nothing is planted in rows of this kind"),
    }
    let wrong = wrong(row);
    marks(row, "wrong_spans", wrong.clone(), judged);
    match row.text("record") {
        // These kinds are checked by their own judges.
        "subgoal" | "correction" => {}
        "backtrack" if !row.text("bad").is_empty() => {}
        "critique" if !imitates(row) => marks(row, "skip_spans", wrong, judged),
        "corrupted" | "swapped" => marks(row, "skip_spans", skipped(row, &planted), judged),
        _ => marks(row, "skip_spans", Vec::new(), judged),
    }
}

fn imitates(row: &RowView<'_>) -> bool {
    ["noisy", "verified", "oracle"].contains(&row.text("arm"))
}

fn turn(row: &RowView<'_>, turn: usize) -> String {
    let turn = row.list("messages").get(turn).and_then(|turn| turn.get("content"));
    turn.and_then(Value::as_str).unwrap_or("").to_string()
}

/// The text with the planted defects.
fn broken(row: &RowView<'_>) -> Option<String> {
    match row.text("record") {
        "corrupted" | "swapped" | "unpaired" => Some(row.text("completion").into()),
        "critique" if imitates(row) => Some(row.text("completion").into()),
        // The defects were planted before the text got another style.
        "imitation" if row.text("style") != "ugly-right" => Some(row.text("completion").into()),
        "preference" => Some(row.text("rejected").into()),
        "stepwise" => Some(row.texts("completions").concat()),
        "correction" => Some(turn(row, 1)),
        _ => None,
    }
}

/// Checks that a defect has an existing name and class that match an error at its place. A single defect is checked more closely.
fn defect(row: &RowView<'_>, read: &CheckedText, (defect, alone): (&Value, bool), judged: &mut Judged) {
    let field = |name: &str| defect.get(name).and_then(Value::as_str).unwrap_or("");
    let (kind, class) = (field("kind"), field("class"));
    let Some((_, classes)) = KINDS.iter().find(|(name, _)| *name == kind) else {
        judged.problems.push(format!("defects: found \"{kind}\", which is no kind"));
        return;
    };
    judged.hold(
        classes.is_empty() || classes.contains(&class),
        format!("defects: \"{kind}\" does not leave an error of the class {class}"),
    );
    let level = ErrorClass::ALL.iter().find(|known| known.name() == class).map(|class| class.level());
    let level = level.and_then(|level| serde_json::to_value(level).ok()).unwrap_or_default();
    judged.expect("defects: level", defect.get("level").cloned().unwrap_or_default(), level);
    judged.hold(
        kind != "wrong-state" || class == "wrong-state" || row.dialect.told == Coverage::Opened,
        "defects: a wrong state is an illegal move only where no moves are told",
    );
    judged.hold(
        (kind == "swap") == defect.get("source").is_some(),
        "defects: a swap, and no other, has a row that it comes from",
    );
    let step = defect.get("step").and_then(Value::as_u64).unwrap_or(u64::MAX);
    let found = read.verdict.errors.iter().any(|error| error.step as u64 == step && error.class.name() == class);
    judged.hold(found, format!("defects: a check finds no {class} at step {step}"));
    let trace = &read.parsed.trace;
    let event = usize::try_from(step).ok().and_then(|step| trace.events.get(step));
    let node = event.and_then(|event| trace.node(event.node));
    let says = |holds: Option<bool>| holds.unwrap_or(true);
    let holds = match kind {
        "missed-goal" | "false-dead-end" if alone => {
            says(node.map(|node| row.puzzle.is_goal(node.state) == (kind == "missed-goal")))
        }
        "filler" | "truncation" => {
            let before = read.place(read.parsed.answer_span).map_or(read.text.len(), |span| span.0);
            let words: Vec<&str> = read.text.get(..before).unwrap_or("").split_whitespace().collect();
            let alike = words.windows(2).all(|pair| pair[0] == pair[1]);
            words.len() < 2 || alike == (kind == "filler")
        }
        _ => true,
    };
    judged.hold(holds, format!("defects: what stands at step {step} is no {kind}"));
}

/// The wrong spans of a row's texts.
fn wrong(row: &RowView<'_>) -> Vec<Mark> {
    let errors = |text: &str, number: Option<usize>, ahead: usize| errors(row, text, number, ahead);
    let completion = || errors(row.text("completion"), None, 0);
    match row.text("record") {
        "search" | "direct" | "optimal" | "answer" | "dropped" | "messages" | "criteria" | "comparison" => Vec::new(),
        "critique" if !imitates(row) => false_lines(row),
        "imitation" if row.text("style") == "ugly-right" => Vec::new(),
        "preference" => errors(row.text("rejected"), Some(1), 0),
        "group" => {
            let texts = row.texts("completions").into_iter().enumerate();
            texts.flat_map(|(number, text)| errors(text, Some(number), 0)).collect()
        }
        "stepwise" => {
            let steps = row.texts("completions").into_iter().zip(row.list("labels")).enumerate();
            steps
                .filter(|(_, (text, label))| **label == false && !text.is_empty())
                .map(|(number, (text, _))| vec![number, 0, text.len()])
                .collect()
        }
        "correction" => {
            let said = turn(row, 3);
            let behind = said.split_once("[END]\n").filter(|_| row.text("second") == "critique");
            let second = behind.map_or(&said[..], |(_, solution)| solution);
            let ahead = said.len() - second.len();
            [errors(&turn(row, 1), Some(1), 0), errors(second, Some(3), ahead)].concat()
        }
        "backtrack" if !row.text("bad").is_empty() => {
            let text = row.text("completion");
            errors(text.strip_suffix(row.text("token")).unwrap_or(text).trim_end(), None, 0)
        }
        _ => completion(),
    }
}

/// The spans of a text with errors in a check, in order.
fn errors(row: &RowView<'_>, text: &str, number: Option<usize>, ahead: usize) -> Vec<Mark> {
    let before = row.prompt().len();
    let spans = row.read(text).verdict.errors.into_iter().filter_map(|error| error.span);
    let inside = spans.filter(|span| span.1 > before.max(span.0)).map(|span| {
        let place = |at: usize| at.max(before) - before + ahead;
        (place(span.0), place(span.1.min(before + text.len())))
    });
    let inside: BTreeSet<(usize, usize)> = inside.filter(|(start, end)| start < end).collect();
    inside.into_iter().map(|(start, end)| number.into_iter().chain([start, end]).collect()).collect()
}

/// The false lines of a critique.
fn false_lines(row: &RowView<'_>) -> Vec<Mark> {
    let candidate = row.read(row.text("candidate"));
    let (mut start, mut told, mut marks) = (0, 0, Vec::new());
    for line in row.text("completion").split_inclusive('\n') {
        let said = line.trim_end_matches('\n');
        told += usize::from(said.contains(": wrong, "));
        if !is_so(said, told, &candidate) && !said.is_empty() {
            marks.push(vec![start, start + said.len()]);
        }
        start += line.len();
    }
    marks
}

/// Whether a line of a critique is true. `told` is the number of errors written up to it.
fn is_so(line: &str, told: usize, candidate: &CheckedText) -> bool {
    let verdict = &candidate.verdict;
    let behind = if candidate.answers() { "answer" } else { "the end" };
    let place = |step: usize| if step < candidate.steps() { format!("step {step}") } else { behind.into() };
    if let Some((place, _)) = line.split_once(": right").filter(|_| line.starts_with("step")) {
        let mut numbers = place.split(' ').filter_map(|word| word.parse::<usize>().ok());
        let Some(first) = numbers.next() else { return false };
        let last = numbers.next().unwrap_or(first);
        return verdict.errors.iter().all(|error| error.step < first || error.step > last);
    }
    if let Some((at, rest)) = line.split_once(": wrong, ") {
        return verdict.errors.iter().any(|error| {
            let (found, expected) = (shown(&error.found), shown(&error.expected));
            let found = if found.is_empty() { String::new() } else { format!("found {found}, ") };
            at == place(error.step) && rest == format!("{}: {found}should be {expected}", error.class.name())
        });
    }
    if let Some(first) = line.strip_prefix("first error: ") {
        let error = verdict.errors.first();
        return first == error.map_or("none".into(), |error| format!("{}, {}", place(error.step), error.class.name()));
    }
    match line {
        "more errors follow" => verdict.errors.len() > told,
        "the puzzle is not solved" => !verdict.solved,
        "no solution is cheaper" => verdict.valid && verdict.optimal == Some(true),
        "there is a cheaper solution" => verdict.valid && verdict.optimal == Some(false),
        "Conclusion: right [END]" => verdict.solved && verdict.valid,
        "Conclusion: wrong [END]" => !(verdict.solved && verdict.valid),
        _ => false,
    }
}

/// The spans of a corrupted trace that a loss skips: the defects of single steps, or the whole of a filler.
fn skipped(row: &RowView<'_>, planted: &[Value]) -> Vec<Mark> {
    let kind = |defect: &Value| defect.get("kind").and_then(Value::as_str).unwrap_or("").to_string();
    if planted.iter().any(|defect| kind(defect) == "filler") {
        let text = row.text("completion");
        let answer = row.read(text);
        let end = answer.place(answer.parsed.answer_span).map_or(text.len(), |span| span.0);
        let filler = text.get(..end).unwrap_or("").trim();
        let start = text.find(filler).unwrap_or(0);
        return if filler.is_empty() { Vec::new() } else { vec![vec![start, start + filler.len()]] };
    }
    let spans = planted.iter().filter(|defect| !WHOLE.contains(&&kind(defect)[..]));
    let spans = spans.filter_map(|defect| serde_json::from_value::<(usize, usize)>(defect.get("span")?.clone()).ok());
    let spans: BTreeSet<(usize, usize)> = spans.filter(|(start, end)| start < end).collect();
    spans.into_iter().map(|(start, end)| vec![start, end]).collect()
}

/// Checks a column of marks.
fn marks(row: &RowView<'_>, column: &str, right: Vec<Mark>, judged: &mut Judged) {
    let found = serde_json::from_str::<Vec<Mark>>(row.text(column)).unwrap_or_default();
    // White space at the end of a text has no meaning, so a mark may include it or not.
    let text = row.text("completion");
    let trim = |mark: &Mark| match mark[..] {
        [from, to] if to == text.len() => vec![from, text.trim_ascii_end().len()],
        _ => mark.clone(),
    };
    let same = found.iter().map(trim).eq(right.iter().cloned());
    if !same {
        judged.expect(column, serde_json::json!(found), right);
    }
}
