"""One endpoint with everything on: scaling, alarms, a canary that they take back, a dashboard, captured data."""

from sagemaker_endpoint import (
    Alarms,
    AutoScaling,
    Canary,
    CapacitySize,
    DataCaptureConfig,
    InstanceProductionVariant,
    Model,
    PrivateNetwork,
    SageMakerEndpoint,
    ScheduledAction,
    TargetTracking,
)

from cdktf import App, TerraformStack
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_null.provider import NullProvider
from constructs import Construct


class EverythingStack(TerraformStack):
    """The endpoint of `endpoints.py` with all that it can have besides."""

    def __init__(self, scope: Construct, id: str) -> None:
        """Make it."""
        super().__init__(scope, id)
        AwsProvider(self, "aws", region="eu-west-1")
        NullProvider(self, "null")
        SageMakerEndpoint(
            self,
            "Endpoint",
            endpoint_name="sentiment",
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
                    auto_scaling=AutoScaling(
                        min_capacity=2,
                        max_capacity=12,
                        policies=[TargetTracking(requests_per_second=40)],
                        scheduled_actions=[
                            ScheduledAction(name="morning", schedule="cron(0 7 ? * MON-FRI *)", min_capacity=6)
                        ],
                    ),
                )
            ],
            data_capture_config=DataCaptureConfig(
                destination_s3_uri="s3://captured/sentiment", initial_sampling_percentage=20
            ),
            alarms=Alarms(alarm_actions=["arn:aws:sns:eu-west-1:111122223333:on-call"], latency_in_milliseconds=500),
            deployment=Canary(canary_size=CapacitySize.percent(10), wait_interval_in_seconds=600),
            dashboard=True,
        )


def main() -> None:
    """Write cdktf.out/."""
    app = App()
    EverythingStack(app, "stack")
    app.synth()


if __name__ == "__main__":
    main()
