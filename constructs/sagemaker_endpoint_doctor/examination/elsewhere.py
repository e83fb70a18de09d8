"""Where an endpoint may be that is not where it is looked for.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListEndpoints.html
"""

from difflib import get_close_matches

from sagemaker_endpoint_doctor.aws.errors import UNANSWERED
from sagemaker_endpoint_doctor.text.words import counted, listed

from .subject import Subject

_MOST = 1000  # names, the newest first: ten calls
_ELSEWHERE = "Is it in another region (--region) or account (--profile)?"


def elsewhere(subject: Subject) -> str:
    """Name the endpoints of the region that are called alike, and say where else to look."""
    return subject.once("endpoints called alike", lambda: _elsewhere(subject))


def _elsewhere(subject: Subject) -> str:
    wanted, place = subject.names.endpoint_name, subject.names.region
    try:
        pages = subject.aws.sagemaker.get_paginator("list_endpoints").paginate(
            PaginationConfig={"MaxItems": _MOST, "PageSize": 100}
        )
        names = [each["EndpointName"] for page in pages for each in page["Endpoints"]]
    except UNANSWERED:
        return _ELSEWHERE
    same = [each for each in names if each.casefold() == wanted.casefold()]
    alike = get_close_matches(wanted, names, cutoff=0.75)
    if same:
        return f"There is {listed(same)}: AWS tells the case of letters apart."
    if alike:
        return f"There is {listed(alike)} in {place}. {_ELSEWHERE}"
    return f"There is no name like it among the {counted(len(names), 'endpoint')} in {place}. {_ELSEWHERE}"
