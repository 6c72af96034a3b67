//! `assize daemon`: runs in a security account for years. Says on standard error what it does, on `/metrics` how it is, and ends when asked.

use std::path::PathBuf;
use std::sync::Arc;

use daemon::alerts::{Dispatcher, KeptOutbox, Outbox};
use daemon::cycle::Cycle;
use daemon::http::{Limits, Server, Watched};
use daemon::reload::Reload;
use daemon::signals::Signals;
use daemon::systemd::{Notifier, watchdog};
use daemon::{Clock, Health, Metrics, Part, Redactor, Stop, Stopper};
use ledger::Ledger;
use tokio::sync::Notify;
use uuid::Uuid;

use crate::continuous::{Continuous, Loaded};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::ledgers::LedgerArgs;

/// How the daemon is started.
#[derive(clap::Args)]
pub struct Args {
    /// The configuration; SIGHUP reads it again
    #[arg(long, default_value = "config.toml")]
    config: PathBuf,
    #[command(flatten)]
    ledger: LedgerArgs,
    /// The folder for results and reports, a folder in it for each scope
    #[arg(long, value_name = "DIR", default_value = "assize-results")]
    output: PathBuf,
}

/// Runs until it is asked to end.
pub fn run(args: Args) -> Result<Exit, Failure> {
    let redactor = Redactor::default();
    let loaded = Loaded::read(&args.config, &redactor)?;
    let settings = loaded.config.daemon.clone();
    daemon::log::start(settings.log, &settings.log_level, redactor.clone()).map_err(Failure::usage)?;
    let location = args.ledger.location(&loaded.config)?;
    let ledger = Ledger::open(&location).map_err(Failure::internal)?;
    let clock = Clock::real();
    let metrics = Arc::new(Metrics::new(env!("CARGO_PKG_VERSION"), clock.now()));
    let health = Arc::new(Health::new(settings.beat_limit));
    health.set(Part::Configuration, Ok(()));
    health.set(Part::Ledger, Ok(()));
    let work = Arc::new(Continuous {
        loaded: Reload::new(loaded, Arc::clone(&metrics), clock.now()),
        location,
        output: std::path::absolute(&args.output).map_err(Failure::usage)?,
        clock: clock.clone(),
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::internal)?;
    let parts = Parts { work, ledger, clock, metrics, health, redactor };
    runtime.block_on(parts.run(args.config, settings))
}

/// Everything that lives as long as the daemon.
struct Parts {
    work: Arc<Continuous>,
    ledger: Ledger,
    clock: Clock,
    metrics: Arc<Metrics>,
    health: Arc<Health>,
    redactor: Redactor,
}

impl Parts {
    async fn run(self, config: PathBuf, settings: daemon::Settings) -> Result<Exit, Failure> {
        let env = |name: &str| std::env::var(name).ok();
        let notifier = Arc::new(Notifier::from_env(&env).map_err(Failure::usage)?);
        let (stopper, stop) = Stopper::new();
        let reload = Arc::new(Notify::new());
        tokio::spawn(Signals::take().map_err(Failure::internal)?.pass_on(stopper.clone(), Arc::clone(&reload)));
        let cut = stopper.clone();
        let grace = settings.grace;
        tokio::spawn(async move { cut.cut_after(grace).await });
        let server = Server::bind(&settings, Limits::default()).await.map_err(Failure::usage)?;
        let address = server.address().map_err(Failure::internal)?;
        let watched = Watched {
            health: Arc::clone(&self.health),
            metrics: Arc::clone(&self.metrics),
            redactor: self.redactor.clone(),
            clock: self.clock.clone(),
        };
        // The door: pages and an interface join the probes here.
        let serving = tokio::spawn(server.serve(watched, Default::default(), stop.clone()));
        let dispatching = self.dispatchers(&stop)?;
        if let Some(within) = watchdog(&env, std::process::id()) {
            let (notifier, health, stop) = (Arc::clone(&notifier), Arc::clone(&self.health), stop.clone());
            tokio::spawn(async move { notifier.keep_alive(within, &health, stop).await });
        }
        tokio::spawn(reloading(Arc::clone(&self.work), config, self.redactor.clone(), reload, Arc::clone(&notifier)));
        tracing::info!(%address, ledger = self.ledger.place(), "running");
        notifier.ready("running");
        let (health, ending) = (Arc::clone(&self.health), stop.clone());
        let told = Arc::clone(&notifier);
        tokio::spawn(async move {
            let mut ending = ending;
            ending.asked().await;
            health.stopping();
            told.stopping();
        });
        let cycle = Cycle::new(self.work, self.ledger, self.clock, self.health, self.metrics, tokio::runtime::Handle::current());
        tokio::task::spawn_blocking(move || cycle.run(&stop)).await.map_err(Failure::internal)?;
        for dispatching in dispatching {
            drop(dispatching.await);
        }
        drop(serving.await);
        tracing::info!("ended");
        Ok(Exit::Clean)
    }

    /// One for each channel, so that one that hangs keeps no other waiting.
    fn dispatchers(&self, stop: &Stop) -> Result<Vec<tokio::task::JoinHandle<()>>, Failure> {
        let outbox: Arc<dyn Outbox> = Arc::new(KeptOutbox::new(self.ledger.again().map_err(Failure::internal)?));
        let channels = self.work.loaded.current().channels.clone();
        let known: Vec<&str> = channels.iter().map(|channel| channel.settings.name.as_str()).collect();
        let given_up = outbox.abandon(&known, "the channel is not configured any more", self.clock.now()).map_err(Failure::internal)?;
        given_up
            .iter()
            .for_each(|(channel, count)| tracing::warn!(channel, count, "alerts are given up: the channel is not configured any more"));
        let owner = Uuid::new_v4();
        let begin = |channel| {
            let (metrics, health) = (Arc::clone(&self.metrics), Arc::clone(&self.health));
            let dispatcher = Dispatcher::new(channel, Arc::clone(&outbox), metrics, health, self.clock.clone(), owner);
            let stop = stop.clone();
            tokio::spawn(async move { dispatcher.run(&Notify::new(), stop).await })
        };
        Ok(channels.into_iter().map(begin).collect())
    }
}

/// Reads the configuration again whenever it is asked to. What the listener and the channels are stays until the next start.
async fn reloading(work: Arc<Continuous>, config: PathBuf, redactor: Redactor, asked: Arc<Notify>, notifier: Arc<Notifier>) {
    loop {
        asked.notified().await;
        let (work, config, redactor, notifier) = (Arc::clone(&work), config.clone(), redactor.clone(), Arc::clone(&notifier));
        let read = move || {
            let now = work.clock.now();
            work.loaded.again(&notifier, now, || Loaded::read(&config, &redactor).map_err(|failure| failure.to_string()))
        };
        drop(tokio::task::spawn_blocking(read).await);
    }
}
