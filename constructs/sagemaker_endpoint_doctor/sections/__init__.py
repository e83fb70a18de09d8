"""The sections of an examination: a file each, its checks in the order of the report."""

from sagemaker_endpoint_doctor.examination.section import Section

from . import endpoint, interfaces, logs, model, role, s3

SECTIONS = (
    Section("endpoint", "Endpoint", endpoint.CHECKS, depth=0),
    Section("interfaces", "Network interfaces", interfaces.CHECKS, depth=2),
    Section("logs", "Logs", logs.CHECKS, depth=1),
    Section("model", "Model", model.CHECKS, depth=5),
    Section("role", "Role", role.CHECKS, depth=3),
    Section("s3", "S3", s3.CHECKS, depth=4),
)
