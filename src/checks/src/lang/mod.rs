//! The language of checks: CEL as the `cel` crate parses it, compiled and typed here, and judged three-valued over borrowed JSON.
//!
//! The evaluator is ours because a verdict needs what a general one does not keep: which read failed, when an age will flip,
//! and documents that are not copied. A property test holds it against the crate's own on documents without gaps.

mod compile;
mod eval;
mod eval_call;
mod eval_list;
mod function;
mod node;
mod source;
mod types;
mod value;

pub(crate) use compile::{Compiled, Surroundings, compile};
pub(crate) use eval::{Eval, Stop};
pub(crate) use node::Root;
pub(crate) use source::Place;
pub use types::ParamType;
pub(crate) use types::Ty;
pub(crate) use value::Val;

#[cfg(test)]
mod tests;
