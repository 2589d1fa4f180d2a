//! Progress on standard error: a bar on a terminal; elsewhere a line every ten seconds.

use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{HumanCount, HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::generate::Progress;

/// Time between two lines where standard error is no terminal.
const PAUSE: Duration = Duration::from_secs(10);

/// The progress of some work.
pub struct Ticker {
    /// The bar counts in any case. It is seen on a terminal only.
    bar: ProgressBar,
    what: &'static str,
    /// When the next line is due; none where no lines are wanted.
    due: Option<Mutex<Instant>>,
}

impl Ticker {
    /// Progress in units such as `rows`, of a total where that is known.
    pub fn new(what: &'static str, total: Option<u64>, quiet: bool) -> Ticker {
        let terminal = std::io::stderr().is_terminal();
        let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(total, target);
        let ticker = Ticker { bar, what, due: (!quiet && !terminal).then(|| Mutex::new(Instant::now() + PAUSE)) };
        ticker.style();
        ticker
    }

    fn style(&self) {
        let style = match self.bar.length() {
            Some(_) => format!("{{bar:40}} {{human_pos}}/{{human_len}} {}, {{per_sec}}, {{eta}} left", self.what),
            None => format!("{{human_pos}} {}, {{per_sec}}", self.what),
        };
        self.bar.set_style(ProgressStyle::with_template(&style).unwrap_or_else(|_| ProgressStyle::default_bar()));
    }

    /// Counts what is done.
    pub fn advance(&self, done: u64) {
        self.bar.inc(done);
        let Some(due) = &self.due else { return };
        let mut due = due.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if now >= *due {
            *due = now + PAUSE;
            eprintln!("{}", self.line());
        }
    }

    fn line(&self) -> String {
        let (done, speed) = (HumanCount(self.bar.position()), HumanCount(self.bar.per_sec() as u64));
        match self.bar.length() {
            Some(total) => {
                let left = HumanDuration(self.bar.eta());
                format!("{done} of {} {}, {speed} a second, {left} left", HumanCount(total), self.what)
            }
            None => format!("{done} {}, {speed} a second", self.what),
        }
    }
}

impl Progress for Ticker {
    fn start(&self, rows: u64, there: u64) {
        self.bar.set_length(rows);
        self.bar.set_position(there);
        self.bar.reset_eta();
        self.style();
    }

    fn advance(&self, rows: u64, _bytes: u64) {
        Ticker::advance(self, rows);
    }

    fn repair(&self, file: &str, problem: &str) {
        self.bar.suspend(|| eprintln!("{file}: {problem}; it is made anew"));
    }
}

/// The bar goes when the work is done.
impl Drop for Ticker {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
