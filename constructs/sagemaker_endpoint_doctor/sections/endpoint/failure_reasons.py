"""What SageMaker's FailureReason means, and what to do: by its words, the most telling first."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sagemaker_endpoint_doctor.facts.settings import LONGER_DOWNLOAD, LONGER_START, MORE_DISK, MORE_MEMORY


@dataclass(frozen=True, slots=True)
class Reason:
    """Words of a FailureReason, whatever the letters' case.

    Attributes:
        words: A regular expression.
        next: What to do, also where no other section finds anything.
        source: Where such a reason was seen or is documented.
        example: One that has the words.
        see: What to add where another section finds something too, by the section's key.
        is_alarm: Whether an alarm was the cause, and not something else.
    """

    words: str
    next: str
    source: str
    example: str
    see: Mapping[str, str] = field(default_factory=dict)
    is_alarm: bool = False


_LOGS = {"logs": "Section Logs tells what it said instead."}
_S3 = {
    "s3": "Section S3 tells what stands in the way of the data.",
    "role": "Section Role tells what the role may not.",
    "interfaces": "Section Network interfaces tells whether S3 is reached.",
}
_CODE = "https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html"
_API = "https://docs.aws.amazon.com/sagemaker/latest/APIReference"
_SDK = "https://github.com/aws/sagemaker-python-sdk/issues"

REASONS: Sequence[Reason] = (
    Reason(
        r"scalable target|deregister",
        "A variant is registered for scaling, and AWS then neither changes its instance type nor removes it: take the "
        "scalable target away first (aws application-autoscaling deregister-scalable-target), and put it back with its "
        "policies after the update.",
        "https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-edit.html",
        "The variant must be deregistered as a scalable target before its type changes.",
    ),
    Reason(
        r"could not find (the )?endpoint config",
        "The configuration was deleted before the endpoint had left it, or before it came to it. Make it again, and "
        "let "
        "a new configuration be made before the old one goes (create_before_destroy with name_prefix, which this "
        "library "
        "sets).",
        "https://github.com/hashicorp/terraform-provider-aws/issues/40048",
        'Could not find endpoint configuration "arn:aws:sagemaker:eu-west-1:123456789012:endpoint-config/old".',
    ),
    Reason(
        r"\bmarketplace\b|not subscribed",
        "The model is a seller's of AWS Marketplace, and the account is not subscribed to it any more: subscribe to it "
        "in AWS Marketplace, in the endpoint's region.",
        "https://github.com/aws/amazon-sagemaker-examples/issues/2283",
        "Caller is not subscribed to the marketplace offering.",
    ),
    Reason(
        r"CannotStartContainer|docker run",
        "The image cannot be started as docker run IMAGE serve: it needs an executable named serve on its PATH or an "
        "ENTRYPOINT that takes the argument, and must be built for the architecture of the instances. An image made "
        "for training alone cannot serve; a GPU image wants a driver that the instances have (inference_ami_version). "
        f"Try docker run IMAGE serve yourself. {_CODE}",
        "https://github.com/aws-samples/comfyui-on-amazon-sagemaker/issues/2",
        "CannotStartContainerError. Please ensure the model container for variant AllTraffic starts correctly when "
        "invoked with 'docker run <image> serve'",
        {"logs": "Section Logs tells how far it came.", "model": "Section Model tells what is wrong with the image."},
    ),
    Reason(
        r"health.?check|\bping\b",
        "The container did not answer 200 to GET /ping on port 8080 in time. Does it listen there, on 0.0.0.0? If it "
        f"only loads long, {LONGER_START}. {_CODE}",
        "https://github.com/aws/amazon-sagemaker-examples/issues/210",
        "The primary container for production variant AllTraffic did not pass the ping health check.",
        _LOGS,
    ),
    Reason(
        r"capacity reservation|training plan|ml-reservation",
        "The ML capacity reservation that the variant states cannot be used: it must be active, of the variant's "
        "instance_type, in a zone of the subnets, and have enough instances free, in an update for old and new ones. "
        "Otherwise leave capacity_reservation_config out.",
        f"{_API}/API_ProductionVariantCapacityReservationConfig.html",
        "The ML capacity reservation is not active.",
    ),
    Reason(
        r"availability zone.*\binstance type|\binstance type.*availability zone",
        "Too few zones of the subnets have this instance type: take subnets in zones that have it, or another "
        f"instance_type. {_API}/API_VpcConfig.html",
        f"{_API}/API_VpcConfig.html",
        "Unable to locate at least 2 availability zone(s) with the requested instance type ml.p4d.24xlarge that "
        "overlap with SageMaker subnets",
    ),
    Reason(
        r"insufficient.?(instance)?.?capacity|compute capacity",
        "AWS has too few instances of this type free just now: take another instance_type, fewer instances or more "
        "zones, or try again later.",
        "https://docs.aws.amazon.com/sagemaker/latest/dg/model-access-training-data-troubleshooting.html",
        "Unable to provision requested ML compute capacity due to InsufficientInstanceCapacity error.",
    ),
    Reason(
        r"ResourceLimitExceeded|quota|service limit|account-level",
        "A quota of the account is used up: ask AWS for more, or take fewer instances or another instance_type. "
        "https://docs.aws.amazon.com/general/latest/gr/sagemaker.html",
        "https://docs.aws.amazon.com/general/latest/gr/sagemaker.html",
        "The account-level service limit 'ml.g5.xlarge for endpoint usage' is 0 Instances",
    ),
    Reason(
        r"image size|greater than supported size",
        "A serverless variant takes images of up to 10 GB, uncompressed: make the image smaller (no compilers, no "
        "CUDA, which it cannot use), or host it on instances. "
        "https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html",
        "https://github.com/aws-solutions-library-samples/qnabot-on-aws/issues/691",
        "Image size 13279248421 is greater than supported size 10737418240",
    ),
    Reason(
        r"(archive|data) is too large|too large.{0,40}model data|insufficient (disk|storage)|not enough (disk|space)",
        f"The model's data, unpacked, does not fit on the instance: make the archive smaller, {MORE_DISK}, or give it "
        "unpacked (model_data_source), which needs room for itself alone.",
        f"{_SDK}/879",
        "The model data archive is too large. Please reduce the size of the model data archive or move to an instance "
        "type with more memory.",
    ),
    Reason(
        r"out of memory|(insufficient|not enough|low) (GPU )?memory|\bOOM",
        f"The container needs more memory than there is: let it load less at once (fewer workers), or {MORE_MEMORY}.",
        "https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints-troubleshooting.html",
        "The container failed to start because it ran out of memory.",
        _LOGS,
    ),
    Reason(
        r"extract|valid tar|tar\.gz archive",
        "The archive cannot be unpacked. Fetch it and test it with tar -tzf model.tar.gz: it must be a tar of gzip, "
        "with its files at the top, without absolute paths and symbolic links (find . -type l -ls lists these). A file "
        "that was only renamed is none.",
        "https://github.com/aws/deep-learning-containers/pull/569",
        'Failed to extract model data archive for container "container_1" from URL "s3://b/k.tar.gz". Please ensure '
        "that the object located at the URL is a valid tar.gz archive.",
    ),
    Reason(
        r"download.{0,60}\btimed out|(timed out|time-?out).{0,60}\bdownload",
        f"The model's data was not loaded in time: make it smaller, or {LONGER_DOWNLOAD}. From private subnets, look "
        "for the way to S3 too.",
        f"{_API}/API_ProductionVariant.html",
        "Timed out waiting for the model data to be downloaded.",
        {"model": "Section Model tells how large it is.", "interfaces": "Section Network interfaces tells of the way."},
    ),
    Reason(
        r"sns:|\bSNS\b|success ?topic|error ?topic|notification",
        "SageMaker cannot publish to a topic of the asynchronous endpoint: its role needs sns:Publish on it, the "
        "topic's policy must allow it, and an encrypted topic needs kms:GenerateDataKey and kms:Decrypt of its key. "
        "https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-create-endpoint-prerequisites.html",
        "https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-create-endpoint-prerequisites.html",
        "The execution role does not have sns:Publish permissions on the topic.",
        {"role": "Section Role tells what the role may not."},
    ),
    Reason(
        r"model data|artifact|s3://",
        "SageMaker cannot load the model's data: the object must exist, in the endpoint's region; the role needs "
        "s3:GetObject on it and kms:Decrypt of its key; the bucket's policy and, from private subnets, that of the VPC "
        "endpoint for S3 must allow both.",
        "https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html",
        "Failed to download model data for container from URL: s3://b/k. Check the role.",
        _S3,
    ),
    Reason(
        r"private (docker )?registry|repository credentials|credentials provider",
        "The private registry does not give the image: it must be reached from the subnets, with a certificate of a "
        "public authority, and let the security groups in; the execution role needs lambda:InvokeFunction on the "
        "function that gives the credentials, which returns Username and Password.",
        "https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-containers-inference-private.html",
        "The Lambda function that gives the credentials of the private Docker registry failed.",
        {"model": "Section Model tells of the function.", "role": "Section Role tells what the role may not."},
    ),
    Reason(
        r"inference.?ami",
        "The instance type does not run this inference_ami_version: take one that is documented for its GPUs, or leave "
        f"it out. {_API}/API_ProductionVariant.html",
        f"{_API}/API_ProductionVariant.html",
        "The inference AMI version is not supported for the instance type.",
    ),
    Reason(
        r"subnet|network interface|\bENI\b|security group|IP address",
        "The network is at fault: the subnets need free addresses, the groups and subnets must exist, and the role "
        "must be allowed to make interfaces there.",
        "https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html",
        "The subnet has too few free IP addresses.",
        {"interfaces": "Section Network interfaces tells how.", "role": "Section Role tells what the role may not."},
    ),
    Reason(
        r"\bimages?\b|\bECR\b|repository|manifest",
        "The image cannot be pulled: the repository and the tag must exist in the endpoint's region, the role needs "
        "ecr:BatchGetImage, ecr:GetDownloadUrlForLayer and ecr:BatchCheckLayerAvailability, and another account's "
        "repository must allow it in its policy. SageMaker reads manifests of Docker, version 2, schema 2, and of OCI.",
        "https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html",
        "The role 'r' does not have BatchGetImage permission for the image: 'i'.",
        {"model": "Section Model tells what is wrong with it.", "role": "Section Role tells what the role may not."},
    ),
    Reason(
        r"\bKMS\b|\bkms:",
        "A key cannot be used: it must be there in the endpoint's region, enabled, not about to be deleted, and its "
        "policy and the role must allow kms:CreateGrant, kms:GenerateDataKey and kms:Decrypt.",
        f"{_API}/API_CreateEndpointConfig.html",
        "The KMS key arn:aws:kms:eu-west-1:111122223333:key/k is disabled or pending deletion.",
        {"model": "Section Model tells of the key.", "role": "Section Role tells what the role may not."},
    ),
    Reason(
        r"AccessDenied|access denied|not authorized|permission|\brole\b",
        "Something is not allowed to the execution role, or SageMaker may not assume it: look at its policies, its "
        "trust policy, a permissions boundary and the organization's policies for what the reason names.",
        "https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html",
        "Access denied for the role",
        {"role": "Section Role tells what it may not."},
    ),
    Reason(
        r"\balarms?\b",
        "An alarm that guards the deployment went off: look at what it watches.",
        "https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html",
        "The alarm sentiment/ServerErrors went off.",
        is_alarm=True,
    ),
    Reason(
        r"internal|request to service failed|retry|unexpected|customer support|^\s*$",
        "The reason names nothing that could be mended: try again once, with the same configuration. If it fails "
        "again, compare with the last one that served, and ask AWS Support with the endpoint's ARN and the time.",
        "https://github.com/aws-samples/amazon-sagemaker-custom-container/issues/3",
        "Request to service failed. If failure persists after retry, contact customer support.",
        {
            "logs": "Section Logs tells what the container said.",
            "model": "Section Model tells of the image and the model.",
        },
    ),
)
"""The reasons; the first whose words one has tells what to do."""

_OTHER = Reason(
    "",
    "Mend what the reason names.",
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html",
    "",
    {"logs": "Section Logs tells what the container said."},
)


def meaning(reason: str) -> Reason:
    """Tell what a reason means."""
    return next((each for each in REASONS if re.search(each.words, reason, re.IGNORECASE)), _OTHER)


def has_other_cause(reason: str) -> bool:
    """Tell whether a reason names something that is known, and that is no alarm."""
    found = meaning(reason)
    return found is not _OTHER and found is not REASONS[-1] and not found.is_alarm
