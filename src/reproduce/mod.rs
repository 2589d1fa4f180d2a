//! Data sets of papers, byte for byte.
mod python;
pub mod stream_of_search;
mod whole_file;
