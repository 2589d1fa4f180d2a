//! Shows one environment without a search or a dialect, for authors of a new one.
//!
//! [`puzzle`] shows the puzzle in JSON and in each style, its solver facts, and a breadth-first walk in the format of the dialect `compact`.

use std::collections::HashMap;
use std::fmt::Write;

use crate::draw::Streams;
use crate::environment::{Complete, Step};
use crate::text::Style;

/// Most positions that the walk expands.
const MOST_VISITED: usize = 12;
/// Most draws until a puzzle is accepted.
const MOST_DRAWS: u64 = 10_000;

fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8_lossy(&out).into_owned()
}

/// The first accepted puzzle of the settings with a seed; none if ten thousand draws give none.
pub fn drawn<E: Complete>(config: &E::Config, seed: u64) -> Option<E> {
    let streams = Streams::new(seed, "puzzle", "show");
    let puzzles = (0..MOST_DRAWS).filter_map(|index| E::generate(config, &mut streams.at(index)).ok());
    puzzles.into_iter().find(|puzzle| E::accepts(config, puzzle.is_solvable()))
}

/// Shows a puzzle, its solver facts, the steps out of its start, and a breadth-first walk.
pub fn puzzle<E: Complete>(puzzle: &E) -> String {
    let mut out = format!("{} {}\n", puzzle.about().name, written(|out| puzzle.write_json(out)));
    let facts = puzzle.solver_facts();
    let number = |number: Option<u64>| number.map_or("unknown".into(), |number| number.to_string());
    let _ = writeln!(
        out,
        "solvable {}, optimal cost {}, solutions {}, difficulty {}",
        facts.solvable,
        number(facts.optimal_cost),
        number(facts.solutions),
        number(facts.difficulty),
    );
    for style in [Style::Frame, Style::Compact, Style::Prose] {
        let header = written(|out| puzzle.write_header(style, out));
        let start = written(|out| puzzle.write_state(&puzzle.start(), style, out));
        let target = written(|out| puzzle.write_target(style, out));
        let _ = writeln!(out, "{style:?}: header {header:?}, start {start:?}, target {target:?}");
    }
    solution(puzzle, &mut out);
    walk(puzzle, &mut out);
    out
}

/// The moves of a cheapest solution, by exact distances.
fn solution<E: Complete>(puzzle: &E, out: &mut String) {
    let table = puzzle.distance_table();
    let mut state = puzzle.start();
    out.push_str("solution:");
    let mut steps = Vec::new();
    while !puzzle.is_goal(&state) {
        steps.clear();
        puzzle.successors(&state, &mut steps);
        let here = table.distance(puzzle, &state);
        let leads_on = |step: &&Step<E::Move, E::State>| {
            let rest = table.distance(puzzle, &step.state);
            here.is_some() && rest.map(|rest| rest + step.cost) == here
        };
        let Some(step) = steps.iter().find(leads_on) else {
            out.push_str(" none");
            break;
        };
        let _ = write!(out, " {},", written(|out| puzzle.write_move(step.action, Style::Compact, out)));
        state = step.state.clone();
    }
    out.push('\n');
}

/// Writes a breadth-first walk: each position with its number, and its steps with their results.
fn walk<E: Complete>(puzzle: &E, out: &mut String) {
    let start = puzzle.start();
    let mut numbers = HashMap::from([(puzzle.key_state(&start), 0)]);
    let mut queue = vec![start];
    let mut steps = Vec::new();
    for visited in 0..MOST_VISITED {
        let Some(state) = queue.get(visited).cloned() else { return };
        let _ = writeln!(out, "> #{visited} {}", written(|out| puzzle.write_state(&state, Style::Compact, out)));
        steps.clear();
        puzzle.successors(&state, &mut steps);
        for step in &steps {
            let next = queue.len();
            let number = *numbers.entry(puzzle.key_state(&step.state)).or_insert(next);
            let note = match number == next {
                true if puzzle.is_goal(&step.state) => format!("#{number} goal"),
                true if puzzle.is_terminal(&step.state) => format!("#{number} dead"),
                true => format!("#{number}"),
                false => format!("#{number} seen"),
            };
            if number == next {
                queue.push(step.state.clone());
            }
            let action = written(|out| puzzle.write_move(step.action, Style::Compact, out));
            let state = written(|out| puzzle.write_state(&step.state, Style::Compact, out));
            let _ = writeln!(out, "  {action} : {state} {note}, cost {}", step.cost);
        }
    }
    out.push_str("…\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::WaterJugs;

    #[test]
    fn a_puzzle_is_shown() {
        let shown = drawn::<WaterJugs>(&Default::default(), 1).map(|found| puzzle(&found)).unwrap_or_default();
        for part in
            ["water-jugs {\"sizes\":", "solvable true, optimal cost", "\nsolution: ", "\n> #0 0 0", "seen, cost 1"]
        {
            assert!(shown.contains(part), "{part} in {shown}");
        }
    }
}
