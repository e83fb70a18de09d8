from pathlib import Path

import pytest

from .mirror import REGISTRY, Mirror, look_for_mirror


def put(folder: Path, provider: str, version: str, platform: str = "linux_amd64") -> None:
    (folder / REGISTRY / provider / version / platform).mkdir(parents=True)


def test_versions_come_newest_first_by_number_and_for_the_platform_alone(tmp_path: Path) -> None:
    for version in ("5.9.0", "5.100.0", "6.0.0-beta1"):
        put(tmp_path, "hashicorp/aws", version)
    put(tmp_path, "hashicorp/aws", "7.0.0", platform="darwin_arm64")
    assert Mirror(folder=tmp_path).versions("hashicorp/aws", "linux_amd64") == ["5.100.0", "5.9.0"]


def test_packed_providers_count_too(tmp_path: Path) -> None:
    shelf = tmp_path / REGISTRY / "hashicorp" / "null"
    shelf.mkdir(parents=True)
    (shelf / "terraform-provider-null_3.2.4_linux_amd64.zip").touch()
    (shelf / "terraform-provider-null_3.2.5_darwin_arm64.zip").touch()
    assert Mirror(folder=tmp_path).versions("hashicorp/null", "linux_amd64") == ["3.2.4"]


def test_a_provider_that_is_not_there_has_no_versions(tmp_path: Path) -> None:
    assert Mirror(folder=tmp_path).versions("hashicorp/aws", "linux_amd64") == []


@pytest.mark.parametrize("place", [".", "plugins", "terraform/plugins"])
def test_a_mirror_is_found_by_its_shape(tmp_path: Path, place: str) -> None:
    put(tmp_path / "second" / place, "hashicorp/aws", "5.100.0")
    found = look_for_mirror("hashicorp/aws", [tmp_path / "first", tmp_path / "second"])
    assert found == Mirror(folder=tmp_path / "second" / place)


def test_no_mirror_is_found_where_there_is_none(tmp_path: Path) -> None:
    put(tmp_path / "one/two/three", "hashicorp/aws", "5.100.0")
    put(tmp_path / "plugins", "hashicorp/random", "3.0.0")
    assert look_for_mirror("hashicorp/aws", [tmp_path]) is None
