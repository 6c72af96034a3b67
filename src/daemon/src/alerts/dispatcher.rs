//! Sends what is in the outbox to one channel, for as long as the daemon runs. Each channel has a dispatcher of its own, so that one that
//! hangs keeps no other waiting.
//!
//! It may be cut off anywhere: what it does to the outbox are whole transactions, and what it sent without settling is sent again with
//! the same id when its lease is over.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;
use uuid::Uuid;

use super::channel::Channel;
use super::group::bundles;
use super::outbox::{Message, Outbox, OutboxError, Outcome};
use super::post::Refusal;
use super::{Bucket, Depth, retry};
use crate::{Clock, Health, Metrics, Stop};

/// How long a message is held while it is sent: longer than a receiver may take, and the settling with it.
const LEASE: SignedDuration = SignedDuration::from_secs(60);
/// How many waiting entries are looked at together.
const LOOK: usize = 5_000;
/// How often it looks although nobody said that there is something.
const PAUSE: Duration = Duration::from_secs(2);

/// Sends a channel's messages.
pub struct Dispatcher {
    channel: Channel,
    outbox: Arc<dyn Outbox>,
    metrics: Arc<Metrics>,
    health: Arc<Health>,
    clock: Clock,
    owner: Uuid,
    bucket: Bucket,
}

impl Dispatcher {
    /// For a channel. `owner` is another one for every start of the program.
    pub fn new(channel: Channel, outbox: Arc<dyn Outbox>, metrics: Arc<Metrics>, health: Arc<Health>, clock: Clock, owner: Uuid) -> Self {
        let bucket = Bucket::new(channel.settings.messages_per_hour, channel.settings.burst, clock.now());
        Self { channel, outbox, metrics, health, clock, owner, bucket }
    }

    /// Sends until the end is asked for; a message that is being sent is finished, unless there is no time left. `wake` says that something
    /// was put in.
    pub async fn run(mut self, wake: &Notify, mut stop: Stop) {
        let mut ending = stop.clone();
        loop {
            self.beat();
            let turn = tokio::select! {
                turn = self.turn() => turn,
                () = stop.now() => break,
            };
            if let Err(error) = turn {
                tracing::error!(channel = self.channel.settings.name, error = &error as &dyn std::error::Error, "alerts wait");
            }
            tokio::select! {
                () = ending.asked() => break,
                () = wake.notified() => {}
                () = tokio::time::sleep(PAUSE) => {}
            }
        }
        self.health.ended(&self.loop_name());
    }

    /// Sends what is due, bundles what is ripe, sends that, as far as the rate allows.
    ///
    /// # Errors
    /// If the outbox cannot be read or written; what was sent by then is settled, or will be sent again.
    pub async fn turn(&mut self) -> Result<(), OutboxError> {
        self.send_due().await?;
        let name = self.channel.settings.name.clone();
        let waiting = self.outbox(move |outbox, _, _| outbox.waiting(&name, LOOK)).await?;
        let now = self.clock.now();
        let settings = &self.channel.settings;
        let ripe = bundles(&waiting, &settings.group_by, settings.group_wait.signed(), now, self.bucket.available(now));
        for bundle in ripe {
            // Another daemon may have been quicker: then it sends them.
            self.outbox(move |outbox, _, now| outbox.bundle(bundle.message, &bundle.entries, now)).await?;
        }
        self.send_due().await?;
        let depth: BTreeMap<String, Depth> = self.outbox(|outbox, _, _| outbox.depth()).await?;
        self.metrics.outbox(&depth);
        Ok(())
    }

    fn loop_name(&self) -> String {
        format!("alerts to {}", self.channel.settings.name)
    }

    fn beat(&self) {
        self.health.beat(&self.loop_name(), Instant::now());
    }

    async fn send_due(&mut self) -> Result<(), OutboxError> {
        while self.bucket.available(self.clock.now()) > 0 {
            // Each message may take as long as a receiver has patience for; together that is no stuck loop.
            self.beat();
            let name = self.channel.settings.name.clone();
            let Some(message) = self.outbox(move |outbox, owner, now| outbox.claim(&name, owner, now, now + LEASE)).await? else { break };
            self.bucket.take(self.clock.now());
            self.send(message).await?;
        }
        Ok(())
    }

    async fn send(&self, message: Message) -> Result<(), OutboxError> {
        let (id, alerts) = (message.id, message.entries.len());
        let post = self.channel.post(&message, self.clock.now());
        let (client, clock) = (self.channel.client.clone(), self.clock.clone());
        let sent = blocking(move || client.post(&post, clock.now())).await;
        let outcome = self.judged(&message, sent);
        self.outbox(move |outbox, owner, now| {
            let settled = outbox.settle(id, owner, &outcome, now)?;
            if !settled {
                tracing::warn!(message = %id, "held for too long; another daemon has it now and may send it again");
            }
            Ok(())
        })
        .await?;
        tracing::debug!(channel = self.channel.settings.name, message_id = %id, alerts, "settled");
        Ok(())
    }

    /// What becomes of the message, said in metrics and log.
    fn judged(&self, message: &Message, sent: Result<(), Refusal>) -> Outcome {
        let name = self.channel.settings.name.as_str();
        let (attempt, alerts) = (message.attempts, message.entries.len());
        let Err(refusal) = sent else {
            self.metrics.attempt(name, "sent");
            tracing::info!(channel = name, message_id = %message.id, attempt, alerts, "alerts sent");
            return Outcome::Done;
        };
        let reason = format!("attempt {attempt}: {}", refusal.why);
        if refusal.gone || attempt >= self.channel.settings.attempts {
            self.metrics.attempt(name, "dead");
            self.metrics.dead(name, if refusal.gone { "gone" } else { refusal.class }, alerts as u64);
            tracing::error!(channel = name, message_id = %message.id, attempt, alerts, reason, "alerts given up");
            return Outcome::Dead { reason };
        }
        let at: Timestamp = retry::next(message.id, attempt, refusal.wait, self.clock.now());
        self.metrics.attempt(name, "retry");
        tracing::warn!(channel = name, message_id = %message.id, attempt, alerts, reason, next = %at, "alerts not sent; trying again");
        Outcome::Retry { at, reason }
    }

    async fn outbox<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&dyn Outbox, Uuid, Timestamp) -> Result<T, OutboxError> + Send + 'static,
    ) -> Result<T, OutboxError> {
        let (outbox, owner, now) = (Arc::clone(&self.outbox), self.owner, self.clock.now());
        blocking(move || ask(outbox.as_ref(), owner, now)).await
    }
}

/// Does what blocks where that is allowed. When its caller is cut off it is still done to its end, as a request that is on the wire is.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The runtime is being taken down: nobody is there to take an answer.
            Err(_) => std::future::pending().await,
        },
    }
}
