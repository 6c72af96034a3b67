//! `--allow-host`: a profile's imports over real TLS, and what is never asked for.

mod common;

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::json;

use common::{read, root, text};

/// A host with a certificate of its own making.
struct Host {
    port: u16,
    certificate: String,
    connections: Arc<AtomicUsize>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Host {
    fn start() -> Self {
        let own = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let certificate = own.cert.pem();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(own.signing_key.serialize_der()));
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let config = Arc::new(config.with_no_client_auth().with_single_cert(vec![own.cert.der().clone()], key).unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let host = Self { port: listener.local_addr().unwrap().port(), certificate, connections: Arc::default(), asked: Arc::default() };
        let (connections, asked) = (Arc::clone(&host.connections), Arc::clone(&host.asked));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                connections.fetch_add(1, Ordering::SeqCst);
                let mut stream = StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), stream.unwrap());
                // A client that does not trust the certificate goes away.
                drop(answer(&mut stream, &asked));
            }
        });
        host
    }

    fn name(&self) -> String {
        format!("localhost:{}", self.port)
    }
}

fn answer(stream: &mut (impl std::io::Read + Write), asked: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut lines = BufReader::new(&mut *stream).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
    asked.lock().unwrap().push(path.clone());
    let catalog = read(&root().join("catalogs/assize-controls.json"));
    let (status, more, body) = match path.as_str() {
        "/catalog.json" => ("200 OK", String::new(), catalog),
        "/moved.json" => ("302 Found", "Location: /catalog.json\r\n".into(), String::new()),
        "/away.json" => ("302 Found", "Location: https://169.254.169.254/latest/meta-data\r\n".into(), String::new()),
        "/profile.json" => ("200 OK", String::new(), profile("/catalog.json")),
        "/evil.json" => ("200 OK", String::new(), profile("file:///etc/passwd")),
        _ => ("404 Not Found", String::new(), "secret-canary".into()),
    };
    write!(stream, "HTTP/1.1 {status}\r\n{more}Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())?;
    stream.flush()
}

fn profile(href: &str) -> String {
    json!({ "profile": { "uuid": "0b6f0c55-6f55-4d4a-9a35-6f2a3d3f6d01",
        "metadata": { "title": "T", "last-modified": "2026-11-24T00:00:00Z", "version": "1", "oscal-version": "1.2.3" },
        "imports": [{ "href": href, "include-controls": [{ "with-ids": ["idm-07"] }] }] } })
    .to_string()
}

fn resolve(folder: &Path, href: &str, trusted: Option<&PathBuf>, more: &[&str]) -> Output {
    std::fs::write(folder.join("profile.json"), profile(href)).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_assize"));
    command.args(["oscal", "resolve", "profile.json"]).args(more).current_dir(folder).env_clear();
    // A proxy is not asked either: it would decide where to connect.
    command.env("HTTPS_PROXY", "http://127.0.0.1:9").env("SSL_CERT_FILE", trusted.map_or(Path::new("/dev/null"), PathBuf::as_path));
    command.output().unwrap()
}

#[test]
fn an_import_is_fetched_from_a_host_that_was_allowed_and_from_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start();
    let trusted = folder.path().join("trusted.pem");
    std::fs::write(&trusted, &host.certificate).unwrap();
    let at = |path: &str| format!("https://{}{path}", host.name());
    let name = host.name();
    let allowed = ["--allow-host", name.as_str()];

    for (more, words) in [(&[][..], "nothing is fetched"), (&["--allow-host", "localhost"][..], "is not allowed")] {
        let refused = resolve(folder.path(), &at("/catalog.json"), Some(&trusted), more);
        assert_eq!((refused.status.code(), refused.stdout.len()), (Some(2), 0), "{}", text(&refused.stderr));
        assert!(text(&refused.stderr).contains(words), "{}", text(&refused.stderr));
    }
    assert_eq!(host.connections.load(Ordering::SeqCst), 0, "nobody was asked");

    for path in ["/catalog.json", "/moved.json"] {
        let done = resolve(folder.path(), &at(path), Some(&trusted), &allowed);
        assert_eq!(done.status.code(), Some(0), "{path}: {}", text(&done.stderr));
        assert!(text(&done.stdout).contains("\"idm-07\""));
    }
    for (path, words) in [("/away.json", "where"), ("/missing.json", "404"), ("/evil.json", "outside the allowed folders")] {
        let refused = resolve(folder.path(), &at(path), Some(&trusted), &allowed);
        assert_eq!((refused.status.code(), refused.stdout.len()), (Some(2), 0), "{path}: {}", text(&refused.stderr));
        assert!(text(&refused.stderr).contains(words) && !text(&refused.stderr).contains("canary"), "{path}: {}", text(&refused.stderr));
    }
    // What the fetched profile names is at the host it came from, not on this machine.
    host.asked.lock().unwrap().clear();
    let nested = resolve(folder.path(), &at("/profile.json"), Some(&trusted), &allowed);
    assert_eq!(nested.status.code(), Some(0), "{}", text(&nested.stderr));
    assert_eq!(*host.asked.lock().unwrap(), ["/profile.json", "/catalog.json"]);
}

#[test]
fn a_host_that_nobody_vouches_for_is_not_believed() {
    let folder = tempfile::tempdir().unwrap();
    let (host, other) = (Host::start(), Host::start());
    let trusted = folder.path().join("trusted.pem");
    std::fs::write(&trusted, &other.certificate).unwrap();
    let name = host.name();
    let refused = resolve(folder.path(), &format!("https://{name}/catalog.json"), Some(&trusted), &["--allow-host", &name]);
    assert_eq!((refused.status.code(), refused.stdout.len()), (Some(2), 0));
    assert!(text(&refused.stderr).contains("cannot be fetched"), "{}", text(&refused.stderr));
    assert!(host.asked.lock().unwrap().is_empty());
}
