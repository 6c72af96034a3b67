//! A document as somebody wrote it: its JSON form, and where in the file each thing stands.

use serde_json::Value;

use super::strict::Strict;
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
        Self::told(name).unwrap_or(Self::Json)
    }

    /// The format that the bytes themselves show: JSON and XML by the character that they begin with, else YAML.
    ///
    /// ```
    /// use oscal::Format;
    ///
    /// assert_eq!(Format::of_content(b" {\"catalog\": {}}"), Format::Json);
    /// assert_eq!(Format::of_content(b"<?xml version=\"1.0\"?>"), Format::Xml);
    /// assert_eq!(Format::of_content(b"catalog:\n"), Format::Yaml);
    /// ```
    pub fn of_content(bytes: &[u8]) -> Self {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'{') | None => Self::Json,
            Some(b'<') => Self::Xml,
            Some(_) => Self::Yaml,
        }
    }

    fn told(name: &str) -> Option<Self> {
        let ending = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        match ending.as_str() {
            "json" => Some(Self::Json),
            "yaml" | "yml" => Some(Self::Yaml),
            "xml" => Some(Self::Xml),
            _ => None,
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
    /// The first `null` or empty array, which makes it no document of OSCAL; everything else in it can still be looked at.
    hollow: Option<refuse::Refusal>,
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
            _ if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") => {
                return Err(refused(0, 0, "is UTF-16".into(), "write it in UTF-8"));
            }
            Format::Json => (without_mark(bytes), None),
            Format::Yaml | Format::Xml => {
                let text = String::from_utf8(bytes).map_err(|_| refused(0, 0, "is not UTF-8".into(), "write it in UTF-8"))?;
                let text = text.trim_start_matches('\u{feff}');
                let done = if format == Format::Yaml { yaml::to_json(text) } else { xml::to_json(text) };
                let done = done.map_err(|trouble| refused(trouble.line, trouble.column, trouble.what, trouble.fix))?;
                (done.json, Some(done.places))
            }
        };
        let mut source = Self { origin, json, places, hollow: None };
        match refuse::first_hollow(&source.json) {
            Ok(hollow) => source.hollow = hollow,
            Err(refusal) => return Err(source.refused(refusal.offset, refusal.what, refusal.fix)),
        }
        Ok(source)
    }

    /// Takes bytes whose format their name tells by its ending, or else they themselves: what comes through a pipe, or from an address
    /// that ends in a query, has no ending.
    ///
    /// # Errors
    /// As [`Source::new`].
    pub fn named(bytes: Vec<u8>, origin: &str) -> Result<Self, ReadError> {
        let format = Format::told(origin).unwrap_or_else(|| Format::of_content(&bytes));
        Self::new(bytes, format, origin)
    }

    /// The document.
    ///
    /// # Errors
    /// If it is not OSCAL, with the place.
    pub fn document(&self) -> Result<Document, ReadError> {
        if let Some(refuse::Refusal { offset, what, fix }) = self.hollow.clone() {
            return Err(self.refused(offset, what, fix));
        }
        self.parsed()
    }

    /// Its JSON form, valid or not.
    ///
    /// # Errors
    /// If it is not JSON, or has a member twice, with the place.
    pub fn value(&self) -> Result<Value, ReadError> {
        self.parsed().map(|Strict(value)| value)
    }

    /// Line and column, from one, of what a JSON pointer points at; of the nearest thing around it where it points at nothing.
    pub fn place_of(&self, pointer: &str) -> (usize, usize) {
        self.place(position::offset_of_pointer(&self.json, pointer))
    }

    /// The places of many pointers, as [`Source::place_of`] gives each, in one walk over the document.
    pub fn places_of<'p>(&self, pointers: impl IntoIterator<Item = &'p str>) -> Vec<(usize, usize)> {
        let pointers: Vec<&str> = pointers.into_iter().collect();
        let offsets = position::offsets_of_pointers(&self.json, &pointers);
        match self.places {
            Some(_) => offsets.into_iter().map(|offset| self.place(offset)).collect(),
            None => position::lines_and_columns(&self.json, &offsets),
        }
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

/// The bytes without the mark that some editors put before UTF-8, which JSON does not have.
fn without_mark(mut bytes: Vec<u8>) -> Vec<u8> {
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    bytes
}
