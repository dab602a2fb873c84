//! Records with recognisable values: one of every field of every kind, made from the printed schemas.

use serde_json::{Map, Value, json};

/// What no output may hold, in lower case. Every planted value holds one of these.
pub(crate) const PLANTED: &[&str] =
    &["zqx", "fadefadefade", "203.0.113.", "2001:db8:", "12.3456", "2025550", "1987-03-"];

/// Which value a field gets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fill {
    /// One that its schema takes.
    Valid,
    /// One that its schema refuses.
    Refused,
}

/// One leaf of a record.
#[derive(Debug, Clone)]
pub(crate) struct Leaf {
    /// Dotted path, without the indexes of lists.
    pub path: String,
    /// Its class of personal data.
    pub class: Option<String>,
    /// It stands in a list, or is one.
    pub listed: bool,
}

/// Makes records of one schema.
pub(crate) struct Planter<'s> {
    schema: &'s Value,
    fill: Fill,
    /// Values planted so far, so that each is another.
    count: usize,
    pub leaves: Vec<Leaf>,
}

impl<'s> Planter<'s> {
    pub(crate) fn new(schema: &'s Value, fill: Fill) -> Self {
        Planter { schema, fill, count: 0, leaves: Vec::new() }
    }

    /// A record with every field. ReferenceLists lead to `r-1`, which every kind has.
    pub(crate) fn record(&mut self, kind: &str) -> Value {
        let mut record = self.object(self.schema, "", false);
        record.insert("kind".to_owned(), kind.into());
        record.insert("id".to_owned(), "r-1".into());
        // Names come first, as people write them.
        let mut ordered = Map::new();
        for key in ["kind", "id"] {
            ordered.insert(key.to_owned(), record[key].clone());
        }
        ordered.extend(record.into_iter().filter(|(key, _)| key != "kind" && key != "id"));
        self.leaves.retain(|leaf| leaf.path != "kind" && leaf.path != "id");
        Value::Object(ordered)
    }

    fn object(&mut self, schema: &'s Value, path: &str, listed: bool) -> Map<String, Value> {
        let mut object = Map::new();
        for (name, field) in schema["properties"].as_object().expect("an object has properties") {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            object.insert(name.clone(), self.value(field, &path, None, listed));
        }
        if self.fill == Fill::Refused {
            self.count += 1;
            let n = self.count;
            object.insert(format!("unknown_{n}"), json!(format!("zqx{n:04}")));
            object
                .insert(format!("nested_{n}"), json!({"a": [format!("zqx{n:04}a")], "b": {"c": 123_456.75}}));
        }
        object
    }

    /// The class of a list's elements may stand on the list.
    fn value(&mut self, schema: &'s Value, path: &str, class: Option<&'s str>, listed: bool) -> Value {
        let class = schema["x-duly-sensitive"].as_str().or(class);
        if let Some(target) = schema["$ref"].as_str() {
            let target = target.strip_prefix('#').expect("schemas are self-contained");
            let target = self.schema.pointer(target).expect("the definition is there");
            return self.value(target, path, class, listed);
        }
        match schema["type"].as_str().unwrap_or_default() {
            "object" => Value::Object(self.object(schema, path, listed)),
            "array" => {
                let one = self.value(&schema["items"], path, class, true);
                let two = self.value(&schema["items"], path, class, true);
                json!([one, two])
            }
            kind => {
                let leaf = Leaf { path: path.to_owned(), class: class.map(str::to_owned), listed };
                if !self.leaves.iter().any(|l| l.path == leaf.path) {
                    self.leaves.push(leaf);
                }
                self.count += 1;
                match self.fill {
                    Fill::Valid => valid(schema, kind, class, self.count),
                    Fill::Refused => refused(schema, kind, self.count),
                }
            }
        }
    }
}

/// A value that a schema takes; when it is personal data, one of [`PLANTED`].
fn valid(schema: &Value, kind: &str, class: Option<&str>, n: usize) -> Value {
    if let Some(value) = schema.get("const") {
        return value.clone();
    }
    if let Some(value) = schema["enum"].get(0) {
        return value.clone();
    }
    if schema.get("x-duly-ref").is_some() {
        return "r-1".into();
    }
    let format = schema["format"].as_str();
    let pattern = schema["pattern"].as_str().unwrap_or_default();
    match (kind, format, class) {
        ("boolean", ..) => true.into(),
        ("integer", ..) => schema["minimum"].as_i64().unwrap_or(3).max(3).into(),
        ("number", _, Some(_)) => json!(12.3456 + n as f64 / 1_000_000.0),
        ("number", ..) => json!(1.5),
        ("string", Some("date"), Some(_)) => "1987-03-21".into(),
        ("string", Some("date"), _) => "2026-01-02".into(),
        ("string", Some("date-time"), _) => "2026-01-02T03:04:05Z".into(),
        ("string", Some("ip"), _) if n.is_multiple_of(2) => format!("2001:db8::{n:x}").into(),
        ("string", Some("ip"), _) => format!("203.0.113.{}", n % 250).into(),
        ("string", Some("email"), _) => format!("zqx{n:04}.zqxb@example.com").into(),
        ("string", Some(other), _) => panic!("no value for the format {other}"),
        ("string", None, Some("phone")) => format!("+1 202 555 0{:03}", n % 1000).replace(' ', "").into(),
        ("string", None, Some("name")) => format!("Zqxa{n:04} Zqxb").into(),
        ("string", None, Some(_)) => match pattern {
            "^[0-9a-f]{64}$" => format!("{}{n:04}", "fade".repeat(15)).into(),
            "^[A-Za-z0-9+/=_-]+$" => format!("zqx{n:04}zqxzqxzqxzqx").into(),
            "" => format!("zqx{n:04} zqx: 'zqx', \"zqx\" #zqx {{zqx}}").into(),
            other => panic!("no value for the pattern {other}"),
        },
        ("string", None, None) => match pattern {
            "^[A-Z]{2}$" => "US".into(),
            _ if schema["x-duly-evidence"] == true => "evidence/file.txt".into(),
            _ => format!("shown-{n:04}").into(),
        },
        (other, ..) => panic!("no value of the type {other}"),
    }
}

/// A value that a schema refuses, and so nobody can say whether it may be shown.
fn refused(schema: &Value, kind: &str, n: usize) -> Value {
    let any = schema["pattern"] == r"\S";
    let free = any || ["const", "enum", "format", "pattern"].iter().all(|key| schema.get(key).is_none());
    match (kind, n % 3) {
        // Any text would do.
        ("string", 0) if free => json!([format!("zqx{n:04}")]),
        ("string", _) if free => json!({format!("unknown_{n}"): format!("zqx{n:04}")}),
        // Words, dates and numbers are refused by their form as well as by their type.
        (_, 0) => json!([format!("zqx{n:04}"), {"a": format!("zqx{n:04}b")}]),
        (_, 1) => json!({"a": format!("zqx{n:04}")}),
        _ => format!("zqx{n:04} zqx").into(),
    }
}

/// How a record is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// A line a field, a comment beside each.
    Block,
    /// A line a top-level field, the rest in braces.
    Lines,
    /// One line.
    Json,
}

pub(crate) fn write(record: &Value, style: Style) -> String {
    let mut out = String::new();
    match style {
        Style::Json => out = record.to_string(),
        Style::Lines => {
            for (key, value) in record.as_object().expect("a record") {
                out.push_str(&format!("{key}: {value} # zqx-comment\n"));
            }
        }
        Style::Block => block(record, 0, &mut out),
    }
    out
}

fn block(value: &Value, indent: usize, out: &mut String) {
    let pad = " ".repeat(indent);
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                if value.is_object() || value.is_array() {
                    out.push_str(&format!("{pad}{key}: # zqx-comment {key}\n"));
                    block(value, indent + 2, out);
                } else {
                    out.push_str(&format!("{pad}{key}: {value} # zqx-comment: \"{key}\"\n"));
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                if item.is_object() || item.is_array() {
                    out.push_str(&format!("{pad}- # zqx-comment\n"));
                    block(item, indent + 2, out);
                } else {
                    out.push_str(&format!("{pad}- {item} # zqx-comment\n"));
                }
            }
        }
        scalar => out.push_str(&format!("{pad}{scalar}\n")),
    }
}
