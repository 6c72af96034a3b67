//! Finds the published content, and tells which documents of it the official schemas hold valid.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde_json::Value;

/// The folder of published content, or `None` after a line that names the skipped test.
pub fn folder(test: &str) -> Option<PathBuf> {
    let told = std::env::var_os("ASSIZE_OSCAL_DATA");
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/oscal");
    let folder = told.clone().map_or_else(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    // Who says `none` knows that it is not there.
    let required = told.is_none_or(|told| told != "none") && std::env::var_os("ASSIZE_REQUIRE_ALL").is_some_and(|value| value == "1");
    assert!(!required, "{test}: no published OSCAL content at {}", folder.display());
    println!("skipped {test}: no published OSCAL content at {}", folder.display());
    None
}

/// Every JSON file below a folder, in order.
pub fn json_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("a readable folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                open.push(entry);
            } else if entry.extension().is_some_and(|extension| extension == "json") {
                found.push(entry);
            }
        }
    }
    found.sort();
    found
}

/// The models read here: root, and the name of the official schema file.
const MODELS: &[(&str, &str)] = &[
    ("catalog", "catalog"),
    ("profile", "profile"),
    ("mapping-collection", "mapping"),
    ("component-definition", "component"),
    ("system-security-plan", "ssp"),
    ("assessment-plan", "assessment-plan"),
    ("assessment-results", "assessment-results"),
    ("plan-of-action-and-milestones", "poam"),
];

/// One document of a model read here.
pub struct Sample {
    pub path: PathBuf,
    pub bytes: Vec<u8>,
    pub value: Value,
    pub root: &'static str,
}

/// Every published document of the eight models, valid or not.
pub fn samples(folder: &Path) -> Vec<Sample> {
    let files = json_files(folder).into_iter().filter(|path| !path.starts_with(folder.join("schemas")));
    // Nobody has published a mapping-collection of the form that 1.2 gave it; this one of ours has every field.
    let mapping = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/mapping.json");
    files.chain([mapping]).filter_map(sample).collect()
}

fn sample(path: PathBuf) -> Option<Sample> {
    let bytes = fs::read(&path).expect("a readable file");
    let value: Value = serde_json::from_slice(&bytes).ok()?;
    let root = MODELS.iter().map(|(root, _)| *root).find(|root| value.get(root).is_some())?;
    Some(Sample { path, bytes, value, root })
}

/// The official validators.
pub struct Official {
    newest: Vec<(&'static str, jsonschema::Validator)>,
    oldest: jsonschema::Validator,
}

impl Official {
    /// Compiles the official schemas: one per model of 1.2.3, and the complete one of 1.1.2.
    pub fn load(folder: &Path) -> &'static Self {
        static LOADED: OnceLock<Official> = OnceLock::new();
        LOADED.get_or_init(|| {
            let compile = |file: PathBuf| {
                let mut schema: Value = serde_json::from_slice(&fs::read(file).expect("a schema")).expect("JSON");
                forgive_missing_method(&mut schema);
                jsonschema::options().should_validate_formats(true).build(&schema).expect("a valid schema")
            };
            let newest = |name: &str| compile(folder.join(format!("schemas/nist-1.2.3/oscal_{name}_schema.json")));
            Official {
                newest: MODELS.iter().map(|(root, name)| (*root, newest(name))).collect(),
                oldest: compile(folder.join("schemas/nist-1.1.2/oscal_complete_schema.json")),
            }
        })
    }

    /// Whether the schema of 1.2.3 accepts the document.
    pub fn newest_accepts(&self, root: &str, value: &Value) -> bool {
        self.newest.iter().any(|(model, validator)| *model == root && validator.is_valid(value))
    }

    /// Whether the schema of 1.1.2 accepts the document.
    pub fn oldest_accepts(&self, value: &Value) -> bool {
        // There were no mappings then; other tools' validators of that time are not asked.
        value.get("mapping-collection").is_some_and(|_| self.newest_accepts("mapping-collection", value)) || self.oldest.is_valid(value)
    }
}

/// The schemas of 1.2 forgot `combine.method` (usnistgov/OSCAL#2259); here they have it again.
fn forgive_missing_method(schema: &mut Value) {
    let method = serde_json::json!({ "type": "string", "enum": ["use-first", "merge", "keep"] });
    let Some(definitions) = schema["definitions"].as_object_mut() else { return };
    for (_, definition) in definitions.iter_mut().filter(|(name, _)| name.ends_with("profile:merge")) {
        for branch in definition.get_mut("anyOf").and_then(Value::as_array_mut).into_iter().flatten() {
            branch["properties"]["combine"]["properties"]["method"] = method.clone();
        }
    }
}
