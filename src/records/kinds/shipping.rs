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
    /// Id of the shipment.
    pub id: RecordId,
    /// The device in it.
    pub device: Option<DeviceRef>,
    /// Serial number of the device in it.
    pub serial: Option<String>,
    /// The worker it is for.
    pub worker: Option<WorkerRef>,
    /// `outbound` (to the worker) or `return` (from the worker). Without it, no check can say what the parcel shows.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub direction: Option<Direction>,
    /// Address on the label.
    pub to: Option<Address>,
    /// The designated work location it was sent to.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub to_location: Option<LocationRef>,
    /// What an address service said about the address on the label, before shipping (DD-09, RF-05).
    pub to_check: Option<AddressCheck>,
    /// True if the address on the label is the one on the worker's identity document.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub to_matches_identity: Option<bool>,
    /// Documents requested when the address differed from the known one.
    pub to_document: Option<Evidence>,
    /// Name of the carrier.
    pub carrier: Option<String>,
    /// Service of the carrier.
    pub service: Option<String>,
    /// Tracking number.
    #[schemars(extend("x-duly-spelling" = "number"))]
    pub tracking_number: Option<String>,
    /// Signature ordered on delivery.
    pub signature: Option<Signature>,
    /// Where it stands.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub status: Option<ShipmentStatus>,
    /// Who requested it.
    pub requested_by: Option<Person>,
    /// Who approved it.
    pub approved_by: Option<Person>,
    /// Day it was shipped.
    pub shipped_on: Option<Date>,
    /// Day it was delivered.
    pub delivered_on: Option<Date>,
    /// Address it was delivered at.
    pub delivered_to: Option<Address>,
    /// The designated work location it was delivered at.
    pub delivered_to_location: Option<LocationRef>,
    /// Who signed.
    pub signed_by: Option<Name>,
    /// True if the worker signed.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub signed_by_worker: Option<bool>,
    /// True if the parcel was redirected, held or forwarded on its way.
    pub redirected: Option<bool>,
    /// Those events.
    pub redirects: Option<Vec<Redirect>>,
    /// Collection at a pick-up point.
    pub pickup: Option<Pickup>,
    /// Day the worker confirmed the serial number.
    pub serial_confirmed_on: Option<Date>,
    /// The carrier's proof of delivery.
    pub document: Option<Evidence>,
    /// Permission to depart from the shipping rules.
    pub exception: Option<Exception>,
    /// Remarks.
    pub notes: Option<FreeText>,
}

/// Direction of a shipment.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum Direction {
    Outbound,
    Return,
}

/// Where a shipment stands.
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

/// A change on the way.
#[derive(JsonSchema)]
pub struct Redirect {
    /// `redirected` (to another address), `held` (for collection), `left-with-neighbor`, `forwarded` (by its recipient).
    pub r#type: Option<RedirectType>,
    /// Day of the change.
    pub redirected_on: Option<Date>,
    /// Who asked for it.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub requested_by: Option<Requester>,
    /// Who in the organisation approved it.
    pub approved_by: Option<Person>,
    /// Address afterwards.
    pub to: Option<Address>,
}

/// Kind of change on the way.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum RedirectType {
    Redirected,
    Held,
    LeftWithNeighbor,
    Forwarded,
}

/// Who asked for a change.
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
    /// The pick-up point, which must be a designated location.
    pub location: Option<LocationRef>,
    /// Day of collection.
    pub collected_on: Option<Date>,
    /// True if the collector's identity document was checked.
    pub identity_checked: Option<bool>,
    /// Type of the document shown.
    pub document_type: Option<IdentityDocumentType>,
    /// True if the document was the worker's.
    pub identity_matches: Option<bool>,
    /// What shows the check.
    pub document: Option<Evidence>,
}

/// A designated work location (DD-09).
#[derive(JsonSchema)]
#[schemars(example = location_example())]
pub struct Location {
    /// Always `location`.
    #[schemars(extend("const" = "location"))]
    pub kind: String,
    /// Id of the location.
    pub id: RecordId,
    /// What it is.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub r#type: Option<LocationType>,
    /// The workers it is designated for.
    pub workers: Option<Vec<WorkerRef>>,
    /// Its address.
    pub address: Option<Address>,
    /// Degrees north.
    pub latitude: Option<Latitude>,
    /// Degrees east.
    pub longitude: Option<Longitude>,
    /// Where it stands.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub status: Option<LocationStatus>,
    /// Day it was designated; before anything is shipped there.
    pub designated_on: Option<Date>,
    /// Day the designation, or its address, last changed.
    pub changed_on: Option<Date>,
    /// Day the designation ended.
    pub retired_on: Option<Date>,
    /// Who approved it.
    pub approved_by: Option<Person>,
    /// Day of approval.
    pub approved_on: Option<Date>,
    /// Day it was last reviewed.
    pub reviewed_on: Option<Date>,
    /// What an address service says about it.
    pub address_check: Option<AddressCheck>,
    /// True if a person who collects there must show an identity document.
    pub pickup_identity_check: Option<bool>,
    /// Why several workers share it.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub shared_reason: Option<FreeText>,
    /// What verifies it.
    pub document: Option<Evidence>,
    /// Remarks.
    pub notes: Option<FreeText>,
}

/// What a location is: `residence` of one worker, `household-shared` residence of several, `office` of the organisation or
/// its customer, `vendor-office`, `approved-pickup` point, `coworking` space.
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

/// Where a location stands.
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
    /// Id of the observation.
    pub id: RecordId,
    /// The device.
    pub device: Option<DeviceRef>,
    /// Serial number the device reported.
    pub serial: Option<String>,
    /// The worker who was signed in, who may differ from the assigned one.
    pub worker: Option<WorkerRef>,
    /// Account that was signed in.
    pub account: Option<Account>,
    /// Day of the observation.
    pub observed_on: Option<Date>,
    /// Moment of the observation.
    pub observed_at: Option<Timestamp>,
    /// Where the observation comes from.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub source: Option<GeolocationSource>,
    /// Radius in kilometres within which the device was.
    #[schemars(range(min = 0), extend("x-duly-relaxes" = true))]
    pub accuracy_km: Option<f64>,
    /// Degrees north.
    pub latitude: Option<Latitude>,
    /// Degrees east.
    pub longitude: Option<Longitude>,
    /// Postal code, if there are no coordinates.
    pub postal_code: Option<AddressText>,
    /// State or province.
    pub region: Option<String>,
    /// Country.
    pub country: Option<Country>,
    /// Public address the device used.
    pub ip: Option<IpAddress>,
    /// Kind of network that address belongs to.
    pub network: Option<Network>,
    /// True if the organisation compared the place with the worker's residence and logins.
    pub compared: Option<bool>,
    /// Outcome of that comparison.
    #[schemars(extend("x-duly-relaxes" = true))]
    pub comparison: Option<Comparison>,
    /// Who looked at a mismatch.
    pub reviewed_by: Option<Person>,
    /// Day of that look.
    pub reviewed_on: Option<Date>,
    /// What explains a mismatch.
    pub explanation: Option<FreeText>,
}

/// Source of a place, from fine to coarse: `gps`, `wifi`, `cell`, `management-system`, `ip-address`, `worker-stated`.
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

/// Outcome of comparing a place with the residence and the logins: `match`, `mismatch`, `mismatch-explained`, `unclear`.
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
