//! One finding per assessed control. What could not be seen is never satisfied.

use oscal::{Finding, FindingState, FindingStatus, FindingTarget, RelatedObservation, RelatedRisk, TargetType};

use super::Context;
use super::observation::Observed;
use super::results::tally_props;
use super::risk::Risks;
use super::words::{lasting, line, origin, prop, prose, token};
use crate::assess::{ControlAnswer, Tally};
use crate::plan::Target;

pub(super) fn findings(context: &Context, observed: &Observed, risks: &Risks) -> Vec<Finding> {
    context.assessed.answers.iter().filter_map(|answer| finding(context, answer, observed, risks)).collect()
}

/// The state and reason that a tally comes to; none where nothing applied, because OSCAL has no state for that.
fn answer_of(tally: &Tally) -> Option<(FindingState, &'static str)> {
    match tally {
        Tally { fail: 1.., .. } => Some((FindingState::NotSatisfied, "fail")),
        Tally { unknown: 1.., .. } => Some((FindingState::NotSatisfied, "other")),
        Tally { pass: 1.., .. } => Some((FindingState::Satisfied, "pass")),
        Tally { vacuous: 1.., .. } => Some((FindingState::Satisfied, "vacuous")),
        Tally { .. } => None,
    }
}

fn finding(context: &Context, answer: &ControlAnswer, observed: &Observed, risks: &Risks) -> Option<Finding> {
    let (state, reason) = answer_of(&answer.tally)?;
    let control = &context.plan.controls()[answer.control];
    let kind = match &control.target {
        Target::Objective(_) => TargetType::ObjectiveId,
        Target::Statement(_) => TargetType::StatementId,
    };
    let status = FindingStatus { reason: Some(reason.parse().expect("our reasons are tokens")), ..FindingStatus::new(state) };
    let observations = answer.groups.iter().flat_map(|&group| observed.of_group[group].clone());
    let mut props = vec![prop("control", &control.id)];
    props.extend(answer.severity.map(|severity| prop("severity", severity.as_str())));
    props.extend(tally_props(&answer.tally));
    let target = FindingTarget::new(kind, token(control.target.id()), status);
    Some(Finding {
        props,
        origins: vec![origin(None)],
        related_observations: observations.map(|at| RelatedObservation::new(observed.all[at].uuid)).collect(),
        related_risks: risks.of_control(answer.control).map(RelatedRisk::new).collect(),
        ..Finding::new(lasting("finding", &control.id), line(&control.title), prose(&control.statement), target)
    })
}
