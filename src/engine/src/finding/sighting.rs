//! What a run saw, by finding: what fails, what could not be read, and which lists were read to the end.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use checks::Verdict;

use super::steps::{Extent, Run};
use super::{FailingPlace, FailingSubject, Item};
use crate::assess::{Grade, Where};
use crate::seen::Place;

/// What a run saw of one control in one account.
#[derive(Default)]
pub(super) struct Sighting {
    /// What fails, by check and scope.
    pub places: Vec<FailingPlace>,
    /// The failing resources, the first of each place.
    pub subjects: Vec<FailingSubject>,
    /// Whether something fails that no exemption marks.
    pub is_open: bool,
    /// The positions of the checks that fail, those first that fail without exemption.
    pub failing: BTreeSet<u32>,
    /// The same of those that fail without exemption.
    pub failing_open: BTreeSet<u32>,
    /// The first read that left a verdict open.
    pub gap: Option<String>,
    /// Checks and scopes in which something passes.
    pub passing: BTreeSet<(u32, u32)>,
}

/// Everything that a run saw.
pub(super) struct Sightings<'a> {
    run: &'a Run<'a>,
    /// By control and account.
    pub of: BTreeMap<(String, String), Sighting>,
    /// The verdicts of resources that failed before, by check and id.
    before: HashMap<(u32, &'a str), Grade>,
    /// Kinds and scopes whose list was read to the end.
    whole: BTreeSet<(u32, u32)>,
    checks: HashMap<String, u32>,
    scopes: HashMap<String, u32>,
    kinds: HashMap<&'a str, u32>,
}

impl<'a> Sightings<'a> {
    /// Looks at what a run saw; `items` are those that are open.
    pub fn of(run: &'a Run<'a>, items: &[&'a Item]) -> Self {
        let position = |at: usize| u32::try_from(at).expect("positions fit");
        let checks = run.plan.checks().iter().enumerate().map(|(at, check)| (check.id().to_string(), position(at))).collect();
        let scopes = run.seen.scopes.iter().enumerate().map(|(at, scope)| (scope.to_string(), position(at))).collect();
        let kinds = run.seen.kinds.iter().enumerate().map(|(at, kind)| (kind.as_str(), position(at))).collect();
        // Of given subjects nobody knows what else there is: no list counts as read to the end.
        let ended = run.seen.listings.iter().filter(|listing| listing.outcome.is_ok() && run.extent != Extent::GivenSubjects);
        let whole = ended.map(|listing| (listing.kind, listing.scope)).collect();
        let mut sightings = Self { run, of: BTreeMap::new(), before: HashMap::new(), whole, checks, scopes, kinds };
        sightings.group();
        sightings.look_back(items);
        sightings
    }

    /// Whether the check of this id is in the plan and the list of its kind in the scope was read to the end.
    pub fn covers(&self, place: &FailingPlace) -> bool {
        let kind = self.kinds.get(place.kind.as_str());
        let scope = self.scopes.get(&place.scope.to_string());
        self.checks.contains_key(&place.check) && kind.zip(scope).is_some_and(|(kind, scope)| self.whole.contains(&(*kind, *scope)))
    }

    /// How a resource that failed before was judged; `None` where it was not met.
    pub fn grade(&self, subject: &FailingSubject) -> Option<Grade> {
        let check = self.checks.get(&subject.check)?;
        self.before.get(&(*check, subject.id.as_str())).copied()
    }

    /// Whether something passes in a place.
    pub fn passes(&self, key: &(String, String), place: &FailingPlace) -> bool {
        let at = self.checks.get(&place.check).copied().zip(self.scopes.get(&place.scope.to_string()).copied());
        at.is_some_and(|at| self.of.get(key).is_some_and(|sighting| sighting.passing.contains(&at)))
    }

    fn group(&mut self) {
        let (plan, seen) = (self.run.plan, self.run.seen);
        for group in &self.run.assessed.groups {
            let check = &plan.checks()[group.check as usize];
            let (account, scope) = match &group.scope {
                Where::Scope(at) => {
                    let scope = &seen.scopes[*at as usize];
                    (format!("{}/{}", scope.provider, scope.account), Some(*at))
                }
                Where::Account(provider, account) => (format!("{provider}/{account}"), None),
            };
            let sighting = self.of.entry((check.id().control().to_owned(), account)).or_default();
            match (group.grade, scope) {
                (Grade::Fail, Some(scope)) => self.run.fails(sighting, group, scope),
                (Grade::Unknown, _) => {
                    let gaps = group.outcomes.iter().find_map(|&at| match &seen.outcomes[at as usize].verdict {
                        Verdict::Unknown(gaps) => gaps.first(),
                        Verdict::Pass | Verdict::Fail { .. } | Verdict::NotApplicable { .. } => None,
                    });
                    sighting.gap = sighting.gap.take().or_else(|| Some(gaps.map_or_else(|| "not told".into(), ToString::to_string)));
                }
                (Grade::Pass, Some(scope)) => {
                    sighting.passing.insert((group.check, scope));
                }
                (Grade::Fail | Grade::Pass, None) | (Grade::NotApplicable | Grade::Vacuous, _) => {}
            }
        }
    }

    /// Finds the verdicts of resources that failed before; looks only at checks that they failed.
    fn look_back(&mut self, items: &[&'a Item]) {
        let mut wanted: HashMap<u32, BTreeSet<&'a str>> = HashMap::new();
        for subject in items.iter().flat_map(|item| &item.facts.subjects) {
            if let Some(&check) = self.checks.get(&subject.check) {
                wanted.entry(check).or_default().insert(&subject.id);
            }
        }
        for outcome in &self.run.seen.outcomes {
            let (Some(ids), Place::Subject(at)) = (wanted.get(&outcome.check), outcome.place) else { continue };
            let id: &'a str = &self.run.seen.subjects[at as usize].id;
            if ids.contains(id) {
                self.before.insert((outcome.check, id), Grade::from(&outcome.verdict));
            }
        }
    }
}
