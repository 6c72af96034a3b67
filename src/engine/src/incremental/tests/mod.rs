//! What the incremental evaluation promises: that nobody can tell it from one that starts from nothing.

mod estate;
mod property;
mod single;
mod store;
