//! Making checkpoints, keeping them inside and outside of the record, and proving by them that an entry is in the log.

use std::io::Write;
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::append::{Tx, instant};
use super::event::Event;
use super::merkle::{self, Hash, Hashes};
use super::note::{Checkpoint, Signer};
use crate::room::document::hex;
use crate::store::{Store, Value};
use crate::{Ledger, LedgerError};

/// A checkpoint was signed. That it was is an entry like any other, so that one which is taken away is missed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// When.
    pub at: Timestamp,
    /// How many entries it speaks of.
    pub size: u64,
    /// The hash that stands for them, in hexadecimal digits.
    pub root: String,
    /// The signed note.
    pub note: String,
}

impl Signed {
    pub(crate) fn apply(&self, tx: &mut Tx) -> Result<(), LedgerError> {
        let root = crate::room::run::hash(&self.root)?;
        let row = [self.size.into(), Value::Blob(&root), (&self.note).into(), Value::Text(&instant(self.at))];
        tx.put("INSERT INTO checkpoint (size, root, note, at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (size) DO NOTHING", &row)
    }
}

/// That an entry stands in the log, for somebody who has nothing but a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The entry's number.
    pub seq: u64,
    /// The entry, as it was hashed.
    pub entry: String,
    /// How many entries the checkpoint speaks of.
    pub size: u64,
    /// The hashes beside the entry's way to the root, the lowest first.
    pub beside: Vec<Hash>,
    /// The signed note.
    pub note: String,
}

impl Proof {
    /// As text, in the form of C2SP tlog-proof: the entry's number, the hashes, the checkpoint.
    pub fn text(&self) -> String {
        let hashes: String = self.beside.iter().map(|hash| data_encoding::BASE64.encode(hash) + "\n").collect();
        format!("c2sp.org/tlog-proof@v1\nindex {}\n{hashes}\n{}", self.seq, self.note)
    }
}

impl Ledger {
    /// The name of this log.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn origin(&mut self) -> Result<String, LedgerError> {
        let rows = self.store.query("SELECT origin FROM head WHERE one = 1", &[])?;
        rows.first().ok_or_else(|| LedgerError::Altered { what: "the head of the log is missing".into() })?.text(0)
    }

    /// How many entries there are.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn size(&mut self) -> Result<u64, LedgerError> {
        let rows = self.store.query("SELECT size FROM head WHERE one = 1", &[])?;
        rows.first().ok_or_else(|| LedgerError::Altered { what: "the head of the log is missing".into() })?.count(0)
    }

    /// Signs how long the log is and which hash stands for it. None if nothing was added since the last time.
    ///
    /// # Errors
    /// If the record cannot be written, or the signer does not sign.
    pub fn checkpoint(&mut self, signer: &Signer, now: Timestamp) -> Result<Option<String>, LedgerError> {
        let rows = self.store.query("SELECT size, edge, origin FROM head WHERE one = 1", &[])?;
        let row = rows.first().ok_or_else(|| LedgerError::Altered { what: "the head of the log is missing".into() })?;
        let tree = merkle::Tree::of(row.count(0)?, &row.blob(1)?);
        let tree = tree.ok_or_else(|| LedgerError::Altered { what: "the head of the log is no edge of a tree".into() })?;
        // The entry that says that a checkpoint was signed calls for none itself.
        let new = self
            .store
            .query("SELECT 1 FROM log WHERE seq >= (SELECT coalesce(max(size), 0) FROM checkpoint) AND kind <> 'signed' LIMIT 1", &[])?;
        if new.is_empty() {
            return Ok(None);
        }
        // Signed while nobody waits: a key management service may take its time.
        let checkpoint = Checkpoint { origin: row.text(2)?, size: tree.size(), root: tree.root() };
        let note = signer.sign(&checkpoint)?;
        let signed = Signed { at: now, size: checkpoint.size, root: hex(&checkpoint.root), note: note.clone() };
        self.write(|tx| tx.append(&Event::Signed(signed)))?;
        Ok(Some(note))
    }

    /// The last checkpoint, when it was made, and how long the log was.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn last_checkpoint(&mut self) -> Result<Option<(u64, Timestamp, String)>, LedgerError> {
        let rows = self.store.query("SELECT size, at, note FROM checkpoint ORDER BY size DESC LIMIT 1", &[])?;
        rows.first().map(|row| Ok((row.count(0)?, row.parsed(1)?, row.text(2)?))).transpose()
    }

    /// Proves that an entry stands in the log, by the last checkpoint; none if the entry is newer than that.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn proof(&mut self, seq: u64) -> Result<Option<Proof>, LedgerError> {
        let Some((size, _, note)) = self.last_checkpoint()? else { return Ok(None) };
        let rows = self.store.query("SELECT body FROM log WHERE seq = ?1", &[seq.into()])?;
        let Some(row) = rows.first().filter(|_| seq < size) else { return Ok(None) };
        let beside = merkle::inclusion(&mut Kept(&mut self.store), seq, size)?;
        Ok(Some(Proof { seq, entry: row.text(0)?, size, beside, note }))
    }
}

/// The hashes that the record keeps.
struct Kept<'s>(&'s mut Store);

impl Hashes for Kept<'_> {
    fn leaves(&mut self, start: u64, end: u64) -> Result<Vec<Hash>, LedgerError> {
        let rows = self.0.query("SELECT leaf FROM log WHERE seq >= ?1 AND seq < ?2 ORDER BY seq", &[start.into(), end.into()])?;
        whole(rows.iter().map(|row| row.hash(0)).collect::<Result<_, _>>()?, end - start)
    }

    fn tiles(&mut self, level: u32, start: u64, end: u64) -> Result<Vec<Hash>, LedgerError> {
        let place = [Value::Int(level.into()), start.into(), end.into()];
        let rows = self.0.query("SELECT root FROM tile WHERE level = ?1 AND place >= ?2 AND place < ?3 ORDER BY place", &place)?;
        whole(rows.iter().map(|row| row.hash(0)).collect::<Result<_, _>>()?, end - start)
    }
}

fn whole(hashes: Vec<Hash>, wanted: u64) -> Result<Vec<Hash>, LedgerError> {
    match hashes.len() as u64 == wanted {
        true => Ok(hashes),
        false => Err(LedgerError::Altered { what: "a hash of the log is missing".into() }),
    }
}

/// Adds a checkpoint to a file outside of the record. Whoever can roll the record back cannot roll back what was copied elsewhere.
///
/// # Errors
/// If the file cannot be written.
pub fn keep_outside(path: &Path, note: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    // One write, so that two programs do not mix their notes.
    file.write_all(format!("{note}\n").as_bytes())?;
    file.sync_data()
}

/// The notes of such a file; a last one that was cut off is left out.
///
/// # Errors
/// If the file cannot be read.
pub fn kept_outside(path: &Path) -> std::io::Result<Vec<String>> {
    let text = std::fs::read_to_string(path)?;
    let mut notes = Vec::new();
    let mut rest = text.as_str();
    // A note is text, an empty line, and signatures, each a line that begins with a dash.
    while let Some((body, after)) = rest.split_once("\n\n\u{2014} ") {
        let Some((signature, next)) = after.split_once('\n') else { break };
        notes.push(format!("{}\n\n\u{2014} {signature}\n", body.trim_start_matches('\n')));
        rest = next;
    }
    Ok(notes)
}
