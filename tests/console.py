"""Terraform's own answer to what a synthesized value is, by `terraform console`: no provider, no state."""

import base64
import json
import os
import re
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.toolchain.environment import clean_environment

_ATTRIBUTE = re.compile(r"(?:data\.)?((?:aws|null)_\w+)\.[\w-]+\.([a-z_]+)")
ACCOUNT: Mapping[str, object] = {
    "aws_partition.partition": "aws",
    "aws_partition.dns_suffix": "amazonaws.com",
    "aws_region.id": "eu-west-1",
    "aws_caller_identity.account_id": "111122223333",
    "aws_security_group.id": "sg-0123456789abcdef0",
    "aws_iam_role.arn": "arn:aws:iam::111122223333:role/sentiment-execution-1",
    "aws_iam_policy.arn": "arn:aws:iam::111122223333:policy/sentiment-1",
    "aws_kms_key.arn": "arn:aws:kms:eu-west-1:111122223333:key/1234",
    "aws_cloudwatch_metric_alarm.alarm_name": "sentiment-rollback",
    "aws_sagemaker_model.name": "sentiment-AllTraffic-0123456789",
    "aws_sagemaker_endpoint_configuration.name": "sentiment-0123456789",
    "aws_sagemaker_endpoint.arn": "arn:aws:sagemaker:eu-west-1:111122223333:endpoint/sentiment",
}
"""What the attributes of resources and data sources are, by type and name."""


def evaluate(
    value: object,
    variables: Mapping[str, object] | None = None,
    *,
    known: Mapping[str, object] | None = None,
    local: Mapping[str, object] | None = None,
) -> Any:  # noqa: ANN401 - of whatever type the value is
    """Evaluate a value of Terraform's JSON syntax, templates and all, as Terraform would in that place.

    `known` are attributes of resources other than in `ACCOUNT`, `local` the configuration's local values.
    """
    attributes = {**ACCOUNT, **(known or {})}
    given = {_variable(*key.split(".")): each for key, each in attributes.items()} | dict(variables or {})
    text = _ATTRIBUTE.sub(
        lambda match: f"var.{_variable(match[1], match[2])}", json.dumps({**(local or {}), "value": value})
    )
    configuration = {
        "variable": {name: {"default": each, "type": _type(each)} for name, each in given.items()},
        "locals": json.loads(text),
    }
    with tempfile.TemporaryDirectory() as directory:
        (Path(directory) / "main.tf.json").write_text(json.dumps(configuration), encoding="utf-8")
        done = subprocess.run(
            ["terraform", "console"],
            input="base64encode(jsonencode(local.value))\n",
            cwd=directory,
            env=clean_environment({"TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1"}),
            capture_output=True,
            text=True,
            check=False,
        )
    # Where a machine is busy, Terraform says that it waits for its lock.
    answer = (
        re.sub(r"^(?:Acquiring|Releasing) state lock\. .*\n", "", done.stdout, flags=re.MULTILINE).strip().strip('"')
    )
    # What is invalid is only a warning to the console.
    assert answer.isascii(), f"{done.stdout}{done.stderr}\n{text}"
    assert done.returncode == 0, f"{done.stdout}{done.stderr}\n{text}"
    return json.loads(base64.b64decode(answer))


def _variable(type_: str, attribute: str) -> str:
    return f"{type_}__{attribute}"


def _type(value: object) -> str:
    kinds = {bool: "bool", str: "string", int: "number", list: "list(string)", dict: "map(string)"}
    return kinds.get(type(value), "any")
