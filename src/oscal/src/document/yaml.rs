//! A document as YAML: block style, texts as they are where YAML leaves them alone, and in JSON's quotes, which YAML reads, elsewhere.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// The YAML of JSON text; members stay in their order.
pub(super) fn of(json: &str) -> String {
    let value: Value = serde_json::from_str(json).expect("what we wrote is JSON");
    let mut out = String::new();
    block(&value, 0, &mut out);
    out
}

/// JSON with its members in the order in which they are written, which is OSCAL's.
enum Value {
    Object(Vec<(String, Value)>),
    Array(Vec<Value>),
    String(String),
    /// A number, a truth or null, as it is written.
    Other(String),
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any)
    }
}

struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Other(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Other(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Other(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Other(serde_json::Number::from_f64(value).map_or_else(|| "null".into(), |number| number.to_string())))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Other("null".into()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Value::Object(members))
    }
}

fn block(value: &Value, indent: usize, out: &mut String) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (at, (name, member)) in members.iter().enumerate() {
                if at > 0 {
                    pad(indent, out);
                }
                *out += &scalar(name);
                out.push(':');
                after_colon(member, indent, out);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    pad(indent, out);
                }
                *out += "- ";
                block(item, indent + 1, out);
            }
        }
        Value::String(text) => {
            text_block(text, indent, out);
        }
        Value::Other(literal) => {
            *out += literal;
            out.push('\n');
        }
        Value::Object(_) => *out += "{}\n",
        Value::Array(_) => *out += "[]\n",
    }
}

fn after_colon(member: &Value, indent: usize, out: &mut String) {
    match member {
        Value::Object(members) if !members.is_empty() => {
            out.push('\n');
            pad(indent + 1, out);
            block(member, indent + 1, out);
        }
        Value::Array(items) if !items.is_empty() => {
            out.push('\n');
            pad(indent + 1, out);
            block(member, indent + 1, out);
        }
        _ => {
            out.push(' ');
            block(member, indent + 1, out);
        }
    }
}

/// Several lines stand as a literal block, where nothing in them would be lost by that.
fn text_block(text: &str, indent: usize, out: &mut String) {
    let is_plain_line = |line: &str| !line.ends_with([' ', '\t']) && !line.chars().any(|c| c.is_control() || breaks(c));
    let fits = text.contains('\n') && !text.starts_with([' ', '\n', '\t']) && !text.ends_with('\n') && text.split('\n').all(is_plain_line);
    if !fits {
        *out += &scalar(text);
        out.push('\n');
        return;
    }
    *out += "|-\n";
    for line in text.split('\n') {
        if !line.is_empty() {
            pad(indent, out);
            *out += line;
        }
        out.push('\n');
    }
}

fn pad(indent: usize, out: &mut String) {
    out.extend(std::iter::repeat_n("  ", indent));
}

/// Line breaks of Unicode and the byte order mark, which YAML treats as its own.
fn breaks(c: char) -> bool {
    matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
}

/// Plain where no reader could take it for anything but this text; else in quotes.
fn scalar(text: &str) -> String {
    let begins = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '/');
    let is_word = matches!(text.to_ascii_lowercase().as_str(), "null" | "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n");
    let is_safe = |c: char| {
        c.is_alphanumeric()
            || matches!(c, ' ' | '-' | '_' | '.' | '/' | '(' | ')' | ',' | ';' | '+' | '=' | '@' | '\'' | '*' | '%' | '$' | '?' | '!')
    };
    match begins && !is_word && !text.ends_with(' ') && text.chars().all(is_safe) {
        true => text.to_owned(),
        false => quoted(text),
    }
}

/// JSON's quotes; what JSON leaves as it is and YAML would break at is escaped.
fn quoted(text: &str) -> String {
    let json = serde_json::to_string(text).expect("text is JSON");
    let escape = |c: char| if breaks(c) || (c.is_control() && c != '\n') { format!("\\u{:04x}", c as u32) } else { c.to_string() };
    json.chars().map(escape).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::of;
    use crate::{Format, Source};

    fn back(yaml: &str) -> serde_json::Value {
        Source::new(yaml.as_bytes().to_vec(), Format::Yaml, "test").unwrap_or_else(|error| panic!("{error}\n{yaml}")).value().unwrap()
    }

    #[test]
    fn it_is_laid_out_as_people_write_it() {
        let value = r#"{ "catalog": { "title": "A catalog", "version": "1.0", "groups": [{ "id": "ac", "controls": [{ "id": "ac-1", "prose": "One\nTwo" }] }], "props": [] } }"#;
        let expected = "catalog:\n  title: A catalog\n  version: \"1.0\"\n  groups:\n    - id: ac\n      controls:\n        - id: ac-1\n          prose: |-\n            One\n            Two\n  props: []\n";
        assert_eq!(of(value), expected);
    }

    /// JSON as OSCAL has it: nothing is empty or null.
    fn any_json() -> impl Strategy<Value = serde_json::Value> {
        let text = prop_oneof![any::<String>(), "[ -~\n]{0,40}", "(true|null|1\\.0|0x1f|~|-|# x|a: b|- a|\\| x|&a|\\*a|!t|%d|@x|`y)"];
        let leaf = prop_oneof![any::<bool>().prop_map(Into::into), any::<i64>().prop_map(Into::into), text.prop_map(Into::into)];
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 1..5).prop_map(Into::into),
                prop::collection::btree_map(any::<String>(), inner, 1..5)
                    .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(value in any_json()) {
            let value = json!({ "root": value });
            prop_assert_eq!(back(&of(&value.to_string())), value);
        }
    }
}
