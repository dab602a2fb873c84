//! Records that two states of a repository have in common.

use std::cmp::Ordering;
use std::sync::Arc;

use super::set::{RecordRef, RecordSet};
use crate::tree::Node;

/// For each record of a set, the record of another set that says the same; none where there is no such record,
/// or it says something else. Where it stands does not count.
pub fn unchanged(set: &RecordSet, other: &RecordSet) -> Vec<Option<RecordRef>> {
    let mut unchanged = vec![None; set.len()];
    for (kind, definition) in set.catalog.iter() {
        let Some(kind_there) = other.catalog.find(&definition.name) else { continue };
        let mut others = other.of_kind(kind_there).peekable();
        for record in set.of_kind(kind) {
            let id = &set.get(record).id;
            while others.next_if(|o| other.get(*o).id.cmp(id) == Ordering::Less).is_some() {}
            if let Some(there) = others.next_if(|o| other.get(*o).id == *id)
                && same(set, record, other, there)
            {
                unchanged[record.0 as usize] = Some(there);
            }
        }
    }
    unchanged
}

fn same(set: &RecordSet, record: RecordRef, other: &RecordSet, there: RecordRef) -> bool {
    let (a, b) = (set.get(record), other.get(there));
    if a.ambiguous != b.ambiguous {
        return false;
    }
    let shared = Arc::ptr_eq(&set.sources[a.source as usize].tree, &other.sources[b.source as usize].tree);
    shared && a.root == b.root || says_the_same(set.root(record), other.root(there))
}

/// Whether two nodes and all below them read the same, and are trusted alike, whatever their keys.
pub fn says_the_same(a: Node<'_>, b: Node<'_>) -> bool {
    let (mut a, mut b) = (a.tree().below(a.id()), b.tree().below(b.id()));
    let mut first = true;
    loop {
        let same = match (a.next(), b.next()) {
            (None, None) => return true,
            (Some(a), Some(b)) => {
                a.tag() == b.tag()
                    && a.text() == b.text()
                    && a.is_invalid() == b.is_invalid()
                    && a.children().count() == b.children().count()
                    && (first || a.key() == b.key())
            }
            _ => false,
        };
        if !same {
            return false;
        }
        first = false;
    }
}
