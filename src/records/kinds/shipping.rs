//! Where devices go and where they are: shipments, designated work locations and observed places.
//!
//! A *location* is a work location that the organisation designated for named workers. A *shipment* is one parcel with
//! one device. A *geolocation* is one observation of where a device was.

use super::common::*;
use schemars::JsonSchema;
use serde_json::Value;

/// One parcel with one device (DD-09).
#[derive(JsonSchema)]
#[schemars(example = shipment_example())]
pub struct Shipment {
    /// Always `shipment`.
    #[schemars(extend("const" = "shipment"))]
    pub kind: String,
    /// Unique id of the shipment, without spaces or `@`.
    pub id: RecordId,
    /// Id of the device in the parcel.
    pub device: Option<DeviceRef>,
    /// Serial number of the device in the parcel.
    pub serial: Option<String>,
    /// Id of the worker the device is for, or comes from.
    pub worker: Option<WorkerRef>,
    /// Direction of the parcel: `outbound` is to the worker, `return` from the worker. Without it, the shipment
    /// cannot be assessed.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub direction: Option<Direction>,
    /// Address on the shipping label.
    pub to: Option<Address>,
    /// Id of the designated work location it was sent to.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub to_location: Option<LocationRef>,
    /// Result of checking the address on the label before shipping (DD-09, RF-05).
    pub to_check: Option<AddressCheck>,
    /// True if the address on the label is the one on the worker's identity document.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub to_matches_identity: Option<bool>,
    /// Documents that the worker provided because the address differed from the known one.
    pub to_document: Option<Evidence>,
    /// Name of the carrier.
    pub carrier: Option<String>,
    /// Name of the carrier's service, such as `express`.
    pub service: Option<String>,
    /// Tracking number, as the carrier shows it.
    #[schemars(extend("x-duly-spelling" = "number"))]
    pub tracking_number: Option<String>,
    /// Signature ordered on delivery. `adult` checks age, `direct` is by someone at the address, `indirect` can be a
    /// neighbour or a door tag, `signature` is a plain signature service, and `service-default` whatever the service
    /// includes.
    pub signature: Option<Signature>,
    /// Status of the shipment.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub status: Option<ShipmentStatus>,
    /// Employee id or role of the person who requested the shipment.
    pub requested_by: Option<Person>,
    /// Employee id or role of the person who approved the shipment.
    pub approved_by: Option<Person>,
    /// Date the parcel was shipped.
    pub shipped_on: Option<Date>,
    /// Date the parcel was delivered, as in the proof of delivery.
    pub delivered_on: Option<Date>,
    /// Address where the parcel was delivered.
    pub delivered_to: Option<Address>,
    /// Id of the designated work location where it was delivered.
    pub delivered_to_location: Option<LocationRef>,
    /// Name of the person who signed, as in the proof of delivery.
    pub signed_by: Option<Name>,
    /// True if the worker signed.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub signed_by_worker: Option<bool>,
    /// True if the parcel was redirected, held or forwarded in transit.
    pub redirected: Option<bool>,
    /// Each redirection, hold or forwarding. An empty list means there was none.
    pub redirects: Option<Vec<Redirect>>,
    /// Collection at a pick-up point. Leave it out if the parcel was delivered to an address.
    pub pickup: Option<Pickup>,
    /// Date the worker confirmed the serial number.
    pub serial_confirmed_on: Option<Date>,
    /// Proof of delivery from the carrier.
    pub document: Option<Evidence>,
    /// Permission to depart from the shipping rules for this shipment.
    pub exception: Option<Exception>,
    /// Other relevant facts about the shipment, as free text.
    pub notes: Option<FreeText>,
}

/// Direction of a shipment: `outbound` (to the worker) or `return` (from the worker).
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum Direction {
    Outbound,
    Return,
}

/// Status of a shipment.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum ShipmentStatus {
    Planned,
    Shipped,
    Delivered,
    Undeliverable,
    Returned,
    Lost,
    Cancelled,
}

/// A change to the delivery in transit.
#[derive(JsonSchema)]
pub struct Redirect {
    /// Type of change. `redirected` means to another address, `held` for collection, `forwarded` by the recipient.
    pub r#type: Option<RedirectType>,
    /// Date of the change.
    pub redirected_on: Option<Date>,
    /// Who requested the change.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub requested_by: Option<Requester>,
    /// Employee id or role of the person who approved the change. Leave it out if it was not approved.
    pub approved_by: Option<Person>,
    /// Delivery address after the change.
    pub to: Option<Address>,
}

/// Type of change in transit: `redirected` (to another address), `held` (for collection), `left-with-neighbor` or
/// `forwarded` (by the recipient).
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum RedirectType {
    Redirected,
    Held,
    LeftWithNeighbor,
    Forwarded,
}

/// Who requested a change.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case", extend("x-duly-unknown" = ["unknown"]))]
pub enum Requester {
    Organization,
    Worker,
    Carrier,
    Unknown,
}

/// Collection of a parcel at a pick-up point.
#[derive(JsonSchema)]
pub struct Pickup {
    /// Id of the pick-up point, which must be a designated location.
    pub location: Option<LocationRef>,
    /// Date the parcel was collected.
    pub collected_on: Option<Date>,
    /// True if the identity document of the person who collected it was checked.
    pub identity_checked: Option<bool>,
    /// Type of identity document shown.
    pub document_type: Option<IdentityDocumentType>,
    /// True if the identity document was the worker's.
    pub identity_matches: Option<bool>,
    /// Evidence of the identity check.
    pub document: Option<Evidence>,
}

/// A designated work location (DD-09).
#[derive(JsonSchema)]
#[schemars(example = location_example())]
pub struct Location {
    /// Always `location`.
    #[schemars(extend("const" = "location"))]
    pub kind: String,
    /// Unique id of the location, without spaces or `@`.
    pub id: RecordId,
    /// Type of location. A `residence` has one worker, a `household-shared` residence several; an `office` belongs to
    /// the organisation or its customer.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub r#type: Option<LocationType>,
    /// Ids of the workers the location is designated for.
    pub workers: Option<Vec<WorkerRef>>,
    /// Address of the location.
    pub address: Option<Address>,
    /// Latitude of the location, in decimal degrees.
    pub latitude: Option<Latitude>,
    /// Longitude of the location, in decimal degrees.
    pub longitude: Option<Longitude>,
    /// Status of the location. Only a designated one may receive devices.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub status: Option<LocationStatus>,
    /// Date the location was designated, before anything is shipped there.
    pub designated_on: Option<Date>,
    /// Date the designation or the address last changed.
    pub changed_on: Option<Date>,
    /// Date the designation ended. Leave it out while it is in use.
    pub retired_on: Option<Date>,
    /// Employee id or role of the person who approved the location.
    pub approved_by: Option<Person>,
    /// Date the location was approved.
    pub approved_on: Option<Date>,
    /// Date the location was last reviewed.
    pub reviewed_on: Option<Date>,
    /// Result of checking the address with an address service.
    pub address_check: Option<AddressCheck>,
    /// True if anyone who collects a parcel there must show an identity document.
    pub pickup_identity_check: Option<bool>,
    /// Reason several workers share the location. Leave it out if only one uses it.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub shared_reason: Option<FreeText>,
    /// Evidence that verifies the address, such as a lease or a utility bill.
    pub document: Option<Evidence>,
    /// Other relevant facts about the location, as free text.
    pub notes: Option<FreeText>,
}

/// Type of location: `residence` of one worker, `household-shared` residence of several, `office` of the organisation
/// or its customer, `vendor-office`, `approved-pickup` point or `coworking` space.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum LocationType {
    Residence,
    HouseholdShared,
    Office,
    VendorOffice,
    ApprovedPickup,
    Coworking,
}

/// Status of a location.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum LocationStatus {
    Proposed,
    Designated,
    Retired,
}

/// One observation of where a device was (DD-12).
#[derive(JsonSchema)]
#[schemars(example = geolocation_example())]
pub struct Geolocation {
    /// Always `geolocation`.
    #[schemars(extend("const" = "geolocation"))]
    pub kind: String,
    /// Unique id of the geolocation, without spaces or `@`.
    pub id: RecordId,
    /// Id of the device that was located.
    pub device: Option<DeviceRef>,
    /// Serial number that the device reported.
    pub serial: Option<String>,
    /// Id of the worker who was signed in, even if the device is assigned to someone else.
    pub worker: Option<WorkerRef>,
    /// Name of the account that was signed in.
    pub account: Option<Account>,
    /// Date the device was located.
    pub observed_on: Option<Date>,
    /// Date and time the device was located.
    pub observed_at: Option<Timestamp>,
    /// Source of the location, from `gps` (most precise) to `worker-stated` (least precise).
    #[schemars(extend("x-duly-relaxes" = true))]
    pub source: Option<GeolocationSource>,
    /// Radius in kilometres within which the device was, as the source reports it.
    #[schemars(range(min = 0), extend("x-duly-relaxes" = true))]
    pub accuracy_km: Option<f64>,
    /// Latitude of the device, in decimal degrees.
    pub latitude: Option<Latitude>,
    /// Longitude of the device, in decimal degrees.
    pub longitude: Option<Longitude>,
    /// Postal code of the location, if there are no coordinates.
    pub postal_code: Option<AddressText>,
    /// State or province of the location.
    pub region: Option<String>,
    /// Country of the location, two capital letters.
    pub country: Option<Country>,
    /// Public IP address that the device used.
    pub ip: Option<IpAddress>,
    /// Type of network that IP address belongs to.
    pub network: Option<Network>,
    /// True if the organisation compared the location with the worker's residence and logins.
    pub compared: Option<bool>,
    /// Result of that comparison.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub comparison: Option<Comparison>,
    /// Employee id or role of the person who reviewed a mismatch.
    pub reviewed_by: Option<Person>,
    /// Date a mismatch was reviewed.
    pub reviewed_on: Option<Date>,
    /// Explanation of a mismatch, such as approved travel.
    pub explanation: Option<FreeText>,
}

/// Source of a location, from most to least precise: `gps`, `wifi`, `cell`, `management-system`, `ip-address`,
/// `worker-stated`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum GeolocationSource {
    Gps,
    Wifi,
    Cell,
    ManagementSystem,
    IpAddress,
    WorkerStated,
}

/// Result of comparing a location with the residence and the logins: `match`, `mismatch`, `mismatch-explained` or
/// `unclear`.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum Comparison {
    Match,
    Mismatch,
    MismatchExplained,
    Unclear,
}

fn shipment_example() -> Value {
    example(
        r#"{
  "kind": "shipment", "id": "ship-3001", "device": "dev-2001", "serial": "EXAMPLE0001", "worker": "w-1001", "direction": "outbound",
  "to": {"street": "1 Example Street", "city": "Springfield", "region": "IL", "postal_code": "62701", "country": "US"},
  "to_location": "loc-w-1001", "to_check": {"checked_on": "2026-02-11", "commercial_mail_agency": false, "freight_forwarder": false},
  "to_matches_identity": true, "carrier": "Example Parcel", "service": "express", "signature": "adult", "status": "delivered",
  "approved_by": "staff-040", "shipped_on": "2026-02-12", "delivered_on": "2026-02-14", "delivered_to_location": "loc-w-1001",
  "delivered_to": {"street": "1 Example Street", "city": "Springfield", "region": "IL", "postal_code": "62701", "country": "US"},
  "signed_by": "Example Person", "signed_by_worker": true, "redirected": false, "serial_confirmed_on": "2026-02-16"
}"#,
    )
}

fn location_example() -> Value {
    example(
        r#"{
  "kind": "location", "id": "loc-w-1001", "type": "residence", "workers": ["w-1001"], "status": "designated",
  "address": {"street": "1 Example Street", "city": "Springfield", "region": "IL", "postal_code": "62701", "country": "US"},
  "designated_on": "2026-02-03", "approved_by": "staff-040", "approved_on": "2026-02-03",
  "document": {"ref": "store://locations/w-1001"}
}"#,
    )
}

fn geolocation_example() -> Value {
    example(
        r#"{
  "kind": "geolocation", "id": "geo-4001", "device": "dev-2001", "serial": "EXAMPLE0001", "worker": "w-1001",
  "observed_on": "2026-06-19", "observed_at": "2026-06-19T14:00:00Z", "source": "wifi", "accuracy_km": 0.2,
  "latitude": 39.8, "longitude": -89.65, "country": "US", "ip": "203.0.113.7", "network": "residential",
  "compared": true, "comparison": "match"
}"#,
    )
}
