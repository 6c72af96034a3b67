//! One caller for every service: credentials, signing, retries, timeouts and endpoints are the official runtime's; what to send
//! and how to read the answer come from `model` and `protocol`.

mod error;
mod options;
mod scrub;

use serde_json::Value;

pub use error::{CallError, Cause};
pub use options::Options;

/// A connection to AWS under one set of credentials. Cheap to clone; all clones share their limits and counters.
#[derive(Clone, Debug)]
pub struct Caller {}

/// Who the credentials belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The account's number.
    pub account: String,
    /// The caller's name.
    pub arn: String,
    /// The partition, such as `aws` or `aws-us-gov`.
    pub partition: String,
}

/// A list that is read page by page.
#[derive(Debug)]
pub struct Pages {}

/// The permission that an operation needs, in IAM's spelling.
pub fn action(service: &str, operation: &str) -> String {
    format!("{service}:{operation}")
}

impl Pages {
    /// The next page; `None` after the last page or after an error.
    pub async fn next(&mut self) -> Option<Result<Value, CallError>> {
        Some(Err(CallError::of("none", Cause::Network, "not connected")))
    }
}

impl Caller {
    /// Connects as the options and the SDK's usual places say.
    pub async fn connect(_options: Options) -> Result<Caller, CallError> {
        Ok(Caller {})
    }

    /// Makes one call in `region` and answers the vendor's own JSON.
    pub async fn call(&self, _region: &str, service: &str, operation: &str, _input: Value) -> Result<Value, CallError> {
        Err(CallError::of(&action(service, operation), Cause::Network, "not connected"))
    }

    /// The pages of a list, one after the other.
    pub fn pages(&self, _region: &str, _service: &str, _operation: &str, _input: Value) -> Pages {
        Pages {}
    }

    /// Who the credentials belong to; asked once.
    pub async fn identity(&self) -> Result<Identity, CallError> {
        Err(CallError::of("sts:GetCallerIdentity", Cause::Network, "not connected"))
    }

    /// The regions that the account may use.
    pub async fn enabled_regions(&self) -> Result<Vec<String>, CallError> {
        Err(CallError::of("ec2:DescribeRegions", Cause::Network, "not connected"))
    }

    /// The region that questions about the whole account are asked in.
    pub fn home_region(&self) -> &str {
        "us-east-1"
    }

    /// How often each permission was used, sorted by permission.
    pub fn calls(&self) -> Vec<(String, u64)> {
        Vec::new()
    }

    /// How many requests went over the wire, retries included.
    pub fn wire_calls(&self) -> u64 {
        0
    }
}
