//! What the operating system asks: to stop (SIGTERM, SIGINT; the second time at once) and to read the configuration again (SIGHUP).

use std::sync::Arc;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::Notify;

use crate::{Stage, Stopper};

/// The signals, taken from the moment this exists: until then they end the process as the system does.
#[derive(Debug)]
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hangup: Signal,
}

impl Signals {
    /// Takes them.
    ///
    /// # Errors
    /// If the system does not give them.
    pub fn take() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    /// Passes them on for as long as the program runs.
    pub async fn pass_on(mut self, stopper: Stopper, reload: Arc<Notify>) {
        let mut asked = Stage::Running;
        loop {
            tokio::select! {
                _ = self.terminate.recv() => {}
                _ = self.interrupt.recv() => {}
                _ = self.hangup.recv() => {
                    reload.notify_one();
                    continue;
                }
            }
            match asked {
                Stage::Running => tracing::info!("asked to stop: finishing what runs; ask again to stop at once"),
                Stage::Finishing | Stage::Now => tracing::warn!("asked to stop again: letting go of what runs"),
            }
            asked = Stage::Finishing;
            stopper.ask();
        }
    }
}
