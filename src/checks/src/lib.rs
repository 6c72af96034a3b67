//! Checks judge one document: CEL over the JSON where it lies, three-valued, typed against the kind's shape before it ever runs.
//!
//! [`Pack`] loads `controls/<control>/<provider>/<check>/check.toml`; [`Check::judge`] gives a [`Verdict`]. Reads nothing from a
//! cloud and knows none by name; which controls exist it is told.

pub mod cases;
mod check;
mod diagnostic;
mod file;
mod id;
mod lang;
pub mod lint;
mod pack;
mod severity;
mod template;
mod verdict;

pub use check::{Check, Evidence, JudgeInput, Judgement};
pub use diagnostic::Diagnostic;
pub use file::schema;
pub use id::{BadCheckId, CheckId};
pub use lang::ParamType;
pub use pack::{NotApplicable, Pack, SourceFile, Status};
pub use severity::Severity;
pub use verdict::Verdict;
