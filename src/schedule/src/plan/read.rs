//! Reads the tasks of an assessment plan as schedules: our own as they were, and those of others as far as a schedule can say it.
//!
//! Of others' tasks, the timing is the cadence, the title the name, the controls of the activities what is assessed. Milestones are points to be reached and nothing to do, so they are
//! passed over, as is a task that only holds others. What a schedule cannot say is refused with its place: waiting for another task, subjects that the plan does
//! not define, no timing at all.

use std::collections::BTreeSet;

use oscal::{Activity, AssessmentPlan, ControlSelection, SelectSubject, Task, TaskType, Timing};

use super::names;
use crate::{CatchUpWord, Overlap, Schedule, Table, Wrong};

/// A task that cannot be a schedule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at `{pointer}`: {what}; {fix}")]
pub struct NotASchedule {
    /// The JSON pointer to what is in the way.
    pub pointer: String,
    /// What it is.
    pub what: String,
    /// What to do about it.
    pub fix: String,
}

/// The schedules that the tasks of a plan are; `ns` is the namespace of our properties.
///
/// # Errors
/// Everything that cannot be a schedule, with its place.
pub fn read(plan: &AssessmentPlan, ns: &str) -> Result<Vec<Schedule>, Vec<NotASchedule>> {
    let mut reader = Reader { plan, ns, taken: BTreeSet::new(), schedules: Vec::new(), refused: Vec::new() };
    reader.tasks(&plan.tasks, "/assessment-plan/tasks");
    if reader.refused.is_empty() { Ok(reader.schedules) } else { Err(reader.refused) }
}

struct Reader<'a> {
    plan: &'a AssessmentPlan,
    ns: &'a str,
    taken: BTreeSet<String>,
    schedules: Vec<Schedule>,
    refused: Vec<NotASchedule>,
}

type Read = Result<Table, NotASchedule>;

impl<'a> Reader<'a> {
    fn tasks(&mut self, tasks: &'a [Task], pointer: &str) {
        for (at, task) in tasks.iter().enumerate() {
            let pointer = format!("{pointer}/{at}");
            self.task(task, &pointer);
            self.tasks(&task.tasks, &format!("{pointer}/tasks"));
        }
    }

    fn task(&mut self, task: &'a Task, pointer: &str) {
        let ours = self.one(task, names::SCHEDULE).map(str::to_owned);
        let holds_others = task.timing.is_none() && !task.tasks.is_empty();
        if ours.is_none() && (task.r#type == TaskType::Milestone || holds_others) {
            return;
        }
        let table = match &ours {
            Some(name) => self.own(task, name, pointer),
            None => self.others(task, pointer),
        };
        let place = if ours.is_some() { format!("{pointer}/props") } else { format!("{pointer}/timing") };
        match table.map(|table| table.schedule()) {
            Ok(Ok(schedule)) => self.keep(schedule, pointer),
            Ok(Err(wrong)) => self.refused.extend(wrong.into_iter().map(|wrong| not(&place, wrong))),
            Err(refused) => self.refused.push(refused),
        }
    }

    fn keep(&mut self, schedule: Schedule, pointer: &str) {
        if self.taken.insert(schedule.name.clone()) {
            return self.schedules.push(schedule);
        }
        let what = format!("there is a schedule `{}` already", schedule.name);
        self.refused.push(refusal(pointer, what, "give one of the tasks another name"));
    }

    fn one(&self, task: &'a Task, name: &str) -> Option<&'a str> {
        oscal::property(&task.props, self.ns, name)
    }

    /// A task that we wrote.
    fn own(&self, task: &'a Task, name: &str, pointer: &str) -> Read {
        let text = |name: &str| self.one(task, name).map(str::to_owned);
        let all = |name: &str| task.props.iter().filter(|prop| prop.is(self.ns, name)).map(|prop| prop.value.as_str().to_owned()).collect();
        let wrong = |name: &str, value: &str| {
            refusal(
                &format!("{pointer}/props"),
                format!("`{value}` is no value of the property `{name}`"),
                "write a word that the configuration knows",
            )
        };
        let timed = match text(names::CRON) {
            Some(cron) => Table { cron: Some(cron), zone: text(names::ZONE), ..Table::default() },
            None => timed(task, pointer)?,
        };
        let overlap = text(names::OVERLAP).map_or(Ok(Overlap::default()), |word| {
            Overlap::ALL.into_iter().find(|one| one.as_str() == word).ok_or_else(|| wrong(names::OVERLAP, &word))
        })?;
        let catch_up = text(names::CATCH_UP).map_or(Ok(CatchUpWord::default()), |word| {
            CatchUpWord::ALL.into_iter().find(|one| one.as_str() == word).ok_or_else(|| wrong(names::CATCH_UP, &word))
        })?;
        let at_most = text(names::CATCH_UP_AT_MOST);
        let catch_up_at_most = at_most.map(|most| most.parse().map_err(|_| wrong(names::CATCH_UP_AT_MOST, &most))).transpose()?;
        Ok(Table {
            name: name.to_owned(),
            jitter: text(names::JITTER),
            grace: text(names::GRACE),
            profiles: all(names::PROFILE),
            scopes: all(names::SCOPE),
            controls: all(names::CONTROL),
            overlap,
            catch_up,
            catch_up_at_most,
            ..timed
        })
    }

    /// A task that somebody else wrote.
    fn others(&self, task: &'a Task, pointer: &str) -> Read {
        if !task.dependencies.is_empty() {
            let fix = "take the dependency out, or let one task do both";
            return Err(refusal(
                &format!("{pointer}/dependencies/0"),
                "it waits for another task, which a schedule cannot".to_owned(),
                fix,
            ));
        }
        let controls = self.controls(task, pointer)?;
        let scopes = self.scopes(task, pointer)?;
        Ok(Table { name: self.name(task, pointer), scopes, controls, ..timed(task, pointer)? })
    }

    /// The title as a name that no other schedule has.
    fn name(&self, task: &Task, pointer: &str) -> String {
        let legal = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
        let words: String = task.title.as_str().chars().map(legal).collect();
        let slug: String = words.split('-').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-").chars().take(48).collect();
        let slug = slug.trim_end_matches('-');
        let place = pointer.trim_start_matches("/assessment-plan/tasks/").replace("/tasks/", ".");
        match slug {
            "" => format!("task-{place}"),
            slug if self.taken.contains(slug) => format!("{slug}-{place}"),
            slug => slug.to_owned(),
        }
    }

    /// The controls of the activities that the task carries out; none means all.
    fn controls(&self, task: &Task, pointer: &str) -> Result<Vec<String>, NotASchedule> {
        let mut controls = BTreeSet::new();
        for (at, associated) in task.associated_activities.iter().enumerate() {
            let pointer = format!("{pointer}/associated-activities/{at}");
            let activity = self.activities().find(|activity| activity.uuid == associated.activity_uuid).ok_or_else(|| {
                refusal(
                    &format!("{pointer}/activity-uuid"),
                    "the plan does not define this activity".to_owned(),
                    "define it in `local-definitions`",
                )
            })?;
            let selections: Vec<&ControlSelection> = activity.related_controls.iter().flat_map(|of| &of.control_selections).collect();
            if selections.is_empty() || selections.iter().any(|selection| selection.include_all.is_some()) {
                return Ok(Vec::new());
            }
            controls
                .extend(selections.iter().flat_map(|selection| &selection.include_controls).map(|one| literal(one.control_id.as_str())));
        }
        Ok(controls.into_iter().collect())
    }

    fn activities(&self) -> impl Iterator<Item = &'a Activity> {
        self.plan.local_definitions.iter().flat_map(|own| &own.activities)
    }

    /// The titles of the components that the task looks at; none means every scope.
    fn scopes(&self, task: &Task, pointer: &str) -> Result<Vec<String>, NotASchedule> {
        let mut scopes = Vec::new();
        for (at, subjects) in task.subjects.iter().enumerate() {
            let pointer = format!("{pointer}/subjects/{at}");
            if !subjects.exclude_subjects.is_empty() {
                let what = "it leaves subjects out, which a schedule cannot".to_owned();
                return Err(refusal(&format!("{pointer}/exclude-subjects"), what, "list those that it includes"));
            }
            for (at, subject) in subjects.include_subjects.iter().enumerate() {
                scopes.push(self.scope(subject, &format!("{pointer}/include-subjects/{at}/subject-uuid"))?);
            }
        }
        Ok(scopes)
    }

    fn scope(&self, subject: &SelectSubject, pointer: &str) -> Result<String, NotASchedule> {
        let mut components = self.plan.local_definitions.iter().flat_map(|own| &own.components);
        let found = components.find(|component| component.uuid == subject.subject_uuid);
        let fix = "define it as a component in `local-definitions`, titled like a scope of the configuration";
        found
            .map(|component| literal(component.title.as_str().trim()))
            .ok_or_else(|| refusal(pointer, "no component of the plan is this subject, so no scope is known for it".to_owned(), fix))
    }
}

/// The cadence that the timing of a task is.
fn timed(task: &Task, pointer: &str) -> Read {
    match &task.timing {
        Some(Timing::AtFrequency(at)) => Ok(Table { every: Some(format!("{} {}", at.period, at.unit)), ..Table::default() }),
        Some(Timing::OnDate(on)) => Ok(Table { on: Some(on.date.as_str().to_owned()), ..Table::default() }),
        Some(Timing::WithinDateRange(range)) => {
            Ok(Table { on: Some(range.start.as_str().to_owned()), until: Some(range.end.as_str().to_owned()), ..Table::default() })
        }
        None => Err(refusal(
            pointer,
            "the task has no `timing`, so it is never due".to_owned(),
            "give it an `at-frequency`, `on-date` or `within-date-range`",
        )),
    }
}

/// A name as a glob that matches only itself.
fn literal(name: &str) -> String {
    globset::escape(name)
}

fn refusal(pointer: &str, what: String, fix: &str) -> NotASchedule {
    NotASchedule { pointer: pointer.to_owned(), what, fix: fix.to_owned() }
}

fn not(pointer: &str, wrong: Wrong) -> NotASchedule {
    NotASchedule { pointer: pointer.to_owned(), what: format!("`{}`: {}", wrong.key, wrong.what), fix: wrong.fix }
}
