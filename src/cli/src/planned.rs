//! The plan of everything that the configuration asks for, without asking any cloud.

use std::collections::{BTreeMap, BTreeSet};

use engine::Plan;
use engine::coverage::{Look, Looked};
use jiff::Timestamp;

use crate::config::Config;
use crate::content;
use crate::failure::Failure;

/// The plan for these providers; all that this program has, if none is named.
pub fn plan(config: &Config, providers: &BTreeSet<String>) -> Result<Plan, Failure> {
    let content = content::load(&config.path(&config.assess.profile), &config.path(&config.assess.controls), &[])?;
    let all = || content::kinds().iter().map(|kind| kind.id.provider().to_owned()).collect();
    let providers = if providers.is_empty() { all() } else { providers.clone() };
    Plan::new(content.controls, &content.pack, &providers, &|_| true).map_err(Failure::usage)
}

/// When each control was last looked at in each account: when the oldest began of the newest looks at its kinds.
pub fn looked(plan: &Plan, looks: &[Look]) -> BTreeMap<(String, String), Timestamp> {
    let mut newest: BTreeMap<(&str, String), BTreeMap<&inventory::Scope, Timestamp>> = BTreeMap::new();
    for look in looks.iter().filter(|look| matches!(look.outcome, Looked::Found(_))) {
        let account = format!("{}/{}", look.scope.provider, look.scope.account);
        let known = newest.entry((&look.kind, account)).or_default().entry(&look.scope).or_insert(look.from);
        *known = look.from.max(*known);
    }
    let mut looked = BTreeMap::new();
    for (at, check) in plan.checks().iter().enumerate() {
        let own = newest.iter().filter(|((kind, _), _)| *kind == check.kind().as_str());
        for ((_, account), scopes) in own {
            let Some(oldest) = scopes.values().min() else { continue };
            let known = looked.entry((plan.control_of(at).id.clone(), account.clone())).or_insert(*oldest);
            *known = (*oldest).min(*known);
        }
    }
    looked
}
