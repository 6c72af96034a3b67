//! Puts a request on the wire, once: no redirect is followed, the answer is bounded in time and size, and what is told of a failure
//! holds no secret.

use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use ureq::tls::{Certificate, RootCerts, TlsConfig, TlsProvider};
use ureq::{Agent, Error};

use super::retry;
use crate::{Redactor, Secret};

/// What is posted where.
#[derive(Clone, Debug)]
pub struct Post {
    /// The address; that of Slack is a secret, so all are.
    pub url: Secret,
    /// Headers.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: String,
}

/// Why a post did not arrive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// One of a few words, for metrics.
    pub class: &'static str,
    /// What happened, for people.
    pub why: String,
    /// How long the receiver asks to wait.
    pub wait: Option<SignedDuration>,
    /// Whether the receiver says that it is gone for good.
    pub gone: bool,
}

/// Posts. One for each channel: none waits for the connections of another.
#[derive(Clone, Debug)]
pub struct Client {
    agent: Agent,
    redactor: Redactor,
}

/// How much of an answer is read: enough for a reason.
const LONGEST_ANSWER: u64 = 512;

impl Client {
    /// That trusts whom this machine trusts, and gives up after `patience`. Goes through the proxy that the environment names
    /// (`HTTPS_PROXY`, `NO_PROXY`) unless the receiver is this machine.
    ///
    /// # Errors
    /// If the machine's certificates cannot be read.
    pub fn new(patience: Duration, to_this_machine: bool, redactor: Redactor) -> Result<Self, String> {
        let trusted = rustls_native_certs::load_native_certs();
        if let (true, Some(error), false) = (trusted.certs.is_empty(), trusted.errors.first(), to_this_machine) {
            return Err(format!("this machine's certificates cannot be read: {error}; name a file of them in SSL_CERT_FILE"));
        }
        let roots: Vec<Certificate<'static>> = trusted.certs.iter().map(|root| Certificate::from_der(root.as_ref()).to_owned()).collect();
        let tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .root_certs(RootCerts::Specific(Arc::new(roots)))
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .build();
        let mut config = Agent::config_builder()
            .tls_config(tls)
            .https_only(!to_this_machine)
            // Whoever is sent on would take our alerts, and our signature, to where nobody configured.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .timeout_global(Some(patience))
            .timeout_connect(Some(patience.min(Duration::from_secs(5))))
            .user_agent(concat!("assize/", env!("CARGO_PKG_VERSION")));
        if to_this_machine {
            config = config.proxy(None);
        }
        Ok(Self { agent: config.build().new_agent(), redactor })
    }

    /// Posts, and waits for the answer. Blocks.
    ///
    /// # Errors
    /// Why it did not arrive, or why that is not known.
    pub fn post(&self, post: &Post, now: Timestamp) -> Result<(), Refusal> {
        let mut request = self.agent.post(post.url.expose());
        for (name, value) in &post.headers {
            request = request.header(*name, value);
        }
        let mut response = request.send(post.body.as_bytes()).map_err(|error| self.failed(&error, &post.url))?;
        let status = response.status();
        if status.is_success() {
            return Ok(());
        }
        let wait = response.headers().get("retry-after").and_then(|value| retry::asked(value.to_str().ok()?, now));
        let mut said = Vec::new();
        // What it says besides is of use, but not needed.
        drop(response.body_mut().as_reader().take(LONGEST_ANSWER).read_to_end(&mut said));
        let said = String::from_utf8_lossy(&said);
        let (class, told) = match status.as_u16() {
            300..=399 => ("redirect", "which sends on; redirects are not followed: configure the address that it sends to".to_owned()),
            400..=499 => ("status_4xx", self.redactor.clean(said.trim()).into_owned()),
            _ => ("status_5xx", self.redactor.clean(said.trim()).into_owned()),
        };
        let told = if told.is_empty() { String::new() } else { format!(": {}", told.escape_debug()) };
        Err(Refusal { class, why: format!("answered {}{told}", status.as_u16()), wait, gone: status.as_u16() == 410 })
    }

    fn failed(&self, error: &Error, url: &Secret) -> Refusal {
        let class = match error {
            Error::Timeout(_) => "timeout",
            _ => "connection",
        };
        let told = error.to_string().replace(url.expose(), "[hidden]");
        Refusal { class, why: format!("cannot be reached: {}", self.redactor.clean(&told)), wait: None, gone: false }
    }
}
