//! The table of keys in `docs/configuration.md`.

use super::markdown::{cell, table};
use crate::config;

/// Each key of `duly.yaml`.
pub(super) fn keys() -> String {
    let row = |key: config::Key| [format!("`{}`", key.name), cell(&key.meaning), cell(&key.without)];
    table(["key", "meaning", "without it"], config::keys().into_iter().map(row))
}
