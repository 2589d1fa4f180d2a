//! Laws of declared structure: the two-way goal and the numbers of positions.

use std::collections::{HashMap, HashSet};

use super::{Held, Law, hold, part, shown};
use crate::draw::Draw;
use crate::environment::{Complete, Environment, Step};
use crate::text::Style;

type Steps<E> = Vec<Step<<E as Environment>::Move, <E as Environment>::State>>;

const STEPS: usize = 60;

pub fn structure<E: Complete>(puzzle: &E, draw: &mut Draw) -> Held {
    let goal = puzzle.two_way_goal();
    two_way_goal(puzzle, goal.as_ref())?;
    let mut numbers: HashMap<usize, E::State> = HashMap::new();
    let mut state = puzzle.start();
    let mut walked = HashSet::new();
    for step in 0..STEPS {
        let is_new = walked.insert(puzzle.key_state(&state));
        hold(Law::Structure, "About::positions_recur", is_new || puzzle.about().positions_recur, || {
            ("false".into(), format!("true: a walk comes back to {}", name(puzzle, &state)))
        })?;
        if step == STEPS / 2
            && let Some(goal) = &goal
        {
            state = goal.clone();
        }
        index(puzzle, &state, &mut numbers)?;
        let steps = steps_of(puzzle, &state)?;
        if let Some(goal) = &goal {
            both_ways(puzzle, goal, &state, &steps)?;
        }
        match draw.choose(&steps) {
            Some(step) => state = step.state.clone(),
            None => break,
        }
    }
    let mut keys: Vec<&E::State> = numbers.values().collect();
    keys.sort();
    let twice = keys.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0]);
    hold(Law::Structure, "index", twice.is_none(), || {
        let state = twice.map_or(String::new(), |state| name(puzzle, state));
        (format!("two numbers of {state}"), "one".into())
    })
}

fn steps_of<E: Complete>(puzzle: &E, state: &E::State) -> Result<Steps<E>, super::Broken> {
    part(Law::Successors, "successors", || {
        let mut steps = Vec::new();
        puzzle.successors(state, &mut steps);
        Ok(steps)
    })
}

fn name<E: Complete>(puzzle: &E, state: &E::State) -> String {
    shown(|out| puzzle.write_state(state, Style::Frame, out))
}

fn two_way_goal<E: Complete>(puzzle: &E, goal: Option<&E::State>) -> Held {
    let Some(goal) = goal else { return Ok(()) };
    let says = || format!("{} of a puzzle whose `About::two_way` is false", name(puzzle, goal));
    hold(Law::Structure, "two_way_goal", puzzle.about().two_way, || (says(), "none, or true there".into()))?;
    hold(Law::Structure, "two_way_goal", puzzle.is_goal(goal), || {
        (format!("{}, of which `is_goal` says no", name(puzzle, goal)), "the goal".into())
    })
}

/// The number must be below the bound and belong to no other position.
fn index<E: Complete>(puzzle: &E, state: &E::State, numbers: &mut HashMap<usize, E::State>) -> Held {
    let Some(bound) = puzzle.index_bound() else { return Ok(()) };
    let number = puzzle.index(state);
    hold(Law::Structure, "index", number < bound, || {
        (format!("{number} of {}", name(puzzle, state)), format!("less than {bound}, the `index_bound`"))
    })?;
    let key = puzzle.key_state(state);
    let before = numbers.entry(number).or_insert_with(|| key.clone());
    hold(Law::Structure, "index", *before == key, || {
        (
            format!("{number} of {}", name(puzzle, state)),
            format!("another number than that of {}", name(puzzle, before)),
        )
    })
}

/// There must be no goal besides the two-way goal, and each step can be undone at the same cost.
fn both_ways<E: Complete>(puzzle: &E, goal: &E::State, state: &E::State, steps: &Steps<E>) -> Held {
    let only = !puzzle.is_goal(state) || puzzle.same_state(state, goal);
    hold(Law::Structure, "is_goal", only, || {
        (format!("yes of {}", name(puzzle, state)), format!("no: the `two_way_goal` is {}", name(puzzle, goal)))
    })?;
    for step in steps {
        let back = steps_of(puzzle, &step.state)?;
        let returns = back.iter().any(|back| back.cost == step.cost && puzzle.same_state(&back.state, state));
        hold(Law::Structure, "successors", returns, || {
            let (from, to) = (name(puzzle, &step.state), name(puzzle, state));
            (
                format!("none of the {} steps out of {from} leads to {to} at a cost of {}", back.len(), step.cost),
                "one that does: there is a `two_way_goal`, and a step the other way".into(),
            )
        })?;
    }
    Ok(())
}
