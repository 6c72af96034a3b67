//! `verify`, keys, checkpoints and proofs.

use crate::common::{assize, text};
use crate::places::{CLOSED, LATER, Place, assessed};
use ledger::{Ledger, Location, Verifier, merkle};

/// A key of the place's own, configured with a file outside.
fn sign(place: &Place) -> Verifier {
    let key = place.path("assize.key");
    let made = assize(&["ledger", "keygen", key.to_str().unwrap(), "--name", "example.org/assize"]);
    assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
    place.configure("");
    let config = std::fs::read_to_string(place.path("config.toml")).unwrap();
    let ledger = "[ledger]\nkey = \"assize.key\"\ncheckpoints = \"checkpoints.txt\"\n";
    std::fs::write(place.path("config.toml"), config + ledger).unwrap();
    text(&made.stdout).trim().parse().unwrap()
}

#[test]
fn a_key_is_its_owners_alone_and_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("key");
    let keygen = |name: &str| assize(&["ledger", "keygen", key.to_str().unwrap(), "--name", name]);
    assert_eq!(keygen("two words").status.code(), Some(2));
    assert!(!key.exists());
    let made = keygen("example.org/assize");
    assert!(text(&made.stdout).starts_with("example.org/assize+") && made.status.success());
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&key.metadata().unwrap().permissions()) & 0o777, 0o600);
    let before = std::fs::read(&key).unwrap();
    let again = keygen("example.org/assize");
    assert_eq!(again.status.code(), Some(2));
    assert!(text(&again.stderr).contains("is there already"));
    assert_eq!(std::fs::read(&key).unwrap(), before);
}

#[test]
fn a_whole_record_verifies_and_says_what_is_not_signed_and_an_altered_one_is_exit_code_1() {
    for place in assessed("a_whole_record_verifies") {
        let warned = place.complains(0, &["verify"]);
        assert!(warned.contains("no key is known"), "{warned}");
        let verifier = sign(&place);
        assert!(place.complains(0, &["verify"]).contains("nothing is signed"));
        let note = place.says(0, &["ledger", "checkpoint", "--now", LATER]);
        assert!(verifier.open(&note).is_some(), "{note}");
        assert!(place.complains(0, &["ledger", "checkpoint"]).contains("nothing was added"));
        let whole = place.json(0, &["verify"]);
        assert_eq!((&whole["whole"], &whole["checkpoints"], &whole["kept-outside"]), (&true.into(), &1.into(), &1.into()), "{whole:#}");
        assert!(whole["entries"].as_u64().unwrap() > 300 && whole["documents"].as_u64().unwrap() > 100, "{whole:#}");
        assert!(place.says(0, &["verify"]).contains("the record is whole"));
        // A key that nobody signed with.
        let other = assize(&["ledger", "keygen", place.path("other").to_str().unwrap(), "--name", "other"]);
        let other = text(&other.stdout);
        std::fs::write(place.path("bare.toml"), "").unwrap();
        let bare = place.path("bare.toml");
        let foreign = assize(&["verify", "--ledger", &place.ledger, "--config", bare.to_str().unwrap(), "--key", other.trim()]);
        assert_eq!(foreign.status.code(), Some(1));
        assert!(text(&foreign.stdout).contains("not signed by a known key"), "{}", text(&foreign.stdout));
        // The file that was kept outside is not there any more.
        let outside = place.path("checkpoints.txt");
        std::fs::rename(&outside, place.path("moved")).unwrap();
        assert!(place.complains(2, &["verify"]).contains("cannot read the checkpoints"));
        std::fs::rename(place.path("moved"), &outside).unwrap();
        Ledger::open(&Location::of(&place.ledger)).unwrap().tamper("UPDATE state SET verdicts = 'p' || substr(verdicts, 2)").unwrap();
        let said = place.says(1, &["verify"]);
        assert!(said.contains("THE RECORD WAS ALTERED") && said.contains("table `state`"), "{said}");
    }
}

#[test]
fn an_assessment_is_signed_by_itself_where_somebody_signs() {
    for place in crate::places::empty("an_assessment_is_signed") {
        sign(&place);
        place.run(LATER);
        let whole = place.json(0, &["verify"]);
        assert_eq!((&whole["checkpoints"], &whole["unsigned"]), (&1.into(), &1.into()), "{whole:#}");
        std::fs::write(place.path("assize.key"), "nonsense\n").unwrap();
        let out = place.path("other");
        let refused = place.complains(2, &["assess", "--output", out.to_str().unwrap()]);
        assert!(refused.contains("not 32 bytes in base64") && !out.exists(), "{refused}");
    }
}

#[test]
fn an_entry_and_the_end_of_a_run_are_proven_by_text_that_holds() {
    for place in assessed("an_entry_is_proven_by_the_program") {
        assert!(place.complains(2, &["ledger", "prove", "0"]).contains("no checkpoint was signed yet"));
        let verifier = sign(&place);
        place.says(0, &["ledger", "checkpoint"]);
        let entry = place.path("entry.json");
        for name in ["0", "17", "latest", "latest~1"] {
            let proof = place.says(0, &["ledger", "prove", name, "--entry", entry.to_str().unwrap()]);
            let body = std::fs::read(&entry).unwrap();
            let (head, note) = proof.split_once("\n\n").unwrap();
            let mut lines = head.lines();
            assert_eq!(lines.next(), Some("c2sp.org/tlog-proof@v1"));
            let index: u64 = lines.next().unwrap().strip_prefix("index ").unwrap().parse().unwrap();
            let hashes: Vec<[u8; 32]> =
                lines.map(|line| data_encoding::BASE64.decode(line.as_bytes()).unwrap().try_into().unwrap()).collect();
            let signed = verifier.open(note).unwrap();
            assert_eq!(merkle::root_of(merkle::leaf(&body), index, signed.size, &hashes), Some(signed.root), "{name}");
            if name.starts_with("latest") {
                assert!(String::from_utf8(body).unwrap().starts_with("{\"run-ended\""));
            }
        }
        assert!(place.complains(2, &["ledger", "prove", "1000000"]).contains("there is no entry 1000000"));
        assert!(place.complains(2, &["ledger", "prove", "nothing"]).contains("there is no run `nothing`"));
        place.run("2026-11-26T06:00:00Z");
        Ledger::open(&Location::of(&place.ledger)).unwrap();
    }
}

#[test]
fn what_was_replaced_is_let_go_only_when_that_is_asked_for() {
    for place in assessed("what_was_replaced_is_let_go") {
        assert!(place.complains(2, &["ledger", "prune"]).contains("kept for good"));
        assert!(place.complains(2, &["ledger", "prune", "--before", "2999-01-01"]).contains("yet to come"));
        let said = place.says(0, &["ledger", "prune", "--before", "2026-11-25", "--now", LATER]);
        assert!(said.starts_with("0 documents"), "what was replaced on that day is newer: {said}");
        let said = place.says(0, &["ledger", "prune", "--before", LATER, "--now", LATER]);
        assert!(said.starts_with("2 documents"), "the bucket that changed and the one that is gone: {said}");
        assert_eq!(place.json(0, &["verify"])["problems"], serde_json::json!([]));
        assert!(!place.says(0, &["history", CLOSED]).is_empty(), "what was said of it stays");
    }
}
