"""The endpoint's log group, and the errors in it.

https://docs.aws.amazon.com/sagemaker/latest/dg/logging-cloudwatch.html
"""

from collections.abc import Iterator
from functools import wraps

from sagemaker_endpoint_doctor.aws.errors import error_code
from sagemaker_endpoint_doctor.examination.finding import Finding
from sagemaker_endpoint_doctor.examination.section import Check
from sagemaker_endpoint_doctor.examination.subject import Subject

from botocore.exceptions import ClientError

from .errors import errors
from .log_group import group, key, last_event, retention
from .pipelines import pipelines

_NO_GROUP = "ResourceNotFoundException"


def _where_there(check: Check) -> Check:
    """Let a check be silent where there is no log group: `group` says it."""

    @wraps(check)
    def silent(subject: Subject) -> Iterator[Finding]:
        try:
            yield from check(subject)
        except ClientError as error:
            if error_code(error) != _NO_GROUP:
                raise

    return silent


CHECKS = (group, key, retention, *map(_where_there, (last_event, pipelines, errors)))
