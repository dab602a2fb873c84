//! The assessment as JSON: the format `duly-assessment`, version 1, schema `schemas/assessment.json`.

use std::io::{self, Write};

use crate::assessment::Assessment;

pub(super) fn write(assessment: &Assessment, out: &mut dyn Write) -> io::Result<()> {
    let mut out = io::BufWriter::new(out);
    serde_json::to_writer_pretty(&mut out, assessment)?;
    out.write_all(b"\n")?;
    out.flush()
}
