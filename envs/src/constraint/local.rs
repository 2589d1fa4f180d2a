//! Steps of local search: first every variable gets some value, then values of broken rules are changed.

use super::reason::By;
use super::{Choice, Constraint, Values};
use crate::environment::Step;
use crate::variables::{Conflict, Repair};

/// The first open variable. If there is none, each variable of each broken rule that can have other values.
pub fn conflicts(puzzle: &Constraint, state: &Values, out: &mut Vec<Conflict>) {
    if let Some(variable) = puzzle.open(state).next() {
        return out.push(Conflict { rule: None, variable: variable as u32 });
    }
    for (number, rule) in (0..).zip(puzzle.network().rules()) {
        if rule.can_hold(&state.domains) {
            continue;
        }
        rule.each_variable(|variable| {
            let conflict = Conflict { rule: Some(number), variable: variable as u32 };
            let has_others = puzzle.start.is_open(variable) && !puzzle.start.domains[variable].is_power_of_two();
            if has_others && !out.contains(&conflict) {
                out.push(conflict);
            }
        });
    }
}

/// Every value of an open variable; every other value of a decided one.
pub fn repairs(puzzle: &Constraint, state: &Values, conflict: Conflict, out: &mut Vec<Repair<Choice, Values>>) {
    let network = puzzle.network();
    let variable = conflict.variable as usize;
    let (by, lost) = match conflict.rule {
        None => (By::Toss, 0),
        Some(rule) => (By::Repair(rule as u16), state.domains[variable]),
    };
    let values = puzzle.start.domains[variable] & !lost;
    let conflicts = |rule: u16, state: &Values| network.rules()[usize::from(rule)].conflicts(&state.domains);
    let all: u32 = (0..network.rules().len() as u16).map(|rule| conflicts(rule, state)).sum();
    let mut rules = network.rules_of(variable).to_vec();
    rules.dedup();
    let before: Vec<u32> = rules.iter().map(|&rule| conflicts(rule, state)).collect();
    for value in (0..16u8).filter(|value| values >> value & 1 == 1) {
        let action = Choice { variable: variable as u8, value, by };
        let next = state.with(action);
        let (mut make_count, mut break_count) = (0, 0);
        for (&rule, &before) in rules.iter().zip(&before) {
            let after = conflicts(rule, &next);
            make_count += before.saturating_sub(after);
            break_count += after.saturating_sub(before);
        }
        let step = Step { action, state: next, cost: u64::from(conflict.rule.is_none()) };
        out.push(Repair { step, conflicts: all + break_count - make_count, break_count, make_count });
    }
}
