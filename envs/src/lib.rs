//! Puzzle environments.
