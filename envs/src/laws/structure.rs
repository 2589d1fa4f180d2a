//! Laws of what an environment says of its own shape: the two-way goal and the numbers of positions.

use std::collections::HashMap;

use super::{Held, Law, hold, shown};
use crate::draw::Draw;
use crate::environment::Environment;
use crate::text::Style;

const STEPS: usize = 60;

pub fn structure<E: Environment>(puzzle: &E, draw: &mut Draw) -> Held {
    let name = |state: &E::State| shown(|out| puzzle.write_state(state, Style::Frame, out));
    let goal = puzzle.two_way_goal();
    hold(Law::Structure, goal.is_none() || E::TWO_WAY, || "a two-way goal that is not declared".into())?;
    hold(Law::Structure, E::CYCLES || !puzzle.has_cycles(), || "cycles that are not declared".into())?;
    if let Some(goal) = &goal {
        hold(Law::Structure, puzzle.is_goal(goal), || format!("the goal {} is none", name(goal)))?;
    }
    let mut numbers: HashMap<usize, E::State> = HashMap::new();
    let mut state = puzzle.start();
    for step in 0..STEPS {
        if step == STEPS / 2
            && let Some(goal) = &goal
        {
            state = goal.clone();
        }
        if let Some(bound) = puzzle.index_bound() {
            let index = puzzle.index(&state);
            let key = puzzle.key_state(&state);
            let before = numbers.entry(index).or_insert_with(|| key.clone());
            hold(Law::Structure, index < bound && *before == key, || {
                format!("{} has the number {index}, as {}; bound {bound}", name(&state), name(before))
            })?;
        }
        let mut steps = Vec::new();
        puzzle.successors(&state, &mut steps);
        if let Some(goal) = &goal {
            let only = !puzzle.is_goal(&state) || puzzle.same_state(&state, goal);
            hold(Law::Structure, only, || format!("{} is a goal beside {}", name(&state), name(goal)))?;
            for step in &steps {
                let mut back = Vec::new();
                puzzle.successors(&step.state, &mut back);
                let returns = back.iter().any(|b| b.cost == step.cost && puzzle.same_state(&b.state, &state));
                hold(Law::Structure, returns, || {
                    format!("no step back from {} to {}", name(&step.state), name(&state))
                })?;
            }
        }
        match draw.choose(&steps) {
            Some(step) => state = step.state.clone(),
            None => break,
        }
    }
    if puzzle.index_bound().is_some() {
        let mut keys: Vec<&E::State> = numbers.values().collect();
        keys.sort();
        let distinct = keys.windows(2).all(|pair| pair[0] != pair[1]);
        hold(Law::Structure, distinct, || "a position has two numbers".into())?;
    }
    Ok(())
}
