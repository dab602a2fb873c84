//! Access control: the rules on administrative permissions, monitoring and access, and who was granted what.
//!
//! A *resource* is whatever access is granted to. A *grant* gives one worker one level of access to one resource.
//! *Proprietary* is information whose loss would hurt. *Standing* rights are always there; others are given for a while.

use super::common::*;
use schemars::JsonSchema;
use serde_json::Value;

/// What the organisation demands about administrative permissions and monitoring (DD-08) and about access (DD-14).
#[derive(JsonSchema)]
#[schemars(example = access_rules_example())]
pub struct AccessRules {
    /// Always `access-rules`.
    #[schemars(extend("const" = "access-rules"))]
    pub kind: String,
    /// Id of the rules.
    pub id: RecordId,
    #[schemars(flatten)]
    pub head: RuleHead,
    /// Rules on administrative permissions (DD-08).
    pub administration: Option<AdministrationRules>,
    /// Rules on insider-threat monitoring (DD-08).
    pub monitoring: Option<MonitoringRules>,
    /// Zero Trust rules (DD-14).
    pub zero_trust: Option<ZeroTrustRules>,
    /// Need-to-know rules (DD-14).
    pub need_to_know: Option<NeedToKnowRules>,
    /// True if no access may be granted before the worker's checks are complete.
    pub no_access_before_checks: Option<bool>,
    /// Hours within which access must be revoked when a worker leaves.
    pub revoke_within_hours: Option<u32>,
    /// Days after the start in which a new worker has restricted access only.
    pub restricted_access_days: Option<u32>,
    /// Technical rules that put these rules into force.
    pub controls: Option<Vec<AccessControl>>,
    /// Day all grants were last reviewed.
    pub grants_reviewed_on: Option<Date>,
    /// Who reviewed them.
    pub grants_reviewed_by: Option<Person>,
    /// What shows that review.
    pub grants_review: Option<Evidence>,
}

/// Rules on administrative permissions (DD-08).
#[derive(JsonSchema)]
pub struct AdministrationRules {
    /// True if all administrative permissions on company devices are locked down.
    pub locked_down: Option<bool>,
    /// True if the user of a device may not be its standing administrator.
    pub no_standing_local_admin: Option<bool>,
    /// True if administrators use separate accounts, each naming one person.
    pub separate_accounts: Option<bool>,
    /// True if elevated rights end by themselves.
    pub time_boxed: Option<bool>,
    /// True if users cannot install software without approval.
    pub installation_restricted: Option<bool>,
    /// Who may not hold administrative roles in company systems.
    pub barred: Option<Vec<Engagement>>,
    /// Longest time between two reviews of administrators, in days.
    #[schemars(range(min = 1))]
    pub review_every_days: Option<u32>,
}

/// Rules on insider-threat monitoring (DD-08).
#[derive(JsonSchema)]
pub struct MonitoringRules {
    /// True if monitoring software must be installed on company devices.
    pub required: Option<bool>,
    /// Products that count as such.
    pub approved_products: Option<Vec<String>>,
    /// Longest silence of the software on a device, in days.
    #[schemars(range(min = 1))]
    pub max_silence_days: Option<u32>,
    /// True if a named role looks at its alerts.
    pub alerts_reviewed: Option<bool>,
    /// Who looks at its alerts.
    pub alerts_reviewed_by: Option<Person>,
    /// True if workers must be told of the monitoring.
    pub notice_required: Option<bool>,
    /// The notice.
    pub notice: Option<Evidence>,
}

/// Zero Trust rules (DD-14).
#[derive(JsonSchema)]
pub struct ZeroTrustRules {
    /// True if the organisation adopted a Zero Trust policy.
    pub adopted: Option<bool>,
    /// True if every request is verified, wherever it comes from.
    pub verify_every_access: Option<bool>,
    /// True if access is denied unless granted.
    pub default_deny: Option<bool>,
    /// True if a second factor is required.
    pub multi_factor_required: Option<bool>,
    /// True if the state of the device is checked.
    pub device_posture_required: Option<bool>,
    /// True if only managed devices get in.
    pub managed_devices_only: Option<bool>,
    /// True if networks are divided so that one way in does not open the rest.
    pub segmented: Option<bool>,
}

/// Need-to-know rules (DD-14).
#[derive(JsonSchema)]
pub struct NeedToKnowRules {
    /// True if the organisation adopted a need-to-know policy.
    pub adopted: Option<bool>,
    /// True if each grant needs a written justification.
    pub justification_required: Option<bool>,
    /// True if each grant needs an approver other than the worker.
    pub approval_required: Option<bool>,
    /// True if each grant needs an end.
    pub expiry_required: Option<bool>,
    /// Longest duration of a grant, in days.
    #[schemars(range(min = 1))]
    pub max_grant_days: Option<u32>,
    /// Longest time between two reviews of grants, in days.
    #[schemars(range(min = 1))]
    pub review_every_days: Option<u32>,
    /// Who is kept away from proprietary information wherever possible.
    pub proprietary_avoided_for: Option<Vec<Engagement>>,
}

/// A technical rule on access.
#[derive(JsonSchema)]
pub struct AccessControl {
    /// What it does.
    pub purpose: Option<AccessPurpose>,
    /// System it is in.
    pub system: Option<String>,
    /// Identifier of the setting or rule in that system; a title proves nothing.
    pub setting: Option<String>,
    /// Value it is set to; `false` and `none` are values, too.
    #[schemars(regex(pattern = r"\S"))]
    pub value: Option<String>,
    /// Whether it blocks.
    pub state: Option<RuleState>,
    /// True if it is assigned to someone.
    pub assigned: Option<bool>,
    /// True if it lets everyone, everything or every place in.
    pub wildcard: Option<bool>,
    /// Whom it covers.
    #[schemars(length(min = 1))]
    pub applies_to: Option<Vec<Engagement>>,
    /// Resources it guards.
    pub resources: Option<Vec<ResourceRef>>,
    /// True if some networks or people are exempt.
    pub has_exemptions: Option<bool>,
    /// How strong the evidence is.
    pub grade: Option<Grade>,
    /// Day it was seen.
    pub observed_on: Option<Date>,
    /// Export it was seen in.
    pub document: Option<Evidence>,
}

/// What a technical rule on access does.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum AccessPurpose {
    AllowAccess,
    BlockAccess,
    RequireMultiFactor,
    RequireManagedDevice,
    RestrictAdministrators,
    DeployMonitoring,
}

/// A system or data set that access is granted to (DD-14).
#[derive(JsonSchema)]
#[schemars(example = resource_example())]
pub struct Resource {
    /// Always `resource`.
    #[schemars(extend("const" = "resource"))]
    pub kind: String,
    /// Id of the resource.
    pub id: RecordId,
    /// Its name.
    pub name: Option<String>,
    /// What it is.
    pub r#type: Option<ResourceType>,
    /// What its loss would mean.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub classification: Option<Classification>,
    /// Day it was classified.
    pub classified_on: Option<Date>,
    /// Who answers for it.
    pub owner: Option<Person>,
    /// Access that every member has without a grant.
    pub default_level: Option<AccessLevel>,
    /// Access that every contractor or freelancer has without a grant.
    pub default_level_contractors: Option<AccessLevel>,
    /// True if some rule lets everyone, everything or every place in.
    pub wildcard_access: Option<bool>,
    /// Who can reach it over the network.
    pub reachable_by: Option<Vec<Engagement>>,
    /// True if a second factor is required.
    pub multi_factor_required: Option<bool>,
    /// True if only managed devices get in.
    pub managed_devices_only: Option<bool>,
    /// True if its content can be copied to personal accounts (forks, personal clouds).
    pub personal_copies_allowed: Option<bool>,
    /// Day access to it was last reviewed.
    pub reviewed_on: Option<Date>,
    /// Who reviewed it.
    pub reviewed_by: Option<Person>,
    /// Export the settings come from.
    pub document: Option<Evidence>,
    /// Remarks.
    pub notes: Option<FreeText>,
}

/// What a resource is.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum ResourceType {
    Repository,
    CodeHosting,
    CloudAccount,
    Network,
    Application,
    Database,
    DataSet,
    SecretStore,
    IdentityProvider,
    Other,
}

/// What the loss of a resource would mean: `public` (nothing), `internal`, `proprietary` (own secrets), `restricted` (the highest; few may see it).
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum Classification {
    Public,
    Internal,
    Proprietary,
    Restricted,
}

/// Level of access, from low to high: `none`, `read`, `write`, `maintain`, `admin`, `owner`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum AccessLevel {
    None,
    Read,
    Write,
    Maintain,
    Admin,
    Owner,
}

/// Access of one worker to one resource (DD-08, DD-14).
#[derive(JsonSchema)]
#[schemars(example = grant_example())]
pub struct Grant {
    /// Always `grant`.
    #[schemars(extend("const" = "grant"))]
    pub kind: String,
    /// Id of the grant.
    pub id: RecordId,
    /// The worker.
    pub worker: Option<WorkerRef>,
    /// The resource.
    pub resource: Option<ResourceRef>,
    /// Level of access.
    pub level: Option<AccessLevel>,
    /// Account the access is given to.
    pub account: Option<Account>,
    /// Group through which it is given.
    pub group: Option<String>,
    /// True if the account is used for administration only and names one person (DD-08).
    pub separate_account: Option<bool>,
    /// True if the rights are always there; false if they are given for a while on request.
    pub standing: Option<bool>,
    /// True if it covers everything in the resource without need.
    pub wildcard: Option<bool>,
    /// Where it stands.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub status: Option<GrantStatus>,
    /// Who requested it.
    pub requested_by: Option<Person>,
    /// Who approved it; not the worker.
    pub approved_by: Option<Person>,
    /// True if the approver is the worker who holds the grant.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub self_approved: Option<bool>,
    /// Day of the first approval; the day of a renewal goes into `reviewed_on`.
    pub approved_on: Option<Date>,
    /// Day access began.
    pub granted_on: Option<Date>,
    /// Last day of access.
    pub expires_on: Option<DayAhead>,
    /// Day access was taken away.
    pub revoked_on: Option<Date>,
    /// Why the worker needs it.
    pub justification: Option<FreeText>,
    /// Day the need was last reviewed, or the grant renewed.
    pub reviewed_on: Option<Date>,
    /// Who reviewed it.
    pub reviewed_by: Option<Person>,
    /// Day it was last used.
    pub last_used_on: Option<Date>,
    /// Export or ticket that shows it.
    pub document: Option<Evidence>,
}

/// Where a grant stands.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum GrantStatus {
    Requested,
    Active,
    Expired,
    Revoked,
}

fn access_rules_example() -> Value {
    example(
        r#"{
  "kind": "access-rules", "id": "access", "title": "Access rules", "status": "in-force", "document": {"ref": "policies/access.md"},
  "adopted_on": "2025-03-01", "reviewed_on": "2026-03-01", "approved_by": "ciso", "owner": "security",
  "applies_to": ["employee", "contractor", "freelancer", "vendor-supplied"],
  "administration": {"locked_down": true, "no_standing_local_admin": true, "separate_accounts": true, "time_boxed": true,
    "installation_restricted": true, "barred": ["contractor", "freelancer", "vendor-supplied"], "review_every_days": 90},
  "monitoring": {"required": true, "approved_products": ["Example Insider Watch"], "max_silence_days": 7, "alerts_reviewed": true,
    "notice_required": true, "notice": {"ref": "policies/monitoring-notice.md"}},
  "zero_trust": {"adopted": true, "verify_every_access": true, "default_deny": true, "multi_factor_required": true,
    "device_posture_required": true, "managed_devices_only": true},
  "need_to_know": {"adopted": true, "justification_required": true, "approval_required": true, "expiry_required": true,
    "max_grant_days": 180, "review_every_days": 90, "proprietary_avoided_for": ["freelancer"]},
  "no_access_before_checks": true, "revoke_within_hours": 24, "grants_reviewed_on": "2026-05-30"
}"#,
    )
}

fn resource_example() -> Value {
    example(
        r#"{
  "kind": "resource", "id": "code-hosting", "name": "Example code hosting", "type": "code-hosting", "classification": "proprietary",
  "classified_on": "2026-01-05", "owner": "engineering", "default_level": "read", "default_level_contractors": "none",
  "wildcard_access": false, "reachable_by": ["employee", "contractor"], "multi_factor_required": true, "reviewed_on": "2026-05-30"
}"#,
    )
}

fn grant_example() -> Value {
    example(
        r#"{
  "kind": "grant", "id": "grant-6001", "worker": "w-1001", "resource": "code-hosting", "level": "write", "account": "eperson",
  "status": "active", "standing": false, "requested_by": "staff-020", "approved_by": "staff-050", "self_approved": false,
  "approved_on": "2026-02-15", "granted_on": "2026-02-16", "expires_on": "2026-08-14", "justification": "works on the billing service",
  "reviewed_on": "2026-05-30", "reviewed_by": "staff-050"
}"#,
    )
}
