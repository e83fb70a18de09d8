"""An asynchronous endpoint reads, writes and tells what is stated, and its role and callers may do that alone."""

import json
from dataclasses import fields, replace
from typing import Any

from sagemaker_endpoint import AsyncInferenceConfig, DataCaptureConfig, InputError

import pytest
from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.provider import AwsProvider

from tests.console import evaluate
from tests.examples import VARIANT, endpoint, problems, stack, synthesize, variable
from tests.synthesized import Block, Synthesized, named

AT = "async_inference_config"
CONFIGURATION = "aws_sagemaker_endpoint_configuration"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
TOPIC = "arn:aws:sns:eu-west-1:111122223333:answers"
OTHER_TOPIC = "arn:aws:sns:eu-west-1:111122223333:failures"
SUCCESS, ERROR = "SUCCESS_NOTIFICATION_TOPIC", "ERROR_NOTIFICATION_TOPIC"
STATEMENTS = {
    "WriteAnswers",
    "EncryptAnswers",
    "ReadPayloads",
    "ListPayloads",
    "DecryptPayloads",
    "PublishNotifications",
    "EncryptNotifications",
}
CAPTURE = DataCaptureConfig(destination_s3_uri="s3://captured", initial_sampling_percentage=1)


def config(**stated: object) -> AsyncInferenceConfig:
    inputs: dict[str, Any] = {"s3_output_path": "s3://answers/sentiment", **stated}
    return AsyncInferenceConfig(**inputs)


def made(scope: TerraformStack | None = None, /, **stated: object) -> Synthesized:
    return synthesize(scope, async_inference_config=config(**stated))


def block(scope: TerraformStack | None = None, /, **stated: object) -> Block:
    found: Block = made(scope, **stated).one(CONFIGURATION)[AT]
    return found


def conditions(found: Synthesized) -> list[str]:
    return [each["condition"] for each in found.one(CONFIGURATION)["lifecycle"]["precondition"]]


def test_an_endpoint_answers_at_once_by_default() -> None:
    found = synthesize()
    assert AT not in found.one(CONFIGURATION)
    assert not STATEMENTS & found.statements("Runtime").keys()
    assert found.all("aws_sns_topic") == {}


def test_an_output_path_is_enough_and_the_endpoints_key_encrypts_it() -> None:
    found = made()
    key = f"${{{found.address('aws_kms_key')}.arn}}"
    assert found.one(CONFIGURATION)[AT] == {
        "output_config": {"s3_output_path": "s3://answers/sentiment", "kms_key_id": key}
    }
    assert STATEMENTS & found.statements("Runtime").keys() == {"WriteAnswers", "EncryptAnswers"}
    assert found.all("aws_sns_topic") == {}


def test_everything_can_be_stated() -> None:
    stated: dict[str, Any] = {
        "s3_output_path": "s3://answers/out",
        "s3_failure_path": "s3://answers/failed/",
        "s3_input_path": "s3://payloads/in",
        "s3_input_kms_key_arn": KEY,
        "success_topic": TOPIC,
        "error_topic": OTHER_TOPIC,
        "include_inference_response_in": [SUCCESS, ERROR],
        "max_concurrent_invocations_per_instance": 1000,
        "kms_key_arn": KEY,
    }
    assert {each.name for each in fields(AsyncInferenceConfig)} == {
        *stated,
        "create_success_topic",
        "create_error_topic",
    }
    assert block(**stated) == {
        "client_config": {"max_concurrent_invocations_per_instance": 1000},
        "output_config": {
            "s3_output_path": "s3://answers/out",
            "s3_failure_path": "s3://answers/failed/",
            "kms_key_id": KEY,
            "notification_config": {
                "success_topic": TOPIC,
                "error_topic": OTHER_TOPIC,
                "include_inference_response_in": [SUCCESS, ERROR],
            },
        },
    }


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("s3_output_path", ["output_config", "s3_output_path"]),
        ("s3_failure_path", ["output_config", "s3_failure_path"]),
        ("kms_key_arn", ["output_config", "kms_key_id"]),
        ("success_topic", ["output_config", "notification_config", "success_topic"]),
        ("error_topic", ["output_config", "notification_config", "error_topic"]),
    ],
)
def test_a_text_may_be_a_token(name: str, path: list[str]) -> None:
    scope = stack()
    found: Any = block(scope, **{name: variable(scope).string_value})
    for each in path:
        found = found[each]
    assert found == "${var.value}"


def test_a_number_may_be_a_token() -> None:
    scope = stack()
    found = made(scope, max_concurrent_invocations_per_instance=variable(scope, "number").number_value)
    client = found.one(CONFIGURATION)[AT]["client_config"]
    assert client == {"max_concurrent_invocations_per_instance": "${var.value}"}
    assert [evaluate(conditions(found), {"value": each}) for each in (1, 1000, 0, 1001, None)] == [
        [True],
        [True],
        [False],
        [False],
        [False],
    ]


def test_which_notifications_carry_the_answer_may_be_a_token() -> None:
    scope = stack()
    included = variable(scope, "list(string)").list_value
    found = made(scope, success_topic=TOPIC, include_inference_response_in=included)
    notification = found.one(CONFIGURATION)[AT]["output_config"]["notification_config"]
    assert notification["include_inference_response_in"] == "${var.value}"
    right: Any = evaluate(conditions(found), {"value": [SUCCESS]})
    assert all(right)
    for value in ([ERROR], ["success"], [SUCCESS, SUCCESS]):
        answers: Any = evaluate(conditions(found), {"value": value})
        assert not all(answers), value


# Topics.


def test_topics_of_its_own_are_encrypted_and_take_nothing_but_tls() -> None:
    found = made(create_success_topic=True, create_error_topic=True)
    key = f"${{{found.address('aws_kms_key')}.arn}}"
    for what in ("Success", "Error"):
        address = found.address("aws_sns_topic", f"{what}Topic")
        assert found.one("aws_sns_topic", f"{what}Topic") == {
            "kms_master_key_id": key,
            "lifecycle": {"create_before_destroy": True},
            "name_prefix": f"sentiment-{what.lower()}-",
        }
        policy = found.one("aws_sns_topic_policy", f"{what}Topic")
        assert policy["arn"] == f"${{{address}.arn}}"
        assert policy["lifecycle"] == {"create_before_destroy": True}
        assert json.loads(policy["policy"]) == {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "TlsOnly",
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "sns:Publish",
                    "Resource": f"${{{address}.arn}}",
                    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                }
            ],
        }


def test_topics_stand_before_the_endpoint_and_the_release_of_its_interfaces_and_go_after_them() -> None:
    found = made(create_success_topic=True)
    waits = found.one("null_resource", "Release")["depends_on"]
    assert {found.address("aws_sns_topic"), found.address("aws_sns_topic_policy")} <= {*waits}
    assert found.address("null_resource", "Release") in found.one("aws_sagemaker_endpoint")["depends_on"]


def test_one_topic_may_be_given_and_the_other_made() -> None:
    scope = stack()
    its = endpoint(scope, async_inference_config=config(success_topic=TOPIC, create_error_topic=True))
    found = Synthesized(scope)
    notification = found.one(CONFIGURATION)[AT]["output_config"]["notification_config"]
    assert notification["success_topic"] == its.success_topic_arn == TOPIC
    assert named(notification["error_topic"]) == found.address("aws_sns_topic")
    assert its.error_topic_arn is not None
    published = found.statements("Runtime")["PublishNotifications"]
    assert published["actions"] == ["sns:Publish"]
    assert published["resources"] == [TOPIC, notification["error_topic"]]


def test_an_endpoint_without_topics_names_none() -> None:
    for its in (endpoint(), endpoint(async_inference_config=config())):
        assert its.success_topic_arn is None
        assert its.error_topic_arn is None


def test_topics_carry_tags_and_the_provider() -> None:
    scope = stack()
    provider = AwsProvider(scope, "other", alias="other", region="eu-west-1")
    stated = config(create_success_topic=True)
    found = synthesize(scope, async_inference_config=stated, tags={"team": "ml"}, provider=provider)
    assert found.one("aws_sns_topic")["tags"] == {"team": "ml"}
    assert found.one("aws_sns_topic")["provider"] == found.one("aws_sns_topic_policy")["provider"] == "aws.other"


# What the role may do.


def test_the_role_writes_answers_and_failures_with_the_key_and_nowhere_else() -> None:
    found = made(s3_failure_path="s3://failures", kms_key_arn=KEY).statements("Runtime")
    write = found["WriteAnswers"]
    assert write["actions"] == ["s3:AbortMultipartUpload", "s3:PutObject"]
    assert evaluate(write["resources"]) == ["arn:aws:s3:::answers/sentiment/*", "arn:aws:s3:::failures/*"]
    assert found["EncryptAnswers"] == {
        "sid": "EncryptAnswers",
        "actions": ["kms:Decrypt", "kms:GenerateDataKey"],
        "resources": [KEY],
    }


def test_the_role_reads_and_lists_the_input_prefix_alone() -> None:
    found = made(s3_input_path="s3://payloads/in/", s3_input_kms_key_arn=KEY).statements("Runtime")
    assert found["ReadPayloads"]["actions"] == ["s3:GetObject"]
    assert evaluate(found["ReadPayloads"]["resources"]) == ["arn:aws:s3:::payloads/in/*"]
    assert found["ListPayloads"]["actions"] == ["s3:ListBucket"]
    assert evaluate(found["ListPayloads"]["resources"]) == ["arn:aws:s3:::payloads"]
    assert found["ListPayloads"]["condition"] == [{"test": "StringLike", "variable": "s3:prefix", "values": ["in/*"]}]
    assert found["DecryptPayloads"] == {"sid": "DecryptPayloads", "actions": ["kms:Decrypt"], "resources": [KEY]}


def test_a_whole_bucket_may_hold_the_payloads() -> None:
    found = made(s3_input_path="s3://payloads").statements("Runtime")
    assert evaluate(found["ReadPayloads"]["resources"]) == ["arn:aws:s3:::payloads/*"]
    assert "condition" not in found["ListPayloads"]


@pytest.mark.parametrize(
    ("uri", "objects", "prefix"),
    [
        ("s3://payloads/in/a/", "payloads/in/a/*", "in/a/*"),
        ("s3://payloads/in", "payloads/in/*", "in/*"),
        ("s3://payloads", "payloads/*", "*"),
        ("s3://payloads/", "payloads/*", "*"),
    ],
)
def test_an_input_prefix_that_terraform_alone_knows_is_read_and_listed_there(
    uri: str, objects: str, prefix: str
) -> None:
    scope = stack()
    document = made(scope, s3_input_path=variable(scope).string_value).one("data.aws_iam_policy_document", "Runtime")
    read, list_ = document["dynamic"]["statement"]
    assert read["content"]["actions"] == ["s3:GetObject"]
    assert list_["content"]["actions"] == ["s3:ListBucket"]
    assert read["for_each"] == list_["for_each"]
    paths: Any = evaluate(read["for_each"], {"value": uri})
    [path] = paths
    asked = [
        read["content"]["resources"][0],
        list_["content"]["resources"][0],
        list_["content"]["condition"]["values"][0],
    ]
    answers = evaluate([each.replace("statement.value", json.dumps(path)) for each in asked])
    assert answers == [f"arn:aws:s3:::{objects}", "arn:aws:s3:::payloads", prefix]


def test_a_prefix_that_is_null_or_refused_in_terraform_is_in_no_policy() -> None:
    scope = stack()
    document = made(scope, s3_input_path=variable(scope).string_value).one("data.aws_iam_policy_document", "Runtime")
    read, _ = document["dynamic"]["statement"]
    assert [evaluate(read["for_each"], {"value": each}) for each in (None, "s3://*/a")] == [[], []]


def test_the_role_uses_the_key_of_topics_of_its_own_and_of_no_others() -> None:
    found = made(create_error_topic=True)
    assert found.statements("Runtime")["EncryptNotifications"] == {
        "sid": "EncryptNotifications",
        "actions": ["kms:Decrypt", "kms:GenerateDataKey*"],
        "resources": [f"${{{found.address('aws_kms_key')}.arn}}"],
    }
    assert "EncryptNotifications" not in made(error_topic=TOPIC).statements("Runtime")


def test_a_topic_for_both_is_published_to_by_one_statement() -> None:
    found = made(success_topic=TOPIC, error_topic=TOPIC).statements("Runtime")
    assert found["PublishNotifications"]["resources"] == [TOPIC]


# What callers may do.


def test_callers_invoke_asynchronously_and_in_no_other_way() -> None:
    policy = json.loads(made().one("aws_iam_policy", "Invoke")["policy"])
    assert policy["Statement"]["Action"] == ["sagemaker:InvokeEndpointAsync"]


def granted(scope: TerraformStack, /, **stated: object) -> Synthesized:
    its = endpoint(scope, async_inference_config=config(**stated))
    its.grant_invoke(IamRole(scope, "Web", assume_role_policy="{}"), upload_input=True)
    its.grant_invoke("batch", id="Batch", upload_input=True)
    its.grant_invoke("reader", id="Reader")
    return Synthesized(scope)


def test_callers_upload_below_the_input_prefix_on_request() -> None:
    found = granted(stack(), s3_input_path="s3://payloads/in", s3_input_kms_key_arn=KEY)
    policy = found.address("aws_iam_policy", "Upload")
    attached = found.all("aws_iam_role_policy_attachment")
    uploads = [each["role"] for each in attached.values() if each["policy_arn"] == f"${{{policy}.arn}}"]
    invokes = [
        each["role"]
        for address, each in attached.items()
        if "Invoke_" in address and each["policy_arn"] != f"${{{policy}.arn}}"
    ]
    web = f"${{{found.address('aws_iam_role', 'Web')}.name}}"
    assert sorted(uploads) == sorted([web, "batch"])
    assert sorted(invokes) == sorted([web, "batch", "reader"])
    upload, encrypt = found.one("data.aws_iam_policy_document", "Upload")["statement"]
    assert upload["actions"] == ["s3:AbortMultipartUpload", "s3:PutObject"]
    assert evaluate(upload["resources"]) == ["arn:aws:s3:::payloads/in/*"]
    assert encrypt == {
        "sid": "EncryptPayloads",
        "actions": ["kms:Decrypt", "kms:GenerateDataKey"],
        "resources": [KEY],
    }


def test_callers_who_upload_need_no_key_where_none_is_stated() -> None:
    found = granted(stack(), s3_input_path="s3://payloads/in")
    assert len(found.one("data.aws_iam_policy_document", "Upload")["statement"]) == 1


def test_no_upload_policy_is_made_unless_somebody_is_granted_it() -> None:
    scope = stack()
    endpoint(scope, async_inference_config=config(s3_input_path="s3://payloads")).grant_invoke("web", id="Web")
    found = Synthesized(scope)
    assert not any("Upload" in address for address in found.addresses())


def test_the_upload_policy_has_the_endpoints_provider_and_tags() -> None:
    scope = stack()
    provider = AwsProvider(scope, "other", alias="other", region="eu-west-1")
    stated = config(s3_input_path="s3://payloads")
    its = endpoint(scope, async_inference_config=stated, provider=provider, tags={"team": "ml"})
    its.grant_invoke("web", id="Web", upload_input=True)
    found = Synthesized(scope)
    assert found.one("aws_iam_policy", "Upload")["tags"] == {"team": "ml"}
    assert found.one("aws_iam_policy", "Upload")["provider"] == "aws.other"
    assert found.one("data.aws_iam_policy_document", "Upload")["provider"] == "aws.other"
    attached = found.all("aws_iam_role_policy_attachment")
    assert {each["provider"] for each in attached.values()} == {"aws.other"}


@pytest.mark.parametrize("stated", [None, config()])
def test_callers_upload_nowhere_without_an_input_prefix(stated: AsyncInferenceConfig | None) -> None:
    with pytest.raises(InputError) as raised:
        endpoint(async_inference_config=stated).grant_invoke("web", id="Web", upload_input=True)
    assert raised.value.problems == (
        "upload_input must not be True without async_inference_config.s3_input_path, the prefix to upload to",
    )


# What is wrong.


@pytest.mark.parametrize(
    ("stated", "sentence"),
    [
        (
            {"max_concurrent_invocations_per_instance": 0},
            "max_concurrent_invocations_per_instance must be a whole number, 1 to 1000, got 0",
        ),
        (
            {"success_topic": TOPIC, "include_inference_response_in": ["SUCCESS"]},
            f"include_inference_response_in[0] must look like '{SUCCESS}' (pattern {SUCCESS}|{ERROR}), got 'SUCCESS'",
        ),
        ({"include_inference_response_in": SUCCESS}, f"include_inference_response_in must be a list, got '{SUCCESS}'"),
        (
            {"success_topic": TOPIC, "include_inference_response_in": [SUCCESS, SUCCESS]},
            f"include_inference_response_in must not name a member twice, got '{SUCCESS}' 2 times",
        ),
        (
            {"success_topic": TOPIC, "include_inference_response_in": [SUCCESS, ERROR]},
            (
                f"include_inference_response_in must not hold '{ERROR}' without error_topic or create_error_topic: "
                "no such topic is told"
            ),
        ),
        (
            {"success_topic": TOPIC, "create_success_topic": True},
            "create_success_topic must not be True with success_topic: the one that is given is told",
        ),
        (
            {"error_topic": TOPIC, "create_error_topic": True},
            "create_error_topic must not be True with error_topic: the one that is given is told",
        ),
        ({"create_error_topic": "yes"}, "create_error_topic must be True or False, known at synthesis, got 'yes'"),
        (
            {"s3_input_kms_key_arn": KEY},
            "s3_input_kms_key_arn must not be given without s3_input_path, whose objects it encrypts",
        ),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(stated: dict[str, Any], sentence: str) -> None:
    assert problems(async_inference_config=config(**stated)) == (f"{AT}.{sentence}",)


@pytest.mark.parametrize(
    ("name", "value", "start"),
    [
        ("s3_output_path", "answers", "must look like 's3://predictions/sentiment'"),
        ("s3_output_path", None, "must be a string such as 's3://predictions/sentiment', got None"),
        ("s3_failure_path", f"s3://answers/{'a' * 500}", "must have 1 to 512 characters, got 513"),
        ("s3_input_path", "s3://payloads/*", "must look like 's3://predictions/sentiment'"),
        ("success_topic", "answers", "must look like 'arn:aws:sns:eu-west-1:111122223333:predictions'"),
        ("error_topic", KEY, "must look like 'arn:aws:sns:eu-west-1:111122223333:predictions'"),
        ("kms_key_arn", "alias/answers", "must look like 'arn:aws:kms:"),
    ],
)
def test_a_wrong_text_is_named_with_an_example(name: str, value: object, start: str) -> None:
    [problem] = problems(async_inference_config=config(**{name: value}))
    assert problem.startswith(f"{AT}.{name} {start}")


def test_the_key_of_the_payloads_is_named_by_its_arn() -> None:
    [problem] = problems(async_inference_config=config(s3_input_path="s3://payloads", s3_input_kms_key_arn="alias/a"))
    assert problem.startswith(f"{AT}.s3_input_kms_key_arn must look like 'arn:aws:kms:")


def test_a_topic_that_terraform_alone_knows_is_checked_there() -> None:
    scope = stack()
    found = made(scope, success_topic=variable(scope).string_value)
    right: Any = evaluate(conditions(found), {"value": TOPIC})
    wrong: Any = evaluate(conditions(found), {"value": "answers"})
    assert all(right)
    assert not all(wrong)


@pytest.mark.parametrize("name", ["s3_failure_path", "s3_input_path"])
def test_a_path_that_terraform_knows_to_be_none_is_not_given(name: str) -> None:
    scope = stack()
    found = made(scope, **{name: variable(scope).string_value})
    for value, is_right in ((None, True), ("s3://payloads/a", True), ("payloads", False)):
        answers: Any = evaluate(conditions(found), {"value": value})
        assert all(answers) is is_right


# What AWS has for other endpoints alone, and beside it what it has for these.


def test_an_asynchronous_endpoint_has_one_variant() -> None:
    two = [replace(VARIANT, variant_name=name) for name in ("a", "b")]
    assert problems(async_inference_config=config(), production_variants=two) == (
        (
            "async_inference_config must not be given with several production_variants, got 2: an asynchronous "
            "endpoint has one"
        ),
    )
    assert len(synthesize(production_variants=two).one(CONFIGURATION)["production_variants"]) == 2
    one = synthesize(async_inference_config=config(), production_variants=two[:1])
    assert len(one.one(CONFIGURATION)["production_variants"]) == 1


def test_an_asynchronous_endpoint_captures_no_data() -> None:
    assert problems(async_inference_config=config(), data_capture_config=CAPTURE) == (
        (
            "async_inference_config must not be given with data_capture_config: SageMaker captures no data of "
            "asynchronous endpoints, whose payloads and answers lie in Amazon S3 anyway"
        ),
    )
    two = [replace(VARIANT, variant_name=name) for name in ("a", "b")]
    assert "data_capture_config" in synthesize(data_capture_config=CAPTURE, production_variants=two).one(CONFIGURATION)


def test_no_asynchronous_endpoint_runs_on_inf1() -> None:
    on_inf1 = [replace(VARIANT, instance_type="ml.inf1.xlarge")]
    assert problems(async_inference_config=config(), production_variants=on_inf1) == (
        (
            "async_inference_config must not be given with an ml.inf1 type as production_variants[0].instance_type: "
            "SageMaker serves no asynchronous endpoint on those, got 'ml.inf1.xlarge'"
        ),
    )
    on_inf2 = [replace(VARIANT, instance_type="ml.inf2.xlarge")]
    assert AT in synthesize(async_inference_config=config(), production_variants=on_inf2).one(CONFIGURATION)
    assert AT not in synthesize(production_variants=on_inf1).one(CONFIGURATION)


def test_a_type_that_terraform_alone_knows_to_be_inf1_is_refused_there() -> None:
    scope = stack()
    unknown = [replace(VARIANT, instance_type=variable(scope).string_value)]
    found = synthesize(scope, async_inference_config=config(), production_variants=unknown)
    answers: Any = [evaluate(conditions(found), {"value": each}) for each in ("ml.inf1.xlarge", "ml.inf2.xlarge")]
    assert [all(each) for each in answers] == [False, True]


def test_another_class_in_its_place_is_refused() -> None:
    with pytest.raises(InputError, match=r"async_inference_config must be AsyncInferenceConfig\(\.\.\.\), got dict"):
        endpoint(async_inference_config={"s3_output_path": "s3://answers"})
