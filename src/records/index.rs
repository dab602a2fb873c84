//! Indexes over records: by the value of a field, and by place on the earth.

use std::collections::HashMap;

use super::catalog::KindId;
use super::set::{RecordRef, RecordSet};
use crate::text::{Node, Tag};

/// Records of one kind by the text of one field (lists: by every element).
#[derive(Debug, Default)]
pub struct FieldIndex(HashMap<Box<str>, Vec<RecordRef>>);

impl FieldIndex {
    pub fn build(set: &RecordSet, kind: KindId, field: &str) -> Self {
        let mut index: HashMap<Box<str>, Vec<RecordRef>> = HashMap::new();
        let path: Vec<&str> = field.split('.').collect();
        for record in set.of_kind(kind) {
            values(set.root(record), &path, &mut |text| {
                let records = index.entry(text.into()).or_default();
                if records.last() != Some(&record) {
                    records.push(record);
                }
            });
        }
        FieldIndex(index)
    }

    pub fn get(&self, value: &str) -> &[RecordRef] {
        self.0.get(value).map_or(&[], Vec::as_slice)
    }
}

fn values(node: Node<'_>, path: &[&str], visit: &mut impl FnMut(&str)) {
    if node.is_invalid() {
        return;
    }
    match (node.tag(), path) {
        (Tag::Seq, _) => node.children().for_each(|child| values(child, path, visit)),
        (Tag::Map, [first, rest @ ..]) => {
            if let Some(child) = node.get(first) {
                values(child, rest, visit);
            }
        }
        (Tag::Null | Tag::Map, _) => {}
        (_, []) => visit(node.text()),
        _ => {}
    }
}

/// Degrees north and east.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    pub latitude: f64,
    pub longitude: f64,
}

const EARTH_RADIUS_KM: f64 = 6371.0088;

/// Great-circle distance.
pub fn haversine_km(a: Position, b: Position) -> f64 {
    let (phi_a, phi_b) = (a.latitude.to_radians(), b.latitude.to_radians());
    let half_phi = (phi_b - phi_a) / 2.0;
    let half_lambda = (b.longitude - a.longitude).to_radians() / 2.0;
    let h = half_phi.sin().powi(2) + phi_a.cos() * phi_b.cos() * half_lambda.sin().powi(2);
    2.0 * EARTH_RADIUS_KM * h.sqrt().min(1.0).asin()
}

/// Records of one kind on a grid of about 1.1 km, for "what else is near".
#[derive(Debug, Default)]
pub struct PlaceIndex(HashMap<(i32, i32), Vec<(RecordRef, Position)>>);

/// Degrees a cell of the grid spans.
const CELL: f64 = 0.01;

fn cell(position: Position) -> (i32, i32) {
    ((position.latitude / CELL).floor() as i32, (position.longitude / CELL).floor() as i32)
}

impl PlaceIndex {
    /// Over the top-level fields `latitude` and `longitude`.
    pub fn build(set: &RecordSet, kind: KindId) -> Self {
        let mut cells: HashMap<(i32, i32), Vec<(RecordRef, Position)>> = HashMap::new();
        for record in set.of_kind(kind) {
            let root = set.root(record);
            let number = |key: &str| root.get(key).filter(|n| !n.is_invalid())?.as_f64();
            if let (Some(latitude), Some(longitude)) = (number("latitude"), number("longitude")) {
                let position = Position { latitude, longitude };
                cells.entry(cell(position)).or_default().push((record, position));
            }
        }
        PlaceIndex(cells)
    }

    /// The farthest [`PlaceIndex::near`] looks.
    pub const REACH_METRES: i64 = 1_000;

    /// Records within `metres` of a position, in the order of their ids.
    pub fn near(&self, position: Position, metres: i64) -> Vec<RecordRef> {
        let km = metres.min(Self::REACH_METRES) as f64 / 1000.0;
        let (y, x) = cell(position);
        // A degree of longitude shrinks towards the poles.
        let shrink = position.latitude.to_radians().cos().max(0.01);
        let reach = (1.0 / shrink).ceil() as i32;
        let mut found: Vec<RecordRef> = (y - 1..=y + 1)
            .flat_map(|y| (x - reach..=x + reach).map(move |x| (y, x)))
            .filter_map(|cell| self.0.get(&cell))
            .flatten()
            .filter(|(_, other)| haversine_km(position, *other) <= km)
            .map(|(record, _)| *record)
            .collect();
        found.sort_unstable();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_agree_with_known_ones() {
        let austin = Position { latitude: 30.2672, longitude: -97.7431 };
        let dallas = Position { latitude: 32.7767, longitude: -96.7970 };
        let km = haversine_km(austin, dallas);
        assert!((km - 293.0).abs() < 2.0, "{km}");
        assert_eq!(haversine_km(austin, austin), 0.0);
    }
}
