//! One change of the record: its entries, and everything that follows from them, last together or not at all.

use std::collections::HashMap;

use uuid::Uuid;

use super::event::Event;
use super::merkle::{self, Hash, Tree};
use crate::store::{Row, Store, Value};
use crate::{Ledger, LedgerError};

/// How many names are remembered between questions.
const NAMES: usize = 10_000;

/// A change that is being written.
pub struct Tx<'l> {
    pub(crate) store: &'l mut Store,
    pub(crate) tree: Tree,
    /// How many names there are; the next gets the number after it.
    pub(crate) named: i64,
    pub(crate) names: &'l mut HashMap<String, i64>,
    pub(crate) sets: &'l mut HashMap<u64, std::sync::Arc<[String]>>,
    appended: bool,
}

impl Ledger {
    /// Carries out one change: what `change` appends and does lasts when it and the commit succeed, and not at all otherwise. Other writers
    /// wait meanwhile, so nothing in it should wait for anything but the ledger.
    ///
    /// Where the connection is lost in the very moment of committing, it is looked up whether the change lasted.
    ///
    /// # Errors
    /// If the record cannot be written, or `change` fails.
    pub fn write<T>(&mut self, change: impl FnOnce(&mut Tx) -> Result<T, LedgerError>) -> Result<T, LedgerError> {
        self.store.revive()?;
        self.store.begin()?;
        match self.carried_out(change) {
            Ok((done, mark)) => match self.store.commit() {
                Ok(()) => Ok(done),
                Err(error @ LedgerError::Lost { .. }) => {
                    self.forget();
                    if self.has_lasted(mark) { Ok(done) } else { Err(error) }
                }
                Err(error) => Err(self.taken_back(error)),
            },
            Err(error) => Err(self.taken_back(error)),
        }
    }

    fn carried_out<T>(&mut self, change: impl FnOnce(&mut Tx) -> Result<T, LedgerError>) -> Result<(T, Option<String>), LedgerError> {
        let (tree, named) = head(&mut self.store)?;
        let before = tree.size();
        let mut tx = Tx { store: &mut self.store, tree, named, names: &mut self.names, sets: &mut self.sets, appended: false };
        let done = change(&mut tx)?;
        let (appended, tree, named) = (tx.appended, tx.tree, tx.named);
        if !appended {
            return Ok((done, None));
        }
        let mark = Uuid::new_v4().to_string();
        let row = [tree.size().into(), Value::Blob(&tree.edge()), named.into()];
        self.store.put("UPDATE head SET size = ?1, edge = ?2, named = ?3 WHERE one = 1", &row)?;
        self.store.put("INSERT INTO work_mark (mark, size) VALUES (?1, ?2)", &[Value::Text(&mark), before.into()])?;
        self.store.put("DELETE FROM work_mark WHERE size < ?1", &[Value::Int(before as i64 - 10_000)])?;
        Ok((done, Some(mark)))
    }

    fn taken_back(&mut self, error: LedgerError) -> LedgerError {
        self.store.rollback();
        self.forget();
        error
    }

    /// What was remembered may be of a change that did not last.
    fn forget(&mut self) {
        self.names.clear();
        self.sets.clear();
    }

    /// Whether a change lasted whose commit was not answered. If nobody can say, it counts as lost, which the caller can try again.
    fn has_lasted(&mut self, mark: Option<String>) -> bool {
        let Some(mark) = mark else { return false };
        let asked =
            self.store.revive().and_then(|()| self.store.query("SELECT size FROM work_mark WHERE mark = ?1", &[Value::Text(&mark)]));
        asked.is_ok_and(|rows| !rows.is_empty())
    }
}

/// The edge of the tree; locks it against other writers where the database has several.
fn head(store: &mut Store) -> Result<(Tree, i64), LedgerError> {
    let rows = store.query("SELECT size, edge, named FROM head WHERE one = 1 FOR UPDATE", &[])?;
    let row = rows.first().ok_or_else(|| LedgerError::Altered { what: "the head of the log is missing".into() })?;
    let tree = Tree::of(row.count(0)?, &row.blob(1)?);
    let tree = tree.ok_or_else(|| LedgerError::Altered { what: "the head of the log is no edge of a tree".into() })?;
    Ok((tree, row.int(2)?))
}

/// An entry as it stands in the log.
pub(crate) fn body(event: &Event) -> String {
    serde_json::to_string(event).expect("an event is plain JSON")
}

impl<'l> Tx<'l> {
    /// A change of a ledger that is being made anew out of its own log.
    pub(crate) fn replaying(ledger: &'l mut Ledger, tree: Tree, named: i64) -> Self {
        Tx { store: &mut ledger.store, tree, named, names: &mut ledger.names, sets: &mut ledger.sets, appended: true }
    }

    /// Appends an event and writes what follows from it. Gives its number.
    ///
    /// # Errors
    /// If the record cannot be written, or the event contradicts it.
    pub fn append(&mut self, event: &Event) -> Result<u64, LedgerError> {
        let body = body(event);
        self.enter(event, &body, merkle::leaf(body.as_bytes()))
    }

    /// The same with the body as it was written.
    pub(crate) fn enter(&mut self, event: &Event, body: &str, leaf: Hash) -> Result<u64, LedgerError> {
        let seq = self.tree.size();
        let filed = event.filed();
        let subject = filed.subject.map(|subject| self.name(subject)).transpose()?;
        let row = [
            seq.into(),
            filed.kind.into(),
            Value::Text(&instant(filed.at)),
            filed.run.into(),
            subject.into(),
            body.into(),
            Value::Blob(&leaf),
        ];
        self.put("INSERT INTO log (seq, kind, at, run, subject, body, leaf) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)", &row)?;
        let mut tiles = Vec::new();
        self.tree.push(leaf, &mut |tile| tiles.push(tile));
        for tile in tiles {
            let row = [Value::Int(tile.level.into()), tile.place.into(), Value::Blob(&tile.root)];
            self.put("INSERT INTO tile (level, place, root) VALUES (?1, ?2, ?3)", &row)?;
        }
        self.appended = true;
        event.apply(self, seq)?;
        Ok(seq)
    }

    pub(crate) fn put(&mut self, sql: &str, params: &[Value]) -> Result<(), LedgerError> {
        self.store.put(sql, params)
    }

    pub(crate) fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, LedgerError> {
        self.store.execute(sql, params)
    }

    pub(crate) fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, LedgerError> {
        self.store.query(sql, params)
    }

    /// The first row of an answer.
    pub(crate) fn first(&mut self, sql: &str, params: &[Value]) -> Result<Option<Row>, LedgerError> {
        Ok(self.query(sql, params)?.into_iter().next())
    }

    /// The number of a name; a new one gets the next.
    pub(crate) fn name(&mut self, text: &str) -> Result<i64, LedgerError> {
        if let Some(&id) = self.names.get(text) {
            return Ok(id);
        }
        let id = match self.first("SELECT id FROM name WHERE text = ?1", &[text.into()])? {
            Some(row) => row.int(0)?,
            None => self.new_name(text)?,
        };
        if self.names.len() >= NAMES {
            self.names.clear();
        }
        self.names.insert(text.to_owned(), id);
        Ok(id)
    }

    fn new_name(&mut self, text: &str) -> Result<i64, LedgerError> {
        self.named += 1;
        self.put("INSERT INTO name (id, text) VALUES (?1, ?2)", &[self.named.into(), text.into()])?;
        Ok(self.named)
    }
}

/// An instant in a form that sorts as it counts.
pub(crate) fn instant(instant: jiff::Timestamp) -> String {
    format!("{instant:.9}")
}
