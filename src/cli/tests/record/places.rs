//! A record in each store, made by the program itself: two runs over the recorded estate, the second with some of it gone.

use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use serde_json::Value;
use sha2::Digest;

use crate::common::{assize, root, text};
use crate::postgres::Postgres;

/// The clocks of the two runs.
pub const FIRST: &str = "2026-11-24T06:00:00Z";
pub const SECOND: &str = "2026-11-25T06:00:00Z";
/// After both.
pub const LATER: &str = "2026-11-25T12:00:00Z";

/// What changes between them.
pub const CLOSED: &str = "arn:aws:s3:::prod-111122223333-public-acl";
pub const DELETED: &str = "arn:aws:s3:::prod-111122223333-tls-for-objects-only";

/// A folder with a configuration and a record.
pub struct Place {
    pub folder: tempfile::TempDir,
    pub ledger: String,
}

fn cluster(test: &str) -> Option<MutexGuard<'static, Postgres>> {
    static CLUSTER: OnceLock<Option<Mutex<Postgres>>> = OnceLock::new();
    let cluster = CLUSTER.get_or_init(|| Postgres::start(test).map(Mutex::new));
    cluster.as_ref().map(|cluster| cluster.lock().unwrap_or_else(PoisonError::into_inner))
}

/// An empty place in every store that is here.
pub fn empty(test: &str) -> Vec<Place> {
    let folder = tempfile::tempdir().unwrap();
    let ledger = folder.path().join("ledger.sqlite").to_str().unwrap().to_owned();
    let mut places = vec![Place { folder, ledger }];
    if let Some(cluster) = cluster(test) {
        let database = cluster.database();
        places.push(Place { folder: tempfile::tempdir().unwrap(), ledger: cluster.url(&database) });
    }
    places.iter().for_each(|place| place.configure(""));
    places
}

/// The same with two runs on record.
pub fn assessed(test: &str) -> Vec<Place> {
    let places = empty(test);
    for place in &places {
        place.run(FIRST);
        place.change_the_estate();
        place.run(SECOND);
    }
    places
}

impl Place {
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes the configuration: the recorded estate, copied so that it can change, and what a test adds.
    pub fn configure(&self, more: &str) {
        let estate = self.path("estate");
        if !estate.exists() {
            copy(&root().join("tests/estate"), &estate);
        }
        let root = root();
        let root = root.display();
        let config = format!(
            "exemption_files = [\"{root}/tests/estate/exemptions.toml\"]\n{more}\n[assess]\nprofile = \"{root}/catalogs/profile-wave-1-2.json\"\n\
             controls = \"{root}/controls\"\nframeworks = \"{root}/catalogs/frameworks\"\nmappings = \"{root}/catalogs/mappings\"\n\
             [[scope]]\nname = \"estate\"\nsnapshot = \"estate\"\n"
        );
        std::fs::write(self.path("config.toml"), config).unwrap();
    }

    /// A bucket is closed to the public, and another is deleted.
    fn change_the_estate(&self) {
        let folder = self.path("estate/111122223333");
        let (file, manifest) = (folder.join("aws.s3.bucket.ndjson.zst"), folder.join("manifest.json"));
        let lines = String::from_utf8(zstd::decode_all(std::fs::File::open(&file).unwrap()).unwrap()).unwrap();
        let mut buckets: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        buckets.retain(|bucket| bucket["id"] != DELETED);
        let closed = buckets.iter_mut().find(|bucket| bucket["id"] == CLOSED).unwrap();
        let block = closed["document"]["PublicAccessBlock"].as_object_mut().unwrap();
        block.values_mut().for_each(|flag| *flag = true.into());
        let lines: String = buckets.iter().map(|bucket| format!("{bucket}\n")).collect();
        let packed = zstd::encode_all(lines.as_bytes(), 3).unwrap();
        let mut said: Value = serde_json::from_slice(&std::fs::read(&manifest).unwrap()).unwrap();
        let listing = said["listings"].as_array_mut().unwrap().iter_mut().find(|one| one["kind"] == "aws.s3.bucket").unwrap();
        listing["outcome"]["count"] = buckets.len().into();
        let hash: String = sha2::Sha256::digest(&packed).iter().map(|byte| format!("{byte:02x}")).collect();
        let of = &mut said["files"]["aws.s3.bucket"];
        (of["resources"], of["sha256"]) = (buckets.len().into(), hash.into());
        std::fs::write(&manifest, said.to_string()).unwrap();
        std::fs::write(&file, packed).unwrap();
    }

    /// Assesses everything that is configured.
    pub fn run(&self, now: &str) {
        let out = self.path("out");
        let done = self.command(&["assess", "--now", now, "--output", out.to_str().unwrap()]);
        assert!(matches!(done.status.code(), Some(1 | 3)), "{}", text(&done.stderr));
    }

    /// A command on this record.
    pub fn command(&self, args: &[&str]) -> Output {
        let config = self.path("config.toml");
        let mut all: Vec<&str> = args.to_vec();
        all.extend(["--config", config.to_str().unwrap(), "--ledger", &self.ledger]);
        assize(&all)
    }

    /// What a command prints; it must end with this code.
    pub fn says(&self, code: i32, args: &[&str]) -> String {
        let done = self.command(args);
        assert_eq!(done.status.code(), Some(code), "{args:?}\n{}{}", text(&done.stdout), text(&done.stderr));
        text(&done.stdout)
    }

    /// What a command prints as JSON.
    pub fn json(&self, code: i32, args: &[&str]) -> Value {
        let said = self.says(code, &[args, &["--format", "json"]].concat());
        serde_json::from_str(&said).unwrap_or_else(|error| panic!("{args:?}: {error}\n{said}"))
    }

    /// What a command complains of; it must end with this code.
    pub fn complains(&self, code: i32, args: &[&str]) -> String {
        let done = self.command(args);
        assert_eq!(done.status.code(), Some(code), "{args:?}\n{}{}", text(&done.stdout), text(&done.stderr));
        text(&done.stderr)
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &to),
            false => drop(std::fs::copy(entry.path(), to).unwrap()),
        }
    }
}
