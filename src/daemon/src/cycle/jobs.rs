//! What runs now: begun on the runtime, let go of when it must be, and told of when it is over.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::Sender;

use ledger::TickState;
use tracing::Instrument;

use super::{Ended, Job, Work};

/// A job and what is known of it.
struct Running {
    job: Job,
    task: tokio::task::AbortHandle,
    over: Option<(TickState, Option<String>)>,
}

/// All jobs of this process whose end is not entered yet.
pub(super) struct Jobs {
    runtime: tokio::runtime::Handle,
    tell: Sender<Ended>,
    running: BTreeMap<u64, Running>,
}

impl Jobs {
    pub(super) fn new(runtime: tokio::runtime::Handle, tell: Sender<Ended>) -> Self {
        Self { runtime, tell, running: BTreeMap::new() }
    }

    pub(super) fn is_idle(&self) -> bool {
        self.running.values().all(|one| one.over.is_some())
    }

    /// Begins a job that was claimed.
    pub(super) fn begin<W: Work>(&mut self, work: &Arc<W>, job: Job) {
        let (tell, tick, work) = (self.tell.clone(), job.tick, Arc::clone(work));
        let span = crate::log::tick(&job.schedule.name, job.logical);
        let carried_out = work.carry_out(job.clone());
        // In a task of its own, so that a panic in it ends the tick and not the daemon.
        let task = self.runtime.spawn(carried_out.instrument(span));
        let abort = task.abort_handle();
        self.runtime.spawn(async move {
            let result = match task.await {
                Ok(result) => result,
                Err(error) if error.is_cancelled() => return,
                Err(error) => Err(format!("it broke: {error}")),
            };
            // Nobody listens any more when the daemon is gone.
            drop(tell.send(Ended { tick, result }));
        });
        self.running.insert(tick, Running { job, task: abort, over: None });
    }

    /// A job ended by itself.
    pub(super) fn over(&mut self, tick: u64, result: Result<String, String>) {
        if let Some(running) = self.running.get_mut(&tick)
            && running.over.is_none()
        {
            running.over = Some(match result {
                Ok(word) => (TickState::Done, Some(word)),
                Err(why) => (TickState::Failed, Some(why)),
            });
        }
    }

    /// Lets go of a job.
    pub(super) fn cancel(&mut self, tick: u64, state: TickState, reason: String) {
        if let Some(running) = self.running.get_mut(&tick) {
            running.task.abort();
            running.over = Some((state, Some(reason)));
        }
    }

    /// The jobs that run.
    pub(super) fn ticks(&self) -> impl Iterator<Item = u64> + '_ {
        self.running.iter().filter(|(_, one)| one.over.is_none()).map(|(tick, _)| *tick)
    }

    /// The jobs whose end is to be entered.
    pub(super) fn ended(&self) -> Vec<(u64, Job, TickState, Option<String>)> {
        let over = |(tick, one): (&u64, &Running)| one.over.clone().map(|(state, reason)| (*tick, one.job.clone(), state, reason));
        self.running.iter().filter_map(over).collect()
    }

    /// The end of a job is on record.
    pub(super) fn entered(&mut self, tick: u64) {
        self.running.remove(&tick);
    }
}
