//! All integration tests, in one program.

use sos_envs::About;

use stream_of_search::arena::{self, Family};

/// Finds an environment by its name.
fn family(name: &str) -> &'static dyn Family {
    arena::environment(name).expect("the name of an environment")
}

/// Whether the long sweeps run. `SOS_LONG` turns them on, as in `.ci/run`. Without it a test over all environments takes only a part of its table.
fn is_long() -> bool {
    std::env::var_os("SOS_LONG").is_some()
}

/// Whether a sweep takes `item` of an environment. A short run takes one item in `parts`, and starts at a different one in each environment.
fn takes(environment: &str, item: usize, parts: usize) -> bool {
    let offset: usize = environment.bytes().map(usize::from).sum();
    is_long() || (offset + item).is_multiple_of(parts)
}

/// The description of an environment, by its name.
fn about(name: &str) -> &'static About {
    family(name).about()
}

mod answers;
mod bounds;
mod cases;
mod clean;
mod cli;
mod constraint_searches;
mod corruptions;
mod corruptions_fit;
mod cues;
mod determinism;
mod dialects;
mod docs;
mod evenly;
mod experiments;
mod golden;
mod imported;
mod instruct;
mod judged;
mod labels;
mod layers;
mod levels;
mod policy;
mod probe;
mod prompts;
mod readings;
mod recipes;
mod restated;
mod runtime_environment;
mod searchformer;
mod splits;
mod table;
mod table_records;
mod twins;
mod vocabulary;
mod ways;
