//! What happened: events as audit logs record them, the windows in which they are read, and what follows from them.
//!
//! A provider turns its vendor's record into an [`Event`]; a source reads a [`Window`] of them and says how it ended. From there two
//! ways lead on: [`Hints`] name the resources to read again, and [`document::resource`] makes the document that event controls judge.
//! Nothing here knows a cloud by name, keeps a clock, or can spell a verdict.

pub mod class;
pub mod document;
mod event;
mod hints;
mod missed;
mod raw;
mod settle;
mod source;
pub mod transport;
mod window;

pub use event::{Actor, ActorKind, Event, Outcome, Touched};
pub use hints::{Dirty, HintSettings, Hints, Target, Which};
pub use missed::{Announced, Change, Missed, missed};
pub use raw::Raw;
pub use settle::{EventId, Seen, Settled, settle};
pub use source::{Ended, EventSource, MOST_EVENTS, Reading, covers};
pub use window::{Settings, Span, Window, ahead, next};
