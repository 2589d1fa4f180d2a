//! Bugs planted in the toy. The law and the item with the bug must find it, on a small puzzle.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::toy::{Bug, Line, LineConfig, with_bug};
use super::{Again, Law, LawError, check_laws, check_puzzle};
use crate::json::Json;

/// Each bug, the law that it breaks, the item that must be named, and the smallest puzzle or settings that show it.
#[rustfmt::skip]
const PLANTED: &[(Bug, Law, &str, &str)] = &[
    (Bug::UnknownSettingsRead, Law::Settings, "Config", r#"{"length":0}"#),
    (Bug::SettingsReadAsOthers, Law::Settings, "Config", r#"{"length":40}"#),
    (Bug::GoodSettingsRefused, Law::Settings, "check", r#"{"length":10}"#),
    (Bug::OtherPuzzleEachTime, Law::Generation, "generate", r#"{"length":1}"#),
    (Bug::NoPuzzle, Law::Generation, "generate", r#"{"length":6}"#),
    (Bug::GeneratorPanics, Law::Generation, "generate", r#"{"length":0}"#),
    (Bug::CandidatesTwice, Law::Space, "at", r#"{"length":1}"#),
    (Bug::EmptySpace, Law::Space, "space", r#"{"length":0}"#),
    (Bug::CandidateByChance, Law::Space, "at", r#"{"length":1}"#),
    (Bug::GoalNotWritten, Law::Json, "from_json", r#"{"start":1,"goal":0,"length":1}"#),
    (Bug::GoalTakenForGranted, Law::Json, "from_json", r#"{"start":0,"goal":0,"length":0}"#),
    (Bug::TwoLinesOfJson, Law::Json, "write_json", r#"{"start":2,"goal":0,"length":2}"#),
    (Bug::UnknownFieldRead, Law::Json, "from_json", r#"{"start":0,"goal":0,"length":0}"#),
    (Bug::CanonicalMoves, Law::Identity, "canonical", r#"{"start":0,"goal":0,"length":1}"#),
    (Bug::CanonicalIsAClone, Law::Identity, "canonical", r#"{"start":0,"goal":0,"length":1}"#),
    (Bug::IdOfWhatIsShown, Law::Identity, "id", r#"{"start":0,"goal":0,"length":1}"#),
    (Bug::TwinOfWhatIsShown, Law::Identity, "twin", r#"{"start":0,"goal":0,"length":1}"#),
    (Bug::SuccessorsClear, Law::Successors, "successors", r#"{"start":0,"goal":0,"length":1}"#),
    (Bug::SuccessorsPanic, Law::Successors, "successors", r#"{"start":0,"goal":0,"length":6}"#),
    (Bug::NoWayDown, Law::Moves, "apply", r#"{"start":0,"goal":0,"length":1}"#),
    (Bug::ClaimIgnored, Law::Moves, "apply_as_claimed", r#"{"start":0,"goal":0,"length":1}"#),
    (Bug::ComesBack, Law::Structure, "About::positions_recur", r#"{"start":0,"goal":0,"length":1}"#),
    (Bug::IndexShared, Law::Structure, "index", r#"{"start":0,"goal":0,"length":1}"#),
    (Bug::IndexTooLarge, Law::Structure, "index", r#"{"start":0,"goal":0,"length":0}"#),
    (Bug::IndexTwice, Law::Structure, "index", r#"{"start":0,"goal":0,"length":2}"#),
    (Bug::TwoWayUndeclared, Law::Structure, "two_way_goal", r#"{"start":0,"goal":0,"length":0}"#),
    (Bug::TwoWayGoalElsewhere, Law::Structure, "two_way_goal", r#"{"start":1,"goal":0,"length":1}"#),
    (Bug::TwoGoals, Law::Structure, "is_goal", r#"{"start":0,"goal":0,"length":7}"#),
    (Bug::NoWayBack, Law::Structure, "successors", r#"{"start":0,"goal":0,"length":4}"#),
    (Bug::GoalIsTerminal, Law::Terminal, "is_terminal", r#"{"start":0,"goal":0,"length":1}"#),
    (Bug::EndIsNotTerminal, Law::Terminal, "is_terminal", r#"{"start":0,"goal":0,"length":0}"#),
    (Bug::KeysShared, Law::Keys, "key_state", r#"{"start":1,"goal":0,"length":1}"#),
    (Bug::KeyOfKey, Law::Keys, "key_state", r#"{"start":1,"goal":0,"length":1}"#),
    (Bug::OneFartherOff, Law::Distance, "distance_table", r#"{"start":0,"goal":0,"length":5}"#),
    (Bug::GoalFarOff, Law::Distance, "distance_table", r#"{"start":1,"goal":0,"length":1}"#),
    (Bug::DearerThanNeeded, Law::SolverFacts, "solver_facts", r#"{"start":3,"goal":0,"length":3}"#),
    (Bug::NoSolutionCounted, Law::SolverFacts, "solver_facts", r#"{"start":0,"goal":0,"length":0}"#),
    (Bug::CalledUnsolvable, Law::SolverFacts, "is_solvable", r#"{"start":1,"goal":0,"length":1}"#),
    (Bug::Overestimates, Law::Heuristics, "estimate", r#"{"start":0,"goal":0,"length":3}"#),
    (Bug::Inconsistent, Law::Heuristics, "estimate", r#"{"start":0,"goal":0,"length":3}"#),
    (Bug::PreparedOtherwise, Law::Heuristics, "evaluator", r#"{"start":0,"goal":0,"length":1}"#),
    (Bug::ProseLosesDigits, Law::Atoms, "read_state", r#"{"start":0,"goal":0,"length":8}"#),
    (Bug::TargetNotWritten, Law::Atoms, "write_target", r#"{"start":0,"goal":0,"length":0}"#),
    (Bug::HeaderOnTwoLines, Law::Atoms, "write_header", r#"{"start":0,"goal":0,"length":0}"#),
    (Bug::MoveNotReadToItsEnd, Law::Atoms, "read_move", r#"{"start":0,"goal":0,"length":3}"#),
    (Bug::HeaderNotWritten, Law::Prompt, "read_task", r#"{"start":0,"goal":0,"length":1}"#),
    (Bug::WordUndeclared, Law::Words, "write_header", r#"{"start":0,"goal":0,"length":0}"#),
    (Bug::SignUndeclared, Law::Words, "write_header", r#"{"start":0,"goal":0,"length":0}"#),
    (Bug::NumberTooLong, Law::Words, "write_target", r#"{"start":0,"goal":0,"length":0}"#),
    (Bug::StateOffTheLine, Law::Reading, "read_value", r#"{"start":0,"goal":0,"length":0}"#),
    (Bug::MovePanics, Law::Reading, "read_move", r#"{"start":0,"goal":0,"length":0}"#),
    (Bug::SameStateForDamage, Law::Damage, "damage_state", r#"{"start":0,"goal":0,"length":0}"#),
    (Bug::LegalForIllegal, Law::Damage, "illegal_move", r#"{"start":0,"goal":0,"length":1}"#),
    (Bug::WrongClaimApplied, Law::Damage, "apply", r#"{"start":0,"goal":0,"length":1}"#),
    (Bug::DamageByChance, Law::Damage, "damage_state", r#"{"start":0,"goal":0,"length":1}"#),
    (Bug::SameClaimForDamage, Law::Damage, "damage_claim", r#"{"start":0,"goal":0,"length":1}"#),
    (Bug::ClaimUndeclared, Law::Damage, "damage_claim", r#"{"start":0,"goal":0,"length":1}"#),
];

fn smallest(bug: Bug) -> Option<Box<LawError>> {
    let configs = [10, 40, 0].map(|length| LineConfig { length });
    with_bug(bug, || check_laws::<Line>(&configs, 4, 20)).err()
}

#[test]
fn each_planted_bug_is_found_and_made_small() {
    let started = Instant::now();
    let mut wrong = Vec::new();
    for &(bug, law, item, least) in PLANTED {
        let found = smallest(bug);
        let Some(error) = found else {
            wrong.push(format!("{bug:?} is not found"));
            continue;
        };
        let found = if error.puzzle.is_empty() { &error.settings } else { &error.puzzle };
        let found = &found.replace('\n', "");
        if (error.law, error.item, found.as_str()) != (law, item, least) {
            wrong.push(format!("(Bug::{bug:?}, Law::{:?}, {:?}, r#\"{found}\"#),\n{error}", error.law, error.item));
        }
        // The advice on how to repeat the failure must work.
        if error.again == Again::Puzzle {
            let value = serde_json::from_str(&error.puzzle).unwrap();
            let again = with_bug(bug, || check_puzzle(&Line::from_json(&value).unwrap(), error.seed)).unwrap_err();
            assert_eq!((again.law, again.item), (error.law, error.item), "{error}");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let laws: BTreeSet<Law> = PLANTED.iter().map(|(_, law, _, _)| *law).collect();
    assert_eq!(laws.len(), 18, "a law without a bug: {laws:?}");
    let took = started.elapsed();
    assert!(took < Duration::from_secs(60), "{took:?}");
}
