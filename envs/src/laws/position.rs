//! Laws of states, moves, distances and heuristics, on the states of random walks.

use super::{Held, Law, hold, no_panic, part, shown, text};
use crate::distance::DistanceTable;
use crate::draw::Draw;
use crate::environment::{Complete, Cost, Environment, Step};
use crate::search_support::Evaluator;
use crate::text::Style;

type Steps<E> = Vec<Step<<E as Environment>::Move, <E as Environment>::State>>;

const WALKS: usize = 3;
const STEPS: usize = 12;

/// Data prepared once for a puzzle.
struct Prepared<'a, E: Complete> {
    puzzle: &'a E,
    distances: DistanceTable<E>,
    evaluators: Vec<Evaluator<E>>,
}

pub fn walk<E: Complete>(puzzle: &E, draw: &mut Draw) -> Held {
    let evaluators = no_panic(
        Law::Heuristics,
        "evaluator",
        || (0..puzzle.about().heuristics.len()).map(|heuristic| puzzle.evaluator(heuristic)).collect(),
        String::new,
    )?;
    let distances = no_panic(Law::Distance, "distance_table", || puzzle.distance_table(), String::new)?;
    let prepared = Prepared { puzzle, distances, evaluators };
    part(Law::SolverFacts, "solver_facts", || prepared.facts())?;
    part(Law::Atoms, "write_header", || text::lines(puzzle))?;
    for walk in 0..WALKS {
        let mut state = puzzle.start();
        for step in 0..STEPS {
            if step > 0 || walk == 0 {
                prepared.position(&state, draw)?;
            }
            let mut steps = Vec::new();
            part(Law::Successors, "successors", || {
                puzzle.successors(&state, &mut steps);
                Ok(())
            })?;
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
        let steps = part(Law::Successors, "successors", || self.successors(state))?;
        part(Law::Terminal, "is_terminal", || self.terminal(state, &steps))?;
        part(Law::Keys, "key_state", || self.key(state))?;
        part(Law::Moves, "apply", || steps.iter().try_for_each(|step| self.step(state, step)))?;
        part(Law::Distance, "distance_table", || self.distances(state, &steps))?;
        let mut heuristics = 0..self.evaluators.len();
        part(Law::Heuristics, "estimate", || heuristics.try_for_each(|place| self.heuristic(place, state, &steps)))?;
        part(Law::Atoms, "write_state", || text::atoms(self.puzzle, state, &steps))?;
        part(Law::Words, "About::words", || text::words(self.puzzle, state, &steps))?;
        text::reading(self.puzzle, &self.evaluators, state, &steps, draw)?;
        part(Law::Damage, "damage_state", || text::damage(self.puzzle, state, &steps, draw))
    }

    fn successors(&self, state: &E::State) -> Result<Steps<E>, super::Broken> {
        let mut once = Vec::new();
        self.puzzle.successors(state, &mut once);
        let mut twice = once.clone();
        self.puzzle.successors(state, &mut twice);
        let appended = twice.len() == 2 * once.len() && twice[..once.len()] == once && twice[once.len()..] == once;
        hold(Law::Successors, "successors", appended, || {
            let place = name(self.puzzle, state);
            let says = format!("{} steps out of {place}, and behind these a list of {}", once.len(), twice.len());
            (says, format!("the same {} steps appended, {} in all", once.len(), 2 * once.len()))
        })?;
        Ok(once)
    }

    fn terminal(&self, state: &E::State, steps: &Steps<E>) -> Held {
        let said = self.puzzle.is_terminal(state);
        hold(Law::Terminal, "is_terminal", said == steps.is_empty(), || {
            let expected = format!("{}: there are {} steps out of it", steps.is_empty(), steps.len());
            (format!("{said} of {}", name(self.puzzle, state)), expected)
        })
    }

    fn key(&self, state: &E::State) -> Held {
        let key = self.puzzle.key_state(state);
        let again = self.puzzle.key_state(&key);
        hold(Law::Keys, "key_state", again == key && self.puzzle.same_state(state, &key), || {
            let (key, again) = (name(self.puzzle, &key), name(self.puzzle, &again));
            (format!("{key} of {}, and {again} of {key}", name(self.puzzle, state)), "the same of both".into())
        })?;
        let told = |state: &E::State| (self.puzzle.is_goal(state), self.distance(state));
        let (here, there) = (told(state), told(&key));
        hold(Law::Keys, "key_state", here == there, || {
            let (state, key) = (name(self.puzzle, state), name(self.puzzle, &key));
            let say = |(goal, distance): (bool, Option<Cost>)| format!("`is_goal` {goal}, distance {distance:?}");
            (format!("{key} of {state}, with {}", say(there)), format!("a state with {}", say(here)))
        })
    }

    fn step(&self, state: &E::State, step: &Step<E::Move, E::State>) -> Held {
        let told = |state: &E::State, cost: Cost| format!("{} at a cost of {cost}", name(self.puzzle, state));
        let expected = || format!("{}, as among its successors", told(&step.state, step.cost));
        let action = |action: E::Move| name_move(self.puzzle, action);
        let applied = self.puzzle.apply(state, step.action);
        let fits = applied.as_ref().is_some_and(|(action, to, cost)| {
            *action == step.action && self.puzzle.same_state(to, &step.state) && *cost == step.cost
        });
        hold(Law::Moves, "apply", fits, || {
            let leads =
                applied.map_or("illegal".into(), |(right, to, cost)| format!("{}, {}", action(right), told(&to, cost)));
            let says = format!("{} in {}: {leads}", action(step.action), name(self.puzzle, state));
            (says, format!("{}, {}", action(step.action), expected()))
        })?;
        let claimed = self.puzzle.apply_as_claimed(state, step.action);
        let fits =
            claimed.as_ref().is_some_and(|(to, cost)| self.puzzle.same_state(to, &step.state) && *cost == step.cost);
        hold(Law::Moves, "apply_as_claimed", fits, || {
            let leads = claimed.map_or("illegal".into(), |(to, cost)| told(&to, cost));
            (format!("{} in {}: {leads}", action(step.action), name(self.puzzle, state)), expected())
        })
    }

    fn distances(&self, state: &E::State, steps: &[Step<E::Move, E::State>]) -> Held {
        let found = self.distance(state);
        let through = |step: &Step<E::Move, E::State>| Some(self.distance(&step.state)?.saturating_add(step.cost));
        let goal = self.puzzle.is_goal(state);
        let expected = if goal { Some(0) } else { steps.iter().filter_map(through).min() };
        hold(Law::Distance, "distance_table", found == expected, || {
            let why = if goal { "it is a goal" } else { "so its successors say" };
            (format!("{found:?} of {}", name(self.puzzle, state)), format!("{expected:?}: {why}"))
        })
    }

    fn facts(&self) -> Held {
        let facts = self.puzzle.solver_facts();
        let distance = self.distance(&self.puzzle.start());
        let agree = facts.optimal_cost == distance && facts.solvable == distance.is_some();
        hold(Law::SolverFacts, "solver_facts", agree, || {
            (format!("{facts:?}"), format!("{distance:?} as cost: the distance of the start"))
        })?;
        let solvable = self.puzzle.is_solvable();
        hold(Law::SolverFacts, "is_solvable", solvable == facts.solvable, || {
            (solvable.to_string(), format!("{}, as `solver_facts`", facts.solvable))
        })?;
        let counted = facts.solutions.is_none_or(|solutions| (solutions > 0) == facts.solvable);
        hold(Law::SolverFacts, "solver_facts", counted, || {
            (format!("{facts:?}"), "`solutions` over 0 exactly where it is solvable".into())
        })
    }

    fn heuristic(&self, heuristic: usize, state: &E::State, steps: &[Step<E::Move, E::State>]) -> Held {
        let about = self.puzzle.about();
        let (spec, evaluator) = (&about.heuristics[heuristic], &self.evaluators[heuristic]);
        let scale = |cost: Cost| cost.saturating_mul(about.estimate_scale);
        let here = evaluator.estimate(self.puzzle, state);
        let says = |estimate: Cost| {
            let scale = if about.estimate_scale == 1 { String::new() } else { format!("/{}", about.estimate_scale) };
            format!("{estimate}{scale} of {} by {}", name(self.puzzle, state), spec.name)
        };
        let plain = self.puzzle.estimate(heuristic, state);
        hold(Law::Heuristics, "evaluator", plain == here, || (says(here), format!("{plain}, as `estimate`")))?;
        let distance = self.distance(state);
        let below = !spec.admissible || distance.is_none_or(|distance| here <= scale(distance));
        hold(Law::Heuristics, "estimate", below, || {
            let most = distance.map_or(0, scale);
            (says(here), format!("at most {most}, the distance, since it is declared admissible"))
        })?;
        for step in steps.iter().filter(|_| spec.consistent) {
            let there = evaluator.estimate(self.puzzle, &step.state);
            let most = scale(step.cost).saturating_add(there);
            hold(Law::Heuristics, "estimate", here <= most, || {
                let to = name(self.puzzle, &step.state);
                let why = format!("a step of {} leads to {to}, of which it says {there}", step.cost);
                (says(here), format!("at most {most}, since it is declared consistent and {why}"))
            })?;
        }
        Ok(())
    }
}
