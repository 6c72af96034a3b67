//! Full disks, dying servers, cut connections, strange files: a clean error, nothing half-written, and it goes on afterwards.

use ledger::{Ledger, LedgerError, Trust};

use crate::postgres::Postgres;
use crate::stores::{at, run};

#[test]
fn a_full_disk_leaves_no_half_of_a_change_wherever_it_strikes() {
    let mut struck = 0;
    for pages in (60..).step_by(2).take(100) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.sqlite");
        let mut ledger = Ledger::open_file(&path).unwrap();
        ledger.limit_pages(pages).unwrap();
        let mut whole = 0;
        let failed = loop {
            let done = ledger.write(|tx| {
                let checks = tx.checks_of(at(0), "k", "d", &["c".into()])?;
                let run = crate::stores::begin(tx, whole, 0)?;
                for number in 0..20 {
                    let mut seen = crate::stores::seen(run, checks, &format!("{whole}-{number}"), "f", 0);
                    seen.kind = "k".into();
                    seen.document = None;
                    tx.append(&ledger::Event::Observed(seen))?;
                }
                tx.end_run(&crate::stores::ended(run, 0))
            });
            match done {
                Ok(()) if whole < 40 => whole += 1,
                Ok(()) => break None,
                Err(error) => break Some(error),
            }
        };
        let Some(error) = failed else { continue };
        struck += 1;
        assert!(matches!(error, LedgerError::Statement { .. } | LedgerError::Undone { .. }), "{error:?}");
        ledger.limit_pages(u32::MAX).unwrap();
        assert_eq!(ledger.runs(99).unwrap().len(), whole as usize);
        assert_eq!(ledger.count_observations().unwrap(), whole as u64 * 20);
        run(&mut ledger, 9_999, 1, &[("a", "fp")]);
        assert_eq!(ledger.verify(&Trust::default()).unwrap().problems, Vec::<String>::new());
    }
    assert!(struck >= 50, "the disk was full at {struck} points");
}

#[test]
fn a_server_that_is_killed_and_connections_that_are_cut_end_in_a_clean_error_and_it_goes_on() {
    let Some(mut cluster) = Postgres::start("a_server_that_is_killed") else { return };
    let database = cluster.database();
    let mut ledger = Ledger::open(&ledger::Location::Postgres(cluster.url(&database))).unwrap();
    let mut number = 1;
    run(&mut ledger, number, 0, &[("a", "fp")]);
    for round in 0..6 {
        let before = ledger.size().unwrap();
        let failed: Result<(), LedgerError> = ledger.write(|tx| {
            crate::stores::begin(tx, 1_000 + round, 1)?;
            match round % 2 {
                0 => cluster.kill(),
                _ => assert!(
                    cluster.sql("postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'assize'")
                ),
            }
            crate::stores::begin(tx, 2_000 + round, 1).map(drop)
        });
        let error = failed.unwrap_err();
        assert!(error.is_passing(), "{error:?}");
        if round % 2 == 0 {
            assert!(ledger.write(|tx| crate::stores::begin(tx, 3_000, 1)).is_err(), "nobody is there");
            cluster.run();
        }
        number += 1;
        run(&mut ledger, number, 2, &[("a", "fp")]);
        assert_eq!(ledger.runs(99).unwrap().len(), number as usize, "nothing of a broken change is kept");
        assert!(ledger.size().unwrap() > before);
    }
    assert_eq!(ledger.verify(&Trust::default()).unwrap().problems, Vec::<String>::new());
}

#[test]
fn a_database_of_another_program_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.sqlite");
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("CREATE TABLE theirs (id INTEGER)").unwrap();
    drop(other);
    let before = std::fs::read(&path).unwrap();
    assert!(matches!(Ledger::open_file(&path), Err(LedgerError::Foreign { .. })));
    assert_eq!(std::fs::read(&path).unwrap(), before);
    let early = folder.path().join("early.sqlite");
    let other = rusqlite::Connection::open(&early).unwrap();
    other.execute_batch("CREATE TABLE run (id INTEGER); PRAGMA application_id = 1634957925; PRAGMA user_version = 1").unwrap();
    drop(other);
    let told = Ledger::open_file(&early).unwrap_err();
    assert!(matches!(told, LedgerError::Early { .. } | LedgerError::Foreign { .. }), "{told:?}");
    if let Some(cluster) = crate::stores::cluster("a_database_of_another_program") {
        let database = cluster.database();
        assert!(cluster.sql(&database, "CREATE TABLE theirs (id int)"));
        assert!(matches!(Ledger::open(&ledger::Location::Postgres(cluster.url(&database))), Err(LedgerError::Foreign { .. })));
    }
}

#[test]
fn a_url_that_is_wrong_is_told_without_its_password() {
    let told = Ledger::open(&ledger::Location::of("postgres://u:s3cret@127.0.0.1:1/x?connect_timeout=1")).unwrap_err();
    let all = format!("{told} {:?}", told);
    assert!(!all.contains("s3cret"), "{all}");
    let told = Ledger::open(&ledger::Location::of("postgres://u:s3cret@[/x")).unwrap_err();
    assert!(!format!("{told} {told:?}").contains("s3cret"));
}
