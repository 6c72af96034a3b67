//! An assessment plan that is given on the command line, with the system security plan and the profile that it leads to.

use std::path::{Path, PathBuf};

use engine::Given;
use jiff::Timestamp;
use oscal::{AssessmentPlan, BackMatter, Document, Loader, SystemSecurityPlan, Text, UriReference};

use crate::content;
use crate::failure::Failure;
use crate::frameworks;

/// A given plan, read.
pub struct Order {
    /// Its file's name, for the documents that come of it.
    pub href: UriReference,
    /// What it asks for.
    pub given: Given,
    /// The profile of its system security plan, where it leads to one.
    pub profile: Option<PathBuf>,
    /// The values that apply, the last word last: the system security plan's, then the plan's own.
    pub settings: Vec<(String, Vec<Text>)>,
}

/// Reads the plan at `path` and what it leads to.
pub fn read(path: &Path) -> Result<Order, Failure> {
    let plan = match content::read(path).map_err(wrong)? {
        Document::AssessmentPlan(plan) => *plan,
        other => return Err(Failure::usage(format!("`{}` is a {}; name an assessment-plan", path.display(), other.root()))),
    };
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let loader = frameworks::loader(&folder)?;
    let ssp = ssp(&plan, &loader)?;
    let (components, items) = ssp.as_ref().map_or((&[][..], &[][..]), |(_, ssp)| {
        let system = &ssp.system_implementation;
        (system.components.as_slice(), system.inventory_items.as_slice())
    });
    let given = Given::of(&plan, components, items).map_err(|error| Failure::usage(format!("`{}`: {error}", path.display())))?;
    let mut settings: Vec<(String, Vec<Text>)> = ssp.iter().flat_map(|(_, ssp)| of_ssp(ssp)).collect();
    settings.extend(given.settings.iter().cloned());
    let profile = match &ssp {
        Some((place, ssp)) => Some(profile(place, ssp, &loader, &folder)?),
        None => None,
    };
    let name = path.file_name().map(|name| name.to_string_lossy().replace(' ', "%20")).unwrap_or_default();
    let href =
        name.parse().map_err(|_| Failure::usage(format!("`{}` has a name that no reference can have; rename it", path.display())))?;
    Ok(Order { href, given, profile, settings })
}

/// The system security plan and its place; none where the plan says, as ours do, that there is none.
fn ssp(plan: &AssessmentPlan, loader: &Loader) -> Result<Option<(String, SystemSecurityPlan)>, Failure> {
    for place in places(plan.import_ssp.href.as_str(), plan.back_matter.as_ref()) {
        match loader.document(&place) {
            Ok(Document::SystemSecurityPlan(ssp)) => return Ok(Some((place, *ssp))),
            // A resource that tells why there is none leads elsewhere, or to what does not exist yet.
            _ if plan.import_ssp.href.as_str().starts_with('#') => {}
            Ok(other) => {
                return Err(Failure::usage(format!(
                    "`{place}` is a {}, and the plan says that it is its system security plan",
                    other.root()
                )));
            }
            Err(error) => return Err(wrong(error)),
        }
    }
    Ok(None)
}

/// Where a reference leads: itself, or the links of the resource that it names.
fn places(href: &str, matter: Option<&BackMatter>) -> Vec<String> {
    let Some(id) = href.strip_prefix('#') else { return vec![href.to_owned()] };
    let resources = matter.into_iter().flat_map(|own| &own.resources);
    let named = resources.filter(|resource| resource.uuid.to_string().eq_ignore_ascii_case(id));
    named.flat_map(|resource| &resource.rlinks).map(|link| link.href.as_str().to_owned()).collect()
}

/// The profile of a system security plan: the first of its places that can be read.
fn profile(place: &str, ssp: &SystemSecurityPlan, loader: &Loader, folder: &Path) -> Result<PathBuf, Failure> {
    let beside = Path::new(place).parent().unwrap_or(Path::new("")).to_owned();
    let mut first = None;
    for href in places(ssp.import_profile.href.as_str(), ssp.back_matter.as_ref()) {
        let place = beside.join(&href);
        match loader.document(&place.to_string_lossy()) {
            Ok(_) => return Ok(folder.join(place)),
            Err(error) => first = first.or(Some(error)),
        }
    }
    Err(first.map_or_else(|| Failure::usage(format!("the system security plan `{place}` names no profile that can be read")), wrong))
}

/// The values that a system security plan sets: for the whole system, then for single requirements, then for components in them.
fn of_ssp(ssp: &SystemSecurityPlan) -> Vec<(String, Vec<Text>)> {
    let implementation = &ssp.control_implementation;
    let requirements = &implementation.implemented_requirements;
    let of_requirements = requirements.iter().flat_map(|requirement| &requirement.set_parameters);
    let components = requirements.iter().flat_map(|requirement| {
        requirement.by_components.iter().chain(requirement.statements.iter().flat_map(|statement| &statement.by_components))
    });
    let all = implementation.set_parameters.iter().chain(of_requirements).chain(components.flat_map(|by| &by.set_parameters));
    all.map(|setting| (setting.param_id.to_string(), setting.values.clone())).collect()
}

impl Order {
    /// Refuses a plan that names controls or checks that are not here: what it asks for would silently not be done.
    pub fn is_met_by(&self, controls: &[engine::Control], pack: &checks::Pack) -> Result<(), Failure> {
        let missing: Vec<&str> = self.given.named().into_iter().filter(|id| !controls.iter().any(|control| control.id == *id)).collect();
        if !missing.is_empty() {
            return Err(Failure::usage(format!("the plan reviews controls that its profile does not select: {}", missing.join(", "))));
        }
        let known = |id: &&String| pack.checks().iter().any(|check| check.id().as_str() == id.as_str());
        let missing: Vec<&str> = self.given.checks.iter().flatten().filter(|id| !known(id)).map(String::as_str).collect();
        match missing.is_empty() {
            true => Ok(()),
            false => Err(Failure::usage(format!("the plan carries out checks that are not here: {}", missing.join(", ")))),
        }
    }

    /// Tells which subjects the plan names and nothing that was read is.
    pub fn tell_unmet(&self, seen: &engine::Seen) {
        let met = seen
            .subjects
            .iter()
            .map(|subject| (&seen.scopes[subject.scope as usize], seen.kinds[subject.kind as usize].as_str(), &*subject.id));
        for uuid in self.given.subjects.unmet(met) {
            eprintln!("assize: the plan names the subject {uuid}, and nothing that was read is called so");
        }
    }

    /// What must be said when nothing is due.
    pub fn not_due(&self, now: Timestamp) -> Option<String> {
        let spans = self.given.due.within.iter().map(|(start, end)| format!("{start} to {end}")).collect::<Vec<_>>().join(", ");
        self.given
            .due
            .not_now(now)
            .then(|| format!("no task of the plan is due now (due: {spans}); it is assessed all the same, because you asked"))
    }
}

fn wrong(error: oscal::ReadError) -> Failure {
    Failure::Files(vec![content::told(error)])
}
