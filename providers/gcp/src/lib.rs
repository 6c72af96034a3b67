//! Reads Google Cloud; never judges. For now that is Cloud Audit Logs.

pub mod events;
