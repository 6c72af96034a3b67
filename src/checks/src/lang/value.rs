//! Values: the document's own, borrowed, and the few that an expression makes.

use std::borrow::Cow;
use std::rc::Rc;

use inventory::Gap;
use serde_json::{Map, Value};

use super::eval::Stop;

/// A value during evaluation. Lists and objects of the document are never copied.
#[derive(Clone, Debug)]
pub(crate) enum Val<'d> {
    Null,
    Bool(bool),
    Int(i64),
    Double(f64),
    Text(Cow<'d, str>),
    Array(&'d [Value]),
    Object(&'d Map<String, Value>),
    Made(Rc<[Val<'d>]>),
    Optional(Option<Rc<Val<'d>>>),
}

impl<'d> Val<'d> {
    /// The document's value as one of ours.
    ///
    /// A `$unknown` marker is not a value: touching it stops with its gap.
    pub(crate) fn read(value: &'d Value) -> Result<Self, Stop> {
        Ok(match value {
            Value::Null => Val::Null,
            Value::Bool(flag) => Val::Bool(*flag),
            Value::Number(number) => match number.as_i64() {
                Some(whole) => Val::Int(whole),
                None => Val::Double(number.as_f64().unwrap_or(f64::NAN)),
            },
            Value::String(text) => Val::Text(Cow::Borrowed(text)),
            Value::Array(items) => Val::Array(items),
            Value::Object(members) => match Gap::in_document(value) {
                None => Val::Object(members),
                Some(gap) => return Err(Stop::gap(gap)),
            },
        })
    }

    /// What sort of value it is, for messages.
    pub(crate) fn sort(&self) -> &'static str {
        match self {
            Val::Null => "null",
            Val::Bool(_) => "a boolean",
            Val::Int(_) | Val::Double(_) => "a number",
            Val::Text(_) => "text",
            Val::Array(_) | Val::Made(_) => "a list",
            Val::Object(_) => "an object",
            Val::Optional(_) => "an optional",
        }
    }

    /// Equality as CEL has it: numbers by value, lists and objects member by member.
    ///
    /// A marker anywhere inside stops it: what was not read is equal to nothing and different from nothing.
    pub(crate) fn equals(&self, other: &Val<'d>) -> Result<bool, Stop> {
        Ok(match (self, other) {
            (Val::Null, Val::Null) => true,
            (Val::Bool(a), Val::Bool(b)) => a == b,
            (Val::Int(a), Val::Int(b)) => a == b,
            (Val::Int(a), Val::Double(b)) | (Val::Double(b), Val::Int(a)) => *a as f64 == *b,
            (Val::Double(a), Val::Double(b)) => a == b,
            (Val::Text(a), Val::Text(b)) => a == b,
            (Val::Object(a), Val::Object(b)) => {
                a.values().chain(b.values()).try_for_each(whole)?;
                objects_equal(a, b)?
            }
            (Val::Optional(None), Val::Optional(None)) => true,
            (Val::Optional(Some(a)), Val::Optional(Some(b))) => a.equals(b)?,
            (Val::Array(_) | Val::Made(_), Val::Array(_) | Val::Made(_)) => lists_equal(self, other)?,
            (Val::Array(_) | Val::Made(_) | Val::Object(_), _) => {
                self.whole()?;
                false
            }
            (_, Val::Array(_) | Val::Made(_) | Val::Object(_)) => {
                other.whole()?;
                false
            }
            _ => false,
        })
    }

    /// How many elements a list has.
    pub(crate) fn len(&self) -> Option<usize> {
        match self {
            Val::Array(items) => Some(items.len()),
            Val::Made(items) => Some(items.len()),
            Val::Object(members) => Some(members.len()),
            Val::Text(text) => Some(text.chars().count()),
            Val::Null | Val::Bool(_) | Val::Int(_) | Val::Double(_) | Val::Optional(_) => None,
        }
    }

    /// The element of a list at a position; a marker there is its gap.
    pub(crate) fn at(&self, index: usize) -> Option<Result<Val<'d>, Stop>> {
        match self {
            Val::Array(items) => items.get(index).map(Val::read),
            Val::Made(items) => items.get(index).cloned().map(Ok),
            Val::Null | Val::Bool(_) | Val::Int(_) | Val::Double(_) | Val::Text(_) | Val::Object(_) | Val::Optional(_) => None,
        }
    }

    /// Nothing inside is unread.
    fn whole(&self) -> Result<(), Stop> {
        match self {
            Val::Array(items) => items.iter().try_for_each(whole),
            Val::Object(members) => members.values().try_for_each(whole),
            Val::Made(items) => items.iter().try_for_each(Val::whole),
            Val::Null | Val::Bool(_) | Val::Int(_) | Val::Double(_) | Val::Text(_) | Val::Optional(_) => Ok(()),
        }
    }

    /// The value as JSON, for evidence and messages.
    pub(crate) fn to_json(&self) -> Value {
        match self {
            Val::Null | Val::Optional(None) => Value::Null,
            Val::Bool(flag) => Value::Bool(*flag),
            Val::Int(number) => Value::from(*number),
            Val::Double(number) => Value::from(*number),
            Val::Text(text) => Value::String(text.to_string()),
            Val::Array(items) => Value::Array(items.to_vec()),
            Val::Object(members) => Value::Object((*members).clone()),
            Val::Made(items) => Value::Array(items.iter().map(Val::to_json).collect()),
            Val::Optional(Some(value)) => value.to_json(),
        }
    }
}

fn whole(value: &Value) -> Result<(), Stop> {
    match value {
        Value::Array(items) => items.iter().try_for_each(whole),
        Value::Object(members) => match Gap::in_document(value) {
            None => members.values().try_for_each(whole),
            Some(gap) => Err(Stop::gap(gap)),
        },
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(()),
    }
}

fn objects_equal<'d>(a: &'d Map<String, Value>, b: &'d Map<String, Value>) -> Result<bool, Stop> {
    if a.len() != b.len() {
        return Ok(false);
    }
    for (name, value) in a {
        match b.get(name) {
            None => return Ok(false),
            Some(other) if !Val::read(value)?.equals(&Val::read(other)?)? => return Ok(false),
            Some(_) => {}
        }
    }
    Ok(true)
}

fn lists_equal<'d>(a: &Val<'d>, b: &Val<'d>) -> Result<bool, Stop> {
    a.whole()?;
    b.whole()?;
    if a.len() != b.len() {
        return Ok(false);
    }
    for at in 0..a.len().unwrap_or(0) {
        let (Some(x), Some(y)) = (a.at(at), b.at(at)) else { return Ok(false) };
        if !x?.equals(&y?)? {
            return Ok(false);
        }
    }
    Ok(true)
}
