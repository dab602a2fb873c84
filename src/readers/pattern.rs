//! File patterns that match nothing, and the ones that were meant.

use std::collections::BTreeSet;

use super::claim::set;
use crate::diagnostics::suggestion;
use crate::text::escape;

/// What was meant by a pattern that matches nothing.
#[derive(Debug, PartialEq, Eq)]
pub struct Fix {
    /// Why the pattern matches nothing, as the rest of a sentence about it; empty where nothing is known.
    pub why: String,
    /// The pattern that was meant.
    pub pattern: String,
}

/// Bytes of the longest pattern for which another is sought.
const LONGEST: usize = 256;

/// The pattern closest to one that matches none of the paths, if one is close.
pub fn nearest(pattern: &str, paths: &[&str]) -> Option<Fix> {
    if pattern.len() > LONGEST {
        return None;
    }
    let (form, why) = normal(pattern);
    if !why.is_empty() && matched(&form, false, paths).is_some() {
        return Some(Fix { why, pattern: form });
    }
    let folder = form.trim_end_matches('/');
    if !folder.is_empty() && paths.iter().any(|path| is_below(path, folder)) {
        let why = if why.is_empty() { "names a folder, not the files below it".to_owned() } else { why };
        return Some(Fix { why, pattern: format!("{folder}/**") });
    }
    if let Some(path) = matched(&form, true, paths) {
        let why = format!("differs in upper and lower case from `{}`", escape(path));
        return Some(Fix { why, pattern: in_case_of(&form, path) });
    }
    if let Some(other) = other_ending(&form)
        && matched(&other, false, paths).is_some()
    {
        return Some(Fix { why, pattern: other });
    }
    let folders: BTreeSet<&str> = paths.iter().filter_map(|path| Some(path.rsplit_once('/')?.0)).collect();
    let literal = form.split(['*', '?', '[', '{']).next().unwrap_or_default();
    let close = match literal.rsplit_once('/') {
        // A folder that is misspelt, with the rest of the pattern as it stands.
        Some((folder, _)) if !folders.contains(folder) => {
            suggestion(folder, folders).map(|close| format!("{close}{}", &form[folder.len()..]))
        }
        _ if literal == form => suggestion(&form, paths.iter().copied()).map(str::to_owned),
        _ => None,
    };
    let close = close.filter(|close| matched(close, false, paths).is_some())?;
    Some(Fix { why, pattern: close })
}

/// The pattern without what no path has, and what that is.
fn normal(pattern: &str) -> (String, String) {
    let mut why = Vec::new();
    let mut form = pattern.trim().to_owned();
    if form.contains('\\') {
        why.push("has `\\` where paths have `/`");
        form = form.replace('\\', "/");
    }
    if form.starts_with("./") {
        why.push("starts with `./`");
        while let Some(rest) = form.strip_prefix("./") {
            form = rest.to_owned();
        }
    }
    if form.starts_with('/') {
        why.push("starts with `/`, but paths start at the audited folder");
        form = form.trim_start_matches('/').to_owned();
    }
    if form.ends_with('/') {
        why.push("ends with `/`, but files are matched, not folders");
        form.push_str("**");
    }
    if why.is_empty() && form != pattern {
        why.push("has blanks around it");
    }
    (form, why.join(" and "))
}

fn is_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// The first path that a pattern matches.
fn matched<'p>(pattern: &str, any_case: bool, paths: &[&'p str]) -> Option<&'p str> {
    let set = set(&[pattern.to_owned()], any_case).ok()?;
    paths.iter().copied().find(|path| set.is_match(path))
}

/// A pattern with its literal beginning, and an ending without wildcards, as the path writes them.
fn in_case_of(pattern: &str, path: &str) -> String {
    let is_wild = |c: char| matches!(c, '*' | '?' | '[' | ']' | '{' | '}' | ',');
    let head = pattern.find(is_wild).unwrap_or(pattern.len());
    let tail = pattern.rfind(is_wild).map_or(head, |i| i + 1);
    let from_end = pattern.len() - tail;
    match (path.get(..head), path.len().checked_sub(from_end).and_then(|start| path.get(start..))) {
        (Some(start), Some(end)) => format!("{start}{}{end}", &pattern[head..tail]),
        _ => path.to_owned(),
    }
}

/// The same with the other ending that YAML files have.
fn other_ending(pattern: &str) -> Option<String> {
    match pattern.rsplit_once('.')? {
        (stem, "yaml") => Some(format!("{stem}.yml")),
        (stem, "yml") => Some(format!("{stem}.yaml")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant_is_found() {
        let paths = ["Access/Grants.yaml", "devices/mac/a.json", "workers/a.yml", "workers/b.yml"];
        for (pattern, meant, why) in [
            ("./workers/*.yml", "workers/*.yml", "`./`"),
            ("/workers/*.yml", "workers/*.yml", "`/`"),
            ("workers/", "workers/**", "ends with `/`"),
            ("workers\\*.yml", "workers/*.yml", "`\\`"),
            (".\\workers\\", "workers/**", "`\\`"),
            ("workers", "workers/**", "names a folder"),
            ("devices/mac", "devices/mac/**", "names a folder"),
            ("access/*.YAML", "Access/*.yaml", "`Access/Grants.yaml`"),
            ("Workers/**", "workers/**", "`workers/a.yml`"),
            ("workers/*.yaml", "workers/*.yml", ""),
            ("wokers/*.yml", "workers/*.yml", ""),
            ("workers/aa.yml", "workers/a.yml", ""),
            (" workers/*.yml", "workers/*.yml", "blanks"),
        ] {
            let fix = nearest(pattern, &paths).unwrap_or_else(|| panic!("{pattern}"));
            assert_eq!(fix.pattern, meant, "{pattern}");
            assert!(fix.why.contains(why), "{pattern}: {}", fix.why);
        }
        assert_eq!(nearest("shipments/*.yaml", &paths), None);
        assert_eq!(nearest(&"a/".repeat(200), &paths), None);
    }
}
