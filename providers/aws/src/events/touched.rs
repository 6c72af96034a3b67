//! Which resources of ours an event was about: a table of what records name, because every service names it otherwise.

use events::{Event, Touched};
use inventory::Reach;
use serde_json::{Map, Value};

use crate::kind::path::{Names, flatten};
use crate::kinds;

/// One line: events of a service whose names begin so touch resources of this kind.
struct Line {
    service: &'static str,
    /// How names begin; any of them.
    names: &'static [&'static str],
    kind: &'static str,
    /// The list whose elements name one resource each; its elements are `{each.…}`.
    each: &'static str,
    /// The resource's id. Empty where records do not tell it: then it may be any of the kind.
    id: &'static str,
}

const fn line(service: &'static str, names: &'static [&'static str], kind: &'static str, each: &'static str, id: &'static str) -> Line {
    Line { service, names, kind, each, id }
}

const ACCOUNT: &str = "arn:{partition}:iam::{account}:root";
const BUCKET: &str = "arn:{partition}:s3:::{requestParameters.bucketName}";

/// IAM calls name users, groups and roles without their path, of which the id has to have it.
const LINES: &[Line] = &[
    line("s3", &["PutAccountPublicAccessBlock", "DeleteAccountPublicAccessBlock"], "aws.account", "", ACCOUNT),
    line("s3", &["PutAccountPublicAccessBlock", "DeleteAccountPublicAccessBlock"], "aws.s3.bucket", "", ""),
    line("s3", &["PutBucket", "DeleteBucket", "CreateBucket"], "aws.s3.bucket", "", BUCKET),
    line("iam", &["CreateUser"], "aws.iam.user", "", "{responseElements.user.arn}"),
    line("iam", &["CreateRole", "CreateServiceLinkedRole"], "aws.iam.role", "", "{responseElements.role.arn}"),
    line("iam", &["CreateGroup"], "aws.iam.group", "", "{responseElements.group.arn}"),
    line("iam", &["CreatePolicy"], "aws.iam.policy", "", "{responseElements.policy.arn}"),
    line("iam", &["CreatePolicyVersion", "DeletePolicy", "SetDefaultPolicyVersion"], "aws.iam.policy", "", "{requestParameters.policyArn}"),
    line("iam", &["Attach", "Detach"], "aws.iam.policy", "", "{requestParameters.policyArn}"),
    line(
        "iam",
        &["Attach", "Detach", "Delete", "Put", "Update", "Add", "Remove", "Tag", "Untag"],
        "aws.iam.user",
        "requestParameters.userName",
        "",
    ),
    line("iam", &["CreateAccessKey", "CreateLoginProfile", "EnableMFADevice", "DeactivateMFADevice"], "aws.iam.user", "", ""),
    line("iam", &["Attach", "Detach", "Delete", "Put", "Update", "Tag", "Untag"], "aws.iam.role", "requestParameters.roleName", ""),
    line("iam", &["Attach", "Detach", "Delete", "Put", "Update", "Add", "Remove"], "aws.iam.group", "requestParameters.groupName", ""),
    line(
        "iam",
        &["UpdateAccountPasswordPolicy", "DeleteAccountPasswordPolicy", "CreateVirtualMFADevice", "DeleteVirtualMFADevice"],
        "aws.account",
        "",
        ACCOUNT,
    ),
    line(
        "iam",
        &[
            "CreateAccessKey",
            "DeleteAccessKey",
            "UpdateAccessKey",
            "CreateLoginProfile",
            "DeleteLoginProfile",
            "EnableMFADevice",
            "DeactivateMFADevice",
        ],
        "aws.account",
        "",
        ACCOUNT,
    ),
    line(
        "ec2",
        &["RunInstances"],
        "aws.ec2.instance",
        "responseElements.instancesSet.items[]",
        "arn:{partition}:ec2:{region}:{account}:instance/{each.instanceId}",
    ),
    line(
        "ec2",
        &["Start", "Stop", "Terminate", "Reboot"],
        "aws.ec2.instance",
        "requestParameters.instancesSet.items[]",
        "arn:{partition}:ec2:{region}:{account}:instance/{each.instanceId}",
    ),
    line(
        "ec2",
        &["Modify", "Associate", "Attach", "Detach"],
        "aws.ec2.instance",
        "",
        "arn:{partition}:ec2:{region}:{account}:instance/{requestParameters.instanceId}",
    ),
    line(
        "ec2",
        &["ModifyInstanceMetadataOptions"],
        "aws.ec2.instance",
        "",
        "arn:{partition}:ec2:{region}:{account}:instance/{requestParameters.ModifyInstanceMetadataOptionsRequest.InstanceId}",
    ),
    line(
        "ec2",
        &["CreateSecurityGroup"],
        "aws.ec2.security_group",
        "",
        "arn:{partition}:ec2:{region}:{account}:security-group/{responseElements.groupId}",
    ),
    line(
        "ec2",
        &["Authorize", "Revoke", "DeleteSecurityGroup"],
        "aws.ec2.security_group",
        "",
        "arn:{partition}:ec2:{region}:{account}:security-group/{requestParameters.groupId}",
    ),
    line("ec2", &["ModifySecurityGroupRules", "UpdateSecurityGroupRule"], "aws.ec2.security_group", "", ""),
    line(
        "ec2",
        &["CreateNetworkAclEntry", "DeleteNetworkAclEntry", "ReplaceNetworkAclEntry", "DeleteNetworkAcl"],
        "aws.ec2.network_acl",
        "",
        "arn:{partition}:ec2:{region}:{account}:network-acl/{requestParameters.networkAclId}",
    ),
    line("ec2", &["CreateVolume"], "aws.ec2.volume", "", "arn:{partition}:ec2:{region}:{account}:volume/{responseElements.volumeId}"),
    line(
        "ec2",
        &["ModifyVolume", "DeleteVolume", "AttachVolume", "DetachVolume"],
        "aws.ec2.volume",
        "",
        "arn:{partition}:ec2:{region}:{account}:volume/{requestParameters.volumeId}",
    ),
    line(
        "ec2",
        &["CreateSnapshot", "CopySnapshot"],
        "aws.ec2.snapshot",
        "",
        "arn:{partition}:ec2:{region}:{account}:snapshot/{responseElements.snapshotId}",
    ),
    line(
        "ec2",
        &["ModifySnapshotAttribute", "ResetSnapshotAttribute", "DeleteSnapshot"],
        "aws.ec2.snapshot",
        "",
        "arn:{partition}:ec2:{region}:{account}:snapshot/{requestParameters.snapshotId}",
    ),
    line(
        "ec2",
        &["CreateImage", "CopyImage", "RegisterImage"],
        "aws.ec2.image",
        "",
        "arn:{partition}:ec2:{region}:{account}:image/{responseElements.imageId}",
    ),
    line(
        "ec2",
        &["ModifyImageAttribute", "ResetImageAttribute", "DeregisterImage"],
        "aws.ec2.image",
        "",
        "arn:{partition}:ec2:{region}:{account}:image/{requestParameters.imageId}",
    ),
    line(
        "ec2",
        &["CreateVpc", "CreateDefaultVpc"],
        "aws.ec2.vpc",
        "",
        "arn:{partition}:ec2:{region}:{account}:vpc/{responseElements.vpc.vpcId}",
    ),
    line(
        "ec2",
        &["ModifyVpcAttribute", "DeleteVpc"],
        "aws.ec2.vpc",
        "",
        "arn:{partition}:ec2:{region}:{account}:vpc/{requestParameters.vpcId}",
    ),
    // A VPC's document has its flow logs and endpoints, which are made and deleted by ids of their own.
    line(
        "ec2",
        &["CreateFlowLogs", "DeleteFlowLogs", "CreateVpcEndpoint", "DeleteVpcEndpoints", "ModifyVpcEndpoint"],
        "aws.ec2.vpc",
        "",
        "",
    ),
    line(
        "ec2",
        &["CreateSubnet"],
        "aws.ec2.subnet",
        "",
        "arn:{partition}:ec2:{region}:{account}:subnet/{responseElements.subnet.subnetId}",
    ),
    line(
        "ec2",
        &["ModifySubnetAttribute", "DeleteSubnet"],
        "aws.ec2.subnet",
        "",
        "arn:{partition}:ec2:{region}:{account}:subnet/{requestParameters.subnetId}",
    ),
    line(
        "ec2",
        &[
            "EnableEbsEncryptionByDefault",
            "DisableEbsEncryptionByDefault",
            "EnableSnapshotBlockPublicAccess",
            "DisableSnapshotBlockPublicAccess",
            "EnableSerialConsoleAccess",
            "DisableSerialConsoleAccess",
        ],
        "aws.ec2.region",
        "",
        "arn:{partition}:ec2:{region}:{account}:region",
    ),
    line(
        "rds",
        &["Create", "Modify", "Delete", "Restore", "Reboot", "Start", "Stop"],
        "aws.rds.instance",
        "",
        "{responseElements.dBInstanceArn}",
    ),
    line("rds", &["Create", "Modify", "Delete", "Restore", "Start", "Stop"], "aws.rds.cluster", "", "{responseElements.dBClusterArn}"),
    line("kms", &["CreateKey"], "aws.kms.key", "", "{responseElements.keyMetadata.arn}"),
    line("kms", &["Put", "Enable", "Disable", "Schedule", "Cancel", "Update", "Tag", "Untag"], "aws.kms.key", "resources[]", "{each.ARN}"),
    line("cloudtrail", &["CreateTrail", "UpdateTrail"], "aws.cloudtrail.trail", "", "{responseElements.trailARN}"),
    line("cloudtrail", &["StartLogging", "StopLogging", "DeleteTrail"], "aws.cloudtrail.trail", "", "{requestParameters.name}"),
    line("cloudtrail", &["PutEventSelectors"], "aws.cloudtrail.trail", "", "{responseElements.trailARN}"),
    line("cloudtrail", &["Create", "Update", "Delete", "Start", "Stop", "Put"], "aws.account", "", ACCOUNT),
];

/// The resources of kinds of ours that a record names.
pub(super) fn touched(event: &Event, record: &Value, partition: &str) -> Vec<Touched> {
    let Some((service, name)) = event.action.split_once(':') else { return Vec::new() };
    let lines = LINES.iter().filter(|line| line.service == service && line.names.iter().any(|begin| name.starts_with(begin)));
    let mut found: Vec<Touched> = lines.flat_map(|line| of_line(line, event, record, partition)).collect();
    found.sort();
    found.dedup();
    found
}

fn of_line(line: &Line, event: &Event, record: &Value, partition: &str) -> Vec<Touched> {
    let Some(kind) = kinds().iter().find(|kind| kind.id.as_str() == line.kind) else { return Vec::new() };
    let region = event.scope.region.as_deref().unwrap_or_default();
    let account = inventory::Scope::account("aws", &event.scope.account);
    let scope = match kind.reach {
        Reach::Global => account,
        Reach::Regional => account.region(region),
    };
    let (nothing, account) = (Map::new(), event.scope.account.as_str());
    let document = record.as_object().unwrap_or(&nothing);
    let elements = match line.each {
        "" => vec![Value::Null],
        list => flatten(record.clone(), list).unwrap_or_default(),
    };
    let one = |each: &Value| {
        // A condition without an id: the record names one of the kind, and not its whole id.
        if line.id.is_empty() {
            return (line.each.is_empty() || each.is_string()).then_some(None);
        }
        let id = Names { partition, account, region, document, each: Some(each) }.fill(line.id).ok()?;
        let id = if line.kind == "aws.cloudtrail.trail" && !id.starts_with("arn:") {
            format!("arn:{partition}:cloudtrail:{region}:{account}:trail/{id}")
        } else {
            id
        };
        Some(Some(id))
    };
    let touched = |id| Touched { kind: Some(kind.id.clone()), id, scope: scope.clone() };
    elements.iter().filter_map(one).map(touched).collect()
}
