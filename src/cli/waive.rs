//! `duly waive`: writes the acceptance of a gap as a record.

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::attest::Document;
use super::decide::{self, Answers, To};
use super::output::UserError;
use crate::text::{count, escape};

/// Write the acceptance of a gap for a time; the gap stays a gap, and is counted apart
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The check, such as DD-09/shipment-without-signature
    check: String,
    /// Id of a record that it covers; may be repeated
    #[arg(long, value_name = "ID")]
    record: Vec<String>,
    /// Fingerprint of a finding that it covers, where the gap has no record; may be repeated
    #[arg(long, value_name = "FINGERPRINT")]
    finding: Vec<String>,
    /// Instead of a list: what is recorded of the records that it covers, such as "worker.vendor == 'V-7'"
    #[arg(long, value_name = "EXPRESSION", conflicts_with_all = ["record", "finding"])]
    condition: Option<String>,
    /// Why the gap may stay
    #[arg(long, value_name = "TYPE", default_value = "risk-accepted")]
    r#type: Type,
    /// Why it is accepted; reports show it
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// What lowers the risk meanwhile; reports show it
    #[arg(long, value_name = "TEXT")]
    compensating_control: Option<String>,
    /// Who approved it: listed under `waivers: approvers:` of duly.yaml
    #[arg(long, value_name = "PERSON")]
    approver: Option<String>,
    /// Day of the approval [default: today]
    #[arg(long, value_name = "YYYY-MM-DD")]
    approved_on: Option<String>,
    /// First day it is in force [default: the day of the approval]
    #[arg(long, value_name = "YYYY-MM-DD")]
    from: Option<String>,
    /// Last day it is in force
    #[arg(long, value_name = "YYYY-MM-DD")]
    until: Option<String>,
    /// The written approval: a file of the repository
    #[arg(long, value_name = "FILE")]
    document: Option<String>,
    #[command(flatten)]
    to: To,
}

/// Why a gap may stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Type {
    /// The risk is known and accepted
    RiskAccepted,
    /// Something else lowers the risk
    CompensatingControl,
    /// The result is held to be incorrect
    Disputed,
}

#[derive(Serialize)]
struct Record<'a> {
    kind: &'static str,
    id: String,
    r#type: Type,
    check: String,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    records: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    findings: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<&'a str>,
    reason: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    compensating_control: Option<String>,
    approver: String,
    approved_on: String,
    from: String,
    until: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<Document>,
}

pub(super) fn run(arguments: &Arguments) -> Result<u8, UserError> {
    let folder = arguments.to.open()?;
    let (measure, check) = decide::check(&folder.policies, &arguments.check)?;
    let rules = &folder.config.waivers;
    if arguments.record.iter().any(|id| id.contains('*'))
        || arguments.record.is_empty() && arguments.finding.is_empty() && arguments.condition.is_none()
    {
        let help = "name each record with --record ID, or say with --condition what is recorded of them";
        return Err(UserError::new("a waiver covers the records that it lists, and none is listed", help));
    }
    if rules.approvers.is_empty() {
        let help = "list who may approve waivers under `waivers: approvers:`";
        return Err(UserError::new("duly.yaml lists no one who may approve a waiver", help));
    }
    let mut answers = Answers::new();
    let reason = answers.get("--reason", arguments.reason.as_ref(), "Why is the gap accepted?");
    let compensating_control = match arguments.r#type {
        Type::CompensatingControl => Some(answers.get(
            "--compensating-control",
            arguments.compensating_control.as_ref(),
            "What lowers the risk meanwhile?",
        )),
        _ => arguments.compensating_control.clone(),
    };
    let approver = answers.get("--approver", arguments.approver.as_ref(), "Who approved it?");
    let until = answers.get("--until", arguments.until.as_ref(), "What is the last day (YYYY-MM-DD)?");
    answers.complete()?;
    let given = |flag: &str, text: &Option<String>, otherwise| match text {
        Some(text) => decide::day(flag, text),
        None => Ok(otherwise),
    };
    let approved_on = given("--approved-on", &arguments.approved_on, folder.as_of)?;
    let from = given("--from", &arguments.from, approved_on)?;
    let until = decide::day("--until", &until)?;
    let last = decide::after(from, rules.max_days);
    if from < approved_on || until < from || until > last {
        let days = count(rules.max_days as usize, "day");
        let help = format!("it begins on {approved_on} or later, and lasts {days} at most: --until {last}");
        return Err(UserError::new(format!("a waiver cannot last from {from} until {until}"), help));
    }
    let listed = rules.approvers.iter().any(|listed| listed.trim().eq_ignore_ascii_case(&approver));
    if !listed {
        let what = format!("`{}` is not listed under `waivers: approvers:` of duly.yaml", escape(&approver));
        return Err(UserError::new(what, format!("approvers: {}", escape(&rules.approvers.join(", ")))));
    }
    let id = arguments.to.id.clone().unwrap_or_else(|| format!("{}-{approved_on}", check.id));
    let comments = [
        format!("{}/{}: {}", measure.id, check.id, check.title),
        format!("The gap stays a gap. From {until} on, it counts again.", until = decide::after(until, 1)),
    ];
    let record = Record {
        kind: "waiver",
        id: id.clone(),
        r#type: arguments.r#type,
        check: format!("{}/{}", measure.id, check.id),
        records: &arguments.record,
        findings: &arguments.finding,
        condition: arguments.condition.as_deref(),
        reason,
        compensating_control,
        approver,
        approved_on: approved_on.to_string(),
        from: from.to_string(),
        until: until.to_string(),
        document: arguments.document.clone().map(|document| Document { r#ref: document }),
    };
    arguments.to.write(&id, &comments, &record, &folder)?;
    Ok(0)
}
