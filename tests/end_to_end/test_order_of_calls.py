"""Every input is changed on one live stack, and nothing that the endpoint uses goes before the endpoint has left it."""

from __future__ import annotations

import dataclasses
import inspect
import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sagemaker_endpoint
from sagemaker_endpoint import SageMakerEndpoint

import pytest

from scripts.make_operator_policies import FEATURES
from tests.demo.stage import build_network, image
from tests.embedded_aws import EmbeddedAws

from .deployment import ConcreteDeployment
from .existing import security_group
from .operator import actions, called
from .order import assert_updated_in_place
from .removals import too_early

pytestmark = pytest.mark.end_to_end

Inputs = dict[str, Any]
ROLE, BOUNDARY, TABLES = "role", "boundary", "tables"
HTTPS: Inputs = {
    "description": "HTTPS",
    "ip_protocol": "tcp",
    "from_port": 443,
    "to_port": 443,
    "cidr_ipv4": "10.0.0.0/16",
}
HTTP: Inputs = {**HTTPS, "description": "HTTP", "from_port": 80, "to_port": 80}
CLEANUP: Inputs = {"timeout_in_seconds": 60, "interval_in_seconds": 1, "detach_after_in_seconds": 30}
CALLED_OTHERWISE: Inputs = {"role_arn": "arn:aws:iam::123456789012:role/x", "external_id": "team-42", "profile": "prod"}


ALARM = "errors"
HALF = {"type": "CAPACITY_PERCENT", "value": 50}
WATCHED = {
    "wait_interval_in_seconds": 1,
    "maximum_execution_timeout_in_seconds": 600,
    "rollback_alarms": [ALARM],
    "roll_back_on_own_alarms": False,
}
CONCURRENCY = {
    "min_capacity": 1,
    "max_capacity": 9,
    "policies": [
        {"kind": "TargetTracking", "metric": "ServerlessProvisionedConcurrencyUtilization", "target_value": 0.7}
    ],
}
FROM_ZERO = {
    "min_capacity": 0,
    "max_capacity": 9,
    "policies": [
        {
            "kind": "BacklogPerInstance",
            "name": "backlog",
            "target_value": 5,
            "scale_out_cooldown": 60,
            "scale_in_cooldown": 600,
            "disable_scale_in": True,
            "waking_cooldown": 60,
        }
    ],
}


@dataclass(frozen=True, kw_only=True)
class Account:
    """What is there before the endpoint, for its inputs to name."""

    region: str
    vpcs: list[tuple[str, list[str]]]
    group: str
    role_arn: str
    policy_arns: Mapping[str, str]
    kms_key_arn: str
    topic_arn: str

    @staticmethod
    def furnish(aws: EmbeddedAws) -> Account:
        """Make it."""
        iam = aws.client("iam")
        trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "sagemaker.amazonaws.com"}}
        policy = {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "*"}
        vpcs = [build_network(aws.client("ec2")) for _ in range(2)]
        aws.client("cloudwatch").put_metric_alarm(
            AlarmName=ALARM,
            ComparisonOperator="GreaterThanThreshold",
            EvaluationPeriods=1,
            MetricName="errors",
            Namespace="team",
        )
        return Account(
            region=aws.region,
            vpcs=vpcs,
            group=security_group(aws, vpcs[1][0]),
            role_arn=iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=_document(trust))["Role"]["Arn"],
            policy_arns={
                name: iam.create_policy(PolicyName=name, PolicyDocument=_document(policy))["Policy"]["Arn"]
                for name in (BOUNDARY, TABLES)
            },
            kms_key_arn=aws.client("kms").create_key()["KeyMetadata"]["Arn"],
            topic_arn=aws.client("sns").create_topic(Name="answers")["TopicArn"],
        )

    def inputs(self) -> Inputs:
        """Give the endpoint's inputs to begin with."""
        vpc_id, subnet_ids = self.vpcs[0]
        model = {"image": image(self.region, "1.0"), "model_data_url": "s3://models/1/model.tar.gz"}
        return {
            "region": self.region,
            "endpoint_name": "sentiment",
            "network": {"vpc_id": vpc_id, "subnet_ids": subnet_ids, "egress": {"web": HTTP, "https": HTTPS}},
            "production_variants": [{"model": model, "instance_type": "ml.m5.xlarge"}],
            "key": {"kms_key_arn": self.kms_key_arn},
            "interface_cleanup": CLEANUP,
        }

    def hosted_otherwise(self, sized: Inputs) -> Iterator[Change]:
        """Give changes of what is hosted beside a variant, and of what a model is made of."""
        again: Inputs = {**sized["model"], "model_data_url": "s3://models-2/again/model.tar.gz"}
        dumped: Inputs = {**sized, "model": again, "core_dump_config": {"destination_s3_uri": "s3://dumps/a"}}
        shadow: Inputs = {
            "variant_name": "Shadow",
            "model": {"image": image(self.region, "3.0"), "model_data_url": "s3://models-3/3/model.tar.gz"},
            "instance_type": "ml.m5.xlarge",
            "core_dump_config": {"destination_s3_uri": "s3://dumps/shadow", "kms_key_arn": self.kms_key_arn},
        }
        beside: Inputs = {"production_variants": [dumped], "shadow_production_variants": [shadow]}
        yield Change("core dumps, and a shadow variant", beside)
        rolling: Inputs = {
            **WATCHED,
            "kind": "Rolling",
            "maximum_batch_size": HALF,
            "rollback_maximum_batch_size": {"type": "CAPACITY_PERCENT", "value": 100},
        }
        dumped = {**sized, "core_dump_config": {"destination_s3_uri": "s3://dumps/b", "kms_key_arn": self.kms_key_arn}}
        yield Change("other core dumps", {"production_variants": [dumped]})
        alone: Inputs = {"production_variants": [sized], "shadow_production_variants": []}
        yield Change("no shadow variant, and from now on batch by batch", {**alone, "deployment": rolling})
        function = f"arn:aws:lambda:{self.region}:123456789012:function:credentials"
        in_vpc: Inputs = {
            "image": "registry.example.com/sentiment:1",
            "image_config": {"repository_access_mode": "Vpc", "repository_credentials_provider_arn": function},
            "container_hostname": "first",
        }
        archive: Inputs = {
            "s3_uri": "s3://weights/model",
            "s3_data_type": "S3Object",
            "compression_type": "Gzip",
            "accept_eula": True,
        }
        many: Inputs = {
            "image": image(self.region, "1.0"),
            "mode": "MultiModel",
            "model_data_url": "s3://many/",
            "model_cache_setting": "Disabled",
        }
        hub: Inputs = {
            "model_id": "/opt/ml/model",
            "task": "text-classification",
            "revision": "main",
            "token_secret_arn": f"arn:aws:secretsmanager:{self.region}:123456789012:secret:hub-AbCdEf",
        }
        package: Inputs = {
            "model_package_name": f"arn:aws:sagemaker:{self.region}:123456789012:model-package/sentiment/3",
            "inference_specification_name": "on-gpu",
            "model_package_images": [image(self.region, "1.0")],
            "model_package_artifacts": ["s3://packages/sentiment/"],
        }
        named = [
            {**in_vpc, "model_data_source": archive, "environment": {"LOG_LEVEL": "info"}},
            {**many, "hugging_face": hub, "container_hostname": "second"},
            {**package, "container_hostname": "third"},
        ]
        for title, model in {
            "to weights, and an image in a private registry": {
                **in_vpc,
                "model_data_source": {"s3_uri": "s3://weights/"},
            },
            "to an object": {**in_vpc, "model_data_source": archive},
            "to many models": {**many, "hugging_face": hub},
            "to a model package": package,
            "to several containers": {"containers": named, "inference_execution_mode": "Direct"},
        }.items():
            of_model = {"production_variants": [{"model": model, "instance_type": "ml.m5.xlarge"}]}
            yield Change(title, {**of_model, "deployment": {"kind": "AllAtOnce"}})

    def scaled(self, sized: Inputs) -> Iterator[Change]:
        """Give changes of how a variant is scaled."""
        metric = {
            "metric_name": "Waiting",
            "namespace": "Serving",
            "dimensions": {"Queue": "a"},
            "statistic": "Maximum",
            "unit": "Count",
        }
        follow: Inputs = {
            "kind": "TargetTracking",
            "name": "follow",
            "requests_per_second": 20,
            "safety_factor": 0.6,
            "scale_out_cooldown": 60,
            "scale_in_cooldown": 600,
            "disable_scale_in": True,
        }
        steps: Inputs = {
            "kind": "StepScaling",
            "name": "steps",
            "metric": metric,
            "threshold": 10,
            "step_adjustments": [
                {"scaling_adjustment": 50, "metric_interval_lower_bound": 0, "metric_interval_upper_bound": 5},
                {"scaling_adjustment": 100, "metric_interval_lower_bound": 5},
            ],
            "comparison_operator": "GreaterThanThreshold",
            "adjustment_type": "PercentChangeInCapacity",
            "min_adjustment_magnitude": 1,
            "cooldown": 60,
            "metric_aggregation_type": "Maximum",
            "period": 120,
            "evaluation_periods": 4,
            "datapoints_to_alarm": 2,
            "treat_missing_data": "notBreaching",
        }
        processors: Inputs = {"processor_count": 3, "metric": "CPUUtilization"}
        math: Inputs = {"expression": "waiting / 2", "metrics": {"waiting": metric}, "label": "half"}
        day: Inputs = {
            "name": "day",
            "schedule": "cron(0 7 ? * MON-FRI *)",
            "min_capacity": 1,
            "max_capacity": 6,
            "timezone": "Europe/Berlin",
            "start_time": "2040-01-01T00:00:00Z",
            "end_time": "2041-01-01T00:00:00Z",
        }
        scaling: Inputs = {
            "min_capacity": 1,
            "max_capacity": 4,
            "policies": [
                follow,
                {"kind": "TargetTracking", "target_value": 60, **processors},
                {"kind": "TargetTracking", "target_value": 3, "metric": math},
                {**steps, "name": "of processors", **processors},
                steps,
            ],
            "scheduled_actions": [day],
        }
        yield Change("scaled", {"production_variants": [{**sized, "auto_scaling": scaling}]}, moves=False)
        other: Inputs = {**sized, "instance_type": "ml.p3.8xlarge", "auto_scaling": {**scaling, "max_capacity": 5}}
        yield Change("scaled, of another type", {"production_variants": [other]})
        yield Change("no longer scaled", {"production_variants": [sized]})

    def watched(self) -> Iterator[Change]:
        """Give changes of what watches the endpoint; some alarms stay, and follow it from kind to kind."""
        added: Inputs = {"name": "Slow", "metric": "ModelLatency", "threshold": 1, "variant": "AllTraffic"}
        queue: Inputs = {"namespace": "Shop", "metric_name": "Waiting"}
        alarms: Inputs = {
            "alarm_actions": [self.topic_arn],
            "ok_actions": [self.topic_arn],
            "latency_in_milliseconds": 250,
            "changed": {"Disk": {"threshold": 70}},
            "additional": [added, {"name": "Orders", "metric": queue, "threshold": 1}],
        }
        yield Change("alarms and a dashboard", {"alarms": alarms, "dashboard": True}, moves=False)
        over: Inputs = {"period": 300, "evaluation_periods": 4, "datapoints_to_alarm": 2, "statistic": "p90"}
        silent: Inputs = {"treat_missing_data": "missing", "alarm_on_insufficient_data": True}
        less: Inputs = {"comparison_operator": "LessThanThreshold", "alarm_description": "Quick."}
        other: Inputs = {**over, **silent, **less, "name": "Quick", "metric": "OverheadLatency", "threshold": 2}
        read: Inputs = {"dimensions": {"Queue": "orders"}, "unit": "Count", "statistic": "p99", "period": 300}
        queue = {"namespace": "Store", "metric_name": "Queued", **read}
        otherwise: Inputs = {
            "latency_in_milliseconds": 500,
            "leave_out": ["Memory"],
            "changed": {"Disk": {**over, "threshold": 60, "treat_missing_data": "ignore"}},
            "additional": [other, {"name": "Orders", "metric": queue, "threshold": 1}],
        }
        yield Change("other alarms", {"alarms": otherwise}, moves=False)
        yield Change("the alarms that are recommended", {"alarms": {}}, moves=False)

    def changes(self) -> Iterator[Change]:
        """Give the changes, each to be made on the stack that the ones before have left."""
        variant: Inputs = {
            "model": {
                "image": image(self.region, "2.0").replace("/sentiment", "/sentiment-2"),
                "model_data_url": "s3://models-2/2/model.tar.gz",
                "environment": {"LOG_LEVEL": "info"},
                "enable_network_isolation": True,
            },
            "instance_type": "ml.m5.xlarge",
        }
        yield Change("the model", {"production_variants": [variant]})
        sized: Inputs = {
            "model": {**variant["model"], "enable_network_isolation": False},
            "instance_type": "ml.p3.2xlarge",
            "initial_instance_count": 1,
            "initial_variant_weight": 2,
            "volume_size_in_gb": 30,
            "model_data_download_timeout_in_seconds": 600,
            "container_startup_health_check_timeout_in_seconds": 600,
            "routing_strategy": "LEAST_OUTSTANDING_REQUESTS",
            "inference_ami_version": "al2-ami-sagemaker-inference-gpu-2",
            "enable_ssm_access": True,
            "local_nvme_storage": False,
        }
        role: Inputs = {
            "permissions_boundary_arn": self.policy_arns[BOUNDARY],
            "additional_policy_arns": {TABLES: self.policy_arns[TABLES]},
            "least_privilege": True,
        }
        aside: Inputs = {
            "logs": {"retention_in_days": 30, "import_existing": True},
            "interface_cleanup": {**CALLED_OTHERWISE, "endpoint_url": "http://127.0.0.1:9", "timeout_in_seconds": 90},
            "deletion_protection": True,
            "tags": {"team": "language"},
            "depends_on": ["Routes"],
            "provider": "other",
        }
        capture: Inputs = {"destination_s3_uri": "s3://captured/a", "initial_sampling_percentage": 10}
        captured: Inputs = {
            "destination_s3_uri": "s3://captured/b",
            "initial_sampling_percentage": 100,
            "capture_options": ["Output"],
            "csv_content_types": ["text/csv"],
            "json_content_types": ["application/json"],
            "kms_key_arn": self.kms_key_arn,
            "enable_capture": False,
        }
        made: Inputs = {"s3_output_path": "s3://answers/a", "create_success_topic": True, "create_error_topic": True}
        told: Inputs = {
            "s3_output_path": "s3://answers/b",
            "s3_failure_path": "s3://answers/failed",
            "s3_input_path": "s3://payloads",
            "s3_input_kms_key_arn": self.kms_key_arn,
            "success_topic": self.topic_arn,
            "error_topic": self.topic_arn,
            "include_inference_response_in": ["SUCCESS_NOTIFICATION_TOPIC"],
            "max_concurrent_invocations_per_instance": 4,
            "kms_key_arn": self.kms_key_arn,
        }
        yield from self.watched()
        at_once: Inputs = {**WATCHED, "kind": "AllAtOnce", "termination_wait_in_seconds": 1}
        canary: Inputs = {**WATCHED, "kind": "Canary", "canary_size": HALF, "termination_wait_in_seconds": 1}
        own = {**aside, "interface_cleanup": {}, "logs": {}, "deletion_protection": False}
        yield Change("all that leaves the configuration as it is", aside, moves=False)
        yield Change("capture", {**own, "data_capture_config": capture, "deployment": at_once})
        yield Change("other capture", {"data_capture_config": captured, "deployment": canary})
        own["data_capture_config"] = None
        own["deployment"] = {**WATCHED, "kind": "Linear", "linear_step_size": HALF, "termination_wait_in_seconds": 1}
        yield Change("the variant, and a policy more", {**own, "production_variants": [sized], "execution_role": role})
        yield from self.scaled(sized)
        yield from self.hosted_otherwise(sized)
        dns = {"description": "DNS", "ip_protocol": "udp", "from_port": 53, "to_port": 54, "cidr_ipv6": "2001:db8::/56"}
        narrower: Inputs = {
            "https": {**HTTPS, "cidr_ipv4": "10.0.1.0/24"},
            "s3": {"description": "S3", "from_port": 443, "prefix_list_id": "pl-0123456789abcdef0"},
            "group": {"description": "Itself", "from_port": 443, "referenced_security_group_id": self.group},
            "dns": dns,
        }
        vpc_id, subnet_ids = self.vpcs[0]
        network: Inputs = {"vpc_id": vpc_id, "subnet_ids": subnet_ids, "egress": narrower}
        renamed = {**sized, "variant_name": "Renamed"}
        yield Change(
            "egress, a variant's name, and a policy less",
            {"network": network, "production_variants": [renamed], "execution_role": {}},
        )
        vpc_id, subnet_ids = self.vpcs[1]
        network = {"vpc_id": vpc_id, "subnet_ids": subnet_ids}
        yield Change("the VPC", {"network": network})
        yield Change(
            "to a role and groups that exist",
            {
                "execution_role": {"role_arn": self.role_arn},
                "network": {**network, "security_group_ids": [self.group]},
            },
        )
        yield Change(
            "back to a role and a group of its own, and to a key of its own",
            {
                "execution_role": role,
                "network": network,
                "key": {"deletion_window_in_days": 7},
            },
        )
        later = {"key": {"deletion_window_in_days": 8}, "interface_cleanup": {"enabled": False}}
        yield Change("how long the key can be saved, and no clean-up", later, moves=False)
        let_go = {"kms_key_arn": self.kms_key_arn, "retain_own_key": False}
        yield Change("to a key that exists, without the old one", {"key": let_go, "interface_cleanup": {"mark": False}})
        # The serverless endpoint below has no deployment configuration, and none is stated when it gets instances.
        yield Change("the endpoint's name", {"endpoint_name": "topics", "deployment": None}, moves=False)
        # Of an endpoint that has instances AWS makes no serverless one: it has another name.
        serverless: Inputs = {
            "model": {"image": image(self.region, "1.0")},
            "variant_name": "Serverless",
            "memory_size_in_mb": 2048,
            "max_concurrency": 5,
        }
        without: Inputs = {"network": None, "interface_cleanup": None, "production_variants": [serverless]}
        yield Change("to a serverless endpoint of another name", {**without, "endpoint_name": "other"}, moves=False)
        more = {**serverless, "memory_size_in_mb": 4096, "max_concurrency": 9, "provisioned_concurrency": 3}
        yield Change("memory and concurrency", {"production_variants": [more]})
        follows: Inputs = {"production_variants": [{**more, "auto_scaling": CONCURRENCY}]}
        yield Change("provisioned concurrency follows the load", follows, moves=False)
        yield Change(
            "to instances", {"network": network, "interface_cleanup": CLEANUP, "production_variants": [renamed]}
        )
        # An endpoint stays asynchronous, so that nothing comes after.
        yield Change("to asynchronous with topics", {"async_inference_config": made})
        yield Change("to other topics", {"async_inference_config": told})
        yield Change("from zero", {"production_variants": [{**renamed, "auto_scaling": FROM_ZERO}]}, moves=False)


@dataclass(frozen=True)
class Change:
    """Inputs that change, and whether the endpoint then moves to another configuration."""

    title: str
    inputs: Inputs
    moves: bool = field(default=True, kw_only=True)


def _document(statement: Mapping[str, object]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statement})


@pytest.fixture(scope="module")
def account(aws: EmbeddedAws) -> Account:
    aws.behave("vanish")  # what becomes of a replaced group's interfaces is tried in release/
    return Account.furnish(aws)


@pytest.fixture(scope="module")
def deployment(aws: EmbeddedAws, account: Account, tmp_path_factory: pytest.TempPathFactory) -> ConcreteDeployment:
    made = ConcreteDeployment.of(aws, tmp_path_factory.mktemp("order"), "any_input", **account.inputs())
    made.start()
    made.apply()
    return made


# What docs/permissions.md names beside the documents, and what nobody needs to be allowed.
_BESIDES = {"iam:PutRolePermissionsBoundary", "iam:DeleteRolePermissionsBoundary", "sts:GetCallerIdentity"}

# Which inputs the changes are about.


def public_inputs() -> set[str]:
    """Name every input of the library, as `Model.image`."""
    public = {name: getattr(sagemaker_endpoint, name) for name in sagemaker_endpoint.__all__}
    stated = {
        f"{name}.{one.name}"
        for name, each in public.items()
        if dataclasses.is_dataclass(each)
        for one in dataclasses.fields(each)
    }
    keywords = [
        name
        for name, each in inspect.signature(SageMakerEndpoint.__init__).parameters.items()
        if each.kind is inspect.Parameter.KEYWORD_ONLY
    ]
    return stated | {f"SageMakerEndpoint.{name}" for name in keywords}


_PARTS = {
    "async_inference_config": "AsyncInferenceConfig",
    "data_capture_config": "DataCaptureConfig",
    "network": "PrivateNetwork",
    "execution_role": "ExecutionRole",
    "key": "EncryptionKey",
    "logs": "Logs",
    "alarms": "Alarms",
    "interface_cleanup": "InterfaceCleanup",
}


_PARTS_OF_CONTAINERS = {
    "model_data_source": "S3DataSource",
    "image_config": "ImageConfig",
    "hugging_face": "HuggingFaceModel",
}
_OF_OTHER_ENDPOINTS = {"EndpointMetrics.endpoint_name", "EndpointMetrics.variant_names"}
# The oldest AWS provider, with which this is tried too, knows no such blocks; tests/hosting has them.
_OF_NEWER_PROVIDERS = {
    "Model.additional_model_data_sources",
    "Container.additional_model_data_sources",
    "InstanceProductionVariant.capacity_reservation_config",
    "CapacityReservationConfig.ml_reservation_arn",
    "CapacityReservationConfig.capacity_reservation_preference",
}


def stated(inputs: Inputs) -> dict[str, list[object]]:
    """Give what is stated for each input; there may be several models and rules."""
    found: dict[str, list[object]] = {}

    def add(kind: str, values: Mapping[str, object]) -> None:
        for name, value in values.items():
            found.setdefault(f"{kind}.{name}", []).append(value)

    add("SageMakerEndpoint", inputs)
    for name, kind in _PARTS.items():
        add(kind, inputs.get(name) or {})
    deployment = inputs.get("deployment") or {}
    if deployment:
        add(deployment["kind"], {name: each for name, each in deployment.items() if name != "kind"})
    for size in (each for name, each in deployment.items() if name.endswith("_size")):
        add("CapacitySize", size)
    for rule in ((inputs["network"] or {}).get("egress") or {}).values():
        add("EgressRule", rule)
    alarms = inputs.get("alarms") or {}
    for change in alarms.get("changed", {}).values():
        add("AlarmChange", change)
    for alarm in alarms.get("additional", []):
        add("Alarm", alarm)
        add("Metric", alarm["metric"] if isinstance(alarm["metric"], dict) else {})
    for variant in [*inputs["production_variants"], *inputs.get("shadow_production_variants", [])]:
        kind = "ServerlessProductionVariant" if "max_concurrency" in variant else "InstanceProductionVariant"
        add(kind, variant)
        add("CoreDumpConfig", variant.get("core_dump_config", {}))
        for kind, values in _of_scaling(variant.get("auto_scaling", {})):
            add(kind, values)
        add("Model", variant["model"])
        several = variant["model"].get("containers", [])
        for container in several:
            add("Container", container)
        for container in [variant["model"], *several]:
            for name, part in _PARTS_OF_CONTAINERS.items():
                add(part, container.get(name, {}))
    return found


def _of_scaling(scaling: Inputs) -> Iterator[tuple[str, Inputs]]:
    yield "AutoScaling", scaling
    yield from (("ScheduledAction", each) for each in scaling.get("scheduled_actions", []))
    for policy in scaling.get("policies", []):
        yield policy["kind"], policy
        metric = policy.get("metric")
        if isinstance(metric, dict):
            yield "MetricMath" if "expression" in metric else "CustomMetric", metric
            yield from (("CustomMetric", each) for each in metric.get("metrics", {}).values())
        yield from (("StepAdjustment", each) for each in policy.get("step_adjustments", []))


def test_the_changes_are_about_every_input(account: Account) -> None:
    steps = [account.inputs()]
    for change in account.changes():
        steps.append({**steps[-1], **change.inputs})
    changed = {
        name
        for before, after in itertools.pairwise(map(stated, steps))
        for name in before.keys() | after.keys()
        if before.get(name) != after.get(name)
    }
    assert public_inputs() - changed == _OF_NEWER_PROVIDERS | _OF_OTHER_ENDPOINTS


def test_nothing_goes_before_the_endpoint_has_left_it(
    aws: EmbeddedAws, account: Account, deployment: ConcreteDeployment
) -> None:
    found = {}
    operated: set[str] = set()
    for change in account.changes():
        calls = deployment.change(**change.inputs)
        operated |= called(aws.calls())
        found[change.title] = too_early(calls, aws.in_use())
        if change.moves:
            assert_updated_in_place(calls)
        elif "endpoint_name" not in change.inputs:
            assert "UpdateEndpoint" not in {call.action for call in calls}
    assert {title: each for title, each in found.items() if each} == {}
    assert operated - _BESIDES - actions(FEATURES) == set()
    assert deployment.terraform.plan().is_empty
    aws.reset_calls()
    deployment.destroy()
    assert too_early(aws.calls(), aws.in_use()) == []
    assert deployment.left() == set()
