//! One look at plan and results that every report shares: controls, their checks, and what was seen of each. Borrows; copies nothing large.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use oscal::{
    Activity, AssessmentPlan, AssessmentResult, AssessmentResults, Finding, InventoryItem, Observation, Property, SubjectReference, Uuid,
    property,
};

use crate::coverage::{Coverage, CoverageGap, coverage, unseen};
use crate::exemption::{ExemptionView, Notice, exemptions, notices};
use crate::framework::{FrameworkView, frameworks};
use crate::{NS, SUBJECT};

/// How many verdicts of each sort.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Passes.
    pub pass: u64,
    /// Failures that nothing excuses.
    pub fail: u64,
    /// Failures that a live exemption marks.
    pub exempt: u64,
    /// Unknowns.
    pub unknown: u64,
    /// Not applicable.
    pub not_applicable: u64,
    /// Checks with nothing to judge in an account.
    pub vacuous: u64,
    /// Verdicts that have expired: nothing is known of now.
    pub stale: u64,
}

impl Counts {
    fn add(&mut self, observation: &Observation, now: Timestamp) {
        let count = (observation.subjects.len() as u64).max(1);
        if expired(observation, now).is_some() {
            self.stale += count;
            return;
        }
        match (verdict(observation), own(&observation.props, "exemption")) {
            ("pass", _) => self.pass += count,
            ("fail", None) => self.fail += count,
            ("fail", Some(_)) => self.exempt += count,
            ("not-applicable", _) => self.not_applicable += count,
            ("vacuous", _) => self.vacuous += count,
            // Whatever a newer program may write, it is not known to hold.
            (_, _) => self.unknown += count,
        }
    }

    fn plus(self, other: Counts) -> Counts {
        Counts {
            pass: self.pass + other.pass,
            fail: self.fail + other.fail,
            exempt: self.exempt + other.exempt,
            unknown: self.unknown + other.unknown,
            not_applicable: self.not_applicable + other.not_applicable,
            vacuous: self.vacuous + other.vacuous,
            stale: self.stale + other.stale,
        }
    }

    /// Every verdict.
    pub fn total(&self) -> u64 {
        self.pass + self.fail + self.exempt + self.unknown + self.not_applicable + self.stale
    }
}

/// What a control comes to, for a reader. The gravest holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Something fails and nothing excuses it.
    Fails,
    /// Something that decides could not be read.
    Unknown,
    /// What was seen has expired.
    Stale,
    /// What fails is exempt.
    Exempt,
    /// Everything that was looked at passes.
    Passes,
    /// There was nothing to look at.
    Vacuous,
    /// It does not apply to anything there.
    NotApplicable,
}

impl Status {
    fn of(counts: &Counts) -> Self {
        match counts {
            Counts { fail: 1.., .. } => Status::Fails,
            Counts { unknown: 1.., .. } => Status::Unknown,
            Counts { stale: 1.., .. } => Status::Stale,
            Counts { exempt: 1.., .. } => Status::Exempt,
            Counts { pass: 1.., .. } => Status::Passes,
            Counts { vacuous: 1.., .. } => Status::Vacuous,
            Counts { .. } => Status::NotApplicable,
        }
    }

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Fails => "fails",
            Status::Unknown => "unknown",
            Status::Stale => "stale",
            Status::Exempt => "exempt",
            Status::Passes => "passes",
            Status::Vacuous => "nothing there",
            Status::NotApplicable => "not applicable",
        }
    }

    /// The same as a class of a style sheet.
    pub fn class(self) -> &'static str {
        match self {
            Status::Fails => "fail",
            Status::Unknown | Status::Stale => "unknown",
            Status::Exempt => "exempt",
            Status::Passes => "pass",
            Status::Vacuous | Status::NotApplicable => "none",
        }
    }
}

/// A control with its checks.
#[derive(Debug)]
pub struct ControlView<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its title.
    pub title: &'a str,
    /// What it demands.
    pub statement: &'a str,
    /// The severity of its finding.
    pub severity: Option<&'a str>,
    /// What it comes to.
    pub status: Status,
    /// Its verdicts.
    pub counts: Counts,
    /// Its checks.
    pub checks: Vec<CheckView<'a>>,
}

/// A check with what was seen.
#[derive(Debug)]
pub struct CheckView<'a> {
    /// Its id.
    pub id: &'a str,
    /// The activity that it is in the plan.
    pub activity: &'a Activity,
    /// Its verdicts.
    pub counts: Counts,
    /// What it comes to.
    pub status: Status,
    /// What was seen.
    pub observations: Vec<&'a Observation>,
}

impl<'a> CheckView<'a> {
    /// One of its own properties, such as `kind`, `severity`, `expression`.
    pub fn fact(&self, name: &str) -> &'a str {
        own(&self.activity.props, name).unwrap_or_default()
    }

    /// Its title.
    pub fn title(&self) -> &'a str {
        self.activity.title.as_ref().map_or(self.id, |title| title.as_str())
    }

    /// What to do about a failure.
    pub fn fix(&self) -> &'a str {
        self.activity.remarks.as_ref().map_or("", |fix| fix.as_str())
    }

    /// The parameters that it used: name and value.
    pub fn parameters(&self) -> Vec<(&'a str, &'a str)> {
        classed(&self.activity.props, "parameter")
    }
}

/// What is said of one subject.
#[derive(Debug)]
pub struct SubjectView<'a> {
    /// The provider's id; of an account, its name.
    pub id: &'a str,
    /// What people call it.
    pub name: &'a str,
    /// Whether a whole account is meant, because a list could not be read.
    pub is_account: bool,
    /// The message, cause or reason.
    pub remarks: Cow<'a, str>,
    /// Evidence (path and value), or gaps (cause and action).
    pub facts: Vec<(&'a str, &'a str)>,
}

/// Plan and results, made ready for reports.
#[derive(Debug)]
pub struct View<'a> {
    /// The results.
    pub results: &'a AssessmentResults,
    /// The one result in them.
    pub result: &'a AssessmentResult,
    /// The controls that checks reached, in the order of their ids.
    pub controls: Vec<ControlView<'a>>,
    /// Controls that were selected and that no check reaches: id and title.
    pub unreached: Vec<(&'a str, &'a str)>,
    /// Frameworks by which the results are read.
    pub frameworks: Vec<FrameworkView<'a>>,
    /// All verdicts.
    pub counts: Counts,
    /// Where was looked.
    pub coverage: Vec<Coverage<'a>>,
    /// Where and when nobody looked since the run before.
    pub unseen: Vec<CoverageGap<'a>>,
    /// The instant at which the results are looked at.
    pub now: Timestamp,
    /// What could not be read, by action and cause, and how many verdicts that left open.
    pub gaps: BTreeMap<(&'a str, &'a str), u64>,
    /// Exemptions that mark failures.
    pub exemptions: Vec<ExemptionView<'a>>,
    /// Exemptions that need a look.
    pub notices: Vec<Notice<'a>>,
    items: HashMap<Uuid, &'a InventoryItem>,
    accounts: HashMap<Uuid, &'a str>,
}

/// One of assize's own properties.
pub(crate) fn own<'a>(props: &'a [Property], name: &str) -> Option<&'a str> {
    property(props, NS, name)
}

/// Evidence and gaps: path and value, or cause and action.
pub(crate) fn said(props: &[Property]) -> Vec<(&str, &str)> {
    let said = props.iter().filter(|prop| prop.is(NS, "evidence") || prop.is(NS, "gap"));
    said.map(|prop| (prop.class.as_ref().map_or("", |class| class.as_str()), prop.value.as_str())).collect()
}

/// Since when an observation says nothing any more, if it has expired.
pub(crate) fn expired(observation: &Observation, now: Timestamp) -> Option<Timestamp> {
    observation.expires.as_ref().map(|expires| expires.timestamp()).filter(|expires| *expires < now)
}

/// The verdict of an observation.
pub(crate) fn verdict(observation: &Observation) -> &str {
    own(&observation.props, "verdict").unwrap_or("unknown")
}

impl<'a> View<'a> {
    /// Looks at a plan and its results from an instant: what has expired by then is stale, whatever it said.
    ///
    /// # Panics
    /// If the results hold no result, which OSCAL does not allow.
    pub fn new(plan: &'a AssessmentPlan, results: &'a AssessmentResults, now: Timestamp) -> Self {
        let result = results.results.first().expect("OSCAL demands a result");
        let definitions = result.local_definitions.as_ref();
        let items = definitions.iter().flat_map(|own| &own.inventory_items).map(|item| (item.uuid, item)).collect();
        let accounts =
            definitions.iter().flat_map(|own| &own.components).map(|component| (component.uuid, component.title.as_str())).collect();
        let titles = titles(plan);
        let controls = controls(plan, result, &titles, now);
        let selections = result.reviewed_controls.control_selections.iter();
        let ours = selections.filter(|selection| own(&selection.props, "framework").is_none());
        let unreached = ours
            .flat_map(|selection| &selection.exclude_controls)
            .map(|control| (control.control_id.as_str(), titles.get(control.control_id.as_str()).copied().unwrap_or_default()))
            .collect();
        Self {
            results,
            result,
            counts: controls.iter().fold(Counts::default(), |sum, control| sum.plus(control.counts)),
            controls,
            unreached,
            frameworks: frameworks(plan, result, now),
            coverage: coverage(result),
            unseen: unseen(result),
            now,
            gaps: gaps(result),
            exemptions: exemptions(results, result),
            notices: notices(result),
            items,
            accounts,
        }
    }

    /// What is known of a subject.
    pub fn subject(&self, observation: &'a Observation, reference: &'a SubjectReference) -> SubjectView<'a> {
        let item = self.items.get(&reference.subject_uuid).copied();
        let account = self.accounts.get(&reference.subject_uuid).copied().unwrap_or("?");
        // What is not said of the subject itself is said of all subjects of the observation.
        let own = if reference.detail.is_some() { reference.props() } else { &observation.props };
        let name = item.map_or(account, |item| item.description.as_str());
        let remarks = match (reference.remarks(), &observation.remarks) {
            (Some(own), _) => Cow::Borrowed(own.as_str()),
            (None, Some(common)) => Cow::Owned(common.as_str().replace(SUBJECT, name)),
            (None, None) => Cow::Borrowed(""),
        };
        SubjectView {
            id: item.and_then(|item| property(&item.props, oscal::OSCAL_NS, "asset-id")).unwrap_or(account),
            name,
            is_account: item.is_none(),
            remarks,
            facts: said(own),
        }
    }

    /// One of the result's own properties.
    pub fn fact(&self, name: &str) -> &'a str {
        own(&self.result.props, name).unwrap_or_default()
    }

    /// The accounts that were assessed.
    pub fn accounts(&self) -> Vec<&'a str> {
        let components = self.result.local_definitions.iter().flat_map(|own| &own.components);
        components.map(|component| component.title.as_str()).collect()
    }
}

fn titles(plan: &AssessmentPlan) -> HashMap<&str, &str> {
    let objectives = plan.local_definitions.iter().flat_map(|own| &own.objectives_and_methods);
    let ours = objectives.filter(|objective| own(&objective.props, "framework").is_none());
    ours.filter_map(|objective| Some((objective.control_id.as_str(), objective.description.as_ref()?.as_str()))).collect()
}

fn controls<'a>(
    plan: &'a AssessmentPlan,
    result: &'a AssessmentResult,
    titles: &HashMap<&str, &'a str>,
    now: Timestamp,
) -> Vec<ControlView<'a>> {
    let mut observed: HashMap<&str, Vec<&Observation>> = HashMap::new();
    for observation in &result.observations {
        observed.entry(own(&observation.props, "check").unwrap_or_default()).or_default().push(observation);
    }
    let ours = result.findings.iter().filter(|finding| own(&finding.props, "framework").is_none());
    let findings: HashMap<&str, &Finding> = ours.filter_map(|finding| Some((own(&finding.props, "control")?, finding))).collect();
    let mut by_control: BTreeMap<&str, Vec<CheckView>> = BTreeMap::new();
    for activity in plan.local_definitions.iter().flat_map(|own| &own.activities) {
        let Some(id) = own(&activity.props, "check") else { continue };
        let observations = observed.remove(id).unwrap_or_default();
        let mut counts = Counts::default();
        observations.iter().for_each(|observation| counts.add(observation, now));
        let control = id.split('/').next().unwrap_or(id);
        by_control.entry(control).or_default().push(CheckView { id, activity, status: Status::of(&counts), counts, observations });
    }
    let control = |(id, checks): (&'a str, Vec<CheckView<'a>>)| {
        let counts = checks.iter().fold(Counts::default(), |sum, check| sum.plus(check.counts));
        let finding = findings.get(id).copied();
        ControlView {
            id,
            title: titles.get(id).copied().unwrap_or(id),
            statement: finding.map_or("", |finding| finding.description.as_str()),
            severity: finding.and_then(|finding| own(&finding.props, "severity")),
            status: Status::of(&counts),
            counts,
            checks,
        }
    };
    by_control.into_iter().map(control).collect()
}

/// The properties of one name, by class.
pub(crate) fn classed<'a>(props: &'a [Property], name: &str) -> Vec<(&'a str, &'a str)> {
    let named = props.iter().filter(|prop| prop.is(NS, name));
    named.map(|prop| (prop.class.as_ref().map_or("", |class| class.as_str()), prop.value.as_str())).collect()
}

fn gaps<'a>(result: &'a AssessmentResult) -> BTreeMap<(&'a str, &'a str), u64> {
    let mut found = BTreeMap::new();
    let mut count = |props: &'a [Property], subjects: usize| {
        for prop in props.iter().filter(|prop| prop.is(NS, "gap")) {
            *found.entry((prop.value.as_str(), prop.class.as_ref().map_or("", |class| class.as_str()))).or_default() += subjects as u64;
        }
    };
    for observation in &result.observations {
        count(&observation.props, observation.subjects.len());
        observation.subjects.iter().for_each(|subject| count(subject.props(), 1));
    }
    found
}
