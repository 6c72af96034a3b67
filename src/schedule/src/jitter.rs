//! Jitter: each scope has its own place within a span, the same for every tick, so that a hundred accounts are not read in one second.

use sha2::{Digest, Sha256};

use crate::Length;

/// How far the ticks of a scope are put off: less than `jitter`, and the same on every machine and in every version.
pub(crate) fn offset(schedule: &str, scope: &str, jitter: Length) -> i64 {
    if jitter == Length::ZERO {
        return 0;
    }
    // Names hold no NUL, so no two pairs are hashed alike.
    let digest = Sha256::new().chain_update(schedule).chain_update([0]).chain_update(scope).finalize();
    let first = digest.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    let span = u64::try_from(jitter.seconds()).expect("a length is not negative");
    i64::try_from(first % span).expect("it is less than the length")
}
