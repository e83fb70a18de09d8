"""The models that are gone: a check for the sections that look at the others."""

from collections.abc import Iterator

from sagemaker_endpoint_doctor.examination.finding import Finding, unknown
from sagemaker_endpoint_doctor.examination.subject import Subject


def models(subject: Subject) -> Iterator[Finding]:
    """Name the models that are gone: the other checks look at the others."""
    for error in subject.gone_models().values():
        yield unknown(str(error), see={"model": "Section Model says what to do."})
