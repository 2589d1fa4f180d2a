//! The exact solver: propagation to a fixed point, then a guess for a variable with the fewest values left.

use super::network::{MAX_RULES, Network};
use super::rule::{Conflict, Domains};
use crate::draw::Draw;

/// The rules to propagate again.
struct Queue([u64; MAX_RULES / 64]);

impl Queue {
    fn add(&mut self, network: &Network, variable: usize) {
        for &rule in network.rules_of(variable) {
            self.0[usize::from(rule) / 64] |= 1 << (rule % 64);
        }
    }

    fn next(&mut self, words: usize) -> Option<usize> {
        let word = self.0[..words].iter().position(|&word| word != 0)?;
        let bit = self.0[word].trailing_zeros() as usize;
        self.0[word] &= self.0[word] - 1;
        Some(word * 64 + bit)
    }
}

/// Propagates all rules to a fixed point. `changed` is the variable that changed since the last propagation; none stands for all.
pub fn propagate(network: &Network, domains: &mut Domains, changed: Option<usize>) -> Result<(), Conflict> {
    let rules = network.rules();
    let words = rules.len().div_ceil(64);
    let mut queue = Queue([0; MAX_RULES / 64]);
    match changed {
        Some(variable) => queue.add(network, variable),
        None => (0..network.len()).for_each(|variable| queue.add(network, variable)),
    }
    while let Some(rule) = queue.next(words) {
        // A rule that changes something is queued again, since its own conclusions may allow more.
        rules[rule].propagate(domains, |variable| queue.add(network, variable))?;
    }
    Ok(())
}

/// The result of the solver.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Solved {
    /// Number of solutions found, up to the limit.
    pub solutions: u64,
    /// Number of guesses up to the first solution, or of all guesses if there is none.
    pub guesses: u64,
    /// Whether the search was complete or reached the limit of solutions. False if it reached the limit of guesses.
    pub finished: bool,
}

/// A search for solutions.
pub struct Solver<'a> {
    network: &'a Network,
    most_solutions: u64,
    most_guesses: u64,
    /// The draw that orders the values; ascending if none.
    draw: Option<&'a mut Draw>,
    all_guesses: u64,
    found: Solved,
    /// The first solution.
    pub first: Option<Domains>,
}

impl<'a> Solver<'a> {
    /// A search with limits for solutions and guesses.
    pub fn new(network: &'a Network, most_solutions: u64, most_guesses: u64) -> Self {
        let found = Solved::default();
        Solver { network, most_solutions, most_guesses, draw: None, all_guesses: 0, found, first: None }
    }

    /// Tries values, and variables with equally few values, in random order.
    pub fn at_random(mut self, draw: &'a mut Draw) -> Self {
        self.draw = Some(draw);
        self
    }

    /// Searches within the domains. If they were propagated before, `changed` is the only variable that changed since.
    pub fn run(&mut self, domains: &Domains, changed: Option<usize>) -> Solved {
        let mut start = *domains;
        let empty = start[..self.network.len()].contains(&0);
        let going = empty || propagate(self.network, &mut start, changed).is_err() || self.search(&start);
        self.found.finished = going || self.found.solutions >= self.most_solutions;
        self.found
    }

    /// Searches; false if a limit ends it.
    fn search(&mut self, domains: &Domains) -> bool {
        let Some(variable) = self.tightest(domains) else {
            self.first.get_or_insert(*domains);
            self.found.solutions += 1;
            return self.found.solutions < self.most_solutions;
        };
        let mut values = [0u16; 16];
        let mut count = 0;
        for value in 0..16 {
            values[count] = 1 << value;
            count += usize::from(domains[variable] >> value & 1);
        }
        if let Some(draw) = &mut self.draw {
            draw.shuffle(&mut values[..count]);
        }
        for &value in &values[..count] {
            if self.all_guesses >= self.most_guesses {
                return false;
            }
            self.all_guesses += 1;
            if self.found.solutions == 0 {
                self.found.guesses += 1;
            }
            let mut next = *domains;
            next[variable] = value;
            if propagate(self.network, &mut next, Some(variable)).is_ok() && !self.search(&next) {
                return false;
            }
        }
        true
    }

    /// The first variable with the fewest values, or a random one of them; none if all are decided.
    fn tightest(&mut self, domains: &Domains) -> Option<usize> {
        let open = |&variable: &usize| !domains[variable].is_power_of_two();
        let first = (0..self.network.len()).filter(open).min_by_key(|&variable| domains[variable].count_ones())?;
        let Some(draw) = &mut self.draw else { return Some(first) };
        let least = domains[first].count_ones();
        let equal = |&variable: &usize| domains[variable].count_ones() == least;
        let count = (first..self.network.len()).filter(equal).count();
        (first..self.network.len()).filter(equal).nth(draw.index(count))
    }
}
