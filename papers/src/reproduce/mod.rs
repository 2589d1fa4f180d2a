//! The data sets of two papers, byte for byte as the papers' programs write them.
pub mod beyond_semantics;
mod python;
pub mod stream_of_search;
mod whole_file;
