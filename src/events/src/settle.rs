//! What a reading leaves behind: the events that are new, how far the watermark moves, what to remember, or the gap.
//!
//! Ids are remembered only together with the watermark. A window that was not read to its end is read again, and then has to show
//! everything it holds: an event that a broken reading has shown once must not be missing from the whole one.

use std::collections::BTreeSet;

use inventory::Gap;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Ended, Event, Reading, Span, Window};

/// What tells an event from every other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EventId {
    /// The log.
    pub source: String,
    /// The log's own id.
    pub id: String,
}

/// What earlier windows have shown; the caller keeps it, at least as far back as the overlap reaches.
pub trait Seen {
    /// Whether this event was in an earlier window.
    fn has(&self, event: &EventId) -> bool;
}

impl Seen for BTreeSet<EventId> {
    fn has(&self, event: &EventId) -> bool {
        self.contains(event)
    }
}

/// What follows from a reading. Everything in it belongs into one transaction.
#[derive(Clone, Debug, PartialEq)]
pub struct Settled {
    /// The events of the window that no earlier one has shown, in the order in which they happened.
    pub fresh: Vec<Event>,
    /// How many had been seen before.
    pub repeated: u64,
    /// How many the source gave that are not in the window; another window has them.
    pub strays: u64,
    /// The new watermark; none where it stays.
    pub watermark: Option<Timestamp>,
    /// What later windows must know again; nothing where the watermark stays.
    pub remember: Vec<EventId>,
    /// The stretches that were not read, and why: one for what was lost, one for what could not be read to its end.
    pub gaps: Vec<(Span, Gap)>,
}

/// What follows from `reading` of `window`.
pub fn settle(window: &Window, reading: Reading, seen: &dyn Seen) -> Settled {
    let (inside, strays): (Vec<Event>, Vec<Event>) = reading.events.into_iter().partition(|event| window.span.holds(event.at));
    let (mut fresh, mut known, mut repeated) = (Vec::new(), BTreeSet::new(), 0);
    for event in inside {
        if seen.has(&event.key()) || !known.insert(event.key()) {
            repeated += 1;
        } else {
            fresh.push(event);
        }
    }
    fresh.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    let mut gaps: Vec<(Span, Gap)> = window.lost.map(|lost| (lost, outlived())).into_iter().collect();
    let (watermark, remember) = match reading.ended {
        Ended::Complete => (Some(window.span.to), known.into_iter().collect()),
        Ended::Gap(gap) => {
            gaps.push((Span { from: window.since, to: window.span.to }, gap));
            (None, Vec::new())
        }
    };
    Settled { fresh, repeated, strays: strays.len() as u64, watermark, remember, gaps }
}

/// Why a lost stretch is lost.
fn outlived() -> Gap {
    Gap::new("events:Read", "Expired").with_detail("the source no longer keeps these events; nobody read them while it did")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use inventory::Scope;
    use jiff::SignedDuration;
    use proptest::prelude::*;

    use super::*;
    use crate::{Actor, ActorKind, Outcome, Raw, Settings, next};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn event(id: &str, second: i64) -> Event {
        Event {
            source: "aws.cloudtrail".into(),
            id: id.into(),
            at: at(second),
            received: None,
            scope: Scope::account("aws", "111122223333"),
            action: "s3:PutBucketPolicy".into(),
            actor: Actor { id: "alice".into(), name: None, kind: ActorKind::User, session: None },
            outcome: Outcome::Success,
            touched: Vec::new(),
            address: None,
            read_only: false,
            classes: BTreeMap::new(),
            raw: Raw::redacted(serde_json::Value::Null),
        }
    }

    fn window() -> Window {
        Window { span: Span { from: at(0), to: at(100) }, since: at(20), lost: None }
    }

    #[test]
    fn what_was_read_to_its_end_moves_the_watermark_and_is_remembered() {
        let seen = BTreeSet::from([event("a", 0).key()]);
        let events = vec![event("c", 99), event("b", 5), event("a", 10), event("b", 5), event("d", 100)];
        let settled = settle(&window(), Reading::complete(events), &seen);
        assert_eq!(settled.fresh, [event("b", 5), event("c", 99)]);
        assert_eq!((settled.repeated, settled.strays, settled.watermark), (2, 1, Some(at(100))));
        assert_eq!(settled.remember, [event("b", 5).key(), event("c", 99).key()]);
        assert_eq!(settled.gaps, []);
    }

    #[test]
    fn what_was_not_read_to_its_end_is_a_gap_and_is_read_again_whole() {
        let gap = Gap::new("cloudtrail:LookupEvents", "Throttling");
        let broken = settle(&window(), Reading::broken(vec![event("a", 30)], gap.clone()), &BTreeSet::new());
        assert_eq!((broken.watermark, broken.remember.len()), (None, 0));
        assert_eq!(broken.gaps, [(Span { from: at(20), to: at(100) }, gap)]);
        let whole = settle(&window(), Reading::complete(vec![event("a", 30), event("b", 40)]), &BTreeSet::new());
        assert_eq!(whole.fresh.len(), 2);
    }

    #[test]
    fn what_the_source_no_longer_keeps_stays_a_gap_although_the_rest_was_read() {
        let lost = Span { from: at(-500), to: at(20) };
        let settled = settle(&Window { lost: Some(lost), ..window() }, Reading::complete(Vec::new()), &BTreeSet::new());
        assert_eq!(settled.watermark, Some(at(100)));
        assert_eq!(settled.gaps.iter().map(|(span, gap)| (*span, gap.cause.as_str())).collect::<Vec<_>>(), [(lost, "Expired")]);
    }

    proptest! {
        /// Every event that a log shows within its overlap comes out once, whatever breaks on the way and however late it shows.
        #[test]
        fn nothing_is_lost_and_nothing_doubled(
            events in prop::collection::vec((0_i64..20_000, 0_i64..1_100), 0..80),
            broken in prop::collection::vec(any::<bool>(), 40),
        ) {
            let seconds = SignedDuration::from_secs;
            let settings = Settings { overlap: seconds(300), settle: seconds(800), longest: seconds(2_000), retention: None };
            let (mut watermark, mut now, mut seen, mut came) = (at(-1), at(0), BTreeSet::new(), Vec::new());
            let mut breaks = broken.into_iter();
            while watermark < at(21_000) {
                now = now.checked_add(seconds(250)).unwrap();
                while let Some(window) = next(watermark, now, &settings) {
                    // The log shows what happened after its delay, and some of what lies around the window too.
                    let shown = events.iter().enumerate().filter(|(_, (second, delay))| at(second + delay) <= now);
                    let events = shown.map(|(id, (second, _))| event(&id.to_string(), *second)).collect();
                    let breaks_now = breaks.next().unwrap_or(false);
                    let reading = if breaks_now { Reading::broken(events, Gap::new("a", "b")) } else { Reading::complete(events) };
                    let settled = settle(&window, reading, &seen);
                    let Some(moved) = settled.watermark else { break };
                    watermark = moved;
                    came.extend(settled.fresh.into_iter().map(|event| event.id));
                    seen.extend(settled.remember);
                }
            }
            came.sort_by_key(|id| id.parse::<usize>().unwrap());
            let all: Vec<String> = (0..events.len()).map(|id| id.to_string()).collect();
            prop_assert_eq!(came, all);
        }
    }
}
