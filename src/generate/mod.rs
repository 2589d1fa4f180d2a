//! Bounded, ordered, resumable generation of a dataset.
