"""One run of ``sagemaker-endpoint adopt``: a live endpoint is read, and a program printed that takes it over."""

import sys
from datetime import datetime, timezone

from sagemaker_endpoint_doctor.adoption.live import read
from sagemaker_endpoint_doctor.adoption.program import program
from sagemaker_endpoint_doctor.examination.subject import Subject
from sagemaker_endpoint_doctor.inputs import caller
from sagemaker_endpoint_doctor.inputs.request import Request
from sagemaker_endpoint_doctor.text.printable import printable


def adopt(request: Request) -> None:
    """Print the program.

    Raises:
        UsageError: No region is known.
        CannotStartError: AWS does not let us begin, or there is no such endpoint in service.
    """
    names = request.names(caller.region_of(request.region, request.profile))
    aws = caller.connect(names.region, request.profile)
    caller.account_of(Subject(names=names, aws=aws, now=datetime.now(timezone.utc), since=request.since))
    text = program(read(aws, names.endpoint_name), request.profile)
    shown = "\n".join(map(printable, text.split("\n")))
    if shown != text:
        print("A password in a URL is left out: *** stands in its place.", file=sys.stderr)
    print(shown, end="")
