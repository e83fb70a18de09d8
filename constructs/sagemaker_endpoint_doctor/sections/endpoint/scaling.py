"""The automatic scaling of the endpoint's variants.

https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling.html
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sagemaker_endpoint_doctor.aws.errors import is_denied
from sagemaker_endpoint_doctor.examination.finding import Finding, ok, problem, warning
from sagemaker_endpoint_doctor.examination.subject import GoneError, Subject
from sagemaker_endpoint_doctor.facts import alarms
from sagemaker_endpoint_doctor.facts import scaling as facts
from sagemaker_endpoint_doctor.text.times import ago, moment
from sagemaker_endpoint_doctor.text.words import counted, listed, shortened
from sagemaker_endpoint_runbook import commands

from botocore.exceptions import ClientError

if TYPE_CHECKING:  # the types come with the development packages only
    from mypy_boto3_application_autoscaling.type_defs import ScalableTargetTypeDef, ScalingPolicyTypeDef
    from mypy_boto3_sagemaker.type_defs import ProductionVariantSummaryTypeDef

_INSTANCES = "sagemaker:variant:DesiredInstanceCount"
_WAKES = "HasBacklogWithoutCapacity"
_SUSPENDED = {
    "DynamicScalingOutSuspended": "scaling out",
    "DynamicScalingInSuspended": "scaling in",
    "ScheduledScalingSuspended": "scheduled scaling",
}


def scaling(subject: Subject) -> Iterator[Finding]:
    """Whether each variant can still grow, and each scalable target has its variant."""
    variants = {each["VariantName"]: each for each in subject.deployed_variants()}
    if not variants:
        return
    found = facts.targets(subject)
    for name, of_variant in found.items():
        for target in of_variant:
            if name in variants:
                yield from _judged(subject, target, variants[name])
            elif subject.endpoint()["EndpointStatus"] == "InService":
                yield _orphan(subject, target, name)
    if not found and any(map(_is_fixed, variants.values())):
        yield ok("no variant scales by itself: the number of instances is fixed")


def _is_fixed(variant: "ProductionVariantSummaryTypeDef") -> bool:
    """Tell whether nothing but Application Auto Scaling changes the number of its instances.

    A serverless variant has none, and where inference components run SageMaker may manage it by itself.
    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantSummary.html
    """
    is_managed = variant.get("ManagedInstanceScaling", {}).get("Status") == "ENABLED"
    return not is_managed and "CurrentServerlessConfig" not in variant and "DesiredServerlessConfig" not in variant


def _judged(
    subject: Subject, target: "ScalableTargetTypeDef", variant: "ProductionVariantSummaryTypeDef"
) -> Iterator[Finding]:
    name, unit = variant["VariantName"], "instances"
    wanted = variant.get("DesiredInstanceCount", 0)
    if target["ScalableDimension"] != _INSTANCES:
        unit = "concurrent requests (provisioned)"
        wanted = variant.get("DesiredServerlessConfig", {}).get("ProvisionedConcurrency", 0)
    least, most = target["MinCapacity"], target["MaxCapacity"]
    state = target.get("SuspendedState", {})
    suspended = [words for key, words in _SUSPENDED.items() if state.get(key)]
    if suspended:
        verb = "is" if len(suspended) == 1 else "are"
        yield warning(
            f"{name} may scale from {least} to {most} {unit}, but {listed(suspended)} {verb} suspended, at {wanted}",
            why="It does not grow with the number of requests."
            if state.get("DynamicScalingOutSuspended")
            else "It does not do all that its policies and scheduled actions ask for.",
            next="Find out who suspended it and why. This takes it up again: "
            + _of(commands.RESUME_SCALING, subject, target),
            command=_show(target),
        )
    if least == most == wanted:
        yield ok(f"{name} is held at {most} {unit}: the minimum and the maximum of its scaling are the same")
    elif wanted >= most:
        by = "".join(f", by {facts.in_words(each)}" for each in facts.seen_policies(subject, target))
        yield warning(
            f"{name} is scaled to {wanted} {unit}, its maximum is {most}{by}",
            why="It cannot grow any more: with more requests it becomes slow, then fails.",
            next="If requests are slow or fail, raise the scalable target's maximum; mind the account's quota for the "
            "instance type.",
            command=_show(target),
        )
    elif not suspended:
        yield ok(f"{name} scales from {least} to {most} {unit}, {wanted} now")


def _orphan(subject: Subject, target: "ScalableTargetTypeDef", name: str) -> Finding:
    return warning(
        f"a scalable target is registered for {name}, and the endpoint has no such variant",
        why="It scales nothing, and its alarms cost; a variant of that name would be scaled by it at once.",
        next="Remove it where it was made. If nobody knows where, this removes it with its policies: "
        + _of(commands.DEREGISTER_SCALABLE_TARGET, subject, target),
        command=_show(target),
    )


def policies(subject: Subject) -> Iterator[Finding]:
    """Whether something changes each variant's capacity, and wakes one that may have no instance."""
    variants = {each["VariantName"] for each in subject.deployed_variants()}
    for name, of_variant in facts.targets(subject).items() if variants else ():
        for target in of_variant if name in variants else ():
            found = facts.policies(subject, target)
            sleeps = subject.is_asynchronous() and target["MinCapacity"] == 0
            if sleeps and not any(_wakes(subject, each) for each in found):
                yield from _asleep(subject, target, name, found)
            elif found:
                yield ok(f"{name} is scaled by {listed(facts.in_words(each) for each in found)}")
            else:
                yield _without_policy(subject, target, name)


def _wakes(subject: Subject, policy: "ScalingPolicyTypeDef") -> bool:
    """Tell whether a policy brings back an instance as soon as a request waits.

    https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-autoscale.html
    """
    if facts.metric(policy):
        return facts.metric(policy) == _WAKES
    return any(
        _WAKES in alarms.metrics(each) and each.get("ActionsEnabled", True)
        for each in alarms.of_action(subject, policy["PolicyARN"])
    )


def _asleep(
    subject: Subject, target: "ScalableTargetTypeDef", name: str, found: "list[ScalingPolicyTypeDef]"
) -> Iterator[Finding]:
    state = "has no instance" if not _runs(subject, name) else "may go down to no instance"
    schedules = [] if found else list(facts.scheduled_actions(subject, target))
    mend = (
        f"Add a policy on {_WAKES} with its alarm; with this library, BacklogPerInstance(...) among the policies of "
        "auto_scaling. If there is one, its alarm is gone or its actions are disabled."
    )
    seen = f"{name} {state}, and no alarm on {_WAKES} starts a policy of its scaling"
    if found or schedules:
        by = listed(map(facts.in_words, found)) if found else counted(len(schedules), "scheduled action")
        yield warning(
            f"{seen}, only {by}",
            why="Requests that come to no instance wait until that brings one, if it does.",
            next=mend,
            command=_show_policies(target),
        )
    else:
        yield problem(
            f"{seen}, nor is there another",
            why="Once there is no instance, none comes back, and requests are dropped after six hours.",
            next=mend,
            command=_show_policies(target),
        )


def _runs(subject: Subject, name: str) -> bool:
    return any(each.get("DesiredInstanceCount") for each in subject.deployed_variants() if each["VariantName"] == name)


def _without_policy(subject: Subject, target: "ScalableTargetTypeDef", name: str) -> Finding:
    schedules = list(facts.scheduled_actions(subject, target))
    if schedules:
        return ok(f"{name} is scaled by {counted(len(schedules), 'scheduled action')} alone")
    return warning(
        f"{name} is registered for scaling, but no policy and no scheduled action scales it",
        why="It stays as it is, however many requests come. Where a target was taken away and put back, AWS has "
        "deleted its policies.",
        next=f"Put back what it had ({subject.deploy}), add a policy, or remove the target.",
        command=_show_policies(target),
    )


def activities(subject: Subject) -> Iterator[Finding]:
    """Whether the last change of each variant's capacity succeeded."""
    variants = {each["VariantName"] for each in subject.deployed_variants()}
    for name, of_variant in facts.targets(subject).items() if variants else ():
        for target in of_variant if name in variants else ():
            last = facts.last_activity(subject, target)
            if last and last["StatusCode"] in ("Failed", "Unfulfilled"):
                began = last["StartTime"]
                yield problem(
                    f"the last scaling of {name} failed at {moment(began)} ({ago(began, subject.now)}): "
                    f"{shortened(last.get('StatusMessage', last['Description']))}",
                    why="It does not have the number of instances that its policies ask for.",
                    next="AWS may have too few instances of this type free, the account's quota may be used up, or the "
                    "subnets may have too few addresses. It is tried again.",
                    see={"interfaces": "Section Network interfaces tells what is wrong with the network."},
                    command=_of(commands.DESCRIBE_SCALING_ACTIVITIES, subject, target, located=False),
                )


def blocked(subject: Subject) -> Iterator[Finding]:
    """Whether a scalable target stands in the way of the configuration that Terraform made.

    AWS refuses to change the instance type of a variant that is registered, and to remove it. That is no failed update:
    the endpoint is as before. https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-scaling-update.html
    """
    endpoint = subject.endpoint()
    live, stated = endpoint["EndpointConfigName"], subject.names.endpoint_config_name
    if stated is None or stated == live or endpoint["EndpointStatus"] != "InService":
        return
    try:
        found = facts.targets(subject)
        if not found:
            return
        before, after = _types(subject, live), _types(subject, stated)
    except ClientError as error:  # other checks say so
        if is_denied(error):
            return
        raise
    except GoneError:
        return
    for name, of_variant in found.items():
        if name in before and before[name] != after.get(name):
            change = f"changes the instance type of {name} to {after[name]}" if name in after else f"has no {name}"
            yield problem(
                f"update blocked: Terraform's {stated} {change}, which is registered for scaling",
                why="AWS refuses to change the instance type of a registered variant, or to remove it.",
                next=f"Remove the target, which removes its policies too, then {subject.deploy}; what the stack does "
                "not make is to be put back by hand: "
                + _of(commands.DEREGISTER_SCALABLE_TARGET, subject, of_variant[0]),
                command=_show(of_variant[0]),
            )


def _types(subject: Subject, configuration: str) -> dict[str, str]:
    found = subject.configuration_named(configuration)
    variants = [*found["ProductionVariants"], *found.get("ShadowProductionVariants", [])]
    return {each["VariantName"]: each.get("InstanceType", "a serverless one") for each in variants}


def _show(target: "ScalableTargetTypeDef") -> str:
    _, endpoint, _, variant = target["ResourceId"].split("/")
    return commands.filled(commands.DESCRIBE_SCALABLE_TARGETS, endpoint=endpoint, variant=variant)


def _show_policies(target: "ScalableTargetTypeDef") -> str:
    _, endpoint, _, variant = target["ResourceId"].split("/")
    return commands.filled(commands.DESCRIBE_SCALING_POLICIES, endpoint=endpoint, scaled=variant)


def _of(command: str, subject: Subject, target: "ScalableTargetTypeDef", *, located: bool = True) -> str:
    """Fill in a command about a target; what is told of in a sentence is given the region at once."""
    _, endpoint, _, variant = target["ResourceId"].split("/")
    names = {"endpoint": endpoint, "scaled": variant, "dimension": target["ScalableDimension"]}
    line = commands.filled(command, **{name: names[name] for name in commands.names_in(command)})
    return commands.located(line, region=subject.names.region, profile=None) if located else line
