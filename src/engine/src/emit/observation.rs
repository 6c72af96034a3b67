//! One observation per check, scope, verdict, exemption and what is said of all its subjects in common.

use jiff::Timestamp;
use oscal::{Method, Observation, ObservationType, RelevantEvidence, SubjectReference, SubjectType};

use super::Context;
use super::plan::parameters;
use super::results::{evidence_id, evidence_name, subject_id};
use super::said::{self, Said};
use super::words::{account_component, account_task, line, origin, prop, prose, whole};
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
    let mut observed = Observed { all: Vec::new(), of_group: Vec::new() };
    for group in &context.assessed.groups {
        let begin = observed.all.len();
        let parts = said::parts(context.seen, &group.outcomes);
        let chunks = parts.iter().flat_map(|part| part.outcomes.chunks(SUBJECTS).map(|outcomes| (part.common.as_ref(), outcomes)));
        // What had nothing to look at is observed too.
        let chunks = if parts.is_empty() { vec![(None, [].as_slice())] } else { chunks.collect() };
        let made = chunks.into_iter().enumerate().map(|(number, (common, outcomes))| {
            let subjects = outcomes.iter().map(|&at| subject(context, &context.seen.outcomes[at as usize], &ids, common.is_none()));
            observation(context, group, number, outcomes, common, subjects.collect())
        });
        observed.all.extend(made);
        observed.of_group.push(begin..observed.all.len());
    }
    observed
}

fn observation(
    context: &Context,
    group: &Group,
    part: usize,
    outcomes: &[u32],
    common: Option<&Said>,
    subjects: Vec<SubjectReference>,
) -> Observation {
    let check = &context.plan.checks()[group.check as usize];
    let (place, account) = place(context, &group.scope);
    let exemption = group.exempt.map(|at| context.exemptions.get(at).id.clone());
    let mut props = vec![prop("check", &check.id().to_string()), prop("scope", &place), prop("verdict", group.grade.as_str())];
    props.extend(exemption.as_deref().map(|id| prop("exemption", id)));
    props.extend(parameters(check, context.plan.control_of(group.check as usize)));
    props.extend(common.iter().flat_map(|said| said.props()));
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
        subjects,
        relevant_evidence: vec![evidence],
        expires: Some(whole(expires).into()),
        remarks: common.map(|said| prose(said.remarks())),
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

fn subject(context: &Context, outcome: &Outcome, ids: &[oscal::Uuid], by_itself: bool) -> SubjectReference {
    let reference = match outcome.place {
        Place::Subject(at) => SubjectReference::new(ids[at as usize], SubjectType::InventoryItem),
        Place::Scope(at) => {
            let scope = &context.seen.scopes[at as usize];
            SubjectReference::new(account_component((&scope.provider, &scope.account)), SubjectType::Component)
        }
    };
    let detail = if by_itself { said::detail(context.seen, outcome) } else { None };
    SubjectReference { detail, ..reference }
}
