//! Expressions read, checked and evaluated, against the cel crate where both can judge.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::readers::Reader;
use crate::records::{Catalog, RecordRef, RecordSet, Source};
use crate::reference::ReferenceLists;

const RECORDS: &str = "
- kind: worker
  id: W-1
  status: active
  engagement: contractor
  start_on: 2026-01-10
  vendor: V-1
  privileged: true
  accounts: [a1, a2]
  bank: { routing_number: 021000021 }
  residence: { street: 12 Oak Street Apt 4, city: Austin, region: TX, postal_code: '78701', country: US }
- kind: worker
  id: W-2
  status: active
- kind: vendor
  id: V-1
  status: active
  contract: { end_on: 2026-12-31 }
- kind: location
  id: L-1
  latitude: 30.27
  longitude: -97.74
- kind: location
  id: L-2
  latitude: 30.2701
  longitude: -97.7401
- { kind: geolocation, id: G-1, device: D-1, observed_on: 2026-06-10 }
- { kind: geolocation, id: G-2, device: D-1, observed_on: 2026-06-12 }
- { kind: geolocation, id: G-3, device: D-1 }
- { kind: geolocation, id: G-4, device: D-2, observed_on: 2062-01-01, observed_at: '2062-01-01T08:00:00Z' }
- { kind: geolocation, id: G-5, device: D-2, observed_on: 2026-06-30 }
- kind: organization
  id: O
  engages: { freelancers: false }
";

struct World {
    set: RecordSet,
    files: HashMap<String, String>,
    references: ReferenceLists,
}

impl World {
    fn new() -> Self {
        let catalog = Arc::new(Catalog::new(Vec::new()).expect("the native kinds"));
        let read = Reader::Native.read("f.yaml", RECORDS.as_bytes().to_vec(), &catalog);
        assert_eq!(read.problems, []);
        let sources = vec![Source { path: "f.yaml".to_owned(), tree: read.tree }];
        let (set, twice) = RecordSet::new(catalog, sources, read.records);
        assert!(twice.is_empty());
        World { set, files: HashMap::new(), references: ReferenceLists::built_in() }
    }

    fn find(&self, kind: &str, id: &str) -> RecordRef {
        let kind = self.set.catalog.find(kind).expect(kind);
        self.set.find(kind, id).expect(id)
    }

    /// The value in words: `true`, `7`, `unknown bank.account_hash`, `failure …`.
    fn on(&self, kind: &str, id: &str, source: &str) -> String {
        let mut plan = IndexPlan::default();
        let expression = match compile_for(&self.set.catalog, kind, source, &mut plan) {
            Ok(expression) => expression,
            Err(error) => return format!("error {} / {}", error.message, error.help),
        };
        let as_of = jiff::civil::date(2026, 6, 30);
        let indexes = plan.build(&self.set, as_of);
        let scope = Scope {
            set: &self.set,
            indexes: &indexes,
            references: &self.references,
            files: &self.files,
            organization: Some(self.find("organization", "O")),
            as_of,
            adoption: Default::default(),
            compared: Compared::default(),
        };
        let subject = Value::record(&self.set, self.find(kind, id));
        let value = expression.evaluate(&scope, subject);
        words(&scope, &value)
    }

    fn worker(&self, source: &str) -> String {
        self.on("worker", "W-1", source)
    }
}

fn words(scope: &Scope<'_>, value: &Result<Value<'_>, Failure>) -> String {
    match value {
        Ok(Value::Bool(b)) => b.to_string(),
        Ok(Value::Int(i)) => i.to_string(),
        Ok(Value::Float(f)) => format!("{f:.3}"),
        Ok(Value::Text(t)) => t.to_string(),
        Ok(Value::Unknown(absent)) => {
            let paths: Vec<&str> = absent.iter().map(|a| a.path.as_str()).collect();
            format!("unknown {}", paths.join(" "))
        }
        Ok(Value::Item(item)) => format!("item {}", item.node.get("id").map_or("", |n| n.text())),
        Ok(list @ Value::List(_)) => {
            let parts: Vec<String> = scope
                .elements(list, &mut Reads::default())
                .map(|e| e.map(|v| words(scope, &Ok(v))).collect())
                .unwrap_or_default();
            format!("[{}]", parts.join(", "))
        }
        Err(failure) => format!("failure {failure}"),
    }
}

fn compile_for(
    catalog: &Catalog,
    kind: &str,
    source: &str,
    plan: &mut IndexPlan,
) -> Result<Expression, Error> {
    let definition = catalog.get(catalog.find(kind).expect(kind));
    let parameters = BTreeMap::from([
        ("days".to_owned(), Literal::Int(30)),
        ("kinds".to_owned(), Literal::List(vec![Literal::Text("employee".to_owned())])),
    ]);
    let variables = Variables {
        catalog,
        subject: Some((definition.variable(), Type::Object(definition.shape.clone()))),
        parameters: &parameters,
        definitions: &[],
    };
    compile(source, &variables, plan, None)
}

#[test]
fn what_happened_after_the_date_of_the_audit_is_unknown() {
    let world = World::new();
    for (source, expected) in [
        ("age_days(geolocation.observed_on) <= 7", "unknown observed_on"),
        ("has(geolocation.observed_on)", "unknown observed_on"),
        ("geolocation.observed_on >= '2026-01-01'", "unknown observed_on"),
        ("age_days(geolocation.observed_at) <= 7", "unknown observed_at"),
        ("days_between(geolocation.observed_on, as_of) < 0", "unknown observed_on"),
        ("[geolocation.observed_on, as_of].max() == as_of", "unknown observed_on"),
        ("related('geolocation', 'device', 'D-2').map(g, g.observed_on).max()", "unknown observed_on"),
        ("related('geolocation', 'device', 'D-2').exists(g, age_days(g.observed_on) <= 1)", "true"),
        (
            "related('geolocation', 'device', 'D-2').all(g, age_days(g.observed_on) <= 1)",
            "unknown observed_on",
        ),
        // As one without a date, it is among those that may be near.
        ("related_within('geolocation', 'device', 'observed_on', 'D-2', as_of, 3).size()", "2"),
        ("age_days(add_days(as_of, 1)) <= 7 && has(geolocation.id)", "unknown "),
    ] {
        assert_eq!(world.on("geolocation", "G-4", source), expected, "{source}");
    }
    assert_eq!(world.on("geolocation", "G-5", "age_days(geolocation.observed_on)"), "0");
    // The end of a contract may lie ahead, but has no age yet.
    assert_eq!(world.on("vendor", "V-1", "vendor.contract.end_on > as_of"), "true");
    assert_eq!(world.on("vendor", "V-1", "age_days(vendor.contract.end_on) < 0"), "unknown contract.end_on");
}

#[test]
fn a_day_held_against_the_date_of_the_audit_is_what_is_recorded() {
    let world = World::new();
    for (source, expected) in [
        ("geolocation.observed_on <= as_of", "false"),
        ("as_of < geolocation.observed_on", "true"),
        ("(has(geolocation.id) ? geolocation.observed_on : as_of) <= as_of", "false"),
        (
            "as_of < (has(geolocation.region) ? as_of : has(geolocation.id) ? geolocation.observed_on : as_of)",
            "true",
        ),
        // Held against another day, it is not known.
        ("(has(geolocation.id) ? geolocation.observed_on : as_of) <= '2026-01-01'", "unknown observed_on"),
    ] {
        assert_eq!(world.on("geolocation", "G-4", source), expected, "{source}");
    }
}

#[test]
fn what_is_not_recorded_is_a_third_value() {
    let world = World::new();
    for (source, expected) in [
        // A conjunct that is false stays false, a disjunct that is true stays true.
        ("worker.status == 'ended' && worker.bank.account_hash == 'x'", "false"),
        ("worker.bank.account_hash == 'x' && worker.status == 'ended'", "false"),
        ("worker.status == 'active' || worker.bank.account_hash == 'x'", "true"),
        ("worker.bank.account_hash == 'x' || worker.status == 'active'", "true"),
        ("worker.status == 'active' && worker.bank.account_hash == 'x'", "unknown bank.account_hash"),
        ("worker.status == 'ended' || worker.bank.account_hash == 'x'", "unknown bank.account_hash"),
        ("worker.end_on < worker.offer_on", "unknown end_on offer_on"),
        ("worker.end_on == '2026-01-01' || worker.offer_on == '2026-01-01'", "unknown end_on offer_on"),
        // Negation, comparison and functions carry it.
        ("!(worker.bank.account_hash == 'x')", "unknown bank.account_hash"),
        ("worker.bank.account_hash != 'x'", "unknown bank.account_hash"),
        ("age_days(worker.identity.notarized.act_on) > 3", "unknown identity"),
        ("worker.remote ? true : false", "unknown remote"),
        // `has` asks for one field; its parent must be there.
        ("has(worker.bank)", "true"),
        ("has(worker.bank.account_hash)", "false"),
        ("has(worker.identity.notarized)", "unknown identity"),
        ("has(worker.identity) && has(worker.identity.notarized)", "false"),
        // Lists.
        ("worker.accounts.all(a, a.startsWith('a'))", "true"),
        ("worker.accounts.exists(a, a == 'a2')", "true"),
        ("worker.accounts.exists_one(a, a == 'a2')", "true"),
        ("worker.travel.all(t, t.country == 'US')", "unknown travel"),
        ("[worker.status == 'active', worker.remote].exists(b, b)", "unknown remote"),
        ("'a1' in worker.accounts", "true"),
        ("worker.accounts[1] == 'a2'", "true"),
        ("worker.accounts[9] == 'a2'", "unknown accounts[9]"),
        ("worker.accounts.map(a, a.size()).max()", "2"),
        ("worker.accounts.filter(a, a == 'zz').min()", "unknown accounts"),
        ("related('login', 'worker', worker.id)[0].ip == 'x'", "unknown [login]"),
        // Other records.
        ("lookup('vendor', worker.vendor).contract.end_on > worker.start_on", "true"),
        ("lookup('vendor', worker.vendor).contract.start_on > worker.start_on", "unknown contract.start_on"),
        ("lookup('vendor', 'V-9').status == 'active' && worker.status == 'active'", "unknown vendor"),
        ("known('vendor', 'V-9') || worker.status == 'ended'", "false"),
        ("related('worker', 'vendor', 'V-1').map(w, w.id) == [worker.id]", "true"),
        ("organization.engages.freelancers", "false"),
        ("organization.engages.platforms", "unknown engages.platforms"),
        ("count('worker') == 2", "true"),
        // Dates, numbers, lists of references.
        ("age_days(worker.start_on)", "171"),
        ("add_days(worker.start_on, params.days)", "2026-02-09"),
        ("days_between(worker.start_on, as_of)", "171"),
        ("worker.start_on > '2026-01-09'", "true"),
        ("routing_number_ok(worker.bank.routing_number)", "true"),
        ("worker.engagement in params.kinds", "false"),
        ("listed('remote-desktop-software', worker.accounts[0])", "false"),
        ("listed('nowhere', worker.accounts[0])", "unknown nowhere"),
        ("building_key(worker.residence)", "12 OAK ST|78701|US"),
        ("address_key(worker.residence)", "12 OAK ST #4|78701|US"),
        ("distance_km(worker.residence, lookup('location', 'L-1')) < 3.0", "true"),
    ] {
        assert_eq!(world.worker(source), expected, "{source}");
    }
    assert_eq!(world.on("location", "L-1", "near('location', location, 50).map(l, l.id)"), "[L-1, L-2]");
    assert_eq!(world.on("location", "L-1", "near('location', location, 5).map(l, l.id)"), "[L-1]");
}

#[test]
fn mistakes_are_found_when_the_policy_is_loaded() {
    let world = World::new();
    for (source, message, help) in [
        ("worker.statsu == 'active'", "no field `statsu`", "did you mean `status`"),
        ("worker.bank.routing == 'x'", "no field `routing`", "did you mean `routing_number`"),
        ("worker.status == 'actve'", "can never be `actve`", "did you mean `active`"),
        ("worker.status in ['active', 'gone']", "can never be `gone`", "it is one of"),
        ("worker.status == 1", "can never be equal", ""),
        ("'1' == 1 && worker.privileged", "can never be equal", ""),
        ("worker.start_on == '2026-13-01'", "is not a date", "YYYY-MM-DD"),
        ("ages(worker.start_on) > 1", "no function `ages`", ""),
        ("age_day(worker.start_on) > 1", "no function `age_day`", "did you mean `age_days`"),
        ("age_days(worker.privileged) > 1", "bool is not a date", "age_days(date)"),
        ("age_days() > 1", "takes other arguments", ""),
        ("wroker.status == 'active'", "`wroker` is not known here", "did you mean `worker`"),
        ("params.dayz > 1 && worker.privileged", "`dayz` is not declared", "did you mean `days`"),
        ("worker.status && worker.privileged", "text is neither true nor false", ""),
        ("lookup('vendr', 'x').status == 'active'", "no kind `vendr`", "did you mean `vendor`"),
        ("related('worker', 'vendr', 'x').size() == 0", "no field `vendr`", ""),
        ("1 < 2", "reads nothing", ""),
        ("worker.start_on + 1 > 2", "date is not a number", "add_days"),
        ("worker.privileged == null", "`null` is not used", "has("),
        ("worker.?status == 'x'", "not expected", ""),
        ("worker.status ==", "too early", ""),
        ("worker.accounts.all(a, a.x == 1)", "text has no field `x`", ""),
        ("worker.bank.exists(b, true)", "object is not a list", ""),
        ("worker.id.matches('(')", "not a regular expression", ""),
        ("{'a': worker.id}.a == 'x'", "cannot make objects", ""),
    ] {
        let found = world.worker(source);
        assert!(
            found.starts_with("error ") && found.contains(message) && found.contains(help),
            "{source}: {found}"
        );
    }
}

#[test]
fn an_error_points_to_its_part() {
    let world = World::new();
    let source = "worker.id == 'Zoë' &&\n  worker.statsu == 'active'";
    let error =
        compile_for(&world.set.catalog, "worker", source, &mut IndexPlan::default()).expect_err("misspelt");
    assert_eq!(&source[error.place], "worker.statsu");
}

#[test]
fn size_depth_and_steps_are_bounded() {
    let world = World::new();
    let nested = |n: usize| format!("{}worker.privileged{}", "(".repeat(n), ")".repeat(n));
    assert_eq!(world.worker(&nested(10)), "true");
    assert!(world.worker(&nested(500)).contains("nested deeper"));
    for deep in ["!(", "[", "true ? false : "] {
        let source = format!("{}worker.privileged", deep.repeat(4000 / deep.len()));
        assert!(world.worker(&source).starts_with("error "), "{deep}");
    }
    let chain = |n: usize| vec!["worker.privileged"; n].join("&&");
    let sum = |n: usize| format!("worker.privileged && {}1 > 0", "1+".repeat(n));
    assert_eq!(world.worker(&chain(200)), "true");
    assert_eq!(world.worker(&sum(50)), "true");
    assert!(world.worker(&sum(150)).contains("nested deeper"), "{}", world.worker(&sum(150)));
    assert!(world.worker(&sum(2_000)).contains("nested deeper"));
    assert!(world.worker(&chain(1_000)).contains("at most 4096"));
    let literal = format!("[{}]", vec!["1"; 100].join(","));
    let endless = format!(
        "worker.privileged && {literal}.all(a, {literal}.all(b, {literal}.all(c, {literal}.all(d, true))))"
    );
    assert!(world.worker(&endless).starts_with("failure took more than"), "{}", world.worker(&endless));
}

#[test]
fn addresses_in_different_spellings_are_one() {
    for (a, b) in [
        ("12 Oak Street", "12 OAK ST."),
        ("500 North Main Avenue", "500 N. Main Ave"),
        ("7 River Road, Suite 200", "7 River Rd #300"),
    ] {
        assert_eq!(building_key(a), building_key(b), "{a} / {b}");
    }
    assert_eq!(address_key("7 River Road Suite 200", ""), address_key("7 River Rd", "Ste. 200"));
    assert_ne!(address_key("7 River Road", "200"), address_key("7 River Road", "300"));
    assert_ne!(building_key("12 Oak Street"), building_key("12 Oak Avenue"));
}

#[test]
fn routing_numbers_follow_the_aba_rule() {
    for good in ["021000021", "031101279", "041215663", "103100195"] {
        assert!(routing_number_ok(good), "{good}");
    }
    for bad in
        ["021000022", "0210000210", "02100002", "000000000", "991000021", "02100002a", "０２１０００２１"]
    {
        assert!(!routing_number_ok(bad), "{bad}");
    }
}

/// Expressions over literals only, which both evaluators can judge.
fn literal_expression() -> impl Strategy<Value = String> {
    let atom = prop_oneof![
        (0..5_i64).prop_map(|i| format!("({i} < 3)")),
        (0..5_i64, 0..5_i64).prop_map(|(a, b)| format!("({a} + {b} * 2 >= 6)")),
        (0..4_i64, 0..4_i64).prop_map(|(a, b)| format!("({a} in [{b}, 2])")),
        Just("true".to_owned()),
        Just("('ab'.startsWith('a'))".to_owned()),
        Just("([1, 2, 3].exists(x, x > 2))".to_owned()),
        (0..4_i64).prop_map(|n| format!("([1, 2, 3].all(x, x > {n}))")),
        (0..4_i64).prop_map(|n| format!("([1, 2, {n}].exists_one(x, x == 2))")),
        (0..4_i64).prop_map(|n| format!("([1, 2, 3].map(x, x * {n}).filter(y, y > 2).size() == 2)")),
        (0..4_i64).prop_map(|n| format!("(-{n} < 0 - 1)")),
        (1..4_i64).prop_map(|n| format!("(7 % {n} == 1 ? [1, 2][0] == 1 : 7 / {n} > 2)")),
    ];
    atom.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} && {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} || {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} == {b})")),
            inner.clone().prop_map(|a| format!("(!{a})")),
            (inner.clone(), inner.clone(), inner).prop_map(|(c, a, b)| format!("({c} ? {a} : {b})")),
        ]
    })
}

proptest! {
    /// On what both know, our evaluation agrees with the `cel` crate's.
    #[test]
    fn evaluation_agrees_with_the_cel_crate(source in literal_expression()) {
        thread_local!(static WORLD: World = World::new());
        let program = cel::Program::compile(&source).expect("compiles");
        let theirs = program.execute(&cel::Context::default());
        let ours = WORLD.with(|w| w.worker(&format!("worker.privileged && ({source})")));
        match theirs {
            Ok(cel::Value::Bool(b)) => prop_assert_eq!(ours, b.to_string(), "{}", source),
            other => prop_assert!(false, "{}: {:?} / {}", source, other, ours),
        }
    }

    #[test]
    fn no_source_makes_the_compiler_panic(source in "([a-z.()\\[\\]'\"0-9 <>=!&|?:,+*/-]|worker|has|all|é){0,60}") {
        thread_local!(static WORLD: World = World::new());
        WORLD.with(|w| { let _ = w.worker(&source); });
    }
}

#[test]
fn records_around_a_day_are_found_with_those_without_a_date() {
    let world = World::new();
    let found = |rest: &str| {
        world.worker(&format!("related_within('geolocation', 'device', 'observed_on', {rest}).map(g, g.id)"))
    };
    assert_eq!(found("'D-1', '2026-06-11', 1"), "[G-1, G-2, G-3]");
    assert_eq!(found("'D-1', '2026-06-11', 0"), "[G-3]");
    assert_eq!(found("'D-1', '2026-06-12', 1"), "[G-2, G-3]");
    assert_eq!(found("'D-1', '2026-06-12', -1"), "[G-2, G-3]");
    assert_eq!(found("'D-1', as_of, 9000000000"), "[G-1, G-2, G-3]");
    assert_eq!(found("'D-9', as_of, 5"), "[]");
    assert_eq!(found("worker.bank.account_hash, as_of, 5"), "unknown bank.account_hash");
    let misspelt = world.worker("related_within('geolocation', 'device', 'observd_on', 'D-1', as_of, 5)");
    assert!(misspelt.starts_with("error `geolocation` has no field `observd_on`"), "{misspelt}");
}

#[test]
fn places_that_lie_together_share_a_key() {
    let world = World::new();
    let key = |id: &str, metres: u32| {
        world.on("location", id, &format!("place_key('location', location, {metres})"))
    };
    assert_eq!(key("L-1", 100), "L-1");
    assert_eq!(key("L-2", 100), "L-1");
    assert_eq!(key("L-2", 2), "L-2");
    assert!(key("L-1", 5000).starts_with("error "));
}
