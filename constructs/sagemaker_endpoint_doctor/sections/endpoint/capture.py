"""The capture of requests and answers.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DataCaptureConfigSummary.html
"""

from collections.abc import Iterator

from sagemaker_endpoint_doctor.examination.finding import Finding, ok, warning
from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_runbook import commands


def capture(subject: Subject) -> Iterator[Finding]:
    """Whether it goes on, where it is wanted."""
    endpoint = subject.endpoint()
    stated = endpoint.get("DataCaptureConfig")
    if not stated or not stated["EnableCapture"] or endpoint["EndpointStatus"] != "InService":
        return
    if stated["CaptureStatus"] == "Started":
        yield ok(f"captures {stated['CurrentSamplingPercentage']} % of requests in {stated['DestinationS3Uri']}")
        return
    yield warning(
        f"its capture of requests is wanted, and {stated['CaptureStatus'].lower()}",
        why=f"What it is asked and answers is not kept in {stated['DestinationS3Uri']}.",
        # https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture-endpoint.html
        next="The bucket and the key must be there, and the role be allowed to write; SageMaker also stops where an "
        f"instance's disk is nearly full. Then {subject.deploy}.",
        see={
            "s3": "Section S3 tells what is wrong with the bucket or the key.",
            "role": "Section Role tells what the role may not.",
        },
        command=commands.filled(commands.DESCRIBE_ENDPOINT, endpoint=endpoint["EndpointName"]),
    )
