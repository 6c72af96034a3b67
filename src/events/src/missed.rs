//! Changes that the full sweep was the first to see although events should have announced them: the measure of how far hints can be
//! trusted, and the sign of a log that does not tell everything.

use std::collections::{BTreeMap, HashMap};

use inventory::KindId;
use jiff::{SignedDuration, Timestamp};

use crate::window::before;
use crate::{Span, Target};

/// A resource that a sweep found changed, new or gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its kind and scope.
    pub target: Target,
    /// Its id.
    pub id: String,
    /// From when it was last seen as it was before, up to when the change was seen.
    pub between: Span,
}

/// A change that an event announced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announced {
    /// The kind and scope.
    pub target: Target,
    /// The id; none where all of it may have changed.
    pub id: Option<String>,
    /// When it happened.
    pub at: Timestamp,
}

/// How many changes came unannounced, by kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Missed {
    /// Changes that no event announced although the log has been read beyond them.
    pub missed: BTreeMap<KindId, u64>,
    /// Changes of which the log does not say yet: it was not read that far. They belong into the next count.
    pub open: Vec<Change>,
}

/// Which of `changes` no event announced. `read_to` is the watermark of the log that would have: up to there all events are known.
///
/// A cloud shows a change some time after it says it happened: `slack` is how far before the span an event may lie and still be its.
pub fn missed(changes: Vec<Change>, announced: &[Announced], read_to: Timestamp, slack: SignedDuration) -> Missed {
    let mut by_target: HashMap<(&str, String), Vec<&Announced>> = HashMap::new();
    for one in announced {
        by_target.entry((one.target.kind.as_str(), one.target.scope.to_string())).or_default().push(one);
    }
    let mut found = Missed::default();
    for change in changes {
        let from = before(change.between.from, slack);
        let its = |one: &&&Announced| one.at >= from && one.at <= change.between.to && one.id.as_ref().is_none_or(|id| *id == change.id);
        let candidates = by_target.get(&(change.target.kind.as_str(), change.target.scope.to_string()));
        if candidates.is_some_and(|all| all.iter().find(|one| its(one)).is_some()) {
            continue;
        }
        if read_to < change.between.to {
            found.open.push(change);
        } else {
            *found.missed.entry(change.target.kind).or_default() += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use inventory::Scope;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn target(kind: &str) -> Target {
        Target { kind: kind.parse().unwrap(), scope: Scope::account("aws", "111122223333") }
    }

    fn change(kind: &str, id: &str, from: i64, to: i64) -> Change {
        Change { target: target(kind), id: id.into(), between: Span { from: at(from), to: at(to) } }
    }

    fn announced(kind: &str, id: Option<&str>, second: i64) -> Announced {
        Announced { target: target(kind), id: id.map(str::to_owned), at: at(second) }
    }

    #[test]
    fn a_change_counts_as_missed_only_when_the_log_was_read_beyond_it() {
        let (bucket, role) = ("aws.s3.bucket", "aws.iam.role");
        let changes = vec![
            change(bucket, "told", 0, 100),
            change(bucket, "silent", 0, 100),
            change(bucket, "too-new", 0, 301),
            change(role, "in-the-crowd", 0, 100),
            change(role, "long-after", 200, 300),
            change(bucket, "just-before", 60, 100),
        ];
        let hints = [
            announced(bucket, Some("told"), 50),
            announced(role, None, 70),
            announced(bucket, Some("just-before"), 55),
            announced(bucket, Some("long-after"), 250),
        ];
        let found = missed(changes, &hints, at(300), SignedDuration::from_secs(10));
        let counts: Vec<(&str, u64)> = found.missed.iter().map(|(kind, count)| (kind.as_str(), *count)).collect();
        assert_eq!(counts, [(role, 1), (bucket, 1)]);
        assert_eq!(found.open.iter().map(|change| change.id.as_str()).collect::<Vec<_>>(), ["too-new"]);
    }
}
