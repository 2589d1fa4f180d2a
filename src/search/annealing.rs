//! Simulated annealing (Kirkpatrick, Gelatt and Vecchi 1983, "Optimization by simulated annealing").
//!
//! The children of a node are tried in random order, each once. A child that is not worse is accepted. A worse one is accepted with probability exp(-d / T),
//! where d is the difference and T the temperature, which falls with each tried child. The search goes on to the first accepted child and drops the rejected
//! ones. If all are rejected, it gives up.
//!
//! Random decisions use integers only, so a trace is the same on every machine.

use sos_envs::{Complete, Cost};

use super::context::{Context, Outcome};
use super::order::order_by;
use crate::trace::{EventKind, NodeId};

/// Simulated annealing. Not complete.
pub fn annealing<E: Complete>(
    context: &mut Context<'_, E>,
    mut steps: u64,
    temperature: u64,
    cooling_percent: u64,
) -> Outcome {
    let root = context.start();
    context.show_estimate(root);
    if context.is_goal(root) {
        context.trace.push(EventKind::Goal, root);
        return Outcome::Solved;
    }
    let mut heat = Heat::new(temperature.saturating_mul(context.puzzle.about().estimate_scale));
    let mut at = root;
    loop {
        match leave(context, at, &mut heat, cooling_percent, &mut steps) {
            Ok(next) => at = next,
            Err(Outcome::Solved) => return Outcome::Solved,
            Err(outcome) => return context.end(outcome, false),
        }
    }
}

/// Goes from a node to one of its children.
fn leave<E: Complete>(
    context: &mut Context<'_, E>,
    at: NodeId,
    heat: &mut Heat,
    cooling_percent: u64,
    steps: &mut u64,
) -> Result<NodeId, Outcome> {
    context.scratch.steps.clear();
    let mut listed = std::mem::take(&mut context.scratch.steps);
    context.puzzle.successors(&context.trace.nodes[at as usize].state, &mut listed);
    context.scratch.steps = listed;
    let mut order: Vec<usize> = (0..context.scratch.steps.len()).collect();
    if context.tie_breaker.is_some() {
        let ranks = context.ranks(at, 0);
        order = order_by(order.len(), &mut |a, b| ranks.get(a).cmp(&ranks.get(b)));
    } else {
        context.draw.shuffle(&mut order);
    }
    let here = context.estimate(&context.trace.nodes[at as usize].state);
    let mut ordinal = 0;
    for step in order {
        if context.spent() || *steps == 0 {
            return Err(Outcome::Budget);
        }
        *steps -= 1;
        let child = context.generate(at, ordinal, step as u32);
        context.show_estimate(child);
        if context.is_goal(child) {
            context.trace.push(EventKind::Goal, child);
            return Err(Outcome::Solved);
        }
        let there = context.estimate(&context.trace.nodes[child as usize].state);
        let chance = heat.chance(there.saturating_sub(here));
        heat.cool(cooling_percent);
        if context.is_dead_end(child) {
            context.trace.push(EventKind::DeadEnd, child);
            continue;
        }
        let accepted = context.happens(child, chance);
        context.trace.push(EventKind::Open, child);
        if accepted {
            context.move_to(child);
            return Ok(child);
        }
        context.trace.push(EventKind::Prune, child);
        ordinal += 1;
    }
    Err(Outcome::Exhausted)
}

impl<E: Complete> Context<'_, E> {
    /// Draws whether a node is visited, with a probability of `chance / 2^32`. A tie breaker decides instead, unless the probability is 0 or 1.
    fn happens(&mut self, node: NodeId, chance: u64) -> bool {
        match &mut self.tie_breaker {
            _ if chance >= CERTAIN => true,
            _ if chance == 0 => false,
            Some(tie_breaker) => tie_breaker.visits(self.trace, node),
            None => u64::from(self.draw.word()) < chance,
        }
    }
}

/// The probability 1, in units of 2^-32.
const CERTAIN: u64 = 1 << 32;

/// exp(-1 / 64) and exp(-1), in units of 2^-32.
const STEP: u64 = 4_228_380_000;
const WHOLE: u64 = 1_580_030_169;

/// exp(-n / 64) in units of 2^-32.
const FRACTIONS: [u64; 64] = powers(STEP);

/// exp(-n) in units of 2^-32. For n of 22 and more it is less than one unit.
const WHOLES: [u64; 22] = powers(WHOLE);

const fn powers<const N: usize>(factor: u64) -> [u64; N] {
    let mut table = [CERTAIN; N];
    let mut n = 1;
    while n < N {
        table[n] = (table[n - 1] * factor) >> 32;
        n += 1;
    }
    table
}

/// A temperature, in units of 2^-16 of an estimate unit.
struct Heat(u64);

impl Heat {
    fn new(temperature: Cost) -> Self {
        Heat(temperature.saturating_mul(1 << 16))
    }

    fn cool(&mut self, percent: u64) {
        self.0 = (u128::from(self.0) * u128::from(percent) / 100) as u64;
    }

    /// exp(-worse / T) in units of 2^-32, with the exponent rounded to a 64th.
    fn chance(&self, worse: Cost) -> u64 {
        if worse == 0 {
            return CERTAIN;
        }
        if self.0 == 0 {
            return 0;
        }
        let exponent = (u128::from(worse) << 22) / u128::from(self.0);
        let (whole, fraction) = (exponent / 64, (exponent % 64) as usize);
        let whole = usize::try_from(whole).ok().and_then(|whole| WHOLES.get(whole));
        // A worse child is never certain, even at the highest temperatures.
        whole.map_or(0, |whole| (whole * (FRACTIONS[fraction] >> 1)) >> 31).min(CERTAIN - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chances_are_those_of_the_exponential() {
        for (worse, temperature) in [(1, 1), (1, 2), (3, 2), (5, 1), (1, 64), (20, 1), (7, 10)] {
            let exact = (-f64::from(worse as u32) / f64::from(temperature as u32)).exp();
            let ours = Heat::new(temperature).chance(worse) as f64 / CERTAIN as f64;
            assert!((ours - exact).abs() < 0.017 * exact + 1e-9, "{worse} {temperature}: {ours} {exact}");
        }
        assert_eq!(Heat::new(1).chance(0), CERTAIN);
        assert_eq!(Heat::new(1).chance(22), 0);
        assert_eq!(Heat::new(0).chance(1), 0);
        assert_eq!(Heat::new(u64::MAX).chance(1), CERTAIN - 1);
        assert_eq!(Heat::new(1).chance(u64::MAX), 0);
    }

    #[test]
    fn a_worse_child_is_never_more_likely() {
        for temperature in [1, 3, 50] {
            let heat = Heat::new(temperature);
            let chances: Vec<u64> = (0..2000).map(|worse| heat.chance(worse)).collect();
            assert!(chances.is_sorted_by(|a, b| a >= b));
        }
    }
}
