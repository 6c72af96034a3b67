//! Says which checks stand for which controls in the convention that compliance-trestle, compliance-to-policy and complyctl read: a
//! component definition whose properties `Rule_Id`, `Check_Id` and their like are held together by the same `remarks`.

use std::collections::BTreeMap;

use checks::{Check, Pack};
use oscal::{
    ComponentDefinition, ComponentType, ControlImplementation, DateTime, DefinedComponent, ImplementableRequirement, Metadata,
    ParameterSetting, Property, Uri, UriReference,
};

use crate::emit::words::{lasting, line, prose, text, token};
use crate::plan::Control;

/// Whose names these are (compliance-trestle, "Component definition rules").
pub const RULES_NS: &str = "https://oscal-compass.github.io/compliance-trestle/schemas/oscal";

/// What the definition says of itself.
#[derive(Debug, Clone)]
pub struct Binding {
    /// Its title.
    pub title: String,
    /// When it is made.
    pub last_modified: DateTime,
    /// The version of the checks.
    pub version: String,
    /// Where the catalog or profile of the controls lies.
    pub source: UriReference,
}

/// One component for each provider, with a rule for each of its checks, and one of type `validation` that carries the checks out.
pub fn component_definition(controls: &[Control], pack: &Pack, binding: &Binding) -> ComponentDefinition {
    let of_control: BTreeMap<&str, &Control> = controls.iter().map(|control| (control.id.as_str(), control)).collect();
    let mut by_provider: BTreeMap<&str, Vec<(&Check, &Control)>> = BTreeMap::new();
    for check in pack.checks() {
        if let Some(control) = of_control.get(check.id().control()) {
            by_provider.entry(check.kind().provider()).or_default().push((check, control));
        }
    }
    let services = by_provider.iter().map(|(provider, checks)| service(provider, checks, binding));
    let all: Vec<&Check> = by_provider.values().flatten().map(|(check, _)| *check).collect();
    let components = services.chain(std::iter::once(validation(&all))).collect();
    let metadata = Metadata::new(line(&binding.title), binding.last_modified.clone(), text(&binding.version), text("1.2.3"));
    let name = format!("{}|{}", binding.source.as_str(), pack.digest());
    ComponentDefinition { components, ..ComponentDefinition::new(lasting("component-definition", &name), metadata) }
}

/// A rule's name: a check's id in the characters that other tools take for a name.
pub(crate) fn rule_id(check: &Check) -> String {
    check.id().to_string().replace('/', ".")
}

/// One property of a rule; what belongs together has the same remarks.
fn prop(name: &str, value: &str, rule: &str) -> Property {
    let ns: Uri = RULES_NS.parse().expect("it is a URI");
    let rare = oscal::RareFields { remarks: Some(prose(rule)), ..oscal::RareFields::default() };
    Property { rare: Some(Box::new(rare)), ..Property::of(ns, token(name), text(value)) }
}

fn service(provider: &str, checks: &[(&Check, &Control)], binding: &Binding) -> DefinedComponent {
    let mut props = Vec::new();
    for (check, control) in checks {
        let rule = rule_id(check);
        props.push(prop("Rule_Id", &rule, &rule));
        props.push(prop("Rule_Description", check.title(), &rule));
        for (name, values) in params(check, control) {
            props.push(prop("Parameter_Id", &format!("{}_{name}", control.id), &rule));
            props.push(prop("Parameter_Description", name, &rule));
            props.push(prop("Parameter_Value_Default", &values.join(", "), &rule));
        }
    }
    let kind: ComponentType = "service".parse().expect("a token");
    let description = prose("What the checks of this provider look at.");
    DefinedComponent {
        props,
        control_implementations: vec![implementation(provider, checks, binding)],
        ..DefinedComponent::new(lasting("component", &format!("definition {provider}")), kind, line(provider), description)
    }
}

/// The parameters of its control that a check uses, with their values as text; a list that admits nothing has the one value `none`.
fn params<'c>(check: &'c Check, control: &'c Control) -> Vec<(&'c str, Vec<String>)> {
    let all = control.params.as_object().into_iter().flatten();
    let used = all.filter(|(name, _)| check.params_used().contains(*name));
    let word = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let values = |value: &serde_json::Value| match value {
        serde_json::Value::Array(items) if items.is_empty() => vec!["none".to_owned()],
        serde_json::Value::Array(items) => items.iter().map(word).collect(),
        one => vec![word(one)],
    };
    used.map(|(name, value)| (name.as_str(), values(value))).collect()
}

fn implementation(provider: &str, checks: &[(&Check, &Control)], binding: &Binding) -> ControlImplementation {
    let mut by_control: BTreeMap<&str, Vec<(&Check, &Control)>> = BTreeMap::new();
    for (check, control) in checks {
        by_control.entry(control.id.as_str()).or_default().push((check, control));
    }
    let requirement = |(id, checks): (&&str, &Vec<(&Check, &Control)>)| {
        let props = checks.iter().map(|(check, _)| {
            let ns: Uri = RULES_NS.parse().expect("it is a URI");
            Property::of(ns, token("Rule_Id"), text(&rule_id(check)))
        });
        let mut settings: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (check, control) in checks {
            settings.extend(params(check, control).into_iter().map(|(name, values)| (format!("{id}_{name}"), values)));
        }
        let uuid = lasting("implemented-requirement", &format!("{provider}/{id}"));
        ImplementableRequirement {
            props: props.collect(),
            set_parameters: settings
                .iter()
                .map(|(id, values)| ParameterSetting::new(token(id), values.iter().map(|value| text(value)).collect()))
                .collect(),
            ..ImplementableRequirement::new(uuid, token(id), prose(&checks[0].1.title))
        }
    };
    let requirements = by_control.iter().map(requirement).collect();
    let uuid = lasting("control-implementation", provider);
    ControlImplementation::new(uuid, binding.source.clone(), prose("Controls that checks of this provider decide."), requirements)
}

/// What carries the checks out.
fn validation(checks: &[&Check]) -> DefinedComponent {
    let mut props = Vec::new();
    for check in checks {
        let rule = rule_id(check);
        props.push(prop("Rule_Id", &rule, &rule));
        props.push(prop("Check_Id", &check.id().to_string(), &rule));
        props.push(prop("Check_Description", check.title(), &rule));
    }
    let kind: ComponentType = "validation".parse().expect("a token");
    let description = prose("Continuous assessment of cloud controls.");
    DefinedComponent { props, ..DefinedComponent::new(lasting("component", "definition assize"), kind, line("assize"), description) }
}
