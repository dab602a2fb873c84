//! A saved assessment, read, written and reported.
#![no_main]

#[allow(dead_code)]
#[path = "../../tests/suite/fuzz/bodies.rs"]
mod bodies;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    bodies::saved_assessment(data);
});
