//! An earlier state that is judged from what is known of the present one says what it says alone, whatever differs and
//! whichever function looks at it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;
use std::sync::atomic::Ordering;

use duly::assessment::{Assessment, Change, Finding, Reason};
use duly::audit::{self, Base, Past, Progress, Request};
use duly::policy::expr::FUNCTIONS;
use jiff::civil::Date;
use proptest::prelude::*;

use super::history::History;
use super::packs::{HEAD, each, measure};

/// Function, kind and condition: every function in a check of its own, over other records where it can be.
const CONDITIONS: &[(&str, &str, &str)] = &[
    ("add_days", "geolocation", "add_days(geolocation.observed_on, 10) >= as_of"),
    (
        "address_key",
        "worker",
        "address_key(worker.residence) != address_key(lookup('location', 'L-1').address)",
    ),
    ("age_days", "geolocation", "age_days(geolocation.observed_on) <= 10"),
    (
        "building_key",
        "worker",
        "related('location', 'workers', worker.id).all(l, building_key(l.address) != building_key(worker.residence))",
    ),
    ("contains", "worker", "!lookup('vendor', worker.vendor).name.contains('b')"),
    ("count", "vendor", "count('worker') < 3"),
    ("date", "geolocation", "date(geolocation.observed_at) == geolocation.observed_on"),
    (
        "dated_between",
        "vendor",
        "dated_between(vendor.background_check.documentation, add_days(as_of, -100), as_of)",
    ),
    ("days_between", "geolocation", "days_between(geolocation.observed_on, as_of) < 10"),
    ("distance_km", "geolocation", "distance_km(geolocation, lookup('location', 'L-1')) < 0.2"),
    (
        "distinct",
        "worker",
        "related('geolocation', 'worker', worker.id).map(g, g.country).distinct().size() < 2",
    ),
    ("document_keys", "worker", "document_keys(lookup('vendor', worker.vendor)).size() < 1"),
    ("document_uses", "vendor", "document_uses(vendor).size() < 1"),
    (
        "documents_at",
        "worker",
        "documents_at(lookup('vendor', worker.vendor), ['background_check.documentation']).size() < 1",
    ),
    ("endsWith", "vendor", "lookup('vendor', 'V-1').name.endsWith('a')"),
    ("evidence_ok", "vendor", "evidence_ok(vendor.background_check.documentation)"),
    ("firm_key", "worker", "firm_key(lookup('vendor', worker.vendor).name) != 'a'"),
    ("in_networks", "geolocation", "!in_networks('blocked', geolocation.ip)"),
    (
        "ip_in",
        "worker",
        "related('geolocation', 'worker', worker.id).all(g, ip_in(g.ip, ['198.51.100.0/25']))",
    ),
    ("known", "worker", "known('vendor', worker.vendor)"),
    ("listed", "vendor", "!listed('barred', vendor.name)"),
    ("lookup", "worker", "lookup('vendor', worker.vendor).status == 'active'"),
    ("lowerAscii", "vendor", "lookup('vendor', 'V-2').name.lowerAscii() != vendor.name"),
    ("matches", "geolocation", "lookup('worker', geolocation.worker).role.matches('^[ab]')"),
    (
        "max",
        "worker",
        "age_days(related('geolocation', 'worker', worker.id).map(g, g.observed_on).max()) < 10",
    ),
    (
        "min",
        "worker",
        "related('geolocation', 'worker', worker.id).map(g, g.observed_on).min() > '2026-06-20'",
    ),
    ("mixes_scripts", "worker", "!mixes_scripts(lookup('vendor', worker.vendor).name)"),
    ("name_key", "worker", "name_key(lookup('vendor', worker.vendor).name) != 'a'"),
    ("names", "worker", "!names(lookup('vendor', worker.vendor).name, 'a')"),
    ("near", "location", "near('geolocation', location, 100).size() < 2"),
    ("people", "vendor", "people(vendor.name).size() < 1"),
    ("place_key", "location", "place_key('location', location, 100) == location.id"),
    ("recorded", "worker", "recorded(lookup('vendor', worker.vendor).name)"),
    ("related", "worker", "related('geolocation', 'worker', worker.id).size() < 2"),
    (
        "related_within",
        "worker",
        "related_within('geolocation', 'worker', 'observed_on', worker.id, add_days(as_of, -5), 5).size() < 2",
    ),
    ("routing_checksum_ok", "worker", "routing_checksum_ok(lookup('worker', 'W-1').bank.routing_number)"),
    ("routing_number_ok", "worker", "routing_number_ok(lookup('worker', 'W-2').bank.routing_number)"),
    ("same_person", "worker", "!same_person(lookup('vendor', worker.vendor).name, 'a')"),
    ("size", "vendor", "related('worker', 'vendor', vendor.id)[0].accounts.size() < 2"),
    ("startsWith", "worker", "lookup('vendor', worker.vendor).name.startsWith('a')"),
];

/// What an expression can look at without a function, and checks on groups.
const MORE: &[(&str, &str, &str, &[&str])] = &[
    ("organization", "vendor", "organization.engages.freelancers", &[]),
    ("as-of", "geolocation", "geolocation.observed_on <= as_of", &[]),
    ("conditional", "geolocation", "(has(geolocation.ip) ? geolocation.observed_on : as_of) <= as_of", &[]),
    ("has-happened", "geolocation", "has(geolocation.observed_on)", &[]),
    (
        "dates-in-a-list",
        "worker",
        "[worker.offer_on] == related('geolocation', 'worker', worker.id).map(g, g.observed_on)",
        &[],
    ),
    ("group-by-field", "worker", "group.size() < 2", &["group_by: worker.role"]),
    (
        "group-by-place",
        "location",
        "group.size() < 2",
        &["group_by: \"place_key('location', location, 100)\""],
    ),
    (
        "group-by-related",
        "worker",
        "group.all(w, lookup('vendor', w.vendor).status == 'active')",
        &["group_by: lookup('vendor', worker.vendor).name"],
    ),
    (
        "group-by-day",
        "geolocation",
        "group.size() < 2",
        &["when: known('worker', geolocation.worker)", "group_by: geolocation.observed_on"],
    ),
    ("when-related", "worker", "worker.privileged", &["when: count('geolocation') > 2"]),
];

fn write_pack(history: &History) {
    history.write("pack/pack.yaml", HEAD);
    history.write(
        "duly.yaml",
        "packs: [pack]\nreference:\n  - { list: blocked, file: blocked.txt }\n  - { list: barred, file: barred.txt }\n",
    );
    let add = |i: usize, id: &str, kind: &str, require: &str, more: &[&str]| {
        let name = format!("T-{i:02}");
        let check = each(id, kind, require, "it is not", more);
        history.write(&format!("pack/{name}.yaml"), &measure(&name, "high", &check));
    };
    for (i, (function, kind, require)) in CONDITIONS.iter().enumerate() {
        add(i, &format!("f-{}", function.to_lowercase().replace('_', "-")), kind, require, &[]);
    }
    for (i, (id, kind, require, more)) in MORE.iter().enumerate() {
        add(60 + i, id, kind, require, more);
    }
    let exists = "  - id: one-seen
    title: Somebody was seen
    asks: [ask]
    tests: operation
    grade: observed
    exists: geolocation
    where: age_days(geolocation.observed_on) <= 3 && known('worker', geolocation.worker)
    missing: gap
    message: nobody was seen
";
    history.write("pack/T-90.yaml", &measure("T-90", "high", exists));
}

#[test]
fn every_function_is_compared() {
    for function in FUNCTIONS {
        let used = CONDITIONS.iter().find(|(name, ..)| *name == function.name);
        let (.., condition) = used.unwrap_or_else(|| panic!("no check is made with {}", function.name));
        assert!(condition.contains(&format!("{}(", function.name)), "{condition}");
    }
}

/// Files of lists, which are rules.
const LISTS: &[&str] = &["blocked.txt", "barred.txt"];

/// A state: what its files say; a record is there or not.
#[derive(Debug, Clone)]
struct State {
    files: BTreeMap<&'static str, String>,
    as_of: Date,
}

/// A value of some, as a field of a record, or none.
fn field(name: &'static str, values: &'static [&'static str]) -> impl Strategy<Value = String> {
    let line = move |value: &&str| format!("{name}: {value}\n");
    proptest::option::weighted(0.85, proptest::sample::select(values))
        .prop_map(move |value| value.as_ref().map(line).unwrap_or_default())
}

fn record(kind: &str, id: &str, fields: Vec<BoxedStrategy<String>>) -> BoxedStrategy<Option<String>> {
    let head = format!("kind: {kind}\nid: {id}\n");
    let text = fields.prop_map(move |fields| format!("{head}{}", fields.concat()));
    proptest::option::weighted(0.8, text).boxed()
}

const DAYS: &[&str] = &["2026-06-10", "2026-06-22", "2026-06-27", "2026-06-29", "2026-07-02", "2062-01-01"];
const STREETS: &str = "city: Austin, postal_code: '78701', country: US";

fn worker(id: &str) -> BoxedStrategy<Option<String>> {
    let residence = proptest::sample::select(&["1 Oak Street", "1 Oak St Apt 2", "9 Elm Road"][..])
        .prop_map(|street| format!("residence: {{ street: {street}, {STREETS} }}\n"));
    let bank = proptest::sample::select(&["'021000021'", "'990000003'", "'123456789'"][..])
        .prop_map(|number| format!("bank: {{ routing_number: {number} }}\n"));
    record(
        "worker",
        id,
        vec![
            field("vendor", &["V-1", "V-2", "V-9"]).boxed(),
            field("role", &["a", "b", "c"]).boxed(),
            field("privileged", &["true", "false"]).boxed(),
            field("accounts", &["[aba]", "[aba, cdc]"]).boxed(),
            field("offer_on", DAYS).boxed(),
            residence.boxed(),
            bank.boxed(),
        ],
    )
}

fn vendor(id: &str) -> BoxedStrategy<Option<String>> {
    let document = proptest::sample::select(&["doc.txt", "other.txt", "w-1.yaml"][..])
        .prop_map(|path| format!("background_check: {{ documentation: {{ ref: {path} }} }}\n"));
    record(
        "vendor",
        id,
        vec![
            field("status", &["active", "ended"]).boxed(),
            field("name", &["a", "b", "aba", "AB"]).boxed(),
            document.boxed(),
        ],
    )
}

fn location(id: &str) -> BoxedStrategy<Option<String>> {
    let address = proptest::sample::select(&["1 Oak Street", "9 Elm Rd"][..])
        .prop_map(|street| format!("address: {{ street: {street}, {STREETS} }}\n"));
    record(
        "location",
        id,
        vec![
            field("latitude", &["30.2", "30.2003", "31.0"]).boxed(),
            field("longitude", &["-97.7"]).boxed(),
            field("workers", &["[W-1]", "[W-1, W-2]"]).boxed(),
            address.boxed(),
        ],
    )
}

fn geolocation(id: &str) -> BoxedStrategy<Option<String>> {
    record(
        "geolocation",
        id,
        vec![
            field("worker", &["W-1", "W-2", "W-3"]).boxed(),
            field("observed_on", DAYS).boxed(),
            field("observed_at", &["'2026-06-27T08:00:00Z'", "'2026-07-02T08:00:00Z'"]).boxed(),
            field("latitude", &["30.2", "30.2003", "31.0"]).boxed(),
            field("longitude", &["-97.7"]).boxed(),
            field("country", &["US", "CA"]).boxed(),
            field("ip", &["198.51.100.7", "203.0.113.7"]).boxed(),
        ],
    )
}

/// Every file there can be, and what it can say.
fn files() -> Vec<(&'static str, BoxedStrategy<Option<String>>)> {
    let text = |values: &'static [&'static str]| {
        proptest::option::weighted(0.8, proptest::sample::select(values).prop_map(str::to_owned)).boxed()
    };
    let list = |values: &'static [&'static str]| {
        proptest::sample::select(values).prop_map(|value| Some(format!("{value}\n"))).boxed()
    };
    let engages = proptest::sample::select(&["true", "false"][..])
        .prop_map(|b| format!("kind: organization\nid: O\nengages: {{ freelancers: {b} }}\n"));
    vec![
        ("w-1.yaml", worker("W-1")),
        ("w-2.yaml", worker("W-2")),
        ("w-3.yaml", worker("W-3")),
        ("v-1.yaml", vendor("V-1")),
        ("v-2.yaml", vendor("V-2")),
        ("l-1.yaml", location("L-1")),
        ("l-2.yaml", location("L-2")),
        ("g-1.yaml", geolocation("G-1")),
        ("g-2.yaml", geolocation("G-2")),
        ("g-3.yaml", geolocation("G-3")),
        ("o.yaml", proptest::option::weighted(0.8, engages).boxed()),
        // A second record of one id: both are ambiguous.
        ("twice.yaml", proptest::option::weighted(0.1, Just("kind: vendor\nid: V-2\n".to_owned())).boxed()),
        ("doc.txt", text(&["one", "two"])),
        ("other.txt", text(&["one", "two"])),
        ("blocked.txt", list(&["198.51.100.0/24", "203.0.113.0/24"])),
        ("barred.txt", list(&["a", "b"])),
    ]
}

fn state() -> BoxedStrategy<State> {
    let (paths, contents): (Vec<_>, Vec<_>) = files().into_iter().unzip();
    let day = proptest::sample::select(&[15_i8, 28, 30][..]);
    let made = (contents, day).prop_map(move |(contents, day)| {
        let there = paths.iter().zip(contents).filter_map(|(path, text)| Some((*path, text?)));
        State { files: there.collect(), as_of: jiff::civil::date(2026, 6, day) }
    });
    made.boxed()
}

/// A state with what another one has of some files, and of the date.
fn edited(from: &State, other: &State, taken: &BTreeSet<usize>) -> State {
    let mut to = from.clone();
    for (i, (path, _)) in files().into_iter().enumerate() {
        if taken.contains(&i) {
            match other.files.get(path) {
                Some(text) => to.files.insert(path, text.clone()),
                None => to.files.remove(path),
            };
        }
    }
    if taken.contains(&files().len()) {
        to.as_of = other.as_of;
    }
    to
}

/// The present state, and two earlier ones that differ from it a little.
fn states() -> impl Strategy<Value = [State; 3]> {
    let some = || proptest::collection::btree_set(0..=files().len(), 0..4);
    (state(), state(), some(), some()).prop_map(|(to, other, base, past)| {
        let (base, past) = (edited(&to, &other, &base), edited(&to, &other, &past));
        [to, base, past]
    })
}

fn write(history: &History, state: &State) {
    for (path, _) in files() {
        match state.files.get(path) {
            Some(text) => {
                history.write(path, text);
            }
            None if history.repo.path(path).exists() => {
                history.remove(path);
            }
            None => {}
        }
    }
}

fn request(root: &Path, as_of: Date) -> Request<'_> {
    Request {
        root,
        rev: None,
        with_ignored: false,
        as_of,
        base: None,
        history: Vec::new(),
        fail_on: None,
        allow_lost: false,
        packs: Vec::new(),
        profile: None,
        regions: false,
        every: true,
    }
}

fn run(request: &Request<'_>) -> (Assessment, usize) {
    let progress = Progress::default();
    let assessment = audit::run(request, &progress).expect("an assessment");
    (assessment, progress.judged.load(Ordering::Relaxed))
}

/// Everything that a finding says of its records, whatever state it is of.
fn said(finding: &Finding) -> String {
    let mut said = format!("{} {} {:?}", finding.check, finding.outcome, finding.cause);
    for record in &finding.records {
        let _ = write!(said, " {}", record.id);
    }
    said
}

fn all_said(findings: &[Finding]) -> Vec<String> {
    let mut all: Vec<String> = findings.iter().map(said).collect();
    all.sort();
    all
}

/// The findings without those that only the rules of the base show.
fn own(compared: &Assessment, alone: &Assessment) -> Vec<Finding> {
    let there: BTreeSet<&str> = alone.findings.iter().map(|f| f.fingerprint.as_str()).collect();
    let added =
        |finding: &&Finding| finding.under_base_rules && !there.contains(finding.fingerprint.as_str());
    compared.findings.iter().filter(|finding| !added(finding)).cloned().collect()
}

/// The gaps that are new or worse, and those that count only under the rules of the base.
fn counted(compared: &Assessment) -> BTreeSet<String> {
    let counts = |f: &&Finding| {
        f.is_open_gap() && (f.under_base_rules || matches!(f.change, Some(Change::New | Change::Worsened)))
    };
    compared.findings.iter().filter(counts).map(said).collect()
}

/// What the base says, told by what became of its findings: those that are unchanged, those that are no more, and as
/// many more as were worsened or improved.
fn holds(compared: &Assessment, alone: &Assessment, before: &Assessment) {
    let own = own(compared, alone);
    assert_eq!(all_said(&own), all_said(&alone.findings), "the present state is judged as alone");
    let earlier = all_said(&before.findings);
    let baseline = compared.baseline.as_ref().expect("a base");
    let mut still = 0;
    for finding in &own {
        match finding.change {
            Some(Change::Unchanged) => {
                assert!(earlier.contains(&said(finding)), "not in the base: {}", said(finding));
                still += 1;
            }
            Some(Change::New) => {
                assert!(!earlier.contains(&said(finding)), "in the base, too: {}", said(finding));
            }
            _ => still += 1,
        }
        let is_explained = finding.change == Some(Change::Unchanged) || !finding.reasons.is_empty();
        assert!(is_explained, "no reason for {}", said(finding));
    }
    let ended: Vec<&Finding> = baseline.fixed.iter().chain(&baseline.removed).collect();
    for finding in &ended {
        assert!(earlier.contains(&said(finding)), "not in the base: {}", said(finding));
        assert!(!finding.reasons.is_empty(), "no reason for {}", said(finding));
    }
    assert_eq!(earlier.len(), ended.len() + still, "each finding of the base is accounted for once");
}

/// Every record, list and document there can be, in a state in which each decides something, and what else it can say.
const ESTATE: &[(&str, &str, &str)] = &[
    (
        "w-1.yaml",
        "{ kind: worker, id: W-1, vendor: V-1, role: a, accounts: [aba], bank: { routing_number: '021000021' }, offer_on: 2026-06-27,
           residence: { street: 1 Oak Street, city: Austin, postal_code: '78701', country: US } }",
        "{ kind: worker, id: W-1, vendor: V-1, role: c, accounts: [aba, cdc], bank: { routing_number: '123456789' } }",
    ),
    (
        "w-2.yaml",
        "{ kind: worker, id: W-2, vendor: V-2, role: b, accounts: [aba], bank: { routing_number: '021000021' },
           residence: { street: 9 Elm Road, city: Austin, postal_code: '78701', country: US } }",
        "{ kind: worker, id: W-2, vendor: V-1, role: a, accounts: [aba, cdc], bank: { routing_number: '123456789' } }",
    ),
    ("v-1.yaml", VENDOR, "{ kind: vendor, id: V-1, status: ended, name: b }"),
    (
        "v-2.yaml",
        "{ kind: vendor, id: V-2, status: active, name: AA, background_check: { documentation: { ref: other.txt } } }",
        "{ kind: vendor, id: V-2, status: ended, name: B }",
    ),
    (
        "l-1.yaml",
        "{ kind: location, id: L-1, latitude: 30.2, longitude: -97.7, workers: [W-1],
           address: { street: 1 Oak St, city: Austin, postal_code: '78701', country: US } }",
        "{ kind: location, id: L-1, latitude: 31.0, longitude: -97.7, workers: [W-2],
           address: { street: 9 Elm Rd, city: Austin, postal_code: '78701', country: US } }",
    ),
    ("l-2.yaml", "{ kind: location, id: L-2, latitude: 30.2003, longitude: -97.7 }", "{ kind: location, id: L-2 }"),
    (
        "g-1.yaml",
        "{ kind: geolocation, id: G-1, worker: W-1, observed_on: 2026-06-27, observed_at: '2026-06-27T08:00:00Z',
           latitude: 30.2, longitude: -97.7, country: US, ip: 198.51.100.7 }",
        "{ kind: geolocation, id: G-1, worker: W-2, observed_on: 2026-06-10, country: US, ip: 203.0.113.7 }",
    ),
    (
        "g-2.yaml",
        "{ kind: geolocation, id: G-2, worker: W-2, observed_on: 2026-06-29, latitude: 30.2, longitude: -97.7, country: US,
           ip: 198.51.100.7 }",
        "{ kind: geolocation, id: G-2, worker: W-1, observed_on: 2026-06-29, country: CA, ip: 203.0.113.7 }",
    ),
    ("o.yaml", "{ kind: organization, id: O, engages: { freelancers: true } }", "{ kind: organization, id: O }"),
    ("doc.txt", "one", "two"),
    ("other.txt", "one", "two"),
    ("blocked.txt", "203.0.113.0/24", "198.51.100.0/24"),
    ("barred.txt", "b", "aa"),
];

const VENDOR: &str = "{ kind: vendor, id: V-1, status: active, name: a, background_check: { documentation: { ref: doc.txt } } }";

#[test]
fn one_edit_is_seen_by_everything_that_looks_at_it() {
    let history = History::new();
    write_pack(&history);
    for (path, text, _) in ESTATE {
        history.write(path, text);
    }
    history.commit("a state", 0);
    let root = history.repo.root();
    let today = jiff::civil::date(2026, 6, 30);
    let (before, _) = run(&request(root, today));
    let is_as_alone = |as_of: Date| {
        let base = Some(Base { revision: "HEAD", as_of: today });
        holds(&run(&Request { base, ..request(root, as_of) }).0, &run(&request(root, as_of)).0, &before);
    };
    for (path, text, other) in ESTATE {
        history.write(path, other);
        is_as_alone(today);
        // A list that is not there is a mistake of the configuration, and its entries are what counts.
        if !["blocked.txt", "barred.txt"].contains(path) {
            history.remove(path);
            is_as_alone(today);
        }
        history.write(path, text);
    }
    for as_of in [jiff::civil::date(2026, 6, 15), jiff::civil::date(2026, 7, 20)] {
        is_as_alone(as_of);
    }
}

#[test]
fn who_left_a_group_is_a_reason_for_what_is_found_of_those_who_stayed() {
    let history = History::new();
    write_pack(&history);
    history.write("blocked.txt", "198.51.100.0/24\n");
    history.write("barred.txt", "b\n");
    history.write("v-2.yaml", "{ kind: vendor, id: V-2, name: a }");
    history.write("w-2.yaml", "{ kind: worker, id: W-2, vendor: V-2 }");
    history.write("w-3.yaml", "{ kind: worker, id: W-3, vendor: V-2 }");
    history.commit("a state", 0);
    history.write("w-2.yaml", "{ kind: worker, id: W-2 }");
    let (root, today) = (history.repo.root(), jiff::civil::date(2026, 6, 30));
    let base = Some(Base { revision: "HEAD", as_of: today });
    let (compared, _) = run(&Request { base, ..request(root, today) });
    let stayed = compared.findings.iter().find(|f| f.check == "group-by-related" && f.records[0].id == "W-3");
    assert_eq!(stayed.expect("a finding").reasons, [Reason::RelatedRecordChanged]);
}

/// Findings without the day they were first seen, of which a history says more than a base.
fn undated(findings: &[Finding]) -> Vec<Finding> {
    findings.iter().map(|finding| Finding { first_seen: None, ..finding.clone() }).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_earlier_state_says_what_it_says_alone([to, from, past] in states()) {
        let history = History::new();
        write_pack(&history);
        for (day, state) in [&past, &from].into_iter().enumerate() {
            write(&history, state);
            history.commit("a state", day as i64);
        }
        write(&history, &to);
        let root = history.repo.root();
        let past_at = |as_of: Date| Past { revision: "HEAD~1", as_of: Some(as_of) };
        let at = |rev: &'static str, as_of: Date| run(&Request { rev: Some(rev), ..request(root, as_of) }).0;
        let (alone, before, long_before) =
            (run(&request(root, to.as_of)).0, at("HEAD", from.as_of), at("HEAD~1", past.as_of));

        let base = Some(Base { revision: "HEAD", as_of: from.as_of });
        let (compared, _) = run(&Request { base, ..request(root, to.as_of) });
        holds(&compared, &alone, &before);

        // With a history beside the base, the present state is judged once all the same.
        let both = Request { base, history: vec![past_at(past.as_of)], ..request(root, to.as_of) };
        let (both, judged) = run(&both);
        let same_rules = LISTS.iter().all(|list| to.files[list] == from.files[list]);
        prop_assert_eq!(judged, if same_rules { 3 } else { 4 });
        holds(&both, &alone, &before);
        prop_assert_eq!(undated(&both.findings), undated(&compared.findings));
        prop_assert_eq!(&both.baseline, &compared.baseline);
        let (trend, judged) = run(&Request { history: vec![past_at(past.as_of)], ..request(root, to.as_of) });
        prop_assert_eq!(judged, 2);
        prop_assert_eq!(&trend.history, &both.history);
        prop_assert_eq!(all_said(&trend.findings), all_said(&alone.findings));
        prop_assert_eq!(&both.history[0].measures, &long_before.summary.measures);

        // The present records with the lists of the base: what counts there counts under the present lists, too.
        let lists = LISTS.iter().map(|list| (*list, from.files[list].clone()));
        let mixed = State { files: to.files.clone().into_iter().chain(lists).collect(), as_of: to.as_of };
        write(&history, &mixed);
        let (by_base, judged) = run(&Request { base, ..request(root, to.as_of) });
        prop_assert_eq!(judged, 2);
        let missing: Vec<String> = counted(&by_base).difference(&counted(&compared)).cloned().collect();
        prop_assert!(missing.is_empty(), "not counted under the base's rules: {:?}", missing);
        let lost = |a: &Assessment| a.baseline.as_ref().map(|b| b.lost.clone()).unwrap_or_default();
        prop_assert_eq!(lost(&by_base), lost(&compared));
    }
}
