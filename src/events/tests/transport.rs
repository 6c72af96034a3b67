//! Files and bodies as they come: rotated, half written, cut, far too large, and in the wrong form.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, SystemTime};

use events::transport::{Folder, Format, LONGEST_RECORD, LastLine, Layout, body, read_file};
use events::{Actor, ActorKind, Ended, Event, EventSource, Outcome, Raw, Span, Window};
use flate2::{Compression, write::GzEncoder};
use inventory::Scope;
use serde_json::Value;

const LINES: Format = Format { source: "toy.log", layout: Layout::Lines, records, event };
const DOCUMENT: Format = Format { layout: Layout::Document, ..LINES };

fn records(mut document: Value) -> Result<Vec<Value>, String> {
    match document.get_mut("Records").map(Value::take) {
        Some(Value::Array(records)) => Ok(records),
        _ if document.get("id").is_some() => Ok(vec![document]),
        _ => Err("no `Records`".into()),
    }
}

/// A toy record is `{"id", "at"}`; one with `other` tells of no event.
fn event(at: &Scope, record: Value) -> Result<Option<Event>, String> {
    if record.get("other").is_some() {
        return Ok(None);
    }
    let text = |name: &str| record.get(name).and_then(Value::as_str).ok_or_else(|| format!("no `{name}`"));
    Ok(Some(Event {
        source: "toy.log".into(),
        id: text("id")?.into(),
        at: text("at")?.parse().map_err(|_| "`at` is no time".to_owned())?,
        received: None,
        scope: at.clone(),
        action: "toy:Do".into(),
        actor: Actor { id: "alice".into(), name: None, kind: ActorKind::User, session: None },
        outcome: Outcome::Success,
        touched: Vec::new(),
        address: None,
        read_only: false,
        classes: Default::default(),
        raw: Raw::redacted(record),
    }))
}

fn scope() -> Scope {
    Scope::account("toy", "1")
}

fn line(id: &str, minute: u32) -> String {
    format!("{{\"id\":\"{id}\",\"at\":\"2027-03-01T10:{minute:02}:00Z\"}}\n")
}

fn zipped(text: &str) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(text.as_bytes()).unwrap();
    packed.finish().unwrap()
}

/// Writes a file as if it had last been written in this minute.
fn put(folder: &Path, name: &str, content: impl AsRef<[u8]>, minute: u64) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, content).unwrap();
    let ten = 1_803_895_200;
    let written = SystemTime::UNIX_EPOCH + Duration::from_secs(ten + minute * 60);
    File::options().write(true).open(&path).unwrap().set_modified(written).unwrap();
}

fn ids(format: &Format, path: &Path, last: LastLine) -> (Vec<String>, Option<String>) {
    let mut ids = Vec::new();
    let ended = read_file(format, &scope(), path, last, &mut |event| {
        ids.push(event.id);
        true
    });
    let error = ended.err().map(|error| error.to_gap("toy.log").detail.unwrap().replace(&path.display().to_string(), "FILE"));
    (ids, error)
}

fn window(from: u32, to: u32) -> Window {
    let at = |minute: u32| format!("2027-03-01T10:{minute:02}:00Z").parse().unwrap();
    Window { span: Span { from: at(from), to: at(to) }, since: at(from), lost: None }
}

#[test]
fn a_line_that_is_still_being_written_is_left_for_the_next_reading() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("audit.log");
    fs::write(&path, line("a", 1) + "\n" + &line("b", 2) + &line("c", 3)[..20]).unwrap();
    assert_eq!(ids(&LINES, &path, LastLine::MayBeCut), (vec!["a".into(), "b".into()], None));
    let (read, error) = ids(&LINES, &path, LastLine::MustEnd);
    assert_eq!(read, ["a", "b"]);
    assert!(error.unwrap().starts_with("`FILE:4` is no JSON: EOF"));
    fs::write(&path, line("a", 1) + line("b", 2).trim_end()).unwrap();
    assert_eq!(ids(&LINES, &path, LastLine::MustEnd).0, ["a", "b"], "a whole record needs no end of line");
}

#[test]
fn what_is_wrong_is_said_with_file_and_line_and_what_came_before_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("audit.log");
    let good = line("a", 1);
    let long = format!("{{\"id\":\"{}\"}}\n", "x".repeat(LONGEST_RECORD));
    for (bad, told) in [
        ("{\"id\":\n", "`FILE:2` is no JSON"),
        ("not json\n", "`FILE:2` is no JSON"),
        ("{\"id\":\"b\"}\n", "`FILE:2` is no record of `toy.log`: no `at`"),
        ("{\"id\":\"b\",\"at\":\"yesterday\"}\n", "`FILE:2` is no record of `toy.log`: `at` is no time"),
        (long.as_str(), "`FILE:2` is larger than 4194304 bytes"),
    ] {
        fs::write(&path, good.clone() + bad + &good).unwrap();
        let (read, error) = ids(&LINES, &path, LastLine::MayBeCut);
        assert_eq!(read, ["a"]);
        let error = error.unwrap();
        assert!(error.starts_with(told), "{error}");
    }
    let packed = zipped(&(line("a", 1) + &line("b", 2).repeat(2_000)));
    for cut in [packed.len() - 1, packed.len() - 9, packed.len() / 2, 12] {
        fs::write(&path, &packed[..cut]).unwrap();
        let error = ids(&LINES, &path, LastLine::MayBeCut).1.unwrap();
        assert!(error.contains("`FILE:") && error.contains("it was cut"), "{cut}: {error}");
    }
    fs::write(&path, &packed).unwrap();
    assert_eq!(ids(&LINES, &path, LastLine::MustEnd).0.len(), 2_001);
}

#[test]
fn a_document_holds_its_records_and_names_the_one_that_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("1.json.gz");
    let whole = format!("{{\"Records\":[{},{}]}}", line("a", 1), line("b", 2));
    fs::write(&path, zipped(&whole)).unwrap();
    assert_eq!(ids(&DOCUMENT, &path, LastLine::MustEnd), (vec!["a".into(), "b".into()], None));
    fs::write(&path, "{\"Records\":[{\"other\":1},{\"id\":\"x\"}]}").unwrap();
    assert_eq!(ids(&DOCUMENT, &path, LastLine::MustEnd).1.unwrap(), "record 2 of `FILE` is no record of `toy.log`: no `at`");
    fs::write(&path, "{\"Message\":1}").unwrap();
    assert_eq!(ids(&DOCUMENT, &path, LastLine::MustEnd).1.unwrap(), "`FILE` is no record of `toy.log`: no `Records`");
}

#[test]
fn a_bomb_is_refused_before_it_is_held() {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    let block = vec![b' '; 1 << 20];
    (0..80).for_each(|_| packed.write_all(&block).unwrap());
    let bomb = packed.finish().unwrap();
    assert!(bomb.len() < 200_000);
    let error = body(&LINES, &scope(), &bomb).unwrap_err().to_string();
    assert!(error.contains("larger than"), "{error}");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("1.json.gz");
    fs::write(&path, &bomb).unwrap();
    assert!(ids(&DOCUMENT, &path, LastLine::MustEnd).1.unwrap().contains("larger than"));
    assert!(ids(&LINES, &path, LastLine::MustEnd).1.unwrap().contains("larger than"));
}

#[test]
fn a_body_is_a_document_or_lines_and_one_bad_record_does_not_hide_the_others() {
    let lines = line("a", 1) + &line("b", 2);
    for bytes in [lines.clone().into_bytes(), zipped(&lines), format!("{{\"Records\":[{},{}]}}", line("a", 1), line("b", 2)).into_bytes()] {
        let pushed = body(&LINES, &scope(), &bytes).unwrap();
        assert_eq!(pushed.events.iter().map(|event| event.id.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    }
    let pushed = body(&LINES, &scope(), format!("{{\"Records\":[{{\"id\":\"x\"}},{}]}}", line("b", 2)).as_bytes()).unwrap();
    assert_eq!((pushed.events.len(), pushed.refused.len()), (1, 1));
    assert_eq!(pushed.refused[0].to_string(), "record 1 of the body is no record of `toy.log`: no `at`");
    for bytes in [&b""[..], b"hello", b"{\"Records\":", b"\x1f\x8b\x08", b"[1, 2]", b"{\"a\":1}\n{"] {
        assert!(body(&LINES, &scope(), bytes).is_err(), "{}", String::from_utf8_lossy(bytes));
    }
    let deep = "[".repeat(100_000);
    assert!(body(&LINES, &scope(), deep.as_bytes()).is_err());
}

#[test]
fn a_folder_is_read_through_its_rotations_and_only_what_can_hold_the_window() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    put(at, "audit-1.log.gz", zipped(&(line("old", 1) + &line("early", 11))), 12);
    put(at, "audit-2.log", line("middle", 15) + &line("late", 21), 22);
    put(at, "audit.log", line("newer", 29) + &line("half", 30)[..10], 31);
    put(at, "long-ago.log", "this is not read at all", 5);
    put(at, "notes.txt", "nor is this", 25);
    put(at, "2027/03/01/eu/deep.json", line("deep", 18), 19);
    let log = Folder::new(LINES, at, vec![scope()]);
    let reading = log.read_window(&scope(), &window(10, 30));
    let mut names: Vec<&str> = reading.events.iter().map(|event| event.id.as_str()).collect();
    names.sort_unstable();
    assert_eq!((names, &reading.ended), (vec!["deep", "early", "late", "middle", "newer"], &Ended::Complete));
    let one = Folder::new(LINES, at.join("audit.log"), vec![scope()]);
    assert_eq!(one.read_window(&scope(), &window(10, 30)).events.len(), 4, "the file and what it was rotated into, nothing else");
    assert_eq!((one.name(), one.scopes()), ("toy.log", &[scope()][..]));
}

#[test]
fn silence_is_a_gap_and_not_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let log = Folder::new(LINES, at, vec![scope()]);
    let cause = |window: &Window| match log.read_window(&scope(), window).ended {
        Ended::Complete => "complete".to_owned(),
        Ended::Gap(gap) => gap.cause,
    };
    assert_eq!(cause(&window(10, 30)), "Silent", "an empty folder");
    put(at, "audit.log", line("a", 20), 20);
    assert_eq!(cause(&window(10, 30)), "Silent", "nothing since the window's end");
    assert_eq!(cause(&window(10, 20)), "complete");
    put(at, "audit.log", line("a", 20) + "{\"id\":", 25);
    assert_eq!(cause(&window(10, 30)), "Malformed", "a line that nobody finished before the window was over");
    put(at, "audit.log", line("a", 20) + "{\"id\":", 31);
    assert_eq!(cause(&window(10, 30)), "complete");
    assert_eq!(log.read_window(&Scope::account("toy", "2"), &window(10, 30)).events.len(), 0, "of another place");
    let gone = Folder::new(LINES, at.join("no-such-folder"), vec![scope()]);
    assert!(matches!(gone.read_window(&scope(), &window(10, 30)).ended, Ended::Gap(gap) if gap.cause == "Unreadable"));
}
