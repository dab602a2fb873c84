//! Evaluation in three values: true or false, and unknown with the paths that are missing.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::MAX_STEPS;
use super::ast::{Comparison, Each, Expr, Function, Indexes, Literal, Operator, Origin};
use super::functions;
use super::watch::{Touched, Watch};
use crate::records::{RecordRef, RecordSet};
use crate::reference::References;
use crate::tree::{Node, NodeId, Tag};

/// Everything an expression can see besides its subject.
pub struct Scope<'a> {
    pub set: &'a RecordSet,
    pub indexes: &'a Indexes<'a>,
    pub references: &'a References,
    /// SHA-256 of every file of the repository by path, in hexadecimal.
    pub files: &'a HashMap<String, String>,
    pub organization: Option<RecordRef>,
    pub as_of: jiff::civil::Date,
    /// What differs from the states this one is compared with.
    pub watch: Option<&'a Watch>,
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

    /// A record as a value.
    pub fn record(scope: &Scope<'a>, record: RecordRef) -> Self {
        Value::Item(Item { node: scope.set.root(record), record })
    }

    /// A node as a value: scalars by their type, containers as they are.
    pub fn of(item: Item<'a>, scope: &Scope<'a>) -> Self {
        let node = item.node;
        if node.is_invalid() {
            let path = scope.set.path_inside(item.record, node.id());
            return Value::unknown(Absence::Invalid, Some(item.record), path);
        }
        let scalar = match node.tag() {
            Tag::Seq | Tag::Map => Some(Value::Item(item)),
            Tag::Bool => node.as_bool().map(Value::Bool),
            Tag::Int => node.as_i64().map(Value::Int),
            Tag::Float => node.as_f64().map(Value::Float),
            Tag::Str if lies_ahead(node, |day| day > scope.as_of) => {
                let path = scope.set.path_inside(item.record, node.id());
                return Value::unknown(Absence::Future, Some(item.record), path);
            }
            Tag::Str => Some(Value::text(node.text())),
            Tag::Null => None,
        };
        scalar.unwrap_or_else(|| {
            let path = scope.set.path_inside(item.record, node.id());
            Value::unknown(Absence::Missing, Some(item.record), path)
        })
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
    pub fn elements(&self, scope: &Scope<'a>) -> Result<Elements<'_, 'a>, Failure> {
        match self {
            Value::List(items) => Ok(Elements::List(items.iter())),
            Value::Item(item) if item.node.tag() == Tag::Seq => {
                Ok(Elements::Node(item.node.children(), item.record, *scope))
            }
            other => Err(Failure::Type(other.type_name())),
        }
    }
}

/// Whether a node is the day of something that happened, and lies behind what `limit` allows. A time counts with
/// the day it is written with.
fn lies_ahead(node: Node<'_>, limit: impl FnOnce(jiff::civil::Date) -> bool) -> bool {
    node.has_happened() && functions::day(node.text()).is_some_and(limit)
}

impl Clone for Scope<'_> {
    fn clone(&self) -> Self {
        *self
    }
}

impl Copy for Scope<'_> {}

/// Elements of a list, wherever it is kept.
pub enum Elements<'l, 'a> {
    List(std::slice::Iter<'l, Value<'a>>),
    Node(crate::tree::Children<'a>, RecordRef, Scope<'a>),
}

impl<'a> Iterator for Elements<'_, 'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Value<'a>> {
        match self {
            Elements::List(items) => items.next().cloned(),
            Elements::Node(children, record, scope) => {
                let node = children.next()?;
                Some(Value::of(Item { node, record: *record }, scope))
            }
        }
    }
}

/// Leaves the function with the value if it is unknown.
macro_rules! known {
    ($value:expr) => {
        match $value {
            Value::Unknown(absent) => return Ok(Value::Unknown(absent)),
            value => value,
        }
    };
}

pub(super) struct Evaluator<'a> {
    pub(super) scope: &'a Scope<'a>,
    pub(super) slots: Vec<Value<'a>>,
    pub(super) steps: u64,
    /// Of the steps, those that a kept answer took when it was found.
    pub(super) saved: u64,
    limit: u64,
    /// Long lists of texts that `in` has looked into: one look into each pays for all.
    members: HashMap<(RecordRef, NodeId), Members<'a>>,
    pub(super) touched: Touched,
}

/// The elements of a list, if they are texts and nothing else.
type Members<'a> = Option<HashSet<&'a str>>;

/// From so many elements on, a list is worth remembering.
const LONG_LIST: usize = 64;

impl<'a> Evaluator<'a> {
    pub(super) fn new(scope: &'a Scope<'a>, subject: Value<'a>, slots: usize) -> Self {
        let size = match &subject {
            Value::List(items) => items.len() as u64,
            _ => 0,
        };
        let mut all = Vec::with_capacity(slots);
        all.push(subject);
        all.resize(slots.max(1), Value::Bool(false));
        // Joins may walk what the audit holds a few times; groups their members.
        let limit = MAX_STEPS + 200 * size + 20 * scope.set.len() as u64;
        Evaluator {
            scope,
            slots: all,
            steps: 0,
            saved: 0,
            limit,
            touched: Touched::default(),
            members: HashMap::new(),
        }
    }

    /// Remembers what was looked at, if it differs between the states that are compared.
    pub(super) fn touch(&mut self, what: Touched, differs: impl Fn(&Watch) -> bool) {
        let Some(watch) = self.scope.watch.filter(|watch| differs(watch)) else { return };
        self.touched = self.touched.and(what);
        if what == Touched::RELATED && watch.gone.as_deref().is_some_and(differs) {
            self.touched = self.touched.and(Touched::REMOVED);
        }
    }

    /// Remembers that the day of something that happened was looked at, if it lies ahead in one of the states.
    fn touch_day(&mut self, node: Node<'_>) {
        self.touch(Touched::DATE, |watch| watch.date() && lies_ahead(node, |day| watch.lies_ahead(day)));
    }

    /// The elements of a list, which are looked at.
    pub(super) fn elements<'l>(&mut self, list: &'l Value<'a>) -> Result<Elements<'l, 'a>, Failure> {
        if let Value::Item(item) = list
            && self.scope.watch.is_some_and(Watch::date)
        {
            for child in item.node.children() {
                self.touch_day(child);
            }
        }
        list.elements(self.scope)
    }

    /// Counts work; fails when there was too much of it.
    pub(super) fn spend(&mut self, steps: usize) -> Result<(), Failure> {
        self.steps += steps as u64;
        if self.steps > self.limit {
            return Err(Failure::Steps(self.limit));
        }
        Ok(())
    }

    pub(super) fn eval(&mut self, expr: &'a Expr) -> Result<Value<'a>, Failure> {
        if !matches!(expr, Expr::Shared(_)) {
            self.spend(1)?;
        }
        match expr {
            Expr::Shared(part) => self.shared(part),
            Expr::Literal(literal) => Ok(literal_value(literal)),
            Expr::Slot(slot) => Ok(self.slots[*slot].clone()),
            Expr::Organization => {
                if let Some(kind) = self.scope.set.catalog.find("organization") {
                    self.touch(Touched::RELATED, |watch| watch.kind(kind));
                }
                Ok(match self.scope.organization {
                    Some(record) => Value::record(self.scope, record),
                    None => Value::unknown(Absence::NoRecord, None, "organization"),
                })
            }
            Expr::AsOf => {
                self.touch(Touched::DATE, Watch::date);
                Ok(Value::Text(Cow::Owned(self.scope.as_of.to_string())))
            }
            Expr::Field(of, name) => {
                let of = known!(self.eval(of)?);
                self.field(&of, name)
            }
            Expr::Has(of, name) => {
                let of = known!(self.eval(of)?);
                Ok(match self.field(&of, name)? {
                    Value::Unknown(absent) if absent.iter().all(|a| a.why == Absence::Missing) => {
                        Value::Bool(false)
                    }
                    Value::Unknown(absent) => Value::Unknown(absent),
                    _ => Value::Bool(true),
                })
            }
            Expr::Index(of, index) => {
                let list = of;
                let of = known!(self.eval(of)?);
                let index = known!(self.eval(index)?);
                let Value::Int(index) = index else {
                    return Err(Failure::Type(index.type_name()));
                };
                let element = usize::try_from(index)
                    .ok()
                    .map(|i| self.elements(&of).map(|mut e| e.nth(i)))
                    .transpose()?
                    .flatten();
                Ok(element.unwrap_or_else(|| {
                    self.nothing_in(list, self.absent_in(&of, Absence::Empty, &format!("[{index}]")))
                }))
            }
            Expr::Not(of) => match self.eval(of)? {
                Value::Bool(b) => Ok(Value::Bool(!b)),
                Value::Unknown(absent) => Ok(Value::Unknown(absent)),
                other => Err(Failure::Type(other.type_name())),
            },
            Expr::Negate(of) => match known!(self.eval(of)?) {
                Value::Int(i) => {
                    i.checked_neg().map(Value::Int).ok_or(Failure::Arithmetic("a number too large"))
                }
                Value::Float(f) => Ok(Value::Float(-f)),
                other => Err(Failure::Type(other.type_name())),
            },
            Expr::And(a, b) => self.logic(a, b, false),
            Expr::Or(a, b) => self.logic(a, b, true),
            Expr::If(condition, yes, no) => match known!(self.eval(condition)?) {
                Value::Bool(true) => self.eval(yes),
                Value::Bool(false) => self.eval(no),
                other => Err(Failure::Type(other.type_name())),
            },
            Expr::Compare(how, a, b) => {
                let (a, b) = match (&**a, &**b) {
                    (Expr::Field(of, name), Expr::AsOf) => (self.day(of, name)?, self.eval(b)?),
                    (Expr::AsOf, Expr::Field(of, name)) => (self.eval(a)?, self.day(of, name)?),
                    (a, b) => (self.eval(a)?, self.eval(b)?),
                };
                match (a, b) {
                    (Value::Unknown(a), Value::Unknown(b)) => Ok(merge(a, &b)),
                    (Value::Unknown(u), _) | (_, Value::Unknown(u)) => Ok(Value::Unknown(u)),
                    (a, b) => self.compare(*how, &a, &b),
                }
            }
            Expr::Arithmetic(how, a, b) => {
                let a = known!(self.eval(a)?);
                let b = known!(self.eval(b)?);
                arithmetic(*how, &a, &b)
            }
            Expr::In(a, b) => {
                let a = known!(self.eval(a)?);
                let b = known!(self.eval(b)?);
                if let (Value::Text(text), Value::Item(list)) = (&a, &b)
                    && let Some(found) = self.member(text, *list)?
                {
                    return Ok(Value::Bool(found));
                }
                let mut unknown = None;
                for element in self.elements(&b)? {
                    self.spend(1)?;
                    match element {
                        Value::Unknown(absent) => unknown = Some(absent),
                        element if self.equal(&a, &element)? => return Ok(Value::Bool(true)),
                        _ => {}
                    }
                }
                Ok(unknown.map_or(Value::Bool(false), Value::Unknown))
            }
            Expr::List(items) => {
                let mut list = Vec::with_capacity(items.len());
                for item in items {
                    list.push(known!(self.eval(item)?));
                }
                Ok(Value::list(list))
            }
            Expr::Each { kind: Each::Exists, of, slot, body } => match self.holds_id(of, *slot, body)? {
                Some(found) => Ok(found),
                None => self.each(Each::Exists, of, *slot, body),
            },
            Expr::Each { kind, of, slot, body } => self.each(*kind, of, *slot, body),
            Expr::Call(function, args) => {
                let mut values = Vec::with_capacity(args.len());
                for arg in args {
                    values.push(known!(self.eval(arg)?));
                }
                let value = functions::call(self, function, &values)?;
                match (function, args.as_slice(), &value) {
                    (Function::AgeDays, [Expr::Field(of, name)], Value::Unknown(why))
                        if why.iter().all(|absent| absent.why == Absence::Future) =>
                    {
                        let of = self.eval(of)?;
                        Ok(self.absent_in(&of, Absence::Future, name))
                    }
                    (Function::Min | Function::Max, [list], Value::Unknown(_)) => {
                        Ok(self.nothing_in(list, value))
                    }
                    _ => Ok(value),
                }
            }
        }
    }

    /// Whether a long list of texts has one; `None` for other lists, which have to be gone through.
    fn member(&mut self, text: &str, list: Item<'a>) -> Result<Option<bool>, Failure> {
        if list.node.tree().below(list.node.id()).size_hint().0 <= LONG_LIST {
            return Ok(None);
        }
        let key = (list.record, list.node.id());
        if !self.members.contains_key(&key) {
            let texts: Members<'a> = (list.node.children())
                .map(|child| child.as_str().filter(|_| !child.is_invalid() && !child.has_happened()))
                .collect();
            self.spend(texts.as_ref().map_or(0, HashSet::len))?;
            self.members.insert(key, texts);
        }
        self.spend(1)?;
        Ok(self.members.get(&key).and_then(Option::as_ref).map(|texts| texts.contains(text)))
    }

    /// `absorbing` is the value that decides alone: false for `&&`, true for `||`.
    fn logic(&mut self, a: &'a Expr, b: &'a Expr, absorbing: bool) -> Result<Value<'a>, Failure> {
        let a = match self.eval(a)? {
            Value::Bool(value) if value == absorbing => return Ok(Value::Bool(absorbing)),
            Value::Bool(_) => None,
            Value::Unknown(absent) => Some(absent),
            other => return Err(Failure::Type(other.type_name())),
        };
        match (a, self.eval(b)?) {
            (_, Value::Bool(value)) if value == absorbing => Ok(Value::Bool(absorbing)),
            (None, Value::Bool(value)) => Ok(Value::Bool(value)),
            (Some(absent), Value::Bool(_)) => Ok(Value::Unknown(absent)),
            (None, Value::Unknown(absent)) => Ok(Value::Unknown(absent)),
            (Some(a), Value::Unknown(b)) => Ok(merge(a, &b)),
            (_, other) => Err(Failure::Type(other.type_name())),
        }
    }

    /// `related(…).exists(r, r.id == …)`: answered by the index, because the list can be long. `None` where it is
    /// another question, or ids do not decide it.
    #[inline(never)]
    fn holds_id(&mut self, of: &'a Expr, slot: usize, body: &'a Expr) -> Result<Option<Value<'a>>, Failure> {
        let (Expr::Call(function @ Function::Related(index), args), Expr::Compare(Comparison::Equal, a, b)) =
            (of, body)
        else {
            return Ok(None);
        };
        let [value] = args.as_slice() else { return Ok(None) };
        if !matches!(&**a, Expr::Field(of, name) if name == "id" && matches!(**of, Expr::Slot(s) if s == slot))
            || !is_outside(b, slot)
        {
            return Ok(None);
        }
        let value = match self.eval(value)? {
            Value::Unknown(absent) => return Ok(Some(Value::Unknown(absent))),
            value @ Value::Text(_) => value,
            _ => return Ok(None),
        };
        let records = self.scope.indexes.field(*index).get(value.as_text().unwrap_or_default());
        if records.is_empty() {
            functions::touch(self, function, &[value]);
            return Ok(Some(Value::Bool(false)));
        }
        let id = match self.eval(b)? {
            Value::Unknown(absent) => {
                functions::touch(self, function, &[value]);
                return Ok(Some(Value::Unknown(absent)));
            }
            id @ Value::Text(_) => id,
            _ => return Ok(None),
        };
        let found =
            self.scope.set.find(self.scope.indexes.kind_of_field(*index), id.as_text().unwrap_or_default());
        if found.is_some_and(|record| self.scope.set.get(record).ambiguous) {
            return Ok(None);
        }
        functions::touch(self, function, &[value]);
        Ok(Some(Value::Bool(found.is_some_and(|record| records.binary_search(&record).is_ok()))))
    }

    fn each(&mut self, kind: Each, of: &'a Expr, slot: usize, body: &'a Expr) -> Result<Value<'a>, Failure> {
        let of = known!(self.eval(of)?);
        let mut unknown: Option<Rc<Vec<Absent>>> = None;
        let mut out = Vec::new();
        let mut hits = 0_usize;
        for element in self.elements(&of)? {
            self.spend(1)?;
            self.slots[slot] = element.clone();
            let value =
                if let Value::Unknown(absent) = element { Value::Unknown(absent) } else { self.eval(body)? };
            match (kind, value) {
                (Each::Map, Value::Unknown(absent)) => return Ok(Value::Unknown(absent)),
                (Each::Map, value) => out.push(value),
                (_, Value::Unknown(absent)) => {
                    unknown = Some(match unknown {
                        None => absent,
                        Some(before) => match merge(before, &absent) {
                            Value::Unknown(both) => both,
                            _ => absent,
                        },
                    });
                }
                (Each::All, Value::Bool(false)) => return Ok(Value::Bool(false)),
                (Each::Exists, Value::Bool(true)) => return Ok(Value::Bool(true)),
                (Each::ExistsOne, Value::Bool(true)) => hits += 1,
                (Each::Filter, Value::Bool(true)) => out.push(self.slots[slot].clone()),
                (_, Value::Bool(_)) => {}
                (_, other) => return Err(Failure::Type(other.type_name())),
            }
        }
        if let Some(absent) = unknown {
            // Two certain hits already decide that there is not exactly one.
            if kind == Each::ExistsOne && hits > 1 {
                return Ok(Value::Bool(false));
            }
            return Ok(Value::Unknown(absent));
        }
        Ok(match kind {
            Each::All => Value::Bool(true),
            Each::Exists => Value::Bool(false),
            Each::ExistsOne => Value::Bool(hits == 1),
            Each::Map | Each::Filter => Value::list(out),
        })
    }

    fn field(&mut self, of: &Value<'a>, name: &str) -> Result<Value<'a>, Failure> {
        let Value::Item(item) = of else {
            return Err(Failure::Type(of.type_name()));
        };
        match item.node.get(name) {
            Some(node) => {
                self.touch_day(node);
                Ok(Value::of(Item { node, record: item.record }, self.scope))
            }
            None => Ok(self.absent_in(of, Absence::Missing, name)),
        }
    }

    /// A date that a policy itself holds against the date of the audit: there, one that lies ahead is what it is.
    fn day(&mut self, of: &'a Expr, name: &str) -> Result<Value<'a>, Failure> {
        let of = known!(self.eval(of)?);
        if let Value::Item(item) = &of
            && let Some(node) = item.node.get(name)
            && !node.is_invalid()
            && lies_ahead(node, |day| day > self.scope.as_of)
        {
            self.touch_day(node);
            return Ok(Value::text(node.text()));
        }
        self.field(&of, name)
    }

    /// An unknown for an element of a list that a record does not hold, with what the list is made of.
    fn nothing_in(&self, list: &Expr, value: Value<'a>) -> Value<'a> {
        let made = |absent: &Absent| absent.why == Absence::Empty && absent.record.is_none();
        match &value {
            Value::Unknown(absent) if absent.iter().all(made) => {}
            _ => return value,
        }
        match self.scope.indexes.origin(list) {
            Some(Origin::Kind(kind)) => {
                let name = &self.scope.set.catalog.get(kind).name;
                Value::unknown(Absence::Empty, None, format!("[{name}]"))
            }
            Some(Origin::Field(name)) => Value::unknown(Absence::Empty, None, name),
            None => value,
        }
    }

    /// An unknown for something absent inside `of`.
    pub(super) fn absent_in(&self, of: &Value<'a>, why: Absence, name: &str) -> Value<'a> {
        let Value::Item(item) = of else {
            return Value::unknown(why, None, name);
        };
        let inside = self.scope.set.path_inside(item.record, item.node.id());
        let path = match (inside.is_empty(), name.starts_with('[')) {
            (true, _) => name.to_owned(),
            (false, true) => format!("{inside}{name}"),
            (false, false) => format!("{inside}.{name}"),
        };
        Value::unknown(why, Some(item.record), path)
    }

    fn compare(&self, how: Comparison, a: &Value<'a>, b: &Value<'a>) -> Result<Value<'a>, Failure> {
        let result = match how {
            Comparison::Equal => self.equal(a, b)?,
            Comparison::NotEqual => !self.equal(a, b)?,
            _ => {
                let order = order(a, b)?;
                match how {
                    Comparison::Less => order == Ordering::Less,
                    Comparison::LessOrEqual => order != Ordering::Greater,
                    Comparison::Greater => order == Ordering::Greater,
                    _ => order != Ordering::Less,
                }
            }
        };
        Ok(Value::Bool(result))
    }

    pub(super) fn equal(&self, a: &Value<'a>, b: &Value<'a>) -> Result<bool, Failure> {
        match (a, b) {
            (Value::Bool(a), Value::Bool(b)) => Ok(a == b),
            (Value::Text(a), Value::Text(b)) => Ok(a == b),
            (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => {
                Ok(order(a, b)? == Ordering::Equal)
            }
            (Value::Item(a), Value::Item(b)) if a.node.id() == b.node.id() => Ok(a.record == b.record),
            (Value::Item(a), Value::Item(b)) if a.node.tag() == Tag::Map => Ok(b.node.tag() == Tag::Map
                && crate::records::to_value(a.node) == crate::records::to_value(b.node)),
            (Value::List(_) | Value::Item(_), Value::List(_) | Value::Item(_)) => {
                let mut left = a.elements(self.scope)?;
                let mut right = b.elements(self.scope)?;
                loop {
                    match (left.next(), right.next()) {
                        (None, None) => return Ok(true),
                        (Some(a), Some(b)) if self.equal(&a, &b)? => {}
                        _ => return Ok(false),
                    }
                }
            }
            (a, _) => Err(Failure::Type(a.type_name())),
        }
    }
}

/// Whether an expression names a field, an element or a value, and not of this variable.
fn is_outside(expr: &Expr, slot: usize) -> bool {
    match expr {
        Expr::Literal(_) => true,
        Expr::Slot(s) => *s != slot,
        Expr::Field(of, _) => is_outside(of, slot),
        Expr::Index(of, index) => is_outside(of, slot) && is_outside(index, slot),
        _ => false,
    }
}

/// How two values order; times by their instant, whatever zones they are written in.
pub(super) fn order(a: &Value<'_>, b: &Value<'_>) -> Result<Ordering, Failure> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => Ok(a.cmp(b)),
        (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => {
            let number = |v: &Value<'_>| match v {
                Value::Int(i) => *i as f64,
                Value::Float(f) => *f,
                _ => f64::NAN,
            };
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

/// Absent fields that are kept of one evaluation; one more entry says that there were more.
const KEPT_ABSENT: usize = 8;

fn merge<'a>(a: Rc<Vec<Absent>>, b: &Rc<Vec<Absent>>) -> Value<'a> {
    let mut all = (*a).clone();
    for absent in b.iter() {
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
    Value::Unknown(Rc::new(all))
}

fn literal_value(literal: &Literal) -> Value<'_> {
    match literal {
        Literal::Bool(b) => Value::Bool(*b),
        Literal::Int(i) => Value::Int(*i),
        Literal::Float(f) => Value::Float(*f),
        Literal::Text(t) => Value::text(t),
        Literal::List(items) => Value::list(items.iter().map(literal_value).collect()),
    }
}

fn arithmetic<'a>(how: Operator, a: &Value<'a>, b: &Value<'a>) -> Result<Value<'a>, Failure> {
    const TOO_LARGE: Failure = Failure::Arithmetic("a number too large");
    const BY_ZERO: Failure = Failure::Arithmetic("a division by zero");
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => {
            let (a, b) = (*a, *b);
            if b == 0 && matches!(how, Operator::Divide | Operator::Remainder) {
                return Err(BY_ZERO);
            }
            let result = match how {
                Operator::Add => a.checked_add(b),
                Operator::Subtract => a.checked_sub(b),
                Operator::Multiply => a.checked_mul(b),
                Operator::Divide => a.checked_div(b),
                Operator::Remainder => a.checked_rem(b),
            };
            result.map(Value::Int).ok_or(TOO_LARGE)
        }
        (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => {
            let number = |v: &Value<'a>| match v {
                Value::Int(i) => *i as f64,
                Value::Float(f) => *f,
                _ => f64::NAN,
            };
            let (a, b) = (number(a), number(b));
            let result = match how {
                Operator::Add => a + b,
                Operator::Subtract => a - b,
                Operator::Multiply => a * b,
                Operator::Divide => a / b,
                Operator::Remainder => a % b,
            };
            if result.is_finite() { Ok(Value::Float(result)) } else { Err(BY_ZERO) }
        }
        (a, _) => Err(Failure::Type(a.type_name())),
    }
}
