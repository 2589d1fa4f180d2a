//! The command line. Data goes to standard output, messages to standard error. Exit status: 0 no problem, 1 the checked data was bad, 2 the request was
//! wrong, 3 the system failed.

mod audit;
mod bench;
mod check;
mod cues;
mod dataset;
mod estimate;
mod export;
mod finalize;
mod fresh;
mod generate;
mod groups;
mod import;
mod input;
mod interrupt;
mod lines;
mod list;
mod load;
mod merge;
mod output;
mod pack;
mod progress;
mod recipe;
mod reproduce;
mod sample;
mod score;
mod select;
mod settings;
mod stats;
mod survey;
mod trace;
mod view;
mod vocabulary;

pub use view::write_page;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use interrupt::Kept;

/// What an exit status means, for help texts.
const EXIT_CODES: &str = "Exit status: 0 fine; 1 the data that was checked is bad; 2 the request was wrong, or nothing could be read; 3 the system failed, or \
                          the run was interrupted; 130 a command that reads rows was interrupted. Data goes to standard output, messages to standard error.";

/// The form of a request, for help texts.
const REQUESTS: &str = r#"A row is an object, one a line:
  trace           {"env": "countdown", "puzzle": {"numbers": [3, 5, 7], "target": 22}, "search": {"kind": "dfs"}, "dialect": "compact"}
                  optional: "seed", "phrasing" (prose), "answer" (true: with an answer section)
  check, score, select
                  {"env": …, "puzzle": …, "dialect": …, "text": …}, or "prompt" and "completion"; a row of a dataset; what trace answers
                  check, optional: "level" (format, transition, bookkeeping, claim, policy), "search" (for policy), "answer", "exact", "compat"
  Fields of your own come back in the answer, "id" too.

Exit status: 0 fine; 1 a text is bad or a line could not be checked (check alone); 2 the request was wrong, or no row could be read (trace: some row); 3 the system failed."#;

/// Deterministic search traces for training language models.
#[derive(Parser)]
#[command(name = "sos", version, about, long_about = None, after_help = EXIT_CODES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// A list of words of one's own for word ladders, a word a line; may be given several times
    #[arg(long, global = true, value_name = "FILE")]
    words: Vec<PathBuf>,
}

/// Loads the lists of words, so that puzzles that name them by their hash can be read.
fn load_words(files: &[PathBuf]) -> Result<(), Failure> {
    files.iter().try_for_each(|file| {
        let shown = file.display();
        let text = std::fs::read_to_string(file).map_err(|error| Failure::System(format!("{shown}: {error}")))?;
        sos_envs::word_ladder::load(&text).map(drop).map_err(|error| Failure::Request(format!("{shown}: {error}")))
    })
}

#[derive(Subcommand)]
enum Command {
    /// Generate a dataset from a recipe; resumes where DIR holds part of the same job
    Generate(generate::Arguments),
    /// Finish a dataset whose shards were made apart: check that all files are there and whole, and write manifest and card
    Finalize(finalize::Arguments),
    /// Print one record of a recipe, as JSON
    Sample(sample::Arguments),
    /// Run searches: JSON Lines in, one request a line; JSON Lines out. A search ends after 100,000 nodes or 2 MiB of text unless its `max_nodes` and `max_bytes` say
    /// otherwise
    #[command(after_help = REQUESTS)]
    Trace(trace::Arguments),
    /// Check texts: JSON Lines in, or a dataset folder; verdicts as JSON Lines out, for a folder a summary. A bad line gets an error
    /// object, never ends the run
    #[command(after_help = REQUESTS)]
    Check(check::Arguments),
    /// Reproduce a paper's data set byte for byte
    Reproduce(reproduce::Arguments),
    /// Read puzzles in the formats that people have them in; JSON Lines of id, environment and puzzle out. An entry that is no puzzle is reported and left out
    Import(import::Arguments),
    /// Write puzzles in a format that is a standard: JSON Lines with `puzzle` in. A row that the format has no text for is reported and left out
    Export(export::Arguments),
    /// List environments, searches, dialects, records, corruptions, mixtures, formats and ready recipes
    List(list::Arguments),
    /// Print a ready recipe, to change it
    Recipe(recipe::Arguments),
    /// Measure how fast a recipe is made, by stage
    Bench(bench::Arguments),
    /// Measure every environment at every level: size of the space, duplicates, rows a second, lengths; a table
    Survey(survey::Arguments),
    /// Check a dataset folder: manifest, checksums, counts, duplicates, leaks between splits, cues that tell labels; or count what the splits of recipes
    /// share
    Audit(audit::Arguments),
    /// Measure whether anything but its content tells the label of a row: the simplest classifiers, of one feature each, on a dataset folder or on the
    /// rows of a recipe
    Cues(cues::Arguments),
    /// Score what models wrote: JSON Lines in, rows of one puzzle in succession; a table of shares, errors and pass at k out
    #[command(after_help = REQUESTS)]
    Score(score::Arguments),
    /// Choose among the rollouts of each puzzle: JSON Lines in, rows of one puzzle in succession; the same rows out, each with whether it is kept and why
    #[command(after_help = REQUESTS)]
    Select(select::Arguments),
    /// Make the arms of an experiment equal, in rows, words or tokens, by leaving out, by further rows, by repeating or by filling; says exactly what it did
    Pack(pack::Arguments),
    /// Put datasets with the same record configs into one; refuses where a puzzle would be in two splits
    Merge(merge::Arguments),
    /// Count what a dataset folder holds: lengths, outcomes, error classes, difficulty, vocabulary, duplicates and leaks
    Stats(stats::Arguments),
    /// Write the vocabulary of a dialect as tokenizer.json and tokenizer_config.json, which AutoTokenizer loads
    Vocabulary(vocabulary::Arguments),
    /// Look at rows in a browser: those of a recipe, of a dataset, or of a file of what models wrote; or write them into one HTML file
    View(view::Arguments),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print a manual page, for man
    Man {
        /// The command that it is about; sos itself by default
        command: Option<String>,
    },
}

/// Why a command failed.
enum Failure {
    /// The checked data was bad. The command has already printed the details.
    BadData,
    /// The request was wrong.
    Request(String),
    /// The system failed.
    System(String),
    /// The reader of standard output closed it.
    ClosedPipe,
}

/// Errors of standard output. Other places convert their errors themselves.
impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind::{BrokenPipe, StorageFull};
        match error.kind() {
            BrokenPipe => Failure::ClosedPipe,
            StorageFull => Failure::System(format!("standard output: {error}; free some space, or send it elsewhere")),
            _ => Failure::System(format!("standard output: {error}; send it elsewhere")),
        }
    }
}

/// Runs the program on its command line.
pub fn main() -> ExitCode {
    ExitCode::from(run_with(std::env::args_os()))
}

/// Runs the program on a command line, its name first, and gives its exit status. A command line that is wrong, or asks for help, ends the process.
pub fn run_with(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let arguments = Arguments::parse_from(arguments);
    let result = load_words(&arguments.words).and_then(|()| run(arguments.command));
    match result {
        Ok(()) | Err(Failure::ClosedPipe) => 0,
        Err(Failure::BadData) => 1,
        Err(Failure::Request(message)) => {
            eprintln!("sos: {message}");
            2
        }
        Err(Failure::System(message)) => {
            eprintln!("sos: {message}");
            3
        }
    }
}

/// What a command that reads rows leaves when it is interrupted.
fn kept(command: &Command) -> Option<Kept> {
    Some(match command {
        Command::Trace(_) | Command::Check(_) => Kept::Answers,
        Command::Score(_) | Command::Select(_) => Kept::Groups,
        Command::Audit(_) | Command::Cues(_) | Command::Stats(_) => Kept::Nothing,
        Command::Pack(arguments) => Kept::Folder(arguments.out().to_path_buf()),
        Command::Merge(arguments) => Kept::Folder(arguments.out().to_path_buf()),
        _ => return None,
    })
}

fn run(command: Command) -> Result<(), Failure> {
    kept(&command).map_or(Ok(()), interrupt::listen)?;
    match command {
        Command::Generate(arguments) => generate::run(&arguments),
        Command::Finalize(arguments) => finalize::run(&arguments),
        Command::Sample(arguments) => sample::run(&arguments),
        Command::Trace(arguments) => trace::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Reproduce(arguments) => reproduce::run(&arguments),
        Command::Import(arguments) => import::run(&arguments),
        Command::Export(arguments) => export::run(&arguments),
        Command::List(arguments) => list::run(&arguments),
        Command::Recipe(arguments) => recipe::run(&arguments),
        Command::Bench(arguments) => bench::run(&arguments),
        Command::Survey(arguments) => survey::run(&arguments),
        Command::Audit(arguments) => audit::run(&arguments),
        Command::Cues(arguments) => cues::run(&arguments),
        Command::Score(arguments) => score::run(&arguments),
        Command::Select(arguments) => select::run(&arguments),
        Command::Pack(arguments) => pack::run(&arguments),
        Command::Merge(arguments) => merge::run(&arguments),
        Command::Stats(arguments) => stats::run(&arguments),
        Command::Vocabulary(arguments) => vocabulary::run(&arguments),
        Command::View(arguments) => view::run(&arguments),
        Command::Completions { shell } => completions(shell),
        Command::Man { command } => manual(command.as_deref()),
    }
}

/// Prints a manual page.
fn manual(command: Option<&str>) -> Result<(), Failure> {
    use std::io::Write;
    let mut sos = Arguments::command();
    sos.build();
    let page = match command {
        None => sos,
        Some(name) => match sos.find_subcommand(name) {
            Some(command) => command.clone().display_name(format!("sos-{name}")),
            None => {
                let names: Vec<&str> = sos.get_subcommands().map(clap::Command::get_name).collect();
                let near = crate::names::nearest(name, names.iter().copied());
                let near = near.map(|near| format!("; did you mean \"{near}\"?")).unwrap_or_default();
                let names = names.join(", ");
                return Err(Failure::Request(format!("command: found \"{name}\"; allowed: {names}{near}")));
            }
        },
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(page).render(&mut text)?;
    let mut out = std::io::stdout().lock();
    out.write_all(&text)?;
    Ok(out.flush()?)
}

fn completions(shell: clap_complete::Shell) -> Result<(), Failure> {
    use std::io::Write;
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "sos", &mut script);
    let mut out = std::io::stdout().lock();
    out.write_all(&script)?;
    Ok(out.flush()?)
}
