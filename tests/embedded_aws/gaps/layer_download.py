"""Where an image's layers, and its configuration, can be downloaded from.

moto forgets what was uploaded, but for its size. ECR keeps layers in a bucket of its own in S3, and answers a URL that
opens one of them for a while.
https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetDownloadUrlForLayer.html
"""

from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult
from moto.ecr.models import ECRBackend
from moto.ecr.responses import ECRResponse
from moto.s3.models import get_canned_acl, s3_backends

from .patching import Answer, Handler, Resource, wrap

_ACCOUNT = "444455556666"  # ECR's own, which the customer's calls do not list
_BUCKET = "prod-{region}-starport-layer-bucket"


def fill() -> None:
    wrap(ECRBackend, "complete_layer_upload", _complete)
    wrap(ECRResponse, "get_download_url_for_layer", _get_download_url)


def _complete(
    moto: Handler, self: ECRBackend, repository_name: str, upload_id: str, *rest: object, **named: object
) -> Answer:
    repository: Resource = self._get_repository(repository_name)
    upload = repository.uploads.get(upload_id)
    content = bytes(upload.layer_parts) if upload else b""
    answer = moto(self, repository_name, upload_id, *rest, **named)
    s3 = s3_backends[_ACCOUNT]["aws"]
    bucket = _BUCKET.format(region=self.region_name)
    if bucket not in s3.buckets:
        s3.create_bucket(bucket, self.region_name)
    s3.put_object(bucket, answer["layerDigest"], content).set_acl(get_canned_acl("public-read"))
    return answer


def _get_download_url(_: Handler, self: ECRResponse) -> ActionResult:
    digest, name = self._get_param("layerDigest"), self._get_param("repositoryName")
    repository: Resource = self.ecr_backend._get_repository(name, self._get_param("registryId"))  # noqa: SLF001 - moto's own
    if digest not in repository.layers:
        raise JsonRESTError(
            "LayersNotFoundException", f"The layer '{digest}' does not exist in the repository '{name}'"
        )
    bucket = _BUCKET.format(region=self.region)
    return ActionResult({"downloadUrl": f"http://{self.headers['Host']}/{bucket}/{digest}", "layerDigest": digest})
