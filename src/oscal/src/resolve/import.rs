//! Where an import lies: relative to the profile that imports it, or in a back-matter resource of that profile.

mod glob;

pub(super) use glob::matches as glob;

use super::ResolveError;
use crate::{Document, Profile, ReadError, Resource};

/// Opens the document at a place: a path relative to the folder of the first profile, or an absolute address as it was written.
pub type Load<'a> = dyn FnMut(&str) -> Result<Document, ReadError> + 'a;

/// The document that `href` of the profile at `importer` means, and its place.
pub(super) fn open(href: &str, importer: &str, profile: &Profile, load: &mut Load<'_>) -> Result<(String, Document), ResolveError> {
    let Some(uuid) = href.strip_prefix('#') else {
        let place = joined(importer, href);
        let document = load(&place)?;
        return Ok((place, document));
    };
    let resources = profile.back_matter.iter().flat_map(|back_matter| &back_matter.resources);
    let uuid: Option<crate::Uuid> = uuid.parse().ok();
    let resource = resources.into_iter().find(|resource| Some(resource.uuid) == uuid);
    resource.map_or(Err(ResolveError::NoResource { href: href.to_owned() }), |resource| within(href, resource, importer, load))
}

/// The first link that can be read, those to JSON first; else the document that the resource itself carries. The error is that of the
/// first link.
fn within(href: &str, resource: &Resource, importer: &str, load: &mut Load<'_>) -> Result<(String, Document), ResolveError> {
    let mut first = None;
    for link in links(resource) {
        let place = joined(importer, link);
        match load(&place) {
            Ok(document) => return Ok((place, document)),
            Err(error) => first = first.or(Some(error)),
        }
    }
    if let Some(bytes) = resource.base64.as_ref().and_then(|attachment| attachment.value.decoded()) {
        let place = format!("{importer}{href}");
        let document = crate::Source::named(bytes, &place)?.document()?;
        return Ok((place, document));
    }
    Err(first.map_or_else(|| ResolveError::NoResource { href: href.to_owned() }, ResolveError::Read))
}

fn links(resource: &Resource) -> Vec<&str> {
    let is_json = |link: &&crate::ResourceLink| {
        link.media_type.as_ref().is_some_and(|media_type| media_type.as_str().contains("json")) || link.href.as_str().ends_with(".json")
    };
    let (json, others): (Vec<_>, Vec<_>) = resource.rlinks.iter().partition(is_json);
    json.into_iter().chain(others).map(|link| link.href.as_str()).collect()
}
/// A reference resolved against the place it stands in, with `.` and `..` worked out where that is possible.
fn joined(importer: &str, href: &str) -> String {
    let has_scheme = href.split_once(':').is_some_and(|(scheme, _)| scheme.len() > 1 && !scheme.contains('/'));
    if has_scheme {
        return href.to_owned();
    }
    // What begins with `/` is at the host of whoever says so, or else on this machine.
    if href.starts_with('/') {
        let host = importer.find("://").map(|at| at + 3).map(|start| importer[start..].find('/').map_or(importer.len(), |end| start + end));
        return host.map_or_else(|| href.to_owned(), |end| format!("{}{href}", &importer[..end]));
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
        assert_eq!(joined("https://h.example/a/p.json", "/c.json"), "https://h.example/c.json");
        assert_eq!(joined("https://h.example:8443", "/c.json"), "https://h.example:8443/c.json");
        assert_eq!(joined("/srv/p/wave.json", "/c.json"), "/c.json");
        assert_eq!(joined("a/p.json", "https://h.example/c.json"), "https://h.example/c.json");
    }
}
