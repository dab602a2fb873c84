//! Where the members of each record stand in its tree, so that looking one up is no walk over all of them.
//!
//! A *slot* is the position of a field among the first 64 of its kind's shape. Of each record it is kept which slots
//! are recorded, and how many nodes behind the root each of these stands.

use rayon::prelude::*;

use super::catalog::{Catalog, KindId};
use crate::tree::{Node, NodeId, Tag};

/// A field of a kind by its position in the shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    pub kind: KindId,
    index: u8,
}

const SLOTS: usize = u64::BITS as usize;

impl Slot {
    /// The slot of a field of a kind; none where it is not among the first.
    pub fn of(catalog: &Catalog, kind: KindId, field: &str) -> Option<Slot> {
        let fields = catalog.get(kind).shape.fields();
        let index = fields.iter().take(SLOTS).position(|own| own.name == field)?;
        Some(Slot { kind, index: index as u8 })
    }
}

/// Where a member is looked for.
pub(super) enum Found {
    /// It is not recorded, or null.
    Absent,
    At(NodeId),
    /// Nothing is kept of this record.
    Unknown,
}

/// What is kept of one record.
#[derive(Debug, Clone, Copy, Default)]
struct Own {
    recorded: u64,
    /// Where its distances start among all; none are kept of a record that is too large.
    start: Option<u32>,
}

#[derive(Debug, Default)]
pub(super) struct Members {
    of: Vec<Own>,
    /// Of each recorded slot, in their order: nodes from the root.
    distances: Vec<u16>,
}

impl Members {
    /// Of the roots of records with their kinds.
    pub(super) fn of(catalog: &Catalog, roots: &[(KindId, Node<'_>)]) -> Self {
        let found: Vec<Option<Vec<(u8, u16)>>> =
            roots.par_iter().with_min_len(64).map(|(kind, root)| members(catalog, *kind, *root)).collect();
        let mut all = Members { of: Vec::with_capacity(roots.len()), distances: Vec::new() };
        for members in found {
            let start = u32::try_from(all.distances.len()).ok();
            let mut own = Own::default();
            if let (Some(members), Some(start)) = (members, start) {
                own = Own { recorded: 0, start: Some(start) };
                for (slot, distance) in members {
                    own.recorded |= 1 << slot;
                    all.distances.push(distance);
                }
            }
            all.of.push(own);
        }
        all.distances.shrink_to_fit();
        all
    }

    /// The member of a record, whose root is given, at a slot of its kind.
    pub(super) fn find(&self, record: usize, root: NodeId, slot: Slot) -> Found {
        let Some(Own { recorded, start: Some(start) }) = self.of.get(record) else { return Found::Unknown };
        let bit = 1_u64 << slot.index;
        if recorded & bit == 0 {
            return Found::Absent;
        }
        let before = (recorded & (bit - 1)).count_ones();
        match self.distances.get((start + before) as usize) {
            Some(distance) => Found::At(NodeId(root.0 + u32::from(*distance))),
            None => Found::Unknown,
        }
    }
}

/// The recorded slots of a record in their order; none where a member is too far from the root, or there twice.
fn members(catalog: &Catalog, kind: KindId, root: Node<'_>) -> Option<Vec<(u8, u16)>> {
    let fields = catalog.get(kind).shape.fields();
    let fields = &fields[..fields.len().min(SLOTS)];
    let mut found = Vec::with_capacity(fields.len());
    // Members mostly stand in an order of their own, so each is looked for from behind the last one found.
    let mut next = 0;
    for member in root.children() {
        let key = member.key();
        let around = (next..fields.len()).chain(0..next);
        let Some(slot) = around.into_iter().find(|&i| fields[i].name == key) else { continue };
        next = slot + 1;
        if member.tag() != Tag::Null {
            found.push((slot as u8, u16::try_from(member.id().0 - root.id().0).ok()?));
        }
    }
    found.sort_unstable();
    let twice = found.windows(2).any(|pair| pair[0].0 == pair[1].0);
    (!twice).then_some(found)
}
