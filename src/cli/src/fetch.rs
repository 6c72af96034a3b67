//! The one place from which documents are fetched: hosts that were allowed, over TLS, by addresses that are looked at first.

use std::fmt::Debug;
use std::io::Read;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use oscal::{Fetch, Reply, forbidden};
use ureq::http::Uri;
use ureq::http::header::LOCATION;
use ureq::tls::{Certificate, RootCerts, TlsConfig, TlsProvider};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error};

use crate::failure::Failure;

/// How long a document may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A client for documents at hosts that were allowed.
pub struct Client {
    agent: Agent,
}

impl Client {
    /// A client that trusts whom this machine trusts (`SSL_CERT_FILE` and `SSL_CERT_DIR` count), and goes through no proxy: what a
    /// proxy connects to cannot be looked at.
    pub fn new() -> Result<Self, Failure> {
        let trusted = rustls_native_certs::load_native_certs();
        if let (true, Some(error)) = (trusted.certs.is_empty(), trusted.errors.first()) {
            return Err(Failure::usage(format!(
                "this machine's certificates cannot be read: {error}; name a file of them in SSL_CERT_FILE"
            )));
        }
        let roots: Vec<Certificate<'static>> = trusted.certs.iter().map(|root| Certificate::from_der(root.as_ref()).to_owned()).collect();
        let tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .root_certs(RootCerts::Specific(Arc::new(roots)))
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .proxy(None)
            .https_only(true)
            // A host that sends on is judged by whoever asked.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(PATIENCE))
            .user_agent(concat!("assize/", env!("CARGO_PKG_VERSION")))
            .build();
        Ok(Self { agent: Agent::with_parts(config, DefaultConnector::default(), Careful::default()) })
    }
}

impl Fetch for Client {
    fn get(&self, address: &str, limit: u64) -> Result<Reply, String> {
        let told = |error: Error| format!("cannot be fetched: {error}");
        let mut response =
            self.agent.get(address).header("accept", "application/json, application/yaml, application/xml").call().map_err(told)?;
        if response.status().is_redirection() {
            let to = response.headers().get(LOCATION).and_then(|to| to.to_str().ok());
            return to.map(|to| Reply::Moved(to.to_owned())).ok_or_else(|| "is moved, and it is not said where to".to_owned());
        }
        let mut bytes = Vec::new();
        let mut body = response.body_mut().as_reader().take(limit.saturating_add(1));
        body.read_to_end(&mut bytes).map_err(|error| format!("cannot be read to its end: {error}"))?;
        match bytes.len() as u64 > limit {
            true => Err(format!("is larger than {limit} bytes")),
            false => Ok(Reply::Document(bytes)),
        }
    }
}

/// Looks names up, and keeps only addresses that somebody may be sent to; the connection is made to these and no others.
#[derive(Debug, Default)]
struct Careful {
    names: DefaultResolver,
}

impl Resolver for Careful {
    fn resolve(&self, uri: &Uri, config: &ureq::config::Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.names.resolve(uri, config, timeout)?;
        let mut allowed = self.empty();
        found.iter().filter(|address: &&SocketAddr| !forbidden(address.ip())).for_each(|address| allowed.push(*address));
        match allowed.is_empty() {
            true => Err(Error::Other("its name leads only to addresses where clouds keep credentials".into())),
            false => Ok(allowed),
        }
    }
}
