use std::fs;

use crate::content::folder;
use oscal::{Document, read_json, select};

#[test]
fn the_baselines_of_sp_800_53_select_the_controls_that_nist_publishes() {
    let Some(folder) = folder("the_baselines_of_sp_800_53_select_the_controls_that_nist_publishes") else { return };
    let folder = folder.join("nist-800-53-rev4");
    let read = |name: &str| {
        let bytes = fs::read(folder.join(name)).expect("a published file");
        read_json(&bytes, name).expect("a valid document")
    };
    for (baseline, count) in [("LOW", 124), ("MODERATE", 261), ("HIGH", 343)] {
        let Document::Profile(profile) = read(&format!("NIST_SP-800-53_rev4_{baseline}-baseline_profile.json")) else {
            panic!("not a profile")
        };
        // The catalog is stored here under the name of its minified form.
        let selected = select(&profile, &mut |_| Ok(read("NIST_SP-800-53_rev4_catalog-min.json"))).expect("selected");
        assert_eq!((selected.controls.len(), selected.unmatched.as_slice()), (count, [].as_slice()), "{baseline}");
        assert!(selected.controls.iter().all(|control| control.statement().is_some()), "{baseline}");
    }
}
