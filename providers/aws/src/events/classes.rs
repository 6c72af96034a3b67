//! Which of the classes that event controls forbid an event belongs to. Facts about the record, whatever a control makes of them.

use std::collections::BTreeMap;

use events::{ActorKind, Event, Outcome, class};
use inventory::Gap;
use serde_json::Value;

use super::{logging, opened};

pub(super) fn classes(event: &Event, record: &Value) -> BTreeMap<String, Value> {
    let told = [
        (class::ADMINISTRATOR_USED, Ok(is_administrators(event))),
        (class::LOGGING_STOPPED, if event.changes() { logging::stops(event, record) } else { Ok(false) }),
        (class::OPENED_TO_EVERYBODY, if event.changes() { opened::opens(event, record) } else { Ok(false) }),
    ];
    let marked = told.into_iter().filter_map(|(class, told)| match told {
        Ok(false) => None,
        Ok(true) => Some((class.to_owned(), Value::Bool(true))),
        Err(why) => Some((class.to_owned(), Gap::new(&event.action, "Malformed").with_detail(why).to_document())),
    });
    marked.collect()
}

/// Whoever was refused at the door did not use it; whoever is inside and is refused something did.
fn is_administrators(event: &Event) -> bool {
    let at_the_door = event.action == "signin:ConsoleLogin" && event.outcome != Outcome::Success;
    event.actor.kind == ActorKind::Root && !at_the_door
}
