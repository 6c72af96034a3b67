//! Documents that nobody wrote: made of the schema of every model, every field some time, with values that formats like to get wrong.
//! Each is read, written and read again, in JSON and YAML, and is the same; the official schema, where it is at hand, is asked too.

use std::path::Path;

use oscal::validate::{Part, schema_of};
use oscal::{Format, Layout, Source, read_json};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

const ROOTS: &[(&str, &str)] = &[
    ("catalog", "catalog"),
    ("profile", "profile"),
    ("mapping-collection", "mapping"),
    ("component-definition", "component"),
    ("system-security-plan", "ssp"),
    ("assessment-plan", "assessment-plan"),
    ("assessment-results", "assessment-results"),
    ("plan-of-action-and-milestones", "poam"),
];

/// Deeper than this only what must be there is made.
const DEEP: usize = 10;

/// Values of each sort of text, told by the comment or format of its schema: what a writer might quote, cut, fold or recase.
const TEXT: &[&str] = &[
    "plain",
    "yes",
    "null",
    "~",
    "1.10",
    "0x1F",
    "1e3",
    "2026-11-23",
    "# no comment",
    "a: b",
    "- item",
    "é 日本 🦀",
    "\u{202e}rtl",
    "'single' \"double\"",
    "back\\slash",
    "{{ insert: param, p-1 }}",
    "<b>&amp;</b>",
    "tab\there",
    "%directive",
    "@at",
    "`tick`",
    "*alias",
    "&anchor",
    "!tag",
    "| pipe",
    "> fold",
    "?",
    "NO",
    "[x]",
    "{x}",
    "a #b",
    "trailing:",
];
const PROSE: &[&str] = &[
    "",
    " leading",
    "trailing ",
    "two\nlines",
    "\n\nblank first",
    "para\n\n* item\n  * inner\n",
    "    code",
    "\ttab",
    "cr\r\nlf",
    "|\n- x",
    "---",
    "...",
    "nel\u{85}ls\u{2028}",
];
const LINE: &[&str] = &[" outer blanks ", "one *line*", " "];
const TOKEN: &[&str] = &["a", "_x", "ac-1.2", "Ünïcode", "null", "yes", "CCC.Core.CN01", "a-1_smt.a"];
const UUID: &[&str] =
    &["4efc5577-4fec-5b39-aa74-9d40ac618c14", "04F1C225-9505-4F5C-B3A4-C580814EB184", "04f1c225-9505-4f5c-b3A4-c580814eb184"];
const DATE_TIME: &[&str] =
    &["2026-11-23T06:00:07Z", "2026-11-23T06:00:07.120+00:00", "2024-02-29T23:59:59.000000001-09:30", "2026-01-01T00:00:00+12:45"];
const URI: &[&str] = &["https://example.org/a?b=c#d", "urn:uuid:4efc5577-4fec-5b39-aa74-9d40ac618c14", "http://csrc.nist.gov/ns/oscal"];
const REFERENCE: &[&str] = &["#4efc5577-4fec-5b39-aa74-9d40ac618c14", "../a%20b.json", "https://example.org/", "?q", "a.json#b"];

/// Numbers that depend on nothing but the seed.
struct Dice(u64);

impl Dice {
    /// A number below `sides` (SplitMix64).
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % sides as u64) as usize
    }

    fn of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.roll(list.len())]
    }
}

struct Maker<'s> {
    definitions: &'s Value,
    dice: Dice,
    /// How many values may still be made beyond those that must be.
    left: usize,
}

impl Maker<'_> {
    fn value(&mut self, schema: &Value, depth: usize) -> Value {
        if let Some(name) = schema["$ref"].as_str() {
            let definitions = self.definitions;
            return self.value(&definitions[name.trim_start_matches("#/$defs/")], depth);
        }
        if let Some(words) = schema["enum"].as_array() {
            return words[self.dice.roll(words.len())].clone();
        }
        match schema["type"].as_str() {
            Some("object") => self.object(schema, depth),
            Some("array") => {
                let more = if depth > DEEP { 0 } else { self.dice.roll(3) };
                json!((0..=more).map(|_| self.value(&schema["items"], depth + 1)).collect::<Vec<_>>())
            }
            Some("integer") => json!(schema["minimum"].as_u64().unwrap_or(0) + self.dice.roll(1_000) as u64),
            Some("number") => [json!(0), json!(0.5), json!(1)][self.dice.roll(3)].clone(),
            Some("boolean") => json!(self.dice.roll(2) == 1),
            Some("string") => json!(self.text(schema)),
            other => panic!("a schema of the type {other:?}: {schema}"),
        }
    }

    fn object(&mut self, schema: &Value, depth: usize) -> Value {
        let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let properties = schema["properties"].as_object().cloned().unwrap_or_default();
        let mut made = Map::new();
        let single = schema["maxProperties"] == 1;
        let chosen = self.dice.roll(properties.len().max(1));
        for (at, (name, own)) in properties.iter().enumerate() {
            let wanted = depth <= DEEP && self.left > 0 && self.dice.roll(4) == 0;
            let take = if single { at == chosen } else { wanted || required.contains(&name.as_str()) };
            if take {
                self.left = self.left.saturating_sub(1);
                made.insert(name.clone(), self.value(own, depth + 1));
            }
        }
        Value::Object(made)
    }

    fn text(&mut self, schema: &Value) -> String {
        let comment = schema["$comment"].as_str().unwrap_or_default();
        let list: &[&[&str]] = match (schema["format"].as_str(), schema["contentEncoding"].as_str(), comment) {
            (Some("date-time"), ..) => &[DATE_TIME],
            (Some("uri"), ..) => &[URI],
            (Some("uri-reference"), ..) => &[REFERENCE, URI],
            (Some("email"), ..) => &[&["a@example.org", "\"q\"@example.org"]],
            (_, Some("base64"), _) => &[&["aGk=", "AA==", "YWJj"]],
            (.., comment) if comment.starts_with("a UUID") => &[UUID],
            (.., comment) if comment.starts_with("a token") => &[TOKEN],
            (.., comment) if comment.starts_with("a day") => &[&["2026-11-23", "2026-11-23Z", "2026-11-23+02:00"]],
            (.., comment) if comment.starts_with("one line of text without") => &[TEXT],
            (.., comment) if comment.starts_with("one line of text, neither") => &[TEXT, LINE],
            (.., "text") => &[TEXT, LINE, PROSE],
            other => panic!("a sort of text that is not known here: {other:?}"),
        };
        let all = list.concat();
        self.dice.of(&all).to_owned()
    }
}

fn generated(root: &str, seed: u64) -> Value {
    let schema = schema_of(Part::of_root(root).expect("a root"));
    let mut maker = Maker { definitions: &schema["$defs"], dice: Dice(seed), left: 400 };
    json!({ root: maker.value(schema, 0) })
}

/// The official schema of a model of 1.2.3, where it lies beside the checkout.
fn official(file: &str) -> Option<jsonschema::Validator> {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../../shared/data/oscal/schemas/nist-1.2.3/oscal_{file}_schema.json"));
    let schema: Value = serde_json::from_slice(&std::fs::read(path).ok()?).expect("JSON");
    Some(jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema"))
}

fn round(root: &str, seed: u64) {
    let value = generated(root, seed);
    let document = read_json(value.to_string().as_bytes(), "generated").unwrap_or_else(|error| panic!("{error}\n{value:#}"));
    let written: Value = serde_json::from_str(&document.to_json(Layout::Pretty)).expect("JSON");
    assert_eq!(written, value);
    let yaml = document.to_yaml();
    let again = Source::new(yaml.clone().into_bytes(), Format::Yaml, "yaml").and_then(|source| source.document());
    assert_eq!(again.as_ref(), Ok(&document), "{yaml}");
    assert!(jsonschema::is_valid(schema_of(Part::of_root(root).expect("a root")), &value[root]));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_made_of_the_schema_is_read_and_written_back_equal(root in prop::sample::select(ROOTS), seed in any::<u64>()) {
        round(root.0, seed);
    }
}

#[test]
fn every_field_of_every_model_is_made_some_time() {
    for (root, _) in ROOTS {
        let schema = schema_of(Part::of_root(root).expect("a root"));
        let all = schema["$defs"].as_object().into_iter().flat_map(|definitions| definitions.values()).chain([schema]);
        let names = all.filter_map(|one| one["properties"].as_object()).flat_map(|properties| properties.keys());
        let mut missing: Vec<String> = names.map(|name| format!("\"{name}\":")).collect();
        for seed in 0..5_000 {
            let text = generated(root, seed).to_string();
            missing.retain(|name| !text.contains(name.as_str()));
            if missing.is_empty() {
                break;
            }
        }
        assert!(missing.is_empty(), "{root}: {missing:?}");
    }
}

#[test]
fn what_an_official_schema_refuses_of_it_is_told_by_us_too() {
    let mut refused = 0;
    for (root, file) in ROOTS {
        let Some(official) = official(file) else {
            println!("skipped: no published schemas beside this checkout");
            return;
        };
        for seed in 0..200 {
            let value = generated(root, seed);
            if let Err(error) = official.validate(&value) {
                refused += 1;
                let problems = oscal::validate(&value);
                assert!(!problems.is_empty(), "{root} {seed}: {error}");
            }
        }
    }
    // Choices that exclude each other are no matter of our schema's, and are told by rules in words.
    assert!(refused > 100, "{refused}");
}
