//! `assize exemption`: exemptions that are asked for, approved by somebody else, and taken back; what they cover, and lists of them.

mod decide;
mod export;
mod list;
mod preview;
mod request;
mod show;

use clap::Subcommand;

use crate::exit::Exit;
use crate::failure::Failure;

/// What to do with exemptions.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// List the exemptions that are on record
    List(list::Args),
    /// Say all about an exemption, and what happened to it
    Show(show::Args),
    /// Say what the exemptions of a file would cover, before anybody asks for them
    Preview(preview::Args),
    /// Ask for the exemptions of a file; they have no effect until somebody else approves them
    Request(request::Args),
    /// Approve an exemption that somebody else asked for
    Approve(decide::ApproveArgs),
    /// Refuse an exemption that somebody else asked for
    Reject(decide::EndArgs),
    /// Take back an exemption that you asked for and nobody approved yet
    Withdraw(decide::EndArgs),
    /// Take back an exemption that was approved
    Revoke(decide::EndArgs),
    /// Print the failures that exemptions mark: FedRAMP's list of accepted vulnerabilities, or CSV
    Export(export::Args),
}

/// Does it.
pub fn run(args: &Args) -> Result<Exit, Failure> {
    match &args.action {
        Action::List(args) => list::run(args),
        Action::Show(args) => show::run(args),
        Action::Preview(args) => preview::run(args),
        Action::Request(args) => request::run(args),
        Action::Approve(args) => decide::approve(args),
        Action::Reject(args) => decide::end(args, decide::End::Reject),
        Action::Withdraw(args) => decide::end(args, decide::End::Withdraw),
        Action::Revoke(args) => decide::end(args, decide::End::Revoke),
        Action::Export(args) => export::run(args),
    }
}
