//! The record on real files: unchanged runs, cut-off runs, full disks, flipped bytes, files that are no ledger.

use ledger::{Ledger, LedgerError, Observed, RunEnd, RunStart, Totals};
use uuid::Uuid;

const NOW: &str = "2026-11-23T06:00:00Z";

fn start(number: u128) -> RunStart {
    RunStart {
        run: Uuid::from_u128(number),
        started: NOW.parse().unwrap(),
        program: "assize".into(),
        inputs: "i".into(),
        scopes: vec!["aws/1".into()],
    }
}

fn end() -> RunEnd {
    RunEnd {
        finished: NOW.parse().unwrap(),
        totals: Totals { fail: 2, ..Totals::default() },
        outcome: "findings".into(),
        documents: Vec::new(),
    }
}

fn observed<'a>(subject: &'a str, verdict: &'a str) -> Observed<'a> {
    Observed {
        check: "dat-01/aws/x",
        subject,
        scope: "aws/1",
        verdict,
        exempt: None,
        detail: None,
        document: None,
        collected: Some(NOW.parse().unwrap()),
        recheck_at: None,
    }
}

fn run(ledger: &mut Ledger, number: u128, subjects: &[(&str, &str)]) {
    let mut writer = ledger.begin(&start(number)).unwrap();
    for (subject, verdict) in subjects {
        writer.put_document(subject.as_bytes()).unwrap();
        writer.observe(&observed(subject, verdict)).unwrap();
    }
    writer.gone("aws/1", "dat-01/aws/x").unwrap();
    writer.finish(&end()).unwrap();
}

fn changes(ledger: &Ledger, number: u128) -> Vec<(String, Option<String>, String)> {
    let transitions = ledger.transitions(&Uuid::from_u128(number).to_string()).unwrap();
    transitions.into_iter().map(|change| (change.subject, change.was, change.becomes)).collect()
}

#[test]
fn a_second_run_on_an_unchanged_estate_adds_a_run_and_no_transition() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::open(&folder.path().join("new/ledger.sqlite")).unwrap();
    run(&mut ledger, 1, &[("a", "fail"), ("b", "pass")]);
    run(&mut ledger, 2, &[("a", "fail"), ("b", "pass")]);
    assert_eq!(ledger.runs(9).unwrap().len(), 2);
    assert_eq!(changes(&ledger, 1).len(), 2);
    assert_eq!(changes(&ledger, 2), []);
    assert_eq!(ledger.count_documents().unwrap(), 2);
}

#[test]
fn what_a_wholly_listed_scope_no_longer_has_is_gone_and_may_come_back() {
    let mut ledger = Ledger::in_memory().unwrap();
    run(&mut ledger, 1, &[("a", "fail"), ("b", "pass")]);
    run(&mut ledger, 2, &[("b", "pass")]);
    assert_eq!(changes(&ledger, 2), [("a".to_owned(), Some("fail".to_owned()), "gone".to_owned())]);
    run(&mut ledger, 3, &[("a", "fail"), ("b", "pass")]);
    assert_eq!(changes(&ledger, 3), [("a".to_owned(), Some("gone".to_owned()), "fail".to_owned())]);
    assert_eq!(ledger.history("a", None).unwrap().len(), 3);
}

#[test]
fn a_run_that_is_cut_off_leaves_its_row_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.sqlite");
    let mut ledger = Ledger::open(&path).unwrap();
    run(&mut ledger, 1, &[("a", "pass")]);
    let mut writer = ledger.begin(&start(2)).unwrap();
    writer.observe(&observed("a", "fail")).unwrap();
    drop(writer);
    drop(ledger);
    let mut ledger = Ledger::open(&path).unwrap();
    run(&mut ledger, 3, &[("a", "pass")]);
    let outcomes: Vec<String> = ledger.runs(9).unwrap().into_iter().map(|run| run.outcome).collect();
    assert_eq!(outcomes, ["findings", "interrupted", "findings"]);
    assert_eq!(changes(&ledger, 3), []);
}

#[test]
fn a_killed_process_leaves_the_old_state() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.sqlite");
    if let Ok(path) = std::env::var("ASSIZE_TEST_KILLED_LEDGER") {
        let mut ledger = Ledger::open(path.as_ref()).unwrap();
        let mut writer = ledger.begin(&start(2)).unwrap();
        for number in 0..20_000 {
            writer.observe(&observed(&number.to_string(), "fail")).unwrap();
        }
        // Killed while it holds the transaction: no destructor runs.
        std::process::abort();
    }
    run(&mut Ledger::open(&path).unwrap(), 1, &[("a", "pass")]);
    let status = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["a_killed_process_leaves_the_old_state", "--exact"])
        .env("ASSIZE_TEST_KILLED_LEDGER", &path)
        .output()
        .unwrap()
        .status;
    assert!(!status.success());
    let mut ledger = Ledger::open(&path).unwrap();
    run(&mut ledger, 3, &[("a", "pass")]);
    assert_eq!(changes(&ledger, 3), []);
    assert_eq!(ledger.runs(9).unwrap()[1].outcome, "interrupted");
}

#[test]
fn a_flipped_byte_in_a_document_is_an_error_and_not_data() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.sqlite");
    let mut ledger = Ledger::open(&path).unwrap();
    let mut writer = ledger.begin(&start(1)).unwrap();
    let id = writer.put_document(&[7; 4000]).unwrap();
    writer.finish(&end()).unwrap();
    assert_eq!(ledger.document(&id.sha256).unwrap(), Some(vec![7; 4000]));
    let raw = rusqlite::Connection::open(&path).unwrap();
    let mut content: Vec<u8> = raw.query_row("SELECT content FROM document", [], |row| row.get(0)).unwrap();
    let middle = content.len() / 2;
    content[middle] ^= 4;
    raw.execute("UPDATE document SET content = ?1", [content]).unwrap();
    assert!(matches!(ledger.document(&id.sha256), Err(LedgerError::Damaged { .. })));
}

#[test]
fn a_full_disk_is_told_and_leaves_no_half_written_run() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.sqlite");
    let mut ledger = Ledger::open(&path).unwrap();
    run(&mut ledger, 1, &[("a", "pass")]);
    drop(ledger);
    let mut ledger = Ledger::open_with_page_limit(&path, 40).unwrap();
    let mut writer = ledger.begin(&start(2)).unwrap();
    let full = (0..100_000).find_map(|number| writer.observe(&observed(&format!("{number:0100}"), "fail")).err());
    let told = full.expect("the disk is full at some point").to_string();
    assert!(told.contains("cannot write the ledger"), "{told}");
    drop(writer);
    assert_eq!(changes(&ledger, 2), []);
}

#[test]
fn what_is_no_ledger_is_told_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notes.txt");
    std::fs::write(&file, "these are notes and no database, and long enough to be taken for one. ".repeat(20)).unwrap();
    for path in [folder.path(), file.as_path()] {
        let told = Ledger::open(path).unwrap_err().to_string();
        assert!(told.contains(&path.display().to_string()) && told.contains("--ledger"), "{told}");
    }
    let newer = folder.path().join("newer.sqlite");
    drop(Ledger::open(&newer).unwrap());
    rusqlite::Connection::open(&newer).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let foreign = folder.path().join("foreign.sqlite");
    rusqlite::Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE notes (text TEXT)").unwrap();
    assert!(matches!(Ledger::open(&foreign), Err(LedgerError::Foreign { .. })));
    assert!(matches!(Ledger::open(&newer), Err(LedgerError::Newer { found: 99, .. })));
}

#[test]
fn a_gap_does_not_buy_time() {
    let mut ledger = Ledger::in_memory().unwrap();
    let day = |number: u128, verdict: &'static str, ledger: &mut Ledger| {
        let started = format!("2026-11-{number:02}T00:00:00Z").parse().unwrap();
        let mut writer = ledger.begin(&RunStart { started, ..start(number) }).unwrap();
        writer.observe(&observed("a", verdict)).unwrap();
        writer.finish(&end()).unwrap();
        ledger.failing_since().unwrap().into_values().next().map(|since| since.to_string())
    };
    let first = Some("2026-11-01T00:00:00Z".to_owned());
    assert_eq!(day(1, "fail", &mut ledger), first);
    assert_eq!(day(2, "unknown", &mut ledger), first);
    assert_eq!(day(3, "fail", &mut ledger), first);
    assert_eq!(day(4, "pass", &mut ledger), None);
    assert_eq!(day(5, "fail", &mut ledger), Some("2026-11-05T00:00:00Z".to_owned()));
}

#[test]
#[cfg(unix)]
fn the_record_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state/ledger.sqlite");
    drop(Ledger::open(&path).unwrap());
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
}

#[test]
fn a_second_writer_is_told_to_wait() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.sqlite");
    let (mut one, mut two) = (Ledger::open(&path).unwrap(), Ledger::open_impatient(&path).unwrap());
    let writer = one.begin(&start(1)).unwrap();
    assert!(matches!(two.begin(&start(2)).map(drop), Err(LedgerError::Busy { .. })));
    drop(writer);
    two.begin(&start(3)).unwrap().finish(&end()).unwrap();
}

#[test]
fn a_database_of_another_program_is_refused_and_left_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.sqlite");
    rusqlite::Connection::open(&path).unwrap().execute_batch("CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('mine')").unwrap();
    let before = std::fs::read(&path).unwrap();
    let told = Ledger::open(&path).unwrap_err();
    assert!(matches!(told, LedgerError::Foreign { .. }), "{told}");
    assert!(std::fs::read(&path).unwrap() == before, "the file is changed");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn after_a_full_disk_nothing_more_of_the_run_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.sqlite");
    run(&mut Ledger::open(&path).unwrap(), 1, &[("a", "pass")]);
    let mut ledger = Ledger::open_with_page_limit(&path, 40).unwrap();
    let mut writer = ledger.begin(&start(2)).unwrap();
    let noise =
        |number: u32| (0..500u32).flat_map(|at| ((at * at) ^ number.wrapping_mul(2_654_435_761)).to_le_bytes()).collect::<Vec<u8>>();
    (0..10_000).find_map(|number| writer.put_document(&noise(number)).err()).expect("the disk is full at some point");
    // A caller that goes on must not get small things in that still fit.
    assert!(writer.put_document(b"small").is_err());
    assert!(writer.observe(&observed("a", "fail")).is_err());
    assert!(writer.gone("aws/1", "dat-01/aws/x").is_err());
    assert!(writer.finish(&end()).is_err());
    drop(ledger);
    let mut ledger = Ledger::open(&path).unwrap();
    assert_eq!((ledger.count_documents().unwrap(), changes(&ledger, 2)), (1, Vec::new()));
    run(&mut ledger, 3, &[("a", "pass")]);
    let outcomes: Vec<String> = ledger.runs(9).unwrap().into_iter().map(|run| run.outcome).collect();
    assert_eq!(outcomes, ["findings", "interrupted", "findings"]);
}

#[test]
fn a_document_that_claims_to_be_huge_or_unpacks_to_more_than_it_says_is_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.sqlite");
    let mut ledger = Ledger::open(&path).unwrap();
    let mut writer = ledger.begin(&start(1)).unwrap();
    let id = writer.put_document(&[7; 4000]).unwrap();
    writer.finish(&end()).unwrap();
    let raw = rusqlite::Connection::open(&path).unwrap();
    for size in [i64::MAX, -1, 0, 3999, 1 << 40] {
        raw.execute("UPDATE document SET size = ?1", [size]).unwrap();
        assert!(matches!(ledger.document(&id.sha256), Err(LedgerError::Damaged { .. })), "{size}");
    }
}

#[test]
fn a_verdict_on_a_document_of_an_earlier_run_stands_and_on_one_that_is_not_stored_is_an_error() {
    let mut ledger = Ledger::in_memory().unwrap();
    let mut writer = ledger.begin(&start(1)).unwrap();
    let id = writer.put_document(b"stored").unwrap();
    writer.finish(&end()).unwrap();
    let mut writer = ledger.begin(&start(2)).unwrap();
    writer.observe(&Observed { document: Some(id.sha256), ..observed("a", "pass") }).unwrap();
    let told = writer.observe(&Observed { document: Some([0xab; 32]), ..observed("b", "pass") }).unwrap_err();
    assert!(matches!(told, LedgerError::NoDocument { .. }), "{told}");
    assert!(told.to_string().contains("abababab"), "{told}");
}

#[test]
fn a_second_writer_goes_on_when_the_first_ends() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.sqlite");
    let (mut one, mut two) = (Ledger::open(&path).unwrap(), Ledger::open(&path).unwrap());
    let writer = one.begin(&start(1)).unwrap();
    std::thread::scope(|threads| {
        let second = threads.spawn(|| run(&mut two, 2, &[("b", "pass")]));
        std::thread::sleep(std::time::Duration::from_millis(200));
        assert!(!second.is_finished());
        writer.finish(&end()).unwrap();
        second.join().unwrap();
    });
    assert_eq!(two.runs(9).unwrap().len(), 2);
}

#[test]
fn an_instant_that_cannot_be_read_is_told_and_not_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.sqlite");
    let mut ledger = Ledger::open(&path).unwrap();
    run(&mut ledger, 1, &[("a", "fail")]);
    rusqlite::Connection::open(&path).unwrap().execute("UPDATE state SET failing_since = 'once'", []).unwrap();
    assert!(ledger.failing_since().is_err());
}

#[test]
fn a_file_is_stored_as_its_bytes_are() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("results.json");
    let bytes: Vec<u8> = (0..300_000u32).flat_map(u32::to_le_bytes).collect();
    std::fs::write(&file, &bytes).unwrap();
    let mut ledger = Ledger::in_memory().unwrap();
    let mut writer = ledger.begin(&start(1)).unwrap();
    let (one, two) = (writer.put_file(&file).unwrap(), writer.put_document(&bytes).unwrap());
    assert_eq!(one, two);
    writer.finish(&end()).unwrap();
    assert_eq!(ledger.document(&one.sha256).unwrap(), Some(bytes));
}
