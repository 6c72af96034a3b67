//! From what was assessed, and from what stood before, to what happened.

use std::collections::{BTreeMap, BTreeSet};

use checks::Severity;
use jiff::Timestamp;
use uuid::Uuid;

use super::facts::NAMED;
use super::sighting::{Sighting, Sightings};
use super::{Facts, FailingPlace, FailingSubject, FindingChange, FindingStep, Item, ItemStatus, Policy, Register, Sight};
use crate::assess::{Grade, Group};
use crate::seen::Place;
use crate::{Assessed, Exemptions, Plan, Seen};

/// Tells the tags of a resource by its kind and id, where they are known.
pub type TagsOf<'a> = dyn Fn(&str, &str) -> Option<BTreeMap<String, String>> + 'a;

/// A run, as findings look at it.
#[derive(Clone, Copy)]
pub struct Run<'a> {
    /// The run's id.
    pub id: Uuid,
    /// When it was.
    pub at: Timestamp,
    /// What was to be assessed.
    pub plan: &'a Plan,
    /// What was seen.
    pub seen: &'a Seen,
    /// What that comes to.
    pub assessed: &'a Assessed,
    /// The exemptions by which it was assessed.
    pub exemptions: &'a Exemptions,
    /// How much of everything it is.
    pub extent: Extent,
    /// Since when a control has been failing in an account, where the record knows: by control and account.
    pub failing_since: &'a BTreeMap<(String, String), Timestamp>,
    /// The tags of a resource, by kind and id, where they are known. Asked only if [`Policy::asks_for_tags`].
    pub tags: &'a TagsOf<'a>,
}

/// How much of everything a run looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All that is configured: what it does not mention is not assessed any more.
    Everything,
    /// Some of the controls or scopes: it says nothing of the others.
    Part,
    /// Given subjects only: it says nothing of other resources, so that nothing is resolved by it.
    GivenSubjects,
}

/// What happened to findings by a run. The steps apply to the register in this order.
pub fn steps(register: &Register, run: &Run, policy: &Policy) -> Vec<FindingStep> {
    let open: Vec<&Item> = register.open().collect();
    let sightings = Sightings::of(run, &open);
    let mut keys: BTreeSet<(String, String)> = sightings.of.keys().cloned().collect();
    keys.extend(open.iter().map(|item| (item.control.clone(), item.account.clone())));
    let mut next = register.last() + 1;
    let mut found = Vec::new();
    for key in keys {
        let newest = register.newest(&key.0, &key.1);
        let sighting = sightings.of.get(&key);
        let (item, changes) = match (newest.filter(|item| !item.status.is_closed()), sighting) {
            (Some(item), sighting) => (item.number, Kept { run, policy, sightings: &sightings, key: &key, item }.changes(sighting)),
            (None, Some(sighting)) if !sighting.places.is_empty() => {
                next += 1;
                (next - 1, opened(run, policy, &key, newest, sighting))
            }
            (None, _) => continue,
        };
        let (control, account) = key;
        let step = |change| FindingStep { item, control: control.clone(), account: account.clone(), at: run.at, run: Some(run.id), change };
        found.extend(changes.into_iter().map(step));
    }
    found
}

/// What time alone brings: items whose exemptions do not hold any more count again, though nobody looked.
pub fn lapsed(register: &Register, exemptions: &Exemptions, at: Timestamp) -> Vec<FindingStep> {
    let step = |item: &Item, ended| FindingStep {
        item: item.number,
        control: item.control.clone(),
        account: item.account.clone(),
        at,
        run: None,
        change: FindingChange::Unexempt { ended },
    };
    let exempt = register.open().filter(|item| item.status == ItemStatus::Exempt);
    let ended = exempt.map(|item| (item, ended_of(&item.exemptions, exemptions, at)));
    ended.filter(|(_, ended)| !ended.is_empty()).map(|(item, ended)| step(item, ended)).collect()
}

/// Those that do not hold at an instant. One that is not there any more does not hold.
fn ended_of(ids: &BTreeSet<String>, exemptions: &Exemptions, at: Timestamp) -> BTreeSet<String> {
    let holds = |id: &str| exemptions.all().any(|entry| entry.id == id && entry.holds(at));
    ids.iter().filter(|id| !holds(id)).cloned().collect()
}

/// It fails and no item is open.
fn opened(run: &Run, policy: &Policy, key: &(String, String), newest: Option<&Item>, sighting: &Sighting) -> Vec<FindingChange> {
    let closed = newest.and_then(|item| item.closed);
    let known = run.failing_since.get(key).copied();
    // What the record says of a time before the last item closed is of that item.
    let since = known.filter(|since| *since <= run.at && closed.is_none_or(|closed| *since >= closed)).unwrap_or(run.at);
    let (places, subjects) = (sighting.places.clone(), named(sighting.subjects.clone()));
    let facts = facts(run, policy, key, since, (places, subjects), &Worst::of(run, sighting), None);
    let marked = exemptions_of(&facts.subjects);
    let mut changes = vec![FindingChange::Opened { reopens: newest.map(|item| item.number), since, facts }];
    if !sighting.is_open {
        changes.push(FindingChange::Exempt { exemptions: marked });
    }
    changes
}

/// The severity, reasons and remedies of the checks that fail.
struct Worst {
    severity: Option<Severity>,
    why: String,
    fix: String,
}

impl Worst {
    fn of(run: &Run, sighting: &Sighting) -> Self {
        let check = |at: &u32| &run.plan.checks()[*at as usize];
        let counted = if sighting.failing_open.is_empty() { &sighting.failing } else { &sighting.failing_open };
        let said = |what: &dyn Fn(&u32) -> String| {
            let mut texts: Vec<String> = sighting.failing.iter().map(what).collect();
            texts.sort_unstable();
            texts.dedup();
            texts.join(" ")
        };
        Self {
            severity: counted.iter().map(|at| check(at).severity()).max(),
            why: said(&|at| check(at).why().to_owned()),
            fix: said(&|at| check(at).fix().to_owned()),
        }
    }
}

/// What is known now. Where the run saw no failure, or may have missed some, what was known before counts too.
fn facts(
    run: &Run,
    policy: &Policy,
    key: &(String, String),
    since: Timestamp,
    (places, subjects): (Vec<FailingPlace>, Vec<FailingSubject>),
    worst: &Worst,
    before: Option<&Facts>,
) -> Facts {
    let severity = worst.severity.into_iter().chain(before.map(|facts| facts.severity)).max().unwrap_or(Severity::Low);
    let text = |now: &str, then: fn(&Facts) -> &str| if now.is_empty() { before.map_or("", then).to_owned() } else { now.to_owned() };
    let tags: Vec<_> = match policy.asks_for_tags() {
        true => subjects.iter().map(|subject| (run.tags)(&subject.kind, &subject.id)).collect(),
        false => Vec::new(),
    };
    let control = run.plan.controls().iter().find(|control| control.id == key.0);
    Facts {
        title: control.map_or_else(|| before.map_or(key.0.clone(), |facts| facts.title.clone()), |control| control.title.clone()),
        severity,
        why: text(&worst.why, |facts| &facts.why),
        fix: text(&worst.fix, |facts| &facts.fix),
        owner: policy.owner(&key.0, &key.1, &tags.iter().map(Option::as_ref).collect::<Vec<_>>()),
        due: policy.deadlines.due(since, severity),
        places,
        subjects,
    }
}

fn exemptions_of(subjects: &[FailingSubject]) -> BTreeSet<String> {
    subjects.iter().filter_map(|subject| subject.exemption.clone()).collect()
}

/// The first hundred, in order.
fn named(mut subjects: Vec<FailingSubject>) -> Vec<FailingSubject> {
    subjects.sort_unstable();
    subjects.dedup_by(|a, b| (&a.check, &a.scope, &a.id) == (&b.check, &b.scope, &b.id));
    subjects.truncate(NAMED);
    subjects
}

impl Run<'_> {
    /// Adds a failing group to what was seen of its finding.
    pub(super) fn fails(&self, sighting: &mut Sighting, group: &Group, scope: u32) {
        let check = &self.plan.checks()[group.check as usize];
        let (id, kind, place) = (check.id().to_string(), check.kind().to_string(), &self.seen.scopes[scope as usize]);
        let exemption = group.exempt.map(|at| self.exemptions.get(at).id.clone());
        let failures = group.outcomes.len() as u64;
        let exempt = if exemption.is_some() { failures } else { 0 };
        match sighting.places.iter_mut().find(|known| known.check == id && known.scope == *place) {
            Some(known) => (known.failures, known.exempt) = (known.failures + failures, known.exempt + exempt),
            None => sighting.places.push(FailingPlace {
                check: id.clone(),
                title: check.title().to_owned(),
                kind: kind.clone(),
                scope: place.clone(),
                failures,
                exempt,
            }),
        }
        sighting.failing.insert(group.check);
        if exemption.is_none() {
            sighting.is_open = true;
            sighting.failing_open.insert(group.check);
        }
        let ids = group.outcomes.iter().filter_map(|&at| match self.seen.outcomes[at as usize].place {
            Place::Subject(subject) => Some(&self.seen.subjects[subject as usize]),
            Place::Scope(_) => None,
        });
        sighting.subjects.extend(ids.take(NAMED).map(|subject| FailingSubject {
            check: id.clone(),
            kind: kind.clone(),
            scope: place.clone(),
            id: subject.id.to_string(),
            name: subject.name.to_string(),
            exemption: exemption.clone(),
        }));
    }
}

/// An open item that a run comes upon.
struct Kept<'a> {
    run: &'a Run<'a>,
    policy: &'a Policy,
    sightings: &'a Sightings<'a>,
    key: &'a (String, String),
    item: &'a Item,
}

/// What became of the resources that failed before and are not seen to fail now.
#[derive(Default)]
struct Before {
    passed: u64,
    gone: u64,
    /// Those of which nobody knows: they count as failing.
    kept: Vec<FailingSubject>,
    not_applicable: u64,
}

impl Kept<'_> {
    fn changes(&self, sighting: Option<&Sighting>) -> Vec<FindingChange> {
        let none = Sighting::default();
        let sighting = sighting.unwrap_or(&none);
        let before = self.before(sighting);
        let covered = self.item.facts.places.iter().all(|place| self.sightings.covers(place));
        let fails = !sighting.places.is_empty();
        let mut changes = match (fails, &sighting.gap) {
            (true, _) => self.failing(sighting, &before),
            (false, Some(gap)) => self.unseen(Sight::Unknown { gap: gap.clone() }),
            (false, None) if covered && before.kept.is_empty() => return vec![self.closed(&before)],
            (false, None) if covered && before.not_applicable == before.kept.len() as u64 => self.unseen(Sight::NotApplicable),
            (false, None) if self.run.extent == Extent::Everything => self.unseen(Sight::NotAssessed),
            // A run about something else says nothing of this.
            (false, None) => Vec::new(),
        };
        let decided = changes.iter().any(|change| matches!(change, FindingChange::Exempt { .. } | FindingChange::Unexempt { .. }));
        if self.item.status == ItemStatus::Exempt && !decided && !fails {
            let ended = ended_of(&self.item.exemptions, self.run.exemptions, self.run.at);
            if !ended.is_empty() {
                changes.push(FindingChange::Unexempt { ended });
            }
        }
        changes
    }

    fn before(&self, sighting: &Sighting) -> Before {
        let mut before = Before::default();
        let failing: BTreeSet<(&str, &str)> = sighting.subjects.iter().map(|one| (one.check.as_str(), one.id.as_str())).collect();
        let places = &self.item.facts.places;
        for subject in &self.item.facts.subjects {
            let place = places.iter().find(|place| place.check == subject.check && place.scope == subject.scope);
            let covered = place.is_some_and(|place| self.sightings.covers(place));
            match self.sightings.grade(subject) {
                Some(Grade::Fail) => {}
                _ if failing.contains(&(subject.check.as_str(), subject.id.as_str())) => {}
                Some(Grade::Pass) if covered => before.passed += 1,
                None if covered => before.gone += 1,
                Some(Grade::NotApplicable | Grade::Vacuous) => {
                    before.not_applicable += 1;
                    before.kept.push(subject.clone());
                }
                Some(Grade::Pass | Grade::Unknown) | None => before.kept.push(subject.clone()),
            }
        }
        before
    }

    /// Every place was read to the end, nothing fails or is unknown, and nothing that failed is left open.
    fn closed(&self, before: &Before) -> FindingChange {
        // Of failing resources that are not known by name nobody can say which they were; that something passes there must do.
        let unnamed_pass =
            self.item.facts.unnamed() > 0 && self.item.facts.places.iter().any(|place| self.sightings.passes(self.key, place));
        match before.passed > 0 || unnamed_pass {
            true => FindingChange::Resolved { passed: before.passed, gone: before.gone },
            false => FindingChange::Gone { gone: before.gone + self.item.facts.unnamed() },
        }
    }

    fn unseen(&self, sight: Sight) -> Vec<FindingChange> {
        if self.item.sight == sight { Vec::new() } else { vec![FindingChange::Unseen { sight }] }
    }

    fn failing(&self, sighting: &Sighting, before: &Before) -> Vec<FindingChange> {
        let mut kept = before.kept.clone();
        let lapsed: BTreeSet<String> = ended_of(&exemptions_of(&kept), self.run.exemptions, self.run.at);
        for subject in &mut kept {
            subject.exemption = subject.exemption.take().filter(|id| !lapsed.contains(id));
        }
        let places = self.places(sighting, &kept);
        let is_open = sighting.is_open || kept.iter().any(|subject| subject.exemption.is_none());
        let subjects = named(sighting.subjects.iter().cloned().chain(kept.iter().cloned()).collect());
        let known = if kept.is_empty() { None } else { Some(&self.item.facts) };
        let facts = facts(self.run, self.policy, self.key, self.item.since, (places, subjects), &Worst::of(self.run, sighting), known);
        let exemptions = exemptions_of(&facts.subjects);
        let mut changes = Vec::new();
        if facts != self.item.facts || self.item.sight != Sight::Failing {
            changes.push(FindingChange::Seen { facts });
        }
        match (self.item.status, is_open) {
            (ItemStatus::Open, false) => changes.push(FindingChange::Exempt { exemptions }),
            (ItemStatus::Exempt, false) if exemptions != self.item.exemptions => changes.push(FindingChange::Exempt { exemptions }),
            (ItemStatus::Exempt, true) => {
                let ended = ended_of(&self.item.exemptions, self.run.exemptions, self.run.at);
                changes.push(FindingChange::Unexempt { ended });
            }
            (ItemStatus::Open, true) | (ItemStatus::Exempt, false) | (ItemStatus::Resolved | ItemStatus::Gone, _) => {}
        }
        changes
    }

    /// Where it fails now, and where it failed before and nobody saw the end of it.
    fn places(&self, sighting: &Sighting, kept: &[FailingSubject]) -> Vec<FailingPlace> {
        let mut places = sighting.places.clone();
        for before in &self.item.facts.places {
            let left: Vec<&FailingSubject> =
                kept.iter().filter(|subject| subject.check == before.check && subject.scope == before.scope).collect();
            let covered = self.sightings.covers(before);
            let unnamed = self.item.facts.unnamed() > 0;
            let now = places.iter_mut().find(|place| place.check == before.check && place.scope == before.scope);
            match now {
                Some(now) if covered => now.failures += left.len() as u64,
                Some(now) => now.failures = (now.failures + left.len() as u64).max(if unnamed { before.failures } else { 0 }),
                None if covered && left.is_empty() => continue,
                None => {
                    let failures = if covered || !unnamed { left.len() as u64 } else { before.failures };
                    places.push(FailingPlace { failures, exempt: 0, ..before.clone() });
                }
            }
            let marked = left.iter().filter(|subject| subject.exemption.is_some()).count() as u64;
            let place = places.iter_mut().find(|place| place.check == before.check && place.scope == before.scope);
            if let Some(place) = place {
                place.exempt += marked;
            }
        }
        places.retain(|place| place.failures > 0);
        places.sort_by(|a, b| (&a.check, &a.scope).cmp(&(&b.check, &b.scope)));
        places
    }
}
