//! Whether an event lets everybody in: by a resource's policy, a trust policy, an access list, or by sharing with `all`.

use events::Event;
use serde_json::Value;

use crate::derive::admits_everybody;

/// Calls that carry a policy, and where.
const POLICIES: &[(&str, &str)] = &[
    ("s3:PutBucketPolicy", "bucketPolicy"),
    ("kms:PutKeyPolicy", "policy"),
    ("kms:CreateKey", "policy"),
    ("iam:CreateRole", "assumeRolePolicyDocument"),
    ("iam:UpdateAssumeRolePolicy", "policyDocument"),
    ("ecr:SetRepositoryPolicy", "policyText"),
    ("secretsmanager:PutResourcePolicy", "resourcePolicy"),
    ("es:UpdateElasticsearchDomainConfig", "accessPolicies"),
    ("es:UpdateDomainConfig", "accessPolicies"),
];

/// The groups of S3's access lists that are everybody, with or without an account of AWS.
const GROUPS: &[&str] = &["/groups/global/AllUsers", "/groups/global/AuthenticatedUsers"];

pub(super) fn opens(event: &Event, record: &Value) -> Result<bool, String> {
    let request = &record["requestParameters"];
    if let Some((_, member)) = POLICIES.iter().find(|(action, _)| *action == event.action) {
        return match request.get(*member) {
            Some(policy) if !policy.is_null() => admits_everybody(policy).map_err(|gap| gap.detail.unwrap_or(gap.cause)),
            Some(_) | None => Ok(false),
        };
    }
    let all = |list: &Value, member: &str| list["items"].as_array().is_some_and(|items| items.iter().any(|item| item[member] == "all"));
    Ok(match event.action.as_str() {
        "s3:PutBucketAcl" => acl(request),
        "ec2:ModifySnapshotAttribute" => all(&request["createVolumePermission"]["add"], "group"),
        "ec2:ModifyImageAttribute" => all(&request["launchPermission"]["add"], "group"),
        "rds:ModifyDBSnapshotAttribute" | "rds:ModifyDBClusterSnapshotAttribute" => {
            request["valuesToAdd"].as_array().is_some_and(|values| values.iter().any(|value| value == "all"))
        }
        "sns:SetTopicAttributes" | "sqs:SetQueueAttributes" => return attribute(request),
        // `AddPermission20150331v2` and its like: the name carries the version of the interface.
        action if action.starts_with("lambda:AddPermission") => request["principal"] == "*",
        _ => false,
    })
}

fn acl(request: &Value) -> bool {
    let canned = request["x-amz-acl"].to_string();
    let grants = request["AccessControlPolicy"].to_string();
    canned.contains("public-read") || canned.contains("authenticated-read") || GROUPS.iter().any(|group| grants.contains(group))
}

/// Topics take one attribute by name, queues several.
fn attribute(request: &Value) -> Result<bool, String> {
    let policy = match (request["attributeName"].as_str(), &request["attributes"]["Policy"]) {
        (Some("Policy"), _) => &request["attributeValue"],
        (_, policy @ Value::String(_)) => policy,
        _ => return Ok(false),
    };
    admits_everybody(policy).map_err(|gap| gap.detail.unwrap_or(gap.cause))
}
