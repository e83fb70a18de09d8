"""What a synthesis of main.py loads."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .toolchain import REPOSITORY

_PROGRAM = "import json, sys, main; main.main(); print(json.dumps([*sys.modules]))"

_BINDINGS = ("cdktf_cdktf_provider_aws", "cdktn_provider_aws")


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """The modules of the AWS bindings, by their names in Python."""

    in_python: frozenset[str]
    in_node: frozenset[str]


def loaded_by_main(python: str | Path, directory: Path, environment: Mapping[str, str]) -> Loaded:
    """Run main.py in `directory`, or another that lies there."""
    files, counter = directory / "files.json", directory / "count the files.js"
    counter.write_text(
        "process.on('exit', () => {"
        " const provider = Object.keys(require.cache).filter((file) => file.includes('/provider-aws/'));"
        f" if (provider.length) require('fs').writeFileSync({json.dumps(str(files))}, JSON.stringify(provider));"
        "});",
        encoding="utf-8",
    )
    variables = {"PYTHONPATH": f"{REPOSITORY}:{REPOSITORY / 'constructs'}", "NODE_OPTIONS": f'--require "{counter}"'}
    done = subprocess.run(
        [python, "-c", _PROGRAM],
        cwd=directory,
        env={**environment, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    names = [name.split(".") for name in json.loads(done.stdout)]
    return Loaded(
        in_python=frozenset(name[1] for name in names if name[0] in _BINDINGS and len(name) > 1)
        - {"_jsii", "_private"},
        in_node=frozenset(Path(file).parent.name.replace("-", "_") for file in json.loads(files.read_text())) - {"lib"},
    )
