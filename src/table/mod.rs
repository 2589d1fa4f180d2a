//! Tables: the columns of a dataset, batches of rows, and where rows come from. Records fill them, sinks write them.

mod rows;
mod schema;
mod source;

pub use rows::{Column, Message, Rows, TextColumn, Value};
pub use schema::{ColumnKind, ColumnSpec, PROMPT_COMPLETION, ROWS_VERSION, Schema, column};
pub use source::{Provenance, RowSource, SplitRows, Tally};
