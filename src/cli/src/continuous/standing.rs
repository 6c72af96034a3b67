//! What metrics say of what stands: when every control was last assessed where, what fails, and what nobody knows.

use std::collections::{BTreeMap, BTreeSet};

use daemon::metrics::{Freshness, Standing};
use engine::exempt::Phase;
use jiff::Timestamp;
use ledger::{Ledger, LedgerError, Listed};

use super::loaded::Loaded;

pub fn standing(loaded: &Loaded, ledger: &mut Ledger, now: Timestamp) -> Result<Standing, LedgerError> {
    let looks = ledger.latest_looks()?;
    let mut standing = Standing { freshness: freshness(loaded, &looks), ..Standing::default() };
    for look in &looks {
        let account = account(&look.scope);
        let failed = look.gap.is_some();
        let stale = look.found.is_some() && look.valid_until <= now;
        *standing.gaps.entry(account).or_default() += u64::from(failed || stale);
    }
    for open in ledger.open_verdicts()? {
        let control = open.check.split('/').next().unwrap_or_default().to_owned();
        let verdict = if open.exempt.is_some() { "exempt".to_owned() } else { open.verdict };
        *standing.verdicts.entry((control, verdict)).or_default() += 1;
    }
    for item in run::register(ledger)?.open() {
        *standing.open_findings.entry(item.facts.severity.as_str().to_owned()).or_default() += 1;
    }
    for held in run::held(ledger)?.values() {
        let phase = held.phase(now);
        *standing.exemptions.entry(phase.as_str().to_owned()).or_default() += 1;
        if matches!(phase, Phase::Active | Phase::Expiring) {
            standing.next_expiry = standing.next_expiry.into_iter().chain([held.ends()]).min();
        }
    }
    Ok(standing)
}

fn account(scope: &str) -> String {
    scope.splitn(3, '/').take(2).collect::<Vec<_>>().join("/")
}

/// A control is as fresh as the oldest of the lists that it needs in an account; a list that could not be read leaves it as old as it was.
fn freshness(loaded: &Loaded, looks: &[Listed]) -> Vec<Freshness> {
    let mut controls: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let selected: BTreeSet<&str> = loaded.content.controls.iter().map(|control| control.id.as_str()).collect();
    for check in loaded.content.pack.checks().iter().filter(|check| selected.contains(check.id().control())) {
        controls.entry(check.kind().as_str()).or_default().insert(check.id().control());
    }
    let mut fresh: BTreeMap<(String, &str), (Timestamp, Timestamp)> = BTreeMap::new();
    for look in looks.iter().filter(|look| look.found.is_some()) {
        for control in controls.get(look.kind.as_str()).into_iter().flatten() {
            let known = fresh.entry((account(&look.scope), control)).or_insert((look.from, look.valid_until));
            *known = (known.0.min(look.from), known.1.min(look.valid_until));
        }
    }
    let one = |((scope, control), (assessed, expires)): ((String, &str), (Timestamp, Timestamp))| Freshness {
        scope,
        control: control.to_owned(),
        assessed,
        expires,
    };
    fresh.into_iter().map(one).collect()
}
