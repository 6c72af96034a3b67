//! The document of a window, which event controls judge: when it was, whether all of it was read, and what happened in it.
//!
//! One document for each place; its id stays from window to window, so that a finding lives on until a later window passes. What could not
//! be read stands in it twice: as the marker at `Complete`, and as a last element of `Events` that stands for any number of events. So a
//! check that counts can fail on what was seen, and can never pass on what was not.

use inventory::{Gap, KindId, Read, Resource, Scope, Shape};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::{Ended, Event, Outcome, Span, class};

/// How much of a window its document holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How many events.
    pub events: usize,
    /// How many bytes they may have together.
    pub bytes: usize,
    /// How many bytes one event's request may have.
    pub request: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { events: 5_000, bytes: 8 << 20, request: 16 << 10 }
    }
}

/// What a provider says of its windows.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// What the log is read with, for markers: `cloudtrail:LookupEvents`.
    pub action: &'static str,
    /// The classes of [`class`] that its events are marked with.
    pub watches: &'static [&'static str],
    /// The member of the vendor's record that holds what was asked for.
    pub request: &'static str,
}

/// A window that was looked at.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// Where.
    pub scope: &'a Scope,
    /// What was read.
    pub span: Span,
    /// The events in it that no earlier window has shown.
    pub events: &'a [Event],
    /// How the reading ended.
    pub ended: &'a Ended,
}

/// The shape of such documents, for the kind that declares them.
pub fn shape() -> Shape {
    let text = || Shape::String;
    let actor = Shape::object([("Id", text()), ("Name", text()), ("Kind", text()), ("Session", text())]);
    let event = Shape::object([
        ("Id", text()),
        ("At", Shape::Timestamp),
        ("Action", text()),
        ("Actor", actor),
        ("Outcome", text()),
        ("Error", text()),
        ("Resources", Shape::list(text())),
        ("Address", text()),
        ("Classes", Shape::Map(Box::new(Shape::Bool))),
        ("Request", Shape::Any),
    ]);
    Shape::object([
        ("From", Shape::Timestamp),
        ("To", Shape::Timestamp),
        ("Complete", Shape::Bool),
        ("Watches", Shape::Map(Box::new(Shape::Bool))),
        ("Events", Shape::list(event)),
    ])
}

/// The id of the document of a place.
pub fn id(kind: &KindId, scope: &Scope) -> String {
    format!("{kind}/{scope}")
}

/// The resource that event controls judge. Only what can have changed something, or tried to, is in it.
pub fn resource(kind: &KindId, words: &Words, seen: &Seen, limits: &Limits, collected: Timestamp) -> Resource {
    let matter = seen.events.iter().filter(|event| !event.read_only && event.outcome != Outcome::Pending);
    let (mut events, mut bytes, mut cut) = (Vec::new(), 0, None);
    for event in matter {
        let compact = compact(event, words, limits);
        bytes += compact.to_string().len();
        if events.len() >= limits.events || bytes > limits.bytes {
            let told = format!("the document holds {} events and there are more; look at shorter windows", events.len());
            cut = Some(Gap::new(words.action, "TooMany").with_detail(told));
            break;
        }
        events.push(compact);
    }
    let unread = match seen.ended {
        Ended::Gap(gap) => Some(gap.to_document()),
        Ended::Complete => cut.map(|gap| gap.to_document()),
    };
    events.extend(unread.clone());
    let document = json!({
        "From": seen.span.from,
        "To": seen.span.to,
        "Complete": unread.unwrap_or(Value::Bool(true)),
        "Watches": watches(words),
        "Events": events,
    });
    Resource {
        kind: kind.clone(),
        id: id(kind, seen.scope),
        name: format!("events of {}", seen.scope),
        scope: seen.scope.clone(),
        tags: Read::Known(Default::default()),
        collected,
        document,
    }
}

fn watches(words: &Words) -> Value {
    let one = |class: &&str| match words.watches.contains(class) {
        true => ((*class).to_owned(), Value::Bool(true)),
        false => {
            let nobody = Gap::new(words.action, "NotWatched").with_detail(format!("this log does not tell `{class}`; a sensor would"));
            ((*class).to_owned(), nobody.to_document())
        }
    };
    Value::Object(class::ALL.iter().map(one).collect())
}

/// Every member is there, null where the record has nothing: absent would read as not known.
fn compact(event: &Event, words: &Words, limits: &Limits) -> Value {
    let resources: Vec<&str> = event.touched.iter().filter_map(|touched| touched.id.as_deref()).collect();
    json!({
        "Id": event.id,
        "At": event.at,
        "Action": event.action,
        "Actor": {
            "Id": event.actor.id,
            "Name": event.actor.name,
            "Kind": event.actor.kind.word(),
            "Session": event.actor.session,
        },
        "Outcome": event.outcome.word(),
        "Error": event.outcome.code(),
        "Resources": resources,
        "Address": event.address,
        "Classes": classes(event, words),
        "Request": request(event, words, limits),
    })
}

/// Every class that the source watches: whether the event is of it.
fn classes(event: &Event, words: &Words) -> Map<String, Value> {
    let one = |class: &&str| ((*class).to_owned(), event.classes.get(*class).cloned().unwrap_or(Value::Bool(false)));
    words.watches.iter().map(one).collect()
}

fn request(event: &Event, words: &Words, limits: &Limits) -> Value {
    let request = event.raw.value().get(words.request).cloned().unwrap_or(Value::Null);
    let size = request.to_string().len();
    match size > limits.request {
        true => Gap::new(words.action, "TooLarge").with_detail(format!("the request has {size} bytes; see the log")).to_document(),
        false => request,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{Actor, ActorKind, Raw};

    const WORDS: Words = Words { action: "cloudtrail:LookupEvents", watches: &[class::ADMINISTRATOR_USED], request: "requestParameters" };

    fn event(id: &str, read_only: bool, request: Value) -> Event {
        Event {
            source: "aws.cloudtrail".into(),
            id: id.into(),
            at: "2027-03-01T10:00:00Z".parse().unwrap(),
            received: None,
            scope: scope(),
            action: "s3:PutBucketPolicy".into(),
            actor: Actor { id: "arn:aws:iam::111122223333:root".into(), name: None, kind: ActorKind::Root, session: None },
            outcome: Outcome::Success,
            touched: Vec::new(),
            address: Some("203.0.113.9".into()),
            read_only,
            classes: BTreeMap::from([(class::ADMINISTRATOR_USED.to_owned(), Value::Bool(true))]),
            raw: Raw::redacted(json!({ "requestParameters": request })),
        }
    }

    fn scope() -> Scope {
        Scope::account("aws", "111122223333").region("eu-west-1")
    }

    fn document(events: &[Event], ended: &Ended, limits: &Limits) -> Value {
        let span = Span { from: "2027-03-01T00:00:00Z".parse().unwrap(), to: "2027-03-02T00:00:00Z".parse().unwrap() };
        let seen = Seen { scope: &scope(), span, events, ended };
        let resource = resource(&"aws.events.window".parse().unwrap(), &WORDS, &seen, limits, span.to);
        assert_eq!(resource.id, "aws.events.window/aws/111122223333/eu-west-1");
        resource.document
    }

    #[test]
    fn a_window_that_was_read_says_when_it_was_and_what_happened() {
        let document = document(&[event("1", false, json!(null)), event("2", true, json!(null))], &Ended::Complete, &Limits::default());
        assert_eq!(document["From"], "2027-03-01T00:00:00Z");
        assert_eq!(document["Complete"], true);
        assert_eq!(document["Events"].as_array().unwrap().len(), 1, "what only reads is left out");
        assert_eq!(document["Events"][0]["Actor"]["Kind"], "root");
        assert_eq!(document["Events"][0]["Classes"], json!({ "administrator-used": true }));
        assert!(Gap::in_document(&document["Watches"]["crypto-mining"]).is_some());
    }

    #[test]
    fn what_was_not_read_stands_at_both_places() {
        let gap = Gap::new("cloudtrail:LookupEvents", "AccessDenied");
        let document = document(&[event("1", false, json!(null))], &Ended::Gap(gap.clone()), &Limits::default());
        assert_eq!(Gap::in_document(&document["Complete"]), Some(gap.clone()));
        assert_eq!(Gap::in_document(&document["Events"][1]), Some(gap));
    }

    #[test]
    fn a_document_that_is_cut_says_so() {
        let events: Vec<Event> = (0..5).map(|id| event(&id.to_string(), false, json!({ "bucketName": "x".repeat(100) }))).collect();
        let few = document(&events, &Ended::Complete, &Limits { events: 3, ..Limits::default() });
        assert_eq!(few["Events"].as_array().unwrap().len(), 4);
        assert_eq!(Gap::in_document(&few["Complete"]).unwrap().cause, "TooMany");
        let small = document(&events, &Ended::Complete, &Limits { bytes: 1_000, request: 50, ..Limits::default() });
        assert!(Gap::in_document(&small["Complete"]).is_some());
        assert_eq!(Gap::in_document(&small["Events"][0]["Request"]).unwrap().cause, "TooLarge");
        assert_eq!(document(&events, &Ended::Complete, &Limits::default())["Complete"], true);
    }
}
