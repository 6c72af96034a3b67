//! Frameworks that an assessment is to be read by: a catalog or profile, found by name or path, and the mappings that lead from ours to it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use checks::{Diagnostic, Pack};
use engine::definition::{self, Definition};
use engine::framework::{Framework, Map, maps, member};
use oscal::{Document, Loader, Mapping, MappingCollection, MappingResource, MappingResourceType, Text};

use crate::config::Config;
use crate::content::{self, Library};
use crate::failure::Failure;

/// A framework that was named, opened.
pub struct Named {
    name: String,
    path: PathBuf,
    /// What the file binds, where it is a component definition.
    definition: Option<(String, Definition)>,
}

impl Named {
    /// The values for parameters that it brings along.
    pub fn settings(&self) -> impl Iterator<Item = &(String, Vec<Text>)> {
        self.definition.iter().flat_map(|(_, definition)| definition.settings())
    }

    /// What must be said of them: a parameter that is set twice has one value all the same.
    fn warnings(&self) -> impl Iterator<Item = String> {
        let told = |(parameter, values): (&str, Vec<String>)| {
            let last = values.last().cloned().unwrap_or_default();
            format!("`{}` sets `{parameter}` to `{}`; a check has one value, and `{last}` is used", self.name, values.join("` and to `"))
        };
        self.definition.iter().flat_map(|(_, definition)| definition.disagreements()).map(told)
    }
}

/// Opens every framework that is named, each once.
pub fn open(names: &[String], config: &Config) -> Result<Vec<Named>, Failure> {
    let mut met = BTreeSet::new();
    let once = names.iter().filter(|name| met.insert(name.as_str()));
    once.map(|name| {
        let path = find(name, config)?;
        let definition = match content::read(&path).map_err(|error| Failure::Files(vec![content::told(error)]))? {
            Document::ComponentDefinition(document) => Some((document.metadata.title.to_string(), definition::read(&document))),
            _ => None,
        };
        let named = Named { name: name.clone(), path, definition };
        named.warnings().for_each(|warning| eprintln!("assize: {}", report::shown(&warning)));
        Ok(named)
    })
    .collect()
}

/// Loads the frameworks with the relations that mappings give them to the controls behind `profile`, or that a component definition
/// states to the checks of `pack`.
pub fn load(named: Vec<Named>, config: &Config, profile: &Path, pack: &Pack) -> Result<Vec<Framework>, Failure> {
    if named.iter().all(|one| one.definition.is_some()) {
        return named.into_iter().map(|one| bound(one, pack)).collect();
    }
    let collections = collections(&config.path(&config.assess.mappings))?;
    let ours = Library::open(profile)?.places;
    let load = |one: Named| match one.definition {
        Some(_) => bound(one, pack),
        None => framework(&one.name, &one.path, &collections, &ours),
    };
    named.into_iter().map(load).collect()
}

/// The controls that a component definition binds to our checks.
fn bound(named: Named, pack: &Pack) -> Result<Framework, Failure> {
    let (title, definition) = named.definition.expect("it was asked for");
    let controls = definition.members(pack);
    if controls.iter().all(|member| member.maps.iter().flat_map(|map| &map.ours).all(|ours| ours.control.is_empty())) {
        return Err(Failure::usage(format!(
            "no rule of `{}` names a check that is here; `assize checks bindings {}` lists what it names",
            named.path.display(),
            named.path.display()
        )));
    }
    let (name, href) = names(&named.name, &named.path);
    Ok(Framework { name, title, href, controls })
}

/// The short name of a framework, and the name of its file.
fn names(name: &str, path: &Path) -> (String, String) {
    let short = Path::new(name).file_stem().map_or_else(|| name.to_owned(), |stem| stem.to_string_lossy().into_owned());
    (short, path.file_name().map(|file| file.to_string_lossy().into_owned()).unwrap_or_default())
}

/// The file of a framework: the path itself, or one by that name in the folder of frameworks.
fn find(name: &str, config: &Config) -> Result<PathBuf, Failure> {
    let path = PathBuf::from(name);
    if path.is_file() {
        return Ok(path);
    }
    let folder = config.path(&config.assess.frameworks);
    let known = by_name(&folder)?;
    known.get(name).cloned().ok_or_else(|| {
        let names = known.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        Failure::usage(format!("there is no framework `{name}`; name a catalog or profile, or one of `{}`: {names}", folder.display()))
    })
}

/// The documents in a folder by their names without ending.
fn by_name(folder: &Path) -> Result<BTreeMap<String, PathBuf>, Failure> {
    let told = |error: std::io::Error| Failure::usage(format!("cannot read the folder `{}`: {error}", folder.display()));
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).map_err(told)? {
        let path = entry.map_err(told)?.path();
        let oscal = path.extension().is_some_and(|ending| ["json", "yaml", "yml", "xml"].iter().any(|known| ending == *known));
        if let (true, Some(stem)) = (oscal, path.file_stem()) {
            found.insert(stem.to_string_lossy().into_owned(), path);
        }
    }
    Ok(found)
}

/// A mapping-collection and the file that holds it.
struct Collection {
    path: PathBuf,
    document: MappingCollection,
}

fn collections(folder: &Path) -> Result<Vec<Collection>, Failure> {
    let read = |path: PathBuf| match content::read(&path).map_err(|error| Failure::Files(vec![content::told(error)]))? {
        Document::MappingCollection(document) => Ok(Collection { path, document: *document }),
        other => Err(Failure::Files(vec![Diagnostic {
            file: path.display().to_string(),
            line: 1,
            column: 1,
            what: format!("is a {}, and the folder of mappings holds mapping-collections only", other.root()),
            fix: "move it elsewhere".into(),
        }])),
    };
    by_name(folder)?.into_values().map(read).collect()
}

fn framework(name: &str, path: &Path, collections: &[Collection], ours: &BTreeSet<String>) -> Result<Framework, Failure> {
    let library = Library::open(path)?;
    let mut relations: BTreeMap<String, Vec<Map>> = BTreeMap::new();
    let mut mapped = false;
    for collection in collections {
        for mapping in &collection.document.mappings {
            let Some(reversed) = direction(collection, mapping, &library.places, ours) else { continue };
            mapped = true;
            let found = maps(mapping, reversed).map_err(|error| Failure::usage(format!("`{}`: {error}", collection.path.display())))?;
            found.into_iter().for_each(|(id, maps)| relations.entry(id).or_default().extend(maps));
        }
    }
    if !mapped {
        return Err(Failure::usage(format!(
            "no mapping leads from the controls of the profile to `{name}`; put a mapping-collection between the two into the folder of mappings"
        )));
    }
    let controls = library.selected.controls.iter().map(|control| member(control, &mut relations)).collect();
    let (short, href) = names(name, path);
    Ok(Framework { name: short, title: library.title, href, controls })
}

/// Whether a mapping is between the two, and if so, whether ours are its sources.
fn direction(collection: &Collection, mapping: &Mapping, theirs: &BTreeSet<String>, ours: &BTreeSet<String>) -> Option<bool> {
    let at = |resource: &MappingResource, side: &BTreeSet<String>| places(collection, resource).iter().any(|place| side.contains(place));
    let (source, target) = (&mapping.source_resource, &mapping.target_resource);
    match () {
        () if at(source, theirs) && at(target, ours) => Some(false),
        () if at(source, ours) && at(target, theirs) => Some(true),
        () => None,
    }
}

/// Where the document may lie that a mapping is about, as [`identity`] writes places.
fn places(collection: &Collection, resource: &MappingResource) -> Vec<String> {
    if !matches!(resource.r#type, MappingResourceType::Catalog | MappingResourceType::Profile) {
        return Vec::new();
    }
    let folder = collection.path.parent().unwrap_or(Path::new(""));
    let href = resource.href.as_str();
    let Some(id) = href.strip_prefix('#') else { return vec![identity(folder, href)] };
    let resources = collection.document.back_matter.iter().flat_map(|own| &own.resources);
    let found = resources.filter(|resource| resource.uuid.to_string().eq_ignore_ascii_case(id));
    found.flat_map(|resource| &resource.rlinks).map(|link| identity(folder, link.href.as_str())).collect()
}

/// How a document is recognised wherever it was put: its file's name without ending, and without the `-min` of NIST's smaller copies;
/// a file of ours by its whole path, because others may have files of that name.
pub fn identity(folder: &Path, place: &str) -> String {
    let path = folder.join(place.strip_prefix("file://").unwrap_or(place));
    if let Ok(real) = path.canonicalize() {
        return real.with_extension("").display().to_string();
    }
    let name = place.rsplit('/').next().unwrap_or(place);
    let stem = Path::new(name).file_stem().map_or_else(|| name.to_owned(), |stem| stem.to_string_lossy().into_owned());
    stem.trim_end_matches("-min").to_owned()
}

/// Both ways of recognising a document that was read from `path`.
pub fn identities(folder: &Path, place: &str) -> [String; 2] {
    let name = place.rsplit('/').next().unwrap_or(place);
    [identity(folder, place), identity(Path::new("/nowhere"), name)]
}

/// What the program must be able to open to read what `place` refers to.
pub fn loader(folder: &Path) -> Result<Loader, Failure> {
    let told = |error| Failure::Files(vec![content::told(error)]);
    let mut loader = Loader::new(folder).map_err(told)?;
    loader.allow(Path::new(".")).map_err(told)?;
    Ok(loader)
}
