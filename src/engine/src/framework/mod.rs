//! What verdicts on our controls mean for the controls of a framework that a mapping leads to.
//!
//! Relations are read from the framework's side. A pass travels to a control that demands the same or less (`equal-to`,
//! `equivalent-to`, `subset-of`); a failure to one that demands the same or more (`equal-to`, `equivalent-to`, `superset-of`);
//! nothing travels over `intersects-with`. A mapping that is written the other way round is turned round first, as OSCAL says it
//! may be: `A superset-of B` is `B subset-of A`.

mod judge;
mod limit;
mod read;

pub use judge::{Answer, Judged, Judgement, judge};
pub use limit::{Bound, Limit};
pub use read::{MapError, maps, member};

use crate::plan::Target;

/// A catalog, or what a profile selects, that is not ours.
#[derive(Clone, Debug, PartialEq)]
pub struct Framework {
    /// Its short name, such as `800-53-moderate`.
    pub name: String,
    /// What it calls itself.
    pub title: String,
    /// Where it lies.
    pub href: String,
    /// Its controls, in its order.
    pub controls: Vec<Member>,
}

/// A control of a framework.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it demands; empty where only its id is known.
    pub statement: String,
    /// What findings on it point at.
    pub target: Target,
    /// The parts of it that have an id: their name and id, in its order.
    pub parts: Vec<(String, String)>,
    /// What the mappings say of it.
    pub maps: Vec<Map>,
}

/// How a control of a framework, or a part of it, is related to controls of ours.
#[derive(Clone, Debug, PartialEq)]
pub struct Map {
    /// The relation, seen from the framework.
    pub relation: Relation,
    /// The part of the control; none for the whole of it.
    pub part: Option<String>,
    /// Whether several of the framework's controls stand in the relation only together. What fails then is known of none of them.
    pub shared: bool,
    /// The controls of ours, which stand in the relation together.
    pub ours: Vec<Ours>,
    /// What parameters of ours must be for the relation to hold; otherwise the two only intersect.
    pub limits: Vec<Limit>,
}

/// A control of ours in a relation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ours {
    /// Its id.
    pub control: String,
    /// The provider that the framework is about; its verdicts alone count.
    pub provider: Option<String>,
    /// The check whose verdicts alone count.
    pub check: Option<String>,
}

/// How what a framework demands is related to what we do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// They are the same.
    Equal,
    /// They demand the same in other words.
    Equivalent,
    /// The framework demands a part of what ours does.
    Subset,
    /// The framework demands what ours does, and more.
    Superset,
    /// They have something in common.
    Intersects,
}

impl Relation {
    /// OSCAL's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Relation::Equal => "equal-to",
            Relation::Equivalent => "equivalent-to",
            Relation::Subset => "subset-of",
            Relation::Superset => "superset-of",
            Relation::Intersects => "intersects-with",
        }
    }

    /// The same, seen from the other side.
    pub fn reversed(self) -> Self {
        match self {
            Relation::Subset => Relation::Superset,
            Relation::Superset => Relation::Subset,
            same => same,
        }
    }

    /// Whether our pass is a pass there.
    pub fn carries_pass(self) -> bool {
        matches!(self, Relation::Equal | Relation::Equivalent | Relation::Subset)
    }

    /// Whether our failure is a failure there.
    pub fn carries_failure(self) -> bool {
        matches!(self, Relation::Equal | Relation::Equivalent | Relation::Superset)
    }
}

#[cfg(test)]
mod tests;
