"""Runs the embedded AWS by hand, until interrupted."""

import argparse
import shlex
import signal
from typing import get_args

from .embedded_aws import EmbeddedAws
from .settings import InterfacesAfterDelete

_ENDINGS = (signal.SIGINT, signal.SIGTERM)


def main() -> None:
    """Start it, say how to use it, and wait."""
    parser = argparse.ArgumentParser(prog="python -m tests.embedded_aws", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="the port of 127.0.0.1 (default: a free one)")
    parser.add_argument("--region", default="eu-west-1", help="the region clients use (default: eu-west-1)")
    parser.add_argument(
        "--interfaces-after-delete",
        choices=get_args(InterfacesAfterDelete),
        default="orphan",
        help="what a deleted endpoint's network interfaces do (default: orphan)",
    )
    parser.add_argument(
        "--release-seconds",
        type=float,
        default=0,
        help="how long SageMaker takes to release them once the endpoint is gone (default: 0)",
    )
    given = parser.parse_args()
    with EmbeddedAws(
        port=given.port,
        region=given.region,
        interfaces_after_delete=given.interfaces_after_delete,
        release_seconds=given.release_seconds,
    ) as aws:
        signal.pthread_sigmask(signal.SIG_BLOCK, _ENDINGS)  # held back until waited for
        print(f"The embedded AWS listens on {aws.url}. In the shell that is to use it:\n")
        print("    unset AWS_CA_BUNDLE AWS_PROFILE AWS_SESSION_TOKEN")
        for name, value in aws.environment().items():
            print(f"    export {name}={shlex.quote(value)}")
        print("    aws sagemaker list-endpoints\n\nControl-C ends it.", flush=True)
        signal.sigwait(_ENDINGS)


if __name__ == "__main__":
    main()
