"""Images in another account's registry."""

import json

import pytest
from botocore.exceptions import ClientError

from tests.account import PUBLISHER, publish, push

from .embedded_aws import EmbeddedAws


def test_an_image_that_another_account_lets_everybody_pull_is_there_and_its_policy_is_not_shown(
    shared_aws: EmbeddedAws,
) -> None:
    publish(shared_aws, "inference", tag="1.0")
    ecr, of = shared_aws.client("ecr"), {"registryId": PUBLISHER, "repositoryName": "inference"}
    (details,) = ecr.describe_images(**of, imageIds=[{"imageTag": "1.0"}])["imageDetails"]
    assert details["registryId"] == PUBLISHER
    (image,) = ecr.batch_get_image(**of, imageIds=[{"imageTag": "1.0"}])["images"]
    digest = json.loads(image["imageManifest"])["config"]["digest"]
    assert digest in ecr.get_download_url_for_layer(**of, layerDigest=digest)["downloadUrl"]
    for call in (ecr.get_repository_policy, ecr.list_images):
        with pytest.raises(ClientError, match="because no resource-based policy allows the ecr:"):
            call(**of)
    with pytest.raises(ClientError, match="RepositoryNotFoundException"):
        ecr.describe_images(repositoryName="inference")


def test_an_image_of_ones_own_is_there_whether_or_not_the_call_names_the_registry(shared_aws: EmbeddedAws) -> None:
    shared_aws.client("ecr").create_repository(repositoryName="own")
    push(shared_aws, "own", tag="1.0")
    ecr = shared_aws.client("ecr")
    (unnamed,) = ecr.describe_images(repositoryName="own")["imageDetails"]
    (named,) = ecr.describe_images(repositoryName="own", registryId=unnamed["registryId"])["imageDetails"]
    assert named == unnamed
