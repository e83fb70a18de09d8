import json
import re
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from cdktf import TerraformStack
from cdktf import Testing as CdktfTesting

from tests.toolchain import REPOSITORY, clean_environment

from . import contenders, report
from .measure import Result, Run, run
from .programs.endpoints import EndpointsStack
from .programs.plain import PlainStack


def blocks(stack: TerraformStack) -> list[tuple[str, list[str]]]:
    """Give the kind of each resource and data source, and the names of what it states."""
    configuration = json.loads(CdktfTesting.synth(stack))
    kinds = {**configuration["resource"], **configuration["data"]}
    return sorted((kind, sorted(block)) for kind, named in kinds.items() for block in named.values())


def results(seconds: float = 1.0, *, plain: float = 10.0, without: str = "") -> dict[str, Result]:
    names = [contenders.ENDPOINT, contenders.EMPTY, contenders.CDK, contenders.MANY[1000]]
    taken = dict.fromkeys(names, seconds) | {contenders.PLAIN: plain}
    return {
        name: Result(
            runs=[Run(seconds=each * factor, processor_seconds=each, megabytes=each * 100) for factor in (0.5, 1, 9)]
        )
        for name, each in taken.items()
        if name != without
    }


FIRST = {contenders.ENDPOINT: [Run(seconds=9.0, processor_seconds=each, megabytes=160.4) for each in (8, 2, 1)]}


def test_the_plain_program_makes_the_same_resources() -> None:
    app = CdktfTesting.app()
    assert blocks(PlainStack(app, "plain")) == blocks(EndpointsStack(app, "library", 1))


def test_a_run_tells_time_and_memory_of_the_largest_process(tmp_path: Path) -> None:
    program = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'x = bytearray(700_000_000)'], check=True)"
    done = run([sys.executable, "-c", program], tmp_path, clean_environment({}))
    # More than what the process that measures holds: Linux counts that too, until the program is started.
    assert 700 < done.megabytes < 800
    assert done.seconds > 0
    assert done.processor_seconds > 0


def test_a_run_that_fails_tells_its_own_words(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"ended with 3:\nI cannot\n"):
        run([sys.executable, "-c", "print('I cannot'); raise SystemExit(3)"], tmp_path, clean_environment({}))


def test_a_result_is_the_median_of_its_runs() -> None:
    result = results()[contenders.ENDPOINT]
    assert (result.fastest, result.seconds, result.slowest, result.megabytes) == (0.5, 1.0, 9.0, 100.0)


def test_cdktn_is_judged_by_processor_time_where_it_was_measured() -> None:
    taken = {contenders.ON_CDKTN: 1.5, contenders.MANY_ON_CDKTN: 4.0, contenders.EMPTY_ON_CDKTN: 1.0}
    ours = {name: Result(runs=[Run(seconds=each, processor_seconds=each, megabytes=1)]) for name, each in taken.items()}
    assert not any("cdktn" in target.what for target in report.targets(results()))
    found = [target for target in report.targets({**results(), **ours}) if "cdktn" in target.what]
    assert [(target.found, target.met) for target in found] == [("1.5x", True), ("25.3 ms", False)]


@pytest.mark.parametrize(("plain", "met"), [(10.0, True), (9.9, False)])
def test_a_target_is_met_or_missed(plain: float, met: bool) -> None:
    target = report.targets(results(plain=plain))[0]
    assert target.wanted == "at least 10x"
    assert target.met is met


def test_the_page_has_a_line_for_each_program_and_target() -> None:
    page = report.page(results(), first=FIRST, machine="a machine", versions="some versions")
    for name in results():
        assert f"| {name} |" in page
    assert page.count("| yes |") + page.count("| no |") == len(report.targets(results()))
    cost = "9.00 s, {:.2f} s of processor time, 160 MB"
    assert f"| {contenders.ENDPOINT} | {' | '.join(map(cost.format, (8, 2, 1)))} |" in page


def test_the_page_is_written_without_the_aws_cdk_where_it_cannot_be_installed() -> None:
    left = results(without=contenders.CDK)
    assert contenders.CDK not in report.page(left, first=FIRST, machine="", versions="")
    assert len(report.targets(left)) == len(report.targets(results())) - 1


def test_the_picture_is_an_image_with_a_bar_for_each_way() -> None:
    image = ET.fromstring(report.picture(results()))  # noqa: S314 - a picture drawn a line before
    space = "{http://www.w3.org/2000/svg}"
    assert len(image.findall(f"{space}g/{space}rect")) == 1 + 4
    longest = max(float(bar.attrib["width"]) for bar in image.findall(f"{space}g/{space}rect")[1:])
    assert longest == pytest.approx(400)


def test_the_published_page_names_no_path_and_no_host() -> None:
    page = (REPOSITORY / "docs" / "benchmark.md").read_text(encoding="utf-8")
    assert not re.search(r"(^|[\s(])/\w", page, re.MULTILINE)
