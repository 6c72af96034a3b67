//! Which permission a call needs, where IAM does not call it what the API does.

const TABLE: &str = include_str!("../../model/actions.txt");

/// The permission that an operation needs, in IAM's spelling, such as `s3:ListAllMyBuckets` for `s3` and `ListBuckets`.
///
/// A call that needs none goes by its own name; `needs_permission` tells them apart.
pub fn action(service: &str, operation: &str) -> String {
    let own = format!("{service}:{operation}");
    match lookup(&own) {
        Some("-") => own,
        Some(action) => action.to_owned(),
        None => match lookup(&format!("{service}:*")) {
            Some(prefix) => format!("{prefix}:{operation}"),
            None => own,
        },
    }
}

/// Whether a policy has to grant anything for an operation: anyone may ask who they are.
pub fn needs_permission(service: &str, operation: &str) -> bool {
    lookup(&format!("{service}:{operation}")) != Some("-")
}

fn lookup(call: &str) -> Option<&'static str> {
    TABLE
        .lines()
        .filter(|line| !line.starts_with('#'))
        .find_map(|line| line.split_once(' ').filter(|(name, _)| *name == call))
        .map(|(_, to)| to)
}

#[cfg(test)]
mod tests {
    use super::{action, needs_permission};
    use crate::model;

    #[test]
    fn permissions_go_by_the_names_that_policies_use() {
        assert_eq!(action("s3", "ListBuckets"), "s3:ListAllMyBuckets");
        assert_eq!(action("s3", "GetPublicAccessBlock"), "s3:GetBucketPublicAccessBlock");
        assert_eq!(action("s3control", "GetPublicAccessBlock"), "s3:GetAccountPublicAccessBlock");
        assert_eq!(action("ec2", "DescribeVpcs"), "ec2:DescribeVpcs");
        assert!(!needs_permission("sts", "GetCallerIdentity"));
    }

    #[test]
    fn every_line_of_the_table_is_about_a_call_in_use() {
        for line in super::TABLE.lines().filter(|line| !line.starts_with('#')) {
            let (call, action) = line.split_once(' ').expect("two words");
            let (service, operation) = call.split_once(':').expect("a call");
            let known = operation == "*" && model::service(service).is_some() || model::operation(service, operation).is_some();
            assert!(known && !action.contains(' '), "{line}");
        }
    }
}
