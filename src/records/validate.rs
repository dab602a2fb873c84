//! JSON Schema over the tree itself: no second parse and no copy.
//!
//! A member whose value is null is treated as absent, as everywhere in duly.

use std::borrow::Cow;
use std::collections::HashSet;
use std::net::IpAddr;

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::json::{Array, Json, JsonNumber, Node as JsonNode, NodeIdentity, Object};
use jsonschema::{JsonType, ValidationError, Validator};
use serde_json::Value;

use crate::diagnostics::Code;
use crate::tree::{Node, NodeId, Tag, Tree};

/// The tree as a JSON representation.
pub struct TreeJson;

/// A validator compiled for trees.
pub type TreeValidator = Validator<TreeJson>;

/// Compiles a schema. The message says what is wrong with the schema.
pub fn compile(schema: &Value) -> Result<TreeValidator, String> {
    jsonschema::options_for::<TreeJson>()
        .should_validate_formats(true)
        .with_format("ip", |text: &str| text.parse::<IpAddr>().is_ok())
        .build(schema)
        .map_err(|error| error.to_string())
}

/// One thing a schema refuses.
#[derive(Debug, PartialEq, Eq)]
pub struct Violation {
    /// The offending value; the parent when something is absent from it.
    pub node: NodeId,
    pub code: Code,
    pub message: String,
    /// For an unknown key: the key, and the object it stands in.
    pub unknown: Option<(String, NodeId)>,
}

/// Everything a schema refuses below `root`.
pub fn violations(validator: &TreeValidator, tree: &Tree, root: NodeId) -> Vec<Violation> {
    let instance = Instance::Tree(tree.node(root));
    if validator.is_valid(instance.clone()) {
        return Vec::new();
    }
    let mut found: Vec<Violation> =
        validator.iter_errors(instance).flat_map(|error| describe(tree, root, &error)).collect();
    found.sort_by(|a, b| (a.node, a.code, &a.unknown).cmp(&(b.node, b.code, &b.unknown)));
    found.dedup();
    found
}

fn describe(tree: &Tree, root: NodeId, error: &ValidationError<'_>) -> Vec<Violation> {
    let node = locate(tree.node(root), error.instance_path().as_str());
    let one = |code, message: String| vec![Violation { node: node.id(), code, message, unknown: None }];
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            // There can be very many.
            let unexpected: HashSet<&str> = unexpected.iter().map(String::as_str).collect();
            node.children()
                .filter(|child| unexpected.contains(child.key()))
                .map(|child| Violation {
                    node: child.id(),
                    code: Code::UnknownField,
                    message: "is not a field of this record".to_owned(),
                    unknown: Some((child.key().to_owned(), node.id())),
                })
                .collect()
        }
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            one(Code::RequiredField, format!("missing field `{name}`"))
        }
        ValidationErrorKind::Enum { options } => {
            let options: Vec<&str> =
                options.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            one(Code::InvalidValue, format!("must be one of: {}", options.join(", ")))
        }
        ValidationErrorKind::Constant { expected_value } => {
            one(Code::InvalidValue, format!("must be {expected_value}"))
        }
        ValidationErrorKind::Type { kind } => {
            one(Code::InvalidType, format!("must be {}", expected_type(kind)))
        }
        ValidationErrorKind::Format { format } => one(
            Code::InvalidFormat,
            match *format {
                ref f if f == "date" => "must be a calendar date, YYYY-MM-DD".to_owned(),
                ref f if f == "date-time" => {
                    "must be a time with its zone, such as 2026-01-31T08:00:00Z".to_owned()
                }
                ref f if f == "ip" => "must be an IPv4 or IPv6 address".to_owned(),
                ref f => format!("must be a valid {f}"),
            },
        ),
        ValidationErrorKind::Pattern { pattern } => one(Code::InvalidValue, format!("must match {pattern}")),
        ValidationErrorKind::Minimum { limit } => {
            one(Code::InvalidValue, format!("must be at least {limit}"))
        }
        ValidationErrorKind::Maximum { limit } => one(Code::InvalidValue, format!("must be at most {limit}")),
        ValidationErrorKind::MinLength { limit } => {
            one(Code::InvalidValue, format!("must have at least {limit} characters"))
        }
        ValidationErrorKind::MaxLength { limit } => {
            one(Code::InvalidValue, format!("must have at most {limit} characters"))
        }
        ValidationErrorKind::MinItems { limit } => one(
            Code::InvalidValue,
            match limit {
                1 => "must have at least one entry".to_owned(),
                limit => format!("must have at least {limit} entries"),
            },
        ),
        kind => one(Code::InvalidValue, format!("breaks the schema's `{}`", kind.keyword())),
    }
}

fn expected_type(kind: &TypeKind) -> String {
    let name = |json: JsonType| match json {
        JsonType::Object => "a mapping",
        JsonType::Array => "a list",
        JsonType::Integer => "a whole number",
        JsonType::Number => "a number",
        JsonType::Boolean => "true or false",
        JsonType::String => "text",
        JsonType::Null => "empty",
    };
    match kind {
        TypeKind::Single(one) => name(*one).to_owned(),
        TypeKind::Multiple(set) => set.iter().map(name).collect::<Vec<_>>().join(" or "),
    }
}

/// The node a JSON pointer leads to; the deepest one reached if it leads nowhere.
fn locate<'a>(root: Node<'a>, pointer: &str) -> Node<'a> {
    let mut node = root;
    for part in pointer.split('/').skip(1) {
        let part = part.replace("~1", "/").replace("~0", "~");
        let child = match node.tag() {
            Tag::Seq => part.parse().ok().and_then(|i| node.child(i)),
            _ => node.member(&part),
        };
        match child {
            Some(child) => node = child,
            None => break,
        }
    }
    node
}

/// A node of a tree, or a property name handed to `propertyNames`.
#[derive(Debug, Clone)]
pub enum Instance<'a> {
    Tree(Node<'a>),
    Text(&'a str),
}

impl Json for TreeJson {
    type Node<'a> = Instance<'a>;
    type PreparedKey = String;
    const ACYCLIC: bool = true;
    const KEYS_PER_LOOKUP: usize = 8;
    type StringBuffer = ();

    fn prepare_key(key: &str) -> String {
        key.to_owned()
    }

    fn with_string_node<T>((): &mut (), string: &str, f: impl FnOnce(Instance<'_>) -> T) -> T {
        f(Instance::Text(string))
    }
}

impl<'a> JsonNode<'a, TreeJson> for Instance<'a> {
    type Object = Members<'a>;
    type Array = Elements<'a>;
    type Number = Number<'a>;

    fn as_object(&self) -> Option<Members<'a>> {
        match self {
            Instance::Tree(node) if node.tag() == Tag::Map => Some(Members(*node)),
            _ => None,
        }
    }

    fn as_array(&self) -> Option<Elements<'a>> {
        match self {
            Instance::Tree(node) if node.tag() == Tag::Seq => Some(Elements(*node)),
            _ => None,
        }
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        match self {
            Instance::Tree(node) => node.as_str().map(Cow::Borrowed),
            Instance::Text(text) => Some(Cow::Borrowed(text)),
        }
    }

    fn as_number(&self) -> Option<Number<'a>> {
        match self {
            Instance::Tree(node) if matches!(node.tag(), Tag::Int | Tag::Float) => Some(Number(*node)),
            _ => None,
        }
    }

    fn as_boolean(&self) -> Option<bool> {
        match self {
            Instance::Tree(node) => node.as_bool(),
            Instance::Text(_) => None,
        }
    }

    fn is_null(&self) -> bool {
        self.json_type() == JsonType::Null
    }

    fn json_type(&self) -> JsonType {
        match self {
            Instance::Text(_) => JsonType::String,
            Instance::Tree(node) => match node.tag() {
                Tag::Null => JsonType::Null,
                Tag::Bool => JsonType::Boolean,
                Tag::Int | Tag::Float => JsonType::Number,
                Tag::Str => JsonType::String,
                Tag::Seq => JsonType::Array,
                Tag::Map => JsonType::Object,
            },
        }
    }

    fn equals_value(&self, expected: &Value) -> bool {
        match (self.as_string(), expected) {
            (Some(text), Value::String(expected)) => text == expected.as_str(),
            (Some(_), _) => false,
            (None, Value::String(_)) => false,
            _ => jsonschema::json::cmp::equal(&self.to_value(), expected),
        }
    }

    fn to_value(&self) -> Cow<'a, Value> {
        match self {
            Instance::Text(text) => Cow::Owned(Value::String((*text).to_owned())),
            Instance::Tree(node) => Cow::Owned(to_value(*node)),
        }
    }

    fn identity(&self) -> Option<NodeIdentity> {
        match self {
            Instance::Tree(node) => {
                let address = std::ptr::from_ref(node.tree()) as usize;
                Some(NodeIdentity::tagged(address, node.id().0))
            }
            Instance::Text(_) => None,
        }
    }
}

/// A copy as a JSON value. For cold paths and harmless data only: nothing is masked.
pub fn to_value(node: Node<'_>) -> Value {
    match node.tag() {
        Tag::Null => Value::Null,
        Tag::Bool => Value::Bool(node.as_bool().unwrap_or_default()),
        Tag::Int => node.as_i64().map_or(Value::Null, Value::from),
        Tag::Float => node.as_f64().map_or(Value::Null, Value::from),
        Tag::Str => Value::String(node.text().to_owned()),
        Tag::Seq => node.children().map(to_value).collect(),
        Tag::Map => {
            Value::Object(node.children().map(|child| (child.key().to_owned(), to_value(child))).collect())
        }
    }
}

pub struct Number<'a>(Node<'a>);

impl JsonNumber for Number<'_> {
    fn as_u64(&self) -> Option<u64> {
        self.0.as_i64().and_then(|i| u64::try_from(i).ok())
    }

    fn as_i64(&self) -> Option<i64> {
        self.0.as_i64()
    }

    fn as_f64(&self) -> Option<f64> {
        self.0.as_f64()
    }

    fn as_str(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_number().to_string())
    }

    fn to_number(&self) -> Cow<'_, serde_json::Number> {
        let number = match (self.0.as_i64(), self.0.as_f64()) {
            (Some(i), _) => serde_json::Number::from(i),
            (None, Some(f)) => serde_json::Number::from_f64(f).unwrap_or_else(|| serde_json::Number::from(0)),
            (None, None) => serde_json::Number::from(0),
        };
        Cow::Owned(number)
    }
}

pub struct Members<'a>(Node<'a>);

impl<'a> Object<'a, TreeJson> for Members<'a> {
    type Node = Instance<'a>;
    type MemberName = &'a str;
    type MembersIter = MembersIter<'a>;

    fn len(&self) -> usize {
        self.members().count()
    }

    fn get(&self, key: &String) -> Option<Instance<'a>> {
        self.0.get(key).map(Instance::Tree)
    }

    fn members(&self) -> MembersIter<'a> {
        MembersIter(self.0.children())
    }
}

pub struct MembersIter<'a>(crate::tree::Children<'a>);

impl<'a> Iterator for MembersIter<'a> {
    type Item = (&'a str, Instance<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let node = self.0.by_ref().find(|child| child.tag() != Tag::Null)?;
        Some((node.key(), Instance::Tree(node)))
    }
}

pub struct Elements<'a>(Node<'a>);

impl<'a> Array<'a, TreeJson> for Elements<'a> {
    type Node = Instance<'a>;
    type ElementsIter = ElementsIter<'a>;

    fn len(&self) -> usize {
        self.0.children().count()
    }

    fn elements(&self) -> ElementsIter<'a> {
        ElementsIter(self.0.children())
    }
}

pub struct ElementsIter<'a>(crate::tree::Children<'a>);

impl<'a> Iterator for ElementsIter<'a> {
    type Item = Instance<'a>;

    fn next(&mut self) -> Option<Instance<'a>> {
        self.0.next().map(Instance::Tree)
    }
}
