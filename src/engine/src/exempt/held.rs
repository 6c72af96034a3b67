//! Where an exemption stands: what the steps come to, and which steps are refused.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::exemption::same_person;
use super::{Exemption, ExemptionChange, ExemptionRequest, ExemptionStep, Origin};

/// An exemption of the record, as its steps have left it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// What was asked for.
    pub request: ExemptionRequest,
    /// How it came here.
    pub origin: Origin,
    /// Who asked for it.
    pub requested_by: String,
    /// When.
    pub requested_at: Timestamp,
    /// How often this id was asked for, counted from one.
    pub round: u32,
    /// Where it stands.
    pub standing: Standing,
    /// Who approved it, where somebody has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<Approval>,
    /// The nearest warning that was given: so many days before the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warned: Option<u16>,
    /// How it ended, where it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending: Option<Ending>,
}

/// Where an exemption stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Asked for, and without effect.
    Requested,
    /// Agreed to; it holds from its first day to its last.
    Approved,
    /// Not agreed to.
    Rejected,
    /// Taken back by whoever asked.
    Withdrawn,
    /// Taken back before its end.
    Revoked,
    /// Taken out of the files.
    Removed,
    /// Over.
    Expired,
}

/// Where an exemption stands at an instant, to the eyes of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Asked for.
    Requested,
    /// Agreed to, and its first day is to come.
    Approved,
    /// It holds.
    Active,
    /// It holds, and ends within 30 days.
    Expiring,
    /// It is over.
    Expired,
    /// It was taken back, or taken out of the files.
    Revoked,
    /// It was not agreed to.
    Rejected,
    /// Whoever asked took it back.
    Withdrawn,
}

/// Who agreed to an exemption.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// Who.
    pub by: String,
    /// When it became known.
    pub at: Timestamp,
    /// The first day it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Date>,
    /// What the approver had to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// How an exemption ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ending {
    /// When.
    pub at: Timestamp,
    /// Who ended it; absent where it ended by itself or with its file entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Why.
    pub reason: String,
}

/// A step that the rules do not allow; nothing came of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("exemption `{exemption}` cannot be {step}: {why}")]
pub struct IllegalStep {
    /// The exemption.
    pub exemption: String,
    /// What was tried.
    pub step: &'static str,
    /// Why not, and what to do instead.
    pub why: String,
}

impl Phase {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Phase::Requested => "requested",
            Phase::Approved => "approved",
            Phase::Active => "active",
            Phase::Expiring => "expiring",
            Phase::Expired => "expired",
            Phase::Revoked => "revoked",
            Phase::Rejected => "rejected",
            Phase::Withdrawn => "withdrawn",
        }
    }
}

impl Standing {
    /// Whether nothing more can come of it.
    pub fn is_over(self) -> bool {
        match self {
            Standing::Requested | Standing::Approved => false,
            Standing::Rejected | Standing::Withdrawn | Standing::Revoked | Standing::Removed | Standing::Expired => true,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Standing::Requested => "requested and not approved",
            Standing::Approved => "approved",
            Standing::Rejected => "rejected",
            Standing::Withdrawn => "withdrawn",
            Standing::Revoked => "revoked",
            Standing::Removed => "removed from the files",
            Standing::Expired => "expired",
        }
    }
}

impl Held {
    /// What a step makes of the exemption as it stood before, `None` where the id is new.
    ///
    /// # Errors
    /// If the rules do not allow the step.
    pub fn after(before: Option<&Held>, step: &ExemptionStep) -> Result<Held, IllegalStep> {
        let refuse = |why: String| Err(IllegalStep { exemption: step.exemption.clone(), step: step.change.participle(), why });
        if let ExemptionChange::Requested { by, origin, request } = &step.change {
            return match before {
                _ if request.id != step.exemption => refuse(format!("the request is for `{}`", request.id)),
                _ if by.trim().is_empty() => refuse("nobody asks for it; say who".into()),
                Some(held) if !held.standing.is_over() => {
                    refuse(format!("it is {} already; give the new one another id", held.standing.as_str()))
                }
                Some(_) | None => Ok(Held::requested(before, by, *origin, request, step.at)),
            };
        }
        match before {
            None => refuse("there is no such exemption; see `assize exemption list`".into()),
            Some(held) => match held.objection(step) {
                Some(why) => refuse(why),
                None => Ok(held.clone().changed(step)),
            },
        }
    }

    fn requested(before: Option<&Held>, by: &str, origin: Origin, request: &ExemptionRequest, at: Timestamp) -> Held {
        Held {
            request: request.clone(),
            origin,
            requested_by: by.to_owned(),
            requested_at: at,
            round: before.map_or(0, |held| held.round) + 1,
            standing: Standing::Requested,
            approval: None,
            warned: None,
            ending: None,
        }
    }

    /// The exemption, where somebody has approved it.
    pub fn exemption(&self) -> Option<Exemption> {
        self.approval.as_ref().map(|approval| self.request.clone().approved(&approval.by, approval.on))
    }

    /// The first instant at which it cannot hold any more.
    pub fn ends(&self) -> Timestamp {
        self.request.clone().approved("", None).ends()
    }

    /// Where it stands at this instant. The last day ends it whether or not that was recorded.
    pub fn phase(&self, now: Timestamp) -> Phase {
        match self.standing {
            Standing::Rejected => Phase::Rejected,
            Standing::Withdrawn => Phase::Withdrawn,
            Standing::Revoked | Standing::Removed => Phase::Revoked,
            Standing::Expired => Phase::Expired,
            Standing::Requested | Standing::Approved if now >= self.ends() => Phase::Expired,
            Standing::Requested => Phase::Requested,
            Standing::Approved => match self.exemption() {
                Some(entry) if !entry.holds(now) => Phase::Approved,
                Some(_) | None if super::due::is_near(self.ends(), super::WARNINGS[0], now) => Phase::Expiring,
                Some(_) | None => Phase::Active,
            },
        }
    }

    /// Why a step is not allowed, if it is not.
    fn objection(&self, step: &ExemptionStep) -> Option<String> {
        use Standing::{Approved, Requested};
        let stands = self.standing;
        let wrong = |wanted: &str| Some(format!("it is {}; only one that is {wanted} can be", stands.as_str()));
        match &step.change {
            ExemptionChange::Requested { .. } => None,
            ExemptionChange::Approved { by, .. } => match stands {
                _ if by.trim().is_empty() => Some("nobody approves it; say who".into()),
                Requested if same_person(by, &self.requested_by) => {
                    Some(format!("`{}` asked for it; somebody else must approve it", self.requested_by.trim()))
                }
                // An entry of a file can be read for the first time when it is over; then it is on record, and expires at once.
                Requested if self.origin == Origin::Request && step.at >= self.ends() => {
                    Some(format!("it would have ended on {}; ask for a later day", self.request.expires))
                }
                Requested => None,
                _ => wrong("requested"),
            },
            ExemptionChange::Rejected { by, .. } => match stands {
                Requested if same_person(by, &self.requested_by) => Some(format!("`{}` asked for it; withdraw it instead", by.trim())),
                Requested => None,
                _ => wrong("requested"),
            },
            ExemptionChange::Withdrawn { by, .. } => match stands {
                Requested if !same_person(by, &self.requested_by) => {
                    Some(format!("`{}` asked for it; reject it instead", self.requested_by.trim()))
                }
                Requested => None,
                _ => wrong("requested"),
            },
            ExemptionChange::Revoked { by, .. } => match stands {
                Approved if by.trim().is_empty() => Some("nobody revokes it; say who".into()),
                Approved => None,
                _ => wrong("approved"),
            },
            ExemptionChange::Changed { exemption } => match stands {
                _ if self.origin == Origin::Request => Some("it is not of a file; revoke it and ask for another".into()),
                _ if exemption.id != step.exemption => Some(format!("the entry is `{}`", exemption.id)),
                Approved if same_person(&exemption.approved_by, &exemption.owner) => {
                    Some(format!("`{}` owns it; somebody else must approve it", exemption.owner.trim()))
                }
                Approved => None,
                _ => wrong("approved"),
            },
            ExemptionChange::Removed => match stands {
                _ if self.origin == Origin::Request => Some("it is not of a file; revoke it".into()),
                _ if stands.is_over() => wrong("in force"),
                _ => None,
            },
            ExemptionChange::Warned { days } => match stands {
                Approved if self.warned.is_some_and(|nearest| nearest <= *days) => {
                    Some(format!("that was said {} days ahead", self.warned.unwrap_or(*days)))
                }
                Approved if !super::due::is_near(self.ends(), *days, step.at) => Some(format!("it ends on {}", self.request.expires)),
                Approved => None,
                _ => wrong("approved"),
            },
            ExemptionChange::Expired => match stands {
                _ if stands.is_over() => wrong("requested or approved"),
                _ if step.at < self.ends() => Some(format!("its last day is {}", self.request.expires)),
                _ => None,
            },
        }
    }

    fn changed(mut self, step: &ExemptionStep) -> Held {
        let at = step.at;
        let end = |standing: Standing, by: Option<&String>, reason: &str| {
            (standing, Some(Ending { at, by: by.cloned(), reason: reason.to_owned() }))
        };
        let (standing, ending) = match &step.change {
            ExemptionChange::Approved { by, on, note } => {
                self.approval = Some(Approval { by: by.clone(), at, on: *on, note: note.clone() });
                (Standing::Approved, None)
            }
            ExemptionChange::Changed { exemption } => {
                self.approval = Some(Approval { by: exemption.approved_by.clone(), at, on: exemption.approved_on, note: None });
                self.requested_by.clone_from(&exemption.owner);
                self.request = exemption.clone().into();
                self.warned = None;
                (Standing::Approved, None)
            }
            ExemptionChange::Warned { days } => {
                self.warned = Some(*days);
                (self.standing, None)
            }
            ExemptionChange::Rejected { by, reason } => end(Standing::Rejected, Some(by), reason),
            ExemptionChange::Withdrawn { by, reason } => end(Standing::Withdrawn, Some(by), reason),
            ExemptionChange::Revoked { by, reason } => end(Standing::Revoked, Some(by), reason),
            ExemptionChange::Removed => end(Standing::Removed, None, "its entry is not in the files any more"),
            ExemptionChange::Expired => end(Standing::Expired, None, "its last day is over"),
            ExemptionChange::Requested { .. } => (self.standing, None),
        };
        Held { standing, ending, ..self }
    }
}

/// How long an ended exemption is still told of where it was about a failure, in days.
const TOLD_DAYS: i64 = 90;

/// The exemptions that a run needs: those that are approved, and those that ended by themselves not long ago, so that results can say
/// that what they marked counts again. Whether one holds is a question of the day, which a run asks itself.
pub fn in_force<'a>(held: impl IntoIterator<Item = &'a Held>, now: Timestamp) -> Vec<Exemption> {
    let recently = |held: &Held| now.duration_since(held.ends()).as_hours() < 24 * TOLD_DAYS || held.origin == Origin::File;
    let wanted = |held: &&Held| match held.standing {
        Standing::Approved => true,
        Standing::Expired => recently(held),
        Standing::Requested | Standing::Rejected | Standing::Withdrawn | Standing::Revoked | Standing::Removed => false,
    };
    held.into_iter().filter(wanted).filter_map(Held::exemption).collect()
}

impl ExemptionChange {
    fn participle(&self) -> &'static str {
        match self {
            ExemptionChange::Requested { .. } => "requested",
            ExemptionChange::Approved { .. } => "approved",
            ExemptionChange::Rejected { .. } => "rejected",
            ExemptionChange::Withdrawn { .. } => "withdrawn",
            ExemptionChange::Revoked { .. } => "revoked",
            ExemptionChange::Changed { .. } => "changed",
            ExemptionChange::Removed => "removed",
            ExemptionChange::Warned { .. } => "warned of",
            ExemptionChange::Expired => "expired",
        }
    }
}
