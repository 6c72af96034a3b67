//! What comes to an exemption by itself: warnings before its end, and the end.

use jiff::{SignedDuration, Timestamp};

use super::{ExemptionChange, ExemptionStep, Held, Standing};

/// How many days before its end an exemption is spoken of, the earliest first.
pub const WARNINGS: [u16; 3] = [30, 7, 1];

/// The steps that are due now. Once they are folded in, nothing is due until time has passed: each comes exactly once.
///
/// Where several warnings are due, because nobody looked for a while, only the nearest is given: it makes the others needless.
pub fn due_steps<'a>(held: impl IntoIterator<Item = &'a Held>, now: Timestamp) -> Vec<ExemptionStep> {
    held.into_iter().filter_map(|held| Some(ExemptionStep::new(&held.request.id, now, due(held, now)?))).collect()
}

fn due(held: &Held, now: Timestamp) -> Option<ExemptionChange> {
    match held.standing {
        Standing::Requested | Standing::Approved if now >= held.ends() => Some(ExemptionChange::Expired),
        Standing::Approved => {
            let nearest = WARNINGS.into_iter().filter(|days| is_near(held.ends(), *days, now)).min()?;
            let is_new = held.warned.is_none_or(|given| nearest < given);
            is_new.then_some(ExemptionChange::Warned { days: nearest })
        }
        Standing::Requested | Standing::Rejected | Standing::Withdrawn | Standing::Revoked | Standing::Removed | Standing::Expired => None,
    }
}

/// Whether the end is so many days away, or fewer.
pub(super) fn is_near(ends: Timestamp, days: u16, now: Timestamp) -> bool {
    ends.duration_since(now) <= SignedDuration::from_hours(24 * i64::from(days))
}
