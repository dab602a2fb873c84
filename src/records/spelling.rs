//! What a text says, whatever way it is written.
//!
//! A *placeholder* is what people write where they have nothing to record (`n/a`, `TBD`): it is not recorded. An
//! identifier has one *spelling*, which its schema asks for with `x-duly-spelling`: two records that name the same
//! mailbox, line, hash, number or page then name it alike, and can be joined.

use fluent_uri::Uri;
use phonenumber::{Mode, country};

/// How identifiers of a sort are told apart, as named by `x-duly-spelling`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// A mailbox: case does not count, nor a tag behind `+`, nor dots where the provider ignores them.
    Email,
    /// A telephone line: only its international number counts. Without a country code it is a number of the US.
    Phone,
    /// A hash: case does not count, nor the name of the method in front.
    Hash,
    /// A number or code of a document, commission or device: only its letters and digits count, without case.
    Number,
    /// A page: scheme, `www`, case, query, fragment and a slash at the end do not count.
    WebAddress,
}

impl Spelling {
    pub(super) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "email" => Spelling::Email,
            "phone" => Spelling::Phone,
            "hash" => Spelling::Hash,
            "number" => Spelling::Number,
            "web-address" => Spelling::WebAddress,
            _ => return None,
        })
    }

    /// The one spelling of an identifier; `None` where it is written so already.
    pub fn of(self, text: &str) -> Option<String> {
        let spelled = match self {
            Spelling::Email => email(text),
            Spelling::Phone => phone(text),
            Spelling::Hash => hash(text),
            Spelling::Number => number(text),
            Spelling::WebAddress => web_address(text),
        };
        (spelled != text).then_some(spelled)
    }
}

/// Texts that say nothing, in lower case, without the punctuation around them.
const PLACEHOLDERS: &[&str] = &[
    "",
    "missing",
    "n.a",
    "n/a",
    "n/k",
    "na",
    "nil",
    "no one",
    "nobody",
    "none",
    "not applicable",
    "not available",
    "not known",
    "not provided",
    "not recorded",
    "nothing",
    "null",
    "pending",
    "placeholder",
    "somebody",
    "someone",
    "tba",
    "tbc",
    "tbd",
    "to be confirmed",
    "to be decided",
    "to be determined",
    "to do",
    "todo",
    "undefined",
    "unknown",
    "unset",
    "unspecified",
    "xxx",
];

/// Longest placeholder, with room for what stands around it.
const LONGEST_PLACEHOLDER: usize = 40;

/// What is no name, no reason and no document, although it may be the value of a setting.
const ANSWERS: &[&str] = &["false", "no", "true", "yes"];

/// Whether a text says nothing; `of_setting` where it may be the value of a setting.
pub(super) fn is_placeholder(text: &str, of_setting: bool) -> bool {
    if text.len() > LONGEST_PLACEHOLDER {
        return false;
    }
    let core = text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    PLACEHOLDERS.binary_search(&core.as_str()).is_ok() || (!of_setting && ANSWERS.contains(&core.as_str()))
}

/// Providers that deliver `a.b` and `ab` to one mailbox, with the domain that all of theirs are named by.
/// Source: their help pages on dots in addresses (Gmail, Proton).
const DOTS_DO_NOT_COUNT: &[(&str, &str)] = &[
    ("gmail.com", "gmail.com"),
    ("googlemail.com", "gmail.com"),
    ("pm.me", "proton.me"),
    ("proton.me", "proton.me"),
    ("protonmail.com", "proton.me"),
];

fn email(text: &str) -> String {
    let text = text.trim().to_lowercase();
    let Some((local, domain)) = text.rsplit_once('@') else {
        return text;
    };
    let mailbox = local.split('+').next().filter(|mailbox| !mailbox.is_empty()).unwrap_or(local);
    let domain = domain.trim_end_matches('.');
    match DOTS_DO_NOT_COUNT.iter().find(|(name, _)| *name == domain) {
        Some((_, domain)) => format!("{}@{domain}", mailbox.replace('.', "")),
        None => format!("{mailbox}@{domain}"),
    }
}

fn phone(text: &str) -> String {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    // In international form, or ten digits of the US, by far the most common: no need of the plans of all countries.
    let plain = text.trim();
    let usual = !plain.contains("(0") && plain.chars().all(|c| c.is_ascii_digit() || " +-.()".contains(c));
    let number = digits(plain);
    if usual && plain.rfind('+') == Some(0) && (7..=15).contains(&number.len()) && !number.starts_with('0') {
        return format!("+{number}");
    }
    if usual && !plain.contains('+') && number.len() == 10 && !number.starts_with(['0', '1']) {
        return format!("+1{number}");
    }
    // A trunk prefix that is dialled inside the country only, and a dial prefix in place of the plus.
    let trimmed = text.trim().replace("(0)", "");
    let dialled =
        trimmed.strip_prefix("00").or_else(|| trimmed.strip_prefix("011")).map(|rest| format!("+{rest}"));
    match phonenumber::parse(Some(country::US), dialled.as_deref().unwrap_or(&trimmed)) {
        Ok(number) => number.format().mode(Mode::E164).to_string(),
        Err(_) => digits(text),
    }
}

/// Names of methods that people write in front of a hash.
const METHODS: &[&str] = &["hmac", "sha256", "sha-256", "hmac-sha256", "hmac_sha256"];

fn hash(text: &str) -> String {
    let text = text.trim().to_lowercase();
    let bare = METHODS.iter().rev().find_map(|method| {
        let rest = text.strip_prefix(method)?.strip_prefix([':', '-', '_', '='])?;
        (rest.len() >= 16).then(|| rest.to_owned())
    });
    bare.unwrap_or(text)
}

fn number(text: &str) -> String {
    let bare: String = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    if bare.is_empty() { text.to_owned() } else { bare }
}

fn web_address(text: &str) -> String {
    let text = text.trim();
    let whole = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let normal = Uri::parse(whole.as_str()).map(|uri| uri.normalize().to_string()).unwrap_or(whole);
    let rest = normal.split_once("://").map_or(normal.as_str(), |(_, rest)| rest);
    let rest = rest.split(['?', '#']).next().unwrap_or(rest).trim_end_matches('/').to_lowercase();
    let bare = ["www.", "m.", "mobile."].iter().find_map(|sub| rest.strip_prefix(sub).map(str::to_owned));
    bare.filter(|bare| bare.split('/').next().is_some_and(|host| host.contains('.'))).unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_says_nothing_however_it_is_dressed() {
        assert!(PLACEHOLDERS.is_sorted());
        for text in [
            "", " ", "-", "--", "?", "n/a", "N/A.", "(none)", "TBD", "unknown", "\u{a0}", "<tbd>", "true",
            "…",
        ] {
            assert!(is_placeholder(text, false), "{text:?}");
        }
        for text in ["Ruth Delgado", "staff-011", "none of the employees travels", "No. 7", "Na Li", "X1"] {
            assert!(!is_placeholder(text, false), "{text:?}");
        }
        assert!(!is_placeholder("true", true) && is_placeholder("unknown", true));
    }

    #[test]
    fn what_names_the_same_thing_is_spelled_alike() {
        let alike = |spelling: Spelling, texts: &[&str]| {
            let spelled: Vec<String> =
                texts.iter().map(|text| spelling.of(text).unwrap_or_else(|| (*text).to_owned())).collect();
            assert!(spelled.windows(2).all(|pair| pair[0] == pair[1]), "{spelled:?}");
            // The one spelling is its own.
            assert_eq!(spelling.of(&spelled[0]), None, "{spelled:?}");
        };
        alike(Spelling::Email, &["ann.lee@gmail.com", "AnnLee+jobs@googlemail.com", "a.n.n.lee@Gmail.com"]);
        alike(Spelling::Email, &["ann.lee@example.com", "Ann.Lee+x@EXAMPLE.com"]);
        alike(
            Spelling::Phone,
            &[
                "+16125550151",
                "(612) 555-0151",
                "+1 612 555 0151",
                "612.555.0151",
                "0016125550151",
                "1-612-555-0151",
            ],
        );
        alike(
            Spelling::Phone,
            &["+442079460958", "+44 20 7946 0958", "+44 (0)20 7946 0958", "0044 20 7946 0958"],
        );
        alike(
            Spelling::Hash,
            &["hmac-0011223344556677aabb", "HMAC-0011223344556677AABB", "0011223344556677aabb"],
        );
        alike(Spelling::Number, &["MN-2041-77", "mn 204177", "MN204177"]);
        alike(
            Spelling::WebAddress,
            &["https://www.example.com/in/ann", "http://Example.com/in/Ann/", "example.com/in/ann?x=1#top"],
        );
    }

    #[test]
    fn what_differs_stays_apart() {
        assert_ne!(email("ann.lee@example.com"), email("annlee@example.com"));
        assert_ne!(phone("+16125550151"), phone("+16125550152"));
        assert_ne!(web_address("example.com/in/ann"), web_address("example.com/in/anna"));
    }
}
