//! An example several times over in one folder: every copy has records of its own that refer to each other,
//! and everything else is the same, as if so many organisations sat at the same desks: addresses, places,
//! networks, telephone numbers, dates. So the groups that checks look at grow with the copies.

use std::collections::HashSet;
use std::error::Error;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_yaml::Value;
use walkdir::WalkDir;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// There is one of it, whatever the number of copies.
const ONE_OF_A_KIND: &str = "organization";

/// Writes `count` copies of an example into `target`. Returns how many records they are.
pub(super) fn write(example: &Path, target: &Path, count: usize) -> Result<usize> {
    let mut ids = HashSet::new();
    let mut files = Vec::new();
    let mut records = 1;
    for entry in WalkDir::new(example).sort_by_file_name() {
        let entry = entry?;
        let path = entry.path().strip_prefix(example)?;
        if entry.file_type().is_dir() {
            fs::create_dir_all(target.join(path))?;
            continue;
        }
        fs::copy(entry.path(), target.join(path))?;
        let is_data = path.extension().is_some_and(|extension| extension == "yaml" || extension == "json");
        if !is_data || path.as_os_str() == "duly.yaml" {
            continue;
        }
        let text = fs::read_to_string(entry.path())?;
        let found = ids_in(&text)?;
        if !found.is_empty() {
            records += found.len() * count;
            ids.extend(found);
            files.push((path.to_owned(), text));
        }
    }
    for copy in 1..count {
        for (path, text) in &files {
            let name = path.file_name().and_then(|name| name.to_str()).ok_or("a name that is not UTF-8")?;
            let path = target.join(path.with_file_name(format!("{copy}-{name}")));
            fs::write(path, renamed(text, &ids, copy))?;
        }
    }
    Ok(records)
}

/// Ids of the records in a file, but for the organisation.
fn ids_in(text: &str) -> Result<Vec<String>> {
    let mut ids = Vec::new();
    for document in serde_yaml::Deserializer::from_str(text) {
        let mut document = Value::deserialize(document)?;
        let records = match document.get_mut("records").map(std::mem::take).unwrap_or(document) {
            Value::Sequence(records) => records,
            record => vec![record],
        };
        for record in records {
            let word = |key| record.get(key).and_then(Value::as_str);
            if let (Some(kind), Some(id)) = (word("kind"), word("id"))
                && kind != ONE_OF_A_KIND
            {
                ids.push(id.to_owned());
            }
        }
    }
    Ok(ids)
}

/// The text with every id, where it stands alone, as that of a copy.
fn renamed(text: &str, ids: &HashSet<String>, copy: usize) -> String {
    let belongs = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/');
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        out.push_str(&rest[..end]);
        if ids.contains(&rest[..end]) {
            out.push_str(&format!("-{copy}"));
        }
        let next = rest[end..].find(belongs).map_or(rest.len(), |next| end + next);
        out.push_str(&rest[end..next]);
        rest = &rest[next..];
    }
    out
}
