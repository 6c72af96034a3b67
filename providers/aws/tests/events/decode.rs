//! Records of every sort: who, what, to what, and what came of it.

use events::{ActorKind, HintSettings, Hints, Outcome, Which, class};
use inventory::Gap;
use provider_aws::events::{FORMAT, lookup_records};
use serde_json::{Value, json};

use super::{RECORDS, events};

#[test]
fn a_record_says_who_did_what_to_which_of_our_resources() {
    let events = events();
    let login = &events[0];
    assert_eq!((login.action.as_str(), login.actor.kind, &login.outcome), ("signin:ConsoleLogin", ActorKind::Root, &Outcome::Success));
    assert_eq!(login.scope.to_string(), "aws/111122223333/eu-west-1");
    assert_eq!(login.at.to_string(), "2027-03-01T10:00:00Z");
    assert_eq!(login.address.as_deref(), Some("203.0.113.9"));

    let delivered = &events[5].actor;
    assert_eq!((delivered.id.as_str(), delivered.name.as_deref()), ("arn:aws:iam::111122223333:role/ci/delivery", Some("delivery")));
    assert_eq!((delivered.kind, delivered.session.as_deref()), (ActorKind::Role, Some("run-42")));
    assert_eq!(events[7].actor.kind, ActorKind::Service);
    assert_eq!(events[3].outcome, Outcome::Denied { code: "AccessDenied".into() });
    assert_eq!(events[1].outcome, Outcome::Denied { code: "Failed authentication".into() });
    assert!(events[8].read_only && !events[8].changes());

    let touched: Vec<Vec<String>> = events
        .iter()
        .map(|event| {
            let named =
                |one: &events::Touched| format!("{} {} {}", one.kind.as_ref().unwrap(), one.scope, one.id.as_deref().unwrap_or("any"));
            event.touched.iter().map(named).collect()
        })
        .collect();
    let here = "aws/111122223333/eu-west-1";
    let account = "aws.account aws/111122223333 arn:aws:iam::111122223333:root".to_owned();
    assert_eq!(touched[0], [""; 0]);
    let trail = format!("aws.cloudtrail.trail {here} arn:aws:cloudtrail:eu-west-1:111122223333:trail/main");
    assert_eq!(touched[2], [account.clone(), trail.clone()]);
    assert_eq!(touched[3], [account, trail], "a name without its ARN is a trail of this region");
    assert_eq!(touched[4], ["aws.s3.bucket aws/111122223333 arn:aws:s3:::reports"]);
    let instance = |id: &str| format!("aws.ec2.instance {here} arn:aws:ec2:eu-west-1:111122223333:instance/{id}");
    assert_eq!(touched[6], [instance("i-0aaa"), instance("i-0bbb")]);
    assert_eq!(touched[7], [instance("i-0aaa")]);
    let policy = "aws.iam.policy aws/111122223333 arn:aws:iam::111122223333:policy/worker";
    assert_eq!(touched[9], [policy, "aws.iam.role aws/111122223333 any"], "the record has no path of the role");
    assert_eq!(touched[10], [format!("aws.rds.instance {here} arn:aws:rds:eu-west-1:111122223333:db:main")]);
}

#[test]
fn classes_are_facts_and_what_is_not_certain_is_unread() {
    let classes = |at: usize| events()[at].classes.clone();
    assert_eq!(classes(0).keys().collect::<Vec<_>>(), [class::ADMINISTRATOR_USED]);
    assert!(classes(1).is_empty(), "who was refused at the door did not use it");
    assert_eq!(classes(2).keys().collect::<Vec<_>>(), [class::LOGGING_STOPPED]);
    assert!(classes(3).is_empty(), "what was refused stopped nothing");
    assert_eq!(classes(4).keys().collect::<Vec<_>>(), [class::OPENED_TO_EVERYBODY]);
    assert!(classes(5).is_empty());
    assert!(Gap::in_document(&classes(11)[class::LOGGING_STOPPED]).is_some());
}

#[test]
fn a_password_in_a_request_is_not_kept() {
    let kept = serde_json::to_string(&events()).unwrap();
    assert!(RECORDS.contains("not-to-be-kept") && !kept.contains("not-to-be-kept"));
}

#[test]
fn records_are_found_in_every_envelope_and_what_is_none_is_refused() {
    let records: Value = serde_json::from_str(RECORDS).unwrap();
    let one = records["Records"][0].clone();
    let answer = json!({ "Events": [{ "EventId": "1", "CloudTrailEvent": one.to_string() }] });
    let bridge = json!({ "detail-type": "AWS API Call via CloudTrail", "detail": one });
    for envelope in [json!({ "Records": [one] }), answer, bridge, one.clone()] {
        assert_eq!((FORMAT.records)(envelope), Ok(vec![one.clone()]));
    }
    assert_eq!((FORMAT.records)(json!({ "digestStartTime": "2027-03-01T10:00:00Z" })), Ok(Vec::new()));
    assert!((FORMAT.records)(json!({ "Message": "hello" })).is_err());
    assert!(lookup_records(json!({ "Events": [{ "EventId": "1" }] })).is_err());
    for name in ["eventID", "eventTime", "eventSource", "eventName", "awsRegion"] {
        let mut lacking = one.clone();
        lacking.as_object_mut().unwrap().remove(name);
        let why = provider_aws::events::event(&inventory::Scope::account("aws", "1"), lacking).unwrap_err();
        assert!(why.contains(name), "{why}");
    }
}

#[test]
fn an_event_leads_to_the_resource_that_it_changed() {
    let mut hints = Hints::new(HintSettings::default());
    let now = "2027-03-01T10:20:00Z".parse().unwrap();
    events().iter().for_each(|event| drop(hints.mark(event, now)));
    let due = hints.due("2027-03-01T10:20:05Z".parse().unwrap());
    let of = |kind: &str| due.iter().find(|dirty| dirty.target.kind.as_str() == kind).map(|dirty| dirty.which.clone());
    assert_eq!(of("aws.s3.bucket"), Some(Which::Resources(["arn:aws:s3:::reports".to_owned()].into())));
    assert_eq!(of("aws.iam.role"), Some(Which::All));
    assert_eq!(of("aws.ec2.vpc"), None);
}
