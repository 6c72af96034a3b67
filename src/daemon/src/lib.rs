//! The program that runs for years: how it is watched, heard, stopped, and whom it tells.
//!
//! - [`config`]: what stands under `[daemon]` and `[[alert]]`, and what is wrong with it;
//! - [`cycle`]: the loop: ticks become runs, and what time brings is entered;
//! - [`health`]: alive, ready, and why not;
//! - [`metrics`]: what Prometheus reads, by one list of names;
//! - [`http`]: the one listener, its limits, and the door for pages to come;
//! - [`log`]: lines for a person or a machine, without secrets;
//! - [`alerts`]: from what happened to a message that arrived, through an outbox that survives a crash;
//! - [`stop`], [`signals`], [`reload`], [`systemd`]: the ends of a long life.
//!
//! Knows no cloud and no command line. Time comes in as an argument or a [`Clock`]; the process's own pulse is measured monotonically.

pub mod alerts;
pub mod config;
pub mod cycle;
pub mod health;
pub mod http;
pub mod log;
pub mod metrics;
pub mod reload;
pub mod secret;
pub mod signals;
pub mod stop;
pub mod systemd;

pub use clock::Clock;
pub use config::{ChannelSettings, Period, Problem, Settings};
pub use health::{Health, Part};
pub use metrics::Metrics;
pub use secret::{Redactor, Secret, SecretSource};
pub use stop::{Stage, Stop, Stopper};

mod clock;
