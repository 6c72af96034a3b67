//! Times on a wall clock as instants: the one place that knows what a clock does when its zone changes.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};

use crate::every::second;

/// The first instant, in seconds, at which a clock of the zone shows `wall` or later.
///
/// That is the time itself on a plain day; the end of the gap where clocks are put forward over it; and the first of the two where they
/// are put back to it. So every wall time has exactly one instant, and the order of wall times is kept.
pub(crate) fn first_shown(zone: &TimeZone, wall: DateTime) -> Option<i64> {
    match zone.to_ambiguous_timestamp(wall).offset() {
        AmbiguousOffset::Unambiguous { offset } => instant(offset, wall),
        AmbiguousOffset::Fold { before, .. } => instant(before, wall),
        AmbiguousOffset::Gap { before, .. } => gap_end(zone, instant(before, wall)?),
    }
}

/// The instants, in seconds, at which a beat that the zone does not disturb strikes `wall`: both of them where clocks are put back,
/// and in a gap the one where the clock would have shown it, had it not been put forward.
pub(crate) fn struck(zone: &TimeZone, wall: DateTime) -> [Option<i64>; 2] {
    match zone.to_ambiguous_timestamp(wall).offset() {
        AmbiguousOffset::Unambiguous { offset } => [instant(offset, wall), None],
        AmbiguousOffset::Fold { before, after } => [instant(before, wall), instant(after, wall)],
        AmbiguousOffset::Gap { before, .. } => [instant(before, wall), None],
    }
}

fn instant(offset: Offset, wall: DateTime) -> Option<i64> {
    offset.to_timestamp(wall).ok().map(second)
}

/// The change of the zone that skipped a wall time; `late` is where that time would have been without it, at or soon after the change.
fn gap_end(zone: &TimeZone, late: i64) -> Option<i64> {
    let just_after = Timestamp::from_second(late.checked_add(1)?).ok()?;
    zone.preceding(just_after).next().map(|change| second(change.timestamp()))
}

/// A stretch of time without any change of a zone: from its first instant to before its last, in seconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Calm {
    pub(crate) from: i64,
    pub(crate) until: i64,
    /// How far clocks are ahead of UTC in it.
    pub(crate) ahead: i64,
}

impl Calm {
    /// The stretch that an instant lies in.
    pub(crate) fn around(zone: &TimeZone, at: Timestamp) -> Self {
        let just_after = Timestamp::from_second(second(at).saturating_add(1)).unwrap_or(Timestamp::MAX);
        Self {
            from: zone.preceding(just_after).next().map_or(i64::MIN / 4, |change| second(change.timestamp())),
            until: zone.following(at).next().map_or(i64::MAX / 4, |change| second(change.timestamp())),
            ahead: i64::from(zone.to_offset(at).seconds()),
        }
    }
}
