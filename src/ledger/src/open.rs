//! Opens the file, makes what is missing, and brings an older schema up to date.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::{Ledger, LedgerError};

/// Each brings the schema one step further; the file's `user_version` counts them.
const MIGRATIONS: &[&str] = &[include_str!("../migrations/0001.sql")];

/// `asze`: says of a SQLite file that it is a ledger of ours.
const APPLICATION: i32 = 0x6173_7a65;

/// How long another writer is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

impl Ledger {
    /// Opens the record at `path`; it and its folder are made where they are missing, for their owner's eyes only.
    ///
    /// # Errors
    /// If it cannot be opened, is no ledger, or a newer program wrote it.
    pub fn open(path: &Path) -> Result<Self, LedgerError> {
        let told = |source: Box<dyn std::error::Error + Send + Sync>| LedgerError::Open { path: path.to_owned(), source };
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists()) {
            private_folder(folder).map_err(|error| told(error.into()))?;
        }
        private_file(path).map_err(|error| told(error.into()))?;
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)
            .map_err(|error| told(error.into()))?;
        Self::prepared(connection, path)
    }

    /// A record that is gone when it is dropped.
    ///
    /// # Errors
    /// If SQLite has no memory.
    pub fn in_memory() -> Result<Self, LedgerError> {
        let path = Path::new(":memory:");
        let connection = Connection::open_in_memory().map_err(|error| LedgerError::Open { path: path.into(), source: error.into() })?;
        Self::prepared(connection, path)
    }

    /// The same with an end to how large the file may become, in pages of 4 KiB; for tests of full disks.
    ///
    /// # Errors
    /// As [`Ledger::open`].
    #[doc(hidden)]
    pub fn open_with_page_limit(path: &Path, pages: u32) -> Result<Self, LedgerError> {
        let ledger = Self::open(path)?;
        ledger.connection.pragma_update(None, "max_page_count", pages).map_err(ledger.trouble("write"))?;
        Ok(ledger)
    }

    /// The same without patience for another writer; for tests.
    ///
    /// # Errors
    /// As [`Ledger::open`].
    #[doc(hidden)]
    pub fn open_impatient(path: &Path) -> Result<Self, LedgerError> {
        let ledger = Self::open(path)?;
        ledger.connection.busy_timeout(Duration::ZERO).map_err(ledger.trouble("read"))?;
        Ok(ledger)
    }

    fn prepared(mut connection: Connection, path: &Path) -> Result<Self, LedgerError> {
        let told = told(path);
        connection.busy_timeout(PATIENCE).map_err(&told)?;
        // Asked before anything is changed: switching to WAL writes into the file, which may be another program's. In one
        // transaction, so that a file that is just being made is seen either empty or whole.
        schema(&*connection.transaction().map_err(&told)?, path)?;
        connection
            .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;")
            .map_err(&told)?;
        migrate(&mut connection, path)?;
        Ok(Self { connection, path: path.to_owned() })
    }
}

/// What SQLite says while a file is opened: another run holds it, or it cannot be.
fn told(path: &Path) -> impl Fn(rusqlite::Error) -> LedgerError {
    move |error| match crate::error::told("open", path, error) {
        LedgerError::Statement { path, source, .. } => LedgerError::Open { path, source: source.into() },
        other => other,
    }
}

/// Which of our schemas the file has: none yet if it is empty. A file of somebody else is an error.
fn schema(connection: &Connection, path: &Path) -> Result<u32, LedgerError> {
    let told = told(path);
    let application: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(&told)?;
    let found: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(&told)?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(&told)?;
    let known = MIGRATIONS.len() as u32;
    match (application, found, tables) {
        (0, 0, 0) => Ok(0),
        (APPLICATION, ..) if found > known => Err(LedgerError::Newer { path: path.to_owned(), found, known }),
        (APPLICATION, ..) => Ok(found),
        _ => Err(LedgerError::Foreign { path: path.to_owned() }),
    }
}

fn migrate(connection: &mut Connection, path: &Path) -> Result<(), LedgerError> {
    let told = told(path);
    let step = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(&told)?;
    // Asked again now that nobody else can write: two programs may have found the file empty.
    let found = schema(&step, path)?;
    let missing = &MIGRATIONS[found as usize..];
    if missing.is_empty() {
        return Ok(());
    }
    for migration in missing {
        step.execute_batch(migration).map_err(&told)?;
    }
    step.pragma_update(None, "application_id", APPLICATION).map_err(&told)?;
    step.pragma_update(None, "user_version", MIGRATIONS.len() as u32).map_err(&told)?;
    step.commit().map_err(&told)
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
