//! Questions to what stands.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Detail, Observed};
use crate::log::merkle::Hash;
use crate::store::Row;
use crate::{Event, Ledger, LedgerError};

/// A verdict that is neither pass nor not applicable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// The check.
    pub check: String,
    /// The subject.
    pub subject: String,
    /// Where it is.
    pub scope: String,
    /// `fail` or `unknown`.
    pub verdict: String,
    /// Since when it is that.
    pub since: Timestamp,
    /// Since when it has been failing without a pass, where it has.
    pub failing_since: Option<Timestamp>,
    /// The exemption that marks it.
    pub exempt: Option<String>,
}

impl Ledger {
    /// Hands over the last observation of every subject whose name begins so, with its number, in the order in which they were first met.
    ///
    /// # Errors
    /// If the record cannot be read, or `each` fails.
    pub fn observations(
        &mut self,
        begins: &str,
        each: &mut dyn FnMut(u64, Observed) -> Result<(), LedgerError>,
    ) -> Result<(), LedgerError> {
        let sql = "SELECT s.subject, l.body FROM state s JOIN log l ON l.seq = s.seq ORDER BY s.subject";
        self.store.each(sql, &[], &mut |row| {
            let seen = observed(&row, 1)?;
            if seen.subject.starts_with(begins) { each(row.count(0)?, seen) } else { Ok(()) }
        })
    }

    /// The last observation of one subject.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn observation(&mut self, subject: &str) -> Result<Option<Observed>, LedgerError> {
        let sql = "SELECT l.body FROM name n JOIN state s ON s.subject = n.id JOIN log l ON l.seq = s.seq WHERE n.text = ?1";
        self.store.query(sql, &[subject.into()])?.first().map(|row| observed(row, 0)).transpose()
    }

    /// The digests of all orders of checks, by their numbers.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn digests(&mut self) -> Result<BTreeMap<u64, String>, LedgerError> {
        self.store.query("SELECT id, digest FROM checks", &[])?.iter().map(|row| Ok((row.count(0)?, row.text(1)?))).collect()
    }

    /// The checks of an order, by its number.
    ///
    /// # Errors
    /// If the record cannot be read, or has no such order.
    pub fn checks(&mut self, id: u64) -> Result<Vec<String>, LedgerError> {
        let rows = self.store.query("SELECT list FROM checks WHERE id = ?1", &[id.into()])?;
        let row = rows.first().ok_or_else(|| LedgerError::Altered { what: format!("there is no order of checks {id}") })?;
        Ok(row.text(0)?.split('\n').filter(|check| !check.is_empty()).map(str::to_owned).collect())
    }

    /// Every verdict that is neither pass nor not applicable.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn open_verdicts(&mut self) -> Result<Vec<Open>, LedgerError> {
        let sql =
            "SELECT c.text, n.text, p.text, o.verdict, o.since, o.failing_since, e.text FROM open o JOIN name c ON c.id = o.check_name
                   JOIN name n ON n.id = o.subject JOIN state s ON s.subject = o.subject JOIN name p ON p.id = s.scope
                   LEFT JOIN name e ON e.id = o.exempt ORDER BY 1, 2";
        let read = |row: &Row| {
            let (check, subject, scope, verdict) = (row.text(0)?, row.text(1)?, row.text(2)?, row.text(3)?);
            Ok(Open { check, subject, scope, verdict, since: row.parsed(4)?, failing_since: row.opt_parsed(5)?, exempt: row.opt_text(6)? })
        };
        self.store.query(sql, &[])?.iter().map(read).collect()
    }

    /// Since when checks have been failing without a pass in between, by check and scope: the earliest among the subjects that fail
    /// now, or that failed when they were last readable.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn failing_since(&mut self) -> Result<BTreeMap<(String, String), Timestamp>, LedgerError> {
        let sql = "SELECT c.text, p.text, min(o.failing_since) FROM open o JOIN name c ON c.id = o.check_name
                   JOIN state s ON s.subject = o.subject JOIN name p ON p.id = s.scope WHERE o.failing_since IS NOT NULL GROUP BY c.text, p.text";
        self.store.query(sql, &[])?.iter().map(|row| Ok(((row.text(0)?, row.text(1)?), row.parsed(2)?))).collect()
    }

    /// What was said of a verdict when it became what it is.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn detail(&mut self, subject: &str, check: &str) -> Result<Option<Detail>, LedgerError> {
        let Some(seen) = self.observation(subject)? else { return Ok(None) };
        let place = self.checks(seen.checks)?.iter().position(|one| one == check);
        Ok(place.and_then(|place| seen.details.get(&(place as u32)).cloned()))
    }
}

/// The observation in a column that holds an entry.
pub(crate) fn observed(row: &Row, at: usize) -> Result<Observed, LedgerError> {
    match serde_json::from_str(&row.text(at)?) {
        Ok(Event::Observed(seen)) => Ok(seen),
        Ok(_) | Err(_) => Err(LedgerError::Altered { what: "an entry that should be an observation is none".into() }),
    }
}

/// The document of an observation, without reading the rest of it.
pub(crate) fn observed_document(row: &Row) -> Result<Option<Hash>, LedgerError> {
    #[derive(serde::Deserialize)]
    struct Entry {
        observed: Part,
    }
    #[derive(serde::Deserialize)]
    struct Part {
        #[serde(default)]
        document: Option<String>,
    }
    let entry: Entry = serde_json::from_str(&row.text(0)?)
        .map_err(|_| LedgerError::Altered { what: "an entry that should be an observation is none".into() })?;
    entry.observed.document.as_deref().map(crate::room::run::hash).transpose()
}
