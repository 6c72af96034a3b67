//! Runs, what changed between them, what became of things, and when nobody looked.

use serde_json::Value;

use crate::common::{assize, read, text};
use crate::places::{CLOSED, DELETED, FIRST, LATER, SECOND, assessed};

#[test]
fn runs_are_listed_and_their_difference_is_what_changed_in_the_estate() {
    for place in assessed("runs_are_listed") {
        let runs = place.json(0, &["runs"]);
        assert_eq!(runs.as_array().unwrap().len(), 2);
        assert_eq!((&runs[0]["started"], &runs[1]["started"]), (&SECOND.into(), &FIRST.into()));
        let said = place.says(0, &["runs", "--limit", "1"]);
        assert!(said.contains("2026-11-25T06:00:00Z") && !said.contains("2026-11-24T06:00:00Z"), "{said}");
        let changes = place.json(1, &["diff", "latest~1", "latest"]);
        let of = |id: &str| -> Vec<&Value> {
            changes.as_array().unwrap().iter().filter(|change| change["subject"] == format!("aws.s3.bucket/{id}")).collect()
        };
        assert!(of(CLOSED).iter().any(|change| change["was"] == "fail" && change["becomes"] == "pass"), "{changes:#}");
        assert!(!of(DELETED).is_empty() && of(DELETED).iter().all(|change| change["becomes"] == "gone"), "{changes:#}");
        assert_eq!(of(CLOSED).len() + of(DELETED).len(), changes.as_array().unwrap().len(), "nothing else changed");
        let id = runs[0]["run"].as_str().unwrap();
        assert!(place.says(0, &["diff", &id[..8], "latest"]).starts_with("0 changes"), "a run is like itself");
        let number = runs[1]["number"].to_string();
        assert!(place.says(1, &["diff", &number, id]).contains("changes between"));
        assert!(place.complains(2, &["diff", "latest~7", "latest"]).contains("2 are on record"));
        assert!(place.complains(2, &["diff", "latest~x", "latest"]).contains("is no run"));
        assert!(place.complains(2, &["diff", "00000000", "latest"]).contains("there is no run"));
    }
}

#[test]
fn the_history_of_a_resource_says_when_what_became_of_it_and_why() {
    for place in assessed("the_history_of_a_resource") {
        let changes = place.json(0, &["history", CLOSED, "--check", "dat-01/*"]);
        let mine: Vec<(&str, &str)> =
            changes.as_array().unwrap().iter().map(|one| (one["was"].as_str().unwrap_or("-"), one["becomes"].as_str().unwrap())).collect();
        assert!(mine.contains(&("-", "fail")) && mine.contains(&("fail", "pass")), "{changes:#}");
        let said = place.says(0, &["history", "public-acl"]);
        assert!(said.contains("2026-11-24T06:00:00Z") && said.contains("2026-11-25T06:00:00Z"), "{said}");
        let exempt = place.says(0, &["history", "arn:aws:s3:::prod-111122223333-public-site"]);
        assert!(exempt.contains("exempt by EX-2026-001"), "{exempt}");
        assert!(place.says(0, &["history", DELETED]).contains("gone"));
        let many = place.complains(2, &["history", "prod-111122223333"]);
        assert!(many.contains("more than one resource") && many.contains("…"), "{many}");
        assert!(place.complains(2, &["history", "no%such_thing"]).contains("no resource on record"));
        assert!(place.complains(2, &["history", ""]).contains("the name is empty"));
    }
}

#[test]
fn the_history_of_a_finding_is_that_of_its_items() {
    for place in assessed("the_history_of_a_finding") {
        let steps = place.json(0, &["history", "dat-01/aws/111122223333"]);
        assert_eq!((&steps[0]["was"], &steps[0]["becomes"]), (&Value::Null, &"open".into()), "{steps:#}");
        let item = steps[0]["item"].as_str().unwrap();
        assert_eq!(place.json(0, &["history", item]), steps, "one item");
        assert!(place.says(0, &["history", item]).starts_with(&format!("{item} dat-01 in aws/111122223333:")));
        assert!(place.complains(2, &["history", "V-9999"]).contains("there is no item V-9999"));
    }
}

#[test]
fn coverage_is_proven_or_its_gaps_are_listed_with_their_reasons() {
    for place in assessed("coverage_is_proven") {
        let ask = |code, from: &str, to: &str, more: &[&str]| place.json(code, &[&["coverage", "--from", from, "--to", to], more].concat());
        let dat = ["--control", "dat-0[12]"];
        let whole = ask(0, FIRST, LATER, &dat);
        assert_eq!(whole["whole"], true);
        assert!(whole["coverage"].as_array().unwrap().len() >= 6, "two controls in three accounts: {whole:#}");
        let before = ask(1, "2026-11-23", LATER, &dat);
        let gap = &before["coverage"][0]["gaps"][0];
        assert_eq!((&gap["from"], &gap["until"], &gap["reason"]), (&"2026-11-23T00:00:00Z".into(), &FIRST.into(), &"nobody-looked".into()));
        // Results stand for 26 hours.
        let after = ask(1, SECOND, "2026-11-28", &[&dat[..], &["--scope", "aws/111122223333"]].concat());
        assert_eq!(after["coverage"][0]["gaps"][0]["from"], "2026-11-26T08:00:00Z", "{after:#}");
        let never = ask(1, "2020-01-01", "2020-01-02", &dat);
        assert_eq!(never["whole"], false, "an interval in which nobody looked at all is a gap");
        let said = place.says(1, &["coverage", "--from", "2026-11-23", "--to", LATER, "--control", "dat-01"]);
        assert!(said.contains("nobody looked") && said.contains("have gaps"), "{said}");
        assert!(place.complains(2, &["coverage", "--from", LATER, "--to", FIRST]).contains("no time between them"));
        assert!(place.complains(2, &["coverage", "--from", "yesterday"]).contains("is no instant"));
        assert!(place.complains(2, &["coverage", "--from", FIRST, "--control", "xyz-*"]).contains("no control"));
    }
}

#[test]
fn what_stood_in_the_past_is_told_like_an_assessment_and_is_stale_when_nobody_had_looked_for_long() {
    for place in assessed("what_stood_in_the_past") {
        let totals = |run: &str| {
            let runs = place.json(0, &["runs"]);
            let one = runs.as_array().unwrap().iter().find(|one| one["started"] == run).unwrap();
            (one["totals"]["pass"].as_u64().unwrap(), one["totals"]["fail"].as_u64().unwrap())
        };
        let entries = place.json(0, &["verify"])["entries"].clone();
        let told = |at: &str| -> (u64, u64) {
            let out = place.path(&format!("as-of-{}", at.replace(':', "")));
            let done = place.command(&["assess", "--as-of", at, "--output", out.to_str().unwrap()]);
            assert!(matches!(done.status.code(), Some(1 | 3)), "{}", text(&done.stderr));
            assert!(!text(&done.stderr).contains("other checks"), "{}", text(&done.stderr));
            let results = out.join("assessment-results.json");
            let valid = assize(&["oscal", "validate", results.to_str().unwrap()]);
            assert_eq!(valid.status.code(), Some(0), "{}", text(&valid.stdout));
            let lines = read(&out.join("verdicts.jsonl"));
            let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            let count = |verdict: &str| lines.iter().filter(|line| line["verdict"] == verdict).count() as u64;
            (count("pass"), count("fail"))
        };
        assert_eq!(told(FIRST), totals(FIRST));
        assert_eq!(told(LATER), totals(SECOND));
        assert_ne!(totals(FIRST), totals(SECOND), "the estate changed");
        let between = place.command(&["assess", "--as-of", "2026-11-24T20:00:00Z", "--output", place.path("x").to_str().unwrap()]);
        assert!(!text(&between.stdout).contains("stale"), "{}", text(&between.stdout));
        assert_eq!(place.json(0, &["verify"])["entries"], entries, "nothing was recorded");
        let out = place.path("none");
        let none = place.complains(2, &["assess", "--as-of", "2020-01-01", "--output", out.to_str().unwrap()]);
        assert!(none.contains("nothing was on record") && !out.exists(), "{none}");
        assert!(place.complains(2, &["assess", "--as-of", "2999-01-01"]).contains("yet to come"));
    }
}

const SCHEDULES: &str = "[[schedule]]\nname = \"nightly\"\ncron = \"30 2 * * *\"\nzone = \"Europe/Berlin\"\njitter = \"10m\"\n\
                         [[schedule]]\nname = \"often\"\nevery = \"6h\"\ncontrols = [\"dat-*\"]\n";

#[test]
fn the_next_times_of_schedules_are_told_on_their_own_clocks() {
    let place = &crate::places::empty("the_next_times")[0];
    assert!(place.complains(2, &["schedule", "next"]).contains("no `[[schedule]]` is configured"));
    append(place, SCHEDULES);
    let next = place.json(0, &["schedule", "next", "nightly", "--count", "3", "--now", "2026-03-28T12:00:00Z"]);
    let due: Vec<(&str, &str)> =
        next.as_array().unwrap().iter().map(|one| (one["due"].as_str().unwrap(), one["local"].as_str().unwrap())).collect();
    // 02:30 does not exist on the 29th of March.
    assert_eq!(due[0], ("2026-03-29T01:00:00Z", "2026-03-29T03:00:00+02:00[Europe/Berlin]"));
    assert_eq!(due[1].0, "2026-03-30T00:30:00Z");
    let said = place.says(0, &["schedule", "next", "--count", "2", "--now", FIRST]);
    assert_eq!(said.lines().count(), 5, "{said}");
    assert!(place.complains(2, &["schedule", "next", "weekly"]).contains("there are nightly, often"));
}

#[test]
fn schedules_go_out_as_tasks_and_come_back_as_they_were() {
    let place = &crate::places::empty("schedules_go_out")[0];
    append(place, SCHEDULES);
    let plan = place.path("plan.json");
    place.says(0, &["schedule", "export", "-o", plan.to_str().unwrap(), "--now", FIRST]);
    let valid = assize(&["oscal", "validate", plan.to_str().unwrap()]);
    assert_eq!(valid.status.code(), Some(0), "{}", text(&valid.stdout));
    let back = assize(&["schedule", "import", plan.to_str().unwrap()]);
    assert_eq!(back.status.code(), Some(0), "{}", text(&back.stderr));
    place.configure("");
    append(place, &text(&back.stdout));
    let again = place.path("again.json");
    place.says(0, &["schedule", "export", "-o", again.to_str().unwrap(), "--now", FIRST]);
    let tasks = |path| serde_json::from_str::<Value>(&read(path)).unwrap()["assessment-plan"]["tasks"].clone();
    assert_eq!(tasks(&plan), tasks(&again));
    let wrong = assize(&["schedule", "import", "catalogs/assize-controls.json"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(text(&wrong.stderr).contains("name an assessment-plan"));
}

#[test]
fn ticks_are_told_with_what_became_of_them_and_why() {
    for place in assessed("ticks_are_told") {
        assert!(place.says(0, &["schedule", "history", "--now", LATER]).contains("nothing was due"));
        let mut ledger = ledger::Ledger::open(&ledger::Location::of(&place.ledger)).unwrap();
        let step = |due: &str, state, reason: Option<&str>| {
            ledger::TickStep::new(due.parse().unwrap(), "nightly", due.parse().unwrap(), state, reason.map(str::to_owned))
        };
        let skipped = step(FIRST, ledger::TickState::Skipped, Some("the last one still runs"));
        let missed = ledger::TickStep {
            count: 3,
            until: Some("2026-11-25T03:00:00Z".parse().unwrap()),
            ..step("2026-11-25T01:00:00Z", ledger::TickState::Missed, None)
        };
        ledger.write(|tx| [skipped, missed].into_iter().try_for_each(|one| tx.append(&ledger::Event::Tick(one)).map(drop))).unwrap();
        let told = place.json(0, &["schedule", "history", "--from", "2026-11-24", "--to", LATER]);
        assert_eq!((&told[0]["state"], &told[0]["reason"]), (&"skipped".into(), &"the last one still runs".into()));
        assert_eq!((&told[1]["state"], &told[1]["count"]), (&"missed".into(), &3.into()));
        assert!(place.says(0, &["schedule", "history", "other", "--now", LATER]).contains("nothing was due"));
        let said = place.says(0, &["schedule", "history", "nightly", "--now", LATER]);
        assert!(said.contains("the last one still runs") && said.contains("(3)"), "{said}");
    }
}

#[test]
fn what_is_wrong_with_schedules_signing_the_daemon_and_alerts_is_told_with_its_line() {
    let place = &crate::places::empty("what_is_wrong")[0];
    append(
        place,
        "[[schedule]]\nname = \"a\"\nevery = \"6h\"\ncron = \"@daily\"\n[[schedule]]\nname = \"a\"\nevery = \"6h\"\n\
         [ledger]\nsigner = [\"sign\"]\nverifier = \"nonsense\"\n[daemon]\nlisten = \"0.0.0.0:9464\"\n[[alert]]\nname = \"desk\"\n\
         [[owner]]\nname = \"\"\n",
    );
    let told = place.complains(2, &["runs"]);
    for words in [
        "more than one of `every`, `cron` and `on`",
        "two schedules are named `a`",
        "is no verifier key",
        "neither log-in nor TLS",
        "neither `webhook` nor `slack`",
        "`name` is empty",
        "6 problems to correct",
    ] {
        assert!(told.contains(words), "{words}\n{told}");
    }
    assert!(told.lines().filter(|line| line.contains("config.toml:")).count() >= 6, "{told}");
}

fn append(place: &crate::places::Place, more: &str) {
    let config = read(&place.path("config.toml"));
    std::fs::write(place.path("config.toml"), config + more).unwrap();
}
