"""Calls that ask for an image in another account's registry.

moto looks in the caller's own, whatever the call's registryId, and finds no such repository. ECR asks the repository's
policy, which the owner alone may read.
https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
https://docs.aws.amazon.com/AmazonECR/latest/userguide/security_iam_resource-based-policy-examples.html

Left out: whether the caller's own policies allow it, unless IAM is enforced, and then on this account's repository. A
repository that the other account does not have is answered as moto does.
"""

import json

from moto.core.exceptions import JsonRESTError
from moto.ecr.models import ecr_backends
from moto.ecr.responses import ECRResponse

from .iam_policy import Decision, Request, decide
from .patching import Answer, Handler, wrap

_ACTIONS = {
    "batch_check_layer_availability": "ecr:BatchCheckLayerAvailability",
    "batch_get_image": "ecr:BatchGetImage",
    "describe_images": "ecr:DescribeImages",
    "get_download_url_for_layer": "ecr:GetDownloadUrlForLayer",
    "get_repository_policy": "ecr:GetRepositoryPolicy",
    "list_images": "ecr:ListImages",
}


def fill() -> None:
    for handler, action in _ACTIONS.items():
        wrap(ECRResponse, handler, _asking_the_owner(action))


def _asking_the_owner(action: str) -> Handler:
    def ask(moto: Handler, self: ECRResponse) -> Answer:
        registry, name = self._get_param("registryId"), self._get_param("repositoryName")
        caller = self.current_account
        if not registry or registry == caller:
            return moto(self)
        repository = ecr_backends[registry][self.region].repositories.get(name)
        if repository is None:
            return moto(self)
        request = Request(action=action, resource=repository.arn, context={})
        root = f"arn:{self.partition}:iam::{caller}:root"
        policies = [json.loads(repository.policy)] if repository.policy else []
        if decide(policies, request, principals=[caller, root]) is not Decision.ALLOW:
            raise JsonRESTError(
                "AccessDeniedException",
                f"User: {root} is not authorized to perform: {action} on resource: {repository.arn} because no "
                f"resource-based policy allows the {action} action",
            )
        self.current_account = registry
        return moto(self)

    return ask
