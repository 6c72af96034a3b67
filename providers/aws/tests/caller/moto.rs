//! The caller against an emulator over real HTTP: every protocol in use, pages, errors, the account's number and regions.

use provider_aws::{Caller, Cause, Options};
use serde_json::{Value, json};

use super::emulator::Moto;

const TEST: &str = "the_caller_speaks_to_an_emulator_in_every_protocol_in_use";

#[tokio::test]
async fn the_caller_speaks_to_an_emulator_in_every_protocol_in_use() {
    let Some(moto) = Moto::start(TEST) else { return };
    moto.seed();
    let caller = Caller::connect(moto.options()).await.expect("the emulator takes any credentials");
    let region = "eu-west-1";

    let identity = caller.identity().await.unwrap();
    assert_eq!((identity.account.as_str(), identity.partition.as_str()), ("123456789012", "aws"));
    assert!(caller.enabled_regions().await.unwrap().contains(&"eu-west-1".to_owned()));

    let buckets = caller.call(region, "s3", "ListBuckets", json!({})).await.unwrap();
    assert_eq!(buckets["Buckets"][0]["Name"], "logs");
    let bucket = json!({ "Bucket": "logs" });
    let place = caller.call(region, "s3", "GetBucketLocation", bucket.clone()).await.unwrap();
    assert_eq!(place, json!({ "LocationConstraint": "eu-west-1" }));
    let acl = caller.call(region, "s3", "GetBucketAcl", bucket.clone()).await.unwrap();
    assert_eq!(acl["Grants"][0]["Grantee"]["Type"], "CanonicalUser");
    let versioning = caller.call(region, "s3", "GetBucketVersioning", bucket.clone()).await.unwrap();
    assert_eq!(versioning["Status"], "Enabled");
    let error = caller.call(region, "s3", "GetBucketPolicy", bucket).await.unwrap_err();
    assert_eq!((error.code.as_str(), error.cause, error.status), ("NoSuchBucketPolicy", Cause::NotFound, Some(404)));
    let error = caller.call(region, "s3control", "GetPublicAccessBlock", json!({ "AccountId": identity.account })).await.unwrap_err();
    assert_eq!((error.action.as_str(), error.code.as_str()), ("s3:GetAccountPublicAccessBlock", "NoSuchPublicAccessBlockConfiguration"));

    let users = caller.call(region, "iam", "ListUsers", json!({})).await.unwrap();
    assert_eq!(users["Users"][0]["UserName"], "alice");
    assert!(users["Users"][0]["CreateDate"].as_str().unwrap().ends_with('Z'));
    let summary = caller.call(region, "iam", "GetAccountSummary", json!({})).await.unwrap();
    assert_eq!(summary["SummaryMap"]["Users"], 3);
    let error = caller.call(region, "iam", "GetAccountPasswordPolicy", json!({})).await.unwrap_err();
    assert_eq!((error.code.as_str(), error.cause), ("NoSuchEntity", Cause::NotFound));

    let groups = caller.call(region, "ec2", "DescribeSecurityGroups", json!({})).await.unwrap();
    assert_eq!(groups["SecurityGroups"][0]["GroupName"], "default");
    assert_eq!(groups["SecurityGroups"][0]["IpPermissions"], json!([]));
    let filters = json!({ "Filters": [{ "Name": "group-name", "Values": ["none", "nothing"] }] });
    assert_eq!(caller.call(region, "ec2", "DescribeSecurityGroups", filters).await.unwrap(), json!({ "SecurityGroups": [] }));

    let keys = caller.call(region, "kms", "ListKeys", json!({})).await.unwrap();
    let key = json!({ "KeyId": keys["Keys"][0]["KeyId"] });
    let key = caller.call(region, "kms", "DescribeKey", key).await.unwrap();
    assert_eq!(key["KeyMetadata"]["KeyState"], "Enabled");
    assert!(key["KeyMetadata"]["CreationDate"].as_str().unwrap().ends_with('Z'));

    assert_eq!(caller.call(region, "rds", "DescribeDBInstances", json!({})).await.unwrap(), json!({ "DBInstances": [] }));
    let trails = caller.call(region, "cloudtrail", "DescribeTrails", json!({})).await.unwrap();
    assert_eq!(trails, json!({ "trailList": [] }));

    assert_eq!(names(&caller, region, json!({ "MaxItems": 1 })).await, ["alice", "bob", "carol"]);
    assert!(caller.calls().contains(&("s3:ListAllMyBuckets".to_owned(), 1)));
    assert!(caller.calls().iter().any(|(action, count)| action == "iam:ListUsers" && *count > 1), "{:?}", caller.calls());
}

#[tokio::test]
async fn a_role_is_assumed_where_one_is_named() {
    let Some(moto) = Moto::start("a_role_is_assumed_where_one_is_named") else { return };
    let role = "arn:aws:iam::210987654321:role/audit".to_owned();
    let options = Options { role_arn: Some(role), external_id: Some("ours".to_owned()), ..moto.options() };
    let identity = Caller::connect(options).await.unwrap().identity().await.unwrap();
    assert_eq!((identity.account.as_str(), identity.arn.as_str()), ("210987654321", "arn:aws:sts::210987654321:assumed-role/audit/assize"));
}

async fn names(caller: &Caller, region: &str, input: Value) -> Vec<String> {
    let mut pages = caller.pages(region, "iam", "ListUsers", input);
    let mut names = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.unwrap();
        names.extend(page["Users"].as_array().unwrap().iter().map(|user| user["UserName"].as_str().unwrap().to_owned()));
    }
    names
}
