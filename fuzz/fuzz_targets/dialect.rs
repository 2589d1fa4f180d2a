//! Any text, in the dialect that gives the target its name.
#![no_main]

#[path = "../../tests/probe.rs"]
mod probe;

libfuzzer_sys::fuzz_target!(|text: &[u8]| {
    probe::probe(env!("CARGO_BIN_NAME"), text);
});
