//! The stages of a row, one after the other. Run with `cargo bench --bench stages`; with `-- --test` each stage runs once.

use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use sos_envs::About;

use stream_of_search::arena::{Scratch, environment};
use stream_of_search::check::{LazyFacts, Request, check};
use stream_of_search::corrupt::{Corruption, CorruptionConfig, Input, corrupt};
use stream_of_search::dialect::{DialectEntry, dialects};
use stream_of_search::recipe::Recipe;
use stream_of_search::record::{Dataset, Episode, WorkerBuffers};
use stream_of_search::search::{SEARCHES, Search, SearchConfig};
use stream_of_search::sink::{Encoder, FileWriter, Format, SinkError};
use stream_of_search::table::Rows;
use stream_of_search::trace::Trace;

/// Number of rows for the stages after the search.
const ROWS: u64 = 64;

fn recipe() -> Recipe {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("recipes/countdown.toml");
    Recipe::from_toml(&std::fs::read_to_string(path).expect("the ready recipe")).expect("a sound recipe")
}

fn countdown() -> &'static About {
    environment("countdown").expect("a name of the registry").about()
}

fn dataset() -> Dataset {
    let dataset = Dataset::new(recipe()).expect("a recipe that can be followed");
    dataset.prepare().expect("enough puzzles");
    dataset
}

fn train(dataset: &Dataset) -> usize {
    dataset.splits().iter().position(|split| split == "train").expect("a split train")
}

fn episodes(dataset: &Dataset) -> Vec<Episode> {
    let mut buffers = WorkerBuffers::default();
    (0..ROWS).map(|index| dataset.episode(train(dataset), index, &mut buffers).expect("a row")).collect()
}

fn puzzle(criterion: &mut Criterion) {
    let dataset = dataset();
    let (split, mut buffers, mut index) = (train(&dataset), WorkerBuffers::default(), 0);
    criterion.bench_function("puzzle", |bencher| {
        bencher.iter(|| {
            index = (index + 1) % 10_000;
            dataset.puzzle(split, index, &mut buffers).expect("a puzzle")
        });
    });
}

/// Each kind of search with the settings that it needs.
fn search(criterion: &mut Criterion) {
    let dataset = dataset();
    let episodes = episodes(&dataset);
    let (mut trace, mut scratch) = (Trace::default(), Scratch::default());
    let mut group = criterion.benchmark_group("search");
    for entry in SEARCHES.iter().filter(|entry| entry.fits(countdown()).is_ok()) {
        let mut settings = serde_json::json!({"kind": entry.name});
        for (field, needed) in entry.settings() {
            match field {
                "heuristic" if needed => settings[field] = "sum".into(),
                "width" => settings[field] = 3.into(),
                "weight_percent" => settings[field] = 150.into(),
                _ => {}
            }
        }
        let config: SearchConfig = serde_json::from_value(settings).expect("settings");
        let search = Search::new(countdown(), &config).expect("a search");
        group.bench_function(entry.name, |bencher| {
            let mut place = 0;
            bencher.iter(|| {
                place = (place + 1) % episodes.len();
                let episode = &episodes[place];
                search.run(&episode.proven.puzzle, &mut episode.search_draw.clone(), None, &mut trace, &mut scratch)
            });
        });
    }
    group.finish();
}

/// The texts of all rows in a dialect.
fn texts(dialect: &DialectEntry, episodes: &[Episode]) -> Vec<Vec<u8>> {
    let write = |episode: &Episode| {
        let mut text = Vec::new();
        (dialect.write)(&episode.proven.puzzle, &episode.trace, episode.phrasing, &mut text);
        text
    };
    episodes.iter().map(write).collect()
}

fn bytes(texts: &[Vec<u8>]) -> Throughput {
    Throughput::Bytes(texts.iter().map(|text| text.len() as u64).sum())
}

fn dialect_stages(criterion: &mut Criterion) {
    let dataset = dataset();
    let episodes = episodes(&dataset);
    for dialect in dialects(countdown()) {
        let texts = texts(&dialect, &episodes);
        let rows = || episodes.iter().zip(&texts);
        let mut group = criterion.benchmark_group("dialect");
        group.throughput(bytes(&texts));
        let mut out = Vec::new();
        group.bench_function(BenchmarkId::new("render", dialect.name), |bencher| {
            bencher.iter(|| {
                for episode in &episodes {
                    out.clear();
                    (dialect.write)(&episode.proven.puzzle, &episode.trace, episode.phrasing, &mut out);
                    black_box(&out);
                }
            });
        });
        group.bench_function(BenchmarkId::new("parse", dialect.name), |bencher| {
            bencher.iter(|| {
                rows().for_each(|(episode, text)| drop(black_box((dialect.parse)(&episode.proven.puzzle, text))))
            });
        });
        let parsed: Vec<_> = rows().map(|(episode, text)| (dialect.parse)(&episode.proven.puzzle, text)).collect();
        group.bench_function(BenchmarkId::new("check", dialect.name), |bencher| {
            bencher.iter(|| {
                for (episode, parsed) in episodes.iter().zip(&parsed) {
                    let facts = LazyFacts::known(&episode.proven.puzzle, episode.proven.facts);
                    black_box(check(&episode.proven.puzzle, &facts, parsed, Request::default()));
                }
            });
        });
        group.finish();
    }
}

/// One defect in each trace, by the recipe's own mix: plant, write, read back and prove.
fn corruption(criterion: &mut Criterion) {
    let dataset = dataset();
    let episodes = episodes(&dataset);
    let table = dataset
        .recipe
        .records
        .iter()
        .find_map(|record| record.settings.get("corruption").cloned())
        .expect("a mix of corruptions");
    let config: CorruptionConfig = table.try_into().expect("a sound mix");
    let corruption = Corruption::new(&config).expect("known kinds");
    let (mut scratch, mut text, mut index) = (Scratch::default(), Vec::new(), 0);
    criterion.bench_function("corrupt", |bencher| {
        bencher.iter(|| {
            index = (index + 1) % episodes.len();
            let episode = &episodes[index];
            let facts = LazyFacts::known(&episode.proven.puzzle, episode.proven.facts);
            let input = Input {
                puzzle: &episode.proven.puzzle,
                facts: &facts,
                trace: &episode.trace,
                search: &dataset.searches[episode.search].1,
                search_draw: &episode.search_draw,
                dialect: &dataset.dialect,
                phrasing: episode.phrasing,
                donor: None,
            };
            text.clear();
            let mut draw = dataset.corruption_draw(episode, "corrupted");
            black_box(corrupt(&input, &corruption, &mut draw, &mut scratch, &mut text).is_ok())
        });
    });
}

/// Encodes a batch of rows and writes it to memory as one file.
fn encode(criterion: &mut Criterion) {
    let dataset = dataset();
    let mut rows: Vec<Rows> = dataset.batches();
    let mut buffers = WorkerBuffers::default();
    for index in 0..ROWS {
        dataset.rows(train(&dataset), index, &mut buffers, &mut rows).expect("rows");
    }
    let mut group = criterion.benchmark_group("encode");
    group.throughput(Throughput::Bytes(rows[0].byte_len() as u64));
    for format in Format::ALL.into_iter().filter(|format| format.is_available()) {
        group.bench_function(format.name(), |bencher| bencher.iter(|| file(format, &rows[0]).expect("a file")));
    }
    group.finish();
}

fn file(format: Format, rows: &Rows) -> Result<Vec<u8>, SinkError> {
    let (mut encoder, mut writer) =
        (Encoder::new(format, rows.schema())?, FileWriter::new(format, rows.schema(), Vec::new())?);
    let pieces = [encoder.push(rows)?, encoder.finish()?];
    pieces.into_iter().flatten().try_for_each(|piece| writer.append(piece))?;
    writer.finish()
}

fn end_to_end(criterion: &mut Criterion) {
    let dataset = dataset();
    let split = train(&dataset);
    let (mut buffers, mut index) = (WorkerBuffers::default(), 0);
    let mut rows: Vec<Rows> = dataset.batches();
    let mut group = criterion.benchmark_group("rows");
    group.throughput(Throughput::Elements(1));
    group.bench_function("all configs of an index", |bencher| {
        bencher.iter(|| {
            rows.iter_mut().for_each(Rows::clear);
            index = (index + 1) % 10_000;
            dataset.rows(split, index, &mut buffers, &mut rows).expect("rows")
        });
    });
    group.finish();
}

criterion_group! {
    name = stages;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
        .without_plots();
    targets = puzzle, search, dialect_stages, corruption, encode, end_to_end
}
criterion_main!(stages);
