//! Failures that somebody answers for, as a list: FedRAMP's Accepted Vulnerability Info (VER-RPT-AVI, schema of 2026-06-24) and CSV.
//!
//! FedRAMP's schema is a minimum; what an auditor asks besides stands under `x-assize`. A false positive is no vulnerability that was
//! accepted: FedRAMP takes it as a detail with a final disposition, so it has a list of its own.

use jiff::Timestamp;
use serde::Serialize;

use super::{Contents, View};
use crate::emit::words::whole;
use crate::exempt::{Exemption, ExemptionKind, Held};
use crate::finding::{FailingSubject, Item};

/// What a list of accepted vulnerabilities says of itself.
#[derive(Clone, Debug)]
pub struct AcceptedFrame {
    /// Where the provider's certification package overview is.
    pub overview: String,
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub to: Timestamp,
    /// The program's version.
    pub version: String,
}

/// The list.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AcceptedList {
    certification_package_overview_uri: String,
    report_period: Period,
    accepted_vulnerabilities: Vec<Accepted>,
    #[serde(rename = "x-assize-false-positives", skip_serializing_if = "Vec::is_empty")]
    false_positives: Vec<Accepted>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct Period {
    from: String,
    to: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Accepted {
    vulnerability_detail: Detail,
    acceptance_rationale: String,
    #[serde(rename = "x-assize")]
    more: More,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Detail {
    provider_tracking_id: String,
    detection: Detection,
    vulnerability_description: String,
    potential_agency_impact: String,
    evaluation_completed_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    final_disposition: Option<&'static str>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Detection {
    detected_at: String,
    detection_source: String,
}

/// What FedRAMP does not ask for and an auditor does.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct More {
    exemption: String,
    kind: &'static str,
    owner: String,
    approved_by: String,
    approved_at: String,
    expires: String,
    control: String,
    account: String,
    severity: &'static str,
    resources: Vec<Resource>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct Resource {
    check: String,
    id: String,
    name: String,
}

/// The failures that exemptions mark now, one entry for each item and exemption.
pub fn accepted(contents: Contents, frame: &AcceptedFrame) -> AcceptedList {
    let poam = super::PoamFrame {
        organization: String::new(),
        system: super::System::Id { scheme: None, id: String::new() },
        version: frame.version.clone(),
        now: frame.to,
        closed_for: jiff::SignedDuration::ZERO,
        frozen: None,
    };
    let view = View { contents, frame: &poam, items: contents.register.open().collect() };
    let mut list = AcceptedList {
        certification_package_overview_uri: frame.overview.clone(),
        report_period: Period { from: frame.from.to_string(), to: frame.to.to_string() },
        accepted_vulnerabilities: Vec::new(),
        false_positives: Vec::new(),
    };
    let mut items = view.items.clone();
    items.sort_by_key(|item| item.number);
    for item in items {
        for (held, entry) in view.deviations(item).into_iter().filter(|(held, _)| held.approval.is_some() && held.ending.is_none()) {
            let one = one(frame, item, held, &entry);
            match entry.kind {
                ExemptionKind::AcceptedRisk | ExemptionKind::OperationalRequirement => list.accepted_vulnerabilities.push(one),
                ExemptionKind::FalsePositive => list.false_positives.push(one),
            }
        }
    }
    list
}

fn one(frame: &AcceptedFrame, item: &Item, held: &Held, entry: &Exemption) -> Accepted {
    let facts = &item.facts;
    let approved_at = held.approval.as_ref().map_or(held.requested_at, |approval| approval.at).to_string();
    let marked = facts.subjects.iter().filter(|one| one.exemption.as_deref() == Some(&entry.id));
    let resource = |one: &FailingSubject| Resource { check: one.check.clone(), id: one.id.clone(), name: one.name.clone() };
    Accepted {
        vulnerability_detail: Detail {
            provider_tracking_id: item.id(),
            detection: Detection {
                detected_at: whole(item.since).to_string(),
                detection_source: format!("assize {}, configuration checks of {}", frame.version, item.control),
            },
            vulnerability_description: format!("{} in {}", facts.title, item.account),
            potential_agency_impact: facts.why.clone(),
            evaluation_completed_at: approved_at.clone(),
            final_disposition: (entry.kind == ExemptionKind::FalsePositive).then_some("False Positive"),
        },
        acceptance_rationale: entry.reason.clone(),
        more: More {
            exemption: entry.id.clone(),
            kind: entry.kind.as_str(),
            owner: entry.owner.clone(),
            approved_by: entry.approved_by.clone(),
            approved_at,
            expires: entry.expires.to_string(),
            control: item.control.clone(),
            account: item.account.clone(),
            severity: facts.severity.as_str(),
            resources: marked.map(resource).collect(),
        },
    }
}

/// The columns of the CSV.
const COLUMNS: [&str; 15] = [
    "tracking_id",
    "exemption",
    "kind",
    "control",
    "title",
    "account",
    "severity",
    "owner",
    "approved_by",
    "approved_at",
    "expires",
    "reason",
    "check",
    "resource",
    "name",
];

impl AcceptedList {
    /// How many entries there are, false positives included.
    pub fn len(&self) -> usize {
        self.accepted_vulnerabilities.len() + self.false_positives.len()
    }

    /// Whether nothing is exempt.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// As FedRAMP's schema has it.
    pub fn json(&self) -> serde_json::Value {
        serde_json::to_value(self).expect("every key is a string")
    }

    /// A line for each resource (RFC 4180), false positives included; an entry without named resources has one line.
    pub fn csv(&self) -> String {
        let mut text = row(&COLUMNS);
        for entry in self.accepted_vulnerabilities.iter().chain(&self.false_positives) {
            let nothing = Resource { check: String::new(), id: String::new(), name: String::new() };
            let resources = if entry.more.resources.is_empty() { std::slice::from_ref(&nothing) } else { &entry.more.resources[..] };
            resources.iter().for_each(|resource| text += &line(entry, resource));
        }
        text
    }
}

fn line(entry: &Accepted, resource: &Resource) -> String {
    let (detail, more) = (&entry.vulnerability_detail, &entry.more);
    row(&[
        &detail.provider_tracking_id,
        &more.exemption,
        more.kind,
        &more.control,
        &detail.vulnerability_description,
        &more.account,
        more.severity,
        &more.owner,
        &more.approved_by,
        &more.approved_at,
        &more.expires,
        &entry.acceptance_rationale,
        &resource.check,
        &resource.id,
        &resource.name,
    ])
}

fn row(cells: &[&str]) -> String {
    cells.iter().map(|cell| self::cell(cell)).collect::<Vec<_>>().join(",") + "\r\n"
}

/// A cell that a spreadsheet takes for text: one that begins like a formula gets an apostrophe before it, because a bucket can be named
/// so that opening the list runs a command.
fn cell(text: &str) -> String {
    let acts = |c: char| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '|' | '%' | '＝' | '＋' | '－' | '＠');
    let guard = if text.trim_start_matches(' ').starts_with(acts) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}
