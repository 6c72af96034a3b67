//! A document as somebody wrote it: its JSON form, and where in the file each thing stands.

use serde_json::Value;

use super::{ReadError, position, refuse, xml, yaml};
use crate::Document;

/// How a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JSON.
    Json,
    /// YAML 1.2.
    Yaml,
    /// XML under NIST's own names.
    Xml,
}

impl Format {
    /// The format that a file name tells by its ending; JSON where it tells nothing.
    pub fn of_name(name: &str) -> Self {
        let ending = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        match ending.as_str() {
            "yaml" | "yml" => Self::Yaml,
            "xml" => Self::Xml,
            _ => Self::Json,
        }
    }
}

/// The bytes of one document, well formed.
#[derive(Debug, Clone)]
pub struct Source {
    origin: String,
    json: Vec<u8>,
    /// Offset in `json`, line, column; for sources that were not JSON.
    places: Option<Vec<(usize, usize, usize)>>,
}

impl Source {
    /// Takes bytes of a format. `origin` names them in what is said of them.
    ///
    /// # Errors
    /// If they are not of that format, or nested or repeated beyond reason.
    pub fn new(bytes: Vec<u8>, format: Format, origin: &str) -> Result<Self, ReadError> {
        let origin = origin.to_owned();
        let refused = |line, column, what: String, fix: &str| ReadError {
            origin: origin.clone(),
            line,
            column,
            pointer: String::new(),
            what,
            fix: fix.to_owned(),
        };
        let (json, places) = match format {
            Format::Json => (bytes, None),
            Format::Yaml | Format::Xml => {
                let text = String::from_utf8(bytes).map_err(|_| refused(0, 0, "is not UTF-8".into(), "write it in UTF-8"))?;
                let text = text.trim_start_matches('\u{feff}');
                let done = if format == Format::Yaml { yaml::to_json(text) } else { xml::to_json(text) };
                let done = done.map_err(|trouble| refused(trouble.line, trouble.column, trouble.what, trouble.fix))?;
                (done.json, Some(done.places))
            }
        };
        let source = Self { origin, json, places };
        match refuse::first_refusal(&source.json) {
            Some(refusal) => Err(source.refused(refusal.offset, refusal.what, refusal.fix)),
            None => Ok(source),
        }
    }

    /// The document.
    ///
    /// # Errors
    /// If it is not OSCAL, with the place.
    pub fn document(&self) -> Result<Document, ReadError> {
        self.parsed()
    }

    /// Its JSON form, valid or not.
    ///
    /// # Errors
    /// If it is not JSON, with the place.
    pub fn value(&self) -> Result<Value, ReadError> {
        self.parsed()
    }

    /// Line and column, from one, of what a JSON pointer points at; of the nearest thing around it where it points at nothing.
    pub fn place_of(&self, pointer: &str) -> (usize, usize) {
        self.place(position::offset_of_pointer(&self.json, pointer))
    }

    fn parsed<T: serde::de::DeserializeOwned>(&self) -> Result<T, ReadError> {
        serde_json::from_slice(&self.json).map_err(|error| {
            let offset = position::offset_of(&self.json, error.line(), error.column());
            let (what, fix) = refuse::explain(&error);
            self.refused(offset, what, fix)
        })
    }

    fn refused(&self, offset: usize, what: String, fix: String) -> ReadError {
        let (line, column) = self.place(offset);
        ReadError { origin: self.origin.clone(), line, column, pointer: position::pointer_at(&self.json, offset), what, fix }
    }

    fn place(&self, offset: usize) -> (usize, usize) {
        match &self.places {
            None => position::line_and_column(&self.json, offset),
            Some(places) => {
                let after = places.partition_point(|(at, ..)| *at <= offset);
                places[..after].last().map_or((1, 1), |(_, line, column)| (*line, *column))
            }
        }
    }
}
