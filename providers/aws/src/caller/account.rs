//! Whose credentials these are, and which regions their account may use.

use serde_json::{Value, json};

use super::{CallError, Caller, Cause};

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

impl Caller {
    /// Who the credentials belong to; asked once.
    pub async fn identity(&self) -> Result<Identity, CallError> {
        let known = self.0.identity.get_or_try_init(|| async {
            let answer = self.call(self.home_region(), "sts", "GetCallerIdentity", json!({})).await?;
            identity_of(&answer)
        });
        known.await.cloned()
    }

    /// The regions that the account may use, sorted.
    pub async fn enabled_regions(&self) -> Result<Vec<String>, CallError> {
        let answer = self.call(self.home_region(), "ec2", "DescribeRegions", json!({ "AllRegions": false })).await?;
        let broken = || CallError::of("ec2:DescribeRegions", Cause::Malformed, "the answer lists no regions");
        let regions = answer.get("Regions").and_then(Value::as_array).ok_or_else(broken)?;
        let enabled = regions.iter().filter(|region| region.get("OptInStatus") != Some(&json!("not-opted-in")));
        let mut names: Vec<String> = enabled.filter_map(|region| region["RegionName"].as_str().map(str::to_owned)).collect();
        names.sort();
        if names.is_empty() { Err(broken()) } else { Ok(names) }
    }
}

fn identity_of(answer: &Value) -> Result<Identity, CallError> {
    let text = |name: &str| answer.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let broken = || CallError::of("sts:GetCallerIdentity", Cause::Malformed, "the answer does not say who is calling");
    let (account, arn) = text("Account").zip(text("Arn")).ok_or_else(broken)?;
    let partition = arn.split(':').nth(1).ok_or_else(broken)?;
    Ok(Identity { account: account.to_owned(), arn: arn.to_owned(), partition: partition.to_owned() })
}
