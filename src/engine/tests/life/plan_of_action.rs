use std::collections::BTreeMap;
use std::path::PathBuf;

use engine::Exemptions;
use engine::exempt::{ExemptionChange, ExemptionKind, ExemptionStep, Held, Origin};
use engine::finding::{Extent, FindingStep, Owner, Policy, Register, Run, steps};
use engine::poam::{AcceptedFrame, Contents, Month, PoamFrame, System, accepted, freeze, poam};
use jiff::{SignedDuration, Timestamp};
use oscal::RiskStatus;
use oscal::validate::Gravity;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::toy::{Account, State, day, exemption, look, plan};

use State::{Absent, Locked, Open, Unread};

/// A record after some days.
struct Record {
    register: Register,
    steps: Vec<FindingStep>,
    held: Vec<Held>,
}

fn frame(at: i64) -> PoamFrame {
    PoamFrame {
        organization: "Example".into(),
        system: System::Id { scheme: Some("https://fedramp.gov".parse().unwrap()), id: "F00000000".into() },
        version: "0.0.0".into(),
        now: day(at),
        closed_for: SignedDuration::from_hours(24 * 30),
        frozen: None,
    }
}

fn held(kind: ExemptionKind, approved: bool) -> Held {
    let entry = engine::Exemption { kind, ..exemption(60) };
    let asked = ExemptionChange::Requested { by: "Ada".into(), origin: Origin::Request, request: entry.into() };
    let asked = ExemptionStep::new("EX-1", day(-9), asked);
    let held = Held::after(None, &asked).unwrap();
    let note = Some("It is glass, and shown on purpose.".to_owned());
    let agreed = ExemptionStep::new("EX-1", day(-8), ExemptionChange::Approved { by: "Grace".into(), on: None, note });
    if approved { Held::after(Some(&held), &agreed).unwrap() } else { held }
}

/// Account `one` on days: what its boxes are like.
fn record(days: &[[State; 3]], held: Vec<Held>) -> Record {
    let plan = plan(&["toy-01", "toy-02"]);
    let exemptions = Exemptions::new(held.iter().filter_map(Held::exemption).collect());
    let rule = Owner { name: "Data team".into(), control: Some("toy-01".into()), account: None, tags: BTreeMap::new() };
    let policy = Policy { owners: vec![rule], ..Policy::default() };
    let mut record = Record { register: Register::default(), steps: Vec::new(), held };
    for (number, boxes) in days.iter().enumerate() {
        let account = Account { boxes: *boxes, denied: false };
        let at = day(number as i64);
        let (seen, assessed) = look(&plan, &exemptions, at, &[("one", &account)]);
        let run = Run {
            id: Uuid::from_u128(number as u128),
            at,
            plan: &plan,
            seen: &seen,
            assessed: &assessed,
            exemptions: &exemptions,
            extent: Extent::Everything,
            failing_since: &BTreeMap::new(),
            tags: &|_, _| None,
        };
        for step in steps(&record.register, &run, &policy) {
            record.register.apply(&step).unwrap();
            record.steps.push(step);
        }
    }
    record
}

impl Record {
    fn contents<'a>(&'a self, looked: &'a BTreeMap<(String, String), Timestamp>) -> Contents<'a> {
        Contents { register: &self.register, steps: &self.steps, exemptions: &self.held, looked }
    }

    fn document(&self, frame: &PoamFrame) -> oscal::PlanOfActionAndMilestones {
        poam(self.contents(&BTreeMap::new()), frame).unwrap()
    }
}

fn root(document: &oscal::PlanOfActionAndMilestones) -> Value {
    json!({ "plan-of-action-and-milestones": document })
}

/// The folder of published OSCAL content, where it is.
fn data(test: &str) -> Option<PathBuf> {
    let told = std::env::var_os("ASSIZE_OSCAL_DATA").map(PathBuf::from);
    let folder = told.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/oscal"));
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(
        std::env::var_os("ASSIZE_REQUIRE_ALL").is_none() || std::env::var_os("ASSIZE_OSCAL_DATA").is_some_and(|told| told == "none"),
        "{test} needs the published OSCAL content"
    );
    eprintln!("skipped: {test}: there is no published OSCAL content");
    None
}

/// An exemption that was taken back a day after it marked a failure.
fn revoked() -> Record {
    let held = held(ExemptionKind::OperationalRequirement, true);
    let change = ExemptionChange::Revoked { by: "Hedy".into(), reason: "The glass broke.".into() };
    let held = Held::after(Some(&held), &ExemptionStep::new("EX-1", day(1), change)).unwrap();
    Record { held: vec![held], ..record(&[[Open, Locked, Absent]], Vec::new()) }
}

/// Records in every state that an item can be in.
fn records() -> Vec<(&'static str, Record)> {
    vec![
        ("open", record(&[[Open, Locked, Absent]], Vec::new())),
        ("exempt", record(&[[Open, Locked, Absent]], vec![held(ExemptionKind::OperationalRequirement, true)])),
        ("false positive beside a failure", record(&[[Open, Open, Absent]], vec![held(ExemptionKind::FalsePositive, true)])),
        ("accepted", record(&[[Open, Locked, Absent]], vec![held(ExemptionKind::AcceptedRisk, true)])),
        ("asked for", record(&[[Open, Locked, Absent]], vec![held(ExemptionKind::OperationalRequirement, false)])),
        ("revoked", revoked()),
        ("unknown", record(&[[Open, Locked, Absent], [Unread, Locked, Absent]], Vec::new())),
        ("resolved", record(&[[Open, Locked, Absent], [Locked, Locked, Absent]], Vec::new())),
        ("gone", record(&[[Open, Locked, Absent], [Absent, Locked, Absent]], Vec::new())),
        ("again", record(&[[Open, Absent, Absent], [Locked, Absent, Absent], [Open, Absent, Absent]], Vec::new())),
    ]
}

#[test]
fn every_document_is_valid_and_breaks_none_of_nists_constraints() {
    for (name, record) in records() {
        let document = root(&record.document(&frame(5)));
        assert_eq!(oscal::validate(&document), [], "{name}");
        let errors: Vec<_> =
            oscal::validate::constraints(&document).into_iter().filter(|broken| broken.gravity == Gravity::Error).collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
        let text = serde_json::to_vec(&document).unwrap();
        assert!(oscal::read_json(&text, "poam.json").is_ok(), "{name}");
    }
}

#[test]
fn every_document_is_valid_under_the_official_schemas_of_both_versions() {
    let Some(data) = data("every_document_is_valid_under_the_official_schemas_of_both_versions") else { return };
    for schema in ["nist-1.2.3/oscal_poam_schema.json", "nist-1.1.2/oscal_complete_schema.json"] {
        let schema: Value = serde_json::from_slice(&std::fs::read(data.join("schemas").join(schema)).unwrap()).unwrap();
        let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
        for (name, record) in records() {
            let document = root(&record.document(&frame(5)));
            let errors: Vec<String> = validator.iter_errors(&document).map(|error| format!("{} {error}", error.instance_path())).collect();
            assert!(errors.is_empty(), "{name}: {errors:?}");
        }
    }
}

fn fact<'a>(props: &'a [oscal::Property], ns: &str, name: &str) -> Option<&'a str> {
    oscal::property(props, ns, name)
}

#[test]
fn an_item_has_a_number_an_owner_a_day_and_a_risk_whose_log_grows() {
    let days = [[Open, Absent, Absent], [Unread, Absent, Absent], [Locked, Absent, Absent], [Open, Absent, Absent]];
    let logs: Vec<Vec<String>> = (1..=days.len())
        .map(|count| {
            let document = record(&days[..count], Vec::new()).document(&frame(count as i64));
            let risk = document.risks.iter().find(|risk| fact(&risk.props, engine::emit::NS, "control") == Some("toy-01")).unwrap();
            risk.risk_log.iter().flat_map(|log| &log.entries).map(|entry| entry.title.as_ref().unwrap().as_str().to_owned()).collect()
        })
        .collect();
    assert!(logs.windows(2).all(|pair| pair[1].starts_with(&pair[0])), "{logs:#?}");
    assert_eq!(
        logs[3],
        [
            "V-0001 opened: failing since 2026-11-01T06:00:00Z",
            "V-0001 stays as it is: unknown",
            "V-0001 resolved: 1 of its resources pass, 0 are gone",
            "V-0003 opened: failing again since 2026-11-04T06:00:00Z, after V-0001",
        ]
    );
    let document = record(&days, Vec::new()).document(&frame(4));
    let items: Vec<&str> = document.poam_items.iter().map(|item| fact(&item.props, engine::emit::FEDRAMP_NS, "POAM-ID").unwrap()).collect();
    assert_eq!(items, ["V-0001", "V-0002", "V-0003", "V-0004"]);
    let own = |at: usize, name: &str| fact(&document.poam_items[at].props, engine::emit::NS, name);
    assert_eq!((own(0, "status"), own(2, "status"), own(2, "reopens")), (Some("resolved"), Some("open"), Some("V-0001")));
    assert_eq!((own(2, "owner"), own(3, "owner")), (Some("Data team"), None));
    assert_eq!(own(2, "due"), Some("2026-12-04T06:00:00Z"), "high: 30 days");
    assert_eq!(document.poam_items[0].related_risks, document.poam_items[2].related_risks, "it is the same risk again");
    let late = record(&days, Vec::new()).document(&frame(34));
    let overdue: Vec<_> = late.poam_items.iter().filter_map(|item| fact(&item.props, engine::emit::NS, "overdue")).collect();
    assert_eq!((late.poam_items.len(), overdue.len()), (2, 1), "what closed long ago is not shown");
}

#[test]
fn an_exemption_is_a_deviation_in_the_words_of_oscal_and_fedramp() {
    for (kind, own, fedramp) in [
        (ExemptionKind::OperationalRequirement, None, Some(("operational-requirement", "approved"))),
        (ExemptionKind::FalsePositive, Some("false-positive"), Some(("false-positive", "approved"))),
        (ExemptionKind::AcceptedRisk, Some("accepted"), None),
    ] {
        let document = record(&[[Open, Locked, Absent]], vec![held(kind, true)]).document(&frame(1));
        let risk = document.risks.iter().find(|risk| fact(&risk.props, engine::emit::NS, "exemption") == Some("EX-1")).unwrap();
        assert_eq!(risk.status, RiskStatus::DeviationApproved);
        assert_eq!(risk.deadline.as_ref().unwrap().as_str(), "2027-01-01T00:00:00Z");
        assert_eq!(own.and_then(|name| fact(&risk.props, oscal::OSCAL_NS, name)), own.map(|_| "true"));
        let told = risk.props.iter().find(|prop| prop.ns.as_ref().is_some_and(|ns| ns.as_str() == engine::emit::FEDRAMP_NS));
        assert_eq!(told.map(|prop| (prop.name.as_str(), prop.value.as_str())), fedramp);
        let by: Vec<_> =
            risk.risk_log.iter().flat_map(|log| &log.entries).map(|entry| entry.logged_by[0].role_id.as_ref().unwrap().as_str()).collect();
        assert_eq!(by, ["risk-owner", "authorizing-official"]);
        let types: Vec<&str> = document.observations.iter().flat_map(|one| &one.types).map(|kind| kind.as_str()).collect();
        assert_eq!(types.contains(&kind.as_str()), fedramp.is_some(), "{types:?}");
    }
    let pending = record(&[[Open, Locked, Absent]], vec![held(ExemptionKind::FalsePositive, false)]).document(&frame(1));
    let risk = pending.risks.iter().find(|risk| risk.status == RiskStatus::DeviationRequested).unwrap();
    assert_eq!(fact(&risk.props, engine::emit::FEDRAMP_NS, "false-positive"), Some("pending"));
    assert!(pending.risks.iter().any(|risk| risk.status == RiskStatus::Open), "until then it is open");
}

#[test]
fn the_same_record_gives_the_same_bytes_and_lasting_ids() {
    let days = [[Open, Locked, Absent], [Open, Open, Absent]];
    let month: Month = "2026-11".parse().unwrap();
    let frozen = PoamFrame { frozen: Some(month), now: month.ends(), ..frame(0) };
    let one = freeze(month, &record(&days, Vec::new()).document(&frozen));
    let two = freeze(month, &record(&days, Vec::new()).document(&frozen));
    assert_eq!(one, two);
    assert_eq!((one.sha256.len(), one.bytes.last()), (64, Some(&b'\n')));
    let read: Value = serde_json::from_slice(&one.bytes).unwrap();
    assert_eq!(oscal::validate(&read), []);
    assert_eq!(read["plan-of-action-and-milestones"]["metadata"]["props"][0]["value"], "2026-11");
    let ids = |document: &oscal::PlanOfActionAndMilestones| -> Vec<_> {
        document.poam_items.iter().map(|item| item.uuid.unwrap()).chain(document.risks.iter().map(|risk| risk.uuid)).collect()
    };
    let later = record(&[days[0], days[1], [Open, Open, Open]], Vec::new()).document(&frame(9));
    assert_eq!(ids(&record(&days, Vec::new()).document(&frame(2))), ids(&later), "items and risks are the same over time");
    for bad in ["2026-13", "2026-1", "26-11", "2026-11-01", ""] {
        assert!(bad.parse::<Month>().is_err(), "{bad}");
    }
    assert_eq!((Month::of(day(0)), month.ends().to_string().as_str()), (month, "2026-12-01T00:00:00Z"));
}

#[test]
fn nothing_open_is_said_and_no_empty_document_is_made() {
    let nothing = record(&[[Locked, Absent, Absent]], Vec::new());
    let error = poam(nothing.contents(&BTreeMap::new()), &frame(5)).unwrap_err().to_string();
    assert!(error.contains("no item is open and none closed since 2026-10-07"), "{error}");
}

fn accepted_frame() -> AcceptedFrame {
    AcceptedFrame { overview: "https://example.org/fedramp.json".into(), from: day(-20), to: day(5), version: "0.0.0".into() }
}

#[test]
fn the_list_of_accepted_vulnerabilities_says_who_why_until_when_and_what() {
    let record = record(&[[Open, Open, Absent]], vec![held(ExemptionKind::OperationalRequirement, true)]);
    let list = accepted(record.contents(&BTreeMap::new()), &accepted_frame());
    let json = list.json();
    let first = &json["acceptedVulnerabilities"][0];
    assert_eq!(list.len(), 2, "one for each of two controls");
    assert_eq!(json["reportPeriod"], json!({ "from": "2026-10-12T06:00:00Z", "to": "2026-11-06T06:00:00Z" }));
    assert_eq!(first["vulnerabilityDetail"]["providerTrackingId"], "V-0001");
    assert_eq!(first["vulnerabilityDetail"]["detection"]["detectedAt"], "2026-11-01T06:00:00Z");
    assert_eq!(first["acceptanceRationale"], "It is glass.");
    assert_eq!(
        (&first["x-assize"]["owner"], &first["x-assize"]["approvedBy"], &first["x-assize"]["expires"]),
        (&json!("Ada"), &json!("Grace"), &json!("2026-12-31"))
    );
    assert_eq!(first["x-assize"]["resources"], json!([{ "check": "toy-01/toy/boxes-are-locked", "id": "toy://one/a", "name": "a" }]));
    let csv = list.csv();
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines.len(), 3);
    assert!(lines[1].starts_with("\"V-0001\",\"EX-1\",\"operational-requirement\",\"toy-01\""), "{csv}");
}

#[test]
fn a_false_positive_is_no_accepted_vulnerability_and_a_request_is_none_either() {
    let record = |kind, approved| record(&[[Open, Absent, Absent]], vec![held(kind, approved)]);
    let list = |record: &Record| accepted(record.contents(&BTreeMap::new()), &accepted_frame());
    let json = list(&record(ExemptionKind::FalsePositive, true)).json();
    assert_eq!(json["acceptedVulnerabilities"], json!([]));
    assert_eq!(json["x-assize-false-positives"][0]["vulnerabilityDetail"]["finalDisposition"], "False Positive");
    assert!(list(&record(ExemptionKind::AcceptedRisk, false)).is_empty());
}

#[test]
fn a_cell_that_a_spreadsheet_would_run_is_text() {
    for reason in ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "＝1"] {
        let mut held = held(ExemptionKind::AcceptedRisk, true);
        held.request.reason = reason.into();
        let record = record(&[[Open, Absent, Absent]], vec![held]);
        let csv = accepted(record.contents(&BTreeMap::new()), &accepted_frame()).csv();
        assert!(csv.contains(&format!(",\"'{reason}\",")), "{csv}");
    }
    let mut held = held(ExemptionKind::AcceptedRisk, true);
    held.request.reason = "He said \"no\", twice".into();
    let csv = accepted(record(&[[Open, Absent, Absent]], vec![held]).contents(&BTreeMap::new()), &accepted_frame()).csv();
    assert!(csv.contains(",\"He said \"\"no\"\", twice\","), "{csv}");
}

#[test]
fn a_deviation_that_was_taken_back_is_withdrawn_and_what_it_marked_is_open() {
    let record = revoked();
    let document = record.document(&frame(2));
    let risk = |exempt: bool| {
        let is = |risk: &&oscal::Risk| fact(&risk.props, engine::emit::NS, "exemption").is_some() == exempt;
        document.risks.iter().find(is).unwrap()
    };
    assert_eq!((&risk(true).status, &risk(false).status), (&RiskStatus::Closed, &RiskStatus::Open));
    assert_eq!(fact(&risk(true).props, engine::emit::FEDRAMP_NS, "operational-requirement"), Some("withdrawn"));
    let last = risk(true).risk_log.as_ref().unwrap().entries.last().unwrap().title.as_ref().unwrap().as_str();
    assert_eq!(last, "Exemption `EX-1` does not hold any more: The glass broke.");
    assert!(accepted(record.contents(&BTreeMap::new()), &accepted_frame()).is_empty(), "nobody accepts it any more");
    assert_eq!(record.document(&frame(40)).risks.len(), 2, "after a month it is not told of: one risk for each of two controls");
}
