//! Dialects: text grammars for traces that are both written and read back. They know no file and no search.
//!
//! A new dialect is one file and one line in [`dialects`].

mod builder;
pub mod compact;
mod estimate;
pub mod events;
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

pub use estimate::{read_estimate, write_estimate};
pub(crate) use ordinals::Ordinals;
pub use phrasing::Phrasing;
pub use read::WRAPPERS;
pub use read_prompt::{PromptError, PromptForm};
use sos_envs::{About, Style};

use crate::arena::Puzzle;
use crate::trace::{Answer, Trace};

/// A range of bytes of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Span(pub usize, pub usize);

/// A part of an event that can be wrong by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The state.
    State,
    /// The move.
    Action,
    /// The label, or the reference to a node.
    Label,
    /// The cost from the root.
    Cost,
    /// The estimate of the cost to go.
    Estimate,
    /// The moves from the root.
    Path,
}

/// Where an event stands in the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EventSpans {
    /// All of it.
    pub whole: Span,
    fields: [Span; 6],
}

impl EventSpans {
    /// An event that stands here.
    pub fn new(whole: Span) -> Self {
        EventSpans { whole, fields: [Span(0, 0); 6] }
    }

    /// Where a field stands; all of the event, if it does not stand apart.
    pub fn field(&self, field: Field) -> Span {
        let span = self.fields[field as usize];
        if span == Span(0, 0) { self.whole } else { span }
    }

    /// Says where a field stands.
    pub fn set(&mut self, field: Field, span: Span) {
        self.fields[field as usize] = span;
    }
}

/// A place where a text does not parse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatError {
    /// Whether the text just ends too early.
    pub truncated: bool,
    /// Events before it.
    pub step: usize,
    /// Where.
    pub span: Span,
    /// What was expected.
    pub expected: &'static str,
}

/// How much of a trace a dialect tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Coverage {
    /// All events.
    #[default]
    All,
    /// States and no moves: of the children only those that are opened, and a node is named by its state, so that to look at one is to
    /// go there.
    Opened,
    /// Moves and where they lead; nodes have no names, and one line tells several events.
    Moves,
    /// The answer alone.
    Answer,
}

/// How a text names the nodes of its trace, so that what is found can be said as it stands there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Names {
    /// By the way from the root: `#0,2,1`.
    #[default]
    Labels,
    /// By the number of its opening, for each node; none for one that was not opened.
    Numbers(Vec<Option<u32>>),
    /// By its place in the list of nodes.
    Indices,
    /// By the move that leads there.
    Moves,
    /// By its state.
    States,
}

/// A trace that was read from a text.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The trace, as far as it could be read.
    pub trace: Trace,
    /// Where its events stand, one for each.
    pub spans: Vec<EventSpans>,
    /// Where the answer section stands, which is the last one; 0 to 0 where there is none.
    pub answer_span: Span,
    /// Answer sections that stand before the last one.
    pub earlier: Vec<Section>,
    /// Whether the last answer section could not be read: it is then no right one, whatever stands before it.
    pub unread_answer: bool,
    /// What the sentence around an answer claims beside its moves.
    pub around: Around,
    /// What could not be read.
    pub errors: Vec<FormatError>,
    /// How much of a trace the dialect tells.
    pub told: Coverage,
    /// How the text names nodes.
    pub names: Names,
    /// Whether the answer section names states that no step leads to.
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

/// What a data set's sentence claims of the answer that it gives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Around {
    /// That it is a path, and that none is cheaper.
    pub shortest: bool,
    /// What it costs.
    pub cost: Option<sos_envs::Cost>,
}

/// An answer section of a text, and where it stands.
#[derive(Clone, Debug)]
pub struct Section {
    /// What it says.
    pub answer: Answer,
    /// Where it stands.
    pub span: Span,
    /// Whether it names states that no step leads to.
    pub broken: bool,
}

impl Parsed {
    /// An answer section was read. The last one is the answer of the text; those before it are kept as well.
    pub fn push_answer(&mut self, answer: Answer, span: Span, broken: bool) {
        self.unread_answer = false;
        let before = self.trace.answer.replace(answer);
        let (span, broken) =
            (std::mem::replace(&mut self.answer_span, span), std::mem::replace(&mut self.broken_answer, broken));
        self.earlier.extend(before.map(|answer| Section { answer, span, broken }));
    }
}

/// What a dialect writes of a kind of event: corruptions must not touch what does not show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Writes {
    /// Whether a visit writes the state again.
    pub state_on_visit: bool,
    /// Whether a visit writes the moves from the root.
    pub path_on_visit: bool,
    /// Whether the opening of a node writes state and move again.
    pub state_on_open: bool,
    /// Whether an opening is written by itself, and not in one word with the making of the node or the move to it.
    pub opens_alone: bool,
    /// Whether what is said of a node (goal, dead end, seen, cut) writes its state again.
    pub state_on_claim: bool,
    /// Whether a state stands beside a move that tells it already: where moves say all that changes, a state beside one says in a clean trace
    /// nothing, and is left out.
    pub state_beside_move: bool,
}

impl Writes {
    /// Whether anything but the making of a node writes its state.
    pub fn state_again(self) -> bool {
        self.state_on_visit || self.state_on_open || self.state_on_claim
    }
}

/// A dialect in the registry.
pub struct DialectEntry {
    /// The environment that it tells of.
    pub about: &'static About,
    /// Name in recipes and requests.
    pub name: &'static str,
    /// Changes whenever its bytes change.
    pub version: u32,
    /// One line of help.
    pub help: &'static str,
    /// Which style of atoms it uses.
    pub style: Style,
    /// What it shows.
    pub shows: Writes,
    /// How much of a trace it tells.
    pub told: Coverage,
    /// Whether an environment has what the grammar needs; why not.
    pub fits: fn(&About) -> Result<(), &'static str>,
    /// The searches whose traces it can tell; empty for all.
    pub searches: &'static [&'static str],
    /// What stands between a prompt and a text or an answer section that does not begin with it.
    pub separator: &'static str,
    /// What a text begins with that tells where it starts by itself; empty where none does.
    pub opening: &'static str,
    /// Writes what a model is given; the text of the trace follows it or begins with it.
    pub write_prompt: fn(&Puzzle, &mut Vec<u8>),
    /// How prompts are made: what [`DialectEntry::read_prompt`] goes by.
    pub form: PromptForm,
    /// Writes a trace with its answer section, if it has one. `phrasing` chooses among wordings, where the dialect has several.
    pub write: fn(&Puzzle, &Trace, Phrasing, &mut Vec<u8>),
    /// Writes an answer section alone.
    pub write_answer: fn(&Puzzle, &Answer, &mut Vec<u8>),
    /// Reads prompt and trace back; never fails as a whole.
    pub parse: fn(&Puzzle, &[u8]) -> Parsed,
}

/// The registry: one line a dialect.
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

/// A dialect that fits an environment, by name.
pub fn dialect(about: &'static About, name: &str) -> Option<DialectEntry> {
    dialects(about).into_iter().find(|dialect| dialect.name == name)
}

/// Why a dialect that exists cannot be had: it does not fit the environment, or cannot tell what a search does.
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
    /// What a model is given. It ends in no space, with which a tokenizer would begin the next word: where the parts of a text stand between spaces, it ends in
    /// a newline.
    pub fn prompt(&self, puzzle: &Puzzle) -> Vec<u8> {
        let mut prompt = Vec::new();
        (self.write_prompt)(puzzle, &mut prompt);
        prompt.extend_from_slice(prompt_end(self.separator).as_bytes());
        prompt
    }

    /// Whether it leaves out the states of an environment whose moves tell them.
    pub fn leaves_states_out(&self) -> bool {
        !self.shows.state_beside_move && !self.about.variable_orders.is_empty()
    }

    /// Whether it can tell what a search does.
    pub fn tells(&self, search: &str) -> bool {
        self.searches.is_empty() || self.searches.contains(&search)
    }
}

/// What ends a prompt.
fn prompt_end(separator: &str) -> &str {
    if separator == " " { "\n" } else { separator }
}

/// Cuts a text in prompt and completion: the prompt is what a model is given, with what ends it, and both together are the
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
