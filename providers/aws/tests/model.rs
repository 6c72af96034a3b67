//! The embedded models are what `model/operations.txt` asks for, no more and no less.

use std::collections::BTreeSet;

use provider_aws::model::{self, InUse, Member, Operation, Protocol, Service, Type};

fn calls() -> Vec<InUse> {
    model::in_use().collect()
}

const HOW: &str = "run `cargo run -p assize-provider-aws --example generate_model -- BOTOCORE_DATA_DIR`";

#[test]
fn the_list_of_operations_is_sorted_and_has_no_doubles() {
    let calls = calls();
    assert!(calls.is_sorted_by(|a, b| (a.service, a.operation) < (b.service, b.operation)), "sort model/operations.txt, one line per call");
}

#[test]
fn every_listed_operation_is_in_its_model_and_nothing_else_is() {
    let listed: BTreeSet<(&str, &str)> = calls().iter().map(|call| (call.service, call.operation)).collect();
    let modelled: BTreeSet<(&str, &str)> = model::services()
        .flat_map(|name| model::service(name).unwrap().operations.keys().map(move |operation| (name, operation.as_str())))
        .collect();
    assert_eq!(modelled, listed, "{HOW}");
    for call in calls() {
        let (_, operation) = model::operation(call.service, call.operation).unwrap();
        assert_eq!(operation.root.as_deref(), call.root, "{}: {HOW}", operation.name);
    }
}

#[test]
fn the_types_are_those_that_the_operations_reach() {
    for name in model::services() {
        let service = model::service(name).unwrap();
        assert!(service.generated.is_some(), "{name} does not say that it is generated");
        let reached: BTreeSet<&str> = reached(service);
        let kept: BTreeSet<&str> = service.shapes.keys().map(String::as_str).collect();
        assert_eq!(reached, kept, "{name}: {HOW}");
    }
}

#[test]
fn an_answer_in_xml_can_always_be_told_from_another_document() {
    for call in calls() {
        let (service, operation) = model::operation(call.service, call.operation).unwrap();
        let Some(output) = operation.output.as_ref().map(|member| service.at(member)) else { continue };
        let in_body = output.payload().is_none() && output.def.members.values().any(|member| !service.at(member).beside_body());
        let needs_root = service.metadata.protocol == Protocol::RestXml && in_body;
        assert_eq!(operation.root.is_some(), needs_root, "give `{}:{}` its root in model/operations.txt", call.service, call.operation);
    }
}

#[test]
fn a_list_with_a_token_is_never_read_as_one_page() {
    for call in calls() {
        let (service, operation) = model::operation(call.service, call.operation).unwrap();
        let tokens = ["NextToken", "NextMarker", "Marker", "ContinuationToken", "nextToken", "IsTruncated", "Truncated"];
        let has_token = members(service, &operation.output).any(|name| tokens.contains(&name));
        assert!(
            !has_token || operation.pages.is_some(),
            "`{}:{}` comes in pages that the model does not know",
            call.service,
            call.operation
        );
    }
}

#[test]
fn paging_names_members_that_exist() {
    for call in calls() {
        let (service, operation) = model::operation(call.service, call.operation).unwrap();
        let Some(pages) = &operation.pages else { continue };
        let (takes, gives): (BTreeSet<_>, BTreeSet<_>) =
            (members(service, &operation.input).collect(), members(service, &operation.output).collect());
        let asked = pages.input_token.names().iter().chain(&pages.limit_key);
        let told = pages.output_token.names().iter().chain(&pages.more_results).chain(pages.result_key.names());
        assert!(asked.clone().all(|name| takes.contains(name.as_str())), "{}", operation.name);
        assert!(told.clone().all(|path| gives.contains(path.split('.').next().unwrap())), "{}", operation.name);
        assert_eq!(pages.input_token.names().len(), pages.output_token.names().len(), "{}", operation.name);
        assert_eq!(model::result_keys(call.service, call.operation), pages.result_key.names());
    }
}

#[test]
fn every_answer_has_a_shape_to_type_checks_against() {
    for call in calls() {
        assert!(model::output_shape(call.service, call.operation).is_some(), "{}", call.operation);
    }
    let shape = model::output_shape("s3", "GetBucketVersioning").unwrap();
    let text = inventory::Shape::String;
    assert_eq!(shape, inventory::Shape::object([("MFADelete", text.clone()), ("Status", text)]));
    assert_eq!(model::output_shape("s3", "DeleteBucket"), None);
}

fn members<'a>(service: &'a Service, member: &'a Option<Member>) -> impl Iterator<Item = &'a str> {
    member.iter().flat_map(|member| service.at(member).def.members.keys()).map(String::as_str)
}

fn reached(service: &Service) -> BTreeSet<&str> {
    let of = |operation: &'_ Operation| -> Vec<Member> {
        operation.input.iter().chain(&operation.output).chain(&operation.errors).cloned().collect()
    };
    let mut ahead: Vec<Member> = service.operations.values().flat_map(of).collect();
    let mut seen = BTreeSet::new();
    while let Some(member) = ahead.pop() {
        let (name, def) = service.shapes.get_key_value(&member.shape).unwrap_or_else(|| panic!("`{}` is not defined", member.shape));
        if !seen.insert(name.as_str()) {
            continue;
        }
        assert_eq!(def.kind == Type::List, def.member.is_some(), "{name}");
        ahead.extend(def.members.values().cloned());
        ahead.extend([&def.member, &def.key, &def.value].into_iter().flatten().map(|member| (**member).clone()));
    }
    seen
}
