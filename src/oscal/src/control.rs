//! What catalogs and profiles share: parts, parameters, and the selection of controls.

use crate::assembly::{assembly, closed_enum};
use crate::datatype::{Markup, MarkupLine, Text, Token, Uri};
use crate::property::{Link, Property};

assembly! {
    /// A part of a control or group: a statement, guidance, an objective.
    pub struct Part {
        /// Names the part in this document.
        id?: Token,
        /// Which part of the control it is.
        name: Token,
        /// Whose name that is; absent means OSCAL's own.
        ns?: Uri,
        /// A finer meaning of the name.
        class?: Token,
        /// What a reader sees first.
        title?: MarkupLine,
        /// Further facts.
        props*: Property,
        /// The text.
        prose?: Markup,
        /// The parts of this part.
        parts*: Part,
        /// References.
        links*: Link,
    }
}

assembly! {
    /// A parameter: what an organisation decides about a control.
    pub struct Parameter {
        /// Names the parameter in this document.
        id: Token,
        /// A finer meaning.
        class?: Token,
        /// Another parameter that this one rests on (deprecated by OSCAL).
        depends_on?: Token,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// A short name, shown where no value is set.
        label?: MarkupLine,
        /// What it is for.
        usage?: Markup,
        /// Rules that a value must keep.
        constraints*: ParameterConstraint,
        /// How to choose a value.
        guidelines*: ParameterGuideline,
        /// The value or values; or else `select`.
        values*: Text,
        /// The choices; or else `values`.
        select?: ParameterSelection,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// A rule that a parameter's value must keep.
    pub struct ParameterConstraint {
        /// The rule in words.
        description?: Markup,
        /// The rule as expressions.
        tests*: ConstraintTest,
    }
}

assembly! {
    /// A rule as an expression.
    pub struct ConstraintTest {
        /// The expression.
        expression: Text,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// How to choose a parameter's value.
    pub struct ParameterGuideline {
        /// The advice.
        prose: Markup,
    }
}

closed_enum! {
    /// How many of the choices may be taken.
    pub enum HowMany {
        /// Exactly one.
        One = "one",
        /// One or several.
        OneOrMore = "one-or-more",
    }
}

assembly! {
    /// The choices for a parameter's value.
    pub struct ParameterSelection {
        /// How many may be taken.
        how_many?: HowMany,
        /// The choices.
        choice*: MarkupLine,
    }
}

assembly! {
    /// Everything there is.
    pub struct IncludeAll {}
}

closed_enum! {
    /// Whether the controls below a chosen control come with it.
    pub enum WithChildControls {
        /// They come along.
        Yes = "yes",
        /// They do not, unless they are chosen themselves; the default.
        No = "no",
    }
}

assembly! {
    /// Chooses controls by id or by pattern.
    pub struct SelectControls {
        /// Whether the controls below come along.
        with_child_controls?: WithChildControls,
        /// The ids.
        with_ids*: Token,
        /// The patterns.
        matching*: Matching,
    }
}

assembly! {
    /// A glob over control ids.
    pub struct Matching {
        /// The glob: `*` for any characters, `?` for one, `[…]` for one of a set. The empty one, which the schema forbids and NIST's own
        /// cases have, is read, and fits nothing.
        #[schemars(with = "Option<Text>")]
        pattern?: Markup,
        /// Commentary.
        remarks?: Markup,
    }
}
