//! The assessment plan: which controls, by which checks, in which accounts.

use checks::Check;
use oscal::{
    Activity, AssessmentPlan, AssessmentSubject, AssociatedActivity, BackMatter, ControlSelection, ImportSsp, IncludeAll, Link,
    LocalObjective, Part, PlanDefinitions, Property, Resource, ResourceLink, ReviewedControls, SelectControl, SubjectType, Task, TaskType,
};

use super::words::{account_component, account_task, classed, lasting, line, of_run, own, prop, prose, text, token};
use super::{Context, framework, results};
use crate::plan::{Control, Target};

pub(super) fn plan(context: &Context) -> AssessmentPlan {
    let frame = context.frame;
    let mut metadata = results::metadata(context, "Assessment plan");
    metadata.links.extend(frame.follows.iter().map(|href| Link { rel: Some(token("derived-from")), ..Link::new(href.clone()) }));
    let no_ssp = lasting("resource", "no-system-security-plan");
    let selected = context.plan.controls().iter().map(|control| SelectControl::new(token(&control.id))).collect();
    let own = ControlSelection { include_controls: selected, ..ControlSelection::default() };
    let reviewed = ReviewedControls::new(std::iter::once(own).chain(framework::planned(context)).collect());
    let resources = std::iter::once(ssp_note(no_ssp)).chain(framework::resources(context)).collect();
    AssessmentPlan {
        local_definitions: Some(definitions(context)),
        assessment_subjects: vec![everything()],
        assessment_assets: Some(results::assets(context)),
        tasks: context.accounts().into_iter().map(|account| task(context, account)).chain(scheduled(context)).collect(),
        back_matter: Some(BackMatter { resources }),
        ..AssessmentPlan::new(of_run(frame.run, "assessment-plan"), metadata, ImportSsp::new(no_ssp.into()), reviewed)
    }
}

fn ssp_note(uuid: oscal::Uuid) -> Resource {
    Resource {
        title: Some(line("No system security plan was given")),
        description: Some(prose(
            "The scope of this assessment comes from the configuration of the tool; subjects are defined in the assessment results.",
        )),
        // NIST advises that a resource leads somewhere: here, to where the subjects are.
        rlinks: vec![ResourceLink {
            media_type: Some(text("application/json")),
            ..ResourceLink::new("assessment-results.json".parse().expect("a file name is a reference"))
        }],
        ..Resource::new(uuid)
    }
}

fn definitions(context: &Context) -> PlanDefinitions {
    PlanDefinitions {
        components: results::components(context),
        objectives_and_methods: context.plan.controls().iter().map(objective).chain(framework::objectives(context)).collect(),
        activities: (0..context.plan.checks().len()).map(|check| activity(context, check)).collect(),
        ..PlanDefinitions::default()
    }
}

fn objective(control: &Control) -> LocalObjective {
    let name = match &control.target {
        Target::Objective(_) => "assessment-objective",
        Target::Statement(_) => "statement",
    };
    let parts =
        tested((name, control.target.id(), &control.objective), &control.id, "The resources that the checks under this control look at.");
    LocalObjective { description: Some(prose(&control.title)), ..LocalObjective::new(token(&control.id), parts) }
}

/// An objective (name, id, prose) and that it is found out by testing. NIST wants an objective to name its method, and a method to name its objects.
pub(super) fn tested((name, id, said): (&str, &str, &str), method: &str, objects: &str) -> Vec<Part> {
    let method = format!("{method}_tst");
    let objective =
        Part { id: Some(token(id)), props: vec![own("method-id", &method)], prose: Some(prose(said)), ..Part::new(token(name)) };
    let objects = Part { prose: Some(prose(objects)), ..Part::new(token("assessment-objects")) };
    let method = Part {
        id: Some(token(&method)),
        props: vec![own("method", "TEST")],
        parts: vec![objects],
        ..Part::new(token("assessment-method"))
    };
    vec![objective, method]
}

fn activity(context: &Context, at: usize) -> Activity {
    let check = &context.plan.checks()[at];
    let control = context.plan.control_of(at);
    let related = ControlSelection { include_controls: vec![SelectControl::new(token(&control.id))], ..ControlSelection::default() };
    Activity {
        title: Some(line(check.title())),
        props: activity_props(check, control),
        related_controls: Some(ReviewedControls::new(vec![related])),
        remarks: Some(prose(check.fix())),
        ..Activity::new(check_id(check), prose(check.why()))
    }
}

/// The lasting id of a check as an activity.
fn check_id(check: &Check) -> oscal::Uuid {
    lasting("check", &check.id().to_string())
}

fn activity_props(check: &Check, control: &Control) -> Vec<Property> {
    let mut props = vec![
        // OSCAL demands the method of every activity; hardly any tool writes it.
        own("method", "TEST"),
        prop("check", &check.id().to_string()),
        prop("provider", check.kind().provider()),
        prop("kind", check.kind().as_str()),
        prop("severity", check.severity().as_str()),
        prop("expression", check.pass_source()),
    ];
    props.extend(check.when_source().map(|source| prop("applies-when", source)));
    props.extend(check.evidence_paths().iter().map(|path| prop("evidence", path)));
    props.extend(parameters(check, control));
    props
}

/// The values of the parameters that a check uses.
pub(super) fn parameters(check: &Check, control: &Control) -> Vec<Property> {
    let used = |name: &&String| check.params_used().contains(*name);
    let params = control.params.as_object().into_iter().flatten().filter(|(name, _)| used(name));
    params.map(|(name, value)| classed("parameter", name, &shown(value))).collect()
}

fn shown(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn everything() -> AssessmentSubject {
    AssessmentSubject { include_all: Some(IncludeAll::default()), ..AssessmentSubject::new(SubjectType::InventoryItem) }
}

fn task(context: &Context, account: (&str, &str)) -> Task {
    let of_provider = context.plan.checks().iter().filter(|check| check.kind().provider() == account.0);
    let associated = |check: &Check| AssociatedActivity::new(check_id(check), vec![everything()]);
    let subject = AssessmentSubject {
        include_subjects: vec![oscal::SelectSubject::new(account_component(account), SubjectType::Component)],
        ..AssessmentSubject::new(SubjectType::Component)
    };
    Task {
        timing: context.frame.timing.clone(),
        associated_activities: of_provider.map(associated).collect(),
        subjects: vec![subject],
        ..Task::new(account_task(account), TaskType::Action, line(&format!("Assess {}/{}", account.0, account.1)))
    }
}

/// The task that stands for the schedule that the run came of, so that what refers to it leads somewhere.
fn scheduled(context: &Context) -> Option<Task> {
    let tick = context.frame.tick.as_ref()?;
    let props = vec![prop("schedule", &tick.schedule), prop("due", &tick.due.to_string())];
    Some(Task { props, ..Task::new(tick.task, TaskType::Action, line(&format!("Schedule `{}`", tick.schedule))) })
}
