//! NIST's rev5 MODERATE baseline resolved by the program itself, from its start to the last byte: milliseconds and peak memory, beside
//! trestle on the same documents. Prints ratios; judges nothing. Needs `cargo build --release`, and for trestle `tests/install.sh`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tests::parts::{oscal_data, program, root};

const PROFILE: &str = "nist-800-53-rev5/NIST_SP-800-53_rev5_MODERATE-baseline_profile.json";
/// The full catalog is not among the data; the HIGH baseline, resolved, holds every control of MODERATE.
const CATALOG: &str = "nist-800-53-rev5/NIST_SP-800-53_rev5_HIGH-baseline-resolved-profile_catalog-min.json";
const RUNS: usize = 10;

fn main() {
    let assize = root().join("target/release/assize");
    let Some(data) = oscal_data("resolve") else { return };
    if !assize.is_file() {
        return println!("no {}: cargo build --release", assize.display());
    }
    let folder = tempfile::tempdir().expect("a folder");
    let profile = workspace(&data, folder.path());
    let mut command = Command::new(assize);
    command.args(["oscal", "resolve", "--to", "compact", "--allow"]).arg(folder.path()).arg(&profile);
    let ours = (0..RUNS).map(|_| measured(&mut command)).min().expect("some runs");
    println!(
        "assize   {:>8.1} ms  {:>6.1} MB   {:.2} of 150 ms, {:.2} of 60 MB",
        ms(ours.0),
        mb(ours.1),
        ms(ours.0) / 150.0,
        mb(ours.1) / 60.0
    );
    let Some(trestle) = program("trestle", "resolve") else { return };
    // It refuses to import files out of its own project.
    let project = folder.path().join("project");
    std::fs::create_dir(&project).expect("a folder");
    let run = |args: &[&str]| Command::new(&trestle).args(args).current_dir(&project).output().expect("trestle runs");
    run(&["init"]);
    run(&["import", "-f", folder.path().join("catalog.json").to_str().expect("a path"), "-o", "catalog"]);
    run(&["import", "-f", folder.path().join("trestle.json").to_str().expect("a path"), "-o", "moderate"]);
    let mut command = Command::new(&trestle);
    command.args(["author", "profile-resolve", "-n", "moderate", "-o", "resolved"]).current_dir(&project);
    let theirs = measured(&mut command);
    let made = project.join("catalogs/resolved/catalog.json").is_file();
    println!("trestle  {:>8.1} ms  {:>6.1} MB   {}", ms(theirs.0), mb(theirs.1), if made { "resolved" } else { "failed" });
    println!("ratio    {:>8.0} times faster, {:.1} times less memory", ms(theirs.0) / ms(ours.0), mb(theirs.1) / mb(ours.1));
}

/// The documents where the profile looks for them, and once more with references as trestle wants them.
fn workspace(data: &Path, folder: &Path) -> PathBuf {
    let catalog = std::fs::read(data.join(CATALOG)).expect("the catalog");
    let at = folder.join("nist.gov/SP800-53/rev5/json");
    std::fs::create_dir_all(&at).expect("a folder");
    std::fs::write(at.join("NIST_SP-800-53_rev5_catalog.json"), &catalog).expect("a file");
    std::fs::write(folder.join("catalog.json"), &catalog).expect("a file");
    let profile = folder.join("a/b/c/d/profile.json");
    std::fs::create_dir_all(profile.parent().expect("it has one")).expect("a folder");
    let text = std::fs::read_to_string(data.join(PROFILE)).expect("the profile");
    std::fs::write(&profile, &text).expect("a file");
    let mut own: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    own["profile"]["imports"][0]["href"] = "trestle://catalogs/catalog/catalog.json".into();
    std::fs::write(folder.join("trestle.json"), own.to_string()).expect("a file");
    profile
}

/// How long a program runs, and its peak memory in kB.
fn measured(command: &mut Command) -> (Duration, u64) {
    let began = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it runs");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().expect("a child").is_none() {
        let seen = std::fs::read_to_string(&status).ok();
        let line = seen.as_deref().and_then(|text| text.lines().find_map(|line| line.strip_prefix("VmHWM:")));
        peak = peak.max(line.and_then(|line| line.trim().split(' ').next()?.parse().ok()).unwrap_or(0));
        std::thread::sleep(Duration::from_micros(500));
    }
    (began.elapsed(), peak)
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn mb(kilobytes: u64) -> f64 {
    kilobytes as f64 / 1e3
}
