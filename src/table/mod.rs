//! Tables: the columns of a dataset, batches of rows, and the sources of rows. Records fill batches, sinks write them.

mod rows;
mod schema;
mod source;

pub use rows::{Column, Lists, Message, Rows, TextColumn, Value};
pub use schema::{ColumnKind, ColumnSpec, PROMPT_COMPLETION, ROWS_VERSION, SOURCE, Schema, column};
pub use source::{Difference, Provenance, RowSource, SplitRows, Tally};
