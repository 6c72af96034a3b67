//! Writes down what a pass tells, in batches, while the pass goes on. Nothing waits for a cloud while it holds the ledger.

use std::collections::{BTreeMap, HashMap};

use engine::incremental::{Change, Fingerprint, Gone, Judge, Judged, Listed};
use inventory::{Gap, KindId, Scope};
use jiff::{SignedDuration, Timestamp};
use ledger::{Event, Ledger, LedgerError, Observed, Packed, Tx};
use sha2::{Digest, Sha256};

use crate::standing::{Books, observed, scope_text};

/// So many changes are written at once.
const CHANGES: usize = 2_000;

/// Or so many bytes of documents.
const BYTES: usize = 8 << 20;

/// The checks of a kind, as the ledger is to know them.
struct Checks {
    digest: String,
    ids: Vec<String>,
}

/// What waits to be written.
enum Waiting {
    Judged(Box<Judged>, Packed),
    Listed(Listed),
    Gone(Gone),
}

/// Takes what a pass tells.
pub struct Recorder<'l> {
    ledger: &'l mut Ledger,
    books: Books,
    run: u64,
    started: Timestamp,
    valid_for: SignedDuration,
    clock: &'l (dyn Fn() -> Timestamp + Sync),
    checks: HashMap<KindId, Checks>,
    waiting: Vec<Waiting>,
    bytes: usize,
    changed: BTreeMap<(KindId, Scope), u64>,
    numbered: Vec<(Fingerprint, u64)>,
    trouble: Option<LedgerError>,
}

impl<'l> Recorder<'l> {
    /// A recorder of a run that has begun.
    pub fn new(
        ledger: &'l mut Ledger,
        books: Books,
        judge: &Judge,
        run: u64,
        valid_for: SignedDuration,
        clock: &'l (dyn Fn() -> Timestamp + Sync),
    ) -> Self {
        let checks = judge.plan().kinds().map(|kind| {
            let (digest, checks) = judge.check_set(kind);
            let ids = checks.iter().map(|check| check.id().to_string()).collect();
            (kind.clone(), Checks { digest: digest.to_string(), ids })
        });
        Self {
            books,
            run,
            started: judge.now(),
            valid_for,
            clock,
            checks: checks.collect(),
            waiting: Vec::new(),
            bytes: 0,
            changed: BTreeMap::new(),
            numbered: Vec::new(),
            trouble: None,
            ledger,
        }
    }

    /// Takes one change. What goes wrong is told at the end; after it nothing more is taken, so that nothing is half there.
    pub fn tell(&mut self, change: Change) {
        if self.trouble.is_none()
            && let Err(error) = self.take(change)
        {
            self.trouble = Some(error);
        }
    }

    fn take(&mut self, change: Change) -> Result<(), LedgerError> {
        match change {
            Change::Unchanged(_) => return Ok(()),
            Change::Judged(mut judged) => {
                let place = (judged.standing.kind.clone(), judged.standing.scope.clone());
                *self.changed.entry(place).or_default() += 1;
                let document = Packed::hashed(judged.standing.document, &std::mem::take(&mut judged.document))?;
                self.bytes += document.stored();
                self.waiting.push(Waiting::Judged(judged, document));
            }
            Change::Listed(listed) => self.waiting.push(Waiting::Listed(listed)),
            Change::Gone(gone) => self.waiting.push(Waiting::Gone(gone)),
        }
        if self.waiting.len() >= CHANGES || self.bytes >= BYTES { self.flush() } else { Ok(()) }
    }

    /// Writes what waits.
    ///
    /// # Errors
    /// If it cannot be written; it waits on then.
    pub fn flush(&mut self) -> Result<(), LedgerError> {
        let now = (self.clock)();
        let (waiting, checks, changed, books, run) = (&self.waiting, &self.checks, &self.changed, &self.books, self.run);
        let until = self.started + self.valid_for;
        let mut look = Look { run, now, started: self.started, until, books, checks, changed, orders: HashMap::new() };
        let numbered = self.ledger.write(|tx| {
            let mut numbered = Vec::new();
            for one in waiting {
                match one {
                    Waiting::Judged(judged, document) => numbered.push(look.judged(tx, judged, document)?),
                    Waiting::Listed(listed) => look.listed(tx, listed)?,
                    Waiting::Gone(gone) => look.gone(tx, gone)?,
                }
            }
            tx.beat_run(run, now)?;
            Ok(numbered)
        })?;
        self.numbered.extend(numbered);
        self.waiting.clear();
        self.bytes = 0;
        Ok(())
    }

    /// Writes the rest. Gives the numbers that the ledger has for what was judged.
    ///
    /// # Errors
    /// If something could not be written, now or before.
    pub fn finish(mut self) -> Result<Vec<(Fingerprint, u64)>, LedgerError> {
        if let Some(trouble) = self.trouble.take() {
            return Err(trouble);
        }
        self.flush()?;
        Ok(self.numbered)
    }
}

/// What all entries of a batch have in common.
struct Look<'a> {
    run: u64,
    now: Timestamp,
    started: Timestamp,
    until: Timestamp,
    books: &'a Books,
    checks: &'a HashMap<KindId, Checks>,
    changed: &'a BTreeMap<(KindId, Scope), u64>,
    /// The numbers of orders of checks that were met in this batch.
    orders: HashMap<KindId, u64>,
}

impl Look<'_> {
    fn judged(&mut self, tx: &mut Tx, judged: &Judged, document: &Packed) -> Result<(Fingerprint, u64), LedgerError> {
        let checks = self.order(tx, &judged.standing.kind)?;
        tx.put_document(document)?;
        let seen = observed(&judged.standing, self.books, self.run, checks);
        tx.append(&Event::Observed(seen.clone()))?;
        Ok((judged.subject, tx.number_of(&seen.subject)?))
    }

    fn gone(&self, tx: &mut Tx, gone: &Gone) -> Result<(), LedgerError> {
        let subject = tx.subject_of(gone.row)?;
        tx.append(&Event::Gone(ledger::Gone { at: self.now, run: self.run, subject })).map(drop)
    }

    fn listed(&mut self, tx: &mut Tx, listed: &Listed) -> Result<(), LedgerError> {
        listed.gone.iter().try_for_each(|gone| self.gone(tx, gone))?;
        let unlisted = self.books.unlisted(&listed.kind, &listed.scope);
        match &listed.outcome {
            Ok(_) if tx.key_of(&unlisted)?.is_some() => {
                tx.append(&Event::Gone(ledger::Gone { at: self.now, run: self.run, subject: unlisted })).map(drop)?;
            }
            Ok(_) => {}
            Err(gap) => self.blind(tx, listed, gap, unlisted)?,
        }
        let place = (listed.kind.clone(), listed.scope.clone());
        let event = ledger::Listed {
            at: self.now,
            run: self.run,
            kind: listed.kind.to_string(),
            scope: scope_text(&listed.scope),
            from: self.started,
            valid_until: self.until,
            found: listed.outcome.as_ref().ok().copied(),
            changed: self.changed.get(&place).copied().unwrap_or(0),
            gap: listed.outcome.as_ref().err().map(|gap| (gap.action.clone(), gap.cause.clone())),
        };
        tx.append(&Event::Listed(event)).map(drop)
    }

    /// A list that could not be read is one unknown for each check of the kind, as long as nobody can read it.
    fn blind(&mut self, tx: &mut Tx, listed: &Listed, gap: &Gap, subject: String) -> Result<(), LedgerError> {
        let Some(checks) = self.checks.get(&listed.kind) else { return Ok(()) };
        let told = gap.to_string();
        let key: [u8; 32] = Sha256::new().chain_update(&checks.digest).chain_update(&told).finalize().into();
        let key = ledger::hex(&key);
        if tx.key_of(&subject)?.as_ref() == Some(&key) {
            return Ok(());
        }
        let detail = ledger::Detail { text: Some(told), ..ledger::Detail::default() };
        let order = self.order(tx, &listed.kind)?;
        let seen = Observed {
            at: self.started,
            run: self.run,
            subject,
            name: None,
            kind: listed.kind.to_string(),
            scope: scope_text(&listed.scope),
            checks: order,
            verdicts: "u".repeat(checks.ids.len()),
            details: (0..checks.ids.len() as u32).map(|at| (at, detail.clone())).collect(),
            document: None,
            key,
            collected: None,
            recheck_at: None,
        };
        tx.append(&Event::Observed(seen)).map(drop)
    }

    /// The number of the order of a kind's checks.
    fn order(&mut self, tx: &mut Tx, kind: &KindId) -> Result<u64, LedgerError> {
        if let Some(&known) = self.orders.get(kind) {
            return Ok(known);
        }
        let order = match self.checks.get(kind) {
            Some(checks) => tx.checks_of(self.started, kind.as_str(), &checks.digest, &checks.ids)?,
            None => tx.checks_of(self.started, kind.as_str(), "none", &[])?,
        };
        self.orders.insert(kind.clone(), order);
        Ok(order)
    }
}
