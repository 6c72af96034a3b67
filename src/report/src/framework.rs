//! Controls of frameworks, as plan and results tell of them.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::Timestamp;
use oscal::{AssessmentPlan, AssessmentResult, Finding, LocalObjective, Uuid};

use crate::view::{classed, expired, own};

/// A framework by which the results are read.
#[derive(Debug)]
pub struct FrameworkView<'a> {
    /// Its short name.
    pub name: &'a str,
    /// What it calls itself.
    pub title: &'a str,
    /// The controls that checks bear on, in its order.
    pub controls: Vec<FrameworkControlView<'a>>,
    /// The ids of the controls that no check reaches.
    pub unreached: Vec<&'a str>,
}

/// A control of a framework.
#[derive(Debug)]
pub struct FrameworkControlView<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its title.
    pub title: &'a str,
    /// `not-satisfied`, `unknown`, `stale`, `satisfied`, `vacuous`, `not-applicable` or `undecided`.
    pub answer: &'a str,
    /// What is mapped to it: relation and words.
    pub mapped: Vec<(&'a str, &'a str)>,
}

impl FrameworkControlView<'_> {
    /// The answer as a person reads it.
    pub fn word(&self) -> &str {
        match self.answer {
            "not-satisfied" => "not satisfied",
            "vacuous" => "nothing there",
            "not-applicable" => "not applicable",
            other => other,
        }
    }

    /// The same as a class of a style sheet.
    pub fn class(&self) -> &'static str {
        match self.answer {
            "not-satisfied" => "fail",
            "unknown" | "stale" => "unknown",
            "satisfied" => "pass",
            _ => "none",
        }
    }

    /// Which of our controls bear on it, those first over which a verdict travels.
    pub fn by(&self) -> String {
        let within = format!("{}.", self.id);
        let mut by_relation: BTreeMap<(bool, &str), Vec<&str>> = BTreeMap::new();
        for (relation, words) in &self.mapped {
            let words = words.strip_prefix(&within).unwrap_or(words);
            by_relation.entry((*relation == "intersects-with", relation)).or_default().push(words);
        }
        by_relation.iter().map(|((_, relation), words)| format!("{relation} {}", words.join(", "))).collect::<Vec<_>>().join("; ")
    }
}

impl<'a> FrameworkView<'a> {
    /// How many controls have each answer.
    pub fn answers(&self) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        self.controls.iter().for_each(|control| *counts.entry(control.word()).or_default() += 1);
        counts
    }

    /// One sentence that sums up.
    pub fn summary(&self) -> String {
        let answers = self.answers();
        let order = ["not satisfied", "unknown", "stale", "satisfied", "nothing there", "not applicable", "undecided"];
        let told = order.iter().filter_map(|word| Some(format!("{} {word}", answers.get(word)?)));
        let told: Vec<String> = told.chain([format!("{} not assessed", self.unreached.len())]).collect();
        format!("{} controls: {}", self.controls.len() + self.unreached.len(), told.join(", "))
    }
}

/// Every framework of the results.
pub(crate) fn frameworks<'a>(plan: &'a AssessmentPlan, result: &'a AssessmentResult, now: Timestamp) -> Vec<FrameworkView<'a>> {
    let stale: HashSet<Uuid> =
        result.observations.iter().filter(|one| expired(one, now).is_some()).map(|observation| observation.uuid).collect();
    let planned = plan.reviewed_controls.control_selections.iter();
    planned
        .filter_map(|selection| {
            let name = own(&selection.props, "framework")?;
            let title = selection.description.as_ref().map_or(name, |title| title.as_str());
            Some(framework(name, title, plan, result, &stale))
        })
        .collect()
}

fn framework<'a>(
    name: &'a str,
    title: &'a str,
    plan: &'a AssessmentPlan,
    result: &'a AssessmentResult,
    stale: &HashSet<Uuid>,
) -> FrameworkView<'a> {
    let objectives: HashMap<&str, &LocalObjective> = plan
        .local_definitions
        .iter()
        .flat_map(|own| &own.objectives_and_methods)
        .filter(|objective| own(&objective.props, "framework") == Some(name))
        .map(|objective| (objective.control_id.as_str(), objective))
        .collect();
    let found = result.findings.iter().filter(|finding| own(&finding.props, "framework") == Some(name));
    // An answer that rests on anything that has expired is not known to hold.
    let rests_on_stale = |finding: &Finding| finding.related_observations.iter().any(|related| stale.contains(&related.observation_uuid));
    let answer = |finding: &'a Finding| if rests_on_stale(finding) { Some("stale") } else { own(&finding.props, "answer") };
    let found: HashMap<&str, &str> = found.filter_map(|finding| Some((own(&finding.props, "control")?, answer(finding)?))).collect();
    let mut view = FrameworkView { name, title, controls: Vec::new(), unreached: Vec::new() };
    let selections = result.reviewed_controls.control_selections.iter();
    for selection in selections.filter(|selection| own(&selection.props, "framework") == Some(name)) {
        // A decided control without a finding is one to which nothing applies: OSCAL has no state for it.
        let otherwise = own(&selection.props, "answer").unwrap_or("not-applicable");
        view.unreached.extend(selection.exclude_controls.iter().map(|control| control.control_id.as_str()));
        view.controls.extend(selection.include_controls.iter().map(|control| {
            let id = control.control_id.as_str();
            let objective = objectives.get(id).copied();
            FrameworkControlView {
                id,
                title: objective.and_then(|own| own.description.as_ref()).map_or(id, |title| title.as_str()),
                answer: found.get(id).copied().unwrap_or(otherwise),
                mapped: objective.map(|own| classed(&own.props, "mapped")).unwrap_or_default(),
            }
        }));
    }
    view
}
