//! A control as OSCAL has it: the objective as statement, and for each assessment requirement an assessment objective, a method and guidance.

use oscal::{Link, Part, Property, Text, Uri};

use super::Scope;
use super::words::{link, mapped, own, reference, text, token};
use crate::source::{Control, Requirement};

/// Whose name `method` is, by OSCAL's own words.
const RMF_NS: &str = "http://csrc.nist.gov/ns/rmf";

/// The ids of the parts that a requirement becomes.
pub(super) fn part_ids(requirement: &Requirement) -> Vec<String> {
    let id = &requirement.id;
    let guidance = requirement.recommendation.as_ref().map(|_| format!("{id}_gdn"));
    [Some(id.to_string()), guidance, Some(format!("{id}_asm"))].into_iter().flatten().collect()
}

/// The id of the statement of a control.
pub(super) fn statement_id(control: &Control) -> String {
    format!("{}_smt", control.id)
}

pub(super) fn control(control: &Control, scope: &Scope<'_>) -> oscal::Control {
    let statement =
        Part { id: Some(token(&statement_id(control))), prose: Some(control.objective.clone().into()), ..Part::new(token("statement")) };
    let assessed = control.requirements.iter().flat_map(|requirement| parts(requirement, control));
    oscal::Control {
        props: props(control),
        links: links(control, scope),
        parts: std::iter::once(statement).chain(assessed).collect(),
        ..oscal::Control::new(control.id.clone(), control.title.clone())
    }
}

fn props(control: &Control) -> Vec<Property> {
    let label = Property::new(token("label"), control.id.clone().into());
    let state = control.state.clone().map(|state| own("state", state));
    let mut props: Vec<Property> = [Some(label), state].into_iter().flatten().collect();
    props.extend(mapped("threat", &control.threats));
    props.extend(mapped("guideline", &control.guidelines));
    props
}

fn links(control: &Control, scope: &Scope<'_>) -> Vec<Link> {
    let mut links = scope.threat_links(&control.threats);
    links.extend(scope.framework_links(&control.guidelines));
    links
}

/// An assessment requirement: what must hold, how to get there, and that it is found out by testing.
fn parts(requirement: &Requirement, control: &Control) -> Vec<Part> {
    let id = requirement.id.as_str();
    let about = |rel: &str, place: &str| vec![link(reference(&format!("#{place}")), rel, None)];
    let objective = Part {
        id: Some(requirement.id.clone()),
        props: requirement_props(requirement),
        prose: Some(requirement.text.clone().into()),
        links: about("assessment-for", &statement_id(control)),
        ..Part::new(token("assessment-objective"))
    };
    let guidance = requirement.recommendation.clone().map(|recommendation| Part {
        id: Some(token(&format!("{id}_gdn"))),
        prose: Some(recommendation.into()),
        links: about("related", id),
        ..Part::new(token("guidance"))
    });
    let rmf: Uri = RMF_NS.parse().expect("an absolute URI");
    let method = Part {
        id: Some(token(&format!("{id}_asm"))),
        props: vec![Property::of(rmf, token("method"), text("TEST"))],
        links: about("assessment-for", id),
        ..Part::new(token("assessment-method"))
    };
    [Some(objective), guidance, Some(method)].into_iter().flatten().collect()
}

fn requirement_props(requirement: &Requirement) -> Vec<Property> {
    let label = Property::new(token("label"), requirement.id.clone().into());
    let state = requirement.state.clone().map(|state| own("state", state));
    let levels = requirement.applicability.iter().map(|level| own("applicability", Text::from(level.clone())));
    std::iter::once(label).chain(state).chain(levels).collect()
}
