"""The reference app: one endpoint. What differs between accounts is a Terraform variable, so one synth serves all."""

import json

from sagemaker_endpoint import InstanceProductionVariant, Logs, Model, PrivateNetwork, SageMakerEndpoint
from sagemaker_endpoint.limits import RETENTION_IN_DAYS

from cdktf import App, TerraformOutput, TerraformStack, TerraformVariable, TerraformVariableValidationConfig, Token
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_null.provider import NullProvider
from constructs import Construct

STACK = "sagemaker-endpoint"


class EndpointStack(TerraformStack):
    """A stack with one endpoint, its inputs as variables, and as outputs what callers and operators need."""

    def __init__(self, scope: Construct, id: str) -> None:  # noqa: A002 - CDKTF's name for it
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
                )
            ],
            logs=Logs(retention_in_days=inputs["log_retention_in_days"].number_value),
            tags=Token.as_string_map(inputs["tags"].value),
        )
        self._outputs(endpoint)

    def _variables(self) -> dict[str, TerraformVariable]:
        retention = (0, *RETENTION_IN_DAYS)
        made = [
            self._variable(
                "region",
                "string",
                "The AWS region to deploy to.",
                _matches("region", "^[a-z]{2}(-[a-z]+)+-[0-9]+$", "an AWS region such as eu-west-1"),
            ),
            self._variable(
                "endpoint_name",
                "string",
                "The endpoint's name, unique in the account and region.",
                _matches(
                    "endpoint_name",
                    "^[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$",
                    "at most 63 letters and digits with hyphens in between",
                ),
            ),
            self._variable(
                "image",
                "string",
                "The container image in Amazon ECR, with its tag or digest.",
                _matches(
                    "image",
                    "^[0-9]{12}[.]dkr[.]ecr(-fips)?[.][a-z0-9-]+[.][a-z0-9.-]+/[a-z0-9][a-z0-9._/-]*"
                    "(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}|@sha256:[0-9a-f]{64})$",
                    "an Amazon ECR image with its tag or digest, such as "
                    "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/sentiment:1.4",
                ),
            ),
            self._variable(
                "model_data_url",
                "string",
                "The model's archive in S3; null if the image holds it all.",
                _matches(
                    "model_data_url",
                    '^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/[^*?"$`\\\\]*[^/*?"$`\\\\][.]tar[.]gz$',
                    "null, or an archive such as s3://models/sentiment/model.tar.gz",
                    nullable=True,
                ),
                nullable=True,
            ),
            self._variable(
                "environment",
                "map(string)",
                "The container's environment. It is readable in the console: no secrets.",
                _holds(
                    'alltrue([for name in keys(var.environment) : can(regex("^[a-zA-Z_][a-zA-Z0-9_]*$", name))])',
                    "environment must have names of letters, digits and underscores that start with no digit, got "
                    '${join(", ", keys(var.environment))}.',
                ),
                default={},
            ),
            self._variable(
                "instance_type",
                "string",
                "The instance type that hosts the model.",
                _matches("instance_type", "^ml[.][a-z0-9-]+[.][a-z0-9-]+$", "a hosting type such as ml.m5.xlarge"),
                default="ml.m5.xlarge",
            ),
            self._variable(
                "initial_instance_count",
                "number",
                "How many instances; two or more survive the loss of a zone.",
                _holds(
                    "var.initial_instance_count >= 1 && var.initial_instance_count % 1 == 0",
                    "initial_instance_count must be a whole number, at least 1, got ${var.initial_instance_count}.",
                ),
                default=2,
            ),
            self._variable(
                "vpc_id",
                "string",
                "The VPC of the private subnets.",
                _matches("vpc_id", "^vpc-[0-9a-f]{8,17}$", "a VPC id such as vpc-0123456789abcdef0"),
            ),
            self._variable(
                "private_subnet_ids",
                "list(string)",
                "Private subnets of that VPC, in two availability zones or more.",
                _holds(
                    "length(var.private_subnet_ids) >= 1 && length(var.private_subnet_ids) <= 16 && "
                    "length(distinct(var.private_subnet_ids)) == length(var.private_subnet_ids) && "
                    'alltrue([for id in var.private_subnet_ids : can(regex("^subnet-[0-9a-f]{8,17}$", id))])',
                    "private_subnet_ids must be 1 to 16 different subnet ids such as subnet-0123456789abcdef0, got "
                    '[${join(", ", var.private_subnet_ids)}].',
                ),
            ),
            self._variable(
                "log_retention_in_days",
                "number",
                "How long logs are kept, in days; 0 keeps them for ever.",
                _holds(
                    f"contains({json.dumps(retention)}, var.log_retention_in_days)",
                    f"log_retention_in_days must be one of {', '.join(map(str, retention))}, got "
                    "${var.log_retention_in_days}.",
                ),
                default=365,
            ),
            self._variable("tags", "map(string)", "Tags for every resource that takes them.", default={}),
        ]
        return {variable.node.id: variable for variable in made}

    def _variable(
        self,
        name: str,
        type: str,  # noqa: A002 - Terraform's name for it
        description: str,
        *validation: TerraformVariableValidationConfig,
        default: object = None,
        nullable: bool = False,
    ) -> TerraformVariable:
        """Make a variable: required without a default, null by default if nullable."""
        return TerraformVariable(
            self,
            name,
            type=type,
            description=description,
            nullable=nullable,
            validation=[*validation],
            default=Token.null_value() if nullable else default,
        )

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


def _holds(condition: str, error_message: str) -> TerraformVariableValidationConfig:
    return TerraformVariableValidationConfig(condition=f"${{{condition}}}", error_message=error_message)


def _matches(name: str, pattern: str, meaning: str, *, nullable: bool = False) -> TerraformVariableValidationConfig:
    """Have the variable match a pattern; the message tells what it means and what came instead."""
    condition = f"can(regex({json.dumps(pattern)}, var.{name}))"
    if nullable:
        return _holds(
            f"var.{name} == null || {condition}", f'{name} must be {meaning}, got ${{format("%v", var.{name})}}.'
        )
    return _holds(condition, f"{name} must be {meaning}, got ${{var.{name}}}.")


def main() -> None:
    """Write cdktf.out/."""
    app = App()
    EndpointStack(app, STACK)
    app.synth()


if __name__ == "__main__":
    main()
