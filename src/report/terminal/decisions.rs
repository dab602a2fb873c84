//! What people decided, in the terminal report: attested checks.

use super::Report;

impl Report<'_> {
    /// Decisions that count, one a line; nothing where there is none.
    pub(super) fn decisions(&mut self) {
        let assessment = self.facts.assessment;
        let mut lines = Vec::new();
        for measure in &assessment.measures {
            for check in measure.checks.iter().filter(|check| check.attested.is_some()) {
                lines.push(format!("{} {}: {}", measure.id, check.id, check.reason));
            }
        }
        if lines.is_empty() {
            return;
        }
        self.heading("Decisions");
        for line in lines {
            self.wrapped(&line, "  ", "      ");
        }
    }
}
