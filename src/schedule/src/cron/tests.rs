use jiff::Timestamp;

use super::Cron;

fn at(text: &str) -> Timestamp {
    text.parse().expect(text)
}

/// The next ticks, as the clock of the zone shows them: `03-29 03:00+02`.
fn shown(expression: &str, zone: &str, after: &str, n: usize) -> Vec<String> {
    let cron = Cron::new(expression, zone).expect(expression);
    let ticks: Vec<Timestamp> = cron.after(at(after)).take(n).collect();
    assert_agrees(&cron, at(after), &ticks);
    ticks
        .iter()
        .map(|tick| {
            tick.to_zoned_datetime(cron.zone.clone()).strftime("%m-%d %H:%M:%S%:::z").to_string().replace(":00+", "+").replace(":00-", "-")
        })
        .collect()
}

/// Looking back and counting say the same as looking ahead.
fn assert_agrees(cron: &Cron, after: Timestamp, ticks: &[Timestamp]) {
    for (count, tick) in (1..).zip(ticks) {
        assert_eq!(cron.count(after, *tick), count, "{cron} up to {tick}");
        assert_eq!(cron.latest(*tick), Some(*tick), "{cron} at {tick}");
        let just_before = Timestamp::from_second(tick.as_second() - 1).expect("in range");
        assert_eq!(cron.count(after, just_before), count - 1, "{cron} before {tick}");
    }
}

fn wrong(expression: &str) -> String {
    Cron::new(expression, "UTC").expect_err(expression).to_string()
}

#[test]
fn half_past_two_in_spring_happens_once_when_the_gap_ends() {
    let ticks = shown("30 2 * * *", "Europe/Berlin", "2026-03-27T12:00:00Z", 3);
    assert_eq!(ticks, ["03-28 02:30+01", "03-29 03:00+02", "03-30 02:30+02"]);
}

#[test]
fn half_past_two_in_autumn_happens_once_the_first_time() {
    let ticks = shown("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", 2);
    assert_eq!(ticks, ["10-25 02:30+02", "10-26 02:30+01"]);
}

#[test]
fn times_that_fall_on_the_end_of_the_gap_are_one_tick() {
    let ticks = shown("0,30 2,3 * * *", "Europe/Berlin", "2026-03-28T22:00:00Z", 3);
    assert_eq!(ticks, ["03-29 03:00+02", "03-29 03:30+02", "03-30 02:00+02"]);
}

#[test]
fn a_quarter_hourly_beat_stays_even_when_clocks_change() {
    for night in ["2026-03-29T00:00:00Z", "2026-10-25T00:00:00Z"] {
        let cron = Cron::new("*/15 * * * *", "Europe/Berlin").expect("right");
        let ticks: Vec<i64> = cron.after(at(night)).take(16).map(Timestamp::as_second).collect();
        assert!(ticks.windows(2).all(|pair| pair[1] - pair[0] == 900), "{night}: {ticks:?}");
    }
}

#[test]
fn an_hourly_beat_strikes_in_both_repeated_hours_and_over_the_gap() {
    let spring = shown("30 * * * *", "Europe/Berlin", "2026-03-28T23:45:00Z", 3);
    assert_eq!(spring, ["03-29 01:30+01", "03-29 03:30+02", "03-29 04:30+02"]);
    let autumn = shown("30 * * * *", "Europe/Berlin", "2026-10-24T23:45:00Z", 4);
    assert_eq!(autumn, ["10-25 02:30+02", "10-25 02:30+01", "10-25 03:30+01", "10-25 04:30+01"]);
}

#[test]
fn a_change_of_half_an_hour_costs_an_hourly_beat_no_strike() {
    // Clocks go from 02:00 to 02:30; 02:15 is struck an hour after 01:15.
    let spring = shown("15 * * * *", "Australia/Lord_Howe", "2026-10-03T14:30:00Z", 3);
    assert_eq!(spring, ["10-04 01:15+10:30", "10-04 02:45+11", "10-04 03:15+11"]);
}

#[test]
fn a_change_of_two_hours_is_one_gap() {
    let ticks = shown("30 1,2 * * *", "Antarctica/Troll", "2026-03-28T20:00:00Z", 2);
    assert_eq!(ticks, ["03-29 03:00+02", "03-30 01:30+02"]);
}

#[test]
fn midnight_that_does_not_exist_is_the_first_instant_of_the_date() {
    let ticks = shown("0 0 * * *", "America/Sao_Paulo", "2018-11-03T12:00:00Z", 2);
    assert_eq!(ticks, ["11-04 01:00-02", "11-05 00:00-02"]);
}

#[test]
fn a_fold_that_reaches_back_over_midnight_keeps_ticks_in_order_and_single() {
    // Until 2011 clocks in Newfoundland went back at 00:01, to 23:01 of the day before.
    let fixed = shown("30 23 * * *", "America/St_Johns", "2010-11-06T12:00:00Z", 2);
    assert_eq!(fixed, ["11-06 23:30-02:30", "11-07 23:30-03:30"]);
    let beat = shown("0,30 * * * *", "America/St_Johns", "2010-11-07T01:45:00Z", 4);
    assert_eq!(beat, ["11-06 23:30-02:30", "11-07 00:00-02:30", "11-06 23:30-03:30", "11-07 00:00-03:30"]);
}

#[test]
fn the_date_that_samoa_left_out_is_a_gap_like_another() {
    let ticks = shown("30 2 * * *", "Pacific/Apia", "2011-12-29T00:00:00Z", 3);
    assert_eq!(ticks, ["12-29 02:30-10", "12-31 00:00+14", "12-31 02:30+14"]);
}

#[test]
fn sunday_is_0_and_7_in_five_fields_and_1_in_six() {
    // 29 November 2026 is a Sunday.
    for expression in ["0 0 * * 0", "0 0 * * 7", "0 0 * * sun", "@weekly", "0 0 0 * * 1", "0 0 0 * * SUN"] {
        assert_eq!(shown(expression, "UTC", "2026-11-27T12:00:00Z", 2), ["11-29 00:00+00", "12-06 00:00+00"], "{expression}");
    }
    for expression in ["0 0 * * 1", "0 0 * * Monday", "0 0 0 * * 2"] {
        assert_eq!(shown(expression, "UTC", "2026-11-27T12:00:00Z", 1), ["11-30 00:00+00"], "{expression}");
    }
}

#[test]
fn a_range_of_weekdays_may_end_on_sunday() {
    for expression in ["0 0 * * 5-7", "0 0 * * fri-sun", "0 0 * * 0,5,6"] {
        let ticks = shown(expression, "UTC", "2026-11-26T12:00:00Z", 4);
        assert_eq!(ticks, ["11-27 00:00+00", "11-28 00:00+00", "11-29 00:00+00", "12-04 00:00+00"], "{expression}");
    }
}

#[test]
fn of_two_restricted_days_either_is_enough_in_five_fields_and_both_are_needed_in_six() {
    assert_eq!(shown("0 0 13 * 5", "UTC", "2026-11-12T12:00:00Z", 3), ["11-13 00:00+00", "11-20 00:00+00", "11-27 00:00+00"]);
    assert_eq!(shown("0 0 0 13 * 6", "UTC", "2026-11-12T12:00:00Z", 3), ["11-13 00:00+00", "08-13 00:00+00", "10-13 00:00+00"]);
    // A field that begins with a star restricts nothing in that sense: Mondays on odd days.
    assert_eq!(shown("0 0 */2 * 1", "UTC", "2026-11-08T12:00:00Z", 2), ["11-09 00:00+00", "11-23 00:00+00"]);
}

#[test]
fn seven_fields_have_seconds_and_years_and_end() {
    let cron = Cron::new("5 4 3 2 1 ? 2027,2029", "UTC").expect("right");
    let ticks: Vec<String> = cron.after(at("2026-11-27T00:00:00Z")).map(|tick| tick.to_string()).collect();
    assert_eq!(ticks, ["2027-01-02T03:04:05Z", "2029-01-02T03:04:05Z"]);
    assert_eq!(cron.latest(at("2026-11-27T00:00:00Z")), None);
}

#[test]
fn leap_days_come_every_four_years() {
    assert_eq!(shown("0 6 29 feb *", "Asia/Kathmandu", "2026-11-27T00:00:00Z", 1), ["02-29 06:00+05:45"]);
}

#[test]
fn a_wrong_field_is_named_with_what_to_do() {
    for (expression, told) in [
        ("61 2 * * *", "`cron`: minute: `61` is not one of 0 to 59; write `*`, `0`, `0-3`, `0,3` or `*/2`"),
        ("0 24 * * *", "`cron`: hour: `24` is not one of 0 to 23; write `*`, `0`, `0-3`, `0,3` or `*/2`"),
        ("0 0 32 * *", "`cron`: day of month: `32` is not one of 1 to 31; write `*`, `1`, `1-4`, `1,4` or `*/2`"),
        ("0 0 0 * *", "`cron`: day of month: `0` is not one of 1 to 31; write `*`, `1`, `1-4`, `1,4` or `*/2`"),
        ("0 0 * foo *", "`cron`: month: `foo` is neither a number from 1 to 12 nor a name; names are `jan` to `dec`"),
        ("0 0 * * 8", "`cron`: day of week: `8` is not one of 0 to 7; write `sun`, `sun,sat` or `mon-sat`"),
        ("0 0 * * fry", "`cron`: day of week: `fry` is neither a number from 0 to 7 nor a name; names are `sun` to `sat`"),
        ("0 22-5 * * *", "`cron`: hour: the range `22-5` runs backwards; write two, such as `22-23,0-5`"),
        ("0 0 * * sat-mon", "`cron`: day of week: the range `sat-mon` runs backwards; write two, such as `6-7,0-1`"),
        ("0 0 0 ? * FRI-SUN", "`cron`: day of week: the range `FRI-SUN` runs backwards; write two, such as `6-7,1-1`"),
        ("*/0 * * * *", "`cron`: minute: a step of 0 never moves; write a step from 1 to 59"),
        ("*/90 * * * *", "`cron`: minute: the step 90 is wider than the field; write a step from 1 to 59"),
        ("1,,2 * * * *", "`cron`: minute: a list has an empty item; take out the extra comma"),
        ("0 0 L * *", "`cron`: day of month: `L` is no number; write `*`, `1`, `1-4`, `1,4` or `*/2`, from 1 to 31"),
        ("1* * * * * *", "`cron`: second: `1*` is no number; write `*`, `0`, `0-3`, `0,3` or `*/2`, from 0 to 59"),
        ("0 0 0 * * 0", "`cron`: day of week: `0` is not one of 1 to 7; write `sun`, `sun,sat` or `mon-sat`"),
        ("0 0 0 1 1 * 1969", "`cron`: year: `1969` is not one of 1970 to 2100; write `*`, `1970`, `1970-1973`, `1970,1973` or `*/2`"),
        ("30 2 * *", "`cron`: `30 2 * *` has 4 fields; write five, or six or seven with the second first"),
        ("", "`cron`: the expression is empty; write minute, hour, day of month, month and day of week, such as `30 2 * * *`"),
        ("@reboot", "`cron`: `@reboot` is no shorthand; use `@hourly`, `@daily`, `@weekly`, `@monthly` or `@yearly`, or `every = \"6h\"`"),
        ("TZ=UTC 0 0 * * *", "`cron`: the zone stands in the expression; give it as `zone = \"Europe/Berlin\"`"),
    ] {
        assert_eq!(wrong(expression), told);
    }
}

#[test]
fn an_expression_that_never_happens_is_refused() {
    for never in ["0 0 31 2 *", "0 0 30 feb *", "0 0 31 4,6,9,11 *", "0 0 0 29 2 * 2027", "0 0 0 1 1 SUN 2027"] {
        assert!(wrong(never).contains("never happens"), "{never}: {}", wrong(never));
    }
    for sometimes in ["0 0 31 2 1", "0 0 29 2 *", "0 0 0 29 2 SUN"] {
        Cron::new(sometimes, "UTC").expect(sometimes);
    }
}

#[test]
fn every_second_for_ten_years_is_counted_without_listing_it() {
    let cron = Cron::new("* * * * * *", "America/New_York").expect("right");
    let count = cron.count(at("2016-01-01T00:00:00Z"), at("2026-01-01T00:00:00Z"));
    assert_eq!(count, 3_653 * 86_400);
}
