//! What a look says about what was known.

use inventory::{Gap, KindId, Resource, Scope};
use jiff::Timestamp;

use super::{Fingerprint, Standing};

/// One thing that a look found out. Whoever keeps the record writes down all but `Unchanged`.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// The resource stands as it stood; there is nothing to write.
    Unchanged(Sighting),
    /// The resource is new, or differs, or its verdicts came due.
    Judged(Box<Judged>),
    /// The list of a kind in a scope came to its end, or could not be read to it.
    Listed(Listed),
    /// A resource that was looked for by itself is not there any more.
    Gone(Gone),
}

/// A known resource that was seen again.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sighting {
    /// The resource.
    pub subject: Fingerprint,
    /// The store's number of it; 0 where it has told none.
    pub row: u64,
    /// When it was read this time.
    pub collected: Timestamp,
}

/// A resource that was judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// How it stands now.
    pub standing: Standing,
    /// The resource, as [`Standing::subject`] has it.
    pub subject: Fingerprint,
    /// The store's number of it; none where the resource is new, or the store has told none.
    pub before: Option<u64>,
    /// The canonical document, of which [`Standing::document`] is the SHA-256.
    pub document: Vec<u8>,
}

/// The end of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// The kind.
    pub kind: KindId,
    /// Where.
    pub scope: Scope,
    /// How many resources there are, or why nobody knows. A gap leaves everything that was known as it was, and makes every check of
    /// the kind one unknown for the scope.
    pub outcome: Result<u64, Gap>,
    /// How many of them stand as they stood.
    pub unchanged: u64,
    /// What was known here and is not there any more; nothing where the list was not read to its end.
    pub gone: Vec<Gone>,
}

/// A resource that is not there any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone {
    /// The resource.
    pub subject: Fingerprint,
    /// The store's number of it; 0 where it has told none.
    pub row: u64,
}

/// What came of reading one resource by itself, because something said that it changed.
#[derive(Clone, Debug, PartialEq)]
pub enum Reread {
    /// It is there.
    Found(Box<Resource>),
    /// The provider said of this very resource that it does not exist.
    NotFound {
        /// What it was.
        kind: KindId,
        /// The provider's own id.
        id: String,
    },
    /// It could not be read: it stands as it stood, and nobody looked.
    Gap {
        /// What it is.
        kind: KindId,
        /// The provider's own id.
        id: String,
        /// Why not.
        gap: Gap,
    },
}

impl Reread {
    /// The resource, as [`Standing::subject`] has it.
    pub fn subject(&self) -> Fingerprint {
        match self {
            Reread::Found(resource) => super::key::subject(&resource.kind, &resource.id),
            Reread::NotFound { kind, id } | Reread::Gap { kind, id, .. } => super::key::subject(kind, id),
        }
    }
}
