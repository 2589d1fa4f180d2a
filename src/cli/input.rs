//! The options of commands that read rows.

use std::sync::atomic::AtomicBool;

use super::Failure;
use super::progress::Ticker;
use crate::generate::Silent;
use crate::rows::{RowsError, Workers, nothing};

/// How a command works through rows.
#[derive(clap::Args)]
pub struct Running {
    /// Worker threads; all processors by default. The output does not depend on it
    #[arg(long)]
    threads: Option<usize>,
    /// No progress on standard error
    #[arg(short, long)]
    quiet: bool,
}

/// An interrupt ends the process, so nothing stops the work within it.
static GOES_ON: AtomicBool = AtomicBool::new(false);

impl Running {
    /// Number of worker threads.
    pub fn threads(&self) -> Result<usize, Failure> {
        match self.threads {
            Some(0) => Err(Failure::Request("--threads: found 0; allowed: 1 and more".into())),
            Some(threads) => Ok(threads),
            None => Ok(crate::generate::GenerateOptions::default().threads),
        }
    }

    /// The progress of some work, in rows.
    pub fn ticker(&self) -> Ticker {
        Ticker::new("rows", None, self.quiet)
    }

    /// The threads for some work, and its progress.
    pub fn workers<'a>(&self, ticker: &'a Ticker) -> Result<Workers<'a>, Failure> {
        Ok(Workers { threads: self.threads()?, progress: ticker, stop: &GOES_ON, hold: &nothing })
    }
}

/// One thread, without progress.
pub fn alone() -> Workers<'static> {
    Workers { threads: 1, progress: &Silent, stop: &GOES_ON, hold: &nothing }
}

impl From<RowsError> for Failure {
    fn from(error: RowsError) -> Self {
        match error.is_request() {
            true => Failure::Request(error.to_string()),
            false => Failure::System(error.to_string()),
        }
    }
}
