from collections.abc import Iterator

import pytest

from tests.embedded_aws import EmbeddedAws
from tests.embedded_aws.stage import HOUR
from tests.toolchain.ready_cli import ready_cli

from .command_line import CommandLine, locked
from .scene import Scene, scene_of


@pytest.fixture(scope="session")
def aws() -> Iterator[EmbeddedAws]:
    with EmbeddedAws(transition_seconds=HOUR) as embedded:  # time passes only where a test lets it
        yield embedded


@pytest.fixture
def command_line() -> CommandLine:
    return CommandLine(folder=ready_cli(), version=locked().version)


@pytest.fixture
def scene(aws: EmbeddedAws, command_line: CommandLine, request: pytest.FixtureRequest) -> Scene:
    return scene_of(aws, request.node.name, path=command_line.folder)
