"""The documentation's site builds without a warning, and is seen, at home and by everyone."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import sagemaker_endpoint

import pytest

from tests.toolchain import REPOSITORY

TOOLS = REPOSITORY / ".venv" / "site" / "bin"
CARRIED = REPOSITORY / ".venv" / "chromium"
START, API = "", "api/operations/"
PAGES = [START, API, *(f"docs/{path.stem}/" for path in sorted((REPOSITORY / "docs").glob("*.md")))]

pytestmark = pytest.mark.end_to_end


def browser(scratch: Path) -> tuple[str, dict[str, str]]:
    """Give the Chromium of node_modules with what it brings or, where that has none for this machine, the machine's."""
    if (CARRIED / "chromium").exists():
        fonts = scratch / "fonts.conf"
        fonts.write_text(f"<fontconfig><dir>{CARRIED / 'fonts'}</dir></fontconfig>", encoding="utf-8")
        carried = {"LD_LIBRARY_PATH": str(CARRIED / "al2023" / "lib"), "FONTCONFIG_FILE": str(fonts)}
        return str(CARRIED / "chromium"), carried
    found = next(filter(None, map(shutil.which, ("chromium", "google-chrome", "chrome"))), None)
    assert found, "install Chromium: npm carries one for Linux on x86_64 alone"
    return found, {}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build it; a broken link, a page that is in no menu and a parameter that is not there are errors."""
    built = tmp_path_factory.mktemp("site")
    command: list[str | Path] = [TOOLS / "mkdocs", "build", "--strict", "--quiet", "--site-dir", built]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return built


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pictures")


@pytest.fixture(scope="module")
def seen(site: Path, pictures: Path) -> dict[str, Any]:
    chromium, carried = browser(pictures)
    command: list[str | Path] = [
        TOOLS / "python",
        Path(__file__).with_name("look.py"),
        site,
        pictures,
        chromium,
        *PAGES,
    ]
    environment = {**os.environ, **carried}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    pages: dict[str, Any] = json.loads(done.stdout)
    return pages


@pytest.mark.parametrize(("page", "heading"), [(START, "cdktf-sagemaker-endpoint"), (API, "API: operations")])
def test_a_page_shows_its_heading_the_navigation_and_its_contents(
    seen: dict[str, Any], pictures: Path, page: str, heading: str
) -> None:
    looked = seen[page]
    assert looked["title"].startswith(heading)
    assert looked["parts"]["heading"].startswith(heading)
    assert "Guides" in looked["parts"]["navigation"]
    assert ("Ten lines" if page == START else "AutoScaling") in looked["parts"]["contents"]
    assert looked["visible"] == {"heading": True, "navigation": True, "contents": True}
    picture = pictures / f"{PAGES.index(page)}.png"
    assert picture.stat().st_size > 40_000, "an empty page of this size takes 5,000 bytes"


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_no_other_host_for_anything(seen: dict[str, Any], page: str) -> None:
    assert seen[page]["elsewhere"] == []


@pytest.mark.parametrize("page", PAGES)
def test_a_page_keeps_nobody_out(seen: dict[str, Any], page: str) -> None:
    assert [each for each in seen[page]["violations"] if each.startswith(("serious", "critical"))] == []


def test_of_an_inputs_methods_the_api_has_those_for_users_alone(site: Path) -> None:
    shown = {
        name
        for page in site.glob("api/*/index.html")
        for name in re.findall(r'<h3 id="sagemaker_endpoint\.([^"]+)"', page.read_text(encoding="utf-8"))
        if not name.startswith(("SageMakerEndpoint.", "ExistingEndpoint.", "EndpointResources."))
    }
    assert shown == {
        "CapacitySize.percent",
        "CapacitySize.instances",
        "EndpointMetrics.metric",
        "Metric.alarm_arguments",
    }


def test_every_public_name_has_its_place_in_the_api(site: Path) -> None:
    pages = "".join(page.read_text(encoding="utf-8") for page in site.glob("api/*/index.html"))
    assert [name for name in sagemaker_endpoint.__all__ if f'id="sagemaker_endpoint.{name}"' not in pages] == []
