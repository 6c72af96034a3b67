//! The values of parameters: the catalog's, replaced by those of each profile on the way, in the type that the catalog declares.

use std::collections::BTreeMap;

use serde_json::Value;

use super::SelectError;
use crate::assembly::closed_enum;
use crate::{Control, Parameter, Text, property};

/// The namespace of the property `type` by which a catalog declares the type of a parameter.
pub const PARAMETER_NS: &str = "https://assize.dev/ns/oscal";

closed_enum! {
    /// The type of a parameter's value.
    pub enum ParameterType {
        /// A whole number.
        Integer = "integer",
        /// A string.
        String = "string",
        /// A length of time such as `90d` or `P90D`; a string to its users.
        Duration = "duration",
        /// True or false.
        Boolean = "boolean",
        /// Any number of strings.
        StringList = "string-list",
        /// Any number of whole numbers.
        IntegerList = "integer-list",
    }
}

/// The typed values of a control's parameters by name.
pub(super) fn values(control: &Control) -> Result<BTreeMap<String, Value>, SelectError> {
    let valued = control.params.iter().filter(|parameter| !parameter.values.is_empty());
    valued.map(|parameter| Ok((name_of(parameter, control).to_owned(), value_of(parameter)?))).collect()
}

/// The id without the leading `<control>_`.
fn name_of<'a>(parameter: &'a Parameter, control: &Control) -> &'a str {
    let id = parameter.id.as_str();
    let rest = id.strip_prefix(control.id.as_str()).and_then(|rest| rest.strip_prefix('_'));
    rest.filter(|name| !name.is_empty()).unwrap_or(id)
}

fn value_of(parameter: &Parameter) -> Result<Value, SelectError> {
    let values: Vec<&str> = parameter.values.iter().map(Text::as_str).collect();
    let refuse = |expected| SelectError::Parameter { parameter: parameter.id.to_string(), value: values.join(", "), expected };
    let one = || match values.as_slice() {
        [one] => Ok(*one),
        _ => Err(refuse("a single value")),
    };
    let integer = |text: &str| text.parse::<i64>().map(Value::from).map_err(|_| refuse("a whole number"));
    let declared = property(&parameter.props, PARAMETER_NS, "type");
    let declared = declared.map(|text| text.parse().map_err(|_| refuse("declared with a type that is known"))).transpose()?;
    Ok(match declared {
        Some(ParameterType::Integer) => integer(one()?)?,
        Some(ParameterType::String) => one()?.into(),
        Some(ParameterType::Duration) => {
            let text = one()?;
            text.parse::<jiff::Span>().map_err(|_| refuse("a length of time such as `90d` or `P90D`"))?;
            text.into()
        }
        Some(ParameterType::Boolean) => one()?.parse::<bool>().map_err(|_| refuse("`true` or `false`"))?.into(),
        Some(ParameterType::StringList) => values.into(),
        Some(ParameterType::IntegerList) => values.iter().map(|text| integer(text)).collect::<Result<Vec<_>, _>>()?.into(),
        // A catalog that says nothing of types: one value is a string, several are a list of them.
        None => one().map(Value::from).unwrap_or_else(|_| values.clone().into()),
    })
}
