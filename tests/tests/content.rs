//! The content that ships: every check loads and is typed against the kinds, under a control of the catalog.

use std::collections::BTreeMap;
use std::path::Path;

use checks::{Pack, ParamType};

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// The parameters of the shipped catalog, by control.
fn params() -> BTreeMap<String, BTreeMap<String, ParamType>> {
    let text = std::fs::read(root().join("catalogs/assize-controls.json")).expect("the catalog is there");
    let Ok(oscal::Document::Catalog(catalog)) = oscal::read_json(&text, "assize-controls.json") else { panic!("the catalog is one") };
    let mut params = BTreeMap::new();
    for control in catalog.groups.iter().flat_map(|group| &group.controls) {
        let own = control.params.iter().map(|param| {
            let name = param.id.as_str()[control.id.as_str().len() + 1..].to_owned();
            let kind = match oscal::property(&param.props, oscal::PARAMETER_NS, "type") {
                Some("integer") => ParamType::Integer,
                Some("duration") => ParamType::Duration,
                Some("boolean") => ParamType::Boolean,
                Some("string-list") => ParamType::StringList,
                Some("integer-list") => ParamType::IntegerList,
                Some("string") | Some(_) | None => ParamType::String,
            };
            (name, kind)
        });
        params.insert(control.id.to_string(), own.collect());
    }
    params
}

#[test]
fn every_shipped_check_loads() {
    let params = params();
    match Pack::load_dir(&root().join("controls"), provider_aws::kinds(), &|control| params.get(control).cloned()) {
        Ok(pack) => assert!(pack.checks().len() >= 45, "{} checks", pack.checks().len()),
        Err(problems) => panic!("{}", problems.iter().map(|problem| format!("{problem}\n")).collect::<String>()),
    }
}
