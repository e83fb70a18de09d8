import http.client
import os
import signal
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.toolchain import REPOSITORY

from .demo import NEXT

pytestmark = pytest.mark.end_to_end


def start(scratch: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.demo"],
        cwd=REPOSITORY,
        env={**os.environ, "TMPDIR": str(scratch)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def until(lines: Iterator[str], wanted: str) -> str:
    """Read on to the line that contains `wanted`."""
    for line in lines:
        if wanted in line:
            return line
    raise AssertionError(f"the demo ended before it said {wanted!r}")


def nothing_listens_at(url: str) -> bool:
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=60)
    try:
        connection.connect()
    except ConnectionRefusedError:
        return True
    finally:
        connection.close()
    return False


def test_the_demo_goes_from_synthesis_to_a_clean_destroy(tmp_path: Path) -> None:
    with start(tmp_path) as demo:
        said, error = demo.communicate()
    assert demo.returncode == 0, said + error
    for sentence in (
        "Exit code 0: ",
        "no changes",
        "serves 123456789012.dkr.ecr.eu-west-1.amazonaws.com/sentiment:2.0",
    ):
        assert sentence in said
    assert "nothing; AWS deletes KMS key" in said
    before, _, _ = said.partition("==> ")
    assert f"folder in {tmp_path}, which is gone" in before
    assert "no AWS account" in before
    assert "minutes" in before
    assert said.endswith(f"\n{NEXT}\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_demo_leaves_nothing_behind(tmp_path: Path, number: signal.Signals) -> None:
    with start(tmp_path) as demo:
        assert demo.stdout
        url = until(demo.stdout, "http://").split(",")[0].strip()
        until(demo.stdout, "Creation complete")  # in the middle of an apply
        demo.send_signal(number)
        _, error = demo.communicate()
    assert demo.returncode == 128 + number
    assert "Interrupted" in error
    assert "Traceback" not in error
    assert list(tmp_path.iterdir()) == []
    assert nothing_listens_at(url)
