//! The rules of constraint puzzles, and their propagation.

use crate::variable_set::VariableSet;

/// Greatest number of variables of a puzzle.
pub const MAX_VARIABLES: usize = VariableSet::MOST;

/// Greatest number of variables of a table.
pub const MOST_IN_TABLE: usize = 12;

/// The possible values of each variable: value `v` is bit `v`.
pub type Domains = [u16; MAX_VARIABLES];

/// How a sum is compared with its total.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// The sum is the total.
    Equal,
    /// The sum is at most the total.
    AtMost,
    /// The sum is at least the total.
    AtLeast,
}

/// A rule over some of a puzzle's variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// No two of the variables have the same value. If there are as many values as variables, each value occurs.
    AllDifferent {
        /// The variables.
        variables: Vec<u8>,
        /// The values that must occur, one bit each; 0 if none must.
        each: u16,
    },
    /// A sum of values, each times a factor. Bit `v` counts as `v` plus the offset.
    Linear {
        /// Variables with their factors.
        terms: Vec<(u8, i32)>,
        /// What bit 0 counts as.
        offset: i32,
        /// How the sum is compared with the total.
        relation: Relation,
        /// The total.
        total: i64,
    },
    /// Two variables whose values are related.
    Pair {
        /// The variables.
        variables: [u8; 2],
        /// For each value of the first variable, the values that the second can have.
        forward: [u16; 16],
        /// For each value of the second variable, the values that the first can have.
        backward: [u16; 16],
    },
    /// At least one literal is true. A literal is a variable with its wanted value, bit 0 or bit 1.
    Clause {
        /// The literals.
        literals: Vec<(u8, bool)>,
    },
    /// Variables of two values, with the allowed combinations. Bit `n` is the combination in which variable `i` has the value of bit `i` of `n`.
    Table {
        /// The variables, up to [`MOST_IN_TABLE`].
        variables: Vec<u8>,
        /// The allowed combinations, 64 in a word.
        allowed: Vec<u64>,
    },
}

/// A rule can no longer be satisfied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conflict;

impl Rule {
    /// A rule on two variables: `related(a, b)` decides for their values `a` and `b`.
    pub fn pair(variables: [u8; 2], related: impl Fn(usize, usize) -> bool) -> Rule {
        let (mut forward, mut backward) = ([0u16; 16], [0u16; 16]);
        for (a, with_a) in forward.iter_mut().enumerate() {
            for (b, with_b) in backward.iter_mut().enumerate() {
                if related(a, b) {
                    *with_a |= 1 << b;
                    *with_b |= 1 << a;
                }
            }
        }
        Rule::Pair { variables, forward, backward }
    }

    /// A table of up to [`MOST_IN_TABLE`] variables of two values: `allows` decides for each combination.
    pub fn table(variables: Vec<u8>, allows: impl Fn(usize) -> bool) -> Rule {
        let combinations = 1usize << variables.len().min(MOST_IN_TABLE);
        let word = |first: usize| {
            let bits = (0..combinations.min(64)).filter(|&bit| allows(first + bit));
            bits.fold(0u64, |word, bit| word | 1 << bit)
        };
        Rule::Table { variables, allowed: (0..combinations).step_by(64).map(word).collect() }
    }

    /// Calls `work` for each variable of the rule, as often as it occurs.
    pub fn each_variable(&self, mut work: impl FnMut(usize)) {
        match self {
            Rule::AllDifferent { variables, .. } | Rule::Table { variables, .. } => {
                variables.iter().for_each(|&variable| work(variable.into()));
            }
            Rule::Linear { terms, .. } => terms.iter().for_each(|&(variable, _)| work(variable.into())),
            Rule::Pair { variables, .. } => variables.iter().for_each(|&variable| work(variable.into())),
            Rule::Clause { literals } => literals.iter().for_each(|&(variable, _)| work(variable.into())),
        }
    }

    /// The values, one bit each, that exactly one of its variables must have: a rule of different values whose values must occur, or a rule that exactly one of
    /// some variables is 1.
    #[inline]
    pub fn needs(&self) -> u16 {
        match self {
            Rule::AllDifferent { each, .. } => *each,
            Rule::Linear { terms, offset: 0, relation: Relation::Equal, total: 1 } => {
                u16::from(terms.iter().all(|&(_, factor)| factor == 1)) << 1
            }
            _ => 0,
        }
    }

    /// Removes impossible values. `changed` is called for each variable that loses a value.
    ///
    /// Each kind of rule draws only cheap conclusions. All-different removes the values of decided variables and finds values with one place left. Sums use
    /// bounds. Pairs become arc-consistent. The last literal of a clause must hold. A table keeps supported values.
    #[inline]
    pub fn propagate(&self, domains: &mut Domains, mut changed: impl FnMut(usize)) -> Result<(), Conflict> {
        match self {
            Rule::AllDifferent { variables, each } => all_different(variables, *each, domains, changed),
            Rule::Linear { terms, offset, relation, total } => {
                linear(terms, (*offset).into(), *relation, *total, domains, changed)
            }
            Rule::Pair { variables: [a, b], forward, backward } => {
                let (a, b) = (usize::from(*a), usize::from(*b));
                let with = supported(domains[a], forward);
                keep(domains, b, with, &mut changed)?;
                let with = supported(domains[b], backward);
                keep(domains, a, with, &mut changed)
            }
            Rule::Clause { literals } => clause(literals, domains, changed),
            Rule::Table { variables, allowed } => table(variables, allowed, domains, changed),
        }
    }

    /// The values, one bit each, that a variable can have by one look at the domains of the others.
    pub fn permits(&self, domains: &Domains, variable: usize) -> u16 {
        match self {
            Rule::AllDifferent { variables, .. } => {
                let others = variables.iter().map(|&other| usize::from(other)).filter(|&other| other != variable);
                !others.map(|other| domains[other]).filter(|domain| domain.is_power_of_two()).fold(0, |a, b| a | b)
            }
            Rule::Pair { variables: [a, b], forward, .. } if usize::from(*b) == variable => {
                supported(domains[usize::from(*a)], forward)
            }
            Rule::Pair { variables: [_, b], backward, .. } => supported(domains[usize::from(*b)], backward),
            Rule::Linear { .. } | Rule::Clause { .. } | Rule::Table { .. } => {
                let mut values = domains[variable];
                let mut permitted = 0;
                while values != 0 {
                    let value = values & values.wrapping_neg();
                    values &= values - 1;
                    let holds = self.can_hold_with(|other| if other == variable { value } else { domains[other] });
                    permitted |= if holds { value } else { 0 };
                }
                permitted
            }
        }
    }

    /// Number of conflicts. For different values, the pairs of variables with equal values; otherwise 1 if the rule cannot hold.
    pub fn conflicts(&self, domains: &Domains) -> u32 {
        let Rule::AllDifferent { variables, .. } = self else { return u32::from(!self.can_hold(domains)) };
        let mut counts = [0u32; 16];
        let single =
            variables.iter().map(|&variable| domains[usize::from(variable)]).filter(|domain| domain.is_power_of_two());
        single.fold(0, |pairs, domain| {
            let count = &mut counts[domain.trailing_zeros() as usize & 15];
            *count += 1;
            pairs + *count - 1
        })
    }

    /// Whether the rule can still hold, by one look at the domains, without chains of conclusions as in [`Rule::propagate`].
    pub fn can_hold(&self, domains: &Domains) -> bool {
        self.can_hold_with(|variable| domains[variable])
    }

    /// The same for any way to look a domain up.
    #[inline]
    fn can_hold_with(&self, domain_of: impl Fn(usize) -> u16) -> bool {
        match self {
            Rule::AllDifferent { variables, .. } => {
                let mut taken = 0u16;
                variables.iter().all(|&variable| {
                    let domain = domain_of(variable.into());
                    let single = if domain.is_power_of_two() { domain } else { 0 };
                    let free = domain != 0 && taken & single == 0;
                    taken |= single;
                    free
                })
            }
            Rule::Linear { terms, offset, relation, total } => {
                let (least, most) = bounds(terms, (*offset).into(), domain_of);
                let low = *relation == Relation::AtLeast || least <= *total;
                low && (*relation == Relation::AtMost || most >= *total)
            }
            Rule::Pair { variables: [a, b], forward, .. } => {
                supported(domain_of((*a).into()), forward) & domain_of((*b).into()) != 0
            }
            Rule::Clause { literals } => {
                literals.iter().any(|&(variable, value)| domain_of(variable.into()) & 1 << u16::from(value) != 0)
            }
            Rule::Table { variables, allowed } => is_possible(variables, allowed, domain_of),
        }
    }
}

/// Keeps only these values of a variable.
#[inline]
fn keep(domains: &mut Domains, variable: usize, values: u16, changed: &mut impl FnMut(usize)) -> Result<(), Conflict> {
    let kept = domains[variable] & values;
    if kept != domains[variable] {
        domains[variable] = kept;
        if kept == 0 {
            return Err(Conflict);
        }
        changed(variable);
    }
    Ok(())
}

/// The values that the other variable of a pair can have.
#[inline]
fn supported(mut domain: u16, related: &[u16; 16]) -> u16 {
    let mut with = 0;
    while domain != 0 {
        with |= related[domain.trailing_zeros() as usize & 15];
        domain &= domain - 1;
    }
    with
}

#[inline]
fn all_different(
    variables: &[u8],
    each: u16,
    domains: &mut Domains,
    mut changed: impl FnMut(usize),
) -> Result<(), Conflict> {
    loop {
        // values that occur in some variable, in more than one, as a single value, and as a single value of two variables
        let (mut once, mut twice, mut singles, mut clash) = (0u16, 0u16, 0u16, 0u16);
        for &variable in variables {
            let domain = domains[usize::from(variable)];
            let single = if domain.is_power_of_two() { domain } else { 0 };
            clash |= singles & single;
            singles |= single;
            twice |= once & domain;
            once |= domain;
        }
        if clash != 0 || once & each != each {
            return Err(Conflict);
        }
        if twice & singles != 0 {
            // values of decided variables are removed from the others, which may decide more of them
            for &variable in variables {
                let domain = domains[usize::from(variable)];
                if !domain.is_power_of_two() && domain & singles != 0 {
                    keep(domains, variable.into(), !singles, &mut changed)?;
                }
            }
            continue;
        }
        let hidden = once & !twice & each & !singles;
        if hidden != 0 {
            for &variable in variables {
                let only = domains[usize::from(variable)] & hidden;
                if only != 0 {
                    keep(domains, variable.into(), only, &mut changed)?;
                    if !only.is_power_of_two() {
                        return Err(Conflict);
                    }
                }
            }
        }
        return Ok(());
    }
}

/// The bounds of a term.
#[inline]
fn term_bounds(domain: u16, factor: i32, offset: i64) -> (i64, i64) {
    if domain == 0 {
        return (0, 0);
    }
    let least = i64::from(domain.trailing_zeros()) + offset;
    let most = 15 - i64::from(domain.leading_zeros()) + offset;
    let factor = i64::from(factor);
    if factor >= 0 { (factor * least, factor * most) } else { (factor * most, factor * least) }
}

#[inline]
fn bounds(terms: &[(u8, i32)], offset: i64, domain_of: impl Fn(usize) -> u16) -> (i64, i64) {
    terms.iter().fold((0, 0), |(least, most), &(variable, factor)| {
        let (low, high) = term_bounds(domain_of(variable.into()), factor, offset);
        (least + low, most + high)
    })
}

fn linear(
    terms: &[(u8, i32)],
    offset: i64,
    relation: Relation,
    total: i64,
    domains: &mut Domains,
    mut changed: impl FnMut(usize),
) -> Result<(), Conflict> {
    let (mut least, mut most) = bounds(terms, offset, |variable| domains[variable]);
    loop {
        if relation != Relation::AtLeast && least > total || relation != Relation::AtMost && most < total {
            return Err(Conflict);
        }
        let before = (least, most);
        for &(variable, factor) in terms {
            let variable = usize::from(variable);
            let domain = domains[variable];
            if domain.is_power_of_two() || factor == 0 {
                continue;
            }
            let (low, high) = term_bounds(domain, factor, offset);
            // The bounds of this term if the other terms are as small or as great as possible.
            let room = if relation == Relation::AtLeast { i64::MAX } else { total - (least - low) };
            let need = if relation == Relation::AtMost { i64::MIN } else { total - (most - high) };
            if room >= high && need <= low {
                continue;
            }
            let mut kept = 0u16;
            let mut values = domain;
            while values != 0 {
                let counted = (i64::from(values.trailing_zeros()) + offset) * i64::from(factor);
                if need <= counted && counted <= room {
                    kept |= values & values.wrapping_neg();
                }
                values &= values - 1;
            }
            keep(domains, variable, kept, &mut changed)?;
            let (new_low, new_high) = term_bounds(kept, factor, offset);
            (least, most) = (least - low + new_low, most - high + new_high);
        }
        if before == (least, most) {
            return Ok(());
        }
    }
}

fn clause(literals: &[(u8, bool)], domains: &mut Domains, mut changed: impl FnMut(usize)) -> Result<(), Conflict> {
    let mut last = None;
    for &(variable, value) in literals {
        let (domain, wanted) = (domains[usize::from(variable)], 1u16 << u16::from(value));
        if domain == wanted {
            return Ok(());
        }
        if domain & wanted != 0 {
            if last.is_some_and(|other| other != (variable, wanted)) {
                return Ok(());
            }
            last = Some((variable, wanted));
        }
    }
    let (variable, wanted) = last.ok_or(Conflict)?;
    keep(domains, variable.into(), wanted, &mut changed)
}

/// Whether an allowed combination fits the domains.
#[inline]
fn is_possible(variables: &[u8], allowed: &[u64], domain_of: impl Fn(usize) -> u16) -> bool {
    /// The combinations of a word in which variable `i` has value 1.
    const ONES: [u64; 6] = [
        0xaaaa_aaaa_aaaa_aaaa,
        0xcccc_cccc_cccc_cccc,
        0xf0f0_f0f0_f0f0_f0f0,
        0xff00_ff00_ff00_ff00,
        0xffff_0000_ffff_0000,
        0xffff_ffff_0000_0000,
    ];
    let fit = variables.iter().zip(ONES).fold(u64::MAX, |left, (&variable, ones)| {
        let domain = domain_of(variable.into());
        let zero = if domain & 1 != 0 { !ones } else { 0 };
        let one = if domain & 2 != 0 { ones } else { 0 };
        left & (zero | one)
    });
    // Which word it is says the values of the variables from the seventh on.
    let word_fits = |word: usize| {
        let others = variables.iter().skip(ONES.len()).enumerate();
        others.into_iter().all(|(bit, &variable)| domain_of(variable.into()) >> (word >> bit & 1) & 1 == 1)
    };
    allowed.iter().enumerate().any(|(word, &allowed)| allowed & fit != 0 && word_fits(word))
}

fn table(
    variables: &[u8],
    allowed: &[u64],
    domains: &mut Domains,
    mut changed: impl FnMut(usize),
) -> Result<(), Conflict> {
    if !is_possible(variables, allowed, |variable| domains[variable]) {
        return Err(Conflict);
    }
    for &variable in variables {
        let variable = usize::from(variable);
        for value in [1u16, 2] {
            let domain = domains[variable];
            if domain & value != 0 && domain != value {
                domains[variable] = value;
                let supported = is_possible(variables, allowed, |variable| domains[variable]);
                domains[variable] = domain;
                if !supported {
                    keep(domains, variable, !value, &mut changed)?;
                }
            }
        }
    }
    Ok(())
}
