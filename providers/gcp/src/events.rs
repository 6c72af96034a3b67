//! Cloud Audit Logs: log entries as events, from files of a sink or from Pub/Sub.
//! Source: Cloud Logging, "LogEntry" and "AuditLog".
//!
//! A long operation has an entry when it begins and one when it ends. Kinds of Google Cloud are not read yet, so what an event touched
//! has a name and no kind.

use std::collections::BTreeMap;

use data_encoding::BASE64;
use events::document::Words;
use events::transport::{Format, Layout};
use events::{Actor, ActorKind, Event, Outcome, Raw, Touched, class};
use inventory::{Gap, Scope};
use serde_json::{Value, json};

/// Audit logs in files of a sink, and in what Pub/Sub pushes.
pub const FORMAT: Format = Format { source: SOURCE, layout: Layout::Lines, records, event };

/// What their windows say of themselves. Who the organization's administrators are is another log, that of the directory.
pub const WORDS: Words =
    Words { action: "logging.logEntries.list", watches: &[class::LOGGING_STOPPED, class::OPENED_TO_EVERYBODY], request: "protoPayload" };

const SOURCE: &str = "gcp.audit";

/// How methods end after which less is logged.
const STOPPING: &[&str] = &["ConfigServiceV2.DeleteSink", "ConfigServiceV2.DeleteBucket", "ConfigServiceV2.CreateExclusion"];

/// Members that stand for everybody.
const EVERYBODY: &[&str] = &["allUsers", "allAuthenticatedUsers"];

/// One entry, a list of them, `{"entries": […]}`, or a message of Pub/Sub with one inside.
fn records(mut document: Value) -> Result<Vec<Value>, String> {
    if let Some(Value::Array(entries)) = document.get_mut("entries").map(Value::take) {
        return Ok(entries);
    }
    if let Some(message) = document.get("message") {
        let data = message.get("data").and_then(Value::as_str).ok_or("a message without `data`")?;
        let bytes = BASE64.decode(data.as_bytes()).map_err(|error| format!("`data` is not base64: {error}"))?;
        return serde_json::from_slice(&bytes).map(|entry| vec![entry]).map_err(|error| format!("`data` is no JSON: {error}"));
    }
    match document {
        Value::Array(entries) => Ok(entries),
        entry if entry.get("logName").is_some() => Ok(vec![entry]),
        _ => Err("it has none of `entries`, `message` and `logName`".into()),
    }
}

/// The event of an entry; none for entries of logs that are no audit logs, which a sink may carry too.
fn event(_at: &Scope, entry: Value) -> Result<Option<Event>, String> {
    let text = |name: &str| entry.get(name).and_then(Value::as_str);
    let log = text("logName").ok_or("no `logName`")?.to_owned();
    let Some((owner, audit)) = log.split_once("/logs/cloudaudit.googleapis.com%2F") else { return Ok(None) };
    let payload = entry.get("protoPayload").ok_or("no `protoPayload`")?;
    let needed = |name: &str| payload.get(name).and_then(Value::as_str).ok_or_else(|| format!("no `protoPayload.{name}`"));
    let time = text("timestamp").ok_or("no `timestamp`")?;
    let id = format!("{log}/{time}/{}", text("insertId").ok_or("no `insertId`")?);
    let scope = scope(&entry, owner);
    let name = payload.get("resourceName").and_then(Value::as_str);
    let mut event = Event {
        source: SOURCE.into(),
        id,
        at: time.parse().map_err(|error| format!("`{time}` is no time: {error}"))?,
        received: text("receiveTimestamp").and_then(|time| time.parse().ok()),
        touched: name.map(|id| Touched { kind: None, id: Some(id.to_owned()), scope: scope.clone() }).into_iter().collect(),
        scope,
        action: format!("{}:{}", needed("serviceName")?.trim_end_matches(".googleapis.com"), needed("methodName")?),
        actor: actor(payload, audit),
        outcome: outcome(&entry, payload, audit),
        address: payload["requestMetadata"]["callerIp"].as_str().map(str::to_owned),
        read_only: audit == "data_access" && only_reads(payload),
        classes: BTreeMap::new(),
        raw: Raw::redacted(Value::Null),
    };
    if event.changes() {
        event.classes = classes(&event, payload);
    }
    event.raw = Raw::redacted(entry);
    Ok(Some(event))
}

/// The project, or what the log belongs to where there is none; the region where the resource has one.
fn scope(entry: &Value, owner: &str) -> Scope {
    let labels = &entry["resource"]["labels"];
    let project = labels["project_id"].as_str().filter(|project| !project.is_empty());
    let account = Scope::account("gcp", project.unwrap_or(owner.strip_prefix("projects/").unwrap_or(owner)));
    let region = labels["location"].as_str().or_else(|| labels["region"].as_str());
    match region.filter(|region| !region.is_empty() && *region != "global") {
        Some(region) => account.region(region),
        None => account,
    }
}

/// An entry of the log of data access reads where every permission that it needed does.
fn only_reads(payload: &Value) -> bool {
    let Some(needed) = payload["authorizationInfo"].as_array().filter(|needed| !needed.is_empty()) else { return false };
    needed.iter().all(|one| matches!(one["permissionType"].as_str(), Some("ADMIN_READ" | "DATA_READ")))
}

fn outcome(entry: &Value, payload: &Value, audit: &str) -> Outcome {
    let status = &payload["status"];
    let code = status["code"].as_i64().unwrap_or(0);
    let operation = &entry["operation"];
    match code {
        // google.rpc.Code: PERMISSION_DENIED and UNAUTHENTICATED.
        7 | 16 => Outcome::Denied { code: code.to_string() },
        0 if audit == "policy" => Outcome::Denied { code: "policy".into() },
        0 if operation["first"] == true && operation["last"] != true => Outcome::Pending,
        0 => Outcome::Success,
        _ => Outcome::Failed { code: code.to_string() },
    }
}

fn actor(payload: &Value, audit: &str) -> Actor {
    let authentication = &payload["authenticationInfo"];
    let email = authentication["principalEmail"].as_str().filter(|email| !email.is_empty());
    let subject = authentication["principalSubject"].as_str();
    // The first of those who delegated is who began it.
    let session = authentication["serviceAccountDelegationInfo"][0]["firstPartyPrincipal"]["principalEmail"].as_str();
    let kind = match email {
        _ if audit == "system_event" => ActorKind::Service,
        Some(email) if email.ends_with("@cloudservices.gserviceaccount.com") || email.contains("@gcp-sa-") => ActorKind::Service,
        Some(email) if email.ends_with(".gserviceaccount.com") => ActorKind::Role,
        Some(_) => ActorKind::User,
        None if subject.is_some_and(|subject| subject.starts_with("principal://")) => ActorKind::Role,
        None => ActorKind::Unknown,
    };
    let id = email.or(subject).unwrap_or("unknown").to_owned();
    Actor { name: email.map(str::to_owned), id, kind, session: session.map(str::to_owned) }
}

fn classes(event: &Event, payload: &Value) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    if stops(event, payload) {
        found.insert(class::LOGGING_STOPPED.to_owned(), json!(true));
    }
    match opens(event, payload) {
        Ok(false) => {}
        Ok(true) => drop(found.insert(class::OPENED_TO_EVERYBODY.to_owned(), json!(true))),
        Err(why) => {
            let gap = Gap::new(&event.action, "Malformed").with_detail(why);
            found.insert(class::OPENED_TO_EVERYBODY.to_owned(), gap.to_document());
        }
    }
    found
}

fn stops(event: &Event, payload: &Value) -> bool {
    let disabled = event.action.ends_with("ConfigServiceV2.UpdateSink") && payload["request"]["sink"]["disabled"] == true;
    let deltas = &delta(payload)["auditConfigDeltas"];
    let removed = deltas.as_array().is_some_and(|all| all.iter().any(|one| one["action"] == "REMOVE" || one["exemptedMember"].is_string()));
    STOPPING.iter().any(|ending| event.action.ends_with(ending)) || disabled || removed
}

/// Where a policy's changes stand, which differs from service to service.
fn delta(payload: &Value) -> &Value {
    let places = [&payload["serviceData"]["policyDelta"], &payload["metadata"]["policyDelta"]];
    places.into_iter().find(|place| !place.is_null()).unwrap_or(&Value::Null)
}

fn opens(event: &Event, payload: &Value) -> Result<bool, String> {
    if !event.action.to_lowercase().contains("setiam") {
        return Ok(false);
    }
    let everybody = |member: &Value| member.as_str().is_some_and(|member| EVERYBODY.contains(&member));
    if let Some(deltas) = delta(payload)["bindingDeltas"].as_array() {
        return Ok(deltas.iter().any(|one| one["action"] == "ADD" && everybody(&one["member"])));
    }
    let bindings = payload["request"]["policy"]["bindings"].as_array().into_iter().flatten();
    let public = bindings.flat_map(|binding| binding["members"].as_array().into_iter().flatten()).any(everybody);
    match public {
        true => Err("the policy admits everybody, and the entry does not tell whether it did before".into()),
        false => Ok(false),
    }
}
