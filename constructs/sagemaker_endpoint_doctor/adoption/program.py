"""The program that takes an endpoint over, with what its first apply does above it."""

import os
import textwrap
from collections.abc import Iterator
from importlib.util import find_spec

from sagemaker_endpoint_runbook.commands import located

from . import stated as of_live
from .expression import names, written
from .live import LiveEndpoint
from .stated import Stated

_WIDTH = 110
_COMMAND = "aws "
_ENGINE = """from {engine} import App, TerraformStack
from {bindings}_aws.provider import AwsProvider
{null}
app = App()
stack = TerraformStack(app, "{name}")
AwsProvider(stack, "aws", region="{region}")
{use_null}endpoint = """
_NULL = "from {bindings}_null.provider import NullProvider\n"
_USE_NULL = 'NullProvider(stack, "null")\n'


def program(live: LiveEndpoint, profile: str | None) -> str:
    """Write the program, a file as it is to be run; its commands go by the profile that read the endpoint."""
    stated = of_live.state(live)
    serverless = "ServerlessProductionVariant" in set(names(stated.call))
    used = sorted({*names(stated.call)}, key=lambda name: (name.upper(), name))
    imports = f"from sagemaker_endpoint import {', '.join(used)}\n"
    if len(imports) > _WIDTH:
        imports = "from sagemaker_endpoint import (\n" + "".join(f"    {name},\n" for name in used) + ")\n"
    engine, bindings = ("cdktn", "cdktn_provider") if _on_cdktn() else ("cdktf", "cdktf_cdktf_provider")
    start = _ENGINE.format(
        name=live.name,
        region=live.region,
        engine=engine,
        bindings=bindings,
        null="" if serverless else _NULL.format(bindings=bindings),
        use_null="" if serverless else _USE_NULL,
    )
    head = f'"""The endpoint {live.name}, taken over by Terraform."""\n'
    call = written(stated.call, before=len("endpoint = "))
    import_ = f'endpoint.resources.endpoint.import_from("{live.name}")  # goes once it is applied'
    return "\n".join(
        [head, *_comments(live, stated, profile), "", f"{imports}\n{start}{call}", import_, "app.synth()", ""]
    )


def _on_cdktn() -> bool:
    """Tell which engine the program is to be run with, as the library does; here it need not be installed."""
    wanted = os.environ.get("SAGEMAKER_ENDPOINT_ENGINE", "").strip().lower()
    return wanted == "cdktn" or (not wanted and not find_spec("cdktf") and find_spec("cdktn") is not None)


def _comments(live: LiveEndpoint, stated: Stated, profile: str | None) -> Iterator[str]:
    for title, lines in (
        ("The first apply", _done(live, stated)),
        ("What stays", _kept(live, profile)),
        ("Look at this before", _remarks(live, stated)),
    ):
        items = list(lines)
        if items:
            yield f"# {title}:"
        for each in items:
            if each.startswith(_COMMAND):  # on a line of its own, to be copied
                yield f"#     {each}"
                continue
            yield from textwrap.wrap(
                each,
                _WIDTH,
                initial_indent="# - ",
                subsequent_indent="#   ",
                break_long_words=False,
                break_on_hyphens=False,
            )


def _done(live: LiveEndpoint, stated: Stated) -> Iterator[str]:
    serverless = "network" not in stated.call.stated
    yield f"imports {live.endpoint['EndpointArn']}, whose name stays;"
    made = "a configuration, models, a policy to invoke the endpoint" + ("" if serverless else ", RollbackAlarm")
    made += "" if live.kms_key_arn else ", a KMS key with an alias"
    made += "" if live.log_group else ", the log group"
    yield f"makes {made};"
    if live.log_group:
        yield "takes the log group over: its lines and its retention stay, from then on it is encrypted with the key;"
    how = "" if serverless else ": new instances start beside the old ones, and both cost until the traffic has moved"
    yield f"updates the endpoint in place{how}. It answers all the time, and stays as it is if the new does not start."


def _kept(live: LiveEndpoint, profile: str | None) -> Iterator[str]:
    configuration = live.configuration["EndpointConfigName"]
    yield (
        f"the configuration {configuration} and the models {', '.join(live.models)}, which Terraform does not know. "
        "Once nothing goes back to them, these delete them:"
    )
    commands = [f"delete-endpoint-config --endpoint-config-name {configuration}"]
    commands += [f"delete-model --model-name {model}" for model in live.models]
    for command in commands:
        yield located(f"{_COMMAND}sagemaker {command}", region=live.region, profile=profile)
    yield f"the role {of_live.roles(live)[0]}. Without execution_role the endpoint gets a role of its own."
    if of_live.networks(live)[0]:
        yield "the security groups, with their rules and network interfaces: the library touches none of them."


def _remarks(live: LiveEndpoint, stated: Stated) -> Iterator[str]:
    yield (
        "Whatever made the endpoint must not manage it any more: for Terraform, terraform state rm of the endpoint, "
        "its configuration and its models there, and then their blocks out of that program."
    )
    if "network" in stated.call.stated and not of_live.networks(live)[0]:
        yield (
            "Its models stand in no VPC, and the library puts instances into private subnets. Put yours in place of "
            "what says REPLACE; they need a way to Amazon S3, ECR and CloudWatch Logs, and to what the containers call."
        )
    elif len(of_live.networks(live)) > 1:
        yield "Its models stand in several networks, and the library has one: that of the first is stated."
    if len(of_live.roles(live)) > 1:
        yield f"Its models have several roles, and the library has one: {', '.join(of_live.roles(live)[1:])} go."
    if live.kms_key_arn:
        yield (
            "The key is to encrypt the log group as well: its policy must let CloudWatch Logs use it. Without key the "
            "endpoint gets a key of its own. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html"
        )
    for what in of_live.writes(stated):
        yield (
            f"From then on {what} are encrypted with the endpoint's key: the role needs kms:GenerateDataKey and "
            "kms:Decrypt on it. A role of the endpoint's own has them."
        )
    for variant in live.scaled:
        yield (
            f"The variant {variant} is registered for scaling, which stays as it is, outside of Terraform. Do not "
            "state auto_scaling for it before that registration is imported or taken away."
        )
    if stated.left_out:
        yield f"These have no input, and go with the update: {', '.join(stated.left_out)}."
