//! Counts and lists as they stand in a sentence.

/// A number with what it counts, in agreement: `1 gap`, `2 policies`, `3 more gaps`. The name of a kind of rules is
/// a plural already, so its records are counted: `1 hiring-rules record`.
pub fn count(n: usize, thing: &str) -> String {
    match n {
        1 if thing.ends_with("rules") => format!("1 {thing} record"),
        1 => format!("1 {thing}"),
        n => format!("{n} {}", plural(thing)),
    }
}

/// More than one of a thing: `gaps`, `policies`, `hiring-rules records`.
pub fn plural(thing: &str) -> String {
    let consonant = |c: char| !matches!(c, 'a' | 'e' | 'i' | 'o' | 'u');
    match thing.strip_suffix('y') {
        Some(stem) if stem.ends_with(consonant) => format!("{stem}ies"),
        _ if thing.ends_with("rules") => format!("{thing} records"),
        _ if ["s", "x", "z", "ch", "sh"].iter().any(|end| thing.ends_with(end)) => format!("{thing}es"),
        _ => format!("{thing}s"),
    }
}

/// The word that goes with a number, of two: `1 gap is`, `2 gaps are`.
pub fn verb<'a>(n: usize, one: &'a str, many: &'a str) -> &'a str {
    if n == 1 { one } else { many }
}

/// The first `shown` names with `separator` between them, and at the end how many more there are:
/// `a, b, and 3 more`.
pub fn list<T: Into<String>>(names: impl IntoIterator<Item = T>, shown: usize, separator: &str) -> String {
    let mut names = names.into_iter();
    let mut listed: Vec<String> = names.by_ref().take(shown).map(Into::into).collect();
    match names.count() {
        0 => {}
        more => listed.push(format!("and {more} more")),
    }
    listed.join(separator)
}

/// Whether there is nothing to count: such fields are left out of what is written.
pub fn is_zero(n: &usize) -> bool {
    *n == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_agrees_with_what_it_counts() {
        for (thing, counts) in [
            ("gap", ["0 gaps", "1 gap", "2 gaps"]),
            ("more gap", ["0 more gaps", "1 more gap", "2 more gaps"]),
            ("policy", ["0 policies", "1 policy", "2 policies"]),
            ("day", ["0 days", "1 day", "2 days"]),
            ("process", ["0 processes", "1 process", "2 processes"]),
            ("hiring-rules", ["0 hiring-rules records", "1 hiring-rules record", "2 hiring-rules records"]),
        ] {
            assert_eq!([0, 1, 2].map(|n| count(n, thing)), counts);
        }
    }

    #[test]
    fn a_list_counts_what_it_does_not_name() {
        let names = ["a", "b", "c"];
        assert_eq!(list(names, 3, ", "), "a, b, c");
        assert_eq!(list(names, 2, "; "), "a; b; and 1 more");
        assert_eq!(list(names, 0, ", "), "and 3 more");
        assert_eq!(list(names.into_iter().take(0), 3, ", "), "");
    }
}
