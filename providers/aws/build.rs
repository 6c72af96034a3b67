//! Embeds every declaration in `kinds/`, so that a new kind joins by existing.

use std::fmt::Write;
use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=kinds");
    let folder = Path::new(&std::env::var("CARGO_MANIFEST_DIR").expect("cargo says where we are")).join("kinds");
    let entries = std::fs::read_dir(&folder).expect("the folder of kinds is there");
    let mut names: Vec<String> = entries.map(|entry| entry.expect("a readable entry").file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| name.ends_with(".toml"));
    names.sort();
    let mut list = String::from("&[\n");
    for name in names {
        let path = folder.join(&name);
        writeln!(list, "    ({name:?}, include_str!({path:?})),").expect("text takes everything");
    }
    list.push_str("]\n");
    let out = Path::new(&std::env::var("OUT_DIR").expect("cargo says where to write")).join("kinds.rs");
    std::fs::write(out, list).expect("the list can be written");
}
