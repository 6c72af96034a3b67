use std::collections::BTreeMap;

use serde_json::json;

use super::*;
use crate::{CollectError, Fields, Gap, Item, Kind, KindId, Provider, Reach, Read, Resource, Scope, Shape, Want};

fn bucket() -> Kind {
    Kind {
        id: "toy.bucket".parse().unwrap(),
        title: "bucket".into(),
        reach: Reach::Global,
        singleton: false,
        shape: Shape::Any,
        dependencies: Vec::new(),
    }
}

fn items() -> Vec<Item> {
    let kind: KindId = "toy.bucket".parse().unwrap();
    let scope = Scope::account("toy", "1111");
    let unread = Gap::new("toy:GetAcl", "AccessDenied");
    let resource = Resource {
        kind: kind.clone(),
        id: "toy:bucket/logs".into(),
        name: "logs".into(),
        scope: scope.clone(),
        tags: Read::Known(BTreeMap::from([("owner".into(), "platform".into())])),
        collected: "2026-11-23T06:00:00Z".parse().unwrap(),
        document: json!({ "Name": "logs", "Acl": unread.to_document() }),
    };
    vec![Item::Resource(resource), Item::Listed { kind, scope, count: 1 }]
}

fn record(folder: &std::path::Path) -> Manifest {
    let started = "2026-11-23T06:00:00Z".parse().unwrap();
    let mut writer = SnapshotWriter::create(folder, Scope::account("toy", "1111"), started).unwrap();
    items().iter().for_each(|item| writer.push(item).unwrap());
    writer.finish("2026-11-23T06:00:09Z".parse().unwrap()).unwrap()
}

async fn replay(folder: &std::path::Path, kind: &str) -> Result<Vec<Item>, CollectError> {
    let snapshot = Snapshot::open(folder, &[bucket()]).unwrap();
    let (sink, mut out) = tokio::sync::mpsc::channel(8);
    let wants = [Want { kind: kind.parse().unwrap(), fields: Fields::All }];
    let sent = snapshot.collect(&wants, sink).await;
    let mut seen = Vec::new();
    while let Some(item) = out.recv().await {
        seen.push(item.opened().unwrap());
    }
    sent.map(|()| seen)
}

#[tokio::test]
async fn what_was_recorded_comes_back_with_its_gaps() {
    let folder = tempfile::tempdir().unwrap();
    record(folder.path());
    assert_eq!(replay(folder.path(), "toy.bucket").await.unwrap(), items());
}

#[tokio::test]
async fn a_kind_that_was_not_recorded_is_a_gap_and_not_an_empty_list() {
    let folder = tempfile::tempdir().unwrap();
    record(folder.path());
    let seen = replay(folder.path(), "toy.queue").await.unwrap();
    assert!(matches!(&seen[..], [Item::Gap { gap, .. }] if gap.cause == "NotRecorded"));
}

#[tokio::test]
async fn a_flipped_byte_is_found_before_anything_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    record(folder.path());
    let path = folder.path().join("toy.bucket.ndjson.zst");
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    assert!(matches!(replay(folder.path(), "toy.bucket").await, Err(CollectError::Damaged { .. })));
}

#[test]
fn an_interrupted_recording_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = SnapshotWriter::create(folder.path(), Scope::account("toy", "1111"), "2026-11-23T06:00:00Z".parse().unwrap()).unwrap();
    items().iter().for_each(|item| writer.push(item).unwrap());
    drop(writer);
    assert!(matches!(Snapshot::open(folder.path(), &[]), Err(SnapshotError::Missing(_))));
}

#[test]
fn recordings_in_subfolders_are_all_found() {
    let folder = tempfile::tempdir().unwrap();
    record(&folder.path().join("b"));
    record(&folder.path().join("a"));
    let found = Snapshot::open_all(folder.path(), &[bucket()]).unwrap();
    assert_eq!(found.iter().map(|snapshot| snapshot.folder().file_name().unwrap().to_owned()).collect::<Vec<_>>(), ["a", "b"]);
}
