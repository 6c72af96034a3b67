//! CloudTrail: its records, the documents that event controls judge, and its log over real HTTP.

#[expect(dead_code, reason = "the caller's own tests use all of it")]
#[path = "../caller/responder.rs"]
mod responder;

mod cases;
mod decode;
mod emulated;
mod live;

use events::Event;
use serde_json::Value;

const RECORDS: &str = include_str!("records.json");

/// The event of each record, in order.
fn events() -> Vec<Event> {
    let records: Value = serde_json::from_str(RECORDS).unwrap();
    let records = (provider_aws::events::FORMAT.records)(records).unwrap();
    let nowhere = inventory::Scope::account("aws", "none");
    records.into_iter().map(|record| provider_aws::events::event(&nowhere, record).unwrap().unwrap()).collect()
}
