//! The codes of diagnostics: one row each, with what it means and what it usually does to the audit.
//! `docs/problems.md` is made from this table.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Impact;

macro_rules! codes {
    ($($variant:ident $name:literal $impact:ident $description:literal;)+) => {
        /// What kind of diagnostic it is. Ordered by name.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
        )]
        pub enum Code {
            $(#[doc = $description] #[serde(rename = $name)] $variant,)+
        }

        impl Code {
            /// Every code, ordered by name.
            pub const ALL: &[Code] = &[$(Code::$variant),+];

            /// Its name in kebab case, stable between versions.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $name,)+ }
            }

            /// What it means, in a sentence or two.
            pub fn description(self) -> &'static str {
                match self { $(Code::$variant => $description,)+ }
            }

            /// What it does to the audit unless the place where it is found says otherwise.
            pub fn impact(self) -> Impact {
                match self { $(Code::$variant => Impact::$impact,)+ }
            }
        }
    };
}

codes! {
    AliasCycle "alias-cycle" Incomplete
        "A YAML alias stands inside the value it refers to. The document was not assessed.";
    AliasesWithoutBound "aliases-without-bound" Incomplete
        "The YAML aliases of a file repeat too many values. The document was not assessed.";
    AttestationRefused "attestation-refused" Notice
        "An attestation does not count: it is too old, too long, dated in the future, without its document, by someone who is not an employee, or for what is not a check that a person answers. The check stays not assessed.";
    BaselineEmpty "baseline-empty" Notice
        "The state that is compared with does not have the audited folder, so every finding is new.";
    BaselineEntryAdded "baseline-entry-added" Notice
        "A change adds a finding together with the baseline entry that would cover it. The entry covers nothing that the base does not have, so the finding counts.";
    BaselineFile "baseline-file" Error
        "The baseline file `duly-baseline.yaml` cannot be used.";
    BaselineIncomplete "baseline-incomplete" Notice
        "The state that is compared with has problems of its own: what could not be read there may look new.";
    BrokenReference "broken-reference" Incomplete
        "A record names another record that does not exist.";
    BrokenSchema "broken-schema" Incomplete
        "The JSON Schema of a record kind that a pack brings cannot be used.";
    CannotBeRecords "cannot-be-records" Incomplete
        "A pattern of a source takes in files that cannot be records, such as pictures or workbooks.";
    CommitUnknown "commit-unknown" Notice
        "The folder is in a git repository that could not be read whole: the report does not name the commit, or files that git ignores were read too.";
    Configuration "configuration" Error
        "The configuration `duly.yaml` cannot be used.";
    DuplicateId "duplicate-id" Incomplete
        "Two records of one kind have the same id. Neither is assessed.";
    DuplicateKey "duplicate-key" Incomplete
        "A mapping has the same key twice. The document was not assessed, because a reader could take either.";
    EmptyFile "empty-file" Notice
        "A file of records holds no record.";
    EvaluationFailed "evaluation-failed" Incomplete
        "An expression of a policy could not be evaluated over the records.";
    EvidenceChanged "evidence-changed" Notice
        "A document that a record names as evidence has a different SHA-256 from the one recorded.";
    EvidenceItself "evidence-itself" Notice
        "A record names a file of records or the configuration as evidence.";
    EvidenceMissing "evidence-missing" Notice
        "A document that a record names as evidence does not exist.";
    EvidenceOutside "evidence-outside" Notice
        "A record names a document outside the audited folder as evidence.";
    Expression "expression" Error
        "An expression or a message of a policy cannot be compiled.";
    FileTooLarge "file-too-large" Incomplete
        "A file is larger than duly reads.";
    GapWithoutPlanItem "gap-without-plan-item" Notice
        "Gaps of a check are known for longer than the grace time and have no open plan item.";
    GitIgnored "git-ignored" Notice
        "Files on disk that git ignores were left out, as a revision would leave them out. Where the configuration or the baseline file is one of them, the audit is incomplete.";
    IgnoredRecords "ignored-records" Notice
        "Files that an ignore rule of the configuration leaves out hold records.";
    InvalidFormat "invalid-format" Incomplete
        "A value does not have the format that the schema of its record asks for, such as a date.";
    InvalidJson "invalid-json" Incomplete
        "A file, or a line of a JSON Lines file, is not valid JSON. Nothing in it was assessed.";
    InvalidType "invalid-type" Incomplete
        "A value does not have the type that the schema of its record asks for.";
    InvalidValue "invalid-value" Incomplete
        "A value is not one that the schema of its record allows.";
    InvalidYaml "invalid-yaml" Incomplete
        "A document is not valid YAML. It was not assessed, nor was anything that cannot be told apart from it.";
    KeyNotText "key-not-text" Incomplete
        "A key of a mapping is not text. The document was not assessed.";
    KeyTooLong "key-too-long" Incomplete
        "A key of a mapping is longer than duly reads. The document was not assessed.";
    LfsPointer "lfs-pointer" Incomplete
        "A file is a git LFS pointer instead of the file itself.";
    LossContradicted "loss-contradicted" Notice
        "An entry of `duly-losses.yaml` accepts nothing, because the base, the date or the record itself speaks against it. The loss counts.";
    LossesFile "losses-file" Error
        "The file of accepted losses `duly-losses.yaml` cannot be used.";
    MergeKey "merge-key" Incomplete
        "A mapping has a merge key (`<<`), which YAML 1.2 does not have. The document was not assessed.";
    MisnamedConfiguration "misnamed-configuration" Incomplete
        "A file has nearly the name of the configuration or of the baseline file, so it is not read as what it seems to be.";
    MostlyNoRecords "mostly-no-records" Incomplete
        "Without a configuration, most YAML and JSON files of the folder hold no record. They are counted, not listed one by one.";
    NestedTooDeeply "nested-too-deeply" Incomplete
        "A document is nested deeper than duly reads. It was not assessed.";
    NoRecords "no-records" Incomplete
        "There is no record to assess.";
    NotAFile "not-a-file" Notice
        "An entry of the folder is neither a file nor a folder and was not opened.";
    NotAFiniteNumber "not-a-finite-number" Incomplete
        "A number is infinite or undefined. The document was not assessed.";
    NotARecord "not-a-record" Incomplete
        "A file of records holds something that is not a record.";
    NotFetched "not-fetched" Incomplete
        "A partial clone does not hold files of a commit. Nothing is fetched during an audit.";
    NotText "not-text" Incomplete
        "A file is not text in UTF-8, or in UTF-16 with a byte-order mark.";
    Output "output" Error
        "A report or another file cannot be written.";
    Placeholder "placeholder" Notice
        "A value says nothing, such as `n/a` or an empty inventory. It counts as not recorded.";
    PlanItemContradicted "plan-item-contradicted" Notice
        "A plan item and the findings do not agree: it is closed and its gap is open, or it is open and there is no such gap.";
    PlanItemOverdue "plan-item-overdue" Notice
        "An open plan item was due before the date of the audit.";
    PlanItemRefused "plan-item-refused" Notice
        "A plan item cannot be used: its check does not exist, or its dates contradict each other. The plan does not hold it.";
    Policy "policy" Error
        "A policy pack cannot be used.";
    PolicyTest "policy-test" Error
        "The tests of a policy pack cannot be used.";
    ReencodedFiles "reencoded-files" Incomplete
        "Git attributes re-encode files at checkout (`working-tree-encoding`), so that the files on disk differ from the commit.";
    ReferenceListEmpty "reference-list-empty" Incomplete
        "A reference list that the configuration names has no entry.";
    ReferenceListMissing "reference-list-missing" Incomplete
        "A reference list that the configuration names does not exist.";
    RequiredField "required-field" Incomplete
        "A record lacks a field that its schema requires.";
    Revision "revision" Error
        "A git repository or revision cannot be read.";
    SavedReport "saved-report" Notice
        "A file of records is a saved report of duly, which holds no records.";
    SavedSchema "saved-schema" Notice
        "A file of records is a JSON Schema that `duly schema` wrote, which holds no records.";
    SeveralOrganizations "several-organizations" Incomplete
        "There are two records of the kind `organization`. What they declare is not used.";
    ShadowedSource "shadowed-source" Incomplete
        "Every file that a source matches is taken by an earlier source, or left out by an ignore rule.";
    SparseCheckout "sparse-checkout" Incomplete
        "A sparse checkout leaves files of the commit out of the work tree.";
    StatementContradicted "statement-contradicted" Notice
        "A statement says that there was nothing to report in a period, and a record says otherwise. The statement does not count.";
    StatementRefused "statement-refused" Notice
        "A statement of nothing to report does not count: it is too old, dated before its period ends or in the future, or by someone who is not an employee.";
    Submodule "submodule" Incomplete
        "The folder has a git submodule whose files are not there.";
    SubmoduleFiles "submodule-files" Notice
        "The files of a git submodule were read from disk. A revision of the repository does not hold them.";
    SymbolicLink "symbolic-link" Notice
        "An entry of the folder is a symbolic link, which is not followed.";
    Tag "tag" Incomplete
        "A value has a YAML tag that is not part of YAML's core schema. The document was not assessed.";
    UnclaimedFiles "unclaimed-files" Notice
        "Files were not read because no source matches them.";
    UnknownField "unknown-field" Incomplete
        "A record has a key that its schema does not have.";
    UnknownKind "unknown-kind" Incomplete
        "A record has a kind that does not exist.";
    Unreadable "unreadable" Incomplete
        "A file or folder cannot be read.";
    UnusedBaselineEntry "unused-baseline-entry" Notice
        "An entry of the baseline file matches no finding any more.";
    UnusedDefault "unused-default" Notice
        "The configuration states a default that no record needs: each record of the kind has the field, or there is no such record.";
    UnusedIgnoreRule "unused-ignore-rule" Notice
        "An ignore rule of the configuration, or one of its patterns, matches no file.";
    UnusedLoss "unused-loss" Notice
        "An entry of `duly-losses.yaml` names a record of which the change loses nothing.";
    UnusedOwner "unused-owner" Notice
        "The configuration names who stands behind a role that no measure has.";
    UnusedParameter "unused-parameter" Notice
        "The configuration sets a parameter to the value that it has anyway, or sets none of a measure.";
    UnusedPolicyPart "unused-policy-part" Notice
        "A pack has a document or a group that no measure has, or a measure a parameter that no check reads.";
    UnusedReferenceList "unused-reference-list" Notice
        "The configuration names a reference list that no check reads. With nearly the name of one that a check reads, the audit is incomplete.";
    UnusedSource "unused-source" Incomplete
        "A source of the configuration matches no file. If that is true of some of its patterns only, it is a notice.";
    Usage "usage" Error
        "The command line cannot be used.";
    WaiverOverlap "waiver-overlap" Notice
        "Two waivers cover the same finding. The first one counts.";
    WaiverRefused "waiver-refused" Notice
        "A waiver does not count: it is expired, not in force yet, too long, too broad, for a check that does not exist, or not approved as `duly.yaml` asks. Its gaps stay open.";
    WaiverUnused "waiver-unused" Notice
        "A waiver, or a record or finding that it lists, covers no gap.";
}

impl Code {
    /// The code with this name.
    pub fn find(name: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.as_str() == name)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The text of `docs/problems.md`.
pub fn reference_page() -> String {
    let mut page = String::from(
        "# Problems and errors\n\n\
         Every problem in a report and every error on the command line has a code. The impact says what it usually \
         does to the audit:\n\n\
         - **error**: there is no audit; exit status 2.\n\
         - **incomplete**: something in scope could not be read or evaluated; exit status 3.\n\
         - **notice**: worth knowing; everything in scope was still assessed.\n\n\
         A file that an ignore rule covers makes no problem; a file that a source claims makes an incomplete audit \
         whenever it cannot be read, whatever the table says.\n\n\
         | code | impact | meaning |\n| --- | --- | --- |\n",
    );
    for code in Code::ALL {
        let impact = match code.impact() {
            Impact::Error => "error",
            Impact::Incomplete => "incomplete",
            Impact::Notice => "notice",
        };
        page.push_str(&format!("| `{code}` | {impact} | {} |\n", code.description()));
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_in_the_order_of_their_names() {
        assert!(Code::ALL.windows(2).all(|pair| pair[0].as_str() < pair[1].as_str() && pair[0] < pair[1]));
        assert!(Code::ALL.iter().all(|code| Code::find(code.as_str()) == Some(*code)));
    }
}
