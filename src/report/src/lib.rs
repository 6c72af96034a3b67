//! What a person reads: a table for the console, one HTML file, a line of JSON per verdict. Pure functions of an assessment plan
//! and its results; `docs/oscal-output.md` says what stands where in these.

mod console;
mod coverage;
mod exemption;
mod framework;
mod html;
mod lines;
mod shown;
mod view;

pub use console::console;
pub use coverage::{Coverage, CoverageGap};
pub use exemption::{ExemptionView, Notice};
pub use framework::{FrameworkControlView, FrameworkView};
pub use html::html;
pub use lines::json_lines;
pub use shown::{shown, shown_lines};
pub use view::{CheckView, ControlView, Counts, Status, SubjectView, View};

/// The namespace of assize's own properties.
const NS: &str = "https://assize.dev/ns/oscal";
/// Stands for the subject's name in a remark that is true of all subjects of an observation; `docs/oscal-output.md`.
const SUBJECT: &str = "{{ subject }}";
