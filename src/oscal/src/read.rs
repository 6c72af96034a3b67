//! Reads a document, and says of one that is refused where and why: line, column and JSON pointer, with the fix.

mod position;
mod refuse;
mod source;
mod strict;
mod xml;
mod yaml;

use std::io::Read;

pub use source::{Format, Source};

use crate::Document;

/// The largest document that is read, in bytes: well above a result with a million subjects.
pub const LARGEST: u64 = 512 * 1024 * 1024;

/// Why a document was refused, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{origin}{}: {}{what}; {fix}", place(*.line, *.column), at(.pointer))]
pub struct ReadError {
    /// The file or address, as the caller named it.
    pub origin: String,
    /// The line, from one; zero when it is not about a place.
    pub line: usize,
    /// The column in bytes, from one; zero when it is not about a place.
    pub column: usize,
    /// The JSON pointer to what is wrong; empty for the document as a whole.
    pub pointer: String,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub fix: String,
}

fn place(line: usize, column: usize) -> String {
    if line == 0 { String::new() } else { format!(":{line}:{column}") }
}

fn at(pointer: &str) -> String {
    if pointer.is_empty() { String::new() } else { format!("at `{pointer}`: ") }
}

/// Reads a document out of bytes of JSON. `origin` names them in an error.
///
/// # Errors
/// If they are no OSCAL document, with the place.
pub fn read_json(bytes: &[u8], origin: &str) -> Result<Document, ReadError> {
    Source::new(bytes.to_vec(), Format::Json, origin)?.document()
}

/// Reads a document of JSON from a reader, up to [`LARGEST`] bytes.
///
/// # Errors
/// If it cannot be read, is too large, or is no OSCAL document.
pub fn read_json_from(reader: impl Read, origin: &str) -> Result<Document, ReadError> {
    read_source(reader, Format::Json, origin)?.document()
}

/// Reads bytes of a format from a reader, up to [`LARGEST`] of them.
///
/// ```
/// use oscal::{Format, read_source};
///
/// let text = "catalog:\n  uuid: 4efc5577-4fec-5b39-aa74-9d40ac618c14\n  metadata:\n    title: T\n    last-modified: 2026-11-23T06:00:07Z\n    version: '1'\n    oscal-version: 1.2.3\n";
/// let source = read_source(text.as_bytes(), Format::of_name("catalog.yaml"), "catalog.yaml")?;
/// assert_eq!(source.place_of("/catalog/metadata/title").0, 4);
/// let document = source.document()?;
/// assert!(document.to_yaml().contains("title: "));
/// # Ok::<(), oscal::ReadError>(())
/// ```
///
/// # Errors
/// If they cannot be read, are too many, or are not of the format.
pub fn read_source(reader: impl Read, format: Format, origin: &str) -> Result<Source, ReadError> {
    Source::new(bytes_of(reader, origin)?, format, origin)
}

/// Reads a document from a reader, up to [`LARGEST`] bytes; the ending of its name tells the format, or else the bytes do.
///
/// ```
/// let text = "catalog:\n  uuid: 4efc5577-4fec-5b39-aa74-9d40ac618c14\n  metadata:\n    title: T\n    last-modified: 2026-11-23T06:00:07Z\n    version: '1'\n    oscal-version: 1.2.3\n";
/// let document = oscal::read_named(text.as_bytes(), "standard input")?.document()?;
/// assert_eq!(document.root(), "catalog");
/// # Ok::<(), oscal::ReadError>(())
/// ```
///
/// # Errors
/// As [`read_source`].
pub fn read_named(reader: impl Read, origin: &str) -> Result<Source, ReadError> {
    Source::named(bytes_of(reader, origin)?, origin)
}

fn bytes_of(reader: impl Read, origin: &str) -> Result<Vec<u8>, ReadError> {
    let whole = |what: String, fix: &str| ReadError {
        origin: origin.to_owned(),
        line: 0,
        column: 0,
        pointer: String::new(),
        what,
        fix: fix.to_owned(),
    };
    let mut bytes = Vec::new();
    let read = reader.take(LARGEST + 1).read_to_end(&mut bytes);
    read.map_err(|error| whole(format!("cannot be read: {error}"), "see that the file exists and may be read"))?;
    if bytes.len() as u64 > LARGEST {
        return Err(whole(format!("the document is larger than {LARGEST} bytes"), "split it"));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests;
