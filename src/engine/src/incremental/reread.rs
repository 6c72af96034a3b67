//! Looks at one resource by itself, because something said that it changed. Touches nothing else; no list has a say in it.

use super::pass::put;
use super::step::Step;
use super::{Change, Gone, Judge, Judged, Reread, Roll, Sighting, key};

/// What the resource's own reading changes. Nothing where it could not be read, where it was not known and is not there, and where it
/// is no subject of the judge.
pub fn reread(judge: &Judge, roll: &mut Roll, reread: Reread) -> Option<Change> {
    match reread {
        Reread::Found(resource) if judge.subjects().may_lie_in(&resource.scope) => found(roll, judge.look(*resource, roll)),
        // A read that failed is no news of the resource: it stands as it stood until somebody can look.
        Reread::Found(_) | Reread::Gap { .. } => None,
        Reread::NotFound { kind, id } => {
            let entry = roll.strike(key::subject(&kind, &id))?;
            Some(Change::Gone(Gone { subject: entry.subject, row: entry.row }))
        }
    }
}

fn found(roll: &mut Roll, step: Step) -> Option<Change> {
    match step {
        Step::Elsewhere | Step::NoSubject { .. } | Step::Ended { .. } => None,
        Step::Same { at, collected } => {
            let entry = roll.entry(at);
            Some(Change::Unchanged(Sighting { subject: entry.subject, row: entry.row, collected }))
        }
        Step::Judged { standing, subject, document } => {
            let mut judged = Judged { standing: *standing, subject, before: None, document };
            judged.before = put(roll, &judged);
            Some(Change::Judged(Box::new(judged)))
        }
    }
}
