//! Laws of what an environment says of its own shape: the two-way goal and the numbers of positions.

use std::collections::{HashMap, HashSet};

use super::{Held, Law, hold, shown};
use crate::draw::Draw;
use crate::environment::Complete;
use crate::text::Style;

const STEPS: usize = 60;

pub fn structure<E: Complete>(puzzle: &E, draw: &mut Draw) -> Held {
    let name = |state: &E::State| shown(|out| puzzle.write_state(state, Style::Frame, out));
    let goal = puzzle.two_way_goal();
    hold(Law::Structure, goal.is_none() || puzzle.about().two_way, || {
        "`two_way_goal` gives one, and `About::two_way` says that there is none".into()
    })?;
    if let Some(goal) = &goal {
        hold(Law::Structure, puzzle.is_goal(goal), || {
            format!("`two_way_goal` is {}, of which `is_goal` says no", name(goal))
        })?;
    }
    let mut numbers: HashMap<usize, E::State> = HashMap::new();
    let about = puzzle.about();
    let mut state = puzzle.start();
    let mut walked = HashSet::new();
    for step in 0..STEPS {
        hold(Law::Structure, walked.insert(puzzle.key_state(&state)) || about.positions_recur, || {
            format!("a walk comes back to {}, and `About::positions_recur` is false", name(&state))
        })?;
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
                format!("`index` of {} is {index}, as that of {}; `index_bound` is {bound}", name(&state), name(before))
            })?;
        }
        let mut steps = Vec::new();
        puzzle.successors(&state, &mut steps);
        if let Some(goal) = &goal {
            let only = !puzzle.is_goal(&state) || puzzle.same_state(&state, goal);
            hold(Law::Structure, only, || {
                format!("`is_goal` of {} is true, beside {}, the `two_way_goal`", name(&state), name(goal))
            })?;
            for step in &steps {
                let mut back = Vec::new();
                puzzle.successors(&step.state, &mut back);
                let returns = back.iter().any(|b| b.cost == step.cost && puzzle.same_state(&b.state, &state));
                hold(Law::Structure, returns, || {
                    format!(
                        "`successors` of {} has no step back to {} at the same cost, and there is a `two_way_goal`",
                        name(&step.state),
                        name(&state)
                    )
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
        hold(Law::Structure, distinct, || "`index` gives a position two numbers".into())?;
    }
    Ok(())
}
