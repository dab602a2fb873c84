//! "Did you mean": the name closest to one that is unknown.

/// Bytes beyond which a word is no misspelt name.
const LONGEST_NAME: usize = 64;
/// How alike two names must be, by Jaro-Winkler.
const ALIKE: f64 = 0.8;

/// The candidate closest to `word`, if one is close. Case does not count, and long texts are no names. Of names of several
/// words, the one that shares most of them is the closest: `location_shown_reason` is nearer to
/// `location_not_shown_reason` than to `location_shown`.
pub fn suggestion<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > LONGEST_NAME {
        return None;
    }
    let word = word.to_lowercase();
    candidates
        .into_iter()
        .filter(|c| c.len() <= LONGEST_NAME)
        .map(|c| (strsim::jaro_winkler(&word, &c.to_lowercase()), c))
        .filter(|(score, _)| *score > ALIKE)
        .map(|(score, c)| (shared(&word, &c.to_lowercase()), score, c))
        .max_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.total_cmp(&b.1)).then_with(|| b.2.cmp(a.2)))
        .map(|(_, _, c)| c)
}

/// Letters of the words that both names have.
fn shared(one: &str, other: &str) -> usize {
    let words = |name: &str| -> Vec<String> {
        name.split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let others = words(other);
    words(one).iter().filter(|word| others.contains(word)).map(|word| word.chars().count()).sum()
}

/// The closest candidate as a question, or what to do where none is close.
pub fn did_you_mean<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    otherwise: impl FnOnce() -> String,
) -> String {
    suggestion(word, candidates).map_or_else(otherwise, |close| format!("did you mean `{close}`?"))
}

#[cfg(test)]
mod tests {
    use super::suggestion;

    #[test]
    fn the_name_that_shares_most_words_is_the_closest() {
        let fields = ["location_shown", "location_not_shown_reason", "location_decided_by", "document"];
        assert_eq!(suggestion("location_shown_reason", fields), Some("location_not_shown_reason"));
        assert_eq!(suggestion("location_shwn", fields), Some("location_shown"));
        assert_eq!(suggestion("documnet", fields), Some("document"));
        assert_eq!(suggestion("nothing_like_it", fields), None);
    }
}
