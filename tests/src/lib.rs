//! What whole-program tests stand on: outside parts that they start themselves, a proxy that breaks things on purpose, and a run of
//! the engine against it.

pub mod call;
pub mod content;
pub mod deviations;
pub mod fault;
pub mod parts;
pub mod proxy;
pub mod run;
