//! `assize assess`: the main job. Reads, judges, records, writes, and says how it went.

mod as_of;
pub(crate) mod output;
mod progress;

use std::collections::BTreeSet;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;

use engine::finding::Extent;
use engine::framework::{Framework, judge};
use engine::{Assessed, Plan};
use globset::Glob;
use inventory::{Provider, Want};
use jiff::Timestamp;
use uuid::Uuid;

use crate::assessing;
use crate::config::{self, Config, Scope};
use crate::content::{self, Content};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::frameworks;
use crate::ledgers::LedgerArgs;
use crate::plans::{self, Order};
use crate::severity::Severity;
use crate::signing::Signing;
use crate::sources::{self, AwsArgs};
use crate::times;

/// What to assess and how.
#[derive(clap::Args)]
pub struct Args {
    /// The configuration
    #[arg(long, default_value = "config.toml")]
    config: PathBuf,
    #[command(flatten)]
    ledger: LedgerArgs,
    /// The folder for results and report
    #[arg(long, value_name = "DIR", default_value = "assize-results")]
    output: PathBuf,
    /// The least severity of an unexempted failure that makes the exit code 1, instead of the configured one
    #[arg(long, value_enum, value_name = "SEVERITY")]
    fail_on: Option<Severity>,
    /// Assess the AWS account that the environment (or the flags below) leads to, instead of the configured scopes
    #[arg(long, conflicts_with = "snapshot")]
    aws: bool,
    /// Assess this recording, or folder of recordings, instead of the configured scopes
    #[arg(long, value_name = "DIR")]
    snapshot: Option<PathBuf>,
    /// Only checks whose id matches this glob, such as 'dat-*' or '*/aws/s3-*'; may be repeated
    #[arg(long = "check", value_name = "GLOB")]
    checks: Vec<String>,
    /// The instant to assess at, instead of the clock's: makes two runs comparable byte by byte
    #[arg(long, value_name = "TIMESTAMP")]
    now: Option<Timestamp>,
    /// Tell what stood at this instant, out of the ledger: no cloud is read, and nothing is recorded
    #[arg(long, value_name = "TIME", value_parser = times::instant, conflicts_with_all = ["aws", "snapshot", "checks", "now", "plan"])]
    as_of: Option<Timestamp>,
    /// Follow this OSCAL assessment plan: its controls, checks, parameters, subjects and frequency; the profile is that of its system
    /// security plan, or else the configured one
    #[arg(long, value_name = "FILE")]
    plan: Option<PathBuf>,
    /// Answer for the controls of this framework too: 800-53-moderate, ccc, ksi, cis-aws-6.0 …, or the path of a catalog or profile
    /// that a mapping leads to, or of a component definition that names our checks; may be repeated
    #[arg(long = "framework", value_name = "NAME|FILE")]
    frameworks: Vec<String>,
    #[command(flatten)]
    account: AwsArgs,
}

/// Assesses.
pub fn run(args: Args) -> Result<Exit, Failure> {
    let config = configuration(&args)?;
    let order = args.plan.as_deref().map(plans::read).transpose()?;
    let profile = order.as_ref().and_then(|order| order.profile.clone()).unwrap_or_else(|| config.path(&config.assess.profile));
    let named: Vec<String> = config.assess.by.iter().chain(&args.frameworks).cloned().collect();
    let named = frameworks::open(&named, &config)?;
    let settings = named.iter().flat_map(|one| one.settings()).chain(order.iter().flat_map(|order| &order.settings));
    let settings: Vec<_> = settings.cloned().collect();
    let mut content = content::load(&profile, &config.path(&config.assess.controls), &settings)?;
    if let Some(order) = &order {
        order.is_met_by(&content.controls, &content.pack)?;
        content.controls.retain(|control| order.given.selects(&control.id));
    }
    let frameworks = frameworks::load(named, &config, &profile, &content.pack)?;
    content.warnings.iter().for_each(|warning| eprintln!("assize: {warning}"));
    if let Some(at) = args.as_of {
        return as_of::run(&args, at, &config, content, frameworks);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::internal)?;
    runtime.block_on(assess(args, config, content, order, frameworks))
}

fn configuration(args: &Args) -> Result<Config, Failure> {
    let by_flags = args.aws || args.snapshot.is_some();
    let mut config = match (by_flags, args.config.exists()) {
        // With flags alone a configuration is not needed; where there is one its exemptions and content count.
        (true, false) => Config::default(),
        (true, true) | (false, _) => config::read(&args.config).map_err(Failure::Files)?,
    };
    if args.aws {
        config.scope = vec![Scope { name: "aws".into(), snapshot: None, aws: Some(args.account.clone().into()) }];
    }
    if let Some(folder) = &args.snapshot {
        let folder = std::path::absolute(folder).map_err(Failure::usage)?;
        config.scope = vec![Scope { name: "snapshot".into(), snapshot: Some(folder), aws: None }];
    }
    match config.scope.is_empty() && args.as_of.is_none() {
        true => {
            Err(Failure::usage(format!("{} configures no `[[scope]]`; add one, or say --aws or --snapshot DIR", args.config.display())))
        }
        false => Ok(config),
    }
}

async fn assess(args: Args, config: Config, content: Content, order: Option<Order>, frameworks: Vec<Framework>) -> Result<Exit, Failure> {
    let providers = sources::providers(&config).await?;
    let names: BTreeSet<String> = providers.iter().map(|provider| provider.name().to_owned()).collect();
    let globs = globs(&args.checks)?;
    let ordered = order.as_ref().and_then(|order| order.given.checks.as_ref());
    let chosen = |check: &checks::Check| {
        (globs.is_empty() || globs.iter().any(|glob| glob.is_match(check.id().to_string())))
            && ordered.is_none_or(|ordered| ordered.contains(check.id().as_str()))
    };
    let Content { title, controls, pack, .. } = content;
    let plan = Plan::new(controls, &pack, &names, &chosen).map_err(Failure::usage)?;
    let clock = Clock { fixed: args.now };
    order.iter().filter_map(|order| order.not_due(clock.now())).for_each(|words| eprintln!("assize: {words}"));
    // Opened first: nobody should wait for a run to hear that its key is not there.
    let signing = Signing::open(&config)?;
    let mut ledger = args.ledger.open(&config)?;
    let extent = extent(&args);
    let exemptions = assessing::exemptions(&mut ledger, &config, extent, clock.now())?;
    let jobs: Vec<(Arc<dyn Provider>, Vec<Want>)> =
        providers.into_iter().map(|provider| (Arc::clone(&provider), plan.wants(provider.name()))).collect();
    let valid_for = order.as_ref().and_then(|order| order.given.due.valid_for()).unwrap_or_else(|| config.valid_for());
    let policy = config.policy();
    let run = run::Order {
        uuid: Uuid::new_v4(),
        plan: &plan,
        exemptions: &exemptions,
        jobs: &jobs,
        books: run::Books::default(),
        extent,
        keeps: args.checks.is_empty() && order.is_none(),
        subjects: order.as_ref().map(|order| order.given.subjects.clone()).unwrap_or_default(),
        valid_for,
        policy: &policy,
        program: concat!("assize ", env!("CARGO_PKG_VERSION")).into(),
        inputs: assessing::inputs(&plan, &pack, &exemptions),
        scopes: config.scope.iter().map(|scope| scope.name.clone()).collect(),
        tick: None,
        beside: None,
    };
    let progress = progress::Progress::new(std::io::stderr().is_terminal());
    let mut done = run::carry_out(&run, &mut ledger, &|| clock.now(), &mut |item| progress.see(item)).await.map_err(assessing::failed)?;
    progress.done();
    order.iter().for_each(|order| order.tell_unmet(&done.seen));
    let mut frame = assessing::frame(&config, title, &pack, &run, &done, clock.now());
    frame.follows = order.as_ref().map(|order| order.href.clone());
    frame.timing = order.as_ref().and_then(|order| order.given.due.every.clone());
    let checks: Vec<String> = plan.checks().iter().map(|check| check.id().to_string()).collect();
    let answer = |framework| judge(framework, plan.controls(), &checks, &done.seen, &done.assessed);
    let judged: Vec<_> = frameworks.into_iter().map(answer).collect();
    let mut emission = engine::emit(&plan, &done.seen, &done.assessed, &exemptions, &judged, &frame);
    // The documents have it now; a large estate should not hold it twice.
    done.seen = Default::default();
    let files = output::write(&args.output, &mut emission, clock.now())?;
    done.end(&mut ledger, &files.packed()?, clock.now()).map_err(Failure::internal)?;
    if let Some(signing) = &signing {
        signing.checkpoint(&mut ledger, clock.now())?;
    }
    output::show(&emission, &files, clock.now())?;
    Ok(exit(&done.assessed, args.fail_on.unwrap_or(config.assess.fail_on)))
}

/// How much of everything this is: with flags it says nothing of what is configured besides.
fn extent(args: &Args) -> Extent {
    match args.aws || args.snapshot.is_some() || args.plan.is_some() || !args.checks.is_empty() {
        true => Extent::Part,
        false => Extent::Everything,
    }
}

/// The clock, which stands still when it is told to.
struct Clock {
    fixed: Option<Timestamp>,
}

impl Clock {
    fn now(&self) -> Timestamp {
        self.fixed.unwrap_or_else(Timestamp::now)
    }
}

fn globs(patterns: &[String]) -> Result<Vec<globset::GlobMatcher>, Failure> {
    patterns.iter().map(|pattern| Ok(Glob::new(pattern).map_err(Failure::usage)?.compile_matcher())).collect()
}

/// Incomplete outweighs findings: who cannot see everything cannot say that these are all the findings.
fn exit(assessed: &Assessed, fail_on: Severity) -> Exit {
    let failing = assessed.worst_failure.is_some_and(|worst| worst >= fail_on.into());
    match (assessed.tally.unknown, failing) {
        (1.., _) => Exit::Incomplete,
        (0, true) => Exit::Findings,
        (0, false) => Exit::Clean,
    }
}
