//! What the functions do.

use std::borrow::Cow;

use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp};

use super::eval::{Eval, Stop, unexpected};
use super::function::Function;
use super::value::Val;

/// The longest text and pattern of `like`, in bytes: an ARN has at most 2,048.
const LONGEST_NAME: usize = 2_048;

/// Calls a function; the arguments are as many as its declaration says.
pub(crate) fn call<'d>(eval: &mut Eval<'d>, function: Function, args: Vec<Val<'d>>) -> Result<Val<'d>, Stop> {
    let mut args = args.into_iter();
    let mut next = || args.next().unwrap_or(Val::Null);
    match function {
        Function::Size => {
            let of = next();
            of.len().map(|len| Val::Int(len as i64)).ok_or_else(|| unexpected("a list, an object or text", &of))
        }
        Function::StartsWith => Ok(Val::Bool(text(next())?.starts_with(&*text(next())?))),
        Function::EndsWith => Ok(Val::Bool(text(next())?.ends_with(&*text(next())?))),
        Function::Contains => Ok(Val::Bool(text(next())?.contains(&*text(next())?))),
        Function::Matches => Err(Stop::fault("Unexpected", "a pattern that was not compiled")),
        Function::Like => {
            let (of, pattern) = (text(next())?, text(next())?);
            if of.len().max(pattern.len()) > LONGEST_NAME {
                return Err(Stop::fault("Unexpected", format!("a name or pattern of more than {LONGEST_NAME} characters")));
            }
            Ok(Val::Bool(like(of.as_bytes(), pattern.as_bytes())))
        }
        Function::LowerAscii => Ok(Val::Text(Cow::Owned(text(next())?.to_ascii_lowercase()))),
        Function::OlderThan => {
            let flips = plus(instant(next())?, age(next())?);
            Ok(Val::Bool(reached(eval, flips)))
        }
        Function::ExpiresWithin => {
            let (instant, age) = (instant(next())?, age(next())?);
            Ok(Val::Bool(reached(eval, plus(instant, -age))))
        }
        Function::Days => Ok(Val::Int(age(next())?.as_hours() / 24)),
        Function::CidrIsAny => Ok(Val::Bool(is_any(&text(next())?))),
        Function::OrValue => match (next(), next()) {
            (Val::Optional(Some(value)), _) => Ok((*value).clone()),
            (Val::Optional(None), otherwise) => Ok(otherwise),
            (other, _) => Err(unexpected("an optional", &other)),
        },
        Function::HasValue => match next() {
            Val::Optional(value) => Ok(Val::Bool(value.is_some())),
            other => Err(unexpected("an optional", &other)),
        },
    }
}

/// Whether the instant has come; if not, the verdict must be looked at again then.
fn reached(eval: &mut Eval, flips: Timestamp) -> bool {
    if eval.now >= flips {
        return true;
    }
    eval.recheck_at = Some(eval.recheck_at.map_or(flips, |known| known.min(flips)));
    false
}

fn plus(instant: Timestamp, duration: SignedDuration) -> Timestamp {
    let limit = if duration.is_negative() { Timestamp::MIN } else { Timestamp::MAX };
    instant.checked_add(duration).unwrap_or(limit)
}

fn text<'d>(value: Val<'d>) -> Result<Cow<'d, str>, Stop> {
    match value {
        Val::Text(text) => Ok(text),
        other => Err(unexpected("text", &other)),
    }
}

fn instant(value: Val) -> Result<Timestamp, Stop> {
    let text = text(value)?;
    text.parse().map_err(|_| Stop::fault("Unexpected", format!("`{text}` is no instant such as 2026-11-23T06:00:00Z")))
}

/// A number of days, or an ISO 8601 duration of weeks, days, hours, minutes and seconds. Months and years have no fixed length.
fn age(value: Val) -> Result<SignedDuration, Stop> {
    match value {
        Val::Int(days) => Ok(SignedDuration::from_hours(days.saturating_mul(24))),
        Val::Text(text) => parse_age(&text).ok_or_else(|| Stop::fault("Unexpected", format!("`{text}` is no age such as P90D"))),
        other => Err(unexpected("an age", &other)),
    }
}

/// The length of an ISO 8601 duration.
pub(crate) fn parse_age(text: &str) -> Option<SignedDuration> {
    let span: Span = text.parse().ok()?;
    span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()
}

/// Whether the whole text is as the pattern says. Each star is tried from where the last one ended, so the cost is at most the
/// product of the lengths.
fn like(text: &[u8], pattern: &[u8]) -> bool {
    let (mut at, mut seen, mut star) = (0, 0, None);
    while seen < text.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at + 1, seen));
                at += 1;
            }
            Some(&wanted) if wanted == b'?' || wanted == text[seen] => (at, seen) = (at + 1, seen + 1),
            Some(_) | None => {
                let Some((after, from)) = star else { return false };
                star = Some((after, from + 1));
                (at, seen) = (after, from + 1);
            }
        }
    }
    pattern[at..].iter().all(|&rest| rest == b'*')
}

fn is_any(cidr: &str) -> bool {
    let Some((address, "0")) = cidr.trim().split_once('/') else { return false };
    address.parse::<std::net::IpAddr>().is_ok()
}
