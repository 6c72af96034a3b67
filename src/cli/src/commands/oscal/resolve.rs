//! `assize oscal resolve`: the catalog that a profile stands for; or, for one control, how it came to be as it is.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use oscal::resolve::{Frame, Resolved, resolve};
use oscal::{Document, Loader};

use super::files::{self, Output};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::fetch::Client;

/// Which profile, and what to do with its catalog.
#[derive(clap::Args)]
pub struct Args {
    /// A profile in JSON, YAML or XML
    profile: PathBuf,
    /// What to write
    #[arg(long, value_enum, default_value = "json")]
    to: Output,
    /// Where to write it, instead of printing it
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Tell how this control came to be as it is, instead of writing the catalog
    #[arg(long, value_name = "CONTROL")]
    explain: Option<String>,
    /// A folder from which imports may be read besides the profile's own and the current one; may be repeated
    #[arg(long = "allow", value_name = "DIR")]
    roots: Vec<PathBuf>,
    /// A host (`example.org`, `internal.example:8443`) from which imports may be fetched over `https`; may be repeated. Without it nothing is fetched
    #[arg(long = "allow-host", value_name = "HOST")]
    hosts: Vec<String>,
    /// The version of OSCAL that the catalog says it is written in; it is valid in either
    #[arg(long = "oscal-version", value_name = "VERSION", value_parser = ["1.1.2", "1.2.3"], default_value = "1.2.3")]
    version: String,
    /// The instant that the catalog bears, instead of the clock's
    #[arg(long, value_name = "TIMESTAMP")]
    now: Option<Timestamp>,
}

/// Resolves.
pub fn run(args: Args) -> Result<Exit, Failure> {
    let Document::Profile(profile) = files::document(&args.profile)? else {
        return Err(Failure::usage(format!("`{}` is no profile, and needs no resolution", args.profile.display())));
    };
    let place = args.profile.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let loader = loader(&args)?;
    let now = args.now.unwrap_or_else(Timestamp::now);
    let frame = Frame {
        uuid: oscal::ident::stable_uuid(profile.uuid.into(), &format!("resolved {now}")),
        last_modified: now.into(),
        oscal_version: args.version.parse().map_err(Failure::internal)?,
        tool: concat!("assize ", env!("CARGO_PKG_VERSION")).parse().expect("a name is text"),
    };
    let resolved = resolve(&profile, &place, &frame, &mut |place| loader.document(place)).map_err(Failure::usage)?;
    resolved.warnings.iter().for_each(|warning| eprintln!("assize: {}", report::shown(warning)));
    match &args.explain {
        Some(control) => explain(&resolved, control)?,
        None => files::put(&Document::Catalog(Box::new(resolved.catalog)), args.to, args.output.as_ref())?,
    }
    Ok(Exit::Clean)
}

fn loader(args: &Args) -> Result<Loader, Failure> {
    let base = args.profile.parent().unwrap_or(Path::new(""));
    let mut loader = Loader::new(base).map_err(files::wrong)?;
    for root in [Path::new(".")].into_iter().chain(args.roots.iter().map(PathBuf::as_path)) {
        loader.allow(root).map_err(files::wrong)?;
    }
    if !args.hosts.is_empty() {
        loader.allow_hosts(args.hosts.clone(), Arc::new(Client::new()?));
    }
    Ok(loader)
}

fn explain(resolved: &Resolved, control: &str) -> Result<(), Failure> {
    let mut text = String::new();
    for step in resolved.trace.iter().filter(|step| step.control == control) {
        text += &format!("{}: {}\n", report::shown(&step.profile), report::shown(&step.what));
    }
    match text.is_empty() {
        true => Err(Failure::usage(format!("no import takes a control `{control}`"))),
        false => files::print(&text),
    }
}
