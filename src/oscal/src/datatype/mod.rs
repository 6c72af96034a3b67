//! The simple datatypes of OSCAL: text that is checked once, where it is read, and kept exactly as it was read.

mod date_time;
mod line;
mod token;
mod uri;
mod uuid;

pub use date_time::DateTime;
pub use line::{Base64, Date, Email, Markup, MarkupLine, Text};
pub use token::Token;
pub use uri::{Uri, UriReference};
pub use uuid::Uuid;

/// A value that is not of the datatype that OSCAL asks for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not {expected}")]
pub struct ValueError {
    /// What was given, shortened when long.
    pub given: String,
    /// What would have been right.
    pub expected: &'static str,
}

impl ValueError {
    /// The refusal of `given`, where `expected` was asked for.
    pub(crate) fn new(given: &str, expected: &'static str) -> Self {
        const SHOWN: usize = 80;
        let given = match given.char_indices().nth(SHOWN) {
            Some((end, _)) => format!("{}…", &given[..end]),
            None => given.to_owned(),
        };
        Self { given: given.escape_debug().to_string(), expected }
    }
}

/// Serde and display for a type that is written as one string and knows `as_str` and `FromStr`.
macro_rules! text_traits {
    ($name:ident) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(crate::datatype::Parsed(std::marker::PhantomData))
            }
        }
    };
}

/// Declares a checked string: shared, so that a namespace repeated a million times is stored once by who builds documents.
macro_rules! text_type {
    ($(#[$meta:meta])* $name:ident, $expected:literal, $check:expr, $schema:tt) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(std::sync::Arc<str>);

        impl $name {
            /// The text, exactly as it was read.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::datatype::ValueError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let check: fn(&str) -> bool = $check;
                if check(text) { Ok(Self(text.into())) } else { Err(crate::datatype::ValueError::new(text, $expected)) }
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                &*self.0 == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                &*self.0 == *other
            }
        }

        crate::datatype::text_traits!($name);

        impl schemars::JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let mut schema = schemars::json_schema!($schema);
                schema.insert("$comment".to_owned(), $expected.into());
                schema
            }
        }
    };
}

/// Reads a string and parses it, without keeping a copy in between.
pub(crate) struct Parsed<T>(pub(crate) std::marker::PhantomData<T>);

impl<T: std::str::FromStr<Err = ValueError>> serde::de::Visitor<'_> for Parsed<T> {
    type Value = T;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

pub(crate) use {text_traits, text_type};
