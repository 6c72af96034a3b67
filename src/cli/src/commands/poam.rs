//! `assize poam`: the plan of action and milestones as OSCAL, and what is frozen of it.

use std::path::{Path, PathBuf};

use engine::FindingStep;
use engine::exempt::Held;
use engine::finding::Register;
use engine::poam::{Contents, Month, PoamFrame, Snapshot, System, freeze, poam};
use jiff::{SignedDuration, Timestamp};
use ledger::{Event, Frozen, Ledger, Packed, hex};

use crate::commands::oscal::files;
use crate::config::Config;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::planned;
use crate::records::{RecordArgs, told};
use crate::signing::Signing;
use crate::times;

/// Of which system, and how.
#[derive(clap::Args)]
pub struct Args {
    /// The file; absent: standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Freeze the plan of a month that is over, such as 2026-10: it is kept in the ledger for good, and signed where somebody signs
    #[arg(long, value_name = "MONTH", conflicts_with = "frozen")]
    freeze: Option<Month>,
    /// Write again what was frozen for a month
    #[arg(long, value_name = "MONTH")]
    frozen: Option<Month>,
    /// The id of the system; absent: the name of the organisation
    #[arg(long, value_name = "ID", conflicts_with = "ssp")]
    system_id: Option<String>,
    /// Who gave that id, such as `https://fedramp.gov`
    #[arg(long, value_name = "URI", requires = "system_id")]
    system_id_scheme: Option<String>,
    /// Where the system security plan is, instead of an id
    #[arg(long, value_name = "HREF")]
    ssp: Option<String>,
    /// For how many days closed items are still shown
    #[arg(long, value_name = "DAYS", default_value_t = 31)]
    closed_days: u32,
    #[command(flatten)]
    record: RecordArgs,
}

/// Writes it. That nothing is open is said, and no mistake.
pub fn run(args: &Args) -> Result<Exit, Failure> {
    let config = args.record.config()?;
    let mut ledger = args.record.open(&config)?;
    if let Some(month) = args.frozen {
        let bytes = frozen(&mut ledger, month)?;
        return put(args.output.as_deref(), &bytes);
    }
    let now = args.record.now();
    if let Some(month) = args.freeze {
        refuse(&mut ledger, month, now)?;
    }
    let at = args.freeze.map_or(now, Month::ends);
    let record = Record::read(&mut ledger, &config, at, args.freeze.is_some())?;
    let document = match poam(record.contents(), &frame(args, &config, at)?) {
        Ok(document) => document,
        Err(nothing) => {
            eprintln!("assize: {nothing}; nothing was written");
            return Ok(Exit::Clean);
        }
    };
    files::check(&serde_json::json!({ "plan-of-action-and-milestones": document }))?;
    // The same bytes, whether they are frozen or not.
    let snapshot = freeze(args.freeze.unwrap_or(Month::of(at)), &document);
    if args.freeze.is_some() {
        keep(&mut ledger, &config, &snapshot, now)?;
    }
    put(args.output.as_deref(), &snapshot.bytes)
}

/// What the record says up to an instant.
struct Record {
    register: Register,
    steps: Vec<FindingStep>,
    exemptions: Vec<Held>,
    looked: std::collections::BTreeMap<(String, String), Timestamp>,
}

impl Record {
    fn read(ledger: &mut Ledger, config: &Config, at: Timestamp, past: bool) -> Result<Self, Failure> {
        let end = if past { at } else { Timestamp::MAX };
        let (register, steps) = run::register_before(ledger, end).map_err(told)?;
        let exemptions = run::held_at(ledger, end).map_err(told)?.into_values().collect();
        // Of a month that is over, what was seen since is not its business.
        let looks = match past {
            true => run::looks(ledger, times::days_before(at, 62), at).map_err(told)?,
            false => run::latest_looks(ledger).map_err(told)?,
        };
        let plan = planned::plan(config, &Default::default())?;
        Ok(Self { register, steps, exemptions, looked: planned::looked(&plan, &looks) })
    }

    fn contents(&self) -> Contents<'_> {
        Contents { register: &self.register, steps: &self.steps, exemptions: &self.exemptions, looked: &self.looked }
    }
}

fn frame(args: &Args, config: &Config, at: Timestamp) -> Result<PoamFrame, Failure> {
    let system = match (&args.ssp, &args.system_id) {
        (Some(href), _) => {
            System::Plan(href.parse().map_err(|_| Failure::usage(format!("`{href}` is no reference to a system security plan")))?)
        }
        (None, id) => {
            let scheme = args.system_id_scheme.as_ref();
            let scheme = scheme.map(|uri| uri.parse().map_err(|_| Failure::usage(format!("`{uri}` is no URI")))).transpose()?;
            System::Id { scheme, id: id.clone().unwrap_or_else(|| config.organization.clone()) }
        }
    };
    Ok(PoamFrame {
        organization: config.organization.clone(),
        system,
        version: env!("CARGO_PKG_VERSION").into(),
        now: at,
        closed_for: SignedDuration::from_hours(24 * i64::from(args.closed_days)),
        frozen: args.freeze,
    })
}

fn refuse(ledger: &mut Ledger, month: Month, now: Timestamp) -> Result<(), Failure> {
    if now < month.ends() {
        return Err(Failure::usage(format!(
            "{month} is not over before {}; what is still to come cannot be frozen",
            times::told(month.ends())
        )));
    }
    match ledger.frozen().map_err(told)?.iter().any(|(known, _)| *known == month.to_string()) {
        true => Err(Failure::usage(format!("{month} is frozen already; `assize poam --frozen {month}` writes it again"))),
        false => Ok(()),
    }
}

/// Keeps the bytes in the record, and signs that they are there.
fn keep(ledger: &mut Ledger, config: &Config, snapshot: &Snapshot, now: Timestamp) -> Result<(), Failure> {
    let signing = Signing::open(config)?;
    let packed = Packed::new(&snapshot.bytes).map_err(told)?;
    let event = Event::Frozen(Frozen { at: now, month: snapshot.month.to_string(), document: hex(&packed.sha256) });
    ledger.write(|tx| tx.put_document(&packed).and_then(|()| tx.append(&event))).map_err(told)?;
    match &signing {
        Some(signing) => drop(signing.checkpoint(ledger, now)?),
        None => eprintln!("assize: {} is frozen and not signed: nobody signs; see `assize ledger keygen`", snapshot.month),
    }
    eprintln!("assize: the plan of {} is frozen, SHA-256 {}", snapshot.month, snapshot.sha256);
    Ok(())
}

fn frozen(ledger: &mut Ledger, month: Month) -> Result<Vec<u8>, Failure> {
    let months = ledger.frozen().map_err(told)?;
    let Some((_, hash)) = months.iter().find(|(known, _)| *known == month.to_string()) else {
        let known: Vec<&str> = months.iter().map(|(month, _)| month.as_str()).collect();
        let known = if known.is_empty() { "none is".to_owned() } else { format!("frozen are {}", known.join(", ")) };
        return Err(Failure::usage(format!("{month} is not frozen; {known}")));
    };
    let bytes = ledger.document(hash).map_err(told)?;
    bytes.ok_or_else(|| Failure::internal(format!("the plan that was frozen for {month} is not in the ledger; `assize verify` tells more")))
}

fn put(output: Option<&Path>, bytes: &[u8]) -> Result<Exit, Failure> {
    match output {
        Some(path) => files::write(path, bytes)?,
        None => files::print(std::str::from_utf8(bytes).map_err(Failure::internal)?)?,
    }
    Ok(Exit::Clean)
}
