"""The half of the quick loading that is Node's."""

import importlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

from sagemaker_endpoint.engine import fastload

import pytest

from tests.toolchain import clean_environment

pytestmark = pytest.mark.cdktf  # those of cdktn's packages stand in tests/cdktn

NODE = os.environ.get("JSII_NODE", "node")


def node(program: str) -> str:
    done = subprocess.run([NODE, "-e", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def archive(name: str) -> Path:
    """Find the JavaScript that a Python package carries."""
    package = importlib.import_module(name.replace("@cdktf/", "cdktf_cdktf_").replace("-", "_"))
    (found,) = (Path(str(package.__file__)).parent / "_jsii").glob("*.tgz")
    return found


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a node_modules with a small provider and what it needs, as jsii lays it out."""
    modules = tmp_path_factory.mktemp("node") / "node_modules"
    for name in ("constructs", "cdktf", "@cdktf/provider-null"):
        with tarfile.open(archive(name)) as packed:
            packed.extractall(modules / "unpacked", filter="data")
        (modules / name).parent.mkdir(exist_ok=True)
        (modules / "unpacked" / "package").rename(modules / name)
    return modules


def test_node_sees_the_same_exports_and_loads_them_when_asked(packages: Path) -> None:
    program = f"""
        const provider = require({json.dumps(str(packages / "@cdktf" / "provider-null"))});
        const loaded = () => Object.keys(require.cache).filter((file) => file.includes("provider-null")).length;
        const before = loaded();
        const keys = [];
        for (const key in provider) keys.push(key);
        const names = keys.sort().map((key) => [key, Object.keys(provider[key]).sort()]);
        console.log(JSON.stringify([before, loaded(), [names, provider.__esModule, Object.keys(provider).sort()]]));
    """
    before, after, exports = json.loads(node(program))
    with fastload.node_preload():
        fast_before, fast_after, fast_exports = json.loads(node(program))
    assert exports == fast_exports
    assert before == after == 4
    assert fast_before == 2  # the index and the lazy index
    assert fast_after == 5


def test_a_provider_without_a_lazy_index_loads_as_ever(tmp_path: Path) -> None:
    library = tmp_path / "node_modules" / "@cdktf" / "provider-old" / "lib"
    library.mkdir(parents=True)
    (library / "index.js").write_text("exports.old = 1;", encoding="utf-8")
    with fastload.node_preload():
        assert node(f"console.log(require({json.dumps(str(library / 'index.js'))}).old)") == "1"


def test_both_indexes_of_the_provider_name_the_same_modules() -> None:
    found = {}
    with tarfile.open(archive("@cdktf/provider-aws")) as packed:
        for member in packed:
            name = member.name.removeprefix("package/lib/")
            if name in ("index.js", "lazy-index.js") and (file := packed.extractfile(member)):
                found[name] = file.read().decode()
            if len(found) == 2:
                break
    plain = dict(re.findall(r'^exports\.(\w+) = require\("(.+)"\);$', found["index.js"], re.MULTILINE))
    lazy = dict(
        re.findall(r"exports, '(\w+)', \{ get: function \(\) \{ return require\('(.+?)'\)", found["lazy-index.js"])
    )
    assert plain == lazy
    assert len(plain) > 2000


@pytest.mark.parametrize("folder", ["plain", "with spaces", 'with "quotes"', "with 'quotes'", "back\\slash", "$HOME"])
@pytest.mark.parametrize("options", [None, "", "--no-warnings"])
def test_the_preload_is_found_wherever_it_lies(
    folder: str, options: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    preload = tmp_path / folder / "fastload.js"
    preload.parent.mkdir()
    preload.write_text("globalThis.preloaded = true;", encoding="utf-8")
    monkeypatch.setattr(fastload, "_PRELOAD", preload)
    if options is None:
        monkeypatch.delenv("NODE_OPTIONS", raising=False)
    else:
        monkeypatch.setenv("NODE_OPTIONS", options)
    with fastload.node_preload():
        assert node("console.log(globalThis.preloaded)") == "true"
        assert os.environ["NODE_OPTIONS"].startswith(options or "--require")
    assert os.environ.get("NODE_OPTIONS") == options


def test_the_environment_is_put_back_when_node_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NODE_OPTIONS", "--no-warnings")
    with pytest.raises(FileNotFoundError), fastload.node_preload():
        raise FileNotFoundError
    assert os.environ["NODE_OPTIONS"] == "--no-warnings"


def test_a_package_inside_a_zip_leaves_node_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NODE_OPTIONS", raising=False)
    monkeypatch.setattr(fastload, "_PRELOAD", Path("bindings.zip/fastload.js"))
    with fastload.node_preload():
        assert "NODE_OPTIONS" not in os.environ


@pytest.mark.parametrize("folder", ["plain", 'with "quotes"', "back\\slash"])
@pytest.mark.parametrize("options", [None, "--no-warnings", '--require "./my fastload.js" --no-warnings'])
def test_what_node_starts_in_turn_gets_the_users_options_alone(
    folder: str, options: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "my fastload.js").write_text("", encoding="utf-8")
    (tmp_path / folder).mkdir()
    preload = Path(fastload.__file__).with_suffix(".js")
    monkeypatch.setattr(fastload, "_PRELOAD", Path(shutil.copy(preload, tmp_path / folder)))
    monkeypatch.chdir(tmp_path)
    if options is None:
        monkeypatch.delenv("NODE_OPTIONS", raising=False)
    else:
        monkeypatch.setenv("NODE_OPTIONS", options)
    with fastload.node_preload():
        # jsii tells the process that runs everything to preserve symlinks.
        done = subprocess.run(
            [NODE, "--preserve-symlinks", "-p", "JSON.stringify(process.env.NODE_OPTIONS ?? null)"],
            capture_output=True,
            text=True,
            check=True,
        )
    assert json.loads(done.stdout) == options


@pytest.mark.parametrize("flag", ["--permission", "--experimental-permission"])
def test_a_node_that_is_told_which_files_it_may_read_is_left_alone(flag: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NODE_OPTIONS", f"{flag} --allow-fs-read=/nowhere")
    with fastload.node_preload():
        assert os.environ["NODE_OPTIONS"] == f"{flag} --allow-fs-read=/nowhere"


@pytest.fixture
def preloaded(tmp_path: Path) -> Callable[[str], str]:
    """Run a program as jsii's second process."""

    def run(program: str) -> str:
        with fastload.node_preload():
            done = subprocess.run(
                [NODE, "--preserve-symlinks", "-e", program], cwd=tmp_path, capture_output=True, text=True, check=False
            )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return run


WRITER = """
const { workerData, isMainThread } = require("worker_threads");
if (workerData.fails) throw new Error("as it is");
setTimeout(() => require("fs").writeFileSync(`${workerData.packageDir}/index`, `${isMainThread}`), 300);
"""


def started(worker: Path, data: dict[str, object]) -> str:
    return (
        'const { Worker } = require("worker_threads");'
        f"const worker = new Worker({json.dumps(str(worker))}, {{ workerData: {json.dumps(data)} }});"
        'worker.on("message", () => {}); worker.on("error", () => {});'
        f'console.log(require("fs").existsSync({json.dumps(str(worker.parent / "index"))})); process.exit(0);'
    )


def test_the_index_of_types_is_written_when_a_package_is_loaded(
    tmp_path: Path, preloaded: Callable[[str], str]
) -> None:
    worker = tmp_path / "runtime-index-worker.js"
    worker.write_text(WRITER, encoding="utf-8")
    assert preloaded(started(worker, {"packageDir": str(tmp_path)})) == "true"
    assert (tmp_path / "index").read_text() == "false"  # in a thread, as jsii's own code asks


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("runtime-index-worker.js", {"fails": True}, id="one that fails"),
        pytest.param("runtime-index-worker.js", {"fails": True, "packageDir": "."}, id="one that fails at its work"),
        pytest.param("runtime-index-worker.js", {"packageDir": "/nowhere"}, id="one that could not write"),
        pytest.param("other.js", {"packageDir": "."}, id="another"),
    ],
)
def test_any_other_thread_is_started_as_ever(
    tmp_path: Path, preloaded: Callable[[str], str], name: str, data: dict[str, object]
) -> None:
    worker = tmp_path / name
    worker.write_text(WRITER, encoding="utf-8")
    assert preloaded(started(worker, data)) == "false"


def test_a_thread_of_another_kind_is_what_it_is_without(preloaded: Callable[[str], str]) -> None:
    program = """
        const { Worker } = require("worker_threads");
        class Own extends Worker {}
        const worker = new Own("require('worker_threads').parentPort.postMessage(1)", { eval: true });
        worker.on("message", (sent) => console.log(sent, worker instanceof Own, worker instanceof Worker));
    """
    assert preloaded(program) == "1 true true"


def test_whoever_runs_first_leaves_an_index_of_every_package(tmp_path: Path) -> None:
    environment = clean_environment({"JSII_RUNTIME_PACKAGE_CACHE_ROOT": str(tmp_path / "cache")})
    subprocess.run(
        [sys.executable, "-c", "import sagemaker_endpoint"], cwd=tmp_path, env=environment, check=True, timeout=300
    )
    packages = {file.parent for file in (tmp_path / "cache").rglob(".jsii")}
    assert len(packages) == 4
    assert {file.parent for file in (tmp_path / "cache").rglob(".jsii.runtime.v*.json")} == packages
