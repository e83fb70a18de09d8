"""A variant without instances: SageMaker runs the container when requests come."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sagemaker_endpoint.operations.auto_scaling import AutoScaling
from sagemaker_endpoint.rules import checks, limits
from sagemaker_endpoint.rules.conditions import AnyOf, IsAtLeast, IsNone, IsOneOf, Not

from .model import Model

# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantServerlessConfig.html
_MEMORY_SIZES_IN_MB = (1024, 2048, 3072, 4096, 5120, 6144)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerlessProductionVariant(checks.Inputs):
    """Memory that serves one model, for as long as requests come; the endpoint's only variant.

    It stands in no VPC, so the endpoint has no `network`, no security group and no network interfaces. It takes no
    network isolation, and its image must lie in Amazon ECR in the endpoint's own account, or be one of AWS's own:
    nothing here checks that, as AWS's own images lie in many accounts. A request may hold 4 MB and take 60 s, the image
    10 GB. An endpoint of instances becomes none in place: AWS refuses it, so a plan does first, and says what to do.
    The other way is an update like any other.
    https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html

    Attributes:
        model: What is run.
        memory_size_in_mb: 1024, 2048, 3072, 4096, 5120 or 6144 MB; the share of a processor grows with it.
        max_concurrency: How many requests are served at a time, 1 to 200; further ones are refused.
        provisioned_concurrency: For how many of them the container is kept ready, 1 to `max_concurrency`. Default
            none: the first request after a pause waits for the container to start.
        variant_name: Becomes part of Terraform addresses: at most 63 letters, digits and hyphens. Default
            ``AllTraffic``.
        auto_scaling: Lets the provisioned concurrency follow the load, which `provisioned_concurrency` is then what
            each new configuration begins with. Default: it stays what it is.
    """

    model: Model
    memory_size_in_mb: float
    max_concurrency: float
    provisioned_concurrency: float | None = None
    variant_name: str = "AllTraffic"
    auto_scaling: AutoScaling | None = None

    def problems(self, at: str) -> Iterator[checks.Finding]:
        """Yield what is wrong or deferred, each sentence starting with the path `at`."""
        yield from checks.part(f"{at}.model", self.model, Model)
        if isinstance(self.model, Model):
            yield from checks.rule(
                f"{at} must not be a ServerlessProductionVariant with the model's enable_network_isolation: AWS cuts "
                "no serverless container off from the network",
                Not(IsOneOf(self.model.enable_network_isolation, [True])),
            )
        yield from checks.one_of(f"{at}.memory_size_in_mb", self.memory_size_in_mb, _MEMORY_SIZES_IN_MB)
        found = [
            *checks.number(f"{at}.max_concurrency", self.max_concurrency, limits.MAX_CONCURRENCY),
            *checks.number(
                f"{at}.provisioned_concurrency",
                self.provisioned_concurrency,
                limits.PROVISIONED_CONCURRENCY,
                optional=True,
            ),
        ]
        yield from found
        if self.provisioned_concurrency is not None and not any(isinstance(each, str) for each in found):
            most = "" if checks.deferred(self.max_concurrency) else f" {self.max_concurrency!r}"
            yield from checks.rule(
                f"{at}.provisioned_concurrency must be at most max_concurrency{most}, of which it is a part",
                AnyOf(
                    [
                        IsNone(self.provisioned_concurrency),
                        IsAtLeast(self.max_concurrency, self.provisioned_concurrency),
                    ]
                ),
                self.provisioned_concurrency,
            )
        yield from checks.text(f"{at}.variant_name", self.variant_name, limits.VARIANT_NAME, example="AllTraffic")
        if self.auto_scaling is not None:
            yield from checks.part(f"{at}.auto_scaling", self.auto_scaling, AutoScaling)


def is_serverless(variants: object) -> bool:
    """Tell whether any of the variants stated is serverless."""
    if isinstance(variants, str | bytes) or not isinstance(variants, Sequence):
        return False
    return any(isinstance(each, ServerlessProductionVariant) for each in variants)
