//! One item as a reader of the POA&M sees it.

use oscal::{ActorType, OriginActor, PoamItem, PoamOrigin, RelatedObservation, RelatedRisk};

use super::{View, observation, risk};
use crate::emit::words::{fedramp, lasting, line, prop, prose, tool, whole};
use crate::finding::{Item, ItemStatus, Sight};

pub(super) fn item(view: &View, item: &Item) -> PoamItem {
    let facts = &item.facts;
    let mut props = vec![
        fedramp("POAM-ID", &item.id()),
        prop("poam-id", &item.id()),
        prop("control", &item.control),
        prop("scope", &item.account),
        prop("severity", facts.severity.as_str()),
        prop("status", item.status.as_str()),
        prop("sight", item.sight.as_str()),
        prop("failing-since", &whole(item.since).to_string()),
        prop("opened", &whole(item.opened).to_string()),
        prop("due", &whole(facts.due).to_string()),
    ];
    props.extend(item.is_overdue(view.frame.now).then(|| prop("overdue", "true")));
    props.extend(facts.owner.iter().map(|owner| prop("owner", owner)));
    props.extend(item.reopens.map(|number| prop("reopens", &Item::id_of(number))));
    props.extend(item.closed.map(|closed| prop("closed", &whole(closed).to_string())));
    let deviations = view.deviations(item);
    let risks = std::iter::once(risk::uuid(item)).chain(deviations.iter().map(|(_, entry)| risk::deviation_uuid(item, entry)));
    let decided = deviations.iter().filter_map(|(held, entry)| observation::deviation_uuid(item, held, entry));
    let observations = observation::uuids(item).chain(decided);
    PoamItem {
        uuid: Some(lasting("poam-item", &format!("{}/{}/{}", item.control, item.account, item.number))),
        props,
        origins: vec![PoamOrigin::new(vec![OriginActor::new(ActorType::Tool, tool())])],
        related_observations: observations.map(RelatedObservation::new).collect(),
        related_risks: risks.map(RelatedRisk::new).collect(),
        remarks: Some(prose(&facts.fix)),
        ..PoamItem::new(line(&format!("{}: {} in {}", item.id(), facts.title, item.account)), prose(&told(item)))
    }
}

/// What there is to say of an item in a sentence or two.
fn told(item: &Item) -> String {
    let failures = item.facts.failures();
    let resources = if failures == 1 { "1 failure".to_owned() } else { format!("{failures} failures") };
    let what = format!("{resources} of {} in {}, since {}.", item.control.to_uppercase(), item.account, whole(item.since));
    let seen = match (item.status, &item.sight) {
        (ItemStatus::Resolved, _) => "It was seen to pass.".to_owned(),
        (ItemStatus::Gone, _) => "What failed is gone.".to_owned(),
        (ItemStatus::Open | ItemStatus::Exempt, Sight::Failing) => return what,
        (ItemStatus::Open | ItemStatus::Exempt, Sight::Unknown { gap }) => format!("Whether it still fails could not be read: {gap}."),
        (ItemStatus::Open | ItemStatus::Exempt, Sight::NotAssessed) => "It is not assessed any more; nobody saw it pass.".to_owned(),
        (ItemStatus::Open | ItemStatus::Exempt, Sight::NotApplicable) => {
            "Its checks say that they do not apply any more; nobody saw it pass.".to_owned()
        }
    };
    format!("{what} {seen}")
}
