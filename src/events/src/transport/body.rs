//! The body of a webhook, or of an object in a store: bytes that hold records.

use std::io::{ErrorKind, Read};

use flate2::read::MultiGzDecoder;
use inventory::Scope;
use serde_json::Value;

use super::{Format, LARGEST_DOCUMENT, LONGEST_RECORD, Place, TransportError, event};
use crate::Event;

/// How a gzip file begins.
pub(super) const GZIP: [u8; 2] = [0x1f, 0x8b];

/// What was in a body.
#[derive(Debug)]
pub struct Pushed {
    /// The events of the records that could be read.
    pub events: Vec<Event>,
    /// What is wrong with the others: one of them must not keep the rest from being known.
    pub refused: Vec<TransportError>,
}

/// The events in a body, which is one document, or lines of records, plain or gzipped. `at` is where it was sent from.
///
/// # Errors
/// If the body as a whole cannot be read.
pub fn body(format: &Format, at: &Scope, bytes: &[u8]) -> Result<Pushed, TransportError> {
    let plain = match bytes.starts_with(&GZIP) {
        true => &decompress(bytes)?[..],
        false => bytes,
    };
    if plain.len() as u64 > LARGEST_DOCUMENT {
        return Err(TransportError::TooLarge { place: Place::Body(0), limit: LARGEST_DOCUMENT });
    }
    let records = match serde_json::from_slice::<Value>(plain) {
        Ok(document) => {
            (format.records)(document).map_err(|why| TransportError::Record { place: Place::Body(0), log: format.source, why })?
        }
        Err(error) => lines(plain, error)?,
    };
    let (mut events, mut refused) = (Vec::new(), Vec::new());
    for (number, record) in (1..).zip(records) {
        match event(format, at, record, || Place::Body(number)) {
            Ok(found) => events.extend(found),
            Err(error) => refused.push(error),
        }
    }
    Ok(Pushed { events, refused })
}

/// Several documents, one a line.
fn lines(plain: &[u8], error: serde_json::Error) -> Result<Vec<Value>, TransportError> {
    let filled: Vec<&[u8]> = plain.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()).collect();
    if filled.len() < 2 {
        return Err(TransportError::Syntax { place: Place::Body(0), source: error });
    }
    let parse = |(number, line): (u64, &[u8])| {
        if line.len() > LONGEST_RECORD {
            return Err(TransportError::TooLarge { place: Place::Body(number), limit: LONGEST_RECORD as u64 });
        }
        serde_json::from_slice(line).map_err(|source| TransportError::Syntax { place: Place::Body(number), source })
    };
    (1..).zip(filled).map(parse).collect()
}

/// What was gzipped, if it is whole and not larger than a document may be.
///
/// # Errors
/// If it is cut, damaged or too large.
pub fn decompress(bytes: &[u8]) -> Result<Vec<u8>, TransportError> {
    let mut plain = Vec::new();
    // One byte more than is allowed tells that there is more.
    let read = MultiGzDecoder::new(bytes).take(LARGEST_DOCUMENT + 1).read_to_end(&mut plain);
    read.map_err(|source| TransportError::Read { place: Place::Body(0), source: cut(source) })?;
    match plain.len() as u64 > LARGEST_DOCUMENT {
        true => Err(TransportError::TooLarge { place: Place::Body(0), limit: LARGEST_DOCUMENT }),
        false => Ok(plain),
    }
}

/// The decoder says of cut data what a reader of sockets would say; here it is a file that is not whole.
pub(super) fn cut(error: std::io::Error) -> std::io::Error {
    match error.kind() {
        ErrorKind::UnexpectedEof => std::io::Error::new(ErrorKind::UnexpectedEof, "the compressed data ends before its end; it was cut"),
        _ => error,
    }
}
