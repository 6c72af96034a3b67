//! Calls whose answer several resources need are made once in a run, and so is the index of a join.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use inventory::Gap;
use serde_json::Value;
use tokio::sync::OnceCell;

/// Neighbours by key.
pub(super) type Index = Arc<HashMap<String, Vec<Value>>>;

type Cells<T> = Mutex<HashMap<String, Arc<OnceCell<Result<T, Gap>>>>>;

/// What was asked already.
#[derive(Default)]
pub(super) struct Memo {
    answers: Cells<Option<Value>>,
    indices: Cells<Index>,
}

impl Memo {
    /// The answer under this key, asked for once however many want it at a time.
    pub(super) async fn answer(&self, key: String, ask: impl Future<Output = Result<Option<Value>, Gap>>) -> Result<Option<Value>, Gap> {
        cell(&self.answers, key).get_or_init(|| ask).await.clone()
    }

    /// The index under this key.
    pub(super) async fn index(&self, key: String, make: impl Future<Output = Result<Index, Gap>>) -> Result<Index, Gap> {
        cell(&self.indices, key).get_or_init(|| make).await.clone()
    }
}

fn cell<T>(cells: &Cells<T>, key: String) -> Arc<OnceCell<Result<T, Gap>>> {
    let mut cells = cells.lock().expect("nobody panics with the lock");
    Arc::clone(cells.entry(key).or_default())
}
