//! An assessment plan that somebody gives us: which controls, by which checks, with which parameters, of which subjects, and how often.

mod subjects;
mod timing;

use std::collections::{BTreeMap, BTreeSet};

use checks::CheckId;
use oscal::{Activity, AssessmentPlan, AssociatedActivity, ControlSelection, Property, SystemComponent, Text};

pub use subjects::Subjects;
pub use timing::{Due, due};

use crate::definition;
use crate::emit::NS;

/// What a given plan asks for.
#[derive(Clone, Debug)]
pub struct Given {
    selections: Vec<ControlSelection>,
    /// The checks that its activities name; none where they name no check of ours, and every check under its controls is meant.
    pub checks: Option<BTreeSet<String>>,
    /// The values that it sets: parameter and values, in the order in which they are to be set.
    pub settings: Vec<(String, Vec<Text>)>,
    /// What is to be looked at.
    pub subjects: Subjects,
    /// When.
    pub due: Due,
}

/// Why a plan cannot be followed.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum GivenError {
    /// Two activities set one parameter to different values.
    #[error("activities of the plan set `{parameter}` to `{one}` and to `{other}`; keep one of them")]
    Disagree {
        /// The parameter.
        parameter: String,
        /// A value.
        one: String,
        /// Another.
        other: String,
    },
}

impl Given {
    /// Reads what `plan` asks for; `components` are those of its system security plan.
    ///
    /// # Errors
    /// If the plan contradicts itself.
    pub fn of(plan: &AssessmentPlan, components: &[SystemComponent], items: &[oscal::InventoryItem]) -> Result<Self, GivenError> {
        let activities = planned_activities(plan);
        let checks: BTreeSet<String> = activities.iter().flat_map(|activity| checks_of(activity)).map(str::to_owned).collect();
        let ours = plan.reviewed_controls.control_selections.iter();
        Ok(Self {
            selections: ours.filter(|selection| oscal::property(&selection.props, NS, "framework").is_none()).cloned().collect(),
            checks: (!checks.is_empty()).then_some(checks),
            settings: settings(&activities)?,
            subjects: Subjects::of(plan, components, items),
            due: due(&plan.tasks),
        })
    }

    /// Whether the plan reviews the control.
    pub fn selects(&self, control: &str) -> bool {
        let listed = |list: &[oscal::SelectControl]| list.iter().any(|one| one.control_id == control);
        let chosen = |selection: &ControlSelection| {
            (selection.include_all.is_some() || listed(&selection.include_controls)) && !listed(&selection.exclude_controls)
        };
        self.selections.iter().any(chosen)
    }

    /// The controls that the plan names.
    pub fn named(&self) -> BTreeSet<&str> {
        self.selections.iter().flat_map(|selection| &selection.include_controls).map(|one| one.control_id.as_str()).collect()
    }
}

/// The activities that tasks carry out; all of them where no task names one. One that another tool marks as skipped is not carried out.
fn planned_activities(plan: &AssessmentPlan) -> Vec<&Activity> {
    let skipped = |activity: &Activity| activity.props.iter().any(|prop| definition::is(prop, "skipped") && prop.value == "true");
    let all = plan.local_definitions.iter().flat_map(|own| &own.activities).filter(|activity| !skipped(activity));
    let all: Vec<&Activity> = all.collect();
    let named: BTreeSet<oscal::Uuid> = plan
        .tasks
        .iter()
        .flat_map(|task| &task.associated_activities)
        .map(|associated: &AssociatedActivity| associated.activity_uuid)
        .collect();
    match named.is_empty() {
        true => all,
        false => all.into_iter().filter(|activity| named.contains(&activity.uuid)).collect(),
    }
}

/// The checks that an activity carries out: named by a property, as we and trestle write them, or by the titles of its steps, as
/// complyctl does. A step that is told in words is no check's name.
fn checks_of(activity: &Activity) -> Vec<&str> {
    let named = oscal::property(&activity.props, NS, "check")
        .or_else(|| activity.props.iter().find(|prop| definition::is(prop, "Check_Id")).map(|prop| prop.value.as_str()));
    if let Some(named) = named {
        return vec![named];
    }
    let is_name = |title: &&str| !title.contains(char::is_whitespace) && title.parse::<CheckId>().is_ok();
    activity.steps.iter().filter_map(|step| step.title.as_ref()).map(|title| title.as_str()).filter(is_name).collect()
}

fn settings(activities: &[&Activity]) -> Result<Vec<(String, Vec<Text>)>, GivenError> {
    let mut found: BTreeMap<String, &str> = BTreeMap::new();
    for activity in activities {
        let control = checks_of(activity).first().and_then(|check| check.split('/').next());
        let parameter = |prop: &Property| {
            let class = prop.class.as_ref()?;
            match () {
                () if prop.is(NS, "parameter") => Some(format!("{}_{class}", control?)),
                // complyctl: the whole id is the property's name.
                () if class == "test-parameter" && definition::is(prop, prop.name.as_str()) => Some(prop.name.to_string()),
                () => None,
            }
        };
        for (parameter, value) in activity.props.iter().filter_map(|prop| Some((parameter(prop)?, prop.value.as_str()))) {
            if let Some(one) = found.insert(parameter.clone(), value).filter(|one| *one != value) {
                return Err(GivenError::Disagree { parameter, one: one.to_owned(), other: value.to_owned() });
            }
        }
    }
    Ok(found.into_iter().map(|(parameter, value)| (parameter, values(value))).collect())
}

/// One value, or the elements of a list that is written as JSON; the empty list is `none`.
fn values(written: &str) -> Vec<Text> {
    let listed: Option<Vec<serde_json::Value>> = written.starts_with('[').then(|| serde_json::from_str(written).ok()).flatten();
    let words = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match listed {
        Some(list) if list.is_empty() => vec!["none".parse().expect("a word is text")],
        Some(list) => list.iter().filter_map(|value| Text::fitted(&words(value))).collect(),
        None => Text::fitted(written).into_iter().collect(),
    }
}

#[cfg(test)]
mod tests;
