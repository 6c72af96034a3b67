//! Resolves a profile: follows its imports, selects controls, merges them, changes them, and gives a catalog.
//!
//! After NIST's profile resolution specification: an exclusion always wins; controls below a chosen one come along only when asked
//! for; every import is a selection of its own, and what comes in twice stays twice unless the profile says otherwise; a circular or
//! unresolvable import ends in an error and no catalog.

mod alter;
mod body;
mod import;
mod matter;
mod merge;
mod parameter;
mod references;
mod selection;

use crate::datatype::{DateTime, Text};
use crate::{Catalog, Document, Profile, ReadError, Uuid};

pub use import::Load;

/// What a resolution needs to know besides the profile.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The identifier of the catalog to be.
    pub uuid: Uuid,
    /// When it is made.
    pub last_modified: DateTime,
    /// The version of OSCAL that it is written in.
    pub oscal_version: Text,
    /// What makes it, for the property `resolution-tool`.
    pub tool: Text,
}

/// The catalog that a profile stands for, and what there is to say about how it came about.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved {
    /// The catalog.
    pub catalog: Catalog,
    /// What profiles name and nothing has, one sentence each: likely a slip of the pen, and never dropped in silence.
    pub warnings: Vec<String>,
    /// What happened to which control, in the order in which it happened.
    pub trace: Vec<Step>,
}

/// One thing that happened to a control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The control's id.
    pub control: String,
    /// The place of the profile that did it; empty for the first profile where its place was not told.
    pub profile: String,
    /// What it did.
    pub what: String,
}

/// Why a profile cannot be resolved.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ResolveError {
    /// A document could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Profiles import each other.
    #[error("profiles import each other in a circle: {}; take one of these imports out", .chain.join(" → "))]
    Circular {
        /// The imports that lead back to the first.
        chain: Vec<String>,
    },
    /// An import is neither catalog nor profile.
    #[error("`{href}` is imported, but is of the model `{root}`; import a catalog or a profile")]
    NotControls {
        /// What is imported.
        href: String,
        /// The root it has.
        root: &'static str,
    },
    /// An import points at a back-matter resource that is not there or holds no document.
    #[error("the import `{href}` finds no back-matter resource with an `rlink` or `base64`; add one or import the file itself")]
    NoResource {
        /// What is imported.
        href: String,
    },
    /// Imports are nested deeper than any real profile is.
    #[error("imports are nested more than {limit} deep at `{href}`; import the catalog itself")]
    TooDeep {
        /// Where.
        href: String,
        /// How deep they may be.
        limit: usize,
    },
    /// Imports multiply: a few profiles that each import the next one twice double with every level.
    #[error("at `{href}` there are more than {limit} {what} in all; import what is needed once")]
    TooMuch {
        /// Where.
        href: String,
        /// What there is too much of.
        what: &'static str,
        /// How many there may be.
        limit: usize,
    },
    /// A profile asks for two structures at once.
    #[error("`merge` of `{profile}` asks for more than one of `flat`, `as-is` and `custom`; keep one of them")]
    TwoStructures {
        /// The place of the profile.
        profile: String,
    },
}

/// Resolves a profile that lies at `place`, loading what it imports.
///
/// ```
/// use oscal::resolve::{Frame, resolve};
/// use oscal::{Document, read_json};
///
/// let metadata = r#""metadata": {"title": "T", "last-modified": "2026-11-23T06:00:07Z", "version": "1", "oscal-version": "1.2.3"}"#;
/// let catalog = format!(r#"{{"catalog": {{"uuid": "4efc5577-4fec-5b39-aa74-9d40ac618c14", {metadata},
///     "controls": [{{"id": "a-1", "title": "A"}}, {{"id": "a-2", "title": "B"}}]}}}}"#);
/// let profile = format!(r#"{{"profile": {{"uuid": "4efc5577-4fec-5b39-aa74-9d40ac618c15", {metadata},
///     "imports": [{{"href": "catalog.json", "include-all": {{}}, "exclude-controls": [{{"with-ids": ["a-1"]}}]}}]}}}}"#);
///
/// let Document::Profile(profile) = read_json(profile.as_bytes(), "profile.json")? else { unreachable!() };
/// let frame = Frame {
///     uuid: profile.uuid,
///     last_modified: profile.metadata.last_modified.clone(),
///     oscal_version: "1.2.3".parse()?,
///     tool: "example".parse()?,
/// };
/// // Here a text; in earnest a `Loader`, which opens only what it was allowed to.
/// let resolved = resolve(&profile, "profile.json", &frame, &mut |place| read_json(catalog.as_bytes(), place))?;
/// assert_eq!(resolved.catalog.controls[0].id, "a-2");
/// assert_eq!(resolved.trace.last().map(|step| step.control.as_str()), Some("a-2"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If an import is circular, cannot be read or is of another model, or if a profile contradicts itself. There is no catalog then.
pub fn resolve(profile: &Profile, place: &str, frame: &Frame, load: &mut Load<'_>) -> Result<Resolved, ResolveError> {
    let mut run = Run { load, chain: vec![place.to_owned()], imports: 0, controls: 0, warnings: Vec::new(), trace: Vec::new() };
    let outcome = run.profile(profile, place)?;
    let metadata = matter::metadata(profile, place, frame);
    let body::Body { params, controls, groups } = outcome.body;
    let back_matter = (!outcome.resources.is_empty()).then_some(crate::BackMatter { resources: outcome.resources });
    let catalog = Catalog { params, controls, groups, back_matter, ..Catalog::new(frame.uuid, metadata) };
    Ok(Resolved { catalog, warnings: run.warnings, trace: run.trace })
}

/// Imports may be nested this deep: FedRAMP and its tailorings nest three or four.
const DEEPEST: usize = 32;

/// So many imports are followed in all, one that is followed again counted again: diamonds are legal, and multiply.
const MOST_IMPORTS: usize = 500;

/// So many controls are taken in all: forty times SP 800-53.
const MOST_CONTROLS: usize = 50_000;

/// A resolution under way.
struct Run<'r, 'l> {
    load: &'r mut Load<'l>,
    /// The places of the profiles that are being resolved, the first one first.
    chain: Vec<String>,
    /// How many imports were followed.
    imports: usize,
    /// How many controls they took.
    controls: usize,
    warnings: Vec<String>,
    trace: Vec<Step>,
}

/// A resolved profile or a catalog, as an import sees it.
struct Source {
    body: body::Body,
    resources: Vec<crate::Resource>,
}

impl Run<'_, '_> {
    fn profile(&mut self, profile: &Profile, place: &str) -> Result<Source, ResolveError> {
        merge::one_structure(profile, place)?;
        let (mut selections, mut resources) = (Vec::new(), Vec::new());
        for import in &profile.imports {
            self.imports += 1;
            within(self.imports, MOST_IMPORTS, "imports", import.href.as_str())?;
            let (href, document) = import::open(import.href.as_str(), place, profile, self.load)?;
            let source = self.source(&href, document)?;
            resources.extend(source.resources);
            let selection = selection::select(source.body, import, &href, place, self);
            self.controls += selection.taken;
            within(self.controls, MOST_CONTROLS, "controls", &href)?;
            selections.push(selection);
        }
        let mut merged = merge::merge(selections, profile.merge.as_ref(), place, self);
        if let Some(modify) = &profile.modify {
            parameter::set_all(&mut merged, &modify.set_parameters, place, self);
            alter::alter_all(&mut merged.body, &modify.alters, place, self);
        }
        let references = references::of(&merged.body, &merged.loose, &profile.metadata);
        parameter::settle(&mut merged, &references);
        resources.extend(profile.back_matter.iter().flat_map(|own| own.resources.iter().cloned()));
        Ok(Source { resources: matter::resources(resources, &references), body: merged.body })
    }

    fn source(&mut self, href: &str, document: Document) -> Result<Source, ResolveError> {
        if let Some(first) = self.chain.iter().position(|step| step == href) {
            let circle = self.chain[first..].iter().cloned().chain([href.to_owned()]);
            return Err(ResolveError::Circular { chain: circle.collect() });
        }
        match document {
            Document::Catalog(catalog) => {
                let resources = catalog.back_matter.map(|own| own.resources).unwrap_or_default();
                let body = body::Body { params: catalog.params, controls: catalog.controls, groups: catalog.groups };
                Ok(Source { body, resources })
            }
            Document::Profile(profile) => {
                if self.chain.len() >= DEEPEST {
                    return Err(ResolveError::TooDeep { href: href.to_owned(), limit: DEEPEST });
                }
                self.chain.push(href.to_owned());
                let source = self.profile(&profile, href)?;
                self.chain.pop();
                Ok(source)
            }
            other => Err(ResolveError::NotControls { href: href.to_owned(), root: other.root() }),
        }
    }

    fn step(&mut self, control: &str, profile: &str, what: impl Into<String>) {
        self.trace.push(Step { control: control.to_owned(), profile: profile.to_owned(), what: what.into() });
    }
}

/// Refuses what goes beyond a limit.
fn within(count: usize, limit: usize, what: &'static str, href: &str) -> Result<(), ResolveError> {
    match count > limit {
        true => Err(ResolveError::TooMuch { href: href.to_owned(), what, limit }),
        false => Ok(()),
    }
}
