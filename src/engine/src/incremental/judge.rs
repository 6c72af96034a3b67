//! Gives the verdicts on one resource, unless what they rest on is what they rested on before. Remembers nothing.

use std::collections::HashMap;

use checks::{Check, JudgeInput, Verdict};
use inventory::{Item, KindId, Recorded, Resource};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::key::{self, Basis, Part};
use super::roll::Entry;
use super::step::Step;
use super::{Detail, Fingerprint, Letter, Marks, Roll, Said, Standing};
use crate::evaluate::EvaluateError;
use crate::exempt::Exemptions;
use crate::given::Subjects;
use crate::plan::Plan;

/// The longest evidence value that is kept, in characters; the whole document is in the ledger.
const EVIDENCE_LIMIT: usize = 200;

/// Everything that verdicts follow from but the resources: plan, exemptions, and the clock.
pub struct Judge<'a> {
    plan: &'a Plan,
    exemptions: &'a Exemptions,
    now: Timestamp,
    subjects: Subjects,
    bases: HashMap<KindId, Basis>,
    /// For kinds that no check judges.
    none: Basis,
    /// What the key leaves out; something only in tests, which show so that leaving it out would be noticed.
    pub(super) without: Vec<Part>,
}

/// An exemption and the checks of the kind that it can be about.
type About<'b> = &'b (u32, Vec<u16>);

impl<'a> Judge<'a> {
    /// A judge of everything in the plan, by this clock.
    pub fn new(plan: &'a Plan, exemptions: &'a Exemptions, now: Timestamp) -> Self {
        let bases = plan.kinds().map(|kind| (kind.clone(), Basis::new(plan, exemptions, kind))).collect();
        Self { plan, exemptions, now, subjects: Subjects::default(), bases, none: Basis::of_nothing(), without: Vec::new() }
    }

    /// The same, judging these subjects only: what is not one of them was not planned, and counts nowhere.
    #[must_use]
    pub fn only(self, subjects: Subjects) -> Self {
        Self { subjects, ..self }
    }

    /// The checks of a kind in the order of a [`super::Verdicts`], and the fingerprint that [`Standing::check_set`] has: of the checks, of
    /// everything in them that verdicts follow from, and of their parameters.
    pub fn check_set(&self, kind: &KindId) -> (Fingerprint, Vec<&'a Check>) {
        let basis = self.basis(kind);
        (basis.print, basis.checks.iter().map(|&at| &self.plan.checks()[at]).collect())
    }

    /// What is judged.
    pub fn plan(&self) -> &'a Plan {
        self.plan
    }

    /// What marks failures.
    pub fn exemptions(&self) -> &'a Exemptions {
        self.exemptions
    }

    /// The clock.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    pub(super) fn subjects(&self) -> &Subjects {
        &self.subjects
    }

    /// Whether what is remembered is what a judgement would come to.
    fn stands(&self, entry: &Entry, key: Fingerprint) -> bool {
        entry.key == key && (entry.is_good_at(self.now) || self.without.contains(&Part::Clock))
    }

    fn basis(&self, kind: &KindId) -> &Basis {
        self.bases.get(kind).unwrap_or(&self.none)
    }

    /// Looks at an item; judges it if the roll does not know it as it is.
    pub(super) fn step(&self, item: Item, roll: &Roll) -> Result<Step, EvaluateError> {
        if !self.subjects.may_lie_in(item.scope()) {
            return Ok(Step::Elsewhere);
        }
        match item {
            Item::Resource(resource) => Ok(self.look(resource, roll)),
            Item::Recorded(recorded) => self.look_recorded(recorded, roll),
            Item::Listed { kind, scope, count } => Ok(Step::Ended { kind, scope, outcome: Ok(count) }),
            Item::Gap { kind, scope, gap } => Ok(Step::Ended { kind, scope, outcome: Err(gap) }),
        }
    }

    /// A text that is not canonical is not known by its hash, and is opened; so nothing rests on what wrote the recording.
    fn look_recorded(&self, recorded: Recorded, roll: &Roll) -> Result<Step, EvaluateError> {
        let head = recorded.head();
        if let Some(at) = roll.position(key::subject(&head.kind, &head.id))
            && self.subjects.hold(head)
        {
            let key = self.key(head, &Sha256::digest(recorded.text()).into(), &self.about(head));
            if self.stands(roll.entry(at), key) {
                return Ok(Step::Same { at, collected: head.collected });
            }
        }
        Ok(self.look(recorded.open()?, roll))
    }

    pub(super) fn look(&self, resource: Resource, roll: &Roll) -> Step {
        let subject = key::subject(&resource.kind, &resource.id);
        if !self.subjects.hold(&resource) {
            return Step::NoSubject { kind: resource.kind, scope: resource.scope, subject };
        }
        let canonical = serde_json::to_vec(&resource.document).expect("a document is plain JSON");
        let document = Sha256::digest(&canonical).into();
        let about = self.about(&resource);
        let key = self.key(&resource, &document, &about);
        match roll.position(subject).filter(|&at| self.stands(roll.entry(at), key)) {
            Some(at) => Step::Same { at, collected: resource.collected },
            None => Step::Judged { standing: Box::new(self.judge(resource, document, key, &about)), subject, document: canonical },
        }
    }

    /// The exemptions that cover the resource, whatever its document says.
    fn about(&self, head: &Resource) -> Vec<About<'_>> {
        self.basis(&head.kind).exemptions.iter().filter(|(at, _)| self.exemptions.covers(*at, head)).collect()
    }

    fn key(&self, head: &Resource, document: &[u8; 32], about: &[About]) -> Fingerprint {
        key::key(self.basis(&head.kind), head, document, about, self.exemptions, self.now, &self.without)
    }

    fn judge(&self, resource: Resource, document: [u8; 32], key: Fingerprint, about: &[About]) -> Standing {
        let basis = self.basis(&resource.kind);
        let (mut letters, mut details) = (Vec::with_capacity(basis.checks.len()), Vec::new());
        for (position, &check) in (0u16..).zip(&basis.checks) {
            let (letter, detail) = self.judge_one(position, check, &resource, about);
            letters.push(letter);
            details.extend(detail);
        }
        let ages = details.iter().filter_map(|detail: &Detail| detail.recheck_at);
        let recheck_at = ages.chain(self.turns(about)).min();
        Standing {
            kind: resource.kind,
            scope: resource.scope,
            id: resource.id.into(),
            name: resource.name.into(),
            document,
            collected: resource.collected,
            judged: self.now,
            recheck_at,
            check_set: basis.print,
            key,
            verdicts: letters.into_iter().collect(),
            details,
        }
    }

    fn judge_one(&self, position: u16, check: usize, resource: &Resource, about: &[About]) -> (Letter, Option<Detail>) {
        let params = &self.plan.control_of(check).params;
        let check = &self.plan.checks()[check];
        let input = JudgeInput { resource, params, now: self.now };
        let judgement = check.judge(&input);
        let (letter, said, shown) = match judgement.verdict {
            Verdict::Pass => (Letter::Pass, Said::Due, None),
            Verdict::NotApplicable { .. } => (Letter::NotApplicable, Said::Due, None),
            Verdict::Unknown(gaps) => (Letter::Unknown, Said::Gaps(gaps), None),
            Verdict::Fail { message } => {
                let shown = check.evidence(&input);
                let evidence = shown.values.into_iter().map(short).collect();
                let marks = self.marks(about.iter().filter(|(_, checks)| checks.contains(&position)).map(|(at, _)| *at));
                (Letter::Fail, Said::Failure { message, evidence, marks }, shown.recheck_at)
            }
        };
        let recheck_at = [judgement.recheck_at, shown].into_iter().flatten().min();
        let detail = (said != Said::Due || recheck_at.is_some()).then_some(Detail { check: position, said, recheck_at });
        (letter, detail)
    }

    /// The exemption that holds longest marks a failure; of those that ended it is told.
    fn marks(&self, about: impl Iterator<Item = u32>) -> Marks {
        let (live, rest): (Vec<u32>, Vec<u32>) = about.partition(|&at| self.exemptions.get(at).holds(self.now));
        let by = live.iter().copied().max_by_key(|&at| (self.exemptions.get(at).expires, std::cmp::Reverse(at)));
        let (lapsed, not_yet): (Vec<u32>, Vec<u32>) = rest.into_iter().partition(|&at| self.exemptions.get(at).has_ended(self.now));
        let id = |at: u32| Box::from(self.exemptions.get(at).id.as_str());
        let mut others: Vec<u32> = live.into_iter().filter(|at| Some(*at) != by).chain(not_yet).collect();
        others.sort_unstable();
        Marks { exempt: by.map(id), lapsed: lapsed.into_iter().map(id).collect(), others: others.into_iter().map(id).collect() }
    }

    /// The instants to come at which one of the exemptions begins or ends.
    fn turns(&self, about: &[About]) -> impl Iterator<Item = Timestamp> {
        let entries = about.iter().map(|(at, _)| self.exemptions.get(*at));
        entries.flat_map(|entry| entry.begins().into_iter().chain([entry.ends()])).filter(|turn| *turn > self.now)
    }
}

/// The value as compact JSON, cut where it is too long.
fn short((path, value): (String, serde_json::Value)) -> (String, String) {
    let text = value.to_string();
    let text = match text.char_indices().nth(EVIDENCE_LIMIT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    };
    (path, text)
}
