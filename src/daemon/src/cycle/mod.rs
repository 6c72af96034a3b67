//! The loop. It takes no input: whatever wakes it, it looks at the record and the clock and does what is due, so that a daemon that was
//! killed, and one that runs beside, go on where the record stands.
//!
//! Ticks are claimed in the record before anything is done, so that two daemons never do one twice; how a tick ended is entered by whoever
//! claimed it, or by whoever finds that one gone. The work itself is the program's ([`Work`]).

mod jobs;
mod ticks;

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use ledger::{Ledger, LedgerError};
use schedule::Schedule;

use crate::alerts::{Alert, Entry};
use crate::metrics::Standing;
use crate::{Clock, Health, Metrics, Part, Stage, Stop};

use jobs::Jobs;

/// A boxed future, because the program's work is chosen at run time.
pub type Future<'a, T> = std::pin::Pin<Box<dyn std::future::Future<Output = T> + Send + 'a>>;

/// A tick that is to be carried out.
#[derive(Clone, Debug)]
pub struct Job {
    /// The schedule.
    pub schedule: Schedule,
    /// The scope, by the name that the configuration gives it.
    pub scope: String,
    /// When it was due, before jitter.
    pub logical: Timestamp,
    /// The number of the tick.
    pub tick: u64,
}

/// What the program does when something is due.
pub trait Work: Send + Sync + 'static {
    /// The schedules that count now.
    fn schedules(&self) -> Vec<Schedule>;

    /// The scopes that are configured now, by name.
    fn scopes(&self) -> Vec<String>;

    /// Carries out a tick; says in a word how it went, or why it failed.
    fn carry_out(self: Arc<Self>, job: Job) -> Future<'static, Result<String, String>>;

    /// Enters what time brings by itself: warnings and ends of exemptions, what they covered, checkpoints, a month that is over.
    ///
    /// # Errors
    /// If the record cannot be read or written.
    fn in_passing(&self, ledger: &mut Ledger, now: Timestamp) -> Result<(), LedgerError>;

    /// Whom to tell of alerts, as entries of the outbox.
    fn route(&self, alerts: &[Alert], now: Timestamp) -> Vec<Entry>;

    /// What metrics say of what stands.
    ///
    /// # Errors
    /// If the record cannot be read.
    fn standing(&self, ledger: &mut Ledger, now: Timestamp) -> Result<Standing, LedgerError>;
}

/// The longest sleep: a clock that was set is noticed within it.
const PAUSE: Duration = Duration::from_secs(1);

/// How often what time brings, and what metrics say, is looked at when nothing happens.
const IN_PASSING: SignedDuration = SignedDuration::from_secs(30);

/// How a job ended.
struct Ended {
    tick: u64,
    result: Result<String, String>,
}

/// The loop and what it works with.
pub struct Cycle<W> {
    work: Arc<W>,
    ledger: Ledger,
    clock: Clock,
    health: Arc<Health>,
    metrics: Arc<Metrics>,
    jobs: Jobs,
    ended: Receiver<Ended>,
    looked: Option<Timestamp>,
}

impl<W: Work> Cycle<W> {
    /// A loop that has done nothing. Jobs run on `runtime`.
    pub fn new(
        work: Arc<W>,
        ledger: Ledger,
        clock: Clock,
        health: Arc<Health>,
        metrics: Arc<Metrics>,
        runtime: tokio::runtime::Handle,
    ) -> Self {
        let (tell, ended): (Sender<Ended>, _) = channel();
        Self { work, ledger, clock, health, metrics, jobs: Jobs::new(runtime, tell), ended, looked: None }
    }

    /// Goes round until the end is asked for; then takes nothing new and waits for what runs, until there is no time left. Blocks.
    pub fn run(mut self, stop: &Stop) {
        while stop.stage() == Stage::Running {
            self.turn();
            self.wait(PAUSE);
        }
        while stop.stage() == Stage::Finishing && !self.jobs.is_idle() {
            self.health.beat("cycle", Instant::now());
            self.wait(Duration::from_millis(100));
        }
        self.let_go();
        self.health.ended("cycle");
    }

    /// One turn: what is due is begun, what is over is entered. What goes wrong with the record is told, and tried again in the next turn.
    pub fn turn(&mut self) {
        self.health.beat("cycle", Instant::now());
        let turned = self.ticks().and_then(|()| self.in_passing());
        match turned {
            Ok(()) => self.health.set(Part::Ledger, Ok(())),
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "the ledger cannot be read or written; trying again");
                self.health.set(Part::Ledger, Err(error.to_string()));
            }
        }
    }

    /// Waits for a job to end, or for the time to pass.
    fn wait(&mut self, pause: Duration) {
        match self.ended.recv_timeout(pause) {
            Ok(ended) => {
                self.jobs.over(ended.tick, ended.result);
                while let Ok(ended) = self.ended.try_recv() {
                    self.jobs.over(ended.tick, ended.result);
                }
                if let Err(error) = self.enter_ended() {
                    tracing::warn!(error = &error as &dyn std::error::Error, "how a tick ended cannot be entered yet");
                }
                self.looked = None;
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
        }
    }

    fn in_passing(&mut self) -> Result<(), LedgerError> {
        let now = self.clock.now();
        // A clock that was set back must not silence this for years.
        if self.looked.is_some_and(|looked| looked <= now && now.duration_since(looked) < IN_PASSING) {
            return Ok(());
        }
        self.ledger.write(|tx| tx.give_up_runs(now))?;
        self.work.in_passing(&mut self.ledger, now)?;
        let standing = self.work.standing(&mut self.ledger, now)?;
        let covered = if standing.freshness.is_empty() { Err("nothing is assessed yet".to_owned()) } else { Ok(()) };
        self.health.set(Part::Coverage, covered);
        self.metrics.stands(&standing);
        let checkpoint = self.ledger.last_checkpoint()?.map(|(_, at, _)| at);
        let entries = self.ledger.size()?;
        self.metrics.ledger(&crate::metrics::LedgerFacts { entries, checkpoint, ..Default::default() });
        self.looked = Some(now);
        Ok(())
    }
}
