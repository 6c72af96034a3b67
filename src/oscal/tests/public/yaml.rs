//! YAML says what JSON says.

use oscal::{Format, Layout, Source};

use crate::content;

#[test]
fn published_yaml_is_read_and_says_the_same_as_json() {
    let Some(data) = content::folder("published_yaml_is_read_and_says_the_same_as_json") else { return };
    let mut read = 0;
    for name in [
        "nist-blossom/.oscal/profile.yaml",
        "nist-blossom/.oscal/resolved-catalog.yaml",
        "nist-examples/ifa_assessment-results-example.yaml",
    ] {
        let bytes = std::fs::read(data.join(name)).unwrap();
        let source = Source::new(bytes, Format::of_name(name), name).unwrap_or_else(|error| panic!("{error}"));
        let document = source.document().unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(serde_json::to_value(&document).unwrap(), source.value().unwrap(), "{name}");
        let json = document.to_json(Layout::Pretty);
        assert_eq!(oscal::read_json(json.as_bytes(), name).unwrap(), document);
        read += 1;
    }
    assert_eq!(read, 3);
}

#[test]
fn what_is_wrong_in_yaml_is_told_with_its_line_in_the_yaml() {
    let yaml = "catalog:\n  uuid: 4efc5577-4fec-5b39-aa74-9d40ac618c14\n  metadata:\n    title: T\n    last-modified: 2026-11-23T06:00:07Z\n    version: 1.0\n";
    let source = Source::new(yaml.as_bytes().to_vec(), Format::Yaml, "c.yaml").unwrap();
    let error = source.document().unwrap_err();
    assert_eq!((error.line, error.pointer.as_str()), (6, "/catalog/metadata/version"), "{error}");
    assert_eq!(source.place_of("/catalog/metadata/title"), (4, 12));
    assert_eq!(source.place_of("/catalog/metadata/nothing").0, 4);
}
