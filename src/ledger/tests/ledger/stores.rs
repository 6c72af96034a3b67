//! The two stores, each with a place of its own for every test, and what the tests put into them.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use jiff::{Timestamp, ToSpan};
use ledger::{Detail, Event, Ledger, Location, Observed, Owner, Packed, RunEnded, RunStarted, Totals, Tx, hex};
use uuid::Uuid;

use crate::postgres::Postgres;

/// A place for a record, and what must live as long as it does.
pub struct Place {
    pub location: Location,
    _folder: tempfile::TempDir,
}

impl Place {
    pub fn open(&self) -> Ledger {
        Ledger::open(&self.location).unwrap()
    }
}

/// The cluster that the tests of this process share.
pub fn cluster(test: &str) -> Option<MutexGuard<'static, Postgres>> {
    static CLUSTER: OnceLock<Option<Mutex<Postgres>>> = OnceLock::new();
    let cluster = CLUSTER.get_or_init(|| Postgres::start(test).map(Mutex::new));
    cluster.as_ref().map(|cluster| cluster.lock().unwrap_or_else(PoisonError::into_inner))
}

/// A fresh place in every store that is here.
pub fn stores(test: &str) -> Vec<Place> {
    let folder = || tempfile::tempdir().unwrap();
    let own = folder();
    let mut places = vec![Place { location: Location::File(own.path().join("new/ledger.sqlite")), _folder: own }];
    if let Some(cluster) = cluster(test) {
        let database = cluster.database();
        places.push(Place { location: Location::Postgres(cluster.url(&database)), _folder: folder() });
    }
    places
}

/// Hours after the beginning of all tests.
pub fn at(hour: i64) -> Timestamp {
    "2026-11-23T06:00:00Z".parse::<Timestamp>().unwrap() + hour.hours()
}

pub fn begin(tx: &mut Tx, number: u128, hour: i64) -> Result<u64, ledger::LedgerError> {
    let started = RunStarted {
        at: at(hour),
        uuid: Uuid::from_u128(number),
        program: "assize".into(),
        inputs: "i".into(),
        scopes: vec!["aws/1".into()],
        tick: None,
    };
    tx.begin_run(&started, &Owner::this())
}

pub fn ended(run: u64, hour: i64) -> RunEnded {
    let totals = Totals { fail: 2, ..Totals::default() };
    RunEnded { at: at(hour), run, outcome: "findings".into(), totals, documents: Vec::new() }
}

/// An observation of a bucket with two checks; failures have something to say.
pub fn seen(run: u64, checks: u64, subject: &str, verdicts: &str, hour: i64) -> Observed {
    let document = Packed::new(format!("{subject} {hour}").as_bytes()).unwrap();
    let detail = |(place, letter): (usize, char)| {
        let detail = Detail { text: Some(format!("why {subject} {letter}")), ..Detail::default() };
        (letter == 'f').then_some((place as u32, detail))
    };
    Observed {
        at: at(hour),
        run,
        subject: format!("aws.s3.bucket/{subject}"),
        name: None,
        kind: "aws.s3.bucket".into(),
        scope: "aws/1".into(),
        checks,
        verdicts: verdicts.into(),
        details: verdicts.chars().enumerate().filter_map(detail).collect::<BTreeMap<_, _>>(),
        document: Some(hex(&document.sha256)),
        key: hex(&document.sha256),
        collected: Some(at(hour)),
        recheck_at: None,
    }
}

pub const CHECKS: [&str; 2] = ["dat-01/aws/a", "dat-02/aws/b"];

/// Carries out a run that sees these subjects with these verdicts; what it does not see is gone.
pub fn run(ledger: &mut Ledger, number: u128, hour: i64, subjects: &[(&str, &str)]) -> u64 {
    ledger
        .write(|tx| {
            let run = begin(tx, number, hour)?;
            let checks = tx.checks_of(at(hour), "aws.s3.bucket", "digest", &CHECKS.map(str::to_owned))?;
            for (subject, verdicts) in subjects {
                tx.put_document(&Packed::new(format!("{subject} {hour}").as_bytes())?)?;
                tx.append(&Event::Observed(seen(run, checks, subject, verdicts, hour)))?;
            }
            let whole = subjects.iter().map(|(subject, _)| format!("aws.s3.bucket/{subject}")).collect();
            tx.gone_but(at(hour), run, "aws.s3.bucket", "aws/1", &whole)?;
            tx.end_run(&ended(run, hour))?;
            Ok(run)
        })
        .unwrap()
}

/// What changed in a run, in few words.
pub fn changes(ledger: &mut Ledger, run: u64) -> Vec<String> {
    let told = |change: ledger::Transition| {
        let (check, subject) = (change.check.rsplit('/').next().unwrap().to_owned(), change.subject.rsplit('/').next().unwrap().to_owned());
        format!("{check} {subject} {}>{}", change.was.as_deref().unwrap_or(""), change.becomes)
    };
    ledger.transitions(run).unwrap().into_iter().map(told).collect()
}
