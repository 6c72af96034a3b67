//! Makes of standings what an assessment saw: subjects and outcomes by position, as `assess` and `emit` want them.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::Arc;

use checks::Verdict;
use inventory::{Gap, KindId, Scope};
use jiff::Timestamp;

use super::{Detail, Judge, Letter, Listed, Marks, Said, Standing};
use crate::exempt::Exemptions;
use crate::plan::Plan;
use crate::seen::{Listing, Outcome, Place, Seen, Subject, sorted};

/// Why a standing cannot be part of what was seen.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum NotCurrent {
    /// Other checks, or the same with other parameters, gave its verdicts.
    #[error("`{kind}` `{id}` was judged by other checks or parameters than the plan has; look at it again")]
    Checks {
        /// What it is.
        kind: KindId,
        /// The provider's own id.
        id: Box<str>,
    },
    /// An exemption marks one of its failures that there is not any more.
    #[error("exemption `{exemption}` marks a failure of `{kind}` `{id}` and is not there any more; look at it again")]
    Exemption {
        /// The exemption.
        exemption: Box<str>,
        /// What the resource is.
        kind: KindId,
        /// The provider's own id.
        id: Box<str>,
    },
}

/// What an assessment saw, in the making.
pub struct Gathering<'a> {
    plan: &'a Plan,
    exemptions: &'a Exemptions,
    exemption_at: HashMap<&'a str, u32>,
    sets: HashMap<KindId, super::Fingerprint>,
    seen: Seen,
    kinds: Positions<KindId>,
    scopes: Positions<Scope>,
    evidence: HashSet<Arc<[(String, String)]>>,
}

/// Where each name stands in a list.
struct Positions<T>(HashMap<T, u32>);

impl<T: Clone + Eq + Hash> Positions<T> {
    fn of(&mut self, name: &T, list: &mut Vec<T>) -> u32 {
        if let Some(&at) = self.0.get(name) {
            return at;
        }
        let at = list.len() as u32;
        list.push(name.clone());
        self.0.insert(name.clone(), at);
        at
    }
}

impl<'a> Gathering<'a> {
    /// Nothing yet; by the plan and the exemptions of the judge.
    pub fn new(judge: &Judge<'a>) -> Self {
        let (plan, exemptions) = (judge.plan(), judge.exemptions());
        Self {
            plan,
            exemptions,
            exemption_at: (0..).zip(exemptions.all()).map(|(at, entry)| (entry.id.as_str(), at)).collect(),
            sets: plan.kinds().map(|kind| (kind.clone(), judge.check_set(kind).0)).collect(),
            seen: Seen { exemption_matches: vec![0; exemptions.all().len()], ..Seen::default() },
            kinds: Positions(HashMap::new()),
            scopes: Positions(HashMap::new()),
            evidence: HashSet::new(),
        }
    }

    /// Adds a resource that was read at `collected` and found to stand so.
    ///
    /// # Errors
    /// If other checks, parameters or exemptions than the judge has gave its verdicts.
    pub fn add(&mut self, standing: &Standing, collected: Timestamp) -> Result<(), NotCurrent> {
        let checks = self.plan.checks_of(&standing.kind);
        if !checks.is_empty() && self.sets.get(&standing.kind) != Some(&standing.check_set) {
            return Err(NotCurrent::Checks { kind: standing.kind.clone(), id: standing.id.clone() });
        }
        let place = Place::Subject(self.seen.subjects.len() as u32);
        let mut outcomes = Vec::with_capacity(checks.len());
        for (position, (&check, &letter)) in checks.iter().zip(standing.verdicts.letters()).enumerate() {
            outcomes.push(self.outcome(standing, check, place, letter, standing.detail(position))?);
        }
        assert_eq!(outcomes.len(), checks.len(), "every planned verdict is there, once");
        self.seen.outcomes.extend(outcomes);
        self.seen.subjects.push(Subject {
            kind: self.kinds.of(&standing.kind, &mut self.seen.kinds),
            scope: self.scopes.of(&standing.scope, &mut self.seen.scopes),
            id: standing.id.clone(),
            name: standing.name.clone(),
            document: standing.document,
            collected,
        });
        Ok(())
    }

    /// Adds how a list ended. One that failed is one unknown for each check of its kind.
    pub fn list(&mut self, listed: &Listed) {
        let kind = self.kinds.of(&listed.kind, &mut self.seen.kinds);
        let scope = self.scopes.of(&listed.scope, &mut self.seen.scopes);
        if let Err(gap) = &listed.outcome {
            let checks = self.plan.checks_of(&listed.kind).iter();
            self.seen.outcomes.extend(checks.map(|&check| blind(check, scope, gap)));
        }
        self.seen.listings.push(Listing { kind, scope, outcome: listed.outcome.clone() });
    }

    /// Everything that was seen, sorted by name.
    pub fn seen(self) -> Seen {
        sorted(self.seen)
    }

    fn outcome(
        &mut self,
        standing: &Standing,
        check: usize,
        place: Place,
        letter: Letter,
        detail: Option<&Detail>,
    ) -> Result<Outcome, NotCurrent> {
        let (mut evidence, mut marked) = (self.shared(&[]), Marked::default());
        let verdict = match (letter, detail.map(|detail| &detail.said)) {
            (Letter::Pass, None | Some(Said::Due)) => Verdict::Pass,
            (Letter::NotApplicable, None | Some(Said::Due)) => {
                let reason = self.plan.checks()[check].when_reason().expect("the check that did not apply says where it does");
                Verdict::NotApplicable { reason: Arc::clone(reason) }
            }
            (Letter::Unknown, Some(Said::Gaps(gaps))) => Verdict::Unknown(gaps.clone()),
            (Letter::Fail, Some(Said::Failure { message, evidence: shown, marks })) => {
                marked = self.marked(standing, marks)?;
                evidence = self.shared(shown);
                Verdict::Fail { message: message.clone() }
            }
            (letter, said) => panic!("a standing says of each of its letters what belongs to it: {letter:?}, {said:?}"),
        };
        let ends = marked.by.map(|by| self.exemptions.get(by).ends());
        let recheck_at = detail.and_then(|detail| detail.recheck_at).into_iter().chain(ends).min();
        Ok(Outcome { check: check as u32, place, verdict, exempt: marked.by, lapsed: marked.lapsed, recheck_at, evidence })
    }

    /// Counts every exemption that is about the failure, and finds those that are to be told.
    fn marked(&mut self, standing: &Standing, marks: &Marks) -> Result<Marked, NotCurrent> {
        let at = |id: &str| {
            let missing = || NotCurrent::Exemption { exemption: id.into(), kind: standing.kind.clone(), id: standing.id.clone() };
            self.exemption_at.get(id).copied().ok_or_else(missing)
        };
        let by = marks.exempt.as_deref().map(at).transpose()?;
        let lapsed = marks.lapsed.iter().map(|id| at(id)).collect::<Result<Box<[u32]>, _>>()?;
        let all = marks.all().map(at).collect::<Result<Vec<u32>, _>>()?;
        all.into_iter().for_each(|at| self.seen.exemption_matches[at as usize] += 1);
        Ok(Marked { by, lapsed })
    }

    /// The same evidence is kept once, however many resources have it.
    fn shared(&mut self, evidence: &[(String, String)]) -> Arc<[(String, String)]> {
        if let Some(known) = self.evidence.get(evidence) {
            return Arc::clone(known);
        }
        let fresh: Arc<[(String, String)]> = evidence.into();
        self.evidence.insert(Arc::clone(&fresh));
        fresh
    }
}

/// The exemption that marks a failure, and those that did until they ended.
#[derive(Default)]
struct Marked {
    by: Option<u32>,
    lapsed: Box<[u32]>,
}

/// The one unknown that a check gets for a scope whose list could not be read.
fn blind(check: usize, scope: u32, gap: &Gap) -> Outcome {
    Outcome {
        check: check as u32,
        place: Place::Scope(scope),
        verdict: Verdict::Unknown(vec![gap.clone()]),
        exempt: None,
        lapsed: Box::default(),
        recheck_at: None,
        evidence: Arc::new([]),
    }
}
