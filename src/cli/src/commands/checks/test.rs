//! `assize checks test`: every case is judged, and must be judged as its name says.

use std::path::PathBuf;

use crate::config::Config;
use crate::exit::Exit;
use crate::failure::{Failure, counted};

/// Whose cases.
#[derive(clap::Args)]
pub struct Args {
    /// Only checks in this folder, such as controls/dat-04
    folder: Option<PathBuf>,
}

/// Tests.
pub fn run(config: &Config, args: Args) -> Result<Exit, Failure> {
    let content = super::content(config)?;
    let params = |control: &str| content.controls.iter().find(|known| known.id == control).map(|known| known.params.clone());
    let report = checks::cases::run(&config.path(&config.assess.controls), args.folder.as_deref(), &content.pack, &params);
    report.failures.iter().for_each(|failure| eprintln!("{failure}"));
    println!("{} judged, {} wrong", counted(report.judged, "case"), report.failures.len());
    Ok(if report.failures.is_empty() { Exit::Clean } else { Exit::Findings })
}
