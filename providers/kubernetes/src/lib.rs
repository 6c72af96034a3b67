//! Reads Kubernetes; never judges. For now that is the audit log.

pub mod events;
