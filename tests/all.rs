//! All integration tests, in one program.

mod cli;
mod determinism;
mod golden;
mod layers;
mod recipes;
mod splits;
