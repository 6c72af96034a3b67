//! Where a service is reached: the partition's rules, the services without regions, S3's host names, and overrides.

use std::sync::LazyLock;

use aws_types::SdkConfig;
use aws_types::service_config::ServiceConfigKey;
use serde::Deserialize;

use crate::model::Service;

static PARTITIONS: LazyLock<Vec<Partition>> = LazyLock::new(|| {
    let file: File = serde_json::from_str(include_str!("../../model/partitions.json")).expect("the generated partitions parse");
    file.partitions
});

#[derive(Deserialize)]
struct File {
    partitions: Vec<Partition>,
}

/// A part of AWS with accounts, regions and host names of its own.
#[derive(Debug, Deserialize)]
pub struct Partition {
    /// Its name, as in ARNs.
    pub id: String,
    /// The end of its host names.
    pub suffix: String,
    /// The region that stands for the whole partition.
    pub home: String,
    /// What its regions' names begin with.
    prefixes: Vec<String>,
    /// The services that have one address for all regions.
    global: std::collections::BTreeMap<String, Global>,
}

#[derive(Debug, Deserialize)]
struct Global {
    host: String,
    region: String,
}

/// A URL, and the region that the request is signed for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) url: String,
    pub(super) region: String,
    /// The bucket is part of the host name and leaves the path.
    pub(super) bucket_in_host: bool,
}

/// The partition that a region belongs to; names are `prefix-word-number`, and unknown ones are the commercial partition's.
pub fn partition_of(region: &str) -> &'static Partition {
    let belongs = |partition: &&Partition| {
        partition.prefixes.iter().filter_map(|prefix| region.strip_prefix(prefix.as_str())).any(|rest| {
            let number = rest.rsplit_once('-').map(|(word, number)| (!word.contains('-') && !word.is_empty(), number));
            number.is_some_and(|(word, number)| word && !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
        })
    };
    PARTITIONS.iter().find(belongs).unwrap_or(&PARTITIONS[0])
}

/// The address of a service in a region, where nobody overrides it.
pub(super) fn address(name: &str, service: &Service, region: &str, bucket: Option<&str>) -> Address {
    let partition = partition_of(region);
    if let Some(global) = partition.global.get(name) {
        return Address { url: format!("https://{}", global.host), region: global.region.clone(), bucket_in_host: false };
    }
    let host = format!("{}.{region}.{}", service.metadata.endpoint_prefix, partition.suffix);
    // A dot in a bucket's name would not match the certificate's wildcard.
    match bucket.filter(|bucket| fits_in_host(bucket)) {
        Some(bucket) => Address { url: format!("https://{bucket}.{host}"), region: region.to_owned(), bucket_in_host: true },
        None => Address { url: format!("https://{host}"), region: region.to_owned(), bucket_in_host: false },
    }
}

/// The address at an override: paths only, and the region that the service would be signed for anyway.
pub(super) fn overridden(name: &str, url: &str, region: &str) -> Address {
    let signed = partition_of(region).global.get(name).map_or(region, |global| global.region.as_str());
    Address { url: url.trim_end_matches('/').to_owned(), region: signed.to_owned(), bucket_in_host: false }
}

/// `AWS_ENDPOINT_URL_<SERVICE>`, the profile's `services` section, `AWS_ENDPOINT_URL`, the profile; an explicit one wins.
pub(super) fn configured(config: &SdkConfig, service: &Service) -> Option<String> {
    let general = config.endpoint_url().map(str::to_owned);
    if config.get_origin("endpoint_url").is_client_config() {
        return general;
    }
    let key = ServiceConfigKey::builder().service_id(&service.metadata.service_id).env("AWS_ENDPOINT_URL").profile("endpoint_url");
    let key = key.build().expect("all three parts are given");
    config.service_config().and_then(|known| known.load_config(key)).or(general)
}

/// `https://123456789012.s3-control…`; numbers and local names take no label before them.
pub(super) fn with_prefix(url: &str, prefix: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let authority = rest.split('/').next().unwrap_or(rest);
    let host = authority.rsplit_once(':').filter(|_| !authority.ends_with(']')).map_or(authority, |(host, _)| host);
    let bare = host == "localhost" || !host.contains('.') || host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok();
    if bare { url.to_owned() } else { format!("{scheme}://{prefix}{rest}") }
}

/// The path of a request whose bucket moved into the host name.
pub(super) fn without_bucket(uri: &str, bucket: &str) -> String {
    let rest = uri.strip_prefix('/').and_then(|path| path.strip_prefix(bucket)).unwrap_or(uri);
    if rest.starts_with('/') { rest.to_owned() } else { format!("/{rest}") }
}

fn fits_in_host(bucket: &str) -> bool {
    let edge = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let bytes = bucket.as_bytes();
    (3..=63).contains(&bytes.len())
        && edge(bytes.first())
        && edge(bytes.last())
        && bytes.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-')
}

#[cfg(test)]
mod tests {
    use super::{address, overridden, partition_of, with_prefix, without_bucket};
    use crate::model;

    fn url(name: &str, region: &str, bucket: Option<&str>) -> String {
        address(name, model::service(name).unwrap(), region, bucket).url
    }

    #[test]
    fn regions_belong_to_their_partitions() {
        for (region, partition) in [
            ("eu-central-1", "aws"),
            ("us-gov-west-1", "aws-us-gov"),
            ("cn-north-1", "aws-cn"),
            ("us-iso-east-1", "aws-iso"),
            ("us-isob-east-1", "aws-iso-b"),
            ("eusc-de-east-1", "aws-eusc"),
            ("xx-new-1", "aws"),
        ] {
            assert_eq!(partition_of(region).id, partition, "{region}");
        }
    }

    #[test]
    fn services_are_found_in_every_partition() {
        assert_eq!(url("ec2", "eu-west-1", None), "https://ec2.eu-west-1.amazonaws.com");
        assert_eq!(url("iam", "eu-west-1", None), "https://iam.amazonaws.com");
        assert_eq!(url("iam", "us-gov-east-1", None), "https://iam.us-gov.amazonaws.com");
        assert_eq!(url("sts", "cn-north-1", None), "https://sts.cn-north-1.amazonaws.com.cn");
        assert_eq!(address("iam", model::service("iam").unwrap(), "eu-west-1", None).region, "us-east-1");
    }

    #[test]
    fn buckets_are_hosts_unless_their_names_forbid_it() {
        assert_eq!(url("s3", "eu-west-1", Some("logs")), "https://logs.s3.eu-west-1.amazonaws.com");
        for name in ["logs.example.com", "Logs", "my_logs"] {
            assert_eq!(url("s3", "eu-west-1", Some(name)), "https://s3.eu-west-1.amazonaws.com", "{name}");
        }
    }

    #[test]
    fn a_bucket_in_the_host_leaves_the_path() {
        assert_eq!(without_bucket("/logs?acl", "logs"), "/?acl");
        assert_eq!(without_bucket("/logs", "logs"), "/");
        assert_eq!(without_bucket("/logs/key?x=1", "logs"), "/key?x=1");
    }

    #[test]
    fn overrides_keep_buckets_in_the_path_and_sign_as_usual() {
        let iam = overridden("iam", "http://127.0.0.1:5000/", "eu-west-1");
        assert_eq!((iam.url.as_str(), iam.region.as_str()), ("http://127.0.0.1:5000", "us-east-1"));
    }

    #[test]
    fn a_label_is_put_before_names_and_never_before_numbers() {
        assert_eq!(with_prefix("https://s3-control.eu-west-1.amazonaws.com", "1."), "https://1.s3-control.eu-west-1.amazonaws.com");
        for url in ["http://127.0.0.1:5000", "http://localhost:4566", "http://[::1]:5000", "http://moto:5000"] {
            assert_eq!(with_prefix(url, "1."), url);
        }
    }
}
