//! The methods of a puzzle, whatever its type: those of [`sos_envs::Environment`], with ids in place of states and moves.

use std::any::Any;

use sos_envs::answers::Unread;
use sos_envs::{
    About, Branch, Cost, DamageKind, Draw, InferenceSlip, Instructions, PuzzleId, Reader, Reject, SolverFacts, Step,
    Style, VariableSet,
};

use super::{Config, Puzzle, Run};
use crate::search::Outcome;
use crate::trace::{MoveId, StateId};

/// The methods of a puzzle. Each id must come from the same puzzle. The methods are documented at those of the same name in
/// [`sos_envs::Environment`] and its parts.
pub trait Rules {
    /// The listing of the puzzle's environment.
    fn about(&self) -> &'static About;

    // --- identity

    /// The canonical form. Puzzles that differ only in how they are shown have the same one.
    fn canonical(&self) -> Puzzle;
    /// The puzzle as JSON, on one line.
    fn write_json(&self, out: &mut Vec<u8>);
    /// The stable id: a hash of the environment's name and the canonical form.
    fn id(&self) -> PuzzleId;
    /// The id that all twins share: puzzles that differ only in names, in order, or by a symmetry of the rules.
    fn twin(&self) -> PuzzleId;
    /// Whether the puzzle is the one among its twins that a numbered space counts.
    fn is_representative(&self) -> bool;
    /// The id of the ground that several puzzles share (the walls of a maze, say); none where a puzzle has its own.
    fn ground(&self) -> Option<PuzzleId>;
    /// The value of the hold-out property `key`.
    fn hold_out_key(&self, key: usize) -> u64;
    /// Another puzzle over the same ground.
    fn another_task(&self, config: &Config, draw: &mut Draw) -> Result<Puzzle, Reject>;

    // --- rules

    /// The start state.
    fn start(&self) -> StateId;
    /// Whether a state is a goal.
    fn is_goal(&self, state: StateId) -> bool;
    /// Appends the legal steps out of a state, in canonical order.
    fn successors(&self, state: StateId, out: &mut Vec<Step<MoveId, StateId>>);
    /// The result of a move: the move with right claims, the next state, the cost. None where the move is illegal.
    fn apply(&self, state: StateId, action: MoveId) -> Option<(MoveId, StateId, Cost)>;
    /// The next state and the cost if the result or cost that the move claims is taken as true. None where it is illegal even so.
    fn apply_as_claimed(&self, state: StateId, action: MoveId) -> Option<(StateId, Cost)>;
    /// The state after a move, legal or not, where the move alone determines it.
    fn state_after(&self, state: StateId, action: MoveId) -> Option<StateId>;
    /// Whether a move repeats what the state has from the start, such as a given of a board.
    fn repeats_given(&self, state: StateId, action: MoveId) -> bool;
    /// Why a move is legal in no position, where it names something that the puzzle does not have. None for other moves.
    fn never_legal(&self, action: MoveId) -> Option<String>;
    /// The moves of a path as an answer lists them.
    fn answer(&self, moves: Vec<MoveId>) -> Vec<MoveId>;
    /// The representative of all states that are the same position.
    fn key_state(&self, state: StateId) -> StateId;
    /// Whether two states are the same position.
    fn same_state(&self, a: StateId, b: StateId) -> bool {
        a == b || self.key_state(a) == self.key_state(b)
    }
    /// Whether a state has no steps.
    fn is_terminal(&self, state: StateId) -> bool;
    /// The goal state, where it is a single position and steps can be taken back; needed to search from both ends.
    fn two_way_goal(&self) -> Option<StateId>;

    // --- variables and inferences

    /// Whether the look-ahead `propagation` shows that no goal can be reached from a state.
    fn is_stuck(&self, propagation: usize, state: StateId) -> bool;
    /// Whether a move gives a reason and is legal only if the reason holds.
    fn is_inference(&self, action: MoveId) -> bool;
    /// The kind of reason that a move gives.
    fn reason(&self, action: MoveId) -> usize;
    /// Whether a move says that its state leads nowhere.
    fn ends_search(&self, action: MoveId) -> bool;
    /// The choice that a move belongs to, and its number among the ways of that choice.
    fn branch(&self, state: StateId, action: MoveId) -> Option<Branch>;
    /// The earlier choices, one bit each, that rule out other ways for the choice of `action`; without an action, that make the state a
    /// dead end.
    fn conflict_set(&self, state: StateId, action: Option<MoveId>) -> VariableSet;

    // --- knowledge

    /// The estimate of a state by a heuristic, in units of `1 / estimate_scale`.
    fn estimate(&self, heuristic: usize, state: StateId) -> Cost;
    /// The facts that an exact solver proves.
    fn solver_facts(&self) -> SolverFacts;
    /// Whether there is a solution. It may be quicker than [`solver_facts`](Rules::solver_facts).
    fn is_solvable(&self) -> bool;
    /// Whether there is a solution, by facts of the puzzle; none if this is not known.
    fn known_solvable(&self, facts: &SolverFacts) -> Option<bool>;
    /// What "no solution" says of the puzzle where people could take it for more.
    fn no_solution_means(&self) -> Option<&'static str>;
    /// The exact cost from a state to the nearest goal; none where no goal can be reached.
    fn distance(&self, state: StateId) -> Option<Cost>;
    /// The bound on estimates with a name, in cost units.
    fn threshold(&self, name: &str) -> Option<Cost>;
    /// The cost of the answer that a sentence in a data set's grammar states.
    fn stated_cost(&self, grammar: &str, text: &[u8]) -> Option<Cost>;

    // --- atoms

    /// The parts of the puzzle that a model needs beside start and goal.
    fn write_header(&self, style: Style, out: &mut Vec<u8>);
    /// The goal, as it stands in a state line.
    fn write_target(&self, style: Style, out: &mut Vec<u8>);
    /// Writes a state.
    fn write_state(&self, state: StateId, style: Style, out: &mut Vec<u8>);
    /// Reads a state.
    fn read_state(&self, style: Style, reader: &mut Reader<'_>) -> Option<StateId>;
    /// Writes a move, with the result or cost that it claims.
    fn write_move(&self, action: MoveId, style: Style, out: &mut Vec<u8>);
    /// Reads a move.
    fn read_move(&self, style: Style, reader: &mut Reader<'_>) -> Option<MoveId>;
    /// A state in the short form of a goal or dead-end line.
    fn write_value(&self, state: StateId, style: Style, out: &mut Vec<u8>);
    /// Reads the short form. Gives a state that it stands for.
    fn read_value(&self, style: Style, reader: &mut Reader<'_>) -> Option<StateId>;
    /// Whether the short form `value` can stand for `state`.
    fn value_fits(&self, value: StateId, state: StateId) -> bool;
    /// The puzzle in words, for prompts of models that speak.
    fn instructions(&self) -> Instructions;
    /// Writes the puzzle in a prompt grammar.
    fn write_prompt(&self, grammar: &str, out: &mut Vec<u8>);
    /// Writes the part of a state that a plan shows in a prompt grammar.
    fn write_step(&self, grammar: &str, state: StateId, out: &mut Vec<u8>);
    /// Writes a move in a prompt grammar.
    fn write_move_in(&self, grammar: &str, action: MoveId, out: &mut Vec<u8>);
    /// Reads a move in a prompt grammar.
    fn read_move_in(&self, grammar: &str, reader: &mut Reader<'_>) -> Option<MoveId>;
    /// Writes a solution, or that there is none, as the grammar's data set does.
    fn write_solution(&self, grammar: &str, moves: Option<&[MoveId]>, out: &mut Vec<u8>);
    /// Reads a solution in a grammar: moves, or that there is none.
    fn read_solution(&self, grammar: &str, reader: &mut Reader<'_>) -> Option<Option<Vec<MoveId>>>;
    /// Reads an answer as people write it: moves, or none where it says that there is no solution.
    fn read_plain_answer(&self, text: &str) -> Result<Option<Vec<MoveId>>, Unread>;
    /// Writes a solution in a form that [`Rules::read_plain_answer`] reads.
    fn write_plain_answer(&self, moves: &[MoveId], out: &mut Vec<u8>);

    // --- damage

    /// The state with one thing wrong; none where this damage is not possible.
    fn damage_state(&self, state: StateId, damage: DamageKind, draw: &mut Draw) -> Option<StateId>;
    /// The move with a wrong claim of its result or cost; none where it claims nothing.
    fn damage_claim(&self, action: MoveId, draw: &mut Draw) -> Option<MoveId>;
    /// A well-formed move that is illegal in the state, with a state that it might be thought to lead to.
    fn illegal_move(&self, state: StateId, draw: &mut Draw) -> Option<(MoveId, StateId)>;
    /// A wrong inference or guess in place of a right one, and the state that it leads to from `state`.
    fn slip_inference(
        &self,
        state: StateId,
        action: MoveId,
        slip: InferenceSlip,
        draw: &mut Draw,
    ) -> Option<(MoveId, StateId)>;
    /// The state with something left over from `given_up`, a state that the search came back from.
    fn stale_state(&self, state: StateId, given_up: StateId, draw: &mut Draw) -> Option<StateId>;

    // --- what the arena does with it

    /// Runs a search and writes its trace with ids.
    fn run(&self, run: Run<'_>) -> Outcome;
    /// The id that this puzzle has for a state of `other`; none where `other` is a puzzle of another type.
    fn state_of(&self, other: &dyn Rules, state: StateId) -> Option<StateId>;
    /// The id that this puzzle has for a move of `other`; none where `other` is a puzzle of another type.
    fn move_of(&self, other: &dyn Rules, action: MoveId) -> Option<MoveId>;
    /// Whether another puzzle is equal.
    fn equals(&self, other: &dyn Rules) -> bool;
    /// The puzzle for messages: its environment and its JSON.
    fn show(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result;
    /// The puzzle with its type, for a downcast.
    fn as_any(&self) -> &dyn Any;
}
