//! One check: loaded, typed, and judging.

use std::collections::BTreeSet;
use std::sync::Arc;

use inventory::{Gap, Kind, KindId, Resource};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::diagnostic::Diagnostic;
use crate::file::{CheckFile, Located};
use crate::id::CheckId;
use crate::lang::{Compiled, Eval, ParamType, Place, Root, Stop, Surroundings, Ty, compile};
use crate::severity::Severity;
use crate::template::Template;
use crate::verdict::Verdict;

/// How deep macros may be nested without a reason.
const NESTING: usize = 2;

/// A check that was loaded and typed, so that only what is in a document can keep it from a verdict.
#[derive(Clone, Debug)]
pub struct Check {
    id: CheckId,
    kind: KindId,
    title: String,
    severity: Severity,
    when: Option<(Compiled, Arc<str>)>,
    pass: Compiled,
    message: Template,
    message_source: String,
    why: String,
    fix: String,
    evidence: Vec<Compiled>,
    evidence_paths: Vec<String>,
    fields: BTreeSet<String>,
    params_used: BTreeSet<String>,
    roots: Vec<Root>,
}

/// What a check looks at.
#[derive(Clone, Copy, Debug)]
pub struct JudgeInput<'a> {
    /// The resource.
    pub resource: &'a Resource,
    /// The control's parameters by name, an object.
    pub params: &'a Value,
    /// The clock.
    pub now: Timestamp,
}

/// What a check says.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// When it must be asked again although nothing changed, because an age flips.
    pub recheck_at: Option<Timestamp>,
}

/// What an auditor wants to see of a resource.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// Path and value.
    pub values: Vec<(String, Value)>,
    /// When a value is another although nothing changed, because an age flips.
    pub recheck_at: Option<Timestamp>,
}

impl Check {
    pub(crate) fn new(
        id: CheckId,
        at: &Located,
        file: CheckFile,
        kind: &Kind,
        params: &dyn Fn(&str) -> Option<ParamType>,
        names: &[String],
    ) -> Result<Self, Vec<Diagnostic>> {
        let known = names.iter().filter_map(|name| Some((name.clone(), params(name)?.into()))).collect();
        let around = Surroundings { kind: kind.id.to_string(), resource: Ty::from(&kind.shape), params: known };
        let mut problems = Vec::new();
        let nesting = nesting(at, &file, &mut problems);
        let mut judge = |source: &toml::Spanned<String>| keep(truth(source.get_ref(), &at.inside(source), &around, nesting), &mut problems);
        let pass = judge(&file.pass);
        let when = file.when.as_ref().map(&mut judge);
        match (&file.when, &file.when_reason) {
            (Some(when), None) => {
                problems.push(at.inside(when).problem("", 0, "`when` without `when_reason`", "say why the check does not apply elsewhere"))
            }
            (None, Some(reason)) => problems.push(at.inside(reason).problem("", 0, "`when_reason` without `when`", "remove it")),
            (Some(_), Some(_)) | (None, None) => {}
        }
        let message = keep(Template::new(file.message.get_ref(), &at.inside(&file.message), &around), &mut problems);
        let evidence: Vec<_> =
            file.evidence.iter().filter_map(|path| keep(compile(path.get_ref(), &at.inside(path), &around, 0), &mut problems)).collect();
        if !problems.is_empty() {
            return Err(problems);
        }
        let (Some(pass), Some(message)) = (pass, message) else { return Err(problems) };
        let when = when.flatten().zip(file.when_reason.map(|reason| Arc::from(reason.into_inner())));
        let evidence_paths = file.evidence.into_iter().map(toml::Spanned::into_inner).collect();
        let mut check = Self {
            id,
            kind: kind.id.clone(),
            title: file.title.into_inner(),
            severity: file.severity,
            when,
            pass,
            message,
            message_source: file.message.into_inner(),
            why: file.why.into_inner(),
            fix: file.fix.into_inner(),
            evidence,
            evidence_paths,
            fields: BTreeSet::new(),
            params_used: BTreeSet::new(),
            roots: Vec::new(),
        };
        check.gather();
        Ok(check)
    }

    /// What all its expressions look at, together.
    fn gather(&mut self) {
        let when = self.when.iter().map(|(when, _)| when);
        let all: Vec<&Compiled> = when.chain([&self.pass]).chain(self.message.expressions()).chain(&self.evidence).collect();
        self.fields = all.iter().flat_map(|one| one.fields.iter().cloned()).collect();
        self.params_used = all.iter().flat_map(|one| one.params.iter().cloned()).collect();
        self.roots = all.iter().flat_map(|one| one.roots.iter().copied()).collect();
        if self.roots.contains(&Root::Tags) {
            self.fields.insert("tags".into());
        }
    }

    /// Judges one resource.
    pub fn judge(&self, input: &JudgeInput) -> Judgement {
        let (tags, scope) = self.roots_of(input.resource);
        let mut eval = eval(input, &tags, &scope);
        let verdict = self.verdict(&mut eval);
        Judgement { verdict, recheck_at: eval.recheck_at }
    }

    fn verdict<'d>(&'d self, eval: &mut Eval<'d>) -> Verdict {
        if let Some((when, reason)) = &self.when {
            match eval.truth(&when.node) {
                Ok(true) => {}
                Ok(false) => return Verdict::NotApplicable { reason: Arc::clone(reason) },
                Err(missing) => return self.unknown(missing),
            }
        }
        match eval.truth(&self.pass.node) {
            Ok(true) => Verdict::Pass,
            Ok(false) => Verdict::Fail { message: self.message.fill(eval) },
            Err(missing) => self.unknown(missing),
        }
    }

    fn unknown(&self, missing: Stop) -> Verdict {
        let mut gaps = missing.gaps();
        for gap in gaps.iter_mut().filter(|gap| gap.action.is_empty()) {
            gap.action = self.id.to_string();
        }
        gaps.sort();
        gaps.dedup();
        Verdict::Unknown(gaps)
    }

    /// The values at the evidence paths; what is absent is null, what was not read is its marker.
    pub fn evidence(&self, input: &JudgeInput) -> Evidence {
        let (tags, scope) = self.roots_of(input.resource);
        let mut eval = eval(input, &tags, &scope);
        let mut values = Vec::new();
        for (path, compiled) in self.evidence_paths.iter().zip(&self.evidence) {
            match eval.value(&compiled.node) {
                Ok(value) => values.push((path.clone(), value.to_json())),
                // Absent is evidence too: it is shown as null. What was not read is shown as its marker.
                Err(missing) => {
                    let gap = missing.gaps().into_iter().find(|gap| !gap.action.is_empty());
                    values.push((path.clone(), gap.map_or(Value::Null, |gap| gap.to_document())));
                }
            }
        }
        Evidence { values, recheck_at: eval.recheck_at }
    }

    /// Tags and scope as JSON, where the check looks at them.
    fn roots_of(&self, resource: &Resource) -> (Value, Value) {
        let tags = || serde_json::to_value(&resource.tags).unwrap_or_else(|_| Gap::new("tags", "Malformed").to_document());
        let scope = || match &resource.scope.region {
            Some(region) => json!({ "provider": resource.scope.provider, "account": resource.scope.account, "region": region }),
            None => json!({ "provider": resource.scope.provider, "account": resource.scope.account }),
        };
        let tags = if self.roots.contains(&Root::Tags) { tags() } else { Value::Null };
        let scope = if self.roots.contains(&Root::Scope) { scope() } else { Value::Null };
        (tags, scope)
    }

    /// Its identity.
    pub fn id(&self) -> &CheckId {
        &self.id
    }

    /// The kind that it judges.
    pub fn kind(&self) -> &KindId {
        &self.kind
    }

    /// What is true when it passes.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// How grave a failure is.
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// What goes wrong where it fails.
    pub fn why(&self) -> &str {
        &self.why
    }

    /// What to do about a failure.
    pub fn fix(&self) -> &str {
        &self.fix
    }

    /// The condition, as written.
    pub fn pass_source(&self) -> &str {
        self.pass.source.trim()
    }

    /// Where it applies, as written.
    pub fn when_source(&self) -> Option<&str> {
        self.when.as_ref().map(|(when, _)| when.source.trim())
    }

    /// Why it does not apply elsewhere, where it has a `when`.
    pub fn when_reason(&self) -> Option<&Arc<str>> {
        self.when.as_ref().map(|(_, reason)| reason)
    }

    /// SHA-256 over everything that its verdicts, messages and evidence follow from: two checks with one digest say the same of any
    /// document. Title, severity and prose are not in it.
    pub fn digest(&self) -> [u8; 32] {
        let mut digest = Sha256::new();
        let when = self.when.iter().flat_map(|(when, reason)| [when.source.as_str(), reason]);
        let parts = [self.id.as_str(), self.kind.as_str(), &self.pass.source, &self.message_source].into_iter();
        // How many parts there are says which are there: `when` and its reason come together.
        for part in parts.chain(when).chain(self.evidence_paths.iter().map(String::as_str)).chain([""]) {
            digest.update((part.len() as u64).to_le_bytes());
            digest.update(part);
        }
        digest.update([u8::from(self.when.is_some())]);
        digest.finalize().into()
    }

    /// The paths that an auditor wants to see.
    pub fn evidence_paths(&self) -> &[String] {
        &self.evidence_paths
    }

    /// The document's own fields that it looks at; `tags` stands for the resource's tags.
    pub fn fields(&self) -> &BTreeSet<String> {
        &self.fields
    }

    /// The parameters that it uses.
    pub fn params_used(&self) -> &BTreeSet<String> {
        &self.params_used
    }
}

fn eval<'d>(input: &JudgeInput<'d>, tags: &'d Value, scope: &'d Value) -> Eval<'d> {
    Eval { resource: &input.resource.document, params: input.params, tags, scope, now: input.now, recheck_at: None, locals: Vec::new() }
}

/// An expression that must be true or false.
fn truth(source: &str, place: &Place, around: &Surroundings, nesting: usize) -> Result<Compiled, Vec<Diagnostic>> {
    let compiled = compile(source, place, around, nesting)?;
    match compiled.ty {
        Ty::Bool | Ty::Any => Ok(compiled),
        other => Err(vec![place.problem(source, 0, format!("the expression is {}", other.name()), "it must be true or false")]),
    }
}

fn keep<T>(result: Result<T, Vec<Diagnostic>>, problems: &mut Vec<Diagnostic>) -> Option<T> {
    result.map_err(|found| problems.extend(found)).ok()
}

fn nesting(at: &Located, file: &CheckFile, problems: &mut Vec<Diagnostic>) -> usize {
    match (&file.nesting, &file.nesting_reason) {
        (None, None) => NESTING,
        (Some(depth), Some(_)) if *depth.get_ref() == 3 => 3,
        (Some(depth), _) => {
            problems.push(at.inside(depth).problem(
                "",
                0,
                "`nesting` is 3, with a `nesting_reason`, or absent",
                "let the provider derive a fact",
            ));
            NESTING
        }
        (None, Some(reason)) => {
            problems.push(at.inside(reason).problem("", 0, "`nesting_reason` without `nesting = 3`", "remove it"));
            NESTING
        }
    }
}
