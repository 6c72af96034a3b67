//! Reads Azure; never judges. For now that is the Activity Log.

pub mod events;
