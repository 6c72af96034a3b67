use super::read_json;

const PARTY: &str = r#"{"catalog": {
  "uuid": "4efc5577-4fec-5b39-aa74-9d40ac618c14",
  "metadata": {
    "title": "Small",
    "last-modified": "2026-11-23T06:00:07Z",
    "version": "1",
    "oscal-version": "1.2.3",
    "parties": [
      {"uuid": "4efc5577-4fec-5b39-aa74-9d40ac618c15", "type": "person"},
      {"uuid": "4efc5577-4fec-5b39-aa74-9d40ac618c16", "type": "person", "name": "B"}
    ]
  }
}}"#;

/// Changes the text once and returns where and why the result is refused.
fn refusal(from: &str, to: &str) -> (String, usize, String) {
    assert!(PARTY.contains(from), "the sample has no {from}");
    let error = read_json(PARTY.replacen(from, to, 1).as_bytes(), "small.json").expect_err("must be refused");
    assert!(!error.fix.is_empty());
    (error.pointer, error.line, error.what)
}

#[test]
fn the_sample_itself_is_read() {
    read_json(PARTY.as_bytes(), "small.json").expect("valid");
}

#[test]
fn an_unknown_field_is_refused_at_its_pointer_and_line() {
    let (pointer, line, what) = refusal(r#""name": "B""#, r#""nick": "B""#);
    assert_eq!((pointer.as_str(), line), ("/catalog/metadata/parties/1/nick", 10));
    assert_eq!(what, "unknown field `nick`");
}

#[test]
fn a_missing_field_is_told_of_the_object_that_lacks_it() {
    let (pointer, line, what) = refusal(r#", "type": "person"}"#, "}");
    assert_eq!((pointer.as_str(), line), ("/catalog/metadata/parties/0", 9));
    assert_eq!(what, "the field `type` is missing");
}

#[test]
fn a_bad_value_is_told_with_what_would_be_right() {
    let (pointer, line, what) = refusal(r#""type": "person", "name""#, r#""type": "robot", "name""#);
    assert_eq!((pointer.as_str(), line), ("/catalog/metadata/parties/1/type", 10));
    assert_eq!(what, "`robot` is not one of `person` `organization`");
    let (pointer, _, what) = refusal("4efc5577-4fec-5b39-aa74-9d40ac618c16", "4efc5577-4fec-7b39-aa74-9d40ac618c16");
    assert_eq!(pointer, "/catalog/metadata/parties/1/uuid");
    assert!(what.contains("is not a UUID of version 4 or 5"), "{what}");
    let (pointer, _, what) = refusal("\"Small\"", "\"Sm\\nall\"");
    assert_eq!(pointer, "/catalog/metadata/title");
    assert!(what.contains("`Sm\\nall` is not one line of text"), "{what}");
}

#[test]
fn null_empty_arrays_second_fields_and_second_roots_are_refused() {
    assert_eq!(refusal(r#""B""#, "null").0, "/catalog/metadata/parties/1/name");
    assert_eq!(refusal(r#""version": "1""#, r#""version": "1", "props": [ ]"#).0, "/catalog/metadata/props");
    assert!(refusal(r#""version": "1""#, r#""version": "1", "version": "2""#).2.contains("`version` is there twice"));
    assert!(refusal("}}", r#"}, "profile": {}}"#).2.contains("second root"));
    assert!(refusal(r#""catalog""#, r#""control-definition""#).2.contains("unknown root `control-definition`"));
}

#[test]
fn nesting_without_end_is_refused_before_it_hurts() {
    let deep = format!("{}{}", r#"{"a":"#.repeat(100_000), "}".repeat(100_000));
    assert!(read_json(deep.as_bytes(), "deep.json").expect_err("refused").what.contains("too deeply"));
}

#[test]
fn an_error_reads_as_one_line_for_an_operator() {
    let text = PARTY.replacen("\"1.2.3\"", "\" 1.2.3\"", 1);
    let error = read_json(text.as_bytes(), "small.json").expect_err("refused").to_string();
    assert_eq!(
        error,
        "small.json:7:29: at `/catalog/metadata/oscal-version`: ` 1.2.3` is not one line of text without a blank at either end; \
         write a value that OSCAL allows here"
    );
}

#[test]
fn the_schema_directive_beside_the_root_is_kept() {
    let text = PARTY.replacen('{', r#"{"$schema": "https://example.org/catalog.json", "#, 1);
    let document = read_json(text.as_bytes(), "small.json").expect("valid");
    let written = document.to_json(crate::Layout::Compact);
    assert!(written.starts_with(r#"{"$schema":"https://example.org/catalog.json","catalog":{"#), "{written}");
}

#[test]
fn a_member_that_is_there_twice_is_refused_without_types_too() {
    let text = r#"{"catalog": {"uuid": "x",
        "uuid": "y"}}"#;
    let source = crate::Source::new(text.into(), crate::Format::Json, "twice.json").expect("well formed");
    let error = source.value().expect_err("refused");
    assert_eq!((error.line, error.what.as_str(), error.fix.as_str()), (2, "`uuid` is there twice", "keep one of them"));
}

#[test]
fn what_is_hollow_can_still_be_looked_at() {
    let text = PARTY.replacen(r#""version": "1""#, r#""version": null, "props": []"#, 1).replacen("person", "robot", 1);
    let source = crate::Source::new(text.into(), crate::Format::Json, "hollow.json").expect("well formed");
    assert_eq!(source.document().expect_err("refused").what, "`null`");
    let problems = crate::validate(&source.value().expect("it is JSON"));
    let found: Vec<_> = problems.iter().map(|problem| (problem.pointer.as_str(), problem.constraint)).collect();
    assert!(found.contains(&("/catalog/metadata/version", "type")), "{found:?}");
    assert!(found.contains(&("/catalog/metadata/props", "empty-array")), "{found:?}");
    assert!(found.contains(&("/catalog/metadata/parties/0/type", "value")), "{found:?}");
}

#[test]
fn the_format_shows_in_the_name_or_else_in_the_bytes() {
    let yaml = "catalog:\n  uuid: x\n";
    for name in ["standard input", "https://example.org/c.yaml?ref=main", "c.yml"] {
        assert_eq!(crate::Source::named(yaml.into(), name).expect("YAML").value().expect("YAML")["catalog"]["uuid"], "x", "{name}");
    }
    assert!(crate::Source::named(yaml.into(), "c.json").and_then(|source| source.value()).is_err());
    assert!(crate::Source::named(b"\xef\xbb\xbf<catalog uuid='x'/>".to_vec(), "-").is_ok());
}

#[test]
fn the_places_of_many_pointers_are_those_of_each() {
    let source = crate::Source::new(PARTY.into(), crate::Format::Json, "p.json").expect("well formed");
    let pointers = [
        "/catalog/metadata/parties/1/name",
        "",
        "/catalog/metadata/parties/0",
        "/catalog/metadata/parties/7/name",
        "/catalog/nothing/at~1all",
        "/catalog/metadata/title",
        "/catalog/metadata/parties/1/name",
    ];
    let each: Vec<_> = pointers.iter().map(|pointer| source.place_of(pointer)).collect();
    assert_eq!(source.places_of(pointers), each);
}

#[test]
fn what_is_made_to_cost_more_than_its_length_is_refused() {
    let many = format!(r#"{{"catalog": {{"x": [{}]}}}}"#, vec![r#"{"a":1}"#; 1_000_000].join(","));
    let error = crate::Source::new(many.into(), crate::Format::Json, "many.json").expect_err("refused");
    assert!(error.what.contains("more objects than any real document"), "{error}");
    let wide = format!("<catalog>{}</catalog>", "<a/>".repeat(1_000_000));
    let error = crate::Source::new(wide.into(), crate::Format::Xml, "wide.xml").expect_err("refused");
    assert!(error.what.contains("more elements than any real document"), "{error}");
}

#[test]
fn marks_of_editors_are_no_part_of_a_document() {
    let marked = |mark: &[u8]| read_json(&[mark, PARTY.as_bytes()].concat(), "marked.json");
    assert!(marked(b"\xef\xbb\xbf").is_ok());
    assert!(marked(b"\xff\xfe").expect_err("refused").what.contains("UTF-16"));
}
