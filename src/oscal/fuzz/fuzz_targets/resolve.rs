//! Whatever profile comes, with itself and a small catalog within reach: a catalog or an error, soon.
#![no_main]

use libfuzzer_sys::fuzz_target;
use oscal::resolve::{Frame, resolve};
use oscal::{Document, Format, read_json, read_source};

const CATALOG: &str = include_str!("catalog.json");

fuzz_target!(|bytes: &[u8]| {
    let Ok(Document::Profile(profile)) = read_source(bytes, Format::Json, "fuzz").and_then(|source| source.document()) else { return };
    let frame = Frame {
        uuid: profile.uuid,
        last_modified: profile.metadata.last_modified.clone(),
        oscal_version: profile.metadata.oscal_version.clone(),
        tool: "fuzz".parse().unwrap(),
    };
    let mut load = |place: &str| match place {
        "p.json" => Ok(Document::Profile(profile.clone())),
        _ => read_json(CATALOG.as_bytes(), place),
    };
    if let Ok(resolved) = resolve(&profile, "p.json", &frame, &mut load) {
        let written = Document::Catalog(Box::new(resolved.catalog)).to_json(oscal::Layout::Compact);
        read_json(written.as_bytes(), "resolved").expect("what is resolved can be read");
    }
});
