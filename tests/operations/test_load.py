"""What the documents promise of scaling is what the small model of load against policy says."""

import math

from sagemaker_endpoint import TargetTracking

import pytest

from tests.examples import synthesize
from tests.operations import load
from tests.operations.load import SERVED, STARTS_IN, Policy, jump, overloaded, rise, simulate
from tests.toolchain import REPOSITORY

from .test_scaling import scaled

PAGE = (REPOSITORY / "docs" / "scaling.md").read_text(encoding="utf-8")


def policy(safety_factor: float | None = None) -> Policy:
    """Give what the library writes for instances that serve 20 requests a second."""
    tracking = TargetTracking(requests_per_second=SERVED, safety_factor=safety_factor)
    return Policy.of(synthesize(**scaled(tracking, min_capacity=2, max_capacity=40)))


def minutes_overloaded(times: float, safety_factor: float | None = None) -> int:
    """Let 40 requests a second become so many times as many, at once."""
    its = policy(safety_factor)
    return overloaded(simulate(its, jump(40, 40 * times), instances=math.ceil(40 * 60 / its.target)))


def test_a_jump_to_twice_the_load_is_borne_by_the_reserve_of_the_default() -> None:
    assert policy().target == 600
    assert minutes_overloaded(2) == 0
    (said,) = [line for line in PAGE.splitlines() if "| twice |" in line]
    assert said == f"| twice | {minutes_overloaded(2)} | {minutes_overloaded(2, 0.7)} | {minutes_overloaded(2, 1)} |"


@pytest.mark.parametrize(("word", "times"), [("half as much again", 1.5), ("three times", 3), ("four times", 4)])
def test_the_page_says_how_long_a_greater_jump_overloads(word: str, times: float) -> None:
    minutes = [minutes_overloaded(times, factor) for factor in (None, 0.7, 1)]
    assert f"| {word} | {' | '.join(map(str, minutes))} |" in PAGE


def test_what_overloads_does_until_the_alarm_has_rung_and_the_instances_have_started() -> None:
    assert minutes_overloaded(3) == 3 + STARTS_IN == 7
    assert "overloads it for 7 minutes" in (TargetTracking.__doc__ or "").replace("\n    ", " ")


@pytest.mark.parametrize(("minutes", "overload"), [(30, 0), (20, 1), (10, 4)])
def test_an_even_rise_to_four_times_the_load(minutes: int, overload: int) -> None:
    lived = simulate(policy(), rise(40, 160, start=10, end=10 + minutes), instances=4)
    assert overloaded(lived) == overload
    assert f"in {minutes} minutes | {overload} |" in PAGE


def test_instances_are_let_go_a_quarter_of_an_hour_after_the_load_and_never_below_the_least() -> None:
    lived = simulate(policy(), jump(160, 1), instances=16)
    counts = [each.instances for each in lived]
    assert counts.index(2) == 10 + 15
    assert min(counts) == 2
    assert {*counts} == {16, 2}


def test_no_more_than_the_most_is_ever_there() -> None:
    lived = simulate(Policy(least=2, most=6, target=600), jump(40, 400), instances=4)
    assert max(each.instances for each in lived) == 6


@pytest.mark.parametrize(("initial", "overload"), [(2, 7), (6, 0), (12, 0)])
def test_an_update_begins_again_with_the_initial_count(initial: int, overload: int) -> None:
    """While 12 instances serve 120 requests a second with half in reserve."""
    lived = simulate(policy(), lambda _: 120, instances=12, updates={20: initial})
    assert lived[19].instances == 12
    assert lived[20].instances == initial
    assert lived[20 + 3 + STARTS_IN].instances == 12
    assert overloaded(lived) == overload
    assert f"| {initial} | {overload} |" in PAGE


@pytest.mark.parametrize(("cooldown", "minute"), [(None, 37), (1800, 47)])
def test_the_cooldown_after_scaling_in_makes_the_next_step_wait(cooldown: float | None, minute: int) -> None:
    tracking = TargetTracking(target_value=600, scale_in_cooldown=cooldown)
    its = Policy.of(synthesize(**scaled(tracking, max_capacity=16)))

    def falling(minute: int) -> float:
        return 160 if minute < 2 else 80 if minute < 22 else 10

    counts = [each.instances for each in simulate(its, falling, instances=16)]
    assert [counts.index(count) for count in (16, 8, 1)] == [0, 17, minute]


def test_the_picture_is_of_todays_model() -> None:
    assert load.PICTURE.read_text(encoding="utf-8") == load.drawn(), "run `make scaling`"
