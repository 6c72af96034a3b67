//! Holds every table against what the log makes of it.

use super::Verified;
use crate::store::Row;
use crate::{Ledger, LedgerError};

/// The tables that are made of the log, each with the columns that give its order. Working tables are no evidence and are not here.
const TABLES: &[(&str, &str, &str)] = &[
    ("log", "seq, kind, at, run, subject, body, leaf", "seq"),
    ("tile", "level, place, root", "level, place"),
    ("name", "id, text", "id"),
    ("run", "id, uuid, started, ended, program, inputs, scopes, tick, outcome, pass, fail, unknown, not_applicable, vacuous, exempt", "id"),
    ("run_document", "run, name, sha256", "run, name"),
    ("checks", "id, kind, digest, list", "id"),
    ("state", "subject, kind, scope, name, document, key, checks, verdicts, collected, recheck_at, seq", "subject"),
    ("open", "subject, check_name, verdict, since, failing_since, exempt", "subject, check_name"),
    ("listed", "seq, run, kind, scope, started, ended, valid_until, found, changed, gap", "seq"),
    ("tick", "id, schedule, due, state, reason, count, until, started, ended", "id"),
    ("watermark", "source, at, seq", "source"),
    ("looked", "seq, source, since, until, events, changes, gap", "seq"),
    ("exemption", "name, state, requested_by, approved_by, round, seq", "name"),
    ("item", "number, finding, state, opened, seq", "number"),
    ("frozen", "month, sha256, seq", "month"),
    ("pruned", "sha256, seq", "sha256"),
    ("checkpoint", "size, root, note, at", "size"),
];

pub(super) fn compare(stored: &mut Ledger, anew: &mut Ledger, found: &mut Verified) -> Result<(), LedgerError> {
    for (table, columns, order) in TABLES {
        let sql = format!("SELECT {columns} FROM {table} ORDER BY {order}");
        // What is made anew lies on this machine; it is fetched in pieces while the stored rows come.
        let (mut at, mut ahead) = (0, Vec::new().into_iter());
        let mut next = |anew: &mut Ledger| -> Result<Option<Row>, LedgerError> {
            if ahead.len() == 0 {
                ahead = anew.store.query(&format!("{sql} LIMIT {PIECE} OFFSET {at}"), &[])?.into_iter();
                at += PIECE;
            }
            Ok(ahead.next())
        };
        let (mut row_number, mut different) = (0u64, None);
        stored.store.each(&sql, &[], &mut |row| {
            if different.is_none() && next(anew)?.as_ref() != Some(&row) {
                different = Some(row_number);
            }
            row_number += 1;
            Ok(())
        })?;
        if different.is_none() && next(anew)?.is_some() {
            different = Some(row_number);
        }
        match different {
            Some(number) => {
                found.problems.push(format!("table `{table}` is not what the log makes of it, from row {} on ({order})", number + 1))
            }
            None => found.rows += row_number,
        }
    }
    Ok(())
}

/// How many rows are held at once.
const PIECE: u64 = 20_000;
