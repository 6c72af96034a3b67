//! The assessment log: where was looked, what could not be, and which exemptions need a look.

use std::collections::BTreeMap;

use inventory::Scope;
use jiff::Timestamp;
use oscal::{AssessmentLog, AssessmentLogEntry, LoggedBy, RelatedTask};

use super::Context;
use super::results::organization;
use super::words::{account_task, classed, lasting, line, prop, prose, token, whole};
use crate::coverage::GapReason;
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
    AssessmentLog::new(looked.chain(unseen(context)).chain(exemptions).collect())
}

fn entry(context: &Context, what: &str, title: &str) -> AssessmentLogEntry {
    let frame = context.frame;
    AssessmentLogEntry {
        title: Some(line(title)),
        end: Some(whole(frame.ended).into()),
        logged_by: vec![LoggedBy { role_id: Some(token("assessor")), ..LoggedBy::new(organization(context)) }],
        related_tasks: frame.tick.iter().map(|tick| RelatedTask::new(tick.task)).collect(),
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
    let found: u64 = listings.iter().filter_map(|listing| listing.outcome.as_ref().ok()).sum();
    let counts = [("looked", listings.len() as u64), ("found", found), ("failed", gaps as u64)];
    props.extend(counts.into_iter().map(|(name, count)| prop(name, &count.to_string())));
    props.extend(context.frame.tick.iter().flat_map(|tick| [prop("schedule", &tick.schedule), prop("due", &tick.due.to_string())]));
    let title = match gaps {
        0 => format!("Looked at {scope}"),
        _ => format!("Looked at {scope}; {gaps} kinds could not be listed"),
    };
    let entry = entry(context, &scope.to_string(), &title);
    let mut related_tasks = vec![RelatedTask::new(account_task((&scope.provider, &scope.account)))];
    related_tasks.extend(entry.related_tasks.clone());
    AssessmentLogEntry { props, related_tasks, ..entry }
}

/// What nobody looked at since the run before: one entry for each span and reason in a scope.
fn unseen(context: &Context) -> impl Iterator<Item = AssessmentLogEntry> {
    context.frame.unseen.iter().flat_map(move |(scope, gaps)| {
        let mut spans: BTreeMap<(Timestamp, Timestamp, &GapReason), Vec<&str>> = BTreeMap::new();
        for gap in gaps {
            spans.entry((gap.from, gap.until, &gap.reason)).or_default().push(&gap.kind);
        }
        spans.into_iter().map(move |((from, until, reason), kinds)| gap_entry(context, scope, (from, until), reason, &kinds))
    })
}

fn gap_entry(
    context: &Context,
    scope: &Scope,
    (from, until): (Timestamp, Timestamp),
    reason: &GapReason,
    kinds: &[&str],
) -> AssessmentLogEntry {
    let mut props = vec![prop("coverage-gap", reason.as_str()), prop("gap-scope", &scope.to_string())];
    props.extend(kinds.iter().map(|kind| prop("gap-kind", kind)));
    let title = format!("Not assessed: {scope} from {} to {}, because {reason}", whole(from), whole(until));
    let name = format!("gap {scope} {from} {until} {}", reason.as_str());
    AssessmentLogEntry {
        start: whole(from).into(),
        end: Some(whole(until).into()),
        props,
        related_tasks: vec![RelatedTask::new(account_task((&scope.provider, &scope.account)))],
        ..entry(context, &name, &title)
    }
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
