//! Texts of records and policies in every report.
#![no_main]

#[path = "../../tests/suite/fuzz/bodies.rs"]
mod bodies;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    bodies::run("report_markup", data);
});
