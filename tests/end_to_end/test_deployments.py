"""Deployments of every kind, one after another on one endpoint, which no plan destroys; and what takes them back."""

import json
import re
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.demo.stage import build_network, image
from tests.embedded_aws import Call, EmbeddedAws
from tests.toolchain import REPOSITORY, CommandError

from .deployment import ConcreteDeployment
from .messages import unwrapped
from .order import assert_in_order
from .removals import too_early

pytestmark = pytest.mark.end_to_end

ENDPOINT = "aws_sagemaker_endpoint."
CANARY = {"kind": "Canary", "canary_size": {"type": "CAPACITY_PERCENT", "value": 50}, "wait_interval_in_seconds": 0}
LINEAR = {
    "kind": "Linear",
    "linear_step_size": {"type": "CAPACITY_PERCENT", "value": 50},
    "wait_interval_in_seconds": 0,
}
ROLLING = {
    "kind": "Rolling",
    "maximum_batch_size": {"type": "INSTANCE_COUNT", "value": 1},
    "wait_interval_in_seconds": 0,
}
AT_ONCE = {"kind": "AllAtOnce"}
ERRORS = {"rollback_alarms": ["errors"]}
BOTH = {"rollback_alarms": ["latency", "errors"]}


@pytest.fixture(scope="module")
def aws() -> Iterator[EmbeddedAws]:
    """Let waits take as long as they ask for."""
    with EmbeddedAws() as embedded:
        for name in ("errors", "latency"):
            embedded.client("cloudwatch").put_metric_alarm(
                AlarmName=name,
                ComparisonOperator="GreaterThanThreshold",
                EvaluationPeriods=1,
                MetricName=name,
                Namespace="team",
            )
        yield embedded


@dataclass(kw_only=True)
class Deployed:
    """A stack whose endpoint is moved on."""

    aws: EmbeddedAws
    stack: ConcreteDeployment

    def move(self, **inputs: object) -> list[Call]:
        """Change inputs: no plan may destroy the endpoint, and after the apply there is nothing left to do."""
        plan = self.stack.plan(**inputs)
        done = [actions for address, actions in plan.changes.items() if address.startswith(ENDPOINT)]
        assert done in ([], [("update",)]), plan.text
        calls = self._writes(self.stack.terraform.apply_plan)
        assert self.stack.terraform.plan().is_empty
        assert {"CreateEndpoint", "DeleteEndpoint"}.isdisjoint({each.action for each in calls})
        assert too_early(calls, self.aws.in_use()) == []
        return calls

    def apply(self) -> list[Call]:
        return self._writes(self.stack.apply)

    def _writes(self, act: Callable[[], object]) -> list[Call]:
        self.aws.reset_calls()
        act()
        return [call for call in self.aws.calls() if call.is_write]

    def fail(self, **inputs: object) -> str:
        """Apply with inputs changed, in vain; give what Terraform says."""
        with pytest.raises(CommandError) as raised:
            self.stack.change(**inputs)
        return unwrapped(str(raised.value))

    def live(self) -> dict[str, Any]:
        return dict(self.aws.client("sagemaker").describe_endpoint(EndpointName="sentiment"))

    def kind(self) -> str:
        """Give the kind of the endpoint's last deployment."""
        config = self.live()["LastDeploymentConfig"]
        if "RollingUpdatePolicy" in config:
            return "ROLLING"
        return str(config["BlueGreenUpdatePolicy"]["TrafficRoutingConfiguration"]["Type"])

    def alarms(self) -> list[str]:
        rollback = self.live()["LastDeploymentConfig"]["AutoRollbackConfiguration"]
        return [each["AlarmName"] for each in rollback["Alarms"]]

    def ring(self, name: str, state: str = "ALARM") -> None:
        self.aws.client("cloudwatch").set_alarm_state(AlarmName=name, StateValue=state, StateReason="a test")

    def guard_is_there(self) -> bool:
        found = self.aws.client("cloudwatch").describe_alarms(AlarmNames=["sentiment-rollback"])
        return len(found["MetricAlarms"]) == 1


def variant(aws: EmbeddedAws, tag: str) -> dict[str, object]:
    return {"model": {"image": image(aws.region, tag)}, "instance_type": "ml.m5.xlarge", "initial_instance_count": 2}


def _as_before_this_input(stack: ConcreteDeployment) -> None:
    """Take out of the stack that was synthesized what came with the input."""
    file = stack.project.stack_directory(stack.stack) / "cdk.tf.json"
    made = json.loads(file.read_text(encoding="utf-8"))
    (endpoint,) = made["resource"]["aws_sagemaker_endpoint"].values()
    del (
        endpoint["deployment_config"],
        endpoint["lifecycle"]["ignore_changes"],
        endpoint["lifecycle"]["postcondition"][-1],
    )
    del made["resource"]["aws_cloudwatch_metric_alarm"]
    for document in made["data"]["aws_iam_policy_document"].values():
        document["statement"] = [each for each in document["statement"] if each.get("sid") != "SeeRollbackAlarms"]
    for name, policy in made["resource"]["aws_iam_policy"].items():
        if "Runtime" not in name:  # its statements are others now
            continue
        policy["name_prefix"] = re.sub(r"\$\{.*\}-$", "", policy["name_prefix"])
    file.write_text(json.dumps(made), encoding="utf-8")


@pytest.fixture(scope="module")
def deployed(aws: EmbeddedAws, tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    """Apply a stack of an earlier version, whose endpoint has no deployment configuration."""
    vpc_id, subnet_ids = build_network(aws.client("ec2"))
    stack = ConcreteDeployment.of(
        aws,
        tmp_path_factory.mktemp("deployments"),
        "any_input",
        region=aws.region,
        endpoint_name="sentiment",
        network={"vpc_id": vpc_id, "subnet_ids": subnet_ids},
        production_variants=[variant(aws, "1.0")],
        interface_cleanup={"mark": False},
        key={"kms_key_arn": aws.client("kms").create_key()["KeyMetadata"]["Arn"]},  # one of its own takes 12 seconds
        deployment=None,
    )
    stack.start()
    _as_before_this_input(stack)
    stack.apply()
    assert stack.terraform.plan().is_empty
    return Deployed(aws=aws, stack=stack)


def _page_command() -> str:
    page = (REPOSITORY / "docs" / "moves.md").read_text(encoding="utf-8")
    section = page.partition("## A deployment for an endpoint of an earlier version\n")[2]
    return str(re.findall(r"```sh\n(.*?)```", section, flags=re.DOTALL)[0])


def test_the_upgrade_leaves_an_endpoint_of_an_earlier_version_as_it_is_and_so_does_a_new_image(
    deployed: Deployed,
) -> None:
    calls = deployed.move()
    assert "UpdateEndpoint" not in {each.action for each in calls}
    assert deployed.guard_is_there()
    assert "UpdateEndpoint" in {
        each.action for each in deployed.move(production_variants=[variant(deployed.aws, "1.1")])
    }
    assert "LastDeploymentConfig" not in deployed.live()


def test_a_deployment_for_such_an_endpoint_is_refused_until_one_command_has_made_it_possible_in_place(
    deployed: Deployed,
) -> None:
    before = deployed.stack.inputs
    said = deployed.fail(deployment=CANARY)
    assert "with this one the AWS provider would destroy it and make it anew" in said
    assert deployed.live()["EndpointStatus"] == "InService"
    deployed.stack.inputs = before
    environment = deployed.aws.full_environment()
    subprocess.run(["bash", "-euc", _page_command()], env=environment, check=True)
    assert (deployed.kind(), deployed.alarms()) == ("ALL_AT_ONCE", ["sentiment-rollback"])
    assert deployed.move() == []  # but for Terraform's state, which keeps that from now on


@pytest.mark.parametrize(
    ("deployment", "kind", "alarms"),
    [
        (AT_ONCE, "ALL_AT_ONCE", ["sentiment-rollback"]),
        (CANARY, "CANARY", ["sentiment-rollback"]),
        (LINEAR | ERRORS, "LINEAR", ["errors"]),
        (ROLLING | ERRORS, "ROLLING", ["errors"]),
        (CANARY | BOTH, "CANARY", ["errors", "latency"]),
        (ROLLING, "ROLLING", ["sentiment-rollback"]),
        (AT_ONCE | ERRORS, "ALL_AT_ONCE", ["errors"]),
        (LINEAR, "LINEAR", ["sentiment-rollback"]),
        (None, "LINEAR", ["sentiment-rollback"]),
        (ROLLING | {"rollback_alarms": ["latency"]}, "ROLLING", ["latency"]),
        (AT_ONCE | {"termination_wait_in_seconds": 1}, "ALL_AT_ONCE", ["sentiment-rollback"]),
        (None, "ALL_AT_ONCE", ["sentiment-rollback"]),
        (ROLLING | BOTH, "ROLLING", ["errors", "latency"]),
        (LINEAR | BOTH, "LINEAR", ["errors", "latency"]),
        (AT_ONCE | BOTH, "ALL_AT_ONCE", ["errors", "latency"]),
        (CANARY | BOTH | {"termination_wait_in_seconds": 1}, "CANARY", ["errors", "latency"]),
        (AT_ONCE | {"termination_wait_in_seconds": 2}, "ALL_AT_ONCE", ["sentiment-rollback"]),
        (LINEAR | {"termination_wait_in_seconds": 1}, "LINEAR", ["sentiment-rollback"]),
        (CANARY | ERRORS, "CANARY", ["errors"]),
    ],
)
def test_from_each_deployment_to_the_next_the_endpoint_stays(
    deployed: Deployed, deployment: dict[str, object] | None, kind: str, alarms: list[str]
) -> None:
    guarded = deployed.guard_is_there()
    calls = deployed.move(deployment=deployment)
    assert (deployed.kind(), sorted(deployed.alarms())) == (kind, alarms)
    assert deployed.guard_is_there() is (alarms == ["sentiment-rollback"])
    if guarded and not deployed.guard_is_there():
        assert_in_order(calls, "UpdateEndpoint", "DeleteAlarms")
    if not guarded and deployed.guard_is_there():
        assert_in_order(calls, "PutMetricAlarm", "UpdateEndpoint")


def test_a_deployment_whose_alarms_would_go_is_not_left_out_without_another(deployed: Deployed) -> None:
    said = deployed.fail(deployment=None)
    assert "takes its updates back on alarms that a deployment named and none does now: errors" in said
    assert "State deployment=AllAtOnce() to end that" in said
    assert deployed.alarms() == ["errors"]


def test_an_image_is_deployed_by_what_is_stated_and_by_what_was_stated_last(deployed: Deployed) -> None:
    deployed.move(deployment=CANARY, production_variants=[variant(deployed.aws, "2.0")])
    deployed.move(deployment=None)
    deployed.move(production_variants=[variant(deployed.aws, "2.1")])
    assert deployed.kind() == "CANARY"


def _runbook(section: str, aws: EmbeddedAws) -> str:
    """Run the commands of a section of docs/runbook.md; give what they print."""
    page = (REPOSITORY / "docs" / "runbook.md").read_text(encoding="utf-8")
    commands = re.findall(r"```sh\n(.*?)```", page.partition(f"### {section}\n")[2], flags=re.DOTALL)[0]
    done = subprocess.run(
        ["bash", "-euc", f"endpoint=sentiment\nalarm=latency\n{commands}"],
        env=aws.full_environment(),
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def test_an_alarm_that_rings_already_takes_the_update_back_until_it_is_left_out(deployed: Deployed) -> None:
    deployed.move(deployment=CANARY | {"rollback_alarms": ["errors", "latency"]})
    before = deployed.live()["EndpointConfigName"]
    deployed.ring("latency")
    said = deployed.fail(production_variants=[variant(deployed.aws, "3.0")])
    assert f"{before} is live as before, and nothing that it uses was deleted" in said
    command = re.search(r"aws cloudwatch describe-alarms .*? --output text", said)
    assert command
    answer = subprocess.run(
        ["bash", "-euc", command[0]], env=deployed.aws.full_environment(), check=True, capture_output=True, text=True
    )
    states = dict(line.split("\t")[:2] for line in answer.stdout.splitlines())
    assert states == {"errors": "OK", "latency": "ALARM"}
    assert {"latency", "ALARM"} <= set(re.findall(r"\w+", _runbook("An alarm took the update back", deployed.aws)))
    assert deployed.live()["EndpointConfigName"] == before

    assert "deployment=AllAtOnce(roll_back_on_own_alarms=False)" in said
    deployed.move(deployment=AT_ONCE | {"roll_back_on_own_alarms": False})
    assert deployed.live()["EndpointConfigName"] != before
    deployed.ring("latency", "OK")
    deployed.move(deployment=CANARY | ERRORS)


def test_an_alarm_that_rings_during_the_wait_takes_the_update_back_and_the_next_good_one_goes_through(
    deployed: Deployed,
) -> None:
    deployed.move(deployment=CANARY | ERRORS)
    before = deployed.live()["EndpointConfigName"]

    def ring_when_it_bakes() -> None:
        while "PendingDeploymentSummary" not in deployed.live():
            time.sleep(0.1)
        deployed.ring("errors")

    thread = threading.Thread(target=ring_when_it_bakes, daemon=True)
    thread.start()
    waiting = CANARY | ERRORS | {"wait_interval_in_seconds": 600}
    said = deployed.fail(deployment=waiting, production_variants=[variant(deployed.aws, "4.0")])
    thread.join(timeout=60)
    assert "SageMaker could not deploy that configuration and rolled back" in said
    assert "--alarm-names 'errors'" in said
    assert deployed.live()["EndpointConfigName"] == before

    deployed.ring("errors", "OK")
    deployed.move(deployment=CANARY | ERRORS, production_variants=[variant(deployed.aws, "4.1")])
    assert deployed.live()["EndpointConfigName"] != before


def test_an_endpoint_that_the_state_has_lost_is_imported_with_its_deployment(deployed: Deployed) -> None:
    deployed.move(deployment=CANARY)
    (address,) = [each for each in deployed.stack.terraform.show().addresses() if each.startswith(ENDPOINT)]
    deployed.stack.terraform.forget(address)
    deployed.stack.terraform.take_over(address, "sentiment")
    assert deployed.stack.terraform.plan().is_empty


def test_the_endpoints_own_alarms_come_and_go_and_the_endpoint_is_told_in_time(deployed: Deployed) -> None:
    calls = deployed.move(deployment=CANARY, alarms={"alarm_actions": ["arn:aws:sns:eu-west-1:123456789012:team"]})
    own = set(deployed.alarms())
    assert own
    assert all(each.startswith("sentiment/") for each in own)
    assert_in_order(calls, "PutMetricAlarm", "UpdateEndpoint", "DeleteAlarms")  # that which never rings

    assert "UpdateEndpoint" not in {each.action for each in deployed.move(deployment=None)}
    assert set(deployed.alarms()) == own
    said = deployed.fail(alarms=None)
    assert "takes its updates back on alarms that a deployment named and none does now" in said
    assert all(each in said for each in own)
    calls = deployed.move(deployment=AT_ONCE)
    assert deployed.alarms() == ["sentiment-rollback"]
    update = next(number for number, each in enumerate(calls) if each.action == "UpdateEndpoint")
    assert {each.parameters.get("AlarmNames.member.1") for each in calls[update:]} - {None} == own
    deployed.move(deployment=CANARY)


def test_a_renamed_variant_moves_all_at_once(deployed: Deployed) -> None:
    renamed = {**variant(deployed.aws, "5.0"), "variant_name": "blue"}
    before = deployed.stack.inputs
    assert "same variant names" in deployed.fail(production_variants=[renamed])
    deployed.stack.inputs = before
    deployed.move()
    deployed.move(deployment=AT_ONCE, production_variants=[renamed])
    deployed.move(deployment=CANARY)


def test_a_destroy_leaves_nothing_but_what_was_there(deployed: Deployed) -> None:
    deployed.stack.destroy()
    assert deployed.stack.left() == set()
