"""The forms in which SageMaker is told a place in S3."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

# The bucket in the path or in the host, the old global host and its dash too:
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
_SUFFIX = (  # of each partition
    "(amazonaws[.]com|amazonaws[.]com[.]cn|amazonaws[.]eu|c2s[.]ic[.]gov|sc2s[.]sgov[.]gov|cloud[.]adc-e[.]uk"
    "|csp[.]hci[.]ic[.]gov)"
)
_HOST = f"s3(-fips)?([.]dualstack)?([.-][a-z]{{2,5}}(-[a-z]{{2,15}}){{1,3}}-[0-9]{{1,2}})?[.]{_SUFFIX}"
_BUCKET = "(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])"
_FORMS = (
    re.compile("s3://(?P<bucket>[^/]+)/(?P<key>.*)", re.DOTALL),
    re.compile(f"https://{_HOST}/{_BUCKET}/(?P<key>.*)", re.DOTALL),
    re.compile(f"https://{_BUCKET}[.]{_HOST}/(?P<key>.*)", re.DOTALL),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An object, or a prefix, in a bucket."""

    bucket: str
    key: str


def parse(url: str) -> Place | None:
    """Read ``s3://bucket/key``, or the HTTPS URL of either style; None if it is neither."""
    for form in _FORMS:
        found = form.fullmatch(url)
        if found:
            key = unquote(found["key"]) if url.startswith("https:") else found["key"]
            return Place(bucket=found["bucket"], key=key)
    return None
