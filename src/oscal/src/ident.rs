//! Identifiers that stay the same from run to run, made out of names that do.

use crate::datatype::Uuid;

/// The version 5 UUID of `name` in `namespace`: the same two always give the same identifier, on any machine.
///
/// The caller brings the namespace and sees to it that `name` holds whatever tells two things apart, in an unambiguous form.
pub fn stable_uuid(namespace: uuid::Uuid, name: &str) -> Uuid {
    uuid::Uuid::new_v5(&namespace, name.as_bytes()).try_into().expect("version 5 is accepted")
}

#[cfg(test)]
mod tests {
    use super::stable_uuid;

    #[test]
    fn the_same_name_gives_the_same_uuid_and_another_name_another() {
        let dns = uuid::Uuid::NAMESPACE_DNS;
        // The example value of RFC 9562, appendix A.4.
        assert_eq!(stable_uuid(dns, "www.example.com").to_string(), "2ed6657d-e927-568b-95e1-2665a8aea6a2");
        assert_ne!(stable_uuid(dns, "a"), stable_uuid(dns, "b"));
    }
}
