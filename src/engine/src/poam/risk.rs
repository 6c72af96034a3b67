//! Risks: one for each finding, whose log grows over runs, and one for each exemption of what fails.

use inventory::{Gap, Read};
use jiff::Timestamp;
use oscal::{Lifecycle, RelatedObservation, Response, Risk, RiskLog, RiskLogEntry, RiskStatus, Uuid};

use super::{View, observation};
use crate::emit::deviation::{self, Stage, by};
use crate::emit::risk::characterization;
use crate::emit::words::{lasting, line, origin, own, prop, prose, whole};
use crate::exempt::{Exemption, Exemptions, Held, Subject};
use crate::finding::{FindingChange, FindingStep, Item, ItemStatus};

/// All risks of the items that are shown.
pub(super) fn risks(view: &View) -> Vec<Risk> {
    let findings = view.findings();
    let mut risks: Vec<Risk> = findings.values().map(|newest| of_finding(view, newest)).collect();
    for newest in findings.values() {
        risks.extend(view.deviations(newest).iter().map(|(held, entry)| of_exemption(newest, held, entry)));
    }
    risks
}

fn name(item: &Item) -> String {
    format!("{}/{}", item.control, item.account)
}

/// The same risk as in assessment results: a finding that fails again is the risk that it was.
pub(super) fn uuid(item: &Item) -> Uuid {
    lasting("risk", &name(item))
}

/// The risk of an exemption, also the same as in assessment results.
pub(super) fn deviation_uuid(item: &Item, entry: &Exemption) -> Uuid {
    lasting("risk", &format!("{}/{}", name(item), entry.id))
}

/// Whether an exemption would mark something that fails. Tags are not known here, so one that asks for tags is not said to.
pub(super) fn concerns(entry: &Exemption, item: &Item) -> bool {
    let matcher = Exemptions::new(vec![entry.clone()]);
    let tags = Read::Unknown(Gap::new("tags", "not kept"));
    item.facts.subjects.iter().any(|one| {
        let subject = Subject { scope: &one.scope, id: &one.id, name: &one.name, tags: &tags };
        one.check.parse().is_ok_and(|check| matcher.about_subject(&check, subject).next().is_some())
    })
}

fn status(item: &Item) -> RiskStatus {
    match item.status {
        ItemStatus::Open => RiskStatus::Open,
        ItemStatus::Exempt => RiskStatus::DeviationApproved,
        ItemStatus::Resolved | ItemStatus::Gone => RiskStatus::Closed,
    }
}

fn of_finding(view: &View, item: &Item) -> Risk {
    let (facts, name) = (&item.facts, name(item));
    let mut props = vec![
        prop("control", &item.control),
        prop("scope", &item.account),
        prop("failures", &facts.failures().to_string()),
        prop("exempt", &facts.exempt().to_string()),
        prop("sight", item.sight.as_str()),
        prop("poam-id", &item.id()),
    ];
    props.extend(facts.owner.iter().map(|owner| prop("owner", owner)));
    let mend = Response {
        props: vec![own("type", if item.status.is_closed() { "none" } else { "mitigate" })],
        ..Response::new(lasting("response", &format!("{name}/mend")), lifecycle(item), line("Mend what fails"), prose(&facts.fix))
    };
    let shown = view.items.iter().filter(|other| (&other.control, &other.account) == (&item.control, &item.account));
    Risk {
        props,
        origins: vec![origin(None)],
        characterizations: vec![characterization(facts.severity)],
        deadline: Some(whole(facts.due).into()),
        remediations: vec![mend],
        risk_log: Some(RiskLog::new(log(view, item, &name))),
        related_observations: shown.flat_map(|item| observation::uuids(item)).map(RelatedObservation::new).collect(),
        ..Risk::new(
            uuid(item),
            line(&format!("{} in {}", facts.title, item.account)),
            prose(&format!("{} failures of {} in {}.", facts.failures(), item.control.to_uppercase(), item.account)),
            prose(if facts.why.is_empty() { &facts.title } else { &facts.why }),
            status(item),
        )
    }
}

fn lifecycle(item: &Item) -> Lifecycle {
    match item.status {
        ItemStatus::Open | ItemStatus::Exempt => Lifecycle::Recommendation,
        ItemStatus::Resolved | ItemStatus::Gone => Lifecycle::Completed,
    }
}

/// What happened to the finding, over all its items; at least that the newest was opened.
fn log(view: &View, newest: &Item, risk: &str) -> Vec<RiskLogEntry> {
    let of = |step: &&FindingStep| {
        (&step.control, &step.account) == (&newest.control, &newest.account) && step.item <= newest.number && step.at <= view.frame.now
    };
    let entries: Vec<RiskLogEntry> = view.contents.steps.iter().filter(of).enumerate().map(|(at, step)| entry(step, risk, at)).collect();
    match entries.is_empty() {
        true => vec![RiskLogEntry {
            status_change: Some(RiskStatus::Open),
            ..logged(&format!("{risk}|{}|open", newest.number), &format!("{} was opened", newest.id()), newest.opened)
        }],
        false => entries,
    }
}

fn logged(id: &str, title: &str, at: Timestamp) -> RiskLogEntry {
    RiskLogEntry { title: Some(line(title)), ..RiskLogEntry::new(lasting("risk-log", id), whole(at).into()) }
}

fn entry(step: &FindingStep, risk: &str, at: usize) -> RiskLogEntry {
    let id = Item::id_of(step.item);
    let (title, status) = match &step.change {
        FindingChange::Opened { reopens: None, since, .. } => {
            (format!("{id} opened: failing since {}", whole(*since)), Some(RiskStatus::Open))
        }
        FindingChange::Opened { reopens: Some(before), since, .. } => {
            (format!("{id} opened: failing again since {}, after {}", whole(*since), Item::id_of(*before)), Some(RiskStatus::Open))
        }
        FindingChange::Seen { facts } => (format!("{id} seen: {} failures, {} of them exempt", facts.failures(), facts.exempt()), None),
        FindingChange::Exempt { exemptions } => (format!("{id} exempt by {}", listed(exemptions)), Some(RiskStatus::DeviationApproved)),
        FindingChange::Unexempt { ended } if ended.is_empty() => {
            (format!("{id} counts again: something else fails"), Some(RiskStatus::Open))
        }
        FindingChange::Unexempt { ended } => {
            (format!("{id} counts again: {} does not hold any more", listed(ended)), Some(RiskStatus::Open))
        }
        FindingChange::Unseen { sight } => (format!("{id} stays as it is: {}", sight.as_str()), None),
        FindingChange::Resolved { passed, gone } => {
            (format!("{id} resolved: {passed} of its resources pass, {gone} are gone"), Some(RiskStatus::Closed))
        }
        FindingChange::Gone { gone } => (format!("{id} closed: its {gone} resources are gone"), Some(RiskStatus::Closed)),
    };
    RiskLogEntry {
        status_change: status,
        props: step.run.iter().map(|run| prop("run", &run.to_string())).collect(),
        ..logged(&format!("{risk}|{}|{at}|{}", step.item, step.at), &title, step.at)
    }
}

fn listed(ids: &std::collections::BTreeSet<String>) -> String {
    ids.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ")
}

fn of_exemption(item: &Item, held: &Held, entry: &Exemption) -> Risk {
    let name = format!("{}/{}", name(item), entry.id);
    let (stage, status) = match (&held.ending, &held.approval) {
        (Some(_), _) => (Stage::Withdrawn, RiskStatus::Closed),
        (None, Some(_)) => (Stage::Approved, RiskStatus::DeviationApproved),
        (None, None) => (Stage::Pending, RiskStatus::DeviationRequested),
    };
    let marked = item.facts.subjects.iter().filter(|one| one.exemption.as_deref() == Some(&entry.id)).count();
    let mut props = vec![prop("control", &item.control), prop("scope", &item.account), prop("poam-id", &item.id())];
    props.push(prop("failures", &marked.to_string()));
    props.extend(deviation::props(entry, stage));
    let observations = observation::uuids(item).chain(observation::deviation_uuid(item, held, entry));
    Risk {
        props,
        origins: vec![origin(None)],
        characterizations: vec![characterization(item.facts.severity)],
        deadline: Some(whole(held.ends()).into()),
        remediations: held.approval.iter().filter(|_| held.ending.is_none()).map(|_| deviation::acceptance(entry, &name)).collect(),
        risk_log: Some(RiskLog::new(decisions(held, entry, &name))),
        related_observations: observations.map(RelatedObservation::new).collect(),
        ..Risk::new(
            lasting("risk", &name),
            line(&format!("{} in {}, under exemption `{}`", item.facts.title, item.account, entry.id)),
            prose(&entry.reason),
            prose(if item.facts.why.is_empty() { &item.facts.title } else { &item.facts.why }),
            status,
        )
    }
}

fn decisions(held: &Held, entry: &Exemption, risk: &str) -> Vec<RiskLogEntry> {
    let id = &entry.id;
    let mut log = vec![RiskLogEntry {
        props: vec![own("type", "dr-submission")],
        logged_by: vec![by(&held.requested_by, "risk-owner")],
        status_change: Some(RiskStatus::DeviationRequested),
        ..logged(&format!("{risk}|{}|submission", held.round), &format!("Exemption `{id}` requested"), held.requested_at)
    }];
    log.extend(held.approval.iter().map(|approval| RiskLogEntry {
        props: vec![own("type", "dr-approved")],
        logged_by: vec![by(&approval.by, "authorizing-official")],
        status_change: Some(RiskStatus::DeviationApproved),
        description: approval.note.as_deref().map(prose),
        ..logged(
            &format!("{risk}|{}|approval", held.round),
            &format!("Exemption `{id}` approved until the end of {}", entry.expires),
            approval.at,
        )
    }));
    log.extend(held.ending.iter().map(|ending| RiskLogEntry {
        props: vec![own("type", "closed")],
        logged_by: ending.by.iter().map(|name| by(name, "authorizing-official")).collect(),
        status_change: Some(RiskStatus::Closed),
        ..logged(
            &format!("{risk}|{}|ending", held.round),
            &format!("Exemption `{id}` does not hold any more: {}", ending.reason),
            ending.at,
        )
    }));
    log
}
