//! What functions are called with, and what they give.

use super::super::value::{Failure, Item, Value};

/// What a function gives.
pub(super) type Answer<'a> = Result<Value<'a>, Failure>;

/// Known arguments, as many and of such types as the signature says; where a type is known only now, asking for it
/// can fail.
#[derive(Clone, Copy)]
pub(super) struct Arguments<'v, 'a>(&'v [Value<'a>]);

impl<'v, 'a> Arguments<'v, 'a> {
    pub(super) fn new(values: &'v [Value<'a>]) -> Self {
        Arguments(values)
    }

    pub(super) fn get(self, i: usize) -> Result<&'v Value<'a>, Failure> {
        self.0.get(i).ok_or(Failure::Type("a missing argument"))
    }

    pub(super) fn text(self, i: usize) -> Result<&'v str, Failure> {
        let value = self.get(i)?;
        value.as_text().ok_or(Failure::Type(value.type_name()))
    }

    pub(super) fn int(self, i: usize) -> Result<i64, Failure> {
        match self.get(i)? {
            Value::Int(int) => Ok(*int),
            other => Err(Failure::Type(other.type_name())),
        }
    }

    pub(super) fn item(self, i: usize) -> Result<Item<'a>, Failure> {
        match self.get(i)? {
            Value::Item(item) => Ok(*item),
            other => Err(Failure::Type(other.type_name())),
        }
    }
}
