//! What is kept, held to evaluations that keep nothing.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::sync::Arc;

use super::super::{Compared, IndexPlan, Scope, Type, Usage, Value, Variables, compile};
use crate::readers::Reader;
use crate::records::{Catalog, RecordSet, Source};
use crate::reference::ReferenceLists;

/// Many rules beside workers of whom many agree, and some have what nobody should.
fn records() -> RecordSet {
    let mut text = String::new();
    let odd =
        ["", "null", "[]", "{}", "17", "true", "2099-01-01", "2026-02-01", "engineering", "'2026-02-01'"];
    for i in 0..90 {
        write!(
            text,
            "- {{ kind: hiring-rules, id: R-{i}, status: in-force, adopted_on: 2025-0{}-01",
            i % 9 + 1
        )
        .expect("text");
        if i % 3 > 0 {
            write!(text, ", video: {{ role_classes: [engineering, class-{}] }}", i % 4).expect("text");
        }
        text.push_str(" }\n");
    }
    for i in 0..120 {
        write!(text, "- {{ kind: worker, id: W-{i}, accounts: [shared, own-{i}]").expect("text");
        for (n, field) in ["role_class", "start_on", "privileged"].into_iter().enumerate() {
            let known = ["support", "2026-01-10", "false"][n];
            let value = if (i + n) % 4 > 0 { known } else { odd[(i / 4) % odd.len()] };
            if !value.is_empty() {
                write!(text, ", {field}: {value}").expect("text");
            }
        }
        let north = i % 5;
        writeln!(text, " }}\n- {{ kind: location, id: L-{i}, latitude: 30.{north}, longitude: -97.7 }}")
            .expect("text");
    }
    let catalog = Arc::new(Catalog::new(Vec::new()).expect("the native kinds"));
    let read = Reader::Native.read("f.yaml", text.into_bytes(), &catalog);
    let sources = vec![Source { path: "f.yaml".to_owned(), tree: read.tree }];
    RecordSet::new(catalog, sources, read.records).0
}

/// What an expression says of every record of a kind, and the steps that were taken.
fn on_all(set: &RecordSet, kind: &str, source: &str, afresh: bool) -> (Vec<String>, u64) {
    let of = set.catalog.find(kind).expect(kind);
    let shape = set.catalog.get(of).shape.clone();
    let parameters = BTreeMap::new();
    let subject = Some((set.catalog.get(of).variable(), Type::Object(shape)));
    let variables = Variables { catalog: &set.catalog, subject, parameters: &parameters, definitions: &[] };
    let mut plan = IndexPlan::default();
    let expression = compile(source, &variables, &mut plan, None).map_err(|e| e.message).expect(source);
    let as_of = jiff::civil::date(2026, 6, 30);
    let (references, files) = (ReferenceLists::built_in(), HashMap::new());
    let together = plan.on_demand(set, as_of);
    let mut usage = Usage::default();
    let mut said = Vec::new();
    for record in set.of_kind(of) {
        let alone;
        let indexes = if afresh {
            alone = plan.on_demand(set, as_of);
            &alone
        } else {
            &together
        };
        let scope = Scope {
            set,
            indexes,
            references: &references,
            files: &files,
            organization: None,
            as_of,
            adoption: Default::default(),
            compared: Compared::default(),
        };
        let subject = Value::record(set, record);
        let value = expression.traced(&scope, subject, &mut usage);
        said.push(format!(
            "{:?}",
            value.map(|value| match value {
                Value::Bool(b) => Ok(b),
                Value::Unknown(absent) => Err(absent),
                other => panic!("{source} is {other:?}"),
            })
        ));
    }
    (said, usage.steps)
}

#[test]
fn a_kept_answer_is_that_of_an_evaluation_of_its_own() {
    let set = records();
    for (kind, source) in [
        (
            "worker",
            "related('hiring-rules', 'status', 'in-force').exists(r, has(r.video) && r.video.role_classes.size() > 3) || worker.id == 'W-1'",
        ),
        (
            "worker",
            "related('hiring-rules', 'status', 'in-force').exists(r, has(r.video) && worker.role_class in r.video.role_classes)",
        ),
        (
            "worker",
            "related('hiring-rules', 'status', 'in-force').all(r, has(worker.start_on) || r.id == worker.role_class)",
        ),
        ("worker", "related('hiring-rules', 'status', 'in-force').exists(r, r.adopted_on > worker.start_on)"),
        (
            "worker",
            "related('hiring-rules', 'status', 'in-force').filter(r, worker.privileged || has(r.video)).size() > 40",
        ),
        (
            "worker",
            "[worker.role_class].exists(c, related('hiring-rules', 'status', 'in-force').all(r, r.id != c))",
        ),
        (
            "worker",
            "related('hiring-rules', 'status', 'in-force').map(r, r.adopted_on).max() < worker.start_on",
        ),
        (
            "location",
            "near('location', location, 100).filter(l, l.latitude == location.latitude).size() == 24",
        ),
    ] {
        let (fresh, all_steps) = on_all(&set, kind, source, true);
        let (kept, steps) = on_all(&set, kind, source, false);
        assert_eq!(kept, fresh, "{source}");
        assert!(steps * 2 < all_steps, "{source}: {steps} of {all_steps} steps");
    }
}

#[test]
fn ids_are_looked_up() {
    let set = records();
    let source = "related('worker', 'accounts', worker.accounts[1]).exists(w, w.id == worker.id) \
                  && related('worker', 'accounts', 'shared').exists(w, w.id == worker.id) \
                  && !related('worker', 'accounts', 'own-7').exists(w, w.id == 'W-8') \
                  && !related('worker', 'accounts', 'nobody').exists(w, w.id == worker.role_class)";
    let (said, steps) = on_all(&set, "worker", source, false);
    assert!(said.iter().all(|said| said == "Ok(Ok(true))"), "{said:?}");
    assert!(steps < 40 * 120, "{steps} steps");
    let unknown = "related('worker', 'accounts', 'shared').exists(w, w.id == worker.role_class)";
    let (said, _) = on_all(&set, "worker", unknown, false);
    assert!(said.iter().any(|said| said.contains("Missing")), "{said:?}");
}
