//! OSCAL documents, typed and lossless: catalog, profile, assessment plan, assessment results, POA&M.
//!
//! Reads and writes JSON ([`read_json`], [`Document`]), checks documents and parts of them ([`validate`]), and selects controls
//! out of profiles ([`select`]). Knows nothing of clouds, checks or verdicts: what it holds is OSCAL.

mod assembly;
mod assessment;
mod back_matter;
mod catalog;
mod component;
mod control;
pub mod datatype;
mod document;
pub mod ident;
mod metadata;
mod poam;
mod profile;
mod property;
mod read;
mod select;
pub mod validate;

pub use assessment::*;
pub use back_matter::*;
pub use catalog::*;
pub use component::*;
pub use control::*;
pub use datatype::{Base64, DateTime, Email, Markup, MarkupLine, Text, Token, Uri, UriReference, Uuid, ValueError};
pub use document::{Document, Layout};
pub use metadata::*;
pub use poam::*;
pub use profile::*;
pub use property::*;
pub use read::{LARGEST, ReadError, read_json, read_json_from};
pub use select::*;
pub use validate::{Problem, validate};
