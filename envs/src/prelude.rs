//! The imports for writing an environment: `use sos_envs::prelude::*;`.

pub use arrayvec::{ArrayString, ArrayVec};
pub use serde::{Deserialize, Serialize};
pub use serde_json::{Value, json};

pub use crate::about::{About, HeuristicSpec, MoveClaim};
pub use crate::answers::Answers;
pub use crate::damage::{Damage, DamageKind};
pub use crate::distance::DistanceTable;
pub use crate::draw::Draw;
pub use crate::environment::{
    Atoms, ConfigError, Cost, Environment, Plain, PuzzleError, PuzzleId, Reject, SolverFacts, Step,
};
pub use crate::ground::SharedGround;
pub use crate::instruct::{Instruct, Instructions};
pub use crate::json::Json;
pub use crate::kinds::Kinds;
pub use crate::prompt::{Prompts, Task};
pub use crate::search_support::{Evaluator, SearchSupport};
pub use crate::settings::{Amount, Range, Solvable, amount_within, within};
pub use crate::splits::{Space, Splits, digits};
pub use crate::text::{Pen, Reader, Style, write_number, write_number_in};
pub use crate::variables::Variables;
