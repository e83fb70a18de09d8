"""The reference app: one endpoint. What differs between accounts is a Terraform variable, so one synth serves all."""

from typing import Any

from sagemaker_endpoint import (
    Alarms,
    AllAtOnce,
    AutoScaling,
    InstanceProductionVariant,
    Logs,
    Model,
    PrivateNetwork,
    SageMakerEndpoint,
    TargetTracking,
)

from cdktf import App, Fn, TerraformOutput, TerraformStack, TerraformVariable, Token
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_null.provider import NullProvider
from constructs import Construct

STACK = "sagemaker-endpoint"


class EndpointStack(TerraformStack):
    """A stack with one endpoint, its inputs as variables, and as outputs what callers and operators need."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        inputs = self._variables()
        AwsProvider(self, "aws", region=inputs["region"].string_value)
        NullProvider(self, "null")
        endpoint = SageMakerEndpoint(
            self,
            "Endpoint",
            endpoint_name=inputs["endpoint_name"].string_value,
            network=PrivateNetwork(
                vpc_id=inputs["vpc_id"].string_value, subnet_ids=inputs["private_subnet_ids"].list_value
            ),
            production_variants=[
                InstanceProductionVariant(
                    model=Model(
                        image=inputs["image"].string_value,
                        model_data_url=inputs["model_data_url"].string_value,
                        environment=Token.as_string_map(inputs["environment"].value),
                    ),
                    instance_type=inputs["instance_type"].string_value,
                    initial_instance_count=inputs["initial_instance_count"].number_value,
                    auto_scaling=AutoScaling(
                        min_capacity=self._instance_count(inputs, "min_instance_count"),
                        max_capacity=self._instance_count(inputs, "max_instance_count"),
                        policies=[
                            TargetTracking(
                                metric="ConcurrentRequestsPerModel",
                                target_value=inputs["concurrent_requests_per_instance"].number_value,
                            )
                        ],
                    ),
                )
            ],
            alarms=Alarms(
                alarm_actions=inputs["alarm_topic_arns"].list_value, ok_actions=inputs["alarm_topic_arns"].list_value
            ),
            deployment=AllAtOnce(wait_interval_in_seconds=inputs["deployment_wait_in_seconds"].number_value),
            logs=Logs(retention_in_days=inputs["log_retention_in_days"].number_value),
            tags=Token.as_string_map(inputs["tags"].value),
        )
        self._outputs(endpoint)

    def _variables(self) -> dict[str, TerraformVariable]:
        """Declare what differs between accounts. What the library asks of a value, Terraform asks when it plans."""
        declared: dict[str, dict[str, Any]] = {
            "region": {"type": "string", "description": "The AWS region to deploy to."},
            "endpoint_name": {
                "type": "string",
                "description": "The endpoint's name, unique in the account and region.",
            },
            "image": {"type": "string", "description": "The container image in Amazon ECR, with its tag or digest."},
            "model_data_url": {
                "type": "string",
                "description": "The model's archive in S3; null if the image holds it all.",
                "default": Token.null_value(),
                "nullable": True,
            },
            "environment": {
                "type": "map(string)",
                "description": "The container's environment. It is readable in the console: no secrets.",
                "default": {},
            },
            "instance_type": {
                "type": "string",
                "description": "The instance type that hosts the model; not ml.t2, which cannot be scaled.",
                "default": "ml.m5.xlarge",
            },
            "initial_instance_count": {
                "type": "number",
                "description": "How many instances; two or more survive the loss of a zone.",
                "default": 2,
            },
            "min_instance_count": {
                "type": "number",
                "description": "To how few instances it scales in; null for initial_instance_count.",
                "default": Token.null_value(),
                "nullable": True,
            },
            "max_instance_count": {
                "type": "number",
                "description": "To how many instances it scales out; null for initial_instance_count.",
                "default": Token.null_value(),
                "nullable": True,
            },
            "concurrent_requests_per_instance": {
                "type": "number",
                "description": "How many requests an instance is to have in flight: with more it scales out.",
                "default": 5,
            },
            "alarm_topic_arns": {
                "type": "list(string)",
                "description": "The SNS topics that are told when an alarm rings, and when it is over.",
                "default": [],
            },
            "deployment_wait_in_seconds": {
                "type": "number",
                "description": "How long alarms are watched after an update, to take it back; 0: not at all.",
                "default": 0,
            },
            "vpc_id": {"type": "string", "description": "The VPC of the private subnets."},
            "private_subnet_ids": {
                "type": "list(string)",
                "description": "Private subnets of that VPC, in two availability zones or more.",
            },
            "log_retention_in_days": {
                "type": "number",
                "description": "How long logs are kept, in days; 0 keeps them for ever.",
                "default": 365,
            },
            "tags": {
                "type": "map(string)",
                "description": "Tags for every resource that takes them.",
                "default": {},
            },
        }
        for its in declared.values():
            its.setdefault("nullable", False)
        return {name: TerraformVariable(self, name, **its) for name, its in declared.items()}

    def _instance_count(self, inputs: dict[str, TerraformVariable], name: str) -> float:
        """Give a bound of scaling, or `initial_instance_count`, by which nothing scales."""
        stated = [inputs[each].number_value for each in (name, "initial_instance_count")]
        return Token.as_number(Fn.coalesce(stated))

    def _outputs(self, endpoint: SageMakerEndpoint) -> None:
        outputs = {
            "endpoint_name": ("The endpoint to invoke.", endpoint.endpoint_name),
            "endpoint_arn": ("Its ARN.", endpoint.endpoint_arn),
            "endpoint_config_name": ("The configuration it is to serve.", endpoint.endpoint_config_name),
            "invoke_policy_arn": ("The policy to attach to whoever invokes it.", endpoint.invoke_policy_arn),
            "execution_role_arn": ("The role its instances run with.", endpoint.execution_role_arn),
            "security_group_id": (
                "The group of its network interfaces, to allow as a source elsewhere.",
                endpoint.security_group_ids[0],
            ),
            "log_group_name": ("Where its containers log.", endpoint.log_group_name),
            "kms_key_arn": ("The key of its logs and volumes.", endpoint.kms_key_arn),
            "runbook": ("What to run when something is wrong: terraform output -raw runbook", endpoint.runbook),
        }
        for name, (description, value) in outputs.items():
            # Variables and outputs share the stack's ids, and a name may well be both.
            # The runbook is no secret, but each plan and apply would print all of it; so it is printed on request only.
            output = TerraformOutput(
                self,
                f"output-{name}",
                value=value,
                description=description,
                sensitive=True if name == "runbook" else None,
            )
            output.override_logical_id(name)


def main() -> None:
    """Write cdktf.out/."""
    app = App()
    EndpointStack(app, STACK)
    app.synth()


if __name__ == "__main__":
    main()
