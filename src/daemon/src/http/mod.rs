//! The one listener: `/healthz`, `/readyz`, `/metrics`, and the door through which pages come later.
//!
//! It is written for the worst neighbour on the machine: headers and bodies are bounded, whoever is slow is let go, only so many are
//! served at once, and whoever asks for another host (as a page in a browser does that was lent this address) is sent away.

mod guard;
mod probes;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

pub use probes::{Watched, probes};

use crate::{Settings, Stop};

/// What a client may ask of the listener.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections at once; others wait in the kernel's queue.
    pub connections: usize,
    /// How long the headers of a request may take, also those of the next one on the same connection.
    pub headers: Duration,
    /// How long an answer may take to be made.
    pub answer: Duration,
    /// How long a connection may live.
    pub connection: Duration,
    /// How large the headers of a request may be.
    pub header_bytes: usize,
    /// How large the body of a request may be.
    pub body_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 64,
            headers: Duration::from_secs(10),
            answer: Duration::from_secs(10),
            connection: Duration::from_secs(120),
            header_bytes: 16 * 1024,
            body_bytes: 64 * 1024,
        }
    }
}

/// A bound listener that does not answer yet.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    limits: Limits,
    hosts: Vec<String>,
}

/// Why it cannot listen.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// Others could reach it, and nobody said that they may.
    #[error("{0}")]
    Public(String),
    /// The address cannot be had.
    #[error("cannot listen on `{address}`; is another daemon running? name another address in `listen`")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
}

impl Server {
    /// Takes the address that the settings name.
    ///
    /// # Errors
    /// If others can reach the address and `listen_public` is not set, or if it cannot be had.
    pub async fn bind(settings: &Settings, limits: Limits) -> Result<Self, ListenError> {
        // The settings are checked when they are read; what listens looks again, since it is what would be open.
        if let Some(problem) = settings.problems().into_iter().find(|problem| problem.path == ["listen"]) {
            return Err(ListenError::Public(problem.to_string()));
        }
        let address = settings.listen;
        let listener = TcpListener::bind(address).await.map_err(|source| ListenError::Bind { address, source })?;
        Ok(Self { listener, limits, hosts: settings.hosts.clone() })
    }

    /// Where it listens, with the port that the kernel gave.
    ///
    /// # Errors
    /// If the kernel does not say.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers until the end is asked for, and then finishes the answers that are being given. `pages` is the door: routes that join the
    /// probes, behind the same guard.
    pub async fn serve(self, watched: Watched, pages: Router, mut stop: Stop) {
        let app = guard::around(probes(watched).merge(pages), self.hosts, self.limits);
        let room = Arc::new(Semaphore::new(self.limits.connections));
        let mut connections = tokio::task::JoinSet::new();
        loop {
            // A place first, then a client: who finds no place waits in the kernel's queue.
            let place = tokio::select! {
                () = stop.asked() => break,
                place = Arc::clone(&room).acquire_owned() => place.expect("the semaphore is never closed"),
            };
            let accepted = tokio::select! {
                () = stop.asked() => break,
                accepted = self.listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, _)) => {
                    let (app, limits, stop) = (app.clone(), self.limits, stop.clone());
                    connections.spawn(async move {
                        connection(stream, app, limits, stop).await;
                        drop(place);
                    });
                }
                Err(error) => {
                    // No more file descriptors, most likely: others must get the time to give some back.
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
            }
            while connections.try_join_next().is_some() {}
        }
        drop(self.listener);
        tokio::select! {
            () = stop.now() => {}
            () = async { while connections.join_next().await.is_some() {} } => {}
        }
    }
}

async fn connection(stream: TcpStream, app: Router, limits: Limits, mut stop: Stop) {
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(limits.headers).max_headers(64).max_header_size(limits.header_bytes);
    // What is read ahead is bounded too; hyper asks for no less than 8 KiB.
    builder.max_buf_size(limits.header_bytes.max(8 * 1024));
    let serving = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(app));
    let mut serving = std::pin::pin!(serving);
    let lived = tokio::time::sleep(limits.connection);
    let ended = tokio::select! {
        ended = serving.as_mut() => ended,
        () = lived => return,
        () = stop.asked() => {
            serving.as_mut().graceful_shutdown();
            tokio::select! {
                ended = serving.as_mut() => ended,
                () = tokio::time::sleep(limits.answer) => return,
                () = stop.now() => return,
            }
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a client left in the middle of something");
    }
}
