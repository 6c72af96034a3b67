//! One run, from the first look to the last entry: what the engine finds out goes into the ledger while the run goes on, and what the ledger
//! knows spares the engine work.
//!
//! The engine keeps nothing and the ledger understands nothing; here they meet. A command and the daemon run by the same code. Knows no cloud, no
//! file, no clock: providers, places and the time are its callers'.

mod as_of;
mod coverage;
mod failing;
mod findings;
mod held;
mod recorder;
mod standing;
mod whole;

pub use as_of::{AsOf, checks_as_of, seen_as_of};
pub use coverage::{blanks, latest_looks, looks, wanted};
pub use failing::{TagsOf, failing};
pub use findings::{advance, append_findings, register, register_before};
pub use held::{BesideDue, append_exemption, by_files, due, enter, exemption_steps, held, held_at, in_force};
pub use recorder::Recorder;
pub use standing::{Books, roll, scope_of, scope_text, seen};
pub use whole::{Beside, Done, Order, RunError, carry_out};
