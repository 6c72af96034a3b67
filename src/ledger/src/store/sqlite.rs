//! SQLite: one file, WAL, full synchronisation, an application id of its own, for its owner's eyes only.

use std::path::Path;
use std::time::Duration;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, ToSql};

use super::dialect::for_sqlite;
use super::row::{Cell, Row, Value};
use crate::LedgerError;

/// `asze`: says of a SQLite file that it is a ledger of ours.
const APPLICATION: i32 = 0x6173_7a65;

/// How long another writer is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// How many statements are kept prepared; there are about as many.
const STATEMENTS: usize = 128;

const SETTINGS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;
    PRAGMA cache_size = -65536;";

#[derive(Debug)]
pub(crate) struct Sqlite {
    connection: Connection,
    place: String,
}

impl Sqlite {
    pub(super) fn open(path: &Path) -> Result<Self, LedgerError> {
        let place = path.display().to_string();
        let told = |source: Box<dyn std::error::Error + Send + Sync>| LedgerError::Open { place: place.clone(), source };
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists()) {
            private_folder(folder).map_err(|error| told(error.into()))?;
        }
        private_file(path).map_err(|error| told(error.into()))?;
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)
            .map_err(|error| told(error.into()))?;
        Self::prepared(connection, place)
    }

    pub(super) fn in_memory() -> Result<Self, LedgerError> {
        let place = ":memory:".to_owned();
        let connection = Connection::open_in_memory().map_err(|error| LedgerError::Open { place: place.clone(), source: error.into() })?;
        Self::prepared(connection, place)
    }

    fn prepared(connection: Connection, place: String) -> Result<Self, LedgerError> {
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        let mut store = Self { connection, place };
        store.connection.busy_timeout(PATIENCE).map_err(|error| store.opening(error))?;
        // Asked before anything is changed: switching to WAL writes into the file, which may be another program's.
        store.batch("BEGIN").map_err(|error| store.not_opened(error))?;
        let schema = store.schema();
        store.batch("COMMIT").map_err(|error| store.not_opened(error))?;
        schema.map_err(|error| store.not_opened(error))?;
        store.batch(SETTINGS).map_err(|error| store.not_opened(error))?;
        Ok(store)
    }

    pub(super) fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, LedgerError> {
        let mut rows = Vec::new();
        self.each(sql, params, &mut |row| {
            rows.push(row);
            Ok(())
        })?;
        Ok(rows)
    }

    pub(super) fn each(
        &mut self,
        sql: &str,
        params: &[Value],
        each: &mut dyn FnMut(Row) -> Result<(), LedgerError>,
    ) -> Result<(), LedgerError> {
        let told = |error| trouble("read", &self.place, error);
        let mut statement = self.connection.prepare_cached(for_sqlite(sql)).map_err(told)?;
        let columns = statement.column_count();
        let mut rows = statement.query(rusqlite::params_from_iter(params)).map_err(told)?;
        while let Some(row) = rows.next().map_err(told)? {
            let cells = (0..columns).map(|at| row.get_ref(at).map(cell).map_err(told)?).collect::<Result<_, _>>()?;
            each(Row(cells))?;
        }
        Ok(())
    }

    pub(super) fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, LedgerError> {
        let told = |error| trouble("write", &self.place, error);
        let mut statement = self.connection.prepare_cached(sql).map_err(told)?;
        statement.execute(rusqlite::params_from_iter(params)).map(|count| count as u64).map_err(told)
    }

    pub(super) fn batch(&mut self, sql: &str) -> Result<(), LedgerError> {
        self.connection.execute_batch(sql).map_err(|error| trouble("write", &self.place, error))
    }

    /// SQLite takes the whole transaction back by itself when the disk is full or fails; what was written after that would have lasted
    /// at once, without the rest.
    pub(super) fn commit(&mut self) -> Result<(), LedgerError> {
        match self.connection.is_autocommit() {
            true => Err(LedgerError::Undone { place: self.place.clone() }),
            false => self.batch("COMMIT"),
        }
    }

    pub(super) fn schema(&mut self) -> Result<u32, LedgerError> {
        let told = |error| trouble("read", &self.place, error);
        let application: i32 = self.connection.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(told)?;
        let found: u32 = self.connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(told)?;
        let tables: i64 = self.connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(told)?;
        match (application, found, tables) {
            (0, 0, 0) => Ok(0),
            (APPLICATION, ..) => Ok(found),
            _ => Err(LedgerError::Foreign { place: self.place.clone() }),
        }
    }

    pub(super) fn mark(&mut self, schema: u32) -> Result<(), LedgerError> {
        let told = |error| trouble("write", &self.place, error);
        self.connection.pragma_update(None, "application_id", APPLICATION).map_err(told)?;
        self.connection.pragma_update(None, "user_version", schema).map_err(told)
    }

    pub(super) fn limit_pages(&mut self, pages: u32) -> Result<(), LedgerError> {
        self.connection.pragma_update(None, "max_page_count", pages).map_err(|error| trouble("write", &self.place, error))
    }

    pub(super) fn place(&self) -> &str {
        &self.place
    }

    fn opening(&self, error: rusqlite::Error) -> LedgerError {
        self.not_opened(trouble("open", &self.place, error))
    }

    /// A failed statement while opening is a failure to open.
    fn not_opened(&self, error: LedgerError) -> LedgerError {
        match error {
            LedgerError::Statement { place, source, .. } => LedgerError::Open { place, source },
            other => other,
        }
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Value::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Value::Int(number) => ToSqlOutput::Owned((*number).into()),
            // As PostgreSQL must have it, so that both hold the same.
            Value::Text(text) if text.contains('\0') => ToSqlOutput::Owned(text.replace('\0', "\u{fffd}").into()),
            Value::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Value::Blob(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
        })
    }
}

fn cell(value: ValueRef) -> Result<Cell, LedgerError> {
    match value {
        ValueRef::Null => Ok(Cell::Null),
        ValueRef::Integer(number) => Ok(Cell::Int(number)),
        ValueRef::Text(text) => match std::str::from_utf8(text) {
            Ok(text) => Ok(Cell::Text(text.to_owned())),
            Err(_) => Err(LedgerError::Altered { what: "a text is not UTF-8".into() }),
        },
        ValueRef::Blob(bytes) => Ok(Cell::Blob(bytes.to_vec())),
        ValueRef::Real(_) => Err(LedgerError::Altered { what: "a value is a broken number".into() }),
    }
}

fn trouble(doing: &'static str, place: &str, source: rusqlite::Error) -> LedgerError {
    match source.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => LedgerError::Busy { place: place.to_owned() },
        Some(_) | None => LedgerError::Statement { doing, place: place.to_owned(), source: source.into() },
    }
}

#[cfg(unix)]
fn private_folder(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn private_folder(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)
}

fn private_file(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}
