//! What people decided, in the terminal report: attested checks, waivers in force, items of the plan.

use super::Report;
use crate::assessment::PlanStatus;
use crate::text::{count, verb};

/// Decisions of one kind that are shown before the rest is counted.
const SHOWN: usize = 5;

impl Report<'_> {
    /// Decisions that count, one a line; nothing where there is none. Those that do not count are among the problems.
    pub(super) fn decisions(&mut self) {
        let assessment = self.facts.assessment;
        let as_of = assessment.run.as_of;
        let attested = assessment.measures.iter().flat_map(|measure| {
            let attested = measure.checks.iter().filter(|check| check.attested.is_some());
            attested.map(move |check| format!("{} {}: {}", measure.id, check.id, check.reason))
        });
        let in_force = assessment
            .waivers
            .iter()
            .filter(|waiver| waiver.is_in_force(as_of) && !waiver.findings.is_empty());
        let waived = in_force.map(|waiver| {
            let (id, check, ends) = (&waiver.id, &waiver.check, waiver.ends_on);
            let covers = count(waiver.findings.len(), "gap");
            let met = waiver.condition.as_ref().map_or_else(String::new, |met| format!(" where `{met}`"));
            format!("{id} waives {covers} of {check}{met} until {ends}: {}", waiver.reason)
        });
        let open = assessment.plan.iter().filter(|item| item.status == PlanStatus::Open);
        let planned = open.map(|item| {
            let due = item.due_on.map_or_else(String::new, |due| match due < as_of {
                true => format!(", was due on {due}"),
                false => format!(", due on {due}"),
            });
            let gaps = item.findings.len();
            format!("{} plans {} of {}: {}{due}", item.id, count(gaps, "gap"), item.measure, item.owner)
        });
        let groups: [(&str, Vec<String>); 3] = [
            ("attestation", attested.collect()),
            ("waiver", waived.collect()),
            ("plan item", planned.collect()),
        ];
        if groups.iter().all(|(_, lines)| lines.is_empty()) {
            return;
        }
        self.heading("Decisions");
        for (thing, lines) in groups {
            let shown = if self.is_verbose() { lines.len() } else { SHOWN };
            for line in lines.iter().take(shown) {
                self.wrapped(line, "  ", "      ");
            }
            let more = lines.len().saturating_sub(shown);
            if more > 0 {
                let are = verb(more, "is", "are");
                let more = count(more, &format!("more {thing}"));
                self.wrapped(&format!("… {more} {are} left out; --verbose shows all"), "  ", "      ");
            }
        }
    }
}
