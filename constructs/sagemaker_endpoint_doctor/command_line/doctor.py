"""One run of the doctor, from names to exit code. All that needs boto3 and rich comes in with it."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from sagemaker_endpoint_doctor.aws.client import Aws
from sagemaker_endpoint_doctor.aws.errors import UNREADABLE, CannotCheckError, explained
from sagemaker_endpoint_doctor.examination.errors import CannotStartError, knowing
from sagemaker_endpoint_doctor.examination.names import Names
from sagemaker_endpoint_doctor.examination.runner import Examined, examine
from sagemaker_endpoint_doctor.examination.subject import NoSuchEndpointError, Subject
from sagemaker_endpoint_doctor.inputs import caller, terraform
from sagemaker_endpoint_doctor.inputs.request import Request
from sagemaker_endpoint_doctor.report import as_json
from sagemaker_endpoint_doctor.report.as_text import show
from sagemaker_endpoint_doctor.report.exits import Exit
from sagemaker_endpoint_doctor.report.outcome import Outcome, verdict
from sagemaker_endpoint_doctor.sections import SECTIONS
from sagemaker_endpoint_doctor.text.printable import printable
from sagemaker_endpoint_runbook.commands import located

from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from rich.progress import Progress
from rich.text import Text

from .progress import progress_on, step
from .watch import watch

if TYPE_CHECKING:  # the types come with the development packages only
    from mypy_boto3_sagemaker.type_defs import DescribeEndpointOutputTypeDef


def consult(
    request: Request, *, pause: Callable[[float], None] = time.sleep, clock: Callable[[], float] = time.monotonic
) -> Exit:
    """Examine the endpoint, print what was found, and give the exit code.

    The report goes to standard output; progress, and what happens meanwhile, to standard error.

    Raises:
        UsageError: No region is known.
        CannotStartError: AWS or Terraform does not let us begin.
        OSError: What is printed cannot be written.
    """
    with progress_on(_Console(stderr=True)) as progress:
        outcome = _Consultation(request, progress, pause, clock).outcome()
    if request.json:
        print(as_json.document(outcome))
    else:
        show(_Console(), outcome)
    return outcome.exit


class _Console(Console):
    """One that leaves it to the command line what a closed pipe comes to."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


class _Consultation:
    def __init__(
        self, request: Request, progress: Progress, pause: Callable[[float], None], clock: Callable[[], float]
    ) -> None:
        self._request = request
        self._progress = progress
        self._pause = pause
        self._clock = clock

    def outcome(self) -> Outcome:
        names = self._names()
        with knowing(endpoint_name=names.endpoint_name, region=names.region):
            return self._outcome(names)

    def _outcome(self, names: Names) -> Outcome:
        with step(self._progress, "AWS credentials"):
            aws = caller.connect(names.region, self._request.profile)
            subject = self._subject(names, aws)
            account_id = caller.account_of(subject)
        if names.account_id not in (None, account_id):
            raise CannotStartError(
                f"Terraform's endpoint is in account {names.account_id}, and these are credentials of account "
                f"{account_id}, in which nothing is looked at: set AWS_PROFILE or --profile.",
                account_id=account_id,
            )
        failed = False
        if self._request.watch:
            with knowing(account_id=account_id):
                failed = self._deployment_failed(names, aws)
            subject = self._subject(names, aws)  # what it knows by now may have changed
        return Outcome(
            names=names,
            account_id=account_id,
            now=subject.now,
            since=subject.since,
            examined=self._examined(subject),
            failed=failed,
        )

    def _names(self) -> Names:
        request = self._request
        if request.from_terraform is None:
            region = caller.region_of(request.region, request.profile)
            return request.names(region)
        with step(self._progress, "Terraform's outputs"):
            outputs = terraform.read(request.from_terraform)
        for name in outputs.missing:
            self._tell(f"Terraform's outputs lack {name}: what needs it is asked of AWS, or left out.")
        return outputs.names

    def _subject(self, names: Names, aws: Aws) -> Subject:
        now = self._request.at or datetime.now(timezone.utc)
        return Subject(names=names, aws=aws, now=now, since=self._request.since)

    def _deployment_failed(self, names: Names, aws: Aws) -> bool:
        """Wait for the deployment's end; where there is no endpoint, the examination tells."""
        task = self._progress.add_task("Watching", total=None)

        def tell(line: str) -> None:
            self._tell(f"{datetime.now(timezone.utc):%H:%M:%S} UTC  {line}")
            self._progress.update(task, description=printable(line))

        try:
            return watch(
                lambda: self._looked_at(names, aws),
                timeout=self._request.timeout,
                tell=tell,
                pause=self._pause,
                clock=self._clock,
            ).failed
        except NoSuchEndpointError:
            return False
        except (BotoCoreError, ClientError, CannotCheckError, *UNREADABLE) as error:
            raise CannotStartError(f"The deployment cannot be watched: {explained(error)}.") from error
        finally:
            self._progress.remove_task(task)

    def _looked_at(self, names: Names, aws: Aws) -> "DescribeEndpointOutputTypeDef":
        try:
            return self._subject(names, aws).endpoint()
        except BotoCoreError:  # some of them are OSErrors or ValueErrors too
            raise
        except (OSError, ValueError) as error:
            raise CannotCheckError(caller.misconfigured(error)) from error

    def _examined(self, subject: Subject) -> list[Examined]:
        sections = [each for each in SECTIONS if each.key in self._request.sections]
        tasks = {each.key: self._progress.add_task(each.title, total=1) for each in sections}

        def done(examined: Examined) -> None:
            section = examined.section
            title = f"{section.title}: {verdict(examined).value}"
            self._progress.update(tasks[section.key], completed=1, description=title)

        return [self._located(each, subject) for each in examine(subject, sections, done=done)]

    def _located(self, examined: Examined, subject: Subject) -> Examined:
        """Let the commands go to the region and account that were examined, whatever shell they are pasted into."""
        region, profile = subject.names.region, self._request.profile
        findings = [
            replace(each, command=located(each.command, region=each.region or region, profile=profile))
            for each in examined.findings
        ]
        return replace(examined, findings=findings)

    def _tell(self, line: str) -> None:
        self._progress.console.print(Text(printable(line)), soft_wrap=True, highlight=False)
