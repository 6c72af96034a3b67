//! When to try again: twice as long each time, spread by what the message is called, and not before the receiver asked.

use aws_lc_rs::digest::{SHA256, digest};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

const FIRST: SignedDuration = SignedDuration::from_secs(5);
const LONGEST: SignedDuration = SignedDuration::from_hours(1);
/// A receiver that asks for more gets this: an alert that comes next month is none.
const LONGEST_ASKED: SignedDuration = SignedDuration::from_hours(24);

/// When the attempt after this one (from 1) is due. The jitter follows from message and attempt, so that daemons that fail together do
/// not come back together, and a test knows when.
pub fn next(message: Uuid, attempt: u32, asked: Option<SignedDuration>, now: Timestamp) -> Timestamp {
    let doubled = attempt.saturating_sub(1).min(16);
    let full = FIRST.checked_mul(1 << doubled).map_or(LONGEST, |full| full.min(LONGEST));
    let seed = digest(&SHA256, &[message.as_bytes().as_slice(), &attempt.to_be_bytes()].concat());
    let spread = f64::from(u16::from_be_bytes([seed.as_ref()[0], seed.as_ref()[1]])) / f64::from(u16::MAX);
    // Between half of it and all of it.
    let wait = SignedDuration::from_millis((full.as_millis() as f64 * (0.5 + spread / 2.0)) as i64);
    now + asked.map_or(wait, |asked| wait.max(asked.min(LONGEST_ASKED)))
}

/// What `Retry-After` asks for: seconds or a date.
pub fn asked(value: &str, now: Timestamp) -> Option<SignedDuration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
        // More digits than fit ask for longer than anybody waits.
        return Some(value.parse().map_or(LONGEST_ASKED, |seconds: i32| SignedDuration::from_secs(seconds.into())));
    }
    let at = jiff::fmt::rfc2822::parse(value).ok()?.timestamp();
    Some(at.duration_since(now).max(SignedDuration::ZERO))
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};
    use uuid::Uuid;

    use super::{LONGEST, LONGEST_ASKED, asked, next};

    #[test]
    fn waits_grow_are_spread_and_have_an_end() {
        let now = Timestamp::UNIX_EPOCH;
        let wait = |message: u128, attempt| next(Uuid::from_u128(message), attempt, None, now).duration_since(now);
        for (attempt, full) in [(1, 5), (2, 10), (3, 20), (4, 40), (11, 3600), (90, 3600)] {
            let full = SignedDuration::from_secs(full);
            for message in 0..50 {
                let wait = wait(message, attempt);
                assert!(wait >= full / 2 && wait <= full, "{attempt}: {wait}");
            }
        }
        let waits: std::collections::BTreeSet<_> = (0..50).map(|message| wait(message, 5)).collect();
        assert!(waits.len() > 40, "spread: {}", waits.len());
        assert_eq!(wait(7, 3), wait(7, 3));
        assert!(wait(1, 40) <= LONGEST);
    }

    #[test]
    fn the_receiver_is_not_asked_before_it_said() {
        let now: Timestamp = "2026-11-01T10:00:00Z".parse().expect("a time");
        assert_eq!(asked("120", now), Some(SignedDuration::from_secs(120)));
        assert_eq!(asked("Sun, 01 Nov 2026 10:05:00 GMT", now), Some(SignedDuration::from_mins(5)));
        assert_eq!(asked("Sun, 01 Nov 2026 09:05:00 GMT", now), Some(SignedDuration::ZERO));
        assert_eq!(asked("soon", now), None);
        let at = |asked| next(Uuid::nil(), 1, asked, now).duration_since(now);
        assert_eq!(at(asked("120", now)), SignedDuration::from_secs(120));
        assert_eq!(at(asked("99999999999999999999", now)), LONGEST_ASKED);
        assert!(at(asked("0", now)) >= SignedDuration::from_millis(2500));
    }
}
