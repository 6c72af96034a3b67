"""Builds an estate in an AWS emulator and writes down what every check must say of it.

The truth is stated where a thing is made, from what was done to it, by hand; no check is asked. Usage:
    seed.py --endpoint URL --account prod|dev|log-archive --truth FILE [--emulator moto|ministack]
FILE becomes JSON: {"verdicts": {"<check> <resource id>": "pass" | "fail" | "not-applicable"}, "names": {"<resource id>": "<name>"},
"lacking": ["<call that the emulator lacks>"]}.
It is what AWS would show after the same calls; what an emulator gets wrong of it is listed in deviations.toml, beside.
"""
import argparse, json, pathlib, sys, tomllib, urllib.request
import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ACCOUNTS = {"prod": "111122223333", "dev": "444455556666", "log-archive": "777788889999"}
REGIONS = ["us-east-1", "eu-central-1"]
CHECKS = {
    "account": ["idm-01/aws/root-has-no-access-keys", "idm-02/aws/root-uses-mfa", "idm-03/aws/root-mfa-is-hardware",
                "idm-04/aws/credential-report-shows-mfa", "idm-13/aws/administrators-are-few", "idm-16/aws/password-policy-is-strong",
                "dat-01/aws/s3-account-blocks-public-access", "log-01/aws/cloudtrail-covers-all-regions", "log-08/aws/cloudtrail-reaches-the-organization"],
    "region": ["dat-09/aws/region-blocks-public-snapshots"],
    "window": ["idm-05/aws/root-was-not-used", "idm-14/aws/nothing-was-opened-to-everybody", "log-01/aws/logging-was-not-stopped"],
    "user": ["idm-04/aws/console-users-have-mfa", "idm-05/aws/users-sign-in-by-federation", "idm-07/aws/access-keys-are-rotated", "idm-10/aws/users-have-no-inline-administration"],
    "role": ["idm-10/aws/roles-have-no-inline-administration", "idm-14/aws/roles-trust-known-principals", "idm-15/aws/ci-roles-are-bound-to-a-subject"],
    "group": ["idm-10/aws/groups-have-no-inline-administration"],
    "policy": ["idm-09/aws/policies-grant-no-full-administration", "idm-11/aws/policies-allow-no-escalation"],
    "instance": ["idm-08/aws/instances-have-a-role", "idm-21/aws/instances-require-imdsv2", "net-10/aws/instances-have-no-public-address"],
    "security-group": ["net-01/aws/security-groups-close-ssh", "net-02/aws/security-groups-close-rdp", "net-03/aws/security-groups-open-no-all-ports-rule",
                       "net-04/aws/security-groups-close-database-ports", "net-05/aws/security-groups-close-udp-services",
                       "net-06/aws/security-groups-close-file-sharing", "net-08/aws/default-security-groups-are-empty"],
    "network-acl": ["net-07/aws/network-acls-close-administration-ports"],
    "vpc": ["net-09/aws/vpcs-have-flow-logs", "net-15/aws/vpcs-reach-services-privately"],
    "bucket": ["dat-01/aws/s3-bucket-blocks-public-access", "dat-02/aws/s3-bucket-policy-is-not-public", "dat-02/aws/s3-bucket-acl-is-not-public",
               "dat-03/aws/s3-bucket-acls-are-off", "dat-06/aws/s3-bucket-deletion-needs-mfa", "trn-01/aws/s3-bucket-refuses-plain-http"],
    "volume": ["dat-07/aws/ebs-volumes-are-encrypted"],
    "snapshot": ["dat-09/aws/ebs-snapshots-are-not-public"],
    "image": ["dat-09/aws/images-are-not-public"],
    "database": ["dat-10/aws/rds-storage-is-encrypted", "dat-11/aws/rds-is-not-publicly-reachable", "trn-04/aws/rds-requires-tls"],
    "cluster": ["trn-04/aws/rds-clusters-require-tls"],
    "key": ["key-01/aws/kms-keys-rotate", "key-02/aws/kms-keys-are-not-pending-deletion", "key-03/aws/kms-keys-are-not-public"],
    "trail": ["log-03/aws/cloudtrail-validates-log-files", "log-04/aws/cloudtrail-is-encrypted-with-kms", "log-05/aws/cloudtrail-bucket-is-not-public"],
}
truth, names = {}, {}


def judged(kind, resource, fails=(), na=(), name=None):
    """Everything that is not said to be otherwise passes. A prefix such as `net-01` is enough where one check of the kind has it."""
    if name:
        names[resource] = name
    for check in CHECKS[kind]:
        said = [word for word, names in (("fail", fails), ("not-applicable", na)) if any(check.startswith(name) for name in names)]
        assert len(said) < 2, (check, said)
        truth[f"{check} {resource}"] = said[0] if said else "pass"
    for name in (*fails, *na):
        assert any(check.startswith(name) for check in CHECKS[kind]), f"no check {name} for {kind}"


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


class Account:
    def __init__(self, endpoint, name, emulator):
        self.endpoint, self.name, self.id, self.emulator = endpoint, name, ACCOUNTS[name], emulator
        # What deviates without touching a verdict is a call that this script cannot make; each has to be met.
        with open(pathlib.Path(__file__).with_name("deviations.toml"), "rb") as file:
            self.lacking = {entry["call"] for entry in tomllib.load(file)[emulator] if not entry["checks"]}
        self.met = set()

    def client(self, service, region=REGIONS[0]):
        return boto3.client(service, region_name=region, endpoint_url=self.endpoint, aws_access_key_id="testing", aws_secret_access_key="testing",
                            config=Config(retries={"max_attempts": 2}, s3={"addressing_style": "path"}))

    def done(self, call, make):
        """What the emulator answers to this call, or false; one that it lacks is listed as such, and is found to be lacking still."""
        if call not in self.lacking:
            return make() or True
        self.met.add(call)
        try:
            make()
        except (ClientError, urllib.error.HTTPError):
            return False
        raise SystemExit(f"{self.emulator} does {call} now: take it off the deviations")

    # ---- identity -------------------------------------------------------------------------------------------------------
    def iam(self):
        iam = self.client("iam")
        prod = self.name == "prod"
        arn = lambda kind, name: f"arn:aws:iam::{self.id}:{kind}/{name}"
        everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}

        def user(name, password=False, mfa=False, keys=0, inline=None, fails=()):
            iam.create_user(UserName=name, Tags=[{"Key": "team", "Value": name.split("-")[0]}])
            if password:
                iam.create_login_profile(UserName=name, Password="Correct-horse-1")
            if mfa:
                device = iam.create_virtual_mfa_device(VirtualMFADeviceName=f"{name}-phone")["VirtualMFADevice"]["SerialNumber"]
                iam.enable_mfa_device(UserName=name, SerialNumber=device, AuthenticationCode1="123456", AuthenticationCode2="654321")
            for _ in range(keys):
                iam.create_access_key(UserName=name)
            if inline:
                iam.put_user_policy(UserName=name, PolicyName="inline", PolicyDocument=inline)
            judged("user", arn("user", name), fails=fails)

        # Emulators make access keys now; the test ages them by assessing at a later clock.
        user("deploy-bot", keys=1)
        user("break-glass", password=True, mfa=True)
        if prod:
            user("anna-console", password=True, mfa=True, fails=["idm-05"])
            user("old-contractor", password=True, keys=2, fails=["idm-04", "idm-05"])
            user("shadow-admin", inline=policy(everything), fails=["idm-10"])
            # The same power, spelled otherwise: two actions, one of them everything.
            user("quiet-admin", inline=policy({"Effect": "Allow", "Action": ["s3:GetObject", "*:*"], "Resource": ["arn:aws:s3:::x", "*"]}), fails=["idm-10"])
            # Everything but one thing is everything; without IAM and Organizations it is the vendor's power user, who cannot raise himself.
            user("all-but-one-admin", inline=policy({"Effect": "Allow", "NotAction": "s3:DeleteBucket", "Resource": "*"}), fails=["idm-10"])
            user("all-but-one-place", inline=policy({"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::vault"}), fails=["idm-10"])
            user("power-user", inline=policy({"Effect": "Allow", "NotAction": ["iam:*", "organizations:*"], "Resource": "*"}))
            user("denied-admin", inline=policy({"Effect": "Deny", "Action": "*", "Resource": "*"}))

        def role(name, trust, inline=None, path="/", fails=(), na=()):
            iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=policy(trust), Tags=[{"Key": "team", "Value": "platform"}])
            if inline:
                iam.put_role_policy(RoleName=name, PolicyName="inline", PolicyDocument=inline)
            judged("role", arn("role" + path.rstrip("/"), name) if path != "/" else arn("role", name), fails=fails, na=na)

        ec2 = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
        github = lambda sub: {"Effect": "Allow", "Principal": {"Federated": f"arn:aws:iam::{self.id}:oidc-provider/token.actions.githubusercontent.com"},
                              "Action": "sts:AssumeRoleWithWebIdentity", **({"Condition": {"StringLike": {"token.actions.githubusercontent.com:sub": sub}}} if sub else {})}
        role("app", ec2, na=["idm-15"])
        role("service-linked", ec2, path="/aws-service-role/support.amazonaws.com/", na=["idm-10", "idm-14", "idm-15"])
        if prod:
            outside = {"AWS": "arn:aws:iam::999900001111:root"}
            role("open-to-all", {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}, fails=["idm-14"], na=["idm-15"])
            role("open-to-all-aws", {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}, fails=["idm-14"], na=["idm-15"])
            role("unknown-vendor", {"Effect": "Allow", "Principal": outside, "Action": "sts:AssumeRole"}, fails=["idm-14"], na=["idm-15"])
            role("vendor", {"Effect": "Allow", "Principal": outside, "Action": "sts:AssumeRole", "Condition": {"StringEquals": {"sts:ExternalId": "4711"}}}, na=["idm-15"])
            # A condition that a stranger meets is none: any identifier, any organization but one, and a key that may be missing.
            role("vendor-any-id", {"Effect": "Allow", "Principal": outside, "Action": "sts:AssumeRole", "Condition": {"StringLike": {"sts:ExternalId": "*"}}}, fails=["idm-14"], na=["idm-15"])
            role("not-one-organization", {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole", "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-foe0000000"}}}, fails=["idm-14"], na=["idm-15"])
            role("organization-if-any", {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole", "Condition": {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-own0000000"}}}, fails=["idm-14"], na=["idm-15"])
            role("own-organization", {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-own0000000"}}}, na=["idm-15"])
            role("own-account", {"Effect": "Allow", "Principal": {"AWS": self.id}, "Action": "sts:AssumeRole"}, na=["idm-15"])
            role("ci-bound", github(["repo:example/app:ref:refs/heads/main"]))
            role("ci-any-repository", github("repo:example/*"), fails=["idm-15"])
            role("ci-if-told", {**github(None), "Condition": {"StringLikeIfExists": {"token.actions.githubusercontent.com:sub": "repo:example/app:*"}}}, fails=["idm-15"])
            role("ci-not-a-foe", {**github(None), "Condition": {"StringNotLike": {"token.actions.githubusercontent.com:sub": "repo:foe/app:*"}}}, fails=["idm-15"])
            role("ci-unbound", github(None), fails=["idm-15"])
            role("inline-admin", ec2, inline=policy(everything), fails=["idm-10"], na=["idm-15"])
        iam.create_group(GroupName="readers")
        iam.put_group_policy(GroupName="readers", PolicyName="inline", PolicyDocument=policy({"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}))
        judged("group", arn("group", "readers"))
        if prod:
            iam.create_group(GroupName="rulers")
            iam.put_group_policy(GroupName="rulers", PolicyName="inline", PolicyDocument=policy({"Effect": "Allow", "Action": ["*"], "Resource": ["*"]}))
            judged("group", arn("group", "rulers"), fails=["idm-10"])

        def managed(name, document, attach=True, fails=(), na=()):
            iam.create_policy(PolicyName=name, PolicyDocument=document)
            if attach:
                iam.attach_role_policy(RoleName="app", PolicyArn=arn("policy", name))
            judged("policy", arn("policy", name), fails=fails, na=na)

        both = ["idm-09", "idm-11"]
        managed("read-objects", policy({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}))
        if prod:
            managed("everything", policy({"Effect": "Allow", "Action": ["s3:*"], "Resource": "*"}, everything), fails=["idm-09"], na=["idm-11"])
            managed("everything-unattached", policy(everything), attach=False, na=both)
            managed("writes-policies", policy({"Effect": "Allow", "Action": ["IAM:CreatePolicyVersion"], "Resource": "*"}), fails=["idm-11"])
            managed("all-but-one", policy({"Effect": "Allow", "NotAction": "s3:DeleteBucket", "Resource": "*"}), fails=["idm-09"], na=["idm-11"])
            managed("writes-by-pattern", policy({"Effect": "Allow", "Action": "iam:*Policy*", "Resource": arn("policy", "*")}), fails=["idm-11"])
            bounded = {"StringEquals": {"iam:PermissionsBoundary": arn("policy", "boundary")}}
            managed("writes-within-a-boundary", policy({"Effect": "Allow", "Action": ["iam:PutRolePolicy", "iam:AttachRolePolicy"], "Resource": "*", "Condition": bounded}))
            managed("writes-one-policy", policy({"Effect": "Allow", "Action": "iam:CreatePolicyVersion", "Resource": arn("policy", "one")}))
            managed("passes-and-runs", policy({"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}, {"Effect": "Allow", "Action": ["ec2:RunInstances"], "Resource": "*"}), fails=["idm-11"])
            managed("passes-any-role", policy({"Effect": "Allow", "Action": "iam:Pass*", "Resource": arn("role", "*")}, {"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}), fails=["idm-11"])
            managed("passes-one-role", policy({"Effect": "Allow", "Action": "iam:PassRole", "Resource": arn("role", "app")}, {"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}))
            managed("passes-only", policy({"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}))
            for name in ("one", "two", "three", "four"):
                role(f"admin-{name}", ec2, na=["idm-15"])
                iam.attach_role_policy(RoleName=f"admin-{name}", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
        strong = self.name != "dev"
        iam.update_account_password_policy(MinimumPasswordLength=16 if strong else 8, **({"PasswordReusePrevention": 24} if strong else {}))
        # The report has a row for the root user, who has a password and no MFA.
        self.account_fails = ["idm-04"]
        self.account_fails += ["idm-13"] if prod else []
        self.account_fails += [] if strong else ["idm-16"]

    # ---- storage --------------------------------------------------------------------------------------------------------
    def s3(self):
        s3, own = self.client("s3"), f"{self.name}-{self.id}"
        blocked = self.name == "log-archive" and self.block_account()
        self.account_fails += [] if blocked else ["dat-01"]

        def bucket(what, block=True, acl=None, document=None, ownership="BucketOwnerEnforced", tags=None, mfa_delete=False, fails=()):
            name = f"{own}-{what}"
            s3.create_bucket(Bucket=name, ObjectOwnership=ownership or "ObjectWriter")
            if ownership is None:
                s3.delete_bucket_ownership_controls(Bucket=name)
            if document:
                s3.put_bucket_policy(Bucket=name, Policy=document(name))
            if acl:
                s3.put_bucket_acl(Bucket=name, ACL=acl)
            if tags:
                s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": [{"Key": key, "Value": value} for key, value in tags.items()]})
            # Last, because a block that is on refuses public policies and lists; ones that were there before stay.
            if block is not None:
                s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=all_four(block))
            fails = [fail for fail in fails if not (blocked and fail == "dat-01")]
            audit = (tags or {}).get("data-class") == "audit"
            judged("bucket", f"arn:aws:s3:::{name}", fails=fails, na=[] if audit else ["dat-06"])
            return name

        def tls(name, **other):
            arn = f"arn:aws:s3:::{name}"
            return {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [arn, arn + "/*"], "Condition": {"Bool": {"aws:SecureTransport": "false"}}, **other}

        public = lambda name: {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{name}/*"}
        bucket("private", document=lambda name: policy(tls(name)))
        bucket("plain", block=None, fails=["dat-01", "trn-01"])
        if self.name == "prod":
            bucket("public-site", block=False, document=lambda name: policy(public(name), tls(name)), tags={"data-class": "public"}, fails=["dat-01", "dat-02/aws/s3-bucket-policy"])
            bucket("public-acl", block=False, acl="public-read", ownership="ObjectWriter", fails=["dat-01", "dat-02/aws/s3-bucket-acl", "dat-03", "trn-01"])
            bucket("authenticated-acl", block=True, acl="authenticated-read", ownership="BucketOwnerPreferred", fails=["dat-02/aws/s3-bucket-acl", "dat-03", "trn-01"])
            bucket("no-ownership", ownership=None, document=lambda name: policy(tls(name)), fails=["dat-03"])
            # A single string for what is usually a list, another operator, and a boolean in place of text.
            bucket("tls-spelled-otherwise", document=lambda name: policy(tls(name, Principal={"AWS": ["*"]}, Action=["s3:*"], Resource="*", Condition={"BoolIfExists": {"AWS:SecureTransport": False}})))
            bucket("tls-for-objects-only", document=lambda name: policy(tls(name, Resource=f"arn:aws:s3:::{name}/*")), fails=["trn-01"])
            bucket("tls-for-one-action", document=lambda name: policy(tls(name, Action="s3:GetObject")), fails=["trn-01"])
            bucket("audit", tags={"data-class": "audit"}, document=lambda name: policy(tls(name)), fails=["dat-06"])
        self.log_bucket = bucket("trail-logs", document=lambda name: policy(tls(name)))
        if self.name == "dev":
            self.public_log_bucket = bucket("public-logs", block=False, document=lambda name: policy(public(name), tls(name)), fails=["dat-01", "dat-02/aws/s3-bucket-policy"])

    def block_account(self):
        """boto3 puts the account into the host name, which an emulator on an address has not; so this call is made by hand."""
        body = "".join(f"<{name}>true</{name}>" for name in all_four(True))
        body = f'<PublicAccessBlockConfiguration xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/">{body}</PublicAccessBlockConfiguration>'
        signed = "AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"
        request = urllib.request.Request(f"{self.endpoint}/v20180820/configuration/publicAccessBlock", body.encode(), method="PUT",
                                         headers={"x-amz-account-id": self.id, "Authorization": signed, "Content-Type": "application/xml"})
        return self.done("s3control:PutPublicAccessBlock", lambda: urllib.request.urlopen(request).read())

    # ---- network and compute --------------------------------------------------------------------------------------------
    def ec2(self, region):
        ec2 = self.client("ec2", region)
        arn = lambda kind, name: f"arn:aws:ec2:{region}:{self.id}:{kind}/{name}"
        # What the emulator makes by itself: a default network with its group, list and subnets.
        for vpc in ec2.describe_vpcs()["Vpcs"]:
            judged("vpc", arn("vpc", vpc["VpcId"]), fails=["net-09"], na=["net-15"])
        for acl in ec2.describe_network_acls()["NetworkAcls"]:
            judged("network-acl", arn("network-acl", acl["NetworkAclId"]), fails=["net-07"])
        for group in ec2.describe_security_groups()["SecurityGroups"]:
            judged("security-group", arn("security-group", group["GroupId"]), fails=["net-08"])
        busy = region == REGIONS[0]
        # Nobody asked the region to block the sharing of snapshots, and a new one does not.
        judged("region", arn_region(self.id, region), fails=["dat-09"])
        if not busy:
            return
        vpc = ec2.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.20.1.0/24")["Subnet"]["SubnetId"]
        logged = self.name == "prod"
        if logged:
            ec2.create_flow_logs(ResourceType="VPC", ResourceIds=[vpc], TrafficType="ALL", LogDestinationType="s3", LogDestination=f"arn:aws:s3:::{self.log_bucket}")
            for service in ("s3", "dynamodb", "sts", "kms", "logs"):
                kind = "Gateway" if service in ("s3", "dynamodb") else "Interface"
                ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=f"com.amazonaws.{region}.{service}", VpcEndpointType=kind)
        judged("vpc", arn("vpc", vpc), fails=[] if logged else ["net-09", "net-15"])
        if logged:
            # A flow log that is active and cannot write: its log group does not exist.
            silent = ec2.create_vpc(CidrBlock="10.30.0.0/16")["Vpc"]["VpcId"]
            ec2.create_flow_logs(ResourceType="VPC", ResourceIds=[silent], TrafficType="ALL", LogGroupName="nowhere", DeliverLogsPermissionArn=f"arn:aws:iam::{self.id}:role/app")
            judged("vpc", arn("vpc", silent), fails=["net-09", "net-15"], name="silent")
            for acl in ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [silent]}])["NetworkAcls"]:
                judged("network-acl", arn("network-acl", acl["NetworkAclId"]), fails=["net-07"])
            for group in ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [silent]}])["SecurityGroups"]:
                judged("security-group", arn("security-group", group["GroupId"]), fails=["net-08"])
        for acl in ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["NetworkAcls"]:
            judged("network-acl", arn("network-acl", acl["NetworkAclId"]), fails=["net-07"])
        if self.name == "prod":
            closed = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
            for number, action, ports in ((90, "deny", (22, 22)), (91, "deny", (3389, 3389)), (100, "allow", (0, 65535))):
                ec2.create_network_acl_entry(NetworkAclId=closed, RuleNumber=number, Protocol="6", RuleAction=action, Egress=False, CidrBlock="0.0.0.0/0", PortRange={"From": ports[0], "To": ports[1]})
            judged("network-acl", arn("network-acl", closed), name="ports-closed")
            late = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
            for number, action in ((80, "allow"), (90, "deny")):
                ec2.create_network_acl_entry(NetworkAclId=late, RuleNumber=number, Protocol="6", RuleAction=action, Egress=False, CidrBlock="0.0.0.0/0", PortRange={"From": 22, "To": 22})
            judged("network-acl", arn("network-acl", late), fails=["net-07"], name="ports-closed-too-late")
        for group in ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["SecurityGroups"]:
            if self.name == "log-archive":
                ec2.revoke_security_group_egress(GroupId=group["GroupId"], IpPermissions=group["IpPermissionsEgress"])
                ec2.revoke_security_group_ingress(GroupId=group["GroupId"], IpPermissions=group["IpPermissions"]) if group["IpPermissions"] else None
            judged("security-group", arn("security-group", group["GroupId"]), fails=[] if self.name == "log-archive" else ["net-08"])

        def group(name, *rules, fails=()):
            made = ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"]
            if rules:
                ec2.authorize_security_group_ingress(GroupId=made, IpPermissions=list(rules))
            judged("security-group", arn("security-group", made), fails=fails, na=["net-08"])
            return made

        def rule(protocol, ports, *sources):
            ranges = {"IpRanges": [{"CidrIp": source} for source in sources if ":" not in source], "Ipv6Ranges": [{"CidrIpv6": source} for source in sources if ":" in source]}
            return {"IpProtocol": protocol, **({"FromPort": ports[0], "ToPort": ports[1]} if ports else {}), **{key: value for key, value in ranges.items() if value}}

        web = group("web", rule("tcp", (443, 443), "0.0.0.0/0", "::/0"))
        if self.name == "prod":
            every = ["net-01", "net-02", "net-03", "net-04", "net-05", "net-06"]
            group("ssh-from-office", rule("tcp", (22, 22), "198.51.100.0/24"))
            group("ssh-from-everywhere", rule("tcp", (22, 22), "0.0.0.0/0"), fails=["net-01"])
            group("ssh-from-every-v6", rule("tcp", (22, 22), "::/0"), fails=["net-01"])
            group("ssh-in-a-range", rule("tcp", (20, 25), "0.0.0.0/0"), fails=["net-01"])
            group("ssh-by-udp-is-none", rule("udp", (22, 22), "0.0.0.0/0"))
            group("rdp-from-everywhere", rule("tcp", (3389, 3389), "0.0.0.0/0"), fails=["net-02"])
            group("wide-open", rule("-1", None, "0.0.0.0/0"), fails=every)
            group("all-tcp", rule("tcp", (0, 65535), "0.0.0.0/0"), fails=["net-01", "net-02", "net-03", "net-04", "net-06"])
            group("ping", rule("icmp", (-1, -1), "0.0.0.0/0"))
            group("postgres-open", rule("tcp", (5432, 5432), "0.0.0.0/0"), fails=["net-04"])
            group("dns-open", rule("udp", (53, 53), "0.0.0.0/0"), fails=["net-05"])
            group("shares-open", rule("tcp", (445, 445), "0.0.0.0/0"), rule("tcp", (2049, 2049), "10.0.0.0/8"), fails=["net-06"])
            group("half-the-internet", rule("tcp", (22, 22), "0.0.0.0/1"))
            group("internet-in-halves", rule("tcp", (22, 22), "0.0.0.0/1"), rule("tcp", (20, 23), "128.0.0.0/1"), fails=["net-01"])
            group("from-a-group", {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "UserIdGroupPairs": [{"GroupId": web}]})
            group("no-rules")

        image = ec2.register_image(Name="base", Architecture="x86_64", RootDeviceName="/dev/xvda", VirtualizationType="hvm")["ImageId"]
        judged("image", arn("image", image))
        # An emulator that checks what it launches takes its own images only.
        own = ec2.describe_images(Owners=["amazon"])["Images"]
        image = own[0]["ImageId"] if own else image
        profile = self.client("iam")
        profile.create_instance_profile(InstanceProfileName="app")
        profile.add_role_to_instance_profile(InstanceProfileName="app", RoleName="app")

        def instance(public=False, role=True, tokens="required", fails=()):
            network = {"NetworkInterfaces": [{"DeviceIndex": 0, "SubnetId": subnet, "AssociatePublicIpAddress": public, "Groups": [web]}]}
            made = ec2.run_instances(ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1, MetadataOptions={"HttpTokens": tokens, "HttpEndpoint": "enabled"},
                                     **network, **({"IamInstanceProfile": {"Name": "app"}} if role else {}))["Instances"][0]["InstanceId"]
            judged("instance", arn("instance", made), fails=fails)
            return made

        good = instance()
        if self.name == "prod":
            instance(public=True, role=False, tokens="optional", fails=["idm-08", "idm-21", "net-10"])
            stopped = instance(role=False)
            ec2.stop_instances(InstanceIds=[stopped])
            judged("instance", arn("instance", stopped), na=["idm-08"])
        for made in ec2.describe_volumes()["Volumes"]:
            judged("volume", arn("volume", made["VolumeId"]), fails=[] if made["Encrypted"] else ["dat-07"])
        for encrypted in (True, False):
            made = ec2.create_volume(AvailabilityZone=region + "a", Size=8, Encrypted=encrypted)["VolumeId"]
            judged("volume", arn("volume", made), fails=[] if encrypted else ["dat-07"])
        for public in (False, True) if self.name == "prod" else (False,):
            snap = ec2.create_snapshot(VolumeId=made, Description="seed")["SnapshotId"]
            if public:
                ec2.modify_snapshot_attribute(SnapshotId=snap, Attribute="createVolumePermission", OperationType="add", GroupNames=["all"])
            judged("snapshot", arn("snapshot", snap), fails=["dat-09"] if public else [])
            made_image = lambda: ec2.create_image(InstanceId=good, Name=f"golden-{public}")["ImageId"]
            own = self.done("ec2:CreateImage", made_image) or ec2.register_image(Name=f"golden-{public}", Architecture="x86_64", RootDeviceName="/dev/xvda", VirtualizationType="hvm")["ImageId"]
            if public:
                ec2.modify_image_attribute(ImageId=own, LaunchPermission={"Add": [{"Group": "all"}]})
            judged("image", arn("image", own), fails=["dat-09"] if public else [])
        # Making an image makes a snapshot of its disk.
        for snap in ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]:
            truth.setdefault(f"{CHECKS['snapshot'][0]} {arn('snapshot', snap['SnapshotId'])}", "pass")

    # ---- keys, databases, trails ----------------------------------------------------------------------------------------
    def kms(self):
        kms = self.client("kms")

        def key(rotate=False, document=None, delete=False, fails=(), na=(), **kind):
            made = kms.create_key(Description="seed", **kind)["KeyMetadata"]
            if rotate:
                kms.enable_key_rotation(KeyId=made["KeyId"])
            if document:
                kms.put_key_policy(KeyId=made["KeyId"], PolicyName="default", Policy=document)
            if delete:
                kms.schedule_key_deletion(KeyId=made["KeyId"], PendingWindowInDays=7)
            judged("key", made["Arn"], fails=fails, na=na)
            return made["Arn"]

        anybody = {"Sid": "open", "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:*", "Resource": "*"}
        self.trail_key = key(rotate=True)
        if self.name == "prod":
            key(fails=["key-01"])
            key(KeyUsage="SIGN_VERIFY", KeySpec="RSA_2048", na=["key-01"])
            key(delete=True, fails=["key-02"], na=["key-01"])
            key(rotate=True, document=policy(anybody), fails=["key-03"])
            key(rotate=True, document=policy({**anybody, "Condition": {"StringNotEquals": {"kms:CallerAccount": self.id}}}), fails=["key-03"])
            key(rotate=True, document=policy({**anybody, "Condition": {"StringEquals": {"kms:CallerAccount": self.id}}}))

    def emulator_keys(self):
        """The keys that an encrypted volume makes come to be: `aws/ebs`, which AWS manages and rotates."""
        for region in REGIONS:
            kms = self.client("kms", region)
            aliases = {alias.get("TargetKeyId"): alias["AliasName"] for alias in kms.list_aliases()["Aliases"]}
            for key in kms.list_keys()["Keys"]:
                if f"{CHECKS['key'][0]} {key['KeyArn']}" not in truth:
                    judged("key", key["KeyArn"], na=["key-01", "key-02", "key-03"], name=aliases[key["KeyId"]])

    def rds(self):
        rds = self.client("rds")

        def database(name, engine="postgres", encrypted=True, public=False, tls=None, fails=(), na=()):
            if tls is not None:
                rds.create_db_parameter_group(DBParameterGroupName=f"{name}-group", DBParameterGroupFamily="postgres16", Description="seed")
                rds.modify_db_parameter_group(DBParameterGroupName=f"{name}-group", Parameters=[{"ParameterName": "rds.force_ssl", "ParameterValue": tls, "ApplyMethod": "immediate"}])
            rds.create_db_instance(DBInstanceIdentifier=name, DBInstanceClass="db.t3.micro", Engine=engine, AllocatedStorage=20, MasterUsername="root1", MasterUserPassword="not-a-secret",
                                   StorageEncrypted=encrypted, PubliclyAccessible=public, **({"DBParameterGroupName": f"{name}-group"} if tls is not None else {}))
            judged("database", f"arn:aws:rds:{REGIONS[0]}:{self.id}:db:{name}", fails=fails, na=na)

        if self.name == "prod":
            database("orders", tls="1")
            database("reports", encrypted=False, public=True, tls="0", fails=["dat-10", "dat-11", "trn-04"])
            database("warehouse", engine="oracle-ee", na=["trn-04"])

        def cluster(name, tls, fails=()):
            rds.create_db_cluster_parameter_group(DBClusterParameterGroupName=f"{name}-group", DBParameterGroupFamily="aurora-postgresql16", Description="seed")
            rds.modify_db_cluster_parameter_group(DBClusterParameterGroupName=f"{name}-group", Parameters=[{"ParameterName": "rds.force_ssl", "ParameterValue": tls, "ApplyMethod": "immediate"}])
            made = rds.create_db_cluster(DBClusterIdentifier=name, Engine="aurora-postgresql", MasterUsername="root1", MasterUserPassword="not-a-secret", StorageEncrypted=True, DBClusterParameterGroupName=f"{name}-group")
            judged("cluster", made["DBCluster"]["DBClusterArn"], fails=fails)
            rds.create_db_instance(DBInstanceIdentifier=f"{name}-1", DBInstanceClass="db.r6g.large", Engine="aurora-postgresql", DBClusterIdentifier=name, StorageEncrypted=True, PubliclyAccessible=False)
            judged("database", f"arn:aws:rds:{REGIONS[0]}:{self.id}:db:{name}-1", na=["trn-04"])

        if self.name == "prod":
            cluster("ledger", "1")
            cluster("archive", "0", fails=["trn-04"])

    def cloudtrail(self):
        trails = self.client("cloudtrail")

        def trail(name, bucket, validate=True, key=None, multi=True, log=True, fails=(), **more):
            made = trails.create_trail(Name=name, S3BucketName=bucket, IsMultiRegionTrail=multi, EnableLogFileValidation=validate, **({"KmsKeyId": key} if key else {}), **more)
            # AWS records management events by default and says so; the emulator says so only when it was told.
            trails.put_event_selectors(TrailName=name, EventSelectors=[{"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": []}])
            if log:
                trails.start_logging(Name=name)
            judged("trail", made["TrailARN"], fails=fails)

        if self.name == "log-archive":
            trail("organization", self.log_bucket, key=self.trail_key, IsOrganizationTrail=True)
        elif self.name == "prod":
            trail("main", self.log_bucket, key=self.trail_key)
            trail("weak", self.log_bucket, validate=False, multi=False, fails=["log-03", "log-04"])
            self.account_fails += ["log-08"]
        else:
            trail("stopped", self.public_log_bucket, log=False, fails=["log-04", "log-05"])
            self.account_fails += ["log-01", "log-08"]

    def all(self):
        self.iam()
        self.s3()
        self.kms()
        for region in REGIONS:
            self.ec2(region)
            # What is being seeded has not settled yet, and nothing happened before.
            judged("window", f"aws.events.window/aws/{self.id}/{region}")
        self.rds()
        self.cloudtrail()
        self.emulator_keys()
        # The root user of an emulated account has neither keys nor MFA.
        judged("account", f"arn:aws:iam::{self.id}:root", fails=["idm-02", "idm-03", *self.account_fails])


def all_four(on):
    return {name: on for name in ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")}


def arn_region(account, region):
    return f"arn:aws:ec2:{region}:{account}:region"


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--endpoint", required=True)
    parser.add_argument("--account", choices=ACCOUNTS, required=True)
    parser.add_argument("--truth", required=True)
    parser.add_argument("--emulator", choices=["moto", "ministack"], default="moto")
    arguments = parser.parse_args()
    account = Account(arguments.endpoint, arguments.account, arguments.emulator)
    account.all()
    with open(arguments.truth, "w") as out:
        json.dump({"verdicts": truth, "names": names, "lacking": sorted(account.met)}, out, indent=1, sort_keys=True)
    print(f"{len(truth)} verdicts to come", file=sys.stderr)
