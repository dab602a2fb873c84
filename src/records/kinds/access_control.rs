//! Access control: the rules on administrative permissions, monitoring and access, and who was granted what.
//!
//! A *resource* is whatever access is granted to. A *grant* gives one worker one level of access to one resource.
//! *Proprietary* is information whose loss would hurt. *Standing* rights are always there; others are given for a while.

use super::common::*;
use schemars::JsonSchema;
use serde_json::Value;

/// Written rules on administrative permissions and monitoring (DD-08) and on access (DD-14).
#[derive(JsonSchema)]
#[schemars(example = access_rules_example())]
pub struct AccessRules {
    /// Always `access-rules`.
    #[schemars(extend("const" = "access-rules"))]
    pub kind: String,
    /// Unique id of these rules, without spaces or `@`.
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
    /// True if the rules allow no access until the worker's checks are complete.
    pub no_access_before_checks: Option<bool>,
    /// Number of hours within which access must be revoked when a worker leaves.
    pub revoke_within_hours: Option<u32>,
    /// Number of days after the start date during which a new worker has only restricted access.
    pub restricted_access_days: Option<u32>,
    /// Technical controls that enforce these rules, one entry per setting or policy.
    pub controls: Option<Vec<AccessControl>>,
    /// Date of the latest review of all grants.
    pub grants_reviewed_on: Option<Date>,
    /// Employee id or role of the person who reviewed all grants.
    pub grants_reviewed_by: Option<Person>,
    /// Evidence of the latest review of all grants, such as the signed list.
    pub grants_review: Option<Evidence>,
}

/// Rules on administrative permissions (DD-08).
#[derive(JsonSchema)]
pub struct AdministrationRules {
    /// True if the rules lock down all administrative permissions on company devices.
    pub locked_down: Option<bool>,
    /// True if the rules do not allow users permanent administrator rights on their own devices.
    pub no_standing_local_admin: Option<bool>,
    /// True if the rules require administrators to use separate accounts, each assigned to one named person.
    pub separate_accounts: Option<bool>,
    /// True if the rules require elevated rights to expire automatically.
    pub time_boxed: Option<bool>,
    /// True if the rules require approval before users install software.
    pub installation_restricted: Option<bool>,
    /// Groups of people who may not hold administrative roles in company systems.
    pub barred: Option<Vec<Engagement>>,
    /// Maximum number of days between two reviews of administrators.
    #[schemars(range(min = 1))]
    pub review_every_days: Option<u32>,
}

/// Rules on insider-threat monitoring (DD-08).
#[derive(JsonSchema)]
pub struct MonitoringRules {
    /// True if the rules require monitoring software on company devices.
    pub required: Option<bool>,
    /// Names of the monitoring products that meet the rules, as in the software inventory.
    pub approved_products: Option<Vec<String>>,
    /// Maximum number of days the software on a device may go without reporting.
    #[schemars(range(min = 1))]
    pub max_silence_days: Option<u32>,
    /// True if the rules name a role that reviews the alerts.
    pub alerts_reviewed: Option<bool>,
    /// Employee id or role of the person who reviews the alerts.
    pub alerts_reviewed_by: Option<Person>,
    /// True if the rules require telling workers about the monitoring.
    pub notice_required: Option<bool>,
    /// Text of the notice that workers receive.
    pub notice: Option<Evidence>,
}

/// Zero Trust rules (DD-14).
#[derive(JsonSchema)]
pub struct ZeroTrustRules {
    /// True if the organisation has adopted a Zero Trust policy.
    pub adopted: Option<bool>,
    /// True if the rules require every access request to be verified, including those from inside the network.
    pub verify_every_access: Option<bool>,
    /// True if the rules deny access unless it has been granted.
    pub default_deny: Option<bool>,
    /// True if the rules require multi-factor authentication.
    pub multi_factor_required: Option<bool>,
    /// True if the rules require the security state of the device to be checked.
    pub device_posture_required: Option<bool>,
    /// True if the rules allow access from managed devices only.
    pub managed_devices_only: Option<bool>,
    /// True if the rules require networks to be segmented, so that access to one part does not open the others.
    pub segmented: Option<bool>,
}

/// Need-to-know rules (DD-14).
#[derive(JsonSchema)]
pub struct NeedToKnowRules {
    /// True if the organisation has adopted a need-to-know policy.
    pub adopted: Option<bool>,
    /// True if the rules require a written justification for each grant.
    pub justification_required: Option<bool>,
    /// True if the rules require an approver other than the worker for each grant.
    pub approval_required: Option<bool>,
    /// True if the rules require an expiry date for each grant.
    pub expiry_required: Option<bool>,
    /// Maximum duration of a grant, in days.
    #[schemars(range(min = 1))]
    pub max_grant_days: Option<u32>,
    /// Maximum number of days between two reviews of grants.
    #[schemars(range(min = 1))]
    pub review_every_days: Option<u32>,
    /// Groups of people who are kept away from proprietary information wherever possible.
    pub proprietary_avoided_for: Option<Vec<Engagement>>,
}

/// Technical control on access.
#[derive(JsonSchema)]
pub struct AccessControl {
    /// What the control does.
    pub purpose: Option<AccessPurpose>,
    /// Name of the system the control is set in.
    pub system: Option<String>,
    /// Identifier of the setting or policy in that system, as in the export. Its title alone proves nothing.
    pub setting: Option<String>,
    /// Value of the setting, as in the export. `false` and `none` are values, too.
    #[schemars(regex(pattern = r"\S"))]
    pub value: Option<String>,
    /// State of the control. `report-only` means that it logs but does not block; only `enforced` counts.
    pub state: Option<RuleState>,
    /// True if the control is assigned to at least one person, group or device.
    pub assigned: Option<bool>,
    /// True if the control lets in all people, resources or networks.
    pub wildcard: Option<bool>,
    /// Groups of people the control applies to.
    #[schemars(length(min = 1))]
    pub applies_to: Option<Vec<Engagement>>,
    /// Ids of the resources the control protects.
    pub resources: Option<Vec<ResourceRef>>,
    /// True if some people or networks are exempt from the control.
    pub has_exemptions: Option<bool>,
    /// How strong the evidence is. A document says so (`declared`), a setting exists (`configured`), the setting is
    /// assigned and in force (`enforced`), or a log shows it (`observed`).
    pub grade: Option<Grade>,
    /// Date the setting was read or exported.
    pub observed_on: Option<Date>,
    /// Export that shows the setting.
    pub document: Option<Evidence>,
}

/// What a technical control on access does.
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
    /// Unique id of the resource, without spaces or `@`. Grants and logins refer to it.
    pub id: RecordId,
    /// Name of the resource.
    pub name: Option<String>,
    /// Type of resource.
    pub r#type: Option<ResourceType>,
    /// How sensitive the resource is. Losing `public` information does no harm, `proprietary` covers the
    /// organisation's own secrets such as source code, and only a few people may see `restricted` information.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub classification: Option<Classification>,
    /// Date the resource was classified.
    pub classified_on: Option<Date>,
    /// Employee id or role of the person responsible for the resource.
    pub owner: Option<Person>,
    /// Access that every member has without a grant. Write `none` if access needs a grant.
    pub default_level: Option<AccessLevel>,
    /// Access that every contractor or freelancer has without a grant. Write `none` if access needs a grant.
    pub default_level_contractors: Option<AccessLevel>,
    /// True if any rule opens the resource to all people, resources or networks.
    pub wildcard_access: Option<bool>,
    /// Groups of people who can reach the resource over the network.
    pub reachable_by: Option<Vec<Engagement>>,
    /// True if access requires multi-factor authentication.
    pub multi_factor_required: Option<bool>,
    /// True if access is possible from managed devices only.
    pub managed_devices_only: Option<bool>,
    /// True if content can be copied to personal accounts, such as forks or personal cloud storage.
    pub personal_copies_allowed: Option<bool>,
    /// Date access to the resource was last reviewed.
    pub reviewed_on: Option<Date>,
    /// Employee id or role of the person who reviewed access to the resource.
    pub reviewed_by: Option<Person>,
    /// Export that shows these settings.
    pub document: Option<Evidence>,
    /// Other relevant facts about the resource, as free text.
    pub notes: Option<FreeText>,
}

/// Type of resource.
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

/// Damage that losing a resource would do: `public` (none), `internal`, `proprietary` (the organisation's own
/// secrets, such as source code) or `restricted` (highest; few people may see it).
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
    /// Unique id of the grant, without spaces or `@`.
    pub id: RecordId,
    /// Id of the worker who has the access.
    pub worker: Option<WorkerRef>,
    /// Id of the resource the access is to.
    pub resource: Option<ResourceRef>,
    /// Level of access, from `none` (lowest) to `owner` (highest).
    pub level: Option<AccessLevel>,
    /// Name of the account that has the access, as the system shows it.
    pub account: Option<Account>,
    /// Name of the group that provides the access. Leave it out if the access was given directly.
    pub group: Option<String>,
    /// True if the account is used for administration only and is assigned to one named person (DD-08).
    pub separate_account: Option<bool>,
    /// True if the rights are permanent; false if they are activated on request for a limited time.
    pub standing: Option<bool>,
    /// True if the grant covers everything in the resource instead of what the work needs.
    pub wildcard: Option<bool>,
    /// Status of the grant.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub status: Option<GrantStatus>,
    /// Employee id or role of the person who requested the access.
    pub requested_by: Option<Person>,
    /// Employee id or role of the approver, who must not be the worker.
    pub approved_by: Option<Person>,
    /// True if the worker approved their own access.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub self_approved: Option<bool>,
    /// Date of the first approval; the date of a renewal goes into `reviewed_on`.
    pub approved_on: Option<Date>,
    /// Date the access began.
    pub granted_on: Option<Date>,
    /// Last day of the access; it may be in the future.
    pub expires_on: Option<DayAhead>,
    /// Date the access was revoked. Leave it out while the access continues.
    pub revoked_on: Option<Date>,
    /// Business reason the worker needs the access, in one sentence.
    pub justification: Option<FreeText>,
    /// Date the need was last reviewed or the grant renewed.
    pub reviewed_on: Option<Date>,
    /// Employee id or role of the reviewer.
    pub reviewed_by: Option<Person>,
    /// Date the access was last used, from the system's log.
    pub last_used_on: Option<Date>,
    /// Export or ticket that shows the grant.
    pub document: Option<Evidence>,
}

/// Status of a grant.
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
