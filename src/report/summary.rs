//! The summary as plain text, fit for an e-mail: the verdict, the counts, why someone should think of reporting, and
//! what leadership is asked. It says what the first screen of the HTML report says.

use std::io::{self, Write};

use super::terminal::wrap;
use super::view::{Asked, Front, Names, front};
use crate::assessment::Assessment;
use crate::text::{escape, no_commands};

/// Columns of a line: what an e-mail shows without breaking it.
const WIDTH: usize = 72;

pub(super) fn write(assessment: &Assessment, out: &mut dyn Write) -> io::Result<()> {
    let names = Names::new(assessment);
    let text = text(&names, &front(&names));
    out.write_all(no_commands(&text).as_bytes())?;
    out.flush()
}

fn text(names: &Names<'_>, front: &Front<'_>) -> String {
    let run = &names.facts.assessment.run;
    let mut text = String::new();
    let mut add = |first: &str, behind: &str, said: &str| {
        text.push_str(&wrap(&escape(said), WIDTH, first, behind));
    };
    let whose = run.organization.as_deref().unwrap_or("Organisation not named");
    add("", "", &format!("{whose}: gap report as of {} ({})", run.as_of, run.as_of.quarter()));
    add("", "", &run.rules_in_words());
    add("", "", &run.classification);
    add("\n", "", &front.verdict);
    front.also.iter().for_each(|sentence| add("", "", sentence));
    add("\n", "", "In numbers");
    add("- ", "  ", &names.facts.gap_count().in_words());
    // The sentence has said how many gaps there are.
    for number in front.numbers.list.iter().filter(|number| number.label != "Gaps") {
        let notes: String = number.notes.iter().map(|note| format!("; {note}")).collect();
        add("- ", "  ", &format!("{}: {} {}{notes}", number.label, number.value, number.of));
    }
    if !front.serious.is_empty() {
        add("\n", "", "Before anyone acts: do not confront, preserve, call counsel");
        add("", "", &front.serious.join(" "));
        add(
            "",
            "",
            "Do not confront the person. Preserve devices, logs, recordings and messages. Call counsel before anything \
             else is decided; then report what is suspected: FBI IC3, ic3.gov; Republic of Korea, National Intelligence \
             Service, 111; National Police Agency, 112.",
        );
    }
    add("\n", "", "Asked of leadership: of each, name who does it and by when");
    for (i, ask) in front.asked.iter().enumerate() {
        add(&format!("{}. ", i + 1), "   ", &format!("{}: {}", ask.severity, ask.headline));
        add("   ", "   ", &about(ask));
        if let Some(step) = ask.decision.or(ask.first_step) {
            add("   ", "   ", &format!("Asked: {step}"));
        }
    }
    if front.asked.is_empty() {
        let none = if front.gaps > 0 { "Every gap is waived until a date." } else { "There is no gap." };
        add("- ", "  ", none);
    }
    if front.asked.is_empty() && front.not_assessed > 0 {
        let what = format!(
            "Name who brings the records or the attestations for the measures that could not be fully assessed ({}).",
            front.not_assessed
        );
        add("- ", "  ", &what);
        for text in &front.unknown {
            add("  - ", "    ", text);
        }
    }
    add(
        "\n",
        "",
        "Indicators are prompts for review, not proof. An assessment of records on one date, not an approval by anyone. The \
         gap report has every finding.",
    );
    text
}

/// How many records it is about, where it is asked, who owns it, and by when.
fn about(ask: &Asked<'_>) -> String {
    let decided = ask.decided.as_ref().map_or_else(String::new, |decided| format!(", {decided}"));
    let due = match (ask.due, ask.overdue) {
        (Some(due), true) => format!("; was due {due}"),
        (Some(due), false) => format!("; due {due}"),
        (None, _) => String::new(),
    };
    format!("{}{decided}; {}; {}{due}", ask.wrong, ask.measure, ask.owner)
}
