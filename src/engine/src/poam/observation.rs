//! What was seen of items, and what was decided about them, as observations.

use oscal::{Method, Observation, ObservationType, RelevantEvidence, SubjectReference, SubjectType, Uuid};

use super::{View, split};
use crate::emit::deviation::fedramp_name;
use crate::emit::results::subject_of;
use crate::emit::words::{account_component, lasting, line, origin, prop, prose, whole};
use crate::exempt::{Exemption, Held};
use crate::finding::{FailingPlace, FailingSubject, Item};

/// One for each check and scope in which an item fails, or failed until it closed.
pub(super) fn observations(view: &View) -> Vec<Observation> {
    view.items.iter().flat_map(|item| item.facts.places.iter().map(|place| failing(view, item, place))).collect()
}

/// Their ids.
pub(super) fn uuids(item: &Item) -> impl Iterator<Item = Uuid> + '_ {
    item.facts.places.iter().map(|place| uuid(item, place))
}

/// An observation is of one look: the instant at which it was seen otherwise than before is part of its name.
fn uuid(item: &Item, place: &FailingPlace) -> Uuid {
    lasting("observation", &format!("{}|{}|{}|{}", item.id(), place.check, place.scope, item.seen))
}

fn failing(view: &View, item: &Item, place: &FailingPlace) -> Observation {
    let here: Vec<&FailingSubject> =
        item.facts.subjects.iter().filter(|one| one.check == place.check && one.scope == place.scope).collect();
    let unnamed = place.failures.saturating_sub(here.len() as u64);
    let subjects = match here.is_empty() {
        true => vec![SubjectReference::new(account_component(split(&item.account)), SubjectType::Component)],
        false => subjects(&here),
    };
    let looked = view.contents.looked.get(&(item.control.clone(), item.account.clone())).copied();
    let collected = looked.filter(|at| *at >= item.seen && item.closed.is_none() && item.sight == crate::finding::Sight::Failing);
    let kind = if item.status.is_closed() { ObservationType::Historic } else { ObservationType::ControlObjective };
    let more = format!("{unnamed} more resources fail; they are in the assessment results.");
    Observation {
        title: Some(line(&place.title)),
        props: vec![
            prop("check", &place.check),
            prop("scope", &place.scope.to_string()),
            prop("verdict", "fail"),
            prop("failures", &place.failures.to_string()),
            prop("exempt", &place.exempt.to_string()),
        ],
        types: vec![kind],
        origins: vec![origin(None)],
        subjects,
        remarks: (unnamed > 0).then(|| prose(&more)),
        ..Observation::new(uuid(item, place), prose(&place.title), vec![Method::Test], whole(collected.unwrap_or(item.seen)).into())
    }
}

fn subjects(of: &[&FailingSubject]) -> Vec<SubjectReference> {
    let mut ids: Vec<Uuid> = of.iter().map(|one| subject_of(&one.kind, &one.id)).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.into_iter().map(|id| SubjectReference::new(id, SubjectType::InventoryItem)).collect()
}

/// What FedRAMP asks for beside a deviation: an observation of its type, that shows the reason and who agreed.
pub(super) fn deviations(view: &View) -> Vec<Observation> {
    let all = view.items.iter().flat_map(|item| view.deviations(item).into_iter().map(move |(held, entry)| (item, held, entry)));
    all.filter_map(|(item, held, entry)| deviation(item, held, &entry)).collect()
}

/// The id of that observation, for kinds of which FedRAMP has a type.
pub(super) fn deviation_uuid(item: &Item, held: &Held, entry: &Exemption) -> Option<Uuid> {
    fedramp_name(entry.kind)?;
    let decided = held.approval.as_ref().map_or(held.requested_at, |approval| approval.at);
    Some(lasting("observation", &format!("{}|exemption {}|{decided}", item.id(), entry.id)))
}

fn deviation(item: &Item, held: &Held, entry: &Exemption) -> Option<Observation> {
    let kind = fedramp_name(entry.kind)?;
    let marked: Vec<&FailingSubject> =
        item.facts.subjects.iter().filter(|one| held.approval.is_none() || one.exemption.as_deref() == Some(&entry.id)).collect();
    let (decided, evidence) = match &held.approval {
        Some(approval) => (approval.at, format!("`{}` approved exemption `{}`, which `{}` owns.", approval.by, entry.id, entry.owner)),
        None => (held.requested_at, format!("`{}` asked for exemption `{}`; nobody has approved it yet.", held.requested_by, entry.id)),
    };
    Some(Observation {
        title: Some(line(&format!("Exemption `{}`", entry.id))),
        props: vec![prop("exemption", &entry.id)],
        types: vec![kind.parse().unwrap_or(ObservationType::Discovery)],
        subjects: subjects(&marked),
        relevant_evidence: vec![RelevantEvidence::new(prose(&evidence))],
        expires: (held.ends() > decided).then(|| whole(held.ends()).into()),
        origins: vec![origin(None)],
        ..Observation::new(deviation_uuid(item, held, entry)?, prose(&entry.reason), vec![Method::Examine], whole(decided).into())
    })
}
