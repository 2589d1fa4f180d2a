//! Conflict sets for backjumping (Prosser 1993): the decisions that are to blame for a dead end.

use super::reason::{By, Candidates, Effect};
use super::rule::{Domains, Rule};
use super::{Choice, Constraint, Values};

/// The variables decided since the start that removed all values but the remaining ones from the variable of a move. Without a move: the variables that left
/// some undecided variable no value. If a rule alone does not explain an exclusion, all decided variables are blamed.
pub fn conflict_set(puzzle: &Constraint, state: &Values, action: Option<Choice>) -> u128 {
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
            let lost = domains[variable] & !network.candidates(&mut { state.domains }, variable);
            explain(puzzle, state, &mut domains, variable, lost)
        }
        Some(Choice { by: By::Place(rule), value, .. }) => {
            let places = Candidates::new(network, state).needed_places(rule, value).unwrap_or(0);
            lost_places(puzzle, state, &mut domains, rule, value, places)
        }
        Some(Choice { by, variable, value }) if by.effect() == Effect::Decide => {
            let variable = usize::from(variable);
            let lost = domains[variable] & !(1 << value);
            explain(puzzle, state, &mut domains, variable, lost)
        }
        // a removal or a contradiction blames no decision by itself
        Some(_) => Some(0),
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
                let empty = |&(rule, value): &(u16, u8)| candidates.needed_places(rule, value) == Some(0);
                let (rule, value) = needs.into_iter().find(empty)?;
                lost_places(puzzle, state, &mut domains, rule, value, 0)
            })
        }
    };
    blamed.unwrap_or(all) & all
}

/// Decided variables that together exclude these values of a variable; none if the rules, each by itself, do not exclude them all.
fn explain(puzzle: &Constraint, state: &Values, domains: &mut Domains, variable: usize, lost: u16) -> Option<u128> {
    let network = puzzle.network();
    let mut unexplained = lost;
    let mut blamed = 0;
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
                blamed |= 1 << other;
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
    places: u128,
) -> Option<u128> {
    let mut blamed = Some(0);
    puzzle.network().rules()[usize::from(rule)].each_variable(|variable| {
        if places >> variable & 1 == 0 {
            let why = match state.is_open(variable) {
                true => explain(puzzle, state, domains, variable, puzzle.start.domains[variable] & 1 << value),
                false => Some(1 << variable),
            };
            blamed = blamed.zip(why).map(|(blamed, why)| blamed | why);
        }
    });
    blamed
}
