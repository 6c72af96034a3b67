//! The record: runs, documents by content, verdict transitions.
