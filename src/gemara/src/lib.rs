//! Gemara control catalogs, such as those of FINOS CCC, as OSCAL catalogs and profiles.
//!
//! Reads the YAML of the Gemara layer of controls, either in CCC's folders (`metadata.yaml`, `controls.yaml`, `threats.yaml`,
//! `capabilities.yaml`, `mappings/`) or as single files of the type `ControlCatalog`, and writes nothing: the documents are handed
//! back. Ids stay what they are. What OSCAL has no field for is kept as properties of the namespace `https://assize.dev/ns/oscal`.
//! Knows no check and no cloud.
//!
//! | Gemara | OSCAL |
//! |---|---|
//! | catalog `X` | `X.catalog.json` |
//! | control | control, its objective as the part `statement`, `<id>_smt` |
//! | assessment requirement | part `assessment-objective` with the same id, `<id>_gdn` with the recommendation, `<id>_asm` with the method TEST |
//! | applicability | a property of the assessment objective; for each level a profile, `X.<level>.profile.json` |
//! | imported controls | `X.profile.json`, which imports the catalog and the controls of others |
//! | guidelines of controls, mapping documents about controls | `X.mappings.json`, a mapping-collection with a mapping for each framework |
//! | threats, capabilities, frameworks | back-matter resources, and links and properties that lead to them |

mod convert;
mod diagnostic;
mod find;
mod source;
mod yaml;

use std::path::Path;

pub use diagnostic::{Diagnostic, Refused};
pub use yaml::LARGEST;

/// What an import gave.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The documents, each under the name that its file must have for the others to find it.
    pub documents: Vec<(String, oscal::Document)>,
    /// What was met and not understood, or leads nowhere; nothing of it stands in the way.
    pub warnings: Vec<Diagnostic>,
}

/// Every catalog below a folder (or in one file) as OSCAL documents, each under its file name; warnings are not asked for.
///
/// # Errors
/// If any file cannot be read or breaks a rule; all that is wrong is told at once.
pub fn import(dir: &Path, last_modified: jiff::Timestamp) -> Result<Vec<(String, oscal::Document)>, Refused> {
    import_with_warnings(dir, last_modified).map(|imported| imported.documents)
}

/// Every catalog below a folder (or in one file) as OSCAL documents, and what there is to say about how they came about.
///
/// # Errors
/// If any file cannot be read or breaks a rule; all that is wrong is told at once.
pub fn import_with_warnings(dir: &Path, last_modified: jiff::Timestamp) -> Result<Imported, Refused> {
    let report = diagnostic::Report::default();
    let found = find::find(dir, &report);
    let documents = convert::convert(&found, last_modified.into(), &report);
    let warnings = report.settled()?;
    Ok(Imported { documents, warnings })
}
