//! Opens a record, makes what is missing, and refuses what is not ours.

use std::collections::HashMap;
use std::path::Path;

use uuid::Uuid;

use crate::store::{Location, Store, Value};
use crate::{Ledger, LedgerError};

/// The tables, of all rooms.
const TABLES: [&str; 2] = [include_str!("../migrations/0002-core.sql"), include_str!("../migrations/0002-continuous.sql")];

/// The schema of these tables. The one before it is of a time before the first release, and was no log.
const SCHEMA: u32 = 2;

impl Ledger {
    /// Opens the record at a place. A SQLite file and its folder are made where they are missing, for their owner's eyes only; in a PostgreSQL
    /// database the tables are made in the first schema of the search path.
    ///
    /// # Errors
    /// If it cannot be opened, is no ledger, or a newer program wrote it.
    pub fn open(location: &Location) -> Result<Self, LedgerError> {
        let mut store = Store::open(location)?;
        prepare(&mut store)?;
        Ok(Self { store, names: HashMap::new(), sets: HashMap::new(), location: location.clone() })
    }

    /// Opens the record at a place if there is one; nothing is made.
    ///
    /// # Errors
    /// As [`Ledger::open`].
    pub fn find(location: &Location) -> Result<Option<Self>, LedgerError> {
        if let Location::File(path) = location
            && !path.exists()
        {
            return Ok(None);
        }
        let mut store = Store::open(location)?;
        let found = known(&mut store)? == SCHEMA;
        Ok(found.then(|| Self { store, names: HashMap::new(), sets: HashMap::new(), location: location.clone() }))
    }

    /// Opens the record in a SQLite file.
    ///
    /// # Errors
    /// As [`Ledger::open`].
    pub fn open_file(path: &Path) -> Result<Self, LedgerError> {
        Self::open(&Location::File(path.to_owned()))
    }

    /// A record that is gone when it is dropped.
    ///
    /// # Errors
    /// If SQLite has no memory.
    pub fn in_memory() -> Result<Self, LedgerError> {
        Self::open(&Location::Memory)
    }

    /// The same record, opened again, for somebody who works beside.
    ///
    /// # Errors
    /// As [`Ledger::open`].
    pub fn again(&self) -> Result<Self, LedgerError> {
        Self::open(&self.location)
    }

    /// The file or server, without secrets.
    pub fn place(&self) -> &str {
        self.store.place()
    }

    /// Ends how large a SQLite file may become, in pages of 4 KiB; for tests of full disks.
    ///
    /// # Errors
    /// If it cannot be set.
    #[doc(hidden)]
    pub fn limit_pages(&mut self, pages: u32) -> Result<(), LedgerError> {
        self.store.limit_pages(pages)
    }

    /// Carries out statements past the log; for tests of what `verify` finds.
    ///
    /// # Errors
    /// If they cannot be carried out.
    #[doc(hidden)]
    pub fn tamper(&mut self, sql: &str) -> Result<(), LedgerError> {
        self.store.batch(sql)
    }
}

fn prepare(store: &mut Store) -> Result<(), LedgerError> {
    if known(store)? == SCHEMA {
        return Ok(());
    }
    store.begin_making()?;
    // Asked again now that nobody else can write: two programs may have found the place empty.
    match known(store).and_then(|found| if found == SCHEMA { Ok(()) } else { make(store) }) {
        Ok(()) => store.commit(),
        Err(error) => {
            store.rollback();
            Err(error)
        }
    }
}

fn known(store: &mut Store) -> Result<u32, LedgerError> {
    let place = store.place().to_owned();
    match store.schema()? {
        1 => Err(LedgerError::Early { place }),
        found if found > SCHEMA => Err(LedgerError::Newer { place, found, known: SCHEMA }),
        found => Ok(found),
    }
}

fn make(store: &mut Store) -> Result<(), LedgerError> {
    TABLES.iter().try_for_each(|tables| store.batch(tables))?;
    let origin = format!("assize/{}", Uuid::new_v4());
    let head = [Value::Blob(&[]), Value::Text(&origin)];
    store.execute("INSERT INTO head (one, size, edge, named, origin) VALUES (1, 0, ?1, 0, ?2)", &head)?;
    store.mark(SCHEMA)
}
