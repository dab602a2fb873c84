//! `duly hash`: the keyed hashes that records ask for in place of account numbers, document numbers and contacts.
//!
//! A value is brought to one spelling first, so that equal values have equal hashes however they are written. Neither
//! a value nor the key is ever printed, not even in an error.

use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::output::{self, UserError};
use crate::records::{Spelling, says_nothing};
use crate::repo;
use crate::text::{digest, escape};

/// Make the keyed hash of an account number, document number or contact
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The value to hash; a value typed here stays in the history of the shell. Without it, the value is asked for on
    /// the terminal and not shown
    #[arg(value_name = "VALUE", allow_negative_numbers = true)]
    value: Vec<String>,
    /// Read values from standard input, one a line; prints one hash a line
    #[arg(long, conflicts_with = "value")]
    stdin: bool,
    /// What the value is, which decides what is the same: `account` and `document` compare letters and digits only,
    /// `phone` the international number, `email` the mailbox. For a bank account, give routing number and account
    /// number together, or the IBAN
    #[arg(long = "as", value_name = "WHAT", value_enum, default_value_t = Sort::Account)]
    sort: Sort,
    /// File with the key, at least 16 bytes long, kept outside the repository [default: the environment variable
    /// DULY_HASH_KEY]
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
}

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Sort {
    Account,
    Document,
    Phone,
    Email,
}

/// The environment variable that holds the key.
const VARIABLE: &str = "DULY_HASH_KEY";
/// A key has at least so many bytes, so many of them different, and at most so many.
const SHORTEST_KEY: usize = 16;
const LEAST_DIFFERENT: usize = 6;
const LONGEST_KEY: u64 = 4096;
/// Bytes of standard input that are read.
const LONGEST_INPUT: u64 = 1 << 20;
/// How to make a key.
const MAKE_A_KEY: &str = "make a key once with `openssl rand -hex 32`, and keep it outside the repository, such as in a password manager";

pub(super) fn run(arguments: &Arguments) -> Result<u8, UserError> {
    let key = key(arguments.key_file.as_deref())?;
    let values = values(arguments)?;
    let mut text = String::new();
    for (i, value) in values.iter().enumerate() {
        let line = if values.len() > 1 { format!("line {}: ", i + 1) } else { String::new() };
        let spelled = spelled(arguments.sort, value)
            .map_err(|why| UserError::new(format!("{line}{why}"), "the value is not shown here; check it"))?;
        let hash = digest::keyed(&key, spelled.as_bytes())
            .ok_or_else(|| UserError::new("the key cannot be used", MAKE_A_KEY))?;
        text.push_str(&format!("hmac-{hash}\n"));
    }
    output::print(&text)?;
    Ok(0)
}

/// The values, as they are given.
fn values(arguments: &Arguments) -> Result<Vec<String>, UserError> {
    if !arguments.value.is_empty() {
        // A number in groups, such as an IBAN, without quotes.
        return Ok(vec![arguments.value.join(" ")]);
    }
    let unreadable =
        |e: std::io::Error| UserError::new(format!("cannot read the value: {e}"), "a value is UTF-8 text");
    if !arguments.stdin && std::io::stdin().is_terminal() {
        return Ok(vec![rpassword::prompt_password("Value (not shown): ").map_err(unreadable)?]);
    }
    let mut text = String::new();
    std::io::stdin().take(LONGEST_INPUT + 1).read_to_string(&mut text).map_err(unreadable)?;
    if text.len() as u64 > LONGEST_INPUT {
        let what = format!("standard input is longer than {LONGEST_INPUT} bytes");
        return Err(UserError::new(what, "hash fewer values at a time"));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let values: Vec<String> = text.lines().map(str::to_owned).collect();
    if values.is_empty() {
        return Err(UserError::new("standard input is empty", "write one value a line"));
    }
    Ok(values)
}

/// A value in its one spelling, or why it is none; the value itself is not said.
fn spelled(sort: Sort, value: &str) -> Result<String, String> {
    let spelling = match sort {
        Sort::Account | Sort::Document => Spelling::Number,
        Sort::Phone => Spelling::Phone,
        Sort::Email => Spelling::Email,
    };
    let value = value.trim();
    if value.is_empty() {
        return Err("the value is empty".to_owned());
    }
    let text = spelling.of(value).unwrap_or_else(|| value.to_owned());
    if says_nothing(value) || spelling.says_nothing(value) {
        return Err("the value is a placeholder and identifies nothing".to_owned());
    }
    let digits = text.chars().filter(char::is_ascii_digit).count();
    match sort {
        Sort::Account | Sort::Document if digits < 4 => {
            Err(format!("the value has {digits} digits; an account or document number has at least 4"))
        }
        Sort::Phone if !text.starts_with('+') || digits < 7 => {
            Err("the value is not a telephone number; write it with its country code, +1…".to_owned())
        }
        Sort::Email if !is_mailbox(&text) => Err("the value is not an e-mail address".to_owned()),
        _ => Ok(text),
    }
}

fn is_mailbox(text: &str) -> bool {
    let parts = text.split_once('@');
    parts.is_some_and(|(name, domain)| !name.is_empty() && domain.contains('.') && !text.contains(' '))
}

/// The key, from the file or the environment.
fn key(file: Option<&Path>) -> Result<Vec<u8>, UserError> {
    let (bytes, name) = match file {
        Some(file) => (from_file(file)?, escape(&file.to_string_lossy()).into_owned()),
        None => match std::env::var_os(VARIABLE).filter(|value| !value.is_empty()) {
            Some(value) => (value.into_encoded_bytes(), VARIABLE.to_owned()),
            None => {
                let what = format!("there is no key: neither --key-file nor {VARIABLE} is set");
                return Err(UserError::new(what, MAKE_A_KEY));
            }
        },
    };
    let key = bytes.trim_ascii().to_vec();
    if key.len() < SHORTEST_KEY {
        let what = format!("the key in {name} has {} bytes; at least {SHORTEST_KEY} are needed", key.len());
        return Err(UserError::new(what, MAKE_A_KEY));
    }
    let different: std::collections::BTreeSet<u8> = key.iter().copied().collect();
    if different.len() < LEAST_DIFFERENT {
        let what =
            format!("the key in {name} repeats {} different bytes and is easy to guess", different.len());
        return Err(UserError::new(what, MAKE_A_KEY));
    }
    Ok(key)
}

/// The bytes of a key file, which must not be one that the repository keeps.
fn from_file(file: &Path) -> Result<Vec<u8>, UserError> {
    let name = escape(&file.to_string_lossy()).into_owned();
    let unreadable = |e: &dyn std::fmt::Display| {
        UserError::new(format!("cannot read the key file {name}: {e}"), "--key-file names a readable file")
    };
    let real = file.canonicalize().map_err(|e| unreadable(&e))?;
    let refused = |why: &str| {
        let what = format!("the key file {name} {why}");
        let why = "whoever reads the repository could then try out every account number; move the key outside of it";
        UserError::new(what, why)
    };
    if repo::is_kept(&real).map_err(|e| UserError::new(format!("{name}: {e}"), e.help()))? {
        return Err(refused("lies in a git repository that does not ignore it"));
    }
    if real.ancestors().skip(1).any(is_audited_without_git) {
        return Err(refused(&format!("lies beside the records that {} configures", crate::config::FILE)));
    }
    let mut bytes = Vec::new();
    let opened = std::fs::File::open(&real).map_err(|e| unreadable(&e))?;
    opened.take(LONGEST_KEY + 1).read_to_end(&mut bytes).map_err(|e| unreadable(&e))?;
    if bytes.len() as u64 > LONGEST_KEY {
        return Err(unreadable(&format!("it is longer than {LONGEST_KEY} bytes")));
    }
    Ok(bytes)
}

/// Whether a folder is audited and no repository of git holds it, whose rules would have been asked.
fn is_audited_without_git(folder: &Path) -> bool {
    folder.join(crate::config::FILE).is_file() && !folder.ancestors().any(|above| above.join(".git").exists())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_has_one_spelling() {
        for (sort, one, other) in [
            (Sort::Account, "DE89 3704 0044 0532 0130 00", "de89370400440532013000"),
            (Sort::Document, "P-1234567", "p1234567"),
            (Sort::Phone, "(612) 555-0151", "+16125550151"),
            (Sort::Email, "Ann.Lee+jobs@Example.com", "ann.lee@example.com"),
        ] {
            assert_eq!(spelled(sort, one).as_deref(), Ok(other));
            assert_eq!(spelled(sort, other).as_deref(), Ok(other));
        }
    }

    #[test]
    fn what_identifies_nothing_is_refused_without_being_repeated() {
        for (sort, value) in [
            (Sort::Account, ""),
            (Sort::Account, "n/a"),
            (Sort::Account, "0000000"),
            (Sort::Document, "passport"),
            (Sort::Phone, "office-extension"),
            (Sort::Email, "ann.lee"),
        ] {
            let why = spelled(sort, value).expect_err(value);
            assert!(value.is_empty() || !why.contains(value), "{why}");
        }
    }
}
