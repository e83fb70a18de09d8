"""The key rotates, and CloudWatch Logs may use it for the endpoint's log group alone."""

from typing import Any

from sagemaker_endpoint import EncryptionKey, SageMakerEndpoint

import pytest

from tests.console import evaluate
from tests.examples import INPUTS, endpoint, problems, stack, synthesize, variable
from tests.synthesized import Synthesized, named

KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def test_the_key_rotates_and_can_be_saved_for_thirty_days() -> None:
    made = synthesize()
    assert made.one("aws_kms_key") == {
        "deletion_window_in_days": 30,
        "description": "Logs and storage volumes of the SageMaker endpoint sentiment",
        "enable_key_rotation": True,
        "lifecycle": {"create_before_destroy": True},
        "policy": f"${{{made.address('data.aws_iam_policy_document', 'Encryption_Policy')}.json}}",
    }


def test_the_key_has_an_alias_that_names_the_endpoint() -> None:
    made = synthesize()
    alias = made.one("aws_kms_alias")
    assert alias["name"] == "alias/sagemaker-endpoint/sentiment"
    assert named(alias["target_key_id"]) == made.address("aws_kms_key")


def test_the_key_encrypts_logs_and_volumes() -> None:
    made = synthesize()
    arn = f"${{{made.address('aws_kms_key')}.arn}}"
    assert made.one("aws_cloudwatch_log_group")["kms_key_id"] == arn
    assert made.one("aws_sagemaker_endpoint_configuration")["kms_key_arn"] == arn


@pytest.mark.parametrize("days", [7, 30])
def test_the_deletion_window_can_be_set(days: int) -> None:
    assert synthesize(key=EncryptionKey(deletion_window_in_days=days)).one("aws_kms_key")[
        "deletion_window_in_days"
    ] == (days)


def test_the_deletion_window_may_be_a_token() -> None:
    scope = stack()
    key = EncryptionKey(deletion_window_in_days=variable(scope, "number").number_value)
    assert synthesize(scope, key=key).one("aws_kms_key")["deletion_window_in_days"] == "${var.value}"


def test_the_endpoints_name_may_be_a_token() -> None:
    scope = stack()
    made = synthesize(scope, endpoint_name=variable(scope).string_value)
    assert made.one("aws_kms_alias")["name"] == "alias/sagemaker-endpoint/${var.value}"


def test_an_existing_key_is_used_as_it_is() -> None:
    scope = stack()
    made = endpoint(scope, key=EncryptionKey(kms_key_arn=KEY_ARN))
    found = Synthesized(scope)
    assert made.kms_key_arn == KEY_ARN
    assert found.one("aws_cloudwatch_log_group")["kms_key_id"] == KEY_ARN
    assert found.one("aws_sagemaker_endpoint_configuration")["kms_key_arn"] == KEY_ARN
    assert found.all("aws_kms_key") == found.all("aws_kms_alias") == {}


@pytest.mark.parametrize("raw", [False, True])
def test_an_existing_key_may_be_a_token(raw: bool) -> None:
    scope = stack()
    token = variable(scope).string_value
    made = synthesize(scope, key=EncryptionKey(kms_key_arn="${var.value}" if raw else token))
    assert made.one("aws_cloudwatch_log_group")["kms_key_id"] == "${var.value}"


def test_the_policy_lets_the_account_govern_and_logs_encrypt_this_group() -> None:
    scope = stack()
    made = synthesize(scope, endpoint_name=variable(scope).string_value)
    statements = [*made.statements("Encryption_Policy").values()]
    china = {
        "aws_partition.partition": "aws-cn",
        "aws_partition.dns_suffix": "amazonaws.com.cn",
        "aws_region.id": "cn-north-1",
    }
    assert evaluate(statements, {"value": "Sentiment"}, known=china) == [
        {
            "sid": "AccountGovernsThroughIam",
            "actions": ["kms:*"],
            "principals": [{"type": "AWS", "identifiers": ["arn:aws-cn:iam::111122223333:root"]}],
            "resources": ["*"],
        },
        {
            "sid": "LogsEncryptThisGroup",
            "actions": ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
            "principals": [{"type": "Service", "identifiers": ["logs.cn-north-1.amazonaws.com.cn"]}],
            "resources": ["*"],
            "condition": [
                {
                    "test": "ArnEquals",
                    "variable": "kms:EncryptionContext:aws:logs:arn",
                    "values": ["arn:aws-cn:logs:cn-north-1:111122223333:log-group:/aws/sagemaker/Endpoints/Sentiment"],
                }
            ],
        },
    ]


ARN_PATTERN = r"arn:aws[a-z-]*:kms:([a-z0-9-]+):[0-9]{12}:key/[0-9a-zA-Z-]+"


@pytest.mark.parametrize(
    ("stated", "sentence"),
    [
        ({"deletion_window_in_days": 6}, "key.deletion_window_in_days must be a whole number, 7 to 30, got 6"),
        ({"deletion_window_in_days": 31}, "key.deletion_window_in_days must be a whole number, 7 to 30, got 31"),
        ({"deletion_window_in_days": 7.5}, "key.deletion_window_in_days must be a whole number, 7 to 30, got 7.5"),
        ({"deletion_window_in_days": 0}, "key.deletion_window_in_days must be a whole number, 7 to 30, got 0"),
        (
            {"kms_key_arn": "alias/a-key-of-mine-here"},
            (
                f"key.kms_key_arn must look like {KEY_ARN!r} (pattern {ARN_PATTERN}), got 'alias/a-key-of-mine-here', "
                "which is a key's alias: `aws kms describe-key --key-id alias/a-key-of-mine-here` tells the key's ARN"
            ),
        ),
        (
            {"kms_key_arn": "alias/x"},
            (
                f"key.kms_key_arn must look like {KEY_ARN!r} (pattern {ARN_PATTERN}), got 'alias/x', which is a key's "
                "alias: `aws kms describe-key --key-id alias/x` tells the key's ARN"
            ),
        ),
        (
            {"kms_key_arn": "1234abcd-12ab-34cd-56ef-1234567890ab"},
            (
                f"key.kms_key_arn must look like {KEY_ARN!r} (pattern {ARN_PATTERN}), got "
                "'1234abcd-12ab-34cd-56ef-1234567890ab', which is a key's id: `aws kms describe-key --key-id "
                "1234abcd-12ab-34cd-56ef-1234567890ab` tells the key's ARN"
            ),
        ),
        ({"kms_key_arn": ""}, "key.kms_key_arn must have 20 to 2048 characters, got 0: ''"),
        ({"kms_key_arn": 5}, f"key.kms_key_arn must be a string such as {KEY_ARN!r}, got 5"),
        (
            {"kms_key_arn": KEY_ARN, "deletion_window_in_days": 30},
            "key.deletion_window_in_days must not be given with kms_key_arn: an existing key stays as it is",
        ),
    ],
)
def test_a_wrong_key_is_told(stated: dict[str, Any], sentence: str) -> None:
    assert problems(key=EncryptionKey(**stated)) == (sentence,)


@pytest.mark.parametrize("deferred", [False, True])
def test_a_key_of_another_region_is_refused_before_anything_is_made(deferred: bool) -> None:
    scope = stack()
    arn = variable(scope).string_value if deferred else KEY_ARN
    group = synthesize(scope, key=EncryptionKey(kms_key_arn=arn)).one("aws_cloudwatch_log_group")
    [asked] = [each for each in group["lifecycle"]["precondition"] if "must lie in" in each["error_message"]]
    regions = ["eu-west-1", "us-east-1"]
    answers = [evaluate(asked["condition"], {"value": KEY_ARN}, known={"aws_region.id": region}) for region in regions]
    assert answers == [True, False]


@pytest.mark.parametrize("stated", [{}, {"retain_own_key": True}, {"retain_own_key": False}])
def test_a_key_of_its_own_is_forgotten_when_another_takes_its_place_and_destroyed_only_if_that_is_stated(
    stated: dict[str, Any],
) -> None:
    own = synthesize().address("aws_kms_key")
    configuration = synthesize(key=EncryptionKey(kms_key_arn=KEY_ARN, **stated)).configuration
    blocks = {name: block for name, block in configuration.items() if name in ("moved", "removed")}
    retained = {
        "moved": [{"from": own, "to": f"{own}_retained"}],
        "removed": [{"from": f"{own}_retained", "lifecycle": {"destroy": False}}],
    }
    assert blocks == ({} if stated == {"retain_own_key": False} else retained)


def test_the_keys_of_two_endpoints_are_both_forgotten() -> None:
    scope = stack()
    for name in ("Blue", "Green"):
        SageMakerEndpoint(scope, name, **INPUTS, key=EncryptionKey(kms_key_arn=KEY_ARN))
    assert len(Synthesized(scope).configuration["removed"]) == 2


def test_nothing_is_forgotten_of_an_endpoint_with_a_key_of_its_own() -> None:
    assert "removed" not in synthesize().configuration


def test_a_key_that_is_the_endpoints_cannot_be_let_go() -> None:
    assert problems(key=EncryptionKey(retain_own_key=False)) == (
        "key.retain_own_key must not be False without kms_key_arn, which takes that key's place",
    )
