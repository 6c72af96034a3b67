//! `assize exemption export`: the failures that exemptions mark now, for others.

use std::path::PathBuf;

use engine::exempt::Held;
use engine::poam::{AcceptedFrame, Contents, accepted};
use jiff::Timestamp;

use crate::commands::oscal::files;
use crate::exit::Exit;
use crate::failure::{Failure, counted};
use crate::records::{RecordArgs, told};
use crate::times;

/// As what.
#[derive(clap::Args)]
pub struct Args {
    /// The form
    #[arg(long, value_enum)]
    format: Form,
    /// Where the certification package overview is, which FedRAMP's form asks for
    #[arg(long, value_name = "URI", required_if_eq("format", "fedramp-json"))]
    overview: Option<String>,
    /// When the period of the report begins; absent: 30 days ago
    #[arg(long, value_name = "TIME", value_parser = times::instant)]
    from: Option<Timestamp>,
    /// The file; absent: standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    record: RecordArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// FedRAMP's Accepted Vulnerability Info
    FedrampJson,
    /// A line for each resource, for spreadsheets
    Csv,
}

/// Exports.
pub fn run(args: &Args) -> Result<Exit, Failure> {
    let (config, now) = (args.record.config()?, args.record.now());
    let mut ledger = args.record.open(&config)?;
    let (register, steps) = run::register_before(&mut ledger, Timestamp::MAX).map_err(told)?;
    let exemptions: Vec<Held> = run::held(&mut ledger).map_err(told)?.into_values().collect();
    let looked = Default::default();
    let contents = Contents { register: &register, steps: &steps, exemptions: &exemptions, looked: &looked };
    let from = args.from.unwrap_or_else(|| times::days_before(now, 30));
    if from >= now {
        return Err(Failure::usage(format!("the period of the report would begin on {from}, which is not before {now}")));
    }
    let overview = args.overview.clone().unwrap_or_default();
    let list = accepted(contents, &AcceptedFrame { overview, from, to: now, version: env!("CARGO_PKG_VERSION").into() });
    let text = match args.format {
        Form::FedrampJson => format!("{:#}\n", list.json()),
        Form::Csv => list.csv(),
    };
    match &args.output {
        Some(path) => files::write(path, text.as_bytes())?,
        None => files::print(&text)?,
    }
    eprintln!("assize: {} marked by exemptions", counted(list.len(), "item"));
    Ok(Exit::Clean)
}
