//! The plan of action and milestones, made out of items and their steps, and what is frozen and exported of it.
//!
//! An item of the register is a `poam-item` with a number that lasts; its finding is a risk whose log grows over runs. An exemption is a
//! risk of its own, with the deviation in OSCAL's and in FedRAMP's words. `docs/oscal-output.md` says what stands where.

mod accepted;
mod item;
mod observation;
mod risk;
mod snapshot;

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use oscal::{
    ImportSsp, InventoryItem, Metadata, Party, PartyType, PlanOfActionAndMilestones, PoamDefinitions, ResponsibleParty, Role, SystemId,
    UriReference,
};

pub use accepted::{AcceptedFrame, AcceptedList, accepted};
pub use snapshot::{BadMonth, Month, Snapshot, freeze};

use crate::emit::results::{assets_of, component, party, subject_of};
use crate::emit::words::{OSCAL_VERSION, lasting, line, own, prop, prose, text, token, whole};
use crate::exempt::{Exemption, Held, Standing};
use crate::finding::{FindingStep, Item, Register};

/// What a POA&M is made of.
#[derive(Clone, Copy, Debug)]
pub struct Contents<'a> {
    /// All items.
    pub register: &'a Register,
    /// Their steps, in the order in which they happened; those of items that are not shown may be missing.
    pub steps: &'a [FindingStep],
    /// All exemptions of the record.
    pub exemptions: &'a [Held],
    /// When a control was last looked at in an account: by control and account. Absent: when it was last seen to change.
    pub looked: &'a BTreeMap<(String, String), Timestamp>,
}

/// Who makes a POA&M, when, and of which system.
#[derive(Clone, Debug)]
pub struct PoamFrame {
    /// The organisation.
    pub organization: String,
    /// The system.
    pub system: System,
    /// The program's version.
    pub version: String,
    /// The instant that it speaks of.
    pub now: Timestamp,
    /// Closed items are shown as long as this after they closed.
    pub closed_for: SignedDuration,
    /// The month that it is frozen for.
    pub frozen: Option<Month>,
}

/// How a POA&M names its system.
#[derive(Clone, Debug)]
pub enum System {
    /// By an id, under the scheme that says who gave it.
    Id {
        /// Whose id it is, such as `https://fedramp.gov`.
        scheme: Option<oscal::Uri>,
        /// The id.
        id: String,
    },
    /// By its system security plan.
    Plan(UriReference),
}

/// OSCAL allows no POA&M without items.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no item is open and none closed since {since}, and OSCAL allows no plan of action without items; ask for a longer time")]
pub struct NothingOpen {
    /// Closed items were looked for from here.
    pub since: Timestamp,
}

/// Everything that the parts of a POA&M look at.
pub(crate) struct View<'a> {
    contents: Contents<'a>,
    frame: &'a PoamFrame,
    /// The items that are shown, in the order of their numbers.
    items: Vec<&'a Item>,
}

/// The POA&M: items that are open, and those that closed lately.
///
/// # Errors
/// If there is none.
pub fn poam(contents: Contents, frame: &PoamFrame) -> Result<PlanOfActionAndMilestones, NothingOpen> {
    let since = frame.now.checked_sub(frame.closed_for).unwrap_or(Timestamp::MIN);
    let shown = |item: &&Item| item.opened <= frame.now && item.closed.is_none_or(|closed| closed >= since);
    let items: Vec<&Item> = contents.register.items().filter(shown).collect();
    if items.is_empty() {
        return Err(NothingOpen { since });
    }
    let view = View { contents, frame, items };
    let risks = risk::risks(&view);
    let mut observations = observation::observations(&view);
    observations.extend(observation::deviations(&view));
    let poam_items = view.items.iter().map(|item| item::item(&view, item)).collect();
    let (import_ssp, system_id) = match &frame.system {
        System::Plan(href) => (Some(ImportSsp::new(href.clone())), None),
        System::Id { scheme, id } => (None, Some(SystemId { identifier_type: scheme.clone(), ..SystemId::new(text(id)) })),
    };
    let stamp = frame.frozen.map_or_else(|| frame.now.to_string(), |month| month.to_string());
    Ok(PlanOfActionAndMilestones {
        import_ssp,
        system_id,
        local_definitions: Some(definitions(&view)),
        observations,
        risks,
        ..PlanOfActionAndMilestones::new(lasting("poam", &format!("{}|{stamp}", frame.organization)), metadata(&view), poam_items)
    })
}

/// Provider and account of `aws/111122223333`.
fn split(account: &str) -> (&str, &str) {
    account.split_once('/').unwrap_or((account, account))
}

impl<'a> View<'a> {
    /// What is told of an exemption of this id.
    fn held(&self, id: &str) -> Option<&'a Held> {
        self.contents.exemptions.iter().find(|held| held.request.id == id)
    }

    /// The findings that are shown, each with its newest item.
    fn findings(&self) -> BTreeMap<(&'a str, &'a str), &'a Item> {
        self.items.iter().map(|item| ((item.control.as_str(), item.account.as_str()), *item)).collect()
    }

    /// Exemptions that mark failures of an item, those that did until not long ago, and requests that would: each as the exemption it is
    /// or would be.
    fn deviations(&self, item: &Item) -> Vec<(&'a Held, Exemption)> {
        if item.status.is_closed() {
            return Vec::new();
        }
        let marking: BTreeSet<&str> = item.facts.subjects.iter().filter_map(|subject| subject.exemption.as_deref()).collect();
        let approved = marking.iter().filter_map(|id| Some((self.held(id)?, self.held(id)?.exemption()?)));
        let others = self.contents.exemptions.iter().filter(|held| !marking.contains(held.request.id.as_str()) && self.is_told(held));
        let others = others.map(|held| (held, held.exemption().unwrap_or_else(|| held.request.clone().approved("", None))));
        approved.chain(others.filter(|(_, entry)| risk::concerns(entry, item))).collect()
    }

    /// Whether an exemption that marks nothing is told of: a request that waits, and one that ended lately.
    fn is_told(&self, held: &Held) -> bool {
        let lately = |at: Timestamp| at <= self.frame.now && self.frame.now.duration_since(at) <= self.frame.closed_for;
        match held.standing {
            Standing::Requested => self.frame.now < held.ends(),
            Standing::Withdrawn | Standing::Revoked | Standing::Removed | Standing::Expired => {
                held.ending.as_ref().is_some_and(|ending| lately(ending.at))
            }
            Standing::Approved | Standing::Rejected => false,
        }
    }
}

fn definitions(view: &View) -> PoamDefinitions {
    let accounts: BTreeSet<&str> = view.items.iter().map(|item| item.account.as_str()).collect();
    let subjects = view.items.iter().flat_map(|item| &item.facts.subjects);
    let named: BTreeMap<(&str, &str), &str> = subjects.map(|one| ((one.kind.as_str(), one.id.as_str()), one.name.as_str())).collect();
    let inventory = named.into_iter().map(|((kind, id), name)| InventoryItem {
        props: vec![own("asset-id", id), prop("kind", kind)],
        ..InventoryItem::new(subject_of(kind, id), prose(if name.is_empty() { id } else { name }))
    });
    PoamDefinitions {
        components: accounts.into_iter().map(|account| component(split(account))).collect(),
        inventory_items: inventory.collect(),
        assessment_assets: Some(assets_of(&view.frame.version)),
        ..PoamDefinitions::default()
    }
}

fn metadata(view: &View) -> Metadata {
    let frame = view.frame;
    let role = |id: &str, title: &str| Role::new(token(id), line(title));
    let mut people: BTreeSet<&str> = view.items.iter().filter_map(|item| item.facts.owner.as_deref()).collect();
    let deviations: Vec<_> = view.items.iter().flat_map(|item| view.deviations(item)).map(|(held, _)| held).collect();
    for held in &deviations {
        people.extend([held.requested_by.as_str(), held.request.owner.as_str()]);
        people.extend(held.approval.as_ref().map(|approval| approval.by.as_str()));
        people.extend(held.ending.as_ref().and_then(|ending| ending.by.as_deref()));
    }
    people.remove(frame.organization.as_str());
    let named = |name: &str, kind| Party { name: Some(text(name)), ..Party::new(party(name), kind) };
    let organization = named(&frame.organization, PartyType::Organization);
    let title = match frame.frozen {
        Some(month) => format!("Plan of action and milestones of {month}"),
        None => "Plan of action and milestones".to_owned(),
    };
    Metadata {
        props: frame.frozen.iter().map(|month| prop("frozen", &month.to_string())).collect(),
        roles: vec![role("assessor", "Assessor"), role("risk-owner", "Risk owner"), role("authorizing-official", "Authorizing official")],
        parties: std::iter::once(organization).chain(people.into_iter().map(|name| named(name, PartyType::Person))).collect(),
        responsible_parties: vec![ResponsibleParty::new(token("assessor"), vec![party(&frame.organization)])],
        ..Metadata::new(line(&title), whole(frame.now).into(), text(&whole(frame.now).to_string()), text(OSCAL_VERSION))
    }
}
