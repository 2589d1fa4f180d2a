use super::*;

fn rollout(draw: &mut Draw) -> Rollout {
    let steps = draw.below(12);
    Rollout {
        readable: true,
        solved: true,
        reward: draw.chance(2, 5),
        valid: draw.chance(1, 2),
        optimal: draw.chance(1, 3),
        steps,
        wrong_steps: if steps > 0 { draw.below(steps + 1) } else { 0 },
        claims: draw.below(4),
        length: 1 + draw.below(30),
    }
}

fn group(seed: u64, size: usize) -> Vec<Rollout> {
    let mut draw = Draw::new(seed, "groups");
    (0..size).map(|_| rollout(&mut draw)).collect()
}

fn kept(choices: &[Choice]) -> Vec<usize> {
    (0..choices.len()).filter(|&place| choices[place].kept).collect()
}

fn chosen(rule: Rule, control: Option<Control>, group: &[Rollout], seed: u64) -> Vec<usize> {
    kept(&select(rule, control, group, &mut Draw::new(seed, "select")))
}

const HARD: Rule = Rule::Roc { keep: 16, soft: false, least: 2 };
const SOFT: Rule = Rule::Roc { keep: 16, soft: true, least: 2 };

#[test]
fn penalties_are_those_of_the_rule() {
    let of =
        |steps, wrong_steps, claims| Rollout { steps, wrong_steps, claims, ..Rollout::default() }.penalty().value();
    assert_eq!(of(10, 0, 1), 0.0);
    assert_eq!(of(10, 3, 1), 0.3);
    assert_eq!(of(10, 0, 3), 0.2);
    assert_eq!(of(4, 1, 0), 1.25);
    // no step: one half; many claims: at most one
    assert_eq!(of(0, 0, 1), 0.5);
    assert_eq!(of(0, 0, 0), 1.5);
    assert_eq!(of(0, 0, 7), 1.5);
    assert_eq!(of(2, 0, 9), 1.0);
    assert_eq!(of(3, 1, u64::MAX), 4.0 / 3.0);
}

/// The rule of the code again, in floating point, as Python computes it.
fn by_the_code(group: &[Rollout]) -> Vec<usize> {
    let penalty = |rollout: &Rollout| {
        let form = match (rollout.claims, rollout.steps.max(1)) {
            (0, _) => 1.0,
            (claims, turns) => ((claims - 1) as f64 / turns as f64).min(1.0),
        };
        // One division, so that equal penalties are equal.
        match rollout.steps as f64 {
            0.0 => 0.5 + form,
            steps => (rollout.wrong_steps as f64 + (form * steps).round()) / steps,
        }
    };
    let mut positives: Vec<usize> = (0..group.len()).filter(|&place| group[place].reward).collect();
    let negatives: Vec<usize> = (0..group.len()).filter(|&place| !group[place].reward).collect();
    if group.len() < 16 || positives.is_empty() || negatives.is_empty() {
        return Vec::new();
    }
    positives.sort_by(|&a, &b| penalty(&group[a]).total_cmp(&penalty(&group[b])));
    let share = |part: usize| (part as f64 * 16.0 / group.len() as f64).round_ties_even() as usize;
    let (mut some, mut others) = (share(positives.len()), share(negatives.len()));
    if some <= 2 {
        some = positives.len().min(2);
        others = negatives.len().min(16 - some);
    } else if others <= 2 {
        others = negatives.len().min(2);
        some = positives.len().min(16 - others);
    }
    let mut kept = [&positives[..some.min(positives.len())], &negatives[..others.min(negatives.len())]].concat();
    kept.sort_unstable();
    kept
}

#[test]
fn the_hard_reading_is_that_of_the_code() {
    let (mut sizes, mut dropped) = (0, 0);
    for seed in 0..3000 {
        let group = group(seed, 14 + seed as usize % 30);
        let found = chosen(HARD, None, &group, 0);
        assert_eq!(found, by_the_code(&group), "{seed}");
        sizes += usize::from(found.len() == 16);
        dropped += usize::from(found.is_empty());
    }
    assert!(sizes > 2000 && dropped > 100, "{sizes} {dropped}");
}

#[test]
fn the_soft_reading_draws_by_penalty_and_keeps_half_of_the_negatives() {
    // of 32: 20 positives, half of them clean, and 12 negatives
    let group: Vec<Rollout> = (0..32)
        .map(|place| Rollout {
            readable: true,
            reward: place < 20,
            steps: 10,
            wrong_steps: if place < 10 { 1 } else { 4 },
            claims: 1,
            ..Rollout::default()
        })
        .collect();
    let mut counts = [0; 32];
    for seed in 0..4000 {
        let kept = chosen(SOFT, None, &group, seed);
        assert_eq!((kept.len(), kept.iter().filter(|&&place| place >= 20).count()), (16, 6));
        kept.iter().for_each(|&place| counts[place] += 1);
    }
    let sum = |places: std::ops::Range<usize>| counts[places].iter().sum::<u32>();
    // Ten draws with weights 10 and 2.5 give about 7.1 of the cleaner ten.
    let clean = f64::from(sum(0..10)) / 4000.0;
    assert!((6.8..7.6).contains(&clean), "{clean}");
    assert!(counts[20..].iter().all(|&count| (1850..2150).contains(&count)), "{counts:?}");
}

#[test]
fn controls_keep_as_many() {
    for seed in 0..500 {
        let group = group(seed, 32);
        for rule in [HARD, SOFT, Rule::Star, Rule::Shortest, Rule::Best] {
            let own = chosen(rule, None, &group, seed);
            assert_eq!(own, chosen(rule, None, &group, seed), "the same seed chooses the same");
            let uniform = chosen(rule, Some(Control::Uniform), &group, seed);
            assert_eq!(uniform.len(), own.len(), "{rule:?}");
            let inverted = chosen(rule, Some(Control::Inverted), &group, seed);
            assert!(inverted.len() <= own.len());
            let unfiltered = chosen(rule, Some(Control::NoFilter), &group, seed);
            match rule {
                Rule::Roc { .. } => assert_eq!(unfiltered.len(), own.len()),
                _ => assert_eq!(unfiltered.len(), group.len()),
            }
        }
        let positives = |kept: &[usize]| {
            kept.iter().filter(|&&place| group[place].reward).map(|&place| group[place].penalty().value()).sum::<f64>()
        };
        let hard = |control| chosen(HARD, control, &group, seed);
        assert!(positives(&hard(None)) <= positives(&hard(Some(Control::Inverted))) + 1e-9);
        let all = group.iter().filter(|rollout| rollout.reward).count();
        let kept = hard(Some(Control::NegativesOnly));
        assert_eq!(
            kept.iter().filter(|&&place| group[place].reward).count(),
            if kept.is_empty() { 0 } else { all.min(16) }
        );
    }
}

#[test]
fn single_winners() {
    for seed in 0..500 {
        let group = group(seed, 9);
        let shortest = chosen(Rule::Shortest, None, &group, 0);
        let solved = |place: &usize| group[*place].reward && group[*place].optimal;
        let least = (0..9).filter(solved).map(|place| group[place].length).min();
        let expected: Vec<usize> =
            (0..9).filter(solved).filter(|&place| Some(group[place].length) == least).take(1).collect();
        assert_eq!(shortest, expected);
        let best = chosen(Rule::Best, None, &group, 0);
        assert_eq!(best.len(), 1);
        let worth = |place: usize| {
            (group[place].reward, group[place].valid, group[place].optimal, std::cmp::Reverse(group[place].length))
        };
        assert!((0..9).all(|place| worth(place) <= worth(best[0])));
        let star = chosen(Rule::Star, None, &group, 0);
        assert!((0..9).all(|place| star.contains(&place) == group[place].reward));
    }
}

#[test]
fn what_cannot_be_read_is_dropped_and_does_not_count() {
    let mut group = group(1, 40);
    group[3].readable = false;
    group[17].readable = false;
    for rule in [HARD, SOFT, Rule::Star, Rule::Best] {
        for control in [None, Some(Control::NoFilter), Some(Control::Uniform)] {
            let choices = select(rule, control, &group, &mut Draw::new(1, "select"));
            assert_eq!((choices[3], choices[17]), (UNREADABLE, UNREADABLE));
        }
    }
    let readable: Vec<Rollout> = group.iter().filter(|rollout| rollout.readable).copied().collect();
    assert_eq!(chosen(HARD, None, &readable, 0).len(), chosen(HARD, None, &group, 0).len());
}
