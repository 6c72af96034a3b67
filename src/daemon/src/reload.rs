//! The configuration that counts, and how another one takes its place: only if it is right.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::watch;

use crate::Metrics;
use crate::systemd::Notifier;

/// Holds the configuration; whoever works by it takes a look at the start of each piece of work.
#[derive(Debug)]
pub struct Reload<C> {
    current: watch::Sender<Arc<C>>,
    metrics: Arc<Metrics>,
}

impl<C: Send + Sync + 'static> Reload<C> {
    /// Begins with a configuration that is right.
    pub fn new(first: C, metrics: Arc<Metrics>, now: Timestamp) -> Self {
        metrics.reloaded(true, now);
        Self { current: watch::Sender::new(Arc::new(first)), metrics }
    }

    /// The one that counts.
    pub fn current(&self) -> Arc<C> {
        self.current.borrow().clone()
    }

    /// Tells whoever listens that another one counts.
    pub fn changes(&self) -> watch::Receiver<Arc<C>> {
        self.current.subscribe()
    }

    /// Reads it again. If it is wrong the old one stays, and log, metrics and service manager say so. Whether it was right.
    pub fn again(&self, notifier: &Notifier, now: Timestamp, read: impl FnOnce() -> Result<C, String>) -> bool {
        notifier.reloading();
        let read = read();
        let good = read.is_ok();
        self.metrics.reloaded(good, now);
        match read {
            Ok(next) => {
                self.current.send_replace(Arc::new(next));
                tracing::info!("the configuration was read again and counts from now on");
                notifier.ready("running");
            }
            Err(why) => {
                tracing::error!(why, "the configuration is wrong; the one before still counts: correct it and reload again");
                notifier.ready("running by the configuration before; the new one is wrong");
            }
        }
        good
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::Timestamp;

    use super::Reload;
    use crate::Metrics;
    use crate::metrics::Form;
    use crate::systemd::Notifier;

    #[test]
    fn a_wrong_configuration_leaves_the_old_one_and_is_told() {
        let now = Timestamp::UNIX_EPOCH;
        let metrics = Arc::new(Metrics::new("0.1.0", now));
        let nobody = Notifier::from_env(&|_| None).expect("nothing is wrong");
        let told = |line: &str| metrics.exposition(Form::Text, now).expect("it is written").lines().any(|told| told == line);
        let reload = Reload::new(1, Arc::clone(&metrics), now);
        let listener = reload.changes();
        assert!(!reload.again(&nobody, now, || Err("config.toml:3: unknown key".into())));
        assert_eq!((*reload.current(), listener.has_changed().expect("it is held")), (1, false));
        assert!(told("assize_config_last_reload_successful 0.0"));
        let later: Timestamp = "2026-11-01T00:00:00Z".parse().expect("a time");
        assert!(reload.again(&nobody, later, || Ok(2)));
        assert_eq!((*reload.current(), listener.has_changed().expect("it is held")), (2, true));
        assert!(told("assize_config_last_reload_successful 1.0"));
        assert!(told("assize_config_last_reload_success_timestamp_seconds 1793491200.0"));
    }
}
