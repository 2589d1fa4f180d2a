//! Moves of constraint puzzles and their reasons.
//!
//! A move decides a variable, removes a value, or states that a position has no solution. Except for plain choices, each move names its reason and is legal
//! only if the reason holds. So a replay of a trace checks its inferences without solving the puzzle.
//!
//! The candidates of a variable are the values that it has not lost and that break no rule directly ([`Network::candidates`]). Techniques:
//!
//! | reason | the move | holds if |
//! |---|---|---|
//! | a choice | decides | the value is a candidate |
//! | a guess | decides | the value is a candidate, and the guess lists all candidates |
//! | `place` | decides | the value is a candidate, and the rule needs it for one of its variables (a column of exact cover: Knuth 2000, "Dancing links") |
//! | `toss` | decides | the variable has not lost the value, whatever the rules say (the start of a local search) |
//! | `repair` | changes | the rule is broken and contains the variable, which was decided since the start |
//! | `single` | decides | the value is the only candidate (naked single) |
//! | `hidden` | decides | no other variable of the rule has the value as a candidate (hidden single) |
//! | `unit` | decides | the rule alone leaves no other value (unit clause, if the rule is a clause: Davis, Logemann and Loveland 1962) |
//! | `pure` | decides | all clauses that want the other value already hold (pure literal) |
//! | `rule` | removes | the rule has no place for the value, given the possible values of the others (arc consistency: Mackworth 1977) |
//! | `locked` | removes | all places of the value in the rule are in another rule of the variable (locked candidates) |
//! | `naked-pair` | removes | two other variables of the rule have the same two candidates, the value among them |
//! | `naked-triple` | removes | three other variables of the rule have three candidates in all, the value among them |
//! | `hidden-pair` | removes | two other values have their only places in the rule here and in one other variable |
//! | `hidden-triple` | removes | three other values have their only places in the rule here and in two other variables |
//! | `x-wing` | removes | the value has two places in the rule and two in another, and two further rules, one with this variable, contain all four |
//! | `no-candidate` | ends | the variable has no candidate |
//! | `no-place` | ends | the rule needs the value, and no variable of the rule can have it |
//!
//! A rule needs a value if one of its variables must have it: a rule of different values whose values must all occur, or a rule that exactly one of some
//! variables is 1.
//!
//! All inferences except `pure` keep every solution; `pure` keeps one if there is one. Davis (2010), "The mathematics of sudoku", describes the techniques of
//! sudoku.

use super::network::{Network, Taken};
use super::rule::{Domains, MAX_VARIABLES, Rule};
use super::{Choice, Values};
use crate::variable_set::VariableSet;

/// The reason of a move. Rules are given by their index in the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum By {
    /// A plain choice.
    Choice,
    /// A choice among these candidates, one bit each.
    Guess(u16),
    /// A choice among the places that a rule has for the value.
    Place(u16),
    /// A random value, without regard to the rules.
    Toss,
    /// A change because the rule is broken.
    Repair(u16),
    /// The value is the only candidate.
    Single,
    /// The variable is the only place of the value in a rule.
    Hidden(u16),
    /// A rule leaves only this value.
    Unit(u16),
    /// No open clause wants the other value.
    Pure,
    /// A rule has no place for the value.
    Rule(u16),
    /// The places of the value in a rule are locked in another rule.
    Locked(u16),
    /// Two variables of a rule share two candidates.
    NakedPair(u16),
    /// Three variables of a rule share three candidates.
    NakedTriple(u16),
    /// Two values of a rule share two places.
    HiddenPair(u16),
    /// Three values of a rule share three places.
    HiddenTriple(u16),
    /// Two rules have their places for the value in the same two others.
    XWing(u16),
    /// The variable has no candidate.
    NoCandidate,
    /// The value has no place in a rule.
    NoPlace(u16),
}

/// The effect of a move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The variable gets the value.
    Decide,
    /// The variable gets the value instead of another.
    Change,
    /// The variable loses the value.
    Remove,
    /// The position has no solution.
    End,
}

impl By {
    /// The effect of a move with this reason.
    pub fn effect(self) -> Effect {
        match self {
            By::Choice | By::Guess(_) | By::Place(_) | By::Toss => Effect::Decide,
            By::Single | By::Hidden(_) | By::Unit(_) | By::Pure => Effect::Decide,
            By::Repair(_) => Effect::Change,
            By::Rule(_) | By::Locked(_) | By::NakedPair(_) | By::NakedTriple(_) => Effect::Remove,
            By::HiddenPair(_) | By::HiddenTriple(_) | By::XWing(_) => Effect::Remove,
            By::NoCandidate | By::NoPlace(_) => Effect::End,
        }
    }

    /// Whether the move is a trial, not an inference.
    pub fn is_tried(self) -> bool {
        matches!(self, By::Choice | By::Guess(_) | By::Place(_) | By::Toss | By::Repair(_))
    }

    /// The words of the reasons in texts. The plain choice, the last of [`By::ALL`], has none.
    pub const WORDS: [&str; Self::ALL.len() - 1] = {
        let mut words = [""; Self::ALL.len() - 1];
        let mut place = 0;
        while place < words.len() {
            words[place] = Self::ALL[place].word();
            place += 1;
        }
        words
    };

    /// The word of the reason in texts; empty for a plain choice.
    pub const fn word(self) -> &'static str {
        match self {
            By::Choice => "",
            By::Guess(_) => "guess",
            By::Place(_) => "place",
            By::Toss => "toss",
            By::Repair(_) => "repair",
            By::Single => "single",
            By::Hidden(_) => "hidden",
            By::Unit(_) => "unit",
            By::Pure => "pure",
            By::Rule(_) => "rule",
            By::Locked(_) => "locked",
            By::NakedPair(_) => "naked-pair",
            By::NakedTriple(_) => "naked-triple",
            By::HiddenPair(_) => "hidden-pair",
            By::HiddenTriple(_) => "hidden-triple",
            By::XWing(_) => "x-wing",
            By::NoCandidate => "no-candidate",
            By::NoPlace(_) => "no-place",
        }
    }

    /// All reasons, with zeros for rules and candidates.
    pub const ALL: [By; 18] = [
        By::Guess(0),
        By::Place(0),
        By::Toss,
        By::Repair(0),
        By::Single,
        By::Hidden(0),
        By::Unit(0),
        By::Pure,
        By::Rule(0),
        By::Locked(0),
        By::NakedPair(0),
        By::NakedTriple(0),
        By::HiddenPair(0),
        By::HiddenTriple(0),
        By::XWing(0),
        By::NoCandidate,
        By::NoPlace(0),
        By::Choice,
    ];

    /// The rule that the reason names.
    pub fn rule(self) -> Option<u16> {
        match self {
            By::Place(rule) | By::Repair(rule) => Some(rule),
            By::Hidden(rule) | By::Unit(rule) | By::Rule(rule) | By::Locked(rule) => Some(rule),
            By::NakedPair(rule) | By::NakedTriple(rule) | By::HiddenPair(rule) => Some(rule),
            By::HiddenTriple(rule) | By::XWing(rule) | By::NoPlace(rule) => Some(rule),
            By::Choice | By::Guess(_) | By::Toss | By::Single | By::Pure | By::NoCandidate => None,
        }
    }

    /// The same reason with another rule; unchanged if it names none.
    pub fn with_rule(self, rule: u16) -> By {
        match self {
            By::Place(_) => By::Place(rule),
            By::Repair(_) => By::Repair(rule),
            By::Hidden(_) => By::Hidden(rule),
            By::Unit(_) => By::Unit(rule),
            By::Rule(_) => By::Rule(rule),
            By::Locked(_) => By::Locked(rule),
            By::NakedPair(_) => By::NakedPair(rule),
            By::NakedTriple(_) => By::NakedTriple(rule),
            By::HiddenPair(_) => By::HiddenPair(rule),
            By::HiddenTriple(_) => By::HiddenTriple(rule),
            By::XWing(_) => By::XWing(rule),
            By::NoPlace(_) => By::NoPlace(rule),
            By::Choice | By::Guess(_) | By::Toss | By::Single | By::Pure | By::NoCandidate => self,
        }
    }
}

/// Number of variables up to which finding the taken values does not pay.
const FEW: u32 = 3;

/// The candidates of a position's variables, computed on demand.
pub struct Candidates<'a> {
    network: &'a Network,
    decided: VariableSet,
    domains: &'a Domains,
    /// The taken values of each rule, once more than a few variables were requested.
    taken: Option<Taken>,
    known: VariableSet,
    candidates: [u16; MAX_VARIABLES],
}

impl<'a> Candidates<'a> {
    /// The candidates of a position.
    pub fn new(network: &'a Network, state: &'a Values) -> Self {
        let Values { domains, decided, .. } = state;
        Candidates {
            network,
            decided: *decided,
            domains,
            taken: None,
            known: VariableSet::EMPTY,
            candidates: [0; MAX_VARIABLES],
        }
    }

    /// Whether a variable is undecided.
    pub fn is_open(&self, variable: usize) -> bool {
        !self.decided.has(variable)
    }

    /// The possible values of a variable: the value of a decided one, otherwise its candidates.
    pub fn of(&mut self, variable: usize) -> u16 {
        if !self.known.has(variable) {
            self.known.insert(variable);
            self.candidates[variable] = if !self.is_open(variable) {
                self.domains[variable]
            } else if self.known.len() <= FEW {
                self.network.candidates(self.domains, variable)
            } else {
                let taken = self.taken.get_or_insert_with(|| self.network.taken(self.domains));
                self.network.candidates_beside(taken, self.domains, variable)
            };
        }
        self.candidates[variable]
    }

    /// The variables of a rule that can have a value.
    pub fn places(&mut self, variables: &[u8], value: u8) -> VariableSet {
        variables.iter().copied().filter(|&variable| self.of(variable.into()) >> value & 1 == 1).collect()
    }

    /// The variables that can have a value that a rule needs; none if the rule does not need the value.
    pub fn needed_places(&mut self, rule: u16, value: u8) -> Option<VariableSet> {
        let rule = self.network.rules().get(usize::from(rule)).filter(|rule| rule.needs() >> value & 1 == 1)?;
        let mut places = VariableSet::EMPTY;
        rule.each_variable(|variable| {
            if self.of(variable) >> value & 1 == 1 {
                places.insert(variable);
            }
        });
        Some(places)
    }

    /// The open variables of a rule with exactly two candidates, and these candidates.
    pub fn pairs(&mut self, variables: &[u8]) -> Vec<(u8, u16)> {
        let mut pairs = Vec::new();
        for &variable in variables {
            let candidates = self.of(variable.into());
            if candidates.count_ones() == 2 && self.is_open(variable.into()) {
                pairs.push((variable, candidates));
            }
        }
        pairs
    }

    /// Sets of three open variables of a rule with exactly three candidates in all, and these candidates.
    pub fn triples(&mut self, variables: &[u8]) -> Vec<(VariableSet, u16)> {
        let mut few = Vec::new();
        for &variable in variables {
            let candidates = self.of(variable.into());
            if matches!(candidates.count_ones(), 2 | 3) && self.is_open(variable.into()) {
                few.push((VariableSet::of(variable.into()), candidates));
            }
        }
        threes(&few, |_, candidates| candidates.count_ones() == 3)
    }

    /// The values that the rule permits, among those that the variable has not lost.
    pub fn left_by(&mut self, rule: u16, variable: usize) -> u16 {
        let Some(rule) = self.network.rules().get(usize::from(rule)) else { return 0 };
        self.domains[variable] & rule.permits(self.domains, variable)
    }

    /// Whether a move with its reason is legal.
    pub fn justify(&mut self, choice: Choice) -> bool {
        let Choice { variable, value, by } = choice;
        let at = usize::from(variable);
        if at >= self.network.len() || value >= 16 || by.rule().is_some_and(|rule| !self.has_rule(rule)) {
            return false;
        }
        let is_open = self.is_open(at);
        match by.effect() {
            Effect::Decide if by == By::Toss => is_open && self.domains[at] >> value & 1 == 1,
            Effect::Decide => is_open && self.of(at) >> value & 1 == 1 && self.decides(at, value, by),
            Effect::Change => !is_open && self.changes(at, value, by),
            Effect::Remove => is_open && self.domains[at] >> value & 1 == 1 && self.removes(at, value, by),
            Effect::End => match by {
                By::NoPlace(rule) => variable == 0 && self.needed_places(rule, value) == Some(VariableSet::EMPTY),
                _ => value == 0 && is_open && self.of(at) == 0,
            },
        }
    }

    fn has_rule(&self, rule: u16) -> bool {
        usize::from(rule) < self.network.rules().len()
    }

    fn decides(&mut self, variable: usize, value: u8, by: By) -> bool {
        match by {
            By::Guess(candidates) => candidates == self.of(variable),
            By::Single => self.of(variable) == 1 << value,
            By::Place(rule) => self.needed_places(rule, value).is_some_and(|places| places.has(variable)),
            By::Hidden(rule) => self.needed_places(rule, value) == Some(VariableSet::of(variable)),
            By::Unit(rule) => {
                self.network.rules_of(variable).contains(&rule) && self.left_by(rule, variable) == 1 << value
            }
            By::Pure => self.is_pure(variable, value),
            _ => true,
        }
    }

    /// Whether a decided variable is in the broken rule of the move, and the value is another one that it can have.
    fn changes(&self, variable: usize, value: u8, by: By) -> bool {
        let Some(rule) = by.rule().filter(|rule| self.network.rules_of(variable).contains(rule)) else { return false };
        let is_other = self.network.domains[variable] & !self.domains[variable] & 1 << value != 0;
        is_other && !self.network.rules()[usize::from(rule)].can_hold(self.domains)
    }

    fn removes(&mut self, variable: usize, value: u8, by: By) -> bool {
        if let By::Rule(rule) = by {
            return self.network.rules_of(variable).contains(&rule) && self.left_by(rule, variable) >> value & 1 == 0;
        }
        let Some((variables, each)) = by.rule().and_then(|rule| different(self.network, rule)) else { return false };
        let stands_in = variables.iter().any(|&other| usize::from(other) == variable);
        match by {
            By::Locked(_) => {
                let places = self.places(variables, value);
                each >> value & 1 == 1 && !stands_in && !places.is_empty() && self.holds_all(variable, places)
            }
            By::NakedPair(_) => {
                let pairs = self.pairs(variables);
                stands_in
                    && pairs.iter().enumerate().any(|(first, &(one, candidates))| {
                        candidates >> value & 1 == 1
                            && usize::from(one) != variable
                            && pairs[first + 1..]
                                .iter()
                                .any(|&(two, same)| same == candidates && usize::from(two) != variable)
                    })
            }
            By::NakedTriple(_) => {
                stands_in
                    && self
                        .triples(variables)
                        .iter()
                        .any(|&(places, candidates)| candidates >> value & 1 == 1 && !places.has(variable))
            }
            By::HiddenPair(_) => stands_in && self.is_hidden_pair(variables, each & !(1 << value), variable),
            By::HiddenTriple(_) => {
                let triples = self.hidden_triples(variables, each & !(1 << value));
                stands_in && triples.iter().any(|&(places, _)| places.has(variable))
            }
            By::XWing(rule) => {
                each >> value & 1 == 1
                    && self
                        .x_wings(rule, value)
                        .iter()
                        .any(|&(places, covered)| !places.has(variable) && covered.has(variable))
            }
            _ => false,
        }
    }

    /// Whether some rule of a variable that requires different values contains all these places.
    pub fn holds_all(&self, variable: usize, places: VariableSet) -> bool {
        self.network
            .rules_of(variable)
            .iter()
            .any(|&rule| different(self.network, rule).is_some_and(|(variables, _)| places.is_within(variables)))
    }

    /// Whether two of these values have the same two places, and the variable is one of them.
    fn is_hidden_pair(&mut self, variables: &[u8], values: u16, variable: usize) -> bool {
        let mut seen = [VariableSet::EMPTY; 16];
        for value in (0..16u8).filter(|value| values >> value & 1 == 1) {
            let places = self.places(variables, value);
            if places.has(variable) && places.len() == 2 {
                if seen.contains(&places) {
                    return true;
                }
                seen[usize::from(value)] = places;
            }
        }
        false
    }

    /// Sets of three places that three of these values have in all, and these values.
    pub fn hidden_triples(&mut self, variables: &[u8], values: u16) -> Vec<(VariableSet, u16)> {
        let mut few = Vec::new();
        for value in (0..16u8).filter(|value| values >> value & 1 == 1) {
            let places = self.places(variables, value);
            if matches!(places.len(), 2 | 3) {
                few.push((places, 1u16 << value));
            }
        }
        threes(&few, |places, _| places.len() == 3)
    }

    /// For a rule with exactly two places for a value that it needs: each other such rule whose two places share two rules with these. Returns the four places,
    /// and all variables of the two rules. Whichever of the places have the value, no other variable of the two rules has it.
    pub fn x_wings(&mut self, rule: u16, value: u8) -> Vec<(VariableSet, VariableSet)> {
        let Some(ours) = self.two_places(rule, value) else { return Vec::new() };
        let mut found = Vec::new();
        for other in (0..self.network.rules().len() as u16).filter(|&other| other != rule) {
            let Some(theirs) = self.two_places(other, value).filter(|(_, all)| !all.meets(ours.1)) else { continue };
            let ends = |places: VariableSet| [places.first(), places.last()].map(Option::unwrap_or_default);
            let ([one, two], [three, four]) = (ends(ours.0), ends(theirs.0));
            for pairs in [[(one, three), (two, four)], [(one, four), (two, three)]] {
                if let [Some(first), Some(second)] = pairs.map(|pair| self.line_of(pair)) {
                    found.push((ours.0 | theirs.0, first | second));
                }
            }
        }
        found
    }

    /// The places that a rule has for a value that it needs, and all its variables; none unless there are exactly two places.
    fn two_places(&mut self, rule: u16, value: u8) -> Option<(VariableSet, VariableSet)> {
        let (variables, each) = different(self.network, rule)?;
        let places = if each >> value & 1 == 1 { self.places(variables, value) } else { VariableSet::EMPTY };
        (places.len() == 2).then(|| (places, variables.iter().copied().collect()))
    }

    /// The variables of the first rule of different values that contains both variables.
    fn line_of(&self, (one, two): (usize, usize)) -> Option<VariableSet> {
        self.network.rules_of(one).iter().find_map(|&rule| {
            let all: VariableSet = different(self.network, rule)?.0.iter().copied().collect();
            (all.has(one) && all.has(two)).then_some(all)
        })
    }

    /// Whether all rules are clauses, and those that want the other value of the variable already hold.
    pub fn is_pure(&mut self, variable: usize, value: u8) -> bool {
        let is_clause = |rule: &Rule| matches!(rule, Rule::Clause { .. });
        self.network.rules().iter().all(is_clause)
            && self.network.rules_of(variable).iter().all(|&rule| {
                let Rule::Clause { literals } = &self.network.rules()[usize::from(rule)] else { return false };
                let holds = |&(other, wanted): &(u8, bool)| {
                    let other = usize::from(other);
                    !self.is_open(other) && self.domains[other] == 1 << u16::from(wanted)
                };
                let wants = |&(other, wanted): &(u8, bool)| usize::from(other) == variable && u8::from(wanted) != value;
                !literals.iter().any(wants) || literals.iter().any(holds)
            })
    }
}

/// All triples of entries whose joint places and values satisfy `share`.
fn threes(few: &[(VariableSet, u16)], share: impl Fn(VariableSet, u16) -> bool) -> Vec<(VariableSet, u16)> {
    let mut found = Vec::new();
    for (first, one) in few.iter().enumerate() {
        for (second, two) in few.iter().enumerate().skip(first + 1) {
            for three in &few[second + 1..] {
                let (places, values) = (one.0 | two.0 | three.0, one.1 | two.1 | three.1);
                if share(places, values) {
                    found.push((places, values));
                }
            }
        }
    }
    found
}

/// The variables of a rule that requires different values, and the values that must occur; none for other rules.
pub fn different(network: &Network, rule: u16) -> Option<(&[u8], u16)> {
    match network.rules().get(usize::from(rule)) {
        Some(Rule::AllDifferent { variables, each }) => Some((variables, *each)),
        _ => None,
    }
}
