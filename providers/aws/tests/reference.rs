//! The reference page of kinds is current. `UPDATE=1` writes it.

#[test]
fn the_reference_page_of_kinds_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/kinds.md");
    let page = provider_aws::kinds_markdown();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &page).expect("docs can be written");
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(committed == page, "docs/kinds.md is not current: UPDATE=1 cargo test -p assize-provider-aws");
}
