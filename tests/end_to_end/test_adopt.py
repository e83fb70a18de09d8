"""Endpoints that boto3 has made are taken over by what ``sagemaker-endpoint adopt`` prints, and serve all the time."""

import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.demo.inventory import take_inventory
from tests.demo.stage import image
from tests.embedded_aws import EmbeddedAws
from tests.toolchain import Project, Terraform
from tests.toolchain.environment import clean_environment

from .deployment import environment
from .vpc import Vpc

pytestmark = pytest.mark.end_to_end

TRUST = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "sagemaker.amazonaws.com"}},
}
ENVIRONMENT = {"LOG_LEVEL": "info", "QUOTED": 'it\'s "so"', "TEMPLATE": "${HOME} %{if}"}
INSTANCES = {"InstanceType": "ml.m5.xlarge", "InitialInstanceCount": 2, "InitialVariantWeight": 1.0}
SERVERLESS = {"ServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 5}, "InitialVariantWeight": 1.0}
ANSWERS = {
    "OutputConfig": {"S3OutputPath": "s3://answers/sentiment", "S3FailurePath": "s3://answers/failed"},
    "ClientConfig": {"MaxConcurrentInvocationsPerInstance": 4},
}
CAPTURE = {
    "EnableCapture": True,
    "InitialSamplingPercentage": 20,
    "DestinationS3Uri": "s3://captured/sentiment",
    "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
    "CaptureContentTypeHeader": {"JsonContentTypes": ["application/json"]},
}


class Account:
    """An account with a role, a key and a network, in which somebody made endpoints by boto3."""

    def __init__(self, aws: EmbeddedAws) -> None:
        self.aws = aws
        self._sagemaker = aws.client("sagemaker")
        made = aws.client("iam").create_role(RoleName="theirs", AssumeRolePolicyDocument=json.dumps(TRUST))
        self._role: str = made["Role"]["Arn"]
        self.key: str = aws.client("kms").create_key()["KeyMetadata"]["Arn"]
        vpc = Vpc(aws)
        group = aws.client("ec2").create_security_group(GroupName="theirs", Description="Theirs", VpcId=vpc.id)
        self._network = {"SecurityGroupIds": [group["GroupId"]], "Subnets": [vpc.subnet("a"), vpc.subnet("b")]}

    def container(self, tag: str = "1.0", **settings: object) -> dict[str, Any]:
        return {"Image": image(self.aws.region, tag), **settings}

    def endpoint(
        self,
        name: str,
        containers: Sequence[Mapping[str, Any]],
        variants: Mapping[str, Mapping[str, Any]],
        **configuration: Any,
    ) -> None:
        """Make an endpoint whose variants have a model each, of one of the containers or of all in a pipeline."""
        network = {} if "ServerlessConfig" in next(iter(variants.values())) else {"VpcConfig": self._network}
        models = {}
        for index, variant in enumerate(variants):
            models[variant] = f"{name}-model-{index}"
            several = len(containers) > len(variants)
            served = {"Containers": containers} if several else {"PrimaryContainer": containers[index]}
            self._sagemaker.create_model(ModelName=models[variant], ExecutionRoleArn=self._role, **served, **network)
        stated = [
            {"VariantName": variant, "ModelName": models[variant], **settings} for variant, settings in variants.items()
        ]
        self._sagemaker.create_endpoint_config(
            EndpointConfigName=f"{name}-before", ProductionVariants=stated, **configuration
        )
        self._sagemaker.create_endpoint(
            EndpointName=name, EndpointConfigName=f"{name}-before", Tags=[{"Key": "team", "Value": "ml"}]
        )
        self.aws.advance(60)

    def served(self, name: str) -> dict[str, Any]:
        """Tell what is live, without the names of configuration and models, which are others afterwards."""
        endpoint = self._sagemaker.describe_endpoint(EndpointName=name)
        live = self._sagemaker.describe_endpoint_config(EndpointConfigName=endpoint["EndpointConfigName"])
        for variant in live["ProductionVariants"]:
            variant["Model"] = self._sagemaker.describe_model(ModelName=variant["ModelName"])
        tags = self._sagemaker.list_tags(ResourceArn=endpoint["EndpointArn"])["Tags"]
        told: dict[str, Any] = _plain(
            {"Status": endpoint["EndpointStatus"], "Arn": endpoint["EndpointArn"], "Tags": tags, **live}
        )
        return told


_MADE = {"CreationTime", "ResponseMetadata", "EndpointConfigName", "EndpointConfigArn", "ModelName", "ModelArn"}
_DEFAULTS = {"EnableSSMAccess": False, "EnableNetworkIsolation": False, "Mode": "SingleModel"}
_ENCRYPTED = {"OutputConfig", "DataCaptureConfig"}


def _plain(value: Any, of: str = "") -> Any:  # noqa: ANN401 - as AWS answers
    """Leave out what is of the moment, what a request may state or not, and the key of what is written to S3."""
    if isinstance(value, dict):
        left_out = _MADE | ({"KmsKeyId"} if of in _ENCRYPTED else set())
        return {
            key: _plain(each, key)
            for key, each in value.items()
            if key not in left_out and (key not in _DEFAULTS or each != _DEFAULTS[key])
        }
    if isinstance(value, list):
        return (
            sorted((_plain(each) for each in value), key=str)
            if of in {"Subnets", "SecurityGroupIds"}
            else [_plain(each) for each in value]
        )
    return value


def adopted(aws: EmbeddedAws, name: str) -> str:
    """Run the command, and give what it prints."""
    program = [sys.executable, "-m", "sagemaker_endpoint_doctor", "adopt", "--endpoint-name", name]
    variables = clean_environment(aws.environment(), virtual_environment=Path(sys.prefix))
    done = subprocess.run(program, env=variables, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def joined(programs: Sequence[str]) -> str:
    """Make one program of several, with one stack: each alone would take as long as all together."""
    bodies = [
        re.findall(r"^endpoint = .*?(?=^app\.synth)", each, flags=re.DOTALL | re.MULTILINE)[0] for each in programs
    ]
    head = programs[0].partition("\nendpoint = ")[0].partition("\n\nfrom cdktf")[2]
    head = re.sub(r'TerraformStack\(app, ".*"\)', 'TerraformStack(app, "adopted")', head)
    return "\n".join(["from sagemaker_endpoint import *", f"from cdktf{head}", *bodies, "app.synth()"])


@pytest.fixture(scope="module")
def account(aws: EmbeddedAws) -> Account:
    aws.behave("vanish")
    account = Account(aws)
    hostnames = [account.container(str(number), ContainerHostname=f"c{number}") for number in range(3)]
    whole = account.container(ModelDataUrl="s3://models/model.tar.gz", Environment=ENVIRONMENT)
    account.endpoint("instances", [whole], {"AllTraffic": INSTANCES}, KmsKeyId=account.key)
    split = {"blue": {**INSTANCES, "InitialVariantWeight": 9.0, "VolumeSizeInGB": 40}, "green": INSTANCES}
    account.endpoint("two-variants", [whole, account.container("2.0")], split, KmsKeyId=account.key)
    account.endpoint("serverless", [whole], {"AllTraffic": SERVERLESS})
    queue = {"AllTraffic": INSTANCES}
    account.endpoint("asynchronous", [whole], queue, AsyncInferenceConfig=ANSWERS, KmsKeyId=account.key)
    account.endpoint("capture", [whole], queue, DataCaptureConfig=CAPTURE, KmsKeyId=account.key)
    account.endpoint("Pipeline", hostnames, queue, KmsKeyId=account.key)
    return account


NAMES = ("instances", "two-variants", "serverless", "asynchronous", "capture", "Pipeline")


def test_endpoints_of_each_kind_are_taken_over_and_nothing_is_destroyed(
    account: Account, aws: EmbeddedAws, tmp_path: Path
) -> None:
    before = {name: account.served(name) for name in NAMES}
    there = {each for each in take_inventory(aws.client) if not each.startswith("network interface")}
    main = tmp_path / "program.py"
    main.write_text(joined([adopted(aws, name) for name in NAMES]), encoding="utf-8")
    project = Project(directory=tmp_path / "app", main=main, environment=environment(aws))
    project.synth()
    terraform: Terraform = project.terraform("adopted")
    terraform.init()

    plan = terraform.plan()
    assert re.search(r"Plan: 6 to import, \d+ to add, 6 to change, 0 to destroy", plan.text)
    assert not [address for address, actions in plan.changes.items() if "delete" in actions]

    aws.reset_calls()
    terraform.apply()
    done = [call for call in aws.calls() if call.is_write]
    assert not [call for call in done if call.action.startswith("Delete")]
    assert sum(call.action == "UpdateEndpoint" for call in done) == len(NAMES)
    assert there <= take_inventory(aws.client)
    assert terraform.plan().is_empty
    after = {name: account.served(name) for name in NAMES}
    assert after["serverless"].pop("KmsKeyId")  # it had none
    assert after == before
    runtime = aws.client("sagemaker-runtime")
    for name in sorted({*NAMES} - {"asynchronous"}):
        assert runtime.invoke_endpoint(EndpointName=name, Body=b"{}")["ResponseMetadata"]["HTTPStatusCode"] == 200
