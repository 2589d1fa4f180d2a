//! Prompts and answers of other data sets, without a trace: path-star, ProsQA and NLGraph, which are about graphs. The environment writes and
//! reads the texts ([`sos_envs::About::prompts`]).

use sos_envs::{About, Reader, Style};

use super::{Around, Coverage, DialectEntry, FormatError, Parsed, PromptForm, Span, Writes};
use crate::arena::Puzzle;
use crate::trace::{Answer, EventKind, Trace};

/// The grammars: name, separator between prompt and answer, one line of help.
const GRAMMARS: [(&str, &str, &str); 4] = [
    ("path-star", "", "the line of the path-star task: edges/start,goal=path (graphs)"),
    ("path-star-reversed", "", "the line of the path-star task with the path from the goal back (graphs)"),
    ("prosqa", " ", "statements and a question in the manner of ProsQA (graphs)"),
    ("nlgraph", " ", "a list of edges and a question in the manner of NLGraph (graphs)"),
];

/// The grammar whose sentence claims that its path is the shortest. Only searches that find shortest paths fit it.
const SHORTEST: &str = "nlgraph";

/// The registry's entries.
pub fn entries(about: &'static About) -> Vec<DialectEntry> {
    vec![entry::<0>(about), entry::<1>(about), entry::<2>(about), entry::<3>(about)]
}

fn entry<const GRAMMAR: usize>(about: &'static About) -> DialectEntry {
    let (name, separator, help) = GRAMMARS[GRAMMAR];
    DialectEntry {
        about,
        name,
        version: if separator.is_empty() { 1 } else { 2 },
        help,
        style: Style::Prose,
        shows: Writes {
            state_on_visit: false,
            path_on_visit: false,
            state_on_open: false,
            opens_alone: false,
            state_on_claim: false,
            state_beside_move: true,
        },
        told: Coverage::Answer,
        fits: |about| match about.prompts.contains(&GRAMMARS[GRAMMAR].0) {
            true => Ok(()),
            false => Err("its data set is of graphs"),
        },
        searches: if name == SHORTEST { &["uniform-cost", "astar", "ida-star"] } else { &[] },
        opening: "",
        answers_begin: match GRAMMAR {
            0 | 1 => &[],
            2 => &["Every ", "So every "],
            _ => &["The shortest path "],
        },
        separator,
        write_prompt: |puzzle, out| puzzle.write_prompt(GRAMMARS[GRAMMAR].0, out),
        form: PromptForm::Grammar { name, before: "" },
        write: |puzzle, trace, _phrasing, out| write(GRAMMARS[GRAMMAR].0, puzzle, trace, out),
        write_answer: |puzzle, answer, out| puzzle.write_solution(GRAMMARS[GRAMMAR].0, answer.moves.as_deref(), out),
        parse: |puzzle, text| parse(GRAMMARS[GRAMMAR], puzzle, text),
    }
}

/// Writes the answer section; without one, the solution that the trace found.
fn write(grammar: &str, puzzle: &Puzzle, trace: &Trace, out: &mut Vec<u8>) {
    if let Some(answer) = &trace.answer {
        puzzle.write_solution(grammar, answer.moves.as_deref(), out);
    } else if let Some(moves) = puzzle.solution(trace) {
        puzzle.write_solution(grammar, Some(&moves), out);
    } else if trace.events.iter().any(|event| event.kind == EventKind::Unsolvable) {
        puzzle.write_solution(grammar, None, out);
    }
}

/// The claims of the sentence around an answer. That of NLGraph says that the path is the shortest and states its weight.
fn around(grammar: &str, puzzle: &Puzzle, text: &[u8]) -> Around {
    Around { shortest: grammar == SHORTEST, cost: puzzle.stated_cost(grammar, text) }
}

/// Reads prompt and answer.
fn parse(grammar: (&str, &str, &str), puzzle: &Puzzle, text: &[u8]) -> Parsed {
    let (name, separator, _) = grammar;
    let mut prompt = Vec::new();
    puzzle.write_prompt(name, &mut prompt);
    let rest = text.strip_prefix(&prompt[..]).unwrap_or(text);
    let rest = if rest.len() < text.len() { rest.strip_prefix(separator.as_bytes()).unwrap_or(rest) } else { rest };
    let start = text.len() - rest.len();
    let end = start + rest.trim_ascii_end().len();
    let mut parsed = Parsed { told: Coverage::Answer, ..Parsed::default() };
    if start == end {
        return parsed;
    }
    match puzzle.read_solution(name, &mut Reader::new(&text[start..end])) {
        Some(moves) => {
            parsed.around = around(name, puzzle, &text[start..end]);
            parsed.push_answer(Answer { moves, optimal: false }, Span(start, end), false);
        }
        None => {
            parsed.unread_answer = true;
            let expected = "an answer from the start on, in the words of the data set";
            parsed.errors.push(FormatError { truncated: false, step: 0, span: Span(start, end), expected });
        }
    }
    parsed
}
