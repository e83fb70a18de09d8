"""Which of the variants are scaled, and what scaling needs to know of them."""

from collections.abc import Iterator, Sequence

from sagemaker_endpoint.operations.scaled_variant import ScaledVariant, kind_problems
from sagemaker_endpoint.rules import checks

from .serverless import ServerlessProductionVariant
from .variant import InstanceProductionVariant


def scaled_variants(
    production_variants: object, shadow_production_variants: object, *, asynchronous: bool
) -> Iterator[ScaledVariant]:
    """Give those that are scaled, shadows last: each of them is registered on its own.

    https://docs.aws.amazon.com/sagemaker/latest/dg/shadow-tests-best-practices.html
    """
    lists = {"production_variants": production_variants, "shadow_production_variants": shadow_production_variants}
    for name, variants in lists.items():
        if isinstance(variants, str | bytes) or not isinstance(variants, Sequence):
            continue
        for index, variant in enumerate(variants):
            at = f"{name}[{index}]"
            if isinstance(variant, InstanceProductionVariant) and variant.auto_scaling is not None:
                yield ScaledVariant(
                    at=at,
                    variant_name=variant.variant_name,
                    auto_scaling=variant.auto_scaling,
                    initial=variant.initial_instance_count,
                    initial_name="initial_instance_count",
                    instance_type=variant.instance_type,
                    asynchronous=asynchronous,
                )
            elif isinstance(variant, ServerlessProductionVariant) and variant.auto_scaling is not None:
                yield ScaledVariant(
                    at=at,
                    variant_name=variant.variant_name,
                    auto_scaling=variant.auto_scaling,
                    initial=variant.provisioned_concurrency,
                    initial_name="provisioned_concurrency",
                    max_concurrency=variant.max_concurrency,
                )


def runbook_names(variants: Sequence[ScaledVariant]) -> dict[str, Sequence[str]]:
    """Give the variants that scale, for the runbook; nothing where none does."""
    return {"scaled": [each.variant_name for each in variants]} if variants else {}


def problems(
    production_variants: object, shadow_production_variants: object, *, asynchronous: bool
) -> Iterator[checks.Finding]:
    """Yield what does not go together with the scaling of a variant."""
    variants = scaled_variants(production_variants, shadow_production_variants, asynchronous=asynchronous)
    for each in variants:
        yield from kind_problems(each)
