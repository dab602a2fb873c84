//! Templates: record files with slots, filled from a seeded generator.
//!
//! A slot is written `<word …>` in the template:
//!
//! | slot | becomes |
//! | --- | --- |
//! | `<i>` | the number of the worker, six digits |
//! | `<vendor>` | the number of one of the vendors |
//! | `<day 30 700>` | a date so many days before the audit |
//! | `<digits 8>` `<hex 64>` | random digits |
//! | `<pick a\|b>` `<nth a\|b>` | one of the words, at random or in turn |
//! | `<rare 2 a\|b>` | the first word for 2 of 100 records |
//! | `<broken R1 a\|b>` | the first word where the record was chosen to break R1 |
//! | `<routing>` `<routing R6>` | a bank routing number, wrong where R6 is broken |
//! | `<north>` `<east>` | where the worker lives, in degrees |

use std::fmt::Write;

use jiff::ToSpan;
use jiff::civil::Date;

/// The date of every audit here.
pub(crate) const AS_OF: Date = jiff::civil::date(2026, 11, 22);

/// Random numbers, the same ones every time (SplitMix64).
pub(crate) struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    pub(crate) fn one_of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len() as u64) as usize]
    }
}

/// What one record is filled with.
pub(crate) struct Filling<'a> {
    pub number: u64,
    pub vendors: u64,
    /// The rules it breaks.
    pub broken: &'a [&'static str],
}

enum Piece {
    Text(&'static str),
    Number,
    Vendor,
    Day(u64, u64),
    Digits(u64),
    Hex(u64),
    Pick(Vec<&'static str>),
    Nth(Vec<&'static str>),
    Rare(u64, Vec<&'static str>),
    Broken(&'static str, Vec<&'static str>),
    Routing(Option<&'static str>),
    North,
    East,
}

/// A parsed template.
pub(crate) struct Template(Vec<Piece>);

impl Template {
    /// Panics on a slot that is none of the above.
    pub(crate) fn new(text: &'static str) -> Self {
        let mut pieces = Vec::new();
        for (i, part) in text.split(['<', '>']).enumerate() {
            pieces.push(if i % 2 == 0 { Piece::Text(part) } else { slot(part) });
        }
        Template(pieces)
    }

    /// Appends a record as one YAML document.
    pub(crate) fn write(&self, out: &mut String, random: &mut Random, filling: &Filling<'_>) {
        if !out.is_empty() {
            out.push_str("---\n");
        }
        for piece in &self.0 {
            piece.write(out, random, filling);
        }
    }
}

fn slot(text: &'static str) -> Piece {
    let (name, rest) = text.split_once(' ').unwrap_or((text, ""));
    let (first, others) = rest.split_once(' ').unwrap_or((rest, ""));
    let number = || first.parse().unwrap_or_else(|_| panic!("<{text}> needs a number"));
    let words = |text: &'static str| text.split('|').collect();
    match name {
        "i" => Piece::Number,
        "vendor" => Piece::Vendor,
        "day" => Piece::Day(number(), others.parse().expect("<day> needs two numbers")),
        "digits" => Piece::Digits(number()),
        "hex" => Piece::Hex(number()),
        "pick" => Piece::Pick(words(rest)),
        "nth" => Piece::Nth(words(rest)),
        "rare" => Piece::Rare(number(), words(others)),
        "broken" => Piece::Broken(first, words(others)),
        "routing" => Piece::Routing(Some(first).filter(|rule| !rule.is_empty())),
        "north" => Piece::North,
        "east" => Piece::East,
        _ => panic!("<{text}> is no slot"),
    }
}

impl Piece {
    fn write(&self, out: &mut String, random: &mut Random, filling: &Filling<'_>) {
        let number = filling.number;
        let written = match self {
            Piece::Text(text) => out.write_str(text),
            Piece::Number => write!(out, "{number:06}"),
            Piece::Vendor => write!(out, "{:06}", random.below(filling.vendors)),
            Piece::Day(least, most) => {
                let days = least + random.below(most - least + 1);
                write!(out, "{}", AS_OF - (days as i64).days())
            }
            Piece::Digits(count) => (0..*count).try_for_each(|_| write!(out, "{}", random.below(10))),
            Piece::Hex(count) => (0..*count).try_for_each(|_| write!(out, "{:x}", random.below(16))),
            Piece::Pick(words) => out.write_str(random.one_of(words)),
            Piece::Nth(words) => out.write_str(words[(number % words.len() as u64) as usize]),
            Piece::Rare(percent, words) => out.write_str(words[usize::from(random.below(100) >= *percent)]),
            Piece::Broken(rule, words) => out.write_str(words[usize::from(!filling.broken.contains(rule))]),
            Piece::Routing(rule) => {
                let wrong = rule.is_some_and(|rule| filling.broken.contains(&rule));
                out.write_str(&routing(random, wrong))
            }
            Piece::North => write!(out, "{:.4}", 30.0 + (number * 7919 % 100_000) as f64 / 8000.0),
            Piece::East => write!(out, "{:.4}", -120.0 + (number * 104_729 % 100_000) as f64 / 2500.0),
        };
        written.expect("a string takes everything");
    }
}

/// Nine digits with a prefix that is in use; the last makes the weighted sum a multiple of ten, or does not.
fn routing(random: &mut Random, wrong: bool) -> String {
    let mut text = random.one_of(&["01", "03", "06", "07", "11", "12", "21", "25", "31", "32"]).to_owned();
    for _ in 0..6 {
        text.push(char::from(b'0' + random.below(10) as u8));
    }
    let weighted = text.bytes().zip([3, 7, 1].into_iter().cycle());
    let sum: u64 = weighted.map(|(digit, weight)| u64::from(digit - b'0') * weight).sum();
    let off = if wrong { 1 + random.below(9) } else { 0 };
    text.push(char::from(b'0' + ((10 - sum % 10 + off) % 10) as u8));
    text
}
