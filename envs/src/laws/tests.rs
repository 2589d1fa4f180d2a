use super::pegs::{Pegs, PegsConfig};
use super::toy::{Bug, Line, LineConfig, with_bug};
use super::*;
use crate::countdown::{self, Draws, Rule};
use crate::graph::{self, Layout};
use crate::prelude::{Damage, DamageKind, Environment, Step};
use crate::settings::{Amount, Range, Solvable};
use crate::{Countdown, EnvironmentVisitor, Graph, visit_environments};

struct EveryEnvironment;

impl EnvironmentVisitor for EveryEnvironment {
    fn visit<E: Complete>(&mut self, kind: usize) {
        assert_laws::<E>(&[E::defaults_of(kind)], 1, 40);
        assert_laws::<E>(&E::levels_of(kind), 2, 6);
    }
}

#[test]
fn every_environment_keeps_the_laws() {
    visit_environments(&mut EveryEnvironment);
}

#[test]
fn countdown_keeps_the_laws_under_other_settings() {
    let range = |min, max| Range { min, max };
    let small = countdown::Config { sizes: range(2, 4), numbers: range(0, 9), ..countdown::Config::default() };
    let configs = [
        countdown::Config { rule: Rule::Any, ..small.clone() },
        countdown::Config { fractions: true, ..small.clone() },
        countdown::Config { fractions: true, operations: "-/".into(), rule: Rule::Any, ..small.clone() },
        countdown::Config { draws: Draws::Independent, ..small.clone() },
        countdown::Config { solvable: Solvable::No, operations: "+-".into(), ..small.clone() },
        countdown::Config { repeats: false, solvable: Solvable::Any, ..small },
        countdown::Config {
            numbers: range(1, 1_000_000_000),
            sizes: range(3, 3),
            solvable: Solvable::Any,
            ..countdown::Config::default()
        },
    ];
    assert_laws::<Countdown>(&configs, 2, 15);
}

#[test]
fn graphs_keep_the_laws_under_other_settings() {
    let layouts = [
        Layout::ErdosRenyi(graph::ErdosRenyi { nodes: Amount::Exactly(5), edge_percent: 50 }),
        Layout::RandomGeometric(Default::default()),
        Layout::LayeredDag(Default::default()),
        Layout::PathStar(Default::default()),
        Layout::RandomTree(Default::default()),
        Layout::Grid(Default::default()),
        Layout::BarabasiAlbert(Default::default()),
    ];
    let mut configs = Vec::new();
    for layout in layouts {
        for (solvable, max) in [(Solvable::Yes, 1), (Solvable::No, 2000), (Solvable::Any, 9)] {
            let names =
                [graph::NameStyle::Words, graph::NameStyle::Numbers, graph::NameStyle::Letters][configs.len() % 3];
            let directed = match layout {
                Layout::LayeredDag(_) => None,
                _ => Some(configs.len() % 2 == 0),
            };
            let weights = Range { min: 1, max };
            configs.push(graph::Config {
                layout: layout.clone(),
                solvable,
                names,
                directed,
                weights,
                ..Default::default()
            });
        }
    }
    assert_laws::<Graph>(&configs, 3, 15);
}

/// Checks that the defaults keep the laws, and find damage in nearly every position. A triangle of four rows has solutions from some holes only.
#[test]
fn an_environment_with_all_defaults_keeps_the_laws() {
    assert_laws::<Pegs>(&[PegsConfig::default()], 5, 20);
    let mut solvable = Vec::new();
    for empty in 0..10 {
        let puzzle = Pegs { rows: 4, empty };
        solvable.extend(puzzle.is_solvable().then_some(empty));
        let mut draw = Draw::new(u64::from(empty), "defaults");
        let mut state = puzzle.start();
        let mut steps = Vec::new();
        while let Some(step) = draw.choose(&steps).copied().or_else(|| first(&puzzle, &state)) {
            let wrong = puzzle.damage_state(&state, DamageKind::Change, &mut draw);
            assert!(wrong.is_some_and(|wrong| wrong != state), "{state:b}");
            let illegal = puzzle.illegal_move(&state, &mut draw);
            assert!(illegal.is_some_and(|(jump, _)| puzzle.apply(&state, jump).is_none()), "{state:b}");
            state = step.state;
            steps.clear();
            puzzle.successors(&state, &mut steps);
        }
    }
    assert_eq!(solvable, [1, 2, 3, 5, 7, 8]);
}

fn first<E: Complete>(puzzle: &E, state: &E::State) -> Option<Step<E::Move, E::State>> {
    let mut steps = Vec::new();
    puzzle.successors(state, &mut steps);
    steps.into_iter().next()
}

#[test]
fn a_sound_environment_passes() {
    check_laws::<Line>(&[LineConfig::default(), LineConfig { length: 0 }], 4, 200).unwrap();
}

/// A message names the wrong item, what it says and what it should say, on the smallest puzzle, and how to repeat it.
#[test]
fn the_message_says_what_is_wrong_and_how_to_see_it_again() {
    let error = with_bug(Bug::OneFartherOff, || check_laws::<Line>(&[LineConfig::default()], 4, 20)).unwrap_err();
    let expected = "line breaks the law Distance: `distance_table`
  says:     Some(6) of 5
  expected: Some(5): so its successors say
  puzzle:   {\"start\":0,\"goal\":0,\"length\":5}
  settings: {\"length\":5}
  again:    laws::check_puzzle(&puzzle, 4)
  found on: {\"start\":";
    assert!(error.to_string().starts_with(expected), "{error}");
}

/// Without a smaller puzzle the message has the seed, the settings and the number of the puzzle.
#[test]
fn the_first_broken_law_is_told_by_its_number() {
    let error = with_bug(Bug::GoalIsTerminal, || check::<Line>(&[LineConfig::default()], 4, 20)).unwrap_err();
    let text = error.to_string();
    for part in ["law Terminal: `is_terminal`", "says:     true of", "seed 4, puzzle number", "\"length\":10"] {
        assert!(text.contains(part), "{part} in {text}");
    }
}
