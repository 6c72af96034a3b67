//! Where an import lies: relative to the profile that imports it, or in a back-matter resource of that profile.

use super::SelectError;
use crate::{Profile, Resource};

/// The place of `href` as the loader knows it. `importer` is the place of the profile; the first profile has the empty place.
pub(super) fn place_of(href: &str, importer: &str, profile: &Profile) -> Result<String, SelectError> {
    let Some(uuid) = href.strip_prefix('#') else { return Ok(joined(importer, href)) };
    let resources = profile.back_matter.iter().flat_map(|back_matter| &back_matter.resources);
    let uuid: Option<crate::Uuid> = uuid.parse().ok();
    let resource = resources.into_iter().find(|resource| Some(resource.uuid) == uuid);
    match resource.and_then(json_link) {
        Some(link) => Ok(joined(importer, link)),
        None => Err(SelectError::NoResource { href: href.to_owned() }),
    }
}

/// The link to the JSON form of a resource, else its first link.
fn json_link(resource: &Resource) -> Option<&str> {
    let links = || resource.rlinks.iter();
    let json = links().find(|link| {
        let by_type = link.media_type.as_ref().is_some_and(|media_type| media_type.as_str().contains("json"));
        by_type || link.href.as_str().ends_with(".json")
    });
    json.or_else(|| links().next()).map(|link| link.href.as_str())
}

/// A reference resolved against the place it stands in, with `.` and `..` worked out where that is possible.
fn joined(importer: &str, href: &str) -> String {
    let has_scheme = href.split_once(':').is_some_and(|(scheme, _)| scheme.len() > 1 && !scheme.contains('/'));
    if has_scheme || href.starts_with('/') {
        return href.to_owned();
    }
    let folder = importer.rsplit_once('/').map_or("", |(folder, _)| folder);
    // The `//` of an absolute address is no empty step.
    let (root, folder) = match folder.find("://").map(|at| at + 3) {
        Some(end) => {
            let host = folder[end..].find('/').map_or(folder.len(), |slash| end + slash);
            (format!("{}/", &folder[..host]), &folder[host..])
        }
        None if folder.starts_with('/') || (folder.is_empty() && importer.starts_with('/')) => ("/".to_owned(), folder),
        None => (String::new(), folder),
    };
    let mut steps: Vec<&str> = Vec::new();
    for step in folder.split('/').chain(href.split('/')) {
        match step {
            "" | "." => {}
            ".." if !steps.is_empty() && steps.last() != Some(&"..") => drop(steps.pop()),
            step => steps.push(step),
        }
    }
    format!("{root}{}", steps.join("/"))
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn references_are_relative_to_the_profile_they_stand_in() {
        assert_eq!(joined("", "catalog.json"), "catalog.json");
        assert_eq!(joined("profiles/wave.json", "../catalogs/./c.json"), "catalogs/c.json");
        assert_eq!(joined("wave.json", "../c.json"), "../c.json");
        assert_eq!(joined("/srv/p/wave.json", "../c.json"), "/srv/c.json");
        assert_eq!(joined("https://h.example/a/p.json", "../c.json"), "https://h.example/c.json");
        assert_eq!(joined("a/p.json", "https://h.example/c.json"), "https://h.example/c.json");
    }
}
