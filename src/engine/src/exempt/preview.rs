//! What an exemption would cover, before anybody approves it.

use std::collections::{BTreeMap, BTreeSet};

use checks::CheckId;
use inventory::{Read, Scope};

use super::{Exemption, Exemptions, Subject};

/// A resource that fails a check: as much of it as an exemption can ask about.
#[derive(Clone, Debug, PartialEq)]
pub struct Failing {
    /// The check.
    pub check: CheckId,
    /// Where the resource is.
    pub scope: Scope,
    /// The provider's own id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Its tags, if they could be read.
    pub tags: Read<BTreeMap<String, String>>,
}

/// What an exemption would cover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// Failures that it would mark today.
    pub failures: u64,
    /// The resources that these are of, by the provider's id.
    pub resources: BTreeSet<String>,
    /// The resources that it would have covered a week ago.
    pub last_week: BTreeSet<String>,
    /// Failures that it misses only because the tags of the resource could not be read.
    pub tags_unread: u64,
    /// The most failures that it says it should mark, where it would mark more.
    pub too_broad: Option<u64>,
}

/// What a candidate would cover, out of what fails today and what failed a week ago. Its first and last day do not count here.
pub fn preview(candidate: &Exemption, today: &[Failing], last_week: &[Failing]) -> Preview {
    let matcher = Exemptions::new(vec![candidate.clone()]);
    let tagless = Exemptions::new(vec![Exemption { tags: BTreeMap::new(), ..candidate.clone() }]);
    let unread = |failing: &&Failing| matches!(failing.tags, Read::Unknown(_)) && !candidate.tags.is_empty() && covers(&tagless, failing);
    let covered = |all: &[Failing]| -> Vec<String> { all.iter().filter(|one| covers(&matcher, one)).map(|one| one.id.clone()).collect() };
    let now = covered(today);
    let failures = now.len() as u64;
    Preview {
        failures,
        resources: now.into_iter().collect(),
        last_week: covered(last_week).into_iter().collect(),
        tags_unread: today.iter().filter(unread).count() as u64,
        too_broad: (failures > candidate.max_matches).then_some(candidate.max_matches),
    }
}

fn covers(matcher: &Exemptions, failing: &Failing) -> bool {
    let subject = Subject { scope: &failing.scope, id: &failing.id, name: &failing.name, tags: &failing.tags };
    matcher.about_subject(&failing.check, subject).next().is_some()
}

/// `this would cover 14 resources today, 3 more than last week`.
impl std::fmt::Display for Preview {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (now, then) = (self.resources.len(), self.last_week.len());
        match now {
            1 => f.write_str("this would cover 1 resource today, ")?,
            _ => write!(f, "this would cover {now} resources today, ")?,
        }
        match now.cmp(&then) {
            std::cmp::Ordering::Greater => write!(f, "{} more than last week", now - then)?,
            std::cmp::Ordering::Less => write!(f, "{} fewer than last week", then - now)?,
            std::cmp::Ordering::Equal => f.write_str("as many as last week")?,
        }
        if now == 0 {
            f.write_str("; nothing that fails is like that")?;
        }
        if let Some(most) = self.too_broad {
            write!(f, "; {} failures are more than the {most} it says it should mark", self.failures)?;
        }
        match self.tags_unread {
            0 => Ok(()),
            unread => write!(f, "; {unread} more failures are not covered because the tags of the resource could not be read"),
        }
    }
}
