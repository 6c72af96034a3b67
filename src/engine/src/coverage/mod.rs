//! Coverage: for which instants somebody looked, and why not for the others.
//!
//! A look that read a list to the end covers its kind in its scope until it expires. What no look covers is a gap, and every gap has a
//! reason. A pure function of looks: whoever has a record brings them.

mod gaps;
mod look;

pub use gaps::{Coverage, Gap, GapReason, Wanted, coverage, merged};
pub use look::{Blank, BlankReason, Look, Looked, looks};
