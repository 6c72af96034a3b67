//! Judges what comes in, item by item, and lets the documents go. Nothing is dropped: the totals are asserted at the end.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use checks::{JudgeInput, Verdict};
use inventory::{Gap, Item, KindId, Resource, Scope};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::exempt::Exemptions;
use crate::given::Subjects;
use crate::plan::Plan;
use crate::seen::{Listing, Outcome, Place, Seen, Subject};

/// The longest evidence value that is kept, in characters; the whole document is in the ledger.
const EVIDENCE_LIMIT: usize = 200;

/// What a provider said that cannot be right.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum EvaluateError {
    /// A scope was said to be listed and its resources do not add up.
    #[error("the provider listed {said} `{kind}` in {scope} and sent {sent}")]
    Miscounted {
        /// The kind.
        kind: KindId,
        /// Where.
        scope: Scope,
        /// What the provider said.
        said: u64,
        /// What came.
        sent: u64,
    },
    /// Resources came from a scope whose list never ended.
    #[error("the provider sent `{kind}` from {scope} and never said how the list ended")]
    Unended {
        /// The kind.
        kind: KindId,
        /// Where.
        scope: Scope,
    },
    /// A kind that was asked for was never mentioned.
    #[error("the provider never said how the list of `{0}` ended")]
    Unmentioned(KindId),
    /// Nothing that was read lies where the subjects may lie.
    #[error("none of the subjects of the plan lies in an account that was read")]
    NoSubjects,
    /// One list ended twice.
    #[error("the provider ended the list of `{kind}` in {scope} twice")]
    EndedTwice {
        /// The kind.
        kind: KindId,
        /// Where.
        scope: Scope,
    },
}

/// Takes items in any order and judges them.
pub struct Evaluator<'a> {
    plan: &'a Plan,
    exemptions: &'a Exemptions,
    now: Timestamp,
    subjects: Subjects,
    seen: Seen,
    kinds: HashMap<KindId, u32>,
    scopes: HashMap<Scope, u32>,
    known: HashMap<(u32, Box<str>), u32>,
    sent: BTreeMap<(u32, u32), u64>,
    ended: BTreeMap<(u32, u32), Result<u64, Gap>>,
    evidence: HashSet<Arc<[(String, String)]>>,
}

impl<'a> Evaluator<'a> {
    /// An evaluator that has seen nothing.
    pub fn new(plan: &'a Plan, exemptions: &'a Exemptions, now: Timestamp) -> Self {
        let seen = Seen { exemption_matches: vec![0; exemptions.all().len()], ..Seen::default() };
        let (kinds, scopes, known) = Default::default();
        let subjects = Subjects::default();
        Self {
            plan,
            exemptions,
            now,
            subjects,
            seen,
            kinds,
            scopes,
            known,
            sent: BTreeMap::new(),
            ended: BTreeMap::new(),
            evidence: HashSet::new(),
        }
    }

    /// The same, judging these subjects only: what is not one of them was not planned, and counts nowhere.
    #[must_use]
    pub fn only(self, subjects: Subjects) -> Self {
        Self { subjects, ..self }
    }

    /// Judges one item. `keep` is given the canonical document of each resource before it is let go.
    ///
    /// # Errors
    /// If the provider contradicts itself.
    pub fn take(&mut self, item: Item, keep: &mut dyn FnMut(&Resource, &[u8])) -> Result<(), EvaluateError> {
        let (Item::Resource(Resource { scope, .. }) | Item::Listed { scope, .. } | Item::Gap { scope, .. }) = &item;
        if !self.subjects.may_lie_in(scope) {
            return Ok(());
        }
        match item {
            Item::Resource(resource) => {
                self.judge(&resource, keep);
                Ok(())
            }
            Item::Listed { kind, scope, count } => self.end(kind, scope, Ok(count)),
            Item::Gap { kind, scope, gap } => self.end(kind, scope, Err(gap)),
        }
    }

    /// Everything that was seen, sorted by name.
    ///
    /// # Errors
    /// If the provider's lists do not add up.
    pub fn finish(mut self) -> Result<Seen, EvaluateError> {
        self.lists_add_up()?;
        for (&(kind, scope), outcome) in &self.ended {
            if let Err(gap) = outcome {
                for &check in self.plan.checks_of(&self.seen.kinds[kind as usize]) {
                    self.seen.outcomes.push(blind(check, scope, gap));
                }
            }
            self.seen.listings.push(Listing { kind, scope, outcome: outcome.clone() });
        }
        self.totals_are_whole();
        Ok(crate::seen::sorted(self.seen))
    }

    fn judge(&mut self, resource: &Resource, keep: &mut dyn FnMut(&Resource, &[u8])) {
        let (kind, scope) = (self.kind(&resource.kind), self.scope(&resource.scope));
        *self.sent.entry((kind, scope)).or_default() += 1;
        if !self.subjects.hold(resource) {
            return;
        }
        // A list that changes while it is paged can name a resource twice; it is still one resource.
        if self.known.contains_key(&(kind, resource.id.as_str().into())) {
            return;
        }
        let at = self.seen.subjects.len() as u32;
        self.known.insert((kind, resource.id.as_str().into()), at);
        let canonical = serde_json::to_vec(&resource.document).expect("a document is plain JSON");
        keep(resource, &canonical);
        self.seen.subjects.push(Subject {
            kind,
            scope,
            id: resource.id.as_str().into(),
            name: resource.name.as_str().into(),
            document: Sha256::digest(&canonical).into(),
            collected: resource.collected,
        });
        for &check in self.plan.checks_of(&resource.kind) {
            let outcome = self.judge_one(check, at, resource);
            self.seen.outcomes.push(outcome);
        }
    }

    fn judge_one(&mut self, at: usize, subject: u32, resource: &Resource) -> Outcome {
        let check = &self.plan.checks()[at];
        let params = &self.plan.control_of(at).params;
        let judgement = check.judge(&JudgeInput { resource, params, now: self.now });
        let (marked, evidence) = match &judgement.verdict {
            Verdict::Fail { .. } => (self.exemption(at, resource), self.shared(shown(check.evidence(resource)))),
            Verdict::Pass | Verdict::Unknown(_) | Verdict::NotApplicable { .. } => (Marked::default(), self.shared(Vec::new())),
        };
        let ends = marked.by.map(|by| self.exemptions.get(by).ends());
        let recheck_at = [judgement.recheck_at, ends].into_iter().flatten().min();
        let place = Place::Subject(subject);
        Outcome { check: at as u32, place, verdict: judgement.verdict, exempt: marked.by, lapsed: marked.lapsed, recheck_at, evidence }
    }

    /// The same evidence is kept once, however many resources have it.
    fn shared(&mut self, evidence: Vec<(String, String)>) -> Arc<[(String, String)]> {
        if let Some(known) = self.evidence.get(evidence.as_slice()) {
            return Arc::clone(known);
        }
        let fresh: Arc<[(String, String)]> = evidence.into();
        self.evidence.insert(Arc::clone(&fresh));
        fresh
    }

    /// Counts every exemption that is about this failure; the one that holds longest marks it.
    fn exemption(&mut self, check: usize, resource: &Resource) -> Marked {
        let about: Vec<u32> = self.exemptions.about(self.plan.checks()[check].id(), resource).collect();
        for &at in &about {
            self.seen.exemption_matches[at as usize] += 1;
        }
        let (live, rest): (Vec<u32>, Vec<u32>) = about.into_iter().partition(|&at| self.exemptions.get(at).holds(self.now));
        let by = live.into_iter().max_by_key(|&at| (self.exemptions.get(at).expires, std::cmp::Reverse(at)));
        let lapsed = rest.into_iter().filter(|&at| self.exemptions.get(at).has_ended(self.now)).collect();
        Marked { by, lapsed }
    }

    fn end(&mut self, kind: KindId, scope: Scope, outcome: Result<u64, Gap>) -> Result<(), EvaluateError> {
        let key = (self.kind(&kind), self.scope(&scope));
        match self.ended.insert(key, outcome) {
            None => Ok(()),
            Some(_) => Err(EvaluateError::EndedTwice { kind, scope }),
        }
    }

    fn kind(&mut self, kind: &KindId) -> u32 {
        if let Some(&at) = self.kinds.get(kind) {
            return at;
        }
        self.seen.kinds.push(kind.clone());
        let at = self.seen.kinds.len() as u32 - 1;
        self.kinds.insert(kind.clone(), at);
        at
    }

    fn scope(&mut self, scope: &Scope) -> u32 {
        if let Some(&at) = self.scopes.get(scope) {
            return at;
        }
        self.seen.scopes.push(scope.clone());
        let at = self.seen.scopes.len() as u32 - 1;
        self.scopes.insert(scope.clone(), at);
        at
    }

    fn lists_add_up(&self) -> Result<(), EvaluateError> {
        let named = |(kind, scope): (u32, u32)| (self.seen.kinds[kind as usize].clone(), self.seen.scopes[scope as usize].clone());
        for (&key, &sent) in &self.sent {
            if !self.ended.contains_key(&key) {
                let (kind, scope) = named(key);
                return Err(EvaluateError::Unended { kind, scope });
            }
            debug_assert!(sent > 0);
        }
        for (&key, outcome) in &self.ended {
            let sent = self.sent.get(&key).copied().unwrap_or(0);
            if let Ok(said) = outcome
                && *said != sent
            {
                let (kind, scope) = named(key);
                return Err(EvaluateError::Miscounted { kind, scope, said: *said, sent });
            }
        }
        match self.plan.kinds().find(|kind| !self.kinds.contains_key(kind)) {
            Some(_) if self.scopes.is_empty() && self.subjects.are_limited() => Err(EvaluateError::NoSubjects),
            Some(kind) => Err(EvaluateError::Unmentioned(kind.clone())),
            None => Ok(()),
        }
    }

    /// Invariant 4: every planned check × resource has exactly one verdict.
    fn totals_are_whole(&self) {
        let checks = |kind: u32| self.plan.checks_of(&self.seen.kinds[kind as usize]).len();
        let on_subjects: usize = self.seen.subjects.iter().map(|subject| checks(subject.kind)).sum();
        let on_scopes: usize = self.ended.iter().filter(|(_, outcome)| outcome.is_err()).map(|(&(kind, _), _)| checks(kind)).sum();
        assert_eq!(self.seen.outcomes.len(), on_subjects + on_scopes, "every planned verdict is there, once");
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

fn shown(evidence: Vec<(String, serde_json::Value)>) -> Vec<(String, String)> {
    let short = |(path, value): (String, serde_json::Value)| {
        let text = value.to_string();
        let text = match text.char_indices().nth(EVIDENCE_LIMIT) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text,
        };
        (path, text)
    };
    evidence.into_iter().map(short).collect()
}
