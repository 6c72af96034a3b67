//! Which resources to read again because something changed them, long before the next full sweep comes by.
//!
//! A hint is a convenience and no record: it lives in memory, it may be lost, and the sweep finds what it missed. So it is bounded: a
//! resource that changes all the time is read again at most every so often, and a crowd of resources becomes their whole kind.

use std::collections::{BTreeMap, BTreeSet};

use inventory::{KindId, Scope};
use jiff::{SignedDuration, Timestamp};

use crate::{Announced, Event};

/// How hints wait and gather.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HintSettings {
    /// How long a resource must have been left alone before it is read again: changes come in bursts.
    pub quiet: SignedDuration,
    /// How long it may wait at most, left alone or not.
    pub longest: SignedDuration,
    /// How many resources of a kind in a scope may be waiting before all of it is read again.
    pub most: usize,
    /// How many kinds in scopes may be waiting at all; what comes beyond is left to the sweep and counted.
    pub most_places: usize,
}

impl Default for HintSettings {
    fn default() -> Self {
        Self { quiet: SignedDuration::from_secs(5), longest: SignedDuration::from_secs(60), most: 200, most_places: 10_000 }
    }
}

/// Where a kind is listed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Target {
    /// The kind.
    pub kind: KindId,
    /// The scope.
    pub scope: Scope,
}

/// Which resources of a target.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Which {
    /// These, by `Resource::id`.
    Resources(BTreeSet<String>),
    /// All of them: too many to name, or the log did not name them.
    All,
}

/// Something to read again now.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dirty {
    /// Where.
    pub target: Target,
    /// Which.
    pub which: Which,
}

/// When something was marked.
#[derive(Clone, Copy, Debug)]
struct Mark {
    first: Timestamp,
    last: Timestamp,
}

#[derive(Debug, Default)]
struct Waiting {
    resources: BTreeMap<String, Mark>,
    all: Option<Mark>,
}

/// What is waiting to be read again.
#[derive(Debug)]
pub struct Hints {
    settings: HintSettings,
    waiting: BTreeMap<Target, Waiting>,
    refused: u64,
}

impl Hints {
    /// Nothing is waiting.
    pub fn new(settings: HintSettings) -> Self {
        Self { settings, waiting: BTreeMap::new(), refused: 0 }
    }

    /// Marks what `event`, which came `now`, changed; nothing if it changed nothing. Answers what was announced, for [`crate::missed()`].
    pub fn mark(&mut self, event: &Event, now: Timestamp) -> Vec<Announced> {
        if !event.changes() {
            return Vec::new();
        }
        let known = event.touched.iter().filter_map(|touched| Some((touched.kind.clone()?, touched)));
        let mut announced = Vec::new();
        for (kind, touched) in known {
            let target = Target { kind, scope: touched.scope.clone() };
            announced.push(Announced { target: target.clone(), id: touched.id.clone(), at: event.at });
            self.add(target, touched.id.clone(), now);
        }
        announced
    }

    fn add(&mut self, target: Target, id: Option<String>, now: Timestamp) {
        if self.waiting.len() >= self.settings.most_places && !self.waiting.contains_key(&target) {
            self.refused += 1;
            return;
        }
        let most = self.settings.most;
        let waiting = self.waiting.entry(target).or_default();
        if let Some(all) = &mut waiting.all {
            // All of it is read again anyway.
            all.last = now;
            return;
        }
        let whole = id.is_none();
        if let Some(id) = id {
            waiting.resources.entry(id).and_modify(|mark| mark.last = now).or_insert(Mark { first: now, last: now });
        }
        if whole || waiting.resources.len() > most {
            waiting.all = Some(waiting.take_over(now));
        }
    }

    /// What has been left alone long enough, or has waited long enough; it waits no longer.
    pub fn due(&mut self, now: Timestamp) -> Vec<Dirty> {
        let settings = self.settings;
        let due = |mark: &Mark| now.duration_since(mark.last) >= settings.quiet || now.duration_since(mark.first) >= settings.longest;
        let mut found = Vec::new();
        for (target, waiting) in &mut self.waiting {
            if waiting.all.as_ref().is_some_and(due) {
                waiting.all = None;
                found.push(Dirty { target: target.clone(), which: Which::All });
            }
            let ripe: BTreeSet<String> = waiting.resources.iter().filter(|(_, mark)| due(mark)).map(|(id, _)| id.clone()).collect();
            waiting.resources.retain(|id, _| !ripe.contains(id));
            if !ripe.is_empty() {
                found.push(Dirty { target: target.clone(), which: Which::Resources(ripe) });
            }
        }
        self.waiting.retain(|_, waiting| waiting.all.is_some() || !waiting.resources.is_empty());
        found
    }

    /// When [`Hints::due`] will next have something, if nothing more is marked.
    pub fn next_due(&self) -> Option<Timestamp> {
        let soonest = |mark: &Mark| {
            let quiet = mark.last.checked_add(self.settings.quiet).unwrap_or(Timestamp::MAX);
            quiet.min(mark.first.checked_add(self.settings.longest).unwrap_or(Timestamp::MAX))
        };
        self.waiting.values().flat_map(|waiting| waiting.resources.values().chain(&waiting.all)).map(soonest).min()
    }

    /// How many resources wait, a whole kind counting as one.
    pub fn len(&self) -> usize {
        self.waiting.values().map(|waiting| waiting.resources.len() + usize::from(waiting.all.is_some())).sum()
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// How many marks were left to the sweep because too much was waiting.
    pub fn refused(&self) -> u64 {
        self.refused
    }
}

impl Waiting {
    /// The mark of the whole kind, in place of those of its resources; it has waited as long as the one that has waited longest.
    fn take_over(&mut self, now: Timestamp) -> Mark {
        let first = std::mem::take(&mut self.resources).into_values().map(|mark| mark.first).min();
        Mark { first: first.unwrap_or(now), last: now }
    }
}

#[cfg(test)]
mod tests {
    use inventory::Scope;
    use serde_json::Value;

    use super::*;
    use crate::{Actor, ActorKind, Outcome, Raw, Touched};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn bucket(id: Option<&str>) -> Event {
        let scope = Scope::account("aws", "111122223333");
        Event {
            source: "aws.cloudtrail".into(),
            id: "1".into(),
            at: at(-600),
            received: None,
            scope: scope.region("eu-west-1"),
            action: "s3:PutBucketPolicy".into(),
            actor: Actor { id: "alice".into(), name: None, kind: ActorKind::User, session: None },
            outcome: Outcome::Success,
            touched: vec![Touched { kind: Some("aws.s3.bucket".parse().unwrap()), id: id.map(str::to_owned), scope }],
            address: None,
            read_only: false,
            classes: BTreeMap::new(),
            raw: Raw::redacted(Value::Null),
        }
    }

    fn hints(most: usize) -> Hints {
        Hints::new(HintSettings { most, ..HintSettings::default() })
    }

    fn ids(dirty: &[Dirty]) -> Vec<&Which> {
        dirty.iter().map(|dirty| &dirty.which).collect()
    }

    fn named(names: &[&str]) -> Which {
        Which::Resources(names.iter().map(|name| (*name).to_owned()).collect())
    }

    #[test]
    fn a_changed_resource_is_due_when_it_has_been_left_alone() {
        let mut hints = hints(10);
        assert_eq!(hints.mark(&bucket(Some("a")), at(0)).len(), 1);
        hints.mark(&bucket(Some("a")), at(3));
        hints.mark(&bucket(Some("b")), at(1));
        assert_eq!(hints.next_due(), Some(at(6)));
        assert_eq!(ids(&hints.due(at(7))), [&named(&["b"])]);
        assert_eq!(ids(&hints.due(at(8))), [&named(&["a"])]);
        assert!(hints.is_empty() && hints.due(at(100)).is_empty() && hints.next_due().is_none());
    }

    #[test]
    fn a_resource_that_is_never_left_alone_is_read_again_all_the_same() {
        let mut hints = hints(10);
        let due: Vec<i64> = (0..=130)
            .filter(|second| {
                hints.mark(&bucket(Some("a")), at(*second));
                !hints.due(at(*second)).is_empty()
            })
            .collect();
        assert_eq!(due, [60, 121]);
    }

    #[test]
    fn what_changes_nothing_marks_nothing() {
        let mut hints = hints(10);
        let outcomes = [Outcome::Denied { code: "AccessDenied".into() }, Outcome::Failed { code: "500".into() }, Outcome::Pending];
        for outcome in outcomes {
            assert_eq!(hints.mark(&Event { outcome, ..bucket(Some("a")) }, at(0)), []);
        }
        hints.mark(&Event { read_only: true, ..bucket(Some("a")) }, at(0));
        let unread = Touched { kind: None, id: Some("a".into()), scope: Scope::account("aws", "111122223333") };
        hints.mark(&Event { touched: vec![unread], ..bucket(None) }, at(0));
        assert!(hints.is_empty());
    }

    #[test]
    fn a_crowd_becomes_the_whole_kind() {
        let mut hints = hints(3);
        for (second, id) in ["a", "b", "c", "d", "e"].into_iter().enumerate() {
            hints.mark(&bucket(Some(id)), at(second as i64));
        }
        assert_eq!(hints.len(), 1);
        assert_eq!(hints.due(at(8)), []);
        assert_eq!(ids(&hints.due(at(9))), [&Which::All]);
        hints.mark(&bucket(Some("a")), at(20));
        hints.mark(&bucket(None), at(21));
        assert_eq!(ids(&hints.due(at(26))), [&Which::All], "a resource that the log does not name is any of them");
    }

    #[test]
    fn a_flood_of_places_is_left_to_the_sweep_and_counted() {
        let mut hints = Hints::new(HintSettings { most_places: 2, ..HintSettings::default() });
        for account in ["1", "2", "3", "1"] {
            let scope = Scope::account("aws", account);
            let touched = vec![Touched { scope, ..bucket(Some("a")).touched.remove(0) }];
            hints.mark(&Event { touched, ..bucket(None) }, at(0));
        }
        assert_eq!((hints.len(), hints.refused()), (2, 1));
    }
}
