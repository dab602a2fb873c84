//! The record kinds: what an organisation may write down for an audit.
//!
//! A *kind* is one type of record, such as `worker` or `shipment`. Its fields are declared as Rust types in the files
//! below, one file a group, and leave here as JSON Schema (draft 2020-12). The types are never filled with data: the
//! schema is the product. It serves validation, editors, the reference documentation, the masking of personal data
//! and the check of policy expressions.
//!
//! Beyond JSON Schema a field may carry `x-duly-sensitive` (the class of personal data it holds), `x-duly-ref` (it
//! holds the id of a record of that kind), `x-duly-evidence` (it names a document), `x-duly-ahead` (a date that may lie ahead),
//! `x-duly-spelling` (an identifier that is compared in one spelling), `x-duly-source` (a source that was asked: that none was is no answer), `x-duly-inventory` (a list that is not recorded when it
//! is empty), `x-duly-unknown` (values of an enumeration that say that it is not known, and count as not recorded) or `x-duly-relaxes` (it can take a record out of a check, and counts only with support).

pub mod access_control;
pub mod cases;
pub mod common;
pub mod decisions;
pub mod devices;
pub mod hiring;
pub mod interaction;
pub mod organization;
pub mod person;
pub mod remote_access;
pub mod rules;
pub mod shipping;
pub mod staffing;
pub mod worker;

use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value};

/// The `$schema` of every schema of duly.
pub const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";
/// What the `$id` of every schema of duly begins with; the name of the schema follows.
pub const IDS: &str = "urn:duly:schema:v1:";

/// One record kind: its name in `kind:`, the group it is documented in, a title, and the maker of its schema.
pub struct Kind {
    pub name: &'static str,
    pub group: &'static str,
    pub title: &'static str,
    build: fn() -> Schema,
}

impl Kind {
    const fn new<T: JsonSchema>(group: &'static str, name: &'static str, title: &'static str) -> Self {
        Self { name, group, title, build: build::<T> }
    }

    /// The JSON Schema of this kind, self-contained: every `$ref` points into its own `$defs`.
    pub fn schema(&self) -> Schema {
        let built = (self.build)();
        let mut schema = Map::new();
        schema.insert("$schema".into(), DRAFT.into());
        schema.insert("$id".into(), format!("{IDS}{}", self.name).into());
        schema.insert("title".into(), self.title.into());
        for (key, value) in built.as_object().into_iter().flatten() {
            schema.entry(key.as_str()).or_insert_with(|| value.clone());
        }
        schema.into()
    }
}

/// Every kind, in the order of the documentation.
pub const KINDS: &[Kind] = &[
    Kind::new::<staffing::Vendor>("staffing", "vendor", "Staffing firm or outsourcing company"),
    Kind::new::<worker::Worker>("staffing", "worker", "Worker or candidate"),
    Kind::new::<interaction::Interaction>(
        "staffing",
        "interaction",
        "Interview or other contact with a worker or candidate",
    ),
    Kind::new::<staffing::BackgroundCheckIssuer>(
        "staffing",
        "background-check-issuer",
        "Issuer of background checks",
    ),
    Kind::new::<staffing::Platform>("staffing", "platform", "Online freelance platform"),
    Kind::new::<devices::Device>("devices", "device", "Device used for work"),
    Kind::new::<shipping::Shipment>("devices", "shipment", "Shipment of a device"),
    Kind::new::<shipping::Location>("devices", "location", "Designated work location"),
    Kind::new::<shipping::Geolocation>("devices", "geolocation", "Observed place of a device"),
    Kind::new::<remote_access::RemoteAccessRules>(
        "remote access",
        "remote-access-rules",
        "Rules on remote desktop, commercial VPNs and geolocation",
    ),
    Kind::new::<remote_access::Login>("remote access", "login", "Login to a company system"),
    Kind::new::<access_control::AccessRules>(
        "access control",
        "access-rules",
        "Rules on administrative permissions, monitoring and access",
    ),
    Kind::new::<access_control::Resource>(
        "access control",
        "resource",
        "System or data set that access is granted to",
    ),
    Kind::new::<access_control::Grant>("access control", "grant", "Access granted to a worker"),
    Kind::new::<organization::Organization>(
        "rules on paper",
        "organization",
        "The organisation being audited",
    ),
    Kind::new::<rules::DeviceShippingRules>(
        "rules on paper",
        "device-shipping-rules",
        "Rules on shipping devices",
    ),
    Kind::new::<rules::HiringRules>("rules on paper", "hiring-rules", "Rules on hiring and verifying people"),
    Kind::new::<rules::BackgroundCheckRules>(
        "rules on paper",
        "background-check-rules",
        "Rules on background checks",
    ),
    Kind::new::<rules::RecordKeepingRules>(
        "rules on paper",
        "record-keeping-rules",
        "Rules on keeping records of interactions",
    ),
    Kind::new::<cases::Observation>("cases", "observation", "Red flag recorded by a named person"),
    Kind::new::<cases::Incident>("cases", "incident", "Incident and what was done about it"),
    Kind::new::<decisions::Attestation>(
        "decisions",
        "attestation",
        "Answer of a named person to a check that no record can answer",
    ),
    Kind::new::<decisions::Waiver>("decisions", "waiver", "Gap that an approver accepts for a time"),
    Kind::new::<decisions::Statement>(
        "decisions",
        "statement",
        "Statement that there was nothing to report in a period",
    ),
    Kind::new::<decisions::PlanItem>("decisions", "plan-item", "Who closes a gap, and by when"),
];

/// The group of the kinds that say what people decided. No check has to look at them.
pub const DECISIONS: &str = "decisions";

/// The schema of the kind of that name.
pub fn schema(kind: &str) -> Option<Schema> {
    KINDS.iter().find(|known| known.name == kind).map(Kind::schema)
}

fn build<T: JsonSchema>() -> Schema {
    generate::<T>()
}

/// The schema of a type that is read from what people write.
pub fn generate<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().with_transform(Plain).into_generator().into_root_schema_for::<T>()
}

/// Brings a generated schema into duly's subset: an optional field is one that is not `required`, never a `null`;
/// numbers carry no machine width; objects are closed.
#[derive(Clone)]
struct Plain;

impl Transform for Plain {
    fn transform(&mut self, schema: &mut Schema) {
        if let Some(object) = schema.as_object_mut() {
            drop_null(object);
            let is_number = matches!(object.get("type").and_then(Value::as_str), Some("integer" | "number"));
            if is_number {
                object.remove("format");
            }
            drop_choices(object);
            // What an absent field is read as is nothing to write down.
            object.retain(|key, value| key != "default" || !is_empty(value));
            if object.contains_key("properties") {
                object.insert("additionalProperties".into(), false.into());
            }
        }
        transform_subschemas(self, schema);
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

/// Words that are described one by one become one list of words, with their meanings in the description: editors complete
/// and explain both, but say what is wrong with a word only of a list.
fn drop_choices(object: &mut Map<String, Value>) {
    let Some(Value::Array(choices)) = object.get("oneOf") else { return };
    let (mut words, mut meanings) = (Vec::new(), String::new());
    for choice in choices {
        match (choice.get("const"), choice.get("enum")) {
            (Some(Value::String(word)), None) => {
                let meaning = choice.get("description").and_then(Value::as_str).unwrap_or_default();
                meanings.push_str(&format!("\n- `{word}`: {meaning}"));
                words.push(Value::from(word.as_str()));
            }
            (None, Some(Value::Array(several))) => words.extend(several.iter().cloned()),
            _ => return,
        }
    }
    object.remove("oneOf");
    object.insert("type".into(), "string".into());
    object.insert("enum".into(), words.into());
    let description = object.get("description").and_then(Value::as_str).unwrap_or_default();
    object.insert("description".into(), format!("{description}\n{meanings}").trim().into());
}

fn drop_null(object: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = object.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            object.insert("type".into(), only);
        }
    }
    if let Some(Value::Array(values)) = object.get_mut("enum") {
        values.retain(|value| !value.is_null());
    }
    if let Some(Value::Array(mut choices)) = object.remove("anyOf") {
        choices.retain(|choice| choice.get("type").and_then(Value::as_str) != Some("null"));
        match (choices.pop(), choices.is_empty()) {
            (Some(Value::Object(only)), true) => {
                for (key, value) in only {
                    object.entry(key).or_insert(value);
                }
            }
            (last, _) => {
                choices.extend(last);
                object.insert("anyOf".into(), Value::Array(choices));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::KINDS;
    use crate::records::spelling::is_placeholder;

    /// Values that read like a placeholder and say something: that there is none, that something is still going on, or how a
    /// comparison ended.
    const SAY_SOMETHING: &[&str] = &["none", "pending", "unclear"];

    /// Calls `visit` with every schema inside of one.
    fn walk(schema: &Value, visit: &mut impl FnMut(&Value)) {
        visit(schema);
        match schema {
            Value::Object(fields) => fields.values().for_each(|inner| walk(inner, visit)),
            Value::Array(items) => items.iter().for_each(|inner| walk(inner, visit)),
            _ => {}
        }
    }

    #[test]
    fn a_value_that_says_nothing_is_marked_in_every_schema() {
        let mut marked = BTreeSet::new();
        for kind in KINDS {
            walk(kind.schema().as_value(), &mut |schema| {
                let texts = |key: &str| -> Vec<&str> {
                    let values = schema.get(key).and_then(Value::as_array).into_iter().flatten();
                    values.filter_map(Value::as_str).collect()
                };
                let unknown = texts("x-duly-unknown");
                for value in texts("enum") {
                    let says_nothing = is_placeholder(value, true) && !SAY_SOMETHING.contains(&value);
                    assert_eq!(says_nothing, unknown.contains(&value), "{}: {value}", kind.name);
                }
                marked.extend(unknown.into_iter().map(str::to_owned));
            });
        }
        assert_eq!(marked.into_iter().collect::<Vec<_>>(), ["unknown"]);
    }
}
