//! How one resource stands with all checks of its kind: one letter for each, and details only where a letter does not say it.
//!
//! It is what a store keeps of a resource, as one record, and from which `Gathering` makes again what an assessment saw.

use inventory::{Gap, KindId, Scope};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Fingerprint;

/// A resource and its verdicts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    /// What it is.
    pub kind: KindId,
    /// Where it was found.
    pub scope: Scope,
    /// The provider's own id.
    pub id: Box<str>,
    /// What people call it.
    pub name: Box<str>,
    /// SHA-256 of its canonical document.
    pub document: [u8; 32],
    /// When it was read. A look that finds nothing changed is a later one, and does not write it.
    pub collected: Timestamp,
    /// The clock by which it was judged; before it, the verdicts say nothing.
    pub judged: Timestamp,
    /// From when it must be judged again although nothing changes: an age flips, or an exemption begins or ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recheck_at: Option<Timestamp>,
    /// The checks of the kind and their parameters, as [`super::Judge::check_set`] has them.
    pub check_set: Fingerprint,
    /// Everything that the verdicts rest on but the clock.
    pub key: Fingerprint,
    /// The verdicts, in the order of the check set.
    pub verdicts: Verdicts,
    /// What there is to say beyond letters, in the order of the checks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<Detail>,
}

/// One letter for each check: `p`ass, `f`ail, `u`nknown, `n`ot applicable.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Verdicts(Box<[Letter]>);

/// One verdict without its details.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Letter {
    /// The check's condition holds.
    Pass = b'p',
    /// It does not.
    Fail = b'f',
    /// A read that decides it failed.
    Unknown = b'u',
    /// The check does not apply; why is the check's to say.
    NotApplicable = b'n',
}

/// What is wrong with verdicts that were written down.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` are no verdicts: one of `p`, `f`, `u` and `n` for each check")]
pub struct BadVerdicts(String);

/// What there is to say of one verdict.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detail {
    /// Position of the check in the check set.
    pub check: u16,
    /// What is said of it.
    pub said: Said,
    /// From when the check itself must be asked again, because an age flips.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recheck_at: Option<Timestamp>,
}

/// What is said of a verdict.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Said {
    /// Nothing but that it comes due by itself.
    Due,
    /// Which reads are missing.
    Gaps(Vec<Gap>),
    /// What is wrong.
    Failure {
        /// One sentence.
        message: String,
        /// What an auditor wants to see: path and compact JSON.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        evidence: Vec<(String, String)>,
        /// The exemptions that are about it.
        #[serde(default, skip_serializing_if = "Marks::are_none")]
        marks: Marks,
    },
}

/// The exemptions that are about a failure, by their ids, as they stood when it was judged; every one is in one place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Marks {
    /// The live one that marks the failure: of several, the one that holds longest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exempt: Option<Box<str>>,
    /// Those that did until they ended.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lapsed: Vec<Box<str>>,
    /// Those that do not hold yet, or hold less long than the one that marks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<Box<str>>,
}

impl Standing {
    /// The resource among all resources.
    pub fn subject(&self) -> Fingerprint {
        super::key::subject(&self.kind, &self.id)
    }

    /// What is said of the check at this position.
    pub fn detail(&self, check: usize) -> Option<&Detail> {
        let at = self.details.binary_search_by_key(&check, |detail| usize::from(detail.check));
        at.ok().map(|at| &self.details[at])
    }
}

impl Verdicts {
    /// The letters.
    pub fn letters(&self) -> &[Letter] {
        &self.0
    }
}

impl FromIterator<Letter> for Verdicts {
    fn from_iter<I: IntoIterator<Item = Letter>>(letters: I) -> Self {
        Self(letters.into_iter().collect())
    }
}

impl From<Verdicts> for String {
    fn from(verdicts: Verdicts) -> String {
        verdicts.to_string()
    }
}

impl std::fmt::Display for Verdicts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|letter| write!(f, "{}", char::from(*letter as u8)))
    }
}

impl TryFrom<String> for Verdicts {
    type Error = BadVerdicts;

    fn try_from(text: String) -> Result<Self, BadVerdicts> {
        let letter = |byte| match byte {
            b'p' => Some(Letter::Pass),
            b'f' => Some(Letter::Fail),
            b'u' => Some(Letter::Unknown),
            b'n' => Some(Letter::NotApplicable),
            _ => None,
        };
        text.bytes().map(letter).collect::<Option<Self>>().ok_or(BadVerdicts(text))
    }
}

impl Marks {
    /// Whether no exemption is about the failure.
    pub fn are_none(&self) -> bool {
        self.all().next().is_none()
    }

    /// Every exemption that is about the failure.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.exempt.iter().chain(&self.lapsed).chain(&self.others).map(|id| &**id)
    }
}
