//! The catalogs and profiles that lie in the workspace around this crate: valid officially, without problems, selectable.

use std::fs;
use std::path::Path;

use crate::content::{Official, folder, json_files};
use oscal::{Document, read_json, select};

#[test]
fn the_catalogs_of_the_workspace_are_valid_and_their_profiles_select_controls() {
    let name = "the_catalogs_of_the_workspace_are_valid_and_their_profiles_select_controls";
    let catalogs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogs");
    let files = if catalogs.is_dir() { json_files(&catalogs) } else { Vec::new() };
    if files.is_empty() {
        println!("skipped {name}: no catalogs around this crate");
        return;
    }
    let read = |path: &Path| {
        let bytes = fs::read(path).expect("a readable file");
        read_json(&bytes, &path.display().to_string()).unwrap_or_else(|error| panic!("{error}"))
    };
    let published = folder(name);
    for path in &files {
        let document = read(path);
        assert_eq!(document.validate(), [], "{}", path.display());
        if let Some(published) = &published {
            let (official, value) = (Official::load(published), serde_json::to_value(&document).expect("JSON"));
            assert!(official.newest_accepts(document.root(), &value), "{} under 1.2.3", path.display());
            assert!(official.oldest_accepts(&value), "{} under 1.1.2", path.display());
        }
        if let Document::Profile(profile) = &document {
            let beside = path.parent().expect("a folder").to_owned();
            let selected = select(profile, &mut |place| Ok(read(&beside.join(place)))).unwrap_or_else(|error| panic!("{error}"));
            assert!(selected.unmatched.is_empty(), "{}: {:?}", path.display(), selected.unmatched);
            assert!(!selected.controls.is_empty(), "{} selects nothing", path.display());
            for control in &selected.controls {
                // An index of somebody else's controls has their ids, and objectives only where those are ids of theirs.
                let complete = control.objective().is_some() || path.parent().is_some_and(|folder| folder.ends_with("frameworks"));
                assert!(control.statement().is_some() && complete, "{}: {}", path.display(), control.id());
            }
        }
    }
}
