//! What a parameter must be for a relation to hold: "rotated within 90 days" equals ours only while ours says 90 days or fewer.

use jiff::{Span, SpanRelativeTo, Unit};
use serde_json::Value;

use crate::plan::Control;

/// A condition on a parameter of ours.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// The parameter's id in our catalog, such as `idm-07_max_age`.
    pub parameter: String,
    /// From which side it is bounded.
    pub bound: Bound,
    /// The bound: a whole number or an ISO 8601 duration.
    pub value: String,
}

/// A side of a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// The parameter is not greater.
    AtMost,
    /// The parameter is not smaller.
    AtLeast,
}

impl Limit {
    /// Whether the control's parameters keep it. A parameter that the control does not have, or that cannot be compared, does not.
    pub fn holds(&self, control: &Control) -> bool {
        let short = self.parameter.strip_prefix(&format!("{}_", control.id)).unwrap_or(&self.parameter);
        let (Some(ours), Some(bound)) = (control.params.get(short).and_then(amount), amount(&Value::from(self.value.as_str()))) else {
            return false;
        };
        match self.bound {
            Bound::AtMost => ours <= bound,
            Bound::AtLeast => ours >= bound,
        }
    }
}

/// A number, or the seconds of a duration whose days have 24 hours.
fn amount(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => {
            text.parse().ok().or_else(|| text.parse::<Span>().ok()?.total((Unit::Second, SpanRelativeTo::days_are_24_hours())).ok())
        }
        _ => None,
    }
}
