"""The alarms that take an update back, and whether one of them did.

https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sagemaker_endpoint_doctor.examination.finding import Finding, ok, problem, warning
from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.facts.alarms import RollbackAlarm, of_rollback, rang, rollback_names
from sagemaker_endpoint_doctor.text.times import ago, moment
from sagemaker_endpoint_doctor.text.words import listed, shortened
from sagemaker_endpoint_runbook import commands

from .failure_reasons import has_other_cause

# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_BlueGreenUpdatePolicy.html
_LONGEST_DEPLOYMENT = timedelta(seconds=28800)
_REPAIR = (
    "Where only a deployment mends it, leave the alarms out for that one: with this library, apply once with "
    "deployment=AllAtOnce(roll_back_on_own_alarms=False)."
)


def rollback_alarms(subject: Subject) -> Iterator[Finding]:
    """Whether those that the live deployment names exist, and none rings, so that an update can stay."""
    names, found = rollback_names(subject), of_rollback(subject)
    for name in names:
        if name not in found:
            yield warning(
                f"alarm {name}, which is to take updates back, does not exist",
                why="AWS does not say what an update comes to then: it may be refused, or go through unwatched.",
                next=f"Make it again, or name another in the deployment, then {subject.deploy}.",
                command=commands.filled(commands.DESCRIBE_ALARM, alarm=name),
            )
        elif found[name].rings:
            yield _ringing(subject, found[name])
    if names and all(name in found and not found[name].rings for name in names):
        yield ok(f"no alarm that takes updates back rings: {listed(names)}")


def _ringing(subject: Subject, alarm: RollbackAlarm) -> Finding:
    return problem(
        f"alarm {alarm.name} is in ALARM since {moment(alarm.since)} ({ago(alarm.since, subject.now)}), and takes "
        f"updates back: {shortened(alarm.reason)}",
        why="Until it is quiet, the next update is likely to be taken back too, even one that mends the cause.",
        next=f"Look at what it watches, and wait until it is quiet before you deploy. {_REPAIR}",
        command=commands.filled(commands.DESCRIBE_ALARM, alarm=alarm.name),
    )


def taken_back(subject: Subject) -> Iterator[Finding]:
    """Which alarm took the last update back, where one seems to have been: AWS itself does not tell.

    "If any of your alarms trip during the specified monitoring period, SageMaker AI initiates a complete rollback".
    When it ended, LastModifiedTime tells, or later: it also changes as instances come and go.
    """
    endpoint = subject.endpoint()
    live, stated = endpoint["EndpointConfigName"], subject.names.endpoint_config_name
    reason = endpoint.get("FailureReason", "")
    was = endpoint["EndpointStatus"] == "InService" and (reason or (stated is not None and stated != live))
    if not was or has_other_cause(reason):
        return
    end = endpoint["LastModifiedTime"]
    for alarm in of_rollback(subject).values():
        began = _began(subject, alarm, end)
        if began:
            over = "still rings" if alarm.rings else f"is quiet since {moment(alarm.since)}"
            yield warning(
                f"alarm {alarm.name} rang at {moment(began)}, before the endpoint was last changed at {moment(end)}: "
                f"most likely it took the update back; it {over}",
                why="What the alarm watches is why the new configuration does not serve.",
                next=f"Mend what made it ring, then {subject.deploy}. {_REPAIR}",
                command=commands.filled(commands.DESCRIBE_ALARM_HISTORY, alarm=alarm.name),
            )


def _began(subject: Subject, alarm: RollbackAlarm, end: datetime) -> datetime | None:
    """Give when it rang last before an update ended; its history is not asked for where its state says so."""
    start = end - _LONGEST_DEPLOYMENT
    if alarm.rings and alarm.since <= end:
        return alarm.since
    if alarm.since < start:  # nothing has changed since
        return None
    return rang(subject, alarm.name, start, end)
