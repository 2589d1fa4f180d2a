//! Dialects: text grammars for traces, each with a writer and a parser. They know no file and no search.
//!
//! A new dialect is one file and one line in [`all_dialects`].

mod builder;
pub mod compact;
mod estimate;
pub mod events;
pub mod instruct;
mod lines;
mod measure;
mod ordinals;
mod phrasing;
#[doc(hidden)]
mod prompts;
pub mod prose;
mod read;
mod read_prompt;
pub mod searchformer;
pub mod stream_of_search;
pub mod sudoku;
mod tokens;
pub mod vocabulary;

pub use estimate::{read_estimate, write_estimate};
pub(crate) use ordinals::Ordinals;
pub use phrasing::Phrasing;
pub use read::{WRAPPERS, is_plain};
pub use read_prompt::{PromptError, PromptForm};
use sos_envs::{About, Style};
pub use tokens::{TokenizerFile, Tokens, tokens};

use crate::arena::Puzzle;
use crate::trace::{Answer, Trace};

/// A range of bytes in a text: its start, and its end (exclusive).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Span(pub usize, pub usize);

/// A part of an event that can be wrong on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The state.
    State,
    /// The move.
    Action,
    /// The label of a node, or a reference to one.
    Label,
    /// The cost from the root.
    Cost,
    /// The estimate of the cost to the goal.
    Estimate,
    /// The moves from the root.
    Path,
}

/// The places of an event and its fields in the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EventSpans {
    /// The whole event.
    pub whole: Span,
    fields: [Span; 6],
}

impl EventSpans {
    /// An event at this place, with no places of fields yet.
    pub fn new(whole: Span) -> Self {
        EventSpans { whole, fields: [Span(0, 0); 6] }
    }

    /// The place of a field; the whole event where the field has no place of its own.
    pub fn field(&self, field: Field) -> Span {
        let span = self.fields[field as usize];
        if span == Span(0, 0) { self.whole } else { span }
    }

    /// Sets the place of a field.
    pub fn set(&mut self, field: Field, span: Span) {
        self.fields[field as usize] = span;
    }
}

/// A place where a text does not parse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatError {
    /// Whether the text just ends too early.
    pub truncated: bool,
    /// The number of events that were read before it.
    pub step: usize,
    /// The place.
    pub span: Span,
    /// What was expected.
    pub expected: &'static str,
}

/// How much of a trace a dialect shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Coverage {
    /// All events.
    #[default]
    All,
    /// States without moves, and only the children that are opened. A node is named by its state, so a visit is also a move to it.
    Opened,
    /// Moves, and where they lead. Nodes have no names, and one line stands for several events.
    Moves,
    /// Only the answer.
    Answer,
}

/// How a text names the nodes of its trace. Messages name them in the same way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Names {
    /// By the path from the root: `#0,2,1`.
    #[default]
    Labels,
    /// By a number in the order of opening. The list has one for each node; none for a node that was not opened.
    Numbers(Vec<Option<u32>>),
    /// By the index in the list of nodes.
    Indices,
    /// By the move that leads to the node.
    Moves,
    /// By the state of the node.
    States,
}

/// A trace that was read from a text.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The trace, as far as it could be read.
    pub trace: Trace,
    /// The places of the events, one for each.
    pub spans: Vec<EventSpans>,
    /// The place of the answer section; of the last one where there are several. `Span(0, 0)` where there is none.
    pub answer_span: Span,
    /// The answer sections before the last one.
    pub earlier: Vec<Section>,
    /// Whether the last answer section could not be read. The answer is then wrong, whatever an earlier section says.
    pub unread_answer: bool,
    /// Claims of the sentence around the answer, beside the moves.
    pub around: Around,
    /// The places that could not be read.
    pub errors: Vec<FormatError>,
    /// How much of a trace the dialect shows.
    pub told: Coverage,
    /// How the text names nodes.
    pub names: Names,
    /// Whether the last answer section names states that no step leads to.
    pub broken_answer: bool,
}

impl Default for Parsed {
    fn default() -> Self {
        Parsed {
            trace: Trace::default(),
            spans: Vec::new(),
            answer_span: Span::default(),
            earlier: Vec::new(),
            unread_answer: false,
            around: Around::default(),
            errors: Vec::new(),
            told: Coverage::All,
            names: Names::Labels,
            broken_answer: false,
        }
    }
}

/// Claims of a data set's sentence about the answer that it gives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Around {
    /// Whether it claims that the answer is a path and none is cheaper.
    pub shortest: bool,
    /// The cost that it states.
    pub cost: Option<sos_envs::Cost>,
}

/// An answer section and its place in the text.
#[derive(Clone, Debug)]
pub struct Section {
    /// The answer.
    pub answer: Answer,
    /// The place.
    pub span: Span,
    /// Whether the section names states that no step leads to.
    pub broken: bool,
}

impl Parsed {
    /// Adds an answer section. The last one added is the answer of the text; earlier ones are kept.
    pub fn push_answer(&mut self, answer: Answer, span: Span, broken: bool) {
        self.unread_answer = false;
        let before = self.trace.answer.replace(answer);
        let (span, broken) =
            (std::mem::replace(&mut self.answer_span, span), std::mem::replace(&mut self.broken_answer, broken));
        self.earlier.extend(before.map(|answer| Section { answer, span, broken }));
    }
}

/// What a dialect writes for each kind of event. Corruptions must not change what the text does not show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Writes {
    /// Whether a visit writes the state again.
    pub state_on_visit: bool,
    /// Whether a visit writes the moves from the root.
    pub path_on_visit: bool,
    /// Whether the opening of a node writes state and move again.
    pub state_on_open: bool,
    /// Whether an opening has the same words wherever it stands. A repeated opening then looks like those of clean traces.
    pub opens_alone: bool,
    /// Whether an event about a node (goal, dead end, seen, cut) writes its state again.
    pub state_on_claim: bool,
    /// Whether a state stands beside a move that determines it. Where it does not, a clean trace leaves such states out.
    pub state_beside_move: bool,
}

impl Writes {
    /// Whether any event but the generation of a node writes its state.
    pub fn state_again(self) -> bool {
        self.state_on_visit || self.state_on_open || self.state_on_claim
    }
}

/// A dialect in the registry.
pub struct DialectEntry {
    /// The environment.
    pub about: &'static About,
    /// Name in recipes and requests.
    pub name: &'static str,
    /// Version of the grammar. It changes whenever the bytes of a text change.
    pub version: u32,
    /// One line of help.
    pub help: &'static str,
    /// The style of the environment's atoms.
    pub style: Style,
    /// What the text shows.
    pub shows: Writes,
    /// How much of a trace the text shows.
    pub told: Coverage,
    /// Whether an environment has what the grammar needs; if not, why.
    pub fits: fn(&About) -> Result<(), &'static str>,
    /// The searches whose traces the grammar can express; empty means all.
    pub searches: &'static [&'static str],
    /// The bytes between a prompt and a text (or an answer section) that does not begin with the prompt.
    pub separator: &'static str,
    /// The first bytes of a text that states its own start; empty where texts do not.
    pub opening: &'static str,
    /// The first bytes of an answer section. Empty where they are not the dialect's own: nodes with commas between them may be any text of nodes.
    pub answers_begin: &'static [&'static str],
    /// Writes the prompt. The text of the trace follows it or begins with it.
    pub write_prompt: fn(&Puzzle, &mut Vec<u8>),
    /// How prompts are made; [`DialectEntry::read_prompt`] depends on it.
    pub form: PromptForm,
    /// Writes a trace with its answer section, if it has one. `phrasing` chooses a wording where the dialect has several.
    pub write: fn(&Puzzle, &Trace, Phrasing, &mut Vec<u8>),
    /// Writes an answer section without a trace.
    pub write_answer: fn(&Puzzle, &Answer, &mut Vec<u8>),
    /// Reads prompt and trace. It never fails as a whole; errors are in the result.
    pub parse: fn(&Puzzle, &[u8]) -> Parsed,
}

/// The registry: one line for each dialect.
pub fn all_dialects(about: &'static About) -> Vec<DialectEntry> {
    let mut all = vec![
        stream_of_search::entry(about),
        compact::entry(about),
        events::entry(about),
        prose::entry(about),
        searchformer::searchformer(about),
        searchformer::beyond_semantics(about),
        sudoku::entry(about),
    ];
    all.extend(prompts::entries(about));
    all
}

/// The dialects that fit an environment.
pub fn dialects(about: &'static About) -> Vec<DialectEntry> {
    all_dialects(about).into_iter().filter(|dialect| (dialect.fits)(about).is_ok()).collect()
}

/// The dialect with a name, if it fits an environment.
pub fn dialect(about: &'static About, name: &str) -> Option<DialectEntry> {
    dialects(about).into_iter().find(|dialect| dialect.name == name)
}

/// Why an existing dialect cannot be used: it does not fit the environment, or cannot express what a search does. Else none.
pub fn refusal(about: &'static About, name: &str, search: Option<&str>) -> Option<String> {
    let entry = all_dialects(about).into_iter().find(|dialect| dialect.name == name)?;
    match ((entry.fits)(about), search) {
        (Err(reason), _) => Some(format!("{name} does not fit {}: {reason}", about.name)),
        (Ok(()), Some(search)) if !entry.tells(search) => {
            Some(format!("{name} cannot tell what {search} does; it can for {}", entry.searches.join(", ")))
        }
        _ => None,
    }
}

impl DialectEntry {
    /// The prompt as a model gets it. It does not end in a space, since a tokenizer would begin the next word with that space. Where spaces
    /// separate the parts of a text, it ends in a newline.
    pub fn prompt(&self, puzzle: &Puzzle) -> Vec<u8> {
        let mut prompt = Vec::new();
        (self.write_prompt)(puzzle, &mut prompt);
        prompt.extend_from_slice(prompt_end(self.separator).as_bytes());
        prompt
    }

    /// Whether the dialect leaves out states that moves determine, in an environment that has such moves.
    pub fn leaves_states_out(&self) -> bool {
        !self.shows.state_beside_move && !self.about.variable_orders.is_empty()
    }

    /// Whether the dialect can express the traces of a search.
    pub fn tells(&self, search: &str) -> bool {
        self.searches.is_empty() || self.searches.contains(&search)
    }
}

/// The end of a prompt.
fn prompt_end(separator: &str) -> &str {
    if separator == " " { "\n" } else { separator }
}

/// Cuts a text into prompt and completion. `prompt` gets its end, as a model gets it; the completion is returned. Both together are a
/// text that `sos check` reads.
pub fn cut_prompt<'a>(prompt: &mut Vec<u8>, text: &'a [u8], separator: &str) -> &'a [u8] {
    let last_line = memchr::memrchr(b'\n', prompt).map_or(0, |at| at + 1);
    let rest = match text.strip_prefix(&prompt[last_line..]) {
        Some(rest) => rest.strip_prefix(separator.as_bytes()).unwrap_or(rest),
        None => text,
    };
    prompt.extend_from_slice(prompt_end(separator).as_bytes());
    rest
}
