"""The errors in a container's log that have a known cause."""

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of error: what it is called, the words that give it away, why it matters and what to do."""

    name: str
    words: re.Pattern[str]
    why: str
    next: str


def kind_of(text: str) -> Kind | None:
    """Tell which kind of error a line is, if it is a known one."""
    return next((kind for kind in KINDS if kind.words.search(text)), None)


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
            r"MemoryError|OutOfMemory|out of memory|cannot allocate memory|bad_alloc|\bOOM\b|oom.?kill|SIGKILL"
            r"|signal 9\b|(?-i:\bKilled\b)",
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
            r"(failed|unable|error|could ?n.t|cannot)\b.{0,40}\bdownload|\bdownload.{0,60}\b(failed|error|timed out)"
            r"|calling the (GetObject|HeadObject|ListObjects(V2)?) operation|NoSuchKey|NoSuchBucket"
            r"|huggingface\.co|HfHubHTTPError|LocalEntryNotFoundError|not in gzip format",
            re.IGNORECASE,
        ),
        "The container cannot load the model's data, so it cannot serve.",
        "Does it load from S3? Sections S3 and Role tell whether it may, and section Network interfaces whether it "
        "can get there. From elsewhere? Private subnets need a NAT gateway for that; better put the data into S3.",
    ),
    Kind(
        "worker time-out",
        re.compile(
            r"worker timeout|worker (process )?(died|failed to boot)|did not respond in given time"
            r"|upstream timed out|WorkerInitializationException|prematurely closed connection",
            re.IGNORECASE,
        ),
        "A worker took too long, or died, and was replaced: its requests were lost.",
        "If it happens at the start, the model loads longer than the server lets it: raise the server's own time-out "
        "and container_startup_health_check_timeout_in_seconds. If while serving, requests take too long: smaller "
        "ones, or a larger instance_type.",
    ),
    Kind(
        "access denied",
        re.compile(r"AccessDenied|access denied|not authorized to perform|UnauthorizedOperation", re.IGNORECASE),
        "The container calls AWS, and its role may not.",
        "Section Role tells what the endpoint itself needs; what the container's own code needs besides goes into "
        "ExecutionRole(additional_policy_arns={...}).",
    ),
)
