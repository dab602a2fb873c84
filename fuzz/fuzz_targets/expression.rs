//! A condition of a policy, compiled and evaluated.
#![no_main]

#[path = "../../tests/suite/fuzz/bodies.rs"]
mod bodies;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    bodies::run("expression", data);
});
