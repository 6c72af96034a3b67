//! The form of `kinds/*.toml`; `docs/kinds-format.md` explains it.

use std::collections::BTreeMap;

use inventory::{KindId, Reach};
use serde::Deserialize;
use serde_json::Value;

/// One kind of resource: how it is listed, what is asked of each, what is joined and derived.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Declaration {
    pub(crate) title: String,
    pub(crate) kind: KindId,
    pub(crate) reach: Reach,
    /// The account or region itself is the one resource; then there is no `list`.
    #[serde(default)]
    pub(crate) singleton: bool,
    pub(crate) list: Option<List>,
    /// What happened there lately is the one resource; only with `singleton`.
    pub(crate) window: Option<WindowOf>,
    pub(crate) resource: ResourceNames,
    #[serde(default, rename = "detail")]
    pub(crate) details: Vec<Detail>,
    #[serde(default, rename = "join")]
    pub(crate) joins: Vec<Join>,
    #[serde(default, rename = "derive")]
    pub(crate) derives: Vec<Derive>,
}

impl Declaration {
    /// The permission of the call that fills a field: a detail's, or else the list's.
    pub(crate) fn source_of(&self, field: &str) -> String {
        let detail = self.details.iter().find(|detail| detail.field() == field).map(|detail| &detail.call);
        let call = detail.or(self.list.as_ref().map(|list| &list.call));
        call.map_or_else(|| self.kind.to_string(), Call::action)
    }
}

/// The call that lists the kind.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct List {
    pub(crate) call: Call,
    #[serde(default)]
    pub(crate) input: BTreeMap<String, Value>,
    pub(crate) items: String,
}

/// The log whose last stretch becomes a document, of the shape that `events` gives it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WindowOf {
    pub(crate) call: Call,
    /// How long a stretch one look covers, where nobody keeps a watermark.
    pub(crate) length: jiff::SignedDuration,
    /// How long events take to appear in the log.
    pub(crate) settle: jiff::SignedDuration,
}

/// How a resource is named.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResourceNames {
    pub(crate) id: String,
    pub(crate) name: String,
    /// The field that holds its tags.
    pub(crate) tags: Option<String>,
    /// The field that names the region that its calls go to.
    pub(crate) region: Option<String>,
}

/// One more call for each resource.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Detail {
    pub(crate) call: Call,
    #[serde(default)]
    pub(crate) input: BTreeMap<String, Value>,
    /// The part of the answer that is kept; absent means all of it.
    pub(crate) take: Option<String>,
    /// An answer without `take` means "not configured". Otherwise it is an answer that cannot be read.
    #[serde(default)]
    pub(crate) may_lack: bool,
    /// The list in the answer, through all pages.
    pub(crate) items: Option<String>,
    /// The field that it becomes.
    pub(crate) into: Option<String>,
    /// With `each`: the member of each element that it becomes.
    pub(crate) attach: Option<String>,
    /// The field whose elements the call is made for, one by one.
    pub(crate) each: Option<String>,
    /// The error codes that mean "not configured". Every other error is a gap.
    #[serde(default)]
    pub(crate) absent: Vec<String>,
    /// The call is made only where these fields have these values.
    #[serde(default)]
    pub(crate) when: BTreeMap<String, String>,
    /// Where the call goes, if not to the resource's region; `home` is the home region.
    pub(crate) region: Option<String>,
    /// A call that must be made first, until its answer is `ready`.
    pub(crate) prepare: Option<Call>,
    #[serde(default)]
    pub(crate) ready: BTreeMap<String, String>,
    /// Several resources ask the same: ask once.
    #[serde(default)]
    pub(crate) shared: bool,
}

impl Detail {
    /// The field of the document that it changes.
    pub(crate) fn field(&self) -> &str {
        self.into.as_deref().or(self.each.as_deref()).expect("loading refused a detail with neither")
    }
}

/// Neighbours that become part of the document: listed once for each scope, kept by a key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Join {
    pub(crate) call: Call,
    #[serde(default)]
    pub(crate) input: BTreeMap<String, Value>,
    pub(crate) items: String,
    /// The field of the neighbour.
    pub(crate) key: String,
    /// The field of the resource that must be equal to it.
    #[serde(rename = "match")]
    pub(crate) matching: String,
    pub(crate) into: String,
}

/// A fact that needs code.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Derive {
    /// The function, in `src/derive/`.
    pub(crate) with: String,
    pub(crate) from: String,
    pub(crate) into: String,
    /// The raw field is not kept.
    #[serde(default)]
    pub(crate) drop: bool,
}

/// `service:Operation`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Call {
    pub(crate) service: String,
    pub(crate) operation: String,
}

impl TryFrom<String> for Call {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.split_once(':') {
            Some((service, operation)) if crate::model::operation(service, operation).is_some() => {
                Ok(Self { service: service.into(), operation: operation.into() })
            }
            _ => Err(format!("`{text}` is no call in model/operations.txt")),
        }
    }
}

impl Call {
    /// The permission that it needs.
    pub(crate) fn action(&self) -> String {
        crate::action(&self.service, &self.operation)
    }
}

impl std::fmt::Display for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.service, self.operation)
    }
}
