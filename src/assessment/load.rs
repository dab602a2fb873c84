//! Saved assessments back into data.

use super::{Assessment, FORMAT, VERSION, unassessed};

/// Why a saved assessment cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file is not what it should be.
    #[error("not a duly assessment: {0}")]
    NotAnAssessment(String),
    /// Written by another duly.
    #[error(
        "the assessment has version {found} of its format; this duly reads version {VERSION}: audit the revision again"
    )]
    Version { found: u64 },
}

/// Reads an assessment saved as JSON.
pub fn parse(text: &str) -> Result<Assessment, LoadError> {
    let head: serde_json::Value =
        serde_json::from_str(text).map_err(|e| LoadError::NotAnAssessment(e.to_string()))?;
    if head.get("format").and_then(serde_json::Value::as_str) != Some(FORMAT) {
        return Err(LoadError::NotAnAssessment(format!("`format` is not `{FORMAT}`")));
    }
    match head.get("version").and_then(serde_json::Value::as_u64) {
        Some(version) if version == u64::from(VERSION) => {}
        found => {
            return Err(LoadError::Version { found: found.unwrap_or_default() });
        }
    }
    let mut assessment: Assessment =
        serde_json::from_str(text).map_err(|e| LoadError::NotAnAssessment(e.to_string()))?;
    if assessment.not_assessed.is_empty() {
        assessment.not_assessed = unassessed::of_saved(&assessment);
    }
    Ok(assessment)
}
