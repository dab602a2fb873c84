//! Problems as they are found: of very many of one kind in one file the first are listed and the rest is
//! counted, because their number is for whoever wrote the file to choose.

use std::collections::HashMap;

use super::{Code, Place, Problem};

/// Problems of one code in one file that are listed one by one.
const LISTED: usize = 1000;

/// Problems of any number of files.
#[derive(Debug, Default)]
pub struct ProblemList {
    listed: Vec<Problem>,
    counts: HashMap<String, HashMap<Code, Count>>,
}

#[derive(Debug, Default)]
struct Count {
    seen: usize,
    first_left_out: Option<Place>,
}

impl ProblemList {
    /// Adds a problem of a code at a place; it is put into words only if it is listed.
    pub fn push(&mut self, place: Place, code: Code, words: impl FnOnce(Place) -> Problem) {
        if !self.counts.contains_key(&place.path) {
            self.counts.insert(place.path.clone(), HashMap::new());
        }
        let Some(codes) = self.counts.get_mut(&place.path) else { return };
        let count = codes.entry(code).or_default();
        count.seen += 1;
        if count.seen <= LISTED {
            self.listed.push(words(place));
        } else {
            count.first_left_out.get_or_insert(place);
        }
    }

    /// The problems, and one for each code that was not listed whole; ordered by place.
    pub fn finish(self) -> Vec<Problem> {
        let mut all = self.listed;
        for (code, count) in self.counts.into_values().flatten() {
            if let Some(place) = count.first_left_out {
                let left_out = count.seen - LISTED;
                all.push(Problem::new(
                    code,
                    place,
                    format!(
                        "from here on {left_out} more of this kind in this file are not listed one by one"
                    ),
                    format!("fix the {LISTED} that are listed, then audit again"),
                ));
            }
        }
        all.sort();
        all
    }
}

#[cfg(test)]
mod tests {
    use super::super::Impact;
    use super::*;

    #[test]
    fn what_is_not_listed_is_counted() {
        let mut list = ProblemList::default();
        for line in 1..=2500 {
            list.push(Place::at("a.yaml", (line, 1)), Code::UnknownField, |place| {
                Problem::new(Code::UnknownField, place, "is no field", "remove it")
            });
        }
        let all = list.finish();
        assert_eq!(all.len(), LISTED + 1);
        let last = all.last().map(|p| (p.place.line, p.impact, p.message.contains("1500 more")));
        assert_eq!(last, Some((1001, Impact::Incomplete, true)));
    }
}
