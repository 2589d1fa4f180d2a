//! Stream of Search: deterministic search traces for training language models.
pub mod check;
pub mod corrupt;
pub mod dialect;
pub mod generate;
pub mod names;
pub mod record;
pub mod reproduce;
pub mod search;
pub mod sink;
pub mod trace;
