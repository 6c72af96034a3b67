//! The log: every change of the record, one behind the other. All other tables of the record are what the log says, and can be made of it anew.

pub(crate) mod append;
pub(crate) mod checkpoint;
mod command;
mod event;
pub mod merkle;
pub mod note;
pub(crate) mod verify;

pub use event::Event;
