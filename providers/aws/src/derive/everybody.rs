//! Whether networks, taken together, are the internet: `0.0.0.0/0` can also be said in halves, or without the private ranges.
//! Special-purpose addresses (RFC 6890, RFC 5735, RFC 4291) reach nobody from outside, so leaving them out changes nothing.

use std::net::IpAddr;

/// IPv4 that is not the internet: this network, private, shared, loopback, link-local, multicast and reserved.
const NOT_PUBLIC: &[&str] =
    &["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3"];

/// Global unicast IPv6, `2000::/3`: the only part that is handed out.
const GLOBAL_V6: (u128, u128) = (0x2000 << 112, (0x4000 << 112) - 1);

/// Whether every public IPv4 address, or every global IPv6 address, is in one of the networks. What is no network counts for nothing.
pub(super) fn is_everybody<'a>(networks: impl IntoIterator<Item = &'a str>) -> bool {
    let (mut v4, mut v6) = (Vec::new(), Vec::new());
    for network in networks {
        match range(network) {
            Some((true, from, to)) => v4.push((from, to)),
            Some((false, from, to)) => v6.push((from, to)),
            None => {}
        }
    }
    v4.extend(NOT_PUBLIC.iter().filter_map(|network| range(network)).map(|(_, from, to)| (from, to)));
    covers(v4, (0, u32::MAX.into())) || covers(v6, GLOBAL_V6)
}

/// Whether it is IPv4, the first address and the last one.
fn range(network: &str) -> Option<(bool, u128, u128)> {
    let (address, length) = network.trim().split_once('/')?;
    let (v4, bits, first) = match address.parse().ok()? {
        IpAddr::V4(address) => (true, 32, u128::from(u32::from(address))),
        IpAddr::V6(address) => (false, 128, u128::from(address)),
    };
    let host: u32 = length.parse::<u32>().ok().filter(|length| *length <= bits).map(|length| bits - length)?;
    let span = 1u128.checked_shl(host).map_or(u128::MAX, |size| size - 1);
    Some((v4, first & !span, (first & !span) | span))
}

fn covers(mut ranges: Vec<(u128, u128)>, (from, to): (u128, u128)) -> bool {
    ranges.sort_unstable();
    let mut open = from;
    for (first, last) in ranges {
        if first > open {
            return false;
        }
        if last >= to {
            return true;
        }
        open = open.max(last + 1);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_internet_is_recognised_however_it_is_cut() {
        for (networks, everybody) in [
            (&["0.0.0.0/0"][..], true),
            (&["0:0::0/0"], true),
            (&["0.0.0.0/1", "128.0.0.0/1"], true),
            (&["::/1", "8000::/1"], true),
            (&["2000::/3"], true),
            (&["128.0.0.0/2", "0.0.0.0/2", "64.0.0.0/2", "192.0.0.0/2"], true),
            // Everything but 10.0.0.0/8.
            (&["0.0.0.0/5", "8.0.0.0/7", "11.0.0.0/8", "12.0.0.0/6", "16.0.0.0/4", "32.0.0.0/3", "64.0.0.0/2", "128.0.0.0/1"], true),
            (&["0.0.0.0/1"], false),
            (&["0.0.0.0/1", "0.0.0.0/1"], false),
            (&["0.0.0.0/1", "2000::/4"], false),
            (&["10.0.0.0/8", "192.168.0.0/16"], false),
            (&["0.0.0.0/1", "129.0.0.0/1", "sg-1", "1.2.3.4/33"], true),
            (&["0.0.0.0/2", "128.0.0.0/1"], false),
            (&[], false),
        ] {
            assert_eq!(is_everybody(networks.iter().copied()), everybody, "{networks:?}");
        }
    }
}
