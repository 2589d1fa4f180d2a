//! Labels that rows of all kinds have, and those of kinds that show a trace. They are derived again from a row alone, by counting and by replay, without the
//! functions that wrote them.

use serde_json::Value;

use super::judge::{Judged, RowView};
use super::searched::is_run_of;
use crate::arena::Puzzle;
use crate::check::Verdict;
use crate::table::ColumnSpec;
use crate::trace::{EventKind, NodeId, Trace};

/// Checks the common columns of a row against its texts and its puzzle. `texts` are the columns of its texts.
pub fn judge(row: &RowView<'_>, texts: &[ColumnSpec]) -> Judged {
    let mut judged = Judged::default();
    let there = |column: &str| row.row.contains_key(column);
    if there("trace_solved") && there("answer_right") {
        let verdicts: Vec<Verdict> = shown(row).iter().map(|text| row.read(text).verdict).collect();
        judged.expect("solved", row.value("solved").clone(), verdicts.iter().any(|verdict| verdict.solved));
        let any = |said: &mut dyn Iterator<Item = Option<bool>>| {
            let said: Vec<bool> = said.flatten().collect();
            if said.is_empty() { Value::Null } else { said.contains(&true).into() }
        };
        let of_traces = any(&mut verdicts.iter().map(|verdict| verdict.trace_solved));
        judged.expect("trace_solved", row.value("trace_solved").clone(), of_traces);
        let of_answers = any(&mut verdicts.iter().map(|verdict| verdict.answer_right));
        judged.expect("answer_right", row.value("answer_right").clone(), of_answers);
    }
    if there("outcome") {
        let known = ["solved", "exhausted", "budget"].contains(&row.text("outcome"));
        judged.hold(known, format!("outcome: found {}; allowed: solved, exhausted, budget", row.value("outcome")));
        let claims = row.text("outcome") == "solved" && row.value("solvable") == false;
        judged.hold(!claims, "outcome: solved, and the puzzle has no solution");
    }
    if there("id") {
        judged.expect("id", row.text("id"), row.puzzle.id().to_string());
    }
    if there("twin") {
        judged.expect("twin", row.text("twin"), row.puzzle.twin().to_string());
    }
    if there("solvable") {
        judged.expect("solvable", row.value("solvable").clone(), row.puzzle.known_solvable(row.facts.get()));
    }
    if there("optimal_cost") {
        judged.expect("optimal_cost", row.value("optimal_cost").clone(), row.facts.get().optimal_cost);
    }
    if there("answer") && !row.text("answer").is_empty() {
        let read = row.read(row.text("answer"));
        judged.hold(read.verdict.answer_right != Some(false), "answer: it is wrong");
    }
    if there("tokens") && texts.iter().all(|text| there(text.name)) {
        let words: usize = texts.iter().map(|text| words(row.value(text.name))).sum();
        judged.expect("tokens", row.value("tokens").clone(), words as u64);
    }
    super::marked::judge(row, &mut judged);
    match row.text("record") {
        "detours" => detours(row, &mut judged),
        "tree" => tree(row, &mut judged),
        "subgoal" => subgoal(row, &mut judged),
        "success-only" => success(row, &mut judged),
        _ => {}
    }
    judged
}

/// Number of words in a value's texts.
fn words(value: &Value) -> usize {
    match value {
        Value::String(text) => text.split_ascii_whitespace().count(),
        Value::Array(list) => list.iter().map(words).sum(),
        Value::Object(turn) => turn.get("content").map_or(0, words),
        _ => 0,
    }
}

/// The solutions that a row shows.
fn shown(row: &RowView<'_>) -> Vec<String> {
    let one = |column: &str| vec![row.text(column).to_string()];
    let all = |column: &str| row.texts(column).into_iter().map(str::to_string).collect();
    let turn = |turn: usize| {
        let turn = row.list("messages").get(turn).and_then(|turn| turn.get("content"));
        turn.and_then(Value::as_str).unwrap_or("")
    };
    match row.text("record") {
        "critique" if !["noisy", "verified", "oracle"].contains(&row.text("arm")) => one("candidate"),
        "criteria" => one("candidate"),
        "comparison" => all("candidates"),
        "group" => all("completions"),
        "stepwise" => vec![row.texts("completions").concat()],
        "preference" => [one("chosen"), one("rejected")].concat(),
        // The last turn: a system turn may stand before the others.
        "messages" => row.turns("messages").last().map(|(_, said)| said.to_string()).into_iter().collect(),
        "rl" => Vec::new(),
        "correction" => {
            let said = turn(3);
            let behind = said.split_once("[END]\n").filter(|_| row.text("second") == "critique");
            vec![behind.map_or(said, |(_, solution)| solution).to_string()]
        }
        "backtrack" if !row.text("bad").is_empty() => {
            let completion = row.text("completion");
            vec![completion.strip_suffix(row.text("token")).unwrap_or(completion).trim_end().to_string()]
        }
        _ => one("completion"),
    }
}

/// For the tree of a text, the leaves that are not goals: the distance of each to the next node above it on the path to a goal.
fn dead_ends(puzzle: &Puzzle, trace: &Trace) -> Vec<u64> {
    let mut leads = vec![false; trace.nodes.len()];
    let mut inner = vec![false; trace.nodes.len()];
    for (id, node) in (0..).zip(&trace.nodes) {
        if let Some(inner) = inner.get_mut(node.parent as usize) {
            *inner = true;
        }
        if puzzle.is_goal(node.state) {
            let mut at: NodeId = id;
            while let Some(node) = trace.node(at) {
                leads[at as usize] = true;
                at = node.parent;
            }
        }
    }
    if let Some(root) = leads.first_mut() {
        *root = true;
    }
    let told = (0..)
        .zip(&trace.nodes)
        .filter(|(id, node)| !inner[*id as usize] && !leads[*id as usize] && node.action.is_some());
    let far = |(id, _): (NodeId, _)| {
        let (mut at, mut far) = (id, 0);
        while let Some(node) = trace.node(at).filter(|_| !leads[at as usize]) {
            (at, far) = (node.parent, far + 1);
        }
        far
    };
    told.map(far).collect()
}

fn detours(row: &RowView<'_>, judged: &mut Judged) {
    let read = row.read(row.text("completion"));
    let far = dead_ends(row.puzzle, &read.parsed.trace);
    judged.expect("detours", row.value("detours").clone(), far.len() as u64);
    let depth = row.value("detour_depth").as_u64().unwrap_or(0);
    judged.hold(far.iter().all(|&far| far <= depth), "detour_depth: a dead end is deeper");
}

fn tree(row: &RowView<'_>, judged: &mut Judged) {
    let read = row.read(row.text("completion"));
    let failed = dead_ends(row.puzzle, &read.parsed.trace).len() as u64;
    judged.expect("failed_leaves", row.value("failed_leaves").clone(), failed);
    super::leaves::judge(row, &read.parsed.trace, judged);
}

/// Checks that the named search solves the puzzle and that the text is a run of it. If no search is named, the text must go straight to a goal.
fn success(row: &RowView<'_>, judged: &mut Judged) {
    let (read, by) = (row.read(row.text("completion")), row.text("searched_by"));
    if by.is_empty() {
        let trace = &read.parsed.trace;
        let length = row.puzzle.solution(trace).map(|moves| moves.len() + 1);
        judged
            .hold(length.is_none_or(|length| length == trace.nodes.len()), "searched_by: none, and the text searches");
        return;
    }
    judged.hold(read.verdict.trace_solved != Some(false), "searched_by: the search does not solve the puzzle");
    judged.hold(is_run_of(row, &read, by, ""), format!("searched_by: the text is no run of \"{by}\""));
}

fn subgoal(row: &RowView<'_>, judged: &mut Judged) {
    let (completion, prefix) = (row.text("completion"), row.text("prefix"));
    let edited = row.value("edited") == true;
    judged.hold(completion.starts_with(prefix), "prefix: the completion does not begin with it");
    let skip = if prefix.is_empty() { Vec::new() } else { vec![vec![0, prefix.len()]] };
    judged.hold(row.marks("skip_spans") == skip, "skip_spans: not the prefix");
    judged.hold(edited != row.value("subgoal_depth").is_null(), "edited: not what subgoal_depth says");
    judged.hold(edited || prefix.is_empty(), "prefix: nothing was edited");
    judged.hold(!(edited && row.text("outcome") == "solved"), "edited: the search did not fail");
    if edited {
        let trace = row.read(completion).parsed.trace;
        let goal = trace.events.iter().any(|event| event.kind == EventKind::Goal);
        judged.hold(goal, "edited: the trace comes to no goal");
    }
}
