//! `assize permissions`: the least that the checks in use need to read.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use clap::Subcommand;
use inventory::{Fields, KindId};

use crate::config::Config;
use crate::content;
use crate::exit::Exit;
use crate::failure::Failure;

/// For which cloud.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    cloud: Cloud,
}

#[derive(Subcommand)]
enum Cloud {
    /// An IAM policy in JSON
    Aws {
        /// The configuration, whose profile and checks say what is read; the defaults where there is none
        #[arg(long, default_value = "config.toml")]
        config: PathBuf,
        /// Everything that this program could read, whatever the checks need
        #[arg(long)]
        all: bool,
    },
}

/// Prints the policy.
pub fn run(args: Args) -> Result<Exit, Failure> {
    let Cloud::Aws { config, all } = args.cloud;
    let wants = if all { everything("aws") } else { in_use(config, "aws")? };
    println!("{:#}", provider_aws::permissions(&wants));
    Ok(Exit::Clean)
}

fn everything(provider: &str) -> BTreeMap<KindId, Fields> {
    content::kinds().into_iter().filter(|kind| kind.id.provider() == provider).map(|kind| (kind.id, Fields::All)).collect()
}

fn in_use(path: PathBuf, provider: &str) -> Result<BTreeMap<KindId, Fields>, Failure> {
    let config = if path.exists() { crate::config::read(&path).map_err(Failure::Files)? } else { Config::default() };
    let content = content::load(&config.path(&config.assess.profile), &config.path(&config.assess.controls), &[])?;
    let providers = BTreeSet::from([provider.to_owned()]);
    let plan = engine::Plan::new(content.controls, &content.pack, &providers, &|_| true).map_err(Failure::usage)?;
    Ok(plan.wants(provider).into_iter().map(|want| (want.kind, want.fields)).collect())
}
