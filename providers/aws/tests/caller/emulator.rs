//! Starts `moto_server` where it is installed, on a port of its own, and stops it with the test.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use provider_aws::Options;

const HOW: &str = "python3 -m venv ~/.cache/assize/venv && ~/.cache/assize/venv/bin/pip install 'moto[server]'";

/// A running emulator.
pub struct Moto {
    child: Child,
    port: u16,
}

impl Moto {
    /// Starts it; prints the skip and answers `None` where it is not installed.
    pub fn start(test: &str) -> Option<Moto> {
        let Some(program) = program() else {
            let required = std::env::var("ASSIZE_REQUIRE_ALL").is_ok_and(|value| value == "1");
            assert!(!required, "`moto_server` is absent; install: {HOW}");
            println!("skipped {test}: `moto_server` is absent; install: {HOW}");
            return None;
        };
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new(program);
        command.args(["-H", "127.0.0.1", "-p", &port.to_string()]).stdout(Stdio::null()).stderr(Stdio::null());
        let moto = Moto { child: command.spawn().expect("the emulator starts"), port };
        let ready = (0..300).any(|_| {
            std::thread::sleep(Duration::from_millis(100));
            TcpStream::connect(("127.0.0.1", port)).is_ok()
        });
        assert!(ready, "the emulator does not listen");
        Some(moto)
    }

    /// How to connect to it, whatever the machine's own AWS configuration says.
    pub fn options(&self) -> Options {
        Options::emulator(format!("http://127.0.0.1:{}", self.port), "eu-west-1")
    }

    /// A bucket, three users and a key.
    pub fn seed(&self) {
        let place = "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
                     <LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>";
        self.send("PUT", "/logs", "s3", &[], place);
        let on =
            "<VersioningConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Status>Enabled</Status></VersioningConfiguration>";
        self.send("PUT", "/logs?versioning", "s3", &[], on);
        let form = [("Content-Type", "application/x-www-form-urlencoded")];
        for user in ["alice", "bob", "carol"] {
            self.send("POST", "/", "iam", &form, &format!("Action=CreateUser&Version=2010-05-08&UserName={user}"));
        }
        let target = [("Content-Type", "application/x-amz-json-1.1"), ("X-Amz-Target", "TrentService.CreateKey")];
        self.send("POST", "/", "kms", &target, "{}");
    }

    /// One request with a signature that the emulator only looks the service up in.
    fn send(&self, method: &str, path: &str, service: &str, headers: &[(&str, &str)], body: &str) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let scope = format!("testing/20260101/eu-west-1/{service}/aws4_request");
        let mut request = format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n", self.port);
        request += &format!("Authorization: AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0\r\n");
        request.extend(headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")));
        request += &format!("Content-Length: {}\r\n\r\n{body}", body.len());
        stream.write_all(request.as_bytes()).unwrap();
        let mut reply = BufReader::new(stream);
        let mut status = String::new();
        reply.read_line(&mut status).unwrap();
        let mut rest = String::new();
        reply.read_to_string(&mut rest).unwrap();
        assert!(status.contains(" 200 "), "{method} {path}: {status}{rest}");
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn program() -> Option<PathBuf> {
    let on_path = std::env::var_os("PATH").into_iter().flat_map(|path| std::env::split_paths(&path).collect::<Vec<_>>());
    let cached = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache/assize/venv/bin"));
    cached.into_iter().chain(on_path).map(|folder| folder.join("moto_server")).find(|program| program.is_file())
}
