"""The sections of an examination: a file each, its checks in the order of the report."""

from collections.abc import Sequence
from dataclasses import dataclass

from sagemaker_endpoint_doctor.check import Check

from . import endpoint, interfaces, logs, model, role, s3


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its key on the command line and for machines, its title, its checks."""

    key: str
    title: str
    checks: Sequence[Check]


SECTIONS = (
    Section("endpoint", "Endpoint", endpoint.CHECKS),
    Section("interfaces", "Network interfaces", interfaces.CHECKS),
    Section("logs", "Logs", logs.CHECKS),
    Section("model", "Model", model.CHECKS),
    Section("role", "Role", role.CHECKS),
    Section("s3", "S3", s3.CHECKS),
)
