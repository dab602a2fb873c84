//! Values of expressions: what is read from records, and the third value for what is not known.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::rc::Rc;

use jiff::civil::Date;

use crate::records::{RecordRef, RecordSet};
use crate::text::date;
use crate::tree::{Children, Node, Tag};

/// The records, as they are known on a day.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub set: &'a RecordSet,
    pub as_of: Date,
}

/// A container inside a record.
#[derive(Debug, Clone, Copy)]
pub struct Item<'a> {
    pub node: Node<'a>,
    pub record: RecordRef,
}

/// Why something is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Absence {
    /// The field is not recorded.
    Missing,
    /// The schema refuses the value.
    Invalid,
    /// No record has that id.
    NoRecord,
    /// Several records have that id.
    Ambiguous,
    /// The list has no element to give.
    Empty,
    /// The reference data is not there or does not cover the value.
    NoReference,
    /// The value cannot be read as what it should be.
    Unreadable,
    /// It is said to have happened after the date of the audit.
    Future,
    /// More was not recorded than is kept.
    More,
}

impl Absence {
    /// Merely not written down, as opposed to refused, ambiguous or not covered.
    pub fn is_not_recorded(self) -> bool {
        matches!(self, Absence::Missing | Absence::Empty | Absence::More)
    }
}

/// One thing that is not known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Absent {
    pub why: Absence,
    /// The record it should stand in.
    pub record: Option<RecordRef>,
    /// Dotted path in that record, or what is missing in words.
    pub path: String,
}

#[derive(Debug, Clone)]
pub enum Value<'a> {
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Cow<'a, str>),
    List(Rc<Vec<Value<'a>>>),
    Item(Item<'a>),
    Unknown(Rc<Vec<Absent>>),
}

/// The expression itself cannot be evaluated; whose fault is in the variant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The policy's: it asks for too much work.
    #[error("took more than {0} steps")]
    Steps(u64),
    /// The policy's: it groups records under too many keys.
    #[error("`group_by` gave more than {0} keys")]
    Keys(usize),
    /// The policy's: a calculation without a result.
    #[error("{0}")]
    Arithmetic(&'static str),
    /// The policy's: values whose types only turned out now.
    #[error("{0} cannot be used here")]
    Type(&'static str),
}

impl<'a> Value<'a> {
    pub fn text(text: &'a str) -> Self {
        Value::Text(Cow::Borrowed(text))
    }

    pub fn list(items: Vec<Value<'a>>) -> Self {
        Value::List(Rc::new(items))
    }

    pub fn unknown(why: Absence, record: Option<RecordRef>, path: impl Into<String>) -> Self {
        Value::Unknown(Rc::new(vec![Absent { why, record, path: path.into() }]))
    }

    /// An unknown for what cannot be read as `what` it should be.
    pub fn unreadable(what: &str) -> Self {
        Value::unknown(Absence::Unreadable, None, what)
    }

    /// A date as a value.
    pub fn date(date: Date) -> Self {
        Value::Text(Cow::Owned(date.to_string()))
    }

    /// A record as a value.
    pub fn record(set: &'a RecordSet, record: RecordRef) -> Self {
        Value::Item(Item { node: set.root(record), record })
    }

    /// A node as a value: scalars by their type, containers as they are.
    pub(super) fn of(item: Item<'a>, view: View<'a>) -> Self {
        let node = item.node;
        let absent = |why: Absence| {
            let path = view.set.path_inside(item.record, node.id());
            Value::unknown(why, Some(item.record), path)
        };
        if node.is_invalid() {
            return absent(Absence::Invalid);
        }
        let scalar = match node.tag() {
            Tag::Seq | Tag::Map => Some(Value::Item(item)),
            Tag::Bool => node.as_bool().map(Value::Bool),
            Tag::Int => node.as_i64().map(Value::Int),
            Tag::Float => node.as_f64().map(Value::Float),
            Tag::Str if day_of(node).is_some_and(|day| day > view.as_of) => return absent(Absence::Future),
            Tag::Str => Some(Value::text(node.text())),
            Tag::Null => None,
        };
        scalar.unwrap_or_else(|| absent(Absence::Missing))
    }

    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn type_name(&self) -> &'static str {
        match self {
            Value::Bool(_) => "true or false",
            Value::Int(_) | Value::Float(_) => "a number",
            Value::Text(_) => "a text",
            Value::List(_) => "a list",
            Value::Item(item) if item.node.tag() == Tag::Seq => "a list",
            Value::Item(_) => "an object",
            Value::Unknown(_) => "an unknown value",
        }
    }

    /// The elements of a list.
    pub(super) fn elements(&self, view: View<'a>) -> Result<Elements<'_, 'a>, Failure> {
        match self {
            Value::List(items) => Ok(Elements::List(items.iter())),
            Value::Item(item) if item.node.tag() == Tag::Seq => {
                Ok(Elements::Node(item.node.children(), item.record, view))
            }
            other => Err(Failure::Type(other.type_name())),
        }
    }
}

/// The day of something that happened, where a node says one. A time counts with the day it is written with.
pub(super) fn day_of(node: Node<'_>) -> Option<Date> {
    if node.is_past_only() { date::day(node.text()) } else { None }
}

/// Elements of a list, wherever it is kept.
pub enum Elements<'l, 'a> {
    List(std::slice::Iter<'l, Value<'a>>),
    Node(Children<'a>, RecordRef, View<'a>),
}

impl<'a> Iterator for Elements<'_, 'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Value<'a>> {
        match self {
            Elements::List(items) => items.next().cloned(),
            Elements::Node(children, record, view) => {
                let node = children.next()?;
                Some(Value::of(Item { node, record: *record }, *view))
            }
        }
    }
}

/// How two values order; times by their instant, whatever zones they are written in.
pub(super) fn order(a: &Value<'_>, b: &Value<'_>) -> Result<Ordering, Failure> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => Ok(a.cmp(b)),
        (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => {
            number(a).partial_cmp(&number(b)).ok_or(Failure::Arithmetic("not a number"))
        }
        (Value::Text(a), Value::Text(b)) => {
            match (a.parse::<jiff::Timestamp>(), b.parse::<jiff::Timestamp>()) {
                (Ok(a), Ok(b)) => Ok(a.cmp(&b)),
                _ => Ok(a.cmp(b)),
            }
        }
        (a, _) => Err(Failure::Type(a.type_name())),
    }
}

/// A number of either type.
pub(super) fn number(value: &Value<'_>) -> f64 {
    match value {
        Value::Int(i) => *i as f64,
        Value::Float(f) => *f,
        _ => f64::NAN,
    }
}

/// Absent fields that are kept of one evaluation; one more entry says that there were more.
const KEPT_ABSENT: usize = 8;

/// What is unknown for two reasons.
pub(super) fn merge(a: Rc<Vec<Absent>>, b: &[Absent]) -> Rc<Vec<Absent>> {
    let mut all = Rc::unwrap_or_clone(a);
    for absent in b {
        if all.contains(absent) {
            continue;
        }
        if all.len() < KEPT_ABSENT {
            all.push(absent.clone());
            continue;
        }
        // More than a reader would read is not kept, but that something is worse than not recorded is.
        let worse = |absent: &Absent| !absent.why.is_not_recorded();
        if worse(absent) && !all.iter().any(worse) {
            all[KEPT_ABSENT - 1] = absent.clone();
        }
        if all.len() == KEPT_ABSENT {
            all.push(Absent { why: Absence::More, record: None, path: String::new() });
        }
    }
    Rc::new(all)
}
