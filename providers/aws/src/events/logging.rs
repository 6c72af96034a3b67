//! Whether an event stops, narrows or redirects what is logged.

use events::Event;
use serde_json::Value;

/// Calls after which less is logged, whatever they are given.
const STOPPING: &[&str] = &[
    "cloudtrail:StopLogging",
    "cloudtrail:DeleteTrail",
    "cloudtrail:DeleteEventDataStore",
    "cloudtrail:StopEventDataStoreIngestion",
    "config:StopConfigurationRecorder",
    "config:DeleteConfigurationRecorder",
    "config:DeleteDeliveryChannel",
    "guardduty:DeleteDetector",
    "ec2:DeleteFlowLogs",
    "logs:DeleteLogGroup",
    "s3:DeleteBucketLogging",
];

/// Settings of a trail that narrow it where they are set to false.
const NARROWING: &[&str] = &["isMultiRegionTrail", "includeGlobalServiceEvents", "enableLogFileValidation", "isOrganizationTrail"];

pub(super) fn stops(event: &Event, record: &Value) -> Result<bool, String> {
    if STOPPING.contains(&event.action.as_str()) {
        return Ok(true);
    }
    let request = &record["requestParameters"];
    match event.action.as_str() {
        "cloudtrail:UpdateTrail" => {
            let narrowed = NARROWING.iter().any(|name| request[*name] == false);
            Ok(narrowed || request["s3BucketName"].is_string())
        }
        "cloudtrail:PutEventSelectors" => selectors(request),
        "guardduty:UpdateDetector" => Ok(request["enable"] == false),
        _ => Ok(false),
    }
}

fn selectors(request: &Value) -> Result<bool, String> {
    let Some(selectors) = request["eventSelectors"].as_array() else {
        return Err("advanced event selectors are not compared with what a trail logged before".into());
    };
    let all = |selector: &Value| {
        let excludes = selector["excludeManagementEventSources"].as_array().is_some_and(|sources| !sources.is_empty());
        let every_way = selector.get("readWriteType").is_none_or(|way| way == "All");
        selector.get("includeManagementEvents").is_none_or(|flag| flag == true) && every_way && !excludes
    };
    Ok(!selectors.iter().any(all))
}
