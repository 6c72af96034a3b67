//! `check.toml` and `not-applicable.toml`, as they are written.

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use crate::diagnostic::Diagnostic;
use crate::lang::Place;
use crate::severity::Severity;

/// A check. The path of its folder, `controls/<control>/<provider>/<check>`, is its identity.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "assize check", rename = "Check")]
pub(crate) struct CheckFile {
    /// What is true when it passes.
    #[schemars(with = "String")]
    pub(crate) title: Spanned<String>,
    /// The kind of resource that it judges; `docs/kinds.md` lists them.
    #[schemars(with = "String")]
    pub(crate) kind: Spanned<String>,
    /// How grave a failure is.
    pub(crate) severity: Severity,
    /// CEL: where the check applies. False is not-applicable.
    #[schemars(with = "Option<String>")]
    pub(crate) when: Option<Spanned<String>>,
    /// Why it does not apply elsewhere.
    #[schemars(with = "Option<String>")]
    pub(crate) when_reason: Option<Spanned<String>>,
    /// CEL: true is pass, false is fail, a read that is missing is unknown.
    #[schemars(with = "String")]
    pub(crate) pass: Spanned<String>,
    /// One sentence about the failing resource, with `{{ resource.Name }}` for values.
    #[schemars(with = "String")]
    pub(crate) message: Spanned<String>,
    /// What goes wrong where it fails.
    #[schemars(with = "String")]
    pub(crate) why: Spanned<String>,
    /// What to do, with the command that does it.
    #[schemars(with = "String")]
    pub(crate) fix: Spanned<String>,
    /// The paths that an auditor wants to see, such as `resource.Encryption`.
    #[schemars(with = "Vec<String>")]
    pub(crate) evidence: Vec<Spanned<String>>,
    /// Whether infrastructure code can be judged by it as well; true unless said otherwise.
    #[serde(default = "yes")]
    #[expect(dead_code, reason = "part of the format; read by providers of infrastructure code")]
    pub(crate) iac: bool,
    /// How deep macros may be nested: 3 where two are not enough.
    #[schemars(with = "Option<u8>")]
    pub(crate) nesting: Option<Spanned<u8>>,
    /// Why two are not enough.
    #[schemars(with = "Option<String>")]
    pub(crate) nesting_reason: Option<Spanned<String>>,
}

fn yes() -> bool {
    true
}

/// Why a provider has no check under a control.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NotApplicableFile {
    pub(crate) status: crate::pack::Status,
    pub(crate) reason: String,
}

/// The JSON Schema of `check.toml`, for editors.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(CheckFile).to_value()
}

/// A file with its text, to find places in.
pub(crate) struct Located<'t> {
    pub(crate) file: &'t str,
    pub(crate) text: &'t str,
}

impl<'t> Located<'t> {
    /// Parses the file.
    pub(crate) fn parse<T: serde::de::DeserializeOwned>(&self) -> Result<T, Vec<Diagnostic>> {
        toml::from_str(self.text).map_err(|error| {
            let place = self.place(error.span().map_or(0, |span| span.start));
            let fix = "see docs/check.schema.json, or `assize checks new` for a template";
            vec![Diagnostic { file: place.file, line: place.line, column: place.column, what: error.message().to_owned(), fix: fix.into() }]
        })
    }

    /// Where the text of a value begins, behind its quotes.
    pub(crate) fn inside<T>(&self, value: &Spanned<T>) -> Place {
        let start = value.span().start;
        let raw = &self.text[start..value.span().end];
        let quotes = match raw {
            _ if raw.starts_with("'''\n") || raw.starts_with("\"\"\"\n") => 4,
            _ if raw.starts_with("'''") || raw.starts_with("\"\"\"") => 3,
            _ if raw.starts_with(['\'', '"']) => 1,
            _ => 0,
        };
        self.place(start + quotes)
    }

    fn place(&self, byte: usize) -> Place {
        let before = &self.text[..byte.min(self.text.len())];
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Place { file: self.file.to_owned(), line: before.matches('\n').count() + 1, column }
    }
}
