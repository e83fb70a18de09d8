"""What pyright, and with it many an editor, says of a user's programs."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from tests.cdktn import CLI, environment
from tests.toolchain import REPOSITORY, clean_environment


def diagnostics(
    directory: Path, *, python: str, settings: Mapping[str, object] = MappingProxyType({})
) -> list[tuple[str, str, str]]:
    """Have it read the programs in `directory`, with the packages of `python`: file, severity and message of each."""
    stated = {"pythonVersion": "3.10", "extraPaths": [str(REPOSITORY / "constructs")], **settings}
    (directory / "pyrightconfig.json").write_text(json.dumps(stated), encoding="utf-8")
    options = ["--outputjson", "--pythonpath", python, "--project", str(directory)]
    command = [str(CLI.with_name("pyright")), *options]
    done = subprocess.run(command, env=clean_environment(environment()), capture_output=True, text=True, check=False)
    found = json.loads(done.stdout)["generalDiagnostics"]
    return [(Path(each["file"]).name, each["severity"], each["message"]) for each in found]
