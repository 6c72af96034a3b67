//! `assize snapshot record`: keeps what a provider reads, so that it can be assessed later, elsewhere and again.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Subcommand;
use inventory::snapshot::SnapshotWriter;
use inventory::{Fields, Item, Provider, Scope, Want};
use jiff::Timestamp;

use crate::exit::Exit;
use crate::failure::{Failure, counted};
use crate::sources::{self, AwsArgs};

/// What to do with recordings.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Read an account and write all that was seen, gaps included
    Record {
        /// Read the AWS account that the environment or the flags below lead to
        #[arg(long, required = true)]
        aws: bool,
        /// The folder for the recording; must not hold one yet
        #[arg(long, value_name = "DIR")]
        output: PathBuf,
        #[command(flatten)]
        account: AwsArgs,
    },
}

/// Records.
pub fn run(args: Args) -> Result<Exit, Failure> {
    let Action::Record { aws: _, output, account } = args.action;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::internal)?;
    runtime.block_on(record(output, account))
}

async fn record(output: PathBuf, account: AwsArgs) -> Result<Exit, Failure> {
    let provider = Arc::new(sources::connect(&account.into()).await?);
    let scope = Scope::account(provider.name(), provider.account());
    let mut writer = SnapshotWriter::create(&output, scope, Timestamp::now()).map_err(Failure::usage)?;
    let wants: Vec<Want> = provider.kinds().iter().map(|kind| Want { kind: kind.id.clone(), fields: Fields::All }).collect();
    let (sink, mut items) = tokio::sync::mpsc::channel(256);
    let reading = tokio::spawn(async move { provider.collect(&wants, sink).await });
    let (mut resources, mut gaps) = (0, 0);
    while let Some(item) = items.recv().await {
        match &item {
            Item::Resource(_) | Item::Recorded(_) => resources += 1,
            Item::Listed { .. } => {}
            Item::Gap { kind, scope, gap } => {
                gaps += 1;
                eprintln!("assize: {kind} in {scope} could not be listed: {gap}");
            }
        }
        writer.push(&item).map_err(Failure::internal)?;
    }
    reading.await.map_err(Failure::internal)?.map_err(|error| Failure::Other(Exit::Credentials, error.into()))?;
    let manifest = writer.finish(Timestamp::now()).map_err(Failure::internal)?;
    println!("{} of {} in {}", counted(resources, "resource"), manifest.scope, output.display());
    // The recording is whole and says what it lacks; a script may still want to know.
    Ok(if gaps == 0 { Exit::Clean } else { Exit::Incomplete })
}
