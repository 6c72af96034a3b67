//! What the record is asked by commands, on SQLite and, where it is installed, on PostgreSQL: the real program on the recorded estate.

#[path = "record/decisions.rs"]
mod decisions;
#[path = "record/places.rs"]
mod places;
#[path = "../../ledger/tests/ledger/postgres.rs"]
mod postgres;
#[path = "record/proof.rs"]
mod proof;
#[path = "record/time.rs"]
mod time;
#[path = "record/trouble.rs"]
mod trouble;

mod common;
