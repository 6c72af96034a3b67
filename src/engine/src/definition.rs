//! Reads which rules and checks stand for which controls out of a component definition in the convention that compliance-trestle,
//! compliance-to-policy and complyctl share; [`crate::bind`] writes the same.

use std::collections::{BTreeMap, BTreeSet};

use checks::Pack;
use oscal::{ComponentDefinition, ControlImplementation, ParameterSetting, Property, Text};

use crate::bind::RULES_NS;
use crate::framework::{Map, Member, Ours, Relation};
use crate::plan::Target;

/// A parameter and the values that it is given.
pub type Setting = (String, Vec<Text>);

/// What a component definition binds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Definition {
    /// Its rules, by id.
    pub rules: BTreeMap<String, Rule>,
    /// The controls that rules stand for, in order.
    pub requirements: Vec<Requirement>,
}

/// A rule, with what all components say of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rule {
    /// What it demands.
    pub description: String,
    /// The checks that decide it.
    pub checks: BTreeSet<String>,
    /// Its parameters, with their default values.
    pub parameters: BTreeMap<String, Option<String>>,
}

/// A control that rules stand for.
#[derive(Clone, Debug, PartialEq)]
pub struct Requirement {
    /// The control.
    pub control: String,
    /// The catalog or profile that the control is of.
    pub source: String,
    /// How it is met.
    pub description: String,
    /// The statement that is meant, where it is not the whole control.
    pub statements: Vec<String>,
    /// The rules, all of which must hold.
    pub rules: BTreeSet<String>,
    /// Values for parameters that hold for all controls of its implementation.
    pub general: Vec<Setting>,
    /// Values for parameters that hold for this control, and outweigh the general ones.
    pub own: Vec<Setting>,
}

/// What `definition` binds.
pub fn read(definition: &ComponentDefinition) -> Definition {
    let mut found = Definition::default();
    for component in &definition.components {
        rules(&component.props, &mut found.rules);
    }
    let of_components = definition.components.iter().flat_map(|component| &component.control_implementations);
    let of_capabilities = definition.capabilities.iter().flat_map(|capability| &capability.control_implementations);
    found.requirements = of_components.chain(of_capabilities).flat_map(requirements).collect();
    found
}

/// Whether it is a property of the convention; some write its namespace with the model at the end, as `…/oscal/cd`.
pub(crate) fn is(prop: &Property, name: &str) -> bool {
    let below = |ns: &str| ns.strip_prefix(RULES_NS).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    prop.name == name && prop.ns.as_ref().is_some_and(|ns| below(ns.as_str()))
}

/// Properties with the same remarks are one rule set; its `Rule_Id` says which rule they are about.
fn rules(props: &[Property], found: &mut BTreeMap<String, Rule>) {
    let mut sets: BTreeMap<&str, Vec<&Property>> = BTreeMap::new();
    for prop in props {
        let set = prop.rare.as_ref().and_then(|rare| rare.remarks.as_ref()).map_or("", |remarks| remarks.as_str());
        sets.entry(set).or_default().push(prop);
    }
    for set in sets.values() {
        let Some(id) = set.iter().find(|prop| is(prop, "Rule_Id")) else { continue };
        let rule = found.entry(id.value.to_string()).or_default();
        let mut last: BTreeMap<&str, String> = BTreeMap::new();
        for prop in set {
            // `Parameter_Id_1` belongs to `Parameter_Value_Default_1`.
            let name = prop.name.as_str();
            let (stem, number) = match name.rsplit_once('_') {
                Some((stem, number)) if number.parse::<u16>().is_ok() => (stem, number),
                _ => (name, ""),
            };
            match stem {
                _ if !is(prop, name) => {}
                "Rule_Description" => rule.description = prop.value.to_string(),
                "Check_Id" => drop(rule.checks.insert(prop.value.to_string())),
                "Parameter_Id" => {
                    rule.parameters.entry(prop.value.to_string()).or_default();
                    last.insert(number, prop.value.to_string());
                }
                "Parameter_Value_Default" => {
                    let own = last.get(number).and_then(|parameter| rule.parameters.get_mut(parameter));
                    own.into_iter().for_each(|value| *value = Some(prop.value.to_string()));
                }
                _ => {}
            }
        }
    }
}

fn requirements(implementation: &ControlImplementation) -> Vec<Requirement> {
    let named = |props: &[Property]| props.iter().filter(|prop| is(prop, "Rule_Id")).map(|prop| prop.value.to_string()).collect::<Vec<_>>();
    let set = |settings: &[ParameterSetting]| {
        settings.iter().map(|setting| (setting.param_id.to_string(), setting.values.clone())).collect::<Vec<_>>()
    };
    let requirement = |own: &oscal::ImplementableRequirement| Requirement {
        control: own.control_id.to_string(),
        source: implementation.source.as_str().to_owned(),
        description: own.description.as_str().to_owned(),
        statements: own.statements.iter().map(|statement| statement.statement_id.to_string()).collect(),
        rules: named(&own.props).into_iter().chain(own.statements.iter().flat_map(|statement| named(&statement.props))).collect(),
        general: set(&implementation.set_parameters),
        own: set(&own.set_parameters),
    };
    implementation.implemented_requirements.iter().map(requirement).collect()
}

impl Requirement {
    /// The values for parameters that count here, the last word last.
    pub fn settings(&self) -> impl DoubleEndedIterator<Item = &Setting> {
        self.general.iter().chain(&self.own)
    }
}

impl Definition {
    /// The values for parameters, the last word last: what holds for a whole implementation, then what holds for one control.
    pub fn settings(&self) -> impl Iterator<Item = &Setting> {
        let general = self.requirements.iter().flat_map(|requirement| &requirement.general);
        general.chain(self.requirements.iter().flat_map(|requirement| &requirement.own))
    }

    /// The parameters that controls or implementations set to different values, with these: a check has one value, so the last counts.
    pub fn disagreements(&self) -> Vec<(&str, Vec<String>)> {
        let mut found = Vec::new();
        let levels: [fn(&Requirement) -> &[Setting]; 2] = [|one| &one.general, |one| &one.own];
        for level in levels {
            let mut values: BTreeMap<&str, Vec<String>> = BTreeMap::new();
            for (parameter, words) in self.requirements.iter().flat_map(level) {
                let written = words.iter().map(Text::as_str).collect::<Vec<_>>().join(", ");
                let known = values.entry(parameter).or_default();
                known.retain(|value| *value != written);
                known.push(written);
            }
            found.extend(values.into_iter().filter(|(_, values)| values.len() > 1));
        }
        found
    }

    /// The checks of `pack` that decide a rule, and the names of those that are not in it. A rule without a check is its own check's name.
    pub fn checks_of<'a>(&'a self, rule: &'a str, pack: &'a Pack) -> (Vec<&'a checks::Check>, Vec<&'a str>) {
        let names: Vec<&str> = match self.rules.get(rule) {
            Some(own) if !own.checks.is_empty() => own.checks.iter().map(String::as_str).collect(),
            _ => vec![rule],
        };
        let find = |name: &&str| pack.checks().iter().find(|check| check.id().as_str() == *name || crate::bind::rule_id(check) == *name);
        (names.iter().filter_map(find).collect(), names.iter().copied().filter(|name| find(name).is_none()).collect())
    }

    /// Its controls as those of a framework: a control holds when every check of every rule of it passes.
    pub fn members(&self, pack: &Pack) -> Vec<Member> {
        let mut members: BTreeMap<&str, Member> = BTreeMap::new();
        for requirement in &self.requirements {
            let checks = requirement.rules.iter().map(|rule| self.checks_of(rule, pack));
            let ours = checks.flat_map(|(known, missing)| {
                let known = known.into_iter().map(|check| of_check(check.id().control(), check.id().as_str()));
                // A rule that nothing here decides keeps its control from being satisfied.
                known.chain(missing.into_iter().map(|name| of_check("", name))).collect::<Vec<_>>()
            });
            let ours: Vec<Ours> = ours.collect();
            if ours.is_empty() {
                continue;
            }
            let member = members.entry(&requirement.control).or_insert_with(|| member(requirement));
            match member.maps.first_mut() {
                Some(map) => map.ours.extend(ours.into_iter().filter(|own| !map.ours.contains(own)).collect::<Vec<_>>()),
                None => member.maps.push(Map { relation: Relation::Equal, part: None, shared: false, ours, limits: Vec::new() }),
            }
        }
        members.into_values().collect()
    }
}

fn of_check(control: &str, check: &str) -> Ours {
    Ours { control: control.to_owned(), provider: None, check: Some(check.to_owned()) }
}

fn member(requirement: &Requirement) -> Member {
    let id = &requirement.control;
    let target = match requirement.statements.as_slice() {
        [one] => Target::Statement(one.clone()),
        _ => Target::Statement(format!("{id}_smt")),
    };
    Member { id: id.clone(), title: id.clone(), statement: requirement.description.clone(), target, parts: Vec::new(), maps: Vec::new() }
}

#[cfg(test)]
mod tests;
