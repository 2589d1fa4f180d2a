//! All integration tests, in one program.

mod corruptions;
mod golden;
