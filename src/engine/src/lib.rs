//! Turns what was read into what is true: plan, collect, evaluate, exempt, assess, emit.
//!
//! Everything but [`collect()`] is a plain function of its arguments: the same resources, checks, parameters, exemptions and
//! clock give the same bytes. Knows controls and checks; knows no cloud by name. What leaves is OSCAL.

pub mod assess;
pub mod bind;
pub mod collect;
pub mod coverage;
pub mod definition;
pub mod emit;
pub mod evaluate;
pub mod exempt;
pub mod finding;
pub mod framework;
pub mod given;
pub mod incremental;
pub mod plan;
pub mod poam;
pub mod seen;
pub mod select;

pub use assess::{Assessed, Tally, assess};
pub use bind::{Binding, RULES_NS, component_definition};
pub use collect::{Collected, collect, look};
pub use emit::{Emission, Frame, Tick, emit};
pub use evaluate::{EvaluateError, Evaluator};
pub use exempt::{Exemption, ExemptionChange, ExemptionKind, ExemptionRequest, ExemptionState, ExemptionStep, Exemptions, Held};
pub use finding::{FindingChange, FindingStep, Item as FindingItem, Policy, Register};
pub use given::{Given, GivenError, Subjects};
pub use plan::{Control, Plan, PlanError, Target};
pub use seen::{Listing, Outcome, Place, Seen, Subject};
