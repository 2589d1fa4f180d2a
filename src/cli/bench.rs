//! `sos bench`: how fast rows of a recipe are made, by stage. Only the last stage uses several threads.

use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::Failure;
use super::load::{self, Loaded};
use crate::arena::Scratch;
use crate::check::{LazyFacts, Request};
use crate::record::{Dataset, WorkerBuffers};
use crate::table::Rows;
use crate::trace::Trace;

/// `sos bench`
#[derive(clap::Args)]
pub struct Arguments {
    /// A recipe (TOML)
    recipe: PathBuf,
    /// How long each stage is measured
    #[arg(long, default_value_t = 2.0)]
    seconds: f64,
    /// Threads of the last stage, whole rows
    #[arg(long, default_value_t = 1)]
    threads: u64,
}

/// The work of a stage.
#[derive(Clone, Copy, Default)]
struct Throughput {
    items: u64,
    nodes: u64,
    bytes: u64,
}

struct Measure<'a> {
    arguments: &'a Arguments,
    loaded: Loaded,
}

/// Repeats `each` until the time is over.
fn measure(seconds: f64, mut each: impl FnMut(u64, &mut Throughput)) -> (Throughput, Duration) {
    let (mut throughput, start) = (Throughput::default(), Instant::now());
    let mut index = 0;
    while start.elapsed().as_secs_f64() < seconds {
        for _ in 0..16 {
            each(index, &mut throughput);
            index += 1;
        }
    }
    (throughput, start.elapsed())
}

impl Measure<'_> {
    fn run(self) -> Result<(), Failure> {
        let Arguments { seconds, threads, .. } = self.arguments;
        let wrong = |error: &dyn std::fmt::Display| self.loaded.wrong(error);
        let mut dataset = Dataset::new(self.loaded.recipe.clone()).map_err(|error| wrong(&error))?;
        let split = (0..dataset.splits().len()).max_by_key(|&split| dataset.asked_for(split)).unwrap_or(0);
        dataset.ask_for(split, 1);
        dataset.prepare_split(split).map_err(|error| wrong(&error))?;
        let dataset = dataset;
        let capacity = dataset.prepare_split(split).map_err(|error| wrong(&error))?.capacity();
        let rows = u64::try_from(capacity).unwrap_or(u64::MAX);
        let mut out = std::io::stdout().lock();
        writeln!(out, "{:<12} {:>12} {:>14} {:>12}", "stage", "items/s", "nodes/s", "MB/s")?;
        let mut show = |stage: &str, (throughput, time): (Throughput, Duration)| {
            let per_second = |n: u64| n as f64 / time.as_secs_f64();
            writeln!(
                out,
                "{stage:<12} {:>12.0} {:>14.0} {:>12.1}",
                per_second(throughput.items),
                per_second(throughput.nodes),
                per_second(throughput.bytes) / 1e6
            )
        };
        let mut buffers = WorkerBuffers::default();
        show(
            "puzzle",
            measure(*seconds, |index, throughput| {
                throughput.items += u64::from(dataset.puzzle(split, index % rows, &mut buffers).is_ok());
            }),
        )?;
        let episodes: Vec<_> =
            (0..rows.min(256)).filter_map(|index| dataset.episode(split, index, &mut buffers).ok()).collect();
        if episodes.is_empty() {
            return Err(Failure::Request("no row could be made".into()));
        }
        let episode = |index: u64| &episodes[index as usize % episodes.len()];
        show(
            "twin",
            measure(*seconds, |index, throughput| {
                let puzzle = &episode(index).proven.puzzle;
                std::hint::black_box((puzzle.twin(), puzzle.ground()));
                throughput.items += 1;
            }),
        )?;
        let (mut trace, mut scratch) = (Trace::default(), Scratch::default());
        show(
            "search",
            measure(*seconds, |index, throughput| {
                let episode = episode(index);
                let mut draw = episode.search_draw.clone();
                dataset.searches[episode.search].1.run(
                    &episode.proven.puzzle,
                    &mut draw,
                    None,
                    &mut trace,
                    &mut scratch,
                );
                throughput.items += 1;
                throughput.nodes += trace.nodes.len() as u64;
            }),
        )?;
        let mut text = Vec::new();
        show(
            "render",
            measure(*seconds, |index, throughput| {
                let episode = episode(index);
                text.clear();
                (dataset.dialect.write)(&episode.proven.puzzle, &episode.trace, episode.phrasing, &mut text);
                throughput.items += 1;
                throughput.nodes += episode.trace.nodes.len() as u64;
                throughput.bytes += text.len() as u64;
            }),
        )?;
        let texts: Vec<Vec<u8>> = episodes
            .iter()
            .map(|episode| {
                let mut text = Vec::new();
                (dataset.dialect.write)(&episode.proven.puzzle, &episode.trace, episode.phrasing, &mut text);
                text
            })
            .collect();
        show(
            "parse",
            measure(*seconds, |index, throughput| {
                let at = index as usize % texts.len();
                let parsed = (dataset.dialect.parse)(&episodes[at].proven.puzzle, &texts[at]);
                throughput.items += 1;
                throughput.nodes += parsed.trace.nodes.len() as u64;
                throughput.bytes += texts[at].len() as u64;
            }),
        )?;
        show(
            "check",
            measure(*seconds, |index, throughput| {
                let at = index as usize % texts.len();
                let puzzle = &episodes[at].proven.puzzle;
                let parsed = (dataset.dialect.parse)(puzzle, &texts[at]);
                crate::check::check(
                    puzzle,
                    &LazyFacts::known(puzzle, episodes[at].proven.facts),
                    &parsed,
                    Request::default(),
                );
                throughput.items += 1;
                throughput.nodes += parsed.trace.nodes.len() as u64;
                throughput.bytes += texts[at].len() as u64;
            }),
        )?;
        let dataset = &dataset;
        let each_thread = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..*threads)
                .map(|thread| {
                    scope.spawn(move || {
                        let mut buffers = WorkerBuffers::default();
                        let mut batches = dataset.batches();
                        measure(*seconds, |index, throughput| {
                            batches.iter_mut().for_each(Rows::clear);
                            let made =
                                dataset.rows(split, (index * threads + thread) % rows, &mut buffers, &mut batches);
                            throughput.items += u64::from(made.is_ok());
                            throughput.nodes += made.map_or(0, |episode| episode.trace.nodes.len() as u64);
                            throughput.bytes += batches.iter().map(|rows| rows.byte_len() as u64).sum::<u64>();
                        })
                    })
                })
                .collect();
            threads.into_iter().filter_map(|thread| thread.join().ok()).collect::<Vec<_>>()
        });
        let total =
            each_thread.iter().fold((Throughput::default(), Duration::ZERO), |(sum, longest), (throughput, time)| {
                let sum = Throughput {
                    items: sum.items + throughput.items,
                    nodes: sum.nodes + throughput.nodes,
                    bytes: sum.bytes + throughput.bytes,
                };
                (sum, longest.max(*time))
            });
        show("rows", total)?;
        Ok(())
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
    let loaded = load::recipe(&arguments.recipe, None, &[])?;
    Measure { arguments, loaded }.run()
}
