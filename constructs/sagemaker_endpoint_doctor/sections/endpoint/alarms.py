"""The CloudWatch alarms that watch the endpoint."""

from collections.abc import Iterator

from sagemaker_endpoint_doctor.examination.finding import Finding, ok, problem
from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.facts.alarms import ringing, rollback_names, scales, since
from sagemaker_endpoint_doctor.text.times import ago, moment
from sagemaker_endpoint_doctor.text.words import counted, shortened
from sagemaker_endpoint_runbook import commands


def alarms(subject: Subject) -> Iterator[Finding]:
    """Whether one of them is in ALARM; those that take updates back are looked at by themselves.

    Those by which it scales are in ALARM whenever instances are added or, for hours, taken away.
    """
    of_rollback = rollback_names(subject)
    found = [alarm for alarm in ringing(subject) if alarm["AlarmName"] not in of_rollback]
    of_scaling = [alarm for alarm in found if scales(alarm)]
    others = [alarm for alarm in found if alarm not in of_scaling]
    for alarm in others:
        yield problem(
            f"alarm {alarm['AlarmName']} is in ALARM since {moment(since(alarm))} "
            f"({ago(since(alarm), subject.now)}): {shortened(alarm['StateReason'])}",
            why="Somebody found this important enough to be told of it.",
            next="Look at what the alarm watches; the other findings may tell its cause.",
            command=commands.DESCRIBE_ALARMS,
        )
    if not others:
        other = "other " if of_rollback else ""
        scaled = f", but for {counted(len(of_scaling), 'alarm')} by which it scales" if of_scaling else ""
        yield ok(f"no {other}alarm on it is in ALARM{scaled}")
