"""Core dumps go where it is stated, encrypted, and the role may write there and nowhere else."""

from dataclasses import fields, replace
from typing import Any

from sagemaker_endpoint import CoreDumpConfig, EncryptionKey

import pytest
from cdktf import TerraformStack

from tests import console
from tests.examples import VARIANT, problems, stack, synthesize, variable
from tests.synthesized import Block, Synthesized

AT = "production_variants[0].core_dump_config"
CONFIGURATION = "aws_sagemaker_endpoint_configuration"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
OTHER_KEY = "arn:aws:kms:eu-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab"
ACTIONS = ["kms:Encrypt", "kms:GenerateDataKey", "kms:Decrypt"]
STATEMENTS = {"WriteCoreDumps", "EncryptCoreDumps"}


def evaluate(asked: object, values: dict[str, Any] | None = None) -> Any:  # noqa: ANN401 - what it is in Terraform
    return console.evaluate(asked, values)


def dumping(**stated: Any) -> CoreDumpConfig:
    return CoreDumpConfig(**{"destination_s3_uri": "s3://dumps/sentiment", **stated})


def made(scope: TerraformStack | None = None, /, **stated: object) -> Synthesized:
    return synthesize(scope, production_variants=[replace(VARIANT, core_dump_config=dumping(**stated))])


def block(found: Synthesized) -> Block:
    [variant] = found.one(CONFIGURATION)["production_variants"]
    dump: Block = variant["core_dump_config"]
    return dump


def conditions(found: Synthesized) -> list[str]:
    return [each["condition"] for each in found.one(CONFIGURATION)["lifecycle"]["precondition"]]


def test_nothing_is_dumped_by_default() -> None:
    found = synthesize()
    [variant] = found.one(CONFIGURATION)["production_variants"]
    assert "core_dump_config" not in variant
    assert not STATEMENTS & found.statements("Runtime").keys()


def test_a_place_is_enough_and_the_endpoints_key_encrypts_it() -> None:
    found = made()
    key = f"${{{found.address('aws_kms_key')}.arn}}"
    assert block(found) == {"destination_s3_uri": "s3://dumps/sentiment", "kms_key_id": key}
    assert found.statements("Runtime")["EncryptCoreDumps"]["resources"] == [key]


def test_everything_can_be_stated() -> None:
    assert {each.name for each in fields(CoreDumpConfig)} == {"destination_s3_uri", "kms_key_arn"}
    found = block(made(destination_s3_uri="s3://dumps", kms_key_arn=KEY))
    assert found == {"destination_s3_uri": "s3://dumps", "kms_key_id": KEY}


def test_a_key_that_exists_is_the_endpoints_key() -> None:
    found = synthesize(
        key=EncryptionKey(kms_key_arn=OTHER_KEY),
        production_variants=[replace(VARIANT, core_dump_config=dumping())],
    )
    assert block(found)["kms_key_id"] == OTHER_KEY
    assert found.statements("Runtime")["EncryptCoreDumps"]["resources"] == [OTHER_KEY]


@pytest.mark.parametrize("uri", ["s3://dumps/sentiment", "s3://dumps/sentiment/"])
def test_the_role_writes_below_the_place_with_the_key_and_nowhere_else(uri: str) -> None:
    found = made(destination_s3_uri=uri, kms_key_arn=KEY).statements("Runtime")
    assert found["WriteCoreDumps"]["actions"] == ["s3:PutObject"]
    assert evaluate(found["WriteCoreDumps"]["resources"]) == ["arn:aws:s3:::dumps/sentiment/*"]
    assert found["EncryptCoreDumps"] == {"sid": "EncryptCoreDumps", "actions": ACTIONS, "resources": [KEY]}


def test_variants_that_dump_share_two_statements() -> None:
    found = synthesize(
        production_variants=[
            replace(VARIANT, core_dump_config=dumping(kms_key_arn=KEY)),
            replace(VARIANT, variant_name="b", core_dump_config=dumping(kms_key_arn=KEY)),
            replace(VARIANT, variant_name="c", core_dump_config=dumping(destination_s3_uri="s3://others")),
            replace(VARIANT, variant_name="d"),
        ]
    )
    dumps = [each.get("core_dump_config") for each in found.one(CONFIGURATION)["production_variants"]]
    own = f"${{{found.address('aws_kms_key')}.arn}}"
    assert [each and each["kms_key_id"] for each in dumps] == [KEY, KEY, own, None]
    its = found.statements("Runtime")
    assert evaluate(its["WriteCoreDumps"]["resources"]) == ["arn:aws:s3:::dumps/sentiment/*", "arn:aws:s3:::others/*"]
    assert its["EncryptCoreDumps"]["resources"] == [KEY, own]


def test_a_shadow_variant_dumps_too() -> None:
    shadow = replace(VARIANT, variant_name="shadow", core_dump_config=dumping())
    found = synthesize(shadow_production_variants=[shadow])
    assert found.statements("Runtime").keys() >= STATEMENTS


# What Terraform alone knows.


def test_a_place_that_terraform_alone_knows_is_written_to_there() -> None:
    scope = stack()
    found = made(scope, destination_s3_uri=variable(scope).string_value)
    assert block(found)["destination_s3_uri"] == "${var.value}"
    [dynamic] = found.one("data.aws_iam_policy_document", "Runtime")["dynamic"]["statement"]
    assert dynamic["content"]["actions"] == ["s3:PutObject"]
    wrong = ["https://dumps.s3.amazonaws.com/a", "s3://*/a", None]
    assert [evaluate(dynamic["for_each"], {"value": each}) for each in ("s3://dumps/a/", *wrong)] == [
        ["s3://dumps/a/"],
        [],
        [],
        [],
    ]
    [resource] = dynamic["content"]["resources"]
    assert evaluate(resource.replace("statement.value", '"s3://dumps/a/"')) == "arn:aws:s3:::dumps/a/*"
    right, *others = [evaluate(conditions(found), {"value": each}) for each in ("s3://dumps/a/", *wrong)]
    assert all(right)
    assert not any(map(all, others))


def test_a_key_that_terraform_alone_knows_is_the_endpoints_own_where_it_is_null() -> None:
    scope = stack()
    found = made(scope, kms_key_arn=variable(scope).string_value)
    [resource] = found.statements("Runtime")["EncryptCoreDumps"]["resources"]
    own = console.ACCOUNT["aws_kms_key.arn"]
    for key in (block(found)["kms_key_id"], resource):
        assert [evaluate(key, {"value": each}) for each in (KEY, None)] == [KEY, own]
    answers = [evaluate(conditions(found), {"value": each}) for each in (KEY, None, "alias/dumps")]
    assert [all(each) for each in answers] == [True, True, False]


# What is wrong.


@pytest.mark.parametrize(
    ("name", "value", "start"),
    [
        ("destination_s3_uri", "https://dumps.s3.amazonaws.com/a", "must look like 's3://predictions/sentiment'"),
        ("destination_s3_uri", f"s3://dumps/{'a' * 502}", "must have 1 to 512 characters, got 513"),
        ("destination_s3_uri", "", "must have 1 to 512 characters, got 0"),
        ("destination_s3_uri", None, "must be a string such as 's3://predictions/sentiment', got None"),
        ("kms_key_arn", "alias/dumps", "must look like 'arn:aws:kms:"),
        ("kms_key_arn", 1, "must be a string such as 'arn:aws:kms:"),
    ],
)
def test_a_wrong_text_is_named_with_an_example(name: str, value: object, start: str) -> None:
    variant = replace(VARIANT, core_dump_config=dumping(**{name: value}))
    [problem] = problems(production_variants=[variant])
    assert problem.startswith(f"{AT}.{name} {start}")


def test_the_longest_place_is_accepted() -> None:
    longest = f"s3://dumps/{'a' * 501}"
    assert len(longest) == 512
    assert block(made(destination_s3_uri=longest))["destination_s3_uri"] == longest


def test_another_class_in_its_place_is_refused() -> None:
    variant = replace(VARIANT, core_dump_config={"destination_s3_uri": "s3://dumps"})  # type: ignore[arg-type] # on purpose
    assert problems(production_variants=[variant]) == (f"{AT} must be CoreDumpConfig(...), got dict",)
