//! What stands: for every subject the document that it was judged by, what its verdicts depend on, and one letter for each check of its kind.
//!
//! A subject is a resource (`aws.s3.bucket/arn:aws:s3:::logs`), or a scope whose list could not be read (`scope/aws/111122223333#aws.s3.bucket`).
//! Only what changed is entered, so the entries of a subject are its history.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::log::append::instant;
use crate::store::Value;
use crate::{Event, LedgerError, Tx};

mod query;

pub use query::Open;
pub(crate) use query::{observed, observed_document};

/// The checks of a kind, in the order that verdicts are written in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checks {
    /// When they were first used.
    pub at: Timestamp,
    /// The kind.
    pub kind: String,
    /// A digest of what they say and of the parameters of their controls.
    pub digest: String,
    /// Their ids.
    pub checks: Vec<String>,
}

/// A subject was judged, and something of it is not as it was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Observed {
    /// When it was judged.
    pub at: Timestamp,
    /// In which run.
    pub run: u64,
    /// The subject.
    pub subject: String,
    /// What people call it, where that is not its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its kind.
    pub kind: String,
    /// Where it is.
    pub scope: String,
    /// The order of the checks, by the number of the entry that said it.
    pub checks: u64,
    /// `p` pass, `f` fail, `u` unknown, `n` not applicable, for each check.
    pub verdicts: String,
    /// What there is to say of single verdicts, by the place of the check.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<u32, Detail>,
    /// The document that was judged, as a hash in hexadecimal digits; none where the list could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// A hash of everything that the verdicts depend on, in hexadecimal digits.
    pub key: String,
    /// When the document was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collected: Option<Timestamp>,
    /// When it must be judged again although nothing changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recheck_at: Option<Timestamp>,
}

/// What there is to say of one verdict.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Detail {
    /// The message of a failure, the causes of an unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The exemption that marks a failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exempt: Option<String>,
    /// What the engine needs to say the same again: gaps, evidence, lapsed exemptions.
    #[serde(default, skip_serializing_if = "Json::is_null")]
    pub more: Json,
}

/// A subject is no longer there: a whole list does not have it, or it was asked for and is not found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gone {
    /// When that was seen.
    pub at: Timestamp,
    /// In which run.
    pub run: u64,
    /// The subject.
    pub subject: String,
}

impl Checks {
    pub(crate) fn apply(&self, tx: &mut Tx, seq: u64) -> Result<(), LedgerError> {
        let list = self.checks.join("\n");
        let row = [seq.into(), (&self.kind).into(), (&self.digest).into(), Value::Text(&list)];
        tx.put("INSERT INTO checks (id, kind, digest, list) VALUES (?1, ?2, ?3, ?4)", &row)
    }
}

/// What is kept of a verdict that is neither pass nor not applicable.
struct Kept {
    verdict: String,
    since: String,
    failing_since: Option<String>,
    exempt: Option<i64>,
}

impl Observed {
    pub(crate) fn apply(&self, tx: &mut Tx, seq: u64) -> Result<(), LedgerError> {
        let (subject, kind, scope) = (tx.name(&self.subject)?, tx.name(&self.kind)?, tx.name(&self.scope)?);
        let checks = tx.checks(self.checks)?;
        if self.verdicts.len() != checks.len() || !self.verdicts.bytes().all(|letter| b"pfun".contains(&letter)) {
            return Err(LedgerError::Refused(format!("`{}` has verdicts `{}` for {} checks", self.subject, self.verdicts, checks.len())));
        }
        let before = before(tx, subject)?;
        self.stand(tx, seq, (subject, kind, scope), before.is_some())?;
        self.open(tx, subject, &checks, before.as_deref())
    }

    fn stand(&self, tx: &mut Tx, seq: u64, (subject, kind, scope): (i64, i64, i64), known: bool) -> Result<(), LedgerError> {
        let document = self.document.as_deref().map(super::run::hash).transpose()?;
        let key = data_encoding::HEXLOWER.decode(self.key.as_bytes());
        let key = key.map_err(|_| LedgerError::Refused(format!("`{}` is no key", self.key)))?;
        let (collected, recheck_at) = (self.collected.map(instant), self.recheck_at.map(instant));
        let row = [
            subject.into(),
            kind.into(),
            scope.into(),
            self.name.as_ref().into(),
            document.as_ref().into(),
            Value::Blob(&key),
            self.checks.into(),
            (&self.verdicts).into(),
            collected.as_ref().into(),
            recheck_at.as_ref().into(),
            seq.into(),
        ];
        let sql = match known {
            true => {
                "UPDATE state SET kind = ?2, scope = ?3, name = ?4, document = ?5, key = ?6, checks = ?7, verdicts = ?8, collected = ?9,
                 recheck_at = ?10, seq = ?11 WHERE subject = ?1"
            }
            false => {
                "INSERT INTO state (subject, kind, scope, name, document, key, checks, verdicts, collected, recheck_at, seq)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
            }
        };
        tx.put(sql, &row)
    }

    /// Brings the rows of verdicts that are neither pass nor not applicable up to date.
    fn open(&self, tx: &mut Tx, subject: i64, checks: &[String], before: Option<&str>) -> Result<(), LedgerError> {
        let had_open = before.is_some_and(|before| before.bytes().any(is_open));
        let mut kept = if had_open { kept(tx, subject)? } else { BTreeMap::new() };
        for (at, (check, letter)) in checks.iter().zip(self.verdicts.bytes()).enumerate() {
            if !is_open(letter) {
                continue;
            }
            let name = tx.name(check)?;
            let was = kept.remove(&name);
            let exempt = self.details.get(&(at as u32)).and_then(|detail| detail.exempt.as_deref());
            let exempt = exempt.map(|exempt| tx.name(exempt)).transpose()?;
            self.keep(tx, (subject, name), letter, exempt, was)?;
        }
        for check in kept.into_keys() {
            tx.put("DELETE FROM open WHERE subject = ?1 AND check_name = ?2", &[subject.into(), check.into()])?;
        }
        Ok(())
    }

    fn keep(
        &self,
        tx: &mut Tx,
        (subject, check): (i64, i64),
        letter: u8,
        exempt: Option<i64>,
        was: Option<Kept>,
    ) -> Result<(), LedgerError> {
        let (verdict, now) = (word(letter), instant(self.at));
        let same = was.as_ref().is_some_and(|was| was.verdict == verdict);
        if same && was.as_ref().is_some_and(|was| was.exempt == exempt) {
            return Ok(());
        }
        let since = was.as_ref().filter(|_| same).map_or(&now, |was| &was.since);
        let before = was.as_ref().and_then(|was| was.failing_since.as_ref());
        // A gap does not buy time: what was failing before nobody could read it has been failing since.
        let failing_since = if letter == b'f' { Some(before.unwrap_or(&now)) } else { before };
        let row = [subject.into(), check.into(), verdict.into(), since.into(), failing_since.into(), exempt.into()];
        let sql = match was {
            Some(_) => "UPDATE open SET verdict = ?3, since = ?4, failing_since = ?5, exempt = ?6 WHERE subject = ?1 AND check_name = ?2",
            None => "INSERT INTO open (subject, check_name, verdict, since, failing_since, exempt) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        };
        tx.put(sql, &row)
    }
}

fn is_open(letter: u8) -> bool {
    letter == b'f' || letter == b'u'
}

/// The word for a letter.
pub(crate) fn word(letter: u8) -> &'static str {
    match letter {
        b'p' => "pass",
        b'f' => "fail",
        b'u' => "unknown",
        _ => "not-applicable",
    }
}

/// The verdicts that stood of a subject before.
fn before(tx: &mut Tx, subject: i64) -> Result<Option<String>, LedgerError> {
    tx.first("SELECT verdicts FROM state WHERE subject = ?1", &[subject.into()])?.map(|row| row.text(0)).transpose()
}

fn kept(tx: &mut Tx, subject: i64) -> Result<BTreeMap<i64, Kept>, LedgerError> {
    let sql = "SELECT check_name, verdict, since, failing_since, exempt FROM open WHERE subject = ?1";
    let rows = tx.query(sql, &[subject.into()])?;
    let read = |row: &crate::store::Row| {
        Ok((row.int(0)?, Kept { verdict: row.text(1)?, since: row.text(2)?, failing_since: row.opt_text(3)?, exempt: row.opt_int(4)? }))
    };
    rows.iter().map(read).collect()
}

impl Gone {
    pub(crate) fn apply(&self, tx: &mut Tx) -> Result<(), LedgerError> {
        let subject = tx.name(&self.subject)?;
        tx.put("DELETE FROM open WHERE subject = ?1", &[subject.into()])?;
        match tx.execute("DELETE FROM state WHERE subject = ?1", &[subject.into()])? {
            1 => Ok(()),
            _ => Err(LedgerError::Refused(format!("`{}` cannot be gone: it was not there", self.subject))),
        }
    }
}

impl Tx<'_> {
    /// The number of a subject, which it keeps for good.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn number_of(&mut self, subject: &str) -> Result<u64, LedgerError> {
        self.name(subject).map(|id| id as u64)
    }

    /// The subject of a number.
    ///
    /// # Errors
    /// If there is none.
    pub fn subject_of(&mut self, number: u64) -> Result<String, LedgerError> {
        let row = self.first("SELECT text FROM name WHERE id = ?1", &[number.into()])?;
        row.ok_or_else(|| LedgerError::Refused(format!("there is no subject {number}")))?.text(0)
    }

    /// What stands of a subject rests on this, in hexadecimal digits; none if nothing stands.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn key_of(&mut self, subject: &str) -> Result<Option<String>, LedgerError> {
        let sql = "SELECT s.key FROM name n JOIN state s ON s.subject = n.id WHERE n.text = ?1";
        self.first(sql, &[subject.into()])?.map(|row| Ok(data_encoding::HEXLOWER.encode(&row.blob(0)?))).transpose()
    }

    /// The number of an order of checks; it is entered when it is met for the first time.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn checks_of(&mut self, at: Timestamp, kind: &str, digest: &str, checks: &[String]) -> Result<u64, LedgerError> {
        let known = self.query("SELECT id, list FROM checks WHERE digest = ?1 AND kind = ?2 ORDER BY id", &[digest.into(), kind.into()])?;
        let list = checks.join("\n");
        for row in known {
            if row.text(1)? == list {
                return row.count(0);
            }
        }
        let event = Checks { at, kind: kind.to_owned(), digest: digest.to_owned(), checks: checks.to_vec() };
        self.append(&Event::Checks(event))
    }

    /// The checks of an order, by its number.
    pub(crate) fn checks(&mut self, id: u64) -> Result<Arc<[String]>, LedgerError> {
        if let Some(known) = self.sets.get(&id) {
            return Ok(Arc::clone(known));
        }
        let row = self.first("SELECT list FROM checks WHERE id = ?1", &[id.into()])?;
        let list = row.ok_or_else(|| LedgerError::Refused(format!("there is no order of checks {id}")))?.text(0)?;
        let checks: Arc<[String]> = list.split('\n').filter(|check| !check.is_empty()).map(str::to_owned).collect();
        self.sets.insert(id, Arc::clone(&checks));
        Ok(checks)
    }

    /// Enters that the subjects of a kind and scope that are not among `seen` are gone. Only a list that was read to its end can say so.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn gone_but(&mut self, at: Timestamp, run: u64, kind: &str, scope: &str, seen: &BTreeSet<String>) -> Result<u64, LedgerError> {
        let place = [self.name(kind)?.into(), self.name(scope)?.into()];
        let rows = self.query(
            "SELECT n.text FROM state s JOIN name n ON n.id = s.subject WHERE s.kind = ?1 AND s.scope = ?2 ORDER BY s.subject",
            &place,
        )?;
        let mut count = 0;
        for row in rows {
            let subject = row.text(0)?;
            if !seen.contains(&subject) {
                self.append(&Event::Gone(Gone { at, run, subject }))?;
                count += 1;
            }
        }
        Ok(count)
    }
}
