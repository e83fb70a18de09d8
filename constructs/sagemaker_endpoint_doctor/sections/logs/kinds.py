"""The errors in a container's log that have a known cause."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .levels import is_calm, without_counts_of_none

# What TorchServe says at the level INFO, and is an error all the same.
_GRAVE = re.compile("worker process died")
# "To avoid CUDA out of memory", "if the download failed": what may happen and has not.
_SUPPOSED = re.compile(
    r"\b(if|in case|avoid(s|ing)?|prevent(s|ing)?|may|might|could(?! not|n't))\b[^.!?;]*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of error: what it is called, the words that give it away, why it matters and what to do."""

    name: str
    words: re.Pattern[str]
    why: str
    next: str


def kind_of(text: str) -> Kind | None:
    """Tell which kind of error a line is, if it is a known one, and an error: advice has the same words."""
    if is_calm(text) and not _GRAVE.search(text):
        return None
    said = without_counts_of_none(text)
    return next((kind for kind in KINDS if _has_happened(kind, said)), None)


def _has_happened(kind: Kind, text: str) -> bool:
    return any(not _SUPPOSED.search(text[: found.start()]) for found in kind.words.finditer(text))


KINDS: Sequence[Kind] = (
    Kind(
        "wrong architecture",
        re.compile("exec format error", re.IGNORECASE),
        "The image is built for another architecture than that of the instances: nothing in it can start.",
        "Build the image for the instance type, or for both with docker buildx build --platform "
        "linux/amd64,linux/arm64; section Model says which one is needed.",
    ),
    Kind(
        "out of memory",
        re.compile(
            r"\b\w*MemoryError\b\s*(:|$)|\b(CUDA|HIP|XPU|GPU|error|ran|went|is|was)\b\W{1,3}out of memory"
            r"|^\W*out of memory\b|can(not|'t) allocate memory|\bbad_alloc\b|\bOOM when allocating|\bOOM.?killed\b"
            r"|\b(sent|received|got|by|with) SIGKILL|\b(sent|received|got|by|with|on) signal:? 9\b"
            r"|(?-i:^Killed$|\d Killed {2,}|\bKilled process \d)",
            re.IGNORECASE,
        ),
        "The model and its requests need more memory than there is: workers are killed, and their requests fail.",
        "Take an instance_type with more memory (of the GPU, where the line speaks of CUDA), fewer workers, or "
        "smaller batches.",
    ),
    Kind(
        "disk full",
        re.compile("no space left on device", re.IGNORECASE),
        "The model's data, or what the container writes, does not fit on the storage volume.",
        "Raise volume_size_in_gb, or write less.",
    ),
    Kind(
        "download failed",
        re.compile(
            r"\b(failed|unable|error|could ?n.t|cannot)\b.{0,40}\bdownload"
            r"|\bdownload.{0,60}\b(?<!\b0 )(?<!\bno )(failed|error|timed out)\b"
            r"|calling the (GetObject|HeadObject|ListObjects(V2)?) operation|\b(NoSuchKey|NoSuchBucket)\b"
            r"|\b(could ?n.t|can(no|')t|unable to|failed to) (connect|load|find|reach|resolve).{0,60}huggingface\.co"
            r"|huggingface\.co.{0,40}Max retries exceeded|\d (Client|Server) Error.{0,60}huggingface\.co"
            r"|\b(HfHubHTTPError|LocalEntryNotFoundError)\b\s*(:|$)|not in gzip format",
            re.IGNORECASE,
        ),
        "The container cannot load the model's data, so it cannot serve.",
        "Does it load from S3? Sections S3 and Role tell whether it may, and section Network interfaces whether it "
        "can get there. From elsewhere? Private subnets need a NAT gateway for that; better put the data into S3.",
    ),
    Kind(
        "worker time-out",
        re.compile(
            r"(?-i:WORKER TIMEOUT)|worker timed out|worker (process )?(died|failed to boot)"
            r"|did not respond in given time|upstream timed out|\bWorkerInitializationException\b"
            r"|prematurely closed connection",
            re.IGNORECASE,
        ),
        "A worker took too long, or died, and was replaced: its requests were lost.",
        "If it happens at the start, the model loads longer than the server lets it: raise the server's own time-out "
        "and container_startup_health_check_timeout_in_seconds. If while serving, requests take too long: smaller "
        "ones, or a larger instance_type.",
    ),
    Kind(
        "access denied",
        re.compile(
            r"\bAccessDenied(Exception)?\b|\baccess denied\b|not authorized to perform|\bUnauthorizedOperation\b",
            re.IGNORECASE,
        ),
        "The container calls AWS, and its role may not.",
        "Section Role tells what the endpoint itself needs; what the container's own code needs besides goes into "
        "ExecutionRole(additional_policy_arns={...}).",
    ),
)
