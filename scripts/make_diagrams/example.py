"""What an example makes and reads, drawn from what it synthesizes."""

from collections.abc import Iterator, Mapping
from typing import Any

from .drawing import Arrow, Box, Kind, svg

Resource = Mapping[str, Any]
_LONGEST = 27  # letters of a detail that fit into a box


def drawn(configuration: Mapping[str, Any]) -> str:
    """Draw a stack with one endpoint."""
    resources: Mapping[str, Mapping[str, Resource]] = configuration["resource"]
    [endpoint] = resources["aws_sagemaker_endpoint"].values()
    [written] = resources["aws_sagemaker_endpoint_configuration"].values()
    boxes = {
        "callers": Box(column=0, row=0, title="Your callers", detail="by its invoke policy", kind=Kind.YOURS),
        "endpoint": Box(column=1, row=0, title="Endpoint", detail=endpoint["name"]),
    }
    arrows = [Arrow("callers", "endpoint", "ask")]
    row = 0
    for kind in ("production_variants", "shadow_production_variants"):
        for variant in written.get(kind, []):
            key = variant["variant_name"]
            boxes[key] = Box(column=2, row=row, title=_titled(kind, variant), detail=_capacity(variant))
            arrows.append(Arrow("endpoint", key, "copies" if kind.startswith("shadow") else ""))
            for number, (title, detail) in enumerate(_sources(configuration, variant)):
                boxes[f"{key} {number}"] = Box(column=3, row=row, title=title, detail=_cut(detail), kind=Kind.YOURS)
                arrows.append(Arrow(key, f"{key} {number}", "loads" if number == 0 else ""))
                row += 1
    for number, (title, detail, whose) in enumerate(_beside(resources, endpoint, written), start=1):
        boxes[title] = Box(column=1, row=number, title=title, detail=_cut(detail), kind=whose)
    return svg(f"What the example {endpoint['name']} makes, and what it reads", boxes, arrows)


def _titled(kind: str, variant: Resource) -> str:
    return f"{'Shadow' if kind.startswith('shadow') else 'Variant'} {variant['variant_name']}"


def _capacity(variant: Resource) -> str:
    serverless = variant.get("serverless_config")
    if serverless:
        return f"serverless, {serverless['memory_size_in_mb']} MB, at most {serverless['max_concurrency']}"
    return f"{variant['initial_instance_count']} x {variant['instance_type']}"


def _sources(configuration: Mapping[str, Any], variant: Resource) -> Iterator[tuple[str, str]]:
    """Give what a variant's model is made of: images, data, packages."""
    name = variant["model_name"].removeprefix("${aws_sagemaker_model.").partition(".")[0]
    model = configuration["resource"]["aws_sagemaker_model"][name]
    for container in model.get("container") or [model["primary_container"]]:
        if package := container.get("model_package_name"):
            yield "Model package", package.partition(":model-package/")[2]
        if image := container.get("image"):
            yield _image(configuration, image)
        data = container.get("model_data_url")
        if source := container.get("model_data_source"):
            data = source["s3_data_source"][0]["s3_uri"]
        if data:
            many = container.get("mode") == "MultiModel"
            yield ("Folder of models in S3" if many else "Model data in S3"), data.removeprefix("s3://")
        if hub := container.get("environment", {}).get("HF_MODEL_ID"):
            yield "Model of the Hub", hub.rpartition("/")[2]


def _image(configuration: Mapping[str, Any], image: str) -> tuple[str, str]:
    if image.startswith("${data.aws_sagemaker_prebuilt_ecr_image."):
        [prebuilt] = configuration["data"]["aws_sagemaker_prebuilt_ecr_image"].values()
        return "AWS's image", prebuilt["repository_name"]
    return ("Image in ECR" if ".ecr." in image else "Image elsewhere"), image.rpartition("/")[2]


def _beside(
    resources: Mapping[str, Mapping[str, Resource]], endpoint: Resource, written: Resource
) -> Iterator[tuple[str, str, Kind]]:
    """Give what stands beside the endpoint: scaling, answers, captures, alarms, dashboard and deployment."""
    for target in resources.get("aws_appautoscaling_target", {}).values():
        yield "Scaling", f"{target['min_capacity']} to {target['max_capacity']} instances", Kind.MADE
    if asynchronous := written.get("async_inference_config"):
        yield "Answers in S3", asynchronous["output_config"]["s3_output_path"].removeprefix("s3://"), Kind.YOURS
    if topics := resources.get("aws_sns_topic"):
        yield "Topics", f"{len(topics)}: of answers, of failures", Kind.MADE
    if capture := written.get("data_capture_config"):
        yield "Captures in S3", capture["destination_s3_uri"].removeprefix("s3://"), Kind.YOURS
    alarms = [name for name in resources.get("aws_cloudwatch_metric_alarm", {}) if "_Alarms_" in name]
    if alarms:
        yield "Alarms", f"{len(alarms)}, some take changes back", Kind.MADE
    if "aws_cloudwatch_dashboard" in resources:
        yield "Dashboard", "traffic, errors, latency", Kind.MADE
    deployment = endpoint.get("deployment_config", {})
    if rolling := deployment.get("rolling_update_policy"):
        yield "Rolling deployment", f"{rolling['maximum_batch_size']['value']} instances at a time", Kind.MADE
    routing = deployment.get("blue_green_update_policy", {}).get("traffic_routing_configuration", {})
    if canary := routing.get("canary_size"):
        yield "Canary", f"{canary['value']} % for {routing['wait_interval_in_seconds']} seconds", Kind.MADE


def _cut(words: str) -> str:
    return words if len(words) <= _LONGEST else f"…{words[1 - _LONGEST :]}"
