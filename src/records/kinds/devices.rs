//! Devices that work is done on, company-owned or personal.
//!
//! *Settings* are what the device reports about itself, with the day they were seen and the grade of that evidence:
//! a setting's name or a profile's title proves nothing. The *inventory* is the list of software found on the device.
//! A *local admin* is an account with administrator rights on the device.

use super::common::*;
use schemars::JsonSchema;
use serde_json::Value;

/// A device used for work (DD-07, DD-08, DD-09, DD-12).
#[derive(JsonSchema)]
#[schemars(example = device_example())]
pub struct Device {
    /// Always `device`.
    #[schemars(extend("const" = "device"))]
    pub kind: String,
    /// Id of the device in the organisation's inventory.
    pub id: RecordId,
    /// Serial number given by the maker.
    pub serial: Option<String>,
    /// What it is.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub r#type: Option<DeviceType>,
    /// Whose it is.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub ownership: Option<Ownership>,
    /// Operating system.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub os: Option<OperatingSystem>,
    /// Version of the operating system.
    pub os_version: Option<String>,
    /// Where it stands in its life.
    pub status: Option<DeviceStatus>,
    /// The worker it is assigned to.
    pub assigned_to: Option<WorkerRef>,
    /// Day of the assignment.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub assigned_on: Option<Date>,
    /// Day the worker gave it back.
    pub returned_on: Option<Date>,
    /// Day it went out of use, for a device that is retired, lost or back in store.
    pub out_of_use_on: Option<Date>,
    /// The designated work location it belongs at.
    pub location: Option<LocationRef>,
    /// How it came to the worker when it was not shipped.
    pub hand_over: Option<HandOver>,
    /// Its first contact with the management system after it reached the worker.
    pub first_check_in: Option<CheckIn>,
    /// System that manages it; absent if unmanaged.
    pub managed_by: Option<String>,
    /// Day it was enrolled there.
    pub enrolled_on: Option<Date>,
    /// Day it last reported there.
    pub last_seen_on: Option<Date>,
    /// True if its location can be determined (DD-12).
    pub location_enabled: Option<bool>,
    /// Settings that allow others to see or control the device (DD-07).
    pub remote_access: Option<RemoteAccessSettings>,
    /// Day the settings were seen.
    pub settings_observed_on: Option<Date>,
    /// How strong the evidence for the settings is.
    pub settings_grade: Option<Grade>,
    /// Export the settings come from.
    pub settings_document: Option<Evidence>,
    /// Software found on the device (DD-07, DD-13). An empty list is no inventory.
    #[schemars(extend("x-duly-inventory" = true))]
    pub software: Option<Vec<Software>>,
    /// Day of the software inventory.
    pub inventory_on: Option<Date>,
    /// Hardware found attached, as far as it concerns remote control (DD-07).
    pub attached_hardware: Option<Vec<AttachedHardware>>,
    /// Day the attached hardware was listed; an empty list counts only with it.
    pub attached_hardware_observed_on: Option<Date>,
    /// Accounts with administrator rights (DD-08), those of the system and of its management too. An empty list is no inventory.
    #[schemars(extend("x-duly-inventory" = true))]
    pub local_admins: Option<Vec<LocalAdmin>>,
    /// Day the administrators were seen.
    pub local_admins_observed_on: Option<Date>,
    /// True if the built-in administrator's password is unique and rotated by a managed system.
    pub admin_password_managed: Option<bool>,
    /// Insider-threat monitoring software (DD-08).
    pub monitoring_agent: Option<MonitoringAgent>,
    /// Accounts that used the device, to find one device used by several people.
    #[schemars(extend("x-duly-inventory" = true))]
    pub accounts: Option<Vec<DeviceAccount>>,
    /// Permission for remote desktop on this device, e.g. a hosted desktop (DD-07).
    #[schemars(extend("x-duly-relaxes" = true))]
    pub remote_desktop_exception: Option<Exception>,
    /// Permission to go without monitoring software (DD-08).
    #[schemars(extend("x-duly-relaxes" = true))]
    pub monitoring_exception: Option<Exception>,
    /// Remarks.
    pub notes: Option<FreeText>,
}

/// What a device is; `virtual-desktop` is a hosted one, reached over the network.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum DeviceType {
    Laptop,
    Desktop,
    Phone,
    Tablet,
    VirtualDesktop,
    Other,
}

/// Whose a device is: `company`, `vendor` or `personal`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum Ownership {
    Company,
    Vendor,
    Personal,
}

/// Operating system.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum OperatingSystem {
    Windows,
    Macos,
    Linux,
    Chromeos,
    Ios,
    Android,
    Other,
}

/// Where a device stands in its life.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum DeviceStatus {
    InStock,
    Shipped,
    InUse,
    Returned,
    Lost,
    Retired,
}

/// A hand-over in person.
#[derive(JsonSchema)]
pub struct HandOver {
    /// Day of the hand-over.
    pub handed_over_on: Option<Date>,
    /// Who handed it over.
    pub handed_over_by: Option<Person>,
    /// Where.
    pub location: Option<LocationRef>,
    /// True if the worker's identity was checked.
    pub identity_checked: Option<bool>,
    /// The signed receipt.
    pub document: Option<Evidence>,
}

/// First contact of a device with the management system.
#[derive(JsonSchema)]
pub struct CheckIn {
    /// Moment of the contact.
    pub checked_in_at: Option<Timestamp>,
    /// Serial number the device reported.
    pub serial: Option<String>,
    /// Account that was signed in.
    pub account: Option<Account>,
    /// Public address it came from.
    pub ip: Option<IpAddress>,
    /// Country that address belongs to.
    pub country: Option<Country>,
    /// True if the worker confirmed the serial number.
    pub serial_confirmed: Option<bool>,
}

/// Settings that allow others to see or control the device (DD-07). Leave out what was not seen.
#[derive(JsonSchema)]
pub struct RemoteAccessSettings {
    /// True if remote desktop connections are accepted. Hardened is not prevented: encryption or login settings do not make it false.
    pub rdp_enabled: Option<bool>,
    /// Windows policy value `fDenyTSConnections` under `Software\Policies`: true is 1 and denies.
    pub windows_policy_deny_connections: Option<bool>,
    /// Windows local value `fDenyTSConnections` under `Terminal Server`: true is 1 and denies. The policy value wins.
    pub windows_local_deny_connections: Option<bool>,
    /// Windows policy `AllowUsersToConnectRemotely`: false denies.
    pub windows_allow_users_to_connect: Option<bool>,
    /// Start type of the Windows service `TermService`.
    pub windows_rdp_service: Option<ServiceStart>,
    /// True if the firewall lets connections to port 3389 in.
    pub rdp_port_open: Option<bool>,
    /// True if Remote Assistance can be asked for or offered.
    pub remote_assistance_enabled: Option<bool>,
    /// True if Quick Assist is installed.
    pub quick_assist_installed: Option<bool>,
    /// True if macOS Screen Sharing is switched on.
    pub macos_screen_sharing_enabled: Option<bool>,
    /// True if macOS Remote Management is switched on.
    pub macos_remote_management_enabled: Option<bool>,
    /// True if macOS Remote Apple Events are switched on.
    pub macos_remote_apple_events_enabled: Option<bool>,
    /// True if a VNC or RDP server of a Linux desktop is running.
    pub linux_desktop_sharing_enabled: Option<bool>,
    /// True if ChromeOS or the browser allows remote desktop hosting.
    pub chrome_remote_desktop_enabled: Option<bool>,
    /// True if logins by secure shell are accepted.
    pub ssh_enabled: Option<bool>,
    /// True if the settings are assigned to this device and cannot be changed by its user.
    pub locked: Option<bool>,
}

/// Start type of a service.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum ServiceStart {
    Automatic,
    Manual,
    Disabled,
}

/// A program found on a device.
#[derive(JsonSchema)]
pub struct Software {
    /// Name of the program, as the inventory gives it.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
    /// Its maker.
    pub publisher: Option<String>,
    /// Its main file, without the folder.
    pub executable: Option<String>,
    /// What the organisation takes it for; a policy's own list of products counts before this.
    pub category: Option<SoftwareCategory>,
    /// Permission to use it although it is prohibited.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub exception: Option<Exception>,
}

/// What a program is for.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum SoftwareCategory {
    RemoteDesktop,
    RemoteManagement,
    CommercialVpn,
    CorporateVpn,
    Monitoring,
    InputSimulator,
    Other,
}

/// Attached hardware: `ip-kvm` (remote keyboard, video and mouse), `mouse-jiggler`, `capture-card`, `other`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum HardwareType {
    IpKvm,
    MouseJiggler,
    CaptureCard,
    Other,
}

/// Hardware found attached to a device.
#[derive(JsonSchema)]
pub struct AttachedHardware {
    /// What it is.
    pub r#type: Option<HardwareType>,
    /// Name it reports.
    pub name: Option<String>,
    /// Day it was seen.
    pub observed_on: Option<Date>,
}

/// An account with administrator rights on a device (DD-08).
#[derive(JsonSchema)]
pub struct LocalAdmin {
    /// Name of the account.
    pub account: Option<Account>,
    /// The worker it belongs to, if it does.
    pub worker: Option<WorkerRef>,
    /// What it is for.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub r#type: Option<AdminType>,
    /// True if the rights are always there; false if they are given for a while on request.
    pub standing: Option<bool>,
    /// Why the rights are needed.
    pub justification: Option<FreeText>,
    /// Who approved them.
    pub approved_by: Option<Person>,
    /// Day of approval.
    pub approved_on: Option<Date>,
    /// Last day of the rights.
    pub expires_on: Option<DayAhead>,
}

/// What an administrator account is for: `worker` (the person who works on the device), `it-staff`, `built-in`,
/// `management` (the management system), `emergency`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum AdminType {
    Worker,
    ItStaff,
    BuiltIn,
    Management,
    Emergency,
}

/// Insider-threat monitoring software on a device (DD-08).
#[derive(JsonSchema)]
pub struct MonitoringAgent {
    /// Name of the product.
    pub product: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// True if it is installed.
    pub installed: Option<bool>,
    /// Day it was installed.
    pub installed_on: Option<Date>,
    /// Day it last reported.
    pub last_seen_on: Option<Date>,
    /// True if the user of the device cannot stop it.
    pub tamper_protected: Option<bool>,
}

/// An account that used a device.
#[derive(JsonSchema)]
pub struct DeviceAccount {
    /// Name of the account.
    pub account: Option<Account>,
    /// The worker it belongs to.
    pub worker: Option<WorkerRef>,
    /// Day it was first seen.
    pub first_seen_on: Option<Date>,
    /// Day it was last seen.
    pub last_seen_on: Option<Date>,
}

fn device_example() -> Value {
    example(
        r#"{
  "kind": "device", "id": "dev-2001", "serial": "EXAMPLE0001", "type": "laptop", "ownership": "company", "os": "windows",
  "os_version": "11 24H2", "status": "in-use", "assigned_to": "w-1001", "assigned_on": "2026-02-14", "location": "loc-w-1001",
  "first_check_in": {"checked_in_at": "2026-02-16T09:02:00-06:00", "serial": "EXAMPLE0001", "ip": "203.0.113.7", "country": "US"},
  "managed_by": "Example MDM", "enrolled_on": "2026-02-12", "last_seen_on": "2026-06-20", "location_enabled": true,
  "remote_access": {"rdp_enabled": false, "windows_policy_deny_connections": true, "windows_rdp_service": "disabled",
    "rdp_port_open": false, "remote_assistance_enabled": false, "locked": true},
  "settings_observed_on": "2026-06-20", "settings_grade": "observed",
  "software": [{"name": "Example Editor", "version": "5.1", "category": "other"}], "inventory_on": "2026-06-20",
  "attached_hardware": [], "attached_hardware_observed_on": "2026-06-20",
  "local_admins": [{"account": "local-admin", "type": "built-in", "standing": false, "justification": "emergencies", "approved_by": "ciso"}],
  "local_admins_observed_on": "2026-06-20", "admin_password_managed": true,
  "monitoring_agent": {"product": "Example Insider Watch", "installed": true, "last_seen_on": "2026-06-20", "tamper_protected": true}
}"#,
    )
}
