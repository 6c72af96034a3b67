//! Which entries are told together. A pure function of what waits: run again, it says the same.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::alert::name_of;
use super::outbox::Entry;
use super::{Kind, Severity};
use crate::config::GroupBy;

/// No message has more entries; the others go into the next one.
pub const MOST: usize = 500;

/// The entries of a message to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// Out of its entries.
    pub message: Uuid,
    /// Its entries.
    pub entries: Vec<Uuid>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key(Option<Kind>, Option<String>, Option<String>);

/// Bundles those groups whose first entry has waited for `wait`, the gravest first. When there are more of them than tokens, the last
/// token brings all that is left in one message: over the rate means told together, never dropped.
pub fn bundles(waiting: &[Entry], by: &[GroupBy], wait: SignedDuration, now: Timestamp, tokens: u32) -> Vec<Bundle> {
    let mut groups: BTreeMap<Key, Vec<&Entry>> = BTreeMap::new();
    waiting.iter().for_each(|entry| groups.entry(key(entry, by)).or_default().push(entry));
    // A clock that was set back must not hold an alert for as long as it jumped: what seems to come from the future has waited.
    let ripe = |group: &Vec<&Entry>| group.iter().any(|entry| entry.created + wait <= now || entry.created > now + wait);
    let mut groups: Vec<Vec<&Entry>> = groups.into_values().filter(ripe).collect();
    groups.sort_by_key(|group| (std::cmp::Reverse(gravest(group)), group.iter().map(|entry| (entry.created, entry.id)).min()));
    let tokens = tokens as usize;
    if groups.len() > tokens {
        let rest: Vec<&Entry> = groups.split_off(tokens.saturating_sub(1)).into_iter().flatten().collect();
        groups.push(rest);
    }
    // A group that is too large for one message needs more of them, and each its token.
    let messages = groups.iter().flat_map(|group| group.chunks(MOST)).take(tokens);
    messages.map(bundle).collect()
}

fn key(entry: &Entry, by: &[GroupBy]) -> Key {
    let alert = &entry.alert;
    Key(
        by.contains(&GroupBy::Kind).then_some(alert.kind),
        alert.control.clone().filter(|_| by.contains(&GroupBy::Control)),
        alert.scope.clone().filter(|_| by.contains(&GroupBy::Scope)),
    )
}

fn gravest(group: &[&Entry]) -> Option<Severity> {
    group.iter().map(|entry| entry.alert.severity).max()
}

fn bundle(entries: &[&Entry]) -> Bundle {
    let mut entries: Vec<Uuid> = entries.iter().map(|entry| entry.id).collect();
    entries.sort_unstable();
    let names: Vec<String> = entries.iter().map(Uuid::to_string).collect();
    Bundle { message: name_of("message", names.iter().map(String::as_str)), entries }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use jiff::{SignedDuration, Timestamp};

    use super::{MOST, bundles};
    use crate::alerts::channel::tests::{entry, entry_of};
    use crate::alerts::outbox::Entry;
    use crate::alerts::{Kind, Severity};
    use crate::config::GroupBy;

    const ALL: [GroupBy; 3] = [GroupBy::Kind, GroupBy::Control, GroupBy::Scope];
    const WAIT: SignedDuration = SignedDuration::from_secs(30);

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("a time")
    }

    #[test]
    fn what_belongs_together_waits_for_its_first_and_is_told_together() {
        let mut waiting =
            vec![entry("1", "dat-01", "prod", at(0)), entry("2", "dat-01", "prod", at(29)), entry("3", "dat-02", "prod", at(10))];
        assert_eq!(bundles(&waiting, &ALL, WAIT, at(29), 9), []);
        let first = bundles(&waiting, &ALL, WAIT, at(30), 9);
        assert_eq!(first.iter().map(|bundle| bundle.entries.len()).collect::<Vec<_>>(), [2]);
        assert_eq!(bundles(&waiting, &[GroupBy::Scope], WAIT, at(30), 9)[0].entries.len(), 3);
        waiting.reverse();
        assert_eq!(bundles(&waiting, &ALL, WAIT, at(30), 9), first, "the same entries are the same message");
    }

    #[test]
    fn what_is_over_the_rate_is_told_in_one_message_and_the_gravest_by_itself() {
        let mut waiting: Vec<Entry> = (0..20).map(|n| entry(&format!("{n}"), &format!("dat-{n:02}"), "prod", at(n))).collect();
        waiting.push(entry_of(Kind::Ledger, Severity::Critical, "x", "a", "b", at(20)));
        let found = bundles(&waiting, &ALL, WAIT, at(100), 3);
        assert_eq!(found.iter().map(|bundle| bundle.entries.len()).collect::<Vec<_>>(), [1, 1, 19]);
        assert_eq!(found[0].entries, [waiting[20].id]);
        let all: BTreeSet<_> = found.iter().flat_map(|bundle| bundle.entries.clone()).collect();
        assert_eq!(all.len(), 21);
        assert_eq!(bundles(&waiting, &ALL, WAIT, at(100), 1)[0].entries.len(), 21);
        assert_eq!(bundles(&waiting, &ALL, WAIT, at(100), 0), []);
    }

    #[test]
    fn more_than_one_message_holds_goes_into_the_next() {
        let waiting: Vec<Entry> = (0..MOST as i64 + 1).map(|n| entry(&format!("{n}"), "dat-01", "prod", at(0))).collect();
        let sizes = |tokens| bundles(&waiting, &ALL, WAIT, at(100), tokens).iter().map(|bundle| bundle.entries.len()).collect::<Vec<_>>();
        assert_eq!((sizes(5), sizes(1)), (vec![MOST, 1], vec![MOST]));
    }

    #[test]
    fn a_clock_that_was_set_back_holds_no_alert() {
        let waiting = [entry("1", "dat-01", "prod", at(10_000))];
        assert_eq!(bundles(&waiting, &ALL, WAIT, at(100), 1).len(), 1);
    }
}
