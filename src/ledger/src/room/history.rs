//! What changed: of a subject over all time, between two runs, and what stood at an instant. All of it is read from the log.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::state::{Detail, Observed, observed, word};
use crate::log::append::instant;
use crate::store::{Row, Value};
use crate::{Ledger, LedgerError};

/// A verdict that changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Transition {
    /// When.
    pub at: Timestamp,
    /// The number of the entry that says so.
    pub seq: u64,
    /// The run in which it changed.
    pub run: u64,
    /// The check.
    pub check: String,
    /// The subject.
    pub subject: String,
    /// What it was; none where it was never judged before.
    pub was: Option<String>,
    /// What it is: `pass`, `fail`, `unknown`, `not-applicable`, or `gone`.
    pub becomes: String,
    /// What there is to say of it.
    pub detail: Detail,
}

/// What stood of a subject at an instant.
#[derive(Clone, Debug, PartialEq)]
pub struct Stood {
    /// The observation.
    pub seen: Observed,
    /// The checks of its verdicts.
    pub checks: Vec<String>,
}

/// The verdicts of a subject by check: the word and what there is to say of it.
type Verdicts = BTreeMap<String, (String, Detail)>;

impl Ledger {
    /// How the verdicts on a subject changed, oldest first; of one check, or of all.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn history(&mut self, subject: &str, check: Option<&str>) -> Result<Vec<Transition>, LedgerError> {
        let sql = "SELECT l.seq, l.kind, l.at, l.run, l.body FROM log l JOIN name n ON n.id = l.subject
                   WHERE n.text = ?1 AND l.kind IN ('observed', 'gone') ORDER BY l.seq";
        let rows = self.store.query(sql, &[subject.into()])?;
        let (mut changes, mut before) = (Vec::new(), Verdicts::new());
        for row in &rows {
            let after = self.verdicts(row, 1, 4)?;
            changes.extend(between(&before, &after, &Place::of(row, subject)?));
            before = after;
        }
        changes.retain(|change| check.is_none_or(|check| change.check == check));
        Ok(changes)
    }

    /// Subjects whose name holds a text, in the order of their names; capitals do not count.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn subjects(&mut self, part: &str, limit: u32) -> Result<Vec<String>, LedgerError> {
        let escaped = part.to_ascii_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
        let sql = "SELECT n.text FROM name n WHERE lower(n.text) LIKE ?1 ESCAPE '!' AND EXISTS
                   (SELECT 1 FROM log l WHERE l.subject = n.id AND l.kind IN ('observed', 'gone')) ORDER BY n.text LIMIT ?2";
        let rows = self.store.query(sql, &[Value::Text(&format!("%{escaped}%")), Value::Int(limit.into())])?;
        rows.iter().map(|row| row.text(0)).collect()
    }

    /// What changed in a run, in the order in which it was written.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn transitions(&mut self, run: u64) -> Result<Vec<Transition>, LedgerError> {
        let sql = "SELECT l.seq, l.kind, l.at, l.run, l.body, n.text, l.subject FROM log l JOIN name n ON n.id = l.subject
                   WHERE l.run = ?1 AND l.kind IN ('observed', 'gone') ORDER BY l.seq";
        let mut changes = Vec::new();
        for row in self.store.query(sql, &[run.into()])? {
            let last = "SELECT seq, kind, at, run, body FROM log WHERE subject = ?1 AND seq < ?2 AND kind IN ('observed', 'gone')
                        ORDER BY seq DESC LIMIT 1";
            let last = self.store.query(last, &[row.int(6)?.into(), row.int(0)?.into()])?;
            let before = last.first().map_or(Ok(Verdicts::new()), |last| self.verdicts(last, 1, 4))?;
            let after = self.verdicts(&row, 1, 4)?;
            changes.extend(between(&before, &after, &Place::of(&row, &row.text(5)?)?));
        }
        Ok(changes)
    }

    /// How many verdicts changed over all time, the first ones included.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn count_observations(&mut self) -> Result<u64, LedgerError> {
        self.store.query("SELECT count(*) FROM log WHERE kind = 'observed'", &[])?.first().map_or(Ok(0), |row| row.count(0))
    }

    /// Hands over what stood of every subject at an instant.
    ///
    /// # Errors
    /// If the record cannot be read, or `each` fails.
    pub fn as_of(&mut self, at: Timestamp, each: &mut dyn FnMut(Stood) -> Result<(), LedgerError>) -> Result<(), LedgerError> {
        let orders = self.orders()?;
        let sql = "SELECT l.kind, l.body FROM log l JOIN (SELECT max(seq) AS seq FROM log WHERE subject IS NOT NULL AND at <= ?1
                   AND kind IN ('observed', 'gone') GROUP BY subject) last ON last.seq = l.seq ORDER BY l.subject";
        self.store.each(sql, &[Value::Text(&instant(at))], &mut |row| {
            if row.text(0)? == "gone" {
                return Ok(());
            }
            let seen = observed(&row, 1)?;
            let checks = orders.get(&seen.checks).cloned();
            let checks = checks.ok_or_else(|| LedgerError::Altered { what: format!("there is no order of checks {}", seen.checks) })?;
            each(Stood { seen, checks })
        })
    }

    /// What changed between the ends of two runs: of every verdict that is not the same, what it was and what it is.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn diff(&mut self, from: Timestamp, to: Timestamp) -> Result<Vec<Transition>, LedgerError> {
        let mut before = BTreeMap::new();
        self.as_of(from, &mut |stood| {
            before.insert(stood.seen.subject.clone(), verdicts(&stood.seen, &stood.checks));
            Ok(())
        })?;
        let mut changes = Vec::new();
        self.as_of(to, &mut |stood| {
            let subject = &stood.seen.subject;
            let was = before.remove(subject).unwrap_or_default();
            let place = Place { at: stood.seen.at, seq: 0, run: stood.seen.run, subject };
            changes.extend(between(&was, &verdicts(&stood.seen, &stood.checks), &place));
            Ok(())
        })?;
        for (subject, was) in &before {
            changes.extend(between(was, &Verdicts::new(), &Place { at: to, seq: 0, run: 0, subject }));
        }
        changes.sort_by(|a, b| (&a.check, &a.subject).cmp(&(&b.check, &b.subject)));
        Ok(changes)
    }

    /// All orders of checks, by their numbers.
    fn orders(&mut self) -> Result<BTreeMap<u64, Vec<String>>, LedgerError> {
        let rows = self.store.query("SELECT id, list FROM checks", &[])?;
        let split = |list: String| list.split('\n').filter(|check| !check.is_empty()).map(str::to_owned).collect();
        rows.iter().map(|row| Ok((row.count(0)?, split(row.text(1)?)))).collect()
    }

    /// The verdicts that an entry leaves a subject with; none where it says that the subject is gone.
    fn verdicts(&mut self, row: &Row, kind: usize, body: usize) -> Result<Verdicts, LedgerError> {
        if row.text(kind)? == "gone" {
            return Ok(Verdicts::new());
        }
        let seen = observed(row, body)?;
        let checks = self.checks(seen.checks)?;
        Ok(verdicts(&seen, &checks))
    }
}

fn verdicts(seen: &Observed, checks: &[String]) -> Verdicts {
    let one = |(at, (check, letter)): (usize, (&String, u8))| {
        let detail = seen.details.get(&(at as u32)).cloned().unwrap_or_default();
        (check.clone(), (word(letter).to_owned(), detail))
    };
    checks.iter().zip(seen.verdicts.bytes()).enumerate().map(one).collect()
}

/// Where a change is told.
struct Place<'a> {
    at: Timestamp,
    seq: u64,
    run: u64,
    subject: &'a str,
}

impl<'a> Place<'a> {
    fn of(row: &Row, subject: &'a str) -> Result<Self, LedgerError> {
        Ok(Self { at: row.parsed(2)?, seq: row.count(0)?, run: row.count(3)?, subject })
    }
}

/// What is not the same: another verdict, or another exemption on the same.
fn between(before: &Verdicts, after: &Verdicts, place: &Place) -> Vec<Transition> {
    let change = |check: &String, was: Option<&(String, Detail)>, becomes: &str, detail: Detail| Transition {
        at: place.at,
        seq: place.seq,
        run: place.run,
        check: check.clone(),
        subject: place.subject.to_owned(),
        was: was.map(|(word, _)| word.clone()),
        becomes: becomes.to_owned(),
        detail,
    };
    let told = after.iter().filter_map(|(check, (word, detail))| {
        let was = before.get(check);
        let same = was.is_some_and(|(before, said)| before == word && said.exempt == detail.exempt);
        (!same).then(|| change(check, was, word, detail.clone()))
    });
    let gone = before.iter().filter(|(check, _)| after.is_empty() && !after.contains_key(*check));
    told.chain(gone.map(|(check, was)| change(check, Some(was), "gone", Detail::default()))).collect()
}
