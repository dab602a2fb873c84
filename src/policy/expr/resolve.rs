//! Calls of functions: from a name and checked arguments to the function that is evaluated.

use std::collections::BTreeSet;

use super::ast::{Expr, Function, Literal};
use super::error::Error;
use super::plan::{IndexPlan, address};
use super::signature::Name;
use super::syntax::Node;
use super::types::Type;
use crate::diagnostics::did_you_mean;
use crate::records::{Catalog, KindId, PeopleIndex};

/// A call whose arguments are as many and of such types as the signature says.
pub(super) struct Call<'c> {
    pub catalog: &'c Catalog,
    pub plan: &'c mut IndexPlan,
    /// Where the shapes of the fields stand that the expression names.
    pub fields: &'c mut BTreeSet<usize>,
    pub at: &'c Node,
    /// All arguments as they are written.
    pub arguments: &'c [&'c Node],
    /// Those in front that are written out as texts.
    pub words: Vec<String>,
    /// The others, and their types.
    pub values: Vec<Expr>,
    pub types: Vec<Type>,
}

impl Name {
    /// Whether what it gives rests on records, whatever its arguments are.
    pub(super) fn reads_records(self) -> bool {
        matches!(
            self,
            Name::Count | Name::Known | Name::Lookup | Name::People | Name::Related | Name::RelatedWithin
        )
    }
}

type Resolved = Result<(Function, Type), Error>;

impl Call<'_> {
    /// The function and the type of its result.
    pub(super) fn resolve(&mut self, name: Name) -> Resolved {
        Ok(match name {
            Name::AddDays => (Function::AddDays, Type::Date),
            Name::AddressKey => (Function::AddressKey, Type::text()),
            Name::AgeDays => (Function::AgeDays, Type::Int),
            Name::BuildingKey => (Function::BuildingKey, Type::text()),
            Name::Contains => (Function::Contains, Type::Bool),
            Name::Count => (Function::Count(self.kind()?), Type::Int),
            Name::Date => (Function::Date, Type::Date),
            Name::DatedBetween => (Function::DatedBetween, Type::Bool),
            Name::DaysBetween => (Function::DaysBetween, Type::Int),
            Name::DistanceKm => (Function::DistanceKm, Type::Number),
            Name::Distinct => (Function::Distinct, self.type_of(0)),
            Name::DocumentUses => (Function::DocumentUses, Type::List(Box::new(Type::text()))),
            Name::DocumentsAt => (Function::DocumentsAt, Type::List(Box::new(Type::text()))),
            Name::DocumentKeys => (Function::DocumentKeys, Type::List(Box::new(Type::text()))),
            Name::EndsWith => (Function::EndsWith, Type::Bool),
            Name::EvidenceOk => (Function::EvidenceOk, Type::Bool),
            Name::InNetworks => (Function::InNetworks(self.list()), Type::Bool),
            Name::IpIn => (Function::IpIn, Type::Bool),
            Name::Known => (Function::Known(self.kind()?), Type::Bool),
            Name::Listed => (Function::Listed(self.list()), Type::Bool),
            Name::Lookup => self.lookup()?,
            Name::LowerAscii => (Function::LowerAscii, Type::text()),
            Name::Matches => self.matches()?,
            Name::Max => (Function::Max, self.ordered()?),
            Name::Min => (Function::Min, self.ordered()?),
            Name::FirmKey => (Function::FirmKey, Type::text()),
            Name::MixesScripts => (Function::MixesScripts, Type::Bool),
            Name::SpelledAlike => (Function::SpelledAlike, Type::text()),
            Name::Names => (Function::Names, Type::Bool),
            Name::Near => self.near()?,
            Name::People => self.people()?,
            Name::PlaceKey => self.place_key()?,
            Name::Recorded => (Function::Recorded, Type::Bool),
            Name::Related => self.related()?,
            Name::RelatedWithin => self.related_within()?,
            Name::RoutingChecksumOk => (Function::RoutingChecksumOk, Type::Bool),
            Name::RoutingNumberOk => (Function::RoutingNumberOk, Type::Bool),
            Name::SamePerson => (Function::SamePerson, Type::Bool),
            Name::Size => self.size()?,
            Name::StartsWith => (Function::StartsWith, Type::Bool),
        })
    }

    /// An argument as it is written.
    fn written(&self, argument: usize) -> &Node {
        self.arguments.get(argument).copied().unwrap_or(self.at)
    }

    fn word(&self, i: usize) -> String {
        self.words.get(i).cloned().unwrap_or_default()
    }

    /// The reference list that the first argument names.
    fn list(&mut self) -> String {
        let name = self.word(0);
        self.plan.list(name)
    }

    fn type_of(&self, value: usize) -> Type {
        self.types.get(value).cloned().unwrap_or(Type::Any)
    }

    /// The kind that the first argument names.
    fn kind(&self) -> Result<KindId, Error> {
        let word = self.word(0);
        self.catalog.find(&word).ok_or_else(|| {
            let all = || format!("kinds: {}", self.catalog.names().collect::<Vec<_>>().join(", "));
            let help = did_you_mean(&word, self.catalog.names(), all);
            self.written(0).error(format!("there is no kind `{word}`"), help)
        })
    }

    fn record_of(&self, kind: KindId) -> Type {
        Type::Object(self.catalog.get(kind).shape.clone())
    }

    fn lookup(&self) -> Resolved {
        let kind = self.kind()?;
        Ok((Function::Lookup(kind), self.record_of(kind)))
    }

    /// The kind, and that it has the fields that are named behind it.
    fn kind_with_fields(&mut self) -> Result<KindId, Error> {
        let kind = self.kind()?;
        let shape = &self.catalog.get(kind).shape;
        let name = self.word(0);
        for (i, field) in self.words.iter().enumerate().skip(1) {
            // Each step of the path is named.
            let steps = field.match_indices('.').map(|(at, _)| &field[..at]).chain([field.as_str()]);
            for step in steps.filter_map(|step| shape.at(step)) {
                self.plan.names(step);
                self.fields.insert(address(step));
            }
            if shape.at(field).is_none() {
                let message = format!("`{name}` has no field `{field}`");
                return self.written(i).refuse(message, format!("`duly schema {name}` lists them"));
            }
        }
        Ok(kind)
    }

    fn people(&mut self) -> Resolved {
        let Some(kind) = self.catalog.find("worker") else {
            return self.at.refuse("there is no kind `worker`", "people are the records of that kind");
        };
        for field in PeopleIndex::FIELDS {
            if let Some(shape) = self.catalog.get(kind).shape.at(field) {
                self.plan.names(shape);
                self.fields.insert(address(shape));
            }
        }
        self.plan.people(kind);
        Ok((Function::People(kind), Type::list(self.record_of(kind))))
    }

    fn related(&mut self) -> Resolved {
        let kind = self.kind_with_fields()?;
        let index = self.plan.field(kind, &self.word(1));
        Ok((Function::Related(index), Type::list(self.record_of(kind))))
    }

    fn related_within(&mut self) -> Resolved {
        let kind = self.kind_with_fields()?;
        let index = self.plan.dated(kind, &self.word(1), &self.word(2));
        Ok((Function::RelatedWithin(index), Type::list(self.record_of(kind))))
    }

    fn near(&mut self) -> Resolved {
        let kind = self.kind()?;
        let shape = &self.catalog.get(kind).shape;
        if shape.field("latitude").is_none() || shape.field("longitude").is_none() {
            let message = format!("`{}` has no latitude and longitude", self.word(0));
            return self.written(0).refuse(message, "name a kind with a position, such as geolocation");
        }
        self.fields.extend(["latitude", "longitude"].iter().filter_map(|field| shape.at(field)).map(address));
        Ok((Function::Near(self.plan.place(kind)), Type::list(self.record_of(kind))))
    }

    fn place_key(&mut self) -> Resolved {
        const HELP: &str = "place_key('kind', record, 100)";
        let kind = self.kind()?;
        let Some(Expr::Literal(Literal::Int(metres @ 1..=1000))) = self.values.pop() else {
            return self.written(2).refuse("the metres must be written out, from 1 to 1000", HELP);
        };
        if self.type_of(0) != self.record_of(kind) {
            let message = format!("this is not a record of the kind `{}`", self.word(0));
            return self.written(1).refuse(message, HELP);
        }
        Ok((Function::PlaceKey(self.plan.cluster(kind, metres)), Type::text()))
    }

    fn size(&self) -> Resolved {
        match self.type_of(0) {
            Type::List(_) | Type::Text(_) | Type::Any => Ok((Function::Size, Type::Int)),
            other => self.at.refuse(format!("{other} has no size"), "lists and texts have one"),
        }
    }

    fn matches(&mut self) -> Resolved {
        let Some(Expr::Literal(Literal::Text(pattern))) = self.values.pop() else {
            return self.written(1).refuse("the expression must be written out", "text.matches('regex')");
        };
        let regex = self.plan.regex(&pattern).map_err(|_| {
            self.written(1).error("not a regular expression", "the syntax is that of the regex crate")
        })?;
        Ok((Function::Matches(regex), Type::Bool))
    }

    /// The type of the elements of a list, which must have an order.
    fn ordered(&self) -> Result<Type, Error> {
        let item = match self.type_of(0) {
            Type::List(item) => *item,
            _ => Type::Any,
        };
        if item.is_numeric() || item.is_text() {
            return Ok(item);
        }
        self.at.refuse(format!("{item} has no order"), "numbers and dates have one")
    }
}
