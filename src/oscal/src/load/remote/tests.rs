use std::sync::Mutex;

use super::*;
use crate::Loader;

const CATALOG: &str = r#"{"catalog": {"uuid": "4efc5577-4fec-5b39-aa74-9d40ac618c14", "metadata": {"title": "T",
    "last-modified": "2026-11-23T06:00:07Z", "version": "1", "oscal-version": "1.2.3"}}}"#;

/// A network in which `moved` addresses lead elsewhere and every other has a catalog; it notes what it is asked.
#[derive(Default)]
struct Network {
    moved: Vec<(&'static str, &'static str)>,
    asked: Mutex<Vec<String>>,
}

impl Fetch for Network {
    fn get(&self, address: &str, _: u64) -> Result<Reply, String> {
        self.asked.lock().unwrap().push(address.to_owned());
        let moved = self.moved.iter().find(|(from, _)| *from == address);
        Ok(moved.map_or_else(|| Reply::Document(CATALOG.into()), |(_, to)| Reply::Moved((*to).into())))
    }
}

fn loader(network: Network, hosts: &[&str]) -> (Loader, Arc<Network>) {
    let network = Arc::new(network);
    let mut loader = Loader::new(std::path::Path::new(".")).unwrap();
    loader.allow_hosts(hosts.iter().map(|host| (*host).to_owned()).collect(), Arc::clone(&network) as Arc<dyn Fetch>);
    (loader, network)
}

#[test]
fn a_document_at_an_allowed_host_is_read() {
    let (loader, _) = loader(Network::default(), &["example.org", "internal.example:8443"]);
    for place in ["https://example.org/c.json", "https://EXAMPLE.org:443/c.json", "https://internal.example:8443/a/c.json"] {
        assert!(loader.document(place).is_ok(), "{place}: {:?}", loader.document(place));
    }
}

#[test]
fn nothing_else_is_asked_for() {
    let (loader, network) = loader(Network::default(), &["example.org", "169.254.169.254", "[fd00:ec2::254]", "[::ffff:169.254.169.254]"]);
    for (place, what) in [
        ("https://example.com/c.json", "not allowed"),
        ("https://example.org.evil.test/c.json", "not allowed"),
        ("https://example.org:8443/c.json", "not allowed"),
        ("https://example.org@evil.test/c.json", "names a user"),
        ("https://evil.test\\@example.org/c.json", "is no address"),
        ("https:///c.json", "names no host"),
        ("http://example.org/c.json", "not an `https` address"),
        ("ftp://example.org/c.json", "not an `https` address"),
        ("https://169.254.169.254/latest/meta-data", "keeps credentials"),
        ("https://[fd00:ec2::254]/latest", "keeps credentials"),
        ("https://[::ffff:169.254.169.254]/latest", "keeps credentials"),
    ] {
        let error = loader.document(place).expect_err(place);
        assert!(error.what.contains(what), "{place}: {error}");
    }
    assert!(network.asked.lock().unwrap().is_empty());
}

#[test]
fn a_host_may_send_on_to_itself_and_to_nobody_else() {
    let moved = vec![
        ("https://example.org/old.json", "/new.json"),
        ("https://example.org/away.json", "https://example.com/c.json"),
        ("https://example.org/plain.json", "http://example.org/c.json"),
        ("https://example.org/cloud.json", "//169.254.169.254/latest"),
        ("https://example.org/file.json", "file:///etc/passwd"),
        ("https://example.org/round.json", "round.json"),
    ];
    let (loader, network) = loader(Network { moved, ..Network::default() }, &["example.org", "example.com"]);
    assert!(loader.document("https://example.org/old.json").is_ok());
    for name in ["away", "plain", "cloud", "file"] {
        let error = loader.document(&format!("https://example.org/{name}.json")).expect_err(name);
        assert!(error.what.contains("another host"), "{name}: {error}");
    }
    assert!(loader.document("https://example.org/round.json").unwrap_err().what.contains("more than 5 times"));
    assert!(network.asked.lock().unwrap().iter().all(|address| address.starts_with("https://example.org/")));
}

#[test]
fn where_clouds_keep_credentials_nobody_is_sent() {
    for address in [
        "169.254.169.254",
        "169.254.170.2",
        "100.100.100.200",
        "192.0.0.192",
        "168.63.129.16",
        "0.0.0.0",
        "fe80::1",
        "fd00:ec2::254",
        "fd00:ec2::23",
        "fd20:ce::254",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::a9fe:a9fe",
        "2002:a9fe:a9fe::1",
        "::169.254.169.254",
        "::ffff:169.254.169.254",
        "::ffff:100.100.100.200",
        "::",
    ] {
        assert!(forbidden(address.parse().unwrap()), "{address}");
    }
    for address in ["127.0.0.1", "10.0.0.1", "192.0.2.1", "2001:db8::1", "fd00::1", "::1", "2002:c000:201::1", "64:ff9b::c000:201"] {
        assert!(!forbidden(address.parse().unwrap()), "{address}");
    }
}
