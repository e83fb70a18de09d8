"""As many endpoints as asked for, in as many stacks: `endpoints.py 100 1`."""

import sys

from sagemaker_endpoint import InstanceProductionVariant, Model, PrivateNetwork, SageMakerEndpoint

from cdktf import App, TerraformStack
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_null.provider import NullProvider
from constructs import Construct


class EndpointsStack(TerraformStack):
    """Some endpoints that differ in nothing but their names."""

    def __init__(self, scope: Construct, id: str, count: int) -> None:
        """Make them."""
        super().__init__(scope, id)
        AwsProvider(self, "aws", region="eu-west-1")
        NullProvider(self, "null")
        for number in range(count):
            SageMakerEndpoint(
                self,
                f"Endpoint{number}",
                endpoint_name=f"sentiment-{number}",
                network=PrivateNetwork(
                    vpc_id="vpc-0123456789abcdef0", subnet_ids=["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
                ),
                production_variants=[
                    InstanceProductionVariant(
                        model=Model(
                            image="111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/sentiment:1.4",
                            model_data_url="s3://models/sentiment/model.tar.gz",
                            environment={"LOG_LEVEL": "info"},
                        ),
                        instance_type="ml.m5.xlarge",
                    )
                ],
            )


def main(endpoints: int, stacks: int) -> None:
    """Write cdktf.out/."""
    app = App()
    for number in range(stacks):
        EndpointsStack(app, f"stack{number}", endpoints // stacks)
    app.synth()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
