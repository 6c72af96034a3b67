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
        let members = header.iter().zip(&record).filter_map(|(name, text)| typed(name, text).transpose());
        members.collect::<Result<Map<_, _>, Gap>>().map(Value::Object)
    });
    rows.collect::<Result<Vec<_>, Gap>>().map(Value::Array)
}

/// `N/A`, `no_information` and `not_supported` mean that there is nothing to say; then the member is absent. Only the root user's
/// password is `not_supported`: it always has one, so that counts as enabled.
fn typed(name: &str, text: &str) -> Result<Option<(String, Value)>, Gap> {
    let strange = || malformed(&FUNCTION, format!("`{name}` holds `{text}`"));
    let value = match (name, text) {
        ("password_enabled", "not_supported") => Value::Bool(true),
        (_, "N/A" | "no_information" | "not_supported" | "") => return Ok(None),
        (name, text) if FLAGS.contains(&name) => Value::Bool(text.to_ascii_lowercase().parse().map_err(|_| strange())?),
        (name, text) if INSTANTS.contains(&name) => Value::String(text.parse::<jiff::Timestamp>().map_err(|_| strange())?.to_string()),
        (_, text) => Value::String(text.to_owned()),
    };
    Ok(Some((name.to_owned(), value)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const HEADER: &str =
        "user,arn,user_creation_time,password_enabled,password_last_used,mfa_active,access_key_1_active,access_key_1_last_used_region\n";

    fn report(rows: &str) -> Result<Value, Gap> {
        apply(&Value::String(aws_smithy_types::base64::encode(format!("{HEADER}{rows}"))))
    }

    #[test]
    fn rows_are_typed_and_what_the_report_does_not_say_is_absent() {
        let rows = report(
            "<root_account>,arn:aws:iam::111122223333:root,2020-01-01T10:00:00+00:00,not_supported,no_information,true,false,N/A\n\
             ada,arn:aws:iam::111122223333:user/ada,2021-02-03T04:05:06+00:00,false,N/A,false,true,eu-central-1\n",
        );
        assert_eq!(
            rows.unwrap(),
            json!([
                { "user": "<root_account>", "arn": "arn:aws:iam::111122223333:root", "user_creation_time": "2020-01-01T10:00:00Z",
                  "password_enabled": true, "mfa_active": true, "access_key_1_active": false },
                { "user": "ada", "arn": "arn:aws:iam::111122223333:user/ada", "user_creation_time": "2021-02-03T04:05:06Z",
                  "password_enabled": false, "mfa_active": false, "access_key_1_active": true, "access_key_1_last_used_region": "eu-central-1" },
            ])
        );
    }

    #[test]
    fn a_flag_or_an_instant_in_another_form_is_a_gap() {
        for row in ["ada,a,2021-02-03T04:05:06Z,perhaps,N/A,false,true,N/A\n", "ada,a,yesterday,true,N/A,false,true,N/A\n", "ada,a\n"] {
            assert_eq!(report(row).unwrap_err().cause, "Malformed", "{row}");
        }
    }

    #[test]
    fn what_is_no_report_is_a_gap_and_not_an_account_without_users() {
        for text in ["", "%%%", "aGVsbG8="] {
            assert_eq!(apply(&Value::String(text.into())).unwrap_err().cause, "Malformed", "{text}");
        }
    }
}
