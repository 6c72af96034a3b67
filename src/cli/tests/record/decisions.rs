//! Exemptions that people ask for, approve and revoke, and the plan of action and milestones.

use serde_json::Value;

use crate::common::{assize, read, text};
use crate::places::{LATER, Place, SECOND, assessed};

const REQUEST: &str = "[[exemption]]\nid = \"EX-9\"\nkind = \"accepted-risk\"\nreason = \"Until the migration is over\"\n\
                       owner = \"storage@example.org\"\nexpires = 2027-01-31\ncontrol = \"dat-*\"\naccount = \"111122223333\"\nresource = \"*plain\"\n";

fn file(place: &Place, name: &str, text: &str) -> String {
    std::fs::write(place.path(name), text).unwrap();
    place.path(name).to_str().unwrap().to_owned()
}

#[test]
fn an_exemption_is_previewed_asked_for_approved_by_somebody_else_and_revoked() {
    for place in assessed("an_exemption_is_asked_for") {
        let request = file(&place, "request.toml", REQUEST);
        let preview = place.says(0, &["exemption", "preview", &request, "--now", LATER]);
        assert!(preview.contains("this would cover 1 resource today, 1 more than last week"), "{preview}");
        assert!(preview.contains("arn:aws:s3:::prod-111122223333-plain  (not last week)"), "{preview}");
        let later = place.says(0, &["exemption", "preview", &request, "--now", "2026-12-05T00:00:00Z"]);
        assert!(later.contains("as many as last week"), "{later}");
        let asked = place.says(0, &["exemption", "request", &request, "--by", "Ann Example", "--now", LATER]);
        assert!(asked.contains("this would cover 1 resource") && asked.contains("somebody else must approve"), "{asked}");
        assert!(
            place
                .complains(2, &["exemption", "request", &request, "--by", "Bob", "--now", LATER])
                .contains("requested and not approved already")
        );
        let own = place.complains(2, &["exemption", "approve", "EX-9", "--by", "ann  example", "--now", LATER]);
        assert!(own.contains("`Ann Example` asked for it; somebody else must approve it"), "{own}");
        assert!(
            place
                .complains(2, &["exemption", "withdraw", "EX-9", "--by", "Bob", "--reason", "x", "--now", LATER])
                .contains("reject it instead")
        );
        assert!(place.complains(2, &["exemption", "approve", "EX-8", "--by", "Bob"]).contains("no such exemption"));
        let approved = place.says(0, &["exemption", "approve", "EX-9", "--by", "Bob", "--note", "until January", "--now", LATER]);
        assert!(approved.contains("`EX-9` is active"), "{approved}");
        assert!(place.complains(2, &["exemption", "approve", "EX-9", "--by", "Carl", "--now", LATER]).contains("it is approved"));
        place.run("2026-11-25T18:00:00Z");
        assert!(place.says(0, &["history", "prod-111122223333-plain"]).contains("exempt by EX-9"));
        let shown = place.json(0, &["exemption", "show", "EX-9", "--now", LATER]);
        assert_eq!(shown["steps"].as_array().unwrap().len(), 2, "what was refused left nothing");
        let told = place.says(0, &["exemption", "show", "EX-9", "--now", LATER]);
        assert!(told.contains("until January") && told.contains("asked for by Ann Example"), "{told}");
        let revoked = place.says(0, &["exemption", "revoke", "EX-9", "--by", "Bob", "--reason", "mended", "--now", "2026-11-26T00:00:00Z"]);
        assert!(revoked.contains("is revoked"), "{revoked}");
        let list = place.says(0, &["exemption", "list", "--now", LATER]);
        assert!(list.contains("EX-2026-001") && !list.contains("EX-9"), "{list}");
        let all = place.json(0, &["exemption", "list", "--all", "--now", LATER]);
        assert!(all.as_array().unwrap().iter().any(|one| one["phase"] == "revoked"), "{all:#}");
        assert_eq!(place.json(0, &["verify"])["problems"], serde_json::json!([]));
    }
}

#[test]
fn tags_count_in_a_preview_as_they_were_in_the_document() {
    for place in assessed("tags_count_in_a_preview") {
        let tagged = |value: &str| {
            REQUEST.replace("resource = \"*plain\"", &format!("resource = \"*public-site\"\ntags = {{ data-class = \"{value}\" }}"))
        };
        let fits = place.json(0, &["exemption", "preview", &file(&place, "a.toml", &tagged("public")), "--now", LATER]);
        assert_eq!(fits[0]["resources"], serde_json::json!(["arn:aws:s3:::prod-111122223333-public-site"]), "{fits:#}");
        let other = place.json(0, &["exemption", "preview", &file(&place, "b.toml", &tagged("secret")), "--now", LATER]);
        assert_eq!((&other[0]["resources"], &other[0]["tags-unread"]), (&serde_json::json!([]), &0.into()), "{other:#}");
        let approved = place.says(0, &["exemption", "preview", "tests/estate/exemptions.toml", "--now", LATER]);
        assert!(approved.contains("EX-2026-003: this would cover 0 resources today"), "{approved}");
    }
}

#[test]
fn a_request_that_is_wrong_is_told_with_its_line_and_leaves_nothing() {
    let place = &crate::places::empty("a_request_that_is_wrong")[0];
    place.run(SECOND);
    let approved = file(place, "a.toml", &format!("{REQUEST}approved_by = \"me\"\n"));
    let told = place.complains(2, &["exemption", "request", &approved, "--by", "Ann"]);
    assert!(told.contains("a.toml:10") && told.contains("unknown key `approved_by`"), "{told}");
    let broad = file(place, "b.toml", &REQUEST.replace("control = \"dat-*\"\n", ""));
    assert!(place.complains(2, &["exemption", "request", &broad, "--by", "Ann"]).contains("it would cover everything"));
    let over = file(place, "c.toml", &REQUEST.replace("2027-01-31", "2026-01-31"));
    assert!(place.complains(2, &["exemption", "request", &over, "--by", "Ann", "--now", LATER]).contains("would have ended on 2026-01-31"));
    let taken = file(place, "d.toml", &REQUEST.replace("EX-9", "EX-2026-001"));
    assert!(place.complains(2, &["exemption", "request", &taken, "--by", "Ann", "--now", LATER]).contains("is in the files"));
    let fine = file(place, "e.toml", REQUEST);
    assert!(place.complains(2, &["exemption", "request", &fine, "--by", " ", "--now", LATER]).contains("say who"));
    assert!(place.complains(2, &["exemption", "preview", "/nowhere.toml"]).contains("cannot read it"));
    assert!(place.complains(2, &["exemption", "show", "EX-9"]).contains("there is no exemption `EX-9`"));
    // Two, of which one is refused: neither is asked for.
    let both = file(place, "f.toml", &format!("{REQUEST}{}", REQUEST.replace("EX-9", "EX-10")));
    place.says(0, &["exemption", "request", &file(place, "g.toml", &REQUEST.replace("EX-9", "EX-10")), "--by", "Ann", "--now", LATER]);
    place.complains(2, &["exemption", "request", &both, "--by", "Ann", "--now", LATER]);
    place.complains(2, &["exemption", "show", "EX-9"]);
}

#[test]
fn what_exemptions_mark_is_exported_for_fedramp_and_for_spreadsheets() {
    for place in assessed("what_exemptions_mark_is_exported") {
        let list: Value = serde_json::from_str(
            &place
                .says(0, &["exemption", "export", "--format", "fedramp-json", "--overview", "https://example.org/package", "--now", LATER]),
        )
        .unwrap();
        assert_eq!(list["certificationPackageOverviewUri"], "https://example.org/package");
        let accepted = list["acceptedVulnerabilities"].as_array().unwrap();
        assert!(accepted.iter().any(|one| one["x-assize"]["exemption"] == "EX-2026-001"), "{list:#}");
        let csv = place.says(0, &["exemption", "export", "--format", "csv", "--now", LATER]);
        assert!(csv.contains("\"EX-2026-001\"") && csv.contains("public-site") && csv.contains("\r\n"), "{csv}");
        assert!(place.complains(2, &["exemption", "export", "--format", "fedramp-json"]).contains("--overview"));
    }
}

#[test]
fn the_plan_of_action_is_valid_oscal_and_a_month_is_frozen_once_when_it_is_over() {
    for place in assessed("the_plan_of_action") {
        let file = place.path("poam.json");
        let path = file.to_str().unwrap();
        place.says(0, &["poam", "-o", path, "--system-id", "F00000000", "--system-id-scheme", "https://fedramp.gov", "--now", LATER]);
        let valid = assize(&["oscal", "validate", path]);
        assert_eq!(valid.status.code(), Some(0), "{}", text(&valid.stdout));
        let document: Value = serde_json::from_str(&read(&file)).unwrap();
        let plan = &document["plan-of-action-and-milestones"];
        assert_eq!(plan["system-id"]["id"], "F00000000");
        assert!(plan["poam-items"].as_array().unwrap().len() > 5);
        assert!(place.complains(2, &["poam", "--freeze", "2026-11", "--now", LATER]).contains("2026-11 is not over before 2026-12-01"));
        assert!(place.complains(2, &["poam", "--frozen", "2026-11"]).contains("none is"));
        let said = place.complains(0, &["poam", "--freeze", "2026-11", "-o", path, "--now", "2026-12-02T00:00:00Z"]);
        assert!(said.contains("frozen and not signed"), "{said}");
        let frozen = read(&file);
        place.run("2026-12-03T00:00:00Z");
        assert!(place.complains(2, &["poam", "--freeze", "2026-11", "--now", "2026-12-04T00:00:00Z"]).contains("frozen already"));
        assert_eq!(place.says(0, &["poam", "--frozen", "2026-11"]), frozen);
        assert!(place.complains(2, &["poam", "--freeze", "2026-13"]).contains("is no month"));
        assert_eq!(place.json(0, &["verify"])["problems"], serde_json::json!([]));
    }
}

#[test]
fn that_nothing_is_open_is_said_and_no_mistake() {
    for place in assessed("that_nothing_is_open") {
        let file = place.path("poam.json");
        let said = place.complains(0, &["poam", "-o", file.to_str().unwrap(), "--freeze", "2026-09", "--now", LATER]);
        assert!(said.contains("no item is open") && !file.exists(), "{said}");
    }
}
