//! One HTML file: no network, no script, escaped throughout, readable in light and dark, on paper and without a mouse.
//!
//! Control by control it is written as it is rendered, so that a large estate needs no large memory. Lists are cut at a number
//! that a person can still read, and say so.

use std::collections::BTreeMap;
use std::io::Write;

use askama::Template;

use crate::coverage::Coverage;
use crate::shown::shown_lines;
use crate::view::{CheckView, ControlView, SubjectView, View, expired, own, said, verdict};

/// Failing, unknown and exempt subjects that are listed per check and verdict.
const LISTED: usize = 200;

/// Passing subjects that are named per check.
const NAMED: usize = 20;

#[derive(Template)]
#[template(path = "head.html")]
struct Head<'v, 'a> {
    view: &'v View<'a>,
    share: Vec<(&'static str, &'static str, u64, String)>,
    blind: Vec<&'v Coverage<'a>>,
}

#[derive(Template)]
#[template(path = "control.html")]
struct ControlPage<'v, 'a> {
    control: &'v ControlView<'a>,
    checks: Vec<CheckPage<'v, 'a>>,
}

struct CheckPage<'v, 'a> {
    check: &'v CheckView<'a>,
    groups: Vec<Group<'a>>,
    passing: Vec<&'a str>,
    more_passing: u64,
    inapplicable: Vec<(&'a str, usize)>,
    /// What was seen and has expired: the verdict, how many, and since when nothing is known.
    stale: Vec<(&'a str, usize, String)>,
    /// How many more there are of a verdict than a person would read.
    unlisted: Vec<(&'static str, usize)>,
}

/// Subjects with one verdict in one scope.
struct Group<'a> {
    class: &'static str,
    word: &'static str,
    scope: &'a str,
    exemption: Option<&'a str>,
    subjects: Vec<SubjectView<'a>>,
    /// Evidence or gaps of all of them.
    common: Vec<(&'a str, &'a str)>,
}

#[derive(Template)]
#[template(path = "foot.html")]
struct Foot<'v, 'a> {
    view: &'v View<'a>,
}

/// Writes the report.
///
/// # Errors
/// If the writer fails.
pub fn html(view: &View, out: &mut dyn Write) -> std::io::Result<()> {
    let blind = view.coverage.iter().filter(|coverage| !coverage.gaps.is_empty()).collect();
    put(out, &Head { view, share: share(view), blind })?;
    let mut controls: Vec<&ControlView> = view.controls.iter().collect();
    controls.sort_by_key(|control| (control.status, control.id));
    for control in controls {
        put(out, &ControlPage { control, checks: control.checks.iter().map(|check| check_page(view, check)).collect() })?;
    }
    put(out, &Foot { view })
}

fn put(out: &mut dyn Write, page: &impl Template) -> std::io::Result<()> {
    let text = page.render().map_err(std::io::Error::other)?;
    out.write_all(shown_lines(&text).as_bytes())
}

/// The parts of the bar: class, word, count, width in percent.
fn share(view: &View) -> Vec<(&'static str, &'static str, u64, String)> {
    let counts = &view.counts;
    let total = counts.total().max(1) as f64;
    let parts = [
        ("fail", "fail", counts.fail),
        ("unknown", "unknown", counts.unknown),
        ("unknown", "stale", counts.stale),
        ("exempt", "exempt", counts.exempt),
        ("pass", "pass", counts.pass),
    ];
    let parts = parts.into_iter().chain([("none", "not applicable", counts.not_applicable)]);
    parts
        .filter(|(_, _, count)| *count > 0)
        .map(|(class, word, count)| (class, word, count, format!("{:.2}", count as f64 / total * 100.0)))
        .collect()
}

fn check_page<'v, 'a>(view: &View<'a>, check: &'v CheckView<'a>) -> CheckPage<'v, 'a> {
    let mut listed: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut page = CheckPage {
        check,
        groups: Vec::new(),
        passing: Vec::new(),
        more_passing: 0,
        inapplicable: Vec::new(),
        stale: Vec::new(),
        unlisted: Vec::new(),
    };
    for observation in &check.observations {
        if let Some(since) = expired(observation, view.now) {
            page.stale.push((verdict(observation), observation.subjects.len(), since.to_string()));
            continue;
        }
        let exemption = own(&observation.props, "exemption");
        let (class, word) = match (verdict(observation), exemption) {
            ("pass", _) => {
                let room = NAMED.saturating_sub(page.passing.len());
                page.passing.extend(observation.subjects.iter().take(room).map(|reference| view.subject(observation, reference).name));
                page.more_passing += observation.subjects.len().saturating_sub(room) as u64;
                continue;
            }
            ("not-applicable", _) => {
                let reason = observation.remarks.as_ref().map_or("", |reason| reason.as_str());
                page.inapplicable.push((reason, observation.subjects.len()));
                continue;
            }
            ("vacuous", _) => continue,
            ("fail", None) => ("fail", "fail"),
            ("fail", Some(_)) => ("exempt", "exempt"),
            (_, _) => ("unknown", "unknown"),
        };
        let already = listed.entry(class).or_default();
        let room = LISTED.saturating_sub(*already);
        *already += observation.subjects.len();
        if room == 0 {
            continue;
        }
        page.groups.push(Group {
            class,
            word,
            scope: own(&observation.props, "scope").unwrap_or_default(),
            exemption,
            subjects: observation.subjects.iter().take(room).map(|reference| view.subject(observation, reference)).collect(),
            common: said(&observation.props),
        });
    }
    let order = |class: &str| ["fail", "unknown", "exempt"].iter().position(|known| *known == class);
    page.unlisted = listed.into_iter().map(|(word, count)| (word, count.saturating_sub(LISTED))).filter(|(_, left)| *left > 0).collect();
    page.groups.sort_by_key(|group| (order(group.class), group.scope));
    page
}
