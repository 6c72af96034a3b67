//! The program against a live endpoint, as somebody at a shell runs it: its exit code, and what it says of a call that is refused.

use std::path::Path;
use std::process::{Command, Output};

use tests::fault::Fault;
use tests::parts::{ACCOUNTS, Emulator};
use tests::proxy::{NO_CONSOLE, Proxy, SNAPSHOTS_BLOCKED};

fn assess(endpoint: &str, folder: &Path, more: &[&str]) -> Output {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let mut command = Command::new(env!("CARGO_BIN_EXE_assize"));
    command.current_dir(root).args(["assess", "--aws", "--region", "us-east-1", "--ledger"]).arg(folder.join("ledger.sqlite"));
    command.arg("--output").arg(folder.join("out")).args(more).env("AWS_ENDPOINT_URL", endpoint);
    // Nobody's own configuration, and no credentials but these.
    command.env("AWS_CONFIG_FILE", "/dev/null").env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null").env_remove("AWS_PROFILE");
    command.env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE").env("AWS_SECRET_ACCESS_KEY", "a-canary-that-nobody-may-print");
    command.output().expect("the program runs")
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_read_ends_in_exit_code_3_and_names_the_call_and_no_secret_is_written() {
    let test = "a_refused_read_ends_in_exit_code_3_and_names_the_call_and_no_secret_is_written";
    let (name, account) = ACCOUNTS[0];
    let Some(emulator) = Emulator::moto(account, test) else { return };
    emulator.seed(name, test);
    let proxy = Proxy::before(&emulator.endpoint).await;
    proxy.answer_for("ec2:GetSnapshotBlockPublicAccessState", SNAPSHOTS_BLOCKED);
    proxy.answer_for("ec2:GetSerialConsoleAccessStatus", NO_CONSOLE);
    // moto knows no LookupEvents; this is what AWS says of an hour in which nothing was changed.
    proxy.answer_for("cloudtrail:LookupEvents", r#"{"Events":[]}"#);
    let folder = tempfile::tempdir().unwrap();
    let run = |more: &[&str]| {
        let (endpoint, folder, more) =
            (proxy.endpoint.clone(), folder.path().to_owned(), more.iter().map(|arg| (*arg).to_owned()).collect());
        tokio::task::spawn_blocking(move || {
            let more: Vec<String> = more;
            assess(&endpoint, &folder, &more.iter().map(String::as_str).collect::<Vec<_>>())
        })
    };
    let whole = run(&[]).await.unwrap();
    assert_eq!(whole.status.code(), Some(1), "all is read, and there are findings: {}", text(&whole));
    assert_eq!(run(&["--check", "dat-10/*", "--fail-on", "critical"]).await.unwrap().status.code(), Some(0), "no finding is critical");
    for (call, fault) in [
        ("s3:ListBuckets", Fault::Denied),
        ("kms:GetKeyPolicy", Fault::Denied),
        ("iam:GetAccountSummary", Fault::Truncated),
        ("ec2:DescribeVolumes", Fault::Denied),
    ] {
        proxy.break_call(Some((call.to_owned(), fault)));
        let broken = run(&[]).await.unwrap();
        assert_eq!(broken.status.code(), Some(3), "{call}: {}", text(&broken));
        // S3 calls the permission otherwise than the call.
        let told = if call == "s3:ListBuckets" { "s3:ListAllMyBuckets" } else { call };
        assert!(text(&broken).contains(told), "{call} is not named: {}", text(&broken));
    }
    proxy.break_call(Some(("sts:GetCallerIdentity".to_owned(), Fault::Denied)));
    let stranger = run(&[]).await.unwrap();
    assert_eq!(stranger.status.code(), Some(4), "{}", text(&stranger));
    nothing_holds_the_secret(folder.path());
    assert!(!text(&stranger).contains("canary") && !text(&whole).contains("canary"));
}

fn nothing_holds_the_secret(folder: &Path) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        match entry.file_type().unwrap().is_dir() {
            true => nothing_holds_the_secret(&entry.path()),
            false => {
                let bytes = std::fs::read(entry.path()).unwrap();
                let found = bytes.windows(6).any(|window| window == b"canary");
                assert!(!found, "{} holds the secret", entry.path().display());
            }
        }
    }
}
