//! AWS as a provider: who we are there, and what it can read.

use inventory::{CollectError, Future, Kind, Provider, Sink, Want};

use crate::{CallError, Caller, Identity, Options, collect, kinds};

/// An AWS account that was signed in to.
pub struct Aws {
    caller: Caller,
    identity: Identity,
    regions: Vec<String>,
}

impl Aws {
    /// Signs in and asks who we are. `regions` are those to look at; none means every enabled one.
    ///
    /// # Errors
    /// If there are no usable credentials, or nobody answers for them.
    pub async fn connect(options: Options, regions: Vec<String>) -> Result<Self, CallError> {
        let caller = Caller::connect(options).await?;
        let identity = caller.identity().await?;
        Ok(Self { caller, identity, regions })
    }

    /// The number of the account.
    pub fn account(&self) -> &str {
        &self.identity.account
    }

    /// The caller, which counts what was called.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }
}

impl Provider for Aws {
    fn name(&self) -> &str {
        "aws"
    }

    fn kinds(&self) -> &[Kind] {
        kinds()
    }

    fn collect<'a>(&'a self, wants: &'a [Want], sink: Sink) -> Future<'a, Result<(), CollectError>> {
        Box::pin(collect::collect(&self.caller, &self.identity, &self.regions, wants, sink))
    }
}
