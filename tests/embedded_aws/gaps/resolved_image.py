"""The image that a variant runs, by its digest.

"If you used the registry/repository[:tag] form to specify the image path [...] the path resolves to a path of
the form registry/repository[@digest]." moto's endpoints know no deployed images.
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeployedImage.html

An image that is in no repository of moto's stays as it was specified: tests that need none put none there.
"""

import re

from moto.ecr.models import Repository, ecr_backends

_TAGGED = re.compile(
    r"(?P<path>(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com/(?P<repository>[^:@]+))"
    r"(?::(?P<tag>[^@]+))?"
)


def resolved(image: str) -> str:
    named = _TAGGED.fullmatch(image)
    if not named:
        return image
    repositories: dict[str, Repository] = ecr_backends[named["account"]][named["region"]].repositories
    repository = repositories.get(named["repository"])
    for stored in repository.images if repository else []:
        if (named["tag"] or "latest") in stored.image_tags:
            return f"{named['path']}@{stored.image_digest}"
    return image
