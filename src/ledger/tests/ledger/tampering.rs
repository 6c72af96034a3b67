//! What `verify` finds: every byte that was flipped, every row that was taken away, put in, moved or rolled back.

use ledger::{
    Event, ExemptionStep, FindingStep, Frozen, Ledger, Listed, Location, Looked, Owner, Packed, Signer, TickState, Trust, hex,
    kept_outside, merkle,
};
use serde_json::json;

use crate::stores::{at, begin, ended, run, stores};

fn signer() -> Signer {
    Signer::of_seed("example.org/assize", &[7; 32]).unwrap()
}

fn trust() -> Trust {
    Trust { keys: vec![signer().verifier().clone()], outside: Vec::new() }
}

/// Something in every table.
fn fill(ledger: &mut Ledger) {
    run(ledger, 1, 0, &[("a", "fp"), ("b", "pu"), ("c", "nn")]);
    run(ledger, 2, 1, &[("a", "pp"), ("b", "pf")]);
    let document = Packed::new(b"{}").unwrap();
    ledger
        .write(|tx| {
            let run = begin(tx, 3, 2)?;
            let (kind, scope) = ("aws.s3.bucket".to_owned(), "aws/1".to_owned());
            let (from, valid_until, found, gap) = (at(2), at(9), Some(2), None);
            tx.append(&Event::Listed(Listed { at: at(2), run, kind, scope, from, valid_until, found, changed: 0, gap }))?;
            let tick = tx.claim_tick(at(2), "daily", at(2), &Owner::this())?.unwrap();
            tx.end_tick(at(2), tick, TickState::Done, None)?;
            let source = "trail".to_owned();
            tx.advance(
                &Looked { at: at(2), source, since: at(0), until: at(2), watermark: at(2), events: 3, changes: 1, gap: None },
                at(0),
            )?;
            for (step, by) in [("requested", "ann"), ("approved", "bob")] {
                let (exemption, by) = ("EX-1".to_owned(), Some(by.to_owned()));
                tx.append(&Event::Exemption(ExemptionStep { at: at(2), exemption, step: step.into(), by, change: json!({}) }))?;
            }
            let finding = "dat-01/aws/1".to_owned();
            tx.append(&Event::Finding(FindingStep { at: at(2), run: None, finding, item: 1, step: "opened".into(), change: json!({}) }))?;
            tx.put_document(&document)?;
            tx.append(&Event::Frozen(Frozen { at: at(2), month: "2026-11".into(), document: hex(&document.sha256) }))?;
            let mut ended = ended(run, 3);
            ended.documents.push(("assessment-results".into(), hex(&document.sha256)));
            tx.end_run(&ended)
        })
        .unwrap();
    assert_eq!(ledger.prune(at(4), at(4)).unwrap(), 3);
    for number in 0..300 {
        ledger.write(|tx| tx.claim_tick(at(5), "often", at(5 + number), &Owner::this())).unwrap();
    }
    ledger.checkpoint(&signer(), at(9)).unwrap().unwrap();
}

/// A table and its columns that hold numbers, text and bytes.
type Columns = (&'static str, &'static [&'static str], &'static [&'static str], &'static [&'static str]);

/// Every table that is evidence.
const COLUMNS: &[Columns] = &[
    ("head", &["size", "named"], &[], &["edge"]),
    ("log", &["seq", "run", "subject"], &["kind", "at", "body"], &["leaf"]),
    ("tile", &["level", "place"], &[], &["root"]),
    ("name", &["id"], &["text"], &[]),
    ("document", &["size"], &[], &["sha256", "content"]),
    (
        "run",
        &["id", "pass", "fail", "unknown", "not_applicable", "vacuous", "exempt"],
        &["uuid", "started", "ended", "program", "inputs", "scopes", "outcome"],
        &[],
    ),
    ("run_document", &["run"], &["name"], &["sha256"]),
    ("checks", &["id"], &["kind", "digest", "list"], &[]),
    ("state", &["subject", "kind", "scope", "checks", "seq"], &["verdicts", "collected"], &["document", "key"]),
    ("open", &["subject", "check_name"], &["verdict", "since", "failing_since"], &[]),
    ("listed", &["seq", "run", "kind", "scope", "found", "changed"], &["started", "ended", "valid_until"], &[]),
    ("tick", &["id", "count"], &["schedule", "due", "state", "started"], &[]),
    ("watermark", &["seq"], &["source", "at"], &[]),
    ("looked", &["seq", "events", "changes"], &["source", "since", "until"], &[]),
    ("exemption", &["name", "round", "seq"], &["state", "requested_by", "approved_by"], &[]),
    ("item", &["number", "finding", "opened", "seq"], &["state"], &[]),
    ("frozen", &["seq"], &["month"], &["sha256"]),
    ("pruned", &["seq"], &[], &["sha256"]),
    ("checkpoint", &["size"], &["note", "at"], &["root"]),
];

/// One row of a table, by its place in the order of the database.
fn one_row(table: &str, location: &Location) -> String {
    let id = if matches!(location, Location::Postgres(_)) { "ctid" } else { "rowid" };
    format!("{id} = (SELECT {id} FROM {table} ORDER BY {id} LIMIT 1)")
}

fn alterations(location: &Location) -> Vec<String> {
    let flipped = match location {
        Location::Postgres(_) => "set_byte({}, 0, 255 - get_byte({}, 0))",
        Location::File(_) | Location::Memory => "CAST(x'ff' || substr({}, 2) AS BLOB)",
    };
    let mut all = Vec::new();
    for (table, numbers, texts, blobs) in COLUMNS {
        let row = one_row(table, location);
        all.extend(numbers.iter().map(|column| format!("UPDATE {table} SET {column} = coalesce({column}, 0) + 1000000 WHERE {row}")));
        all.extend(texts.iter().map(|column| format!("UPDATE {table} SET {column} = 'x' || substr({column}, 2) || ' ' WHERE {row}")));
        all.extend(blobs.iter().map(|column| format!("UPDATE {table} SET {column} = {} WHERE {row}", flipped.replace("{}", column))));
        all.push(format!("DELETE FROM {table} WHERE {row}"));
    }
    // Moved: two entries change places, with their hashes.
    all.push("UPDATE log SET seq = -1 WHERE seq = 3; UPDATE log SET seq = 3 WHERE seq = 4; UPDATE log SET seq = 4 WHERE seq = -1".into());
    // Cut off at the end, with a head that fits what is left of the numbers.
    all.push("DELETE FROM log WHERE seq = (SELECT max(seq) FROM log); UPDATE head SET size = size - 1".into());
    all
}

#[test]
fn every_altered_removed_or_moved_row_is_found() {
    for place in stores("every_altered_row_is_found") {
        let mut ledger = place.open();
        fill(&mut ledger);
        let whole = ledger.verify(&trust()).unwrap();
        assert_eq!(whole.problems, Vec::<String>::new());
        assert_eq!((whole.checkpoints, whole.unsigned), (1, 1), "that it was signed is an entry");
        let mut tried = 0;
        for alteration in alterations(&place.location) {
            ledger.tamper("BEGIN").unwrap();
            match ledger.tamper(&alteration) {
                // The database itself refuses some: two rows with one key, an approver who asked.
                Err(_) => {}
                Ok(()) => {
                    tried += 1;
                    // An alteration that makes the record unreadable is found, too.
                    let problems = ledger.verify(&trust()).map_or_else(|error| vec![error.to_string()], |found| found.problems);
                    assert!(!problems.is_empty(), "not found: {alteration}");
                }
            }
            ledger.tamper("ROLLBACK").unwrap();
        }
        assert!(tried > 90, "{tried}");
        assert_eq!(ledger.verify(&trust()).unwrap().problems, Vec::<String>::new());
    }
}

#[test]
fn a_record_that_was_rolled_back_or_made_anew_is_found_by_what_was_kept_outside() {
    let folder = tempfile::tempdir().unwrap();
    let (path, copy, outside) = (folder.path().join("l.sqlite"), folder.path().join("old.sqlite"), folder.path().join("checkpoints"));
    let mut ledger = Ledger::open_file(&path).unwrap();
    run(&mut ledger, 1, 0, &[("a", "fp")]);
    ledger.tamper("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    std::fs::copy(&path, &copy).unwrap();
    run(&mut ledger, 2, 1, &[("a", "pp")]);
    let note = ledger.checkpoint(&signer(), at(2)).unwrap().unwrap();
    assert_eq!(ledger.checkpoint(&signer(), at(2)).unwrap(), None, "nothing was added");
    ledger::keep_outside(&outside, &note).unwrap();
    ledger::keep_outside(&outside, &note).unwrap();
    let notes = kept_outside(&outside).unwrap();
    assert_eq!(notes, [note.clone(), note]);
    let trust = Trust { outside: notes, ..trust() };
    assert_eq!(ledger.verify(&trust).unwrap().problems, Vec::<String>::new());
    let mut old = Ledger::open_file(&copy).unwrap();
    assert_eq!(old.verify(&Trust::default()).unwrap().problems, Vec::<String>::new(), "by itself it is whole");
    let problems = old.verify(&trust).unwrap().problems;
    assert!(problems.iter().any(|problem| problem.contains("rolled back")), "{problems:?}");
    // Another history after the same beginning.
    run(&mut old, 2, 1, &[("a", "fp")]);
    let problems = old.verify(&trust).unwrap().problems;
    assert!(problems.iter().any(|problem| problem.contains("not those that were signed")), "{problems:?}");
}

#[test]
fn an_entry_is_proven_to_somebody_who_has_the_checkpoint_only() {
    for place in stores("an_entry_is_proven") {
        let mut ledger = place.open();
        fill(&mut ledger);
        let (size, _, note) = ledger.last_checkpoint().unwrap().unwrap();
        let checkpoint = signer().verifier().open(&note).unwrap();
        for seq in [0, 1, 5, 255, 256, size - 1] {
            let proof = ledger.proof(seq).unwrap().unwrap();
            let root = merkle::root_of(merkle::leaf(proof.entry.as_bytes()), seq, size, &proof.beside);
            assert_eq!(root, Some(checkpoint.root), "{seq}");
            assert!(proof.text().starts_with(&format!("c2sp.org/tlog-proof@v1\nindex {seq}\n")));
        }
        assert_eq!(ledger.proof(size).unwrap(), None);
    }
}
