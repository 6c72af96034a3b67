//! The cases of the event controls are what the code makes of CloudTrail's records: `UPDATE=1` writes them.

use std::path::Path;

use events::document::{Limits, Seen, resource};
use events::{Ended, Span};
use inventory::Gap;
use provider_aws::events::{WINDOW_KIND, WORDS};

use super::events;

/// A check, its case, the records in it, and whether the window was read to its end.
const CASES: &[(&str, &str, &[usize], bool)] = &[
    ("idm-05/aws/root-was-not-used", "pass-refused-at-the-door", &[1, 4, 8], true),
    ("idm-05/aws/root-was-not-used", "fail-console-login", &[0], true),
    ("idm-05/aws/root-was-not-used", "fail-not-read-to-the-end", &[0], false),
    ("idm-05/aws/root-was-not-used", "unknown-not-read-to-the-end", &[5], false),
    ("log-01/aws/logging-was-not-stopped", "pass-refused", &[3, 5], true),
    ("log-01/aws/logging-was-not-stopped", "fail-trail-stopped", &[2], true),
    ("log-01/aws/logging-was-not-stopped", "unknown-advanced-selectors", &[11], true),
    ("log-01/aws/logging-was-not-stopped", "unknown-denied", &[], false),
    ("idm-14/aws/nothing-was-opened-to-everybody", "pass-policy-for-one-account", &[5], true),
    ("idm-14/aws/nothing-was-opened-to-everybody", "fail-bucket-opened", &[4], true),
    ("idm-14/aws/nothing-was-opened-to-everybody", "unknown-denied", &[], false),
];

#[test]
fn the_cases_of_event_controls_are_what_the_code_makes() {
    let controls = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../controls");
    let all = events();
    let span = Span { from: "2027-03-01T10:00:00Z".parse().unwrap(), to: "2027-03-01T11:00:00Z".parse().unwrap() };
    let (kind, scope) = (WINDOW_KIND.parse().unwrap(), all[0].scope.clone());
    for (check, case, records, whole) in CASES {
        let events: Vec<_> = records.iter().map(|at| all[*at].clone()).collect();
        let gap = Gap::new("cloudtrail:LookupEvents", "AccessDeniedException").with_detail("no identity-based policy allows it");
        let ended = if *whole { Ended::Complete } else { Ended::Gap(gap) };
        let seen = Seen { scope: &scope, span, events: &events, ended: &ended };
        let made = resource(&kind, &WORDS, &seen, &Limits::default(), span.to);
        let text = serde_json::to_string_pretty(&made).unwrap() + "\n";
        let path = controls.join(check).join(format!("{case}.json"));
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        let lies = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(lies == text, "{} is not what the code makes; `UPDATE=1 cargo test -p assize-provider-aws` writes it", path.display());
    }
}

#[test]
fn the_kind_has_the_shape_and_the_names_of_its_documents() {
    let kind = provider_aws::kinds().iter().find(|kind| kind.id.as_str() == WINDOW_KIND).unwrap();
    assert_eq!(kind.shape, events::document::shape());
    let declared = include_str!("../../kinds/events_window.toml");
    let scope = inventory::Scope::account("aws", "{account}").region("{region}");
    let id = events::document::id(&kind.id, &scope);
    assert!(declared.contains(&format!("id   = \"{id}\"")), "{id}");
}
