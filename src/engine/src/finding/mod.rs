//! Findings over time: a finding is a control in an account, and each time it begins to fail it is an item with a number of its own.
//!
//! What a run means for them is worked out by [`steps`], from what was assessed and from what stood before; [`Register::apply`] and
//! [`Item::after`] fold the steps and refuse those that break a rule. An item closes only because something was seen: a pass, or a whole
//! list in which the resource is not any more. Knows no run by itself and keeps nothing.

mod change;
mod facts;
mod item;
mod policy;
mod register;
mod sighting;
mod steps;

pub use change::{FindingChange, FindingStep, Sight};
pub use facts::{Facts, FailingPlace, FailingSubject};
pub use item::{IllegalChange, Item, ItemStatus};
pub use policy::{Deadlines, Owner, Policy};
pub use register::Register;
pub use steps::{Extent, Run, TagsOf, lapsed, steps};
