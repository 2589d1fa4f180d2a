//! All integration tests, in one program.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

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

/// What `visit` gives for each environment, in their order. All cores share the environments: the last tests of a run have no others beside them.
fn of_environments<T: Send>(visit: impl Fn(&'static dyn Family) -> T + Sync) -> Vec<T> {
    let families = arena::environments();
    let next = AtomicUsize::new(0);
    let made = Mutex::new(Vec::new());
    let work = || {
        while let Some((place, family)) =
            Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|place| Some((place, families.get(place)?)))
        {
            let value = visit(*family);
            made.lock().expect("no other thread panicked").push((place, value));
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    let mut made = made.into_inner().expect("no thread panicked");
    made.sort_by_key(|(place, _)| *place);
    made.into_iter().map(|(_, value)| value).collect()
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
