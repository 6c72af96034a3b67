//! The two databases that can hold the record, spoken to in one dialect: SQL with `?1` parameters, whole numbers, text and bytes.
//!
//! What differs between them is here and nowhere else. Everything is synchronous: SQLite is, and PostgreSQL is driven by a thread of
//! its own, so that callers inside and outside of asynchronous programs are served alike.

mod dialect;
mod location;
mod postgres;
mod row;
mod sqlite;
mod tls;

pub use location::Location;
pub(crate) use row::{Row, Value};

use crate::LedgerError;
use postgres::Postgres;
use sqlite::Sqlite;

/// An open database.
#[derive(Debug)]
pub(crate) enum Store {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Store {
    /// Opens what is at a place. A SQLite file that is missing is made, for its owner's eyes only.
    pub(crate) fn open(location: &Location) -> Result<Self, LedgerError> {
        match location {
            Location::File(path) => Sqlite::open(path).map(Store::Sqlite),
            Location::Memory => Sqlite::in_memory().map(Store::Sqlite),
            Location::Postgres(url) => Postgres::open(url).map(Store::Postgres),
        }
    }

    /// Rows of a question.
    pub(crate) fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, LedgerError> {
        match self {
            Store::Sqlite(store) => store.query(sql, params),
            Store::Postgres(store) => store.query(sql, params),
        }
    }

    /// Hands rows to `each` as they come, so that none of a long answer is held; it may stop by an error.
    pub(crate) fn each(
        &mut self,
        sql: &str,
        params: &[Value],
        each: &mut dyn FnMut(Row) -> Result<(), LedgerError>,
    ) -> Result<(), LedgerError> {
        match self {
            Store::Sqlite(store) => store.each(sql, params, each),
            Store::Postgres(store) => store.each(sql, params, each),
        }
    }

    /// Carries a statement out, and says how many rows it touched.
    pub(crate) fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, LedgerError> {
        match self {
            Store::Sqlite(store) => store.execute(sql, params),
            Store::Postgres(store) => store.execute(sql, params),
        }
    }

    /// Carries a statement out without waiting for it where waiting costs a journey; that it failed is told by the next question or
    /// by the commit.
    pub(crate) fn put(&mut self, sql: &str, params: &[Value]) -> Result<(), LedgerError> {
        match self {
            Store::Sqlite(store) => store.execute(sql, params).map(drop),
            Store::Postgres(store) => store.put(sql, params),
        }
    }

    /// Several statements without parameters, written in our dialect.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), LedgerError> {
        match self {
            Store::Sqlite(store) => store.batch(sql),
            Store::Postgres(store) => store.batch(&dialect::for_postgres(sql)),
        }
    }

    /// Begins to write; another writer is waited for.
    pub(crate) fn begin(&mut self) -> Result<(), LedgerError> {
        match self {
            Store::Sqlite(store) => store.batch("BEGIN IMMEDIATE"),
            Store::Postgres(store) => store.begin(),
        }
    }

    /// Begins to make the tables; whoever makes them at the same time is waited for.
    pub(crate) fn begin_making(&mut self) -> Result<(), LedgerError> {
        match self {
            Store::Sqlite(store) => store.batch("BEGIN IMMEDIATE"),
            // Any number will do that nobody else in the database uses; these are the letters of our name.
            Store::Postgres(store) => store.batch("BEGIN; SELECT pg_advisory_xact_lock(107076113561701)"),
        }
    }

    /// Makes what was written last.
    pub(crate) fn commit(&mut self) -> Result<(), LedgerError> {
        match self {
            Store::Sqlite(store) => store.commit(),
            Store::Postgres(store) => store.batch("COMMIT"),
        }
    }

    /// Takes back what was written. That it fails is no news: both databases take back by themselves what was not committed.
    pub(crate) fn rollback(&mut self) {
        drop(match self {
            Store::Sqlite(store) => store.batch("ROLLBACK"),
            Store::Postgres(store) => store.batch("ROLLBACK"),
        });
    }

    /// Whether the record has our tables, and of which schema they are; a database of somebody else is an error.
    pub(crate) fn schema(&mut self) -> Result<u32, LedgerError> {
        match self {
            Store::Sqlite(store) => store.schema(),
            Store::Postgres(store) => store.schema(),
        }
    }

    /// Marks the database as ours.
    pub(crate) fn mark(&mut self, schema: u32) -> Result<(), LedgerError> {
        match self {
            Store::Sqlite(store) => store.mark(schema),
            Store::Postgres(store) => store.mark(schema),
        }
    }

    /// Connects anew if the connection was lost.
    pub(crate) fn revive(&mut self) -> Result<(), LedgerError> {
        match self {
            Store::Sqlite(_) => Ok(()),
            Store::Postgres(store) => store.revive(),
        }
    }

    /// The file or server, without secrets.
    pub(crate) fn place(&self) -> &str {
        match self {
            Store::Sqlite(store) => store.place(),
            Store::Postgres(store) => store.place(),
        }
    }

    /// For tests of full disks.
    pub(crate) fn limit_pages(&mut self, pages: u32) -> Result<(), LedgerError> {
        match self {
            Store::Sqlite(store) => store.limit_pages(pages),
            Store::Postgres(_) => Ok(()),
        }
    }
}
