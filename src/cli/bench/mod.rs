//! `sos bench`: how fast rows of a recipe are made, by stage. Each stage is measured several times. Only the last stage uses several threads.

mod report;

use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::Failure;
use super::load;
use super::progress::Ticker;
use crate::arena::Scratch;
use crate::check::{LazyFacts, Request};
use crate::recipe::load::Loaded;
use crate::record::{Dataset, Datasets, Episode, WorkerBuffers};
use crate::table::{Column, RowSource, Rows};
use crate::trace::Trace;
use report::{Machine, Measured, Report, Spread, Stage};

/// `sos bench`
#[derive(clap::Args)]
pub struct Arguments {
    #[arg(required = true, help = load::RECIPE)]
    recipes: Vec<PathBuf>,
    /// How long each stage is measured, all its runs together
    #[arg(long, default_value_t = 2.0)]
    seconds: f64,
    /// How often each stage is measured
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Threads of the last stage, whole rows
    #[arg(long, default_value_t = 1)]
    threads: u64,
    /// Prints JSON in the place of tables
    #[arg(long)]
    json: bool,
    /// Keeps the measurement for a later --compare: under a name, in the folder .sos-bench here, or in a file (with a `/` or a `.` in its name)
    #[arg(long, value_name = "NAME")]
    save: Option<PathBuf>,
    /// Puts the measurement beside an earlier one that --save kept
    #[arg(long, value_name = "NAME")]
    compare: Option<PathBuf>,
    /// No progress on standard error
    #[arg(short, long)]
    quiet: bool,
}

/// The work of a run.
#[derive(Clone, Copy, Default)]
struct Work {
    items: u64,
    nodes: u64,
    tokens: u64,
    bytes: u64,
}

/// The work of a second.
type Rates = [f64; 4];

fn rates(work: Work, time: Duration) -> Rates {
    [work.items, work.nodes, work.tokens, work.bytes].map(|count| count as f64 / time.as_secs_f64())
}

/// Repeats `each` until the time is over.
fn measure(seconds: f64, mut each: impl FnMut(u64, &mut Work)) -> Rates {
    let (mut work, start) = (Work::default(), Instant::now());
    let mut index = 0;
    while start.elapsed().as_secs_f64() < seconds {
        for _ in 0..16 {
            each(index, &mut work);
            index += 1;
        }
    }
    rates(work, start.elapsed())
}

fn stage(name: &str, runs: &[Rates]) -> Stage {
    let spread = |place: usize| Spread::of(runs.iter().map(|rates| rates[place]).collect());
    let (nodes, tokens, bytes) = (spread(1), spread(2), spread(3));
    Stage { stage: name.into(), items: spread(0).unwrap_or_default(), nodes, tokens, bytes, ..Stage::default() }
}

/// A dataset and its largest split, ready for rows.
struct Prepared {
    dataset: Datasets,
    split: usize,
    rows: u64,
}

fn prepare(loaded: &Loaded) -> Result<Prepared, Failure> {
    let wrong = |error: &dyn std::fmt::Display| loaded.wrong(error);
    let mut dataset = Datasets::new(loaded.recipe.clone()).map_err(|error| wrong(&error))?;
    let split = (0..dataset.splits().len()).max_by_key(|&split| dataset.asked_for(split)).unwrap_or(0);
    dataset.ask_for(split, 1);
    dataset.prepare_split(split).map_err(|error| wrong(&error))?;
    let rows = u64::try_from(dataset.capacity(split)).unwrap_or(u64::MAX).max(1);
    Ok(Prepared { dataset, split, rows })
}

struct Bench<'a> {
    arguments: &'a Arguments,
    loaded: &'a Loaded,
    ticker: &'a Ticker,
    stages: Vec<Stage>,
}

impl Bench<'_> {
    /// Measures a stage as often as is asked for.
    fn stage(&mut self, name: &str, mut each: impl FnMut(u64, &mut Work)) -> f64 {
        let Arguments { seconds, runs, .. } = self.arguments;
        let rates: Vec<Rates> = (0..*runs).map(|_| measure(seconds / *runs as f64, &mut each)).collect();
        self.add(stage(name, &rates))
    }

    /// Keeps a stage. Gives the seconds of an item.
    fn add(&mut self, stage: Stage) -> f64 {
        let time = 1.0 / stage.items.median;
        self.stages.push(stage);
        self.ticker.advance(1);
        time
    }

    fn run(mut self) -> Result<Measured, Failure> {
        let prepared = prepare(self.loaded)?;
        let Prepared { dataset, split, rows } = &prepared;
        let (split, rows) = (*split, *rows);
        let mut buffers = dataset.scratch();
        self.stage("puzzle", |index, work| {
            let (own, part, row) = dataset.at(split, index % rows);
            work.items += u64::from(own.puzzle(split, row, &mut buffers[part]).is_ok());
        });
        let mut made = |index: u64| {
            let (own, part, row) = dataset.at(split, index);
            Some((own, own.episode(split, row, &mut buffers[part]).ok()?))
        };
        let episodes: Vec<(&Dataset, Episode)> = (0..rows.min(256)).filter_map(&mut made).collect();
        if episodes.is_empty() {
            return Err(Failure::Request("no row could be made".into()));
        }
        let episode = |index: u64| &episodes[index as usize % episodes.len()].1;
        self.stage("twin", |index, work| {
            let puzzle = &episode(index).proven.puzzle;
            std::hint::black_box((puzzle.twin(), puzzle.ground()));
            work.items += 1;
        });
        self.texts(&episodes);
        let alone = self.stage("puzzle and search", |index, work| {
            let made = made(index % rows);
            work.items += u64::from(made.is_some());
            work.nodes += made.map_or(0, |(_, episode)| episode.trace.nodes.len() as u64);
        });
        let first = self.stages.len() - 1;
        self.configs(alone)?;
        let last = self.stages.len();
        self.rows(&prepared);
        // A row has its puzzle and search once, and what each config adds to them.
        let all: f64 = alone + self.stages[first + 1..last].iter().filter_map(|stage| stage.share).sum::<f64>();
        for (place, stage) in self.stages[first..last].iter_mut().enumerate() {
            let time = if place == 0 { alone } else { stage.share.unwrap_or(0.0) };
            stage.share = Some(100.0 * time / all);
        }
        let about = dataset.about();
        Ok(Measured {
            recipe: self.loaded.recipe.name.clone(),
            recipe_blake3: blake3::hash(about.recipe.as_bytes()).to_string(),
            versions: about.versions,
            stages: self.stages,
        })
    }

    /// The stages of a trace and its text.
    fn texts(&mut self, episodes: &[(&Dataset, Episode)]) {
        let at = |index: u64| index as usize % episodes.len();
        let (mut trace, mut scratch) = (Trace::default(), Scratch::default());
        self.stage("search", |index, work| {
            let (dataset, episode) = &episodes[at(index)];
            let mut draw = episode.search_draw.clone();
            let search = &dataset.searches[episode.search].1;
            search.run(&episode.proven.puzzle, &mut draw, None, &mut trace, &mut scratch);
            work.items += 1;
            work.nodes += trace.nodes.len() as u64;
        });
        let write = |(dataset, episode): &(&Dataset, Episode), text: &mut Vec<u8>| {
            (dataset.dialect.write)(&episode.proven.puzzle, &episode.trace, episode.phrasing, text);
        };
        let texts: Vec<Vec<u8>> = episodes
            .iter()
            .map(|episode| {
                let mut text = Vec::new();
                write(episode, &mut text);
                text
            })
            .collect();
        let words: Vec<u64> = texts.iter().map(|text| text.split(u8::is_ascii_whitespace).count() as u64).collect();
        let count = |index: u64, work: &mut Work| {
            let at = at(index);
            work.items += 1;
            work.nodes += episodes[at].1.trace.nodes.len() as u64;
            work.tokens += words[at];
            work.bytes += texts[at].len() as u64;
        };
        let mut text = Vec::new();
        self.stage("render", |index, work| {
            text.clear();
            write(&episodes[at(index)], &mut text);
            count(index, work);
        });
        self.stage("parse", |index, work| {
            let at = at(index);
            let (dataset, episode) = &episodes[at];
            std::hint::black_box((dataset.dialect.parse)(&episode.proven.puzzle, &texts[at]));
            count(index, work);
        });
        self.stage("check", |index, work| {
            let (dataset, Episode { proven, .. }) = &episodes[at(index)];
            let parsed = (dataset.dialect.parse)(&proven.puzzle, &texts[at(index)]);
            let facts = LazyFacts::known(&proven.puzzle, proven.facts);
            crate::check::check(&proven.puzzle, &facts, &parsed, Request::default());
            count(index, work);
        });
    }

    /// Each record config alone. Its share is, for now, the seconds that it adds to those of puzzle and search.
    fn configs(&mut self, alone: f64) -> Result<(), Failure> {
        for record in &self.loaded.recipe.records {
            let mut loaded = self.loaded.clone();
            loaded.recipe.records = vec![record.clone()];
            let prepared = prepare(&loaded)?;
            let (mut buffers, mut batches) = (prepared.dataset.scratch(), prepared.dataset.batches());
            let time = self.stage(&format!("config {}", record.folder()), |index, work| {
                whole_row(&prepared, index, &mut buffers, &mut batches, work);
            });
            if let Some(stage) = self.stages.last_mut() {
                stage.share = Some((time - alone).max(0.0));
            }
        }
        Ok(())
    }

    /// Whole rows, in all threads; per core.
    fn rows(&mut self, prepared: &Prepared) {
        let Arguments { seconds, runs, threads, .. } = self.arguments;
        let run = |_| -> Rates {
            let each_thread = std::thread::scope(|scope| {
                let threads: Vec<_> = (0..*threads)
                    .map(|thread| {
                        scope.spawn(move || {
                            let (mut buffers, mut batches) = (prepared.dataset.scratch(), prepared.dataset.batches());
                            measure(seconds / *runs as f64, |index, work| {
                                whole_row(prepared, index * threads + thread, &mut buffers, &mut batches, work);
                            })
                        })
                    })
                    .collect();
                threads.into_iter().filter_map(|thread| thread.join().ok()).collect::<Vec<Rates>>()
            });
            let mean = |place: usize| each_thread.iter().map(|rates| rates[place]).sum::<f64>() / *threads as f64;
            [mean(0), mean(1), mean(2), mean(3)]
        };
        let rates: Vec<Rates> = (0..*runs).map(run).collect();
        self.add(stage("rows", &rates));
    }
}

/// Makes the rows of an index, in all configs.
fn whole_row(prepared: &Prepared, index: u64, buffers: &mut [WorkerBuffers], batches: &mut [Rows], work: &mut Work) {
    batches.iter_mut().for_each(Rows::clear);
    let made = prepared.dataset.rows(prepared.split, index % prepared.rows, buffers, batches);
    work.items += u64::from(made.is_ok());
    work.nodes += made.map_or(0, |episode| episode.trace.nodes.len() as u64);
    for rows in batches.iter() {
        let columns = rows.schema().iter().zip(rows.columns());
        work.tokens += columns
            .filter(|(column, _)| column.name == "tokens")
            .map(|(_, column)| match column {
                Column::Integer(values) => values.iter().flatten().sum::<i64>().unsigned_abs(),
                _ => 0,
            })
            .sum::<u64>();
        work.bytes += rows.byte_len() as u64;
    }
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    if !(arguments.seconds > 0.0 && arguments.seconds <= 3600.0) {
        return Err(Failure::Request(format!(
            "--seconds: found {}; allowed: over 0 and up to 3600",
            arguments.seconds
        )));
    }
    if !(1..=1024).contains(&arguments.threads) {
        return Err(Failure::Request(format!("--threads: found {}; allowed: 1 to 1024", arguments.threads)));
    }
    if !(1..=1000).contains(&arguments.runs) {
        return Err(Failure::Request(format!("--runs: found {}; allowed: 1 to 1000", arguments.runs)));
    }
    let earlier = arguments.compare.as_deref().map(Report::read).transpose()?;
    let loaded: Vec<Loaded> =
        arguments.recipes.iter().map(|path| load::recipe(path, None, &[])).collect::<Result<_, _>>()?;
    let stages: usize = loaded.iter().map(|loaded| 8 + loaded.recipe.records.len()).sum();
    let ticker = Ticker::new("stages", Some(stages as u64), arguments.quiet);
    let mut recipes = Vec::new();
    for loaded in &loaded {
        recipes.push(Bench { arguments, loaded, ticker: &ticker, stages: Vec::new() }.run()?);
    }
    drop(ticker);
    let build = if cfg!(debug_assertions) { ", a build for debugging" } else { "" };
    let mut report = Report {
        program: format!("stream-of-search {}{build}", env!("CARGO_PKG_VERSION")),
        machine: Machine::here(),
        runs: arguments.runs,
        threads: arguments.threads,
        recipes,
    };
    if let Some(name) = &arguments.save {
        let file = report.save(name)?;
        eprintln!("--save: {}", file.display());
    }
    if let Some(earlier) = &earlier {
        for difference in report.compare(earlier) {
            eprintln!("--compare: {difference}");
        }
    }
    let mut out = std::io::stdout().lock();
    match arguments.json {
        true => writeln!(out, "{}", serde_json::to_string_pretty(&report).unwrap_or_default())?,
        false => report.table(&mut out)?,
    }
    Ok(())
}
