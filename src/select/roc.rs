//! Resampling on correct: GRPO-RoC of rStar2-Agent (arXiv 2508.20722), as in the paper and as in its code.
//!
//! Paper: there are twice as many rollouts as are kept. Half of the negatives are drawn uniformly. Positives fill up, drawn with a probability inverse to
//! their penalty. Code (`rstar2_agent/down_sample/roc.py`): both sides keep their share, positives sorted by penalty, negatives in the order of sampling.
//! A side that gets too few is raised to a minimum, and the other side fills up. Groups whose rewards are all equal teach nothing and are dropped.

use std::cmp::Reverse;

use sos_envs::Draw;

use super::{BY_CHANCE, Choice, Control, NOT_DRAWN, Rollout, choices, sample};

const TOO_FEW: &str = "its group has too few rollouts";
const ALL_EQUAL: &str = "all rewards of its group are equal";
const KEPT: [&str; 2] = ["a positive", "a negative"];
const DROPPED: [&str; 2] = ["a positive: others are cleaner", "a negative: there are enough"];

/// The order in which a side is kept.
#[derive(Clone, Copy, PartialEq)]
enum Order {
    Clean,
    Dirty,
    /// In the order of sampling, or at random.
    Any,
}

pub(super) fn choose(
    group: &[Rollout],
    keep: usize,
    soft: bool,
    least: usize,
    control: Option<Control>,
    draw: &mut Draw,
) -> Vec<Choice> {
    if group.len() < keep {
        return vec![Choice::drop(TOO_FEW); group.len()];
    }
    let side = |reward: bool| (0..group.len()).filter(|&place| group[place].reward == reward).collect::<Vec<_>>();
    let (positives, negatives) = (side(true), side(false));
    if positives.is_empty() || negatives.is_empty() {
        return vec![Choice::drop(ALL_EQUAL); group.len()];
    }
    if control == Some(Control::Uniform) {
        let kept = sample((0..group.len()).collect(), keep, draw);
        return choices(group.len(), &kept, [BY_CHANCE, NOT_DRAWN]);
    }
    let (mut most_positives, mut most_negatives) = match soft {
        true => {
            let negatives = negatives.len() * keep / group.len();
            (keep - negatives, negatives)
        }
        false => shares(positives.len(), negatives.len(), keep, least),
    };
    if control == Some(Control::NegativesOnly) {
        most_positives = positives.len().min(keep);
        most_negatives = keep - most_positives;
    }
    let (of_positives, of_negatives) = match control {
        Some(Control::Inverted) => (Order::Dirty, Order::Any),
        Some(Control::NoFilter) => (Order::Any, Order::Any),
        Some(Control::BothSides) => (Order::Clean, Order::Clean),
        _ => (Order::Clean, Order::Any),
    };
    let mut kept = cut(group, negatives, most_negatives, of_negatives, soft, draw);
    kept.extend(cut(group, positives, most_positives, of_positives, soft, draw));
    let choice = |place: usize| {
        let side = usize::from(!group[place].reward);
        if kept.contains(&place) { Choice::keep(KEPT[side]) } else { Choice::drop(DROPPED[side]) }
    };
    (0..group.len()).map(choice).collect()
}

/// How many positives and negatives the code keeps: shares rounded half to even, as Python does, and the minimum.
fn shares(positives: usize, negatives: usize, keep: usize, least: usize) -> (usize, usize) {
    let all = positives + negatives;
    let share = |part: usize| {
        let (whole, rest) = (part * keep / all, part * keep % all);
        whole + usize::from(2 * rest > all || (2 * rest == all && whole % 2 == 1))
    };
    let (of_positives, of_negatives) = (share(positives), share(negatives));
    if of_positives <= least {
        let lifted = least.min(positives).min(keep);
        (lifted, negatives.min(keep - lifted))
    } else if of_negatives <= least {
        let lifted = least.min(negatives).min(keep);
        (positives.min(keep - lifted), lifted)
    } else {
        (of_positives, of_negatives)
    }
}

/// The `most` rollouts of a side that are kept.
fn cut(group: &[Rollout], places: Vec<usize>, most: usize, order: Order, soft: bool, draw: &mut Draw) -> Vec<usize> {
    let penalty = |place: usize| group[place].penalty();
    if !soft {
        let mut places = places;
        match order {
            Order::Any => {}
            Order::Clean => places.sort_by_key(|&place| penalty(place)),
            Order::Dirty => places.sort_by_key(|&place| Reverse(penalty(place))),
        }
        places.truncate(most);
        return places;
    }
    match order {
        Order::Any => sample(places, most, draw),
        Order::Clean => draw_by(places, most, draw, |place| penalty(place).inverse_weight()),
        Order::Dirty => draw_by(places, most, draw, |place| Some(penalty(place).weight())),
    }
}

/// Draws up to `most` places without replacement, in proportion to their weights. Places with no weight come first, places of weight 0 last.
fn draw_by(mut places: Vec<usize>, most: usize, draw: &mut Draw, weight: impl Fn(usize) -> Option<u64>) -> Vec<usize> {
    let mut drawn = Vec::new();
    while drawn.len() < most && !places.is_empty() {
        let mut weights: Vec<u64> = places.iter().map(|&place| weight(place).unwrap_or(0)).collect();
        if places.iter().any(|&place| weight(place).is_none()) {
            weights = places.iter().map(|&place| u64::from(weight(place).is_none())).collect();
        } else if weights.iter().all(|&weight| weight == 0) {
            weights.fill(1);
        }
        drawn.push(places.remove(draw.weighted(weights.into_iter())));
    }
    drawn
}
