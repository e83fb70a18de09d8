"""The embedded AWS, seen from the tests."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from .call import Call
from .settings import InterfacesAfterDelete, Settings

_ROOT = Path(__file__).resolve().parents[2]
_JOURNAL = "/embedded-aws/calls"
ACCESS_KEY_ID = "AKIAEMBEDDEDAWSADMIN"
SECRET_ACCESS_KEY = "not-a-secret"


class EmbeddedAws:
    """AWS in a process of its own, on a free port of 127.0.0.1, gone when its parent is.

    The parameters are those of `Settings`.
    """

    def __init__(
        self,
        *,
        region: str = "eu-west-1",
        port: int = 0,
        interfaces_after_delete: InterfacesAfterDelete = "orphan",
        transition_seconds: float = 0.05,
    ) -> None:
        self.region = region
        self._settings = Settings(
            region=region,
            port=port,
            interfaces_after_delete=interfaces_after_delete,
            transition_seconds=transition_seconds,
        )
        self._process: subprocess.Popen[str] | None = None
        self._port = 0

    def __enter__(self) -> EmbeddedAws:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.embedded_aws.server", self._settings.to_json()],
            cwd=_ROOT,
            env=overlay(os.environ, {}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout
        port = self._process.stdout.readline()
        if not port:
            code = self._process.wait()
            raise RuntimeError(f"The embedded AWS ended at once with exit code {code}; see its error above.")
        self._port = int(port)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._process:
            self._process.communicate()  # closes its standard input, which ends it
            self._process = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    def environment(self) -> dict[str, str]:
        """The variables that point the AWS CLI, Terraform and boto3 here; lay them over with `overlay`."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
            "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_PAGER": "",
        }

    def full_environment(self, base: Mapping[str, str] = os.environ) -> dict[str, str]:
        """`base` without any AWS_* of its own, with `environment()` laid over."""
        return overlay(base, self.environment())

    def client(self, service: str, *, credentials: Mapping[str, str] | None = None) -> Any:
        """A boto3 client; `credentials` are those that CreateAccessKey or AssumeRole answered."""
        import boto3  # noqa: PLC0415 it is slow to import, and not every test needs it

        keys = credentials or {"AccessKeyId": ACCESS_KEY_ID, "SecretAccessKey": SECRET_ACCESS_KEY}
        session = boto3.session.Session(
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys.get("SessionToken"),
            region_name=self.region,
        )
        return session.client(service, endpoint_url=self.url)

    def calls(self) -> list[Call]:
        """Every API call so far, in the order of the answers."""
        return [Call(**call) for call in json.loads(self._request("GET", _JOURNAL))]

    def reset_calls(self) -> None:
        self._request("DELETE", _JOURNAL)

    @contextlib.contextmanager
    def enforce_iam(self) -> Iterator[None]:
        """Inside, every call needs known credentials and a policy that allows it."""
        before = json.loads(self._request("POST", "/moto-api/reset-auth", b"0"))
        try:
            yield
        finally:
            count = before["PREVIOUS_INITIAL_NO_AUTH_ACTION_COUNT"].encode()
            self._request("POST", "/moto-api/reset-auth", count)

    def _request(self, method: str, path: str, body: bytes | None = None) -> bytes:
        request = urllib.request.Request(self.url + path, method=method, data=body)  # noqa: S310 a url of our own
        with _DIRECT.open(request, timeout=30) as answer:
            return bytes(answer.read())


_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def overlay(base: Mapping[str, str], variables: Mapping[str, str]) -> dict[str, str]:
    """`base` without any AWS_* variable, with `variables` laid over it."""
    return {key: value for key, value in base.items() if not key.startswith("AWS_")} | dict(variables)
