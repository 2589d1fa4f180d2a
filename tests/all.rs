//! All integration tests, in one program.

mod dialects;
mod corruptions;
mod golden;
