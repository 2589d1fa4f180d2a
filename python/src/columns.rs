//! Batches of rows as Arrow arrays and as Python values.

use std::sync::Arc;

use arrow_array::builder::BooleanBuilder;
use arrow_array::{Array, ArrayRef, BooleanArray, Int64Array, ListArray, RecordBatch, StringArray, StructArray};
use arrow_buffer::{Buffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::{ArrowError, DataType, Field, Fields, Schema, SchemaRef};
use stream_of_search::table::{self, Column, ColumnKind, ColumnSpec, Rows, TextColumn};

/// The Arrow schema of a record config.
pub fn schema(columns: &table::Schema) -> SchemaRef {
    Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<Field>>()))
}

fn field(spec: &ColumnSpec) -> Field {
    let nullable = matches!(spec.kind, ColumnKind::Integer | ColumnKind::Flag);
    Field::new(spec.name, kind(spec.kind), nullable)
}

fn kind(kind: ColumnKind) -> DataType {
    match kind {
        ColumnKind::Text => DataType::Utf8,
        ColumnKind::Integer => DataType::Int64,
        ColumnKind::Boolean | ColumnKind::Flag => DataType::Boolean,
        ColumnKind::Texts => list(DataType::Utf8),
        ColumnKind::Integers => list(DataType::Int64),
        ColumnKind::Booleans => list(DataType::Boolean),
        ColumnKind::Messages => list(DataType::Struct(texts(["role", "content"]))),
        ColumnKind::Reward => DataType::Struct(texts(["style", "ground_truth"])),
    }
}

fn list(item: DataType) -> DataType {
    DataType::List(Arc::new(Field::new("item", item, false)))
}

fn texts(names: [&str; 2]) -> Fields {
    names.map(|name| Field::new(name, DataType::Utf8, false)).into_iter().collect()
}

/// The rows as a batch. Buffers are moved, not copied.
pub fn batch(schema: &SchemaRef, rows: Rows) -> Result<RecordBatch, ArrowError> {
    let columns = rows.into_columns().into_iter().map(column).collect::<Result<Vec<ArrayRef>, ArrowError>>()?;
    RecordBatch::try_new(Arc::clone(schema), columns)
}

fn column(column: Column) -> Result<ArrayRef, ArrowError> {
    Ok(match column {
        Column::Text(text) => Arc::new(strings(text)?),
        Column::Integer(values) => Arc::new(Int64Array::from(values)),
        Column::Boolean(values) => Arc::new(BooleanArray::from(values)),
        Column::Flag(values) => {
            let mut builder = BooleanBuilder::with_capacity(values.len());
            values.into_iter().for_each(|value| builder.append_option(value));
            Arc::new(builder.finish())
        }
        Column::Texts(lists) => {
            let (items, ends) = lists.into_parts();
            list_of(Arc::new(strings(items)?), &ends)?
        }
        Column::Integers(lists) => {
            let (items, ends) = lists.into_parts();
            list_of(Arc::new(Int64Array::from(items)), &ends)?
        }
        Column::Booleans(lists) => {
            let (items, ends) = lists.into_parts();
            list_of(Arc::new(BooleanArray::from(items)), &ends)?
        }
        Column::Messages(lists) => {
            let ((roles, contents), ends) = lists.into_parts();
            list_of(pair(["role", "content"], roles, contents)?, &ends)?
        }
        Column::Reward((styles, truths)) => pair(["style", "ground_truth"], styles, truths)?,
    })
}

fn pair(names: [&str; 2], first: TextColumn, second: TextColumn) -> Result<ArrayRef, ArrowError> {
    let columns: Vec<ArrayRef> = vec![Arc::new(strings(first)?), Arc::new(strings(second)?)];
    Ok(Arc::new(StructArray::try_new(texts(names), columns, None)?))
}

fn list_of(items: ArrayRef, ends: &[usize]) -> Result<ArrayRef, ArrowError> {
    let field = Arc::new(Field::new("item", items.data_type().clone(), false));
    Ok(Arc::new(ListArray::try_new(field, offsets(ends)?, items, None)?))
}

fn strings(text: TextColumn) -> Result<StringArray, ArrowError> {
    let (bytes, ends) = text.into_parts();
    StringArray::try_new(offsets(&ends)?, Buffer::from_vec(bytes), None)
}

fn offsets(ends: &[usize]) -> Result<OffsetBuffer<i32>, ArrowError> {
    let too_large =
        |_| ArrowError::InvalidArgumentError("a batch with more than 2 GiB of text; ask for smaller batches".into());
    let ends = ends.iter().map(|&end| i32::try_from(end).map_err(too_large));
    let offsets = std::iter::once(Ok(0)).chain(ends).collect::<Result<Vec<i32>, ArrowError>>()?;
    Ok(OffsetBuffer::new(ScalarBuffer::from(offsets)))
}
