//! A saved assessment, read, written and reported.
#![no_main]

#[path = "../../tests/suite/fuzz/bodies.rs"]
mod bodies;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    bodies::run("saved_assessment", data);
});
