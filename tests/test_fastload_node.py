"""The half of the quick loading that is Node's."""

import importlib
import json
import os
import re
import shutil
import subprocess
import tarfile
from pathlib import Path

from sagemaker_endpoint import fastload

import pytest

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
