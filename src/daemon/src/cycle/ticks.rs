//! From schedules and the record to ticks: which are claimed, which are left out, and what is said of those that nobody carried out.

use jiff::Timestamp;
use ledger::{Event, LedgerError, Owner, TickRow, TickState, TickStep, Tx};
use schedule::{Decision, Fate, Known, Running, Schedule, decide};

use super::{Cycle, Job, Work};
use crate::alerts::{Alert, put_beside};

/// What a schedule in a scope is called in the record.
fn name(schedule: &Schedule, scope: &str) -> String {
    format!("{}/{scope}", schedule.name)
}

/// What came of one turn for a schedule in a scope.
#[derive(Default)]
struct Turn {
    begin: Vec<(u64, Timestamp)>,
    cancel: Vec<(u64, String)>,
}

impl<W: Work> Cycle<W> {
    /// Enters what is over, gives up what nobody carries out any more, and begins what is due.
    pub(super) fn ticks(&mut self) -> Result<(), LedgerError> {
        self.enter_ended()?;
        let now = self.clock.now();
        let mine: Vec<u64> = self.jobs.ticks().collect();
        let work = std::sync::Arc::clone(&self.work);
        self.ledger.write(|tx| {
            mine.iter().try_for_each(|tick| tx.beat_tick(*tick, now))?;
            let alerts: Vec<Alert> = tx.give_up_ticks(now)?.iter().map(|tick| interrupted(tick, now)).collect();
            put_beside(tx, &work.route(&alerts, now))
        })?;
        let scopes = self.work.scopes();
        for schedule in self.work.schedules() {
            for scope in scopes.iter().filter(|scope| schedule.what.scopes.cover(scope)) {
                self.one(&schedule, scope)?;
            }
        }
        Ok(())
    }

    /// Decides about one schedule in one scope by what the record says, in one change: whoever else decides at the same time comes after it.
    fn one(&mut self, schedule: &Schedule, scope: &str) -> Result<(), LedgerError> {
        let (now, name, work) = (self.clock.now(), name(schedule, scope), std::sync::Arc::clone(&self.work));
        let turn = self.ledger.write(|tx| {
            let mut turn = Turn::default();
            let mut alerts = Vec::new();
            for decision in decided(tx, schedule, scope, &name, now)? {
                enter(tx, &name, decision, now, &mut turn, &mut alerts)?;
            }
            put_beside(tx, &work.route(&alerts, now))?;
            Ok(turn)
        })?;
        for (tick, reason) in turn.cancel {
            self.jobs.cancel(tick, TickState::Cancelled, reason);
        }
        for (tick, logical) in turn.begin {
            self.metrics.tick(&schedule.name, "started");
            self.jobs.begin(&self.work, Job { schedule: schedule.clone(), scope: scope.to_owned(), logical, tick });
        }
        Ok(())
    }

    /// Enters how jobs ended. What cannot be entered now is tried again.
    pub(super) fn enter_ended(&mut self) -> Result<(), LedgerError> {
        for (tick, job, state, reason) in self.jobs.ended() {
            let now = self.clock.now();
            let failed = (state == TickState::Failed).then(|| reason.clone().unwrap_or_default());
            if let Some(why) = &failed {
                tracing::error!(schedule = job.schedule.name, scope = job.scope, why, "a run failed");
            }
            let alert = failed.map(|why| Alert::run_failed(&name(&job.schedule, &job.scope), job.logical, &why, now));
            let entries = self.work.route(alert.as_slice(), now);
            self.ledger.write(|tx| {
                tx.end_tick(now, tick, state, reason.clone())?;
                put_beside(tx, &entries)
            })?;
            self.metrics.tick(&job.schedule.name, state.as_str());
            self.jobs.entered(tick);
        }
        Ok(())
    }

    /// There is no time left: what runs is let go of, and that is said.
    pub(super) fn let_go(&mut self) {
        let running: Vec<u64> = self.jobs.ticks().collect();
        for tick in running {
            self.jobs.cancel(tick, TickState::Interrupted, "the daemon was stopped".into());
        }
        if let Err(error) = self.enter_ended() {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "how ticks ended cannot be entered; the next daemon finds them interrupted"
            );
        }
    }
}

/// What is to be done, by what the record says. Two words of a schedule are the same wherever they are decided.
fn decided(tx: &mut Tx, schedule: &Schedule, scope: &str, name: &str, now: Timestamp) -> Result<Vec<Decision>, LedgerError> {
    let unfinished = tx.unfinished_ticks(name)?;
    let running = |tick: &TickRow| Running { logical: tick.due, started: tick.started.unwrap_or(tick.due) };
    let running: Vec<Running> = unfinished.iter().map(running).collect();
    let known = Known { last: tx.last_due(name)?, running: &running, ended: tx.last_ended(name)? };
    Ok(decide(schedule, scope, &known, now))
}

fn enter(tx: &mut Tx, name: &str, decision: Decision, now: Timestamp, turn: &mut Turn, alerts: &mut Vec<Alert>) -> Result<(), LedgerError> {
    match decision {
        Decision::Start { logical, reason, .. } => {
            if let Some(tick) = tx.claim_tick(now, name, logical, &Owner::this())? {
                tracing::info!(schedule = name, tick = %logical, reason, "begins");
                turn.begin.push((tick, logical));
            }
            Ok(())
        }
        Decision::Cancel { logical, reason } => {
            let tick = tx.unfinished_ticks(name)?.into_iter().find(|tick| tick.due == logical);
            let Some(tick) = tick else { return Ok(()) };
            tx.end_tick(now, tick.id, TickState::Cancelled, Some(reason.clone()))?;
            turn.cancel.push((tick.id, reason));
            Ok(())
        }
        Decision::Pass { times, fate, reason } => {
            let state = match fate {
                Fate::Skipped => TickState::Skipped,
                Fate::Missed => TickState::Missed,
            };
            if fate == Fate::Missed {
                alerts.push(Alert::ticks_missed(name, times.count, times.first, times.last, &reason, now));
            }
            let several = times.count > 1;
            let step = TickStep {
                count: times.count,
                until: several.then_some(times.last),
                ..TickStep::new(now, name, times.first, state, Some(reason))
            };
            tx.append(&Event::Tick(step)).map(drop)
        }
        Decision::Wait { .. } => Ok(()),
        Decision::Behind { reason, .. } => {
            tracing::warn!(schedule = name, reason, "the clock stands before what is on record");
            Ok(())
        }
    }
}

fn interrupted(tick: &TickRow, now: Timestamp) -> Alert {
    Alert::run_failed(&tick.schedule, tick.due, tick.reason.as_deref().unwrap_or("whoever carried it out is gone"), now)
}
