//! Tests of generation and audit with a source of made-up rows.

mod damage;
mod fake;
mod folders;
mod laws;
mod saved;
mod size;
