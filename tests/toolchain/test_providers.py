import json
from pathlib import Path

import pytest

from . import providers
from .mirror import REGISTRY, Mirror
from .providers import OVERRIDE, VARIABLE, Providers, ProvidersNotFoundError
from .test_mirror import put

PLATFORM = "linux_amd64"


@pytest.fixture
def mirror(tmp_path: Path) -> Mirror:
    put(tmp_path / "mirror", "hashicorp/aws", "5.100.0")
    put(tmp_path / "mirror", "hashicorp/null", "2.1.2")
    return Mirror(folder=tmp_path / "mirror")


@pytest.fixture
def stack(tmp_path: Path) -> Path:
    required = {
        "aws": {"source": "aws", "version": "6.25.0"},
        "null": {"source": "hashicorp/null", "version": "2.1.2"},
    }
    path = tmp_path / "stack"
    path.mkdir()
    (path / "cdk.tf.json").write_text(json.dumps({"terraform": {"required_providers": required}}))
    return path


def test_versions_that_the_mirror_lacks_are_overridden_and_no_others(mirror: Mirror, stack: Path) -> None:
    synthesized = (stack / "cdk.tf.json").read_text()
    Providers.from_mirror(mirror, PLATFORM).override(stack)
    assert json.loads((stack / OVERRIDE).read_text()) == {
        "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "version": "5.100.0"}}}
    }
    assert (stack / "cdk.tf.json").read_text() == synthesized


def test_an_override_goes_once_the_mirror_has_what_is_asked_for(mirror: Mirror, stack: Path) -> None:
    found = Providers.from_mirror(mirror, PLATFORM)
    found.override(stack)
    put(mirror.folder, "hashicorp/aws", "6.25.0")
    found.override(stack)
    assert not (stack / OVERRIDE).exists()


def test_the_registry_needs_no_override(stack: Path) -> None:
    Providers(mirrors={}, platform=PLATFORM).override(stack)
    assert not (stack / OVERRIDE).exists()


def test_a_provider_in_no_mirror_is_named(mirror: Mirror, stack: Path) -> None:
    required = {"random": {"source": f"{REGISTRY}/hashicorp/random", "version": "3.0.0"}}
    (stack / "cdk.tf.json").write_text(json.dumps({"terraform": {"required_providers": required}}))
    with pytest.raises(ProvidersNotFoundError, match=r"hashicorp/random 3\.0\.0"):
        Providers.from_mirror(mirror, PLATFORM).override(stack)


def test_each_provider_comes_from_its_mirror_alone(mirror: Mirror) -> None:
    config = json.loads(Providers.from_mirror(mirror, PLATFORM).cli_config())
    assert config["disable_checkpoint"] is True
    (installation,) = config["provider_installation"]
    assert installation == {
        "filesystem_mirror": [
            {"path": str(mirror.folder), "include": [f"{REGISTRY}/hashicorp/{name}"]} for name in ("aws", "null")
        ]
    }


def test_without_mirrors_terraform_downloads_and_looks_nowhere_else() -> None:
    config = json.loads(Providers(mirrors={}, platform=PLATFORM).cli_config())
    assert config["provider_installation"] == [{"direct": [{}]}]


def test_where_they_come_from_is_said(mirror: Mirror) -> None:
    assert f"hashicorp/aws 5.100.0 in {mirror.folder}" in Providers.from_mirror(mirror, PLATFORM).describe()
    assert Providers(mirrors={}, platform=PLATFORM).describe() == f"downloaded from {REGISTRY}"


def test_the_named_mirror_wins_over_the_registry(mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(providers, "registry_answers", lambda: True)
    found = Providers.choose(PLATFORM, named=str(mirror.folder), roots=[])
    assert found.mirrors["hashicorp/aws"] == mirror


def test_a_registry_that_answers_wins_over_a_mirror_that_lies_about(
    mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(providers, "registry_answers", lambda: True)
    assert Providers.choose(PLATFORM, named="", roots=[mirror.folder]).mirrors == {}


def test_a_mirror_is_taken_where_the_registry_does_not_answer(mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(providers, "registry_answers", lambda: False)
    found = Providers.choose(PLATFORM, named="", roots=[mirror.folder])
    assert found.mirrors == {"hashicorp/aws": mirror, "hashicorp/null": mirror}


def test_neither_registry_nor_mirror_is_told_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(providers, "registry_answers", lambda: False)
    with pytest.raises(ProvidersNotFoundError, match=VARIABLE):
        Providers.choose(PLATFORM, named="", roots=[tmp_path])


def test_a_named_mirror_without_aws_for_this_platform_is_refused(mirror: Mirror) -> None:
    with pytest.raises(ProvidersNotFoundError, match="darwin_arm64"):
        Providers.choose("darwin_arm64", named=str(mirror.folder), roots=[])
