use serde_json::{Value, json};

use super::*;

fn uuid(number: u8) -> String {
    format!("0b6f0c55-6f55-4d4a-9a35-6f2a3d3f6c{number:02}")
}

fn set(parameter: &str, value: &str) -> Value {
    json!({ "param-id": parameter, "values": [value] })
}

/// An implementation that sets `general`, with a requirement for each of `own`.
fn implementation(number: u8, general: Option<&str>, own: &[Option<&str>]) -> Value {
    let requirement = |(at, value): (usize, &Option<&str>)| {
        let mut requirement = json!({ "uuid": uuid(number * 10 + at as u8), "control-id": format!("c-{number}{at}"), "description": "d" });
        if let Some(value) = value {
            requirement["set-parameters"] = json!([set("p", value)]);
        }
        requirement
    };
    let requirements: Vec<Value> = own.iter().enumerate().map(requirement).collect();
    let mut made = json!({ "uuid": uuid(number), "source": "p.json", "description": "d", "implemented-requirements": requirements });
    if let Some(value) = general {
        made["set-parameters"] = json!([set("p", value)]);
    }
    made
}

fn definition(implementations: Vec<Value>) -> Definition {
    let metadata = json!({ "title": "T", "last-modified": "2026-11-24T00:00:00Z", "version": "1", "oscal-version": "1.2.3" });
    let component =
        json!({ "uuid": uuid(2), "type": "service", "title": "S", "description": "S", "control-implementations": implementations });
    let document = json!({ "uuid": uuid(1), "metadata": metadata, "components": [component] });
    read(&serde_json::from_value(document).unwrap())
}

fn value(definition: &Definition) -> String {
    let of = |(_, values): &(String, Vec<Text>)| values[0].to_string();
    definition.settings().map(of).last().unwrap()
}

#[test]
fn what_a_requirement_sets_outweighs_what_its_implementation_does_wherever_either_stands() {
    assert_eq!(value(&definition(vec![implementation(1, Some("general"), &[Some("own"), None])])), "own");
    assert_eq!(value(&definition(vec![implementation(1, Some("general"), &[None, Some("own"), None])])), "own");
    let two = definition(vec![implementation(1, None, &[Some("own")]), implementation(2, Some("general"), &[None])]);
    assert_eq!(value(&two), "own");
    assert!(two.disagreements().is_empty(), "one level outweighs the other");
    let words: Vec<String> = two.requirements[1].settings().map(|(_, values)| values[0].to_string()).collect();
    assert_eq!(words, ["general"]);
}

#[test]
fn two_values_on_one_level_are_told_and_the_last_one_counts() {
    let two = definition(vec![
        implementation(1, Some("a"), &[None]),
        implementation(2, Some("b"), &[None]),
        implementation(3, Some("a"), &[None]),
    ]);
    assert_eq!(two.disagreements(), [("p", vec!["b".to_owned(), "a".to_owned()])]);
    assert_eq!(value(&two), "a");
}
