//! Reviewed controls: which controls and objectives an assessment covers.

use crate::assembly::assembly;
use crate::control::IncludeAll;
use crate::datatype::{Markup, Token};
use crate::property::{Link, Property};

assembly! {
    /// The controls and objectives that an assessment covers.
    pub struct ReviewedControls {
        /// Which ones, in words.
        description?: Markup,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// The controls.
        control_selections+: ControlSelection,
        /// The objectives.
        control_objective_selections*: ObjectiveSelection,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// All controls or those listed, less the excluded.
    pub struct ControlSelection {
        /// Which ones, in words.
        description?: Markup,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// All of them; or else `include_controls`.
        include_all?: IncludeAll,
        /// Those listed; or else `include_all`.
        include_controls*: SelectControl,
        /// Those left out all the same.
        exclude_controls*: SelectControl,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// Chooses one control, whole or by statements.
    pub struct SelectControl {
        /// The control.
        control_id: Token,
        /// Its statements; none listed means all.
        statement_ids*: Token,
    }
}

assembly! {
    /// All objectives or those listed, less the excluded.
    pub struct ObjectiveSelection {
        /// Which ones, in words.
        description?: Markup,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// All of them; or else `include_objectives`.
        include_all?: IncludeAll,
        /// Those listed; or else `include_all`.
        include_objectives*: SelectObjective,
        /// Those left out all the same.
        exclude_objectives*: SelectObjective,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// Chooses one objective.
    pub struct SelectObjective {
        /// The objective.
        objective_id: Token,
        /// Commentary.
        remarks?: Markup,
    }
}
