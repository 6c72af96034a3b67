//! The time of day, given to whoever lives longer than one call.

use std::sync::Arc;

use jiff::Timestamp;

/// Tells the time. The program gives the real one, a test its own.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// The time of this machine.
    pub fn real() -> Self {
        Self::from(Timestamp::now)
    }

    /// What it is now.
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
}

impl<F: Fn() -> Timestamp + Send + Sync + 'static> From<F> for Clock {
    fn from(tell: F) -> Self {
        Self(Arc::new(tell))
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clock")
    }
}
