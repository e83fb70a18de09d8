"""The topics that an asynchronous endpoint tells of its answers and failures."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from sagemaker_endpoint.engine.bindings import Construct, SnsTopic, SnsTopicPolicy, TerraformResource
from sagemaker_endpoint.engine.identity import Identity
from sagemaker_endpoint.engine.lifecycle import set_lifecycle
from sagemaker_endpoint.engine.names import name_prefix
from sagemaker_endpoint.rules import limits

# https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
_NAME = limits.Text(min_length=1, max_length=256, pattern="[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Topics:
    """The ARNs of the topics, given or made.

    `own` are the topics that were made, ``success`` and ``error``. `made` are these and their policies: SageMaker
    tries the topics when it makes or updates the endpoint, so all of it stands before the endpoint and goes after it.
    https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-create-endpoint.html
    """

    success_topic_arn: str | None = None
    error_topic_arn: str | None = None
    own: Mapping[str, SnsTopic] = field(default_factory=dict)
    made: tuple[TerraformResource, ...] = ()

    @property
    def arns(self) -> list[str]:
        """Each topic once."""
        return list(dict.fromkeys(each for each in (self.success_topic_arn, self.error_topic_arn) if each is not None))


def make_topic(
    scope: Construct,
    id: str,
    identity: Identity,
    *,
    what: str,
    kms_key_arn: str,
) -> tuple[SnsTopic, SnsTopicPolicy]:
    """Make a topic, encrypted with the key, to which nobody publishes but by TLS.

    Its name ends in characters of chance: AWS gives a topic of the same name back instead of making another.
    Publishers of this account need nothing in its policy; they need the key.

    https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html
    https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html#enforce-encryption-data-in-transit
    """
    inside = Construct(scope, id)
    topic = SnsTopic(
        inside,
        "Topic",
        name_prefix=name_prefix(identity.endpoint_name, f"-{what}-", _NAME),
        kms_master_key_id=kms_key_arn,
        tags=identity.tags,
    )
    set_lifecycle(topic, create_before_destroy=True)
    refused = {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sns:Publish",
        "Resource": topic.arn,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    policy = SnsTopicPolicy(
        inside, "Policy", arn=topic.arn, policy=json.dumps({"Version": "2012-10-17", "Statement": [refused]})
    )
    set_lifecycle(policy, create_before_destroy=True)
    return topic, policy
