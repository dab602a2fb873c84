//! Which fields of records the checks of policies read, so that a person can be told what to write down.

use super::check::{Check, Form};
use super::expr::Expression;
use super::set::PolicySet;
use crate::records::{Class, Field, FieldType, KindId, Shape};

/// A field of a kind, with what reads it.
#[derive(Debug)]
pub struct AskedField<'p> {
    pub field: &'p Field,
    /// Its path in the record, without the brackets of lists: `identity.document_type`.
    pub path: String,
    /// Whether a check in use reads it, or one of the fields in it.
    pub is_asked: bool,
    /// Whether a check in use requires something of it in the records that it looks at.
    pub is_required: bool,
    /// The first profile with a check that reads it; none where no check does, or the pack has no profiles.
    pub profile: Option<&'p str>,
    /// The fields in it, or in the elements of a list.
    pub fields: Vec<AskedField<'p>>,
}

/// What reads a field, as far as it is known.
#[derive(Debug, Clone, Copy, Default)]
struct Reading {
    is_read: bool,
    is_asked: bool,
    is_required: bool,
    /// Index of a profile in its pack.
    profile: Option<usize>,
}

impl Reading {
    fn and(self, other: Reading) -> Reading {
        let earlier = |a: Option<usize>, b: Option<usize>| match (a, b) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        Reading {
            is_read: self.is_read || other.is_read,
            is_asked: self.is_asked || other.is_asked,
            is_required: self.is_required || other.is_required,
            profile: earlier(self.profile, other.profile),
        }
    }
}

/// An expression of a check or measure, and what reading a field in it means.
struct Reader<'p> {
    expression: &'p Expression,
    reading: Reading,
    /// The kind that it requires something of.
    requires_of: Option<KindId>,
}

/// The fields that the elements of a list, or an object, have.
fn inside(shape: &Shape) -> &[Field] {
    match &shape.form {
        FieldType::List(items) => inside(items),
        FieldType::Object(fields) => fields,
        _ => &[],
    }
}

impl Check {
    /// What decides the outcome of a record in its scope.
    pub fn requirements(&self) -> impl Iterator<Item = &Expression> {
        let all = match &self.form {
            Form::Each(subject) => [Some(&subject.require), subject.fresh.as_ref(), None],
            Form::Exists { matching, fresh, binding, .. } => {
                [matching.as_ref(), fresh.as_ref(), binding.as_deref().map(|b| &b.binds)]
            }
            Form::Schema { .. } | Form::Attest { .. } => [None; 3],
        };
        all.into_iter().flatten()
    }
}

impl PolicySet {
    /// Every field of a kind, with what reads it.
    pub fn asked(&self, kind: KindId) -> Vec<AskedField<'_>> {
        let mut readers = Vec::new();
        for (pack, measure) in self.measures() {
            let asked = measure.checks.iter().map(|check| (check, true));
            let left_out = measure.left_out.iter().map(|check| (check, false));
            for (check, is_asked) in asked.chain(left_out) {
                // One that names none has the last.
                let position = |id: &String| pack.profiles.iter().position(|profile| profile.id == *id);
                let last = pack.profiles.len().checked_sub(1);
                let profile = check.profile.as_ref().map_or(last, position);
                let reading = Reading { is_read: true, is_asked, is_required: false, profile };
                let requires_of = check.form.kind().filter(|_| is_asked);
                let plain = |expression| Reader { expression, reading, requires_of: None };
                readers.extend(check.expressions().map(plain));
                let required = |expression| Reader { expression, reading, requires_of };
                readers.extend(check.requirements().map(required));
            }
            if let Some((expression, _)) = measure.applicable.as_ref().filter(|_| !measure.checks.is_empty())
            {
                let reading = Reading { is_read: true, is_asked: true, ..Reading::default() };
                readers.push(Reader { expression, reading, requires_of: None });
            }
        }
        self.asked_in(kind, &self.catalog.get(kind).shape, "", &readers)
    }

    /// The fields of a kind that expressions read, without those that stand for what is in them.
    pub fn read_by<'p, 'e>(
        &'p self,
        kind: KindId,
        expressions: impl Iterator<Item = &'e Expression>,
    ) -> Vec<AskedField<'p>> {
        let reading = Reading { is_read: true, is_asked: true, ..Reading::default() };
        let readers: Vec<Reader<'_>> =
            expressions.map(|expression| Reader { expression, reading, requires_of: None }).collect();
        let mut found = Vec::new();
        leaves(self.asked_in(kind, &self.catalog.get(kind).shape, "", &readers), &mut found);
        found
    }

    fn asked_in<'p>(
        &'p self,
        kind: KindId,
        shape: &'p Shape,
        path: &str,
        readers: &[Reader<'_>],
    ) -> Vec<AskedField<'p>> {
        let of_field = |field: &'p Field| {
            let path = if path.is_empty() { field.name.clone() } else { format!("{path}.{}", field.name) };
            let of_elements = |shape: &Shape, reader: &Reader<'_>| match &shape.form {
                FieldType::List(items) => reader.expression.reads(items),
                _ => false,
            };
            let by = readers
                .iter()
                .filter(|r| r.expression.reads(&field.shape) || of_elements(&field.shape, r))
                .map(|r| Reading { is_required: r.requires_of == Some(kind), ..r.reading })
                .fold(Reading::default(), Reading::and);
            let mut fields = match inside(&field.shape).is_empty() {
                true => Vec::new(),
                false => self.asked_in(kind, elements(&field.shape), &path, readers),
            };
            // What takes an object as a whole reads all that is in it.
            if by.is_read && !fields.iter().any(|inner| inner.profile.is_some() || inner.is_asked) {
                // Of a document, where it is kept and its hash.
                let is_document = fields.iter().any(|inner| inner.field.shape.evidence);
                let names = |inner: &AskedField<'_>| {
                    let shape = &inner.field.shape;
                    !is_document || shape.evidence || shape.sensitive == Some(Class::Hash)
                };
                fields.iter_mut().filter(|inner| names(inner)).for_each(|inner| self.mark(inner, by));
            }
            let profile = by.profile.or_else(|| self.first(fields.iter().filter_map(|f| f.profile)));
            AskedField {
                field,
                path,
                is_asked: by.is_asked || fields.iter().any(|inner| inner.is_asked),
                is_required: by.is_required || fields.iter().any(|inner| inner.is_required),
                profile: profile.and_then(|i| self.profile_name(i)),
                fields,
            }
        };
        shape.fields().iter().map(of_field).collect()
    }

    fn mark<'p>(&'p self, field: &mut AskedField<'p>, by: Reading) {
        field.is_asked = by.is_asked;
        field.is_required = by.is_required && field.field.required;
        field.profile = by.profile.and_then(|i| self.profile_name(i));
        field.fields.iter_mut().for_each(|inner| self.mark(inner, by));
    }

    fn profile_name(&self, index: usize) -> Option<&str> {
        self.packs.iter().find_map(|pack| pack.profiles.get(index)).map(|profile| profile.id.as_str())
    }

    /// The first of profiles by name.
    fn first<'n>(&self, names: impl Iterator<Item = &'n str>) -> Option<usize> {
        let index = |name: &str| {
            self.packs.iter().find_map(|pack| pack.profiles.iter().position(|profile| profile.id == name))
        };
        names.filter_map(index).min()
    }
}

/// The shape of an object, or of the elements of a list.
fn elements(shape: &Shape) -> &Shape {
    match &shape.form {
        FieldType::List(items) => elements(items),
        _ => shape,
    }
}

/// The innermost of the fields that are read. A document is one, and so is what is read as a whole, such as an address.
fn leaves<'p>(fields: Vec<AskedField<'p>>, found: &mut Vec<AskedField<'p>>) {
    for mut field in fields.into_iter().filter(|field| field.is_asked) {
        let is_document = field.fields.iter().any(|inner| inner.field.shape.evidence);
        let asked = field.fields.iter().filter(|inner| inner.is_asked).count();
        match is_document || asked == 0 || (asked > 2 && asked == field.fields.len()) {
            true => found.push(field),
            false => leaves(std::mem::take(&mut field.fields), found),
        }
    }
}
