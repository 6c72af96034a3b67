//! Which stretch of time to read next: `[watermark − overlap, now − settle)`, in pieces, never backwards.
//!
//! The watermark is the instant up to which a source was read to its end. Logs deliver late and out of order: the *settle* time is how
//! long to wait before a stretch is read at all, the *overlap* how far to look back for stragglers; what was seen before is told apart by
//! [`crate::settle`].

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// From an instant up to, and not with, another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// The first instant in it.
    pub from: Timestamp,
    /// The first instant after it.
    pub to: Timestamp,
}

impl Span {
    /// Whether an instant is in it.
    pub fn holds(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.to
    }
}

/// How a source's windows are cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// How far before the watermark a window begins.
    pub overlap: SignedDuration,
    /// How long events may take to appear in the log.
    pub settle: SignedDuration,
    /// How far a window may move the watermark: a long outage is read in pieces.
    pub longest: SignedDuration,
    /// How long the source keeps events, if not for ever.
    pub retention: Option<SignedDuration>,
}

/// What to read next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// What to read.
    pub span: Span,
    /// Where the overlap ends: what lies before was read once already.
    pub since: Timestamp,
    /// What the source no longer keeps and nobody read. It is a gap for good, with or without this window.
    pub lost: Option<Span>,
}

impl Window {
    /// The same window, moving the watermark half as far; for a source that could not give all of it at once. None where it cannot be
    /// halved any more.
    pub fn half(&self) -> Option<Window> {
        let half = self.since.checked_add(self.span.to.duration_since(self.since) / 2).ok()?;
        let to = Timestamp::from_second(half.as_second()).ok()?;
        (to > self.since).then_some(Window { span: Span { to, ..self.span }, ..*self })
    }
}

/// The window to read now; none while everything that has settled was read, or the clock stands before the watermark.
///
/// The end is never before the watermark, so that a clock that jumps back makes windows wait and never makes them go back. See [`ahead`].
pub fn next(watermark: Timestamp, now: Timestamp, settings: &Settings) -> Option<Window> {
    let settled = before(now, settings.settle);
    let oldest = settings.retention.map_or(Timestamp::MIN, |kept| before(now, kept));
    // What has passed out of the log since the watermark: unless it is named, the next window would hide it.
    let lost = (watermark < oldest).then_some(Span { from: watermark, to: oldest });
    let since = watermark.max(oldest);
    let to = settled.min(after(since, settings.longest.max(SignedDuration::from_secs(1))));
    let from = before(since, settings.overlap).max(oldest);
    (to > since).then_some(Window { span: Span { from, to }, since, lost })
}

/// The stretch that was called read before it came: the clock had jumped ahead and is back. Nothing of it was read, so it is a gap, and the
/// caller sets the watermark back to its start.
pub fn ahead(watermark: Timestamp, now: Timestamp, settings: &Settings) -> Option<Span> {
    // A watermark is never set later than the settled past, so beyond that it is not delay but a clock.
    let from = before(now, settings.settle);
    (watermark > now).then_some(Span { from, to: watermark })
}

/// A negative length is a slip of whoever configured it, and is none.
pub(crate) fn before(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_sub(by.max(SignedDuration::ZERO)).unwrap_or(Timestamp::MIN)
}

fn after(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by.max(SignedDuration::ZERO)).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn settings() -> Settings {
        let seconds = SignedDuration::from_secs;
        Settings { overlap: seconds(300), settle: seconds(900), longest: seconds(3_600), retention: None }
    }

    #[test]
    fn a_window_looks_back_over_the_overlap_and_waits_for_the_settle_time() {
        let window = next(at(0), at(2_000), &settings()).unwrap();
        assert_eq!(window, Window { span: Span { from: at(-300), to: at(1_100) }, since: at(0), lost: None });
        assert_eq!(next(at(0), at(900), &settings()), None);
    }

    #[test]
    fn a_long_outage_is_read_in_pieces_that_leave_nothing_out() {
        let (mut watermark, now, mut pieces) = (at(0), at(100_000), 0);
        while let Some(window) = next(watermark, now, &settings()) {
            assert!(window.since == watermark && window.span.from < watermark && window.lost.is_none());
            watermark = window.span.to;
            pieces += 1;
        }
        assert_eq!((watermark, pieces), (at(99_100), 28));
    }

    #[test]
    fn what_the_log_no_longer_keeps_is_lost_and_said_to_be() {
        let kept = Settings { retention: Some(SignedDuration::from_secs(10_000)), ..settings() };
        let window = next(at(0), at(50_000), &kept).unwrap();
        assert_eq!(window.lost, Some(Span { from: at(0), to: at(40_000) }));
        assert_eq!((window.span, window.since), (Span { from: at(40_000), to: at(43_600) }, at(40_000)));
    }

    #[test]
    fn a_clock_that_jumped_ahead_and_came_back_leaves_a_gap_with_a_name() {
        let (watermark, now) = (at(1_000_000), at(5_000));
        assert_eq!(next(watermark, now, &settings()), None);
        assert_eq!(ahead(watermark, now, &settings()), Some(Span { from: at(4_100), to: watermark }));
        assert_eq!(ahead(at(4_500), now, &settings()), None, "waiting for the settle time is no jump");
    }

    #[test]
    fn a_window_is_halved_until_a_second_is_left() {
        let mut window = next(at(0), at(100_000), &settings()).unwrap();
        let mut halves = 0;
        while let Some(half) = window.half() {
            assert!(half.span.to < window.span.to && half.span.to > half.since);
            window = half;
            halves += 1;
        }
        assert_eq!((window.span.to, halves), (at(1), 11));
    }

    proptest! {
        #[test]
        fn windows_never_go_back_and_never_leave_anything_out(steps in prop::collection::vec(-40_000_i64..60_000, 1..60)) {
            let (mut now, mut watermark) = (at(0), at(0));
            for step in steps {
                now = now.checked_add(SignedDuration::from_secs(step)).unwrap();
                while let Some(window) = next(watermark, now, &settings()) {
                    prop_assert_eq!(window.since, watermark);
                    prop_assert!(window.span.from <= watermark && window.span.to > watermark);
                    prop_assert!(window.span.to <= before(now, settings().settle));
                    prop_assert!(window.span.to <= after(watermark, settings().longest));
                    watermark = window.span.to;
                }
            }
        }

        #[test]
        fn the_ends_of_time_are_no_place_to_fall_off(watermark in any::<i64>(), now in any::<i64>(), length in any::<i64>()) {
            let clamp = |second: i64| Timestamp::from_second(second).unwrap_or(if second < 0 { Timestamp::MIN } else { Timestamp::MAX });
            let odd = SignedDuration::from_secs(length);
            let settings = Settings { overlap: odd, settle: odd, longest: odd, retention: Some(odd) };
            if let Some(window) = next(clamp(watermark), clamp(now), &settings) {
                prop_assert!(window.span.from <= window.since && window.since < window.span.to);
            }
        }
    }
}
