//! Kinds: one declaration each, and all that follows from it: shape, dependencies, reference page.

mod declaration;
mod kinds;
mod needs;
pub(crate) mod path;
mod reference;

pub(crate) use declaration::{Call, Declaration, Derive, Detail, Join, List, WindowOf};
pub(crate) use kinds::declarations;
pub use kinds::kinds;
pub(crate) use needs::needed;
pub use reference::kinds_markdown;
