//! Conflict sets for backjumping (Prosser 1993): the decisions that are to blame for a dead end.

use super::reason::{By, Candidates, Effect};
use super::rule::{Domains, Rule};
use super::{Choice, Constraint, Values};
use crate::variable_set::VariableSet;

/// The variables decided since the start that removed all values but the remaining ones from the variable of a move. Without a move: the variables that left
/// some undecided variable no value. If a rule alone does not explain an exclusion, all decided variables are blamed.
pub fn conflict_set(puzzle: &Constraint, state: &Values, action: Option<Choice>) -> VariableSet {
    let network = puzzle.network();
    // inferences count only as far as decisions explain them
    let mut domains = puzzle.start.domains;
    for variable in (0..network.len()).filter(|&variable| !state.is_open(variable)) {
        domains[variable] = state.domains[variable];
    }
    let all = state.decided & !puzzle.start.decided;
    let blamed = match action {
        Some(Choice { by: By::Choice | By::Guess(_), variable, .. }) => {
            let variable = usize::from(variable);
            let lost = domains[variable] & !network.candidates(&state.domains, variable);
            explain(puzzle, state, &mut domains, variable, lost)
        }
        Some(Choice { by: By::Place(rule), value, .. }) => {
            let places = Candidates::new(network, state).needed_places(rule, value).unwrap_or_default();
            lost_places(puzzle, state, &mut domains, rule, value, places)
        }
        Some(Choice { by, variable, value }) if by.effect() == Effect::Decide => {
            let variable = usize::from(variable);
            let lost = domains[variable] & !(1 << value);
            explain(puzzle, state, &mut domains, variable, lost)
        }
        // a removal or a contradiction blames no decision by itself
        Some(_) => Some(VariableSet::EMPTY),
        None => {
            let open = (0..network.len()).filter(|&variable| state.is_open(variable));
            let no_candidate = open.into_iter().find_map(|variable| {
                let lost = domains[variable];
                explain(puzzle, state, &mut domains, variable, lost)
            });
            no_candidate.or_else(|| {
                let mut candidates = Candidates::new(network, state);
                let needs = (0..).zip(network.rules()).flat_map(|(number, rule)| {
                    (0..16u8).filter(move |value| rule.needs() >> value & 1 == 1).map(move |value| (number, value))
                });
                let empty =
                    |&(rule, value): &(u16, u8)| candidates.needed_places(rule, value) == Some(VariableSet::EMPTY);
                let (rule, value) = needs.into_iter().find(empty)?;
                lost_places(puzzle, state, &mut domains, rule, value, VariableSet::EMPTY)
            })
        }
    };
    blamed.unwrap_or(all) & all
}

/// Decided variables that together exclude these values of a variable; none if the rules, each by itself, do not exclude them all.
fn explain(
    puzzle: &Constraint,
    state: &Values,
    domains: &mut Domains,
    variable: usize,
    lost: u16,
) -> Option<VariableSet> {
    let network = puzzle.network();
    let mut unexplained = lost;
    let mut blamed = VariableSet::EMPTY;
    for &rule in network.rules_of(variable) {
        if unexplained == 0 {
            break;
        }
        let rule = &network.rules()[usize::from(rule)];
        let excluded = unexplained & !rule.permits(domains, variable);
        if excluded == 0 {
            continue;
        }
        unexplained &= !excluded;
        let values_differ = matches!(rule, Rule::AllDifferent { .. });
        rule.each_variable(|other| {
            let takes = !values_differ || domains[other] & excluded != 0;
            if other != variable && !state.is_open(other) && takes {
                blamed.insert(other);
            }
        });
    }
    (unexplained == 0).then_some(blamed)
}

/// The same for the places of a value that a rule needs: for all its variables except those that can still have it.
fn lost_places(
    puzzle: &Constraint,
    state: &Values,
    domains: &mut Domains,
    rule: u16,
    value: u8,
    places: VariableSet,
) -> Option<VariableSet> {
    let mut blamed = Some(VariableSet::EMPTY);
    puzzle.network().rules()[usize::from(rule)].each_variable(|variable| {
        if !places.has(variable) {
            let why = match state.is_open(variable) {
                true => explain(puzzle, state, domains, variable, puzzle.start.domains[variable] & 1 << value),
                false => Some(VariableSet::of(variable)),
            };
            blamed = blamed.zip(why).map(|(blamed, why)| blamed | why);
        }
    });
    blamed
}
