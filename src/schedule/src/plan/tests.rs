use jiff::Timestamp;
use oscal::{AssessmentPlan, Document, Uri};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Frame, read, write};
use crate::{CatchUpWord, Overlap, Schedule, Table};

const NS: &str = "https://example.org/ns/oscal";

fn written(schedules: &[Schedule]) -> AssessmentPlan {
    let ns: Uri = NS.parse().expect("a URI");
    let at: Timestamp = "2026-11-27T06:00:00Z".parse().expect("valid");
    let uuid = oscal::ident::stable_uuid(uuid::Uuid::NAMESPACE_URL, "a plan");
    write(schedules, &Frame { ns: &ns, ids: uuid::Uuid::NAMESPACE_URL, uuid, at })
}

/// Through JSON, as others would get it.
fn through_json(plan: AssessmentPlan) -> AssessmentPlan {
    let value = json!({ "assessment-plan": plan });
    assert_eq!(oscal::validate(&value), []);
    plan_of(value)
}

fn plan_of(value: Value) -> AssessmentPlan {
    match oscal::read_json(value.to_string().as_bytes(), "plan.json") {
        Ok(Document::AssessmentPlan(plan)) => *plan,
        other => panic!("no plan: {other:?}"),
    }
}

fn schedule(table: Table) -> Schedule {
    table.schedule().expect("right")
}

/// The timing of a cadence as it is written.
fn timing(table: Table) -> Value {
    let plan = written(&[schedule(table)]);
    serde_json::to_value(&plan.tasks[0].timing).expect("writable")
}

#[test]
fn periods_are_at_frequency_in_the_largest_unit() {
    for (every, period, unit) in [
        ("6h", 6, "hours"),
        ("1d", 1, "days"),
        ("90m", 90, "minutes"),
        ("90s", 90, "seconds"),
        ("3 months", 3, "months"),
        ("24mo", 2, "years"),
    ] {
        let timing = timing(Table { every: Some(every.into()), ..Table::named("a") });
        assert_eq!(timing, json!({ "at-frequency": { "period": period, "unit": unit } }), "{every}");
    }
}

#[test]
fn an_even_cron_expression_says_how_often_and_an_uneven_one_does_not() {
    for (cron, expected) in [
        ("30 2 * * *", json!({ "at-frequency": { "period": 1, "unit": "days" } })),
        ("*/15 * * * *", json!({ "at-frequency": { "period": 15, "unit": "minutes" } })),
        ("0 1-23/6 * * *", json!({ "at-frequency": { "period": 6, "unit": "hours" } })),
        ("0 0 * * 1", json!({ "at-frequency": { "period": 7, "unit": "days" } })),
        ("0 0 15 * *", json!({ "at-frequency": { "period": 1, "unit": "months" } })),
        ("0 0 15 2,5,8,11 *", json!({ "at-frequency": { "period": 3, "unit": "months" } })),
        ("0 0 15 6 *", json!({ "at-frequency": { "period": 1, "unit": "years" } })),
        ("0 8-18 * * *", Value::Null),
        ("0 0 * * 1-5", Value::Null),
        ("0 0 31 * *", Value::Null),
        ("0 0 13 * 5", Value::Null),
        ("0 0 15 1,2 *", Value::Null),
        ("0 0 0 * * * 2027", Value::Null),
        ("*/25 * * * *", Value::Null),
    ] {
        assert_eq!(timing(Table { cron: Some(cron.into()), ..Table::named("a") }), expected, "{cron}");
    }
}

#[test]
fn one_date_and_a_range_are_what_oscal_calls_them() {
    let on = Table { on: Some("2027-01-15T09:00:00+01:00".into()), ..Table::named("a") };
    assert_eq!(timing(on.clone()), json!({ "on-date": { "date": "2027-01-15T08:00:00Z" } }));
    let range = Table { until: Some("2027-01-20T09:00:00+01:00".into()), ..on };
    assert_eq!(timing(range), json!({ "within-date-range": { "start": "2027-01-15T08:00:00Z", "end": "2027-01-20T08:00:00Z" } }));
}

#[test]
fn what_a_frequency_cannot_say_stands_in_our_properties() {
    let table = Table {
        cron: Some("30 2 * * *".into()),
        zone: Some("Europe/Berlin".into()),
        jitter: Some("10m".into()),
        scopes: vec!["prod-*".into()],
        ..Table::named("nightly")
    };
    let plan = written(&[schedule(table)]);
    let props: Vec<(&str, &str)> = plan.tasks[0].props.iter().map(|prop| (prop.name.as_str(), prop.value.as_str())).collect();
    let expected = [
        ("schedule", "nightly"),
        ("cron", "30 2 * * *"),
        ("zone", "Europe/Berlin"),
        ("jitter", "10m"),
        ("overlap", "skip"),
        ("catch-up", "latest"),
        ("scope", "prod-*"),
    ];
    assert_eq!(props, expected);
    assert!(plan.tasks[0].props.iter().all(|prop| prop.ns.as_ref().is_some_and(|ns| ns.as_str() == NS)));
}

#[test]
fn a_schedule_is_the_same_task_in_every_plan() {
    let nightly = schedule(Table { every: Some("1d".into()), ..Table::named("nightly") });
    let moved = schedule(Table { every: Some("2d".into()), ..Table::named("nightly") });
    assert_eq!(written(&[nightly]).tasks[0].uuid, written(&[moved]).tasks[0].uuid);
}

/// A plan of somebody else with these tasks, one activity for two controls, and one component.
fn of_others(tasks: Value) -> AssessmentPlan {
    let mut plan = json!({ "assessment-plan": written(&[]) });
    let own = json!({
        "components": [{
            "uuid": "11111111-1111-4111-8111-111111111111", "type": "system", "title": "production", "description": "An account.",
            "status": { "state": "operational" },
        }],
        "activities": [{
            "uuid": "22222222-2222-4222-8222-222222222222", "description": "Look at buckets.",
            "props": [{ "name": "method", "value": "TEST" }],
            "related-controls": { "control-selections": [{ "include-controls": [{ "control-id": "dat-01" }, { "control-id": "sc-28.1" }] }] },
        }],
    });
    plan["assessment-plan"]["local-definitions"] = own;
    plan["assessment-plan"]["tasks"] = tasks;
    plan_of(plan)
}

fn task(title: &str, more: &Value) -> Value {
    let mut task = json!({ "uuid": "33333333-3333-4333-8333-333333333333", "type": "action", "title": title });
    let (into, more) = (task.as_object_mut().expect("an object"), more.as_object().expect("an object"));
    into.extend(more.clone());
    task
}

#[test]
fn tasks_of_others_are_schedules_with_the_controls_of_their_activities() {
    let six_hourly = json!({
        "timing": { "at-frequency": { "period": 6, "unit": "hours" } },
        "associated-activities": [{
            "activity-uuid": "22222222-2222-4222-8222-222222222222", "subjects": [{ "type": "component", "include-all": {} }],
        }],
        "subjects": [{
            "type": "component", "include-subjects": [{ "subject-uuid": "11111111-1111-4111-8111-111111111111", "type": "component" }],
        }],
    });
    let once = json!({ "timing": { "within-date-range": { "start": "2027-01-01T00:00:00Z", "end": "2027-02-01T00:00:00+01:00" } } });
    let milestone = json!({ "type": "milestone", "timing": { "on-date": { "date": "2027-01-01T00:00:00Z" } } });
    let holder = json!({ "tasks": [task("Pen test", &once)] });
    let plan = of_others(json!([task("Check the buckets!", &six_hourly), task("Holder", &holder), task("Report", &milestone)]));
    let read: Vec<Table> = read(&plan, NS).expect("schedules").into_iter().map(Table::from).collect();
    let expected = [
        Table {
            every: Some("6h".into()),
            scopes: vec!["production".into()],
            controls: vec!["dat-01".into(), "sc-28.1".into()],
            ..Table::named("check-the-buckets")
        },
        Table { on: Some("2027-01-01T00:00:00Z".into()), until: Some("2027-01-31T23:00:00Z".into()), ..Table::named("pen-test") },
    ];
    assert_eq!(read, expected);
}

#[test]
fn two_tasks_of_one_title_get_two_names() {
    let daily = json!({ "timing": { "at-frequency": { "period": 1, "unit": "days" } } });
    let plan = of_others(json!([task("Assess", &daily), task("Assess", &daily), task("…", &daily)]));
    let names: Vec<String> = read(&plan, NS).expect("schedules").into_iter().map(|schedule| schedule.name).collect();
    assert_eq!(names, ["assess", "assess-1", "task-2"]);
}

#[test]
fn what_cannot_be_a_schedule_is_refused_with_its_place() {
    let daily = json!({ "at-frequency": { "period": 1, "unit": "days" } });
    let stranger = "44444444-4444-4444-8444-444444444444";
    let cases = [
        (json!({}), "/assessment-plan/tasks/0", "no `timing`"),
        (json!({ "timing": daily, "dependencies": [{ "task-uuid": stranger }] }), "/assessment-plan/tasks/0/dependencies/0", "waits for"),
        (
            json!({ "timing": daily, "associated-activities": [{ "activity-uuid": stranger, "subjects": [{ "type": "component", "include-all": {} }] }] }),
            "/assessment-plan/tasks/0/associated-activities/0/activity-uuid",
            "does not define this activity",
        ),
        (
            json!({ "timing": daily, "subjects": [{ "type": "component", "include-subjects": [{ "subject-uuid": stranger, "type": "component" }] }] }),
            "/assessment-plan/tasks/0/subjects/0/include-subjects/0/subject-uuid",
            "no component of the plan",
        ),
        (
            json!({ "timing": daily, "subjects": [{ "type": "component", "include-all": {}, "exclude-subjects": [{ "subject-uuid": stranger, "type": "component" }] }] }),
            "/assessment-plan/tasks/0/subjects/0/exclude-subjects",
            "leaves subjects out",
        ),
        (
            json!({ "timing": { "at-frequency": { "period": 4_000_000_000_u64, "unit": "years" } } }),
            "/assessment-plan/tasks/0/timing",
            "no length of time",
        ),
        (
            json!({ "props": [{ "name": "schedule", "ns": NS, "value": "a" }, { "name": "cron", "ns": NS, "value": "0 25 * * *" }] }),
            "/assessment-plan/tasks/0/props",
            "hour: `25`",
        ),
        (
            json!({ "timing": daily, "props": [{ "name": "schedule", "ns": NS, "value": "a" }, { "name": "overlap", "ns": NS, "value": "never" }] }),
            "/assessment-plan/tasks/0/props",
            "`never` is no value of the property `overlap`",
        ),
    ];
    for (more, pointer, what) in cases {
        let refused = read(&of_others(json!([task("T", &more)])), NS).expect_err(what);
        let [one] = refused.as_slice() else { panic!("{refused:?}") };
        assert_eq!(one.pointer, pointer, "{one}");
        assert!(one.what.contains(what) && !one.fix.is_empty(), "{one}");
    }
}

fn cadences() -> impl Strategy<Value = Table> {
    let crons = vec!["30 2 * * *", "@daily", "*/15 * * * *", "0 0 13 * 5", "15 10 3 * ? * 2027-2031", "0 0 29 feb *", "5 4 * * fri-sun"];
    let zones = vec![None, Some("Europe/Berlin"), Some("Australia/Lord_Howe"), Some("Asia/Kathmandu")];
    let cron = (proptest::sample::select(crons), proptest::sample::select(zones));
    prop_oneof![
        (1_i64..400_000_000).prop_map(|seconds| Table { every: Some(format!("{seconds}s")), ..Table::default() }),
        (1_u32..200).prop_map(|months| Table { every: Some(format!("{months}mo")), ..Table::default() }),
        cron.prop_map(|(cron, zone)| Table { cron: Some(cron.into()), zone: zone.map(Into::into), ..Table::default() }),
        (0_i64..4_000_000_000, proptest::option::of(0_i64..1_000_000)).prop_map(|(on, length)| {
            let text = |second| Timestamp::from_second(second).expect("in range").to_string();
            Table { on: Some(text(on)), until: length.map(|length| text(on + length)), ..Table::default() }
        }),
    ]
}

fn tables() -> impl Strategy<Value = Table> {
    let globs = || proptest::collection::vec("[a-z*?{},/ :äé-]{0,3}[a-z*ö]", 0..3);
    let catch_up = (proptest::sample::select(CatchUpWord::ALL.as_slice()), proptest::option::of(1_u32..10_000));
    let jitter = proptest::option::of(0_i64..100_000);
    let grace = proptest::option::of(0_i64..10_000_000);
    let policies = (proptest::sample::select(Overlap::ALL.as_slice()), catch_up, jitter, grace);
    ("[A-Za-z0-9_][A-Za-z0-9._-]{0,20}", cadences(), policies, (globs(), globs(), globs())).prop_map(
        |(name, cadence, (overlap, (catch_up, at_most), jitter, grace), (profiles, scopes, controls))| Table {
            name,
            overlap,
            catch_up,
            catch_up_at_most: at_most.filter(|_| catch_up == CatchUpWord::All),
            jitter: jitter.map(|seconds| format!("{seconds}s")),
            grace: grace.map(|seconds| format!("{seconds}s")),
            profiles,
            scopes,
            controls,
            ..cadence
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_schedule_that_is_written_as_a_task_is_read_back_the_same(table in tables()) {
        // Jitter may be too wide for the period, and globs may be none; those tables are refused and no schedules.
        if let Ok(schedule) = table.schedule() {
            let read = read(&through_json(written(std::slice::from_ref(&schedule))), NS);
            prop_assert_eq!(read, Ok(vec![schedule]));
        }
    }

    #[test]
    fn a_schedule_that_is_written_as_a_table_is_read_back_the_same(table in tables()) {
        if let Ok(schedule) = table.schedule() {
            let text = serde_json::to_string(&schedule).expect("writable");
            prop_assert_eq!(serde_json::from_str::<Schedule>(&text).expect("readable"), schedule);
        }
    }
}
