//! SIGINT in commands that read rows: what is written stays whole, and a sentence says what is kept and how to go on.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use signal_hook::consts::SIGINT;

use super::Failure;

/// Exit status of a command that SIGINT ended.
const STATUS: i32 = 130;

/// Held while lines are written.
static WRITING: Mutex<()> = Mutex::new(());

/// Number of lines on standard output.
static LINES: AtomicU64 = AtomicU64::new(0);

/// What a command leaves when it is interrupted.
pub enum Kept {
    /// An answer for each row, in their order.
    Answers,
    /// Rows, some groups of them.
    Groups,
    /// Nothing: it writes when it has read everything.
    Nothing,
    /// A part of a folder.
    Folder(PathBuf),
}

impl Kept {
    fn tell(&self, lines: u64) -> String {
        match self {
            Kept::Answers if lines > 0 => {
                format!(
                    "{lines} lines are written, each of them whole; to go on, run the command with the rows behind the first {lines}"
                )
            }
            Kept::Groups if lines > 0 => {
                format!(
                    "{lines} lines are written, each of them whole, for some of the groups; for all of them run the command again"
                )
            }
            Kept::Folder(folder) if folder.exists() => {
                let folder = folder.display();
                format!("{folder} is not complete and has no manifest; delete it, and run the command again")
            }
            _ => "nothing is written; run the command again".into(),
        }
    }
}

/// Waits for SIGINT in a thread of its own. The first one ends the program between two lines, the second at once.
pub fn listen(kept: Kept) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::System(format!("cannot listen to signals: {error}"));
    let once = Arc::new(AtomicBool::new(false));
    signal_hook::flag::register_conditional_shutdown(SIGINT, STATUS, Arc::clone(&once)).map_err(failed)?;
    signal_hook::flag::register(SIGINT, once).map_err(failed)?;
    let mut signals = signal_hook::iterator::Signals::new([SIGINT]).map_err(failed)?;
    let wait = move || {
        if signals.forever().next().is_some() {
            let _whole = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
            eprintln!("sos: interrupted: {}", kept.tell(LINES.load(Ordering::SeqCst)));
            std::process::exit(STATUS);
        }
    };
    std::thread::Builder::new().name("signals".into()).spawn(wait).map(drop).map_err(failed)
}

/// Writes lines that belong together, to the end of the last one.
pub fn whole(lines: usize, write: impl FnOnce() -> Result<(), Failure>) -> Result<(), Failure> {
    let _writing = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    write()?;
    LINES.fetch_add(lines as u64, Ordering::SeqCst);
    Ok(())
}
