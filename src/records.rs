//! Records: the fact-bearing objects of a repository.
//!
//! A *kind* is a name with a JSON Schema. A *record* is an object of a kind with an id. A *record
//! set* is every record of an audit, in the order of kind and id, with the indexes that lookups and
//! joins use.

mod admit;
mod catalog;
mod defaults;
mod index;
mod kind_id;
pub mod kinds;
mod mask;
mod members;
mod people;
mod set;
mod shape;
mod spelling;
mod stated_defaults;
mod unchanged;
mod validate;

pub use admit::{Admission, Admitted, EvidenceDocument, NamesKind, Reference};
pub use catalog::{Catalog, KindDefinition, KindId};
pub use defaults::{Defaults, FieldDefault, KEY as DEFAULTS_KEY, StatedDefaults};
pub use index::{ClusterIndex, DatedIndex, FieldIndex, PlaceIndex, Position, haversine_km};
pub use mask::{WITHHELD, cover, is_plausible_id, mask, show};
pub use members::Slot;
pub use people::PeopleIndex;
pub use set::{Record, RecordRef, RecordSet, Source};
pub use shape::{Class, Field, FieldType, Format, Shape};
pub use spelling::Spelling;
pub(crate) use spelling::says_nothing;
pub use stated_defaults::read_defaults;
pub use unchanged::{says_the_same, unchanged};
pub use validate::{TreeValidator, Violation, compile, to_value, violations};
