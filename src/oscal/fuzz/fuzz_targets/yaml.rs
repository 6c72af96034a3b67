//! Whatever bytes come as YAML: a document or an error; and a document is the same after it was written and read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use oscal::{Format, Layout, read_json, read_source};

fuzz_target!(|bytes: &[u8]| {
    let Ok(source) = read_source(bytes, Format::Yaml, "fuzz") else { return };
    // Places are asked for as errors would ask.
    let _ = source.place_of("/catalog/metadata/title");
    let Ok(document) = source.document() else { return };
    let _ = document.validate();
    let written = document.to_json(Layout::Compact);
    assert_eq!(read_json(written.as_bytes(), "again").as_ref(), Ok(&document));
});
