//! Exemptions, as risks and log entries tell of them.

use std::collections::HashMap;

use oscal::{AssessmentResult, AssessmentResults, Risk, RiskStatus, Uuid};

use crate::view::own;

/// An exemption that marks failures of one control in one account.
#[derive(Debug)]
pub struct ExemptionView<'a> {
    /// Its id.
    pub id: &'a str,
    /// The control.
    pub control: &'a str,
    /// The account.
    pub scope: &'a str,
    /// How many failures it marks.
    pub failures: &'a str,
    /// Why.
    pub reason: &'a str,
    /// The instant at which it ends.
    pub ends: &'a str,
    /// Who answers for it.
    pub owner: &'a str,
    /// Who approved it.
    pub approver: &'a str,
}

/// An exemption that needs a look.
#[derive(Debug)]
pub struct Notice<'a> {
    /// Its id.
    pub id: &'a str,
    /// `expired`, `unmatched`, `too-broad`, `expiring`, `not-yet-approved`.
    pub state: &'a str,
    /// One sentence.
    pub sentence: &'a str,
    /// Owner, approver, reason.
    pub detail: &'a str,
}

/// The exemptions in force.
pub(crate) fn exemptions<'a>(results: &'a AssessmentResults, result: &'a AssessmentResult) -> Vec<ExemptionView<'a>> {
    let parties: HashMap<Uuid, &str> =
        results.metadata.parties.iter().filter_map(|party| Some((party.uuid, party.name.as_ref()?.as_str()))).collect();
    let by = |risk: &'a Risk, role: &str| {
        let logged = risk.risk_log.iter().flat_map(|log| &log.entries).flat_map(|entry| &entry.logged_by);
        let named = logged.filter(|by| by.role_id.as_ref().is_some_and(|id| *id == role)).find_map(|by| parties.get(&by.party_uuid));
        named.copied().unwrap_or_default()
    };
    let one = |risk: &'a Risk| {
        Some(ExemptionView {
            id: own(&risk.props, "exemption")?,
            control: own(&risk.props, "control")?,
            scope: own(&risk.props, "scope")?,
            failures: own(&risk.props, "failures").unwrap_or_default(),
            reason: risk.remediations.first().map_or("", |response| response.description.as_str()),
            ends: risk.deadline.as_ref().map_or("", |deadline| deadline.as_str()),
            owner: by(risk, "risk-owner"),
            approver: by(risk, "authorizing-official"),
        })
    };
    result.risks.iter().filter(|risk| risk.status == RiskStatus::DeviationApproved).filter_map(one).collect()
}

/// The exemptions that need a look.
pub(crate) fn notices(result: &AssessmentResult) -> Vec<Notice<'_>> {
    let entries = result.assessment_log.iter().flat_map(|log| &log.entries);
    entries
        .filter_map(|entry| {
            Some(Notice {
                id: own(&entry.props, "exemption")?,
                state: own(&entry.props, "exemption-state")?,
                sentence: entry.title.as_ref().map_or("", |title| title.as_str()),
                detail: entry.description.as_ref().map_or("", |text| text.as_str()),
            })
        })
        .collect()
}
