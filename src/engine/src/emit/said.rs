//! What is said of the subjects of an observation. What many of them have in common is said once, of the observation, so that ten
//! thousand volumes that are all `Encrypted = false` need no ten thousand proofs.

use std::collections::HashMap;
use std::sync::Arc;

use checks::Verdict;
use inventory::Gap;
use oscal::{Property, SubjectDetail};

use super::words::{classed, prose};
use crate::seen::{Outcome, Place, Seen};

/// Stands for the subject's name (its inventory item's `description`) where an observation's remark is true of each subject.
const SUBJECT: &str = "{{ subject }}";

/// This many subjects with the same to be said have an observation of their own.
const COMMON: usize = 8;

/// Subjects, and what is true of all of them; `None` where each has its own.
pub(super) struct Part<'a> {
    pub(super) outcomes: Vec<u32>,
    pub(super) common: Option<Said<'a>>,
}

/// What is said of a subject, but for its name.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Said<'a> {
    facts: Facts<'a>,
    remarks: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Facts<'a> {
    Evidence(&'a [(String, String)]),
    Gaps(&'a [Gap]),
    None,
}

impl Said<'_> {
    pub(super) fn props(&self) -> Vec<Property> {
        match self.facts {
            Facts::Evidence(evidence) => evidence.iter().map(|(path, value)| classed("evidence", path, value)).collect(),
            Facts::Gaps(gaps) => gaps.iter().map(|gap| classed("gap", &gap.cause, &gap.action)).collect(),
            Facts::None => Vec::new(),
        }
    }

    pub(super) fn remarks(&self) -> &str {
        &self.remarks
    }
}

/// The outcomes of a group, those first of which something is said in common; in an order that depends on the outcomes alone.
pub(super) fn parts<'a>(seen: &'a Seen, outcomes: &[u32]) -> Vec<Part<'a>> {
    let mut place: HashMap<Option<Said>, usize> = HashMap::new();
    let mut alike: Vec<(Option<Said>, Vec<u32>)> = Vec::new();
    for &at in outcomes {
        let said = said(seen, &seen.outcomes[at as usize], true);
        let index = *place.entry(said).or_insert_with_key(|said| {
            alike.push((said.clone(), Vec::new()));
            alike.len() - 1
        });
        alike[index].1.push(at);
    }
    let (common, own): (Vec<_>, Vec<_>) = alike.into_iter().partition(|(said, outcomes)| is_of_all(said) || outcomes.len() >= COMMON);
    let own: Vec<u32> = own.into_iter().flat_map(|(_, outcomes)| outcomes).collect();
    let mut parts: Vec<Part> = common.into_iter().map(|(common, outcomes)| Part { outcomes, common }).collect();
    if !own.is_empty() {
        parts.push(Part { outcomes: own, common: None });
    }
    parts
}

/// That it passes, or why a check does not apply, is the check's to say.
fn is_of_all(said: &Option<Said>) -> bool {
    said.as_ref().is_none_or(|said| said.facts == Facts::None)
}

/// What is said of one subject alone.
pub(super) fn detail(seen: &Seen, outcome: &Outcome) -> Option<Arc<SubjectDetail>> {
    let said = said(seen, outcome, false)?;
    Some(Arc::new(SubjectDetail { props: said.props(), remarks: Some(prose(&said.remarks)), ..SubjectDetail::default() }))
}

/// Nothing where it passes; `named` puts [`SUBJECT`] for the name.
fn said<'a>(seen: &'a Seen, outcome: &'a Outcome, nameless: bool) -> Option<Said<'a>> {
    match &outcome.verdict {
        Verdict::Pass => None,
        Verdict::Fail { message } => {
            let remarks = if nameless { without_name(message, name(seen, outcome)) } else { message.clone() };
            Some(Said { facts: Facts::Evidence(&outcome.evidence), remarks })
        }
        Verdict::NotApplicable { reason } => Some(Said { facts: Facts::None, remarks: reason.to_string() }),
        Verdict::Unknown(gaps) => Some(Said { facts: Facts::Gaps(gaps), remarks: told(gaps) }),
    }
}

fn name<'a>(seen: &'a Seen, outcome: &Outcome) -> &'a str {
    match outcome.place {
        Place::Subject(at) => &seen.subjects[at as usize].name,
        Place::Scope(_) => "",
    }
}

/// A message in which the marker stands already, because somebody named a resource so, is left as it is and is true of one only.
fn without_name(message: &str, name: &str) -> String {
    match name.is_empty() || message.contains(SUBJECT) {
        true => message.to_owned(),
        false => message.replace(name, SUBJECT),
    }
}

fn told(gaps: &[Gap]) -> String {
    let one = |gap: &Gap| match &gap.detail {
        Some(detail) => format!("{gap} ({detail})"),
        None => gap.to_string(),
    };
    gaps.iter().map(one).collect::<Vec<_>>().join("; ")
}
