//! The content that ships, loaded as the program loads it.

use std::collections::{BTreeMap, BTreeSet};

use checks::{Pack, ParamType};
use engine::Plan;

use crate::parts::root;

/// The parameters of the shipped catalog by control, and their types.
///
/// # Panics
/// If the catalog is not one.
pub fn params() -> BTreeMap<String, BTreeMap<String, ParamType>> {
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
                Some(_) | None => ParamType::String,
            };
            (name, kind)
        });
        params.insert(control.id.to_string(), own.collect());
    }
    params
}

/// Every shipped check.
///
/// # Panics
/// With every problem, if a check does not load.
pub fn pack() -> Pack {
    let params = params();
    let loaded = Pack::load_dir(&root().join("controls"), provider_aws::kinds(), &|control| params.get(control).cloned());
    loaded.unwrap_or_else(|problems| panic!("{}", problems.iter().map(|problem| format!("{problem}\n")).collect::<String>()))
}

/// The shipped profile of waves 1 and 2 with the checks that `chosen` keeps.
///
/// # Panics
/// If the profile cannot be selected.
pub fn plan(chosen: &dyn Fn(&str) -> bool) -> Plan {
    let read = |name: &str| {
        let path = root().join("catalogs").join(name);
        oscal::read_json_from(std::fs::File::open(&path).expect("it ships"), name)
    };
    let Ok(oscal::Document::Profile(profile)) = read("profile-wave-1-2.json") else { panic!("the profile is one") };
    let selected = oscal::select(&profile, &mut |href: &str| read(href.trim_start_matches("./"))).expect("the profile selects");
    let controls = selected.controls.iter().map(|control| engine::select::control(control).expect("a target")).collect();
    let providers = BTreeSet::from(["aws".to_owned()]);
    Plan::new(controls, &pack(), &providers, &|check| chosen(check.id().as_str())).expect("something to assess")
}
