//! `duly attest`: writes a named person's answer to a check as a record.

use clap::Args;
use serde::Serialize;

use super::decide::{self, Answers, To};
use super::output::UserError;
use crate::policy::Form;
use crate::text::{count, escape};

/// Write a named person's answer to a check that no record can answer
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The check, such as DD-09/carrier-practice-not-looked-at
    check: String,
    /// What the person states, in a sentence
    #[arg(long, value_name = "TEXT")]
    statement: Option<String>,
    /// Who attests it: id or name of an employee
    #[arg(long, value_name = "PERSON")]
    by: Option<String>,
    /// The second person, where the check asks for two: id or name of an employee
    #[arg(long, value_name = "PERSON")]
    confirmed_by: Option<String>,
    /// Day of the attestation [default: today]
    #[arg(long, value_name = "YYYY-MM-DD")]
    on: Option<String>,
    /// Last day it counts [default: as long as the check allows]
    #[arg(long, value_name = "YYYY-MM-DD")]
    until: Option<String>,
    /// What the person looked at: a file of the repository
    #[arg(long, value_name = "FILE")]
    document: Option<String>,
    #[command(flatten)]
    to: To,
}

#[derive(Serialize)]
struct Record {
    kind: &'static str,
    id: String,
    check: String,
    statement: String,
    attested_by: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    confirmed_by: Option<String>,
    attested_on: String,
    valid_until: String,
    document: Document,
}

#[derive(Serialize)]
pub(super) struct Document {
    pub r#ref: String,
}

pub(super) fn run(arguments: &Arguments) -> Result<u8, UserError> {
    let folder = arguments.to.open()?;
    let (measure, check) = decide::check(&folder.policies, &arguments.check)?;
    let Form::Attest { question, valid_days, attested } = &check.form else {
        return Err(UserError::new(
            format!("`{}` is answered by records, not by an attestation", escape(&check.id)),
            format!("`duly explain {}` says which fields it reads", check.id),
        ));
    };
    let on = match &arguments.on {
        Some(text) => decide::day("--on", text)?,
        None => folder.as_of,
    };
    let last = decide::after(on, *valid_days);
    let until = match &arguments.until {
        Some(text) => decide::day("--until", text)?,
        None => last,
    };
    if until > last || until < on {
        let days = count(*valid_days as usize, "day");
        let help = format!("the check allows {days}: --until {last} at the latest");
        return Err(UserError::new(format!("{until} is not a day on which the attestation can end"), help));
    }
    let mut answers = Answers::new();
    let ask = format!("{question}\nWhat do you state?");
    let statement = answers.get("--statement", arguments.statement.as_ref(), &ask);
    let by = answers.get("--by", arguments.by.as_ref(), "Who attests it (id or name of an employee)?");
    let given = arguments.confirmed_by.as_ref();
    let ask = "The check asks for two people: who confirms it (id or name of another employee)?";
    let wanted = attested.second.is_some() || given.is_some();
    let confirmed_by = wanted.then(|| answers.get("--confirmed-by", given, ask));
    let document =
        answers.get("--document", arguments.document.as_ref(), "Which file shows what was looked at?");
    answers.complete()?;
    let id = arguments.to.id.clone().unwrap_or_else(|| format!("{}-{on}", check.id));
    let comments = [
        format!("{}/{} asks: {question}", measure.id, check.id),
        format!("It counts for {} at most.", count(*valid_days as usize, "day")),
    ];
    let record = Record {
        kind: "attestation",
        id: id.clone(),
        check: format!("{}/{}", measure.id, check.id),
        statement,
        attested_by: by,
        confirmed_by,
        attested_on: on.to_string(),
        valid_until: until.to_string(),
        document: Document { r#ref: document },
    };
    arguments.to.write(&id, &comments, &record, &folder)?;
    Ok(0)
}
