"""Dev, staging and prod from one YAML file: a stack for each, in an account of its own."""

from dataclasses import dataclass
from pathlib import Path

from sagemaker_endpoint import (
    Alarms,
    Canary,
    CapacitySize,
    InstanceProductionVariant,
    InterfaceCleanup,
    Model,
    PrivateNetwork,
    SageMakerEndpoint,
)

import yaml
from cdktf import App, TerraformOutput, TerraformStack
from cdktf_cdktf_provider_aws.provider import AwsProvider, AwsProviderAssumeRole
from cdktf_cdktf_provider_null.provider import NullProvider


@dataclass(frozen=True, kw_only=True)
class Environment:
    """What differs between the environments: a section of environments.yaml."""

    region: str
    role_arn: str
    vpc_id: str
    private_subnet_ids: list[str]
    image_tag: str
    instance_type: str
    instance_count: int
    careful: bool


app = App()
environments = yaml.safe_load(Path(__file__).with_name("environments.yaml").read_text(encoding="utf-8"))
for name, section in environments.items():
    environment = Environment(**section)
    stack = TerraformStack(app, f"environments-{name}")
    role = AwsProviderAssumeRole(role_arn=environment.role_arn)
    AwsProvider(stack, "aws", region=environment.region, assume_role=[role])
    NullProvider(stack, "null")
    endpoint = SageMakerEndpoint(
        stack,
        "Endpoint",
        endpoint_name=f"environments-{name}",
        network=PrivateNetwork(vpc_id=environment.vpc_id, subnet_ids=environment.private_subnet_ids),
        production_variants=[
            InstanceProductionVariant(
                model=Model(
                    image=f"123456789012.dkr.ecr.{environment.region}.amazonaws.com/team/sentiment:{environment.image_tag}",
                    model_data_url="s3://team-models/sentiment/model.tar.gz",
                ),
                instance_type=environment.instance_type,
                initial_instance_count=environment.instance_count,
            )
        ],
        alarms=Alarms() if environment.careful else None,
        deployment=Canary(canary_size=CapacitySize.percent(10), wait_interval_in_seconds=600)
        if environment.careful and environment.instance_count > 1
        else None,
        # The script that looks after network interfaces does not see the provider's role.
        interface_cleanup=InterfaceCleanup(role_arn=environment.role_arn),
        deletion_protection=name == "prod",
        tags={"environment": name},
    )
    for output, value in {"endpoint_name": endpoint.endpoint_name, "endpoint_arn": endpoint.endpoint_arn}.items():
        TerraformOutput(stack, output, value=value)
app.synth()
