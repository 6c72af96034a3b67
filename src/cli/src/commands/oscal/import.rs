//! `assize oscal import`: what others keep in another form, as OSCAL.

use std::path::PathBuf;

use clap::Subcommand;
use jiff::Timestamp;

use super::files::{self, Output};
use crate::exit::Exit;
use crate::failure::{Failure, counted};

/// What to import.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    form: Form,
}

#[derive(Subcommand)]
enum Form {
    /// FINOS CCC, or any other control catalog in Gemara's YAML: catalogs, and a profile for each level
    Ccc {
        /// A folder of catalogs, or one file
        from: PathBuf,
        /// The folder for the documents; they refer to each other by name
        #[arg(long, short, value_name = "DIR")]
        output: PathBuf,
        /// The instant that the documents bear, instead of the clock's
        #[arg(long, value_name = "TIMESTAMP")]
        now: Option<Timestamp>,
    },
}

/// Imports; nothing is written unless all of it can be.
pub fn run(args: Args) -> Result<Exit, Failure> {
    let Form::Ccc { from, output, now } = args.form;
    let imported = gemara::import_with_warnings(&from, now.unwrap_or_else(Timestamp::now)).map_err(Failure::usage)?;
    imported.warnings.iter().for_each(|warning| eprintln!("assize: {}", report::shown(&warning.to_string())));
    // Names come out of the files; one that is a path would be written elsewhere.
    if let Some((name, _)) = imported.documents.iter().find(|(name, _)| std::path::Path::new(name).file_name() != Some(name.as_ref())) {
        return Err(Failure::usage(format!("`{}` is no plain file name; correct the catalog's id", report::shown(name))));
    }
    std::fs::create_dir_all(&output).map_err(|error| Failure::usage(format!("cannot make `{}`: {error}", output.display())))?;
    for (name, document) in &imported.documents {
        files::put(document, Output::Json, Some(&output.join(name)))?;
    }
    eprintln!("{} in {}", counted(imported.documents.len(), "document"), report::shown(&output.display().to_string()));
    Ok(Exit::Clean)
}
