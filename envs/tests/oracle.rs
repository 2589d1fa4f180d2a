//! Optimal costs against an independent solver: the A* and Dijkstra of the `pathfinding` crate, over each environment's own successors.

use sos_envs::{Complete, EnvironmentVisitor, Streams, visit_environments};

/// Puzzles of each environment.
const PUZZLES: u64 = 1000;

struct Compare;

impl EnvironmentVisitor for Compare {
    fn visit<E: Complete>(&mut self, kind: usize) {
        let name = E::kinds()[kind].name;
        let start = std::time::Instant::now();
        let config = E::levels_of(kind)[0].clone();
        let streams = Streams::new(5, "oracle", name);
        let (mut compared, mut unsolvable) = (0, 0);
        for index in 0.. {
            if compared == PUZZLES {
                break;
            }
            assert!(index < 100 * PUZZLES, "{}: too few puzzles are drawn", name);
            let Ok(puzzle) = E::generate(&config, &mut streams.at(index)) else { continue };
            let cost = independent(&puzzle);
            let mut json = Vec::new();
            puzzle.write_json(&mut json);
            assert_eq!(puzzle.solver_facts().optimal_cost, cost, "{}: {}", name, String::from_utf8_lossy(&json));
            compared += 1;
            unsolvable += u64::from(cost.is_none());
        }
        eprintln!("{:16} {compared} puzzles, {unsolvable} of them unsolvable, {:?}", name, start.elapsed());
    }
}

/// The cost of a cheapest solution: by A* where the environment has an admissible heuristic, by Dijkstra's algorithm otherwise.
fn independent<E: Complete>(puzzle: &E) -> Option<u64> {
    let successors = |state: &E::State| {
        let mut steps = Vec::new();
        puzzle.successors(state, &mut steps);
        let scaled = |cost: u64| cost * puzzle.about().estimate_scale;
        steps.into_iter().map(|step| (puzzle.key_state(&step.state), scaled(step.cost))).collect::<Vec<_>>()
    };
    let start = puzzle.key_state(&puzzle.start());
    let goal = |state: &E::State| puzzle.is_goal(state);
    let found = match puzzle.about().heuristics.iter().position(|heuristic| heuristic.admissible) {
        Some(heuristic) => {
            let evaluator = puzzle.evaluator(heuristic);
            pathfinding::prelude::astar(&start, successors, |state| evaluator.estimate(puzzle, state), goal)
        }
        None => pathfinding::prelude::dijkstra(&start, successors, goal),
    };
    found.map(|(_, cost)| cost / puzzle.about().estimate_scale)
}

#[test]
fn optimal_costs_are_those_of_an_independent_solver() {
    visit_environments(&mut Compare);
}
