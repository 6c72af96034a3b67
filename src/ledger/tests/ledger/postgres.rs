//! A private PostgreSQL: a cluster of its own in a temporary folder, reached by a socket there, gone when the test process is.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// A running cluster.
pub struct Postgres {
    folder: tempfile::TempDir,
    bin: PathBuf,
    server: Option<Child>,
}

/// Where the server's programs lie: on the path, or where Debian puts them.
fn programs() -> Option<PathBuf> {
    let on_path = std::env::var_os("PATH").into_iter().flat_map(|path| std::env::split_paths(&path).collect::<Vec<_>>());
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    versions.chain(on_path).find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.starts_with(b"0\n"))
}

/// PostgreSQL does not run as root; then it runs as another user.
fn command(bin: &Path, program: &str) -> Command {
    let path = bin.join(program);
    if !is_root() {
        return Command::new(path);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(path);
    command
}

impl Postgres {
    /// Starts one; `None`, said aloud, where it is not installed.
    ///
    /// # Panics
    /// If it is not installed and `ASSIZE_REQUIRE_ALL=1`, or does not start.
    pub fn start(test: &str) -> Option<Self> {
        let Some(bin) = programs() else {
            let told = format!("skipped: {test} on PostgreSQL: needs PostgreSQL 15 or later; install it with tests/install.sh");
            assert!(std::env::var_os("ASSIZE_REQUIRE_ALL").is_none_or(|value| value != "1"), "{told}");
            eprintln!("{told}");
            return None;
        };
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        std::fs::create_dir(&data).expect("a folder");
        if is_root() {
            let owned = Command::new("chown").args(["-R", "65534:65534"]).arg(folder.path()).status().expect("chown runs");
            assert!(owned.success());
        }
        let made = command(&bin, "initdb")
            .args(["--username=assize", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "-D"])
            .arg(&data)
            .current_dir(folder.path())
            .output()
            .expect("initdb runs");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let mut cluster = Self { folder, bin, server: None };
        cluster.run();
        Some(cluster)
    }

    /// Runs the server, also again after it was killed.
    ///
    /// # Panics
    /// If it does not start within a minute.
    pub fn run(&mut self) {
        self.kill();
        for left in ["data/postmaster.pid", ".s.PGSQL.5432.lock"] {
            drop(std::fs::remove_file(self.folder.path().join(left)));
        }
        let server = command(&self.bin, "postgres");
        let words: Vec<String> =
            std::iter::once(server.get_program()).chain(server.get_args()).map(|word| word.to_string_lossy().into_owned()).collect();
        // A shell waits for the end of its input, which comes when this process ends, however it ends; then it stops the server.
        let script = "\"$@\" >server.log 2>&1 & pid=$!; cat >/dev/null; kill -KILL $pid";
        let mut shell = Command::new("sh");
        shell.args(["-c", script, "sh"]).args(words).arg("-D").arg(self.folder.path().join("data")).arg("-k").arg(self.folder.path());
        shell.args(["-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=60", "-c", "shared_buffers=64MB"]);
        shell.current_dir(self.folder.path()).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        self.server = Some(shell.spawn().expect("the server starts"));
        let patience = Instant::now() + Duration::from_secs(60);
        while !self.sql("postgres", "SELECT 1") {
            assert!(Instant::now() < patience, "{}", std::fs::read_to_string(self.folder.path().join("server.log")).unwrap_or_default());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Kills the server, as a machine dies.
    pub fn kill(&mut self) {
        let pid = std::fs::read_to_string(self.folder.path().join("data/postmaster.pid")).unwrap_or_default();
        if let (Some(pid), Some(mut shell)) = (pid.lines().next(), self.server.take()) {
            drop(shell.stdin.take());
            drop(shell.wait());
            let patience = Instant::now() + Duration::from_secs(30);
            // Its children go when they see that it is gone; until then a new server refuses to start.
            while Command::new("pgrep")
                .args(["-f", &self.folder.path().join("data").to_string_lossy()])
                .output()
                .is_ok_and(|found| found.status.success())
                && Instant::now() < patience
            {
                std::thread::sleep(Duration::from_millis(20));
            }
            drop(pid.to_owned());
        }
    }

    /// Carries out a statement; whether that succeeded.
    pub fn sql(&self, database: &str, sql: &str) -> bool {
        let mut psql = Command::new(self.bin.join("psql"));
        psql.args(["-X", "-q", "-U", "assize", "-d", database, "-c", sql, "-h"]).arg(self.folder.path());
        psql.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    }

    /// A database that nobody else uses.
    ///
    /// # Panics
    /// If it cannot be made.
    pub fn database(&self) -> String {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("ledger{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        assert!(self.sql("postgres", &format!("CREATE DATABASE {name}")), "the database can be made");
        name
    }

    /// The URL of a database.
    pub fn url(&self, database: &str) -> String {
        let folder = self.folder.path().to_string_lossy().replace('/', "%2F");
        format!("postgres://assize@{folder}/{database}")
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.kill();
    }
}
