//! `assize exemption approve`, `reject`, `withdraw` and `revoke`: what people decide.

use engine::exempt::{ExemptionChange, ExemptionStep};
use jiff::civil::Date;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::records::{RecordArgs, told};
use crate::tables::print;

/// What is approved, and by whom.
#[derive(clap::Args)]
pub struct ApproveArgs {
    /// The exemption's id
    id: String,
    /// Who approves; never whoever asked
    #[arg(long, value_name = "NAME")]
    by: String,
    /// The first day on which it holds; absent: at once
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
    /// What there is to say about it
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    #[command(flatten)]
    record: RecordArgs,
}

/// What is ended, by whom, and why.
#[derive(clap::Args)]
pub struct EndArgs {
    /// The exemption's id
    id: String,
    /// Who decides
    #[arg(long, value_name = "NAME")]
    by: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    record: RecordArgs,
}

/// How an exemption is ended by a person.
#[derive(Clone, Copy)]
pub enum End {
    /// It is not agreed to.
    Reject,
    /// Whoever asked takes it back.
    Withdraw,
    /// It is taken back before its end.
    Revoke,
}

/// Approves.
pub fn approve(args: &ApproveArgs) -> Result<Exit, Failure> {
    let change = ExemptionChange::Approved { by: args.by.clone(), on: args.on, note: args.note.clone() };
    enter(&args.record, &args.id, change)
}

/// Ends.
pub fn end(args: &EndArgs, how: End) -> Result<Exit, Failure> {
    let (by, reason) = (args.by.clone(), args.reason.clone());
    if by.trim().is_empty() || reason.trim().is_empty() {
        return Err(Failure::usage("say who decides with --by, and why with --reason"));
    }
    let change = match how {
        End::Reject => ExemptionChange::Rejected { by, reason },
        End::Withdraw => ExemptionChange::Withdrawn { by, reason },
        End::Revoke => ExemptionChange::Revoked { by, reason },
    };
    enter(&args.record, &args.id, change)
}

fn enter(record: &RecordArgs, id: &str, change: ExemptionChange) -> Result<Exit, Failure> {
    let (config, now) = (record.config()?, record.now());
    let mut ledger = record.open(&config)?;
    let held = run::enter(&mut ledger, &[ExemptionStep::new(id, now, change)]).map_err(told)?;
    for held in held {
        let (stands, last) = (held.phase(now).as_str(), held.request.expires);
        print(&format!("exemption `{}` is {stands}; its last day is {last}\n", report::shown(id)))?;
    }
    Ok(Exit::Clean)
}
