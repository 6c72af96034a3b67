//! Reads a document, and says of one that is refused where and why: line, column and JSON pointer, with the fix.

mod position;
mod refuse;

use std::io::Read;

use crate::Document;

/// The largest document that is read, in bytes: well above a result with a million subjects.
pub const LARGEST: u64 = 512 * 1024 * 1024;

/// Why a document was refused, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{origin}:{line}:{column}: {}{what}; {fix}", at(.pointer))]
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

fn at(pointer: &str) -> String {
    if pointer.is_empty() { String::new() } else { format!("at `{pointer}`: ") }
}

/// Reads a document out of bytes. `origin` names them in an error.
pub fn read_json(bytes: &[u8], origin: &str) -> Result<Document, ReadError> {
    let refused = |offset: usize, what: String, fix: String| {
        let (line, column) = position::line_and_column(bytes, offset);
        ReadError { origin: origin.to_owned(), line, column, pointer: position::pointer_at(bytes, offset), what, fix }
    };
    if let Some(refusal) = refuse::first_refusal(bytes) {
        return Err(refused(refusal.offset, refusal.what, refusal.fix));
    }
    serde_json::from_slice(bytes).map_err(|error| {
        let offset = position::offset_of(bytes, error.line(), error.column());
        let (what, fix) = refuse::explain(&error);
        refused(offset, what, fix)
    })
}

/// Reads a document from a reader, up to [`LARGEST`] bytes.
pub fn read_json_from(reader: impl Read, origin: &str) -> Result<Document, ReadError> {
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
    read_json(&bytes, origin)
}

#[cfg(test)]
mod tests;
