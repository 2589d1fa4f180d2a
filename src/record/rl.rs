//! `rl`: prompts for reinforcement learning. A row has a conversation that ends with the puzzle, and what a reward needs; no completion.

use serde_json::json;

use super::judge::{Judged, RowView};
use super::{Cell, Dataset, Episode, NoSettings, Record, RecordError, RowContent, Said, WorkerBuffers};
use crate::arena::Puzzle;
use crate::dialect::instruct;
use crate::recipe::{Recipe, RecipeError, RecordConfig};
use crate::table::{ColumnKind, ColumnSpec, column};

/// The text of `rl`.
pub const TEXTS: &[ColumnSpec] = &[column(
    "prompt",
    ColumnKind::Messages,
    "what a model is given: the turns of a conversation, the puzzle in the last one",
)];

/// The column of its own.
pub const OWN: &[ColumnSpec] = &[
    column("read", ColumnKind::Text, "how `sos check` reads what a model writes: its final answer"),
    column("data_source", ColumnKind::Text, "the environment again, under the name that verl looks for"),
    column(
        "reward_model",
        ColumnKind::Reward,
        "what a reward needs, under the names that verl looks for: ground_truth is a request of `sos check` as JSON, in which the text is missing",
    ),
];

/// The value of the column `read`.
const READ: &str = "answer";

/// The style of `reward_model`: an answer is judged by rules, and not by a model.
const STYLE: &str = "rule";

struct Rl;

/// The request of a check, without the text.
fn truth(puzzle: &Puzzle) -> String {
    let mut json = Vec::new();
    puzzle.write_json(&mut json);
    let json = String::from_utf8_lossy(&json);
    format!("{{\"env\":\"{}\",\"read\":\"{READ}\",\"puzzle\":{json}}}", puzzle.about().name)
}

/// `rl`.
pub fn new(config: &RecordConfig, _recipe: &Recipe) -> Result<Box<dyn Record>, RecipeError> {
    config.settings::<NoSettings>()?;
    Ok(Box::new(Rl))
}

impl Record for Rl {
    fn make(
        &self,
        dataset: &Dataset,
        episode: &Episode,
        _buffers: &mut WorkerBuffers,
        out: &mut RowContent,
    ) -> Result<(), RecordError> {
        out.prompt = Some(Vec::new());
        out.said = Some(Said { solved: false, trace_solved: None, answer_right: None });
        out.trace.add_root(episode.proven.puzzle.start());
        let puzzle = &episode.proven.puzzle;
        out.own = vec![
            Cell::Messages(dataset.instruct_turns(episode)),
            Cell::Text(READ.into()),
            Cell::Text(dataset.about.name.into()),
            Cell::Reward(STYLE, truth(puzzle)),
        ];
        Ok(())
    }
}

/// Checks that the last turn shows the puzzle, and that nothing answers it.
pub fn judge(row: &RowView<'_>) -> Judged {
    let mut judged = Judged::default();
    let last = row.turns("prompt").last().copied().unwrap_or_default();
    judged.hold(last.0 == "user", "prompt: the last turn is not the user's");
    judged.hold(instruct::shows(last.1, row.puzzle), "prompt: it does not show the puzzle of the row");
    judged.expect("read", row.text("read"), READ);
    judged.expect("data_source", row.text("data_source"), row.puzzle.about().name);
    let reward = json!({"style": STYLE, "ground_truth": truth(row.puzzle)});
    judged.expect("reward_model", row.value("reward_model").clone(), reward);
    judged
}
