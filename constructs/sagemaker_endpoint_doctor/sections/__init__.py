"""The sections of an examination: a file each, its checks in the order of the report."""

from sagemaker_endpoint_doctor.examination.section import Section

from . import endpoint, interfaces, logs, model, role, s3

SECTIONS = (
    Section("endpoint", "Endpoint", endpoint.CHECKS),
    Section("interfaces", "Network interfaces", interfaces.CHECKS),
    Section("logs", "Logs", logs.CHECKS),
    Section("model", "Model", model.CHECKS),
    Section("role", "Role", role.CHECKS),
    Section("s3", "S3", s3.CHECKS),
)
