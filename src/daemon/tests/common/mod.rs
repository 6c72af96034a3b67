//! What the whole-crate tests share: a receiver on a real socket, and the outside parts in Python.
#![expect(dead_code, reason = "each test takes what it needs")]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

#[path = "../../../../tests/src/parts.rs"]
mod parts;

/// What a receiver was sent.
#[derive(Clone, Debug)]
pub struct Received {
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

impl Received {
    pub fn id(&self) -> &str {
        &self.headers["webhook-id"]
    }
}

/// How a receiver answers; given what it was sent, and how much it was sent before.
type Answer = dyn Fn(&Received, usize) -> Option<String> + Send + Sync;

/// Takes requests, remembers them, and answers as it was told; `None` is no answer at all.
#[derive(Clone)]
pub struct Receiver {
    pub address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Receiver {
    pub fn start(answer: impl Fn(&Received, usize) -> Option<String> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a socket");
        let receiver = Self { address: listener.local_addr().expect("an address"), received: Arc::default() };
        let (received, answer) = (Arc::clone(&receiver.received), Arc::new(answer) as Arc<Answer>);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (received, answer) = (Arc::clone(&received), Arc::clone(&answer));
                std::thread::spawn(move || take(stream.expect("a client"), &received, &answer));
            }
        });
        receiver
    }

    /// Answers everything with one status.
    pub fn always(status: &'static str) -> Self {
        Self::start(move |_, _| Some(reply(status, "")))
    }

    /// The same, said to be somewhere else.
    pub fn at(self, address: SocketAddr) -> Self {
        Self { address, ..self }
    }

    pub fn received(&self) -> Vec<Received> {
        self.received.lock().expect("nobody panicked").clone()
    }
}

/// An answer with a status line's end, and more header lines.
pub fn reply(status: &str, headers: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}content-length: 0\r\nconnection: close\r\n\r\n")
}

fn take(stream: TcpStream, received: &Mutex<Vec<Received>>, answer: &Arc<Answer>) {
    let mut reader = BufReader::new(stream);
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        // A client that is cut off in the middle has sent nothing.
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        match line.trim_end().split_once(": ") {
            Some((name, value)) => drop(headers.insert(name.to_ascii_lowercase(), value.to_owned())),
            None if line.trim_end().is_empty() => break,
            None => {}
        }
    }
    let size: usize = headers.get("content-length").and_then(|size| size.parse().ok()).unwrap_or(0);
    let mut body = vec![0; size];
    if reader.read_exact(&mut body).is_err() {
        return;
    }
    let request = Received { headers, body: String::from_utf8(body).expect("it is text") };
    let before = {
        let mut received = received.lock().expect("nobody panicked");
        received.push(request.clone());
        received.len() - 1
    };
    match answer(&request, before) {
        Some(reply) => drop(reader.into_inner().write_all(reply.as_bytes())),
        // Holds the connection and says nothing, until the client has had enough.
        None => drop(reader.read(&mut [0; 1])),
    }
}

/// Python with a package of the outside parts; `None`, said aloud, where it is not installed.
pub fn python(package: &str, test: &str) -> Option<PathBuf> {
    let python = parts::program("python", test)?;
    let there = Command::new(&python).args(["-c", &format!("import {package}")]).stderr(Stdio::null()).status().expect("python runs");
    if !there.success() {
        parts::skip(test, &format!("the Python package of `{package}`"));
        return None;
    }
    Some(python)
}

/// Runs a script on an input and gives what it says.
///
/// # Panics
/// If it fails.
pub fn run_python(python: &PathBuf, script: &str, input: &str) -> String {
    let mut command = Command::new(python);
    command.args(["-c", script]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("python runs");
    child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("it reads");
    let done = child.wait_with_output().expect("it ends");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).expect("it is text")
}
