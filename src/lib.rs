//! Stream of Search: deterministic search traces for training language models.
pub mod check;
pub mod generate;
pub mod record;
pub mod reproduce;
pub mod sink;
