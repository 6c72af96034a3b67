//! A CloudTrail record as an event. Source: CloudTrail User Guide, "CloudTrail record contents".

use events::{Event, Outcome, Raw};
use inventory::Scope;
use jiff::Timestamp;
use serde_json::Value;

use super::{SOURCE, actor, classes, touched};
use crate::caller::{is_denied, partition_of};

/// The records in what CloudTrail writes to a bucket, what `LookupEvents` answers, or what EventBridge sends.
pub(super) fn records(mut document: Value) -> Result<Vec<Value>, String> {
    if let Some(Value::Array(records)) = document.get_mut("Records").map(Value::take) {
        return Ok(records);
    }
    if document.get("Events").is_some() {
        return lookup_records(document);
    }
    if let Some(detail @ Value::Object(_)) = document.get_mut("detail").map(Value::take) {
        return Ok(vec![detail]);
    }
    // Digests lie beside the log files; they prove those, and tell of no event.
    if document.get("digestStartTime").is_some() {
        return Ok(Vec::new());
    }
    match document.get("eventID") {
        Some(_) => Ok(vec![document]),
        None => Err("it has none of `Records`, `Events`, `detail` and `eventID`".into()),
    }
}

/// The records in an answer of `LookupEvents`, which carries them as text.
pub fn lookup_records(mut answer: Value) -> Result<Vec<Value>, String> {
    let Some(Value::Array(items)) = answer.get_mut("Events").map(Value::take) else { return Err("it has no list `Events`".into()) };
    let record = |item: &Value| {
        let text = item.get("CloudTrailEvent").and_then(Value::as_str).ok_or("an event has no `CloudTrailEvent`")?;
        serde_json::from_str(text).map_err(|error| format!("a `CloudTrailEvent` is no JSON: {error}"))
    };
    items.iter().map(record).collect()
}

/// The event of a record. Every record says its account and region itself, so that `_at` is not needed.
///
/// # Errors
/// If it lacks what an event must have.
pub fn event(_at: &Scope, record: Value) -> Result<Option<Event>, String> {
    let text = |name: &str| record.get(name).and_then(Value::as_str);
    let needed = |name: &str| text(name).ok_or_else(|| format!("no `{name}`"));
    let region = needed("awsRegion")?.to_owned();
    let account = text("recipientAccountId").or_else(|| record["userIdentity"]["accountId"].as_str());
    let scope = Scope::account("aws", account.ok_or("neither `recipientAccountId` nor `userIdentity.accountId`")?).region(&region);
    let at: Timestamp = needed("eventTime")?.parse().map_err(|error| format!("`eventTime` is no time: {error}"))?;
    let service = needed("eventSource")?;
    let action = format!("{}:{}", service.strip_suffix(".amazonaws.com").unwrap_or(service), needed("eventName")?);
    let outcome = outcome(&record);
    let mut event = Event {
        source: SOURCE.into(),
        id: needed("eventID")?.to_owned(),
        at,
        received: None,
        touched: Vec::new(),
        scope,
        action,
        actor: actor::actor(&record),
        outcome,
        address: text("sourceIPAddress").map(str::to_owned),
        read_only: is_read_only(&record),
        classes: Default::default(),
        raw: Raw::redacted(Value::Null),
    };
    event.touched = touched::touched(&event, &record, &partition_of(&region).id);
    event.classes = classes::classes(&event, &record);
    event.raw = Raw::redacted(record);
    Ok(Some(event))
}

/// `LookupEvents` writes it as text in its items, records as a truth.
fn is_read_only(record: &Value) -> bool {
    match record.get("readOnly") {
        Some(Value::Bool(flag)) => *flag,
        Some(Value::String(text)) => text == "true",
        Some(_) | None => false,
    }
}

fn outcome(record: &Value) -> Outcome {
    // Signing in says what came of it where calls say what they answer, and never has a code.
    let sign_in = record["responseElements"]["ConsoleLogin"].as_str() == Some("Failure");
    match record.get("errorCode").and_then(Value::as_str) {
        Some(code) if is_denied(code) => Outcome::Denied { code: code.to_owned() },
        Some(code) => Outcome::Failed { code: code.to_owned() },
        None if sign_in => Outcome::Denied { code: record["errorMessage"].as_str().unwrap_or("Failure").to_owned() },
        None => Outcome::Success,
    }
}
