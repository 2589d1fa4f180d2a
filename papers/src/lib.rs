//! What the programs of two papers do, byte for byte: the data sets that they write, and the verdicts of the Stream of Search paper's
//! own checker, bugs included.
//!
//! Nothing here knows the rest of the project. It is for comparing with published numbers and files.
pub mod reproduce;
pub mod stream_of_search_checker;
