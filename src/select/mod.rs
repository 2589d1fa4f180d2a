//! Selection of rollouts (texts that models wrote), and totals over them. Selection decides which of several rollouts of one puzzle are kept for
//! training, by a rule of the literature or by a control of it.
//!
//! A [`Rollout`] has the numbers that are known of a text. A rule gets a group: the rollouts of one puzzle in the order of sampling. It decides for each
//! rollout whether it is kept, with a reason. Random choices come from the group's own stream. Nothing is compared in floating point.

pub mod bins;
pub mod charts;
pub mod paired;
mod roc;
#[cfg(test)]
mod tests;
pub mod totals;

use sos_envs::Draw;

/// The numbers that are known of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rollout {
    /// Whether the text could be read as a request at all.
    pub readable: bool,
    /// Whether it solves its puzzle.
    pub solved: bool,
    /// The outcome that rules use: whether the text solves its puzzle, and by one answer only.
    pub reward: bool,
    /// Whether the text has no error.
    pub valid: bool,
    /// Whether its solution is known to be a cheapest one.
    pub optimal: bool,
    /// Number of steps that can be checked, lines that cannot be read included.
    pub steps: u64,
    /// Number of wrong steps.
    pub wrong_steps: u64,
    /// Number of claims to be done: that a goal is reached, or that there is no solution.
    pub claims: u64,
    /// Length of the text in bytes.
    pub length: u64,
}

/// A penalty, as an exact fraction: equal penalties are equal on every machine.
#[derive(Clone, Copy, Debug)]
pub struct Penalty {
    numerator: u64,
    /// At least 1.
    denominator: u64,
}

impl Penalty {
    /// The penalty as a floating-point number, to show it.
    pub fn value(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }

    /// A weight proportional to the penalty; 0 for a penalty of 0.
    fn weight(self) -> u64 {
        let weight = u128::from(self.numerator) * UNIT / u128::from(self.denominator);
        u64::try_from(weight).unwrap_or(u64::MAX).min(HEAVIEST)
    }

    /// A weight inverse to the penalty; none for a penalty of 0.
    fn inverse_weight(self) -> Option<u64> {
        let weight = (u128::from(self.denominator) * UNIT).checked_div(self.numerator.into())?;
        Some(u64::try_from(weight).unwrap_or(u64::MAX).clamp(1, HEAVIEST))
    }
}

/// The value 1 in units of weights.
const UNIT: u128 = 1 << 20;
/// The greatest weight. Sums over a group do not overflow.
const HEAVIEST: u64 = 1 << 40;

impl Ord for Penalty {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let times = |a: u64, b: u64| u128::from(a) * u128::from(b);
        times(self.numerator, other.denominator).cmp(&times(other.numerator, self.denominator))
    }
}

impl PartialOrd for Penalty {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Penalty {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Penalty {}

impl Rollout {
    /// The penalty of GRPO-RoC (rStar2-Agent, arXiv 2508.20722). It is the share of wrong steps (one half where there are no steps), plus a penalty for
    /// the form of the answer: 1 where nothing is claimed, else the number of claims beyond the first, divided by the number of steps, at most 1.
    pub fn penalty(&self) -> Penalty {
        let steps = self.steps.max(1);
        let form = self.claims.checked_sub(1).map_or(steps, |more| more.min(steps));
        match self.steps {
            0 => Penalty { numerator: 1 + 2 * form, denominator: 2 },
            steps => Penalty { numerator: self.wrong_steps.saturating_add(form), denominator: steps },
        }
    }
}

/// A rule of selection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Group relative policy optimisation with resampling on correct (rStar2-Agent): clean positives, diverse negatives.
    Roc {
        /// Number of rollouts kept of a group. A group with fewer is dropped.
        keep: usize,
        /// Whether to select as the paper says (by random draws) or as its code does (by cutting off).
        soft: bool,
        /// For cutting off: the least number kept of each side, if there are that many.
        least: usize,
    },
    /// Self-taught reasoner (STaR, arXiv 2203.14465), as in Stream of Search: all rollouts that solve their puzzle. Their texts are cut behind the first
    /// goal elsewhere.
    Star,
    /// Searchformer's bootstrapping (arXiv 2402.14083): the shortest rollout of a group with a cheapest solution.
    Shortest,
    /// Best of k: the best rollout of a group. The order is solved, valid, cheapest, shortest.
    Best,
}

/// A control that replaces a rule, to measure the effect of the rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// A uniform draw of as many rollouts of each group as the rule keeps.
    Uniform,
    /// The opposite of the rule: the positives with the greatest penalties; rollouts that do not solve; the longest; the worst.
    Inverted,
    /// Everything is kept. Resampling on correct keeps its numbers of both sides, in their order or at random.
    NoFilter,
    /// For resampling on correct: negatives are chosen by their penalties as well.
    BothSides,
    /// For resampling on correct: all positives are kept, and negatives fill up.
    NegativesOnly,
}

/// The decision about a rollout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Whether the rollout is kept.
    pub kept: bool,
    /// The reason, in a few words.
    pub reason: &'static str,
}

impl Choice {
    const fn keep(reason: &'static str) -> Self {
        Choice { kept: true, reason }
    }

    const fn drop(reason: &'static str) -> Self {
        Choice { kept: false, reason }
    }
}

const UNREADABLE: Choice = Choice::drop("it cannot be read");

/// Decides about each rollout of a group. Rollouts that cannot be read are dropped, and the rule does not see them.
pub fn select(rule: Rule, control: Option<Control>, group: &[Rollout], draw: &mut Draw) -> Vec<Choice> {
    let readable: Vec<usize> = (0..group.len()).filter(|&place| group[place].readable).collect();
    let rollouts: Vec<Rollout> = readable.iter().map(|&place| group[place]).collect();
    let chosen = match rule {
        Rule::Roc { keep, soft, least } => roc::choose(&rollouts, keep, soft, least, control, draw),
        Rule::Star => of_each(
            &rollouts,
            control,
            draw,
            |rollout| rollout.reward,
            ["it solves the puzzle", "it does not solve the puzzle, or not by one answer"],
        ),
        Rule::Shortest => one(
            &rollouts,
            control,
            draw,
            shortest,
            ["the shortest with a cheapest solution", "others are shorter, or its solution is no cheapest one"],
        ),
        Rule::Best => one(&rollouts, control, draw, best, ["the best", "another one is better"]),
    };
    let mut choices = vec![UNREADABLE; group.len()];
    for (place, choice) in readable.into_iter().zip(chosen) {
        choices[place] = choice;
    }
    choices
}

/// A random sample of `count` places, without replacement; all of them where there are fewer.
fn sample(mut places: Vec<usize>, count: usize, draw: &mut Draw) -> Vec<usize> {
    draw.shuffle(&mut places);
    places.truncate(count);
    places
}

const BY_CHANCE: &str = "control: drawn by chance";
const NOT_DRAWN: &str = "control: not drawn";
const ALL: &str = "control: everything is kept";

/// The decision for each rollout, given the kept ones and the two reasons.
fn choices(count: usize, kept: &[usize], [yes, no]: [&'static str; 2]) -> Vec<Choice> {
    (0..count).map(|place| if kept.contains(&place) { Choice::keep(yes) } else { Choice::drop(no) }).collect()
}

/// Keeps every rollout that is right, or applies a control.
fn of_each(
    group: &[Rollout],
    control: Option<Control>,
    draw: &mut Draw,
    is_right: impl Fn(&Rollout) -> bool,
    why: [&'static str; 2],
) -> Vec<Choice> {
    let right: Vec<usize> = (0..group.len()).filter(|&place| is_right(&group[place])).collect();
    match control {
        Some(Control::Uniform) => {
            let kept = sample((0..group.len()).collect(), right.len(), draw);
            choices(group.len(), &kept, [BY_CHANCE, NOT_DRAWN])
        }
        Some(Control::NoFilter) => vec![Choice::keep(ALL); group.len()],
        Some(_) => {
            let wrong: Vec<usize> = (0..group.len()).filter(|place| !right.contains(place)).collect();
            choices(
                group.len(),
                &sample(wrong, right.len(), draw),
                ["control: it does not solve the puzzle", "control: it solves the puzzle, or was not drawn"],
            )
        }
        None => choices(group.len(), &right, why),
    }
}

/// Keeps the one rollout with the least `worth` (none excludes a rollout), or applies a control.
fn one<K: Ord>(
    group: &[Rollout],
    control: Option<Control>,
    draw: &mut Draw,
    worth: impl Fn(&Rollout) -> Option<K>,
    why: [&'static str; 2],
) -> Vec<Choice> {
    let known = |place: &usize| worth(&group[*place]).map(|worth| (worth, *place));
    let ranked = || (0..group.len()).filter_map(|place| known(&place));
    let best = ranked().min().map(|(_, place)| place);
    let kept = match control {
        Some(Control::NoFilter) => return vec![Choice::keep(ALL); group.len()],
        Some(Control::Uniform) => {
            let kept = best.map_or(Vec::new(), |_| sample((0..group.len()).collect(), 1, draw));
            return choices(group.len(), &kept, [BY_CHANCE, NOT_DRAWN]);
        }
        Some(_) => {
            // Of several that are equally bad, the first.
            let worst = ranked().max_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1))).map(|(_, place)| place);
            return choices(
                group.len(),
                worst.as_slice(),
                ["control: the worst by the rule", "control: another one is worse"],
            );
        }
        None => best,
    };
    choices(group.len(), kept.as_slice(), why)
}

fn shortest(rollout: &Rollout) -> Option<u64> {
    (rollout.reward && rollout.optimal).then_some(rollout.length)
}

fn best(rollout: &Rollout) -> Option<(bool, bool, bool, u64)> {
    Some((!rollout.reward, !rollout.valid, !rollout.optimal, rollout.length))
}
