"""A variant that gets a copy of the requests, and whose answers nobody sees."""

from collections.abc import Iterator, Sequence

from sagemaker_endpoint.rules import checks
from sagemaker_endpoint.rules.conditions import AreDistinct

from .capacity_reservation import training_plans_problems
from .serverless import ServerlessProductionVariant
from .variant import InstanceProductionVariant


def shadow_problems(
    at: str, shadows: object, variants: Sequence[InstanceProductionVariant | ServerlessProductionVariant]
) -> Iterator[checks.Finding]:
    """Yield what is wrong with shadow variants, and with their names beside those of the production variants.

    https://docs.aws.amazon.com/sagemaker/latest/dg/shadow-tests-create.html
    """
    if isinstance(shadows, str | bytes) or not isinstance(shadows, Sequence):
        yield f"{at} must be a list of InstanceProductionVariant(...), got {checks.brief(shadows)}"
        return
    for index, shadow in enumerate(shadows):
        yield from checks.part(f"{at}[{index}]", shadow, InstanceProductionVariant)
    if not shadows:
        return
    if len(shadows) > 1:
        yield f"{at} must have at most 1 variant, since AWS copies requests to one, got {len(shadows)}"
    if not isinstance(variants, Sequence):
        return
    both = [each for each in (*variants, *shadows) if isinstance(each, InstanceProductionVariant)]
    yield from training_plans_problems(
        f"{at} and production_variants", [each.capacity_reservation_config for each in both]
    )
    names = [each.variant_name for each in both]
    own = f"{at} must have a variant_name that production_variants has not"
    beside = {each.variant_name for each in variants if isinstance(each, InstanceProductionVariant)}
    for each in shadows:
        name = each.variant_name if isinstance(each, InstanceProductionVariant) else None
        if isinstance(name, str) and name in beside and not checks.deferred(name):
            yield f"{own}, got {name!r} in both"
    if all(isinstance(name, str) for name in names) and any(map(checks.deferred, names)):
        yield from checks.rule(own, AreDistinct(names), names)
