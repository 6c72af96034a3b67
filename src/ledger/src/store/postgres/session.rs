//! One connection, on the thread that drives it.

use std::collections::{HashMap, VecDeque};
use std::future::Future;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::mpsc::Sender;
use std::task::Poll;
use std::time::Duration;

use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Config, Statement};

use super::super::row::{Cell, Row};
use super::super::tls;
use crate::LedgerError;

/// A statement under way.
type Pending = Pin<Box<dyn Future<Output = Result<u64, tokio_postgres::Error>>>>;

/// What the server must know of us: nobody waits longer than this for another writer, and a writer that stands still loses its turn, so that
/// the others go on. Durability is asked for even where the server's default is less.
const SETTINGS: &str = "SET lock_timeout = '30s'; SET idle_in_transaction_session_timeout = '60s'; SET synchronous_commit = on;
    SET client_min_messages = warning";

pub(super) struct Session {
    client: Rc<Client>,
    statements: HashMap<String, Statement>,
    under_way: VecDeque<Pending>,
    /// The first failure among the statements that nobody waited for.
    failure: Option<LedgerError>,
    place: String,
}

impl Session {
    pub(super) async fn connect(url: &str, place: &str) -> Result<Self, LedgerError> {
        let told = |source: Box<dyn std::error::Error + Send + Sync>| LedgerError::Open { place: place.to_owned(), source };
        // The parser's own error may quote the URL, and with it the password.
        let mut config: Config =
            url.parse().map_err(|_| told("the URL is not one of PostgreSQL (postgres://user@host/database)".into()))?;
        config.connect_timeout(config.get_connect_timeout().copied().unwrap_or(Duration::from_secs(10)));
        config.keepalives_idle(Duration::from_secs(30)).tcp_user_timeout(Duration::from_secs(60));
        config.application_name("assize");
        let tls = tls::connector().map_err(|error| told(error.into()))?;
        let (client, connection) = config.connect(tls).await.map_err(|error| told(error.into()))?;
        // How it ends is told to whoever has a statement under way.
        tokio::spawn(async move { drop(connection.await) });
        client.batch_execute(SETTINGS).await.map_err(|error| told(error.into()))?;
        let place = place.to_owned();
        Ok(Self { client: Rc::new(client), statements: HashMap::new(), under_way: VecDeque::new(), failure: None, place })
    }

    pub(super) fn is_lost(&self) -> bool {
        self.client.is_closed()
    }

    /// Sends a statement off; waits only where too many are under way. After a failure nothing more is sent until it was told.
    pub(super) async fn put(&mut self, sql: &str, params: Vec<Cell>, most: usize) {
        if self.failure.is_some() {
            return;
        }
        match self.send(sql, params).await {
            Ok(Some(pending)) => self.under_way.push_back(pending),
            Ok(None) => {}
            Err(error) => self.failure = Some(error),
        }
        while self.under_way.len() > most {
            self.settle_one().await;
        }
    }

    /// The request is written when its future is first looked at, so that statements keep their order; only the answer is left to wait for.
    async fn send(&mut self, sql: &str, params: Vec<Cell>) -> Result<Option<Pending>, LedgerError> {
        let statement = self.statement(sql, &params).await?;
        let client = Rc::clone(&self.client);
        let mut sent: Pending = Box::pin(async move { client.execute(&statement, &bound(&statement, &params)).await });
        match std::future::poll_fn(|context| Poll::Ready(sent.as_mut().poll(context))).await {
            Poll::Ready(done) => done.map(|_| None).map_err(|error| self.trouble("write", error)),
            Poll::Pending => Ok(Some(sent)),
        }
    }

    pub(super) async fn execute(&mut self, sql: &str, params: Vec<Cell>) -> Result<u64, LedgerError> {
        self.settle().await?;
        let statement = self.statement(sql, &params).await?;
        self.client.execute(&statement, &bound(&statement, &params)).await.map_err(|error| self.trouble("write", error))
    }

    pub(super) async fn batch(&mut self, sql: &str) -> Result<(), LedgerError> {
        let settled = self.settle().await;
        if sql == "COMMIT" {
            settled?;
        }
        self.client.batch_execute(sql).await.map_err(|error| self.trouble("write", error))
    }

    /// Sends rows as they come and then that there are no more; who stops listening gets no more.
    pub(super) async fn query(&mut self, sql: &str, params: Vec<Cell>, answer: &Sender<Result<Option<Row>, LedgerError>>) {
        if let Err(error) = self.stream(sql, params, answer).await {
            drop(answer.send(Err(error)));
        }
    }

    async fn stream(&mut self, sql: &str, params: Vec<Cell>, answer: &Sender<Result<Option<Row>, LedgerError>>) -> Result<(), LedgerError> {
        self.settle().await?;
        let statement = self.statement(sql, &params).await?;
        let rows = self.client.query_raw(&statement, bound(&statement, &params)).await.map_err(|error| self.trouble("read", error))?;
        let mut rows = pin!(rows);
        while let Some(row) = std::future::poll_fn(|context| futures_core::Stream::poll_next(rows.as_mut(), context)).await {
            let row = row.map_err(|error| self.trouble("read", error))?;
            let cells = (0..row.len()).map(|at| cell(&row, at)).collect::<Result<_, _>>()?;
            if answer.send(Ok(Some(Row(cells)))).is_err() {
                return Ok(());
            }
        }
        drop(answer.send(Ok(None)));
        Ok(())
    }

    /// Waits for everything that is under way and tells the first failure.
    async fn settle(&mut self) -> Result<(), LedgerError> {
        while !self.under_way.is_empty() {
            self.settle_one().await;
        }
        self.failure.take().map_or(Ok(()), Err)
    }

    async fn settle_one(&mut self) {
        let Some(oldest) = self.under_way.pop_front() else { return };
        if let Err(error) = oldest.await
            && self.failure.is_none()
        {
            self.failure = Some(self.trouble("write", error));
        }
    }

    async fn statement(&mut self, sql: &str, params: &[Cell]) -> Result<Statement, LedgerError> {
        if let Some(known) = self.statements.get(sql) {
            return Ok(known.clone());
        }
        let sorts: Vec<Type> = params.iter().map(sort).collect();
        let statement = self.client.prepare_typed(sql, &sorts).await.map_err(|error| self.trouble("prepare", error))?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    fn trouble(&self, doing: &'static str, source: tokio_postgres::Error) -> LedgerError {
        use tokio_postgres::error::SqlState;
        let place = self.place.clone();
        match source.code() {
            _ if self.client.is_closed() || source.is_closed() => LedgerError::Lost { place },
            Some(code) if *code == SqlState::LOCK_NOT_AVAILABLE => LedgerError::Busy { place },
            Some(code)
                if [SqlState::ADMIN_SHUTDOWN, SqlState::CRASH_SHUTDOWN, SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT].contains(code) =>
            {
                LedgerError::Lost { place }
            }
            Some(_) | None => LedgerError::Statement { doing, place, source: source.into() },
        }
    }
}

/// The sort of a parameter; of nothing, the server finds out.
fn sort(cell: &Cell) -> Type {
    match cell {
        Cell::Null => Type::UNKNOWN,
        Cell::Int(_) => Type::INT8,
        Cell::Text(_) => Type::TEXT,
        Cell::Blob(_) => Type::BYTEA,
    }
}

fn bound<'p>(statement: &Statement, params: &'p [Cell]) -> Vec<&'p (dyn ToSql + Sync)> {
    const NO_INT: &Option<i64> = &None;
    const NO_BYTES: &Option<&[u8]> = &None;
    const NO_TEXT: &Option<&str> = &None;
    let nothing = |wanted: &Type| -> &'static (dyn ToSql + Sync) {
        match *wanted {
            Type::INT8 => NO_INT,
            Type::BYTEA => NO_BYTES,
            _ => NO_TEXT,
        }
    };
    let bind = |(cell, wanted): (&'p Cell, &Type)| -> &'p (dyn ToSql + Sync) {
        match cell {
            Cell::Null => nothing(wanted),
            Cell::Int(number) => number,
            Cell::Text(text) => text,
            Cell::Blob(bytes) => bytes,
        }
    };
    params.iter().zip(statement.params()).map(bind).collect()
}

fn cell(row: &tokio_postgres::Row, at: usize) -> Result<Cell, LedgerError> {
    let odd = |_| LedgerError::Altered { what: format!("column `{}` is not of its sort", row.columns()[at].name()) };
    Ok(match *row.columns()[at].type_() {
        Type::INT8 => row.try_get::<_, Option<i64>>(at).map_err(odd)?.map_or(Cell::Null, Cell::Int),
        Type::INT4 => row.try_get::<_, Option<i32>>(at).map_err(odd)?.map_or(Cell::Null, |number| Cell::Int(number.into())),
        Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(at).map_err(odd)?.map_or(Cell::Null, Cell::Blob),
        _ => row.try_get::<_, Option<String>>(at).map_err(odd)?.map_or(Cell::Null, Cell::Text),
    })
}
