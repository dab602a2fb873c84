//! Types from nodes: the files that people write for duly, read with serde straight from the tree, so that what is
//! wrong with them is told with its exact place and in their authors' words.

use std::fmt::{self, Display};

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Expected, MapAccess, SeqAccess, Unexpected,
    VariantAccess, Visitor,
};

use super::node::{Children, Node, Tree};
use super::scalar::Tag;
use super::{Located, parse};
use crate::diagnostics::{Code, Diagnostic, Impact, Place, suggestion};
use crate::text::{IN_A_SENTENCE, decode, escape, named, shorten};

/// Reads a value of a type. The diagnostic has the code, and the help where none is obvious.
pub fn read<T: DeserializeOwned>(
    node: Node<'_>,
    path: &str,
    code: Code,
    help: &str,
) -> Result<T, Box<Diagnostic>> {
    T::deserialize(Typed(node)).map_err(|error| {
        let at = error.at.unwrap_or_else(|| node.label_span().start);
        let place = Place::at(path, node.tree().line_column(at));
        let help = error.help.unwrap_or_else(|| help.to_owned());
        Box::new(Diagnostic::new(code, place, error.message, help))
    })
}

/// Reads the bytes of a YAML file with one document into a type, and returns its tree too; none for a file without
/// a value. What is wrong with the file itself is an error as well.
pub fn read_file<T: DeserializeOwned>(
    path: &str,
    bytes: Vec<u8>,
    code: Code,
    help: &str,
) -> Result<(Option<T>, Tree), Vec<Diagnostic>> {
    let text = decode(bytes)
        .map_err(|e| vec![Diagnostic::new(code, Place::file(path), e.to_string(), "save it as UTF-8")])?;
    read_text(path, text, code, help)
}

/// As [`read_file`], of text.
pub fn read_text<T: DeserializeOwned>(
    path: &str,
    text: String,
    code: Code,
    help: &str,
) -> Result<(Option<T>, Tree), Vec<Diagnostic>> {
    let (tree, problems) = parse(path, text);
    if !problems.is_empty() {
        return Err(problems.into_iter().map(|p| Diagnostic { impact: Impact::Error, ..p }).collect());
    }
    if let Some(second) = tree.documents().get(1) {
        let place = tree.node(second.root).place(path);
        return Err(vec![Diagnostic::new(code, place, "a second document", "write one document a file")]);
    }
    let value = match (Located { path, tree: &tree }).root() {
        Some(root) => Some(read(root, path, code, help).map_err(|error| vec![*error])?),
        None => None,
    };
    Ok((value, tree))
}

/// Why a node is not of a type.
#[derive(Debug)]
struct Error {
    /// Offset in the text; none until it is known which node is meant.
    at: Option<u32>,
    message: String,
    help: Option<String>,
}

impl Error {
    fn new(message: String, help: Option<String>) -> Self {
        Error { at: None, message, help }
    }

    /// The innermost node that an error passes is the one that is meant.
    fn or_at(self, at: u32) -> Self {
        Error { at: self.at.or(Some(at)), ..self }
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl serde::de::Error for Error {
    fn custom<T: Display>(message: T) -> Self {
        Error::new(escape(&shorten(&message.to_string(), IN_A_SENTENCE)).into_owned(), None)
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Error::new(format!("must be {}", kind(&expected.to_string())), None)
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Error::new(format!("must be {}", kind(&expected.to_string())), None)
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        let message = format!("unknown value `{}`", escape(&shorten(variant, IN_A_SENTENCE)));
        Error::new(message, choice(variant, expected))
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Error::new(format!("unknown key{}", quoted(field)), choice(field, expected))
    }

    fn missing_field(field: &'static str) -> Self {
        Error::new(format!("missing key `{field}`"), None)
    }

    fn duplicate_field(field: &'static str) -> Self {
        Error::new(format!("duplicate key `{field}`"), None)
    }
}

fn quoted(field: &str) -> String {
    match named(field, "").as_str() {
        "" => String::new(),
        shown => format!(" {shown}"),
    }
}

fn choice(word: &str, known: &[&str]) -> Option<String> {
    let close = suggestion(word, known.iter().copied()).map(|close| format!("did you mean `{close}`?"));
    close.or_else(|| (!known.is_empty()).then(|| format!("known here: {}", known.join(", "))))
}

/// What is expected, for the word that a type has for it.
fn kind(expected: &str) -> String {
    let wanted = expected.trim_start_matches("a ").trim_start_matches("an ");
    let first = wanted.split([' ', ',']).next().unwrap_or_default();
    match first {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, 0 or more",
        "i8" | "i16" | "i32" | "i64" | "isize" | "integer" => "a whole number",
        "f32" | "f64" | "float" => "a number",
        "bool" | "boolean" => "true or false",
        "string" | "str" | "borrowed" => "a text",
        "sequence" | "tuple" => "a list",
        "map" | "struct" => "a mapping",
        "variant" | "enum" | "unit" => "one of the words that are known here",
        // A type that says in its own words what it expects.
        _ => expected,
    }
    .to_owned()
}

/// A node as serde reads it.
#[derive(Clone, Copy)]
struct Typed<'t>(Node<'t>);

impl Typed<'_> {
    fn start(self) -> u32 {
        self.0.label_span().start
    }

    fn unexpected(self, expected: &dyn Expected) -> Error {
        <Error as serde::de::Error>::invalid_type(Unexpected::Unit, expected).or_at(self.start())
    }
}

impl<'de> Deserializer<'de> for Typed<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let node = self.0;
        let value = match node.tag() {
            Tag::Null => visitor.visit_unit(),
            Tag::Bool => visitor.visit_bool(node.as_bool().unwrap_or_default()),
            Tag::Int => match node.as_i64() {
                Some(number) if number >= 0 => visitor.visit_u64(number as u64),
                Some(number) => visitor.visit_i64(number),
                None => visitor.visit_borrowed_str(node.text()),
            },
            Tag::Float => visitor.visit_f64(node.as_f64().unwrap_or_default()),
            Tag::Str => visitor.visit_borrowed_str(node.text()),
            Tag::Seq => visitor.visit_seq(Elements(node.children())),
            Tag::Map => visitor.visit_map(Members { children: node.children(), value: None }),
        };
        value.map_err(|error| error.or_at(self.start()))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0.tag() {
            Tag::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    /// Plain scalars are the text that they were written as.
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0.tag() {
            Tag::Null | Tag::Seq | Tag::Map => Err(self.unexpected(&visitor)),
            _ => visitor.visit_borrowed_str(self.0.text()).map_err(|error: Error| error.or_at(self.start())),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        // A list would be taken for the values of the fields in their order.
        if self.0.tag() == Tag::Map { self.deserialize_any(visitor) } else { Err(self.unexpected(&visitor)) }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.0.tag() {
            Tag::Null | Tag::Seq => Err(self.unexpected(&visitor)),
            _ => visitor.visit_enum(self).map_err(|error| error.or_at(self.start())),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct seq tuple
        tuple_struct map ignored_any
    }
}

/// The elements of a list.
struct Elements<'t>(Children<'t>);

impl<'de> SeqAccess<'de> for Elements<'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        let Some(node) = self.0.next() else { return Ok(None) };
        let typed = Typed(node);
        seed.deserialize(typed).map(Some).map_err(|error| error.or_at(typed.start()))
    }
}

/// The members of a mapping.
struct Members<'t> {
    children: Children<'t>,
    value: Option<Node<'t>>,
}

impl<'de> MapAccess<'de> for Members<'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let Some(node) = self.children.next() else { return Ok(None) };
        self.value = Some(node);
        let key: StrDeserializer<'_, Error> = StrDeserializer::new(node.key());
        seed.deserialize(key).map(Some).map_err(|error| error.or_at(node.key_span().start))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let Some(node) = self.value.take() else {
            return Err(Error::new("a value is missing".to_owned(), None));
        };
        let typed = Typed(node);
        seed.deserialize(typed).map_err(|error| error.or_at(typed.start()))
    }
}

impl<'de> EnumAccess<'de> for Typed<'de> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Error> {
        // A variant with content is the only member of a mapping.
        let (name, content) = match self.0.tag() {
            Tag::Map => match self.0.children().next() {
                Some(member) => (member.key(), member),
                None => {
                    return Err(Error::new("must be one of the words that are known here".to_owned(), None));
                }
            },
            _ => (self.0.text(), self.0),
        };
        let name: StrDeserializer<'_, Error> = StrDeserializer::new(name);
        let variant = seed.deserialize(name)?;
        Ok((variant, Typed(content)))
    }
}

impl<'de> VariantAccess<'de> for Typed<'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_any(visitor)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        version: String,
        days: Option<u32>,
        #[serde(default)]
        level: Level,
        #[serde(default)]
        items: Vec<Item>,
        #[serde(default)]
        any: BTreeMap<String, serde_json::Value>,
    }

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    enum Level {
        #[default]
        Low,
        VeryHigh,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Item {
        id: String,
    }

    fn error(text: &str) -> (u32, u32, String, String) {
        match read_text::<File>("f.yaml", text.to_owned(), Code::Configuration, "see the guide") {
            Ok(read) => panic!("{read:?}"),
            Err(errors) => {
                let error = &errors[0];
                assert_eq!((error.impact, error.place.path.as_str()), (Impact::Error, "f.yaml"));
                (error.place.line, error.place.column, error.message.clone(), error.help.clone())
            }
        }
    }

    #[test]
    fn values_are_read_as_they_were_written() {
        let text = "version: 1.10\ndays: ~\nlevel: very-high\nitems: [{id: 021}]\n\
                    any: {a: 007, b: 1.5, c: [true, null], d: {e: -3}}\n";
        let (file, _) = read_text::<File>("f", text.to_owned(), Code::Configuration, "").expect("a file");
        let any = serde_json::json!({"a": "007", "b": 1.5, "c": [true, null], "d": {"e": -3}});
        let wanted = File {
            version: "1.10".to_owned(),
            days: None,
            level: Level::VeryHigh,
            items: vec![Item { id: "021".to_owned() }],
            any: serde_json::from_value(any).expect("a map"),
        };
        assert_eq!(file, Some(wanted));
        let none = read_text::<File>("f", "# nothing\n".to_owned(), Code::Configuration, "");
        assert!(matches!(none, Ok((None, _))));
    }

    #[test]
    fn what_is_wrong_is_told_where_it_stands() {
        let cases = [
            ("version: a\nleven: 3\n", 2, 1, "unknown key `leven`", "did you mean `level`?"),
            (
                "version: a\nlevel: very-hihg\n",
                2,
                8,
                "unknown value `very-hihg`",
                "did you mean `very-high`?",
            ),
            ("version: a\nitems:\n  - id: x\n  - idd: y\n", 4, 5, "unknown key `idd`", "did you mean `id`?"),
            ("version: a\nitems:\n  - {}\n", 3, 5, "missing key `id`", "see the guide"),
            ("version: a\ndays: soon\n", 2, 7, "must be a whole number, 0 or more", "see the guide"),
            ("version: a\ndays: -1\n", 2, 7, "must be a whole number, 0 or more", "see the guide"),
            ("version: [a]\n", 1, 1, "must be a text", "see the guide"),
            ("version:\n", 1, 1, "must be a text", "see the guide"),
            ("version: a\nitems: x\n", 2, 8, "must be a list", "see the guide"),
            (
                "version: a\nlevel: []\n",
                2,
                1,
                "must be one of the words that are known here",
                "see the guide",
            ),
            ("- a\n", 1, 1, "must be a mapping", "see the guide"),
            ("version: a\n---\nversion: b\n", 3, 1, "a second document", "write one document a file"),
        ];
        for (text, line, column, message, help) in cases {
            assert_eq!(error(text), (line, column, message.to_owned(), help.to_owned()), "{text}");
        }
    }
}
