"""What the script is told: each input is checked, named when it is wrong, and never executed."""

import re
import subprocess
from pathlib import Path

import pytest

from .scene import BASH, SCRIPT, Scene

SECRET = {"EXTERNAL_ID", "ENDPOINT_URL"}
INJECTIONS = ["; touch injected", "$(touch injected)", "`touch injected`", "\ntouch injected", "a[$(touch injected)]"]


def test_help_names_every_variable_that_the_script_reads() -> None:
    done = subprocess.run([BASH, SCRIPT, "--help"], env={}, capture_output=True, text=True, check=True)
    used = set(re.findall(r"(?:matching\w*|whole_number|refuse_unseen) (ENI_CLEANUP_\w+)", SCRIPT.read_text()))
    assert used == set(re.findall(r"^  (ENI_CLEANUP_\w+) ", done.stdout, re.MULTILINE))
    assert len(used) == 17
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SECURITY_GROUP_ID", "sg-*"),
        ("SECURITY_GROUP_ID", "None"),
        ("SECURITY_GROUP_ID", "sg-0123abcd,sg-4567cdef"),
        ("SECURITY_GROUP_ID", "sg-0123abcd; touch injected"),
        ("REGION", "*"),
        ("REGION", "None"),
        ("REGION", "$(touch injected)"),
        ("ENDPOINT_NAME", "*"),
        ("ENDPOINT_NAME", "`touch injected`"),
        ("ENDPOINT_NAME", "a" * 64),
        ("ENDPOINT_NAME", f"a{'-' * 62}b"),
        ("ENDPOINT_CONFIG_NAME", "$(touch injected)"),
        ("ENDPOINT_CONFIG_NAME", "a" * 64),
        ("ROLE_ARN", "arn:aws:iam::1:role/short-account"),
        ("EXTERNAL_ID", "file:///etc/hostname"),
        ("EXTERNAL_ID", "without-a-role"),
        ("ACCOUNT_ID", "12345678901"),
        ("EXECUTION_ROLE_ID", "AIDA0123456789ABCDEF0"),
        ("EXECUTION_ROLE_ID", "AROA*"),
        ("EXECUTION_ROLE_SHARED", "yes"),
        ("PROFILE", "--debug"),
        ("ENDPOINT_URL", "http://user:word@127.0.0.1"),
        ("TIMEOUT", "0"),
        ("TIMEOUT", "a[$(touch injected)]"),
        ("INTERVAL", "08"),
        ("DETACH_AFTER", "-1"),
        ("SETTLE", "21"),
        ("PARALLEL", "33"),
    ],
)
@pytest.mark.parametrize("mode", ["mark", "release"])
def test_a_bad_input_is_named_with_its_value_and_nothing_is_executed(
    scene: Scene, tmp_path: Path, mode: str, variable: str, value: str
) -> None:
    severity, code = {"mark": ("WARNING", 0), "release": ("ERROR", 2)}[mode]
    outcome = scene.run(mode, {f"ENI_CLEANUP_{variable}": value}, cwd=tmp_path)
    assert outcome.code == code
    shown = ", whose value is not shown: " if variable in SECRET else f" is '{value}': "
    assert f"{severity}: ENI_CLEANUP_{variable}{shown}" in outcome.log
    assert outcome.log.count(f"{severity}: ENI_CLEANUP_") == 1
    assert list(tmp_path.iterdir()) == []
    assert scene.calls() == []


def test_a_mark_that_was_told_something_wrong_says_that_nothing_was_marked(scene: Scene) -> None:
    outcome = scene.run("mark", {"ENI_CLEANUP_ENDPOINT_NAME": "\x1b[31mred"})
    assert outcome.code == 0
    assert "WARNING: ENI_CLEANUP_ENDPOINT_NAME is '?[31mred': give the endpoint's name" in outcome.log
    assert "WARNING: not every network interface of ?[31mred could be marked: an input is wrong" in outcome.log


def test_a_stray_variable_is_an_error_of_the_release(scene: Scene) -> None:
    outcome = scene.run("release", {"ENI_CLEANUP_TIMEUOT": "60"})
    assert outcome.code == 2
    assert "ERROR: ENI_CLEANUP_TIMEUOT, whose value is not shown: no such input; see --help" in outcome.log
    assert scene.calls() == []


def test_a_stray_variable_keeps_nothing_from_being_marked(scene: Scene) -> None:
    scene.endpoint()
    outcome = scene.run("mark", {"ENI_CLEANUP_TIMEUOT": "60"})
    assert outcome.code == 0
    assert "WARNING: ENI_CLEANUP_TIMEUOT, whose value is not shown: no such input; see --help" in outcome.log
    assert "marked now: 1" in outcome.log


def test_no_input_executes_what_it_holds(scene: Scene, tmp_path: Path) -> None:
    names = re.findall(r"^  (ENI_CLEANUP_\w+) ", SCRIPT.read_text(), re.MULTILINE)
    for injection in INJECTIONS:
        outcome = scene.run("release", dict.fromkeys(names, injection), cwd=tmp_path)
        assert outcome.code == 2
        refused = set(re.findall(r"ERROR: (ENI_CLEANUP_\w+)(?: is|, whose)", outcome.log))
        # These may have any name: they reach the aws command line as one word, or it not at all.
        assert refused | {"ENI_CLEANUP_PROFILE", "ENI_CLEANUP_GROUP_NAME_PREFIX"} == set(names)
    assert list(tmp_path.iterdir()) == []
    assert scene.calls() == []


@pytest.mark.parametrize("variable", ["SECURITY_GROUP_ID", "REGION", "ENDPOINT_NAME"])
def test_a_missing_input_is_named(scene: Scene, variable: str) -> None:
    outcome = scene.run("release", {f"ENI_CLEANUP_{variable}": ""})
    assert outcome.code == 2
    assert f"ERROR: ENI_CLEANUP_{variable} is '': " in outcome.log
    assert scene.calls() == []


def test_all_bad_inputs_are_named_at_once_and_control_characters_are_not_repeated(scene: Scene) -> None:
    outcome = scene.run("release", {"ENI_CLEANUP_REGION": "\x1b[31mred\n", "ENI_CLEANUP_SETTLE": "two"})
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


def test_paths_may_hold_blanks(scene: Scene, tmp_path: Path) -> None:
    place = tmp_path / "a stack's assets"
    temporary = place / "temporary files"
    temporary.mkdir(parents=True)
    script = place / "eni cleanup.sh"
    script.write_bytes(SCRIPT.read_bytes())
    scene.deleted_endpoint()
    outcome = scene.run("release", {"TMPDIR": str(temporary)}, script=script, cwd=place)
    assert outcome.code == 0
    assert scene.ids() == []
    assert list(temporary.iterdir()) == []
