//! The cases that we do not pass, each with its reason. An entry that passes fails the test, so the list cannot go stale.

use super::suite::Direction;

const IGNORED: &[(&str, Direction, &str, &str)] = &[];

/// Why a case is not demanded.
pub fn reason(protocol: &str, direction: Direction, id: &str) -> Option<&'static str> {
    IGNORED.iter().find(|(p, d, i, _)| *p == protocol && *d == direction && *i == id).map(|(.., reason)| *reason)
}
