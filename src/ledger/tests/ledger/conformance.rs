//! Runs, states, histories, coverage, documents.

use ledger::{Event, LedgerError, Listed, Packed, Trust, hex};

use crate::stores::{at, begin, changes, ended, run, stores};

#[test]
fn what_changed_is_told_per_run_and_per_subject_and_what_did_not_is_not() {
    for place in stores("what_changed_is_told") {
        let mut ledger = place.open();
        let first = run(&mut ledger, 1, 0, &[("a", "fp"), ("b", "pp")]);
        assert_eq!(changes(&mut ledger, first), ["a a >fail", "b a >pass", "a b >pass", "b b >pass"]);
        let second = run(&mut ledger, 2, 1, &[("b", "pf")]);
        assert_eq!(changes(&mut ledger, second), ["b b pass>fail", "a a fail>gone", "b a pass>gone"]);
        let third = run(&mut ledger, 3, 2, &[("a", "fp"), ("b", "pf")]);
        assert_eq!(changes(&mut ledger, third), ["a a >fail", "b a >pass"]);
        let history = ledger.history("aws.s3.bucket/a", Some("dat-01/aws/a")).unwrap();
        let told: Vec<_> = history.iter().map(|change| (change.was.as_deref(), change.becomes.as_str(), change.run)).collect();
        assert_eq!(told, [(None, "fail", first), (Some("fail"), "gone", second), (None, "fail", third)]);
        assert_eq!(history[0].detail.text.as_deref(), Some("why a f"));
        let diff = ledger.diff(at(0), at(1)).unwrap();
        assert_eq!(
            diff.iter().map(|change| format!("{} {}", change.subject, change.becomes)).collect::<Vec<_>>(),
            ["aws.s3.bucket/a gone", "aws.s3.bucket/a gone", "aws.s3.bucket/b fail"]
        );
        assert_eq!(ledger.verify(&Trust::default()).unwrap().problems, Vec::<String>::new());
    }
}

#[test]
fn the_past_can_be_asked_for() {
    for place in stores("the_past_can_be_asked_for") {
        let mut ledger = place.open();
        run(&mut ledger, 1, 0, &[("a", "fp"), ("b", "pp")]);
        run(&mut ledger, 2, 5, &[("b", "pf")]);
        let mut stood = |hour| {
            let mut found = Vec::new();
            ledger
                .as_of(at(hour), &mut |one| {
                    found.push(format!("{} {} {}", one.seen.subject, one.seen.verdicts, one.checks.len()));
                    Ok(())
                })
                .unwrap();
            found
        };
        assert_eq!(stood(-1), Vec::<String>::new());
        assert_eq!(stood(3), ["aws.s3.bucket/a fp 2", "aws.s3.bucket/b pp 2"]);
        assert_eq!(stood(5), ["aws.s3.bucket/b pf 2"]);
    }
}

#[test]
fn a_gap_does_not_buy_time_and_a_pass_ends_it() {
    for place in stores("a_gap_does_not_buy_time") {
        let mut ledger = place.open();
        let mut since = |number, hour, verdicts| {
            run(&mut ledger, number, hour, &[("a", verdicts)]);
            let known = ledger.failing_since().unwrap();
            known.get(&("dat-01/aws/a".to_owned(), "aws/1".to_owned())).copied()
        };
        assert_eq!(since(1, 0, "fp"), Some(at(0)));
        assert_eq!(since(2, 1, "up"), Some(at(0)));
        assert_eq!(since(3, 2, "fp"), Some(at(0)));
        assert_eq!(since(4, 3, "pp"), None);
        assert_eq!(since(5, 4, "up"), None);
        assert_eq!(since(6, 5, "fp"), Some(at(5)));
        let open = ledger.open_verdicts().unwrap();
        assert_eq!((open.len(), open[0].since, open[0].failing_since), (1, at(5), Some(at(5))));
    }
}

#[test]
fn a_run_whose_process_is_gone_is_given_up_and_what_it_saw_stays() {
    for place in stores("a_run_whose_process_is_gone") {
        let mut ledger = place.open();
        ledger.write(|tx| begin(tx, 1, 0)).unwrap();
        // The owner is this process, which lives; make it one that does not.
        ledger.tamper("UPDATE work_run SET owner = replace(owner, '/', '/9')").unwrap();
        let second = run(&mut ledger, 2, 1, &[("a", "fp")]);
        let runs = ledger.runs(9).unwrap();
        let outcomes: Vec<&str> = runs.iter().map(|run| run.outcome.as_str()).collect();
        assert_eq!(outcomes.len(), 2);
        assert_eq!(outcomes[0], "findings");
        assert_eq!(runs[0].id, second);
        assert_eq!(ledger.run(&runs[1].uuid).unwrap().unwrap().id, runs[1].id);
        assert_eq!(ledger.verify(&Trust::default()).unwrap().problems, Vec::<String>::new());
    }
}

#[test]
fn an_ended_run_cannot_end_again() {
    for place in stores("an_ended_run_cannot_end_again") {
        let mut ledger = place.open();
        let number = run(&mut ledger, 1, 0, &[]);
        let before = ledger.size().unwrap();
        let again = ledger.write(|tx| tx.end_run(&ended(number, 1)));
        assert!(matches!(again, Err(LedgerError::Refused(_))), "{again:?}");
        assert_eq!(ledger.size().unwrap(), before, "nothing of a refused change is kept");
    }
}

#[test]
fn documents_are_stored_once_and_never_believed_without_their_hash() {
    for place in stores("documents_are_stored_once") {
        let mut ledger = place.open();
        let document = Packed::new(b"{\"Name\":\"a\"}").unwrap();
        for _ in 0..2 {
            ledger.write(|tx| tx.put_document(&document)).unwrap();
        }
        assert_eq!(ledger.count_documents().unwrap(), 1);
        assert_eq!(ledger.document(&document.sha256).unwrap().unwrap(), b"{\"Name\":\"a\"}");
        assert_eq!(ledger.document(&[0; 32]).unwrap(), None);
        ledger.tamper("UPDATE document SET size = size + 1").unwrap();
        assert!(matches!(ledger.document(&document.sha256), Err(LedgerError::Altered { .. })));
    }
}

#[test]
fn looks_are_kept_with_what_was_found_or_why_nobody_knows() {
    for place in stores("looks_are_kept") {
        let mut ledger = place.open();
        let look = |run, from, found: Option<u64>| Listed {
            at: at(from),
            run,
            kind: "aws.s3.bucket".into(),
            scope: "aws/1".into(),
            from: at(from),
            valid_until: at(from + 2),
            found,
            changed: 0,
            gap: found.is_none().then(|| ("s3:ListBuckets".into(), "AccessDenied".into())),
        };
        ledger
            .write(|tx| {
                let run = begin(tx, 1, 0)?;
                for (from, found) in [(0, Some(3)), (1, None), (9, Some(3))] {
                    tx.append(&Event::Listed(look(run, from, found)))?;
                }
                tx.end_run(&ended(run, 9))
            })
            .unwrap();
        let run = ledger.runs(1).unwrap()[0].id;
        assert_eq!(ledger.looks(at(2), at(5)).unwrap(), [look(run, 1, None)]);
        assert_eq!(ledger.looks(at(0), at(99)).unwrap().len(), 3);
        assert_eq!(ledger.latest_looks().unwrap(), [look(run, 9, Some(3))]);
        let neither = Listed { gap: None, ..look(run, 1, None) };
        assert!(ledger.write(|tx| tx.append(&Event::Listed(neither))).is_err());
    }
}

#[test]
fn what_nothing_stands_on_is_let_go_and_the_record_still_verifies() {
    for place in stores("what_nothing_stands_on_is_let_go") {
        let mut ledger = place.open();
        run(&mut ledger, 1, 0, &[("a", "fp"), ("b", "pp")]);
        run(&mut ledger, 2, 100, &[("a", "ff")]);
        run(&mut ledger, 3, 300, &[("a", "pf")]);
        assert_eq!(ledger.count_documents().unwrap(), 4);
        // `a 0` was replaced and `b` gone at hour 100; `a 100` was replaced at hour 300.
        assert_eq!(ledger.prune(at(301), at(200)).unwrap(), 2);
        assert_eq!(ledger.count_documents().unwrap(), 2);
        assert_eq!(ledger.prune(at(302), at(200)).unwrap(), 0);
        assert_eq!(ledger.verify(&Trust::default()).unwrap().problems, Vec::<String>::new());
        let gone = Packed::new(b"a 100").unwrap();
        ledger.tamper(&format!("DELETE FROM document WHERE sha256 <> {}", literal(&place.location, &gone.sha256))).unwrap();
        let problems = ledger.verify(&Trust::default()).unwrap().problems;
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].contains("is named and is not here"));
    }
}

fn literal(location: &ledger::Location, hash: &[u8; 32]) -> String {
    match location {
        ledger::Location::Postgres(_) => format!("'\\x{}'::bytea", hex(hash)),
        ledger::Location::File(_) | ledger::Location::Memory => format!("x'{}'", hex(hash)),
    }
}
