//! The daemon is killed at random moments, over and over, and another goes on: nothing is lost, nothing is doubled, nothing is stuck.
//! `ASSIZE_KILLS=1000` kills as often as a release should be; a test run kills a few times.

#[path = "../../ledger/tests/ledger/postgres.rs"]
mod postgres;

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use ledger::{Ledger, Location, TickRow, TickState, Trust};
use postgres::Postgres;

/// The period of the schedule.
const PERIOD: i64 = 2;

fn kills() -> u64 {
    std::env::var("ASSIZE_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(12)
}

fn configure(folder: &Path) {
    let root = tests::parts::root().display().to_string();
    let text = format!(
        "organization = \"Example\"\n[assess]\nprofile = \"{root}/catalogs/profile-wave-1-2.json\"\ncontrols = \"{root}/controls\"\n\
         frameworks = \"{root}/catalogs/frameworks\"\nmappings = \"{root}/catalogs/mappings\"\n\
         [[scope]]\nname = \"estate\"\nsnapshot = \"{root}/tests/estate\"\n[[schedule]]\nname = \"often\"\nevery = \"{PERIOD}s\"\n\
         [daemon]\nlisten = \"127.0.0.1:0\"\nlog = \"text\"\n"
    );
    std::fs::write(folder.join("config.toml"), text).unwrap();
}

fn daemon(folder: &Path, ledger: &str) -> Child {
    let log = std::fs::OpenOptions::new().append(true).create(true).open(folder.join("log")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_assize"));
    command.current_dir(folder).args(["daemon", "--ledger", ledger, "--output", "out"]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().unwrap()
}

/// What is not as it must be.
fn wrong(ledger: &mut Ledger) -> Vec<String> {
    let mut wrong = ledger.verify(&Trust::default()).unwrap().problems;
    let ticks = ledger.ticks(None, Timestamp::UNIX_EPOCH, Timestamp::MAX).unwrap();
    let unfinished = ticks.iter().filter(|tick| !tick.state.is_over());
    wrong.extend(unfinished.map(|tick| format!("stuck: {tick:?}")));
    // Every due time from the first to the last is there, once.
    let mut next: Option<Timestamp> = None;
    for tick in &ticks {
        if next.is_some_and(|next| next != tick.due) {
            wrong.push(format!("due at {next:?}, and the next on record is {}", tick.due));
        }
        let last = tick.until.unwrap_or(tick.due);
        if last.duration_since(tick.due).as_secs() / PERIOD + 1 != tick.count as i64 {
            wrong.push(format!("counted wrongly: {tick:?}"));
        }
        next = Some(last + SignedDuration::from_secs(PERIOD));
    }
    let runs = ledger.runs(u32::MAX).unwrap();
    wrong.extend(runs.iter().filter(|run| run.outcome == "running").map(|run| format!("a run goes on: {}", run.uuid)));
    let done = |state| ticks.iter().filter(|tick| tick.state == state).count();
    let whole = runs.iter().filter(|run| run.outcome != "interrupted").count();
    if whole != done(TickState::Done) {
        wrong.push(format!("{whole} runs ended and {} ticks are done", done(TickState::Done)));
    }
    if ledger.open_verdicts().unwrap().len() != FAILING {
        wrong.push(format!("{} verdicts are open", ledger.open_verdicts().unwrap().len()));
    }
    wrong
}

/// Failures and unknowns of the recorded estate.
const FAILING: usize = 144;

/// On the database of this URL, or on a file.
fn killed_over_and_over(url: Option<String>) {
    let folder = tempfile::tempdir().unwrap();
    configure(folder.path());
    let place = url.unwrap_or_else(|| folder.path().join("ledger.sqlite").display().to_string());
    // Moments that differ and can be had again: the low bits of a linear congruence.
    let mut seed = 0x2026_1127_u64;
    for _ in 0..kills() {
        let mut daemon = daemon(folder.path(), &place);
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        std::thread::sleep(Duration::from_millis(50 + (seed >> 33) % 2_500));
        assert!(
            daemon.try_wait().unwrap().is_none(),
            "it ended by itself: {}",
            std::fs::read_to_string(folder.path().join("log")).unwrap()
        );
        daemon.kill().unwrap();
        daemon.wait().unwrap();
    }
    // The last one may live until it has gone round, and is asked to end.
    let since = Timestamp::now();
    let mut last = daemon(folder.path(), &place);
    let mut ledger = Ledger::open(&Location::of(&place)).unwrap();
    let patience = std::time::Instant::now() + Duration::from_secs(120);
    let done = |ledger: &mut Ledger| {
        ledger.ticks(None, Timestamp::UNIX_EPOCH, Timestamp::MAX).unwrap().iter().any(|tick| by_the_last(tick, since))
    };
    while !done(&mut ledger) {
        assert!(std::time::Instant::now() < patience, "nothing is done: {}", std::fs::read_to_string(folder.path().join("log")).unwrap());
        std::thread::sleep(Duration::from_millis(200));
    }
    assert!(Command::new("kill").arg(last.id().to_string()).status().unwrap().success());
    assert!(last.wait().unwrap().success(), "{}", std::fs::read_to_string(folder.path().join("log")).unwrap());
    assert_eq!(wrong(&mut ledger), Vec::<String>::new());
    // The same eyes see it when something is lost or stuck.
    let tampered = [
        "DELETE FROM tick WHERE due = (SELECT max(due) FROM tick WHERE due < (SELECT max(due) FROM tick))",
        "UPDATE tick SET state = 'running'",
    ];
    for tampering in tampered {
        ledger.tamper("BEGIN").unwrap();
        ledger.tamper(tampering).unwrap();
        assert!(wrong(&mut ledger).len() > 1, "{tampering}");
        ledger.tamper("ROLLBACK").unwrap();
    }
}

/// Done by the daemon that was not killed.
fn by_the_last(tick: &TickRow, since: Timestamp) -> bool {
    tick.state == TickState::Done && tick.started.is_some_and(|started| started > since)
}

#[test]
fn killed_over_and_over_on_sqlite() {
    killed_over_and_over(None);
}

#[test]
fn killed_over_and_over_on_postgresql() {
    let Some(cluster) = Postgres::start("killed_over_and_over_on_postgresql") else { return };
    let database = cluster.database();
    killed_over_and_over(Some(cluster.url(&database)));
}
