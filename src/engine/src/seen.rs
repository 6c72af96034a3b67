//! What an assessment saw, kept small: subjects, the outcome of every check on every subject, and how every list ended.

use std::sync::Arc;

use checks::Verdict;
use inventory::{Gap, KindId, Scope};
use jiff::Timestamp;

/// One resource that was judged; its document has been let go.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// Position of its kind in [`Seen::kinds`].
    pub kind: u32,
    /// Position of its scope in [`Seen::scopes`].
    pub scope: u32,
    /// The provider's own id.
    pub id: Box<str>,
    /// What people call it.
    pub name: Box<str>,
    /// SHA-256 of its canonical document.
    pub document: [u8; 32],
    /// When it was read.
    pub collected: Timestamp,
}

/// What a verdict is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// One subject, by position in [`Seen::subjects`].
    Subject(u32),
    /// A whole scope, because its list could not be read; by position in [`Seen::scopes`].
    Scope(u32),
}

/// One verdict: a check on one subject, or on a scope that could not be listed.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Position of the check in the plan.
    pub check: u32,
    /// What it is about.
    pub place: Place,
    /// The verdict. An exemption never changes it.
    pub verdict: Verdict,
    /// The live exemption that marks a failure, by position.
    pub exempt: Option<u32>,
    /// Ended exemptions that were about this failure, by position.
    pub lapsed: Box<[u32]>,
    /// When the verdict must be looked at again although nothing changed.
    pub recheck_at: Option<Timestamp>,
    /// What an auditor wants to see of a failure: path and compact JSON.
    /// Failures with the same evidence share it.
    pub evidence: Arc<[(String, String)]>,
}

/// How the list of one kind in one scope ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Listing {
    /// Position of the kind.
    pub kind: u32,
    /// Position of the scope.
    pub scope: u32,
    /// How many resources there are, or why nobody knows.
    pub outcome: Result<u64, Gap>,
}

/// Everything that was seen, in an order that depends on nothing but names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seen {
    /// The kinds that were looked at.
    pub kinds: Vec<KindId>,
    /// The scopes that were looked at.
    pub scopes: Vec<Scope>,
    /// The subjects.
    pub subjects: Vec<Subject>,
    /// The outcomes.
    pub outcomes: Vec<Outcome>,
    /// The listings.
    pub listings: Vec<Listing>,
    /// How many failures each exemption matched, live or expired, by position.
    pub exemption_matches: Vec<u64>,
}

impl Seen {
    /// The scope that an outcome is in.
    pub fn scope_of(&self, place: Place) -> u32 {
        match place {
            Place::Subject(subject) => self.subjects[subject as usize].scope,
            Place::Scope(scope) => scope,
        }
    }
}

/// The same, sorted by names, so that neither threads nor the order of pages can be told from it.
pub(crate) fn sorted(seen: Seen) -> Seen {
    let kinds = ranks(&seen.kinds);
    let scopes = ranks(&seen.scopes);
    let mut subjects: Vec<(usize, Subject)> = seen.subjects.into_iter().enumerate().collect();
    for (_, subject) in &mut subjects {
        subject.kind = kinds[subject.kind as usize];
        subject.scope = scopes[subject.scope as usize];
    }
    subjects.sort_unstable_by(|(_, a), (_, b)| (a.kind, a.scope, &a.id).cmp(&(b.kind, b.scope, &b.id)));
    let mut moved = vec![0u32; subjects.len()];
    for (to, (from, _)) in subjects.iter().enumerate() {
        moved[*from] = to as u32;
    }
    let mut outcomes = seen.outcomes;
    for outcome in &mut outcomes {
        outcome.place = match outcome.place {
            Place::Subject(at) => Place::Subject(moved[at as usize]),
            Place::Scope(at) => Place::Scope(scopes[at as usize]),
        };
    }
    outcomes.sort_unstable_by_key(|outcome| (outcome.check, outcome.place));
    let mut listings = seen.listings;
    for listing in &mut listings {
        listing.kind = kinds[listing.kind as usize];
        listing.scope = scopes[listing.scope as usize];
    }
    listings.sort_by_key(|listing| (listing.scope, listing.kind));
    let subjects = subjects.into_iter().map(|(_, subject)| subject).collect();
    Seen {
        kinds: in_order(seen.kinds),
        scopes: in_order(seen.scopes),
        subjects,
        outcomes,
        listings,
        exemption_matches: seen.exemption_matches,
    }
}

fn ranks<T: Ord>(names: &[T]) -> Vec<u32> {
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by(|&a, &b| names[a].cmp(&names[b]));
    let mut rank = vec![0; names.len()];
    for (to, from) in order.into_iter().enumerate() {
        rank[from] = to as u32;
    }
    rank
}

fn in_order<T: Ord>(mut names: Vec<T>) -> Vec<T> {
    names.sort();
    names
}
