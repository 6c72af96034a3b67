//! Activities and tasks: what is done, and when.

use std::borrow::Cow;
use std::num::NonZeroU64;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::assembly::{assembly, closed_enum, open_enum};
use crate::assessment::{AssessmentSubject, ReviewedControls};
use crate::datatype::{DateTime, Markup, MarkupLine, Uuid};
use crate::metadata::ResponsibleRole;
use crate::property::{Link, Property};

assembly! {
    /// Something that is done in an assessment. It must carry the property `method`.
    pub struct Activity {
        /// Identifies the activity, over runs too.
        uuid: Uuid,
        /// What a reader sees.
        title?: MarkupLine,
        /// What is done.
        description: Markup,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Its steps.
        steps*: Step,
        /// The controls that it is done for.
        related_controls?: ReviewedControls,
        /// Who does it.
        responsible_roles*: ResponsibleRole,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// One step of an activity.
    pub struct Step {
        /// Identifies the step.
        uuid: Uuid,
        /// What a reader sees.
        title?: MarkupLine,
        /// What is done.
        description: Markup,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// The controls that it is done for.
        reviewed_controls?: ReviewedControls,
        /// Who does it.
        responsible_roles*: ResponsibleRole,
        /// Commentary.
        remarks?: Markup,
    }
}

open_enum! {
    /// What kind of task it is.
    pub enum TaskType: Token {
        /// A point to be reached.
        Milestone = "milestone",
        /// Something to be done.
        Action = "action",
    }
}

assembly! {
    /// Something to be done at some time.
    pub struct Task {
        /// Identifies the task.
        uuid: Uuid,
        /// What kind of task.
        r#type: TaskType,
        /// What a reader sees.
        title: MarkupLine,
        /// What is to be done.
        description?: Markup,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// When.
        timing?: Timing,
        /// What must be done before.
        dependencies*: Dependency,
        /// The tasks that it is made of.
        tasks*: Task,
        /// The activities that it carries out.
        associated_activities*: AssociatedActivity,
        /// What is looked at.
        subjects*: AssessmentSubject,
        /// Who does it.
        responsible_roles*: ResponsibleRole,
        /// Commentary.
        remarks?: Markup,
    }
}

/// When a task is due: exactly one of three.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Timing {
    /// On one date.
    OnDate(OnDate),
    /// Somewhere between two dates.
    WithinDateRange(WithinDateRange),
    /// Again and again.
    AtFrequency(AtFrequency),
}

impl JsonSchema for Timing {
    fn schema_name() -> Cow<'static, str> {
        "Timing".into()
    }

    // Counted properties instead of alternatives, so that a mistake inside is told where it is.
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "properties": {
                "on-date": generator.subschema_for::<OnDate>(),
                "within-date-range": generator.subschema_for::<WithinDateRange>(),
                "at-frequency": generator.subschema_for::<AtFrequency>(),
            },
            "additionalProperties": false,
            "minProperties": 1,
            "maxProperties": 1,
        })
    }
}

assembly! {
    /// Due on one date.
    pub struct OnDate {
        /// The date.
        date: DateTime,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// Due between two dates.
    pub struct WithinDateRange {
        /// Not before.
        start: DateTime,
        /// Not after.
        end: DateTime,
        /// Commentary.
        remarks?: Markup,
    }
}

closed_enum! {
    /// The unit of a period; OSCAL knows no weeks.
    pub enum TimeUnit {
        /// Seconds.
        Seconds = "seconds",
        /// Minutes.
        Minutes = "minutes",
        /// Hours.
        Hours = "hours",
        /// Days.
        Days = "days",
        /// Months.
        Months = "months",
        /// Years.
        Years = "years",
    }
}

assembly! {
    /// Due once in every period.
    pub struct AtFrequency {
        /// How many units.
        period: NonZeroU64,
        /// Of which length.
        unit: TimeUnit,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// A task that must be done before.
    pub struct Dependency {
        /// The task.
        task_uuid: Uuid,
        /// Commentary.
        remarks?: Markup,
    }
}

assembly! {
    /// An activity that a task carries out, and on what.
    pub struct AssociatedActivity {
        /// The activity.
        activity_uuid: Uuid,
        /// Further facts.
        props*: Property,
        /// References.
        links*: Link,
        /// Who does it.
        responsible_roles*: ResponsibleRole,
        /// What is looked at.
        subjects+: AssessmentSubject,
        /// Commentary.
        remarks?: Markup,
    }
}
