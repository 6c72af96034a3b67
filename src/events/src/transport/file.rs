//! One file of records, read without holding more of it than a record or a document.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use inventory::Scope;

use super::body::{GZIP, cut};
use super::{Format, LARGEST_DOCUMENT, LARGEST_FILE, LONGEST_RECORD, Layout, Place, TransportError, event};
use crate::Event;

/// Whether the last line may lack its end: a file that is being written has one that does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastLine {
    /// It may: what is there of it is left for the next reading.
    MayBeCut,
    /// It may not: nobody writes here any more.
    MustEnd,
}

/// Reads a file and hands each event to `take`, which says whether to go on.
///
/// # Errors
/// If something in it cannot be read; what came before has been handed out.
pub fn read_file(
    format: &Format,
    at: &Scope,
    path: &Path,
    last: LastLine,
    take: &mut dyn FnMut(Event) -> bool,
) -> Result<(), TransportError> {
    let failed = |source| TransportError::Read { place: Place::Record(path.to_owned(), 0), source };
    let mut file = BufReader::new(File::open(path).map_err(failed)?);
    // The content says whether it is compressed; names are renamed.
    let compressed = file.fill_buf().map_err(failed)?.starts_with(&GZIP);
    let mut reader: Box<dyn BufRead> = if compressed { Box::new(BufReader::new(MultiGzDecoder::new(file))) } else { Box::new(file) };
    match format.layout {
        // What was compressed was closed before.
        Layout::Lines => lines(format, at, path, &mut reader, if compressed { LastLine::MustEnd } else { last }, take),
        Layout::Document => document(format, at, path, &mut reader, take),
    }
}

fn lines(
    format: &Format,
    at: &Scope,
    path: &Path,
    reader: &mut dyn BufRead,
    last: LastLine,
    take: &mut dyn FnMut(Event) -> bool,
) -> Result<(), TransportError> {
    let (mut line, mut read) = (Vec::new(), 0_u64);
    for number in 1.. {
        let place = || Place::Line(path.to_owned(), number);
        line.clear();
        let count = reader.take(LONGEST_RECORD as u64 + 1).read_until(b'\n', &mut line);
        let count = count.map_err(|source| TransportError::Read { place: place(), source: cut(source) })?;
        read += count as u64;
        let ended = line.ends_with(b"\n");
        if line.len() > LONGEST_RECORD {
            return Err(TransportError::TooLarge { place: place(), limit: LONGEST_RECORD as u64 });
        }
        if read > LARGEST_FILE {
            return Err(TransportError::TooLarge { place: Place::Record(path.to_owned(), 0), limit: LARGEST_FILE });
        }
        if count == 0 {
            break;
        }
        let record = line.trim_ascii();
        if record.is_empty() {
            continue;
        }
        let record = match serde_json::from_slice(record) {
            Ok(record) => record,
            Err(error) if error.is_eof() && !ended && last == LastLine::MayBeCut => break,
            Err(source) => return Err(TransportError::Syntax { place: place(), source }),
        };
        if event(format, at, record, place)?.is_some_and(|event| !take(event)) {
            break;
        }
    }
    Ok(())
}

fn document(
    format: &Format,
    at: &Scope,
    path: &Path,
    reader: &mut dyn BufRead,
    take: &mut dyn FnMut(Event) -> bool,
) -> Result<(), TransportError> {
    let whole = || Place::Record(path.to_owned(), 0);
    let mut text = Vec::new();
    let read = reader.take(LARGEST_DOCUMENT + 1).read_to_end(&mut text);
    read.map_err(|source| TransportError::Read { place: whole(), source: cut(source) })?;
    if text.len() as u64 > LARGEST_DOCUMENT {
        return Err(TransportError::TooLarge { place: whole(), limit: LARGEST_DOCUMENT });
    }
    let document = serde_json::from_slice(&text).map_err(|source| TransportError::Syntax { place: whole(), source })?;
    let records = (format.records)(document).map_err(|why| TransportError::Record { place: whole(), log: format.source, why })?;
    for (number, record) in (1..).zip(records) {
        if event(format, at, record, || Place::Record(path.to_owned(), number))?.is_some_and(|event| !take(event)) {
            break;
        }
    }
    Ok(())
}
