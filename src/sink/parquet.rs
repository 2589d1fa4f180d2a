//! Parquet by the crate's own column writers, without Arrow.
//!
//! A worker encodes a row group in memory, column by column. It is appended to the file afterwards.

use std::fs::File;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use ::parquet::basic::{Compression, Encoding, LogicalType, Repetition, Type as PhysicalType, ZstdLevel};
use ::parquet::column::page::{CompressedPage, PageWriteSpec, PageWriter};
use ::parquet::column::reader::ColumnReader;
use ::parquet::column::writer::{ColumnCloseResult, ColumnWriter, get_column_writer};
use ::parquet::data_type::ByteArray;
use ::parquet::errors::Result as ParquetResult;
use ::parquet::file::properties::{WriterProperties, WriterPropertiesPtr};
use ::parquet::file::reader::{FileReader, RowGroupReader, SerializedFileReader};
use ::parquet::file::writer::{SerializedFileWriter, SerializedPageWriter, TrackedWrite};
use ::parquet::record::Field;
use ::parquet::schema::types::{ColumnPath, SchemaDescPtr, SchemaDescriptor, Type, TypePtr};
use bytes::Bytes;

use super::{Row, SinkError, ZSTD_LEVEL};
use crate::table::{Column, ColumnKind, ColumnSpec, Rows, Schema, TextColumn};

/// Uncompressed size in bytes at which a row group ends early. It is well under 100 MB, the most that readers recommend, and limits the memory of a
/// worker.
const GROUP_BYTES: usize = 24 << 20;

/// Text columns with few distinct values. A dictionary makes them very small.
pub(super) const REPETITIVE: [&str; 7] = ["env", "split", "record", "dialect", "outcome", "search", "heuristic"];

/// The writer's name in the footer. It is part of the bytes of every file, as the version of the Parquet crate is.
const CREATED_BY: &str = concat!("stream-of-search version ", env!("CARGO_PKG_VERSION"));

fn schema(schema: &Schema) -> ParquetResult<TypePtr> {
    let fields = schema.iter().map(|spec| field(spec).map(Arc::new)).collect::<ParquetResult<Vec<_>>>()?;
    Ok(Arc::new(Type::group_type_builder("schema").with_fields(fields).build()?))
}

fn field(spec: &ColumnSpec) -> ParquetResult<Type> {
    let text = |name| primitive(name, PhysicalType::BYTE_ARRAY, Some(LogicalType::String), Repetition::REQUIRED);
    let plain = |name, kind| primitive(name, kind, None, Repetition::REQUIRED);
    match spec.kind {
        ColumnKind::Text => text(spec.name),
        ColumnKind::Integer => primitive(spec.name, PhysicalType::INT64, None, Repetition::OPTIONAL),
        ColumnKind::Boolean => plain(spec.name, PhysicalType::BOOLEAN),
        ColumnKind::Flag => primitive(spec.name, PhysicalType::BOOLEAN, None, Repetition::OPTIONAL),
        ColumnKind::Texts => list(spec.name, text("element")?),
        ColumnKind::Integers => list(spec.name, plain("element", PhysicalType::INT64)?),
        ColumnKind::Booleans => list(spec.name, plain("element", PhysicalType::BOOLEAN)?),
        ColumnKind::Messages => {
            let fields = vec![Arc::new(text("role")?), Arc::new(text("content")?)];
            let element = Type::group_type_builder("element").with_repetition(Repetition::REQUIRED);
            list(spec.name, element.with_fields(fields).build()?)
        }
        ColumnKind::Reward => {
            let fields = vec![Arc::new(text("style")?), Arc::new(text("ground_truth")?)];
            Type::group_type_builder(spec.name).with_repetition(Repetition::REQUIRED).with_fields(fields).build()
        }
    }
}

fn primitive(
    name: &str,
    physical: PhysicalType,
    logical: Option<LogicalType>,
    repetition: Repetition,
) -> ParquetResult<Type> {
    Type::primitive_type_builder(name, physical).with_logical_type(logical).with_repetition(repetition).build()
}

/// A list in the three-level form of the format (Parquet, logical types, LIST). Neither the list nor its elements are ever null.
fn list(name: &str, element: Type) -> ParquetResult<Type> {
    let repeated = Type::group_type_builder("list").with_repetition(Repetition::REPEATED);
    let repeated = repeated.with_fields(vec![Arc::new(element)]).build()?;
    Type::group_type_builder(name)
        .with_repetition(Repetition::REQUIRED)
        .with_logical_type(Some(LogicalType::List))
        .with_fields(vec![Arc::new(repeated)])
        .build()
}

fn properties(schema: &Schema) -> ParquetResult<WriterPropertiesPtr> {
    let mut builder = WriterProperties::builder()
        .set_created_by(CREATED_BY.to_string())
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(ZSTD_LEVEL)?));
    for spec in schema.iter() {
        let path = ColumnPath::from(spec.name);
        if spec.kind == ColumnKind::Text {
            builder = builder.set_column_dictionary_enabled(path, REPETITIVE.contains(&spec.name));
        } else if spec.name == "index" {
            builder = builder
                .set_column_dictionary_enabled(path.clone(), false)
                .set_column_encoding(path, Encoding::DELTA_BINARY_PACKED);
        }
    }
    Ok(Arc::new(builder.build()))
}

/// The pages of a column, in memory.
type Pages = Arc<Mutex<TrackedWrite<Vec<u8>>>>;

/// A page writer that shares the pages of a column, since the column writer takes ownership of its page writer.
struct SharedPages(Pages);

impl PageWriter for SharedPages {
    fn write_page(&mut self, page: CompressedPage) -> ParquetResult<PageWriteSpec> {
        let mut pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        SerializedPageWriter::new(&mut pages).write_page(page)
    }

    fn close(&mut self) -> ParquetResult<()> {
        Ok(())
    }
}

/// An encoded row group.
pub(crate) struct RowGroup {
    columns: Vec<(Bytes, ColumnCloseResult)>,
    rows: u64,
}

impl RowGroup {
    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }

    pub(crate) fn weight(&self) -> usize {
        self.columns.iter().map(|(bytes, _)| bytes.len()).sum()
    }
}

/// Encodes rows into row groups.
pub(crate) struct RowGroupEncoder {
    schema: SchemaDescPtr,
    properties: WriterPropertiesPtr,
    columns: Vec<(Pages, ColumnWriter<'static>)>,
    rows: u64,
    bytes: usize,
    texts: Vec<ByteArray>,
    integers: Vec<i64>,
    levels: Vec<i16>,
    repetitions: Vec<i16>,
}

impl RowGroupEncoder {
    pub(crate) fn new(columns: &Schema) -> Result<Self, SinkError> {
        Ok(RowGroupEncoder {
            schema: Arc::new(SchemaDescriptor::new(schema(columns)?)),
            properties: properties(columns)?,
            columns: Vec::new(),
            rows: 0,
            bytes: 0,
            texts: Vec::new(),
            integers: Vec::new(),
            levels: Vec::new(),
            repetitions: Vec::new(),
        })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows == 0
    }

    pub(crate) fn is_full(&self) -> bool {
        self.bytes >= GROUP_BYTES
    }

    pub(crate) fn push(&mut self, rows: &Rows) -> Result<(), SinkError> {
        if self.columns.is_empty() {
            self.open_columns();
        }
        let mut leaves = self.columns.iter_mut().map(|(_, writer)| writer);
        let wrong = || SinkError::Parquet("a column is not of the schema's kind".to_string());
        for column in rows.columns() {
            let levels = list_levels(column, rows.len(), &mut self.levels, &mut self.repetitions);
            let levels = levels.then_some((self.levels.as_slice(), self.repetitions.as_slice()));
            let (depths, repeats) = (levels.map(|levels| levels.0), levels.map(|levels| levels.1));
            for text in column.texts() {
                let Some(ColumnWriter::ByteArrayColumnWriter(writer)) = leaves.next() else { return Err(wrong()) };
                fill_texts(text, &mut self.texts);
                writer.write_batch(&self.texts, depths, repeats)?;
            }
            match column {
                Column::Integer(values) => {
                    let Some(ColumnWriter::Int64ColumnWriter(writer)) = leaves.next() else { return Err(wrong()) };
                    fill_integers(values, &mut self.integers, &mut self.levels);
                    writer.write_batch(&self.integers, Some(&self.levels), None)?;
                }
                Column::Boolean(values) => {
                    let Some(ColumnWriter::BoolColumnWriter(writer)) = leaves.next() else { return Err(wrong()) };
                    writer.write_batch(values, None, None)?;
                }
                Column::Flag(values) => {
                    let Some(ColumnWriter::BoolColumnWriter(writer)) = leaves.next() else { return Err(wrong()) };
                    let there: Vec<bool> = values.iter().copied().flatten().collect();
                    let depths: Vec<i16> = values.iter().map(|value| i16::from(value.is_some())).collect();
                    writer.write_batch(&there, Some(&depths), None)?;
                }
                Column::Integers(lists) => {
                    let Some(ColumnWriter::Int64ColumnWriter(writer)) = leaves.next() else { return Err(wrong()) };
                    writer.write_batch(lists.items(), depths, repeats)?;
                }
                Column::Booleans(lists) => {
                    let Some(ColumnWriter::BoolColumnWriter(writer)) = leaves.next() else { return Err(wrong()) };
                    writer.write_batch(lists.items(), depths, repeats)?;
                }
                Column::Text(_) | Column::Texts(_) | Column::Messages(_) | Column::Reward(_) => {}
            }
        }
        self.texts.clear();
        self.rows += rows.len() as u64;
        self.bytes += rows.byte_len();
        Ok(())
    }

    fn open_columns(&mut self) {
        for column in self.schema.columns() {
            let pages: Pages = Arc::new(Mutex::new(TrackedWrite::new(Vec::new())));
            let shared = Box::new(SharedPages(Arc::clone(&pages)));
            let writer = get_column_writer(Arc::clone(column), Arc::clone(&self.properties), shared);
            self.columns.push((pages, writer));
        }
    }

    pub(crate) fn finish(&mut self) -> Result<RowGroup, SinkError> {
        let mut columns = Vec::with_capacity(self.columns.len());
        for (pages, writer) in self.columns.drain(..) {
            let close = writer.close()?;
            let mut pages = pages.lock().unwrap_or_else(PoisonError::into_inner);
            pages.flush()?;
            let mut bytes = std::mem::take(pages.inner_mut());
            bytes.shrink_to_fit();
            columns.push((Bytes::from(bytes), close));
        }
        self.bytes = 0;
        Ok(RowGroup { columns, rows: std::mem::take(&mut self.rows) })
    }
}

/// Sets the levels of a column of lists; false for other columns. There is an entry for each item and each empty list. The definition level is 1 for an
/// item and 0 for an empty list. The repetition level is 0 for the first entry of a row and 1 for the others.
fn list_levels(column: &Column, rows: usize, levels: &mut Vec<i16>, repetitions: &mut Vec<i16>) -> bool {
    levels.clear();
    repetitions.clear();
    for row in 0..rows {
        let items = match column {
            Column::Texts(lists) => lists.range(row),
            Column::Integers(lists) => lists.range(row),
            Column::Booleans(lists) => lists.range(row),
            Column::Messages(lists) => lists.range(row),
            Column::Text(_) | Column::Integer(_) | Column::Boolean(_) | Column::Flag(_) | Column::Reward(_) => {
                return false;
            }
        };
        levels.extend(std::iter::repeat_n(i16::from(!items.is_empty()), items.len().max(1)));
        repetitions.push(0);
        repetitions.extend(std::iter::repeat_n(1, items.len().saturating_sub(1)));
    }
    true
}

/// The values of a text column, as slices of one copy of its bytes.
fn fill_texts(text: &TextColumn, out: &mut Vec<ByteArray>) {
    out.clear();
    let whole = Bytes::copy_from_slice(text.bytes());
    out.extend((0..text.len()).map(|row| ByteArray::from(whole.slice(text.range(row)))));
}

/// The known values of an integer column, and a definition level for each row (1 where it has a value).
fn fill_integers(values: &[Option<i64>], known: &mut Vec<i64>, levels: &mut Vec<i16>) {
    known.clear();
    levels.clear();
    known.extend(values.iter().flatten());
    levels.extend(values.iter().map(|value| i16::from(value.is_some())));
}

/// A Parquet file while it is written.
pub(crate) struct FileWriter<W: Write + Send>(SerializedFileWriter<W>);

impl<W: Write + Send> FileWriter<W> {
    pub(crate) fn new(columns: &Schema, out: W) -> Result<Self, SinkError> {
        Ok(FileWriter(SerializedFileWriter::new(out, schema(columns)?, properties(columns)?)?))
    }

    pub(crate) fn append(&mut self, group: RowGroup) -> Result<(), SinkError> {
        let mut out = self.0.next_row_group()?;
        for (bytes, close) in group.columns {
            out.append_column(&bytes, close)?;
        }
        out.close()?;
        Ok(())
    }

    pub(crate) fn finish(self) -> Result<W, SinkError> {
        Ok(self.0.into_inner()?)
    }
}

/// Calls `each` with each row of a file, in order, as a JSON object.
pub(crate) fn read_rows(file: File, each: &mut dyn FnMut(Row)) -> Result<(), SinkError> {
    let reader = SerializedFileReader::new(file)?;
    for row in reader.get_row_iter(None)? {
        each(row_of(&row?)?);
    }
    Ok(())
}

/// The number of rows of each row group of a file.
pub(crate) fn groups(file: File) -> Result<Vec<u64>, SinkError> {
    let reader = SerializedFileReader::new(file)?;
    let rows = reader.metadata().row_groups().iter().map(|group| u64::try_from(group.num_rows()).unwrap_or(0));
    Ok(rows.collect())
}

/// Calls `each` with each row of a row group, until it says false.
pub(crate) fn read_group(file: File, group: usize, each: &mut dyn FnMut(Row) -> bool) -> Result<(), SinkError> {
    let reader = SerializedFileReader::new(file)?;
    for row in reader.get_row_group(group)?.get_row_iter(None)? {
        if !each(row_of(&row?)?) {
            break;
        }
    }
    Ok(())
}

fn row_of(row: &::parquet::record::Row) -> Result<Row, SinkError> {
    row.get_column_iter().map(|(name, field)| Ok((name.clone(), field_json(field)?))).collect()
}

/// A value of a file as JSON, of other people's files too.
fn field_json(field: &Field) -> Result<serde_json::Value, SinkError> {
    match field {
        Field::Null => Ok(serde_json::Value::Null),
        Field::Bool(value) => Ok((*value).into()),
        Field::Byte(value) => Ok((*value).into()),
        Field::Short(value) => Ok((*value).into()),
        Field::Int(value) => Ok((*value).into()),
        Field::Long(value) => Ok((*value).into()),
        Field::UByte(value) => Ok((*value).into()),
        Field::UShort(value) => Ok((*value).into()),
        Field::UInt(value) => Ok((*value).into()),
        Field::ULong(value) => Ok((*value).into()),
        Field::Float(value) => Ok((*value).into()),
        Field::Double(value) => Ok((*value).into()),
        Field::Str(value) => Ok(value.as_str().into()),
        Field::Bytes(value) => match value.as_utf8() {
            Ok(text) => Ok(text.into()),
            Err(_) => Err(SinkError::Parquet("a text that is not UTF-8".to_string())),
        },
        Field::ListInternal(list) => list.elements().iter().map(field_json).collect(),
        Field::Group(group) => {
            let fields = group.get_column_iter().map(|(name, field)| Ok((name.clone(), field_json(field)?)));
            Ok(serde_json::Value::Object(fields.collect::<Result<_, SinkError>>()?))
        }
        other => Err(SinkError::Parquet(format!("a value {other} of a type that is not read; leave out its column"))),
    }
}

/// Calls `each` with the id and the index of each row of a file, in order. Returns the number of rows.
pub(crate) fn read_ids(file: File, each: &mut dyn FnMut(&[u8], Option<i64>)) -> Result<u64, SinkError> {
    let reader = SerializedFileReader::new(file)?;
    let columns = reader.metadata().file_metadata().schema_descr();
    let place = |name: &str| {
        let found = columns.columns().iter().position(|column| column.name() == name);
        found.ok_or_else(|| SinkError::Parquet(format!("the file has no column \"{name}\"")))
    };
    let (id, index) = (place("id")?, place("index")?);
    let mut rows = 0;
    for group in 0..reader.num_row_groups() {
        rows += read_group_ids(reader.get_row_group(group)?.as_ref(), id, index, each)?;
    }
    Ok(rows)
}

fn read_group_ids(
    group: &dyn RowGroupReader,
    id: usize,
    index: usize,
    each: &mut dyn FnMut(&[u8], Option<i64>),
) -> Result<u64, SinkError> {
    const STEP: usize = 4096;
    let kind = |name: &str| SinkError::Parquet(format!("column \"{name}\" is of another type than the schema's"));
    let ColumnReader::ByteArrayColumnReader(mut ids) = group.get_column_reader(id)? else { return Err(kind("id")) };
    let ColumnReader::Int64ColumnReader(mut indices) = group.get_column_reader(index)? else {
        return Err(kind("index"));
    };
    let (mut id_values, mut index_values, mut levels) = (Vec::new(), Vec::new(), Vec::new());
    let mut rows = 0;
    loop {
        id_values.clear();
        index_values.clear();
        levels.clear();
        let (read, ..) = ids.read_records(STEP, None, None, &mut id_values)?;
        indices.read_records(read, Some(&mut levels), None, &mut index_values)?;
        if read == 0 {
            return Ok(rows);
        }
        let mut known = index_values.iter();
        for (row, id) in id_values.iter().enumerate() {
            let index = if levels.get(row) == Some(&1) { known.next().copied() } else { None };
            each(id.data(), index);
        }
        rows += read as u64;
    }
}
