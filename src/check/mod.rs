//! Checking: replay a trace against its puzzle.
pub mod compat;
