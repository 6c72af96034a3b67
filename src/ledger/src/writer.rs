//! Writes one run: all of it, or nothing but the fact that it was begun.

use std::collections::HashMap;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{Ledger, LedgerError};

/// zstd's own default: documents are small and many.
const LEVEL: i32 = 3;

/// The largest document, in bytes: a changed file must not fill a reader's memory with what unpacks from it.
pub(crate) const LARGEST: u64 = 1 << 30;

/// What a run knows of itself when it begins.
#[derive(Clone, Debug)]
pub struct RunStart {
    /// Its id.
    pub run: Uuid,
    /// When it started.
    pub started: Timestamp,
    /// The program and its version.
    pub program: String,
    /// A digest of checks, parameters, exemptions and configuration.
    pub inputs: String,
    /// What it looks at.
    pub scopes: Vec<String>,
}

/// How many verdicts of each sort a run had.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the words of the verdicts")]
pub struct Totals {
    pub pass: u64,
    pub fail: u64,
    pub unknown: u64,
    pub not_applicable: u64,
    pub vacuous: u64,
    pub exempt: u64,
}

/// What a run knows of itself when it ends.
#[derive(Clone, Debug)]
pub struct RunEnd {
    /// When it ended.
    pub finished: Timestamp,
    /// Its verdicts.
    pub totals: Totals,
    /// How it went, in a word.
    pub outcome: String,
    /// The documents that it wrote, by name.
    pub documents: Vec<(String, DocumentId)>,
}

/// A stored document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DocumentId {
    pub(crate) row: i64,
    /// SHA-256 of its bytes.
    pub sha256: [u8; 32],
}

/// One verdict.
#[derive(Clone, Debug)]
pub struct Observed<'a> {
    /// The check's id.
    pub check: &'a str,
    /// The subject, in a form that lasts.
    pub subject: &'a str,
    /// Where it is.
    pub scope: &'a str,
    /// `pass`, `fail`, `unknown` or `not-applicable`.
    pub verdict: &'a str,
    /// The exemption that marks a failure.
    pub exempt: Option<&'a str>,
    /// The message of a failure, the causes of an unknown.
    pub detail: Option<&'a str>,
    /// SHA-256 of the document that was judged, if it was put.
    pub document: Option<[u8; 32]>,
    /// When it was read; none where it could not be.
    pub collected: Option<Timestamp>,
    /// When it must be looked at again although nothing changes.
    pub recheck_at: Option<Timestamp>,
}

/// The verdict that stands before this run.
struct Standing {
    verdict: String,
    exempt: Option<i64>,
    since: String,
    failing_since: Option<String>,
}

/// An instant in a form that sorts as it counts.
fn fixed(instant: Timestamp) -> String {
    format!("{instant:.9}")
}

/// A hash as people write it.
pub(crate) fn hex(sha256: &[u8; 32]) -> String {
    sha256.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A run that is being written.
pub struct RunWriter<'l> {
    // Not rusqlite's own transaction, which cannot go to another thread.
    work: &'l mut Connection,
    finished: bool,
    path: std::path::PathBuf,
    run: i64,
    started: String,
    names: HashMap<String, i64>,
    documents: HashMap<[u8; 32], i64>,
    compressor: zstd::bulk::Compressor<'static>,
}

impl Ledger {
    /// Begins a run. Its row is written at once; everything else when it is finished, or never.
    ///
    /// # Errors
    /// If the file cannot be written, or another run holds it.
    pub fn begin(&mut self, start: &RunStart) -> Result<RunWriter<'_>, LedgerError> {
        let told = self.trouble("write");
        let path = self.path.clone();
        self.connection
            .execute("UPDATE run SET outcome = 'interrupted' WHERE finished IS NULL AND outcome = 'running'", [])
            .map_err(&told)?;
        let row = params![start.run.to_string(), start.started.to_string(), start.program, start.inputs, start.scopes.join("\n")];
        self.connection
            .execute("INSERT INTO run (uuid, started, program, inputs, scopes, outcome) VALUES (?1, ?2, ?3, ?4, ?5, 'running')", row)
            .map_err(&told)?;
        let run = self.connection.last_insert_rowid();
        self.connection.execute_batch("BEGIN IMMEDIATE").map_err(&told)?;
        let work = &mut self.connection;
        let compressor =
            zstd::bulk::Compressor::new(LEVEL).map_err(|error| LedgerError::Open { path: path.clone(), source: error.into() })?;
        Ok(RunWriter {
            work,
            finished: false,
            path,
            run,
            started: fixed(start.started),
            names: HashMap::new(),
            documents: HashMap::new(),
            compressor,
        })
    }
}

impl RunWriter<'_> {
    /// Stores a document, once however often it is put.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn put_document(&mut self, bytes: &[u8]) -> Result<DocumentId, LedgerError> {
        self.still()?;
        let sha256: [u8; 32] = Sha256::digest(bytes).into();
        if let Some(&row) = self.documents.get(&sha256) {
            return Ok(DocumentId { row, sha256 });
        }
        let known = self
            .work
            .prepare_cached("SELECT id FROM document WHERE sha256 = ?1")
            .and_then(|mut find| find.query_row([&sha256[..]], |row| row.get(0)).optional())
            .map_err(self.trouble())?;
        let row = match known {
            Some(row) => row,
            None => self.insert_document(&sha256, bytes)?,
        };
        self.documents.insert(sha256, row);
        Ok(DocumentId { row, sha256 })
    }

    /// Stores a file as it lies on the disk, compressing while it is read: a large one needs no memory of its size.
    ///
    /// # Errors
    /// If it cannot be read or written.
    pub fn put_file(&mut self, path: &std::path::Path) -> Result<DocumentId, LedgerError> {
        self.still()?;
        let told = |error: std::io::Error| LedgerError::Open { path: path.to_owned(), source: error.into() };
        let mut file = std::fs::File::open(path).map_err(told)?;
        let mut encoder = zstd::stream::Encoder::new(Vec::new(), LEVEL).map_err(told)?;
        let (mut digest, mut size, mut block) = (Sha256::new(), 0usize, vec![0; 1 << 16]);
        loop {
            let read = std::io::Read::read(&mut file, &mut block).map_err(told)?;
            if read == 0 {
                break;
            }
            size += read;
            if size as u64 > LARGEST {
                return Err(LedgerError::TooLarge { path: self.path.clone(), size });
            }
            digest.update(&block[..read]);
            std::io::Write::write_all(&mut encoder, &block[..read]).map_err(told)?;
        }
        let (sha256, content): ([u8; 32], _) = (digest.finalize().into(), encoder.finish().map_err(told)?);
        let row = match self.document_row(&sha256) {
            Ok(row) => row,
            Err(LedgerError::NoDocument { .. }) => self.insert_content(&sha256, size, &content)?,
            Err(error) => return Err(error),
        };
        self.documents.insert(sha256, row);
        Ok(DocumentId { row, sha256 })
    }

    fn insert_document(&mut self, sha256: &[u8; 32], bytes: &[u8]) -> Result<i64, LedgerError> {
        if bytes.len() as u64 > LARGEST {
            return Err(LedgerError::TooLarge { path: self.path.clone(), size: bytes.len() });
        }
        let content =
            self.compressor.compress(bytes).map_err(|error| LedgerError::Open { path: self.path.clone(), source: error.into() })?;
        self.insert_content(sha256, bytes.len(), &content)
    }

    fn insert_content(&self, sha256: &[u8; 32], size: usize, content: &[u8]) -> Result<i64, LedgerError> {
        self.work
            .prepare_cached("INSERT INTO document (sha256, size, content) VALUES (?1, ?2, ?3)")
            .and_then(|mut insert| insert.insert(params![&sha256[..], size as i64, content]))
            .map_err(self.trouble())
    }

    /// Notes a verdict. Only a change leaves a transition.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn observe(&mut self, seen: &Observed) -> Result<(), LedgerError> {
        self.still()?;
        let (check, subject, scope) = (self.name(seen.check)?, self.name(seen.subject)?, self.name(seen.scope)?);
        let exempt = seen.exempt.map(|name| self.name(name)).transpose()?;
        let document = seen.document.map(|sha256| self.document_row(&sha256)).transpose()?;
        let was = self.standing(check, subject)?;
        let (since, changed) = match &was {
            Some(was) if was.verdict == seen.verdict => (was.since.clone(), was.exempt != exempt),
            Some(_) | None => (self.started.clone(), true),
        };
        let before = was.as_ref().and_then(|was| was.failing_since.clone());
        let failing_since = match seen.verdict {
            "fail" => before.or_else(|| Some(self.started.clone())),
            "unknown" => before,
            _ => None,
        };
        let (collected, recheck_at) = (seen.collected.map(fixed), seen.recheck_at.map(fixed));
        self.work
            .prepare_cached(
                "INSERT INTO state (check_name, subject, scope, verdict, exempt, since, failing_since, last_run, document, collected, recheck_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
                 ON CONFLICT (check_name, subject) DO UPDATE SET scope = ?3, verdict = ?4, exempt = ?5, since = ?6, failing_since = ?7, last_run = ?8,
                 document = ?9, collected = ?10, recheck_at = ?11",
            )
            .and_then(|mut put| put.execute(params![check, subject, scope, seen.verdict, exempt, since, failing_since, self.run, document, collected, recheck_at]))
            .map_err(self.trouble())?;
        if !changed {
            return Ok(());
        }
        let was = was.map(|was| was.verdict);
        self.work
            .prepare_cached("INSERT INTO transition (run, check_name, subject, was, becomes, exempt, detail, document) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")
            .and_then(|mut put| put.execute(params![self.run, check, subject, was, seen.verdict, exempt, seen.detail, document]))
            .map(drop)
            .map_err(self.trouble())
    }

    /// The row of a document that was put in this run or an earlier one.
    fn document_row(&mut self, sha256: &[u8; 32]) -> Result<i64, LedgerError> {
        if let Some(&row) = self.documents.get(sha256) {
            return Ok(row);
        }
        let found: Option<i64> = self
            .work
            .prepare_cached("SELECT id FROM document WHERE sha256 = ?1")
            .and_then(|mut find| find.query_row([&sha256[..]], |row| row.get(0)).optional())
            .map_err(self.trouble())?;
        found.ok_or_else(|| LedgerError::NoDocument { path: self.path.clone(), sha256: hex(sha256) })
    }

    /// What stands of a check on a subject.
    fn standing(&self, check: i64, subject: i64) -> Result<Option<Standing>, LedgerError> {
        let read = |row: &rusqlite::Row| {
            Ok(Standing { verdict: row.get(0)?, exempt: row.get(1)?, since: row.get(2)?, failing_since: row.get(3)? })
        };
        self.work
            .prepare_cached("SELECT verdict, exempt, since, failing_since FROM state WHERE check_name = ?1 AND subject = ?2")
            .and_then(|mut find| find.query_row([check, subject], read).optional())
            .map_err(self.trouble())
    }

    /// Notes that what this run did not see of a check in a wholly listed scope is gone. It may come back; it is never deleted.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn gone(&mut self, scope: &str, check: &str) -> Result<u64, LedgerError> {
        self.still()?;
        let (check, scope) = (self.name(check)?, self.name(scope)?);
        self.work
            .prepare_cached(
                "INSERT INTO transition (run, check_name, subject, was, becomes)
                 SELECT ?1, check_name, subject, verdict, 'gone' FROM state WHERE check_name = ?2 AND scope = ?3 AND last_run <> ?1 AND verdict <> 'gone'",
            )
            .and_then(|mut put| put.execute(params![self.run, check, scope]))
            .map_err(self.trouble())?;
        self.work
            .prepare_cached(
                "UPDATE state SET verdict = 'gone', exempt = NULL, since = ?4, failing_since = NULL, recheck_at = NULL
                 WHERE check_name = ?2 AND scope = ?3 AND last_run <> ?1 AND verdict <> 'gone'",
            )
            .and_then(|mut put| put.execute(params![self.run, check, scope, self.started]))
            .map(|count| count as u64)
            .map_err(self.trouble())
    }

    /// Ends the run and makes all of it last.
    ///
    /// # Errors
    /// If it cannot be written; then nothing of it is.
    pub fn finish(mut self, end: &RunEnd) -> Result<(), LedgerError> {
        self.still()?;
        let told = self.trouble();
        for (name, document) in &end.documents {
            self.work
                .execute("INSERT INTO run_document (run, name, document) VALUES (?1, ?2, ?3)", params![self.run, name, document.row])
                .map_err(&told)?;
        }
        let Totals { pass, fail, unknown, not_applicable, vacuous, exempt } = end.totals;
        let counts = [pass, fail, unknown, not_applicable, vacuous, exempt].map(|count| count as i64);
        let row =
            params![self.run, end.finished.to_string(), end.outcome, counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]];
        self.work
            .execute(
                "UPDATE run SET finished = ?2, outcome = ?3, pass = ?4, fail = ?5, unknown = ?6, not_applicable = ?7, vacuous = ?8, exempt = ?9 WHERE id = ?1",
                row,
            )
            .map_err(&told)?;
        self.work.execute_batch("COMMIT").map_err(&told)?;
        self.finished = true;
        Ok(())
    }

    fn name(&mut self, text: &str) -> Result<i64, LedgerError> {
        if let Some(&id) = self.names.get(text) {
            return Ok(id);
        }
        let known: Option<i64> = self
            .work
            .prepare_cached("SELECT id FROM name WHERE text = ?1")
            .and_then(|mut find| find.query_row([text], |row| row.get(0)).optional())
            .map_err(self.trouble())?;
        let id = match known {
            Some(id) => id,
            None => self
                .work
                .prepare_cached("INSERT INTO name (text) VALUES (?1)")
                .and_then(|mut put| put.insert([text]))
                .map_err(self.trouble())?,
        };
        self.names.insert(text.to_owned(), id);
        Ok(id)
    }

    /// SQLite takes the whole transaction back by itself when the disk is full or fails. What is written after that would last
    /// at once, without the rest of its run.
    fn still(&self) -> Result<(), LedgerError> {
        if self.work.is_autocommit() { Err(LedgerError::Undone { path: self.path.clone() }) } else { Ok(()) }
    }

    fn trouble(&self) -> impl Fn(rusqlite::Error) -> LedgerError + use<> {
        let path = self.path.clone();
        move |source| crate::error::told("write", &path, source)
    }
}

/// What was not finished is not kept.
impl Drop for RunWriter<'_> {
    fn drop(&mut self) {
        if !self.finished {
            // If even this fails, SQLite itself rolls back when the file is closed or next opened.
            drop(self.work.execute_batch("ROLLBACK"));
        }
    }
}
