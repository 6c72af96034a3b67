//! No record, an empty one, and one that is somebody else's.

use crate::common::{assize, text};
use crate::places::empty;

const ASKING: &[&[&str]] = &[
    &["verify"],
    &["runs"],
    &["history", "V-0001"],
    &["diff", "latest~1", "latest"],
    &["coverage", "--from", "2026-11-01"],
    &["poam"],
    &["exemption", "list"],
    &["exemption", "export", "--format", "csv"],
    &["schedule", "history"],
    &["ledger", "prove", "0"],
    &["ledger", "prune", "--before", "2026-01-01"],
];

#[test]
fn asking_never_makes_a_record_and_says_where_none_is() {
    for place in empty("asking_never_makes_a_record") {
        for args in ASKING {
            let told = place.complains(2, args);
            assert!(told.contains("there is no ledger at") && !told.contains("panicked"), "{args:?}: {told}");
        }
        assert!(!place.path("ledger.sqlite").exists());
    }
}

#[test]
fn an_empty_record_is_told_as_what_it_is() {
    for place in empty("an_empty_record") {
        drop(ledger::Ledger::open(&ledger::Location::of(&place.ledger)).unwrap());
        assert!(place.says(0, &["verify"]).contains("the record is whole"));
        assert!(place.says(0, &["runs"]).contains("no run is on record"));
        assert!(place.complains(2, &["history", "V-0001"]).contains("there is no item"));
        assert!(place.complains(2, &["history", "bucket"]).contains("no resource on record"));
        assert!(place.complains(2, &["diff", "latest~1", "latest"]).contains("0 are on record"));
        let never = place.says(1, &["coverage", "--from", "2026-11-01"]);
        assert!(never.contains("nobody ever looked"), "{never}");
        assert!(place.complains(0, &["poam"]).contains("no item is open"));
        assert!(place.says(0, &["exemption", "list"]).contains("no exemption"));
        assert!(place.complains(2, &["ledger", "prove", "0"]).contains("there is no entry 0"));
        assert!(place.complains(2, &["ledger", "checkpoint"]).contains("nobody signs"));
    }
}

#[test]
fn what_is_no_ledger_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notes.txt");
    std::fs::write(&file, "these are my notes, and no database at all").unwrap();
    for args in ASKING {
        let all = [args, &["--ledger", file.to_str().unwrap()][..]].concat();
        let done = assize(&all);
        assert!(matches!(done.status.code(), Some(2 | 5)), "{args:?}: {}", text(&done.stderr));
        assert!(text(&done.stderr).contains("notes.txt"), "{args:?}: {}", text(&done.stderr));
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "these are my notes, and no database at all");
}
