use jiff::Timestamp;
use proptest::prelude::*;

use crate::{Schedule, Table};

fn at(text: &str) -> Timestamp {
    text.parse().expect(text)
}

fn nightly(jitter: &str) -> Schedule {
    let table = Table {
        cron: Some("30 2 * * *".into()),
        zone: Some("Europe/Berlin".into()),
        jitter: Some(jitter.into()),
        ..Table::named("nightly")
    };
    table.schedule().expect("right")
}

#[test]
fn jitter_is_the_same_for_every_tick_of_a_scope_and_in_every_version() {
    let schedule = nightly("1h");
    let offset = |day: &str, scope| schedule.due(at(day), scope).as_second() - at(day).as_second();
    let (spring, autumn) = ("2026-04-01T00:30:00Z", "2026-11-27T01:30:00Z");
    assert_eq!(offset(spring, "prod"), offset(autumn, "prod"));
    // The first eight bytes of SHA-256("nightly\0prod"), modulo an hour; a record that was made with it must stay true.
    assert_eq!(offset(autumn, "prod"), EXPECTED_OFFSET);
    assert_ne!(offset(autumn, "prod"), offset(autumn, "dev"));
}

const EXPECTED_OFFSET: i64 = 1409;

#[test]
fn jitter_spreads_scopes_over_its_span() {
    let schedule = nightly("1h");
    let logical = at("2026-11-27T01:30:00Z");
    let mut quarters = [0; 4];
    for scope in 0..400 {
        let offset = schedule.due(logical, &format!("account-{scope}")).as_second() - logical.as_second();
        quarters[usize::try_from(offset / 900).expect("within the hour")] += 1;
    }
    assert!(quarters.iter().all(|count| (60..140).contains(count)), "{quarters:?}");
}

#[test]
fn jitter_never_reaches_the_next_logical_time() {
    let table = Table { cron: Some("0,1 4 * * *".into()), jitter: Some("3h".into()), ..Table::named("pair") };
    let schedule = table.schedule().expect("right");
    for scope in 0..50 {
        let due = schedule.due(at("2026-11-27T04:00:00Z"), &scope.to_string());
        assert!(due < at("2026-11-27T04:01:00Z"), "{due}");
    }
}

#[test]
fn results_stand_until_the_next_tick_can_be_due_everywhere_and_the_grace_is_over() {
    let table = Table { every: Some("6h".into()), jitter: Some("10m".into()), grace: Some("30m".into()), ..Table::named("a") };
    let logical = at("2026-11-27T06:00:00Z");
    assert_eq!(table.schedule().expect("right").expires_for(logical), Some(at("2026-11-27T12:40:00Z")));
    let usual = Table { grace: None, ..table }.schedule().expect("right");
    assert_eq!(usual.expires_for(logical), Some(at("2026-11-27T13:40:00Z")));
    let once = Table { on: Some("2026-11-27T06:00:00Z".into()), ..Table::named("once") }.schedule().expect("right");
    assert_eq!(once.expires_for(logical), None);
}

proptest! {
    #[test]
    fn a_tick_is_due_between_its_logical_time_and_the_next(
        period in 2_i64..100_000, share in 1_i64..100, from in 0_i64..4_000_000_000, scope in "[a-z]{1,8}",
    ) {
        let jitter = (period * share / 100).clamp(1, period - 1);
        let table = Table { every: Some(format!("{period}s")), jitter: Some(format!("{jitter}s")), ..Table::named("a") };
        let schedule = table.schedule().expect("right");
        let ticks = schedule.next(Timestamp::from_second(from).expect("in range"), 2);
        let due = schedule.due(ticks[0], &scope);
        prop_assert!(ticks[0] <= due && due < ticks[1]);
        prop_assert!(schedule.expires_for(ticks[0]).is_some_and(|expires| expires >= schedule.due(ticks[1], &scope)));
    }
}
