//! What a puzzle can be asked, whatever its type: [`sos_envs::Environment`] with ids in the place of states and moves.

use std::any::Any;

use sos_envs::{
    About, Branch, Cost, DamageKind, Draw, InferenceSlip, PuzzleId, Reader, Reject, SolverFacts, Step, Style,
};

use super::{Config, Puzzle, Run};
use crate::search::Outcome;
use crate::trace::{MoveId, StateId};

/// The questions to a puzzle. An id is one that the same puzzle gave out; what each question means is said at the method of the same name in
/// [`sos_envs::Environment`].
pub trait Rules {
    /// The environment, and the kind of puzzle in it.
    fn about(&self) -> &'static About;

    // --- identity

    /// The canonical form: puzzles that differ only in how they are shown have the same.
    fn canonical(&self) -> Puzzle;
    /// The puzzle as JSON, on one line.
    fn write_json(&self, out: &mut Vec<u8>);
    /// The stable id: a hash of name and canonical form.
    fn id(&self) -> PuzzleId;
    /// The id that it shares with all puzzles that differ from it only in names, in order, or by a symmetry of the rules.
    fn twin(&self) -> PuzzleId;
    /// Whether it is the one among its twins that a numbered space counts.
    fn is_representative(&self) -> bool;
    /// The id of the ground that it shares with other puzzles; none where there is none.
    fn ground(&self) -> Option<PuzzleId>;
    /// The value of a property by which puzzles are held out.
    fn hold_out_key(&self, key: usize) -> u64;
    /// Another puzzle over the same ground.
    fn another_task(&self, config: &Config, draw: &mut Draw) -> Result<Puzzle, Reject>;

    // --- rules

    /// The start.
    fn start(&self) -> StateId;
    /// Whether a state is a goal.
    fn is_goal(&self, state: StateId) -> bool;
    /// The legal steps out of a state, appended in canonical order.
    fn successors(&self, state: StateId, out: &mut Vec<Step<MoveId, StateId>>);
    /// Where a move leads: the move as it should be written, the state, the cost. None where it is illegal.
    fn apply(&self, state: StateId, action: MoveId) -> Option<(MoveId, StateId, Cost)>;
    /// Where a move leads if what it claims of itself is believed.
    fn apply_as_claimed(&self, state: StateId, action: MoveId) -> Option<(StateId, Cost)>;
    /// Where a move leads, legal or not, if the move alone says it.
    fn state_after(&self, state: StateId, action: MoveId) -> Option<StateId>;
    /// Whether a move says again what a state has.
    fn repeats_given(&self, state: StateId, action: MoveId) -> bool;
    /// Why a move is possible nowhere, where it names what the puzzle does not have.
    fn never_legal(&self, action: MoveId) -> Option<String>;
    /// The moves of a path as an answer tells them.
    fn answer(&self, moves: Vec<MoveId>) -> Vec<MoveId>;
    /// The state that stands for all states of the same position.
    fn key_state(&self, state: StateId) -> StateId;
    /// Whether two states are the same position.
    fn same_state(&self, a: StateId, b: StateId) -> bool {
        a == b || self.key_state(a) == self.key_state(b)
    }
    /// Whether a state has no step at all.
    fn is_terminal(&self, state: StateId) -> bool;
    /// The goal, where it is one position that can be worked back from.
    fn two_way_goal(&self) -> Option<StateId>;

    // --- variables and inferences

    /// Whether a look ahead shows that no goal can be reached from a state.
    fn is_stuck(&self, propagation: usize, state: StateId) -> bool;
    /// Whether a move gives a reason and is legal only where that holds.
    fn is_inference(&self, action: MoveId) -> bool;
    /// Of which kind the reason is that a move gives.
    fn reason(&self, action: MoveId) -> usize;
    /// Whether a move says that its state leads nowhere.
    fn ends_search(&self, action: MoveId) -> bool;
    /// Of which choice a move is one of the ways.
    fn branch(&self, state: StateId, action: MoveId) -> Option<Branch>;
    /// The choices before a state that leave the choice of `action` no other ways, or that make the state a dead end.
    fn conflict_set(&self, state: StateId, action: Option<MoveId>) -> u128;

    // --- knowledge

    /// The estimate of a state by a heuristic, in units of `1 / estimate_scale`.
    fn estimate(&self, heuristic: usize, state: StateId) -> Cost;
    /// What an exact solver proves.
    fn solver_facts(&self) -> SolverFacts;
    /// Whether there is a solution, where that is quicker to prove than the rest.
    fn is_solvable(&self) -> bool;
    /// The exact cost from a state to the nearest goal; none where no goal can be reached.
    fn distance(&self, state: StateId) -> Option<Cost>;
    /// A bound on estimates by name, in cost units.
    fn threshold(&self, name: &str) -> Option<Cost>;
    /// What the sentence of a data set says that its answer costs.
    fn stated_cost(&self, grammar: &str, text: &[u8]) -> Option<Cost>;

    // --- atoms

    /// What a model must be told of the puzzle beside start and goal.
    fn write_header(&self, style: Style, out: &mut Vec<u8>);
    /// The goal, as it stands in a state line.
    fn write_target(&self, style: Style, out: &mut Vec<u8>);
    /// A state.
    fn write_state(&self, state: StateId, style: Style, out: &mut Vec<u8>);
    /// Reads a state.
    fn read_state(&self, style: Style, reader: &mut Reader<'_>) -> Option<StateId>;
    /// A move, with what it claims of itself.
    fn write_move(&self, action: MoveId, style: Style, out: &mut Vec<u8>);
    /// Reads a move.
    fn read_move(&self, style: Style, reader: &mut Reader<'_>) -> Option<MoveId>;
    /// A state in the short form of a goal or dead-end line.
    fn write_value(&self, state: StateId, style: Style, out: &mut Vec<u8>);
    /// Reads the short form, as the state that it stands for.
    fn read_value(&self, style: Style, reader: &mut Reader<'_>) -> Option<StateId>;
    /// Whether a short form that was read can stand for `state`.
    fn value_fits(&self, value: StateId, state: StateId) -> bool;
    /// Writes the puzzle in a prompt grammar.
    fn write_prompt(&self, grammar: &str, out: &mut Vec<u8>);
    /// Writes what a plan tells of a state in a prompt grammar.
    fn write_step(&self, grammar: &str, state: StateId, out: &mut Vec<u8>);
    /// Writes a move in a prompt grammar.
    fn write_move_in(&self, grammar: &str, action: MoveId, out: &mut Vec<u8>);
    /// Reads a move in a prompt grammar.
    fn read_move_in(&self, grammar: &str, reader: &mut Reader<'_>) -> Option<MoveId>;
    /// Writes a solution (or that there is none) as the grammar's data set does.
    fn write_solution(&self, grammar: &str, moves: Option<&[MoveId]>, out: &mut Vec<u8>);
    /// Reads a solution of a grammar.
    fn read_solution(&self, grammar: &str, reader: &mut Reader<'_>) -> Option<Option<Vec<MoveId>>>;

    // --- damage

    /// The state with one thing wrong; none where that cannot be.
    fn damage_state(&self, state: StateId, damage: DamageKind, draw: &mut Draw) -> Option<StateId>;
    /// The move with what it claims of itself wrong.
    fn damage_claim(&self, action: MoveId, draw: &mut Draw) -> Option<MoveId>;
    /// A well-formed move that is not possible in the state, with a state that it might be thought to lead to.
    fn illegal_move(&self, state: StateId, draw: &mut Draw) -> Option<(MoveId, StateId)>;
    /// A wrong inference or guess in the place of a right one, and what it makes of the state that both are made in.
    fn slip_inference(
        &self,
        state: StateId,
        action: MoveId,
        slip: InferenceSlip,
        draw: &mut Draw,
    ) -> Option<(MoveId, StateId)>;
    /// A state that has kept something of another, from which the search came back.
    fn stale_state(&self, state: StateId, given_up: StateId, draw: &mut Draw) -> Option<StateId>;

    // --- what the arena does with it

    /// Runs a search, and writes its trace by id.
    fn run(&self, run: Run<'_>) -> Outcome;
    /// The id here of a state that has another one in a puzzle of the same environment.
    fn state_of(&self, other: &dyn Rules, state: StateId) -> StateId;
    /// The id here of a move that has another one in a puzzle of the same environment.
    fn move_of(&self, other: &dyn Rules, action: MoveId) -> MoveId;
    /// Whether another puzzle is the same one.
    fn equals(&self, other: &dyn Rules) -> bool;
    /// The puzzle for messages: its environment and its JSON.
    fn show(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result;
    /// The puzzle with its type.
    fn as_any(&self) -> &dyn Any;
}
