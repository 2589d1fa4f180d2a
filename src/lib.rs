//! Stream of Search: deterministic search traces for training language models.
pub mod answer;
pub mod arena;
pub mod check;
#[cfg(feature = "cli")]
pub mod cli;
pub mod corrupt;
pub mod cue;
pub mod dialect;
pub mod generate;
pub mod import;
mod lines;
pub mod names;
pub mod recipe;
pub mod record;
pub mod request;
pub mod rollouts;
pub mod rows;
pub mod search;
pub mod select;
pub mod sink;
#[cfg(feature = "proptest")]
pub mod strategies;
pub mod table;
pub mod trace;
pub mod view;
