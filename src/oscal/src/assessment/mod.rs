//! What assessment plans, assessment results and POA&Ms share, and the plan and the results themselves.

mod activity;
mod assets;
mod finding;
mod log;
mod observation;
mod part;
mod plan;
mod results;
mod reviewed;
mod risk;
mod subject;

pub use activity::*;
pub use assets::*;
pub use finding::*;
pub use log::*;
pub use observation::*;
pub use part::*;
pub use plan::*;
pub use results::*;
pub use reviewed::*;
pub use risk::*;
pub use subject::*;
