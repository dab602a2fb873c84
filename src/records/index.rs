//! Indexes over records: by the value of a field, and by place on the earth.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;

use super::catalog::KindId;
use super::set::{RecordRef, RecordSet};
use crate::text::date::day;
use crate::tree::{Node, Tag};

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

    /// The values under which a record stands in the index of a field.
    pub fn values_of(set: &RecordSet, record: RecordRef, field: &str, visit: &mut impl FnMut(&str)) {
        let path: Vec<&str> = field.split('.').collect();
        values(set.root(record), &path, visit);
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

/// Records of one kind by the text of one field, and in each the dated ones in the order of one date.
#[derive(Debug, Default)]
pub struct DatedIndex(HashMap<Box<str>, Dated>);

#[derive(Debug, Default)]
struct Dated {
    by_day: Vec<(Date, RecordRef)>,
    /// Those whose date is not recorded, cannot be read, or says of something that it happened after the day
    /// the index is for.
    undated: Vec<RecordRef>,
    /// The latest day of something that happened.
    latest: Option<Date>,
}

impl DatedIndex {
    /// `date` is the field of the date.
    pub fn build(set: &RecordSet, kind: KindId, field: &str, date: &str, as_of: Date) -> Self {
        let index = FieldIndex::build(set, kind, field).0.into_iter().map(|(text, records)| {
            let mut dated = Dated::default();
            for record in records {
                let node = set.root(record).at(date).filter(|n| !n.is_invalid());
                match node.and_then(|n| day(n.text())) {
                    Some(day) => {
                        let happened = node.is_some_and(|n| n.is_past_only());
                        if happened {
                            dated.latest = dated.latest.max(Some(day));
                        }
                        if happened && day > as_of {
                            dated.undated.push(record);
                        } else {
                            dated.by_day.push((day, record));
                        }
                    }
                    None => dated.undated.push(record),
                }
            }
            dated.by_day.sort_unstable();
            (text, dated)
        });
        DatedIndex(index.collect())
    }

    /// The latest day on which something happened, of the records with the value.
    pub fn latest(&self, value: &str) -> Option<Date> {
        self.0.get(value)?.latest
    }

    /// Records with the value whose date lies from `first` to `last`, and those without a date; in the
    /// order of their ids.
    pub fn get(&self, value: &str, first: Date, last: Date) -> Vec<RecordRef> {
        let Some(dated) = self.0.get(value) else {
            return Vec::new();
        };
        let start = dated.by_day.partition_point(|(day, _)| *day < first);
        let within = dated.by_day[start..].iter().take_while(|(day, _)| *day <= last);
        let mut found: Vec<RecordRef> =
            within.map(|(_, record)| *record).chain(dated.undated.iter().copied()).collect();
        found.sort_unstable();
        found
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
            if let Some(position) = position_of(set, record) {
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
        let reach = (1.0 / shrink(position.latitude)).ceil() as i32;
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

/// Records of one kind gathered into clusters of places that lie together.
#[derive(Debug, Default)]
pub struct ClusterIndex(HashMap<RecordRef, RecordRef>);

/// Occupied grid cell: its records and the box they span, in degrees.
struct Occupied {
    members: Vec<RecordRef>,
    low: Position,
    high: Position,
}

impl ClusterIndex {
    /// Over the top-level fields `latitude` and `longitude`: records in one cell of side `metres`/√2 lie
    /// together, and so do neighbouring cells whose records come within `metres`. Linear in the records;
    /// a chain of neighbours is one cluster.
    pub fn build(set: &RecordSet, kind: KindId, metres: i64) -> Self {
        let metres = metres.max(1) as f64;
        let degrees = metres / std::f64::consts::SQRT_2 / 1000.0 / KM_PER_DEGREE;
        let mut cells: BTreeMap<(i64, i64), Occupied> = BTreeMap::new();
        for record in set.of_kind(kind) {
            let Some(position) = position_of(set, record) else { continue };
            let row = (position.latitude / degrees).floor();
            // Cells are as wide as they are high: a degree of longitude shrinks towards the poles.
            let wide = degrees / shrink(row * degrees);
            let column = (position.longitude / wide).floor();
            let cell = cells.entry((row as i64, column as i64)).or_insert_with(|| Occupied {
                members: Vec::new(),
                low: position,
                high: position,
            });
            cell.members.push(record);
            cell.low.latitude = cell.low.latitude.min(position.latitude);
            cell.low.longitude = cell.low.longitude.min(position.longitude);
            cell.high.latitude = cell.high.latitude.max(position.latitude);
            cell.high.longitude = cell.high.longitude.max(position.longitude);
        }
        let keys: Vec<(i64, i64)> = cells.keys().copied().collect();
        let number: HashMap<(i64, i64), usize> = keys.iter().enumerate().map(|(i, k)| (*k, i)).collect();
        let mut parent: Vec<usize> = (0..keys.len()).collect();
        for (i, &(row, column)) in keys.iter().enumerate() {
            let here = &cells[&(row, column)];
            for near_row in row - 2..=row + 2 {
                // The neighbours' columns are counted in their own width.
                let wide = |row: i64| degrees / shrink(row as f64 * degrees);
                let middle = (column as f64 * wide(row) / wide(near_row)).round() as i64;
                for near_column in middle - 3..=middle + 3 {
                    let Some(&j) = number.get(&(near_row, near_column)) else { continue };
                    if j != i && gap_km(here, &cells[&(near_row, near_column)]) * 1000.0 <= metres {
                        let (a, b) = (root_of(&mut parent, i), root_of(&mut parent, j));
                        parent[a.max(b)] = a.min(b);
                    }
                }
            }
        }
        let mut first: HashMap<usize, RecordRef> = HashMap::new();
        for (i, key) in keys.iter().enumerate() {
            let root = root_of(&mut parent, i);
            if let Some(&least) = cells[key].members.iter().min() {
                first.entry(root).and_modify(|f| *f = (*f).min(least)).or_insert(least);
            }
        }
        let mut clusters = HashMap::new();
        for (i, key) in keys.iter().enumerate() {
            let root = root_of(&mut parent, i);
            clusters.extend(cells[key].members.iter().map(|m| (*m, first[&root])));
        }
        ClusterIndex(clusters)
    }

    /// The first record of the cluster a record is in; none for a record without a position.
    pub fn get(&self, record: RecordRef) -> Option<RecordRef> {
        self.0.get(&record).copied()
    }
}

const KM_PER_DEGREE: f64 = EARTH_RADIUS_KM * std::f64::consts::PI / 180.0;

fn shrink(latitude: f64) -> f64 {
    latitude.to_radians().cos().max(0.01)
}

fn position_of(set: &RecordSet, record: RecordRef) -> Option<Position> {
    let root = set.root(record);
    let number = |key: &str| root.get(key).filter(|n| !n.is_invalid())?.as_f64();
    Some(Position { latitude: number("latitude")?, longitude: number("longitude")? })
}

fn root_of(parent: &mut [usize], mut i: usize) -> usize {
    while parent[i] != i {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    i
}

/// The distance between the nearest points of two boxes.
fn gap_km(a: &Occupied, b: &Occupied) -> f64 {
    let nearest = |low_a: f64, high_a: f64, low_b: f64, high_b: f64| {
        if high_a < low_b {
            (high_a, low_b)
        } else if high_b < low_a {
            (low_a, high_b)
        } else {
            (low_a.max(low_b), low_a.max(low_b))
        }
    };
    let (lat_a, lat_b) = nearest(a.low.latitude, a.high.latitude, b.low.latitude, b.high.latitude);
    let (lon_a, lon_b) = nearest(a.low.longitude, a.high.longitude, b.low.longitude, b.high.longitude);
    haversine_km(
        Position { latitude: lat_a, longitude: lon_a },
        Position { latitude: lat_b, longitude: lon_b },
    )
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
