//! From what happened to a message that arrived.
//!
//! The loop makes [`Alert`]s, [`route`]s them to the channels that want them, and puts the [`Entry`]s into the [`Outbox`] in the
//! transaction of what happened. A [`Dispatcher`] per channel bundles entries that belong together, sends, and settles. Delivery is
//! at least once: a crash between sending and settling sends again, with the same id and the same body.
//!
//! ```text
//! effect ─ Alert ─ route ─ Entry ─► Outbox ─ group ─► Message ─ webhook | slack ─ post ─► done
//!                                     ▲                              │
//!                                     └──── retry later ◄────────────┤ dead after N, with the reason
//! ```

mod alert;
mod bucket;
mod channel;
mod dispatcher;
mod group;
mod kept;
mod memory;
mod occasions;
mod outbox;
mod post;
mod retry;
mod slack;
mod webhook;

pub use alert::{Alert, Kind, Severity};
pub use bucket::Bucket;
pub use channel::{Channel, Channels, PATIENCE, abandon, route};
pub use dispatcher::Dispatcher;
pub use kept::{KeptOutbox, put_beside};
pub use memory::MemoryOutbox;
pub use outbox::{Depth, Entry, Message, Outbox, OutboxError, Outcome};
pub use post::{Client, Post, Refusal};
pub use webhook::{SigningKey, sign};
