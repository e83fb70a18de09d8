"""What policy documents say, with nothing but the documents."""

from typing import Any

from sagemaker_endpoint_doctor.facts.policies import Policy, Reading, Request, Verdict, account_names, read, role_names

import pytest

ROLE = "arn:aws:iam::123456789012:role/team/endpoint"
REQUEST = Request(
    action="s3:GetObject",
    resource="arn:aws:s3:::models/sentiment/model.tar.gz",
    context={"aws:RequestedRegion": "eu-west-1", "aws:SecureTransport": "true", "s3:TlsVersion": "1.2"},
)
ALLOW = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}


def _read(*statements: dict[str, Any], request: Request = REQUEST, principals: frozenset[str] = frozenset()) -> Reading:
    return read([Policy(name="p", document={"Statement": list(statements)})], request, principals=principals)


@pytest.mark.parametrize(
    ("statement", "verdict"),
    [
        ({"Action": "S3:get*"}, Verdict.ALLOWED),
        ({"Action": ["s3:PutObject", "s3:GetObjec?"]}, Verdict.ALLOWED),
        ({"Action": "s3:Get"}, Verdict.SILENT),
        ({"NotAction": "iam:*"}, Verdict.ALLOWED),
        ({"NotAction": "s3:*"}, Verdict.SILENT),
        ({"Resource": "arn:aws:s3:::models/*"}, Verdict.ALLOWED),
        ({"Resource": "arn:aws:s3:::Models/*"}, Verdict.SILENT),
        ({"Resource": "arn:aws:s3:::models/sentiment.model.tar.gz"}, Verdict.SILENT),
        ({"Resource": "arn:aws:s3:::models"}, Verdict.SILENT),
        ({"NotResource": "arn:aws:s3:::other/*"}, Verdict.ALLOWED),
        ({"Resource": "arn:aws:s3:::models/${aws:RequestedRegion}/*"}, Verdict.SILENT),
        ({"Resource": "arn:aws:s3:::models/${aws:PrincipalTag/team, 'none'}/*"}, Verdict.UNKNOWN),
        ({"Effect": "Deny"}, Verdict.DENIED),
    ],
)
def test_a_statement_speaks_only_where_it_fits(statement: dict[str, Any], verdict: Verdict) -> None:
    elements = {"Effect": "Allow", "Action": "*", "Resource": "*"} | statement
    for name in ("Action", "Resource"):
        if f"Not{name}" in elements:
            del elements[name]
    assert _read(elements).verdict is verdict


@pytest.mark.parametrize(
    ("condition", "verdict"),
    [
        ({"StringEquals": {"AWS:requestedregion": ["eu-west-1", "eu-west-2"]}}, Verdict.ALLOWED),
        ({"StringEquals": {"aws:RequestedRegion": "eu-*"}}, Verdict.SILENT),
        ({"StringLike": {"aws:RequestedRegion": "eu-*"}}, Verdict.ALLOWED),
        ({"StringNotLike": {"aws:RequestedRegion": "eu-*"}}, Verdict.SILENT),
        ({"StringEqualsIgnoreCase": {"aws:RequestedRegion": "EU-WEST-1"}}, Verdict.ALLOWED),
        ({"StringNotEquals": {"aws:RequestedRegion": "us-east-1"}}, Verdict.ALLOWED),
        ({"ForAnyValue:StringEquals": {"aws:RequestedRegion": "eu-west-1"}}, Verdict.ALLOWED),
        ({"StringEqualsIfExists": {"aws:RequestedRegion": "us-east-1"}}, Verdict.SILENT),
        ({"Bool": {"aws:SecureTransport": True}}, Verdict.ALLOWED),
        ({"Bool": {"aws:SecureTransport": "false"}}, Verdict.SILENT),
        ({"NumericLessThan": {"s3:TlsVersion": "1.2"}}, Verdict.SILENT),
        ({"NumericLessThan": {"s3:TlsVersion": 1.3}}, Verdict.ALLOWED),
        ({"NumericLessThanEquals": {"s3:TlsVersion": "1.2"}}, Verdict.ALLOWED),
        ({"NumericGreaterThan": {"s3:TlsVersion": "1.2"}}, Verdict.SILENT),
        ({"NumericGreaterThanEquals": {"s3:TlsVersion": "1.2"}}, Verdict.ALLOWED),
        ({"NumericEquals": {"s3:TlsVersion": "1.20"}}, Verdict.ALLOWED),
        ({"NumericNotEquals": {"s3:TlsVersion": "1.2"}}, Verdict.SILENT),
        ({"NumericLessThan": {"s3:TlsVersion": "${aws:Tls}"}}, Verdict.UNKNOWN),
        ({"NumericLessThan": {"aws:RequestedRegion": "1.2"}}, Verdict.UNKNOWN),
        ({"Null": {"aws:RequestedRegion": "true"}}, Verdict.SILENT),
        ({"Null": {"aws:RequestedRegion": "false"}}, Verdict.ALLOWED),
        ({"StringEquals": {"aws:SourceVpce": "vpce-1"}}, Verdict.UNKNOWN),
        ({"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}, Verdict.UNKNOWN),
        ({"IpAddress": {"aws:RequestedRegion": "10.0.0.0/8"}}, Verdict.UNKNOWN),
        (
            {"StringEquals": {"aws:SourceVpce": "vpce-1"}, "Bool": {"aws:SecureTransport": "false"}},
            Verdict.SILENT,
        ),
    ],
)
def test_a_condition_is_held_against_what_is_known(condition: dict[str, Any], verdict: Verdict) -> None:
    assert _read({**ALLOW, "Condition": condition}).verdict is verdict


def test_a_deny_wins_and_is_named() -> None:
    deny = Policy(name="guard", document={"Statement": {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}})
    allow = Policy(name="artifacts", document={"Statement": ALLOW})
    assert read([allow, deny], REQUEST) == Reading(verdict=Verdict.DENIED, policies=["guard"])
    assert read([allow], REQUEST) == Reading(verdict=Verdict.ALLOWED, policies=["artifacts"])


def test_a_deny_that_hangs_on_something_unknown_makes_the_answer_unknown() -> None:
    deny = {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:ViaAWSService": "false"}}}
    assert _read(ALLOW, deny) == Reading(verdict=Verdict.UNKNOWN, policies=["p"], keys=["aws:ViaAWSService"])
    assert _read(deny).verdict is Verdict.SILENT


def test_an_allow_for_certain_needs_no_other_one() -> None:
    hanging = {**ALLOW, "Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1"}}}
    assert _read(hanging, ALLOW) == Reading(verdict=Verdict.ALLOWED, policies=["p"])


@pytest.mark.parametrize(
    ("principal", "by_role", "by_account"),
    [
        ("*", Verdict.ALLOWED, Verdict.ALLOWED),
        ({"AWS": "*"}, Verdict.ALLOWED, Verdict.ALLOWED),
        ({"AWS": [ROLE]}, Verdict.ALLOWED, Verdict.ALLOWED),
        ({"AWS": "arn:aws:iam::123456789012:root"}, Verdict.SILENT, Verdict.ALLOWED),
        ({"AWS": "123456789012"}, Verdict.SILENT, Verdict.ALLOWED),
        ({"AWS": "arn:aws:iam::999999999999:root"}, Verdict.SILENT, Verdict.SILENT),
        ({"Service": "logs.amazonaws.com"}, Verdict.SILENT, Verdict.SILENT),
    ],
)
def test_a_resource_policy_knows_the_role_by_its_name_or_its_account(
    principal: object, by_role: Verdict, by_account: Verdict
) -> None:
    statement = {**ALLOW, "Principal": principal}
    assert _read(statement, principals=role_names(ROLE)).verdict is by_role
    assert _read(statement, principals=account_names(ROLE)).verdict is by_account


def test_all_but_the_named_principals_are_meant() -> None:
    statement = {**ALLOW, "NotPrincipal": {"AWS": ROLE}}
    assert _read(statement, principals=role_names(ROLE)).verdict is Verdict.SILENT
    assert _read(statement, principals=frozenset({"arn:aws:iam::1:role/x"})).verdict is Verdict.ALLOWED


def test_a_policy_without_resources_is_about_what_it_is_attached_to() -> None:
    assert _read({"Effect": "Allow", "Action": "s3:*"}).verdict is Verdict.ALLOWED


def test_wildcards_in_an_equals_stand_for_themselves() -> None:
    request = Request(action="s3:ListBucket", resource="*", context={"s3:prefix": "a*b"})
    equals = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"s3:prefix": "a*b"}}}
    assert _read(equals, request=request).verdict is Verdict.ALLOWED
    other = Request(action="s3:ListBucket", resource="*", context={"s3:prefix": "axb"})
    assert _read(equals, request=other).verdict is Verdict.SILENT
