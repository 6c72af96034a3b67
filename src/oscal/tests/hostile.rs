//! Readers meet bytes that somebody broke on purpose: whatever comes, they answer with a document or an error, soon and in little memory.

use oscal::{Format, Source};
use proptest::prelude::*;

const JSON: &str = r##"{"catalog": {"uuid": "4efc5577-4fec-5b39-aa74-9d40ac618c14", "metadata": {"title": "T \"q\" é", "last-modified": "2026-11-23T06:00:07Z",
 "version": "1", "oscal-version": "1.2.3", "props": [{"name": "n", "value": "v"}]}, "controls": [{"id": "a-1", "title": "A", "params": [{"id": "p", "values": ["1"]}],
 "parts": [{"name": "statement", "id": "a-1_smt", "prose": "One {{ insert: param, p }}\n\n* two"}]}]}}"##;

const YAML: &str = "catalog:\n  uuid: &u 4efc5577-4fec-5b39-aa74-9d40ac618c14\n  metadata:\n    title: \"T \\\"q\\\" é\"\n    last-modified: 2026-11-23T06:00:07Z\n    version: '1'\n    oscal-version: 1.2.3\n  controls:\n    - id: a-1\n      title: A\n      parts:\n        - name: statement\n          prose: |\n            One {{ insert: param, p }}\n\n            * two\n      props: [{name: n, value: *u}]\n";

const XML: &str = "<?xml version=\"1.0\"?><catalog xmlns=\"http://csrc.nist.gov/ns/oscal/1.0\" uuid=\"4efc5577-4fec-5b39-aa74-9d40ac618c14\"><metadata><title>T &quot;q&quot; é</title><last-modified>2026-11-23T06:00:07Z</last-modified><version>1</version><oscal-version>1.2.3</oscal-version></metadata><control id=\"a-1\"><title>A <em>b</em></title><param id=\"p\"><value>1</value></param><part name=\"statement\" id=\"a-1_smt\"><p>One <insert type=\"param\" id-ref=\"p\"/></p><ul><li>two<ol><li>x</li></ol></li></ul><table><tr><td>c</td></tr></table></part></control></catalog>";

/// Pieces that mean something to one of the formats.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "\"",
    ":",
    ",",
    "<",
    ">",
    "</",
    "/>",
    "&",
    "&#0;",
    "&#x110000;",
    "<!DOCTYPE a>",
    "<![CDATA[",
    "]]>",
    "<!--",
    "\\u0000",
    "\\ud800",
    "*u",
    "&u ",
    "- ",
    "? ",
    "|",
    ">-",
    "---\n",
    "!!binary ",
    "%YAML 9",
    "\u{feff}",
    "\u{202e}",
    "\0",
    "{{",
    "}}",
    "1e999",
    "-0",
    "null",
    "\t",
    "\n",
    "\u{2028}",
];

#[derive(Debug, Clone)]
enum Break {
    Remove(usize, usize),
    Insert(usize, &'static str),
    Byte(usize, u8),
    Repeat(usize, usize, usize),
}

fn breaks() -> impl Strategy<Value = Vec<Break>> {
    let one = prop_oneof![
        (any::<usize>(), 0usize..40).prop_map(|(at, len)| Break::Remove(at, len)),
        (any::<usize>(), prop::sample::select(PIECES)).prop_map(|(at, piece)| Break::Insert(at, piece)),
        (any::<usize>(), any::<u8>()).prop_map(|(at, byte)| Break::Byte(at, byte)),
        (any::<usize>(), 1usize..60, 1usize..200).prop_map(|(at, len, times)| Break::Repeat(at, len, times)),
    ];
    prop::collection::vec(one, 1..6)
}

fn broken(text: &str, breaks: &[Break]) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for one in breaks {
        let within = |at: usize, bytes: &Vec<u8>| if bytes.is_empty() { 0 } else { at % bytes.len() };
        match one {
            Break::Remove(at, len) => {
                let at = within(*at, &bytes);
                let end = (at + len).min(bytes.len());
                bytes.drain(at..end);
            }
            Break::Insert(at, piece) => {
                let at = within(*at, &bytes);
                bytes.splice(at..at, piece.bytes());
            }
            Break::Byte(at, byte) => {
                let at = within(*at, &bytes);
                if let Some(place) = bytes.get_mut(at) {
                    *place = *byte;
                }
            }
            Break::Repeat(at, len, times) => {
                let at = within(*at, &bytes);
                let piece = bytes[at..(at + len).min(bytes.len())].repeat(*times);
                bytes.splice(at..at, piece);
            }
        }
    }
    bytes
}

/// Reads as far as it goes; every error names its file, and what is read is written, read and checked again.
fn meet(bytes: Vec<u8>, format: Format) {
    let source = match Source::new(bytes, format, "hostile") {
        Ok(source) => source,
        Err(error) => return assert!(error.to_string().starts_with("hostile") && !error.fix.is_empty(), "{error}"),
    };
    if let Ok(value) = source.value() {
        for problem in oscal::validate::validate(&value) {
            source.place_of(&problem.pointer);
        }
    }
    match source.document() {
        Err(error) => assert!(error.to_string().starts_with("hostile") && !error.fix.is_empty(), "{error}"),
        Ok(document) => {
            let json = document.to_json(oscal::Layout::Compact);
            assert_eq!(oscal::read_json(json.as_bytes(), "again").as_ref(), Ok(&document));
            let yaml = Source::new(document.to_yaml().into_bytes(), Format::Yaml, "again").and_then(|source| source.document());
            assert_eq!(yaml.as_ref(), Ok(&document), "{}", document.to_yaml());
        }
    }
}

#[test]
fn what_is_whole_is_read_in_every_format() {
    for (text, format) in [(JSON, Format::Json), (YAML, Format::Yaml), (XML, Format::Xml)] {
        assert!(Source::new(text.into(), format, "whole").unwrap().document().is_ok(), "{format:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn broken_json_ends_well(breaks in breaks()) {
        meet(broken(JSON, &breaks), Format::Json);
    }

    #[test]
    fn broken_yaml_ends_well(breaks in breaks()) {
        meet(broken(YAML, &breaks), Format::Yaml);
    }

    #[test]
    fn broken_xml_ends_well(breaks in breaks()) {
        meet(broken(XML, &breaks), Format::Xml);
    }
}
