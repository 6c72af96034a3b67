//! The credential report: CSV in base64, as rows with typed members.

use inventory::{Gap, Shape};
use serde_json::{Map, Value};

use super::{Function, malformed};

pub(super) const FUNCTION: Function = Function { name: "credential_report", apply, shape };

const TEXTS: &[&str] = &["user", "arn"];
const FLAGS: &[&str] = &["password_enabled", "mfa_active", "access_key_1_active", "access_key_2_active", "cert_1_active", "cert_2_active"];
const INSTANTS: &[&str] = &[
    "user_creation_time",
    "password_last_used",
    "password_last_changed",
    "password_next_rotation",
    "access_key_1_last_rotated",
    "access_key_1_last_used_date",
    "access_key_2_last_rotated",
    "access_key_2_last_used_date",
    "cert_1_last_rotated",
    "cert_2_last_rotated",
];

fn shape(_: &Shape) -> Shape {
    let typed = |names: &[&str], shape: Shape| names.iter().map(|name| ((*name).to_owned(), shape.clone())).collect::<Vec<_>>();
    let members = [typed(TEXTS, Shape::String), typed(FLAGS, Shape::Bool), typed(INSTANTS, Shape::Timestamp)];
    Shape::list(Shape::Object(members.into_iter().flatten().collect()))
}

fn apply(content: &Value) -> Result<Value, Gap> {
    let text = content.as_str().ok_or_else(|| malformed(&FUNCTION, "the report is no text"))?;
    let bytes = aws_smithy_types::base64::decode(text).map_err(|_| malformed(&FUNCTION, "the report is not base64"))?;
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let header = reader.headers().map_err(|error| malformed(&FUNCTION, format!("the report has no header: {error}")))?.clone();
    if !["user", "password_enabled", "mfa_active"].iter().all(|name| header.iter().any(|column| column == *name)) {
        return Err(malformed(&FUNCTION, "the report lacks its columns"));
    }
    let rows = reader.records().map(|record| {
        let record = record.map_err(|error| malformed(&FUNCTION, format!("a broken row: {error}")))?;
        Ok(Value::Object(header.iter().zip(&record).filter_map(|(name, text)| typed(name, text)).collect::<Map<_, _>>()))
    });
    rows.collect::<Result<Vec<_>, Gap>>().map(Value::Array)
}

/// `N/A`, `no_information` and `not_supported` mean that there is nothing to say; then the member is absent. Only the root user's
/// password is `not_supported`: it always has one, so that counts as enabled.
fn typed(name: &str, text: &str) -> Option<(String, Value)> {
    let value = match (name, text) {
        ("password_enabled", "not_supported") => Value::Bool(true),
        (_, "N/A" | "no_information" | "not_supported" | "") => return None,
        (name, "true" | "TRUE") if FLAGS.contains(&name) => Value::Bool(true),
        (name, "false" | "FALSE") if FLAGS.contains(&name) => Value::Bool(false),
        (name, text) if INSTANTS.contains(&name) => {
            Value::String(text.parse::<jiff::Timestamp>().map_or_else(|_| text.to_owned(), |instant| instant.to_string()))
        }
        (_, text) => Value::String(text.to_owned()),
    };
    Some((name.to_owned(), value))
}
