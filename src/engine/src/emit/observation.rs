//! One observation per check, scope, verdict and exemption, with the subjects that it is about.

use std::collections::HashMap;
use std::sync::Arc;

use checks::Verdict;
use inventory::Gap;
use jiff::Timestamp;
use oscal::{Method, Observation, ObservationType, RelevantEvidence, SubjectDetail, SubjectReference, SubjectType};

use super::Context;
use super::results::{evidence_id, evidence_name, subject_id};
use super::words::{account_component, account_task, classed, line, origin, prop, prose, whole};
use crate::assess::{Group, Where};
use crate::seen::{Outcome, Place};

/// An observation holds at most this many subjects, so that each can be checked and read by itself.
const SUBJECTS: usize = 1_000;

/// The observations, and which of them belong to which group.
pub(super) struct Observed {
    /// The observations, in the order of the groups.
    pub all: Vec<Observation>,
    /// For each group the range of its observations.
    pub of_group: Vec<std::ops::Range<usize>>,
}

pub(super) fn observations(context: &Context) -> Observed {
    let ids: Vec<oscal::Uuid> = context.seen.subjects.iter().map(|subject| subject_id(context, subject)).collect();
    let mut shared = HashMap::new();
    let mut observed = Observed { all: Vec::new(), of_group: Vec::new() };
    for group in &context.assessed.groups {
        let begin = observed.all.len();
        let parts = group.outcomes.chunks(SUBJECTS).collect::<Vec<_>>();
        match parts.is_empty() {
            true => observed.all.push(observation(context, group, 0, &[], &ids, &mut shared)),
            false => parts
                .iter()
                .enumerate()
                .for_each(|(part, outcomes)| observed.all.push(observation(context, group, part, outcomes, &ids, &mut shared))),
        }
        observed.of_group.push(begin..observed.all.len());
    }
    observed
}

/// Details that many subjects have in common are kept once.
type Shared = HashMap<String, Arc<SubjectDetail>>;

fn observation(context: &Context, group: &Group, part: usize, outcomes: &[u32], ids: &[oscal::Uuid], shared: &mut Shared) -> Observation {
    let check = &context.plan.checks()[group.check as usize];
    let (place, account) = place(context, &group.scope);
    let exemption = group.exempt.map(|at| context.exemptions.get(at).id.clone());
    let mut props = vec![prop("check", &check.id().to_string()), prop("scope", &place), prop("verdict", group.grade.as_str())];
    props.extend(exemption.as_deref().map(|id| prop("exemption", id)));
    let collected =
        outcomes.iter().filter_map(|&at| collected(context, &context.seen.outcomes[at as usize])).min().unwrap_or(context.frame.started);
    let expires = collected.checked_add(context.frame.valid_for).unwrap_or(Timestamp::MAX);
    // Fresh for every collection: the clock is part of the name, and so is nothing else that changes between runs.
    let name =
        format!("{}|{place}|{}|{}|{part}|{}", check.id(), group.grade.as_str(), exemption.as_deref().unwrap_or(""), context.frame.started);
    let evidence = RelevantEvidence {
        href: Some(evidence_id(&evidence_name((&account.0, &account.1))).into()),
        ..RelevantEvidence::new(prose("The documents that were judged."))
    };
    Observation {
        title: Some(line(check.title())),
        props,
        types: vec![ObservationType::ControlObjective],
        origins: vec![origin(Some(account_task((&account.0, &account.1))))],
        subjects: outcomes.iter().map(|&at| subject(context, &context.seen.outcomes[at as usize], ids, shared)).collect(),
        relevant_evidence: vec![evidence],
        expires: Some(whole(expires).into()),
        remarks: outcomes.first().and_then(|&at| reason(&context.seen.outcomes[at as usize])),
        ..Observation::new(super::words::lasting("observation", &name), prose(check.title()), vec![Method::Test], whole(collected).into())
    }
}

/// How a place is written, and its provider and account.
fn place(context: &Context, place: &Where) -> (String, (String, String)) {
    match place {
        Where::Scope(at) => {
            let scope = &context.seen.scopes[*at as usize];
            (scope.to_string(), (scope.provider.clone(), scope.account.clone()))
        }
        Where::Account(provider, account) => (format!("{provider}/{account}"), (provider.clone(), account.clone())),
    }
}

fn collected(context: &Context, outcome: &Outcome) -> Option<Timestamp> {
    match outcome.place {
        Place::Subject(at) => Some(context.seen.subjects[at as usize].collected),
        Place::Scope(_) => None,
    }
}

fn subject(context: &Context, outcome: &Outcome, ids: &[oscal::Uuid], shared: &mut Shared) -> SubjectReference {
    let mut reference = match outcome.place {
        Place::Subject(at) => SubjectReference::new(ids[at as usize], SubjectType::InventoryItem),
        Place::Scope(at) => {
            let scope = &context.seen.scopes[at as usize];
            SubjectReference::new(account_component((&scope.provider, &scope.account)), SubjectType::Component)
        }
    };
    reference.detail = detail(outcome, shared);
    reference
}

fn detail(outcome: &Outcome, shared: &mut Shared) -> Option<Arc<SubjectDetail>> {
    let (props, remarks) = match &outcome.verdict {
        Verdict::Pass => return None,
        Verdict::Fail { message } => {
            let evidence = outcome.evidence.iter().map(|(path, value)| classed("evidence", path, value)).collect();
            return Some(Arc::new(SubjectDetail { props: evidence, remarks: Some(prose(message)), ..SubjectDetail::default() }));
        }
        // The reason is the check's and the same for all, so the observation says it once.
        Verdict::NotApplicable { .. } => return None,
        Verdict::Unknown(gaps) => (gaps.iter().map(|gap| classed("gap", &gap.cause, &gap.action)).collect(), told(gaps)),
    };
    let key = format!("{props:?}{remarks}");
    let fresh = || Arc::new(SubjectDetail { props, remarks: Some(prose(&remarks)), ..SubjectDetail::default() });
    Some(Arc::clone(shared.entry(key).or_insert_with(fresh)))
}

/// Why the check does not apply, where it does not.
fn reason(outcome: &Outcome) -> Option<oscal::Markup> {
    match &outcome.verdict {
        Verdict::NotApplicable { reason } => Some(prose(reason)),
        Verdict::Pass | Verdict::Fail { .. } | Verdict::Unknown(_) => None,
    }
}

fn told(gaps: &[Gap]) -> String {
    let one = |gap: &Gap| match &gap.detail {
        Some(detail) => format!("{gap} ({detail})"),
        None => gap.to_string(),
    };
    gaps.iter().map(one).collect::<Vec<_>>().join("; ")
}
