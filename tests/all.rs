//! All integration tests, in one program.

use sos_envs::About;

use stream_of_search::arena::{self, Family};

/// The environment of a name.
fn family(name: &str) -> &'static dyn Family {
    arena::environment(name).expect("the name of an environment")
}

/// Whether the long sweeps run: where `SOS_LONG` is set, as in `.ci/run`. Else a test that goes over a table of all environments takes a part of it.
fn is_long() -> bool {
    std::env::var_os("SOS_LONG").is_some()
}

/// Whether a test that goes over all environments takes the item of a number, of which it takes one in `parts`: in each environment another one.
fn takes(environment: &str, item: usize, parts: usize) -> bool {
    let offset: usize = environment.bytes().map(usize::from).sum();
    is_long() || (offset + item).is_multiple_of(parts)
}

/// What is said of the environment of a name.
fn about(name: &str) -> &'static About {
    family(name).about()
}

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
mod evenly;
mod experiments;
mod golden;
mod imported;
mod judged;
mod labels;
mod layers;
mod policy;
mod probe;
mod prompts;
mod recipes;
mod restated;
mod runtime_environment;
mod searchformer;
mod splits;
mod table;
mod table_records;
mod twins;
mod ways;
