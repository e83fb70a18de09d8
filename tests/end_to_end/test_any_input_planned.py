"""Every public input with values at random: what is accepted plans, and what is wrong is named."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from inspect import signature
from pathlib import Path
from typing import Any

import sagemaker_endpoint
from sagemaker_endpoint import EndpointMetrics, SageMakerEndpoint
from sagemaker_endpoint.rules import checks
from sagemaker_endpoint.rules.checks import require

import pytest
from cdktf import App, LocalBackend, TerraformOutput, TerraformStack, TerraformVariable, Token
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_null.provider import NullProvider
from cdktf_cdktf_provider_null.resource import Resource as NullResource
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.embedded_aws import EmbeddedAws
from tests.toolchain import CommandError, Terraform

from . import vpc as network
from .any_input import ENDPOINT_KINDS, ROLES, Vpc, endpoints, leaves, problems, rebuilt, spoiled
from .deployment import environment
from .messages import unwrapped
from .test_forms_planned import PRECONDITION, TYPES, of_variable

pytestmark = pytest.mark.end_to_end

PUBLIC = [getattr(sagemaker_endpoint, name) for name in sagemaker_endpoint.__all__]
# All but what is about endpoints that are not the library's.
KINDS = [each for each in PUBLIC if is_dataclass(each) and each is not EndpointMetrics]
# The oldest AWS provider, with which this is tried too, knows no such blocks; tests/hosting has them.
OF_NEWER_PROVIDERS = {
    "additional_model_data_sources",
    "capacity_reservation_config",
    "ml_reservation_arn",
    "capacity_reservation_preference",
}
# Terraform takes four times as long over twice as many endpoints in one plan.
ROUNDS, AT_ONCE = 4, 7
ROUNDS_OF_WRONG = 12


@pytest.fixture(scope="module")
def vpc(aws: EmbeddedAws) -> Vpc:
    made = network.Vpc(aws)
    for arn in ROLES:
        directory, _, name = arn.partition(":role")[2].rpartition("/")
        aws.client("iam").create_role(RoleName=name, Path=f"{directory}/", AssumeRolePolicyDocument="{}")
    return Vpc(id=made.id, subnets=([made.subnet("a") for _ in range(8)], [made.subnet("b") for _ in range(8)]))


def drawn(values: st.SearchStrategy[Any], number: int) -> Any:  # noqa: ANN401 - any input
    """Draw a value, the same for the same number: the second, as the first is always the simplest."""
    found: list[Any] = []

    @seed(number)
    # What one draw costs, or how many it discards, says nothing here: it is made once.
    @settings(max_examples=2, phases=[Phase.generate], suppress_health_check=[*HealthCheck])
    @given(values)
    def keep(value: Any) -> None:  # noqa: ANN401 - any input
        found.append(value)

    keep()
    return found[-1]


class Stack:
    """A stack of many endpoints."""

    def __init__(self, aws: EmbeddedAws, directory: Path) -> None:
        self._aws, self._directory = aws, directory
        self._app = App(outdir=str(directory))
        self.stack = TerraformStack(self._app, "stack")
        LocalBackend(self.stack, path=str(directory / "terraform.tfstate"))  # by default all stacks of a name share one
        AwsProvider(self.stack, "aws", region=aws.region)
        NullProvider(self.stack, "null")
        self._other = AwsProvider(self.stack, "other", alias="other", region=aws.region)
        self._earlier = NullResource(self.stack, "Earlier")
        self._variables: dict[str, object] = {}
        self._deferred: list[str] = []

    def add(self, name: str, inputs: Mapping[str, Any]) -> None:
        """Make an endpoint."""
        stated = {key: value for key, value in inputs.items() if value is not None}
        stated["provider"] = self._other if inputs["provider"] else None
        stated["depends_on"] = [self._earlier] if inputs["depends_on"] else []
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(checks, "require", self._require)
            made = SageMakerEndpoint(self.stack, name, **stated)
        made.grant_invoke("caller", id="caller")
        TerraformOutput(self.stack, f"runbook-{name}", value=made.runbook)

    def _require(self, *findings: Any) -> list[checks.Deferred]:
        deferred = require(*findings)
        self._deferred += [each.sentence.partition("${")[0] for each in deferred]
        return deferred

    def not_asked(self) -> set[str]:
        """Give what Terraform alone knows and no precondition asks of it."""
        written = json.loads((self._directory / "stacks" / "stack" / "cdk.tf.json").read_text(encoding="utf-8"))
        resources = (each for of in ("resource", "data") for kind in written[of].values() for each in kind.values())
        asked = "\n".join(
            each["error_message"] for one in resources for each in one.get("lifecycle", {}).get("precondition", [])
        )
        return {each for each in self._deferred if each not in asked}

    def variable(self, right: object, value: object) -> Any:  # noqa: ANN401 - of the type of the right one
        """Declare a variable in the place of a right value, and give it a value."""
        of = [*right] if isinstance(right, set | frozenset) else right
        name = f"v{len(self._variables)}"
        self._variables[name] = value
        if isinstance(of, bool):
            return Token.as_any(TerraformVariable(self.stack, name).value)
        return of_variable(of, TerraformVariable(self.stack, name, type=TYPES[type(of)]))

    def terraform(self) -> Terraform:
        """Synthesize and initialize."""
        self._app.synth()
        directory = self._directory / "stacks" / "stack"
        found = Terraform(directory=directory, environment=environment(self._aws), variables=self._variables)
        found.init()
        return found


@pytest.fixture(scope="module")
def accepted(aws: EmbeddedAws, vpc: Vpc) -> list[dict[str, Any]]:
    kinds = [ENDPOINT_KINDS[number % len(ENDPOINT_KINDS)] for number in range(ROUNDS * AT_ONCE)]
    found = [drawn(endpoints(vpc, kind), number) for number, kind in enumerate(kinds)]
    logs = aws.client("logs")
    for index, inputs in enumerate(found):
        inputs["endpoint_name"] = f"{index}{inputs['endpoint_name']}"[:63].rstrip("-")
        if inputs["logs"] is not None and inputs["logs"].import_existing:
            logs.create_log_group(logGroupName=f"/aws/sagemaker/Endpoints/{inputs['endpoint_name']}")
    return found


def test_every_input_is_tried(accepted: list[dict[str, Any]]) -> None:
    tried: set[str] = set()

    def keep(path: str, value: object) -> None:
        if value is not None and value is not False:
            tried.update(re.sub(r"\[[^]]+]", "", path).split("."))

    for inputs in accepted:
        rebuilt(inputs, keep)
    keywords = {*signature(SageMakerEndpoint.__init__).parameters} - {"self", "scope", "id"}
    assert tried == keywords | {each.name for kind in KINDS for each in fields(kind)} - OF_NEWER_PROVIDERS


@pytest.mark.parametrize("number", range(ROUNDS))
def test_what_is_accepted_is_planned(
    aws: EmbeddedAws, tmp_path: Path, accepted: list[dict[str, Any]], number: int
) -> None:
    stack = Stack(aws, tmp_path)
    for index, inputs in enumerate(accepted[number::ROUNDS]):
        stack.add(f"E{index}", inputs)
    plan = stack.terraform().plan()
    assert plan.changes
    assert "Warning" not in plan.text, plan.text[plan.text.index("Warning") :][:3000]


@dataclass(frozen=True, kw_only=True)
class Place:
    """An endpoint's inputs, and the path of one of them."""

    inputs: Mapping[str, Any]
    path: str

    @property
    def kind(self) -> str:
        """Name the input, whichever of the variants, containers or rules it belongs to."""
        return re.sub(r"\[[^]]+]", "[]", self.path).removeprefix("shadow_").replace(".containers[]", "")

    def with_value(self, value: object) -> dict[str, Any]:
        """Give the inputs with another value there."""
        changed: dict[str, Any] = rebuilt(self.inputs, lambda path, each: value if path == self.path else each)
        return changed

    def refuses(self, value: object) -> bool:
        """Tell whether synthesis refuses a value there, and names the path."""
        return any(each.startswith(self.path) for each in problems(self.with_value(value)))

    def wrong(self) -> st.SearchStrategy[Any]:
        """Give values that the library refuses there, by this path."""
        value = leaves(self.inputs)[self.path]
        # Terraform has one type of numbers, to which 2.0 is as whole as 2.
        return spoiled(value).filter(
            lambda new: new != "" and not (isinstance(new, float) and new.is_integer()) and self.refuses(new)
        )


def smallest(inputs: Mapping[str, Any], path: str) -> dict[str, Any]:
    """Leave out what has nothing to do with the input, and would be planned all the same."""
    scaled = ".auto_scaling" in path
    variants = [each if scaled else replace(each, auto_scaling=None) for each in inputs["production_variants"]]
    small: dict[str, Any] = {**inputs, "production_variants": variants}
    for name in ("data_capture_config", "alarms", "execution_role", "key", "logs", "interface_cleanup", "tags"):
        small[name] = inputs[name] if path.startswith(name) or (name, path[:10]) == ("alarms", "deployment") else None
    if not path.startswith("deployment"):
        small["deployment"] = None
    if inputs["network"] is not None and not path.startswith("network"):
        small["network"] = replace(inputs["network"], egress=None)
    return {**small, "dashboard": False}


@pytest.fixture(scope="module")
def wrong(accepted: list[dict[str, Any]]) -> list[tuple[Place, Any]]:
    """Give a wrong value for each input, in one of the endpoints that state it."""
    places: dict[str, list[Place]] = {}
    for inputs in accepted:
        for path in leaves(inputs):
            place = Place(inputs=smallest(inputs, path), path=path)
            places.setdefault(place.kind, []).append(place)
    chosen = [min(each, key=lambda place: len(place.inputs["production_variants"])) for each in places.values()]
    # The ids of metric math's metrics are known at synthesis.
    tried = [(number, place) for number, place in enumerate(chosen) if not place.path.endswith(".metrics")]
    return [(place, drawn(place.wrong(), number)) for number, place in tried]


@pytest.mark.parametrize("number", range(ROUNDS_OF_WRONG))
def test_what_is_wrong_and_known_to_terraform_alone_is_named(
    aws: EmbeddedAws, tmp_path: Path, wrong: list[tuple[Place, Any]], number: int
) -> None:
    stack = Stack(aws, tmp_path)
    tried = {f"E{index}": each for index, each in enumerate(wrong[number::ROUNDS_OF_WRONG])}
    for name, (place, value) in tried.items():
        stack.add(name, place.with_value(stack.variable(leaves(place.inputs)[place.path], value)))
    terraform = stack.terraform()
    assert stack.not_asked() == set()
    with pytest.raises(CommandError) as raised:
        terraform.plan()
    errors = unwrapped(str(raised.value).partition("It said:")[2]).split("Error: ")[1:]
    said = [each for each in errors if each.startswith(PRECONDITION)]
    unnamed = [
        (place.path, value)
        for name, (place, value) in tried.items()
        if not any(f".{name}_" in each and f"{place.path} must" in each for each in said)
    ]
    assert unnamed == []
