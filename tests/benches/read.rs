//! A catalog of ten megabytes, read: milliseconds beside what the JSON parser alone takes for the same bytes without any types. Prints
//! ratios; judges nothing. The catalog is NIST's revision 4 four times over.

use std::time::{Duration, Instant};

use serde_json::Value;
use tests::parts::oscal_data;

const CATALOG: &str = "nist-800-53-rev4/NIST_SP-800-53_rev4_catalog-min.json";
const RUNS: usize = 10;

fn main() {
    let Some(data) = oscal_data("read") else { return };
    let mut catalog: Value = serde_json::from_slice(&std::fs::read(data.join(CATALOG)).expect("the catalog")).expect("JSON");
    let groups = catalog["catalog"]["groups"].as_array_mut().expect("groups");
    let once = groups.clone();
    (0..3).for_each(|_| groups.extend(once.iter().cloned()));
    let bytes = serde_json::to_vec(&catalog).expect("JSON");
    let typed = best(|| drop(std::hint::black_box(oscal::read_json(&bytes, "big.json").expect("it is valid"))));
    let untyped = best(|| drop(std::hint::black_box(serde_json::from_slice::<Value>(&bytes).expect("JSON"))));
    let megabytes = bytes.len() as f64 / 1e6;
    println!("typed, every value checked  {:>7.1} ms for {megabytes:.1} MB", ms(typed));
    println!("serde_json::Value           {:>7.1} ms", ms(untyped));
    println!("ratio                       {:>7.2}", ms(typed) / ms(untyped));
}

/// The quickest of some runs, letting go included.
fn best(run: impl Fn()) -> Duration {
    let one = |_| {
        let started = Instant::now();
        run();
        started.elapsed()
    };
    (0..RUNS).map(one).min().expect("some runs")
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
