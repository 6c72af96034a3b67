//! Where a catalog is from and under which terms, in words that go with everything made of it.

use crate::find::Licence;
use crate::source::Catalog;

/// The terms of a catalog.
pub(super) struct Terms {
    pub(super) author: Option<String>,
    pub(super) origin: Option<&'static str>,
    pub(super) licence: String,
    /// Where the licence can be read.
    pub(super) address: Option<&'static str>,
}

// CCC's files name neither their author nor their licence, and the licence asks for name, version and source to be given.
const CCC_AUTHOR: &str = "FINOS Common Cloud Controls";
const CCC_ORIGIN: &str = "https://github.com/finos/common-cloud-controls";
const CCC_LICENCE: &str = "Community Specification License 1.0";
const CCC_LICENCE_ADDRESS: &str = "https://github.com/finos/common-cloud-controls/blob/main/LICENSE";

/// The version of a catalog, or that it has none.
pub(super) fn version(catalog: &Catalog) -> &str {
    catalog.metadata.version.as_ref().map_or("unversioned", oscal::Text::as_str)
}

/// What the catalog is called.
pub(super) fn title(catalog: &Catalog) -> String {
    catalog.metadata.title.as_ref().map_or_else(|| catalog.metadata.id.to_string(), oscal::MarkupLine::to_string)
}

pub(super) fn terms(catalog: &Catalog, beside: Option<&Licence>) -> Terms {
    let named = catalog.metadata.author.as_ref().map(|author| author.name.to_string());
    let beside = beside.map(|licence| licence.title.to_string());
    if named.is_none() && catalog.metadata.id.as_str().starts_with("CCC.") {
        let licence = beside.unwrap_or_else(|| CCC_LICENCE.to_owned());
        let address = (licence == CCC_LICENCE).then_some(CCC_LICENCE_ADDRESS);
        return Terms { author: Some(CCC_AUTHOR.to_owned()), origin: Some(CCC_ORIGIN), licence, address };
    }
    Terms { author: named, origin: None, licence: beside.unwrap_or_else(|| "not stated".to_owned()), address: None }
}

/// The notice in words.
pub(super) fn notice(catalog: &Catalog, beside: Option<&Licence>) -> String {
    let Terms { author, origin, licence, .. } = terms(catalog, beside);
    let author = author.map_or_else(String::new, |author| format!(", by {author}"));
    let origin = origin.map_or_else(String::new, |origin| format!(", from {origin}"));
    let version = catalog.metadata.version.as_ref().map_or_else(|| "without a version".to_owned(), |version| format!("version {version}"));
    let (title, id) = (title(catalog), &catalog.metadata.id);
    format!(
        "Made from the Gemara catalog \"{title}\" ({id}), {version}{author}{origin}. Licence: {licence}. \
         Ids, titles and texts are unchanged; the arrangement as OSCAL was added."
    )
}
