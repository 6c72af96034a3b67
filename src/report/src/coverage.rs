//! Where was looked, and where and when nobody did, as the assessment log tells of it.

use oscal::AssessmentResult;

use crate::view::{classed, own};

/// What was looked at in one scope.
#[derive(Debug)]
pub struct Coverage<'a> {
    /// The scope.
    pub scope: &'a str,
    /// Kinds that were listed, and how many there were.
    pub listed: Vec<(&'a str, &'a str)>,
    /// Kinds that could not be listed, and why.
    pub gaps: Vec<(&'a str, &'a str)>,
}

/// A span in which nobody looked at a scope, or could not.
#[derive(Debug)]
pub struct CoverageGap<'a> {
    /// The scope.
    pub scope: &'a str,
    /// The kinds.
    pub kinds: Vec<&'a str>,
    /// From when.
    pub from: &'a str,
    /// Until when.
    pub until: &'a str,
    /// Why: `nobody-looked`, `daemon-down`, `list-failed`, `unreachable`, `tick-skipped`, `interrupted`.
    pub reason: &'a str,
    /// All of it in a sentence.
    pub sentence: &'a str,
}

/// Where was looked.
pub(crate) fn coverage(result: &AssessmentResult) -> Vec<Coverage<'_>> {
    let entries = result.assessment_log.iter().flat_map(|log| &log.entries);
    let looked = entries.filter_map(|entry| Some((own(&entry.props, "scope")?, entry.props.as_slice())));
    looked.map(|(scope, props)| Coverage { scope, listed: classed(props, "listed"), gaps: classed(props, "gap") }).collect()
}

/// Where and when nobody looked since the run before.
pub(crate) fn unseen(result: &AssessmentResult) -> Vec<CoverageGap<'_>> {
    let entries = result.assessment_log.iter().flat_map(|log| &log.entries);
    let gap = entries.filter_map(|entry| {
        Some(CoverageGap {
            reason: own(&entry.props, "coverage-gap")?,
            scope: own(&entry.props, "gap-scope")?,
            kinds: classed(&entry.props, "gap-kind").into_iter().map(|(_, kind)| kind).collect(),
            from: entry.start.as_str(),
            until: entry.end.as_ref().map_or("", |end| end.as_str()),
            sentence: entry.title.as_ref().map_or("", |title| title.as_str()),
        })
    });
    gap.collect()
}
