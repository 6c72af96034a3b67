//! The mappings that ship: every id they name is there on both sides, each pair is stated once, and no control of ours is forgotten.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use oscal::{Document, Format, Group, MappingCollection, MappingItem, MappingItemType};
use tests::parts::root;

fn read(path: &Path) -> Document {
    let name = path.display().to_string();
    let file = std::fs::File::open(path).unwrap_or_else(|error| panic!("{name}: {error}"));
    oscal::read_source(file, Format::of_name(&name), &name).and_then(|source| source.document()).unwrap_or_else(|error| panic!("{error}"))
}

/// Ids of controls and of their parts.
type Ids = (BTreeSet<String>, BTreeSet<String>);

fn of_control(control: &oscal::Control, found: &mut Ids) {
    found.0.insert(control.id.to_string());
    found.1.extend(control.parts.iter().filter_map(|part| Some(part.id.as_ref()?.to_string())));
    control.controls.iter().for_each(|inner| of_control(inner, found));
}

fn of_group(group: &Group, found: &mut Ids) {
    group.groups.iter().for_each(|inner| of_group(inner, found));
    group.controls.iter().for_each(|inner| of_control(inner, found));
}

fn ids(path: &Path) -> Ids {
    let Document::Catalog(catalog) = read(path) else { panic!("{} is no catalog", path.display()) };
    let mut found = Ids::default();
    catalog.groups.iter().for_each(|inner| of_group(inner, &mut found));
    found
}

fn mappings() -> BTreeMap<String, MappingCollection> {
    let files = std::fs::read_dir(root().join("catalogs/mappings")).unwrap().map(|entry| entry.unwrap().path());
    let mapping = |path: std::path::PathBuf| match read(&path) {
        Document::MappingCollection(collection) => (path.file_stem().unwrap().to_string_lossy().into_owned(), *collection),
        other => panic!("{} is a {}", path.display(), other.root()),
    };
    files.map(mapping).collect()
}

#[test]
fn every_id_is_there_on_both_sides_and_each_pair_is_stated_once() {
    let ours = ids(&root().join("catalogs/assize-controls.json"));
    let known = |item: &MappingItem, (controls, parts): &Ids| match item.r#type {
        MappingItemType::Control => controls.contains(item.id_ref.as_str()),
        MappingItemType::Statement => parts.contains(item.id_ref.as_str()),
    };
    for (name, collection) in mappings() {
        let theirs = ids(&root().join(format!("catalogs/frameworks/{name}.json")));
        let mut pairs = BTreeSet::new();
        for map in collection.mappings.iter().flat_map(|mapping| &mapping.maps) {
            map.sources.iter().for_each(|item| assert!(known(item, &theirs), "{name}: {} is no id of the framework", item.id_ref.as_str()));
            map.targets.iter().for_each(|item| assert!(known(item, &ours), "{name}: {} is no control of ours", item.id_ref.as_str()));
            for source in &map.sources {
                for target in &map.targets {
                    let pair = (source.id_ref.to_string(), target.id_ref.to_string());
                    assert!(pairs.insert(pair.clone()), "{name}: {pair:?} is stated twice");
                }
            }
        }
    }
}

#[test]
fn a_parameter_that_limits_a_relation_is_one_of_the_control_it_is_about() {
    let catalog = std::fs::read_to_string(root().join("catalogs/assize-controls.json")).unwrap();
    for (name, collection) in mappings() {
        for map in collection.mappings.iter().flat_map(|mapping| &mapping.maps) {
            for prop in map.props.iter().filter(|prop| ["at-most", "at-least"].contains(&prop.name.as_str())) {
                let parameter = prop.class.as_ref().unwrap_or_else(|| panic!("{name}: a limit without a parameter")).as_str();
                let control = parameter.split('_').next().unwrap();
                assert!(map.targets.iter().any(|item| item.id_ref.as_str() == control), "{name}: {parameter} is of another control");
                assert!(catalog.contains(&format!("\"id\": \"{parameter}\"")), "{name}: there is no parameter {parameter}");
                assert!(!map.qualifiers.is_empty(), "{name}: the limit on {parameter} is not said for people");
            }
        }
    }
}

#[test]
fn every_control_of_ours_is_mapped_to_revision_5() {
    let mapped: BTreeSet<String> = mappings()["nist-800-53-rev5"]
        .mappings
        .iter()
        .flat_map(|mapping| &mapping.maps)
        .flat_map(|map| map.targets.iter().map(|item| item.id_ref.to_string()))
        .collect();
    let (controls, _) = ids(&root().join("catalogs/assize-controls.json"));
    let missing: Vec<_> = controls.difference(&mapped).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
