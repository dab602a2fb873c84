//! Changes of one field of one record: what can be written there in its stead.

use std::collections::BTreeMap;

use duly::records::kinds;
use jiff::civil::Date;
use serde_json::{Value, json};

/// A step into a record: a key, or the index of an element.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    Key(String),
    Index(usize),
}

/// What becomes of the value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Edit {
    Set(Value),
    Remove,
    Rename(String),
}

/// One change.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub path: Vec<Step>,
    /// `kind.field`, lists as `[]`.
    pub field: String,
    /// What the change is called.
    pub name: String,
    pub edit: Edit,
    /// The schema marks the field as one that can relax a check.
    pub relaxes: bool,
}

impl Change {
    /// Whether nothing better can be written by it: something is left out or unreadable.
    pub(crate) fn only_loses(&self) -> bool {
        ["removed", "key ", "type: ", "emptied", "text ", "enum TBD", "date unknown", "ref to none"]
            .iter()
            .any(|start| self.name.starts_with(start))
    }
}

/// Schemas by kind.
pub(crate) fn schemas() -> BTreeMap<&'static str, Value> {
    kinds::KINDS.iter().map(|kind| (kind.name, Value::from(kind.schema()))).collect()
}

const TEXTS: [&str; 6] = ["", "   ", "unknown", "n/a", "TBD", "none"];

/// Every change of every field of a record. `ids` are those of all records by kind.
pub(crate) fn changes(
    schema: &Value,
    record: &Value,
    ids: &BTreeMap<String, Vec<String>>,
    as_of: Date,
) -> Vec<Change> {
    let mut found = Vec::new();
    let kind = record["kind"].as_str().unwrap_or_default();
    let whole = Whole { schema, record, ids, as_of, kind };
    whole.walk(schema, record, &mut Vec::new(), &mut found);
    found
}

struct Whole<'a> {
    schema: &'a Value,
    record: &'a Value,
    ids: &'a BTreeMap<String, Vec<String>>,
    as_of: Date,
    kind: &'a str,
}

impl<'a> Whole<'a> {
    fn resolve(&self, mut node: &'a Value) -> (&'a Value, bool) {
        let mut relaxes = node["x-duly-relaxes"] == true;
        while let Some(target) = node["$ref"].as_str() {
            node = self.schema.pointer(target.trim_start_matches('#')).expect("the definition is there");
            relaxes |= node["x-duly-relaxes"] == true;
        }
        (node, relaxes)
    }

    fn walk(&self, node: &'a Value, value: &Value, path: &mut Vec<Step>, found: &mut Vec<Change>) {
        let (node, relaxes) = self.resolve(node);
        let identity = matches!(&path[..], [Step::Key(key)] if key == "kind" || key == "id");
        if !path.is_empty() && !identity {
            self.at(node, value, path, relaxes, found);
        }
        match value {
            Value::Object(members) => {
                for (key, member) in members {
                    if let Some(inner) = node["properties"].get(key) {
                        path.push(Step::Key(key.clone()));
                        self.walk(inner, member, path, found);
                        path.pop();
                    }
                }
            }
            Value::Array(items) => {
                for (i, item) in items.iter().enumerate() {
                    path.push(Step::Index(i));
                    self.walk(&node["items"], item, path, found);
                    path.pop();
                }
            }
            _ => {}
        }
    }

    fn at(&self, node: &Value, value: &Value, path: &[Step], relaxes: bool, found: &mut Vec<Change>) {
        let mut edits: Vec<(String, Edit)> = vec![("removed".to_owned(), Edit::Remove)];
        let mut set = |name: String, value: Value| edits.push((name, Edit::Set(value)));
        let formatted = matches!(node["format"].as_str(), Some("date" | "date-time"));
        match value {
            Value::Bool(b) => {
                set(format!("flipped to {}", !b), json!(!b));
                set("type: text".to_owned(), json!(if *b { "yes" } else { "no" }));
                set("type: list".to_owned(), json!([b]));
            }
            Value::Object(_) => {
                set("emptied mapping".to_owned(), json!({}));
                set("type: text".to_owned(), json!("see file"));
                set("type: list".to_owned(), json!([value]));
            }
            Value::Array(items) => {
                set("emptied list".to_owned(), json!([]));
                let first = items.first().filter(|first| first.is_string()).cloned();
                set("type: text".to_owned(), first.unwrap_or(json!("see file")));
            }
            Value::Number(_) => {
                for n in [0_i64, -1, 1_000_000_000_000] {
                    if value.as_f64() != Some(n as f64) {
                        set(format!("number {n}"), json!(n));
                    }
                }
                set("type: text".to_owned(), json!("unknown"));
                set("type: bool".to_owned(), json!(true));
            }
            Value::String(text) => match (node["enum"].as_array(), node["x-duly-ref"].as_str()) {
                (Some(words), _) => {
                    for word in words.iter().filter(|word| word.is_string() && *word != value) {
                        set(format!("enum {}", word.as_str().unwrap_or_default()), word.clone());
                    }
                    set("enum TBD".to_owned(), json!("TBD"));
                    set("type: list".to_owned(), json!([value]));
                }
                (None, _) if formatted => self.dates(text, &mut set),
                (None, Some(kind)) => {
                    let others = self.ids.get(kind).into_iter().flatten().filter(|id| *id != text);
                    let others: Vec<&String> = others.collect();
                    if !others.is_empty() {
                        set("ref to another".to_owned(), json!(others[text.len() % others.len()]));
                    }
                    set("ref to none".to_owned(), json!("ZZ-NONE-999"));
                    TEXTS.iter().for_each(|text| set(format!("text {text:?}"), json!(text)));
                }
                (None, None) => {
                    let others = TEXTS.iter().filter(|other| *other != text);
                    others.for_each(|text| set(format!("text {text:?}"), json!(text)));
                    set("type: bool".to_owned(), json!(true));
                    set("type: list".to_owned(), json!([value]));
                }
            },
            Value::Null => {}
        }
        if let Some(Step::Key(key)) = path.last() {
            let mut capital = key.clone();
            capital[..1].make_ascii_uppercase();
            edits.push(("key casing".to_owned(), Edit::Rename(capital)));
            if key.contains('_') {
                edits.push(("key hyphens".to_owned(), Edit::Rename(key.replace('_', "-"))));
            }
        }
        let field = format!("{}{}", self.kind, written(path));
        let change = |(name, edit)| Change { path: path.to_vec(), field: field.clone(), name, edit, relaxes };
        found.extend(edits.into_iter().map(change));
    }

    fn dates(&self, text: &str, set: &mut impl FnMut(String, Value)) {
        let Some(day) = text.get(..10).and_then(|day| day.parse::<Date>().ok()) else {
            return;
        };
        let rest = &text[10..];
        let days = |n: i64| jiff::Span::new().days(n);
        let mut put = |name: &str, day: Date| set(name.to_owned(), json!(format!("{day}{rest}")));
        put("date 3 years back", day - days(1096));
        put("date after as-of", self.as_of + days(45));
        let mut all = Vec::new();
        dates_in(self.record, &mut all);
        all.sort_unstable();
        if let Some(first) = all.first().filter(|first| **first < day) {
            put("date before all others", *first - days(1));
        }
        if let Some(last) = all.last().filter(|last| **last > day && **last <= self.as_of) {
            put("date after all others", (*last + days(1)).min(self.as_of));
        }
        set("date unknown".to_owned(), json!("unknown"));
        set("type: bool".to_owned(), json!(true));
    }
}

fn dates_in(value: &Value, found: &mut Vec<Date>) {
    match value {
        Value::String(text) => found.extend(text.get(..10).and_then(|day| day.parse::<Date>().ok())),
        Value::Array(items) => items.iter().for_each(|item| dates_in(item, found)),
        Value::Object(members) => members.values().for_each(|member| dates_in(member, found)),
        _ => {}
    }
}

/// A path as `.bank.changes[].account_hash`.
fn written(path: &[Step]) -> String {
    path.iter()
        .map(|step| match step {
            Step::Key(key) => format!(".{key}"),
            Step::Index(_) => "[]".to_owned(),
        })
        .collect()
}

/// A record with a change made.
pub(crate) fn edited(record: &Value, path: &[Step], edit: &Edit) -> Value {
    fn apply(value: &mut Value, path: &[Step], edit: &Edit) {
        match (value, path) {
            (Value::Object(members), [Step::Key(key)]) => match edit {
                Edit::Set(new) => {
                    members.insert(key.clone(), new.clone());
                }
                Edit::Remove => {
                    members.shift_remove(key);
                }
                Edit::Rename(name) => {
                    if let Some(value) = members.shift_remove(key) {
                        members.insert(name.clone(), value);
                    }
                }
            },
            (Value::Array(items), [Step::Index(i)]) => match edit {
                Edit::Set(new) => items[*i] = new.clone(),
                _ => {
                    items.remove(*i);
                }
            },
            (Value::Object(members), [Step::Key(key), rest @ ..]) => {
                apply(members.get_mut(key).expect("it is there"), rest, edit);
            }
            (Value::Array(items), [Step::Index(i), rest @ ..]) => apply(&mut items[*i], rest, edit),
            _ => unreachable!("a path of the record"),
        }
    }
    let mut record = record.clone();
    apply(&mut record, path, edit);
    record
}
