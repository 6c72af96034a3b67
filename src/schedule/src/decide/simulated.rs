//! Random lives of a schedule: polls, outages, runs of any length, clocks set back and ahead. The record is kept as a ledger would.

use jiff::Timestamp;
use proptest::prelude::*;

use super::{Decision, Known, Running, decide};
use crate::{CatchUpWord, Overlap, Schedule, Table};

/// What happens between two looks.
#[derive(Debug, Clone)]
enum Step {
    /// So many seconds pass; backwards if negative.
    Pass(i64),
    /// The oldest run ends.
    End,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => (0_i64..4_000).prop_map(Step::Pass),
        1 => (-20_000_i64..0).prop_map(Step::Pass),
        1 => (0_i64..400_000).prop_map(Step::Pass),
        4 => Just(Step::End),
    ];
    proptest::collection::vec(step, 1..60)
}

fn schedules() -> impl Strategy<Value = Schedule> {
    let cadences = proptest::sample::select(vec![
        Table { every: Some("1h".into()), ..Table::default() },
        Table { every: Some("7m".into()), ..Table::default() },
        Table { cron: Some("*/20 * * * *".into()), zone: Some("Australia/Lord_Howe".into()), ..Table::default() },
        Table { cron: Some("30 0-5 * * *".into()), zone: Some("Europe/Berlin".into()), ..Table::default() },
        Table { on: Some("2026-10-25T02:00:00Z".into()), until: Some("2026-10-25T12:00:00Z".into()), ..Table::default() },
    ]);
    let catch_up = (proptest::sample::select(CatchUpWord::ALL.as_slice()), 1_u32..20);
    let jitter = proptest::sample::select(vec![None, Some("5m".to_owned())]);
    (cadences, proptest::sample::select(Overlap::ALL.as_slice()), catch_up, jitter).prop_map(
        |(cadence, overlap, (catch_up, most), jitter)| {
            let catch_up_at_most = (catch_up == CatchUpWord::All).then_some(most);
            Table { name: "a".into(), overlap, catch_up, catch_up_at_most, jitter, ..cadence }.schedule().expect("right")
        },
    )
}

/// The record of one scope, and what runs.
#[derive(Default)]
struct Record {
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    rows: u64,
    running: Vec<Running>,
    ended: Option<Timestamp>,
}

impl Record {
    /// Asks, holds the answer to the list of logical times, and does what it says.
    fn look(&mut self, schedule: &Schedule, now: Timestamp) {
        let known = Known { last: self.last, running: &self.running, ended: self.ended };
        let decisions = decide(schedule, "prod", &known, now);
        self.hold_to_list(schedule, now, &decisions);
        for decision in decisions {
            match decision {
                Decision::Cancel { logical, .. } => self.running.retain(|run| run.logical != logical),
                Decision::Start { logical, due, .. } => {
                    assert!(logical <= due && due <= now, "{logical} started before it was due");
                    self.running.push(Running { logical, started: now });
                    self.row(logical, 1);
                }
                Decision::Pass { times, reason, .. } => {
                    assert!(!reason.is_empty());
                    self.row(times.last, times.count);
                }
                Decision::Wait { .. } | Decision::Behind { .. } => {}
            }
        }
        let most = if schedule.overlap == Overlap::Allow { usize::MAX } else { 1 };
        assert!(self.running.len() <= most, "{} run at once under {}", self.running.len(), schedule.overlap);
    }

    /// Every logical time since the last row has exactly one decision, and they come in order.
    fn hold_to_list(&self, schedule: &Schedule, now: Timestamp, decisions: &[Decision]) {
        let mut told = Vec::new();
        let mut waits = false;
        for decision in decisions {
            match decision {
                Decision::Start { logical, .. } => told.push(*logical),
                Decision::Pass { times, .. } | Decision::Wait { times, .. } => {
                    let before = Timestamp::from_second(times.first.as_second() - 1).expect("in range");
                    let listed: Vec<Timestamp> = schedule.cadence.after(before).take_while(|at| *at <= times.last).collect();
                    assert_eq!((listed.len() as u64, listed.first(), listed.last()), (times.count, Some(&times.first), Some(&times.last)));
                    told.extend(listed);
                }
                Decision::Cancel { .. } => {}
                Decision::Behind { last, .. } => assert!(*last > now && decisions.len() == 1),
            }
            let is_wait = matches!(decision, Decision::Wait { .. });
            assert!(!waits || is_wait, "what waits is the tail: {decisions:?}");
            waits |= is_wait;
        }
        let expected: Vec<Timestamp> = match self.last {
            Some(last) => schedule.cadence.after(last).take_while(|at| *at <= now).collect(),
            None => schedule.cadence.latest(now).into_iter().collect(),
        };
        assert_eq!(told, expected, "{decisions:?}");
    }

    fn row(&mut self, logical: Timestamp, count: u64) {
        assert!(self.last.is_none_or(|last| last < logical), "{logical} came twice or late");
        self.first.get_or_insert(logical);
        self.last = Some(logical);
        self.rows += count;
    }

    fn end_one(&mut self, now: Timestamp) {
        if !self.running.is_empty() {
            self.running.remove(0);
            self.ended = Some(now);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_logical_time_is_accounted_for_exactly_once_whatever_happens(schedule in schedules(), steps in steps()) {
        let mut now: Timestamp = "2026-10-24T20:00:00Z".parse().expect("valid");
        let mut record = Record::default();
        for step in steps {
            match step {
                Step::Pass(seconds) => now = Timestamp::from_second(now.as_second() + seconds).expect("in range"),
                Step::End => record.end_one(now),
            }
            record.look(&schedule, now);
        }
        // When everything that runs ends, nothing waits for ever.
        now = Timestamp::from_second(now.as_second().max(record.last.map_or(0, Timestamp::as_second)) + 600).expect("in range");
        for _ in 0..CATCH_UP_MOST {
            while !record.running.is_empty() {
                record.end_one(now);
            }
            record.look(&schedule, now);
        }
        if let (Some(first), Some(last)) = (record.first, record.last) {
            prop_assert_eq!(record.rows, schedule.cadence.count(first, last) + 1);
            let open = schedule.cadence.after(last).take_while(|at| schedule.due(*at, "prod") <= now).count();
            prop_assert_eq!(open, 0);
        }
    }
}

/// More than `schedules` makes up for, with what comes due at the end.
const CATCH_UP_MOST: usize = 200;
