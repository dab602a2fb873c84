//! The kinds an audit knows: the native ones and those a policy pack brings.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use serde_json::Value;

use super::defaults::Defaults;
pub use super::kind_id::KindId;
use super::kinds;
use super::shape::{self, Field, FieldType, Shape};
use super::validate::{TreeValidator, compile};

/// A kind with its schema.
#[derive(Debug)]
pub struct KindDefinition {
    pub name: String,
    /// The heading it is listed under.
    pub group: String,
    pub schema: Value,
    pub shape: Arc<Shape>,
    /// Dotted path of the field that holds the id; `id` unless a pack says otherwise.
    pub id_field: String,
    naming: OnceLock<Vec<usize>>,
    validator: OnceLock<Result<TreeValidator, String>>,
}

impl KindDefinition {
    fn new(name: &str, group: &str, schema: Value) -> Self {
        let id_field = schema.get("x-duly-id").and_then(Value::as_str).unwrap_or("id").to_owned();
        KindDefinition {
            name: name.to_owned(),
            group: group.to_owned(),
            shape: Arc::new(Shape::of(&schema)),
            naming: OnceLock::new(),
            schema,
            id_field,
            validator: OnceLock::new(),
        }
    }

    /// The fields of a record itself, no object's, that name other records, alone or in a list.
    pub fn naming_fields(&self) -> impl Iterator<Item = &Field> {
        fn names(shape: &Shape) -> bool {
            match &shape.form {
                FieldType::List(items) => names(items),
                FieldType::Object(fields) => fields.iter().any(|field| names(&field.shape)),
                _ => shape.reference.is_some(),
            }
        }
        let fields = self.shape.fields();
        let find = || {
            let own =
                |field: &Field| !matches!(field.shape.form, FieldType::Object(_)) && names(&field.shape);
            (0..fields.len()).filter(|&i| own(&fields[i])).collect()
        };
        self.naming.get_or_init(find).iter().map(|&i| &fields[i])
    }

    /// The compiled schema, compiled when first asked for.
    pub fn validator(&self) -> Result<&TreeValidator, &str> {
        self.validator.get_or_init(|| compile(&self.schema)).as_ref().map_err(String::as_str)
    }

    /// What keeps the schema from being used for records, each in one sentence.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = shape::unknown_marks(&self.schema);
        let id = self.shape.at(&self.id_field).filter(|s| matches!(s.form, FieldType::Text { .. }));
        match id {
            Some(shape) if shape.is_shown() => {}
            Some(_) => faults.push(format!(
                "`{}`, the id, is marked as personal data or cannot be followed; ids name records in every report",
                self.id_field
            )),
            None => faults.push(format!("`{}`, the id, must be described as text", self.id_field)),
        }
        faults
    }

    /// The name a policy uses for a record of this kind: `remote_access_rules`.
    pub fn variable(&self) -> String {
        self.name.replace('-', "_").to_lowercase()
    }
}

/// All kinds of an audit.
#[derive(Debug)]
pub struct Catalog {
    kinds: Vec<KindDefinition>,
    by_name: BTreeMap<String, KindId>,
    defaults: Defaults,
}

impl Catalog {
    /// The native kinds and those a pack brings. Fails when two have one name.
    pub fn new(extra: Vec<(String, Value)>) -> Result<Self, String> {
        let mut kinds: Vec<KindDefinition> = kinds::KINDS
            .iter()
            .map(|kind| KindDefinition::new(kind.name, kind.group, Value::from(kind.schema())))
            .collect();
        for (name, schema) in extra {
            if kinds.iter().any(|k| k.name == name) {
                return Err(format!("the record kind `{name}` is defined twice"));
            }
            kinds.push(KindDefinition::new(&name, "pack", schema));
        }
        kinds.sort_by(|a, b| a.name.cmp(&b.name));
        let by_name = kinds.iter().enumerate().map(|(i, k)| (k.name.clone(), KindId(i as u16))).collect();
        Ok(Catalog { kinds, by_name, defaults: Defaults::default() })
    }

    /// The same kinds with defaults for what records leave out.
    pub fn with_defaults(self, defaults: Defaults) -> Self {
        Catalog { defaults, ..self }
    }

    /// What fields have where a record leaves them out.
    pub fn defaults(&self) -> &Defaults {
        &self.defaults
    }

    pub fn find(&self, name: &str) -> Option<KindId> {
        self.by_name.get(name).copied()
    }

    /// The kind that has this shape.
    pub fn kind_of(&self, shape: &Arc<Shape>) -> Option<KindId> {
        self.iter().find(|(_, kind)| Arc::ptr_eq(&kind.shape, shape)).map(|(id, _)| id)
    }

    pub fn get(&self, id: KindId) -> &KindDefinition {
        &self.kinds[usize::from(id.0)]
    }

    pub fn iter(&self) -> impl Iterator<Item = (KindId, &KindDefinition)> {
        self.kinds.iter().enumerate().map(|(i, k)| (KindId(i as u16), k))
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.kinds.iter().map(|k| k.name.as_str())
    }
}
