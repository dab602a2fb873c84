//! A file of records, read as YAML and as JSON.
#![no_main]

#[path = "../../tests/suite/fuzz/bodies.rs"]
mod bodies;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    bodies::run("yaml_reader", data);
});
