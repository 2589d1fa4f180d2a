//! The registry of record kinds, one line for each.

use super::judge::{Judge, Judged, RowView};
use super::{
    Record, answer, backtrack, comparison, correction, corrupted, criteria, critique, detours, direct, dropped, edits,
    group, imitation, labels, mixture, optimal, pairs, rl, search, subgoal,
};
use crate::recipe::{Recipe, RecipeError, RecordConfig};
use crate::table::{ColumnKind, ColumnSpec, PROMPT_COMPLETION, Schema, column};

/// A kind of record in the registry.
pub struct RecordEntry {
    /// Name in recipes.
    pub name: &'static str,
    /// One line of help.
    pub help: &'static str,
    /// The columns of its texts: prompt and completion for most.
    pub texts: &'static [ColumnSpec],
    /// Its columns besides those of every row.
    pub own: &'static [ColumnSpec],
    /// Whether a row shows a trace of the row's search.
    pub(super) traced: bool,
    /// Whether its rows are of several kinds. Then they have the columns of these, and the name of a component at the end.
    pub(super) mixes: bool,
    /// The check of a row against its labels. If there is none, prompt and completion are a trace, in which a check must find exactly the defects in `defects`.
    pub(super) judge: Option<Judge>,
    pub(super) new: NewRecord,
}

impl RecordEntry {
    /// The columns of its rows.
    pub fn schema(&self) -> Schema {
        Schema::new(self.texts, self.own).with(self.mixes.then_some(COMPONENT))
    }

    /// Checks the columns that all rows have against the row's texts.
    pub fn labels(&self, row: &RowView<'_>) -> Judged {
        labels::judge(row, self.texts)
    }

    /// Whether rows of this kind are checked against their labels, and not as one trace.
    pub fn is_judged(&self) -> bool {
        self.judge.is_some()
    }

    /// Checks a row of this kind against its labels. None if it is a trace, which `sos check` covers.
    pub fn judge(&self, row: &RowView<'_>) -> Option<Judged> {
        self.judge.map(|judge| judge(row))
    }
}

/// The last column of a mixture.
const COMPONENT: ColumnSpec = column("component", ColumnKind::Text, "which component of the mixture the row is of");

/// The settings of a kind of record without settings.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NoSettings {}

/// The function that makes the record of a config, or returns the error in it.
pub(super) type NewRecord = fn(&RecordConfig, &Recipe) -> Result<Box<dyn Record>, RecipeError>;

/// The registry, one line for each kind.
pub fn records() -> Vec<RecordEntry> {
    let texts = PROMPT_COMPLETION.as_slice();
    let entry = |name, new: NewRecord, help| RecordEntry {
        name,
        help,
        texts,
        own: &[],
        traced: true,
        mixes: false,
        judge: None,
        new,
    };
    let untraced = |name, new: NewRecord, help| RecordEntry { traced: false, ..entry(name, new, help) };
    vec![
        entry("search", search::new, "the exploration, with dead ends and backtracking"),
        untraced("optimal", optimal::new, "a proven cheapest solution, step by step"),
        entry("direct", direct::new, "the solution that the search found, without what it took back"),
        untraced("answer", answer::new, "the answer alone"),
        entry("corrupted", corrupted::new, "the exploration with planted defects, each labelled with its place"),
        entry("swapped", corrupted::new_swapped, "the trace of another row, with the own prompt and answer"),
        RecordEntry {
            own: critique::OWN,
            judge: Some(critique::judge),
            ..entry(
                "critique",
                critique::new,
                "a candidate solution and what is wrong with it, and the arms that imitate the same candidates",
            )
        },
        RecordEntry {
            texts: pairs::MESSAGES,
            own: correction::OWN,
            judge: Some(correction::judge),
            traced: false,
            ..entry("correction", correction::new, "two turns: an answer, a request to look again, and a right answer")
        },
        RecordEntry {
            own: backtrack::OWN,
            judge: Some(backtrack::judge),
            ..untraced("backtrack", backtrack::new, "a right beginning, one bad step, and a token that takes it back")
        },
        RecordEntry {
            own: comparison::OWN,
            judge: Some(comparison::judge),
            ..untraced(
                "comparison",
                comparison::new,
                "several candidate solutions, and which of them is right, or none",
            )
        },
        RecordEntry {
            texts: group::TEXTS,
            own: group::OWN,
            judge: Some(group::judge),
            ..untraced("group", group::new, "trajectories of noisy policies, with rewards and counts")
        },
        RecordEntry {
            own: criteria::OWN,
            judge: Some(criteria::judge),
            ..untraced("criteria", criteria::new, "a candidate solution, and each of its steps by five criteria")
        },
        RecordEntry {
            own: edits::SUCCESS,
            ..untraced("success-only", edits::new_success_only, "the exploration of a search that solves the puzzle")
        },
        entry("shortened", edits::new_shortened, "the exploration, branches without a goal told to a depth alone"),
        RecordEntry {
            judge: Some(edits::judge_part),
            ..entry("truncated", edits::new_truncated, "the first events of the exploration")
        },
        RecordEntry {
            own: edits::RETURN,
            judge: Some(edits::judge_return),
            ..entry(
                "return-conditioned",
                edits::new_return_conditioned,
                "the exploration behind a promise of how short it is",
            )
        },
        RecordEntry {
            judge: Some(edits::judge_part),
            ..untraced(
                "random-walk",
                edits::new_random_walk,
                "legal moves at random, as many as the exploration has, and the own answer",
            )
        },
        RecordEntry {
            own: dropped::OWN,
            judge: Some(dropped::judge),
            ..entry("dropped", dropped::new, "the exploration with parts left out, and the own answer (Dualformer)")
        },
        RecordEntry {
            own: detours::OWN,
            ..untraced("detours", detours::new, "a cheapest solution with exactly so many dead ends on the way")
        },
        RecordEntry {
            own: detours::TREE,
            ..entry("tree", detours::new_tree, "failed leaves of the search's tree, and then the way to the goal")
        },
        RecordEntry {
            own: subgoal::OWN,
            ..entry("subgoal", subgoal::new, "a failed exploration, put right by a node of a cheapest solution")
        },
        RecordEntry {
            own: imitation::OWN,
            judge: Some(imitation::judge),
            ..untraced("imitation", imitation::new, "style and substance apart: fluent and wrong, ugly and right")
        },
        RecordEntry {
            texts: pairs::PREFERENCE,
            own: pairs::SOURCES,
            judge: Some(pairs::judge_preference),
            ..entry("preference", pairs::new_preference, "a right solution (chosen) and a wrong one (rejected)")
        },
        RecordEntry {
            own: pairs::LABEL,
            judge: Some(pairs::judge_unpaired),
            ..entry("unpaired", pairs::new_unpaired, "a candidate solution and whether it is right (label)")
        },
        RecordEntry {
            texts: pairs::STEPWISE,
            own: pairs::SOURCE,
            judge: Some(pairs::judge_stepwise),
            ..entry(
                "stepwise",
                pairs::new_stepwise,
                "a candidate solution, step by step, and whether each step is right",
            )
        },
        RecordEntry {
            texts: pairs::MESSAGES,
            judge: Some(pairs::judge_messages),
            ..entry("messages", pairs::new_messages, "the exploration as a conversation of two turns")
        },
        RecordEntry {
            texts: rl::TEXTS,
            own: rl::OWN,
            judge: Some(rl::judge),
            ..untraced("rl", rl::new, "a prompt in plain English, and what a reward needs; no completion")
        },
        RecordEntry { mixes: true, ..entry("mixture", mixture::new, "rows of several kinds in one config, by weight") },
    ]
}
