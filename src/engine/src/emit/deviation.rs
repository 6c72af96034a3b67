//! How an exemption is told on a risk: in OSCAL's words, in FedRAMP's, and in ours.

use oscal::{Lifecycle, LoggedBy, Property, Response};

use super::results::party;
use super::words::{fedramp, lasting, line, own, prop, prose, token};
use crate::exempt::{Exemption, ExemptionKind};

/// How far an exemption is, in the words that FedRAMP allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Somebody asked for it.
    Pending,
    /// Somebody else agreed.
    Approved,
    /// It was agreed to and does not hold any more, or whoever asked took it back.
    Withdrawn,
}

impl Stage {
    fn as_str(self) -> &'static str {
        match self {
            Stage::Pending => "pending",
            Stage::Approved => "approved",
            Stage::Withdrawn => "withdrawn",
        }
    }
}

/// FedRAMP's name for the kind. It has none for a risk that is carried as it is: its risk adjustment lowers the rating, which nobody did.
pub(crate) fn fedramp_name(kind: ExemptionKind) -> Option<&'static str> {
    match kind {
        ExemptionKind::AcceptedRisk => None,
        ExemptionKind::FalsePositive => Some("false-positive"),
        ExemptionKind::OperationalRequirement => Some("operational-requirement"),
    }
}

/// What marks a risk as one that somebody asked to live with.
pub(crate) fn props(entry: &Exemption, stage: Stage) -> Vec<Property> {
    let marked = match (stage, entry.kind) {
        (Stage::Approved, ExemptionKind::AcceptedRisk) => Some(own("accepted", "true")),
        (Stage::Approved, ExemptionKind::FalsePositive) => Some(own("false-positive", "true")),
        (Stage::Approved, ExemptionKind::OperationalRequirement) => Some(prop("operational-requirement", "true")),
        (Stage::Pending | Stage::Withdrawn, _) => None,
    };
    let told = fedramp_name(entry.kind).map(|name| fedramp(name, stage.as_str()));
    marked.into_iter().chain(told).chain([prop("exemption", &entry.id), prop("exemption-kind", entry.kind.as_str())]).collect()
}

/// What is done about the risk: it is borne until a day.
pub(crate) fn acceptance(entry: &Exemption, risk: &str) -> Response {
    Response {
        props: vec![own("type", "accept")],
        ..Response::new(
            lasting("response", risk),
            Lifecycle::Planned,
            line(&format!("Accepted until the end of {}", entry.expires)),
            prose(&format!("{} (exemption `{}`; it is void afterwards)", entry.reason, entry.id)),
        )
    }
}

/// Who did something about it, in which role.
pub(crate) fn by(name: &str, role: &str) -> LoggedBy {
    LoggedBy { role_id: Some(token(role)), ..LoggedBy::new(party(name)) }
}
