//! OSCAL documents, typed and lossless: all eight models, read from JSON, YAML and XML.
//!
//! Reads and writes JSON ([`read_json`], [`Document`]), checks documents and parts of them ([`validate()`], [`validate::Checker`]),
//! resolves profiles to catalogs ([`resolve`]) and selects controls out of them ([`select()`]). Knows nothing of clouds, checks or verdicts: what it holds is OSCAL.
//!
//! ```
//! let text = br#"{"catalog": {"uuid": "4efc5577-4fec-5b39-aa74-9d40ac618c14", "metadata": {"title": "Small",
//!     "last-modified": "2026-11-23T06:00:07Z", "version": "1", "oscal-version": "1.2.3", "titel": "?"}}}"#;
//! let error = oscal::read_json(text, "small.json").expect_err("a field that OSCAL does not have");
//! assert_eq!((error.line, error.pointer.as_str()), (2, "/catalog/metadata/titel"));
//!
//! let text = String::from_utf8_lossy(text).replace(r#", "titel": "?""#, "");
//! let document = oscal::read_json(text.as_bytes(), "small.json")?;
//! assert_eq!(document.metadata().title, "Small");
//! assert!(document.validate().is_empty());
//! # Ok::<(), oscal::ReadError>(())
//! ```

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod assembly;
mod assessment;
mod back_matter;
mod catalog;
mod component;
mod component_definition;
mod control;
pub mod datatype;
mod document;
pub mod ident;
mod load;
mod mapping;
mod metadata;
mod metaschema;
mod poam;
mod profile;
mod property;
mod read;
pub mod resolve;
mod select;
mod ssp;
pub mod validate;

pub use assessment::*;
pub use back_matter::*;
pub use catalog::*;
pub use component::*;
pub use component_definition::*;
pub use control::*;
pub use datatype::{Base64, Date, DateTime, Email, Markup, MarkupLine, Text, Token, Uri, UriReference, Uuid, ValueError};
pub use document::{Document, Layout};
pub use load::{Fetch, Loader, Reply, forbidden};
pub use mapping::*;
pub use metadata::*;
pub use poam::*;
pub use profile::*;
pub use property::*;
pub use read::{Format, LARGEST, ReadError, Source, read_json, read_json_from, read_named, read_source};
pub use select::*;
pub use ssp::*;
pub use validate::{Problem, validate};
