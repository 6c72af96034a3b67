//! One risk per failing control and account, and one per exemption that marks failures there.

use std::collections::BTreeMap;

use checks::Severity;
use jiff::Timestamp;
use oscal::{Characterization, Facet, RelatedObservation, Risk, RiskLog, RiskLogEntry, RiskStatus};

use super::Context;
use super::deviation::{self, Stage, by};
use super::observation::Observed;
use super::words::{lasting, line, origin, own, prop, prose, text, token, whole};
use crate::assess::{Grade, Where};
use crate::exempt::{Exemption, begins};

/// The risks, and which control each is of.
pub(super) struct Risks {
    /// The risks.
    pub all: Vec<Risk>,
    controls: Vec<usize>,
}

impl Risks {
    /// The risks of the control at this position.
    pub(super) fn of_control(&self, control: usize) -> impl Iterator<Item = oscal::Uuid> + '_ {
        self.all.iter().zip(&self.controls).filter(move |(_, of)| **of == control).map(|(risk, _)| risk.uuid)
    }
}

/// Failing groups that make one risk: of one control, in one account, unexempted or under one exemption.
type Failures = BTreeMap<(usize, (String, String), Option<u32>), Vec<usize>>;

pub(super) fn risks(context: &Context, observed: &Observed) -> Risks {
    let mut failures = Failures::new();
    for answer in &context.assessed.answers {
        for &at in &answer.groups {
            let group = &context.assessed.groups[at];
            if group.grade == Grade::Fail {
                failures.entry((answer.control, account(context, &group.scope), group.exempt)).or_default().push(at);
            }
        }
    }
    let controls = failures.keys().map(|(control, ..)| *control).collect();
    let all =
        failures.iter().map(|((control, account, exempt), groups)| risk(context, observed, *control, account, *exempt, groups)).collect();
    Risks { all, controls }
}

fn account(context: &Context, place: &Where) -> (String, String) {
    match place {
        Where::Scope(at) => {
            let scope = &context.seen.scopes[*at as usize];
            (scope.provider.clone(), scope.account.clone())
        }
        Where::Account(provider, account) => (provider.clone(), account.clone()),
    }
}

fn risk(context: &Context, observed: &Observed, control: usize, account: &(String, String), exempt: Option<u32>, groups: &[usize]) -> Risk {
    let control = &context.plan.controls()[control];
    let place = format!("{}/{}", account.0, account.1);
    let group = |at: &usize| &context.assessed.groups[*at];
    let check = |at: &usize| &context.plan.checks()[group(at).check as usize];
    let severity = groups.iter().map(|at| check(at).severity()).max().expect("a risk has a failing check");
    let failures: usize = groups.iter().map(|at| group(at).outcomes.len()).sum();
    let mut why: Vec<&str> = groups.iter().map(|at| check(at).why()).collect();
    why.sort_unstable();
    why.dedup();
    let opened = context.frame.failing_since.get(&(control.id.clone(), place.clone())).copied().unwrap_or(context.frame.started);
    let exemption = exempt.map(|at| context.exemptions.get(at));
    let name = format!("{}/{place}{}", control.id, exemption.map(|entry| format!("/{}", entry.id)).unwrap_or_default());
    let uuid = lasting("risk", &name);
    let status = if exemption.is_some() { RiskStatus::DeviationApproved } else { RiskStatus::Open };
    let mut props = vec![prop("control", &control.id), prop("scope", &place), prop("failures", &failures.to_string())];
    props.extend(exemption.into_iter().flat_map(|entry| deviation::props(entry, Stage::Approved)));
    let related = groups.iter().flat_map(|&at| observed.of_group[at].clone());
    let title = line(&format!("{} in {place}", control.title));
    let description = prose(&format!("{failures} failures of {} in {place}.", control.id.to_uppercase()));
    Risk {
        props,
        origins: vec![origin(None)],
        characterizations: vec![characterization(severity)],
        deadline: Some(whole(exemption.map_or_else(|| context.frame.deadlines.due(opened, severity), Exemption::ends)).into()),
        remediations: exemption.map(|entry| deviation::acceptance(entry, &name)).into_iter().collect(),
        risk_log: Some(RiskLog::new(entries(context, exemption, opened, &name, groups))),
        related_observations: related.map(|at| RelatedObservation::new(observed.all[at].uuid)).collect(),
        ..Risk::new(uuid, title, description, prose(&why.join(" ")), status)
    }
}

pub(crate) fn characterization(severity: Severity) -> Characterization {
    let facet = Facet {
        props: vec![own("state", "initial")],
        ..Facet::new(token("severity"), oscal::OSCAL_NS.parse().expect("a URI"), text(severity.as_str()))
    };
    Characterization::new(origin(None), vec![facet])
}

fn entries(context: &Context, exemption: Option<&Exemption>, opened: Timestamp, risk: &str, groups: &[usize]) -> Vec<RiskLogEntry> {
    let entry = |what: &str, title: String, at: Timestamp| RiskLogEntry {
        title: Some(line(&title)),
        ..RiskLogEntry::new(lasting("risk-log", &format!("{risk}|{what}|{at}")), whole(at).into())
    };
    let first = RiskLogEntry { status_change: Some(RiskStatus::Open), ..entry("open", "First seen failing".into(), opened) };
    let mut log = vec![first];
    match exemption {
        Some(exemption) => {
            let approved = exemption.approved_on.map_or(opened, begins);
            let submitted = entry("submission", format!("Exemption `{}` requested", exemption.id), approved);
            let granted =
                entry("approval", format!("Exemption `{}` approved until the end of {}", exemption.id, exemption.expires), approved);
            log.push(RiskLogEntry {
                props: vec![own("type", "dr-submission")],
                logged_by: vec![by(&exemption.owner, "risk-owner")],
                ..submitted
            });
            log.push(RiskLogEntry {
                props: vec![own("type", "dr-approved")],
                logged_by: vec![by(&exemption.approved_by, "authorizing-official")],
                status_change: Some(RiskStatus::DeviationApproved),
                ..granted
            });
        }
        None => log.extend(expired(context, groups).into_iter().map(|exemption| RiskLogEntry {
            status_change: Some(RiskStatus::Open),
            description: Some(prose(&format!("Owner: {}. Renew it or mend the failure.", exemption.owner))),
            ..entry(&exemption.id, format!("Exemption `{}` ended on {} and is void", exemption.id, exemption.expires), exemption.ends())
        })),
    }
    log
}

/// Ended exemptions that were about some of these failures.
fn expired<'a>(context: &'a Context, groups: &[usize]) -> Vec<&'a Exemption> {
    let mut found: Vec<u32> = groups
        .iter()
        .flat_map(|&at| &context.assessed.groups[at].outcomes)
        .flat_map(|&at| context.seen.outcomes[at as usize].lapsed.iter().copied())
        .collect();
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(|at| context.exemptions.get(at)).collect()
}
