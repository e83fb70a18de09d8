import json

import pytest

from .gaps.iam_policy import Decision, Request, decide
from .stage import HOUR, Api, Stage, refused, variant

ACCOUNT = "123456789012"


def _trust(principal: object) -> str:
    return _policy(Action="sts:AssumeRole", Principal=principal)


def _policy(**allowed: object) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **allowed}]})


def _user(stage: Stage, policy: str | None = None) -> Api:
    iam = stage.aws.client("iam")
    iam.create_user(UserName=stage.name)
    if policy:
        iam.put_user_policy(UserName=stage.name, PolicyName="invoke", PolicyDocument=policy)
    return iam.create_access_key(UserName=stage.name)["AccessKey"]


def _role(stage: Stage, principal: object, policy: str) -> str:
    iam = stage.aws.client("iam")
    iam.create_role(RoleName=stage.name, AssumeRolePolicyDocument=_trust(principal))
    iam.put_role_policy(RoleName=stage.name, PolicyName="invoke", PolicyDocument=policy)
    return f"arn:aws:iam::{ACCOUNT}:role/{stage.name}"


def _invoke_policy(stage: Stage, name: str) -> str:
    arn = stage.sagemaker.describe_endpoint(EndpointName=name)["EndpointArn"]
    action = ["sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointAsync", "sagemaker:InvokeEndpointWith*"]
    return _policy(Action=action, Resource=arn)


def _assume(stage: Stage, role: str, credentials: Api = None) -> Api:
    sts = stage.aws.client("sts", credentials=credentials)
    return sts.assume_role(RoleArn=role, RoleSessionName="session")["Credentials"]


def _invokes_only(stage: Stage, credentials: Api, allowed: str, other: str) -> None:
    runtime = stage.aws.client("sagemaker-runtime", credentials=credentials)
    answer = runtime.invoke_endpoint(EndpointName=allowed, Body=b"{}")
    assert json.load(answer["Body"]) == {"variant": "only", "images": ["image:1"]}
    stream = runtime.invoke_endpoint_with_response_stream(EndpointName=allowed, Body=b"{}")
    assert b'"only"' in b"".join(event["PayloadPart"]["Bytes"] for event in stream["Body"])
    assert runtime.invoke_endpoint_async(EndpointName=allowed, InputLocation="s3://b/k")["OutputLocation"]

    with refused(
        "AccessDeniedException",
        f"sagemaker:InvokeEndpoint on resource: arn:aws:sagemaker:eu-west-1:{ACCOUNT}:endpoint/{other}",
    ):
        runtime.invoke_endpoint(EndpointName=other, Body=b"{}")
    with refused("AccessDeniedException"):
        runtime.invoke_endpoint_async(EndpointName=other, InputLocation="s3://b/k")
    with refused("AccessDeniedException"):
        runtime.invoke_endpoint_with_response_stream(EndpointName=other, Body=b"{}")
    with refused("AccessDeniedException"):
        stage.aws.client("sagemaker", credentials=credentials).describe_endpoint(EndpointName=allowed)
    with refused("UnauthorizedOperation"):
        stage.aws.client("ec2", credentials=credentials).describe_network_interfaces()
    with refused("AccessDenied"):
        stage.aws.client("iam", credentials=credentials).list_roles()


@pytest.mark.parametrize("caller", ["user", "role"])
def test_who_may_invoke_one_endpoint_may_do_nothing_else(stage: Stage, caller: str) -> None:
    allowed, other = "Allowed-" + stage.name, "other-" + stage.name
    stage.endpoint(allowed)
    stage.endpoint(other)
    policy = _invoke_policy(stage, allowed)
    if caller == "user":
        credentials = _user(stage, policy)
    else:
        credentials = _assume(stage, _role(stage, {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, policy))
    with stage.aws.enforce_iam():
        _invokes_only(stage, credentials, allowed, other)


def test_a_role_is_assumed_by_those_it_trusts(stage: Stage) -> None:
    user = _user(stage)
    stage.endpoint(stage.name)
    policy = _invoke_policy(stage, stage.name)
    by_name = _role(stage, {"AWS": f"arn:aws:iam::{ACCOUNT}:user/{stage.name}"}, policy)
    service = Stage(aws=stage.aws, name="service-" + stage.name)
    by_service = _role(service, {"Service": "sagemaker.amazonaws.com"}, policy)
    account = Stage(aws=stage.aws, name="account-" + stage.name)
    by_account = _role(account, {"AWS": ACCOUNT}, policy)
    with stage.aws.enforce_iam():
        assert _assume(stage, by_name, user)
        assert _assume(stage, by_account)
        for role in (by_service, by_account, f"arn:aws:iam::{ACCOUNT}:role/missing"):
            with refused("AccessDenied", "sts:AssumeRole"):
                _assume(stage, role, user)


def _statement(action: str, resource: str, **condition: object) -> dict[str, object]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, "Condition": condition}


def _policies(stage: Stage, *statements: dict[str, object]) -> None:
    document = json.dumps({"Version": "2012-10-17", "Statement": statements})
    stage.aws.client("iam").put_user_policy(UserName=stage.name, PolicyName="besides", PolicyDocument=document)


def test_who_makes_a_model_has_to_pass_its_role_to_sagemaker(stage: Stage) -> None:
    sagemaker = stage.aws.client("sagemaker", credentials=_user(stage, _policy(Action="sagemaker:*", Resource="*")))
    role = f"arn:aws:iam::{ACCOUNT}:role/{stage.name}"
    model = {"ModelName": stage.name, "ExecutionRoleArn": role, "PrimaryContainer": {"Image": "image:1"}}
    with stage.aws.enforce_iam(), refused("AccessDeniedException", f"iam:PassRole on resource: {role}"):
        sagemaker.create_model(**model)
    passed_to = {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}
    _policies(stage, _statement("iam:PassRole", role, **passed_to))
    with stage.aws.enforce_iam(), refused("AccessDeniedException", "iam:PassRole"):
        sagemaker.create_model(**model)
    _policies(stage, _statement("iam:PassRole", role))
    with stage.aws.enforce_iam():
        assert sagemaker.create_model(**model)["ModelArn"]


def test_who_makes_or_updates_an_endpoint_has_to_grant_the_key_of_its_volumes(stage: Stage) -> None:
    sagemaker = stage.aws.client("sagemaker", credentials=_user(stage, _policy(Action="sagemaker:*", Resource="*")))
    key = stage.aws.client("kms").create_key()["KeyMetadata"]["Arn"]
    encrypted = f"{stage.name}-encrypted"
    stage.model(stage.name)
    stage.configuration(stage.name, variant(stage.name))
    stage.configuration(encrypted, variant(stage.name), KmsKeyId=key)
    with stage.aws.enforce_iam():
        with refused("AccessDeniedException", f"kms:CreateGrant on resource: {key}"):
            sagemaker.create_endpoint(EndpointName=stage.name, EndpointConfigName=encrypted)
        sagemaker.create_endpoint(EndpointName=stage.name, EndpointConfigName=stage.name)
        stage.aws.advance(HOUR)
        with refused("AccessDeniedException", f"kms:CreateGrant on resource: {key}"):
            sagemaker.update_endpoint(EndpointName=stage.name, EndpointConfigName=encrypted)
    via = {"StringEquals": {"kms:ViaService": f"sagemaker.{stage.aws.region}.amazonaws.com"}}
    _policies(stage, _statement("kms:CreateGrant", key, **via))
    with stage.aws.enforce_iam():
        assert sagemaker.update_endpoint(EndpointName=stage.name, EndpointConfigName=encrypted)["EndpointArn"]


def test_unknown_and_wrong_credentials_are_told_in_the_words_of_each_service(stage: Stage) -> None:
    user = _user(stage)
    unknown = {**user, "AccessKeyId": "AKIA0000000000000000"}
    wrong = {**user, "SecretAccessKey": "wrong"}
    with stage.aws.enforce_iam():
        with refused("AuthFailure"):
            stage.aws.client("ec2", credentials=unknown).describe_vpcs()
        with refused("UnrecognizedClientException"):
            stage.aws.client("sagemaker", credentials=unknown).list_endpoints()
        with refused("InvalidClientTokenId"):
            stage.aws.client("iam", credentials=unknown).list_roles()
        with refused("InvalidSignatureException"):
            stage.aws.client("sagemaker", credentials=wrong).list_endpoints()
    assert stage.aws.client("ec2", credentials=unknown).describe_vpcs()


def test_an_endpoint_that_does_not_exist_cannot_be_invoked(stage: Stage) -> None:
    with refused("ValidationError", "not found"):
        stage.aws.client("sagemaker-runtime").invoke_endpoint(EndpointName="missing", Body=b"{}")


def test_the_heaviest_variant_answers_unless_one_is_named(stage: Stage) -> None:
    stage.model(stage.name)
    heavy = variant(stage.name, VariantName="heavy", InitialVariantWeight=2.0)
    stage.configuration(stage.name, variant(stage.name, VariantName="light"), heavy)
    stage.sagemaker.create_endpoint(EndpointName=stage.name, EndpointConfigName=stage.name)
    stage.aws.advance(HOUR)
    runtime = stage.aws.client("sagemaker-runtime")
    called = {"EndpointName": stage.name, "Body": b"{}"}
    assert runtime.invoke_endpoint(**called)["InvokedProductionVariant"] == "heavy"
    assert runtime.invoke_endpoint(**called, TargetVariant="light")["InvokedProductionVariant"] == "light"


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ({"Effect": "Allow", "Action": "S3:get*", "Resource": "arn:aws:s3:::b/*"}, Decision.ALLOW),
        ({"Effect": "Deny", "Action": "*", "Resource": "*"}, Decision.DENY),
        ({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::c/*"}, Decision.SILENT),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, Decision.ALLOW),
        ({"Effect": "Deny", "Action": "*", "NotResource": "arn:aws:s3:::b/*"}, Decision.SILENT),
        (
            {
                "Effect": "Allow",
                "Action": "*",
                "Resource": "*",
                "Condition": {"StringEquals": {"aws:PrincipalAccount": "1"}},
            },
            Decision.SILENT,
        ),
        (
            {
                "Effect": "Allow",
                "Action": "*",
                "Resource": "*",
                "Condition": {"StringLikeIfExists": {"aws:SourceVpc": "vpc-*"}},
            },
            Decision.ALLOW,
        ),
    ],
)
def test_a_statement_speaks_only_where_it_fits(statement: dict[str, object], expected: Decision) -> None:
    request = Request(action="s3:GetObject", resource="arn:aws:s3:::b/k", context={"aws:PrincipalAccount": "2"})
    assert decide([{"Statement": statement}], request) is expected


def test_an_unknown_condition_operator_is_an_error() -> None:
    condition = {"DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}}
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition}
    with pytest.raises(NotImplementedError, match="DateLessThan"):
        decide([{"Statement": statement}], Request(action="a:B", resource="*"))
