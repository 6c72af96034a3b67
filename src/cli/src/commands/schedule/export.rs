//! `assize schedule export`: the configured schedules as the tasks of an OSCAL assessment plan.

use std::path::PathBuf;

use oscal::{Document, Uri};
use uuid::Uuid;

use crate::commands::oscal::files::{self, Output};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::records::RecordArgs;

/// Where to.
#[derive(clap::Args)]
pub struct Args {
    /// The file; absent: standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    record: RecordArgs,
}

/// Writes the plan. The same schedule is the same task in every plan.
pub fn run(args: &Args) -> Result<Exit, Failure> {
    let schedules = super::schedules(&args.record.config()?)?;
    let ns: Uri = engine::emit::NS.parse().expect("our namespace is a URI");
    let uuid = Uuid::new_v4().try_into().expect("version 4 is accepted");
    let frame = schedule::plan::Frame { ns: &ns, ids: Uuid::NAMESPACE_URL, uuid, at: args.record.now() };
    let plan = schedule::plan::write(&schedules, &frame);
    files::check(&serde_json::json!({ "assessment-plan": plan }))?;
    files::put(&Document::AssessmentPlan(Box::new(plan)), Output::Json, args.output.as_ref())?;
    Ok(Exit::Clean)
}
