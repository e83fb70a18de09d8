"""A security group, and the script to free it: the real bash, the real AWS CLI, the embedded AWS."""

import json
import os
import re
import select
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tests.embedded_aws import Call, EmbeddedAws
from tests.embedded_aws.stage import HOUR, Stage

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "eni_cleanup.sh"
BASH = shutil.which("bash") or "bash"
ACCOUNT = "123456789012"
ROLE_ID = "AROAEMBEDDEDAWSSAGEMAKER"
GROUP_DESCRIPTION = "Network interfaces of a SageMaker endpoint: no ingress"
TIME = 100  # seconds; less than a mark may take at most
IDENTITY = "GetCallerIdentity"
ENDPOINT = "DescribeEndpoint"
GROUP = "DescribeSecurityGroups"
LOOK = "DescribeNetworkInterfaces"
DELETE = "DeleteNetworkInterface"
DETACH = "DetachNetworkInterface"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a run of the script ended."""

    code: int
    log: str


class Run:
    """A run of the script that has not ended; `all_processes` ends when every process of it has."""

    def __init__(self, process: subprocess.Popen[str], *, all_processes: IO[str] | None = None) -> None:
        self.process = process
        self._all_processes = all_processes
        self._seen = ""

    def until(self, words: str) -> None:
        """Read on to the line that contains `words`."""
        assert self.process.stderr
        for line in self.process.stderr:
            self._seen += line
            if words in line:
                return
        raise AssertionError(f"{words!r} was never said:\n{self._seen}")

    def end(self) -> Outcome:
        """Read to the end; `log` is all that was said."""
        assert self.process.stderr
        self._seen += self.process.stderr.read()
        return Outcome(code=self.process.wait(timeout=60), log=self._seen)

    def leaves_a_process(self) -> bool:
        """Tell whether a process that it started goes on for more than some seconds."""
        assert self._all_processes
        ended, _, _ = select.select([self._all_processes], [], [], 8)
        return not ended


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A security group of its own, and the script to free it."""

    stage: Stage
    variables: dict[str, str]

    @property
    def aws(self) -> EmbeddedAws:
        return self.stage.aws

    @property
    def endpoint_name(self) -> str:
        """The name of the endpoint that the script is told of; there is none until it is made."""
        return self.stage.name

    def run(
        self, mode: str, changes: Mapping[str, str] | None = None, *, script: Path = SCRIPT, cwd: Path | None = None
    ) -> Outcome:
        """Run it to the end; an empty change takes the variable away."""
        done = subprocess.run(
            [BASH, script, mode],
            env=self._environment(changes or {}),
            cwd=cwd,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert done.stdout == ""
        assert re.fullmatch(r"(eni_cleanup: \[ *\d+s\] .+\n)*", done.stderr), done.stderr
        return Outcome(code=done.returncode, log=done.stderr)

    @contextmanager
    def running(self, mode: str, changes: Mapping[str, str] | None = None, *, script: Path = SCRIPT) -> Iterator[Run]:
        """Run it in a process group of its own, for a quarter of an hour at most."""
        with subprocess.Popen(
            [BASH, script, mode],
            env=self._environment(changes or {}),
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as process:
            limit = threading.Timer(900, process.kill)
            limit.start()
            try:
                yield Run(process)
            finally:
                limit.cancel()
                process.kill()

    def run_out_of_time(
        self, mode: str, changes: Mapping[str, str] | None = None, *, after: str, times: int
    ) -> Outcome:
        """Run it with a clock that stands still, and is at the end of `TIME` once `after` was called so many times."""
        with tempfile.TemporaryDirectory() as folder:
            clock = Path(folder) / "uptime"
            clock.write_text("0.00 0.00\n")
            script = edited(Path(folder), {"UPTIME": str(clock)})
            with self.running(mode, {"ENI_CLEANUP_TIMEOUT": str(TIME), **(changes or {})}, script=script) as run:
                self.until_called(after, times)
                clock.write_text(f"{TIME}.00 0.00\n")
                return run.end()

    def endpoint(self, *, count: int = 1, subnets: int = 1) -> list[str]:
        """Make the endpoint, in service, and return the ids of its interfaces."""
        self.stage.endpoint(
            self.endpoint_name, subnet_ids=[self.stage.subnet_id(number + 1) for number in range(subnets)], count=count
        )
        return self.ids()

    def deleted_endpoint(self, *, count: int = 1, subnets: int = 1) -> list[str]:
        """Make the endpoint and delete it, to its end; return the ids that its interfaces had."""
        ids = self.endpoint(count=count, subnets=subnets)
        self.stage.delete_endpoint(self.endpoint_name)
        self.aws.reset_calls()
        return ids

    def bystander(self, *more_groups: str, description: str = "by hand") -> str:
        """Make an interface that nothing is attached to."""
        made = self.stage.ec2.create_network_interface(
            SubnetId=self.stage.subnet_id(9), Groups=[self.stage.group_id, *more_groups], Description=description
        )
        return str(made["NetworkInterface"]["NetworkInterfaceId"])

    def ids(self) -> list[str]:
        return [str(interface["NetworkInterfaceId"]) for interface in self.stage.interfaces()]

    def statuses(self) -> list[str]:
        return [str(interface["Status"]) for interface in self.stage.interfaces()]

    def calls(self) -> list[Call]:
        """Return the calls that the AWS CLI made."""
        return [call for call in self.aws.calls() if "aws-cli" in call.user_agent]

    def actions(self) -> list[str]:
        """Return the actions that were called, a row of the same one as one: waiting takes as long as it takes."""
        actions = [call.action for call in self.calls()]
        return [action for action, before in zip(actions, ["", *actions], strict=False) if action != before]

    def changes_made(self) -> list[str]:
        """Return the actions that change anything."""
        return [call.action for call in self.calls() if call.is_write]

    def until_called(self, action: str, times: int) -> None:
        """Wait until the AWS CLI has called an action so many times."""
        limit = time.monotonic() + 600
        while [call.action for call in self.calls()].count(action) < times:
            assert time.monotonic() < limit, f"{action} was not called {times} times: {self.actions()}"
            time.sleep(0.1)

    def user(self, *actions: str) -> dict[str, str]:
        """Make a user that may do these actions and nothing else; return its credentials."""
        iam = self.aws.client("iam")
        iam.create_user(UserName=self.stage.name)
        iam.put_user_policy(UserName=self.stage.name, PolicyName="p", PolicyDocument=policy([*actions], Resource="*"))
        key = iam.create_access_key(UserName=self.stage.name)["AccessKey"]
        return {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}

    def let_an_hour_pass(self) -> None:
        self.aws.advance(HOUR)

    def _environment(self, changes: Mapping[str, str]) -> dict[str, str]:
        environment = self.aws.full_environment() | self.variables | dict(changes)
        return {name: value for name, value in environment.items() if value or name not in changes}


def edited(folder: Path, edits: Mapping[str, str]) -> Path:
    """Copy the script with other values for its constants: a test need not wait an hour."""
    text = SCRIPT.read_text()
    for name, value in edits.items():
        assert f"\n{name}=" in text, name
        text = re.sub(rf"(?m)^{name}=\S*", f"{name}={value}", text)
    copy = folder / "eni_cleanup.sh"
    copy.write_text(text)
    return copy


def policy(actions: list[str], **rest: object) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, **rest}]})


def scene_of(aws: EmbeddedAws, name: str, *, path: Path) -> Scene:
    """Set a scene with a name that no other has; `path` is the folder of the `aws` to use."""
    aws.reset_calls()
    aws.behave("orphan")
    stage = Stage(
        aws=aws,
        name=re.sub(r"[^a-z0-9]+", "-", name.lower())[-60:].strip("-"),
        group_description=GROUP_DESCRIPTION,
    )
    variables = {
        "PATH": f"{path}{os.pathsep}{os.environ['PATH']}",
        "ENI_CLEANUP_SECURITY_GROUP_ID": stage.group_id,
        "ENI_CLEANUP_REGION": aws.region,
        "ENI_CLEANUP_ENDPOINT_NAME": stage.name,
        "ENI_CLEANUP_ACCOUNT_ID": ACCOUNT,
        "ENI_CLEANUP_EXECUTION_ROLE_ID": ROLE_ID,
        "ENI_CLEANUP_ENDPOINT_URL": aws.url,
        "ENI_CLEANUP_INTERVAL": "1",
        "ENI_CLEANUP_SETTLE": "1",
    }
    return Scene(stage=stage, variables=variables)
