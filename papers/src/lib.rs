//! Ports of the programs of two papers, byte for byte: the data sets that they write, and the verdicts of the Stream of Search paper's own
//! checker, with its bugs.
//!
//! This crate uses nothing else of the project. It serves to compare with published numbers and files.
pub mod reproduce;
pub mod stream_of_search_checker;
