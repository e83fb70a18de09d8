import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from .environment import REPOSITORY, clean_environment
from .provider_proxy import types_in
from .running_provider import VARIABLE, RunningProvider, end_running_provider, running_provider
from .terraform import Terraform

pytestmark = pytest.mark.end_to_end
REGION = {"region": "eu-west-1"}


def initialized(directory: Path, *configurations: Mapping[str, object]) -> Path:
    """Give a stack without resources, whose provider is configured so often."""
    directory.mkdir(exist_ok=True)
    required = {"aws": {"source": "aws", "version": "6.25.0"}}
    content = {"terraform": {"required_providers": required}, "provider": {"aws": list(configurations)}}
    (directory / "cdk.tf.json").write_text(json.dumps(content), encoding="utf-8")
    Terraform(directory=directory, environment={}).init()
    return directory


def process_of(variables: Mapping[str, str]) -> int:
    (told,) = json.loads(variables[VARIABLE]).values()
    answer: dict[str, Any] = told
    return int(answer["Pid"])


def has_ended(process: int) -> bool:
    for _ in range(100):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


def test_it_serves_every_stack_of_one_environment_and_a_second_one_takes_its_place(tmp_path: Path) -> None:
    stacks = [initialized(tmp_path / name, REGION) for name in ("first", "second")]
    environment = clean_environment({"AWS_REGION": "eu-west-1"})
    first, second = (running_provider(stack, environment) for stack in stacks)
    assert first == second
    third = running_provider(stacks[0], environment | {"AWS_REGION": "eu-west-2"})
    assert process_of(third) != process_of(first)
    assert has_ended(process_of(first))
    end_running_provider()
    assert has_ended(process_of(third))


def test_one_that_died_is_started_anew(tmp_path: Path) -> None:
    stack = initialized(tmp_path, REGION)
    environment = clean_environment({})
    first = process_of(running_provider(stack, environment))
    os.kill(first, signal.SIGKILL)
    assert has_ended(first)
    time.sleep(0.5)
    assert process_of(running_provider(stack, environment)) != first


def test_there_is_none_before_init_or_for_two_configurations(tmp_path: Path) -> None:
    stack = initialized(tmp_path / "two", REGION, {"region": "us-east-1", "alias": "other"})
    assert running_provider(stack, clean_environment({})) == {}
    stack = initialized(tmp_path / "same", REGION, {**REGION, "alias": "other"})
    assert running_provider(stack, clean_environment({})) != {}
    (tmp_path / "cdk.tf.json").write_text("{}")
    assert running_provider(tmp_path, clean_environment({})) == {}


def test_it_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    stack = initialized(tmp_path, REGION)
    program = (
        "from pathlib import Path; from tests.toolchain.running_provider import *; "
        f"print(running_provider(Path({str(stack)!r}), {clean_environment({})!r})[VARIABLE], flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout
        provider = process_of({VARIABLE: parent.stdout.readline()})
        parent.kill()
    assert has_ended(provider)


def test_it_ends_with_the_proxy_before_it(tmp_path: Path) -> None:
    stack = initialized(tmp_path, REGION)
    (executable,) = stack.glob(".terraform/providers/*/hashicorp/aws/*/*/terraform-provider-aws*")
    started = RunningProvider([executable.resolve()], clean_environment({}))
    provider = process_of({VARIABLE: started.address})
    os.kill(started.process.pid, signal.SIGKILL)
    started.end()
    assert has_ended(provider)


def test_the_null_provider_runs_beside_it_and_ends_with_it(tmp_path: Path) -> None:
    required = {"aws": {"source": "aws", "version": "6.25.0"}, "null": {"source": "null", "version": "3.2.4"}}
    content = {
        "terraform": {"required_providers": required},
        "provider": {"aws": [REGION]},
        "resource": {"null_resource": {"some": {}}},
    }
    (tmp_path / "cdk.tf.json").write_text(json.dumps(content), encoding="utf-8")
    terraform = Terraform(directory=tmp_path, environment={})
    terraform.init()
    told = json.loads(running_provider(tmp_path, terraform.full_environment())[VARIABLE])
    (null,) = (plugin["Pid"] for name, plugin in told.items() if name.endswith("/hashicorp/null"))
    assert terraform.apply().added == 1
    assert terraform.destroy().destroyed == 1
    end_running_provider()
    assert has_ended(null)


def test_it_knows_the_types_that_the_stack_names_and_those_in_its_state(tmp_path: Path) -> None:
    stack = initialized(tmp_path, REGION)
    terraform = Terraform(directory=stack, environment={})
    content = json.loads((stack / "cdk.tf.json").read_text(encoding="utf-8"))
    found = {}
    for kind in ("aws_iam_user", "aws_sqs_queue", "aws_no_such_thing"):
        content["resource"] = {kind: {"some": {"name": "some"}}}
        (stack / "cdk.tf.json").write_text(json.dumps(content), encoding="utf-8")
        found[kind] = [each.summary for each in terraform.validate()]
    assert found == {"aws_iam_user": [], "aws_sqs_queue": [], "aws_no_such_thing": ["Invalid resource type"]}
    state = {"resources": [{"type": "aws_sns_topic"}]}
    (stack / "terraform.tfstate").write_text(json.dumps(state), encoding="utf-8")
    assert {b"aws_sns_topic", b"aws_no_such_thing"} <= types_in(stack)
    assert b"aws_iam_user" not in types_in(stack)


def test_each_setting_of_the_provider_is_asked_for_and_wrong_ones_are_refused(tmp_path: Path) -> None:
    wrong = {**REGION, "assume_role": [{"role_arn": "nobody"}]}
    stacks = [initialized(tmp_path / name, settings) for name, settings in (("right", REGION), ("wrong", wrong))]
    for stack in stacks:
        (stack / "user.tf.json").write_text(json.dumps({"resource": {"aws_iam_user": {"some": {"name": "some"}}}}))
    found = [Terraform(directory=stack, environment={}).validate() for stack in [*stacks, *stacks]]
    assert [["invalid ARN" in each.summary for each in one] for one in found] == [[], [True]] * 2


def test_it_knows_the_types_in_a_state_that_is_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "a.tfstate").write_text(json.dumps({"resources": [{"type": "aws_sns_topic"}]}), encoding="utf-8")
    content = {"terraform": {"backend": {"local": {"path": str(tmp_path / "a.tfstate")}}}}
    stack = tmp_path / "stack"
    stack.mkdir()
    (stack / "cdk.tf.json").write_text(json.dumps(content), encoding="utf-8")
    assert types_in(stack) == {b"aws_sns_topic"}
