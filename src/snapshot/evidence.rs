//! Documents that records name as evidence: whether they are there, and whether they are what the records say.

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};

use unicode_normalization::UnicodeNormalization;

use super::state::State;
use crate::diagnostics::{Code, Place, Problem, ProblemList};
use crate::policy::expr::{NO_EVIDENCE, evidence_path};
use crate::records::{EvidenceDocument, RecordSet};
use crate::repo::{self, Listing};
use crate::text::{IN_A_SENTENCE, digest, escape, shorten};

/// What to do where a document is the same but for its form.
const SAME_FILE: &str = "bring back the bytes that were hashed (`* -text` in .gitattributes keeps git from changing line \
                         ends), or state the SHA-256 of the file as it is";

/// Documents below the folder that records name, and that are not what the records say.
pub(super) fn documents(
    set: &RecordSet,
    documents: &[(u32, EvidenceDocument)],
    state: &State,
    digests: &HashMap<String, String>,
    problems: &mut ProblemList,
) {
    let near = OnceCell::new();
    let by_form = || near.get_or_init(|| by_form(&state.listing));
    for (source, document) in documents {
        let source = &set.sources[*source as usize];
        let node = source.tree.node(document.node);
        let path = evidence_path(node.text());
        let stated = document.stated.map(|id| source.tree.node(id));
        let own = path == source.path || NO_EVIDENCE.contains(&path);
        let (code, at, message, otherwise) = if leads_out(path) {
            (
                Code::EvidenceOutside,
                node,
                "points outside the audited folder, where nothing is read",
                "keep the document below the folder, or give its address in the document store and its SHA-256",
            )
        } else if own {
            (
                Code::EvidenceItself,
                node,
                "is no document: what a record or the configuration says shows nothing by itself",
                "name the document that shows it",
            )
        } else if state.listing.find(path).is_none() {
            let (message, help) = state.left_out.why(path).unwrap_or((
                "is not there",
                "put the document there, or fix the path: from the root of the audited folder, without `..`",
            ));
            (Code::EvidenceMissing, node, message, help)
        } else {
            match (digests.get(path), stated) {
                (Some(actual), _) if digest::is_of_nothing(actual) => (
                    Code::EvidenceMissing,
                    node,
                    "says nothing: it is blank, or holds no more than a placeholder",
                    "put the document there",
                ),
                (Some(actual), Some(stated)) if !actual.eq_ignore_ascii_case(stated.text()) => (
                    Code::EvidenceChanged,
                    stated,
                    "has another SHA-256 than stands here: it changed since",
                    "look at what changed; then state its SHA-256, or bring back the document",
                ),
                _ => continue,
            }
        };
        let place = Place::at(&source.path, source.tree.line_column(at.span().start));
        problems.push(place, code, |place| {
            let subject = if document.shown {
                format!("the document `{}`", escape(&shorten(path, IN_A_SENTENCE)))
            } else {
                "the document that is named here".to_owned()
            };
            let listing = &state.listing;
            let reason = match code {
                Code::EvidenceMissing if state.left_out.why(path).is_some() => None,
                Code::EvidenceMissing if is_folder(path, listing) => {
                    Some("it is a folder: name the file".to_owned())
                }
                Code::EvidenceMissing if listing.find(path).is_some() => None,
                Code::EvidenceMissing if document.shown => misspelt(path, by_form()),
                Code::EvidenceChanged => {
                    stated.and_then(|stated| reason(stated.text(), path, listing).map(str::to_owned))
                }
                _ => None,
            };
            let (message, help) = match (code, reason) {
                (Code::EvidenceMissing, Some(help)) => (message.to_owned(), help),
                (_, Some(why)) => {
                    (format!("has another SHA-256 than stands here, which is {why}"), SAME_FILE.to_owned())
                }
                (_, None) => (message.to_owned(), otherwise.to_owned()),
            };
            Problem::new(code, place, format!("{subject} {message}"), help)
        });
    }
}

/// Whether a path leads out of the folder that it starts in.
fn leads_out(path: &str) -> bool {
    let mut depth = 0_i64;
    path.starts_with(['/', '\\'])
        || path.split(['/', '\\']).any(|part| {
            depth += match part {
                "" | "." => 0,
                ".." => -1,
                _ => 1,
            };
            depth < 0
        })
}

fn is_folder(path: &str, listing: &Listing) -> bool {
    let below = format!("{}/", path.trim_end_matches('/'));
    let first = listing.files.partition_point(|file| file.path < below);
    listing.files.get(first).is_some_and(|file| file.path.starts_with(&below))
}

/// The paths of a listing by their [`form`].
fn by_form(listing: &Listing) -> BTreeMap<String, &str> {
    listing.files.iter().map(|file| (form(&file.path), file.path.as_str())).collect()
}

/// What all ways to write a path have in common: one separator, one case, one form of Unicode, no blanks around it.
fn form(path: &str) -> String {
    let path = path.trim().replace('\\', "/").nfc().collect::<String>().to_lowercase();
    let parts: Vec<&str> = path.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    parts.join("/")
}

/// The path that was meant by one that leads nowhere, and how the two differ.
fn misspelt(path: &str, paths: &BTreeMap<String, &str>) -> Option<String> {
    let meant = paths.get(&form(path))?;
    let mut differs = Vec::new();
    if path.contains('\\') {
        differs.push("has `\\` where paths have `/`");
    }
    let written = path.trim().replace('\\', "/");
    if written.nfc().ne(meant.nfc()) && written.to_lowercase().nfc().eq(meant.to_lowercase().nfc()) {
        differs.push("differs in upper and lower case");
    }
    if written.to_lowercase() != meant.to_lowercase()
        && written.nfc().collect::<String>().to_lowercase() == meant.nfc().collect::<String>().to_lowercase()
    {
        differs.push("has its letters in another form of Unicode (composed or decomposed)");
    }
    if path.trim() != path || written.contains("//") || written.contains("/./") {
        differs.push("has blanks around it, or a part too many");
    }
    let differs =
        if differs.is_empty() { "is written differently".to_owned() } else { differs.join(" and ") };
    let meant = escape(&shorten(meant, IN_A_SENTENCE)).into_owned();
    Some(format!("did you mean `{meant}`? What stands here {differs}"))
}

/// Of what a SHA-256 is that is not that of the document, where the document was only written another way.
fn reason(stated: &str, path: &str, listing: &Listing) -> Option<&'static str> {
    let is = |bytes: &[u8]| digest::of(bytes).eq_ignore_ascii_case(stated);
    let bytes = repo::read(listing.find(path)?).ok()?;
    let text = std::str::from_utf8(&bytes).ok()?;
    let mark = '\u{feff}';
    let lf = text.replace("\r\n", "\n");
    let crlf = lf.replace('\n', "\r\n");
    let ways: [(&str, String); 6] = [
        ("that of the same text with the line ends LF", lf.clone()),
        ("that of the same text with the line ends CRLF", crlf),
        ("that of the same text without a line end at its end", lf.trim_end_matches('\n').to_owned()),
        ("that of the same text with a line end at its end", format!("{lf}\n")),
        ("that of the same text without a byte-order mark", text.trim_start_matches(mark).to_owned()),
        ("that of the same text with a byte-order mark", format!("{mark}{text}")),
    ];
    ways.into_iter().find(|(_, way)| is(way.as_bytes())).map(|(words, _)| words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_path_are_told_apart() {
        let paths = BTreeMap::from([(form("Evidence/Zo\u{eb}.pdf"), "Evidence/Zo\u{eb}.pdf")]);
        for (path, words) in [
            ("evidence/zo\u{eb}.pdf", "upper and lower case"),
            ("Evidence/Zoe\u{308}.pdf", "Unicode"),
            ("Evidence\\Zo\u{eb}.pdf", "`\\`"),
            ("Evidence//Zo\u{eb}.pdf ", "blanks"),
            ("evidence\\zoe\u{308}.pdf", "`\\`"),
        ] {
            let help = misspelt(path, &paths).unwrap_or_default();
            assert!(help.contains("did you mean `Evidence/Zo\u{eb}.pdf`?") && help.contains(words), "{help}");
        }
        assert_eq!(misspelt("evidence/other.pdf", &paths), None);
    }

    #[test]
    fn a_path_that_leads_out_is_found() {
        for path in ["/etc/passwd", "../a", "a/../../b", "..", "\\\\host\\a", "a\\..\\..\\b"] {
            assert!(leads_out(path), "{path}");
        }
        for path in ["a", "a/b", "a/../b", "./a", "a..b", "..a/b"] {
            assert!(!leads_out(path), "{path}");
        }
    }

    #[test]
    fn own_files_are_no_evidence() {
        assert_eq!(NO_EVIDENCE, [crate::config::FILE, crate::baseline::FILE]);
    }
}
