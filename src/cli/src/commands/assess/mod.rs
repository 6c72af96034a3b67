//! `assize assess`: the main job. Reads, judges, records, writes, and says how it went.

mod output;
mod progress;
mod record;

use std::collections::{BTreeMap, BTreeSet};
use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;

use engine::framework::{Framework, judge};
use engine::incremental::Standing;
use engine::{Assessed, Evaluator, Exemptions, Frame, Plan};
use globset::Glob;
use inventory::{Provider, Want};
use jiff::Timestamp;
use ledger::Ledger;
use uuid::Uuid;

use crate::config::{self, Config, Scope};
use crate::content::{self, Content};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::frameworks;
use crate::plans::{self, Order};
use crate::severity::Severity;
use crate::sources::{self, AwsArgs};

/// What to assess and how.
#[derive(clap::Args)]
pub struct Args {
    /// The configuration
    #[arg(long, default_value = "config.toml")]
    config: PathBuf,
    /// The ledger's SQLite file, instead of the configured one
    #[arg(long, value_name = "FILE")]
    ledger: Option<PathBuf>,
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
    match config.scope.is_empty() {
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
    let exemptions = Exemptions::new(config.exemption.clone());
    let clock = Clock { fixed: args.now };
    let started = clock.now();
    order.iter().filter_map(|order| order.not_due(started)).for_each(|words| eprintln!("assize: {words}"));
    let run = Uuid::new_v4();
    let mut ledger = Ledger::open(&record::path(args.ledger.as_deref(), &config)?).map_err(Failure::internal)?;
    let failing_since = record::failing_since(&ledger, &plan)?;
    let mut writer = ledger.begin(&record::start(run, started, &plan, &pack, &exemptions, &config)).map_err(Failure::internal)?;
    let jobs: Vec<(Arc<dyn Provider>, Vec<Want>)> =
        providers.into_iter().map(|provider| (Arc::clone(&provider), plan.wants(provider.name()))).collect();
    let progress = progress::Progress::new(std::io::stderr().is_terminal());
    let subjects = order.as_ref().map(|order| order.given.subjects.clone()).unwrap_or_default();
    let evaluator = Evaluator::new(&plan, &exemptions, started).only(subjects);
    let mut trouble = None;
    let mut keep = |_: &Standing, bytes: &[u8]| trouble = trouble.take().or(writer.put_document(bytes).err());
    let mut seen = engine::collect(&jobs, evaluator, &mut |item| progress.see(item), &mut keep).await.map_err(collected)?;
    progress.done();
    trouble.map_or(Ok(()), |error| Err(Failure::internal(error)))?;
    let assessed = engine::assess(&plan, &seen);
    order.iter().for_each(|order| order.tell_unmet(&seen));
    let frame = frame(&config, title, &pack, failing_since, run, (started, clock.now()), order.as_ref());
    let checks: Vec<String> = plan.checks().iter().map(|check| check.id().to_string()).collect();
    let judged: Vec<_> = frameworks.into_iter().map(|framework| judge(framework, plan.controls(), &checks, &seen, &assessed)).collect();
    let mut emission = engine::emit(&plan, &seen, &assessed, &exemptions, &judged, &frame);
    // The documents have it now; a large estate should not hold it twice.
    seen.outcomes.iter_mut().for_each(|outcome| outcome.evidence = Arc::new([]));
    let files = output::write(&args.output, &mut emission, clock.now())?;
    record::finish(writer, &plan, &seen, &assessed, &exemptions, &files, clock.now())?;
    output::show(&emission, &files, clock.now())?;
    Ok(exit(&assessed, args.fail_on.unwrap_or(config.assess.fail_on)))
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

fn frame(
    config: &Config,
    profile: String,
    pack: &checks::Pack,
    failing_since: BTreeMap<(String, String), Timestamp>,
    run: Uuid,
    (started, ended): (Timestamp, Timestamp),
    order: Option<&Order>,
) -> Frame {
    let due = order.map(|order| &order.given.due);
    let configured = || config.assess.results_valid_for.parse().expect("reading the configuration checked it");
    Frame {
        run,
        started,
        ended,
        valid_for: due.and_then(|due| due.valid_for()).unwrap_or_else(configured),
        follows: order.map(|order| order.href.clone()),
        timing: due.and_then(|due| due.every.clone()),
        version: env!("CARGO_PKG_VERSION").into(),
        profile,
        organization: config.organization.clone(),
        checks_digest: pack.digest().to_string(),
        failing_since,
        deadlines: Default::default(),
        tick: None,
        unseen: BTreeMap::new(),
    }
}

fn collected(error: engine::Collected) -> Failure {
    match error {
        engine::Collected::Provider(inventory::CollectError::Credentials { .. }) => Failure::Other(Exit::Credentials, error.into()),
        engine::Collected::Provider(inventory::CollectError::Damaged { .. }) => Failure::usage(error),
        engine::Collected::Promise(error @ engine::EvaluateError::NoSubjects) => Failure::usage(error),
        engine::Collected::Provider(inventory::CollectError::Stopped) | engine::Collected::Promise(_) => Failure::internal(error),
    }
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
