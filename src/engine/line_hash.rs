//! Line hashes as GitHub code scanning computes them, to recognise an alert after lines have moved.
//!
//! The hash of a line is a polynomial with base 37, modulo 2^64, over the 100 UTF-16 units from the line's
//! start on, across the lines that follow. Blanks and tabs are left out, every line break is one line feed,
//! and behind the end of the text stand one unit 65535 and zeros. Equal hashes of a file are counted: the
//! written form is the hash in hexadecimal, a colon and the count.

use std::collections::HashMap;

/// Units of a hash.
const WINDOW: usize = 100;
const BASE: u64 = 37;
const END: u64 = 65_535;

/// The hash of one line among those of its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineHash {
    hash: u64,
    /// Which occurrence of its hash in the file the line is, from 1.
    occurrence: u32,
    /// Whether no other line of the file has this hash.
    pub unique: bool,
}

impl std::fmt::Display for LineHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:x}:{}", self.hash, self.occurrence)
    }
}

/// The hashes of the lines that start at these bytes, in one pass over the text.
pub fn line_hashes(text: &str, starts: &[u32]) -> HashMap<u32, LineHash> {
    let bytes = text.as_bytes();
    // Most lines are ruled out by a bit for their first bytes, and most others by the bytes behind those.
    let mut filter = [0u64; 64];
    let mut wanted: HashMap<u64, Vec<u64>> = HashMap::new();
    for &start in starts {
        let bit = filter_bit(beginning(bytes, start as usize, SHORT));
        filter[bit / 64] |= 1 << (bit % 64);
        let hash = hash(text, start as usize);
        let hashes = wanted.entry(beginning(bytes, start as usize, LONG)).or_default();
        if !hashes.contains(&hash) {
            hashes.push(hash);
        }
    }
    let mut seen: HashMap<u64, u32> = HashMap::new();
    let mut counted: HashMap<u32, (u64, u32)> = starts.iter().map(|start| (*start, (0, 0))).collect();
    for_each_line(text, |start| {
        let bit = filter_bit(beginning(bytes, start, SHORT));
        if filter[bit / 64] & (1 << (bit % 64)) == 0 {
            return;
        }
        let Some(hashes) = wanted.get(&beginning(bytes, start, LONG)) else { return };
        let hash = hash(text, start);
        if hashes.contains(&hash) {
            let count = seen.entry(hash).or_default();
            *count += 1;
            if let Some(entry) = counted.get_mut(&(start as u32)) {
                *entry = (hash, *count);
            }
        }
    });
    counted
        .into_iter()
        .map(|(start, (hash, occurrence))| {
            (start, LineHash { hash, occurrence, unique: seen.get(&hash) == Some(&1) })
        })
        .collect()
}

/// Bytes by which lines are told apart before they are hashed.
const SHORT: usize = 8;
const LONG: usize = 48;

/// The start of every line: behind a line feed, a carriage return, or both.
fn for_each_line(text: &str, mut take: impl FnMut(usize)) {
    take(0);
    let bytes = text.as_bytes();
    let returns = text.contains('\r');
    let mut at = 0;
    loop {
        let rest = &text[at..];
        let found = if returns { rest.find(['\n', '\r']) } else { rest.find('\n') };
        let Some(i) = found else { break };
        at += i + 1;
        if bytes[at - 1] == b'\r' && bytes.get(at) == Some(&b'\n') {
            at += 1;
        }
        take(at);
    }
}

/// A digest of the first so many bytes from `start` on of what is hashed.
fn beginning(bytes: &[u8], start: usize, count: usize) -> u64 {
    let mut key: u64 = 0;
    let mut taken = 0;
    let mut after_return = false;
    for &byte in &bytes[start.min(bytes.len())..] {
        if matches!(byte, b' ' | b'\t') || (after_return && byte == b'\n') {
            after_return = false;
            continue;
        }
        after_return = byte == b'\r';
        key = key.wrapping_mul(0x100_0000_01b3) ^ u64::from(if after_return { b'\n' } else { byte });
        taken += 1;
        if taken == count {
            break;
        }
    }
    key
}

fn filter_bit(key: u64) -> usize {
    (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 52) as usize
}

fn hash(text: &str, start: usize) -> u64 {
    let mut hash: u64 = 0;
    let mut left = WINDOW;
    let mut after_return = false;
    let mut unit = |unit: u64| {
        if left > 0 {
            hash = hash.wrapping_mul(BASE).wrapping_add(unit);
            left -= 1;
        }
        left > 0
    };
    let mut more = true;
    for c in text.get(start..).unwrap_or_default().chars() {
        if matches!(c, ' ' | '\t') || (after_return && c == '\n') {
            after_return = false;
            continue;
        }
        after_return = c == '\r';
        let c = if after_return { '\n' } else { c };
        for part in c.encode_utf16(&mut [0; 2]) {
            more = unit(u64::from(*part));
        }
        if !more {
            break;
        }
    }
    if more {
        unit(END);
        while unit(0) {}
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashes(text: &str) -> Vec<String> {
        let mut starts = Vec::new();
        for_each_line(text, |start| starts.push(start as u32));
        let hashes = line_hashes(text, &starts);
        starts.iter().map(|start| hashes[start].to_string()).collect()
    }

    #[test]
    fn hashes_are_those_of_an_independent_implementation() {
        assert_eq!(hashes(""), ["c129715d7a2bc9a3:1"]);
        assert_eq!(hashes("\n"), ["3c5bef55b72b93c9:1", "c129715d7a2bc9a3:1"]);
        assert_eq!(hashes("a\nb\n"), ["81b8d8db678b2bbe:1", "ade70578248be16f:1", "c129715d7a2bc9a3:1"]);
        assert_eq!(
            hashes("kind: vendor\nid: v\nstatus: ended\n"),
            ["fb75c3d0cdf3efe6:1", "7f063c034db28bbe:1", "ab3200339159df17:1", "c129715d7a2bc9a3:1"]
        );
        assert_eq!(
            hashes("  \tx\n\n  \ny"),
            ["862e5363e2f1316a:1", "3dd9d8bc2032bd98:1", "f85c2d2aa834d48e:1", "ed3261245082261c:1"]
        );
        assert_eq!(
            hashes(&"Zoë 김 😀\n".repeat(3)),
            ["cbe46d2a5c50e7ac:1", "54191ecea0e8476d:1", "dcbaf14ee87a613a:1", "c129715d7a2bc9a3:1"]
        );
        let many = hashes(&"- a: 1\n".repeat(60));
        assert_eq!(
            (many.len(), &*many[0], &*many[44], &*many[60]),
            (61, "f5836db9e1653344:1", "e995e9b9df62cb3:1", "c129715d7a2bc9a3:1")
        );
        assert_eq!(
            hashes("r\rn\r\nx \r \ny"),
            [
                "88cde5ecf7036c24:1",
                "632d5d80c8b51640:1",
                "ea5c6c22b47aa350:1",
                "f85c2d2aa834d48e:1",
                "ed3261245082261c:1"
            ]
        );
    }

    #[test]
    fn blanks_and_the_kind_of_line_break_do_not_count() {
        let plain = hashes("kind: worker\nid: w-1\n");
        assert_eq!(plain, hashes("kind:   worker\r\n\tid: w-1\r\n"));
        assert_eq!(plain, hashes("kind: worker\rid: w-1\r"));
        assert_ne!(plain, hashes("kind: worker\nid: w-2\n"));
    }

    #[test]
    fn a_line_is_unique_when_no_other_has_its_hash() {
        let text = format!("{}b\n{0}", "a: 1\n".repeat(200));
        let starts = [0, 5, 1000];
        let hashes = line_hashes(&text, &starts);
        assert!(!hashes[&0].unique && !hashes[&5].unique && hashes[&1000].unique);
        assert!(hashes[&5].to_string().ends_with(":2"));
    }
}
