//! Catches panics of an environment under test. They go to the report and not to the terminal.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    /// Whether this thread prints no panics.
    static QUIET: Cell<bool> = const { Cell::new(false) };
    /// The message of the last caught panic.
    static LAST: RefCell<String> = const { RefCell::new(String::new()) };
}

static HOOK: Once = Once::new();

/// Runs `work`. If it panics, returns the message and the place of the panic. Panics of other threads are printed as usual.
pub(crate) fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    HOOK.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |info| {
            if QUIET.get() {
                LAST.with_borrow_mut(|last| *last = told(info));
            } else {
                before(info);
            }
        }));
    });
    let was_quiet = QUIET.replace(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    QUIET.set(was_quiet);
    result.map_err(|_| LAST.with_borrow_mut(std::mem::take))
}

fn told(info: &PanicHookInfo<'_>) -> String {
    let payload = info.payload();
    let text = payload.downcast_ref::<&str>().copied();
    let message = text.or(payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("without a message");
    match info.location() {
        Some(place) => format!("{message} ({place})"),
        None => message.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_told_with_its_place() {
        assert_eq!(caught(|| 7), Ok(7));
        let told = caught(|| assert!(caught(|| panic!("inner")).is_ok(), "outer")).unwrap_err();
        assert!(told.starts_with("outer (") && told.contains("quiet.rs:"), "{told}");
    }
}
