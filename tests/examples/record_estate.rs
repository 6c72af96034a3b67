//! Makes `tests/estate` anew: seeds an emulator per account and records it with `assize snapshot record`, one read denied on the way.
//!
//! `cargo build && cargo run -p tests --example record_estate` writes the recordings; cases of checks follow with `record_cases`.

use std::process::Command;

use tests::fault::Fault;
use tests::parts::{ACCOUNTS, Emulator, root};
use tests::proxy::{NO_CONSOLE, Proxy, SNAPSHOTS_BLOCKED, SNAPSHOTS_UNBLOCKED};

#[tokio::main]
async fn main() {
    let estate = root().join("tests/estate");
    for (name, account) in ACCOUNTS {
        let emulator = Emulator::moto(account, "record_estate").expect("moto is installed");
        emulator.seed(name, "record_estate");
        let proxy = Proxy::before(&emulator.endpoint).await;
        proxy.answer_for("ec2:GetSnapshotBlockPublicAccessState", if name == "prod" { SNAPSHOTS_BLOCKED } else { SNAPSHOTS_UNBLOCKED });
        proxy.answer_for("ec2:GetSerialConsoleAccessStatus", NO_CONSOLE);
        // moto knows no LookupEvents; this is what AWS says of an hour in which nothing was changed.
        proxy.answer_for("cloudtrail:LookupEvents", r#"{"Events":[]}"#);
        if name == "dev" {
            // What the first run shows as unknown: nobody allowed us to read key policies there.
            proxy.break_call(Some(("kms:GetKeyPolicy".to_owned(), Fault::Denied)));
        }
        let folder = estate.join(account);
        drop(std::fs::remove_dir_all(&folder));
        let endpoint = proxy.endpoint.clone();
        let recording = tokio::task::spawn_blocking(move || {
            Command::new(root().join("target/debug/assize"))
                .args([
                    "snapshot",
                    "record",
                    "--aws",
                    "--region",
                    "us-east-1",
                    "--region",
                    "eu-central-1",
                    "--endpoint-url",
                    &endpoint,
                    "--output",
                ])
                .arg(folder)
                .env("AWS_ACCESS_KEY_ID", "testing")
                .env("AWS_SECRET_ACCESS_KEY", "testing")
                .status()
        });
        let status = recording.await.expect("the recorder runs").expect("`cargo build` made it");
        assert!(status.success(), "{name}: {status}");
    }
}
