use jiff::Timestamp;

use super::{Decision, Fate, Known, Running, decide};
use crate::{CatchUpWord, Overlap, Schedule, Table};

const SCOPE: &str = "prod";

fn at(text: &str) -> Timestamp {
    match text.len() {
        5 => format!("2026-11-27T{text}:00Z").parse().expect(text),
        8 => format!("2026-11-27T{text}Z").parse().expect(text),
        _ => text.parse().expect(text),
    }
}

fn hourly(overlap: Overlap, catch_up: CatchUpWord) -> Schedule {
    Table { every: Some("1h".into()), overlap, catch_up, ..Table::named("hourly") }.schedule().expect("right")
}

fn running(logical: &str, started: &str) -> [Running; 1] {
    [Running { logical: at(logical), started: at(started) }]
}

/// The decisions in short: `start 04:00`, `missed 01:00`, `missed 30 from …`, `wait 04:00`, `cancel 03:00`.
fn short(decisions: &[Decision]) -> Vec<String> {
    let clock = |at: &Timestamp| at.strftime("%H:%M").to_string();
    let each = |decision: &Decision| match decision {
        Decision::Cancel { logical, .. } => format!("cancel {}", clock(logical)),
        Decision::Start { logical, .. } => format!("start {}", clock(logical)),
        Decision::Pass { times, fate, .. } if times.count == 1 => format!("{} {}", fate.as_str(), clock(&times.first)),
        Decision::Pass { times, fate, .. } => format!("{} {} from {} to {}", fate.as_str(), times.count, times.first, times.last),
        Decision::Wait { times, .. } if times.count == 1 => format!("wait {}", clock(&times.first)),
        Decision::Wait { times, .. } => format!("wait {} from {} to {}", times.count, clock(&times.first), clock(&times.last)),
        Decision::Behind { last, .. } => format!("behind {}", clock(last)),
    };
    decisions.iter().map(each).collect()
}

fn decided(schedule: &Schedule, known: Known, now: &str) -> Vec<String> {
    short(&decide(schedule, SCOPE, &known, at(now)))
}

fn idle(last: &str) -> Known<'static> {
    Known { last: Some(at(last)), ..Known::default() }
}

#[test]
fn a_tick_that_is_due_starts_and_before_it_nothing_happens() {
    let schedule = hourly(Overlap::Skip, CatchUpWord::None);
    assert_eq!(decided(&schedule, idle("03:00"), "03:59:59"), [] as [&str; 0]);
    assert_eq!(decided(&schedule, idle("03:00"), "04:00"), ["start 04:00"]);
    assert_eq!(decided(&schedule, idle("04:00"), "04:00"), [] as [&str; 0]);
}

#[test]
fn a_schedule_that_nobody_knew_before_starts_at_once_unless_nothing_is_made_up_for() {
    for (catch_up, told) in [(CatchUpWord::Latest, "start 04:00"), (CatchUpWord::All, "start 04:00"), (CatchUpWord::None, "missed 04:00")] {
        assert_eq!(decided(&hourly(Overlap::Skip, catch_up), Known::default(), "04:20"), [told]);
    }
}

#[test]
fn overlap_skip_records_the_tick_that_came_due_during_a_run() {
    let known = Known { running: &running("03:00", "03:00:01"), ..idle("03:00") };
    let decisions = decide(&hourly(Overlap::Skip, CatchUpWord::Latest), SCOPE, &known, at("04:00"));
    let [Decision::Pass { fate: Fate::Skipped, reason, .. }] = decisions.as_slice() else { panic!("{decisions:?}") };
    assert_eq!(reason, "the tick of 2026-11-27T03:00:00Z was still running (`overlap = \"skip\"`)");
}

#[test]
fn overlap_buffer_one_lets_the_newest_wait_and_starts_it_when_the_run_ends() {
    for catch_up in [CatchUpWord::None, CatchUpWord::Latest] {
        let schedule = hourly(Overlap::BufferOne, catch_up);
        let known = Known { running: &running("03:00", "03:00:01"), ..idle("03:00") };
        assert_eq!(decided(&schedule, known, "04:30"), ["wait 04:00"]);
        assert_eq!(decided(&schedule, known, "06:30"), ["skipped 04:00", "skipped 05:00", "wait 06:00"]);
        let ended = Known { ended: Some(at("06:40")), ..idle("05:00") };
        assert_eq!(decided(&schedule, ended, "06:40:30"), ["start 06:00"]);
    }
}

#[test]
fn overlap_allow_starts_beside_what_runs() {
    let known = Known { running: &running("03:00", "03:00:01"), ..idle("03:00") };
    assert_eq!(decided(&hourly(Overlap::Allow, CatchUpWord::Latest), known, "04:00"), ["start 04:00"]);
}

#[test]
fn overlap_cancel_previous_cancels_and_then_starts() {
    let known = Known { running: &running("03:00", "03:00:01"), ..idle("03:00") };
    assert_eq!(decided(&hourly(Overlap::CancelPrevious, CatchUpWord::Latest), known, "04:00"), ["cancel 03:00", "start 04:00"]);
    assert_eq!(
        decided(&hourly(Overlap::CancelPrevious, CatchUpWord::All), known, "06:10"),
        ["skipped 04:00", "skipped 05:00", "cancel 03:00", "start 06:00"]
    );
}

#[test]
fn catch_up_none_records_all_that_passed_and_starts_only_what_is_on_time() {
    let schedule = hourly(Overlap::Skip, CatchUpWord::None);
    assert_eq!(decided(&schedule, idle("01:00"), "04:30"), ["missed 02:00", "missed 03:00", "missed 04:00"]);
    assert_eq!(decided(&schedule, idle("01:00"), "04:01:00"), ["missed 02:00", "missed 03:00", "start 04:00"]);
    assert_eq!(decided(&schedule, idle("01:00"), "04:01:01"), ["missed 02:00", "missed 03:00", "missed 04:00"]);
}

#[test]
fn catch_up_latest_starts_the_newest_and_says_how_late() {
    let decisions = decide(&hourly(Overlap::Skip, CatchUpWord::Latest), SCOPE, &idle("01:00"), at("04:30"));
    assert_eq!(short(&decisions), ["missed 02:00", "missed 03:00", "start 04:00"]);
    let Some(Decision::Start { reason, .. }) = decisions.last() else { panic!("{decisions:?}") };
    assert_eq!(reason, "due at 2026-11-27T04:00:00Z, started 30m late");
}

#[test]
fn catch_up_all_makes_up_one_after_another_when_one_at_a_time_may_run() {
    let schedule = hourly(Overlap::Skip, CatchUpWord::All);
    assert_eq!(decided(&schedule, idle("01:00"), "04:30"), ["start 02:00", "wait 2 from 03:00 to 04:00"]);
    // While the first is made up for, the others stay, and so does what comes due meanwhile: order is kept.
    let known = Known { running: &running("02:00", "04:30"), ..idle("02:00") };
    assert_eq!(decided(&schedule, known, "05:10"), ["wait 3 from 03:00 to 05:00"]);
    let ended = Known { ended: Some(at("05:20")), ..idle("02:00") };
    assert_eq!(decided(&schedule, ended, "05:20"), ["start 03:00", "wait 2 from 04:00 to 05:00"]);
    assert_eq!(decided(&hourly(Overlap::Allow, CatchUpWord::All), idle("01:00"), "03:30"), ["start 02:00", "start 03:00"]);
}

#[test]
fn catch_up_all_is_bounded_and_says_so() {
    let table = Table { every: Some("1h".into()), catch_up: CatchUpWord::All, catch_up_at_most: Some(2), ..Table::named("h") };
    let decisions = decide(&table.schedule().expect("right"), SCOPE, &idle("01:00"), at("04:30"));
    assert_eq!(short(&decisions), ["missed 02:00", "start 03:00", "wait 04:00"]);
    let Decision::Pass { reason, .. } = &decisions[0] else { panic!("{decisions:?}") };
    assert_eq!(reason, "nobody looked in time, and only the newest 2 are made up for (`catch_up_at_most = 2`)");
}

#[test]
fn after_ten_years_a_second_long_period_gives_one_entry_and_one_start() {
    for cadence in
        [Table { every: Some("1s".into()), ..Table::named("s") }, Table { cron: Some("* * * * * *".into()), ..Table::named("s") }]
    {
        let decisions = decide(&cadence.schedule().expect("right"), SCOPE, &idle("2016-11-27T00:00:00Z"), at("2026-11-27T00:00:00Z"));
        let [Decision::Pass { times, fate: Fate::Missed, reason }, Decision::Start { .. }] = decisions.as_slice() else {
            panic!("{decisions:?}")
        };
        assert_eq!(times.count, 3_652 * 86_400 - 1);
        assert_eq!(
            reason,
            "315532799 missed from 2016-11-27T00:00:01Z to 2026-11-26T23:59:59Z: nobody looked in time, and only the newest is made up for \
             (`catch_up = \"latest\"`)"
        );
    }
}

#[test]
fn a_clock_that_goes_back_gives_no_tick_until_it_has_caught_up() {
    let schedule = hourly(Overlap::Allow, CatchUpWord::All);
    for now in ["03:30", "01:00", "03:59:59"] {
        assert_eq!(decided(&schedule, idle("04:00"), now), ["behind 04:00"]);
    }
    assert_eq!(decided(&schedule, idle("04:00"), "04:30"), [] as [&str; 0]);
    assert_eq!(decided(&schedule, idle("04:00"), "05:00"), ["start 05:00"]);
}

#[test]
fn a_tick_waits_for_the_jitter_of_its_scope() {
    let schedule = Table { every: Some("1h".into()), jitter: Some("50m".into()), ..Table::named("j") }.schedule().expect("right");
    let due = schedule.due(at("04:00"), SCOPE);
    assert!(due > at("04:00") && due < at("04:50"), "{due}");
    let known = idle("03:00");
    let just_before = Timestamp::from_second(due.as_second() - 1).expect("in range");
    assert_eq!(short(&decide(&schedule, SCOPE, &known, just_before)), ["wait 04:00"]);
    assert_eq!(short(&decide(&schedule, SCOPE, &known, due)), ["start 04:00"]);
    assert_eq!(schedule.next_due(at("03:59"), SCOPE), Some(due));
    assert_eq!(schedule.next_due(at("04:00"), SCOPE), Some(due));
    assert!(schedule.next_due(due, SCOPE).is_some_and(|next| next > due));
}

#[test]
fn what_was_due_once_is_missed_when_its_range_has_ended() {
    let table = Table { on: Some("2026-11-27T09:00:00Z".into()), until: Some("2026-11-27T17:00:00Z".into()), ..Table::named("once") };
    let schedule = table.schedule().expect("right");
    assert_eq!(decided(&schedule, Known::default(), "08:59"), [] as [&str; 0]);
    assert_eq!(decided(&schedule, Known::default(), "17:00"), ["start 09:00"]);
    let decisions = decide(&schedule, SCOPE, &Known::default(), at("17:00:01"));
    let [Decision::Pass { fate: Fate::Missed, reason, .. }] = decisions.as_slice() else { panic!("{decisions:?}") };
    assert_eq!(reason, "nobody looked in time, and its range ended at 2026-11-27T17:00:00Z");
    assert_eq!(decided(&schedule, idle("09:00"), "12:00"), [] as [&str; 0]);
}
