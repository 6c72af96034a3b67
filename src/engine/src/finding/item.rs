//! An item as its steps have left it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Facts, FindingChange, FindingStep, Sight};

/// One time that a finding failed, from its first failure to its end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Its number.
    pub number: u64,
    /// The control.
    pub control: String,
    /// Provider and account.
    pub account: String,
    /// When it was opened.
    pub opened: Timestamp,
    /// Since when it has been failing. Neither a gap nor an exemption moves it.
    pub since: Timestamp,
    /// The closed item of the same finding that came before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reopens: Option<u64>,
    /// Where it stands.
    pub status: ItemStatus,
    /// How well it was seen last.
    pub sight: Sight,
    /// The exemptions that mark all its failures, while it is exempt.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub exemptions: BTreeSet<String>,
    /// What fails, as it was seen last.
    pub facts: Facts,
    /// When it was last seen otherwise than before.
    pub seen: Timestamp,
    /// When it closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Timestamp>,
}

/// Where an item stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ItemStatus {
    /// Something fails and nothing excuses it.
    Open,
    /// All that fails is exempt; it still fails.
    Exempt,
    /// It was seen to pass.
    Resolved,
    /// What failed is not there any more.
    Gone,
}

/// A step that no item can take; nothing came of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("item {} cannot be {step}: {why}", Item::id_of(*item))]
pub struct IllegalChange {
    /// The item.
    pub item: u64,
    /// What was tried.
    pub step: &'static str,
    /// Why not.
    pub why: String,
}

impl ItemStatus {
    /// The word that documents use.
    pub fn as_str(self) -> &'static str {
        match self {
            ItemStatus::Open => "open",
            ItemStatus::Exempt => "exempt",
            ItemStatus::Resolved => "resolved",
            ItemStatus::Gone => "gone",
        }
    }

    /// Whether it is closed for good.
    pub fn is_closed(self) -> bool {
        match self {
            ItemStatus::Open | ItemStatus::Exempt => false,
            ItemStatus::Resolved | ItemStatus::Gone => true,
        }
    }
}

impl Item {
    /// The number as people write it: `V-0001`.
    pub fn id(&self) -> String {
        Self::id_of(self.number)
    }

    /// The same of any number.
    pub fn id_of(number: u64) -> String {
        format!("V-{number:04}")
    }

    /// Whether it is past its day and nothing excuses it.
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.status == ItemStatus::Open && now >= self.facts.due
    }

    /// What a step makes of the item as it stood before, `None` where its number is new.
    ///
    /// # Errors
    /// If the rules do not allow the step. That numbers count up and that a finding has one open item is for [`super::Register`] to see.
    pub fn after(before: Option<&Item>, step: &FindingStep) -> Result<Item, IllegalChange> {
        let refuse = |why: String| Err(IllegalChange { item: step.item, step: step.change.participle(), why });
        match (before, &step.change) {
            (None, FindingChange::Opened { reopens, since, facts }) => match *since > step.at {
                true => refuse(format!("it would fail since {since}, which is later than {}", step.at)),
                false => Ok(Item::opened(step, *reopens, *since, facts)),
            },
            (Some(_), FindingChange::Opened { .. }) => refuse("the number is taken".into()),
            (None, _) => refuse("there is no item of that number".into()),
            (Some(item), _) if (item.control.as_str(), item.account.as_str()) != (step.control.as_str(), step.account.as_str()) => {
                refuse(format!("it is about {} in {}", item.control, item.account))
            }
            (Some(item), _) if item.status.is_closed() => refuse(format!("it is {}; what fails again is a new item", item.status.as_str())),
            (Some(item), change) => Ok(item.clone().changed(change, step.at)),
        }
    }

    fn opened(step: &FindingStep, reopens: Option<u64>, since: Timestamp, facts: &Facts) -> Item {
        Item {
            number: step.item,
            control: step.control.clone(),
            account: step.account.clone(),
            opened: step.at,
            since,
            reopens,
            status: ItemStatus::Open,
            sight: Sight::Failing,
            exemptions: BTreeSet::new(),
            facts: facts.clone(),
            seen: step.at,
            closed: None,
        }
    }

    fn changed(mut self, change: &FindingChange, at: Timestamp) -> Item {
        match change {
            FindingChange::Opened { .. } => {}
            FindingChange::Seen { facts } => {
                self.facts = facts.clone();
                self.sight = Sight::Failing;
                self.seen = at;
            }
            FindingChange::Exempt { exemptions } => {
                self.status = ItemStatus::Exempt;
                self.exemptions = exemptions.clone();
            }
            FindingChange::Unexempt { .. } => {
                self.status = ItemStatus::Open;
                self.exemptions = BTreeSet::new();
            }
            FindingChange::Unseen { sight } => self.sight = sight.clone(),
            FindingChange::Resolved { .. } => (self.status, self.closed) = (ItemStatus::Resolved, Some(at)),
            FindingChange::Gone { .. } => (self.status, self.closed) = (ItemStatus::Gone, Some(at)),
        }
        self
    }
}

impl FindingChange {
    fn participle(&self) -> &'static str {
        match self {
            FindingChange::Opened { .. } => "opened",
            FindingChange::Seen { .. } => "seen",
            FindingChange::Exempt { .. } => "exempt",
            FindingChange::Unexempt { .. } => "counted again",
            FindingChange::Unseen { .. } => "kept unseen",
            FindingChange::Resolved { .. } => "resolved",
            FindingChange::Gone { .. } => "gone",
        }
    }
}
