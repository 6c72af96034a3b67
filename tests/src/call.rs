//! Tells which AWS call a request is, in every protocol that is in use.

use hyper::HeaderMap;

/// A request, as far as it says what it asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The service, as it signs.
    pub service: String,
    /// The operation; empty where it is not known.
    pub operation: String,
    /// How the service talks.
    pub dialect: Dialect,
}

/// How a service talks, and so how it must be refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Query: IAM, STS, RDS.
    Query,
    /// EC2's own query.
    Ec2,
    /// JSON with a target: KMS, CloudTrail, Organizations.
    Json,
    /// XML over REST: S3.
    Xml,
}

impl Asked {
    /// What the request asks.
    pub fn of(method: &str, path: &str, query: &str, headers: &HeaderMap, body: &[u8]) -> Self {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let service = text("authorization").split('/').nth(3).unwrap_or_default().to_owned();
        if let Some((_, operation)) = text("x-amz-target").rsplit_once('.') {
            return Self { service, operation: operation.to_owned(), dialect: Dialect::Json };
        }
        let form = String::from_utf8_lossy(body);
        if let Some(operation) = form.split('&').find_map(|pair| pair.strip_prefix("Action=")) {
            let dialect = if service == "ec2" { Dialect::Ec2 } else { Dialect::Query };
            return Self { service, operation: operation.to_owned(), dialect };
        }
        let (service, operation) = rest(method, path, query);
        Self { service: service.into(), operation: operation.into(), dialect: Dialect::Xml }
    }

    /// The same as `service:Operation`, as kinds name their calls.
    pub fn call(&self) -> String {
        format!("{}:{}", self.service, self.operation)
    }
}

fn rest(method: &str, path: &str, query: &str) -> (&'static str, &'static str) {
    let asks = |name: &str| query.split('&').any(|pair| pair.split('=').next() == Some(name));
    let operation = match method {
        _ if path.starts_with("/v20180820/configuration/publicAccessBlock") => return ("s3control", "GetPublicAccessBlock"),
        "HEAD" => "HeadBucket",
        "GET" if path == "/" => "ListBuckets",
        "GET" if asks("acl") => "GetBucketAcl",
        "GET" if asks("encryption") => "GetBucketEncryption",
        "GET" if asks("lifecycle") => "GetBucketLifecycleConfiguration",
        "GET" if asks("location") => "GetBucketLocation",
        "GET" if asks("logging") => "GetBucketLogging",
        "GET" if asks("ownershipControls") => "GetBucketOwnershipControls",
        "GET" if asks("policyStatus") => "GetBucketPolicyStatus",
        "GET" if asks("policy") => "GetBucketPolicy",
        "GET" if asks("publicAccessBlock") => "GetPublicAccessBlock",
        "GET" if asks("replication") => "GetBucketReplication",
        "GET" if asks("tagging") => "GetBucketTagging",
        "GET" if asks("versioning") => "GetBucketVersioning",
        _ => "",
    };
    ("s3", operation)
}
