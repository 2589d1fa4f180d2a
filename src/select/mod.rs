//! Selection of what models write, and totals over it: which of several rollouts of one puzzle are kept for training, by a rule of the literature or by a control of it.
//!
//! A rollout is known by what was found out about its text ([`Rollout`]). Rules see a group, the rollouts of one puzzle in the order in which they were sampled,
//! and say of each whether it is kept, and why. Whatever is left to chance comes from the group's own stream; nothing is compared in floating point.

mod roc;
#[cfg(test)]
mod tests;
pub mod totals;

use sos_envs::Draw;

/// What is known of a text that a model wrote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rollout {
    /// Whether it could be read as a request at all.
    pub readable: bool,
    /// Whether it solves its puzzle.
    pub solved: bool,
    /// The outcome, by which rules go: whether it solves its puzzle by one answer.
    pub reward: bool,
    /// Whether it has no error.
    pub valid: bool,
    /// Whether its solution is known to be a cheapest one.
    pub optimal: bool,
    /// Steps that can be checked: moves that it makes, and lines that cannot be read.
    pub steps: u64,
    /// Those of them that are wrong.
    pub wrong_steps: u64,
    /// How often it claims to be done: that a goal is reached, or that there is none.
    pub claims: u64,
    /// Bytes of the text.
    pub length: u64,
}

/// A penalty: an exact fraction, so that equal ones are equal on every machine.
#[derive(Clone, Copy, Debug)]
pub struct Penalty {
    numerator: u64,
    /// From 1 on.
    denominator: u64,
}

impl Penalty {
    /// As a number for people.
    pub fn value(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }

    /// A weight in proportion to it, of 0 where it is 0.
    fn weight(self) -> u64 {
        let weight = u128::from(self.numerator) * UNIT / u128::from(self.denominator);
        u64::try_from(weight).unwrap_or(u64::MAX).min(HEAVIEST)
    }

    /// A weight inverse to it; none where it is 0.
    fn inverse_weight(self) -> Option<u64> {
        let weight = (u128::from(self.denominator) * UNIT).checked_div(self.numerator.into())?;
        Some(u64::try_from(weight).unwrap_or(u64::MAX).clamp(1, HEAVIEST))
    }
}

/// One, in units of weights.
const UNIT: u128 = 1 << 20;
/// So heavy that as many as a group can have do not overflow.
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
    /// The penalty of GRPO-RoC (rStar2-Agent, arXiv 2508.20722): the share of steps that are wrong, a half where there is no step; and for the form of
    /// the answer one where nothing is claimed, else the claims beyond the first for each step, at most one.
    pub fn penalty(&self) -> Penalty {
        let steps = self.steps.max(1);
        let form = self.claims.checked_sub(1).map_or(steps, |more| more.min(steps));
        match self.steps {
            0 => Penalty { numerator: 1 + 2 * form, denominator: 2 },
            steps => Penalty { numerator: self.wrong_steps.saturating_add(form), denominator: steps },
        }
    }
}

/// How rollouts are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Group relative policy optimisation with resampling on correct (rStar2-Agent): clean positives, diverse negatives.
    Roc {
        /// How many are kept of a group; a group that has fewer is dropped.
        keep: usize,
        /// Whether it is done as the paper says (by chance) or as its code does (by cutting off).
        soft: bool,
        /// Cutting off: how many of each side are kept at least, as far as there are.
        least: usize,
    },
    /// Self-taught reasoner (STaR, arXiv 2203.14465), as in Stream of Search: all that solve their puzzle, cut behind the first claim that it is solved.
    Star,
    /// Searchformer's bootstrapping (arXiv 2402.14083): of a group the shortest with a cheapest solution.
    Shortest,
    /// Best of k: of a group the one that is solved, then valid, then cheapest, then shortest.
    Best,
}

/// What is done in the place of a rule, to see what the rule is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// As many of each group as the rule keeps, each as likely as the others.
    Uniform,
    /// The opposite: the dirtiest positives; those that do not solve their puzzle; the longest; the worst.
    Inverted,
    /// Everything is kept; resampling on correct keeps its number of both sides, in their order or by chance.
    NoFilter,
    /// Resampling on correct alone: negatives are chosen by their penalties too.
    BothSides,
    /// Resampling on correct alone: all positives are kept, and negatives fill up.
    NegativesOnly,
}

/// Whether a rollout is kept, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Whether it is kept.
    pub kept: bool,
    /// Why, in a few words.
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

/// Chooses among the rollouts of a group; a choice for each, in their order. What cannot be read is dropped, and counts for nothing else.
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

/// As many as `places` has, of each in turn the first or by chance.
fn sample(mut places: Vec<usize>, count: usize, draw: &mut Draw) -> Vec<usize> {
    draw.shuffle(&mut places);
    places.truncate(count);
    places
}

const BY_CHANCE: &str = "control: drawn by chance";
const NOT_DRAWN: &str = "control: not drawn";
const ALL: &str = "control: everything is kept";

/// Says of each whether it is among the kept.
fn choices(count: usize, kept: &[usize], [yes, no]: [&'static str; 2]) -> Vec<Choice> {
    (0..count).map(|place| if kept.contains(&place) { Choice::keep(yes) } else { Choice::drop(no) }).collect()
}

/// Every rollout that is right, or a control of that.
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

/// One of a group, by a worth of which less is better and none excludes; or a control of that.
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
            // of several that are equally bad the first
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
