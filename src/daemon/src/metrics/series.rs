//! Numbers by name and labels, as many as there is room for. What is too much is put together, at its worst, and never left out.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric, MetricEncoder};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::histogram::Histogram;

use super::names::{ALL, FOLDED, Fold, Name, Type};

/// The label of what there is no room for.
pub const OTHERS: &str = "(others)";
/// How many series a gauge may have: 100 scopes of 200 controls.
const MOST_GAUGES: usize = 20_000;
/// How many series a counter or a histogram may have.
const MOST_COUNTERS: usize = 1_000;
/// Longer values of labels are cut.
const LONGEST_LABEL: usize = 200;
/// Runs take from a second to a night.
const BUCKETS: [f64; 9] = [1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 14_400.0, 43_200.0];

type Labels = Vec<String>;

/// All numbers.
#[derive(Debug, Default)]
pub struct Series(Mutex<Store>);

#[derive(Debug, Default)]
struct Store {
    gauges: BTreeMap<&'static str, BTreeMap<Labels, f64>>,
    counters: BTreeMap<&'static str, BTreeMap<Labels, u64>>,
    histograms: BTreeMap<&'static str, BTreeMap<Labels, Histogram>>,
}

impl Series {
    /// Sets one gauge.
    pub fn set(&self, name: &'static Name, labels: &[&str], value: f64) {
        let mut store = self.locked();
        let known = store.gauges.entry(name.name).or_default();
        let folded = put(known, name, labels_of(name, labels), value);
        store.folded(name, folded);
    }

    /// Takes a gauge away: nobody knows it now.
    pub fn unset(&self, name: &'static Name, labels: &[&str]) {
        if let Some(known) = self.locked().gauges.get_mut(name.name) {
            known.remove(&labels_of(name, labels));
        }
    }

    /// Replaces all series of a gauge: what is not among them is gone.
    pub fn replace<'v, const N: usize>(&self, name: &'static Name, values: impl IntoIterator<Item = ([&'v str; N], f64)>) {
        let mut known = BTreeMap::new();
        let folded = values.into_iter().map(|(labels, value)| put(&mut known, name, labels_of(name, &labels), value)).sum();
        let mut store = self.locked();
        store.gauges.insert(name.name, known);
        store.folded(name, folded);
    }

    /// Adds to a counter.
    pub fn add(&self, name: &'static Name, labels: &[&str], more: u64) {
        let mut store = self.locked();
        let known = store.counters.entry(name.name).or_default();
        let (labels, folded) = admitted(known, name, labels_of(name, labels), MOST_COUNTERS);
        let count = known.entry(labels).or_default();
        *count = count.saturating_add(more);
        store.folded(name, u64::from(folded));
    }

    /// Adds a value to a histogram.
    pub fn observe(&self, name: &'static Name, labels: &[&str], value: f64) {
        let mut store = self.locked();
        let known = store.histograms.entry(name.name).or_default();
        let (labels, folded) = admitted(known, name, labels_of(name, labels), MOST_COUNTERS);
        known.entry(labels).or_insert_with(|| Histogram::new(BUCKETS)).observe(value);
        store.folded(name, u64::from(folded));
    }

    fn locked(&self) -> MutexGuard<'_, Store> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Collector for Series {
    /// Writes everything, in the order of the list.
    fn encode(&self, mut encoder: DescriptorEncoder) -> std::fmt::Result {
        let store = self.locked();
        for name in ALL {
            match name.kind {
                Type::Gauge => {
                    let mut metric = encoder.encode_descriptor(name.name, name.help, None, MetricType::Gauge)?;
                    for (labels, value) in store.gauges.get(name.name).into_iter().flatten() {
                        one(&mut metric, name, labels, &ConstGauge::new(*value))?;
                    }
                }
                Type::Counter => {
                    // The encoder adds the end that the list shows.
                    let bare = name.name.strip_suffix("_total").unwrap_or(name.name);
                    let mut metric = encoder.encode_descriptor(bare, name.help, None, MetricType::Counter)?;
                    for (labels, value) in store.counters.get(name.name).into_iter().flatten() {
                        one(&mut metric, name, labels, &ConstCounter::new(*value))?;
                    }
                }
                Type::Histogram => {
                    let mut metric = encoder.encode_descriptor(name.name, name.help, None, MetricType::Histogram)?;
                    for (labels, value) in store.histograms.get(name.name).into_iter().flatten() {
                        one(&mut metric, name, labels, value)?;
                    }
                }
            }
        }
        Ok(())
    }
}

impl Store {
    fn folded(&mut self, name: &'static Name, count: u64) {
        if count > 0 {
            *self.counters.entry(FOLDED.name).or_default().entry(vec![name.name.to_owned()]).or_default() += count;
        }
    }
}

fn one(metric: &mut MetricEncoder, name: &Name, labels: &Labels, value: &impl EncodeMetric) -> std::fmt::Result {
    let pairs: Vec<(&str, &str)> = name.labels.iter().copied().zip(labels.iter().map(String::as_str)).collect();
    value.encode(metric.encode_family(&pairs)?)
}

fn labels_of(name: &'static Name, labels: &[&str]) -> Labels {
    assert_eq!(name.labels.len(), labels.len(), "`{}` has the labels {:?}", name.name, name.labels);
    let cut = |label: &&str| match label.char_indices().nth(LONGEST_LABEL) {
        Some((end, _)) => format!("{}…", &label[..end]),
        None => (*label).to_owned(),
    };
    labels.iter().map(cut).collect()
}

/// The labels themselves while there is room for them, and otherwise those of the others.
fn admitted<V>(known: &BTreeMap<Labels, V>, name: &Name, labels: Labels, most: usize) -> (Labels, bool) {
    match known.contains_key(&labels) || known.len() < most {
        true => (labels, false),
        false => (vec![OTHERS.to_owned(); name.labels.len()], true),
    }
}

fn put(known: &mut BTreeMap<Labels, f64>, name: &Name, labels: Labels, value: f64) -> u64 {
    let (labels, folded) = admitted(known, name, labels, MOST_GAUGES);
    let merged = match (folded.then(|| known.get(&labels)).flatten(), name.fold) {
        (None, _) => value,
        (Some(old), Fold::Sum) => old + value,
        (Some(old), Fold::Least) => old.min(value),
        (Some(old), Fold::Greatest) => old.max(value),
    };
    known.insert(labels, merged);
    u64::from(folded)
}

#[cfg(test)]
mod tests {
    use super::{MOST_COUNTERS, MOST_GAUGES, OTHERS, Series};
    use crate::metrics::names::{EVENTS_READ, FOLDED, LAST_ASSESSED};

    #[test]
    fn what_there_is_no_room_for_is_told_at_its_worst() {
        let series = Series::default();
        let scopes: Vec<String> = (0..MOST_GAUGES + 10).map(|at| format!("scope {at:06}")).collect();
        // The last ones are the oldest.
        let values = scopes.iter().enumerate().map(|(at, scope)| ([scope.as_str(), "dat-01"], 1e9 - at as f64));
        series.replace(&LAST_ASSESSED, values);
        let store = series.locked();
        let known = &store.gauges[LAST_ASSESSED.name];
        assert_eq!(known.len(), MOST_GAUGES + 1);
        assert_eq!(known[&vec![OTHERS.to_owned(), OTHERS.to_owned()]], 1e9 - (MOST_GAUGES + 9) as f64);
        assert_eq!(store.counters[FOLDED.name][&vec![LAST_ASSESSED.name.to_owned()]], 10);
    }

    #[test]
    fn a_counter_loses_no_count_when_there_are_too_many_labels() {
        let series = Series::default();
        (0..MOST_COUNTERS + 5).for_each(|at| series.add(&EVENTS_READ, &[&format!("source {at}")], 2));
        let store = series.locked();
        let known = &store.counters[EVENTS_READ.name];
        assert_eq!((known.len(), known.values().sum::<u64>()), (MOST_COUNTERS + 1, 2 * (MOST_COUNTERS as u64 + 5)));
    }

    #[test]
    fn a_scope_that_is_gone_is_told_no_more() {
        let series = Series::default();
        series.replace(&LAST_ASSESSED, [(["a", "dat-01"], 1.0), (["b", "dat-01"], 2.0)]);
        series.replace(&LAST_ASSESSED, [(["b", "dat-01"], 3.0)]);
        let store = series.locked();
        assert_eq!(store.gauges[LAST_ASSESSED.name].keys().map(|labels| labels[0].as_str()).collect::<Vec<_>>(), ["b"]);
    }
}
