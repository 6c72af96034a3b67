//! The content that an assessment works with: the controls that a profile selects, and the checks that there are.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use checks::{Diagnostic, Pack, ParamType};
use inventory::{Gap, Kind, KindId, Read};
use oscal::{Control, Document, ParameterType, ReadError, Text, select};

use crate::failure::Failure;
use crate::frameworks;

/// Controls and checks, loaded.
pub struct Content {
    /// What the profile calls itself.
    pub title: String,
    /// The selected controls.
    pub controls: Vec<engine::Control>,
    /// Every check, whether selected or not.
    pub pack: Pack,
    /// What the profile names and does not find.
    pub warnings: Vec<String>,
}

/// Every kind that some provider in this program can read.
pub fn kinds() -> Vec<Kind> {
    provider_aws::kinds().to_vec()
}

/// The tags in a document of a kind, as its provider finds them.
pub fn tags_of(kind: &KindId, document: &serde_json::Value) -> Read<BTreeMap<String, String>> {
    match kind.provider() {
        "aws" => provider_aws::tags_of(kind, document),
        _ => Read::Unknown(Gap::new("tags", "UnknownKind")),
    }
}

/// Values for parameters by somebody who has a later word than the profile.
pub type Settings = [(String, Vec<Text>)];

/// Loads the profile (or catalog) at `profile` and the checks in `controls`, with the parameters set as `settings` say, the last word last.
pub fn load(profile: &Path, controls: &Path, settings: &Settings) -> Result<Content, Failure> {
    let mut library = Library::open(profile)?;
    library.set(settings)?;
    let pack = Pack::load_dir(controls, &kinds(), &|control| library.params.get(control).cloned()).map_err(Failure::Files)?;
    let selected = library.selected.controls.iter().map(engine::select::control).collect::<Result<Vec<_>, _>>().map_err(Failure::usage)?;
    Ok(Content { title: library.title, controls: selected, pack, warnings: library.selected.unmatched })
}

/// The parameters that every control of the catalogs behind `profile` declares, by control.
pub fn parameters(profile: &Path) -> Result<BTreeMap<String, BTreeMap<String, ParamType>>, Failure> {
    Ok(Library::open(profile)?.params)
}

/// A profile or catalog with everything that it refers to.
pub struct Library {
    /// What it calls itself.
    pub title: String,
    /// What it selects.
    pub selected: oscal::SelectedControls,
    /// Every place that was read, as [`frameworks::identities`] writes them.
    pub places: BTreeSet<String>,
    params: BTreeMap<String, BTreeMap<String, ParamType>>,
}

impl Library {
    /// Reads the profile (or catalog) at `path`.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        let name = path.file_name().map(PathBuf::from).unwrap_or_default();
        let document = read(path).map_err(|error| Failure::Files(vec![told(error)]))?;
        let title = document.metadata().title.to_string();
        let profile = match document {
            Document::Profile(profile) => *profile,
            // A catalog by itself means all of it.
            Document::Catalog(_) => whole(&name)?,
            other => return Err(Failure::usage(format!("`{}` is a {}; name a profile or a catalog", path.display(), other.root()))),
        };
        let mut params = BTreeMap::new();
        let mut places = BTreeSet::from(frameworks::identities(&folder, &name.to_string_lossy()));
        let loader = frameworks::loader(&folder)?;
        let mut open = |href: &str| {
            let document = loader.document(href)?;
            places.extend(frameworks::identities(&folder, href));
            if let Document::Catalog(catalog) = &document {
                catalog.groups.iter().for_each(|group| group_params(group, &mut params));
                catalog.controls.iter().for_each(|control| control_params(control, &mut params));
            }
            Ok(document)
        };
        let selected = select(&profile, &mut open).map_err(Failure::usage)?;
        Ok(Self { title, selected, places, params })
    }
}

impl Library {
    /// Sets parameters of the selected controls; one that none of them has is told.
    fn set(&mut self, settings: &Settings) -> Result<(), Failure> {
        for (parameter, values) in settings {
            let mut had = false;
            for control in &mut self.selected.controls {
                had |= control.set(parameter, values).map_err(Failure::usage)?;
            }
            if !had {
                self.selected.unmatched.push(format!("parameter `{parameter}` is set, but no selected control has it"));
            }
        }
        Ok(())
    }
}

/// A profile that selects all of the catalog called `name`.
fn whole(name: &Path) -> Result<oscal::Profile, Failure> {
    let text = serde_json::json!({ "profile": {
        "uuid": "5b8a9f0e-0e1c-4a36-8f0d-1d2b6f0a7c11",
        "metadata": { "title": "Whole catalog", "last-modified": "2026-01-01T00:00:00Z", "version": "1", "oscal-version": "1.1.2" },
        "imports": [{ "href": name, "include-all": {} }]
    } });
    match oscal::read_json(text.to_string().as_bytes(), "the whole catalog") {
        Ok(Document::Profile(profile)) => Ok(*profile),
        Ok(_) => unreachable!("it says that it is a profile"),
        Err(error) => Err(Failure::usage(error)),
    }
}

/// The document at a path; its ending tells the format.
pub fn read(path: &Path) -> Result<Document, ReadError> {
    let origin = path.display().to_string();
    match std::fs::File::open(path) {
        Ok(file) => oscal::read_named(file, &origin)?.document(),
        Err(error) => Err(ReadError {
            origin,
            line: 0,
            column: 0,
            pointer: String::new(),
            what: format!("cannot read it: {error}"),
            fix: "correct the path".into(),
        }),
    }
}

/// A reading error as the program tells it.
pub fn told(error: ReadError) -> Diagnostic {
    let what = if error.pointer.is_empty() { error.what } else { format!("at `{}`: {}", error.pointer, error.what) };
    Diagnostic { file: error.origin, line: error.line, column: error.column, what, fix: error.fix }
}

fn group_params(group: &oscal::Group, params: &mut BTreeMap<String, BTreeMap<String, ParamType>>) {
    group.groups.iter().for_each(|group| group_params(group, params));
    group.controls.iter().for_each(|control| control_params(control, params));
}

fn control_params(control: &Control, params: &mut BTreeMap<String, BTreeMap<String, ParamType>>) {
    let prefix = format!("{}_", control.id);
    let own = control.params.iter().map(|param| {
        let declared = oscal::property(&param.props, oscal::PARAMETER_NS, "type").and_then(|text| text.parse::<ParameterType>().ok());
        let name = param.id.as_str().strip_prefix(&prefix).unwrap_or(param.id.as_str());
        (name.to_owned(), typed(declared.unwrap_or(ParameterType::String)))
    });
    params.insert(control.id.to_string(), own.collect());
    control.controls.iter().for_each(|inner| control_params(inner, params));
}

fn typed(declared: ParameterType) -> ParamType {
    match declared {
        ParameterType::Integer => ParamType::Integer,
        ParameterType::String => ParamType::String,
        ParameterType::Duration => ParamType::Duration,
        ParameterType::Boolean => ParamType::Boolean,
        ParameterType::StringList => ParamType::StringList,
        ParameterType::IntegerList => ParamType::IntegerList,
    }
}
