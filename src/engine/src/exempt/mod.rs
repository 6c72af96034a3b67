//! Exemptions: they mark a failure and never hide it; they are asked for, approved by somebody else, end by themselves, and those that
//! need a look say so.
//!
//! What happens to an exemption is a [`ExemptionStep`]; [`Held::after`] folds steps to where it stands, and refuses a step that the rules
//! do not allow. Keeps nothing: whoever has a record stores the steps and hands back what was folded.

mod due;
mod exemption;
mod files;
mod held;
mod matching;
mod preview;
mod request;
mod step;

pub use due::{WARNINGS, due_steps};
pub(crate) use exemption::begins;
pub use exemption::{Exemption, ExemptionKind, ExemptionState, same_person};
pub use files::from_files;
pub use held::{Approval, Ending, Held, IllegalStep, Phase, Standing, in_force};
pub use matching::{Exemptions, Subject};
pub use preview::{Failing, Preview, preview};
pub use request::ExemptionRequest;
pub use step::{ExemptionChange, ExemptionStep, Origin};
