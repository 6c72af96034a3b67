//! Outside parts: found where they are installed, started on a port of their own, stopped when the test ends. A part that is not
//! there makes the test skip by name; with `ASSIZE_REQUIRE_ALL=1` it makes it fail.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde::Deserialize;

/// How to get every part, in one line.
const INSTALL: &str = "tests/install.sh";

/// The root of the workspace.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests lie in the workspace")
}

/// A program of the outside parts; `None`, said aloud, where it is not installed.
///
/// # Panics
/// If it is not installed and `ASSIZE_REQUIRE_ALL=1`.
pub fn program(name: &str, test: &str) -> Option<PathBuf> {
    let cache =
        std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")));
    let venv = std::env::var_os("ASSIZE_VENV").map(PathBuf::from).or_else(|| Some(cache?.join("assize/venv")));
    let on_path = std::env::var_os("PATH").into_iter().flat_map(|path| std::env::split_paths(&path).collect::<Vec<_>>());
    let found = venv.into_iter().map(|venv| venv.join("bin")).chain(on_path).map(|folder| folder.join(name)).find(|path| path.is_file());
    if found.is_none() {
        skip(test, name);
    }
    found
}

/// Says that a test is skipped, and how to have it run.
///
/// # Panics
/// If `ASSIZE_REQUIRE_ALL=1`.
pub fn skip(test: &str, needs: &str) {
    let told = format!("skipped: {test}: needs {needs}; install it with {INSTALL}");
    assert!(std::env::var_os("ASSIZE_REQUIRE_ALL").is_none_or(|value| value != "1"), "{told}");
    say(&told);
}

fn say(told: &str) {
    // Standard error is captured by the test harness unless the test fails; this must be seen.
    use std::io::Write;
    drop(writeln!(std::io::stderr(), "{told}"));
    drop(std::fs::OpenOptions::new().append(true).open("/dev/tty").and_then(|mut tty| writeln!(tty, "{told}")));
}

/// The folder of OSCAL documents and schemas that others published: `ASSIZE_OSCAL_DATA`, or beside the checkout; `None`, said aloud,
/// where it is not there.
///
/// # Panics
/// If it is not there and `ASSIZE_REQUIRE_ALL=1`, unless `ASSIZE_OSCAL_DATA=none` says that this is known.
pub fn oscal_data(test: &str) -> Option<PathBuf> {
    let told = std::env::var_os("ASSIZE_OSCAL_DATA");
    let folder = told.clone().map_or_else(|| root().join("../shared/data/oscal"), PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    match told.is_some_and(|told| told == "none") {
        true => say(&format!("skipped: {test}: there is no published OSCAL content")),
        false => skip(test, "the published OSCAL content"),
    }
    None
}

/// The accounts of the seeded estate: what `seed.py` calls them, and their numbers.
pub const ACCOUNTS: [(&str, &str); 3] = [("prod", "111122223333"), ("dev", "444455556666"), ("log-archive", "777788889999")];

/// An emulator of one AWS account.
pub struct Emulator {
    child: Child,
    /// What it is, as the seed and the list of deviations call it.
    pub name: &'static str,
    /// Where it answers.
    pub endpoint: String,
}

/// What the seed made.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seeded {
    /// What AWS would show: `<check> <resource>` to verdict.
    pub verdicts: BTreeMap<String, String>,
    /// Names of resources whose id says nothing.
    pub names: BTreeMap<String, String>,
    /// The calls that the seed found the emulator to lack.
    pub lacking: BTreeSet<String>,
}

impl Emulator {
    /// Starts moto for an account; `None` where it is not installed.
    ///
    /// # Panics
    /// If it does not answer within a minute.
    pub fn moto(account: &str, test: &str) -> Option<Self> {
        let port = free_port();
        let mut command = Command::new(program("moto_server", test)?);
        command.args(["-p", &port.to_string()]).env("MOTO_ACCOUNT_ID", account).env("MOTO_IAM_LOAD_MANAGED_POLICIES", "true");
        command.env("MOTO_EC2_LOAD_DEFAULT_AMIS", "false");
        Some(Self::start("moto", command, port))
    }

    /// Starts ministack for an account; `None` where it is not installed.
    ///
    /// # Panics
    /// If it does not answer within a minute.
    pub fn ministack(account: &str, test: &str) -> Option<Self> {
        let port = free_port();
        let mut command = Command::new(program("ministack", test)?);
        command.env("GATEWAY_PORT", port.to_string()).env("MINISTACK_ACCOUNT_ID", account);
        command.env("BIND_HOST", "127.0.0.1").env("MINISTACK_HOST", "127.0.0.1");
        Some(Self::start("ministack", command, port))
    }

    fn start(name: &'static str, mut command: Command, port: u16) -> Self {
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the emulator starts");
        let emulator = Self { child, name, endpoint: format!("http://127.0.0.1:{port}") };
        let patience = Instant::now() + Duration::from_secs(60);
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < patience, "{name} does not answer");
            std::thread::sleep(Duration::from_millis(50));
        }
        emulator
    }

    /// Seeds it, and gives what every check must say.
    ///
    /// # Panics
    /// If the seed fails.
    pub fn seed(&self, name: &str, test: &str) -> Seeded {
        let python = program("python", test).expect("it is beside the emulator");
        let folder = tempfile::tempdir().expect("a folder");
        let truth = folder.path().join("truth.json");
        let script = root().join("tests/seed/seed.py");
        let mut command = Command::new(python);
        command.arg(script).args(["--endpoint", &self.endpoint, "--account", name, "--emulator", self.name, "--truth"]).arg(&truth);
        let done = command.output().expect("python runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        serde_json::from_slice(&std::fs::read(truth).expect("the seed wrote the truth")).expect("the truth is JSON")
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn free_port() -> u16 {
    std::net::TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr()).expect("a free port").port()
}
