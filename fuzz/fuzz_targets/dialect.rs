//! Any text in the dialect that the target is named after.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &[u8]| {
    stream_of_search::dialect::probe::probe(env!("CARGO_BIN_NAME"), text);
});
