//! The assessment log: where was looked, what could not be, and which exemptions need a look.

use std::collections::BTreeMap;

use oscal::{AssessmentLog, AssessmentLogEntry, LoggedBy};

use super::Context;
use super::results::organization;
use super::words::{classed, lasting, line, prop, prose, token, whole};
use crate::exempt::{Exemption, ExemptionState};
use crate::seen::Listing;

pub(super) fn log(context: &Context) -> AssessmentLog {
    let mut by_scope: BTreeMap<u32, Vec<&Listing>> = BTreeMap::new();
    for listing in &context.seen.listings {
        by_scope.entry(listing.scope).or_default().push(listing);
    }
    let looked = by_scope.iter().map(|(&scope, listings)| looked(context, scope, listings));
    let exemptions =
        context.exemptions.all().zip(&context.seen.exemption_matches).filter_map(|(entry, &matches)| look_at(context, entry, matches));
    AssessmentLog::new(looked.chain(exemptions).collect())
}

fn entry(context: &Context, what: &str, title: &str) -> AssessmentLogEntry {
    let frame = context.frame;
    AssessmentLogEntry {
        title: Some(line(title)),
        end: Some(whole(frame.ended).into()),
        logged_by: vec![LoggedBy { role_id: Some(token("assessor")), ..LoggedBy::new(organization(context)) }],
        ..AssessmentLogEntry::new(lasting("log", &format!("{what}|{}", frame.started)), whole(frame.started).into())
    }
}

fn looked(context: &Context, scope: u32, listings: &[&Listing]) -> AssessmentLogEntry {
    let scope = &context.seen.scopes[scope as usize];
    let mut props = vec![prop("scope", &scope.to_string())];
    for listing in listings {
        let kind = context.seen.kinds[listing.kind as usize].as_str();
        props.push(match &listing.outcome {
            Ok(count) => classed("listed", kind, &count.to_string()),
            Err(gap) => classed("gap", kind, &gap.to_string()),
        });
    }
    let gaps = listings.iter().filter(|listing| listing.outcome.is_err()).count();
    let title = match gaps {
        0 => format!("Looked at {scope}"),
        _ => format!("Looked at {scope}; {gaps} kinds could not be listed"),
    };
    AssessmentLogEntry { props, ..entry(context, &scope.to_string(), &title) }
}

fn look_at(context: &Context, exemption: &Exemption, matches: u64) -> Option<AssessmentLogEntry> {
    let state = exemption.state(context.frame.started, matches);
    let id = &exemption.id;
    let title = match state {
        ExemptionState::Live => return None,
        ExemptionState::Expired => format!("Exemption `{id}` ended on {} and is void; {matches} failures were under it", exemption.expires),
        ExemptionState::NotYet => format!("Exemption `{id}` is not approved yet and marks nothing; {matches} failures would be under it"),
        ExemptionState::Unmatched => format!("Exemption `{id}` matches no failure; remove it if it is done with"),
        ExemptionState::TooBroad => {
            format!("Exemption `{id}` marks {matches} failures, more than the {} it says it should", exemption.max_matches)
        }
        ExemptionState::Expiring => format!("Exemption `{id}` ends on {}; {matches} failures will count again", exemption.expires),
    };
    Some(AssessmentLogEntry {
        description: Some(prose(&format!(
            "Owner: {}. Approved by: {}. Reason: {}",
            exemption.owner, exemption.approved_by, exemption.reason
        ))),
        props: vec![prop("exemption", id), prop("exemption-state", state.as_str()), prop("matches", &matches.to_string())],
        ..entry(context, &format!("exemption {id}"), &title)
    })
}
