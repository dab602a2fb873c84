//! Trees of YAML and JSON: positions of every value, what is refused, and that no bytes make the reader panic.

use crate::tree::{Node, parse_json};

use super::*;

fn codes(text: &str) -> Vec<(&'static str, u32, u32)> {
    let (_, problems) = parse("f.yaml", text.to_owned());
    problems.into_iter().map(|p| (p.code.as_str(), p.place.line, p.place.column)).collect()
}

fn only(text: &str) -> Tree {
    let (tree, problems) = parse("f.yaml", text.to_owned());
    assert_eq!(problems, [], "{text:?}");
    tree
}

#[test]
fn spans_are_the_bytes_of_keys_and_values() {
    let text = "# c\nid: W-1\nname: \"Zoë A\"\nnote: 'it''s'\ntags: [a, b]\nempty:\nbody: |\n  one\n  two\n\
                näme: x\n\"q\\tk\": 1\r\nnested:\r\n  deep: yes\r\n";
    let tree = only(text);
    let root = tree.node(tree.documents()[0].root);
    let get = |key: &str| root.children().find(|c| c.key() == key).expect(key);
    let slice = |r: Range<u32>| &text[r.start as usize..r.end as usize];
    assert_eq!((get("id").text(), slice(get("id").span())), ("W-1", "W-1"));
    assert_eq!((get("name").text(), slice(get("name").span())), ("Zoë A", "Zoë A"));
    assert_eq!((get("note").text(), slice(get("note").span())), ("it's", "'it''s'"));
    assert_eq!(get("body").text(), "one\ntwo\n");
    assert_eq!(get("empty").tag(), Tag::Null);
    assert_eq!(slice(get("empty").label_span()), "empty");
    assert_eq!(slice(get("näme").key_span()), "näme");
    assert_eq!(slice(get("q\tk").key_span()), "\"q\\tk\"");
    assert_eq!(get("nested").at("deep").map(|n| n.text()), Some("yes"));
    assert_eq!(slice(get("tags").label_span()), "tags");
    let items: Vec<_> = get("tags").children().map(|n| slice(n.span())).collect();
    assert_eq!(items, ["a", "b"]);
    assert_eq!(tree.line_column(get("name").span().start), (3, 8));
    assert_eq!(slice(tree.line_span(11)), "\"q\\tk\": 1");
}

#[test]
fn plain_scalars_keep_what_a_number_would_lose() {
    let tags = |text: &str| {
        let tree = only(&format!("v: {text}\n"));
        tree.node(tree.documents()[0].root).children().next().map(|n| n.tag())
    };
    for (text, tag) in [
        ("021000021", Tag::Str),
        ("321000021", Tag::Int),
        ("yes", Tag::Str),
        ("on", Tag::Str),
        ("NO", Tag::Str),
        ("TRUE", Tag::Bool),
        ("1_000", Tag::Str),
        ("1.10", Tag::Float),
        ("1e3", Tag::Float),
        ("-7", Tag::Int),
        ("0x1F", Tag::Int),
        ("0o17", Tag::Int),
        ("2024-01-02", Tag::Str),
        ("12:30:45", Tag::Str),
        ("123456789012345678901234567890", Tag::Str),
        ("~", Tag::Null),
        ("'~'", Tag::Str),
        ("!!str 12", Tag::Str),
        ("-", Tag::Str),
        (".", Tag::Str),
        ("+", Tag::Str),
    ] {
        if text != "-" {
            assert_eq!(tags(text), Some(tag), "{text}");
        }
    }
}

#[test]
fn what_readers_would_disagree_about_is_refused_with_its_place() {
    for (text, code, line, column) in [
        ("a: 1\nb: 2\na: 3\n", "duplicate-key", 3, 1),
        ("base: &b {x: 1}\nw:\n  <<: *b\n", "merge-key", 3, 3),
        ("1: a\n", "key-not-text", 1, 1),
        ("true: a\n", "key-not-text", 1, 1),
        ("? [a]\n: b\n", "key-not-text", 1, 3),
        ("a: .inf\n", "not-a-finite-number", 1, 4),
        ("a: 1e999\n", "not-a-finite-number", 1, 4),
        ("a: !custom 1\n", "tag", 1, 4),
        ("a: &x [*x]\n", "alias-cycle", 1, 8),
        ("a: [1\n", "invalid-yaml", 1, 4),
        ("a:\n\tb: 1\n", "invalid-yaml", 2, 1),
    ] {
        let found = codes(text);
        assert_eq!(found.len(), 1, "{text:?}: {found:?}");
        assert_eq!((found[0].0, found[0].1), (code, line), "{text:?}: {found:?}");
        if code != "invalid-yaml" && code != "tag" {
            assert_eq!(found[0].2, column, "{text:?}");
        }
    }
}

#[test]
fn a_refused_document_leaves_the_others() {
    let (tree, problems) = parse("f.yaml", "a: 1\n---\nb: 1\nb: 2\n---\nc: 3\n".to_owned());
    assert_eq!(problems.len(), 1);
    let first = problems[0].related.first().map(|p| (p.line, p.column));
    assert_eq!(first, Some((3, 1)));
    let keys: Vec<_> = tree
        .documents()
        .iter()
        .flat_map(|d| tree.node(d.root).children().map(|c| c.key()).collect::<Vec<_>>())
        .collect();
    assert_eq!(keys, ["a", "c"]);
}

#[test]
fn aliases_repeat_their_value_within_a_bound() {
    let tree = only("x: &a {p: 1, q: [2, 3]}\ny: *a\nz: *a\n");
    let root = tree.node(tree.documents()[0].root);
    assert_eq!(root.at("z.p").and_then(|n| n.as_i64()), Some(1));
    assert_eq!(root.get("y").map(|n| n.children().count()), Some(2));
    assert!(root.get("y").is_some_and(|n| n.is_aliased()));

    let mut bomb = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
    for i in 1..12 {
        let refs = vec![format!("*a{}", i - 1); 9].join(",");
        bomb.push_str(&format!("a{i}: &a{i} [{refs}]\n"));
    }
    assert_eq!(codes(&bomb)[0].0, "aliases-without-bound");
}

#[test]
fn nesting_is_bounded_in_both_styles() {
    let flow = "[".repeat(100_000);
    assert_eq!(codes(&flow)[0].0, "nested-too-deeply");
    let block: String = (0..300).map(|i| format!("{}a:\n", " ".repeat(i))).collect();
    assert_eq!(codes(&block)[0].0, "nested-too-deeply");
    let sequence = "- ".repeat(10_000);
    assert_eq!(codes(&sequence)[0].0, "nested-too-deeply");
}

#[test]
fn json_is_held_to_its_own_grammar() {
    let (tree, problems) = parse_json(
        "f.json",
        "{\n\t\"a\\/b\": \"\\ud83d\\ude00\",\t\"n\": -1.5e2, \"u\": \"\\u00e9\"}".to_owned(),
    );
    assert_eq!(problems, []);
    let values: Vec<_> =
        tree.node(tree.documents()[0].root).children().map(|n| (n.key(), n.text())).collect();
    assert_eq!(values, [("a/b", "😀"), ("n", "-1.5e2"), ("u", "é")]);
    let (_, problems) = parse_json("f.json", "{\"a\": 1,}".to_owned());
    assert_eq!((problems[0].code.as_str(), problems[0].place.column), ("invalid-json", 9));
    let (_, problems) = parse_json("f.json", "{\"a\": 1, \"a\": 2}".to_owned());
    assert_eq!(problems[0].code, Code::DuplicateKey);
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400)) {
        if let Ok(text) = crate::text::decode(bytes) {
            let (tree, _) = parse("f.yaml", text.clone());
            for document in tree.documents() {
                walk(tree.node(document.root));
            }
            let _ = parse_json("f.json", text);
        }
    }

    #[test]
    fn no_yaml_like_text_makes_the_reader_panic(text in "([a-c]: |- |\\[|\\]|\\{|\\}|&a |\\*a|\"|'|#|\n|  |---\n|: |,|\\||é|1|~){0,80}") {
        let (tree, _) = parse("f.yaml", text);
        for document in tree.documents() {
            walk(tree.node(document.root));
        }
    }
}

fn walk(node: Node<'_>) {
    let _ = (node.key(), node.text(), node.span(), node.label_span(), node.key_span());
    let _ = node.tree().line_column(node.span().start);
    node.children().for_each(walk);
}
