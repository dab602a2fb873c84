//! Files that are no records: what other tools keep in a folder, and what other formats look like.

use crate::records::kinds;
use crate::tree::{Node, Tag};

/// Files that other tools look for under these very names, in lower case.
const OF_TOOLS: &[&str] = &[
    "appveyor.yml",
    "azure-pipelines.yaml",
    "azure-pipelines.yml",
    "bitbucket-pipelines.yml",
    "buildspec.yml",
    "cloudbuild.yaml",
    "codecov.yml",
    "compose.yaml",
    "compose.yml",
    "composer.json",
    "docker-compose.yaml",
    "docker-compose.yml",
    "lefthook.yml",
    "mkdocs.yml",
    "package-lock.json",
    "package.json",
    "pnpm-lock.yaml",
    "renovate.json",
    "tsconfig.json",
];

/// The folder that the set-ups of duly write reports into.
const REPORTS: &str = "duly-reports";

/// Endings of files that hold no text, in lower case.
const NO_TEXT: &[&str] = &[
    "7z", "bmp", "doc", "docx", "eml", "gif", "gz", "heic", "jpeg", "jpg", "mov", "mp3", "mp4", "msg", "odt",
    "p7m", "pdf", "png", "ppt", "pptx", "tif", "tiff", "webp", "xls", "xlsm", "xlsx", "zip",
];

/// Whether a path is one at which another tool keeps its files: a file or folder whose name begins with a dot, a file
/// that a tool looks for by name, or a report of duly.
pub fn is_of_another_tool(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    path.split('/').any(|part| part.starts_with('.') || part == REPORTS) || OF_TOOLS.contains(&name.as_str())
}

/// Whether a file cannot hold records, going by the ending of its name.
pub fn holds_no_text(path: &str) -> bool {
    let ending = path.rsplit('/').next().and_then(|name| name.rsplit_once('.'));
    ending.is_some_and(|(_, ending)| NO_TEXT.contains(&ending.to_ascii_lowercase().as_str()))
}

/// The keywords that a schema of duly has at its top.
const OF_A_SCHEMA: &[&str] = &[
    "$defs",
    "$id",
    "$schema",
    "additionalProperties",
    "allOf",
    "description",
    "else",
    "examples",
    "if",
    "properties",
    "required",
    "then",
    "title",
    "type",
];

/// The name of the schema of duly that a mapping is, if it is one: it has the keywords of one and nothing beside them, so
/// that no record passes for one.
pub(super) fn own_schema(node: Node<'_>) -> Option<&str> {
    let text = |key: &str| node.get(key).and_then(|value| value.as_str());
    let name = text("$id")?.strip_prefix(kinds::IDS)?;
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let is_whole = text("$schema") == Some(kinds::DRAFT) && text("title").is_some();
    let is_only = node.children().all(|child| OF_A_SCHEMA.contains(&child.key()));
    (is_name && is_whole && is_only).then_some(name)
}

/// The format that a mapping is of, if it is none of duly's and is well known.
pub fn other_format(node: Node<'_>) -> Option<&'static str> {
    let has = |key: &str| node.get(key).is_some();
    let text = |key: &str| node.get(key).and_then(|value| value.as_str()).unwrap_or_default();
    let is_mapping = |key: &str| node.get(key).is_some_and(|value| value.tag() == Tag::Map);
    let format = if text("apiVersion").starts_with("backstage.io/") {
        "Backstage"
    } else if has("apiVersion") {
        "Kubernetes"
    } else if has("openapi") || has("swagger") {
        "OpenAPI"
    } else if has("asyncapi") {
        "AsyncAPI"
    } else if has("AWSTemplateFormatVersion") {
        "CloudFormation"
    } else if has("terraform_version") {
        "Terraform"
    } else if has("lockfileVersion")
        || has("name") && (has("dependencies") || has("devDependencies") || has("scripts"))
    {
        "npm"
    } else if is_mapping("services") {
        "Docker Compose"
    } else if is_mapping("jobs") && (has("on") || has("runs-on")) {
        "GitHub Actions"
    } else if has("$schema") && (has("properties") || has("$defs") || has("$id")) {
        "JSON Schema"
    } else {
        return None;
    };
    Some(format)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::parse;

    #[test]
    fn files_of_other_tools_are_known_by_their_paths() {
        for path in [".github/workflows/a.yml", "a/.vscode/settings.json", ".gitlab-ci.yml", "x/Package.json"]
        {
            assert!(is_of_another_tool(path), "{path}");
        }
        for path in ["workers/a.yaml", "a.b/c.yaml", "my-package.json"] {
            assert!(!is_of_another_tool(path), "{path}");
        }
    }

    #[test]
    fn a_schema_of_duly_is_known_and_a_record_is_none() {
        let schema = "$schema: https://json-schema.org/draft/2020-12/schema\n$id: urn:duly:schema:v1:worker\ntitle: x\n";
        for (more, name) in [
            ("type: object\n", Some("worker")),
            ("kind: worker\nid: W-1\n", None),
            ("id: W-1\n", None),
            ("records: []\n", None),
        ] {
            let (tree, _) = parse("a.yaml", format!("{schema}{more}"));
            assert_eq!(own_schema(tree.node(tree.documents()[0].root)), name, "{more}");
        }
        for text in ["$id: urn:duly:schema:v1:worker\ntitle: x\n", "$id: urn:other:worker\n"] {
            let (tree, _) = parse("a.yaml", text.to_owned());
            assert_eq!(own_schema(tree.node(tree.documents()[0].root)), None, "{text}");
        }
    }

    #[test]
    fn formats_of_others_are_known_by_their_keys() {
        for (text, format) in [
            ("apiVersion: apps/v1\nkind: Deployment\n", Some("Kubernetes")),
            ("apiVersion: backstage.io/v1alpha1\nkind: Location\n", Some("Backstage")),
            ("openapi: 3.1.0\n", Some("OpenAPI")),
            ("services: {db: {image: x}}\n", Some("Docker Compose")),
            ("name: x\nscripts: {}\n", Some("npm")),
            ("kind: worker\nid: W-1\nname: x\n", None),
        ] {
            let (tree, _) = parse("a.yaml", text.to_owned());
            let root = tree.node(tree.documents()[0].root);
            assert_eq!(other_format(root), format, "{text}");
        }
    }
}
