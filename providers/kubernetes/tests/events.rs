//! The audit log of an API server: records of our own, and a real log where it lies beside the workspace.

use std::path::{Path, PathBuf};

use events::transport::{LastLine, body, read_file};
use events::{ActorKind, Event, Outcome, class};
use inventory::{Gap, Scope};
use provider_kubernetes::events::FORMAT;
use serde_json::{Value, json};

fn cluster() -> Scope {
    Scope::account("kubernetes", "prod")
}

fn record(changes: Value) -> Value {
    let mut record = json!({
        "kind": "Event", "apiVersion": "audit.k8s.io/v1", "level": "Request", "auditID": "b6f7e1d0-0000-4000-8000-000000000001",
        "stage": "ResponseComplete", "requestURI": "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", "verb": "create",
        "user": { "username": "alice@example.com", "groups": ["system:authenticated"] }, "sourceIPs": ["203.0.113.9"],
        "objectRef": { "resource": "clusterrolebindings", "name": "open", "apiGroup": "rbac.authorization.k8s.io", "apiVersion": "v1" },
        "responseStatus": { "metadata": {}, "code": 201 },
        "requestReceivedTimestamp": "2027-03-01T10:00:00.000000Z", "stageTimestamp": "2027-03-01T10:00:00.250000Z",
    });
    record.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    record
}

fn event(changes: Value) -> Event {
    (FORMAT.event)(&cluster(), record(changes)).unwrap().unwrap()
}

#[test]
fn a_record_says_who_did_what_to_what() {
    let event = event(json!({ "requestObject": { "subjects": [{ "kind": "Group", "name": "system:authenticated" }] } }));
    assert_eq!(event.action, "rbac.authorization.k8s.io/clusterrolebindings:create");
    assert_eq!(event.id, "b6f7e1d0-0000-4000-8000-000000000001/ResponseComplete");
    assert_eq!((event.actor.kind, event.actor.id.as_str()), (ActorKind::User, "alice@example.com"));
    assert_eq!(event.touched[0].id.as_deref(), Some("rbac.authorization.k8s.io/clusterrolebindings/open"));
    assert!(event.changes() && event.scope == cluster());
    assert_eq!(event.classes, [(class::OPENED_TO_EVERYBODY.to_owned(), json!(true))].into());
}

#[test]
fn an_audit_policy_that_keeps_too_little_leaves_it_open() {
    let event = event(json!({ "level": "Metadata" }));
    assert!(Gap::in_document(&event.classes[class::OPENED_TO_EVERYBODY]).is_some());
}

#[test]
fn identities_are_told_apart() {
    for (user, kind) in [
        (json!({ "username": "kubernetes-admin", "groups": ["system:masters"] }), ActorKind::Root),
        (json!({ "username": "system:serviceaccount:ci:deploy" }), ActorKind::Role),
        (json!({ "username": "system:kube-scheduler" }), ActorKind::Service),
        (json!({ "username": "system:node:one", "groups": ["system:nodes"] }), ActorKind::Service),
        (json!({ "username": "system:anonymous", "groups": ["system:unauthenticated"] }), ActorKind::Anonymous),
    ] {
        assert_eq!(event(json!({ "user": user })).actor.kind, kind, "{user}");
    }
    let masked = event(json!({ "user": { "username": "root", "groups": ["system:masters"] }, "impersonatedUser": { "username": "bob" } }));
    assert_eq!((masked.actor.id.as_str(), masked.actor.session.as_deref(), masked.actor.kind), ("bob", Some("root"), ActorKind::User));
    assert!(masked.classes.contains_key(class::ADMINISTRATOR_USED), "whoever lends another's name is still used");
}

#[test]
fn questions_trials_and_beginnings_change_nothing_and_reaching_into_a_container_may() {
    for changes in [
        json!({ "verb": "list" }),
        json!({ "stage": "RequestReceived" }),
        json!({ "stage": "Panic" }),
        json!({ "responseStatus": { "code": 403 } }),
        json!({ "responseStatus": { "code": 409 } }),
        json!({ "responseStatus": null }),
        json!({ "requestURI": "/api/v1/namespaces?dryRun=All" }),
        json!({ "objectRef": { "resource": "selfsubjectaccessreviews", "apiGroup": "authorization.k8s.io" } }),
    ] {
        assert!(!event(changes.clone()).changes(), "{changes}");
    }
    let exec = json!({ "verb": "get", "objectRef": { "resource": "pods", "subresource": "exec", "name": "p", "namespace": "n" }, "responseStatus": { "code": 101 } });
    let exec = event(exec);
    assert!(exec.changes());
    assert_eq!((exec.action.as_str(), exec.touched[0].id.as_deref()), ("pods/exec:get", Some("namespaces/n/pods/p")));
    assert_eq!(event(json!({ "responseStatus": { "code": 403 } })).outcome, Outcome::Denied { code: "403".into() });
}

#[test]
fn what_is_in_a_secret_is_not_kept() {
    let secret = json!({ "kind": "Secret", "data": { "password": "aHVudGVyMg==" } });
    let secret = json!({ "objectRef": { "resource": "secrets", "name": "s", "namespace": "n" }, "requestObject": secret, "level": "RequestResponse" });
    assert!(!serde_json::to_string(&event(secret)).unwrap().contains("aHVudGVyMg"));
}

#[test]
fn the_webhook_sends_lists() {
    let list =
        json!({ "kind": "EventList", "apiVersion": "audit.k8s.io/v1", "metadata": {}, "items": [record(json!({})), { "kind": "Event" }] });
    let pushed = body(&FORMAT, &cluster(), list.to_string().as_bytes()).unwrap();
    assert_eq!((pushed.events.len(), pushed.refused.len()), (1, 1));
}

#[test]
fn a_real_log_is_read_to_its_last_line() {
    let told = std::env::var_os("ASSIZE_KUBERNETES_DATA").map(PathBuf::from);
    let folder = told.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/kubernetes"));
    let path = folder.join("audit2rbac/demo.log");
    if !path.exists() {
        println!("skipped a_real_log_is_read_to_its_last_line: `{}` is absent", path.display());
        return;
    }
    let mut events = Vec::new();
    read_file(&FORMAT, &cluster(), &path, LastLine::MustEnd, &mut |event| {
        events.push(event);
        true
    })
    .unwrap();
    let lines = std::fs::read_to_string(&path).unwrap().lines().filter(|line| !line.trim().is_empty()).count();
    assert_eq!(events.len(), lines);
    assert_eq!(events[0].actor.id, "bob");
    assert_eq!(events[0].actor.session.as_deref(), Some("system:admin"));
    assert_eq!(events[0].action, "pods:list");
    let refused = events.iter().filter(|event| matches!(event.outcome, Outcome::Denied { .. })).count();
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(refused, text.lines().filter(|line| line.contains("\"code\":403")).count());
    assert!(refused > 0 && events.iter().any(|event| event.outcome == Outcome::Success));
    // Somebody who may not even look is all that this log shows.
    assert!(events.iter().all(|event| event.read_only && !event.changes()));
}
