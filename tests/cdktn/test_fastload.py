"""The quick loading on cdktn, whose packages are made another way."""

import json
import os
import re
import subprocess
import tarfile
from pathlib import Path

from sagemaker_endpoint.engine import fastload

import pytest

from tests.loaded import loaded_by_main
from tests.toolchain import REPOSITORY, clean_environment

from . import CDKTN, environment, moved, python

pytestmark = pytest.mark.end_to_end


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Give a folder with main.py as it is after the move."""
    (tmp_path / "main.py").write_text(moved((REPOSITORY / "main.py").read_text(encoding="utf-8")), encoding="utf-8")
    return tmp_path


def archive(package: str) -> Path:
    (found,) = CDKTN.glob(f"lib/python*/site-packages/{package}/_jsii/*.tgz")
    return found


def test_main_loads_only_what_it_uses(directory: Path) -> None:
    main = loaded_by_main(python(), directory, clean_environment(environment()))
    assert {"sagemaker_endpoint", "provider", "kms_key"} <= main.in_python
    assert len(main.in_python) < 30
    assert main.in_node - {"provider_functions"} <= main.in_python  # which the provider's own module needs


def test_what_is_written_is_the_same_without_it(directory: Path) -> None:
    def written(switch: str) -> dict[str, bytes]:
        variables = {fastload.SWITCH: switch, "CDKTF_CONTEXT_JSON": '{"@cdktf/disable_stack_trace_in_metadata": true}'}
        subprocess.run(
            [python(), "main.py"], cwd=directory, env={**clean_environment(environment()), **variables}, check=True
        )
        output = directory / "cdktf.out"
        return {str(each.relative_to(output)): each.read_bytes() for each in output.rglob("*") if each.is_file()}

    assert written("1") == written("0")


def test_node_sees_the_same_exports_and_loads_them_when_asked(tmp_path: Path) -> None:
    modules = tmp_path / "node_modules"
    for name, package in (
        ("constructs", "constructs"),
        ("cdktn", "cdktn"),
        ("@cdktn/provider-null", "cdktn_provider_null"),
    ):
        with tarfile.open(archive(package)) as packed:
            packed.extractall(modules / "unpacked", filter="data")
        (modules / name).parent.mkdir(exist_ok=True)
        (modules / "unpacked" / "package").rename(modules / name)
    program = f"""
        const provider = require({json.dumps(str(modules / "@cdktn" / "provider-null"))});
        const loaded = () => Object.keys(require.cache).filter((file) => file.includes("provider-null")).length;
        const before = loaded();
        const names = Object.keys(provider).sort().map((key) => [key, Object.keys(provider[key]).sort()]);
        console.log(JSON.stringify([before, loaded(), [names, provider.__esModule]]));
    """

    def node() -> list[object]:
        command = [os.environ.get("JSII_NODE", "node"), "-e", program]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        said: list[object] = json.loads(done.stdout)
        return said

    before, after, exports = node()
    with fastload.node_preload():
        fast_before, fast_after, fast_exports = node()
    assert exports == fast_exports
    assert before == after == 4
    assert fast_before == 2  # the index and the lazy index
    assert fast_after == 5


def test_both_indexes_of_the_provider_name_the_same_modules() -> None:
    found = {}
    with tarfile.open(archive("cdktn_provider_aws")) as packed:
        for member in packed:
            name = member.name.removeprefix("package/lib/")
            if name in ("index.js", "lazy-index.js") and (file := packed.extractfile(member)):
                found[name] = file.read().decode()
            if len(found) == 2:
                break
    plain = dict(re.findall(r'^exports\.(\w+) = __importStar\(require\("(.+)"\)\);$', found["index.js"], re.MULTILINE))
    lazy = dict(
        re.findall(r"exports, '(\w+)', \{ get: function \(\) \{ return require\('(.+?)'\)", found["lazy-index.js"])
    )
    assert {name: file.removesuffix("/index") for name, file in plain.items()} == lazy
    assert len(plain) > 1500
