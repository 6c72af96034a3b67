//! Azure's Activity Log: its records as events, in the form that diagnostic settings export and in the one that the interface answers.
//! Source: Azure Monitor, "Azure Activity Log event schema".
//!
//! The log knows writes, deletes and actions; what only reads is not in it. One operation has a record when it starts and one when it
//! ends. Kinds of Azure are not read yet, so what an event touched has an id and no kind.

use std::collections::BTreeMap;

use events::document::Words;
use events::transport::{Format, Layout};
use events::{Actor, ActorKind, Event, Outcome, Raw, Touched, class};
use inventory::Scope;
use serde_json::{Value, json};

/// The Activity Log in files, event hubs and answers.
pub const FORMAT: Format = Format { source: SOURCE, layout: Layout::Lines, records, event };

/// What its windows say of themselves.
pub const WORDS: Words = Words {
    action: "Microsoft.Insights/eventtypes/values/read",
    watches: &[class::ADMINISTRATOR_USED, class::LOGGING_STOPPED],
    request: "properties",
};

const SOURCE: &str = "azure.activity";

/// How claims are named that tell who it was.
const OBJECT_ID: &str = "http://schemas.microsoft.com/identity/claims/objectidentifier";
const UPN: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn";

/// Operations after which less is logged, in lower case.
const STOPPING: &[&str] = &[
    "microsoft.insights/diagnosticsettings/delete",
    "microsoft.insights/activitylogalerts/delete",
    "microsoft.network/networkwatchers/flowlogs/delete",
    "microsoft.network/networkwatchers/delete",
    "microsoft.operationalinsights/workspaces/delete",
];

/// The operation by which a directory's administrator takes hold of all subscriptions.
const ELEVATE: &str = "microsoft.authorization/elevateaccess/action";

/// `{"records": […]}` of event hubs, `{"value": […]}` of the interface, or one record.
fn records(mut document: Value) -> Result<Vec<Value>, String> {
    for list in ["records", "value"] {
        if let Some(Value::Array(records)) = document.get_mut(list).map(Value::take) {
            return Ok(records);
        }
    }
    match document {
        Value::Array(records) => Ok(records),
        record if record.get("operationName").is_some() => Ok(vec![record]),
        _ => Err("it has none of `records`, `value` and `operationName`".into()),
    }
}

/// The event of a record. `at` is where it was found, for records without a subscription: those of the whole tenant.
fn event(at: &Scope, record: Value) -> Result<Option<Event>, String> {
    let text = |names: &[&str]| names.iter().find_map(|name| plain(&record, name)).map(str::to_owned);
    let operation = text(&["operationName"]).ok_or("no `operationName`")?;
    let time = text(&["eventTimestamp", "time"]).ok_or("neither `eventTimestamp` nor `time`")?;
    let received = text(&["submissionTimestamp"]).and_then(|time| time.parse().ok());
    let resource = text(&["resourceId", "resourceUri"]);
    let status = text(&["status", "resultType"]).ok_or("neither `status` nor `resultType`")?;
    // What event hubs carry has no id of its own; an operation has one record for each of its states.
    let made = || Some(format!("{}/{operation}/{status}/{time}", text(&["correlationId"])?));
    let id = text(&["eventDataId"]).or_else(made).ok_or("neither `eventDataId` nor `correlationId`")?;
    let scope = match text(&["subscriptionId"]).or_else(|| resource.as_deref().and_then(subscription)) {
        Some(subscription) => Scope::account("azure", subscription.to_lowercase()),
        None => at.clone(),
    };
    let touched = resource.map(|id| Touched { kind: None, id: Some(id), scope: scope.clone() });
    let address = text(&["callerIpAddress"]).or_else(|| record["httpRequest"]["clientIpAddress"].as_str().map(str::to_owned));
    let mut event = Event {
        source: SOURCE.into(),
        id,
        at: time.parse().map_err(|error| format!("`{time}` is no time: {error}"))?,
        received,
        scope,
        actor: actor(&record),
        outcome: outcome(&record, &status),
        touched: touched.into_iter().collect(),
        address: address.filter(|address| !address.is_empty()),
        read_only: operation.to_lowercase().ends_with("/read"),
        classes: BTreeMap::new(),
        action: operation,
        raw: Raw::redacted(Value::Null),
    };
    event.classes = classes(&event);
    event.raw = Raw::redacted(record);
    Ok(Some(event))
}

/// A member that one form writes as text and the other as an object with a `value`.
fn plain<'r>(record: &'r Value, name: &str) -> Option<&'r str> {
    let member = record.get(name)?;
    member.as_str().or_else(|| member.get("value").and_then(Value::as_str)).filter(|text| !text.is_empty())
}

/// `/subscriptions/<id>/…`, in any case.
fn subscription(resource: &str) -> Option<String> {
    let mut parts = resource.trim_start_matches('/').split('/');
    let first = parts.next().filter(|part| part.eq_ignore_ascii_case("subscriptions"));
    first.and_then(|_| parts.next()).map(str::to_owned)
}

fn outcome(record: &Value, status: &str) -> Outcome {
    let code = || {
        let sub =
            plain(record, "subStatus").or_else(|| plain(record, "resultSignature")).or_else(|| record["properties"]["statusCode"].as_str());
        sub.unwrap_or(status).to_owned()
    };
    match status.to_lowercase().as_str() {
        "started" | "start" | "accepted" | "accept" | "in progress" | "inprogress" => Outcome::Pending,
        "succeeded" | "success" | "active" | "resolved" | "updated" => Outcome::Success,
        _ if ["forbidden", "unauthorized", "authorizationfailed"].iter().any(|word| code().to_lowercase().contains(word)) => {
            Outcome::Denied { code: code() }
        }
        _ => Outcome::Failed { code: code() },
    }
}

fn actor(record: &Value) -> Actor {
    let claims =
        record.get("claims").or_else(|| record.get("identity").and_then(|identity| identity.get("claims"))).unwrap_or(&Value::Null);
    let evidence = &record["identity"]["authorization"]["evidence"];
    let claim = |name: &str| claims.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
    let caller = plain(record, "caller").map(str::to_owned);
    let person = claim(UPN).or_else(|| caller.clone().filter(|caller| caller.contains('@')));
    let is_app = claim("idtyp").is_some_and(|sort| sort == "app") || evidence["principalType"] == "ServicePrincipal";
    let kind = match (&person, is_app) {
        (_, true) => ActorKind::Role,
        (Some(_), false) => ActorKind::User,
        (None, false) if claim("appid").is_some() || caller.is_some() => ActorKind::Role,
        (None, false) if claims.is_null() && evidence.is_null() => ActorKind::Service,
        (None, false) => ActorKind::Unknown,
    };
    let id = claim(OBJECT_ID).or_else(|| evidence["principalId"].as_str().map(str::to_owned)).or_else(|| caller.clone());
    let name = person.or_else(|| claim("appid")).or(caller);
    Actor { id: id.or_else(|| name.clone()).unwrap_or_else(|| "Azure".into()), name, kind, session: None }
}

fn classes(event: &Event) -> BTreeMap<String, Value> {
    let operation = event.action.to_lowercase();
    let mut found = BTreeMap::new();
    if event.changes() && operation == ELEVATE {
        found.insert(class::ADMINISTRATOR_USED.to_owned(), json!(true));
    }
    if event.changes() && STOPPING.contains(&operation.as_str()) {
        found.insert(class::LOGGING_STOPPED.to_owned(), json!(true));
    }
    found
}
