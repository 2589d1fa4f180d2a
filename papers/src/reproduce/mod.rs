//! Data sets of papers, byte for byte.
pub mod beyond_semantics;
mod python;
pub mod stream_of_search;
mod whole_file;
