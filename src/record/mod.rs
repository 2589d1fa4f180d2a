//! Records: training rows made from one or more traces.
pub mod puzzles;
pub mod rows;
