//! All integration tests, in one program.

mod corruptions;
mod dialects;
mod golden;
mod policy;
