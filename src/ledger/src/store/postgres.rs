//! PostgreSQL, driven by a thread of its own. Statements that nobody waits for travel one behind the other without waiting for answers.

use std::sync::mpsc::{Sender, channel};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::dialect::for_postgres;
use super::location::Location;
use super::row::{Cell, Row, Value};
use crate::LedgerError;

mod session;

use session::Session;

/// Says of a schema that it holds a ledger of ours.
const MARK: &str = "assize ledger";

/// What the thread is asked to do.
enum Order {
    Query { sql: String, params: Vec<Cell>, answer: Sender<Result<Option<Row>, LedgerError>> },
    Execute { sql: String, params: Vec<Cell>, answer: Sender<Result<u64, LedgerError>> },
    Put { sql: String, params: Vec<Cell> },
    Batch { sql: String, answer: Sender<Result<u64, LedgerError>> },
}

#[derive(Debug)]
pub(crate) struct Postgres {
    url: String,
    place: String,
    orders: UnboundedSender<Order>,
}

impl Postgres {
    pub(super) fn open(url: &str) -> Result<Self, LedgerError> {
        let place = Location::Postgres(url.to_owned()).to_string();
        let orders = start(url, &place)?;
        Ok(Self { url: url.to_owned(), place, orders })
    }

    pub(super) fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, LedgerError> {
        let mut rows = Vec::new();
        self.each(sql, params, &mut |row| {
            rows.push(row);
            Ok(())
        })?;
        Ok(rows)
    }

    pub(super) fn each(
        &mut self,
        sql: &str,
        params: &[Value],
        each: &mut dyn FnMut(Row) -> Result<(), LedgerError>,
    ) -> Result<(), LedgerError> {
        let (answer, rows) = channel();
        self.order(Order::Query { sql: for_postgres(sql), params: owned(params), answer })?;
        loop {
            match rows.recv().map_err(|_| self.lost())?? {
                Some(row) => each(row)?,
                None => return Ok(()),
            }
        }
    }

    pub(super) fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, LedgerError> {
        let (answer, done) = channel();
        self.order(Order::Execute { sql: for_postgres(sql), params: owned(params), answer })?;
        done.recv().map_err(|_| self.lost())?
    }

    pub(super) fn put(&mut self, sql: &str, params: &[Value]) -> Result<(), LedgerError> {
        self.order(Order::Put { sql: for_postgres(sql), params: owned(params) })
    }

    pub(super) fn batch(&mut self, sql: &str) -> Result<(), LedgerError> {
        let (answer, done) = channel();
        self.order(Order::Batch { sql: sql.to_owned(), answer })?;
        done.recv().map_err(|_| self.lost())?.map(drop)
    }

    pub(super) fn begin(&mut self) -> Result<(), LedgerError> {
        self.batch("BEGIN")
    }

    pub(super) fn schema(&mut self) -> Result<u32, LedgerError> {
        let known =
            "SELECT obj_description(c.oid) FROM pg_class c WHERE c.relname = 'head' AND c.relnamespace = current_schema()::regnamespace";
        let ours = self.query(known, &[])?;
        let tables = "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace";
        let tables = self.query(tables, &[])?.first().map_or(Ok(0), |row| row.int(0))?;
        let foreign = || LedgerError::Foreign { place: self.place.clone() };
        match ours.first().map(|row| row.opt_text(0)).transpose()?.flatten() {
            Some(mark) => mark.strip_prefix(MARK).and_then(|rest| rest.trim().parse().ok()).ok_or_else(foreign),
            None if tables == 0 => Ok(0),
            None => Err(foreign()),
        }
    }

    pub(super) fn mark(&mut self, schema: u32) -> Result<(), LedgerError> {
        self.batch(&format!("COMMENT ON TABLE head IS '{MARK} {schema}'"))
    }

    pub(super) fn revive(&mut self) -> Result<(), LedgerError> {
        if self.orders.is_closed() {
            self.orders = start(&self.url, &self.place)?;
        }
        Ok(())
    }

    pub(super) fn place(&self) -> &str {
        &self.place
    }

    fn order(&mut self, order: Order) -> Result<(), LedgerError> {
        self.orders.send(order).map_err(|_| self.lost())
    }

    fn lost(&self) -> LedgerError {
        LedgerError::Lost { place: self.place.clone() }
    }
}

fn owned(params: &[Value]) -> Vec<Cell> {
    params.iter().map(|&value| value.into()).collect()
}

/// Starts the thread and waits until it is connected.
fn start(url: &str, place: &str) -> Result<UnboundedSender<Order>, LedgerError> {
    let (orders, queue) = unbounded_channel();
    let (ready, connected) = channel();
    let (url, own) = (url.to_owned(), place.to_owned());
    let serve = move || {
        let told = |source: Box<dyn std::error::Error + Send + Sync>| LedgerError::Open { place: own.clone(), source };
        let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => return drop(ready.send(Err(told(error.into())))),
        };
        runtime.block_on(async {
            match Session::connect(&url, &own).await {
                Ok(session) => {
                    drop(ready.send(Ok(())));
                    session.serve(queue).await;
                }
                Err(error) => drop(ready.send(Err(error))),
            }
        });
    };
    let thread = std::thread::Builder::new().name("ledger".into()).spawn(serve);
    thread.map_err(|error| LedgerError::Open { place: place.to_owned(), source: error.into() })?;
    connected.recv().map_err(|_| LedgerError::Lost { place: place.to_owned() })??;
    Ok(orders)
}

/// How many statements may be under way before the oldest is waited for.
const UNDER_WAY: usize = 512;

impl Session {
    /// Carries out what is asked until nobody can ask any more, or the connection is lost.
    async fn serve(mut self, mut orders: UnboundedReceiver<Order>) {
        while let Some(order) = orders.recv().await {
            match order {
                Order::Put { sql, params } => self.put(&sql, params, UNDER_WAY).await,
                Order::Execute { sql, params, answer } => drop(answer.send(self.execute(&sql, params).await)),
                Order::Batch { sql, answer } => drop(answer.send(self.batch(&sql).await.map(|()| 0))),
                Order::Query { sql, params, answer } => self.query(&sql, params, &answer).await,
            }
            if self.is_lost() {
                // Whoever asks next is told; what was asked and not answered sees its channel close.
                return;
            }
        }
    }
}
