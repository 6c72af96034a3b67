//! The audit log of an API server: its records as events, from its file or its webhook.
//! Source: Kubernetes API, `audit.k8s.io/v1`.
//!
//! A request has a record for each stage that the policy keeps; the last one tells what came of it. Kinds of Kubernetes are not read yet,
//! so what an event touched has a path and no kind.

use std::collections::BTreeMap;

use events::document::Words;
use events::transport::{Format, Layout};
use events::{Actor, ActorKind, Event, Outcome, Raw, Touched, class};
use inventory::{Gap, Scope};
use serde_json::{Value, json};

/// The audit log in files and in what the webhook sends.
pub const FORMAT: Format = Format { source: SOURCE, layout: Layout::Lines, records, event };

/// What its windows say of themselves. That the log itself is stopped it cannot tell.
pub const WORDS: Words =
    Words { action: "kubernetes:audit", watches: &[class::ADMINISTRATOR_USED, class::OPENED_TO_EVERYBODY], request: "requestObject" };

const SOURCE: &str = "kubernetes.audit";

/// The group that no role binding can take anything from.
const MASTERS: &str = "system:masters";

/// Names that stand for everybody who is not asked who they are, and for everybody who was.
const EVERYBODY: &[&str] = &["system:anonymous", "system:unauthenticated", "system:authenticated"];

/// Subresources that work in a container whatever verb asks for them.
const REACHING_IN: &[&str] = &["exec", "attach", "portforward", "proxy"];

/// One record, or an `EventList`.
fn records(mut document: Value) -> Result<Vec<Value>, String> {
    match document.get_mut("items").map(Value::take) {
        Some(Value::Array(items)) => Ok(items),
        Some(_) => Err("`items` is no list".into()),
        None if document.get("auditID").is_some() => Ok(vec![document]),
        None => Err("it has neither `items` nor `auditID`".into()),
    }
}

/// The event of a record. The record does not say which cluster it is of: that is `at`.
fn event(at: &Scope, record: Value) -> Result<Option<Event>, String> {
    let text = |name: &str| record.get(name).and_then(Value::as_str);
    let stage = text("stage").ok_or("no `stage`")?;
    // `timestamp` is what servers before 1.10 write.
    let time = ["stageTimestamp", "requestReceivedTimestamp", "timestamp"].iter().find_map(|name| text(name)).ok_or("no time")?;
    let verb = text("verb").ok_or("no `verb`")?;
    let path = text("requestURI").unwrap_or_default();
    let object = record.get("objectRef").filter(|object| object.is_object());
    let what = match object {
        Some(object) => resource(object),
        None => path.split('?').next().unwrap_or_default().to_owned(),
    };
    let mut event = Event {
        source: SOURCE.into(),
        id: format!("{}/{stage}", text("auditID").ok_or("no `auditID`")?),
        at: time.parse().map_err(|error| format!("`{time}` is no time: {error}"))?,
        received: None,
        scope: at.clone(),
        action: format!("{what}:{verb}"),
        actor: actor(&record)?,
        outcome: outcome(&record, stage),
        touched: object.map(|object| Touched { kind: None, id: Some(place(object)), scope: at.clone() }).into_iter().collect(),
        address: record["sourceIPs"][0].as_str().map(str::to_owned),
        read_only: only_reads(object, verb, path),
        classes: BTreeMap::new(),
        raw: Raw::redacted(Value::Null),
    };
    event.classes = classes(&event, &record);
    event.raw = Raw::redacted(record);
    Ok(Some(event))
}

fn member<'o>(object: &'o Value, name: &str) -> &'o str {
    object.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// `apps/deployments`, `pods/exec`.
fn resource(object: &Value) -> String {
    let parts = [member(object, "apiGroup"), member(object, "resource"), member(object, "subresource")];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/")
}

/// The path of the object below its group and version.
fn place(object: &Value) -> String {
    let namespace = match member(object, "namespace") {
        "" => String::new(),
        namespace => format!("namespaces/{namespace}"),
    };
    let parts = [member(object, "apiGroup"), &namespace, member(object, "resource"), member(object, "name")];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/")
}

fn only_reads(object: Option<&Value>, verb: &str, path: &str) -> bool {
    let object = object.unwrap_or(&Value::Null);
    if REACHING_IN.contains(&member(object, "subresource")) {
        return false;
    }
    // Questions are asked by creating an object that is answered and kept nowhere.
    let asks = matches!(member(object, "apiGroup"), "authorization.k8s.io" | "authentication.k8s.io")
        && member(object, "resource").ends_with("reviews");
    matches!(verb, "get" | "list" | "watch" | "head" | "options") || asks || path.contains("dryRun=All")
}

fn outcome(record: &Value, stage: &str) -> Outcome {
    let code = record["responseStatus"]["code"].as_i64();
    match (stage, code) {
        ("RequestReceived" | "ResponseStarted", _) => Outcome::Pending,
        ("Panic", _) => Outcome::Failed { code: "Panic".into() },
        (_, Some(code @ (401 | 403))) => Outcome::Denied { code: code.to_string() },
        (_, Some(code)) if code >= 400 => Outcome::Failed { code: code.to_string() },
        (_, Some(_)) => Outcome::Success,
        (_, None) => Outcome::Failed { code: "no status".into() },
    }
}

/// Who it was done as; where somebody impersonates, that somebody is the session.
fn actor(record: &Value) -> Result<Actor, String> {
    let user = &record["user"];
    let real = user["username"].as_str();
    let impersonated = record.get("impersonatedUser").filter(|other| other["username"].is_string());
    let acting = impersonated.unwrap_or(user);
    let id = acting["username"].as_str().or(real).ok_or("no `user.username`")?.to_owned();
    let kind = match id.as_str() {
        _ if is_master(acting) => ActorKind::Root,
        "system:anonymous" => ActorKind::Anonymous,
        name if name.starts_with("system:serviceaccount:") => ActorKind::Role,
        name if name.starts_with("system:") => ActorKind::Service,
        _ => ActorKind::User,
    };
    Ok(Actor { name: None, id, kind, session: impersonated.and(real).map(str::to_owned) })
}

fn is_master(user: &Value) -> bool {
    user["groups"].as_array().is_some_and(|groups| groups.iter().any(|group| group == MASTERS))
}

fn classes(event: &Event, record: &Value) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    // The API server and its controllers call themselves with the same right; they are the platform.
    let own =
        record["user"]["username"].as_str().is_some_and(|name| name.starts_with("system:apiserver") || name.starts_with("system:kube-"));
    if is_master(&record["user"]) && !own && event.changes() {
        found.insert(class::ADMINISTRATOR_USED.to_owned(), json!(true));
    }
    if event.changes() {
        match opens(event, record) {
            Ok(false) => {}
            Ok(true) => drop(found.insert(class::OPENED_TO_EVERYBODY.to_owned(), json!(true))),
            Err(why) => {
                let gap = Gap::new(&event.action, "NotRecorded").with_detail(why);
                found.insert(class::OPENED_TO_EVERYBODY.to_owned(), gap.to_document());
            }
        }
    }
    found
}

/// A binding whose subjects are everybody. What was asked for stands only in records of level `Request` and above.
fn opens(event: &Event, record: &Value) -> Result<bool, String> {
    let object = &record["objectRef"];
    let binding = member(object, "apiGroup") == "rbac.authorization.k8s.io" && member(object, "resource").ends_with("rolebindings");
    if !binding || event.action.ends_with(":delete") || event.action.ends_with(":deletecollection") {
        return Ok(false);
    }
    let written = record.get("responseObject").or_else(|| record.get("requestObject")).filter(|object| object.is_object());
    let Some(written) = written else {
        return Err("the audit policy keeps no request of role bindings; give them level `Request`".into());
    };
    let subjects = written["subjects"].as_array().into_iter().flatten();
    Ok(subjects.into_iter().any(|subject| EVERYBODY.contains(&member(subject, "name"))))
}
