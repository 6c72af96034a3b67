//! What was read from a cloud, and what could not be: resources, gaps, scopes, kinds and snapshots.
//!
//! Every provider speaks these types and every check judges them. Nothing here knows a cloud by name, and nothing here can
//! spell a verdict.

mod gap;
mod kind;
mod provider;
mod recorded;
mod resource;
mod scope;
mod shape;
pub mod snapshot;

pub use gap::{Gap, Read, UNKNOWN_KEY};
pub use kind::{Dependency, Kind, KindId, Reach};
pub use provider::{CollectError, Fields, Future, Item, Provider, Sink, Want};
pub use recorded::Recorded;
pub use resource::Resource;
pub use scope::Scope;
pub use shape::Shape;
pub use snapshot::Snapshot;
