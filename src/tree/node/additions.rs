//! Mappings with members that stand in another tree: values that hold wherever a mapping leaves them out.

use super::{ADDED, HAPPENED, PLAIN, Raw, Tree, WIDE};
use super::{Node, NodeId};
use crate::tree::scalar::Tag;

/// A position behind every text.
const NOWHERE: u32 = u32::MAX;

/// A member of a mapping of another tree, ready for the mappings of one tree.
#[derive(Debug)]
pub struct Addition {
    key: String,
    /// Positions of containers are counted from the first node.
    nodes: Vec<Raw>,
}

impl Addition {
    /// The key that it is added under.
    pub fn key(&self) -> &str {
        &self.key
    }
}

impl Tree {
    /// Takes over a member of a mapping of another tree. Its texts are kept once, however often it is added.
    pub fn prepare(&mut self, member: Node<'_>) -> Addition {
        let first = member.id().0;
        let mut nodes = Vec::new();
        for node in member.tree().below(member.id()) {
            let own = node.raw();
            let flags = (own.flags & (PLAIN | HAPPENED)) | ADDED;
            let mut raw = Raw { start: 0, extent: 0, key: 0, key_len: 0, tag: own.tag, flags };
            match own.tag {
                Tag::Seq | Tag::Map => raw.extent = own.extent - first,
                _ => raw.cook(self.keep(node.text(), 0)),
            }
            if !node.key().is_empty() {
                let key = self.keep(node.key(), NOWHERE);
                raw.set_key(key, 0, true);
            }
            nodes.push(raw);
        }
        Addition { key: member.key().to_owned(), nodes }
    }

    /// A copy of a mapping with more members behind its own, which they replace where those are null. What is added
    /// stands, with no extent, where the mapping ends.
    pub fn extended(&mut self, mapping: NodeId, additions: &[&Addition]) -> NodeId {
        let end = self.node(mapping).span().end;
        let own: Vec<NodeId> = self.node(mapping).children().map(|child| child.id()).collect();
        let root = self.nodes.len() as u32;
        let mut raw = self.nodes[mapping.0 as usize];
        raw.flags &= !WIDE;
        self.nodes.push(raw);
        let (mut wide, mut children) = (Vec::new(), additions.len());
        for child in own {
            let node = self.node(child);
            if node.tag() == Tag::Null && additions.iter().any(|added| added.key == node.key()) {
                continue;
            }
            children += 1;
            let target = self.nodes.len() as u32;
            for index in child.0..self.next_sibling(child) {
                let mut raw = self.nodes[index as usize];
                if matches!(raw.tag, Tag::Seq | Tag::Map) {
                    raw.extent = raw.extent - child.0 + target;
                }
                if raw.flags & WIDE != 0 {
                    raw.flags &= !WIDE;
                    wide.push(NodeId(index - child.0 + target));
                }
                self.nodes.push(raw);
            }
        }
        for addition in additions {
            let target = self.nodes.len() as u32;
            self.nodes.extend(addition.nodes.iter().map(|raw| {
                let extent = match raw.tag {
                    Tag::Seq | Tag::Map => raw.extent + target,
                    _ => raw.extent,
                };
                Raw { start: end, extent, ..*raw }
            }));
        }
        self.nodes[root as usize].extent = self.nodes.len() as u32;
        if Raw::is_wide(children) {
            wide.push(NodeId(root));
        }
        self.index(wide);
        NodeId(root)
    }
}

impl Node<'_> {
    /// Whether it stands in another file, and was added to a mapping that leaves it out.
    pub fn is_added(&self) -> bool {
        self.raw().flags & ADDED != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Code;
    use crate::tree::{parse, typed};

    fn tree(text: &str) -> Tree {
        let (tree, problems) = parse("f.yaml", text.to_owned());
        assert!(problems.is_empty(), "{problems:?}");
        tree
    }

    fn to_value(node: Node<'_>) -> serde_json::Value {
        typed::read(node, "f", Code::Configuration, "").unwrap_or_default()
    }

    /// A mapping with the members of another one that it leaves out.
    fn extended(text: &str, members: &str) -> (Tree, NodeId) {
        let (mut tree, other) = (tree(text), tree(members));
        let root = tree.documents()[0].root;
        let members: Vec<Addition> =
            other.node(other.documents()[0].root).children().map(|member| tree.prepare(member)).collect();
        let node = tree.node(root);
        let left_out: Vec<&Addition> =
            members.iter().filter(|member| node.get(member.key()).is_none()).collect();
        let id = tree.extended(root, &left_out);
        (tree, id)
    }

    #[test]
    fn what_a_mapping_leaves_out_is_added_and_what_it_says_stays() {
        let text = "a: 1\nb: {c: [2, x], d: ~}\ne:\n";
        let (tree, id) = extended(text, "a: 9\ne: [1, {f: 'g h'}]\nz: {y: true}\n");
        let node = tree.node(id);
        let wanted = serde_json::json!({
            "a": 1, "b": {"c": [2, "x"], "d": null}, "e": [1, {"f": "g h"}], "z": {"y": true},
        });
        assert_eq!(to_value(node), wanted);
        let added: Vec<bool> = node.children().map(|child| child.is_added()).collect();
        assert_eq!(added, [false, false, true, true]);
        assert_eq!(node.at("b.c").map(|n| n.place("f").line), Some(2));
        let span = node.span();
        assert!(text[span.start as usize..span.end as usize].starts_with("a: 1\nb: {c: [2, x]"));
        assert!(node.at("z.y").is_some_and(|y| y.is_added() && y.span().is_empty()));
        // The mapping itself is as it was.
        assert_eq!(to_value(tree.node(tree.documents()[0].root)).as_object().map(|o| o.len()), Some(3));
    }

    #[test]
    fn long_mappings_and_lists_are_found_through() {
        let many: String = (0..200).map(|i| format!("k{i}: [{}]\n", vec!["v"; 100].join(", "))).collect();
        let (tree, id) = extended(&many, "extra: yes\n");
        let node = tree.node(id);
        assert_eq!(node.get("extra").map(|n| n.text()), Some("yes"));
        assert_eq!(node.get("k150").and_then(|list| list.child(99)).map(|n| n.text()), Some("v"));
        assert_eq!(node.children().count(), 201);
        let last = node.get("k199").map(|n| n.key_span().start);
        assert!(node.children_behind(last.unwrap_or_default()).any(|child| child.key() == "k199"));
    }
}
