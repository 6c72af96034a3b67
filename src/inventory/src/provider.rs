//! The one thing a provider does: stream what it reads.

use std::collections::BTreeSet;
use std::pin::Pin;

use crate::snapshot::SnapshotError;
use crate::{Gap, Kind, KindId, Recorded, Resource, Scope};

/// Which of a kind's top-level fields somebody needs; calls that serve none of them are not made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fields {
    /// Everything the kind can read.
    All,
    /// Only these.
    Only(BTreeSet<String>),
}

impl Fields {
    /// Whether `field` is wanted.
    pub fn wants(&self, field: &str) -> bool {
        match self {
            Fields::All => true,
            Fields::Only(names) => names.contains(field),
        }
    }
}

/// A kind that somebody wants read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Want {
    /// The kind.
    pub kind: KindId,
    /// The parts of its documents that will be looked at.
    pub fields: Fields,
}

/// What comes out of a provider, in any order.
///
/// Every wanted kind ends, in every scope where it can exist, with exactly one `Listed` or one `Gap`.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// One resource.
    Resource(Resource),
    /// One resource out of a recording, its document not opened.
    Recorded(Recorded),
    /// The list of a kind was read to its end and had this many resources, perhaps none.
    Listed {
        /// The kind.
        kind: KindId,
        /// Where.
        scope: Scope,
        /// How many resources came before this.
        count: u64,
    },
    /// The list of a kind could not be read, or not to its end.
    Gap {
        /// The kind.
        kind: KindId,
        /// Where.
        scope: Scope,
        /// Why.
        gap: Gap,
    },
}

impl Item {
    /// The same, its document opened.
    ///
    /// # Errors
    /// If the document cannot be.
    pub fn opened(self) -> Result<Self, SnapshotError> {
        match self {
            Item::Recorded(recorded) => recorded.open().map(Item::Resource),
            whole @ (Item::Resource(_) | Item::Listed { .. } | Item::Gap { .. }) => Ok(whole),
        }
    }

    /// Where it is about.
    pub fn scope(&self) -> &Scope {
        match self {
            Item::Resource(resource) => &resource.scope,
            Item::Recorded(recorded) => &recorded.head().scope,
            Item::Listed { scope, .. } | Item::Gap { scope, .. } => scope,
        }
    }
}

/// Where a provider puts what it reads; bounded, so that nothing holds an account in memory.
pub type Sink = tokio::sync::mpsc::Sender<Item>;

/// A boxed future, because providers are chosen at run time.
pub type Future<'a, T> = Pin<Box<dyn std::future::Future<Output = T> + Send + 'a>>;

/// Why nothing could be collected at all. A read that fails is a [`Gap`], not this.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// No usable credentials: nobody to ask as.
    #[error("cannot sign in to {what}")]
    Credentials {
        /// Which provider and identity.
        what: String,
        /// What the credential chain said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The recording is damaged or not one of ours.
    #[error("cannot read {what}")]
    Damaged {
        /// Which file or folder.
        what: String,
        /// What is wrong with it.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The receiver went away; the run was stopped.
    #[error("the run was stopped while collecting")]
    Stopped,
}

/// A source of truth. It reads; it never judges.
pub trait Provider: Send + Sync {
    /// Its name, the first part of its kinds' names.
    fn name(&self) -> &str;

    /// What it can read.
    fn kinds(&self) -> &[Kind];

    /// Reads every wanted kind everywhere it can see and sends what it finds.
    ///
    /// # Errors
    /// Only where nothing at all can be collected; anything less is an [`Item::Gap`] or a marker in a document.
    fn collect<'a>(&'a self, wants: &'a [Want], sink: Sink) -> Future<'a, Result<(), CollectError>>;
}
