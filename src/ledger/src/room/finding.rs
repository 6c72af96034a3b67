//! Findings: the items of the plan of action and milestones, each opened, seen and closed by steps; numbers only rise and none is used twice.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::log::merkle::Hash;
use crate::store::Value;
use crate::{Event, Ledger, LedgerError, Tx};

/// A step in the life of a finding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FindingStep {
    /// When.
    pub at: Timestamp,
    /// In which run; none where time alone brought it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<u64>,
    /// The finding: control and account.
    pub finding: String,
    /// The item's number.
    pub item: u64,
    /// What: `opened`, `resolved` and `gone` are told apart here, everything else is the engine's word.
    pub step: String,
    /// All of it, as the engine says it.
    pub change: Json,
}

/// A plan of action and milestones was frozen as it stood at the end of a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frozen {
    /// When.
    pub at: Timestamp,
    /// Which month, such as `2026-11`.
    pub month: String,
    /// The document, as a hash in hexadecimal digits.
    pub document: String,
}

impl FindingStep {
    pub(crate) fn apply(&self, tx: &mut Tx, seq: u64) -> Result<(), LedgerError> {
        let finding = tx.name(&self.finding)?;
        let refuse = |why: String| Err(LedgerError::Refused(format!("item {} of `{}`: {why}", self.item, self.finding)));
        if self.step == "opened" {
            let last = tx.first("SELECT coalesce(max(number), 0) FROM item", &[])?.map_or(Ok(0), |row| row.count(0))?;
            if self.item <= last {
                return refuse(format!("the last number is {last}, and numbers only rise"));
            }
            let row = [self.item.into(), finding.into(), seq.into()];
            return tx.put("INSERT INTO item (number, finding, state, opened, seq) VALUES (?1, ?2, 'open', ?3, ?3)", &row);
        }
        let state = match self.step.as_str() {
            "resolved" | "gone" => self.step.as_str(),
            _ => "open",
        };
        let row = [self.item.into(), finding.into(), state.into(), seq.into()];
        match tx.execute("UPDATE item SET state = ?3, seq = ?4 WHERE number = ?1 AND finding = ?2 AND state = 'open'", &row)? {
            1 => Ok(()),
            _ => refuse("it is not open".into()),
        }
    }
}

impl Frozen {
    pub(crate) fn apply(&self, tx: &mut Tx, seq: u64) -> Result<(), LedgerError> {
        let hash = super::run::hash(&self.document)?;
        if tx.first("SELECT 1 FROM frozen WHERE month = ?1", &[(&self.month).into()])?.is_some() {
            return Err(LedgerError::Refused(format!("{} is frozen already", self.month)));
        }
        tx.put("INSERT INTO frozen (month, sha256, seq) VALUES (?1, ?2, ?3)", &[(&self.month).into(), Value::Blob(&hash), seq.into()])
    }
}

impl Ledger {
    /// Every step of every finding, oldest first.
    ///
    /// # Errors
    /// If the record cannot be read, or `each` fails.
    pub fn finding_steps(&mut self, each: &mut dyn FnMut(FindingStep) -> Result<(), LedgerError>) -> Result<(), LedgerError> {
        self.store.each("SELECT body FROM log WHERE kind = 'finding' ORDER BY seq", &[], &mut |row| match serde_json::from_str(
            &row.text(0)?,
        ) {
            Ok(Event::Finding(step)) => each(step),
            Ok(_) | Err(_) => Err(LedgerError::Altered { what: "an entry that should be of a finding is not".into() }),
        })
    }

    /// The months that are frozen, and their documents.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn frozen(&mut self) -> Result<Vec<(String, Hash)>, LedgerError> {
        let rows = self.store.query("SELECT month, sha256 FROM frozen ORDER BY month", &[])?;
        rows.iter().map(|row| Ok((row.text(0)?, row.hash(1)?))).collect()
    }
}
