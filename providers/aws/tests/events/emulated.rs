//! `LookupEvents` as an emulator serves it, with records that it made itself of what was done to it.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use events::{Ended, EventSource, Span, Window};
use jiff::{SignedDuration, Timestamp};
use provider_aws::events::LookupEvents;
use provider_aws::{Caller, Options};

const TEST: &str = "what_was_done_to_an_emulator_is_in_its_log";

struct Ministack {
    child: Child,
    port: u16,
}

impl Ministack {
    /// Starts it with its log on; prints the skip and answers `None` where it is not installed.
    fn start() -> Option<Self> {
        let Some(program) = program() else {
            let required = std::env::var("ASSIZE_REQUIRE_ALL").is_ok_and(|value| value == "1");
            assert!(!required, "`ministack` is absent; install it with tests/install.sh");
            println!("skipped {TEST}: `ministack` is absent; install it with tests/install.sh");
            return None;
        };
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new(program);
        command.env("GATEWAY_PORT", port.to_string()).env("MINISTACK_ACCOUNT_ID", "111122223333").env("CLOUDTRAIL_RECORDING", "1");
        command.env("BIND_HOST", "127.0.0.1").env("MINISTACK_HOST", "127.0.0.1").stdout(Stdio::null()).stderr(Stdio::null());
        let emulator = Self { child: command.spawn().expect("the emulator starts"), port };
        let ready = (0..600).any(|_| {
            std::thread::sleep(Duration::from_millis(100));
            TcpStream::connect(("127.0.0.1", port)).is_ok()
        });
        assert!(ready, "the emulator does not listen");
        Some(emulator)
    }

    /// Makes a bucket, with a signature that the emulator only looks the service up in.
    fn make_bucket(&self, name: &str) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let credential = "AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0";
        let head = format!("PUT /{name} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\nContent-Length: 0\r\n", self.port);
        stream.write_all(format!("{head}Authorization: {credential}\r\n\r\n").as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
}

impl Drop for Ministack {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn program() -> Option<PathBuf> {
    let on_path = std::env::var_os("PATH").into_iter().flat_map(|path| std::env::split_paths(&path).collect::<Vec<_>>());
    let told = std::env::var_os("ASSIZE_VENV").map(|venv| PathBuf::from(venv).join("bin"));
    let cached = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache/assize/venv/bin"));
    told.into_iter().chain(cached).chain(on_path).map(|folder| folder.join("ministack")).find(|program| program.is_file())
}

#[tokio::test]
async fn what_was_done_to_an_emulator_is_in_its_log() {
    let Some(emulator) = Ministack::start() else { return };
    let names = ["first", "second", "third"];
    names.iter().for_each(|name| emulator.make_bucket(name));
    let caller = Caller::connect(Options::emulator(format!("http://127.0.0.1:{}", emulator.port), "us-east-1")).await.unwrap();
    let source = LookupEvents::new(caller, "111122223333", &["us-east-1".to_owned()]);
    let now = Timestamp::now();
    let span = Span { from: now - SignedDuration::from_mins(5), to: now + SignedDuration::from_mins(1) };
    let reading = source.read(&source.scopes()[0], &Window { span, since: span.from, lost: None }).await;
    assert_eq!(reading.ended, Ended::Complete);
    let made: Vec<_> = reading.events.iter().filter(|event| event.action == "s3:CreateBucket").collect();
    assert_eq!(made.len(), names.len(), "{:?}", reading.events);
    assert!(made.iter().all(|event| event.changes() && event.scope == source.scopes()[0] && span.holds(event.at)));
    let older = Span { from: span.from - SignedDuration::from_hours(1), to: span.from };
    let before = source.read(&source.scopes()[0], &Window { span: older, since: older.from, lost: None }).await;
    assert_eq!((before.events.len(), before.ended), (0, Ended::Complete));
}
