//! The assessment results: who assessed, what there is, what was seen, what follows.

use std::collections::BTreeMap;
use std::fmt::Write;

use oscal::{
    AssessmentAssets, AssessmentPlatform, AssessmentResult, AssessmentResults, BackMatter, ComponentState, ComponentStatus, ComponentType,
    ControlSelection, Hash, ImportAp, InventoryItem, Metadata, Party, PartyType, Property, Resource, ResourceLink, ResponsibleParty,
    ReviewedControls, Role, RunDefinitions, SelectControl, SystemComponent, UsesComponent,
};

use super::words::{OSCAL_VERSION, account_component, hex, lasting, line, of_run, own, prop, prose, sha256, text, token, tool, whole};
use super::{Context, finding, framework, log, observation, risk};
use crate::seen::Subject;

pub(super) fn results(context: &Context, evidence: &BTreeMap<String, String>) -> AssessmentResults {
    let frame = context.frame;
    let result = result(context);
    let import = ImportAp::new("assessment-plan.json".parse().expect("a file name is a reference"));
    AssessmentResults {
        back_matter: Some(BackMatter { resources: evidence.iter().map(|(account, list)| evidence_resource(account, list)).collect() }),
        ..AssessmentResults::new(of_run(frame.run, "assessment-results"), metadata(context, "Assessment results"), import, vec![result])
    }
}

fn result(context: &Context) -> AssessmentResult {
    let frame = context.frame;
    let tally = &context.assessed.tally;
    let title = line(&format!("Assessment of {}", whole(frame.started)));
    let description = prose(&format!(
        "{} verdicts on {} resources: {} pass, {} fail ({} of them exempt), {} unknown, {} not applicable.",
        tally.planned(),
        context.seen.subjects.len(),
        tally.pass,
        tally.fail,
        tally.exempt,
        tally.unknown,
        tally.not_applicable
    ));
    let observed = observation::observations(context);
    let risks = risk::risks(context, &observed);
    let mut findings = finding::findings(context, &observed, &risks);
    findings.extend(framework::findings(context, &observed, &risks));
    AssessmentResult {
        end: Some(whole(frame.ended).into()),
        props: totals(context),
        local_definitions: Some(definitions(context)),
        assessment_log: Some(log::log(context)),
        findings,
        observations: observed.all,
        risks: risks.all,
        ..AssessmentResult::new(of_run(frame.run, "result"), title, description, whole(frame.started).into(), reviewed(context))
    }
}

fn totals(context: &Context) -> Vec<Property> {
    let tally = &context.assessed.tally;
    let mut props = vec![
        prop("run", &context.frame.run.to_string()),
        prop("checks-digest", &context.frame.checks_digest),
        prop("profile", &context.frame.profile),
        prop("planned", &tally.planned().to_string()),
    ];
    props.extend(tally_props(tally));
    props
}

/// The counts of a tally as properties.
pub(super) fn tally_props(tally: &crate::Tally) -> Vec<Property> {
    let counts = [
        ("pass", tally.pass),
        ("fail", tally.fail),
        ("unknown", tally.unknown),
        ("not-applicable", tally.not_applicable),
        ("vacuous", tally.vacuous),
        ("exempt", tally.exempt),
    ];
    counts.into_iter().map(|(name, count)| prop(name, &count.to_string())).collect()
}

fn reviewed(context: &Context) -> ReviewedControls {
    let select = |&at: &usize| SelectControl::new(token(&context.plan.controls()[at].id));
    let assessed: Vec<usize> = context.assessed.answers.iter().map(|answer| answer.control).collect();
    let own = ControlSelection {
        description: Some(prose(
            "Included: controls that checks reached. Excluded: controls that the profile selects and no check reaches; nothing is claimed about them.",
        )),
        include_controls: assessed.iter().map(select).collect(),
        exclude_controls: context.assessed.unreached.iter().map(select).collect(),
        ..ControlSelection::default()
    };
    ReviewedControls::new(std::iter::once(own).chain(framework::reviewed(context)).collect())
}

fn definitions(context: &Context) -> RunDefinitions {
    let items = context.seen.subjects.iter().map(|subject| item(context, subject)).collect();
    RunDefinitions {
        components: components(context),
        inventory_items: items,
        assessment_assets: Some(assets(context)),
        tasks: Vec::new(),
        ..RunDefinitions::default()
    }
}

/// The lasting id of a resource.
pub(super) fn subject_id(context: &Context, subject: &Subject) -> oscal::Uuid {
    subject_of(context.seen.kinds[subject.kind as usize].as_str(), &subject.id)
}

/// The lasting id of the resource of this kind and id.
pub(crate) fn subject_of(kind: &str, id: &str) -> oscal::Uuid {
    lasting("subject", &format!("{kind}/{id}"))
}

fn item(context: &Context, subject: &Subject) -> InventoryItem {
    let props = vec![own("asset-id", &subject.id)];
    InventoryItem { props, ..InventoryItem::new(subject_id(context, subject), prose(&subject.name)) }
}

/// One component per account.
pub(super) fn components(context: &Context) -> Vec<SystemComponent> {
    context.accounts().into_iter().map(component).collect()
}

/// An account as a component.
pub(crate) fn component(account: (&str, &str)) -> SystemComponent {
    let title = line(&format!("{}/{}", account.0, account.1));
    let description = prose("An account in the scope of the assessment.");
    let status = ComponentStatus::new(ComponentState::Operational);
    SystemComponent::new(account_component(account), ComponentType::Service, title, description, status)
}

/// The tool, and what it runs on.
pub(super) fn assets(context: &Context) -> AssessmentAssets {
    assets_of(&context.frame.version)
}

/// The same for a version of the tool.
pub(crate) fn assets_of(version: &str) -> AssessmentAssets {
    let software = SystemComponent {
        props: vec![own("version", version)],
        ..SystemComponent::new(
            tool(),
            ComponentType::Software,
            line("assize"),
            prose("Continuous assessment of cloud controls."),
            ComponentStatus::new(ComponentState::Operational),
        )
    };
    let platform = AssessmentPlatform {
        title: Some(line("assize")),
        uses_components: vec![UsesComponent::new(tool())],
        ..AssessmentPlatform::new(lasting("platform", "assize"))
    };
    AssessmentAssets { components: vec![software], ..AssessmentAssets::new(vec![platform]) }
}

/// The organisation that is assessed.
pub(super) fn organization(context: &Context) -> oscal::Uuid {
    lasting("party", &context.frame.organization)
}

/// A person or office that is named in an exemption.
pub(crate) fn party(name: &str) -> oscal::Uuid {
    lasting("party", name)
}

/// The metadata of both documents: all parties and roles that they refer to.
pub(super) fn metadata(context: &Context, title: &str) -> Metadata {
    let role = |id: &str, title: &str| Role::new(token(id), line(title));
    let named = |name: &str| Party { name: Some(text(name)), ..Party::new(party(name), PartyType::Person) };
    let mut people: Vec<&str> = context.exemptions.all().flat_map(|entry| [entry.owner.as_str(), entry.approved_by.as_str()]).collect();
    people.sort_unstable();
    people.dedup();
    let org = Party { name: Some(text(&context.frame.organization)), ..Party::new(organization(context), PartyType::Organization) };
    let others = people.into_iter().filter(|name| *name != context.frame.organization).map(named);
    Metadata {
        roles: vec![role("assessor", "Assessor"), role("risk-owner", "Risk owner"), role("authorizing-official", "Authorizing official")],
        parties: std::iter::once(org).chain(others).collect(),
        responsible_parties: vec![ResponsibleParty::new(token("assessor"), vec![organization(context)])],
        ..Metadata::new(
            line(title),
            whole(context.frame.ended).into(),
            text(&whole(context.frame.started).to_string()),
            text(OSCAL_VERSION),
        )
    }
}

/// The name of an account's evidence, in the file name and in ids.
pub(super) fn evidence_name((provider, account): (&str, &str)) -> String {
    format!("{provider}-{account}")
}

/// The documents that were judged, by account, in the form that `sha256sum` prints.
pub(super) fn evidence_lists(context: &Context) -> BTreeMap<String, String> {
    let mut lists: BTreeMap<String, String> =
        context.accounts().into_iter().map(|account| (evidence_name(account), String::new())).collect();
    for subject in &context.seen.subjects {
        let scope = &context.seen.scopes[subject.scope as usize];
        let list = lists.get_mut(&evidence_name((&scope.provider, &scope.account))).expect("every scope has its account");
        let kind = &context.seen.kinds[subject.kind as usize];
        writeln!(list, "{}  {kind}  {}", hex(&subject.document), subject.id).expect("text takes everything");
    }
    lists
}

/// The id of the back-matter resource that stands for an account's evidence.
pub(super) fn evidence_id(account: &str) -> oscal::Uuid {
    lasting("evidence", account)
}

fn evidence_resource(account: &str, list: &str) -> Resource {
    let link = ResourceLink {
        media_type: Some(text("text/plain")),
        hashes: vec![Hash::new(text("SHA-256"), text(&sha256(list.as_bytes())))],
        ..ResourceLink::new(format!("evidence/{account}.sha256").parse().expect("accounts have plain names"))
    };
    Resource {
        title: Some(line(&format!("Documents read from {account}"))),
        description: Some(prose(
            "SHA-256, kind and id of every document that was judged; the documents themselves are in the ledger under their SHA-256.",
        )),
        props: vec![own("type", "evidence")],
        rlinks: vec![link],
        ..Resource::new(evidence_id(account))
    }
}
