//! What the emulators get wrong of AWS, as `tests/seed/deviations.toml` lists it. Lays it over the truth table, and finds what of it is
//! no longer so; the seed script looks after the calls that only it makes.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::parts::{Seeded, root};
use crate::run::Verdicts;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    moto: Vec<Deviation>,
    ministack: Vec<Deviation>,
}

/// One thing that an emulator gets wrong.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deviation {
    /// The call, `service:Operation`.
    pub call: String,
    /// What the emulator does instead.
    pub does: String,
    /// The ids, or how they begin, of the checks whose verdict it changes. None: only the seed cannot make the call.
    pub checks: Vec<String>,
    /// Only for resources whose id or name contains one of these; without any, for all.
    #[serde(default)]
    pub resources: Vec<String>,
    /// What these checks then say.
    pub verdict: Option<String>,
}

impl Deviation {
    /// The entry of `checks` by which it changes what a check says of a resource.
    fn touches(&self, key: &str, seeded: &Seeded) -> Option<&String> {
        let (check, resource) = key.split_once(' ').expect("`<check> <resource>`");
        let name = seeded.names.get(resource).map_or("", String::as_str);
        let is_meant = |part: &String| resource.contains(part) || name.contains(part);
        let begins = self.checks.iter().find(|begin| check.starts_with(*begin));
        begins.filter(|_| self.resources.is_empty() || self.resources.iter().any(is_meant))
    }
}

/// The list of one emulator, and which of it was met: an entry by its place, and one of its checks, or none where it has none.
pub struct Deviations {
    list: Vec<Deviation>,
    met: BTreeSet<(usize, String)>,
}

impl Deviations {
    /// Reads the list.
    ///
    /// # Panics
    /// If it is not one, or an entry has checks without a verdict, or a verdict without checks.
    pub fn of(emulator: &str) -> Self {
        let text = std::fs::read_to_string(root().join("tests/seed/deviations.toml")).expect("the list is there");
        let file: File = toml::from_str(&text).unwrap_or_else(|error| panic!("tests/seed/deviations.toml: {error}"));
        let list = match emulator {
            "moto" => file.moto,
            "ministack" => file.ministack,
            other => panic!("no emulator {other}"),
        };
        for entry in &list {
            assert!(!entry.does.is_empty() && entry.checks.is_empty() == entry.verdict.is_none(), "half an entry: {entry:?}");
        }
        Self { list, met: BTreeSet::new() }
    }

    /// The truth as this emulator shows it.
    pub fn lay_over(&self, seeded: &Seeded) -> BTreeMap<String, String> {
        let shown = |key: &String, truth: &String| {
            let entry = self.list.iter().rfind(|entry| entry.touches(key, seeded).is_some());
            entry.and_then(|entry| entry.verdict.clone()).unwrap_or_else(|| truth.clone())
        };
        seeded.verdicts.iter().map(|(key, truth)| (key.clone(), shown(key, truth))).collect()
    }

    /// Notes what an account showed: a deviation is met where a verdict is not the truth but what it lists, and an unknown names its call.
    pub fn meet(&mut self, seeded: &Seeded, said: &Verdicts) {
        let dependencies = provider_aws::kinds().iter().flat_map(|kind| &kind.dependencies);
        let actions: BTreeMap<&str, &String> = dependencies.map(|dependency| (dependency.call.as_str(), &dependency.action)).collect();
        for (at, entry) in self.list.iter().enumerate() {
            if seeded.lacking.contains(&entry.call) {
                self.met.insert((at, String::new()));
            }
            for (key, (verdict, lacks)) in said {
                let deviates = seeded.verdicts.get(key) != Some(verdict) && entry.verdict.as_ref() == Some(verdict);
                // A member that an answer should have and has not is a gap that names the check, not a call.
                let names_it = |lack: &String| {
                    key.split_once(' ').is_some_and(|(check, _)| check == lack) || actions.get(entry.call.as_str()) == Some(&lack)
                };
                let is_named = verdict != "unknown" || lacks.iter().any(names_it);
                if let Some(check) = entry.touches(key, seeded).filter(|_| deviates && is_named) {
                    self.met.insert((at, check.clone()));
                }
            }
        }
    }

    /// What is listed and was met nowhere.
    pub fn unmet(&self) -> Vec<String> {
        let none = [String::new()];
        let listed = self.list.iter().enumerate().flat_map(|(at, entry)| {
            let checks = if entry.checks.is_empty() { &none[..] } else { &entry.checks };
            checks.iter().map(move |check| (at, entry, check))
        });
        let unmet = listed.filter(|(at, _, check)| !self.met.contains(&(*at, (*check).clone())));
        unmet.map(|(_, entry, check)| format!("{} {check}: {}", entry.call, entry.does)).collect()
    }
}
