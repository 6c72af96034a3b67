//! Files that are meant to hurt, or merely wrong: each ends in an error that says where and what.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

const HEAD: &str = "metadata:\n  id: X\n  version: 1\ntitle: X\ngroups:\n  - {id: g, title: G}\n";

fn noon() -> jiff::Timestamp {
    "2026-11-23T12:00:00Z".parse().expect("a time")
}

fn refused(place: &Path) -> String {
    gemara::import(place, noon()).expect_err("hostile").to_string()
}

fn file(text: &str) -> (TempDir, std::path::PathBuf) {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("catalog.yaml");
    fs::write(&path, text).expect("a file");
    (folder, path)
}

#[test]
fn a_bomb_of_aliases_a_huge_text_and_a_deep_tree_are_refused_by_name() {
    let mut bomb = format!("{HEAD}a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..15 {
        bomb += &format!("a{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 10].join(", "));
    }
    let huge = format!("{HEAD}controls:\n  - id: X.1\n    objective: {}\n", "x".repeat(10 << 20));
    let deep = format!("{HEAD}controls: {}\n", "[".repeat(100_000));
    for (text, what) in [(bomb, "aliases"), (huge, "larger than 4 MiB"), (deep, "deep")] {
        let (_folder, path) = file(&text);
        let said = refused(&path);
        assert!(said.contains("catalog.yaml") && said.contains(what) && said.len() < 500, "{said}");
    }
}

#[test]
fn all_that_is_wrong_is_told_at_once_with_file_and_line() {
    let controls = "controls:\n  - id: 1.1\n    group: g\n    title: A\n    objective: B\n  - id: X.2\n    title: [no]\n    objective: C\n\
                    \x20 - id: X.3\n    group: g\n    title: D\n  - id: X.4\n    group: h\n    title: E\n    objective: F\n";
    let (_folder, path) = file(&format!("{HEAD}{controls}"));
    let said = refused(&path);
    for (line, what) in
        [(8, "`1.1` is not a token"), (13, "`title` of a control must be text"), (15, "no `objective`"), (18, "the group `h`")]
    {
        let found = said.lines().any(|said| said.contains(&format!("catalog.yaml:{line}: ")) && said.contains(what));
        assert!(found, "{line} {what}: {said}");
    }
    assert_eq!(said.lines().count(), 4, "{said}");
}

#[test]
fn an_id_taken_twice_is_an_error_even_where_we_made_the_other_one() {
    let control = |id: &str| format!("  - {{id: {id}, group: g, title: A, objective: B}}\n");
    for ids in [["X.1", "X.1"], ["X.1", "X.1_smt"], ["X.1", "g"]] {
        let (_folder, path) = file(&format!("{HEAD}controls:\n{}{}", control(ids[0]), control(ids[1])));
        let said = refused(&path);
        assert!(said.contains(ids[1]) && said.contains("catalog.yaml:9"), "{said}");
    }
}

#[test]
fn two_catalogs_of_one_name_and_a_name_that_is_a_path_are_refused() {
    let folder = TempDir::new().expect("a folder");
    let catalog = |id: &str| format!("metadata: {{id: {id}}}\ntitle: X\ncontrols: []\n");
    fs::write(folder.path().join("a.yaml"), catalog("Same")).expect("a file");
    fs::write(folder.path().join("b.yaml"), catalog("same")).expect("a file");
    assert!(refused(folder.path()).contains("already"));
    fs::remove_file(folder.path().join("b.yaml")).expect("a file");
    fs::write(folder.path().join("a.yaml"), catalog("../../x")).expect("a file");
    assert!(refused(folder.path()).contains("`../../x` is not a token"));
}

#[test]
fn a_field_that_nobody_knows_is_left_out_and_told() {
    let (_folder, path) = file(&format!("{HEAD}controls:\n  - id: X.1\n    group: g\n    title: A\n    objective: B\n    colour: red\n"));
    let imported = gemara::import_with_warnings(&path, noon()).expect("a catalog");
    let said: Vec<String> = imported.warnings.iter().map(ToString::to_string).collect();
    assert!(
        said.iter().any(|said| said.ends_with("catalog.yaml:12: the field `colour` of a control is not known here and was left out")),
        "{said:?}"
    );
}

#[test]
fn an_empty_folder_and_a_missing_one_have_no_catalog() {
    let folder = TempDir::new().expect("a folder");
    assert!(refused(folder.path()).contains("no Gemara control catalog"));
    assert!(refused(&folder.path().join("nowhere")).contains("cannot be read"));
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let (outside, _) = file("metadata: {id: Y}\ntitle: Y\ncontrols: []\n");
    let folder = TempDir::new().expect("a folder");
    std::os::unix::fs::symlink(outside.path(), folder.path().join("link")).expect("a link");
    std::os::unix::fs::symlink(outside.path().join("catalog.yaml"), folder.path().join("link.yaml")).expect("a link");
    assert!(refused(folder.path()).contains("no Gemara control catalog"));
}
