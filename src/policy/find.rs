//! Where packs are: in the binary, in the audited folder, or in a folder on disk.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use super::built_in;
use super::set::{Pack, Selection, Tailoring};
use crate::diagnostics::{Code, Diagnostic, Place};
use crate::repo::Listing;
use crate::text::{decode, digest, escape};

/// The files of one pack before anything is understood.
pub(super) struct RawPack {
    /// What its paths start with in messages.
    pub prefix: String,
    pub files: Vec<(String, String)>,
}

impl RawPack {
    /// The path of one of its files in messages.
    pub(super) fn path(&self, file: &str) -> String {
        format!("{}{file}", self.prefix)
    }

    pub(super) fn text(&self, file: &str) -> Option<&str> {
        self.files.iter().find(|(path, _)| path == file).map(|(_, text)| text.as_str())
    }

    /// SHA-256 over the sorted lines `sha256  path` of its files.
    pub(super) fn digest(&self) -> String {
        let line = |(path, text): &(String, String)| format!("{}  {path}\n", digest::of(text.as_bytes()));
        let mut lines: Vec<String> = self.files.iter().map(line).collect();
        lines.sort();
        digest::of(lines.concat().as_bytes())
    }
}

/// Where packs that are not compiled in are looked for.
#[derive(Clone, Copy)]
pub struct PackSource<'a> {
    /// The files of the audited folder, on disk or at a revision.
    pub listing: Option<&'a Listing>,
    /// The folder on disk, for packs outside of the listing; none where the files are not from disk.
    pub root: Option<&'a Path>,
}

/// SHA-256 over everything that packs are made of.
pub(super) fn digest_of(raw: &[RawPack], tailoring: &Tailoring) -> String {
    let mut parts: Vec<Cow<'_, str>> = Vec::new();
    for pack in raw {
        parts.push((&pack.prefix).into());
        parts.extend(pack.files.iter().flat_map(|(path, text)| [path.into(), text.into()]));
    }
    parts.push(match &tailoring.selection {
        Selection::Default => "".into(),
        Selection::Profile(name, _) => name.into(),
        Selection::Everything => "*".into(),
    });
    for (measure, values) in &tailoring.parameters {
        for (name, over) in values {
            parts.extend([measure.into(), name.into(), over.value.to_string().into()]);
        }
    }
    if !tailoring.defaults.text.is_empty() {
        parts.push(tailoring.defaults.text.as_str().into());
    }
    digest::of_parts(&parts)
}

/// Whether a pack has the name and the version of one that is compiled in, and other content.
pub fn is_modified(pack: &Pack) -> bool {
    let Some((_, files)) = built_in::PACKS.iter().find(|(name, _)| *name == pack.name) else { return false };
    let own = RawPack {
        prefix: String::new(),
        files: files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect(),
    };
    let version =
        own.text("pack.yaml").into_iter().flat_map(str::lines).find_map(|line| line.strip_prefix("version:"));
    let version = version.map(|version| version.trim().trim_matches(['"', '\'']));
    version == Some(pack.version.as_str()) && own.digest() != pack.digest
}

/// The files of packs by name.
pub(super) fn find_all(names: &[String], source: PackSource<'_>) -> Result<Vec<RawPack>, Vec<Diagnostic>> {
    let mut raw = Vec::new();
    let mut errors = Vec::new();
    for name in names {
        match find(name, source) {
            Ok(pack) => raw.push(pack),
            Err(error) => errors.push(*error),
        }
    }
    if errors.is_empty() { Ok(raw) } else { Err(errors) }
}

/// The files of a pack's folder; none if there is no pack.
fn folder(name: &str, source: PackSource<'_>) -> Option<Listing> {
    let inside = name.trim_start_matches("./").trim_end_matches('/');
    if let Some(listing) = source.listing {
        if inside.is_empty() || inside == "." {
            return listing.find("pack.yaml").map(|_| listing.clone());
        }
        if listing.find(&format!("{inside}/pack.yaml")).is_some() {
            return Some(listing.below(inside));
        }
    }
    let folder = match source.root {
        Some(root) => root.join(name),
        None if Path::new(name).is_absolute() => PathBuf::from(name),
        None => return None,
    };
    folder.join("pack.yaml").is_file().then(|| crate::repo::list(&folder))
}

fn find(name: &str, source: PackSource<'_>) -> Result<RawPack, Box<Diagnostic>> {
    if let Some((_, files)) = built_in::PACKS.iter().find(|(n, _)| *n == name) {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        return Ok(RawPack { prefix: format!("{name}/"), files });
    }
    let error = |message: String| {
        let built_in: Vec<&str> = built_in::PACKS.iter().map(|(n, _)| *n).collect();
        let help = format!("name a folder with a pack.yaml, or a built-in pack: {}", built_in.join(", "));
        Box::new(Diagnostic::new(Code::Policy, Place::file(name), message, help))
    };
    let Some(listing) = folder(name, source) else {
        return Err(error("there is no such policy pack".to_owned()));
    };
    let policy = |path: &str| {
        let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
        !path.starts_with("tests/") && matches!(extension, "yaml" | "yml" | "json")
    };
    let prefix = format!("{}/", name.trim_end_matches('/'));
    // A policy that cannot be read must not be missing in silence.
    if let Some(problem) = listing.problems.into_iter().find(|p| policy(&p.place.path)) {
        let place = Place::file(format!("{prefix}{}", problem.place.path));
        let error = Diagnostic::new(Code::Policy, place, problem.message, "put the file itself here");
        return Err(Box::new(error));
    }
    let mut files = Vec::new();
    for file in listing.files.into_iter().filter(|f| policy(&f.path)) {
        let bytes = crate::repo::read(&file).map_err(|p| error(format!("{}: {}", p.place, p.message)))?;
        let text = decode(bytes).map_err(|e| error(format!("{}: {e}", escape(&file.path))))?;
        files.push((file.path, text));
    }
    Ok(RawPack { prefix, files })
}
