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
    /// Id of the device in the organisation's inventory, without spaces or `@`.
    pub id: RecordId,
    /// Serial number assigned by the manufacturer, as in the inventory or management system.
    pub serial: Option<String>,
    /// Type of device; `virtual-desktop` is a hosted desktop reached over the network.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub r#type: Option<DeviceType>,
    /// Who owns the device.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub ownership: Option<Ownership>,
    /// Operating system of the device.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub os: Option<OperatingSystem>,
    /// Version of the operating system, as the device reports it.
    pub os_version: Option<String>,
    /// Status of the device.
    pub status: Option<DeviceStatus>,
    /// Id of the worker the device is assigned to.
    pub assigned_to: Option<WorkerRef>,
    /// Date the device was assigned to that worker.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub assigned_on: Option<Date>,
    /// Date the worker returned the device. Leave it out until then.
    pub returned_on: Option<Date>,
    /// Date the device went out of use, if it is retired, lost or back in stock.
    pub out_of_use_on: Option<Date>,
    /// Id of the designated work location where the device belongs.
    pub location: Option<LocationRef>,
    /// Hand-over to the worker in person, if the device was not shipped.
    pub hand_over: Option<HandOver>,
    /// First contact of the device with the management system after the worker received it.
    pub first_check_in: Option<CheckIn>,
    /// Name of the system that manages the device. Leave it out if the device is unmanaged.
    pub managed_by: Option<String>,
    /// Date the device was enrolled in the management system.
    pub enrolled_on: Option<Date>,
    /// Date the device last reported to the management system.
    pub last_seen_on: Option<Date>,
    /// True if the device can be located (DD-12).
    pub location_enabled: Option<bool>,
    /// Settings that allow others to see or control the device (DD-07).
    pub remote_access: Option<RemoteAccessSettings>,
    /// Date the settings in `remote_access` were read from the device or its management system.
    pub settings_observed_on: Option<Date>,
    /// How strong the evidence for the settings is. A document says so (`declared`), a setting exists (`configured`),
    /// the setting is assigned and in force (`enforced`), or the device shows it (`observed`).
    pub settings_grade: Option<Grade>,
    /// Export that shows the settings.
    pub settings_document: Option<Evidence>,
    /// Software found on the device (DD-07, DD-13). An empty list counts as not recorded.
    #[schemars(extend("x-duly-inventory" = true))]
    pub software: Option<Vec<Software>>,
    /// Date the software was listed.
    pub inventory_on: Option<Date>,
    /// Attached hardware that can control the device, capture its screen or imitate its user (DD-07). An empty list
    /// means none was found, if `attached_hardware_observed_on` is recorded.
    pub attached_hardware: Option<Vec<AttachedHardware>>,
    /// Date the attached hardware was listed. Without it, an empty list does not count.
    pub attached_hardware_observed_on: Option<Date>,
    /// Accounts with administrator rights on the device, including those of the system and of its management (DD-08).
    /// An empty list counts as not recorded.
    #[schemars(extend("x-duly-inventory" = true))]
    pub local_admins: Option<Vec<LocalAdmin>>,
    /// Date the administrator accounts were listed.
    pub local_admins_observed_on: Option<Date>,
    /// True if a managed system keeps the built-in administrator's password unique and changes it regularly.
    pub admin_password_managed: Option<bool>,
    /// Insider-threat monitoring software on the device (DD-08).
    pub monitoring_agent: Option<MonitoringAgent>,
    /// Accounts that used the device, from its login history. An account shared by several devices or people shows
    /// here.
    #[schemars(extend("x-duly-inventory" = true))]
    pub accounts: Option<Vec<DeviceAccount>>,
    /// Permission to use remote desktop on this device, such as for a hosted desktop (DD-07).
    #[schemars(extend("x-duly-relaxes" = true))]
    pub remote_desktop_exception: Option<Exception>,
    /// Permission to use the device without monitoring software (DD-08).
    #[schemars(extend("x-duly-relaxes" = true))]
    pub monitoring_exception: Option<Exception>,
    /// Other relevant facts about the device, as free text.
    pub notes: Option<FreeText>,
}

/// Type of device; `virtual-desktop` is a hosted desktop reached over the network.
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

/// Who owns a device: `company`, `vendor` or `personal`.
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

/// Status of a device.
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

/// Hand-over of a device in person.
#[derive(JsonSchema)]
pub struct HandOver {
    /// Date of the hand-over.
    pub handed_over_on: Option<Date>,
    /// Employee id or role of the person who handed the device over.
    pub handed_over_by: Option<Person>,
    /// Id of the location where the hand-over took place.
    pub location: Option<LocationRef>,
    /// True if the worker's identity was checked at the hand-over.
    pub identity_checked: Option<bool>,
    /// Receipt signed by the worker.
    pub document: Option<Evidence>,
}

/// First contact of a device with the management system after the worker received it.
#[derive(JsonSchema)]
pub struct CheckIn {
    /// Date and time of the contact.
    pub checked_in_at: Option<Timestamp>,
    /// Serial number that the device reported.
    pub serial: Option<String>,
    /// Name of the account that was signed in.
    pub account: Option<Account>,
    /// Public IP address the contact came from.
    pub ip: Option<IpAddress>,
    /// Country of that IP address, two capital letters.
    pub country: Option<Country>,
    /// True if the worker confirmed the serial number.
    pub serial_confirmed: Option<bool>,
}

/// Settings that allow others to see or control the device (DD-07). Leave out what was not read.
#[derive(JsonSchema)]
pub struct RemoteAccessSettings {
    /// True if the device accepts remote desktop connections. Encryption or login requirements alone do not make it
    /// false.
    pub rdp_enabled: Option<bool>,
    /// Windows policy value `fDenyTSConnections` under `Software\Policies`: true (1) denies connections, false (0)
    /// allows them.
    pub windows_policy_deny_connections: Option<bool>,
    /// Windows local value `fDenyTSConnections` under `Terminal Server`: true (1) denies connections, false (0)
    /// allows them. The policy value takes precedence.
    pub windows_local_deny_connections: Option<bool>,
    /// Windows policy `AllowUsersToConnectRemotely`: false denies connections.
    pub windows_allow_users_to_connect: Option<bool>,
    /// Start type of the Windows service `TermService`.
    pub windows_rdp_service: Option<ServiceStart>,
    /// True if the firewall allows incoming connections to port 3389.
    pub rdp_port_open: Option<bool>,
    /// True if Windows Remote Assistance can be requested or offered.
    pub remote_assistance_enabled: Option<bool>,
    /// True if Quick Assist is installed.
    pub quick_assist_installed: Option<bool>,
    /// True if macOS Screen Sharing is turned on.
    pub macos_screen_sharing_enabled: Option<bool>,
    /// True if macOS Remote Management is turned on.
    pub macos_remote_management_enabled: Option<bool>,
    /// True if macOS Remote Apple Events are turned on.
    pub macos_remote_apple_events_enabled: Option<bool>,
    /// True if a VNC or RDP server is running on a Linux desktop.
    pub linux_desktop_sharing_enabled: Option<bool>,
    /// True if ChromeOS or the browser allows remote desktop hosting.
    pub chrome_remote_desktop_enabled: Option<bool>,
    /// True if the device accepts secure shell (SSH) logins.
    pub ssh_enabled: Option<bool>,
    /// True if the settings are assigned to this device and its user cannot change them.
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
    /// Name of the program, as in the software inventory.
    pub name: String,
    /// Version of the program.
    pub version: Option<String>,
    /// Publisher of the program, as in the software inventory.
    pub publisher: Option<String>,
    /// File name of the main program file, without the folder.
    pub executable: Option<String>,
    /// What the program is for, as the organisation classifies it. A list of products in the policy takes precedence.
    pub category: Option<SoftwareCategory>,
    /// Permission to use the program although it is prohibited.
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

/// Type of attached hardware: `ip-kvm` (remote keyboard, video and mouse), `mouse-jiggler` (imitates mouse movement),
/// `capture-card` or `other`.
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
    /// Type of hardware. An `ip-kvm` gives remote control of keyboard, video and mouse; a `mouse-jiggler` imitates
    /// mouse movement.
    pub r#type: Option<HardwareType>,
    /// Name that the hardware reports.
    pub name: Option<String>,
    /// Date the hardware was found.
    pub observed_on: Option<Date>,
}

/// An account with administrator rights on a device (DD-08).
#[derive(JsonSchema)]
pub struct LocalAdmin {
    /// Name of the account, as the device reports it.
    pub account: Option<Account>,
    /// Id of the worker who uses the account. Leave it out if it belongs to no worker.
    pub worker: Option<WorkerRef>,
    /// What the account is for. `worker` is the person who works on the device, `management` the management system.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub r#type: Option<AdminType>,
    /// True if the rights are permanent; false if they are activated on request for a limited time.
    pub standing: Option<bool>,
    /// Business reason the rights are needed.
    pub justification: Option<FreeText>,
    /// Employee id or role of the person who approved the rights.
    pub approved_by: Option<Person>,
    /// Date the rights were approved.
    pub approved_on: Option<Date>,
    /// Last day of the rights; it may be in the future.
    pub expires_on: Option<DayAhead>,
}

/// What an administrator account is for: `worker` (the person who works on the device), `it-staff`, `built-in`,
/// `management` (the management system) or `emergency`.
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
    /// Name of the product, as in the software inventory.
    pub product: Option<String>,
    /// Version of the product.
    pub version: Option<String>,
    /// True if the software is installed on the device.
    pub installed: Option<bool>,
    /// Date the software was installed.
    pub installed_on: Option<Date>,
    /// Date the software last reported.
    pub last_seen_on: Option<Date>,
    /// True if the user of the device cannot stop the software.
    pub tamper_protected: Option<bool>,
}

/// An account that used a device.
#[derive(JsonSchema)]
pub struct DeviceAccount {
    /// Name of the account, as the device reports it.
    pub account: Option<Account>,
    /// Id of the worker the account belongs to.
    pub worker: Option<WorkerRef>,
    /// Date the account was first seen on the device.
    pub first_seen_on: Option<Date>,
    /// Date the account was last seen on the device.
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
