use serde_json::{Value, json};

use super::Table;
use crate::{Schedule, What};

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    schedule: Vec<Schedule>,
}

#[test]
fn schedules_are_read_from_the_tables_of_the_configuration() {
    let text = r#"
        [[schedule]]
        name = "nightly"
        cron = "30 2 * * *"
        zone = "europe/berlin"
        jitter = "10m"
        overlap = "buffer-one"
        catch_up = "all"
        catch_up_at_most = 3
        grace = "2h"
        scopes = ["prod-*"]
        controls = ["dat-01", "net-*"]

        [[schedule]]
        name = "often"
        every = "6h"
    "#;
    let config: Config = toml::from_str(text).expect("right");
    let written: Vec<Value> = config.schedule.iter().map(|schedule| serde_json::to_value(schedule).expect("writable")).collect();
    assert_eq!((&written[0]["zone"], &written[0]["catch_up_at_most"]), (&json!("Europe/Berlin"), &json!(3)));
    assert_eq!(written[1], json!({ "name": "often", "every": "6h", "overlap": "skip", "catch_up": "latest" }));
    let What { scopes, controls, profiles } = &config.schedule[0].what;
    assert!(
        scopes.cover("prod-eu") && !scopes.cover("dev") && controls.cover("net-02") && !controls.cover("dat-010") && profiles.cover("any")
    );
}

#[test]
fn an_unknown_key_is_refused() {
    let error = toml::from_str::<Config>("[[schedule]]\nname = \"a\"\nevery = \"1h\"\nevry = \"2h\"").err().expect("a stranger");
    assert!(error.to_string().contains("unknown field `evry`"), "{error}");
}

#[test]
fn everything_that_is_wrong_is_told_at_once_under_its_key() {
    let table = Table {
        every: Some("1h".into()),
        zone: Some("UTC".into()),
        jitter: Some("soon".into()),
        catch_up_at_most: Some(3),
        grace: Some("-1h".into()),
        scopes: vec!["[".into()],
        controls: vec![" a".into()],
        ..Table::named("a b")
    };
    let keys: Vec<&str> = table.schedule().expect_err("wrong").into_iter().map(|wrong| wrong.key).collect();
    assert_eq!(keys, ["name", "zone", "jitter", "grace", "catch_up_at_most", "scopes", "controls"]);
}

#[test]
fn a_table_has_exactly_one_cadence() {
    let on = || Some("2027-01-15T09:00:00Z".to_owned());
    for (table, told) in [
        (Table::named("a"), "`every`: it is not said when it is due; add `every = \"6h\"`, `cron = \"30 2 * * *\"` or `on`"),
        (
            Table { every: Some("1h".into()), cron: Some("@daily".into()), ..Table::named("a") },
            "`every`: more than one of `every`, `cron` and `on`; keep one; make a second `[[schedule]]` for the other",
        ),
        (Table { every: Some("1h".into()), until: on(), ..Table::named("a") }, "`until`: it has a meaning only with `on`; remove it"),
        (
            Table { on: on(), until: Some("2027-01-15T08:00:00Z".into()), ..Table::named("a") },
            "`until`: it is before `on`; put the end after the beginning",
        ),
        (
            Table { every: Some("10m".into()), jitter: Some("10m".into()), ..Table::named("a") },
            "`jitter`: 10m is not shorter than the period of 10m; shorten it, or ticks would overtake each other",
        ),
    ] {
        let wrong: Vec<String> = table.schedule().expect_err(told).iter().map(ToString::to_string).collect();
        assert_eq!(wrong, [told]);
    }
}

#[test]
fn the_schema_says_what_the_table_takes() {
    let schema = schemars::schema_for!(Schedule).to_value();
    assert_eq!(schema["additionalProperties"], false);
    assert_eq!(schema["required"], json!(["name"]));
}
