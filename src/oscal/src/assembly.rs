//! The one law that every OSCAL object here follows, said once: unknown fields are refused, what is absent is not written,
//! `new` takes what OSCAL requires. Cardinality is written as in a DTD: `name: T` one, `name?: T` at most one,
//! `name*: T` any number, `name+: T` at least one.

/// Declares an OSCAL object with its fields in the order of the specification.
macro_rules! assembly {
    ($(#[$meta:meta])* pub struct $name:ident { $($body:tt)* }) => {
        assembly!(@munch [$(#[$meta])*] $name [] [] [] $($body)*);
    };
    (@munch $meta:tt $name:ident [$($field:tt)*] $args:tt [$($free:tt)*]
        $(#[$doc:meta])* $field_name:ident ? : $type:ty, $($rest:tt)*) => {
        assembly!(@munch $meta $name [$($field)*
            $(#[$doc])* #[serde(skip_serializing_if = "Option::is_none")] pub $field_name: Option<$type>,
        ] $args [$($free)* $field_name,] $($rest)*);
    };
    (@munch $meta:tt $name:ident [$($field:tt)*] $args:tt [$($free:tt)*]
        $(#[$doc:meta])* $field_name:ident * : $type:ty, $($rest:tt)*) => {
        assembly!(@munch $meta $name [$($field)*
            $(#[$doc])* #[serde(default, skip_serializing_if = "Vec::is_empty")] pub $field_name: Vec<$type>,
        ] $args [$($free)* $field_name,] $($rest)*);
    };
    (@munch $meta:tt $name:ident [$($field:tt)*] [$($arg:tt)*] $free:tt
        $(#[$doc:meta])* $field_name:ident + : $type:ty, $($rest:tt)*) => {
        assembly!(@munch $meta $name [$($field)* $(#[$doc])* pub $field_name: Vec<$type>,]
            [$($arg)* $field_name: Vec<$type>,] $free $($rest)*);
    };
    (@munch $meta:tt $name:ident [$($field:tt)*] [$($arg:tt)*] $free:tt
        $(#[$doc:meta])* $field_name:ident : $type:ty, $($rest:tt)*) => {
        assembly!(@munch $meta $name [$($field)* $(#[$doc])* pub $field_name: $type,]
            [$($arg)* $field_name: $type,] $free $($rest)*);
    };
    (@munch [$($meta:tt)*] $name:ident [$($field:tt)*] [] [$($free:ident,)*]) => {
        assembly!(@declare [$($meta)*] $name [$($field)*]);
        impl Default for $name {
            fn default() -> Self {
                Self { $($free: Default::default(),)* }
            }
        }
    };
    (@munch [$($meta:tt)*] $name:ident [$($field:tt)*] [$($arg:ident: $type:ty,)+] [$($free:ident,)*]) => {
        assembly!(@declare [$($meta)*] $name [$($field)*]);
        impl $name {
            /// The object with what OSCAL requires of it, and nothing else.
            pub fn new($($arg: $type),+) -> Self {
                Self { $($arg,)+ $($free: Default::default(),)* }
            }
        }
    };
    (@declare [$($meta:tt)*] $name:ident [$($field:tt)*]) => {
        $($meta)*
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[serde(rename_all = "kebab-case", deny_unknown_fields)]
        pub struct $name { $($field)* }
    };
}

/// Declares an enumeration that OSCAL leaves open: the listed values, or any other of the given datatype.
macro_rules! open_enum {
    ($(#[$meta:meta])* pub enum $name:ident: $other:ident { $($(#[$doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$doc])* $variant,)+
            /// A value that OSCAL allows and does not list.
            Other(Box<crate::datatype::$other>),
        }

        impl $name {
            /// The value as it is written in OSCAL.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Other(text) => text.as_str(),
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::datatype::ValueError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(match text {
                    $($text => Self::$variant,)+
                    other => Self::Other(Box::new(other.parse()?)),
                })
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
            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                <crate::datatype::$other as schemars::JsonSchema>::json_schema(generator)
            }
        }
    };
}

/// Declares an enumeration that OSCAL closes.
macro_rules! closed_enum {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$doc])* $variant,)+
        }

        impl $name {
            /// The value as it is written in OSCAL.
            pub fn as_str(&self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::datatype::ValueError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($text => Ok(Self::$variant),)+
                    _ => Err(crate::datatype::ValueError::new(text, concat!("one of", $(" `", $text, "`"),+))),
                }
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
                schemars::json_schema!({ "type": "string", "enum": [$($text),+] })
            }
        }
    };
}

pub(crate) use {assembly, closed_enum, open_enum};
