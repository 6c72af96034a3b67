//! Which addresses may be asked for a document: `https`, a host that was allowed by name, and never where clouds keep credentials.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use fluent_uri::Uri;

use super::refusal;
use crate::ReadError;

/// How often a host may send on to another place of its own.
const MOVES: usize = 5;

/// Carries a request to a host that was allowed. This crate opens no connection itself.
///
/// Whoever implements it connects only to addresses that are not [`forbidden`], whatever the name of the host resolves to, follows no
/// redirection of its own accord, and reads no more than `limit` bytes.
pub trait Fetch: Send + Sync {
    /// What lies at an address.
    ///
    /// # Errors
    /// If it cannot be had, in words.
    fn get(&self, address: &str, limit: u64) -> Result<Reply, String>;
}

/// What a host answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// The bytes of a document.
    Document(Vec<u8>),
    /// Another place, as the host writes it.
    Moved(String),
}

/// Whether nobody may be sent to the address: link-local ones, where AWS, Azure, Google and others answer with credentials, and the
/// few metadata services that lie elsewhere (AWS over IPv6 below `fd00:ec2::`, Google `fd20:ce::254`, Alibaba `100.100.100.200`,
/// Oracle `192.0.0.192`, Azure's `168.63.129.16`), however the address is wrapped in another.
///
/// ```
/// assert!(oscal::forbidden("169.254.169.254".parse().unwrap()));
/// assert!(oscal::forbidden("::ffff:169.254.169.254".parse().unwrap()));
/// assert!(oscal::forbidden("2002:a9fe:a9fe::1".parse().unwrap()));
/// assert!(!oscal::forbidden("192.0.2.7".parse().unwrap()));
/// ```
pub fn forbidden(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let listed = [[100, 100, 100, 200], [192, 0, 0, 192], [168, 63, 129, 16]].contains(&v4.octets());
            v4.is_link_local() || v4.is_unspecified() || v4.is_multicast() || v4.is_broadcast() || listed
        }
        IpAddr::V6(v6) => {
            // Metadata, credentials of pods, and whatever else AWS puts there.
            let aws = v6.segments()[..2] == [0xfd00, 0x0ec2];
            let google = v6.segments() == [0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254];
            v6.is_unicast_link_local() || v6.is_unspecified() || v6.is_multicast() || aws || google || wrapped(v6).is_some_and(forbidden)
        }
    }
}

/// The address of IPv4 that one of IPv6 stands for, behind a translator (`64:ff9b::/96`, `64:ff9b:1::/48`), through a tunnel
/// (`2002::/16`), or by a form that is out of use (`::a.b.c.d`, not `::1`).
fn wrapped(v6: Ipv6Addr) -> Option<IpAddr> {
    let [.., a, b, c, d] = v6.octets();
    match v6.segments() {
        [0x64, 0xff9b, 0 | 1, ..] => Some(IpAddr::from([a, b, c, d])),
        [0x2002, ..] => Some(IpAddr::from([v6.octets()[2], v6.octets()[3], v6.octets()[4], v6.octets()[5]])),
        [0, 0, 0, 0, 0, 0, high, _] if high != 0 => Some(IpAddr::from([a, b, c, d])),
        _ => None,
    }
}

/// Hosts that were allowed, and how they are reached.
#[derive(Clone)]
pub(super) struct Remote {
    pub(super) hosts: Vec<String>,
    pub(super) fetch: Arc<dyn Fetch>,
}

impl fmt::Debug for Remote {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Remote").field("hosts", &self.hosts).finish_non_exhaustive()
    }
}

impl Remote {
    /// The bytes at an allowed address.
    pub(super) fn bytes(&self, place: &str) -> Result<Vec<u8>, ReadError> {
        let host = self.allowed(place)?;
        let mut address = place.to_owned();
        for _ in 0..=MOVES {
            let unread = |what: String| refusal(place, what, "see that the document is there, or copy it beside this one".into());
            match self.fetch.get(&address, crate::LARGEST).map_err(unread)? {
                Reply::Document(bytes) => return Ok(bytes),
                Reply::Moved(to) => {
                    let next = moved(&address, &to).ok_or_else(|| unread(format!("is moved to `{to}`, which is no address")))?;
                    if host_of(&next).as_ref() != Ok(&host) {
                        let fix = "name the document by the address where it is, and allow that host, if it is to be trusted";
                        return Err(refusal(place, format!("is moved to another host: `{next}`"), fix.into()));
                    }
                    address = next;
                }
            }
        }
        Err(refusal(place, format!("is moved more than {MOVES} times"), "name the document by the address where it is".into()))
    }

    /// The host of an address, if it was allowed.
    fn allowed(&self, place: &str) -> Result<String, ReadError> {
        let host = host_of(place).map_err(|what| refusal(place, what.to_owned(), "name it by a plain `https` address".into()))?;
        match self.hosts.iter().any(|own| own.eq_ignore_ascii_case(&host)) {
            true => Ok(host),
            false => {
                let fix = format!("copy the document beside this one, or allow the host with `--allow-host {host}`");
                Err(refusal(place, format!("is at the host `{host}`, which is not allowed"), fix))
            }
        }
    }
}

/// Host and port, in small letters, of an `https` address without a user; the port only where it is not 443.
fn host_of(address: &str) -> Result<String, &'static str> {
    let uri = Uri::parse(address).map_err(|_| "is no address")?;
    if uri.scheme().as_str() != "https" {
        return Err("is not an `https` address");
    }
    let authority = uri.authority().ok_or("names no host")?;
    if authority.userinfo().is_some() {
        return Err("names a user");
    }
    let host = authority.host().to_ascii_lowercase();
    if host.is_empty() {
        return Err("names no host");
    }
    if host.trim_matches(['[', ']']).parse().is_ok_and(forbidden) {
        return Err("is where a cloud keeps credentials; it is never asked");
    }
    match authority.port().map(|port| port.as_str()) {
        None | Some("" | "443") => Ok(host),
        Some(port) => Ok(format!("{host}:{port}")),
    }
}

/// Where a redirection leads.
fn moved(from: &str, to: &str) -> Option<String> {
    let base = Uri::parse(from).ok()?;
    let to = fluent_uri::UriRef::parse(to).ok()?;
    Some(to.resolve_against(&base).ok()?.as_str().to_owned())
}

#[cfg(test)]
mod tests;
