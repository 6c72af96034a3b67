//! A small HTTP server whose answers a test writes byte by byte: what emulators never do wrong, it does.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// One request as it came.
#[derive(Clone, Debug)]
pub struct Seen {
    pub line: String,
    pub head: String,
    pub body: String,
}

/// What to do with a request.
#[derive(Clone, Debug)]
pub enum Answer {
    /// These bytes, then hang up.
    Bytes(String),
    /// Nothing, ever.
    Silence,
}

/// A well-formed answer.
pub fn reply(status: u16, headers: &[(&str, &str)], body: &str) -> Answer {
    announced(status, headers, body, body.len())
}

/// An answer that announces more than it sends.
pub fn announced(status: u16, headers: &[(&str, &str)], body: &str, length: usize) -> Answer {
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    Answer::Bytes(format!("HTTP/1.1 {status} Word\r\n{headers}Connection: close\r\nContent-Length: {length}\r\n\r\n{body}"))
}

/// A server that gives its answers in turn, and the last one from then on.
pub struct Responder {
    pub url: String,
    log: Arc<Log>,
}

#[derive(Default)]
struct Log {
    seen: Mutex<Vec<Seen>>,
    under_way: AtomicUsize,
    peak: AtomicUsize,
}

impl Responder {
    pub async fn start(answers: Vec<Answer>) -> Responder {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let log: Arc<Log> = Arc::default();
        let shared = Arc::clone(&log);
        tokio::spawn(async move {
            loop {
                let Ok((stream, _)) = listener.accept().await else { return };
                tokio::spawn(serve(stream, answers.clone(), Arc::clone(&shared)));
            }
        });
        Responder { url, log }
    }

    /// How many requests were under way at once, at most.
    pub fn peak(&self) -> usize {
        self.log.peak.load(Ordering::SeqCst)
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.log.seen.lock().unwrap().clone()
    }
}

async fn serve(mut stream: TcpStream, answers: Vec<Answer>, log: Arc<Log>) {
    let Some(request) = read(&mut stream).await else { return };
    let number = {
        let mut seen = log.seen.lock().unwrap();
        seen.push(request);
        seen.len() - 1
    };
    log.peak.fetch_max(log.under_way.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
    tokio::time::sleep(Duration::from_millis(20)).await;
    log.under_way.fetch_sub(1, Ordering::SeqCst);
    match answers.get(number).or(answers.last()) {
        Some(Answer::Bytes(bytes)) => {
            let _ = stream.write_all(bytes.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
        Some(Answer::Silence) | None => tokio::time::sleep(Duration::from_secs(60)).await,
    }
}

async fn read(stream: &mut TcpStream) -> Option<Seen> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let count = stream.read(&mut chunk).await.ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&chunk[..count]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
        if body.len() >= length.unwrap_or(0) {
            let line = head.lines().next().unwrap_or_default().to_owned();
            return Some(Seen { line, head: head.to_owned(), body: body.to_owned() });
        }
    }
}
