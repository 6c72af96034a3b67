//! Who acted, out of `userIdentity`. Source: CloudTrail User Guide, "CloudTrail userIdentity element".

use events::{Actor, ActorKind};
use serde_json::Value;

pub(super) fn actor(record: &Value) -> Actor {
    let identity = &record["userIdentity"];
    let text = |value: &Value| value.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let issuer = &identity["sessionContext"]["sessionIssuer"];
    let kind = match identity["type"].as_str() {
        // A service that the root user once switched on acts in its name; nobody signed in.
        Some(_) if is_service(identity, record) => ActorKind::Service,
        Some("Root") => ActorKind::Root,
        Some("IAMUser" | "SAMLUser" | "WebIdentityUser" | "FederatedUser" | "IdentityCenterUser" | "Directory") => ActorKind::User,
        Some("AssumedRole" | "Role") => ActorKind::Role,
        Some("AWSService") => ActorKind::Service,
        Some("AWSAccount") if identity["principalId"].as_str() == Some("AWSAccount:ANONYMOUS_PRINCIPAL") => ActorKind::Anonymous,
        Some("AWSAccount" | "Unknown") => ActorKind::Unknown,
        Some(_) | None => ActorKind::Unknown,
    };
    // What lasts is the role; the session's own name is in its ARN behind the last `/`.
    let id = text(&issuer["arn"]).or_else(|| text(&identity["arn"])).or_else(|| text(&identity["invokedBy"]));
    let id = id.or_else(|| text(&identity["principalId"])).or_else(|| text(&identity["accountId"])).unwrap_or_else(|| "unknown".into());
    let session =
        text(&issuer["arn"]).and_then(|_| text(&identity["arn"])).and_then(|arn| arn.rsplit_once('/').map(|(_, name)| name.to_owned()));
    Actor { name: text(&issuer["userName"]).or_else(|| text(&identity["userName"])), id, kind, session }
}

fn is_service(identity: &Value, record: &Value) -> bool {
    identity["invokedBy"].as_str().is_some_and(|by| by.ends_with(".amazonaws.com"))
        || record["eventType"].as_str() == Some("AwsServiceEvent")
}
