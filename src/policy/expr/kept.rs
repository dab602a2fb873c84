//! What is kept of what expressions say: of parts that many subjects have in common, answers by the values of their
//! inputs; of definitions that many expressions ask of their subject, answers by record.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{OnceLock, RwLock};

use super::ast::Input;
use super::usage::Usage;
use super::value::Value;
use crate::records::RecordSet;
use crate::tree::Tag;

/// Steps from which on a part is worth keeping.
const DEAR: u64 = 64;
/// Answers that are kept of one part.
const MAX_ANSWERS: usize = 4_096;

/// What is kept of one part.
#[derive(Debug, Default)]
pub(super) struct Answers {
    dear: AtomicBool,
    by_inputs: RwLock<HashMap<Vec<u8>, Answer>>,
}

/// An answer, and what finding it read and cost.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    known: Known,
    pub usage: Usage,
}

impl Answer {
    pub(super) fn value<'a>(self) -> Value<'a> {
        match self.known {
            Known::Bool(b) => Value::Bool(b),
            Known::Int(i) => Value::Int(i),
            Known::Float(f) => Value::Float(f),
            Known::Text(text) => Value::Text(text.into()),
        }
    }
}

/// A known value that belongs to no record.
#[derive(Debug, Clone)]
enum Known {
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
}

impl Answers {
    /// Whether finding an answer is worth keeping it.
    pub(super) fn is_dear(&self) -> bool {
        self.dear.load(Ordering::Relaxed)
    }

    pub(super) fn get(&self, key: &[u8]) -> Option<Answer> {
        self.by_inputs.read().ok()?.get(key).cloned()
    }

    /// Keeps an answer if it was dear. `key` is asked for then only; there may be none.
    pub(super) fn keep(&self, value: &Value<'_>, usage: Usage, key: impl FnOnce() -> Option<Vec<u8>>) {
        if usage.steps < DEAR {
            return;
        }
        self.dear.store(true, Ordering::Relaxed);
        let Some(key) = key() else { return };
        // What is unknown says of which record, and that is another one each time.
        let known = match value {
            Value::Bool(b) => Known::Bool(*b),
            Value::Int(i) => Known::Int(*i),
            Value::Float(f) => Known::Float(*f),
            Value::Text(text) => Known::Text(text.to_string()),
            Value::List(_) | Value::Item(_) | Value::Unknown(_) => return,
        };
        if let Ok(mut answers) = self.by_inputs.write()
            && answers.len() < MAX_ANSWERS
        {
            answers.insert(key, Answer { known, usage });
        }
    }
}

/// What a definition says of the records of a kind.
#[derive(Debug, Default)]
pub(super) struct ByRecord {
    /// Of each record twice the steps that it took, and one more for true; 0 before it was asked.
    answers: OnceLock<Box<[AtomicU32]>>,
}

impl ByRecord {
    /// The answer for a record by its index among those of its kind, and the steps that it took.
    pub(super) fn get(&self, index: usize) -> Option<(bool, u64)> {
        match self.answers.get()?.get(index)?.load(Ordering::Relaxed) {
            0 => None,
            answer => Some((answer % 2 == 1, u64::from(answer / 2))),
        }
    }

    /// Keeps the answer for one of so many records.
    pub(super) fn keep(&self, index: usize, records: usize, answer: bool, steps: u64) {
        let answers = self.answers.get_or_init(|| (0..records).map(|_| AtomicU32::new(0)).collect());
        if let (Some(kept), Ok(steps)) = (answers.get(index), u32::try_from(2 * steps)) {
            kept.store(steps + u32::from(answer), Ordering::Relaxed);
        }
    }
}

/// The values of inputs; none where one of them is not a plain value.
pub(super) fn key(inputs: &[Input], slots: &[Value<'_>], set: &RecordSet) -> Option<Vec<u8>> {
    let mut key = Vec::with_capacity(16 * inputs.len());
    for input in inputs {
        write(input, &slots[input.slot], set, &mut key)?;
    }
    Some(key)
}

fn write(input: &Input, value: &Value<'_>, set: &RecordSet, key: &mut Vec<u8>) -> Option<()> {
    let mut text = |sort: u8, text: &[u8]| {
        key.push(sort);
        key.extend((text.len() as u64).to_le_bytes());
        key.extend(text);
    };
    match value {
        Value::Item(item) => {
            text(b'k', &set.get(item.record).kind.0.to_le_bytes());
            let mut node = item.node;
            for (depth, name) in input.path.iter().enumerate() {
                if node.is_invalid() || node.tag() != Tag::Map {
                    return None;
                }
                let Some(child) = node.get(name) else {
                    text(b'-', &depth.to_le_bytes());
                    return Some(());
                };
                node = child;
            }
            match node.tag() {
                _ if node.is_invalid() => return None,
                _ if input.presence && !node.is_past_only() => text(b'+', &[]),
                Tag::Seq | Tag::Map | Tag::Null => return None,
                tag => text(tag as u8, node.text().as_bytes()),
            }
        }
        _ if !input.path.is_empty() => return None,
        Value::Bool(b) => text(b'b', &[u8::from(*b)]),
        Value::Int(i) => text(b'i', &i.to_le_bytes()),
        Value::Float(f) => text(b'f', &f.to_le_bytes()),
        Value::Text(value) => text(b't', value.as_bytes()),
        Value::List(_) | Value::Unknown(_) => return None,
    }
    Some(())
}
