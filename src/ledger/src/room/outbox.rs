//! What is to be told to others, until it was. One row is one alert for one channel: it waits, is bundled with others into a message, is held
//! by whoever sends it, and is settled. No evidence, and not in the log; but it is put in by the change whose effect it tells of.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::log::append::instant;
use crate::store::{Row, Value};
use crate::{Ledger, LedgerError, Tx};

/// One alert for one channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Out of the alert and the channel.
    pub id: String,
    /// The channel's name.
    pub channel: String,
    /// The alert, as whoever sends it reads it.
    pub alert: String,
    /// When it was put in.
    pub created: Timestamp,
}

/// A message that is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its id.
    pub id: String,
    /// What it holds, by `created` and id.
    pub entries: Vec<Told>,
    /// How often it was held, this time included.
    pub attempts: u32,
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    /// It arrived.
    Done,
    /// Not yet: when to try again, and why it did not arrive.
    Retry(Timestamp, String),
    /// It is given up, and why.
    Dead(String),
}

/// How much there is for a channel: waiting, being sent, given up, and since when the oldest of the first two.
pub type Depth = (u64, u64, u64, Option<Timestamp>);

impl Tx<'_> {
    /// Puts an alert in; one that has ever been in is not put in again.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn put_told(&mut self, told: &Told) -> Result<(), LedgerError> {
        let created = instant(told.created);
        let row = [(&told.id).into(), (&told.channel).into(), (&told.alert).into(), Value::Text(&created)];
        self.put(
            "INSERT INTO work_outbox (id, channel, alert, created, attempts, due, state) VALUES (?1, ?2, ?3, ?4, 0, ?4, 'open')
             ON CONFLICT (id) DO NOTHING",
            &row,
        )
    }
}

fn told(row: &Row) -> Result<Told, LedgerError> {
    Ok(Told { id: row.text(0)?, channel: row.text(1)?, alert: row.text(2)?, created: row.parsed(3)? })
}

impl Ledger {
    /// Alerts of a channel that are in no message yet, the oldest first.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn waiting_told(&mut self, channel: &str, limit: usize) -> Result<Vec<Told>, LedgerError> {
        let sql = "SELECT id, channel, alert, created FROM work_outbox WHERE channel = ?1 AND state = 'open' AND message IS NULL
                   ORDER BY created, id LIMIT ?2";
        self.store.query(sql, &[channel.into(), Value::Int(limit as i64)])?.iter().map(told).collect()
    }

    /// Makes a message of waiting alerts; false, and nothing is changed, if one of them no longer waits.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn bundle_told(&mut self, message: &str, entries: &[String], now: Timestamp) -> Result<bool, LedgerError> {
        let bundled = self.write(|tx| {
            for id in entries {
                let row = [id.into(), message.into(), Value::Text(&instant(now))];
                let sql = "UPDATE work_outbox SET message = ?2, due = ?3 WHERE id = ?1 AND state = 'open' AND message IS NULL";
                if tx.execute(sql, &row)? != 1 {
                    return Err(LedgerError::Refused("an alert no longer waits".into()));
                }
            }
            Ok(())
        });
        match bundled {
            Ok(()) => Ok(true),
            Err(LedgerError::Refused(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Takes the channel's message that is due longest and that nobody holds, and holds it for `owner` until `until`.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn claim_told(&mut self, channel: &str, owner: &str, now: Timestamp, until: Timestamp) -> Result<Option<Held>, LedgerError> {
        self.write(|tx| {
            let due = [channel.into(), Value::Text(&instant(now))];
            let sql = "SELECT message FROM work_outbox WHERE channel = ?1 AND state = 'open' AND message IS NOT NULL AND due <= ?2
                       AND (owner IS NULL OR held_until <= ?2) ORDER BY due, message LIMIT 1";
            let Some(row) = tx.first(sql, &due)? else { return Ok(None) };
            let id = row.text(0)?;
            let row = [(&id).into(), owner.into(), Value::Text(&instant(until))];
            tx.put(
                "UPDATE work_outbox SET owner = ?2, held_until = ?3, attempts = attempts + 1 WHERE message = ?1 AND state = 'open'",
                &row,
            )?;
            let sql = "SELECT id, channel, alert, created, attempts FROM work_outbox WHERE message = ?1 ORDER BY created, id";
            let rows = tx.query(sql, &[(&id).into()])?;
            let attempts = rows.first().map_or(Ok(0), |row| row.int(4))?;
            Ok(Some(Held {
                entries: rows.iter().map(told).collect::<Result<_, _>>()?,
                attempts: u32::try_from(attempts).unwrap_or(u32::MAX),
                id,
            }))
        })
    }

    /// Settles a message that `owner` holds; false, and nothing is changed, if somebody else holds it or it is settled.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn settle_told(&mut self, message: &str, owner: &str, settled: &Settled, now: Timestamp) -> Result<bool, LedgerError> {
        let at = instant(now);
        let mine = "WHERE message = ?1 AND owner = ?2 AND state = 'open'";
        let count = match settled {
            Settled::Done => {
                let sql = format!("UPDATE work_outbox SET state = 'done', owner = NULL, ended = ?3 {mine}");
                self.write(|tx| tx.execute(&sql, &[message.into(), owner.into(), Value::Text(&at)]))?
            }
            Settled::Retry(due, reason) => {
                let sql = format!("UPDATE work_outbox SET owner = NULL, due = ?3, reason = ?4 {mine}");
                self.write(|tx| tx.execute(&sql, &[message.into(), owner.into(), Value::Text(&instant(*due)), reason.into()]))?
            }
            Settled::Dead(reason) => {
                let sql = format!("UPDATE work_outbox SET state = 'dead', owner = NULL, ended = ?3, reason = ?4 {mine}");
                self.write(|tx| tx.execute(&sql, &[message.into(), owner.into(), Value::Text(&at), reason.into()]))?
            }
        };
        Ok(count > 0)
    }

    /// Gives up what is for channels that are not known any more; how many of which.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn abandon_told(&mut self, known: &[&str], reason: &str, now: Timestamp) -> Result<BTreeMap<String, u64>, LedgerError> {
        let rows = self.store.query("SELECT channel, count(*) FROM work_outbox WHERE state = 'open' GROUP BY channel", &[])?;
        let mut given_up = BTreeMap::new();
        for row in rows {
            let (channel, count) = (row.text(0)?, row.count(1)?);
            if known.contains(&channel.as_str()) {
                continue;
            }
            let row = [(&channel).into(), reason.into(), Value::Text(&instant(now))];
            let sql = "UPDATE work_outbox SET state = 'dead', owner = NULL, reason = ?2, ended = ?3 WHERE channel = ?1 AND state = 'open'";
            self.write(|tx| tx.execute(sql, &row))?;
            given_up.insert(channel, count);
        }
        Ok(given_up)
    }

    /// Forgets what was done before an instant.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn forget_told(&mut self, before: Timestamp) -> Result<u64, LedgerError> {
        self.write(|tx| tx.execute("DELETE FROM work_outbox WHERE state = 'done' AND ended < ?1", &[Value::Text(&instant(before))]))
    }

    /// How much there is, by channel.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn depth_told(&mut self) -> Result<BTreeMap<String, Depth>, LedgerError> {
        let alone = "CASE WHEN message IS NULL THEN 1 ELSE 0 END";
        let sql = format!("SELECT channel, state, {alone}, count(*), min(created) FROM work_outbox GROUP BY channel, state, {alone}");
        let mut found: BTreeMap<String, Depth> = BTreeMap::new();
        for row in self.store.query(&sql, &[])? {
            let depth = found.entry(row.text(0)?).or_default();
            let (state, alone, count, oldest) = (row.text(1)?, row.int(2)? == 1, row.count(3)?, row.opt_parsed::<Timestamp>(4)?);
            match (state.as_str(), alone) {
                ("open", true) => depth.0 += count,
                ("open", false) => depth.1 += count,
                ("dead", _) => depth.2 += count,
                _ => {}
            }
            if state == "open" {
                depth.3 = depth.3.into_iter().chain(oldest).min();
            }
        }
        Ok(found)
    }
}
