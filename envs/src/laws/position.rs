//! Laws of states, moves, distances and heuristics, on the states of random walks.

use super::{Held, Law, hold, shown, text};
use crate::distance::DistanceTable;
use crate::draw::Draw;
use crate::environment::{Complete, Cost, Environment, Step};
use crate::search_support::Evaluator;
use crate::text::Style;

type Steps<E> = Vec<Step<<E as Environment>::Move, <E as Environment>::State>>;

const WALKS: usize = 3;
const STEPS: usize = 12;

/// What is prepared once for a puzzle.
struct Prepared<'a, E: Complete> {
    puzzle: &'a E,
    distances: DistanceTable<E>,
    evaluators: Vec<Evaluator<E>>,
}

pub fn walk<E: Complete>(puzzle: &E, draw: &mut Draw) -> Held {
    let evaluators = (0..puzzle.about().heuristics.len()).map(|heuristic| puzzle.evaluator(heuristic)).collect();
    let prepared = Prepared { puzzle, distances: puzzle.distance_table(), evaluators };
    prepared.facts()?;
    text::lines(puzzle)?;
    for walk in 0..WALKS {
        let mut state = puzzle.start();
        for step in 0..STEPS {
            if step > 0 || walk == 0 {
                prepared.position(&state, draw)?;
            }
            let mut steps = Vec::new();
            puzzle.successors(&state, &mut steps);
            match draw.choose(&steps) {
                Some(step) => state = step.state.clone(),
                None => break,
            }
        }
    }
    Ok(())
}

fn name<E: Complete>(puzzle: &E, state: &E::State) -> String {
    shown(|out| puzzle.write_state(state, Style::Frame, out))
}

fn name_move<E: Complete>(puzzle: &E, action: E::Move) -> String {
    shown(|out| puzzle.write_move(action, Style::Frame, out))
}

impl<E: Complete> Prepared<'_, E> {
    fn distance(&self, state: &E::State) -> Option<Cost> {
        self.distances.distance(self.puzzle, state)
    }

    fn position(&self, state: &E::State, draw: &mut Draw) -> Held {
        let steps = self.successors(state)?;
        self.key(state)?;
        for step in &steps {
            self.step(state, step)?;
        }
        self.distances(state, &steps)?;
        for heuristic in 0..self.evaluators.len() {
            self.heuristic(heuristic, state, &steps)?;
        }
        text::atoms(self.puzzle, state, &steps)?;
        text::words(self.puzzle, state, &steps)?;
        text::reading(self.puzzle, &self.evaluators, state, &steps, draw)?;
        text::damage(self.puzzle, state, &steps, draw)
    }

    fn successors(&self, state: &E::State) -> Result<Steps<E>, super::Broken> {
        let mut once = Vec::new();
        self.puzzle.successors(state, &mut once);
        let mut twice = once.clone();
        self.puzzle.successors(state, &mut twice);
        let appended = twice.len() == 2 * once.len() && twice[..once.len()] == once && twice[once.len()..] == once;
        hold(Law::Successors, appended, || {
            format!(
                "{} steps out of {}, then {}, not appended alike",
                once.len(),
                name(self.puzzle, state),
                twice.len()
            )
        })?;
        hold(Law::Terminal, self.puzzle.is_terminal(state) == once.is_empty(), || {
            let said = self.puzzle.is_terminal(state);
            format!(
                "`is_terminal` of {} is {said}, and there are {} steps out of it",
                name(self.puzzle, state),
                once.len()
            )
        })?;
        Ok(once)
    }

    fn key(&self, state: &E::State) -> Held {
        let key = self.puzzle.key_state(state);
        let kept = self.puzzle.key_state(&key) == key && self.puzzle.same_state(state, &key);
        hold(Law::Keys, kept, || {
            format!("the key of {} has another key or is another position", name(self.puzzle, state))
        })?;
        let same =
            self.puzzle.is_goal(state) == self.puzzle.is_goal(&key) && self.distance(state) == self.distance(&key);
        hold(Law::Keys, same, || format!("{} and its key differ in goal or distance", name(self.puzzle, state)))
    }

    fn step(&self, state: &E::State, step: &Step<E::Move, E::State>) -> Held {
        let told = |what: &str| {
            let here = name(self.puzzle, state);
            format!("{what} {} in {here} is not as among its successors", name_move(self.puzzle, step.action))
        };
        let applied = self.puzzle.apply(state, step.action).is_some_and(|(action, to, cost)| {
            action == step.action && self.puzzle.same_state(&to, &step.state) && cost == step.cost
        });
        hold(Law::Moves, applied, || told("`apply` of"))?;
        let claimed = self.puzzle.apply_as_claimed(state, step.action);
        let fits = claimed.is_some_and(|(to, cost)| self.puzzle.same_state(&to, &step.state) && cost == step.cost);
        hold(Law::Moves, fits, || told("`apply_as_claimed` of"))
    }

    fn distances(&self, state: &E::State, steps: &[Step<E::Move, E::State>]) -> Held {
        let found = self.distance(state);
        let through = |step: &Step<E::Move, E::State>| Some(self.distance(&step.state)?.saturating_add(step.cost));
        let goal = self.puzzle.is_goal(state);
        let expected = if goal { Some(0) } else { steps.iter().filter_map(through).min() };
        hold(Law::Distance, found == expected, || {
            let why = if goal { "it is a goal" } else { "its successors say so" };
            format!("the distance of {} is {found:?}; expected {expected:?}: {why}", name(self.puzzle, state))
        })
    }

    fn facts(&self) -> Held {
        let facts = self.puzzle.solver_facts();
        let distance = self.distance(&self.puzzle.start());
        let solvable = facts.solvable == distance.is_some() && self.puzzle.is_solvable() == facts.solvable;
        let agree = facts.optimal_cost == distance && solvable;
        hold(Law::SolverFacts, agree, || format!("{facts:?}, but the distance of the start is {distance:?}"))?;
        let counted = facts.solutions.is_none_or(|solutions| (solutions > 0) == facts.solvable);
        hold(Law::SolverFacts, counted, || {
            format!("{facts:?}: solutions where there is none, or none where there is one")
        })
    }

    fn heuristic(&self, heuristic: usize, state: &E::State, steps: &[Step<E::Move, E::State>]) -> Held {
        let about = self.puzzle.about();
        let (spec, evaluator) = (&about.heuristics[heuristic], &self.evaluators[heuristic]);
        let scale = |cost: Cost| cost.saturating_mul(about.estimate_scale);
        let here = evaluator.estimate(self.puzzle, state);
        let plain = self.puzzle.estimate(heuristic, state);
        hold(Law::Heuristics, plain == here, || {
            let place = name(self.puzzle, state);
            format!("`estimate` of {} says {plain} of {place}, and its `evaluator` says {here}", spec.name)
        })?;
        let distance = self.distance(state);
        let below = !spec.admissible || distance.is_none_or(|distance| here <= scale(distance));
        hold(Law::Heuristics, below, || {
            let scaled = about.estimate_scale;
            format!("{} says {here}/{scaled} of {}; the distance is {distance:?}", spec.name, name(self.puzzle, state))
        })?;
        for step in steps.iter().filter(|_| spec.consistent) {
            let there = evaluator.estimate(self.puzzle, &step.state);
            hold(Law::Heuristics, here <= scale(step.cost).saturating_add(there), || {
                let (from, to) = (name(self.puzzle, state), name(self.puzzle, &step.state));
                format!("{} is not consistent: {here} of {from}, {there} of {to}, a step of {}", spec.name, step.cost)
            })?;
        }
        Ok(())
    }
}
