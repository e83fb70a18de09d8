"""The embedded AWS, seen from the tests."""

import contextlib
import functools
import json
import multiprocessing
import os
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any, final

import boto3.session
import botocore.session
from botocore.config import Config

from .administrator import ACCESS_KEY_ID, SECRET_ACCESS_KEY
from .call import Call
from .fault import Failure, Fault
from .settings import DeploymentFailure, InterfaceBehaviour, InterfacesAfterDelete, Settings

# moto and the doctor make many sessions; each would read the descriptions of AWS's services again.
botocore.session.create_loader = functools.cache(botocore.session.create_loader)

Client = Any  # boto3 makes its classes at run time

_HOST = "127.0.0.1"
_OWN = "/embedded-aws"


@final
class EmbeddedAws:
    """AWS in a process of its own, on a free port of 127.0.0.1, gone when its parent is.

    The parameters are those of `Settings` and `InterfaceBehaviour`.
    """

    def __init__(
        self,
        *,
        region: str = "eu-west-1",
        port: int = 0,
        interfaces_after_delete: InterfacesAfterDelete = "orphan",
        release_seconds: float = 0,
        transition_seconds: float = 0.05,
        wait_seconds: float | None = None,
    ) -> None:
        self.region = region
        self._settings = Settings(
            region=region,
            port=port,
            interfaces=InterfaceBehaviour(after_delete=interfaces_after_delete, release_seconds=release_seconds),
            transition_seconds=transition_seconds,
            wait_seconds=wait_seconds,
        )
        self._process: BaseProcess | None = None
        self._port = 0

    def __enter__(self) -> "EmbeddedAws":
        self._connection, other = multiprocessing.Pipe()
        settings = replace(self._settings, preferred_port=_ports[-1] if _ports else 0)
        self._process = _PROCESSES.Process(target=serve, args=(settings, other), daemon=True)
        self._process.start()
        other.close()
        try:
            self._port = self._connection.recv()
        except EOFError:
            self._process.join()
            code = self._process.exitcode
            raise RuntimeError(f"The embedded AWS ended at once with exit code {code}; see its error above.") from None
        _ports.append(self._port)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._process:
            self._connection.close()  # which ends it
            self._process.join()
            self._process.close()
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

    def client(
        self, service: str, *, credentials: Mapping[str, str] | None = None, region: str | None = None
    ) -> Client:
        """Return a boto3 client; `credentials` are those that CreateAccessKey or AssumeRole answered."""
        keys = credentials or {"AccessKeyId": ACCESS_KEY_ID, "SecretAccessKey": SECRET_ACCESS_KEY}
        return _client(
            service,
            endpoint_url=self.url,
            region_name=region or self.region,
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys.get("SessionToken"),
        )

    def elsewhere(self, *, region: str, role_arn: str) -> "Elsewhere":
        """Give another account and region, as a role of that account sees it; AssumeRole answers for any role."""
        assumed = self.client("sts").assume_role(RoleArn=role_arn, RoleSessionName="elsewhere")
        return Elsewhere(aws=self, region=region, credentials=assumed["Credentials"])

    def calls(self) -> list[Call]:
        """Every API call so far, in the order of the answers."""
        return [Call(**call) for call in json.loads(self._request("GET", f"{_OWN}/calls"))]

    def reset_calls(self) -> None:
        self._request("DELETE", f"{_OWN}/calls")

    def in_use(self) -> list[str]:
        """Name what the account's endpoints use now, as each `Call` does for its own time."""
        return [*json.loads(self._request("GET", f"{_OWN}/in-use"))]

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass at once: what is due by then, such as an endpoint's next status, happens."""
        self._request("POST", f"{_OWN}/advance", str(seconds))

    def behave(self, interfaces_after_delete: InterfacesAfterDelete, *, release_seconds: float = 0) -> None:
        """Let the network interfaces that are made from now on end in another way."""
        behaviour = InterfaceBehaviour(after_delete=interfaces_after_delete, release_seconds=release_seconds)
        self._request("POST", f"{_OWN}/interfaces", json.dumps(asdict(behaviour)))

    @contextlib.contextmanager
    def fault(
        self,
        operation: str,
        failure: Failure | None,
        *,
        caller: str = "",
        skip: int = 0,
        times: int | None = None,
    ) -> Iterator[None]:
        """Inside, calls of `operation` (`ec2:DeleteSubnet`) fail, or wait for its end: see `Fault`."""
        service, _, action = operation.partition(":")
        fault = Fault(service=service, action=action, failure=failure, caller=caller, skip=skip, times=times)
        number = self._request("POST", f"{_OWN}/faults", fault.to_json())
        try:
            yield
        finally:
            self._request("DELETE", f"{_OWN}/faults", number)

    @contextlib.contextmanager
    def fail_deployments(self, reason: str, update: DeploymentFailure = "rolled back") -> Iterator[None]:
        """Deployments that begin inside fail: a new endpoint is Failed, an updated one is rolled back, or not yet."""
        self._request("POST", f"{_OWN}/deployment-failure", json.dumps({"reason": reason, "update": update}))
        try:
            yield
        finally:
            self._request("POST", f"{_OWN}/deployment-failure")

    @contextlib.contextmanager
    def hide_rollbacks(self, caller: str) -> Iterator[None]:
        """Inside, DescribeEndpoint names to this caller, such as `Terraform`, the configuration it asked for as live.

        AWS does no such thing: it stands for a version of the provider that does not read back what is live.
        """
        self._request("POST", f"{_OWN}/hidden-rollbacks", caller)
        try:
            yield
        finally:
            self._request("POST", f"{_OWN}/hidden-rollbacks")

    @contextlib.contextmanager
    def enforce_iam(self) -> Iterator[None]:
        """Inside, every call needs known credentials and a policy that allows it."""
        before = json.loads(self._request("POST", "/moto-api/reset-auth", "0"))
        try:
            yield
        finally:
            self._request("POST", "/moto-api/reset-auth", before["PREVIOUS_INITIAL_NO_AUTH_ACTION_COUNT"])

    def _request(self, method: str, path: str, body: str = "") -> str:
        headers = {"Content-Type": "text/plain"}
        request = urllib.request.Request(  # noqa: S310 - a url of our own
            self.url + path, method=method, data=body.encode(), headers=headers
        )
        with _DIRECT.open(request, timeout=120) as answer:
            return str(answer.read().decode())


@dataclass(frozen=True, kw_only=True)
class Elsewhere:
    """Another account and region of the same AWS."""

    aws: EmbeddedAws
    region: str
    credentials: Mapping[str, str]

    def client(self, service: str) -> Client:
        """Return a boto3 client that works there."""
        return self.aws.client(service, credentials=self.credentials, region=self.region)


def serve(settings: Settings, parent: Connection) -> None:
    """Serve, in the process that does: whoever only asks needs no moto."""
    from .server import serve as _serve  # noqa: PLC0415 - imported there beforehand

    _serve(settings, parent)


_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["tests.embedded_aws.server"])
_ports: list[int] = []  # one after another listens on the same, so that the provider that runs finds it

_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_CLIENT_CONFIG = Config(retries={"total_max_attempts": 1}, proxies={})


@functools.lru_cache(maxsize=32)  # to make one takes longer than many a call
def _client(service: str, **settings: str | None) -> Client:
    make: Callable[..., Client] = _session().client
    return make(service, config=_CLIENT_CONFIG, **settings)


@functools.cache
def _session() -> boto3.session.Session:
    """Make the one session of all clients, which reads nothing of the caller's own AWS settings."""
    nothing = dict.fromkeys(["profile", "ca_bundle"], (None, None, None, None))
    files = dict.fromkeys(["config_file", "credentials_file"], (None, None, os.devnull, None))
    return boto3.session.Session(botocore_session=botocore.session.Session(session_vars=nothing | files))


def overlay(base: Mapping[str, str], variables: Mapping[str, str]) -> dict[str, str]:
    """Lay `variables` over `base` without any AWS_* variable."""
    return {key: value for key, value in base.items() if not key.startswith("AWS_")} | dict(variables)
