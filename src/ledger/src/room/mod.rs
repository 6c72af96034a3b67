//! What the record holds, a room for each noun: its entries in the log, its tables, and the questions that can be asked of it.

pub mod coverage;
pub mod document;
pub mod exemption;
pub mod finding;
pub mod history;
pub mod outbox;
pub mod retention;
pub mod run;
pub mod state;
pub mod tick;
pub mod window;
