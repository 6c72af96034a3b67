//! Controls of frameworks: what is to be reviewed of them and by which mapping, and a finding for each that is decided.

use oscal::{
    ControlSelection, Finding, FindingState, FindingStatus, FindingTarget, IncludeAll, Link, LocalObjective, Property, RelatedObservation,
    RelatedRisk, Resource, ResourceLink, SelectControl, TargetType,
};

use super::Context;
use super::observation::Observed;
use super::plan::tested;
use super::risk::Risks;
use super::words::{classed, lasting, line, origin, prop, prose, token};
use crate::framework::{Answer, Bound, Framework, Judged, Judgement, Limit, Map, Member, Ours};
use crate::plan::Target;

/// What of each framework was reviewed: decided, undecided, and by exclusion what no check reaches.
pub(super) fn reviewed(context: &Context) -> Vec<ControlSelection> {
    context.frameworks.iter().flat_map(selections).collect()
}

fn selections(judged: &Judged) -> Vec<ControlSelection> {
    let name = &judged.framework.name;
    let of = |wanted: &dyn Fn(Answer) -> bool| {
        let all = judged.framework.controls.iter().zip(&judged.judgements);
        all.filter(|(_, judgement)| wanted(judgement.answer)).map(|(member, _)| SelectControl::new(token(&member.id))).collect::<Vec<_>>()
    };
    let decided = |answer: Answer| !matches!(answer, Answer::Undecided | Answer::NotAssessed);
    let (decided, undecided, mut unreached) =
        (of(&decided), of(&|answer| answer == Answer::Undecided), of(&|answer| answer == Answer::NotAssessed));
    let title = &judged.framework.title;
    let mut selections = Vec::new();
    // OSCAL wants every selection to choose something; what is excluded stands in the first.
    if !decided.is_empty() || undecided.is_empty() {
        let nothing = decided.is_empty();
        selections.push(ControlSelection {
            description: Some(prose(&format!(
                "Included: controls of {title} that findings on mapped controls decide. Excluded: controls that no check reaches; nothing is claimed about them."
            ))),
            props: vec![prop("framework", name)],
            include_all: nothing.then(IncludeAll::default),
            include_controls: decided,
            exclude_controls: std::mem::take(&mut unreached),
            ..ControlSelection::default()
        });
    }
    if !undecided.is_empty() {
        selections.push(ControlSelection {
            description: Some(prose(&format!(
                "Included: controls of {title} on which checks bear without deciding them, neither satisfied nor not satisfied. Excluded: controls that no check reaches."
            ))),
            props: vec![prop("framework", name), prop("answer", Answer::Undecided.as_str())],
            include_controls: undecided,
            exclude_controls: unreached,
            ..ControlSelection::default()
        });
    }
    selections
}

/// What the plan says is to be reviewed of each framework.
pub(super) fn planned(context: &Context) -> Vec<ControlSelection> {
    let selection = |judged: &Judged| {
        let framework = &judged.framework;
        ControlSelection {
            description: Some(prose(&framework.title)),
            props: vec![prop("framework", &framework.name)],
            links: vec![Link { rel: Some(token("source")), ..Link::new(resource_id(framework).into()) }],
            include_controls: framework.controls.iter().map(|member| SelectControl::new(token(&member.id))).collect(),
            ..ControlSelection::default()
        }
    };
    context.frameworks.iter().map(selection).collect()
}

fn resource_id(framework: &Framework) -> oscal::Uuid {
    lasting("resource", &format!("framework/{}", framework.name))
}

/// Where each framework was read.
pub(super) fn resources(context: &Context) -> Vec<Resource> {
    let resource = |judged: &Judged| Resource {
        title: Some(line(&judged.framework.title)),
        rlinks: judged.framework.href.parse().into_iter().map(ResourceLink::new).collect(),
        ..Resource::new(resource_id(&judged.framework))
    };
    context.frameworks.iter().map(resource).collect()
}

/// For each control that a mapping speaks of: which, of what, by which relation.
pub(super) fn objectives(context: &Context) -> Vec<LocalObjective> {
    let of = |judged: &Judged| {
        let mapped = judged.framework.controls.iter().filter(|member| !member.maps.is_empty());
        mapped.map(|member| objective(&judged.framework, member)).collect::<Vec<_>>()
    };
    context.frameworks.iter().flat_map(of).collect()
}

fn objective(framework: &Framework, member: &Member) -> LocalObjective {
    let mut props = vec![prop("framework", &framework.name)];
    props.extend(member.maps.iter().map(mapped));
    // Its own objectives, if it has any, are in the framework; this one says what decides it here.
    let (name, said) = (
        format!("{}_{}", framework.name, member.id),
        "Determine, by the findings on the controls that are mapped to it, whether it is satisfied.",
    );
    let parts = tested(
        ("assessment-objective", &format!("{name}_obj"), said),
        &name,
        "The resources that the checks under the mapped controls look at.",
    );
    LocalObjective { description: Some(prose(&member.title)), props, ..LocalObjective::new(token(&member.id), parts) }
}

/// A relation in words, such as `CCC.IAM.CN06.AR01: idm-07 while idm-07_max_age is at most P90D`.
fn mapped(map: &Map) -> Property {
    let our = |ours: &Ours| match (&ours.check, &ours.provider) {
        (Some(check), _) => check.clone(),
        (None, Some(provider)) => format!("{} ({provider})", ours.control),
        (None, None) => ours.control.clone(),
    };
    let bound = |limit: &Limit| {
        let side = match limit.bound {
            Bound::AtMost => "at most",
            Bound::AtLeast => "at least",
        };
        format!("{} is {side} {}", limit.parameter, limit.value)
    };
    let mut words = map.part.as_ref().map(|part| format!("{part}: ")).unwrap_or_default();
    words += &map.ours.iter().map(our).collect::<Vec<_>>().join(" + ");
    if !map.limits.is_empty() {
        words += &format!(" while {}", map.limits.iter().map(bound).collect::<Vec<_>>().join(" and "));
    }
    classed("mapped", map.relation.as_str(), &words)
}

/// One finding for each control that is decided. OSCAL has no state for the others, so they have none.
pub(super) fn findings(context: &Context, observed: &Observed, risks: &Risks) -> Vec<Finding> {
    let of = |judged: &Judged| {
        let all = judged.framework.controls.iter().zip(&judged.judgements);
        all.filter_map(|(member, judgement)| finding(&judged.framework, member, judgement, observed, risks)).collect::<Vec<_>>()
    };
    context.frameworks.iter().flat_map(of).collect()
}

fn finding(framework: &Framework, member: &Member, judgement: &Judgement, observed: &Observed, risks: &Risks) -> Option<Finding> {
    let (state, reason) = match judgement.answer {
        Answer::NotSatisfied => (FindingState::NotSatisfied, "fail"),
        Answer::Unknown => (FindingState::NotSatisfied, "other"),
        Answer::Satisfied => (FindingState::Satisfied, "pass"),
        Answer::Vacuous => (FindingState::Satisfied, "vacuous"),
        Answer::NotApplicable | Answer::Undecided | Answer::NotAssessed => return None,
    };
    let kind = match &member.target {
        Target::Objective(_) => TargetType::ObjectiveId,
        Target::Statement(_) => TargetType::StatementId,
    };
    let status = FindingStatus { reason: Some(reason.parse().expect("our reasons are tokens")), ..FindingStatus::new(state) };
    let mut props = vec![prop("framework", &framework.name), prop("control", &member.id), prop("answer", judgement.answer.as_str())];
    props.extend(judgement.parts.iter().map(|(part, answer)| classed("part", answer.as_str(), part)));
    let description = match member.statement.is_empty() {
        true => format!("{} of {}, by findings on the controls that are mapped to it.", member.title, framework.title),
        false => member.statement.clone(),
    };
    let observations = judgement.groups.iter().flat_map(|&group| observed.of_group[group].clone());
    let name = format!("{}/{}", framework.name, member.id);
    Some(Finding {
        props,
        origins: vec![origin(None)],
        related_observations: observations.map(|at| RelatedObservation::new(observed.all[at].uuid)).collect(),
        related_risks: judgement.controls.iter().flat_map(|&control| risks.of_control(control)).map(RelatedRisk::new).collect(),
        ..Finding::new(
            lasting("framework-finding", &name),
            line(&member.title),
            prose(&description),
            FindingTarget::new(kind, token(member.target.id()), status),
        )
    })
}
