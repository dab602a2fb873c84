//! A file of records, read as YAML and as JSON.
#![no_main]

#[allow(dead_code)]
#[path = "../../tests/suite/fuzz/bodies.rs"]
mod bodies;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    bodies::yaml_reader(data);
});
