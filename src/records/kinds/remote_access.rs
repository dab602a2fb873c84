//! Remote access: the rules on remote desktop, commercial VPNs and geolocation, and the logins that show practice.
//!
//! A *control* is a technical rule in some system that puts a written rule into force; one that only reports does not count.
//! A *corporate* VPN is the organisation's own way in; a *commercial* VPN is a service that hides where a person is.

use super::common::*;
use schemars::JsonSchema;
use serde_json::Value;

/// Written rules on remote desktop (DD-07), geolocation (DD-12) and commercial VPNs (DD-13).
#[derive(JsonSchema)]
#[schemars(example = remote_access_rules_example())]
pub struct RemoteAccessRules {
    /// Always `remote-access-rules`.
    #[schemars(extend("const" = "remote-access-rules"))]
    pub kind: String,
    /// Unique id of these rules, without spaces or `@`.
    pub id: RecordId,
    #[schemars(flatten)]
    pub head: RuleHead,
    /// Rules on remote desktop (DD-07).
    pub remote_desktop: Option<RemoteDesktopRules>,
    /// Rules on commercial VPNs (DD-13).
    pub commercial_vpn: Option<CommercialVpnRules>,
    /// Rules on locating laptops (DD-12).
    pub geolocation: Option<GeolocationRules>,
    /// Review of logins (DD-12, DD-13).
    pub login_review: Option<LoginReview>,
    /// Technical controls that enforce these rules, one entry per setting or policy.
    pub controls: Option<Vec<RemoteAccessControl>>,
    /// IP address ranges of the organisation's own networks. Logins from them are not treated as logins through a
    /// commercial VPN.
    pub corporate_networks: Option<Vec<CorporateNetwork>>,
}

/// Rules on remote desktop (DD-07).
#[derive(JsonSchema)]
pub struct RemoteDesktopRules {
    /// True if the rules require the remote desktop protocol to be blocked on all company devices.
    pub protocol_prevented: Option<bool>,
    /// True if the rules prohibit remote desktop applications for work.
    pub applications_prohibited: Option<bool>,
    /// Names of the applications that the rules prohibit.
    #[schemars(length(min = 1))]
    pub prohibited_applications: Option<Vec<String>>,
    /// True if the rules also prohibit the remote assistance tools of the operating system.
    pub remote_assistance_prohibited: Option<bool>,
    /// True if the rules prohibit remote-control hardware (IP-KVM).
    pub hardware_prohibited: Option<bool>,
    /// True if the rules require every worker to acknowledge the prohibition.
    pub acknowledgement_required: Option<bool>,
    /// True if the rules require an owner, a reason and an expiry date for every exception.
    pub exceptions_limited: Option<bool>,
    /// Maximum number of days between two checks of the devices.
    #[schemars(range(min = 1))]
    pub check_every_days: Option<u32>,
    /// Products that are allowed although they can control a device.
    pub allowed_software: Option<Vec<AllowedSoftware>>,
}

/// A product that is allowed although it can control a device remotely.
#[derive(JsonSchema)]
pub struct AllowedSoftware {
    /// Name of the product, as in the software inventory.
    pub product: String,
    /// Business reason the product is needed.
    pub reason: Option<FreeText>,
    /// Employee id or role of the person responsible for the product.
    pub owner: Option<Person>,
    /// Employee id or role of the person who approved the product.
    pub approved_by: Option<Person>,
    /// Date the product was approved.
    pub approved_on: Option<Date>,
    /// Last day the product is allowed; it may be in the future.
    pub expires_on: Option<DayAhead>,
    /// Ids of the devices it is allowed on. Leave it out if it is allowed on all.
    pub devices: Option<Vec<DeviceRef>>,
    /// Ids of the workers who may use it. Leave it out if all may.
    pub workers: Option<Vec<WorkerRef>>,
}

/// Rules on commercial VPNs (DD-13).
#[derive(JsonSchema)]
pub struct CommercialVpnRules {
    /// True if the rules require commercial VPNs to be shut off when company networks are accessed.
    pub must_be_shut_off: Option<bool>,
    /// Groups of people this rule applies to: every type of outside worker that the organisation engages or has not
    /// ruled out.
    #[schemars(length(min = 1))]
    pub applies_to: Option<Vec<Engagement>>,
    /// True if the rules require the corporate VPN to be used.
    pub corporate_vpn_required: Option<bool>,
    /// Names of the corporate VPN products, which do not count as commercial VPNs.
    pub corporate_vpn_products: Option<Vec<String>>,
    /// True if the rules require every freelancer to acknowledge them.
    pub acknowledgement_required: Option<bool>,
    /// True if the rules prohibit installing a commercial VPN on company devices.
    pub installation_prohibited: Option<bool>,
}

/// Rules on locating laptops (DD-12).
#[derive(JsonSchema)]
pub struct GeolocationRules {
    /// True if the rules require company laptops to be located.
    pub required: Option<bool>,
    /// Maximum number of days between two locations of a laptop.
    #[schemars(range(min = 1))]
    pub every_days: Option<u32>,
    /// True if the rules require the location to be compared with the worker's address.
    pub compared_with_residence: Option<bool>,
    /// True if the rules require the location to be compared with the worker's logins.
    pub compared_with_logins: Option<bool>,
    /// Distance in kilometres from the address above which a person must review the location.
    #[schemars(range(min = 0))]
    pub max_distance_km: Option<f64>,
    /// True if the rules require a named role to follow up on a mismatch within a set time.
    pub mismatch_followed_up: Option<bool>,
    /// True if the rules require travel to be approved in advance.
    pub travel_approved: Option<bool>,
    /// True if the rules require telling workers about the geolocation.
    pub notice_required: Option<bool>,
}

/// Review of logins.
#[derive(JsonSchema)]
pub struct LoginReview {
    /// Maximum number of days between two reviews.
    #[schemars(range(min = 1))]
    pub every_days: Option<u32>,
    /// Date of the latest review.
    pub reviewed_on: Option<Date>,
    /// Employee id or role of the reviewer.
    pub reviewed_by: Option<Person>,
    /// Number of logins that were reviewed.
    pub sample_size: Option<u32>,
    /// Evidence of the review.
    pub document: Option<Evidence>,
}

/// Technical control that enforces a written rule.
#[derive(JsonSchema)]
pub struct RemoteAccessControl {
    /// What the control does.
    pub purpose: Option<RemoteAccessPurpose>,
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
    /// Groups of people the control applies to.
    #[schemars(length(min = 1))]
    pub applies_to: Option<Vec<Engagement>>,
    /// Operating systems the control applies to.
    pub operating_systems: Option<Vec<super::devices::OperatingSystem>>,
    /// Types of network the control blocks.
    pub blocked_networks: Option<Vec<Network>>,
    /// Ids of the resources the control protects.
    pub resources: Option<Vec<ResourceRef>>,
    /// True if some people or networks are exempt from the control.
    pub has_exemptions: Option<bool>,
    /// How strong the evidence is. A document says so (`declared`), a setting exists (`configured`), the setting is
    /// assigned and in force (`enforced`), or a device or log shows it (`observed`).
    pub grade: Option<Grade>,
    /// Date the setting was read or exported.
    pub observed_on: Option<Date>,
    /// Export that shows the setting.
    pub document: Option<Evidence>,
}

/// What a technical control does.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum RemoteAccessPurpose {
    PreventRemoteDesktop,
    BlockRemoteDesktopApplications,
    BlockCommercialVpn,
    LocateDevices,
}

/// A network of the organisation.
#[derive(JsonSchema)]
pub struct CorporateNetwork {
    /// Range of IP addresses in CIDR form, such as `198.51.100.0/24`.
    #[schemars(example = "198.51.100.0/24")]
    pub cidr: String,
    /// Name of the network, such as `exit of the corporate VPN`.
    pub name: Option<String>,
}

/// A login to a company system, or several similar logins on one day (DD-12, DD-13).
#[derive(JsonSchema)]
#[schemars(example = login_example())]
pub struct Login {
    /// Always `login`.
    #[schemars(extend("const" = "login"))]
    pub kind: String,
    /// Unique id of the login, without spaces or `@`.
    pub id: RecordId,
    /// Id of the worker whose account was used.
    pub worker: Option<WorkerRef>,
    /// Name of the account, as the login record shows it.
    pub account: Option<Account>,
    /// Date of the login.
    pub logged_in_on: Option<Date>,
    /// Date and time of the login.
    pub logged_in_at: Option<Timestamp>,
    /// Number of logins that this record covers. If it is left out, the record covers one.
    #[schemars(range(min = 1))]
    pub count: Option<u32>,
    /// Result of the login.
    pub result: Option<LoginResult>,
    /// Id of the resource that was accessed.
    pub resource: Option<ResourceRef>,
    /// Id of the device that was used.
    pub device: Option<DeviceRef>,
    /// Serial number of the device that was used.
    pub serial: Option<String>,
    /// True if the organisation manages the device that was used.
    pub managed_device: Option<bool>,
    /// True if multi-factor authentication was required.
    pub multi_factor: Option<bool>,
    /// Public IP address the login came from.
    pub ip: Option<IpAddress>,
    /// Type of network that IP address belongs to, as the identity provider reports it.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub network: Option<Network>,
    /// Name of the operator of that network.
    pub network_operator: Option<String>,
    /// Country of that IP address, two capital letters.
    pub country: Option<Country>,
    /// State or province of that IP address.
    pub region: Option<String>,
    /// Latitude of that IP address, in decimal degrees.
    pub latitude: Option<Latitude>,
    /// Longitude of that IP address, in decimal degrees.
    pub longitude: Option<Longitude>,
    /// True if the login came through the corporate VPN.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub corporate_vpn: Option<bool>,
}

/// Result of a login: `success` or `failure`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum LoginResult {
    Success,
    Failure,
}

fn remote_access_rules_example() -> Value {
    example(
        r#"{
  "kind": "remote-access-rules", "id": "remote-access", "title": "Remote access rules", "status": "in-force",
  "document": {"ref": "policies/remote-access.md"}, "adopted_on": "2025-03-01", "reviewed_on": "2026-03-01",
  "approved_by": "ciso", "owner": "it-operations", "applies_to": ["employee", "contractor", "freelancer", "vendor-supplied"],
  "remote_desktop": {"protocol_prevented": true, "applications_prohibited": true, "remote_assistance_prohibited": true,
    "exceptions_limited": true, "check_every_days": 7, "allowed_software": [{"product": "Example Support Tool", "owner": "it-operations",
    "reason": "support desk", "approved_by": "ciso", "approved_on": "2026-01-10", "expires_on": "2026-12-31"}]},
  "commercial_vpn": {"must_be_shut_off": true, "applies_to": ["freelancer", "contractor"], "acknowledgement_required": true},
  "geolocation": {"required": true, "every_days": 7, "compared_with_residence": true, "compared_with_logins": true,
    "max_distance_km": 80, "mismatch_followed_up": true, "travel_approved": true, "notice_required": true},
  "controls": [{"purpose": "block-commercial-vpn", "system": "Example Identity", "setting": "zone-anonymizers", "state": "enforced",
    "assigned": true, "applies_to": ["freelancer"], "blocked_networks": ["commercial-vpn", "tor"], "grade": "enforced",
    "observed_on": "2026-06-15"}],
  "corporate_networks": [{"cidr": "198.51.100.0/24", "name": "exit of the corporate VPN"}]
}"#,
    )
}

fn login_example() -> Value {
    example(
        r#"{
  "kind": "login", "id": "login-5001", "worker": "w-1001", "account": "eperson", "logged_in_on": "2026-06-19",
  "logged_in_at": "2026-06-19T13:55:00Z", "result": "success", "resource": "code-hosting", "device": "dev-2001", "managed_device": true,
  "multi_factor": true, "ip": "203.0.113.7", "network": "residential", "country": "US", "region": "IL", "corporate_vpn": false
}"#,
    )
}
