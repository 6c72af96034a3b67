//! The few of a parameter group's hundreds of parameters that decide whether a database asks for TLS.

use inventory::Gap;
use serde_json::Value;

use super::{Function, malformed};

pub(super) const FUNCTION: Function = Function { name: "transport_parameters", apply, shape: |from| from.clone() };

/// PostgreSQL and SQL Server; MySQL and MariaDB; and what they call their protocol versions.
const NAMES: &[&str] = &["rds.force_ssl", "require_secure_transport", "ssl_min_protocol_version", "tls_version"];

fn apply(parameters: &Value) -> Result<Value, Gap> {
    let parameters = parameters.as_array().ok_or_else(|| malformed(&FUNCTION, "the parameters are no list"))?;
    let wanted = |parameter: &&Value| parameter.get("ParameterName").and_then(Value::as_str).is_some_and(|name| NAMES.contains(&name));
    Ok(Value::Array(parameters.iter().filter(wanted).cloned().collect()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_decides_about_tls_is_kept_as_it_was_said() {
        let force = json!({ "ParameterName": "rds.force_ssl", "ParameterValue": "1", "Source": "user" });
        let unset = json!({ "ParameterName": "tls_version" });
        let parameters = json!([{ "ParameterName": "autovacuum", "ParameterValue": "1" }, force, unset]);
        assert_eq!(apply(&parameters).unwrap(), json!([force, unset]));
        assert!(apply(&json!({})).is_err());
    }
}
