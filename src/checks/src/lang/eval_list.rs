//! Lists, indices and arithmetic.

use std::rc::Rc;

use super::eval::{Stop, unexpected};
use super::node::Arith;
use super::value::Val;

/// `of[key]`, and `of[?key]`.
pub(crate) fn index<'d>(of: Val<'d>, key: Val<'d>, optional: bool) -> Result<Val<'d>, Stop> {
    let found = match (&of, &key) {
        (Val::Object(members), Val::Text(name)) => members.get(&**name).map(Val::read).transpose()?,
        (Val::Array(_) | Val::Made(_), Val::Int(at)) => usize::try_from(*at).ok().and_then(|at| of.at(at)).transpose()?,
        (Val::Optional(None), _) => return Ok(Val::Optional(None)),
        (Val::Optional(Some(inner)), _) => return index((**inner).clone(), key, true),
        _ => return Err(Stop::fault("Unexpected", format!("{} is no index of {}", key.sort(), of.sort()))),
    };
    match (optional, found) {
        (true, found) => Ok(Val::Optional(found.map(Rc::new))),
        (false, Some(value)) => Ok(value),
        (false, None) => Err(Stop::fault("FieldAbsent", format!("`[{}]` is not there", key.to_json()))),
    }
}

/// `item in of`: one that is equal decides it; without one, a single unread element leaves it open.
pub(crate) fn is_in<'d>(item: &Val<'d>, of: &Val<'d>) -> Result<bool, Stop> {
    match (of, item) {
        (Val::Object(members), Val::Text(name)) => members.get(&**name).map_or(Ok(false), |value| Val::read(value).map(|_| true)),
        (Val::Array(_) | Val::Made(_), _) => {
            let mut missing: Option<Stop> = None;
            for at in 0..of.len().unwrap_or(0) {
                let element = of.at(at).unwrap_or(Ok(Val::Null));
                match element.and_then(|element| element.equals(item)) {
                    Ok(true) => return Ok(true),
                    Ok(false) => {}
                    Err(more) => missing = Some(missing.map_or(more.clone(), |missing| missing.and(more))),
                }
            }
            missing.map_or(Ok(false), Err)
        }
        _ => Err(unexpected("a list or an object", of)),
    }
}

/// `-x`.
pub(crate) fn negate(of: Val<'_>) -> Result<Val<'_>, Stop> {
    match of {
        Val::Int(number) => number.checked_neg().map(Val::Int).ok_or_else(overflow),
        Val::Double(number) => Ok(Val::Double(-number)),
        other => Err(unexpected("a number", &other)),
    }
}

/// `+ - * / %`.
pub(crate) fn arith<'d>(arith: Arith, left: Val<'d>, right: Val<'d>) -> Result<Val<'d>, Stop> {
    match (arith, left, right) {
        (_, Val::Int(a), Val::Int(b)) => whole(arith, a, b),
        (_, Val::Int(a), Val::Double(b)) => Ok(Val::Double(real(arith, a as f64, b))),
        (_, Val::Double(a), Val::Int(b)) => Ok(Val::Double(real(arith, a, b as f64))),
        (_, Val::Double(a), Val::Double(b)) => Ok(Val::Double(real(arith, a, b))),
        (Arith::Add, Val::Text(a), Val::Text(b)) => Ok(Val::Text((a.into_owned() + &b).into())),
        (Arith::Add, a @ (Val::Array(_) | Val::Made(_)), b @ (Val::Array(_) | Val::Made(_))) => {
            let items = |list: &Val<'d>| (0..list.len().unwrap_or(0)).filter_map(|at| list.at(at)).collect::<Result<Vec<_>, _>>();
            let mut both = items(&a)?;
            both.extend(items(&b)?);
            Ok(Val::Made(both.into()))
        }
        (_, a, b) => Err(Stop::fault("Unexpected", format!("{} and {} cannot be reckoned with", a.sort(), b.sort()))),
    }
}

fn whole<'d>(arith: Arith, a: i64, b: i64) -> Result<Val<'d>, Stop> {
    let result = match arith {
        Arith::Add => a.checked_add(b),
        Arith::Subtract => a.checked_sub(b),
        Arith::Multiply => a.checked_mul(b),
        Arith::Divide => a.checked_div(b),
        Arith::Modulo => a.checked_rem(b),
    };
    result.map(Val::Int).ok_or_else(overflow)
}

fn real(arith: Arith, a: f64, b: f64) -> f64 {
    match arith {
        Arith::Add => a + b,
        Arith::Subtract => a - b,
        Arith::Multiply => a * b,
        Arith::Divide => a / b,
        Arith::Modulo => a % b,
    }
}

fn overflow() -> Stop {
    Stop::fault("Unexpected", "a number too large, or a division by zero")
}
