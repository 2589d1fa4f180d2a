//! The next inference of a search, by level of inference. [`Candidates::justify`] accepts every inference that is found here.

use super::network::Network;
use super::reason::{By, Candidates, different};
use super::rule::Rule;
use super::{Choice, Values};
use crate::variable_set::VariableSet;

/// The levels of inference. Besides what its name says, each finds contradictions and, except `ac-3`, variables with one candidate left.
pub const INFERENCES: [&str; 6] = ["forward", "ac-3", "mac", "singles", "human", "dpll"];

const FORWARD: usize = 0;
const AC_3: usize = 1;
const MAC: usize = 2;
const HUMAN: usize = 4;
const DPLL: usize = 5;

/// The next inference in a position; none if there is nothing to infer.
pub fn next(network: &Network, inference: usize, start: &Values, state: &Values) -> Option<Choice> {
    let open = || (0..network.len()).filter(|&variable| state.is_open(variable));
    let forced = |candidates: &mut Candidates<'_>| forced(network, candidates);
    match inference {
        FORWARD => return filtering(network, true, state).or_else(|| forced(&mut Candidates::new(network, state))),
        MAC => return filtering(network, false, state).or_else(|| forced(&mut Candidates::new(network, state))),
        // before the first guess all inconsistent values are removed; after it only dead ends are found
        AC_3 if state.decided == start.decided => return filtering(network, false, state),
        AC_3 => return forced(&mut Candidates::new(network, state)).filter(|found| found.by == By::NoCandidate),
        _ => {}
    }
    let mut candidates = Candidates::new(network, state);
    if let Some(found) = forced(&mut candidates) {
        let value = 1 << found.value;
        let variable = usize::from(found.variable);
        let mut unit = || network.rules_of(variable).iter().find(|&&rule| candidates.left_by(rule, variable) == value);
        let by = match found.by {
            By::Single if inference == DPLL => unit().map_or(By::Single, |&rule| By::Unit(rule)),
            by => by,
        };
        return Some(Choice { by, ..found });
    }
    if inference == DPLL {
        let all_clauses = network.rules().iter().all(|rule| matches!(rule, Rule::Clause { .. }));
        let literals = || open().flat_map(|variable| [(variable, 0), (variable, 1)]);
        let pure = all_clauses.then(|| literals().find(|&(variable, value)| candidates.is_pure(variable, value)))?;
        return pure.map(|(variable, value)| choice(variable, value.into(), By::Pure));
    }
    hidden(network, &mut candidates).or_else(|| {
        let mut further = || {
            locked(network, &mut candidates)
                .or_else(|| pairs(network, &mut candidates))
                .or_else(|| triples(network, &mut candidates))
                .or_else(|| hidden_triples(network, &mut candidates))
                .or_else(|| x_wings(network, &mut candidates))
        };
        if inference == HUMAN { further() } else { None }
    })
}

fn choice(variable: usize, value: u32, by: By) -> Choice {
    Choice { variable: variable as u8, value: value as u8, by }
}

/// Removes values one by one for which a rule has no place. With `forward`, only decided variables count among the others.
fn filtering(network: &Network, forward: bool, state: &Values) -> Option<Choice> {
    let open = || (0..network.len()).filter(|&variable| state.is_open(variable));
    if let Some(variable) = open().find(|&variable| state.domains[variable] == 0) {
        return Some(choice(variable, 0, By::NoCandidate));
    }
    let mut others = state.domains;
    if forward {
        open().for_each(|variable| others[variable] = network.domains[variable]);
    }
    for variable in open() {
        let before = std::mem::replace(&mut others[variable], state.domains[variable]);
        for &rule in network.rules_of(variable) {
            let lost = state.domains[variable] & !network.rules()[usize::from(rule)].permits(&others, variable);
            if lost != 0 {
                return Some(choice(variable, lost.trailing_zeros(), By::Rule(rule)));
            }
        }
        others[variable] = before;
    }
    None
}

/// A variable without candidates, or else one with a single candidate.
fn forced(network: &Network, candidates: &mut Candidates<'_>) -> Option<Choice> {
    let mut single = None;
    for variable in 0..network.len() {
        match candidates.of(variable) {
            _ if !candidates.is_open(variable) => {}
            0 => return Some(choice(variable, 0, By::NoCandidate)),
            value if value.is_power_of_two() && single.is_none() => {
                single = Some(choice(variable, value.trailing_zeros(), By::Single));
            }
            _ => {}
        }
    }
    single
}

/// All rules that require different values, with their variables and the values that must occur.
fn units(network: &Network) -> impl Iterator<Item = (u16, &[u8], u16)> {
    let rules = 0..network.rules().len() as u16;
    rules.filter_map(|rule| different(network, rule).map(|(variables, each)| (rule, variables, each)))
}

fn values(each: u16) -> impl Iterator<Item = u8> {
    (0..16).filter(move |value| each >> value & 1 == 1)
}

/// A value without a place in a rule, or else one with a single place.
fn hidden(network: &Network, candidates: &mut Candidates<'_>) -> Option<Choice> {
    let mut found = None;
    for (number, rule) in (0..).zip(network.rules()) {
        let each = rule.needs();
        if each == 0 {
            continue;
        }
        // values that are possible in one variable or more, and in two or more
        let (mut once, mut twice) = (0u16, 0u16);
        rule.each_variable(|variable| {
            let here = candidates.of(variable);
            twice |= once & here;
            once |= here;
        });
        if let Some(value) = values(each & !once).next() {
            return Some(choice(0, value.into(), By::NoPlace(number)));
        }
        let single = each & once & !twice;
        if single != 0 && found.is_none() {
            rule.each_variable(|variable| {
                let here = candidates.of(variable) & single;
                if here != 0 && found.is_none() && candidates.is_open(variable) {
                    found = Some(choice(variable, here.trailing_zeros(), By::Hidden(number)));
                }
            });
        }
    }
    found
}

/// A candidate to remove because all places of its value in a rule are in another rule as well.
fn locked(network: &Network, candidates: &mut Candidates<'_>) -> Option<Choice> {
    for (rule, variables, each) in units(network) {
        for value in values(each) {
            let places = candidates.places(variables, value);
            let Some(first) = places.first().filter(|_| places.len() >= 2) else { continue };
            for &other in network.rules_of(first).iter().filter(|&&other| other != rule) {
                let Some((line, _)) = different(network, other) else { continue };
                if !places.is_within(line) {
                    continue;
                }
                let outside = line.iter().map(|&place| usize::from(place)).filter(|&place| !places.has(place));
                for place in outside.filter(|&place| !variables.contains(&(place as u8))) {
                    if candidates.is_open(place) && candidates.of(place) >> value & 1 == 1 {
                        return Some(choice(place, value.into(), By::Locked(rule)));
                    }
                }
            }
        }
    }
    None
}

/// A candidate to remove because two variables have the same two candidates, or two values have the same two places.
fn pairs(network: &Network, candidates: &mut Candidates<'_>) -> Option<Choice> {
    for (rule, variables, _) in units(network) {
        let pairs = candidates.pairs(variables);
        for (first, &(one, pair)) in pairs.iter().enumerate() {
            let Some(&(two, _)) = pairs[first + 1..].iter().find(|(_, same)| *same == pair) else { continue };
            for &other in variables.iter().filter(|&&other| other != one && other != two) {
                let lost = if candidates.is_open(other.into()) { candidates.of(other.into()) & pair } else { 0 };
                if lost != 0 {
                    return Some(choice(other.into(), lost.trailing_zeros(), By::NakedPair(rule)));
                }
            }
        }
    }
    for (rule, variables, each) in units(network) {
        let mut known: Vec<(VariableSet, u8)> = Vec::new();
        for value in values(each) {
            let places = candidates.places(variables, value);
            if places.len() != 2 {
                continue;
            }
            let Some(&(_, partner)) = known.iter().find(|(same, _)| *same == places) else {
                known.push((places, value));
                continue;
            };
            for place in places.iter() {
                let lost = candidates.of(place) & !(1 << value) & !(1 << partner);
                if lost != 0 {
                    return Some(choice(place, lost.trailing_zeros(), By::HiddenPair(rule)));
                }
            }
        }
    }
    None
}

/// A candidate to remove because three variables have three candidates in all.
fn triples(network: &Network, candidates: &mut Candidates<'_>) -> Option<Choice> {
    for (rule, variables, _) in units(network) {
        for (places, triple) in candidates.triples(variables) {
            for &other in variables.iter().filter(|&&other| !places.has(other.into())) {
                let lost = if candidates.is_open(other.into()) { candidates.of(other.into()) & triple } else { 0 };
                if lost != 0 {
                    return Some(choice(other.into(), lost.trailing_zeros(), By::NakedTriple(rule)));
                }
            }
        }
    }
    None
}

/// A candidate to remove because three other values need its place and two more.
fn hidden_triples(network: &Network, candidates: &mut Candidates<'_>) -> Option<Choice> {
    for (rule, variables, each) in units(network) {
        for (places, triple) in candidates.hidden_triples(variables, each) {
            for place in places.iter() {
                let lost = if candidates.is_open(place) { candidates.of(place) & !triple } else { 0 };
                if lost != 0 {
                    return Some(choice(place, lost.trailing_zeros(), By::HiddenTriple(rule)));
                }
            }
        }
    }
    None
}

/// A candidate to remove because two rules have their places for the value in the same two other rules.
fn x_wings(network: &Network, candidates: &mut Candidates<'_>) -> Option<Choice> {
    for (rule, _, each) in units(network) {
        for value in values(each) {
            for (places, covered) in candidates.x_wings(rule, value) {
                for place in (covered & !places).iter() {
                    if candidates.is_open(place) && candidates.of(place) >> value & 1 == 1 {
                        return Some(choice(place, value.into(), By::XWing(rule)));
                    }
                }
            }
        }
    }
    None
}

/// A requirement in exact cover: a rule needs a value, or a variable needs one of its values.
pub enum Column {
    /// A rule needs the value and has these places for it.
    Places {
        /// The rule.
        rule: u16,
        /// The value.
        value: u8,
        /// The places.
        places: VariableSet,
    },
    /// A variable needs a value.
    Variable(usize),
}

/// The first open column with the fewest places (Knuth 2000, "Dancing links"). Variables count only if they have more than two values: of two values, one only
/// states that the other was not taken. None if all are covered.
pub fn fewest_places(network: &Network, state: &Values) -> Option<Column> {
    let mut candidates = Candidates::new(network, state);
    let mut fewest: Option<(u32, Column)> = None;
    let mut offer = |count: u32, column: Column| {
        if fewest.as_ref().is_none_or(|(least, _)| count < *least) {
            fewest = Some((count, column));
        }
    };
    if network.values.len() > 2 {
        for variable in (0..network.len()).filter(|&variable| state.is_open(variable)) {
            offer(candidates.of(variable).count_ones(), Column::Variable(variable));
        }
    }
    for (number, rule) in (0..).zip(network.rules()) {
        let mut covered = 0;
        rule.each_variable(|variable| {
            covered |= if state.is_open(variable) { 0 } else { state.domains[variable] };
        });
        for value in values(rule.needs() & !covered) {
            let places = candidates.needed_places(number, value).unwrap_or_default();
            offer(places.len(), Column::Places { rule: number, value, places });
        }
    }
    fewest.map(|(_, column)| column)
}
