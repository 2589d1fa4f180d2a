//! Tests of the number of rows in a file.

use super::fake::{Fake, options, run};
use crate::generate::{DEFAULT_ROWS_PER_FILE, round, rows_per_file};
use crate::sink::Format;

#[test]
fn files_of_large_rows_have_fewer_rows() {
    let folder = tempfile::tempdir().unwrap();
    let of = |size: usize| rows_per_file(&Fake { size, ..Fake::new() }, folder.path(), false).unwrap();
    assert_eq!(of(300), DEFAULT_ROWS_PER_FILE);
    // 400 MB of rows of 100 kB are 4,000 rows.
    assert_eq!((of(100_000), of(600_000)), (2_000, 500));
    // A job keeps its number, unless it is replaced.
    let source = Fake::new();
    run(&source, folder.path(), &options(Format::JsonLines)).unwrap();
    assert_eq!(rows_per_file(&source, folder.path(), false).unwrap(), 150);
    assert_eq!(rows_per_file(&source, folder.path(), true).unwrap(), DEFAULT_ROWS_PER_FILE);
}

#[test]
fn numbers_are_rounded_down() {
    for (number, rounded) in
        [(1, 1), (4, 2), (9, 5), (10, 10), (49_999, 20_000), (50_000, 50_000), (u64::MAX, 10_000_000_000_000_000_000)]
    {
        assert_eq!(round(number), rounded, "{number}");
    }
}
