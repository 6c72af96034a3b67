//! Exemptions: everything that was ever asked, approved, refused, warned of and ended. What an exemption says is the engine's; that whoever
//! approves is not whoever asked is a rule of the record.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::store::{Row, Value};
use crate::{Event, Ledger, LedgerError, Tx};

/// A step in the life of an exemption.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExemptionStep {
    /// When.
    pub at: Timestamp,
    /// The exemption's id.
    pub exemption: String,
    /// What: `requested`, `approved`, `rejected`, `withdrawn`, `revoked`, `changed`, `removed`, `warned` or `expired`.
    pub step: String,
    /// Who; none where nobody did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// All of it, as the engine says it.
    pub change: Json,
}

/// A person as the rule compares them: neither case nor blanks make another.
fn person(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

impl ExemptionStep {
    pub(crate) fn apply(&self, tx: &mut Tx, seq: u64) -> Result<(), LedgerError> {
        let name = tx.name(&self.exemption)?;
        let known = tx.first("SELECT state, requested_by, round FROM exemption WHERE name = ?1", &[name.into()])?;
        let refuse = |why: &str| Err(LedgerError::Refused(format!("exemption `{}` cannot be {}: {why}", self.exemption, self.step)));
        let by = self.by.as_deref().map(person).filter(|by| !by.is_empty());
        match (self.step.as_str(), known) {
            ("requested", known) => {
                let Some(by) = by else { return refuse("nobody asks for it") };
                let round = known.map_or(Ok(0), |row| row.int(2))? + 1;
                let row = [name.into(), Value::Text(&by), round.into(), seq.into()];
                tx.put(
                    "INSERT INTO exemption (name, state, requested_by, approved_by, round, seq) VALUES (?1, 'requested', ?2, NULL, ?3, ?4)
                     ON CONFLICT (name) DO UPDATE SET state = 'requested', requested_by = ?2, approved_by = NULL, round = ?3, seq = ?4",
                    &row,
                )
            }
            (_, None) => refuse("nobody asked for it"),
            ("approved", Some(row)) => match by {
                None => refuse("nobody approves it"),
                Some(by) if by == row.text(1)? => refuse("whoever asked cannot approve"),
                Some(_) if row.text(0)? != "requested" => refuse("it does not wait for that"),
                Some(by) => {
                    let row = [name.into(), Value::Text(&by), seq.into()];
                    tx.put("UPDATE exemption SET state = 'approved', approved_by = ?2, seq = ?3 WHERE name = ?1", &row)
                }
            },
            ("warned" | "changed", Some(_)) => tx.put("UPDATE exemption SET seq = ?2 WHERE name = ?1", &[name.into(), seq.into()]),
            ("rejected" | "withdrawn" | "revoked" | "removed" | "expired", Some(_)) => {
                tx.put("UPDATE exemption SET state = ?2, seq = ?3 WHERE name = ?1", &[name.into(), (&self.step).into(), seq.into()])
            }
            (_, Some(_)) => refuse("there is no such step"),
        }
    }
}

const STEPS: &str =
    "SELECT l.body FROM log l JOIN name n ON n.id = l.subject WHERE l.kind = 'exemption' AND (?1 = '' OR n.text = ?1) ORDER BY l.seq";

fn read(row: &Row) -> Result<ExemptionStep, LedgerError> {
    match serde_json::from_str(&row.text(0)?) {
        Ok(Event::Exemption(step)) => Ok(step),
        Ok(_) | Err(_) => Err(LedgerError::Altered { what: "an entry that should be of an exemption is not".into() }),
    }
}

impl Tx<'_> {
    /// The steps of an exemption, oldest first, while nobody else can add one.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn exemption_steps(&mut self, exemption: &str) -> Result<Vec<ExemptionStep>, LedgerError> {
        self.query(STEPS, &[exemption.into()])?.iter().map(read).collect()
    }
}

impl Ledger {
    /// Every step of every exemption, or of one, oldest first.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn exemption_steps(&mut self, exemption: Option<&str>) -> Result<Vec<ExemptionStep>, LedgerError> {
        self.store.query(STEPS, &[exemption.unwrap_or("").into()])?.iter().map(read).collect()
    }
}
