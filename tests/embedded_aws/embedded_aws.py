"""The embedded AWS, seen from the tests."""

import contextlib
import functools
import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, final

import boto3.session
import botocore.session
from botocore.config import Config

from .administrator import ACCESS_KEY_ID, SECRET_ACCESS_KEY
from .call import Call
from .settings import InterfacesAfterDelete, Settings

Client = Any  # boto3 makes its classes at run time

_ROOT = Path(__file__).resolve().parents[2]
_HOST = "127.0.0.1"
_JOURNAL = "/embedded-aws/calls"


@final
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

    def __enter__(self) -> "EmbeddedAws":
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
        return f"http://{_HOST}:{self._port}"

    def environment(self) -> dict[str, str]:
        """Return the variables that point the AWS CLI, Terraform and boto3 here; `overlay` lays them over."""
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
        """Lay `environment()` over `base` without any AWS_* of its own; no proxy stands between."""
        direct = {name: ",".join(filter(None, [base.get(name), _HOST])) for name in ("NO_PROXY", "no_proxy")}
        return overlay(base, direct | self.environment())

    def client(self, service: str, *, credentials: Mapping[str, str] | None = None) -> Client:
        """Return a boto3 client; `credentials` are those that CreateAccessKey or AssumeRole answered."""
        keys = credentials or {"AccessKeyId": ACCESS_KEY_ID, "SecretAccessKey": SECRET_ACCESS_KEY}
        return _session().client(
            service,
            endpoint_url=self.url,
            region_name=self.region,
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys.get("SessionToken"),
            config=_CLIENT_CONFIG,
        )

    def calls(self) -> list[Call]:
        """Every API call so far, in the order of the answers."""
        return [Call(**call) for call in json.loads(self._request("GET", _JOURNAL))]

    def reset_calls(self) -> None:
        self._request("DELETE", _JOURNAL)

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass at once: what is due by then, such as an endpoint's next status, happens."""
        self._request("POST", "/embedded-aws/advance", str(seconds).encode())

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
        headers = {"Content-Type": "text/plain"}
        request = urllib.request.Request(  # noqa: S310 a url of our own
            self.url + path, method=method, data=body, headers=headers
        )
        with _DIRECT.open(request, timeout=30) as answer:
            return bytes(answer.read())


_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_CLIENT_CONFIG = Config(retries={"total_max_attempts": 1}, proxies={})


@functools.cache
def _session() -> boto3.session.Session:
    """Make the one session of all clients, which reads nothing of the caller's own AWS settings."""
    nothing = dict.fromkeys(["profile", "ca_bundle"], (None, None, None, None))
    files = dict.fromkeys(["config_file", "credentials_file"], (None, None, os.devnull, None))
    return boto3.session.Session(botocore_session=botocore.session.Session(session_vars=nothing | files))


def overlay(base: Mapping[str, str], variables: Mapping[str, str]) -> dict[str, str]:
    """Lay `variables` over `base` without any AWS_* variable."""
    return {key: value for key, value in base.items() if not key.startswith("AWS_")} | dict(variables)
