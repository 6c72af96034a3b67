//! What happened in AWS, as CloudTrail tells it: its records as events, and the places they can be read from.

mod actor;
mod bucket;
mod classes;
mod live;
mod logging;
mod opened;
mod pace;
mod record;
mod touched;

use events::class;
use events::document::Words;
use events::transport::{Format, Layout};

pub use bucket::LogBucket;
pub use live::{LookupEvents, RETENTION, SETTLE};
pub use pace::{LIMITS, Pace};
pub use record::{event, lookup_records};

/// CloudTrail's records in files, objects and envelopes.
pub const FORMAT: Format = Format { source: SOURCE, layout: Layout::Document, records: record::records, event: record::event };

/// What the windows of CloudTrail say of themselves.
pub const WORDS: Words = Words {
    action: "cloudtrail:LookupEvents",
    watches: &[class::ADMINISTRATOR_USED, class::LOGGING_STOPPED, class::OPENED_TO_EVERYBODY],
    request: "requestParameters",
};

/// The kind of the documents that event controls judge.
pub const WINDOW_KIND: &str = "aws.events.window";

const SOURCE: &str = "aws.cloudtrail";
