//! "Did you mean": the name closest to one that is unknown.

/// Bytes beyond which a word is no misspelt name.
const LONGEST_NAME: usize = 64;
/// How alike two names must be, by Jaro-Winkler.
const ALIKE: f64 = 0.8;

/// The candidate closest to `word`, if one is close. Case does not count, and long texts are no names.
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
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, c)| c)
}

/// The closest candidate as a question, or what to do where none is close.
pub fn did_you_mean<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    otherwise: impl FnOnce() -> String,
) -> String {
    suggestion(word, candidates).map_or_else(otherwise, |close| format!("did you mean `{close}`?"))
}
