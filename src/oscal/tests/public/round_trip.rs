use std::collections::BTreeMap;

use crate::content::{Official, folder, samples};

#[test]
fn every_valid_published_document_is_read_and_written_back_equal() {
    let Some(folder) = folder("every_valid_published_document_is_read_and_written_back_equal") else { return };
    let official = Official::load(&folder);
    let (mut equal, mut invalid, mut wrong) = (BTreeMap::<&str, usize>::new(), Vec::new(), Vec::new());
    for sample in samples(&folder) {
        let name = sample.path.strip_prefix(&folder).unwrap_or(&sample.path).display().to_string();
        let read = oscal::read_json(&sample.bytes, &name);
        if !official.newest_accepts(sample.root, &sample.value) && !official.oldest_accepts(&sample.value) {
            invalid.push(format!("{name}: read = {}", read.map_or_else(|e| e.to_string(), |_| "ok".to_owned())));
            continue;
        }
        match read {
            Ok(document) => {
                let mut bytes = Vec::new();
                document.to_writer(&mut bytes, oscal::Layout::Compact).expect("memory");
                let written: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
                let yaml =
                    oscal::read_source(document.to_yaml().as_bytes(), oscal::Format::Yaml, &name).and_then(|source| source.document());
                match written == sample.value && yaml.as_ref() == Ok(&document) {
                    true => *equal.entry(sample.root).or_default() += 1,
                    false => wrong.push(name),
                }
            }
            Err(error) => wrong.push(error.to_string()),
        }
    }
    println!("read and written back equal: {equal:?}; held invalid by both official schemas:\n{}", invalid.join("\n"));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(equal.len() == 8 && equal.values().sum::<usize>() > 450, "too few documents were met: {equal:?}");
}
