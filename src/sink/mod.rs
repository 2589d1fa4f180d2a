//! File formats of a dataset.
