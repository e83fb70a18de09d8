"""Write docs/coverage.md: every setting of AWS's requests, the provider's argument for it, and the input that gives it.

`make coverage` runs this. AWS's settings come from botocore's service models, the provider's arguments from the
sources of its bindings. Which input gives which argument is found out: PROGRAMS state every input, each input is put
back to its default, or changed, by itself, and the arguments that change with it are those that it gives. What the
provider has and no input gives needs a reason in WHY_NOT, and a reason that is not needed any more is an error too.
"""

import ast
import dataclasses
import importlib.util
import inspect
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, TypeAlias

from sagemaker_endpoint import (
    EncryptionKey,
    ExecutionRole,
    InputError,
    InstanceProductionVariant,
    Model,
    PrivateNetwork,
    SageMakerEndpoint,
)

from cdktf import TerraformStack, Testing, Token

from scripts.make_limits import operation_input, shapes

PAGE: Final = Path(__file__).parents[1] / "docs" / "coverage.md"
BINDINGS: Final = "cdktf_cdktf_provider_aws"

Inputs: TypeAlias = dict[str, Any]
"""An endpoint's keywords."""
Tree: TypeAlias = dict[str, "Tree | None"]
"""Terraform's arguments by name; None is one that is no block."""
Argument: TypeAlias = tuple[str, ...]
"""A resource's type and the path of an argument in it."""


class CoverageError(Exception):
    """AWS, the provider or the library has something that this script knows no place for."""


# What AWS is asked.


@dataclass(frozen=True, slots=True)
class Request:
    """A request of AWS's, and the module of the bindings whose resource makes it."""

    service: str
    operation: str
    module: str

    @property
    def resource(self) -> str:
        """Terraform's name of the resource."""
        return f"aws_{self.module}"


HOSTING: Final = (
    Request("sagemaker", "CreateModel", "sagemaker_model"),
    Request("sagemaker", "CreateEndpointConfig", "sagemaker_endpoint_configuration"),
    Request("sagemaker", "CreateEndpoint", "sagemaker_endpoint"),
    Request("sagemaker", "UpdateEndpoint", "sagemaker_endpoint"),
)
SCALING: Final = (
    Request("application-autoscaling", "RegisterScalableTarget", "appautoscaling_target"),
    Request("application-autoscaling", "PutScalingPolicy", "appautoscaling_policy"),
    Request("application-autoscaling", "PutScheduledAction", "appautoscaling_scheduled_action"),
)


def settings(request: Request) -> list[str]:
    """Return every setting of a request by its path, as ``Containers[].Environment{}``."""

    def below(path: str, name: str) -> Iterator[str]:
        shape = shapes(request.service)[name]
        match shape["type"]:
            case "structure":
                for member, its in shape["members"].items():
                    yield from below(f"{path}.{member}" if path else member, its["shape"])
            case "list":
                yield from below(f"{path}[]", shape["member"]["shape"])
            case "map":
                yield f"{path}{{}}"
            case _:
                yield path

    return [*below("", operation_input(request.service, request.operation))]


# What the provider has.

# In each resource, beside what CDKTF has in all of them.
_META_ARGUMENTS: Final = {"connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioners"}
# Terraform's own, which are no settings of AWS's: where the request goes, and what the provider makes of `tags`.
_TERRAFORMS_OWN: Final = {"id", "region", "tags_all"}
# AWS's names that are not Terraform's in snake case, nor in the singular.
_RENAMED: Final[Mapping[str, Sequence[str]]] = {
    "ModelName": ["name"],
    "EndpointConfigName": ["name", "name_prefix"],
    "EndpointName": ["name"],
    "KmsKeyId": ["kms_key_arn"],
    "PolicyName": ["name"],
    "ScheduledActionName": ["name"],
}


@cache
def _source(module: str) -> str:
    spec = importlib.util.find_spec(BINDINGS)  # which imports none of its 2,200 modules
    (folder,) = (spec and spec.submodule_search_locations) or [""]
    return (Path(folder) / module / "__init__.py").read_text(encoding="utf-8")


@cache
def arguments(module: str) -> Tree:
    """Return the arguments of a resource, from the keywords of the classes that its bindings have for its blocks."""
    headers = re.findall(
        r"^class (\w+)[^\n]*:\n    def __init__(\(.*?\)) -> None:", _source(module), re.DOTALL | re.MULTILINE
    )
    classes = {name: _keywords(header) for name, header in headers}

    def block(name: str) -> Tree:
        found: Tree = {}
        for keyword, named in classes[name].items():
            inner = [each for each in named if each in classes]
            found[keyword] = block(inner[0]) if inner else None
        return found

    resource = "".join(map(str.title, module.split("_")))
    own = block(f"{resource}Config")
    return {name: each for name, each in own.items() if name not in _META_ARGUMENTS | _TERRAFORMS_OWN}


def _keywords(header: str) -> dict[str, list[str]]:
    """Return the keywords of a function's header, and the names in their types, in quotes or not."""
    (function,) = ast.parse(f"def function{header}: ...").body
    keywords = function.args.kwonlyargs if isinstance(function, ast.FunctionDef) else []
    parts = {each.arg: [*ast.walk(each)] for each in keywords}
    return {
        keyword: [
            *(str(node.value) for node in nodes if isinstance(node, ast.Constant)),
            *(node.id for node in nodes if isinstance(node, ast.Name)),
        ]
        for keyword, nodes in parts.items()
    }


def leaves(tree: Tree, *above: str) -> Iterator[Argument]:
    """Yield the paths of all arguments that are no blocks."""
    for name, each in tree.items():
        if each is None:
            yield (*above, name)
        else:
            yield from leaves(each, *above, name)


def arguments_of(request: Request, setting: str) -> list[Argument]:
    """Return the arguments that a setting of AWS's can be given by; none where the provider has none."""
    tree = arguments(request.module)
    path: Argument = (request.resource,)
    # Terraform has tags as a map.
    *blocks, last = re.sub(r"[\[\]{}]", "", re.sub(r"^Tags\[\].*", "Tags", setting)).split(".")
    for name in blocks:
        block, within = next(((each, tree[each]) for each in _names(name, tree)), ("", None))
        if within is None:
            return []
        path, tree = (*path, block), within
    return [(*path, each) for each in _names(last, tree)]


def _names(name: str, tree: Tree) -> list[str]:
    """Return what Terraform calls what AWS calls by this name."""
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
    alike = [each for each in (snake, snake.removesuffix("s"), re.sub("ies$", "y", snake)) if each in tree]
    return alike[:1] or [each for each in _RENAMED.get(name, ()) if each in tree]


# By which input: programs that state every input of models, configurations and endpoints, once or more.

IMAGE: Final = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/sentiment:1.4"
_NETWORK: Final = PrivateNetwork(
    vpc_id="vpc-0123456789abcdef0",
    subnet_ids=["subnet-0000000000000000a", "subnet-0000000000000000b"],
    security_group_ids=["sg-0000000000000000a"],
)
_VARIANT: Final = InstanceProductionVariant(
    variant_name="blue",
    model=Model(image=IMAGE, model_data_url="s3://models/sentiment/model.tar.gz", environment={"LOG_LEVEL": "info"}),
    instance_type="ml.p3.2xlarge",
    initial_instance_count=3,
    initial_variant_weight=5,
    volume_size_in_gb=30,
    model_data_download_timeout_in_seconds=601,
    container_startup_health_check_timeout_in_seconds=602,
    routing_strategy="LEAST_OUTSTANDING_REQUESTS",
    inference_ami_version="al2-ami-sagemaker-inference-gpu-2",
    enable_ssm_access=True,
)
_INSTANCES: Final[Inputs] = {
    "endpoint_name": "sentiment",
    "network": _NETWORK,
    "production_variants": [_VARIANT],
    "execution_role": ExecutionRole(role_arn="arn:aws:iam::111122223333:role/sentiment"),
    "key": EncryptionKey(kms_key_arn="arn:aws:kms:eu-west-1:111122223333:key/01234567-89ab-cdef-0123-456789abcdef"),
    "tags": {"team": "language"},
}


def _serving(model: Model) -> Inputs:
    """Return an endpoint that serves a model, with few other inputs."""
    variant = InstanceProductionVariant(model=model, instance_type="ml.m5.xlarge")
    return {"endpoint_name": "sentiment", "network": _NETWORK, "production_variants": [variant]}


PROGRAMS: Final[Sequence[Inputs]] = (
    _INSTANCES,
    _serving(Model(image=IMAGE, enable_network_isolation=True)),
)

Written: TypeAlias = dict[Argument, list[Any]]
"""What stands in each argument, in every block that has it."""


def written(inputs: Inputs) -> Written:
    """Return what the library writes into SageMaker's resources when it is given these inputs."""
    stack = TerraformStack(Testing.app(), "stack")
    SageMakerEndpoint(stack, "Endpoint", **inputs)
    resources: Mapping[str, Mapping[str, Any]] = json.loads(Testing.synth(stack))["resource"]
    found: Written = {}

    def take(tree: Tree, block: Mapping[str, Any], path: Argument) -> None:
        for name in tree.keys() & block.keys():
            within, value = tree[name], block[name]
            if within is None:
                found.setdefault((*path, name), []).append(_without_ids(value))
            else:
                for each in value if isinstance(value, list) else [value]:
                    take(within, each, (*path, name))

    for request in {request.module: request for request in HOSTING}.values():
        for block in resources.get(request.resource, {}).values():
            take(arguments(request.module), block, (request.resource,))
    return found


def _without_ids(value: Any) -> Any:  # noqa: ANN401 - any value of JSON
    """Return a value whose references name no construct: an id that changes is no other argument."""
    return json.loads(re.sub(r"\b(aws_[a-z_]+)\.[\w-]+\.", r"\1.", json.dumps(value)))


@dataclass(frozen=True, slots=True)
class Change:
    """One input: its name as ``Model.image``, what is stated, and its owner with something else, or else this."""

    name: str
    stated: object
    otherwise: Sequence[Any]


def changes(of: Any) -> Iterator[Change]:  # noqa: ANN401 - any input
    """Yield a change for each input that is stated, and for all of those inside it."""
    if isinstance(of, dict):
        kind, stated = "SageMakerEndpoint", of
        parameters = inspect.signature(SageMakerEndpoint.__init__).parameters
        defaults = {name: each.default for name, each in parameters.items() if each.default is not each.empty}
    else:
        kind, stated = type(of).__name__, {each.name: getattr(of, each.name) for each in dataclasses.fields(of)}
        defaults = {
            each.name: each.default if each.default_factory is dataclasses.MISSING else each.default_factory()
            for each in dataclasses.fields(of)
            if (each.default, each.default_factory) != (dataclasses.MISSING, dataclasses.MISSING)
        }
    for name, value in stated.items():
        if name in defaults and value == defaults[name]:
            continue
        parts = list(value) if isinstance(value, list | tuple) else [value]
        if any(map(dataclasses.is_dataclass, parts)):
            for index, part in enumerate(parts):
                for each in changes(part):
                    members = [[*parts[:index], other, *parts[index + 1 :]] for other in each.otherwise]
                    others = members if isinstance(value, list | tuple) else [member[0] for member in members]
                    yield Change(each.name, each.stated, [_with(of, name, other) for other in others])
        else:
            others = [*([defaults[name]] if name in defaults else []), _other(value)]
            yield Change(f"{kind}.{name}", value, [_with(of, name, other) for other in others])


def _with(of: Any, name: str, value: object) -> Any:  # noqa: ANN401 - any input
    return {**of, name: value} if isinstance(of, dict) else dataclasses.replace(of, **{name: value})


def _other(value: object) -> object:
    match value:
        case bool():
            return not value
        case str():
            return "${var.other}"
        case int() | float():
            return Token.as_number("${var.other}")
        case list() | tuple():
            return ["${var.other}", *value[1:]]
        case dict():
            return {"OTHER": "${var.other}"}
        case _:
            raise CoverageError(f"no other value is known for {value!r}: extend _other()")


@dataclass(frozen=True, slots=True)
class Given:
    """What gives an argument: the inputs that stand in it as they are, and those that only have to do with it."""

    as_stated: dict[str, None] = dataclasses.field(default_factory=dict)
    from_these: dict[str, None] = dataclasses.field(default_factory=dict)


@cache
def given() -> Mapping[Argument, Given]:
    """Return by which inputs each argument is given. One that is written and that none changes, the library sets."""
    found: dict[Argument, Given] = {}
    for inputs in PROGRAMS:
        before = written(inputs)
        for argument in before:
            found.setdefault(argument, Given())
        for change in changes(inputs):
            after = _first_accepted(change)
            for argument, values in before.items():
                if values != after.get(argument):
                    stated = list(change.stated) if isinstance(change.stated, tuple) else change.stated
                    kind = found[argument].as_stated if stated in values else found[argument].from_these
                    kind[change.name] = None
    return found


def _first_accepted(change: Change) -> Written:
    """Return what is written for the first of a change's inputs that AWS's rules allow."""
    problems: list[str] = []
    for inputs in change.otherwise:
        try:
            return written(inputs)
        except InputError as error:  # noqa: PERF203 - there are two at most
            problems += error.problems
    raise CoverageError(f"{change.name} cannot be changed by itself: {problems}")


# Why no input gives what the provider has.


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the settings of requests that match two patterns cannot be stated, and the page that says so."""

    operations: str
    settings: str
    sentence: str
    page: str = ""
    refused_by_aws: bool = False


_VARIANTS: Final = r"(Shadow)?ProductionVariants\[\]\."
_API: Final = "https://docs.aws.amazon.com/sagemaker/latest/APIReference"
_GUIDE: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg"
WHY_NOT: Final = (
    Reason(
        "CreateEndpointConfig",
        rf"{_VARIANTS}AcceleratorType",
        "Elastic Inference is closed",
        page=f"{_API}/API_ProductionVariant.html",
        refused_by_aws=True,
    ),
    Reason(
        "CreateEndpointConfig",
        rf"{_VARIANTS}ManagedInstanceScaling\..*",
        "refused of endpoints without inference components, which the provider does not have",
        page="https://github.com/hashicorp/terraform-provider-aws/pull/45926",
        refused_by_aws=True,
    ),
    Reason(
        "CreateEndpointConfig",
        r"ShadowProductionVariants\[\]\.ServerlessConfig\..*",
        "shadow variants run on instances",
        page=f"{_GUIDE}/model-deploy-feature-matrix.html",
        refused_by_aws=True,
    ),
    Reason(
        "CreateEndpointConfig",
        "ExecutionRoleArn",
        "the role of inference components; models bring their own",
        page=f"{_GUIDE}/realtime-endpoints-deploy-models.html",
    ),
    Reason("(Create|Update)Endpoint", r"DeploymentConfig\..*", "not yet: deployments"),
    Reason("RegisterScalableTarget|PutScalingPolicy|PutScheduledAction", ".*", "not yet: scaling"),
    Reason("CreateModel", ".*", "not yet: other models than one container with an archive"),
    Reason("CreateEndpointConfig", ".*", "not yet: other variants than instances, other calls than real-time ones"),
)


# The page.


@dataclass(frozen=True, slots=True)
class Row:
    """One setting of AWS's."""

    request: Request
    setting: str
    arguments: Sequence[Argument]
    by: str
    reason: Reason | None

    @property
    def is_deployment(self) -> bool:
        """Whether it is about how an endpoint goes over to another configuration."""
        return self.setting.startswith("DeploymentConfig.")


@cache
def rows() -> Sequence[Row]:
    """Return every setting of every request, with what is known of it."""
    found, used, met = [], set(), set()
    for request in (*HOSTING, *SCALING):
        for setting in settings(request):
            its = arguments_of(request, setting)
            met.update(its)
            by = next((words for each in its if (words := _by(given().get(each)))), "")
            reason = None if by or not its else _reason(request, setting)
            used.add(reason)
            found.append(Row(request, setting, its, by, reason))
    if unneeded := [reason.sentence for reason in WHY_NOT if reason not in used]:
        raise CoverageError(f"can be stated now, so take them out of WHY_NOT: {unneeded}")
    every = {each for request in (*HOSTING, *SCALING) for each in leaves(arguments(request.module), request.resource)}
    if unmet := sorted(".".join(each) for each in every - met):
        raise CoverageError(f"no setting of AWS's is known for {unmet}: extend _RENAMED or _TERRAFORMS_OWN")
    return found


def _by(given_by: Given | None) -> str:
    """Say by what an argument is given."""
    if given_by is None:
        return ""
    if given_by.as_stated:
        return ", ".join(f"`{name}`" for name in given_by.as_stated)
    names = ", ".join(f"`{name}`" for name in given_by.from_these)
    return f"made from {names}" if names else "set by the library"


def _reason(request: Request, setting: str) -> Reason:
    for each in WHY_NOT:
        if re.fullmatch(each.operations, request.operation) and re.fullmatch(each.settings, setting):
            return each
    raise CoverageError(
        f"the provider has {request.operation}.{setting}, and no input gives it: "
        "state one in PROGRAMS, or say in WHY_NOT why not"
    )


@dataclass(frozen=True, slots=True)
class Count:
    """How many settings there are, in each of these ways."""

    aws: int
    provider: int
    stated: int
    refused: int

    @staticmethod
    def of(some: Sequence[Row]) -> "Count":
        """Count them."""
        return Count(
            aws=len(some),
            provider=sum(bool(row.arguments) for row in some),
            stated=sum(bool(row.by) for row in some),
            refused=sum(row.reason is not None and row.reason.refused_by_aws for row in some),
        )

    @property
    def share(self) -> float:
        """The share that can be stated of what the provider has and AWS takes."""
        return self.stated / (self.provider - self.refused)


def counts() -> Mapping[str, Count]:
    """Count the settings of models, configurations and endpoints, those of deployments and those of scaling."""
    hosting = [row for row in rows() if row.request in HOSTING]
    return {
        "models, configurations, endpoints": Count.of([row for row in hosting if not row.is_deployment]),
        "deployments": Count.of([row for row in hosting if row.is_deployment]),
        "scaling": Count.of([row for row in rows() if row.request in SCALING]),
    }


def provider_version() -> str:
    """Return the version of the AWS provider that the bindings are made for."""
    found = re.search(r"/hashicorp/aws/([\d.]+)/", _source(HOSTING[0].module))
    if found is None:
        raise CoverageError("the bindings do not name their provider's version any more")
    return found[1]


_LACKING: Final = "the provider has none"
HEADER: Final = """\
# What can be stated

Every setting of AWS's requests for models, endpoint configurations, endpoints and their scaling, the argument that AWS
provider {provider} has for it, and the input that gives it. [The README](../README.md#the-construct) says how the
inputs go together, the docstrings what each means.

Written by `make coverage` from botocore {botocore}, cdktf-cdktf-provider-aws {bindings}, and what the library writes
when each input is changed. A setting that the library lacks can be given to a resource by CDKTF's `add_override`.

| | settings | the provider has | AWS refuses of these | can be stated | of those that AWS takes |
|---|---|---|---|---|---|
{counts}

Why the others cannot be stated:

| | settings |
|---|---|
{reasons}
"""


def generate() -> str:
    """Return the text of the page."""
    header = HEADER.format(
        provider=provider_version(),
        botocore=version("botocore"),
        bindings=version("cdktf-cdktf-provider-aws"),
        counts="\n".join(
            f"| {what} | {each.aws} | {each.provider} | {each.refused} | {each.stated} | {each.share:.0%} |"
            for what, each in counts().items()
        ),
        reasons="\n".join(f"| {why} | {count} |" for why, count in Counter(filter(None, map(_why, rows()))).items()),
    )
    return "\n".join([header, *map(_section, (*HOSTING, *SCALING))])


def _why(row: Row) -> str:
    """Say why a setting cannot be stated, and where that is written."""
    if not row.arguments:
        return _LACKING
    if row.reason is None:
        return ""
    return f"[{row.reason.sentence}]({row.reason.page})" if row.reason.page else row.reason.sentence


def _section(request: Request) -> str:
    head = f"## {request.operation}\n\n| setting | argument of `{request.resource}` | input |\n|---|---|---|\n"
    return head + "".join(f"| {_line(row)} |\n" for row in rows() if row.request == request)


def _line(row: Row) -> str:
    names = " or ".join(f"`{'.'.join(each[1:])}`" for each in row.arguments)
    return " | ".join([row.setting, names, row.by or (row.reason.sentence if row.reason else _LACKING)])


def main() -> None:
    """Write docs/coverage.md."""
    try:
        text = generate()
    except CoverageError as error:
        sys.exit(f"make_coverage: {error}")
    PAGE.write_text(text, encoding="utf-8")
    for what, each in counts().items():
        print(f"{what}: {each.stated} of {each.provider - each.refused}")


if __name__ == "__main__":
    main()
