"""What to do about a deployment that failed, by the words of SageMaker's FailureReason."""

import re

_ALARMS = r"\balarms?\b"
_ADVICE = {
    r"scalable target|deregister": "A variant is registered for scaling, and AWS then neither changes its instance "
    "type nor removes it: take the scalable target away first. Where the stack makes the target, terraform apply does.",
    r"health check|\bping\b": "The container did not answer GET /ping in time: section Logs tells what it did instead.",
    r"insufficient.?(instance)?.?capacity|compute capacity": "AWS has too few instances of this type free just now: "
    "take another instance_type, fewer instances or more zones, or try again later.",
    r"ResourceLimitExceeded|quota|service limit|account-level": "A quota of the account is used up: ask AWS for more, "
    "or take fewer instances or another instance_type.",
    r"model data|artifact|s3://": "SageMaker cannot load the model's data: sections Model, Role and S3 tell why.",
    r"subnet|network interface|\bENI\b|security group|IP address": "The network is at fault: section "
    "Network interfaces tells how.",
    r"\bimages?\b|\bECR\b|repository|manifest|CannotStartContainer": "The image cannot be pulled or started: section "
    "Model tells whether it exists and fits the instances.",
    r"AccessDenied|access denied|not authorized|permission|\brole\b": "Something is not allowed: section "
    "Role tells what.",
    _ALARMS: "An alarm that guards the deployment went off: look at what it watches.",
}


def advice(reason: str) -> str:
    """Give the advice for the first words that are known, most telling first."""
    known = (text for words, text in _ADVICE.items() if re.search(words, reason, re.IGNORECASE))
    return next(known, "Mend what the reason names; section Logs may tell more.")


def has_other_cause(reason: str) -> bool:
    """Tell whether a reason names something that is known, and that is no alarm."""
    words = next((words for words in _ADVICE if re.search(words, reason, re.IGNORECASE)), _ALARMS)
    return words != _ALARMS
