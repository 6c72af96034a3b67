//! The functions that expressions may call: a short list, because each is a promise.

use super::types::Ty;

/// A function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    /// `size(x)`, `x.size()`: elements of a list or object, characters of a text.
    Size,
    /// `x.startsWith(y)`
    StartsWith,
    /// `x.endsWith(y)`
    EndsWith,
    /// `x.contains(y)`
    Contains,
    /// `x.matches(pattern)`: RE2 syntax, linear time, found anywhere.
    Matches,
    /// `x.like(pattern)`: the whole text, `*` for any characters and `?` for one, as in an IAM policy. The pattern may be data.
    Like,
    /// `x.lowerAscii()`
    LowerAscii,
    /// `older_than(instant, age)`: the instant lies further back than the age.
    OlderThan,
    /// `expires_within(instant, age)`: the instant comes before the age is over, or has passed.
    ExpiresWithin,
    /// `days(age)`: whole days in an age, a broken one left out.
    Days,
    /// `cidr_is_any(text)`: every IPv4 or every IPv6 address.
    CidrIsAny,
    /// `optional.orValue(other)`
    OrValue,
    /// `optional.hasValue()`
    HasValue,
}

/// Name, whether the first argument stands before the dot, and what the arguments must be.
pub(crate) const FUNCTIONS: &[(&str, Function, Style, &[Wanted], Ty)] = &[
    ("size", Function::Size, Style::Either, &[Wanted::Sized], Ty::Int),
    ("startsWith", Function::StartsWith, Style::Method, &[Wanted::Text, Wanted::Text], Ty::Bool),
    ("endsWith", Function::EndsWith, Style::Method, &[Wanted::Text, Wanted::Text], Ty::Bool),
    ("contains", Function::Contains, Style::Method, &[Wanted::Text, Wanted::Text], Ty::Bool),
    ("matches", Function::Matches, Style::Either, &[Wanted::Text, Wanted::Pattern], Ty::Bool),
    ("like", Function::Like, Style::Method, &[Wanted::Text, Wanted::Text], Ty::Bool),
    ("lowerAscii", Function::LowerAscii, Style::Method, &[Wanted::Text], Ty::Text),
    ("older_than", Function::OlderThan, Style::Global, &[Wanted::Text, Wanted::Age], Ty::Bool),
    ("expires_within", Function::ExpiresWithin, Style::Global, &[Wanted::Text, Wanted::Age], Ty::Bool),
    ("days", Function::Days, Style::Global, &[Wanted::Age], Ty::Int),
    ("cidr_is_any", Function::CidrIsAny, Style::Global, &[Wanted::Text], Ty::Bool),
    ("orValue", Function::OrValue, Style::Method, &[Wanted::Optional, Wanted::Anything], Ty::Any),
    ("hasValue", Function::HasValue, Style::Method, &[Wanted::Optional], Ty::Bool),
];

/// How a function is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Method,
    Global,
    Either,
}

/// What an argument must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    Text,
    /// A pattern that stands in the expression, so that it can be checked when it is loaded.
    Pattern,
    Sized,
    Age,
    Optional,
    Anything,
}

impl Wanted {
    pub(crate) fn takes(self, ty: &Ty) -> bool {
        match self {
            Wanted::Anything => true,
            Wanted::Text | Wanted::Pattern => matches!(ty, Ty::Any | Ty::Text),
            Wanted::Sized => matches!(ty, Ty::Any | Ty::Text | Ty::List(_) | Ty::Map(_) | Ty::Object(_)),
            Wanted::Age => matches!(ty, Ty::Any | Ty::Text | Ty::Int),
            Wanted::Optional => matches!(ty, Ty::Any | Ty::Optional(_)),
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Wanted::Text => "text",
            Wanted::Pattern => "a pattern in quotes",
            Wanted::Sized => "a list, an object or text",
            Wanted::Age => "an age: text such as 'P90D', or a number of days",
            Wanted::Optional => "an optional, made by `.?`",
            Wanted::Anything => "anything",
        }
    }
}
