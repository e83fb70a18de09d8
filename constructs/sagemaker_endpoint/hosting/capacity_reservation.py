"""Capacity that is reserved for a variant's instances."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from sagemaker_endpoint.engine.bindings import sagemaker_endpoint_configuration
from sagemaker_endpoint.rules import checks, limits
from sagemaker_endpoint.rules.conditions import AnyOf, Group, IsOneOf, Matches, Not

# The bindings of AWS provider 6.53 and before have no such block.
HAS_CAPACITY_RESERVATION_CONFIG = hasattr(
    sagemaker_endpoint_configuration, "SagemakerEndpointConfigurationProductionVariantsCapacityReservationConfig"
)
_ONLY = "capacity-reservations-only"
# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantCapacityReservationConfig.html
_PREFERENCE = limits.Text(min_length=1, max_length=None, pattern=_ONLY)
_EXAMPLE = "arn:aws:sagemaker:eu-west-1:111122223333:training-plan/sentiment"
_TRAINING_PLAN = "arn:[^:]*:sagemaker:[^:]*:[^:]*:training-plan/.*"


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityReservationConfig(checks.Inputs):
    """The ML capacity reservation, such as a training plan for endpoints, that a variant's instances come out of.

    A plan must be active, and of the variant's `instance_type`; an endpoint has at most one. Outside of its time the
    endpoint does not answer, until it gets another reservation or none. A deployment starts new instances before the
    old ones go, and so does scaling: there must be room for them. The execution role needs nothing for it.
    https://docs.aws.amazon.com/sagemaker/latest/dg/training-plan-utilization-for-inference-endpoints.html

    AWS provider 6.53 and before, and so all bindings for CDKTF, do not know it.
    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantCapacityReservationConfig.html

    Attributes:
        ml_reservation_arn: The reservation's ARN, ``arn:aws:sagemaker:…:training-plan/…`` or
            ``…:ml-reservation/…``: 20 to 258 characters.
        capacity_reservation_preference: ``capacity-reservations-only``: where the reservation has no room, instances
            fail to launch. Default: that, as AWS offers nothing else.
    """

    ml_reservation_arn: str
    capacity_reservation_preference: str = _ONLY

    def problems(self, at: str) -> Iterator[checks.Finding]:
        """Yield what is wrong or deferred, each sentence starting with the path `at`."""
        yield from checks.text(
            f"{at}.ml_reservation_arn",
            self.ml_reservation_arn,
            limits.ML_RESERVATION_ARN,
            example=_EXAMPLE,
            hint=checks.looks_like,
        )
        yield from checks.text(
            f"{at}.capacity_reservation_preference", self.capacity_reservation_preference, _PREFERENCE, example=_ONLY
        )


def training_plans_problems(at: str, stated: Sequence[object]) -> Iterator[checks.Finding]:
    """Yield that the variants of an endpoint are in several training plans.

    https://docs.aws.amazon.com/sagemaker/latest/dg/use-training-plan-for-inference-endpoints-using-api-cli-sdk.html
    """
    configs = [each for each in stated if isinstance(each, CapacityReservationConfig)]
    arns = dict.fromkeys(each.ml_reservation_arn for each in configs if isinstance(each.ml_reservation_arn, str))
    for one, other in combinations(arns, 2):
        yield from checks.rule(
            f"{at} must not be in two training plans: an endpoint uses one",
            AnyOf(
                [
                    Not(Matches(one, _TRAINING_PLAN)),
                    Not(Matches(other, _TRAINING_PLAN)),
                    IsOneOf(one, [Group(other, "(.*)", 0)]),
                ]
            ),
            [one, other],
        )
