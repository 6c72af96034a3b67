//! Which failures an exemption is about.

use std::collections::BTreeMap;

use checks::CheckId;
use globset::{Glob, GlobMatcher};
use inventory::{Read, Resource, Scope};

use super::Exemption;

/// What an exemption can ask about a failing resource.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// Where it is.
    pub scope: &'a Scope,
    /// The provider's own id.
    pub id: &'a str,
    /// What people call it.
    pub name: &'a str,
    /// Its tags, if they could be read.
    pub tags: &'a Read<BTreeMap<String, String>>,
}

/// Exemptions ready to be asked.
#[derive(Clone, Debug)]
pub struct Exemptions {
    entries: Vec<(Exemption, Matchers)>,
}

#[derive(Clone, Debug)]
struct Matchers {
    control: Option<GlobMatcher>,
    check: Option<GlobMatcher>,
    account: Option<GlobMatcher>,
    resource: Option<GlobMatcher>,
    tags: Vec<(String, GlobMatcher)>,
}

impl Exemptions {
    /// Prepares exemptions that have no [`Exemption::problems`].
    pub fn new(mut entries: Vec<Exemption>) -> Self {
        entries.sort_by(|a, b| a.id.cmp(&b.id));
        Self { entries: entries.into_iter().map(|entry| (entry.clone(), Matchers::new(&entry))).collect() }
    }

    /// The exemptions, in the order of their ids; outcomes refer to them by position.
    pub fn all(&self) -> impl ExactSizeIterator<Item = &Exemption> {
        self.entries.iter().map(|(entry, _)| entry)
    }

    /// The exemption at this position.
    pub fn get(&self, at: u32) -> &Exemption {
        &self.entries[at as usize].0
    }

    /// The position of the exemption with this id.
    pub fn position(&self, id: &str) -> Option<usize> {
        self.entries.binary_search_by(|(entry, _)| entry.id.as_str().cmp(id)).ok()
    }

    /// Every exemption that is about this failure, whether it holds or not.
    pub fn about<'a>(&'a self, check: &'a CheckId, resource: &'a Resource) -> impl Iterator<Item = u32> + 'a {
        self.about_subject(check, Subject::of(resource))
    }

    /// The same, for a failing resource of which no more is known than an exemption can ask about.
    pub fn about_subject<'a>(&'a self, check: &'a CheckId, subject: Subject<'a>) -> impl Iterator<Item = u32> + 'a {
        let hit = move |at: &u32| self.may_be_about(*at, check, &subject.scope.provider) && self.covers_subject(*at, subject);
        (0..self.entries.len() as u32).filter(hit)
    }

    /// Whether the exemption at this position is about failures of the check on some resource of the provider.
    pub fn may_be_about(&self, at: u32, check: &CheckId, provider: &str) -> bool {
        let (entry, matchers) = &self.entries[at as usize];
        entry.provider.as_ref().is_none_or(|wanted| wanted == provider) && matchers.fit(check)
    }

    /// Whether the exemption at this position is about the resource, for the checks that it is about. Its document is not looked at.
    pub fn covers(&self, at: u32, resource: &Resource) -> bool {
        self.covers_subject(at, Subject::of(resource))
    }

    fn covers_subject(&self, at: u32, subject: Subject) -> bool {
        let (entry, matchers) = &self.entries[at as usize];
        entry.provider.as_ref().is_none_or(|wanted| *wanted == subject.scope.provider) && matchers.cover(subject)
    }
}

impl<'a> Subject<'a> {
    /// What an exemption can ask about a resource.
    pub fn of(resource: &'a Resource) -> Self {
        Self { scope: &resource.scope, id: &resource.id, name: &resource.name, tags: &resource.tags }
    }
}

impl Matchers {
    fn new(entry: &Exemption) -> Self {
        let glob = |text: &String| Glob::new(text).expect("problems() refused it").compile_matcher();
        Self {
            control: entry.control.as_ref().map(glob),
            check: entry.check.as_ref().map(glob),
            account: entry.account.as_ref().map(glob),
            resource: entry.resource.as_ref().map(glob),
            tags: entry.tags.iter().map(|(key, value)| (key.clone(), glob(value))).collect(),
        }
    }

    fn fit(&self, check: &CheckId) -> bool {
        let fits = |matcher: &Option<GlobMatcher>, text: &str| matcher.as_ref().is_none_or(|matcher| matcher.is_match(text));
        fits(&self.control, check.control()) && fits(&self.check, check.as_str())
    }

    fn cover(&self, subject: Subject) -> bool {
        let fits = |matcher: &Option<GlobMatcher>, text: &str| matcher.as_ref().is_none_or(|matcher| matcher.is_match(text));
        fits(&self.account, &subject.scope.account)
            && (fits(&self.resource, subject.id) || fits(&self.resource, subject.name))
            && self.tags.iter().all(|(key, matcher)| has_tag(subject.tags, key, matcher))
    }
}

/// Tags that could not be read are not there: an exemption must never rest on a guess.
fn has_tag(tags: &Read<BTreeMap<String, String>>, key: &str, matcher: &GlobMatcher) -> bool {
    match tags {
        Read::Known(tags) => tags.get(key).is_some_and(|value| matcher.is_match(value)),
        Read::Unknown(_) => false,
    }
}
