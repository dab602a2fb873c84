//! Texts and what is in them.

use super::super::value::Value;
use super::arguments::{Answer, Arguments};

/// Holds one text against another.
pub(super) fn compare<'a>(args: Arguments<'_, 'a>, holds: impl Fn(&str, &str) -> bool) -> Answer<'a> {
    Ok(Value::Bool(holds(args.text(0)?, args.text(1)?)))
}
