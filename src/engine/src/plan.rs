//! What will be assessed: the controls that a profile selects, the checks that reach them, and the reads that those need.

use std::collections::{BTreeMap, BTreeSet};

use checks::{Check, Pack};
use inventory::{Fields, KindId, Want};
use serde_json::Value;

/// A control that the profile selects, with the values that its parameters have here.
#[derive(Clone, Debug, PartialEq)]
pub struct Control {
    /// Its id in the catalog.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What must be true, parameters filled in.
    pub statement: String,
    /// The id of its assessment objective, which findings target; a statement's id where the catalog has no objective.
    pub target: Target,
    /// The objective's prose.
    pub objective: String,
    /// Parameter values by their short names, as the checks see them.
    pub params: Value,
}

/// What a finding on the control points at. OSCAL knows no finding on a whole control.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// An assessment objective.
    Objective(String),
    /// A statement.
    Statement(String),
}

impl Target {
    /// The id that is pointed at.
    pub fn id(&self) -> &str {
        match self {
            Target::Objective(id) | Target::Statement(id) => id,
        }
    }
}

/// Controls and checks of one assessment, in the order of their ids.
#[derive(Clone, Debug)]
pub struct Plan {
    controls: Vec<Control>,
    checks: Vec<Check>,
    by_kind: BTreeMap<KindId, Vec<usize>>,
    of_control: BTreeMap<String, usize>,
}

/// Why there is nothing to assess.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PlanError {
    /// No check is under any of the selected controls for the providers in scope.
    #[error("no check reaches any of the {controls} selected controls for {providers}; see `assize checks list`")]
    NothingToDo {
        /// How many controls the profile selects.
        controls: usize,
        /// The providers in scope.
        providers: String,
    },
    /// Two controls have one id.
    #[error("the profile selects control `{0}` twice")]
    Twice(String),
}

impl Plan {
    /// Binds the checks of `pack` for `providers` to the selected `controls`; `chosen` narrows the checks further.
    ///
    /// # Errors
    /// If nothing is left to assess.
    pub fn new(
        mut controls: Vec<Control>,
        pack: &Pack,
        providers: &BTreeSet<String>,
        chosen: &dyn Fn(&Check) -> bool,
    ) -> Result<Self, PlanError> {
        controls.sort_by(|a, b| a.id.cmp(&b.id));
        if let Some(pair) = controls.windows(2).find(|pair| pair[0].id == pair[1].id) {
            return Err(PlanError::Twice(pair[0].id.clone()));
        }
        let of_control: BTreeMap<String, usize> = controls.iter().enumerate().map(|(at, control)| (control.id.clone(), at)).collect();
        let wanted =
            |check: &&Check| of_control.contains_key(check.id().control()) && providers.contains(check.kind().provider()) && chosen(check);
        let mut checks: Vec<Check> = pack.checks().iter().filter(wanted).cloned().collect();
        checks.sort_by(|a, b| a.id().cmp(b.id()));
        if checks.is_empty() {
            let providers = providers.iter().cloned().collect::<Vec<_>>().join(", ");
            return Err(PlanError::NothingToDo { controls: controls.len(), providers });
        }
        let mut by_kind: BTreeMap<KindId, Vec<usize>> = BTreeMap::new();
        for (at, check) in checks.iter().enumerate() {
            by_kind.entry(check.kind().clone()).or_default().push(at);
        }
        Ok(Self { controls, checks, by_kind, of_control })
    }

    /// The selected controls, in the order of their ids.
    pub fn controls(&self) -> &[Control] {
        &self.controls
    }

    /// The checks, in the order of their ids. Outcomes refer to them by position.
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }

    /// The positions of the checks that judge this kind.
    pub fn checks_of(&self, kind: &KindId) -> &[usize] {
        self.by_kind.get(kind).map_or(&[], Vec::as_slice)
    }

    /// The control that the check at this position is under.
    pub fn control_of(&self, check: usize) -> &Control {
        &self.controls[self.of_control[self.checks[check].id().control()]]
    }

    /// The kinds that are judged.
    pub fn kinds(&self) -> impl Iterator<Item = &KindId> {
        self.by_kind.keys()
    }

    /// What a provider must read: each kind with the fields that some check looks at, and no others.
    pub fn wants(&self, provider: &str) -> Vec<Want> {
        let of_provider = self.by_kind.iter().filter(|(kind, _)| kind.provider() == provider);
        let want = |(kind, checks): (&KindId, &Vec<usize>)| {
            let fields = checks.iter().flat_map(|&check| self.checks[check].fields().iter().cloned()).collect();
            Want { kind: kind.clone(), fields: Fields::Only(fields) }
        };
        of_provider.map(want).collect()
    }
}
