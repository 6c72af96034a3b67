//! Profiles: a catalog with the controls that it imports, and what of them applies at a level.

use std::collections::BTreeMap;

use oscal::{Alter, DateTime, Import, IncludeAll, Merge, Modify, Profile, Remove, SelectControls, Token};

use super::control::part_ids;
use super::metadata::least;
use super::words::{catalog_file, lasting, reference, token};
use crate::source::{Catalog, Control, Requirement};

/// A control, and the number of its catalog.
pub(super) type Member<'a> = (usize, &'a Control);

/// What a profile says about itself.
pub(super) struct Head<'a> {
    pub(super) title: String,
    pub(super) version: &'a str,
    pub(super) notice: String,
    pub(super) last_modified: &'a DateTime,
}

/// These controls, whole. All those of the catalog `home` are taken by naming the catalog.
pub(super) fn whole(members: &[Member<'_>], home: usize, catalogs: &[Catalog], head: Head<'_>) -> Option<Profile> {
    profile(members, catalogs, head, |number| number == home)
}

/// Those of the controls that have a requirement at the level, without the requirements that do not apply there.
pub(super) fn at_level(level: &str, members: &[Member<'_>], catalogs: &[Catalog], head: Head<'_>) -> Option<Profile> {
    let applies = |requirement: &Requirement| requirement.applicability.iter().any(|other| other == level);
    let chosen: Vec<Member<'_>> = members.iter().copied().filter(|(_, control)| control.requirements.iter().any(applies)).collect();
    let mut profile = profile(&chosen, catalogs, head, |_| false)?;
    let alters: Vec<Alter> = chosen
        .iter()
        .filter_map(|(_, control)| {
            let others = control.requirements.iter().filter(|requirement| !applies(requirement));
            let removes: Vec<Remove> =
                others.flat_map(part_ids).map(|id| Remove { by_id: Some(token(&id)), ..Remove::default() }).collect();
            (!removes.is_empty()).then(|| Alter { removes, ..Alter::new(control.id.clone()) })
        })
        .collect();
    profile.modify = (!alters.is_empty()).then(|| Modify { alters, ..Modify::default() });
    Some(profile)
}

/// A profile of these controls; none where there are none, for a profile imports something.
fn profile(members: &[Member<'_>], catalogs: &[Catalog], head: Head<'_>, is_whole: impl Fn(usize) -> bool) -> Option<Profile> {
    let mut chosen: BTreeMap<usize, Vec<Token>> = BTreeMap::new();
    for (number, control) in members {
        let ids = chosen.entry(*number).or_default();
        if !ids.contains(&control.id) {
            ids.push(control.id.clone());
        }
    }
    let import = |(number, ids): (usize, Vec<Token>)| {
        let mut import = Import::new(reference(&catalog_file(catalogs[number].metadata.id.as_str())));
        match is_whole(number) {
            true => import.include_all = Some(IncludeAll {}),
            false => import.include_controls = vec![SelectControls { with_ids: ids, ..SelectControls::default() }],
        }
        import
    };
    let imports: Vec<Import> = chosen.into_iter().map(import).collect();
    let mut metadata = least(&head.title, head.version, head.last_modified);
    metadata.remarks = Some(head.notice.into());
    let merge = Some(Merge { as_is: Some(true), ..Merge::default() });
    (!imports.is_empty()).then(|| Profile { merge, ..Profile::new(lasting(&["unsettled"]), metadata, imports) })
}
