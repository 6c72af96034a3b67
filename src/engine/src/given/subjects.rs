//! Which resources a plan is about: all, or those listed, less the excluded; by what we or its system security plan call them.

use std::collections::{BTreeMap, BTreeSet};

use inventory::{Resource, Scope};
use oscal::{AssessmentPlan, AssessmentSubject, InventoryItem, SubjectType, SystemComponent, Task, Uuid};

use crate::emit::words::{account_component, lasting};

/// The subjects of a plan. The default is everything.
#[derive(Clone, Debug, Default)]
pub struct Subjects {
    general: Vec<AssessmentSubject>,
    tasks: Vec<(Vec<AssessmentSubject>, Vec<AssessmentSubject>)>,
    /// The provider's ids and accounts' names by the uuids that the plan has for them.
    named: BTreeMap<Uuid, BTreeSet<String>>,
}

impl Subjects {
    pub(super) fn of(plan: &AssessmentPlan, components: &[SystemComponent], items: &[InventoryItem]) -> Self {
        let own = plan.local_definitions.iter();
        let mut named: BTreeMap<Uuid, BTreeSet<String>> = BTreeMap::new();
        for item in own.clone().flat_map(|own| &own.inventory_items).chain(items) {
            named.entry(item.uuid).or_default().extend(asset(&item.props));
        }
        for component in own.flat_map(|own| &own.components).chain(components) {
            let names = named.entry(component.uuid).or_default();
            names.insert(component.title.to_string());
            names.extend(asset(&component.props));
        }
        let of_task = |task: &Task| {
            let activities = task.associated_activities.iter().flat_map(|activity| activity.subjects.iter().cloned());
            (about(&task.subjects), about(&activities.collect::<Vec<_>>()))
        };
        Self { general: about(&plan.assessment_subjects), tasks: plan.tasks.iter().map(of_task).collect(), named }
    }

    /// Whether anything narrows them.
    pub fn are_limited(&self) -> bool {
        !self.general.is_empty() || !self.tasks.is_empty()
    }

    /// Whether the resource is one of them.
    pub fn hold(&self, resource: &Resource) -> bool {
        if !self.are_limited() {
            return true;
        }
        let ids = [subject(resource), account(&resource.scope)];
        // A component definition of ours calls what it is about by the provider alone.
        let names = [
            resource.id.as_str().to_owned(),
            format!("{}/{}", resource.scope.provider, resource.scope.account),
            resource.scope.account.clone(),
            resource.scope.provider.to_string(),
        ];
        self.all(&|one| self.chosen(one, &ids, &names))
    }

    /// Whether something in the account can be one of them.
    pub fn may_lie_in(&self, scope: &Scope) -> bool {
        if !self.are_limited() {
            return true;
        }
        let names = [format!("{}/{}", scope.provider, scope.account), scope.account.clone(), scope.provider.to_string()];
        self.all(&|one| match one.r#type {
            // Single resources may lie in any account.
            SubjectType::InventoryItem if one.include_all.is_none() => true,
            _ => self.chosen(one, &[account(scope)], &names),
        })
    }

    /// The uuids that are chosen and that nothing among the resources that were met is called by.
    pub fn unmet<'a>(&self, met: impl Iterator<Item = (&'a Scope, &'a str, &'a str)>) -> Vec<Uuid> {
        let tasks = self.tasks.iter().flat_map(|(own, activities)| own.iter().chain(activities));
        let listed = self.general.iter().chain(tasks).flat_map(|one| &one.include_subjects);
        let mut missing: BTreeSet<Uuid> = listed.map(|one| one.subject_uuid).collect();
        let by_name: BTreeMap<&str, Vec<Uuid>> = self.named.iter().fold(BTreeMap::new(), |mut found, (uuid, names)| {
            names.iter().for_each(|name| found.entry(name.as_str()).or_insert_with(Vec::new).push(*uuid));
            found
        });
        for (scope, kind, id) in met {
            let place = format!("{}/{}", scope.provider, scope.account);
            missing.remove(&account(scope));
            missing.remove(&lasting("subject", &format!("{kind}/{id}")));
            let names = [id, place.as_str(), scope.account.as_str(), &scope.provider];
            let called = names.into_iter().filter_map(|name| by_name.get(name)).flatten();
            called.for_each(|uuid| missing.retain(|other| other != uuid));
        }
        missing.into_iter().collect()
    }

    /// In the plan's own subjects, and in those of some task and of some activity of it.
    fn all(&self, chosen: &dyn Fn(&AssessmentSubject) -> bool) -> bool {
        let of = |subjects: &[AssessmentSubject]| subjects.is_empty() || subjects.iter().any(chosen);
        of(&self.general) && (self.tasks.is_empty() || self.tasks.iter().any(|(own, activities)| of(own) && of(activities)))
    }

    fn chosen(&self, one: &AssessmentSubject, ids: &[Uuid], names: &[String]) -> bool {
        let is =
            |uuid: &Uuid| ids.contains(uuid) || self.named.get(uuid).is_some_and(|known| names.iter().any(|name| known.contains(name)));
        let left_out = one.exclude_subjects.iter().any(|other| is(&other.subject_uuid));
        (one.include_all.is_some() || one.include_subjects.iter().any(|other| is(&other.subject_uuid))) && !left_out
    }
}

/// Those that are about resources or accounts; people and places do not narrow what is read.
fn about(subjects: &[AssessmentSubject]) -> Vec<AssessmentSubject> {
    subjects.iter().filter(|one| matches!(one.r#type, SubjectType::InventoryItem | SubjectType::Component)).cloned().collect()
}

fn asset(props: &[oscal::Property]) -> Option<String> {
    oscal::property(props, oscal::OSCAL_NS, "asset-id").map(str::to_owned)
}

fn subject(resource: &Resource) -> Uuid {
    lasting("subject", &format!("{}/{}", resource.kind, resource.id))
}

fn account(scope: &Scope) -> Uuid {
    account_component((&scope.provider, &scope.account))
}
