//! The list of calls in use, which the embedded models are generated from.

/// The list as it lies in the repository.
pub const OPERATIONS: &str = include_str!("../../model/operations.txt");

/// One call in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct InUse {
    /// The service.
    pub service: &'static str,
    /// The operation.
    pub operation: &'static str,
    /// The root element of the answer, where the vendor's model does not tell.
    pub root: Option<&'static str>,
}

/// Every call in use, in the order of the list.
pub fn in_use() -> impl Iterator<Item = InUse> {
    OPERATIONS.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()).map(|line| {
        let mut words = line.split_whitespace();
        let call = words.next().expect("a line that is not blank has a word");
        let (service, operation) = call.split_once(':').unwrap_or_else(|| panic!("`{call}` in operations.txt is `service:Operation`"));
        InUse { service, operation, root: words.next() }
    })
}
