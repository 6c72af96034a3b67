//! Audit logs as sinks and Pub/Sub deliver them. Projects and addresses are made up, or those that documentation uses.

use data_encoding::BASE64;
use events::transport::body;
use events::{ActorKind, Event, Outcome, class};
use inventory::{Gap, Scope};
use provider_gcp::events::FORMAT;
use serde_json::{Value, json};

fn entry(log: &str, payload: Value) -> Value {
    let mut protocol = json!({
        "@type": "type.googleapis.com/google.cloud.audit.AuditLog", "serviceName": "storage.googleapis.com", "methodName": "storage.setIamPermissions",
        "resourceName": "projects/_/buckets/reports", "authenticationInfo": { "principalEmail": "alice@example.com" },
        "requestMetadata": { "callerIp": "203.0.113.9" }, "status": {},
        "authorizationInfo": [{ "resource": "projects/_/buckets/reports", "permission": "storage.buckets.setIamPolicy", "granted": true }],
    });
    protocol.as_object_mut().unwrap().extend(payload.as_object().unwrap().clone());
    json!({
        "logName": format!("projects/prod/logs/cloudaudit.googleapis.com%2F{log}"), "insertId": "i-1", "timestamp": "2027-03-01T10:00:00.5Z",
        "receiveTimestamp": "2027-03-01T10:00:01Z", "severity": "NOTICE",
        "resource": { "type": "gcs_bucket", "labels": { "project_id": "prod", "location": "europe-west1" } }, "protoPayload": protocol,
    })
}

fn event(log: &str, payload: Value) -> Event {
    (FORMAT.event)(&Scope::account("gcp", "none"), entry(log, payload)).unwrap().unwrap()
}

fn delta(action: &str, member: &str) -> Value {
    json!({ "serviceData": { "policyDelta": { "bindingDeltas": [{ "action": action, "role": "roles/storage.objectViewer", "member": member }] } } })
}

#[test]
fn an_entry_says_who_did_what_to_what() {
    let event = event("activity", delta("ADD", "allUsers"));
    assert_eq!(event.action, "storage:storage.setIamPermissions");
    assert_eq!(event.scope, Scope::account("gcp", "prod").region("europe-west1"));
    assert_eq!((event.actor.kind, event.actor.id.as_str()), (ActorKind::User, "alice@example.com"));
    assert_eq!(event.touched[0].id.as_deref(), Some("projects/_/buckets/reports"));
    assert_eq!(event.classes, [(class::OPENED_TO_EVERYBODY.to_owned(), json!(true))].into());
}

#[test]
fn only_what_is_added_for_everybody_opens() {
    assert!(event("activity", delta("REMOVE", "allUsers")).classes.is_empty());
    assert!(event("activity", delta("ADD", "user:bob@example.com")).classes.is_empty());
    let whole = json!({ "request": { "policy": { "bindings": [{ "role": "roles/viewer", "members": ["allAuthenticatedUsers"] }] } } });
    assert!(Gap::in_document(&event("activity", whole).classes[class::OPENED_TO_EVERYBODY]).is_some());
    let refused = json!({ "status": { "code": 7, "message": "denied" } });
    assert_eq!(event("activity", refused).outcome, Outcome::Denied { code: "7".into() });
}

#[test]
fn stopping_a_log_is_seen_and_reading_is_told_from_writing() {
    let sink = json!({ "serviceName": "logging.googleapis.com", "methodName": "google.logging.v2.ConfigServiceV2.DeleteSink" });
    assert!(event("activity", sink).classes.contains_key(class::LOGGING_STOPPED));
    let read = json!({ "authorizationInfo": [{ "permission": "storage.objects.get", "permissionType": "DATA_READ" }] });
    assert!(event("data_access", read.clone()).read_only && !event("activity", read).read_only);
    let both = json!({ "authorizationInfo": [{ "permissionType": "DATA_READ" }, { "permissionType": "DATA_WRITE" }] });
    assert!(!event("data_access", both).read_only && !event("data_access", json!({ "authorizationInfo": [] })).read_only);
}

#[test]
fn an_operation_is_over_when_its_last_entry_says_so() {
    let mut first = entry("activity", json!({}));
    first["operation"] = json!({ "id": "o", "first": true });
    let mut last = entry("activity", json!({}));
    last["operation"] = json!({ "id": "o", "last": true });
    let outcome = |entry: Value| (FORMAT.event)(&Scope::account("gcp", "none"), entry).unwrap().unwrap().outcome;
    assert_eq!((outcome(first), outcome(last)), (Outcome::Pending, Outcome::Success));
}

#[test]
fn identities_are_told_apart() {
    for (email, kind) in [
        ("deploy@prod.iam.gserviceaccount.com", ActorKind::Role),
        ("service-1@gcp-sa-logging.iam.gserviceaccount.com", ActorKind::Service),
        ("1@cloudservices.gserviceaccount.com", ActorKind::Service),
        ("", ActorKind::Unknown),
    ] {
        assert_eq!(event("activity", json!({ "authenticationInfo": { "principalEmail": email } })).actor.kind, kind, "{email}");
    }
    assert_eq!(event("system_event", json!({})).actor.kind, ActorKind::Service);
}

#[test]
fn entries_come_in_lines_in_lists_and_in_messages() {
    let one = entry("activity", json!({}));
    let message = json!({ "message": { "data": BASE64.encode(one.to_string().as_bytes()), "messageId": "1" }, "subscription": "s" });
    let other = json!({ "logName": "projects/prod/logs/syslog", "textPayload": "hello" });
    let nowhere = Scope::account("gcp", "none");
    for bytes in [
        one.to_string(),
        message.to_string(),
        json!([one, other]).to_string(),
        format!("{one}\n{other}\n"),
        json!({ "entries": [one] }).to_string(),
    ] {
        let pushed = body(&FORMAT, &nowhere, bytes.as_bytes()).unwrap();
        assert_eq!((pushed.events.len(), pushed.refused.len()), (1, 0), "{bytes}");
    }
    assert!(body(&FORMAT, &nowhere, br#"{"message":{"data":"%%"}}"#).is_err());
    assert!(body(&FORMAT, &nowhere, br#"{"message":{"attributes":{}}}"#).is_err());
}
