//! Generation and audit over a source of made-up rows.

mod damage;
mod fake;
mod folders;
mod laws;
