//! What a text says, whatever way it is written.
//!
//! A *placeholder* is what people write where they have nothing to record (`n/a`, `TBD`): it is not recorded. An
//! identifier has one *spelling*, which its schema asks for with `x-duly-spelling`: two records that name the same
//! mailbox, line, hash, number or page then name it alike, and can be joined.

use std::net::IpAddr;

use fluent_uri::Uri;
use phonenumber::{Mode, country};

use crate::text::digest;

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
    /// An account: case does not count, nor a domain in front or behind, save that of a provider where anybody has a mailbox.
    Account,
    /// An IP address: an IPv4 address inside an IPv6 one is that address.
    Ip,
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
            "account" => Spelling::Account,
            "ip" => Spelling::Ip,
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
            Spelling::Account => account(text),
            Spelling::Ip => ip(text),
            Spelling::WebAddress => web_address(text),
        };
        (spelled != text).then_some(spelled)
    }

    /// Whether an identifier identifies nothing: the hash of an empty file, zeros, one digit again and again.
    pub fn says_nothing(self, text: &str) -> bool {
        match self {
            Spelling::Hash => {
                let hash = hash(text);
                let digits = hash.strip_prefix("hmac-").unwrap_or(&hash);
                is_repeated(digits) || digest::is_of_nothing(digits)
            }
            Spelling::Number => {
                let number = core(text);
                number.bytes().all(|b| b == b'0') || (number.len() >= LONG_NUMBER && is_repeated(&number))
            }
            Spelling::Phone => {
                let number = phone(text);
                number.trim_start_matches(['+', '1']).bytes().all(|b| b == b'0')
            }
            Spelling::Ip => text.parse::<IpAddr>().is_ok_and(|ip| ip.is_unspecified()),
            Spelling::Email | Spelling::Account | Spelling::WebAddress => false,
        }
    }
}

/// From so many digits on, a number of one digit again and again is none.
const LONG_NUMBER: usize = 6;

fn is_repeated(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_none_or(|first| chars.all(|c| c == first))
}

/// Texts that say nothing, wherever any text would do: in lower case, letters and digits only. Common forms of English,
/// German, Spanish and French.
#[rustfmt::skip]
const PLACEHOLDERS: &[&str] = &[
    "", "adefinir", "adéfinir", "anonym", "anonymous", "asabove", "asbefore", "asdf", "aucun", "aucune",
    "ausstehend", "avenir", "blank", "desconocida", "desconocido", "dito", "ditto", "empty", "entfaellt",
    "entfällt", "fillin", "fillme", "folgt", "follows", "foobar", "idem", "inconnu", "inconnue", "kein",
    "keine", "keiner", "keines", "later", "lorem", "loremipsum", "missing", "na", "nada", "nadie", "nan",
    "neant", "nichtbekannt", "nichts", "nichtvorhanden", "nichtzutreffend", "niemand", "nil", "ninguna",
    "ninguno", "nk", "nn", "noaplica", "nobody", "nochoffen", "nodata", "nodisponible", "noentry",
    "noinformation", "noname", "nonapplicable", "none", "nonrenseigne", "nonrenseigné", "noone", "norecord",
    "notapplicable", "notassigned", "notavailable", "nothing", "notknown", "notprovided", "notrecorded",
    "notset", "notspecified", "notstated", "notyet", "notyetknown", "notyetrecorded", "novalue", "null",
    "néant", "offen", "pendiente", "pending", "personne", "placeholder", "porconfirmar", "pordefinir",
    "qwerty", "rien", "sameasabove", "sameasbefore", "sansobjet", "seeabove", "seebelow", "seecomment",
    "seecomments", "seefile", "seenote", "seenotes", "sieheoben", "sieheunten", "somebody", "someone",
    "tba", "tbc", "tbd", "tbs", "tobeadded", "tobeadvised", "tobeannounced", "tobeassigned",
    "tobeconfirmed", "tobedecided", "tobedefined", "tobedetermined", "tobedone", "tobefilled",
    "tobefilledin", "tobeprovided", "tobespecified", "tobesupplied", "tocome", "todo", "tofollow",
    "unbekannt", "unbestimmt", "unclear", "undefined", "unknown", "unset", "unspecified", "vacio", "vacío",
    "xx", "xxx", "àdéfinir", "àvenir",
];

/// Longest placeholder, with room for what stands around it.
const LONGEST_PLACEHOLDER: usize = 60;

/// What is no name, no reason and no document, although it may be the value of a setting: in lower case, letters and
/// digits only.
#[rustfmt::skip]
const ANSWERS: &[&str] = &[
    "anybody", "anyone", "approver", "areason", "asagreed", "asdiscussed", "asneeded", "asrequired",
    "asusual", "author", "auto", "autoapproved", "automated", "automatic", "automatically", "because",
    "bot", "demo", "done", "dummy", "erikamustermann", "everybody", "everyone", "example", "false",
    "firstlastname", "firstname", "firstnamelastname", "fullname", "ja", "jefe", 
    "lastname", "manager", "maxmustermann", "n", "name", "nameofapprover", "names", "nein", "no", "non",
    "nope", "ok", "okay", "okey", "oui", "reason", "reasonhere", "reviewer", "robot", "sample", "script",
    "si", "signatory", "signer", "somename", "somereason", "sometext", "supervisor", "sure", "system", "sí",
    "test", "tester", "testing", "tests", "testuser", "text", "theapprover", "themanager", "true",
    "username", "verifier", "whoever", "whynot", "x", "y", "yep", "yes", "yourname",
];

/// Whether a text says nothing; `of_setting` where it may be the value of a setting.
pub(super) fn is_placeholder(text: &str, of_setting: bool) -> bool {
    if text.len() > LONGEST_PLACEHOLDER {
        // So many signs, and none that says anything.
        return !text.chars().any(char::is_alphanumeric);
    }
    if let Some((scheme, rest)) = text.split_once("://") {
        // An address of nothing.
        let says_nothing = |part: &str| is_placeholder(part, true);
        return !scheme.chars().any(char::is_alphanumeric) || rest.split(['/', '?', '#']).all(says_nothing);
    }
    let core = core(text);
    PLACEHOLDERS.binary_search(&core.as_str()).is_ok() || (!of_setting && is_answer(&core))
}

/// Whether a document with this text says nothing.
pub(crate) fn says_nothing(text: &str) -> bool {
    is_placeholder(text.trim(), false)
}

/// The letters and digits of a text, in lower case.
fn core(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether a text of letters and digits is no more than an answer, a letter or zeros.
fn is_answer(core: &str) -> bool {
    let mut chars = core.chars();
    // Of a script whose letters have a case: in others one sign is a name.
    let single = matches!((chars.next(), chars.next()), (Some(c), None)
        if c.is_ascii_digit() || c.is_lowercase() || c.is_uppercase());
    single || core.bytes().all(|b| b == b'0') || ANSWERS.binary_search(&core).is_ok()
}

/// Words by which an answer begins that says what was *not* asked, searched or found.
const DENIALS: &[&str] = &[
    "aucun",
    "aucune",
    "cannot",
    "couldn",
    "didn",
    "failed",
    "kein",
    "keine",
    "keiner",
    "neither",
    "never",
    "nicht",
    "ningun",
    "ninguna",
    "ninguno",
    "no",
    "non",
    "none",
    "not",
    "nothing",
    "pas",
    "sans",
    "skipped",
    "unable",
    "unavailable",
    "unchecked",
    "unverified",
    "without",
];

/// Words of an answer that rests on what the person says.
const WORD_OF: &[&str] =
    &["according", "asked", "by", "from", "on", "per", "said", "say", "says", "stated", "states", "told"];
const PEOPLE: &[&str] = &[
    "applicant",
    "candidate",
    "contractor",
    "employee",
    "freelancer",
    "her",
    "him",
    "payee",
    "person",
    "themselves",
    "they",
    "worker",
];

/// Whether what should name a source, a method or a body names none, or only the person it is about.
pub(super) fn names_no_source(text: &str) -> bool {
    let plain = text.to_lowercase();
    let words: Vec<&str> =
        plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_of = |list: &[&str], word: &&str| list.contains(word);
    let Some(first) = words.first() else { return false };
    // `No. 7 …` and `Non-…` are names.
    if is_of(DENIALS, first) && !plain.starts_with("no.") && !plain.starts_with("non-") {
        return true;
    }
    words.len() <= 6
        && (words.iter().any(|word| is_of(WORD_OF, word)) && words.iter().any(|word| is_of(PEOPLE, word))
            || plain.starts_with("self-")
            || matches!(*first, "self" | "selfreported"))
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
    // `Ann Lee <ann@example.com>`, as mail programs copy it.
    let inside = text.rsplit_once('<').and_then(|(_, rest)| rest.split('>').next());
    let text = inside.unwrap_or(&text).trim().trim_start_matches("mailto:").to_owned();
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
const METHODS: &[&str] = &[
    "hmac",
    "md5",
    "sha1",
    "sha-1",
    "sha256",
    "sha-256",
    "sha2",
    "sha512",
    "sha-512",
    "blake2b",
    "blake3",
    "hmac-sha1",
    "hmac-sha256",
    "hmac_sha256",
    "hmac-sha-256",
    "hmac-sha512",
];

fn hash(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    let hexadecimal = text.strip_prefix("0x").filter(|rest| rest.len() >= 16);
    let text = hexadecimal.map(str::to_owned).unwrap_or(text);
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

/// Providers where anybody has a mailbox, so that the same name at two of them is two people's.
const OPEN_TO_ALL: &[&str] = &[
    "aol.com",
    "fastmail.com",
    "gmail.com",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hotmail.com",
    "icloud.com",
    "live.com",
    "mac.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "msn.com",
    "outlook.com",
    "pm.me",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "tutanota.com",
    "web.de",
    "yahoo.com",
    "yandex.com",
    "yandex.ru",
    "zoho.com",
    "163.com",
    "126.com",
];

/// An account in one spelling.
fn account(text: &str) -> String {
    let text = text.trim().to_lowercase();
    // `EXAMPLE\\ann` and `example/ann`, as directories write it.
    let name = text.rsplit(['\\', '/']).next().filter(|name| !name.is_empty()).unwrap_or(&text);
    match name.split_once('@') {
        Some((local, domain)) if !local.is_empty() && !OPEN_TO_ALL.contains(&domain) => local.to_owned(),
        _ => name.to_owned(),
    }
}

fn ip(text: &str) -> String {
    let text = text.trim();
    text.parse::<IpAddr>().map_or_else(|_| text.to_owned(), |ip| ip.to_canonical().to_string())
}

fn web_address(text: &str) -> String {
    let text = text.trim();
    let whole = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let normal = Uri::parse(whole.as_str()).map(|uri| uri.normalize().to_string()).unwrap_or(whole);
    let rest = normal.split_once("://").map_or(normal.as_str(), |(_, rest)| rest);
    let rest = rest.split(['?', '#']).next().unwrap_or(rest).trim_end_matches('/').to_lowercase();
    let rest = match rest.rsplit_once('/') {
        Some((page, language)) if is_language(language) && names_page(page) => page.to_owned(),
        _ => rest,
    };
    let bare = ["www.", "m.", "mobile."].iter().find_map(|sub| rest.strip_prefix(sub).map(str::to_owned));
    let rest =
        bare.filter(|bare| bare.split('/').next().is_some_and(|host| host.contains('.'))).unwrap_or(rest);
    // `de.example.com` is `example.com` in German.
    match rest.split_once('.') {
        Some((language, rest))
            if is_language(language) && rest.split('/').next().is_some_and(|host| host.contains('.')) =>
        {
            rest.to_owned()
        }
        _ => rest,
    }
}

/// Languages of which sites offer a page in each (ISO 639-1).
const LANGUAGES: &[&str] = &[
    "ar", "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "he", "hi", "hr", "hu", "id", "it",
    "ja", "ko", "lt", "lv", "ms", "nb", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sr", "sv", "th",
    "tl", "tr", "uk", "vi", "zh",
];

/// Whether an address leads to a page of its own, and not to a section where the last part is still to name one: `/in/ed`.
fn names_page(page: &str) -> bool {
    const SECTIONS: &[&str] = &[
        "author", "company", "i", "id", "in", "member", "members", "o", "people", "profile", "profiles",
        "pub", "u", "user", "users",
    ];
    page.rsplit_once('/').is_some_and(|(_, last)| !SECTIONS.contains(&last))
}

/// Whether the last part of a page's address only says in which language it is read: `en`, `de-DE`, `pt_br`.
fn is_language(part: &str) -> bool {
    let (language, region) = part.split_once(['-', '_']).unwrap_or((part, "xx"));
    LANGUAGES.contains(&language) && region.len() == 2 && region.bytes().all(|b| b.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_says_nothing_however_it_is_dressed() {
        assert!(PLACEHOLDERS.is_sorted());
        for text in [
            "",
            " ",
            "-",
            "--",
            "?",
            "n/a",
            "N/A.",
            "(none)",
            "TBD",
            "unknown",
            "\u{a0}",
            "<tbd>",
            "true",
            "…",
            "to follow",
            "see notes",
            "x",
            "???",
            "N.N.",
            "anonymous",
            "system",
            "unbekannt",
            "t.b.d.",
            "later",
            "0",
            "1",
            "[name]",
            "<approver>",
            "auto",
            "manager",
            "not yet",
            "same as above",
            "ok",
            "x://",
            "dms://-",
            "http:///",
            "000",
        ] {
            assert!(is_placeholder(text, false), "{text:?}");
        }
        for text in [
            "Ruth Delgado",
            "staff-011",
            "none of the employees travels",
            "No. 7",
            "Na Li",
            "X1",
            "Li",
            "Ng",
            "IT",
            "李",
            "10442",
            "dms://a/b",
            "Test Lead",
        ] {
            assert!(!is_placeholder(text, false), "{text:?}");
        }
        assert!(!is_placeholder("true", true) && is_placeholder("unknown", true));
        assert!(!is_placeholder("1", true) && !is_placeholder("test", true));
    }

    #[test]
    fn an_answer_that_denies_names_no_source() {
        for text in [
            "not accredited",
            "not searched: OFAC SDN",
            "asked the worker",
            "none",
            "per candidate",
            "self-reported",
        ] {
            assert!(names_no_source(text), "{text:?}");
        }
        for text in [
            "NMLS Consumer Access",
            "OFAC SDN",
            "USPS AMS lookup",
            "No. 7 Register",
            "Nordic Council",
            "own site visit",
        ] {
            assert!(!names_no_source(text), "{text:?}");
        }
    }

    #[test]
    fn what_identifies_nothing_is_not_recorded() {
        let empty = digest::of(b"");
        for (spelling, text) in [
            (Spelling::Hash, empty.as_str()),
            (Spelling::Hash, &"0".repeat(64)),
            (Spelling::Hash, &format!("hmac-{}", "f".repeat(40))),
            (Spelling::Number, "0000 0000"),
            (Spelling::Number, "1111111"),
            (Spelling::Phone, "+1 000 000 0000"),
            (Spelling::Ip, "0.0.0.0"),
            (Spelling::Ip, "::"),
        ] {
            assert!(spelling.says_nothing(text), "{text:?}");
        }
        for (spelling, text) in [
            (Spelling::Hash, "hmac-00000000000000000002"),
            (Spelling::Number, "100"),
            (Spelling::Ip, "192.0.2.1"),
        ] {
            assert!(!spelling.says_nothing(text), "{text:?}");
        }
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
        alike(
            Spelling::Email,
            &["ann.lee@example.com", "Ann Lee <ann.lee@example.com>", "mailto:Ann.Lee@example.com"],
        );
        alike(
            Spelling::Hash,
            &["0011223344556677aabb", "0x0011223344556677aabb", "sha1:00112233 44556677 AABB"],
        );
        alike(Spelling::Account, &["ajohansen", "KHI\\ajohansen", "AJohansen ", "ajohansen@example.com"]);
        alike(Spelling::Ip, &["192.0.2.92", "::ffff:192.0.2.92"]);
        alike(
            Spelling::WebAddress,
            &[
                "example.com/in/ann",
                "https://example.com/in/ann/en",
                "example.com/in/ann/de-DE?x=1",
                "de.example.com/in/ann",
            ],
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
        assert_ne!(web_address("example.com/in/ed"), web_address("example.com/in"));
        assert_ne!(web_address("example.com/in/en"), web_address("example.com/in/de"));
    }
}
