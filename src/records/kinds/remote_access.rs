//! Remote access: the rules on remote desktop, commercial VPNs and geolocation, and the logins that show practice.
//!
//! A *control* is a technical rule in some system that puts a written rule into force; one that only reports does not count.
//! A *corporate* VPN is the organisation's own way in; a *commercial* VPN is a service that hides where a person is.

use super::common::*;
use schemars::JsonSchema;
use serde_json::Value;

/// What the organisation demands about remote desktop (DD-07), geolocation (DD-12) and commercial VPNs (DD-13).
#[derive(JsonSchema)]
#[schemars(example = remote_access_rules_example())]
pub struct RemoteAccessRules {
    /// Always `remote-access-rules`.
    #[schemars(extend("const" = "remote-access-rules"))]
    pub kind: String,
    /// Id of the rules.
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
    /// Technical rules that put these rules into force.
    pub controls: Option<Vec<RemoteAccessControl>>,
    /// Networks whose addresses are the organisation's own, so that corporate exits are not taken for commercial VPNs.
    pub corporate_networks: Option<Vec<CorporateNetwork>>,
}

/// Rules on remote desktop (DD-07).
#[derive(JsonSchema)]
pub struct RemoteDesktopRules {
    /// True if the remote desktop protocol must be prevented on all company devices.
    pub protocol_prevented: Option<bool>,
    /// True if using remote desktop applications for work is prohibited.
    pub applications_prohibited: Option<bool>,
    /// Applications named as prohibited.
    #[schemars(length(min = 1))]
    pub prohibited_applications: Option<Vec<String>>,
    /// True if remote assistance tools of the operating system are prohibited too.
    pub remote_assistance_prohibited: Option<bool>,
    /// True if hardware for remote control (IP-KVM) is prohibited.
    pub hardware_prohibited: Option<bool>,
    /// True if every worker must acknowledge the prohibition.
    pub acknowledgement_required: Option<bool>,
    /// True if every exception needs an owner, a reason and an end.
    pub exceptions_limited: Option<bool>,
    /// Longest time between two checks of the devices, in days.
    #[schemars(range(min = 1))]
    pub check_every_days: Option<u32>,
    /// Products allowed although they can control a device.
    pub allowed_software: Option<Vec<AllowedSoftware>>,
}

/// A product that is allowed although it can control a device from afar.
#[derive(JsonSchema)]
pub struct AllowedSoftware {
    /// Name of the product.
    pub product: String,
    /// Why it is needed.
    pub reason: Option<FreeText>,
    /// Who answers for it.
    pub owner: Option<Person>,
    /// Who approved it.
    pub approved_by: Option<Person>,
    /// Day of approval.
    pub approved_on: Option<Date>,
    /// Last day it is allowed.
    pub expires_on: Option<DayAhead>,
    /// Devices it is allowed on; absent if on all.
    pub devices: Option<Vec<DeviceRef>>,
    /// Workers who may use it; absent if all.
    pub workers: Option<Vec<WorkerRef>>,
}

/// Rules on commercial VPNs (DD-13).
#[derive(JsonSchema)]
pub struct CommercialVpnRules {
    /// True if commercial VPNs must be shut off when accessing company networks.
    pub must_be_shut_off: Option<bool>,
    /// Whom that binds: every engagement of outside workers that the organisation has or does not rule out.
    #[schemars(length(min = 1))]
    pub applies_to: Option<Vec<Engagement>>,
    /// True if the corporate VPN must be used.
    pub corporate_vpn_required: Option<bool>,
    /// Products of the corporate VPN, which are not commercial ones in the sense of this rule.
    pub corporate_vpn_products: Option<Vec<String>>,
    /// True if every freelancer must acknowledge the rule.
    pub acknowledgement_required: Option<bool>,
    /// True if installing a commercial VPN on company devices is prohibited.
    pub installation_prohibited: Option<bool>,
}

/// Rules on locating laptops (DD-12).
#[derive(JsonSchema)]
pub struct GeolocationRules {
    /// True if company laptops must be located.
    pub required: Option<bool>,
    /// Longest time between two locations, in days.
    #[schemars(range(min = 1))]
    pub every_days: Option<u32>,
    /// True if the place must be compared with the worker's address.
    pub compared_with_residence: Option<bool>,
    /// True if the place must be compared with the worker's logins.
    pub compared_with_logins: Option<bool>,
    /// Distance in kilometres above which someone must look.
    #[schemars(range(min = 0))]
    pub max_distance_km: Option<f64>,
    /// True if a mismatch must be followed up by a named role within a set time.
    pub mismatch_followed_up: Option<bool>,
    /// True if travel must be approved beforehand.
    pub travel_approved: Option<bool>,
    /// True if workers must be told.
    pub notice_required: Option<bool>,
}

/// Review of logins.
#[derive(JsonSchema)]
pub struct LoginReview {
    /// Longest time between two reviews, in days.
    #[schemars(range(min = 1))]
    pub every_days: Option<u32>,
    /// Day of the last review.
    pub reviewed_on: Option<Date>,
    /// Who reviewed.
    pub reviewed_by: Option<Person>,
    /// Number of logins that were looked at.
    pub sample_size: Option<u32>,
    /// What shows the review.
    pub document: Option<Evidence>,
}

/// A technical rule that puts a written rule into force.
#[derive(JsonSchema)]
pub struct RemoteAccessControl {
    /// What it does.
    pub purpose: Option<RemoteAccessPurpose>,
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
    /// Whom it covers.
    #[schemars(length(min = 1))]
    pub applies_to: Option<Vec<Engagement>>,
    /// Operating systems it covers.
    pub operating_systems: Option<Vec<super::devices::OperatingSystem>>,
    /// Kinds of network it blocks.
    pub blocked_networks: Option<Vec<Network>>,
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

/// What a technical rule does.
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
    /// Range of addresses in CIDR form.
    #[schemars(example = "198.51.100.0/24")]
    pub cidr: String,
    /// What it is, e.g. the exit of the corporate VPN.
    pub name: Option<String>,
}

/// A login to a company system, or several alike on one day (DD-12, DD-13).
#[derive(JsonSchema)]
#[schemars(example = login_example())]
pub struct Login {
    /// Always `login`.
    #[schemars(extend("const" = "login"))]
    pub kind: String,
    /// Id of the login.
    pub id: RecordId,
    /// The worker whose account it was.
    pub worker: Option<WorkerRef>,
    /// Name of the account.
    pub account: Option<Account>,
    /// Day of the login.
    pub logged_in_on: Option<Date>,
    /// Moment of the login.
    pub logged_in_at: Option<Timestamp>,
    /// Number of logins that this record stands for; 1 if absent.
    #[schemars(range(min = 1))]
    pub count: Option<u32>,
    /// `success` or `failure`.
    pub result: Option<LoginResult>,
    /// System or data set that was reached.
    pub resource: Option<ResourceRef>,
    /// The device.
    pub device: Option<DeviceRef>,
    /// Serial number of the device.
    pub serial: Option<String>,
    /// True if the device is managed by the organisation.
    pub managed_device: Option<bool>,
    /// True if a second factor was asked for.
    pub multi_factor: Option<bool>,
    /// Public address it came from.
    pub ip: Option<IpAddress>,
    /// Kind of network that address belongs to, as the identity provider says.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub network: Option<Network>,
    /// Who runs that network.
    pub network_operator: Option<String>,
    /// Country that address belongs to.
    pub country: Option<Country>,
    /// State or province that address belongs to.
    pub region: Option<String>,
    /// Degrees north, by that address.
    pub latitude: Option<Latitude>,
    /// Degrees east, by that address.
    pub longitude: Option<Longitude>,
    /// True if it came through the corporate VPN.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub corporate_vpn: Option<bool>,
}

/// Result of a login.
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
