//! The trend as two charts and a table: gaps by severity, and measures by outcome.
//!
//! A chart is drawn in pixels from top to bottom and in percent from left to right, so that it fills any width and its
//! texts keep their size.

use serde::Serialize;

use super::super::trend::{self as periods, Period, SEVERITIES};
use super::look::{Look, READ, sum};
use crate::assessment::{Assessment, Severity};
use crate::text::Day;

/// Periods that a chart has columns for: the last ones.
const COLUMNS: usize = 12;
/// Above this, a phone scrolls the chart sideways.
const FEW: usize = 4;
/// Above this, the charts are stacked, each as wide as the page.
const BESIDE: usize = 6;

/// Pixels above the plot, for the totals.
const TOP: usize = 20;
/// Pixels of the plot.
const PLOT: usize = 200;
/// Pixels from one line of text to the next.
const LINE: usize = 14;
/// Per mille of the width that the axis takes, beside another chart and alone.
const AXIS: [usize; 2] = [100, 50];

/// The trend.
#[derive(Debug, Serialize)]
pub(super) struct TrendView<'a> {
    charts: [Chart; 2],
    rows: Vec<Row<'a>>,
    /// How many of the rows the charts show, if not all.
    drawn: Option<usize>,
    /// Older periods that the page leaves out.
    left_out: usize,
}

/// Columns of stacked counts.
#[derive(Debug, Serialize)]
struct Chart {
    /// Starts the ids of its parts.
    id: &'static str,
    title: &'static str,
    /// How it is laid out: by how many columns there are.
    size: &'static str,
    keys: Vec<Key>,
    ticks: Vec<Tick>,
    columns: Vec<Column>,
    is_policy_changed: bool,
    /// Where the plot starts, and its height with its texts.
    axis: String,
    height: usize,
    bottom: usize,
}

/// What the parts of a column mean.
#[derive(Debug, Clone, Copy, Serialize)]
struct Key {
    class: &'static str,
    word: &'static str,
}

#[derive(Debug, Serialize)]
struct Tick {
    y: usize,
    n: usize,
}

/// One period.
#[derive(Debug, Serialize)]
struct Column {
    /// The label in one or two lines.
    label: Vec<String>,
    /// Left edge of what belongs to the period, then of the column itself, its width and its middle, and where the
    /// numbers of its parts stand.
    edge: String,
    left: String,
    width: String,
    middle: String,
    beside: String,
    /// The sum, and where it stands; none where nothing was counted.
    total: Option<usize>,
    total_y: usize,
    parts: Vec<Part>,
    is_policy_changed: bool,
}

#[derive(Debug, Serialize)]
struct Part {
    class: &'static str,
    n: usize,
    y: usize,
    height: usize,
    /// Where its number stands.
    n_y: usize,
}

/// One period in the table.
#[derive(Debug, Serialize)]
struct Row<'a> {
    label: String,
    as_of: Day,
    revision: &'a str,
    commit: String,
    gaps: Option<[usize; 4]>,
    measures: [usize; 5],
    notes: Vec<&'static str>,
}

/// The trend; nothing where there is no earlier period.
pub(super) fn trend(assessment: &Assessment) -> Option<TrendView<'_>> {
    let trend = periods::trend(assessment)?;
    let all = trend.periods.len();
    let drawn = trend.periods.get(all.saturating_sub(COLUMNS)..).unwrap_or_default();
    let gap_keys = SEVERITIES.map(|severity| Key { class: class(severity), word: severity.as_str() });
    let gaps = chart("gaps-trend", "Gaps by severity", &gap_keys, drawn, &|period| {
        period.gaps.map(|gaps| gaps.to_vec())
    });
    let measure_keys = READ.map(|outcome| {
        let Look { class, word } = Look::of(outcome);
        Key { class, word }
    });
    let measures = chart("measures-trend", "Measures by outcome", &measure_keys, drawn, &|period| {
        Some(period.measures.to_vec())
    });
    let drawn = (drawn.len() < all).then_some(drawn.len());
    let rows = trend.periods.into_iter().map(|period| Row {
        commit: period.commit_in_words(),
        label: period.label,
        as_of: period.as_of,
        revision: period.revision.unwrap_or("files on disk"),
        gaps: period.gaps,
        measures: period.measures,
        notes: period.notes,
    });
    Some(TrendView { charts: [gaps, measures], rows: rows.collect(), drawn, left_out: trend.left_out })
}

/// The fill that goes with a severity.
fn class(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "crit",
        Severity::High => "high",
        Severity::Medium => "med",
        Severity::Low => "low",
    }
}

fn chart(
    id: &'static str,
    title: &'static str,
    keys: &[Key],
    periods: &[Period<'_>],
    counts: &dyn Fn(&Period<'_>) -> Option<Vec<usize>>,
) -> Chart {
    let all: Vec<Option<Vec<usize>>> = periods.iter().map(counts).collect();
    let most = all.iter().flatten().map(|counts| sum(counts.iter().copied())).max().unwrap_or(0);
    let ticks = ticks(most);
    let top = ticks.last().copied().unwrap_or(1).max(1);
    // Counts of a saved assessment can be anything.
    let y = |n: usize| {
        TOP + PLOT - usize::try_from(n as u128 * PLOT as u128 / top as u128).unwrap_or(PLOT).min(PLOT)
    };
    let axis = AXIS[usize::from(periods.len() > BESIDE)];
    let slot = (1000 - axis) / periods.len().max(1);
    let columns = periods.iter().zip(all).enumerate().map(|(i, (period, counts))| {
        let edge = axis + i * slot;
        let (left, width) = (edge + slot * 12 / 100, slot * 42 / 100);
        let (total, parts) = match counts {
            Some(counts) => (Some(sum(counts.iter().copied())), parts(keys, &counts, &y)),
            None => (None, Vec::new()),
        };
        Column {
            label: in_lines(&period.label),
            edge: percent(edge),
            left: percent(left),
            width: percent(width),
            middle: percent(left + width / 2),
            beside: percent(left + width),
            total_y: y(total.unwrap_or(0)) - 5,
            total,
            parts,
            is_policy_changed: i > 0 && period.is_policy_changed,
        }
    });
    let columns: Vec<Column> = columns.collect();
    Chart {
        id,
        title,
        size: match periods.len() {
            n if n <= FEW => "few",
            n if n <= BESIDE => "some",
            _ => "many",
        },
        keys: keys.to_vec(),
        ticks: ticks.iter().map(|&n| Tick { y: y(n), n }).collect(),
        is_policy_changed: columns.iter().any(|column| column.is_policy_changed),
        height: TOP + PLOT + LINE * (1 + columns.iter().map(|column| column.label.len()).max().unwrap_or(1)),
        columns,
        bottom: TOP + PLOT,
        axis: percent(axis),
    }
}

/// The parts of a column, the first at the bottom, without the empty ones. The numbers beside them do not overlap.
fn parts(keys: &[Key], counts: &[usize], y: &dyn Fn(usize) -> usize) -> Vec<Part> {
    let mut below: usize = 0;
    let mut parts: Vec<Part> = Vec::new();
    for (key, &n) in keys.iter().zip(counts).filter(|(_, n)| **n > 0) {
        let bottom = y(below);
        below = below.saturating_add(n);
        let top = y(below);
        // The middle of a text stands above its line.
        let middle = top.midpoint(bottom) + 4;
        parts.push(Part { class: key.class, n, y: top, height: bottom - top, n_y: middle });
    }
    // Below the sum, one below the other, unless the column is too short for that.
    let mut highest = y(below) + LINE / 2 + 2;
    for part in parts.iter_mut().rev() {
        part.n_y = part.n_y.max(highest);
        highest = part.n_y + LINE;
    }
    let mut lowest = TOP + PLOT;
    for part in &mut parts {
        part.n_y = part.n_y.min(lowest);
        lowest = part.n_y.saturating_sub(LINE);
    }
    parts
}

/// Numbers of an axis that reaches `most`: at most six, at equal distances that are easy to read.
fn ticks(most: usize) -> Vec<usize> {
    let mut step: usize = 1;
    let mut factors = [2, 5, 10].iter().cycle();
    let mut power: usize = 1;
    while most.div_ceil(step) > 5 {
        let factor = *factors.next().unwrap_or(&10);
        step = power.saturating_mul(factor);
        if factor == 10 {
            power = power.saturating_mul(10);
        }
    }
    (0..=most.div_ceil(step).max(1)).map(|i| step.saturating_mul(i)).collect()
}

/// A day in two lines, so that it needs no more room than a quarter.
fn in_lines(label: &str) -> Vec<String> {
    match label.char_indices().nth(5) {
        Some((day, _)) if label.len() > 7 => vec![label[..day].to_owned(), label[day..].to_owned()],
        _ => vec![label.to_owned()],
    }
}

fn percent(per_mille: usize) -> String {
    format!("{}.{}%", per_mille / 10, per_mille % 10)
}

#[cfg(test)]
mod tests {
    use super::{Key, PLOT, TOP, in_lines, parts, percent, ticks};

    #[test]
    fn an_axis_has_few_round_numbers_and_reaches_the_most() {
        assert_eq!(ticks(0), [0, 1]);
        assert_eq!(ticks(5), [0, 1, 2, 3, 4, 5]);
        assert_eq!(ticks(26), [0, 10, 20, 30]);
        assert_eq!(ticks(75), [0, 20, 40, 60, 80]);
        assert_eq!(ticks(101), [0, 50, 100, 150]);
        for most in (0..3000).chain([usize::MAX - 1, usize::MAX]) {
            let ticks = ticks(most);
            assert!((2..=6).contains(&ticks.len()), "{most}: {ticks:?}");
            assert!(ticks.last().is_some_and(|last| *last >= most), "{most}: {ticks:?}");
        }
    }

    #[test]
    fn numbers_of_small_parts_stand_apart_and_within_the_plot() {
        let keys = [Key { class: "a", word: "a" }; 5];
        let y = |n: usize| TOP + PLOT - n * PLOT / 100;
        for counts in [[1, 1, 1, 1, 96], [96, 1, 1, 1, 1], [1, 48, 1, 49, 1], [20, 20, 20, 20, 20]] {
            let parts = parts(&keys, &counts, &y);
            let at: Vec<usize> = parts.iter().map(|part| part.n_y).collect();
            assert!(at.windows(2).all(|pair| pair[0] >= pair[1] + 14), "{counts:?}: {at:?}");
            assert!(at.iter().all(|y| (TOP..=TOP + PLOT).contains(y)), "{counts:?}: {at:?}");
            assert_eq!(parts.iter().map(|part| part.height).sum::<usize>(), PLOT);
        }
        assert_eq!(parts(&keys, &[0, 3, 0, 0, 0], &y).len(), 1);
    }

    #[test]
    fn a_day_is_broken_behind_its_year() {
        assert_eq!(in_lines("2026-Q2"), ["2026-Q2"]);
        assert_eq!(in_lines("2026-06-30"), ["2026-", "06-30"]);
        assert_eq!(percent(1000), "100.0%");
        assert_eq!(percent(325), "32.5%");
    }
}
