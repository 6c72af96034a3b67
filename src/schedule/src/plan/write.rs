//! Writes schedules as tasks, and as a plan.

use jiff::Timestamp;
use oscal::{
    AssessmentPlan, BackMatter, ControlSelection, ImportSsp, IncludeAll, Metadata, Property, Resource, ResourceLink, ReviewedControls,
    Task, TaskType, Text, Uri,
};

use super::frequency::timing;
use super::names;
use crate::{Cadence, Schedule, Table};

/// What the caller knows and schedules do not.
#[derive(Debug, Clone)]
pub struct Frame<'a> {
    /// The namespace of our properties.
    pub ns: &'a Uri,
    /// The namespace of lasting ids: the same schedule is the same task in every plan.
    pub ids: uuid::Uuid,
    /// The id of this version of the document.
    pub uuid: oscal::Uuid,
    /// When it is written.
    pub at: Timestamp,
}

/// An assessment plan whose tasks are the schedules.
pub fn write(schedules: &[Schedule], frame: &Frame) -> AssessmentPlan {
    let no_ssp = oscal::ident::stable_uuid(frame.ids, "schedules/no-system-security-plan");
    let metadata = Metadata::new(line("Schedules of continuous assessment"), frame.at.into(), text("1"), text("1.2.3"));
    let everything = ControlSelection { include_all: Some(IncludeAll::default()), ..ControlSelection::default() };
    AssessmentPlan {
        tasks: tasks(schedules, frame),
        back_matter: Some(BackMatter { resources: vec![ssp_note(no_ssp)] }),
        ..AssessmentPlan::new(frame.uuid, metadata, ImportSsp::new(no_ssp.into()), ReviewedControls::new(vec![everything]))
    }
}

fn ssp_note(uuid: oscal::Uuid) -> Resource {
    Resource {
        title: Some(line("No system security plan was given")),
        description: Some(
            "What is assessed comes from the configuration of the tool; the tasks name its scopes in their properties.".into(),
        ),
        rlinks: vec![ResourceLink::new("config.toml".parse().expect("a file name is a reference"))],
        ..Resource::new(uuid)
    }
}

/// The schedules as tasks, in their order.
pub fn tasks(schedules: &[Schedule], frame: &Frame) -> Vec<Task> {
    schedules.iter().map(|schedule| task(schedule, frame)).collect()
}

fn task(schedule: &Schedule, frame: &Frame) -> Task {
    let uuid = oscal::ident::stable_uuid(frame.ids, &format!("schedule/{}", schedule.name));
    Task {
        description: Some(described(&schedule.cadence).into()),
        props: props(schedule, frame.ns),
        timing: timing(&schedule.cadence),
        ..Task::new(uuid, TaskType::Action, line(&schedule.name))
    }
}

fn described(cadence: &Cadence) -> String {
    match cadence {
        Cadence::Every(every) => format!("Assessed every {every}, counted from 1970-01-01 UTC."),
        Cadence::Cron(cron) => format!("Assessed at `{}` on the clocks of {}.", cron.expression(), cron.zone()),
        Cadence::Once(_) => "Assessed once.".to_owned(),
    }
}

/// What the timing does not say. Of what is usual, only the policies are written, because a reader of the plan cannot know them.
fn props(schedule: &Schedule, ns: &Uri) -> Vec<Property> {
    let table = Table::from(schedule.clone());
    let zone = table.cron.as_ref().map(|_| table.zone.clone().unwrap_or_else(|| "UTC".to_owned()));
    let single = [
        (names::SCHEDULE, Some(table.name)),
        (names::CRON, table.cron),
        (names::ZONE, zone),
        (names::JITTER, table.jitter),
        (names::OVERLAP, Some(table.overlap.as_str().to_owned())),
        (names::CATCH_UP, Some(table.catch_up.as_str().to_owned())),
        (names::CATCH_UP_AT_MOST, table.catch_up_at_most.map(|most| most.to_string())),
        (names::GRACE, table.grace),
    ];
    let many = [(names::PROFILE, table.profiles), (names::SCOPE, table.scopes), (names::CONTROL, table.controls)];
    let single = single.into_iter().filter_map(|(name, value)| Some((name, value?)));
    let many = many.into_iter().flat_map(|(name, values)| values.into_iter().map(move |value| (name, value)));
    let prop = |(name, value): (&str, String)| Property::of(ns.clone(), name.parse().expect("our names are tokens"), text(&value));
    single.chain(many).map(prop).collect()
}

/// A schedule holds no text that OSCAL would refuse.
fn text(value: &str) -> Text {
    value.parse().expect("one line without outer blanks")
}

fn line(value: &str) -> oscal::MarkupLine {
    value.parse().expect("one line")
}
