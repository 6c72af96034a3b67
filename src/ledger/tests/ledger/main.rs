//! What the record promises, on SQLite and on PostgreSQL alike.

mod conformance;
mod people;
mod postgres;
mod stores;
mod tampering;
mod time;
mod trouble;
