//! An index over people: whom a text names.

use std::collections::HashMap;

use super::catalog::KindId;
use super::index::FieldIndex;
use super::set::{RecordRef, RecordSet};
use crate::text::names::{Meant, Mention, Person, mentions};

/// Records of people by everything that can name them.
#[derive(Debug, Default)]
pub struct PeopleIndex {
    /// By key: its first letter says what the rest is.
    records: HashMap<Box<str>, Vec<RecordRef>>,
    names: HashMap<RecordRef, Person>,
}

/// What a key says, and its first letter.
const HANDLE: char = 'h';
const USUAL_ACCOUNT: char = 'u';
const WHOLE_NAME: char = 'n';
const FAMILY: char = 'f';
const INITIALS: char = 'i';

fn key(sort: char, text: &str) -> String {
    let mut key = String::with_capacity(1 + text.len());
    key.push(sort);
    key.push_str(text);
    key
}

impl PeopleIndex {
    /// The fields of a person that names are taken from.
    pub const FIELDS: [&str; 4] = ["id", "name", "accounts", "email"];

    pub fn build(set: &RecordSet, kind: KindId) -> Self {
        let mut index = PeopleIndex::default();
        for record in set.of_kind(kind) {
            for key in keys_of(set, record, person_of(set, record).as_ref()) {
                let records = index.records.entry(key.into()).or_default();
                if records.last() != Some(&record) {
                    records.push(record);
                }
            }
            if let Some(person) = person_of(set, record) {
                index.names.insert(record, person);
            }
        }
        index
    }

    /// The keys under which a record stands.
    pub fn keys_of(set: &RecordSet, record: RecordRef) -> Vec<String> {
        keys_of(set, record, person_of(set, record).as_ref())
    }

    /// The people that a text names, in the order of their ids. `looked_at` is told every key that matters.
    pub fn get(&self, text: &str, looked_at: &mut impl FnMut(&str)) -> Vec<RecordRef> {
        let mut found: Vec<RecordRef> = Vec::new();
        let mut all = |sort: char, text: &str| {
            let key = key(sort, text);
            looked_at(&key);
            self.records.get(key.as_str()).map_or(&[][..], Vec::as_slice)
        };
        mentions(text, &mut |mention| {
            let before = found.len();
            match mention {
                Mention::Handle(handle) => found.extend(all(HANDLE, handle)),
                Mention::UsualAccount(account) => found.extend(all(USUAL_ACCOUNT, account)),
                Mention::Initials(initials) => {
                    if let [one] = all(INITIALS, initials) {
                        found.push(*one);
                    }
                }
                Mention::Key(name) => found.extend(all(WHOLE_NAME, name)),
                Mention::Family(family, meant) => {
                    let is = |record: &&RecordRef| {
                        self.names.get(record).is_some_and(|name| meant.is(name, family))
                    };
                    let meant_by: Vec<RecordRef> = all(FAMILY, family).iter().filter(is).copied().collect();
                    if *meant != Meant::Only || meant_by.len() == 1 {
                        found.extend(meant_by);
                    }
                }
            }
            found.len() > before
        });
        found.sort_unstable();
        found.dedup();
        found
    }
}

fn text_of<'s>(set: &'s RecordSet, record: RecordRef, field: &str) -> Option<&'s str> {
    set.root(record).get(field).filter(|node| !node.is_invalid())?.as_str()
}

fn person_of(set: &RecordSet, record: RecordRef) -> Option<Person> {
    text_of(set, record, "name").map(Person::of)
}

fn keys_of(set: &RecordSet, record: RecordRef, person: Option<&Person>) -> Vec<String> {
    let mut keys = vec![key(HANDLE, &set.get(record).id.to_lowercase())];
    if let Some(email) = text_of(set, record, "email") {
        keys.push(key(HANDLE, &email.to_lowercase()));
    }
    FieldIndex::values_of(set, record, "accounts", &mut |account| {
        let account = account.to_lowercase();
        // With and without a domain.
        let bare =
            account.split('@').next().and_then(|bare| bare.rsplit(['\\', '/']).next()).unwrap_or_default();
        if bare.len() < account.len() && !bare.is_empty() {
            keys.push(key(HANDLE, bare));
        }
        keys.push(key(HANDLE, &account));
    });
    if let Some(person) = person {
        keys.extend(Some(key(WHOLE_NAME, &person.key)).filter(|_| !person.key.is_empty()));
        keys.extend(person.families().map(|family| key(FAMILY, family)));
        keys.extend(person.initials().map(|initials| key(INITIALS, &initials)));
        keys.extend(person.usual_account().map(|account| key(USUAL_ACCOUNT, &account)));
    }
    keys
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::records::{Catalog, Record, Source};
    use crate::tree;

    const PEOPLE: &str = "
- { kind: worker, id: W-3003, name: Tomas Vega, accounts: [tvega], email: tomas.vega@mail.example }
- { kind: worker, id: W-3004, name: Naomi Feldt, accounts: ['nfeldt@corp.example'] }
- { kind: worker, id: W-3005, name: Anna Vega }
- { kind: worker, id: W-3006, name: 'Álvaro de la Cruz', accounts: [maya] }
- { kind: worker, id: W-3007, name: Maya Trent }
";

    fn people() -> (RecordSet, PeopleIndex) {
        let catalog = Arc::new(Catalog::new(Vec::new()).expect("the native kinds"));
        let kind = catalog.find("worker").expect("workers");
        let (tree, problems) = tree::parse("f.yaml", PEOPLE.to_owned());
        assert!(problems.is_empty(), "{problems:?}");
        let record = |root: tree::Node<'_>| Record {
            kind,
            id: root.get("id").map_or("", |id| id.text()).into(),
            source: 0,
            root: root.id(),
            ambiguous: false,
        };
        let records = tree.node(tree.documents()[0].root).children().map(record).collect();
        let sources = vec![Source { path: "f.yaml".to_owned(), tree: Arc::new(tree) }];
        let (set, _) = RecordSet::new(catalog, sources, records);
        let index = PeopleIndex::build(&set, kind);
        (set, index)
    }

    #[test]
    fn people_are_found_by_everything_that_names_them() {
        let (set, index) = people();
        let found = |text: &str| {
            let ids: Vec<String> = index
                .get(text, &mut |_| ())
                .into_iter()
                .map(|record| set.get(record).id.to_string())
                .collect();
            ids.join(" ")
        };
        for text in [
            "TVEGA",
            "w-3003",
            r"KHI\tvega",
            "tvega@corp.example",
            "VEGA Tomas (contractor)",
            "W-3003 Vega",
            "on behalf of Tomas Vega",
            "Tom Vega",
            "T. Vega",
            "Vega, Tomas",
            "Tomas.Vega@Mail.example",
            "T.V.",
            "by tvega",
            "Tomas A. Vega, PMP",
        ] {
            assert_eq!(found(text), "W-3003", "{text}");
        }
        assert_eq!(found("Tomas Vega / Naomi Feldt"), "W-3003 W-3004");
        assert_eq!(found("NFELDT; W-3005"), "W-3004 W-3005");
        assert_eq!(found("Feldt"), "W-3004");
        assert_eq!(found("Alvaro de la Cruz"), "W-3006");
        assert_eq!(found("maya"), "W-3006");
        assert_eq!(found("Maya Trent"), "W-3007");
        for text in ["Vega", "Security", "", "-", "Head of IT", "Anton Holm", "W-300", "Vegan Tomas", "HR"] {
            assert_eq!(found(text), "", "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_strange(text in "[a-zA-Z0-9 .,@/&;()éß-]{0,40}") {
            let (_, index) = people();
            let _ = index.get(&text, &mut |_| ());
        }

        #[test]
        fn every_name_is_found_in_its_own_text(given in "[A-Z][a-z]{2,7}", family in "[A-Z][a-z]{3,9}") {
            let name = format!("{given} {family}");
            let text = format!("for {name}; others");
            proptest::prop_assert!(crate::text::names::names_other(&text, &name));
        }
    }
}
