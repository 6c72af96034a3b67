//! The Activity Log in both of its forms. Subscriptions and addresses are made up, or those that documentation uses.

use events::transport::body;
use events::{ActorKind, Event, Outcome, class};
use inventory::Scope;
use provider_azure::events::FORMAT;
use serde_json::{Value, json};

const SUBSCRIPTION: &str = "00000000-0000-0000-0000-000000000001";

fn events(document: &Value) -> Vec<Event> {
    let pushed = body(&FORMAT, &Scope::account("azure", "tenant"), document.to_string().as_bytes()).unwrap();
    assert!(pushed.refused.is_empty(), "{:?}", pushed.refused);
    pushed.events
}

/// As diagnostic settings send it to an event hub.
fn exported(operation: &str, result: &str, signature: &str) -> Value {
    json!({
        "time": "2027-03-01T10:00:00.1234567Z",
        "resourceId": format!("/SUBSCRIPTIONS/{SUBSCRIPTION}/RESOURCEGROUPS/APP/PROVIDERS/MICROSOFT.STORAGE/STORAGEACCOUNTS/REPORTS"),
        "operationName": operation, "category": "Administrative", "resultType": result, "resultSignature": signature,
        "callerIpAddress": "203.0.113.9", "correlationId": "c-1",
        "identity": {
            "authorization": { "scope": "/", "action": operation, "evidence": { "role": "Contributor", "principalId": "p-1", "principalType": "User" } },
            "claims": {
                "http://schemas.microsoft.com/identity/claims/objectidentifier": "o-1",
                "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn": "alice@example.com", "appid": "a-1",
            },
        },
        "properties": { "statusCode": "OK", "requestbody": "{\"properties\":{\"adminPassword\":\"not-to-be-kept\"}}" },
    })
}

/// As the interface answers.
fn answered(status: &str, sub: &str) -> Value {
    json!({
        "eventDataId": "e-1", "correlationId": "c-1", "caller": "d-1", "claims": { "appid": "a-2", "idtyp": "app" },
        "operationName": { "value": "Microsoft.Insights/diagnosticSettings/delete", "localizedValue": "Delete diagnostic setting" },
        "resourceId": format!("/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Insights/diagnosticSettings/audit"),
        "status": { "value": status }, "subStatus": { "value": sub }, "httpRequest": { "clientIpAddress": "203.0.113.9", "method": "DELETE" },
        "eventTimestamp": "2027-03-01T10:00:00Z", "submissionTimestamp": "2027-03-01T10:03:00Z", "subscriptionId": SUBSCRIPTION,
    })
}

#[test]
fn what_an_event_hub_carries_says_who_did_what_to_what() {
    let write = "MICROSOFT.STORAGE/STORAGEACCOUNTS/WRITE";
    let found = events(&json!({ "records": [exported(write, "Start", "Started."), exported(write, "Success", "Succeeded.OK")] }));
    assert_eq!((&found[0].outcome, &found[1].outcome), (&Outcome::Pending, &Outcome::Success));
    assert_ne!(found[0].id, found[1].id, "one operation, two records");
    let event = &found[1];
    assert_eq!(event.scope, Scope::account("azure", SUBSCRIPTION));
    assert_eq!(
        (event.actor.kind, event.actor.id.as_str(), event.actor.name.as_deref()),
        (ActorKind::User, "o-1", Some("alice@example.com"))
    );
    assert_eq!(event.address.as_deref(), Some("203.0.113.9"));
    assert!(event.changes() && !found[0].changes());
    assert!(!serde_json::to_string(event).unwrap().contains("not-to-be-kept"));
}

#[test]
fn what_the_interface_answers_says_the_same() {
    let event = events(&json!({ "value": [answered("Succeeded", "NoContent")] })).remove(0);
    assert_eq!((event.id.as_str(), event.actor.kind, event.actor.name.as_deref()), ("e-1", ActorKind::Role, Some("a-2")));
    assert_eq!(event.received.unwrap().to_string(), "2027-03-01T10:03:00Z");
    assert!(event.classes.contains_key(class::LOGGING_STOPPED));
}

#[test]
fn what_was_refused_or_went_wrong_changes_nothing() {
    let denied = events(&answered("Failed", "Forbidden")).remove(0);
    assert_eq!(denied.outcome, Outcome::Denied { code: "Forbidden".into() });
    assert!(denied.classes.is_empty() && !denied.changes());
    assert_eq!(events(&answered("Failed", "Conflict")).remove(0).outcome, Outcome::Failed { code: "Conflict".into() });
    let elevated = events(&exported("MICROSOFT.AUTHORIZATION/ELEVATEACCESS/ACTION", "Success", "Succeeded.OK")).remove(0);
    assert!(elevated.classes.contains_key(class::ADMINISTRATOR_USED));
}

#[test]
fn a_record_that_lacks_something_is_refused_by_name() {
    for name in ["operationName", "time", "resultType", "correlationId"] {
        let mut record = exported("X/WRITE", "Success", "OK");
        record.as_object_mut().unwrap().remove(name);
        let why = (FORMAT.event)(&Scope::account("azure", "tenant"), record).unwrap_err();
        assert!(why.contains(name), "{why}");
    }
}
