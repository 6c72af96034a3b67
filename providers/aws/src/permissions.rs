//! The least that an identity must be allowed so that kinds can be read: nothing but reads, and only those in use.

use std::collections::{BTreeMap, BTreeSet};

use inventory::{Fields, KindId};
use serde_json::{Value, json};

use crate::caller::needs_permission;
use crate::kind::{Call, declarations, needed};

/// The actions that reading these fields of these kinds takes.
pub fn actions(wants: &BTreeMap<KindId, Fields>) -> BTreeSet<String> {
    let mut calls: Vec<&Call> = Vec::new();
    for (declaration, fields) in declarations().iter().filter_map(|declaration| Some((declaration, wants.get(&declaration.kind)?))) {
        let fields = needed(declaration, fields);
        calls.extend(declaration.list.iter().map(|list| &list.call));
        calls.extend(declaration.window.iter().map(|window| &window.call));
        for detail in declaration.details.iter().filter(|detail| fields.contains(detail.field())) {
            calls.extend(detail.prepare.iter().chain([&detail.call]));
        }
        calls.extend(declaration.joins.iter().filter(|join| fields.contains(&join.into)).map(|join| &join.call));
    }
    let mut actions: BTreeSet<String> =
        calls.into_iter().filter(|call| needs_permission(&call.service, &call.operation)).map(Call::action).collect();
    if declarations().iter().any(|declaration| declaration.reach == inventory::Reach::Regional && wants.contains_key(&declaration.kind)) {
        actions.insert(crate::action("ec2", "DescribeRegions"));
    }
    actions
}

/// The same as an IAM policy. None of these actions can be limited to resources that are not known before they are listed.
pub fn permissions(wants: &BTreeMap<KindId, Fields>) -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [{ "Sid": "AssizeRead", "Effect": "Allow", "Action": actions(wants), "Resource": "*" }]
    })
}
