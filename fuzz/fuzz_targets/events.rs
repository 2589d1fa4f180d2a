#![no_main]

libfuzzer_sys::fuzz_target!(|text: &[u8]| {
    stream_of_search::dialect::probe::probe("events", text);
});
