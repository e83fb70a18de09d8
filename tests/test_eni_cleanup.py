"""scripts/eni_cleanup.sh, run by the real bash with the real AWS CLI."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.embedded_aws import EmbeddedAws
from tests.embedded_aws.stage import Stage

SCRIPT = Path(__file__).resolve().parents[1] / "scripts" / "eni_cleanup.sh"
BASH = shutil.which("bash") or "bash"
GONE = "deleted-endpoint"  # the name of an endpoint that there is not
ACCOUNT = "123456789012"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a run of the script ended."""

    code: int
    log: str


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A security group of its own, and the script to free it."""

    stage: Stage
    variables: dict[str, str]

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
            timeout=60,
            check=False,
        )
        assert done.stdout == ""
        assert re.fullmatch(r"(eni_cleanup: \[ *\d+s\] .+\n)*", done.stderr), done.stderr
        return Outcome(code=done.returncode, log=done.stderr)

    @contextmanager
    def running(self, mode: str, changes: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
        """Run it in a process group of its own."""
        with subprocess.Popen(
            [BASH, SCRIPT, mode],
            env=self._environment(changes),
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    def endpoint(self, name: str, *, count: int = 1) -> list[str]:
        """Make an endpoint in service, and return the ids of its interfaces."""
        self.stage.endpoint(name, subnet_ids=[self.stage.subnet_id(1)], count=count)
        return self.ids()

    def ids(self) -> list[str]:
        return [str(interface["NetworkInterfaceId"]) for interface in self.stage.interfaces()]

    def changes_made(self) -> list[str]:
        """Return the actions that change anything, as called by the AWS CLI."""
        return [call.action for call in self.stage.aws.calls() if call.is_write and "aws-cli" in call.user_agent]

    def _environment(self, changes: Mapping[str, str]) -> dict[str, str]:
        environment = self.stage.aws.full_environment() | self.variables | dict(changes)
        return {name: value for name, value in environment.items() if value or name not in changes}


@pytest.fixture(scope="module")
def aws() -> Iterator[EmbeddedAws]:
    with EmbeddedAws(transition_seconds=3600) as embedded:  # time passes only where a test lets it
        yield embedded


@pytest.fixture
def scene(aws: EmbeddedAws, request: pytest.FixtureRequest) -> Scene:
    aws.reset_calls()
    stage = Stage(aws=aws, name=re.sub(r"[^a-z0-9]+", "-", request.node.name)[-60:].strip("-"))
    variables = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "ENI_CLEANUP_SECURITY_GROUP_ID": stage.group_id,
        "ENI_CLEANUP_REGION": aws.region,
        "ENI_CLEANUP_ENDPOINT_NAME": GONE,
        "ENI_CLEANUP_INTERVAL": "1",
        "ENI_CLEANUP_SETTLE": "1",
    }
    return Scene(stage=stage, variables=variables)


# Inputs


def test_help_names_every_variable_that_the_script_reads() -> None:
    done = subprocess.run([BASH, SCRIPT, "--help"], env={}, capture_output=True, text=True, check=True)
    used = set(re.findall(r"(?:matching\w*|whole_number) (ENI_CLEANUP_\w+)", SCRIPT.read_text()))
    assert used == set(re.findall(r"^  (ENI_CLEANUP_\w+) ", done.stdout, re.MULTILINE))
    assert len(used) == 12
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ENI_CLEANUP_SECURITY_GROUP_ID", "sg-*"),
        ("ENI_CLEANUP_SECURITY_GROUP_ID", "None"),
        ("ENI_CLEANUP_SECURITY_GROUP_ID", "sg-0123abcd; touch injected"),
        ("ENI_CLEANUP_REGION", "$(touch injected)"),
        ("ENI_CLEANUP_ENDPOINT_NAME", "`touch injected`"),
        ("ENI_CLEANUP_ENDPOINT_NAME", "a" * 64),
        ("ENI_CLEANUP_ROLE_ARN", "arn:aws:iam::1:role/short-account"),
        ("ENI_CLEANUP_EXTERNAL_ID", "file:///etc/hostname"),
        ("ENI_CLEANUP_EXTERNAL_ID", "without-a-role"),
        ("ENI_CLEANUP_PROFILE", "--debug"),
        ("ENI_CLEANUP_ENDPOINT_URL", "http://user:word@127.0.0.1"),
        ("ENI_CLEANUP_TIMEOUT", "0"),
        ("ENI_CLEANUP_TIMEOUT", "a[$(touch injected)]"),
        ("ENI_CLEANUP_INTERVAL", "08"),
        ("ENI_CLEANUP_DETACH_AFTER", "-1"),
        ("ENI_CLEANUP_SETTLE", "21"),
        ("ENI_CLEANUP_PARALLEL", "33"),
        ("ENI_CLEANUP_TIMEUOT", "60"),
    ],
)
@pytest.mark.parametrize("mode", ["mark", "release"])
def test_a_bad_input_is_named_with_its_value_and_nothing_is_executed(
    scene: Scene, tmp_path: Path, mode: str, variable: str, value: str
) -> None:
    outcome = scene.run(mode, {variable: value}, cwd=tmp_path)
    assert outcome.code == 2
    assert f"ERROR: {variable} is '{value}': " in outcome.log
    assert len(outcome.log.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []
    assert scene.changes_made() == []


@pytest.mark.parametrize("variable", ["SECURITY_GROUP_ID", "REGION", "ENDPOINT_NAME"])
def test_a_missing_input_is_named(scene: Scene, variable: str) -> None:
    outcome = scene.run("release", {f"ENI_CLEANUP_{variable}": ""})
    assert outcome.code == 2
    assert f"ERROR: ENI_CLEANUP_{variable} is '': " in outcome.log


def test_all_bad_inputs_are_named_at_once_and_control_characters_are_not_repeated(scene: Scene) -> None:
    outcome = scene.run("mark", {"ENI_CLEANUP_REGION": "\x1b[31mred\n", "ENI_CLEANUP_SETTLE": "two"})
    assert outcome.code == 2
    assert "ENI_CLEANUP_REGION is '?[31mred?': " in outcome.log
    assert "ENI_CLEANUP_SETTLE is 'two': " in outcome.log


@pytest.mark.parametrize(
    "region", ["cn-northwest-1", "us-gov-west-1", "us-iso-east-1", "us-isob-east-1", "eusc-de-east-1"]
)
def test_regions_of_every_partition_are_accepted(scene: Scene, tmp_path: Path, region: str) -> None:
    outcome = scene.run("release", {"ENI_CLEANUP_REGION": region, "PATH": str(tmp_path)})
    assert outcome.code == 3  # past the inputs: there is no CLI to go on with


def test_an_unknown_mode_is_refused(scene: Scene) -> None:
    outcome = scene.run("sweep")
    assert outcome.code == 2
    assert "'sweep'" in outcome.log


# mark


def test_mark_sets_delete_on_termination_on_all_interfaces_and_reports_each(scene: Scene) -> None:
    ids = scene.endpoint("marked-endpoint", count=2)
    outcome = scene.run("mark", {"ENI_CLEANUP_ENDPOINT_NAME": "marked-endpoint"})
    assert outcome.code == 0
    for interface in scene.stage.interfaces():
        assert interface["Attachment"]["DeleteOnTermination"] is True
    for each in ids:
        assert f"{each}: marked, " in outcome.log
    assert "WARNING" not in outcome.log


def test_a_refused_mark_is_a_warning_in_awss_words(scene: Scene) -> None:
    scene.endpoint("unmarked-endpoint", count=2)
    keys = _user(scene.stage.aws, "may-not-mark", ["ec2:DescribeNetworkInterfaces"])
    with scene.stage.aws.enforce_iam():
        outcome = scene.run("mark", keys)
    assert outcome.code == 0
    assert "WARNING: not every network interface" in outcome.log
    assert "UnauthorizedOperation" in outcome.log
    assert not any(each["Attachment"]["DeleteOnTermination"] for each in scene.stage.interfaces())


def test_mark_warns_when_there_is_no_cli(scene: Scene, tmp_path: Path) -> None:
    outcome = scene.run("mark", {"PATH": str(tmp_path)})
    assert outcome.code == 0
    assert "WARNING" in outcome.log
    assert "no aws command on PATH" in outcome.log


# release


def test_orphans_are_deleted(scene: Scene) -> None:
    ids = scene.endpoint("orphaning-endpoint", count=3)
    scene.stage.delete_endpoint("orphaning-endpoint")
    outcome = scene.run("release", {"ENI_CLEANUP_ENDPOINT_NAME": "orphaning-endpoint"})
    assert outcome.code == 0
    assert scene.ids() == []
    for each in ids:
        assert outcome.log.count(f"{each} found: available") == 1
        assert outcome.log.count(f"{each}: deleted") == 1
    assert f"{scene.stage.group_id} is free" in outcome.log
    assert scene.changes_made() == ["DeleteNetworkInterface"] * 3


def test_a_free_group_is_looked_at_as_often_as_asked_and_left(scene: Scene) -> None:
    outcome = scene.run("release", {"ENI_CLEANUP_SETTLE": "2"})
    assert outcome.code == 0
    assert f"{scene.stage.group_id} is free" in outcome.log
    looks = [call for call in scene.stage.aws.calls() if "aws-cli" in call.user_agent and call.service == "ec2"]
    assert [call.action for call in looks] == ["DescribeNetworkInterfaces"] * 2


def test_a_living_endpoint_is_not_touched(scene: Scene) -> None:
    ids = scene.endpoint("living-endpoint")
    ids.append(_bystander(scene.stage))
    outcome = scene.run("release", {"ENI_CLEANUP_ENDPOINT_NAME": "living-endpoint"})
    assert outcome.code == 0
    assert "WARNING: the endpoint living-endpoint is alive (InService)" in outcome.log
    assert sorted(scene.ids()) == sorted(ids)
    assert scene.changes_made() == []


def test_an_endpoint_being_deleted_is_waited_for_and_nothing_is_detached(scene: Scene) -> None:
    (left,) = scene.endpoint("ending-endpoint")
    scene.stage.sagemaker.delete_endpoint(EndpointName="ending-endpoint")
    changes = {"ENI_CLEANUP_ENDPOINT_NAME": "ending-endpoint", "ENI_CLEANUP_DETACH_AFTER": "0"}
    with scene.running("release", changes) as process:
        seen = _read_until(process, "waiting for")
        scene.stage.aws.advance(3600)
        assert process.stderr
        seen += process.stderr.read()
        assert process.wait(timeout=30) == 0
    assert "ending-endpoint is being deleted" in seen
    assert f"{left}: in-use -> available" in seen
    assert scene.ids() == []
    assert scene.changes_made() == ["DeleteNetworkInterface"]


def test_an_interface_that_aws_keeps_is_detached_once_and_named_when_time_is_up(scene: Scene) -> None:
    (stuck,) = scene.endpoint("another-endpoint")  # holds its interface, for the script to fail at
    outcome = scene.run("release", {"ENI_CLEANUP_TIMEOUT": "10", "ENI_CLEANUP_DETACH_AFTER": "0"})
    assert outcome.code == 4
    assert f"{stuck} could not be detached: An error occurred (AuthFailure)" in outcome.log
    named, advice = outcome.log.splitlines()[-2:]
    assert f"{stuck}: in-use" in named
    assert "run the destroy again" in advice
    assert scene.changes_made() == ["DetachNetworkInterface"]


def test_an_interface_of_the_accounts_own_instance_is_kept_and_described(scene: Scene) -> None:
    stage = scene.stage
    stage.ec2.run_instances(
        ImageId="ami-12345678", MinCount=1, MaxCount=1, SubnetId=stage.subnet_id(2), SecurityGroupIds=[stage.group_id]
    )
    (foreign,) = scene.ids()
    outcome = scene.run("release", {"ENI_CLEANUP_DETACH_AFTER": "0"})
    assert outcome.code == 5
    assert re.search(rf"  {foreign}: in-use, type interface, requester .*, instance i-", outcome.log)
    assert scene.ids() == [foreign]
    assert scene.changes_made() == []


def test_an_available_interface_that_is_in_another_group_too_is_kept(scene: Scene) -> None:
    other = scene.stage.ec2.create_security_group(GroupName="other", Description="t", VpcId=scene.stage.vpc_id)
    kept = _bystander(scene.stage, other["GroupId"])
    outcome = scene.run("release")
    assert outcome.code == 5
    assert f"{kept} found, perhaps not the endpoint's: available" in outcome.log
    assert scene.ids() == [kept]
    assert scene.changes_made() == []


def test_a_description_cannot_pass_for_a_row_of_its_own(scene: Scene) -> None:
    victim = "eni-0123456789abcdef0"
    scene.stage.ec2.create_network_interface(
        SubnetId=scene.stage.subnet_id(1),
        Groups=[scene.stage.group_id],
        Description=f"x\n{victim}\tavailable\tinterface\tfalse\t-\t-\t1\t-\t-\t-\tnull\t-\tx",
    )
    outcome = scene.run("release")
    assert outcome.code == 0
    assert f"{victim}: " not in outcome.log
    assert scene.changes_made() == ["DeleteNetworkInterface"]


# What can go wrong on the way to AWS


def test_a_denied_describe_is_not_an_empty_group(scene: Scene) -> None:
    keys = _user(scene.stage.aws, "may-not-look", ["sagemaker:DescribeEndpoint"])
    with scene.stage.aws.enforce_iam():
        outcome = scene.run("release", keys)
    assert outcome.code == 3
    assert "(UnauthorizedOperation) when calling the DescribeNetworkInterfaces operation" in outcome.log
    assert "is free" not in outcome.log


def test_a_denied_delete_ends_it_with_awss_words(scene: Scene) -> None:
    orphan = _bystander(scene.stage)
    keys = _user(scene.stage.aws, "may-only-look", ["sagemaker:DescribeEndpoint", "ec2:DescribeNetworkInterfaces"])
    with scene.stage.aws.enforce_iam():
        outcome = scene.run("release", keys)
    assert outcome.code == 3
    assert "(UnauthorizedOperation) when calling the DeleteNetworkInterface operation" in outcome.log
    assert scene.ids() == [orphan]


def test_without_permission_to_see_the_endpoint_nothing_is_detached_by_force(scene: Scene) -> None:
    (stuck,) = scene.endpoint("hidden-endpoint")
    keys = _user(scene.stage.aws, "may-not-see-endpoints", ["ec2:*"])
    with scene.stage.aws.enforce_iam():
        outcome = scene.run("release", keys | {"ENI_CLEANUP_TIMEOUT": "10", "ENI_CLEANUP_DETACH_AFTER": "0"})
    assert outcome.code == 4
    assert outcome.log.count("nothing is detached by force: An error occurred (AccessDenied") == 1
    assert f"{stuck}: in-use" in outcome.log
    assert scene.changes_made() == []


def test_no_credentials_are_reported_in_awss_words(scene: Scene) -> None:
    outcome = scene.run("release", {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""})
    assert outcome.code == 3
    assert "ERROR: Unable to locate credentials" in outcome.log


def test_a_profile_that_does_not_exist_is_reported_in_awss_words(scene: Scene) -> None:
    outcome = scene.run("release", {"ENI_CLEANUP_PROFILE": "no such profile"})
    assert outcome.code == 3
    assert "The config profile (no such profile) could not be found" in outcome.log


def test_a_dead_url_is_tried_until_time_is_up(scene: Scene) -> None:
    dead = {"ENI_CLEANUP_ENDPOINT_URL": "http://127.0.0.1:1", "ENI_CLEANUP_TIMEOUT": "6"}
    outcome = scene.run("release", dead)
    assert outcome.code == 3
    assert outcome.log.count("AWS is asked again until it answers: Could not connect to the endpoint URL") == 1
    assert "ERROR: AWS did not answer before time was up after 6s: Could not connect" in outcome.log


def test_no_cli_on_the_path_is_said(scene: Scene, tmp_path: Path) -> None:
    outcome = scene.run("release", {"PATH": str(tmp_path)})
    assert outcome.code == 3
    assert "ERROR: there is no aws command on PATH" in outcome.log


def test_the_role_is_assumed_with_its_external_id_and_used_for_every_call(scene: Scene, tmp_path: Path) -> None:
    iam = scene.stage.aws.client("iam")
    iam.create_role(RoleName="operator", AssumeRolePolicyDocument=_policy(["sts:AssumeRole"], Principal={"AWS": "*"}))
    allowed = ["sagemaker:DescribeEndpoint", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface"]
    iam.put_role_policy(RoleName="operator", PolicyName="p", PolicyDocument=_policy(allowed, Resource="*"))
    keys = _user(scene.stage.aws, "may-only-assume", ["sts:AssumeRole"])
    _bystander(scene.stage)
    role = {
        "ENI_CLEANUP_ROLE_ARN": f"arn:aws:iam::{ACCOUNT}:role/operator",
        "ENI_CLEANUP_EXTERNAL_ID": "Team=7,A:b/c",
        "TMPDIR": str(tmp_path),
    }
    with scene.stage.aws.enforce_iam():
        outcome = scene.run("release", keys | role)
    assert outcome.code == 0, outcome.log
    assert scene.ids() == []
    (assumed,) = (call for call in scene.stage.aws.calls() if call.action == "AssumeRole")
    assert assumed.parameters["ExternalId"] == "Team=7,A:b/c"
    assert list(tmp_path.iterdir()) == []


def test_an_empty_profile_in_the_environment_does_no_harm(scene: Scene) -> None:
    variables = scene.variables | {"AWS_PROFILE": "", "ENI_CLEANUP_PROFILE": "", "ENI_CLEANUP_ROLE_ARN": ""}
    outcome = Scene(stage=scene.stage, variables=variables).run("release")
    assert outcome.code == 0, outcome.log


def test_paths_may_hold_blanks(scene: Scene, tmp_path: Path) -> None:
    place = tmp_path / "a stack's assets"
    temporary = place / "temporary files"
    temporary.mkdir(parents=True)
    script = Path(shutil.copy(SCRIPT, place / "eni cleanup.sh"))
    _bystander(scene.stage)
    outcome = scene.run("release", {"TMPDIR": str(temporary)}, script=script, cwd=place)
    assert outcome.code == 0
    assert scene.ids() == []
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupt_ends_it_and_all_its_processes(
    scene: Scene, tmp_path: Path, sent: signal.Signals, code: int
) -> None:
    scene.endpoint(f"holding-endpoint-{code}")
    long = {"ENI_CLEANUP_INTERVAL": "300", "ENI_CLEANUP_TIMEOUT": "600", "TMPDIR": str(tmp_path)}
    with scene.running("release", long) as process:
        _read_until(process, "waiting for")
        process.send_signal(sent)
        assert process.stderr
        assert f"interrupted by {sent.name}" in process.stderr.read()
        assert process.wait(timeout=10) == code
        with pytest.raises(ProcessLookupError):
            os.killpg(process.pid, 0)
    assert list(tmp_path.iterdir()) == []


# Helpers


def _bystander(stage: Stage, *more_groups: str) -> str:
    """Make an interface that nothing is attached to."""
    made = stage.ec2.create_network_interface(
        SubnetId=stage.subnet_id(9), Groups=[stage.group_id, *more_groups], Description="by hand"
    )
    return str(made["NetworkInterface"]["NetworkInterfaceId"])


def _policy(actions: list[str], **rest: object) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, **rest}]})


def _user(aws: EmbeddedAws, name: str, actions: list[str]) -> dict[str, str]:
    """Make a user that may do these actions and nothing else; return its credentials."""
    iam = aws.client("iam")
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=_policy(actions, Resource="*"))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}


def _read_until(process: subprocess.Popen[str], words: str) -> str:
    assert process.stderr
    seen = ""
    for line in process.stderr:
        seen += line
        if words in line:
            return seen
    raise AssertionError(f"{words!r} was never said:\n{seen}")
