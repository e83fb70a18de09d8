"""Interfaces are marked while the endpoint lives and released when it is gone, by the script, with no shell."""

import json
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from sagemaker_endpoint import ExecutionRole, InterfaceCleanup, SageMakerEndpoint
from sagemaker_endpoint.network import interfaces

import pytest
from cdktf import App, TerraformStack
from cdktf import Testing as CdktfTesting
from cdktf_cdktf_provider_aws.provider import (
    AwsProvider,
    AwsProviderAssumeRole,
    AwsProviderAssumeRoleWithWebIdentity,
)
from cdktf_cdktf_provider_null.provider import NullProvider

from tests.console import evaluate
from tests.examples import INPUTS, NETWORK, endpoint, problems, stack, synthesize, variable
from tests.synthesized import Block, Synthesized, named
from tests.toolchain import REPOSITORY

ROLE = "arn:aws:iam::111122223333:role/operator"
OWN = {
    "ENI_CLEANUP_SECURITY_GROUP_ID": "${self.triggers.security_group_id}",
    "ENI_CLEANUP_ENDPOINT_NAME": "${self.triggers.endpoint_name}",
    "ENI_CLEANUP_REGION": "${self.triggers.region}",
    # A state that an older version of the library made does not have these.
    "ENI_CLEANUP_ACCOUNT_ID": '${try(self.triggers.account_id, "")}',
    "ENI_CLEANUP_EXECUTION_ROLE_ID": '${try(self.triggers.execution_role_id, "")}',
    "ENI_CLEANUP_EXECUTION_ROLE_SHARED": '${try(self.triggers.execution_role_shared, "")}',
}
MARKS_OWN = {
    **OWN,
    "ENI_CLEANUP_GROUP_NAME_PREFIX": "sentiment-endpoint-",
    "ENI_CLEANUP_ENDPOINT_CONFIG_NAME": "${self.triggers.endpoint_config_name}",
}
TRIGGERS = {
    "security_group_id",
    "region",
    "endpoint_name",
    "account_id",
    "execution_role_id",
    "execution_role_shared",
}


def kept(name: str) -> str:
    """Give how a provisioner reads a setting that Terraform alone knew when the resource was made."""
    return f'${{try(nonsensitive(self.triggers.{name}), self.triggers.{name}, "")}}'


def cleanup(**stated: Any) -> dict[str, object]:
    return {"interface_cleanup": InterfaceCleanup(**stated)}


def provisioner(made: Synthesized, mode: str) -> Block:
    [block] = made.one("null_resource", mode)["provisioner"]
    run: Block = block["local-exec"]
    return run


def test_the_release_runs_on_destroy_and_the_mark_on_each_update() -> None:
    made = synthesize()
    release, mark = provisioner(made, "Release"), provisioner(made, "Mark")
    assert (release["command"], release["when"]) == ("release", "destroy")
    assert mark["command"] == "mark"
    assert "when" not in mark
    assert release["environment"] == OWN
    assert mark["environment"] == MARKS_OWN
    assert {key for run in (release, mark) for key in run} == {"command", "environment", "interpreter", "when"}


def test_the_script_is_called_without_a_shell() -> None:
    for mode in ("Release", "Mark"):
        program, script = provisioner(synthesize(), mode)["interpreter"]
        assert program == "bash"
        assert script.startswith("${path.module}/assets/")
        assert script.endswith("/eni_cleanup.sh")


def test_the_script_is_written_beside_the_configuration(tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path))
    scope = TerraformStack(app, "stack")
    AwsProvider(scope, "aws")
    NullProvider(scope, "null")
    endpoint(scope)
    app.synth()
    path = provisioner(Synthesized(scope), "Release")["interpreter"][1]
    written = tmp_path / "stacks" / "stack" / path.removeprefix("${path.module}/")
    assert written.read_bytes() == (REPOSITORY / "scripts" / "eni_cleanup.sh").read_bytes()


def test_a_destroy_provisioner_refers_to_nothing_but_its_own_triggers() -> None:
    run = provisioner(synthesize(), "Release")
    references = [value for value in run["environment"].values() if "${" in value]
    assert {name for value in references for name in re.findall(r"[a-z]+\.\w+\.", value)} == {"self.triggers."}
    assert len(references) == 6


def test_the_release_is_replaced_when_it_is_about_another_endpoint() -> None:
    made = synthesize()
    triggers = made.one("null_resource", "Release")["triggers"]
    assert named(triggers.pop("security_group_id")) == made.address("aws_security_group")
    assert named(triggers.pop("region")) == made.address("data.aws_region")
    assert named(triggers.pop("account_id")) == made.address("data.aws_caller_identity")
    assert named(triggers.pop("execution_role_id")) == made.address("aws_iam_role")
    assert triggers == {"endpoint_name": "sentiment", "execution_role_shared": "false"}


def test_an_existing_role_is_looked_up_and_may_be_others_too() -> None:
    for scope in (None, stack()):
        role_arn = "arn:aws:iam::111122223333:role/team/ours" if scope is None else variable(scope).string_value
        made = synthesize(scope, execution_role=ExecutionRole(role_arn=role_arn))
        triggers = made.one("null_resource", "Release")["triggers"]
        assert named(triggers["execution_role_id"]) == made.address("data.aws_iam_role")
        assert triggers["execution_role_shared"] == "true"
        name = made.one("data.aws_iam_role")["name"]
        assert evaluate(name, {"value": "arn:aws:iam::111122223333:role/team/ours"}) == "ours"


def test_no_role_is_looked_up_where_nobody_needs_it() -> None:
    role = ExecutionRole(role_arn="arn:aws:iam::111122223333:role/ours")
    assert synthesize(execution_role=role, **cleanup(enabled=False)).all("data.aws_iam_role") == {}
    assert synthesize().all("data.aws_iam_role") == {}


def test_the_mark_is_run_again_when_the_endpoint_or_its_configuration_is_another() -> None:
    made = synthesize()
    triggers = made.one("null_resource", "Mark")["triggers"]
    assert named(triggers["endpoint_arn"]) == made.address("aws_sagemaker_endpoint")
    assert named(triggers["endpoint_config_name"]) == made.address("aws_sagemaker_endpoint_configuration")
    assert set(triggers) == {*TRIGGERS, "endpoint_arn", "endpoint_config_name"}


def test_no_value_reaches_a_command_line() -> None:
    for mode in ("Release", "Mark"):
        run = provisioner(synthesize(endpoint_name="sentiment-2", **cleanup(profile="a b; c")), mode)
        assert "sentiment-2" not in str([run["command"], run["interpreter"]])
        assert "a b; c" not in str([run["command"], run["interpreter"]])


def test_every_setting_reaches_the_script() -> None:
    stated = {
        "role_arn": ROLE,
        "external_id": "team-42",
        "profile": "prod",
        "endpoint_url": "http://localhost:4566",
        "timeout_in_seconds": 600,
        "interval_in_seconds": 5,
        "detach_after_in_seconds": 0,
    }
    made = synthesize(**cleanup(**stated))
    told = {f"ENI_CLEANUP_{name.removesuffix('_in_seconds').upper()}": str(value) for name, value in stated.items()}
    assert provisioner(made, "Release")["environment"] == OWN | told
    assert provisioner(made, "Mark")["environment"] == MARKS_OWN | told


def test_a_setting_that_is_known_can_change_without_another_release() -> None:
    made = synthesize(**cleanup(role_arn=ROLE, timeout_in_seconds=600))
    assert set(made.one("null_resource", "Release")["triggers"]) == TRIGGERS


@pytest.mark.parametrize("field", ["role_arn", "profile", "endpoint_url"])
@pytest.mark.parametrize("raw", [False, True])
def test_a_text_may_be_a_token_and_is_kept_for_the_destroy(field: str, raw: bool) -> None:
    scope = stack()
    token = variable(scope).string_value
    made = synthesize(scope, **cleanup(**{field: "${var.value}" if raw else token}))
    for mode in ("Release", "Mark"):
        assert made.one("null_resource", mode)["triggers"][field] == "${var.value}"
        environment = provisioner(made, mode)["environment"]
        assert environment[f"ENI_CLEANUP_{field.upper()}"] == kept(field)


def test_an_external_id_may_be_a_token() -> None:
    scope = stack()
    made = synthesize(scope, **cleanup(role_arn=ROLE, external_id=variable(scope).string_value))
    assert made.one("null_resource", "Release")["triggers"]["external_id"] == "${var.value}"


@pytest.mark.parametrize("name", ["timeout", "interval", "detach_after"])
def test_a_number_may_be_a_token(name: str) -> None:
    scope = stack()
    made = synthesize(scope, **cleanup(**{f"{name}_in_seconds": variable(scope, "number").number_value}))
    assert made.one("null_resource", "Release")["triggers"][name] == "${var.value}"
    environment = provisioner(made, "Release")["environment"]
    assert environment[f"ENI_CLEANUP_{name.upper()}"] == kept(name)


def test_the_mark_can_be_left_out() -> None:
    made = synthesize(**cleanup(mark=False))
    assert [address.split("_Interfaces_")[1][:7] for address in made.all("null_resource")] == ["Release"]


def test_the_whole_can_be_left_out() -> None:
    assert synthesize(**cleanup(enabled=False)).all("null_resource") == {}


# What Terraform alone knows.


def preconditions(made: Synthesized) -> list[Block]:
    found: list[Block] = made.one("null_resource", "Release").get("lifecycle", {}).get("precondition", [])
    return found


def refused(name: str, values: Sequence[object], **also: object) -> list[list[str]]:
    """Give what Terraform says of each value of a setting that it alone knows: the sentences."""
    scope = stack()
    token = variable(scope, "number").number_value if isinstance(values[0], int) else variable(scope).string_value
    field = name if name in {"role_arn", "external_id", "profile", "endpoint_url"} else f"{name}_in_seconds"
    conditions = preconditions(synthesize(scope, **cleanup(**{**also, field: token})))
    each_of_each = json.dumps([[each["condition"], each["error_message"]] for each in conditions])
    answers = evaluate(
        [json.loads(each_of_each.replace("var.value", f"var.value{number}")) for number in range(len(values))],
        {f"value{number}": value for number, value in enumerate(values)},
    )
    return [[said for holds, said in answer if not holds] for answer in cast("list[list[list[Any]]]", answers)]


def test_what_is_known_at_synthesis_is_not_left_to_terraform() -> None:
    assert preconditions(synthesize(**cleanup(role_arn=ROLE, external_id="team-42", timeout_in_seconds=60))) == []


def test_a_bad_value_that_terraform_alone_knows_is_told_when_it_plans() -> None:
    [[sentence]] = refused("profile", ["-x"])
    assert sentence == (
        r"interface_cleanup.profile must look like 'prod' (pattern [^-\x00-\x1f\x7f][^\x00-\x1f\x7f]*), got '-x'."
    )
    [[sentence]] = refused("timeout", [0])
    assert sentence == "interface_cleanup.timeout_in_seconds must be a whole number, 1 to 86400, got '0'."
    [[sentence]] = refused("external_id", ["file://x"], role_arn=ROLE)
    assert sentence == ("interface_cleanup.external_id must not begin like a URL, which the AWS CLI would read.")


@pytest.mark.parametrize("name", ["role_arn", "external_id", "profile", "endpoint_url", "timeout", "interval"])
def test_a_null_that_terraform_alone_knows_is_none(name: str) -> None:
    also = {"role_arn": ROLE} if name == "external_id" else {}
    assert refused(name, [1 if name in {"timeout", "interval"} else "", None], **also)[1:] == [[]]


def test_an_external_id_without_a_role_is_told_when_terraform_plans() -> None:
    role, none, null = refused("role_arn", [ROLE, "", None], external_id="team-42")
    assert role == []
    [sentence] = none
    assert sentence == "interface_cleanup.external_id must be given with role_arn, the role that asks for it."
    assert null == none


# Whose credentials the script has.


def warnings(provider: dict[str, Any], **changes: object) -> list[str]:
    """Give what is warned of where the AWS provider is set so."""
    scope = stack()
    AwsProvider(scope, "aws", **provider)
    return warned(endpoint(scope, **changes))


def warned(made: SageMakerEndpoint) -> list[str]:
    said = [entry.data for node in made.node.find_all() for entry in node.node.metadata if "warn" in entry.type]
    return [text for text in said if "eni_cleanup.sh" in text]


ASSUMED: dict[str, Any] = {"assume_role": [AwsProviderAssumeRole(role_arn=ROLE)]}


def test_a_provider_that_assumes_a_role_which_the_script_does_not_is_warned_of() -> None:
    [sentence] = warnings(ASSUMED)
    assert sentence.startswith(f"The AWS provider stack/aws assumes {ROLE}, and interface_cleanup has neither role_arn")
    web = [AwsProviderAssumeRoleWithWebIdentity(role_arn=ROLE)]
    assert len(warnings({"assume_role_with_web_identity": web})) == 1
    [sentence] = warnings({"assume_role": [AwsProviderAssumeRole(role_arn="${var.role}")]})
    assert "assumes a role that Terraform alone knows, and" in sentence
    [sentence] = warnings({"profile": "prod"})
    assert sentence.startswith("The AWS provider stack/aws uses the profile prod, and interface_cleanup")
    [sentence] = warnings({"access_key": "AKIAIOSFODNN7EXAMPLE", "secret_key": "${var.secret}"})
    assert sentence.startswith("The AWS provider stack/aws has access_key of its own, and interface_cleanup")
    assert "AKIA" not in sentence
    [sentence] = warnings({"shared_credentials_files": ["/etc/aws/credentials"]})
    assert sentence.startswith("The AWS provider stack/aws has shared_credentials_files of its own, and")


def test_a_provider_that_stands_behind_the_endpoint_is_warned_of_when_all_is_made() -> None:
    scope = stack()
    made = [endpoint(scope), SageMakerEndpoint(scope, "Other", **{**INPUTS, "endpoint_name": "other"})]
    NullProvider(scope, "null")
    AwsProvider(scope, "aws", **ASSUMED)
    assert [warned(each) for each in made] == [[], []]
    CdktfTesting.synth(scope, True)
    for each in made:
        [sentence] = warned(each)
        assert sentence.startswith(f"The AWS provider stack/aws assumes {ROLE}, and interface_cleanup has neither")


@pytest.mark.parametrize(("settings", "told"), [({}, 0), (ASSUMED, 1)])
def test_a_provider_that_stands_before_the_endpoint_is_warned_of_once(settings: dict[str, Any], told: int) -> None:
    scope = stack()
    NullProvider(scope, "null")
    AwsProvider(scope, "aws", **settings)
    made = endpoint(scope)
    CdktfTesting.synth(scope, True)
    assert len(warned(made)) == told


@pytest.mark.parametrize(("settings", "told"), [({}, 0), (ASSUMED, 1)])
def test_of_an_endpoint_with_a_provider_of_its_own_that_one_is_looked_at(settings: dict[str, Any], told: int) -> None:
    scope = stack()
    AwsProvider(scope, "aws", profile="prod")
    own = AwsProvider(scope, "own", alias="own", **settings)
    said = warned(endpoint(scope, provider=own))
    assert [text.startswith(f"The AWS provider stack/own assumes {ROLE}") for text in said] == [True] * told


def test_a_provider_that_the_script_is_told_of_or_that_is_not_used_is_not_warned_of() -> None:
    assert warnings(ASSUMED, **cleanup(role_arn=ROLE)) == []
    assert warnings(ASSUMED, **cleanup(profile="prod")) == []
    assert warnings(ASSUMED, **cleanup(enabled=False)) == []
    assert warnings({**ASSUMED, "alias": "elsewhere"}) == []
    assert warnings({}) == []


def test_what_may_be_secret_is_not_repeated() -> None:
    told = [*problems(**cleanup(role_arn=ROLE, external_id="hush hush"))]
    told += problems(**cleanup(role_arn=ROLE, external_id="https://hush"))
    told += problems(**cleanup(role_arn=ROLE, external_id="h"))
    told += problems(**cleanup(endpoint_url="https://user:hush@localhost"))
    assert len(told) == 4
    assert not any("hush" in sentence for sentence in told)
    assert told[2].startswith("interface_cleanup.external_id must look like 'team-42'")


# Where the script is.


def test_the_script_of_an_installed_package_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package, repository = tmp_path / "constructs" / "sagemaker_endpoint", tmp_path / "scripts"
    for folder in (package, repository):
        folder.mkdir(parents=True)
        (folder / "eni_cleanup.sh").touch()
    monkeypatch.setattr(interfaces, "__file__", str(package / "network" / "interfaces.py"))
    assert interfaces.script() == package / "eni_cleanup.sh"
    (package / "eni_cleanup.sh").unlink()
    assert interfaces.script() == repository / "eni_cleanup.sh"


def test_a_package_without_its_script_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interfaces, "__file__", str(tmp_path / "a" / "b" / "network" / "interfaces.py"))
    with pytest.raises(FileNotFoundError, match=r"eni_cleanup\.sh is neither in .*b nor in .*: reinstall the package"):
        interfaces.script()


# What is refused.


@pytest.mark.parametrize(
    ("stated", "sentence"),
    [
        ({"enabled": None}, "enabled must be True or False, known at synthesis, got None"),
        ({"mark": "no"}, "mark must be True or False, known at synthesis, got 'no'"),
        ({"external_id": "team-42"}, "external_id must be given with role_arn, the role that asks for it"),
        (
            {"profile": "-x"},
            r"profile must look like 'prod' (pattern [^-\x00-\x1f\x7f][^\x00-\x1f\x7f]*), got '-x'",
        ),
        ({"profile": ""}, "profile must have 1 to 255 characters, got 0: ''"),
        (
            {"endpoint_url": "localhost:4566"},
            (
                r"endpoint_url must look like 'http://localhost:4566' (pattern https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])"
                "(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?)"
            ),
        ),
        ({"timeout_in_seconds": 0}, "timeout_in_seconds must be a whole number, 1 to 86400, got 0"),
        ({"timeout_in_seconds": "60"}, "timeout_in_seconds must be a whole number, 1 to 86400, got '60'"),
        ({"interval_in_seconds": 301}, "interval_in_seconds must be a whole number, 1 to 300, got 301"),
        ({"detach_after_in_seconds": -1}, "detach_after_in_seconds must be a whole number, 0 to 86400, got -1"),
    ],
)
def test_a_wrong_cleanup_is_told(stated: dict[str, Any], sentence: str) -> None:
    assert problems(**cleanup(**stated)) == (f"interface_cleanup.{sentence}",)


def test_settings_that_would_have_no_effect_are_told() -> None:
    settings = {"mark": False, "profile": "prod", "timeout_in_seconds": 60}
    assert problems(**cleanup(enabled=False, **settings)) == tuple(
        f"interface_cleanup.{name} must not be given with enabled=False, which leaves all of the clean-up out"
        for name in settings
    )
    existing = replace(NETWORK, security_group_ids=["sg-0123456789abcdef0"])
    assert problems(network=existing, **cleanup(**settings)) == tuple(
        f"interface_cleanup.{name} must not be given with network.security_group_ids: interfaces in existing groups "
        "are never touched"
        for name in settings
    )
    assert synthesize(network=existing, **cleanup(enabled=False)).all("null_resource") == {}


def test_a_wrong_role_of_the_cleanup_is_told() -> None:
    [sentence] = problems(**cleanup(role_arn="operator-of-the-team"))
    assert sentence.startswith(f"interface_cleanup.role_arn must look like {ROLE!r} (pattern arn:")
    assert sentence.endswith("got 'operator-of-the-team', which is a name")


# The construct and the script accept the same: what passes synthesis must not stop the destroy.

_A_ROLE = "arn:aws:iam::111122223333:role"
ACCEPTED = [
    ("role_arn", f"{_A_ROLE}/operator"),
    ("role_arn", f"{_A_ROLE}/team/of/{'x' * 64}"),
    ("role_arn", "arn:aws-us-gov:iam::111122223333:role/a_b+c=d,e.f@g-h"),
    ("external_id", "ab"),
    ("external_id", "Team=7,A:b/c"),
    ("external_id", "x" * 1224),
    ("external_id", "a+https://x"),
    ("profile", "größe"),
    ("profile", "a b; c"),
    ("endpoint_url", "http://localhost:4566"),
    ("endpoint_url", "https://vpce-0123.ec2.eu-west-1.vpce.amazonaws.com/"),
    ("endpoint_url", "http://[::1]:4566/a/path_~.-"),
    ("timeout", 1),
    ("timeout", 86400),
    ("interval", 300),
    ("detach_after", 0),
]
REFUSED = [
    ("role_arn", f"{_A_ROLE}/{'x' * 65}"),
    ("role_arn", f"{_A_ROLE}operator"),
    ("role_arn", f"{_A_ROLE}/"),
    ("role_arn", f"{_A_ROLE}/größe"),
    ("role_arn", f"{_A_ROLE}/team of/operator"),
    ("role_arn", "arn:aws:iam::1111:role/operator"),
    ("external_id", "a"),
    ("external_id", "größe"),
    ("external_id", "file://x"),
    ("external_id", "fileb://x"),
    ("external_id", "http://a.b"),
    ("external_id", "https://a.b"),
    ("external_id", "two words"),
    ("external_id", "x" * 1225),
    ("profile", "-x"),
    ("profile", "a\x7f"),
    ("profile", "\x7fa"),
    ("profile", "a\nb"),
    ("endpoint_url", "http://local_stack:4566"),
    ("endpoint_url", "http://user:word@localhost"),
    ("endpoint_url", "http://localhost?query"),
    ("endpoint_url", "http://localhost/#fragment"),
    ("endpoint_url", "http://größe"),
    ("endpoint_url", "http://localhost\n"),
    ("endpoint_url", "ftp://localhost"),
    ("timeout", 0),
    ("timeout", 86401),
    ("interval", 301),
    ("detach_after", -1),
]


def refusals(name: str, value: str | int, folder: Path) -> tuple[bool, bool]:
    """Tell whether the construct and whether the script refuses a value."""
    stated = {name if isinstance(value, str) else f"{name}_in_seconds": value}
    role = {"role_arn": ROLE} if name == "external_id" else {}
    told = {"security_group_id": "sg-01234567", "region": "eu-west-1", "endpoint_name": "a", **role, name: str(value)}
    script = REPOSITORY / "scripts" / "eni_cleanup.sh"
    ran = subprocess.run(
        [shutil.which("bash") or "bash", script, "release"],
        env={f"ENI_CLEANUP_{key.upper()}": text for key, text in told.items()} | {"PATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode in {2, 3}, ran.stderr  # 3: past the inputs, there is no CLI to go on with
    [*found] = InterfaceCleanup(**role, **stated).problems("interface_cleanup")  # type: ignore[arg-type] # of any field
    return bool(found), ran.returncode == 2


@pytest.mark.parametrize("name", dict.fromkeys(name for name, _ in ACCEPTED))
def test_terraform_accepts_and_refuses_the_same_when_it_plans(name: str) -> None:
    also = {"role_arn": ROLE} if name == "external_id" else {}
    accepted, wrong = ([value for each, value in cases if each == name] for cases in (ACCEPTED, REFUSED))
    said = refused(name, [*accepted, *wrong], **also)
    assert [value for value, sentences in zip(accepted, said, strict=False) if sentences] == []
    assert [value for value, sentences in zip(wrong, said[len(accepted) :], strict=True) if not sentences] == []


@pytest.mark.parametrize(("name", "value"), ACCEPTED)
def test_what_the_construct_accepts_the_script_accepts(name: str, value: str | int, tmp_path: Path) -> None:
    assert refusals(name, value, tmp_path) == (False, False)


@pytest.mark.parametrize(("name", "value"), REFUSED)
def test_what_the_script_refuses_is_refused_at_synthesis(name: str, value: str | int, tmp_path: Path) -> None:
    assert refusals(name, value, tmp_path) == (True, True)
