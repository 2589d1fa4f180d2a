//! Data sets of papers, byte for byte.
