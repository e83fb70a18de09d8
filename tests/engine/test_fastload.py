"""The quick loading of provider bindings: nobody notices except by the clock."""

import copy
import importlib
import importlib.resources
import importlib.util
import inspect
import os
import pickle
import pkgutil
import pydoc
import re
import subprocess
import sys
import tempfile
import threading
import typing
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import ModuleType, SimpleNamespace

from sagemaker_endpoint.engine import fastload
from sagemaker_endpoint.engine.fastload import _camel_case

import cdktf_cdktf_provider_aws as aws
import jsii
import pytest
from jsii import _reference_map as jsii_references
from jsii._kernel.types import CreateRequest, ObjRef
from jsii._reference_map import _types as jsii_types

from tests.examples import stack
from tests.loaded import loaded_by_main
from tests.toolchain import REPOSITORY, clean_environment

pytestmark = pytest.mark.cdktf  # those of cdktn's packages stand in tests/cdktn

AWS = "cdktf_cdktf_provider_aws"
NULL = "cdktf_cdktf_provider_null"
FAKE = "cdktf_cdktf_provider_fake"

# Bindings as jsii generates them, in short.
JSII = """
from types import SimpleNamespace
import publication

__jsii_assembly__ = SimpleNamespace(name="@cdktf/provider-fake")
__all__ = ["__jsii_assembly__"]
publication.publish()
"""
INIT = '''"""Fake bindings."""
import publication

from ._jsii import *

__all__ = ["one", "two_words"]

publication.publish()

# Loading modules to ensure their types are registered with the jsii runtime library
from . import one
from . import two_words
'''
MODULE = """
import jsii
import publication

class Thing(metaclass=jsii.JSIIMeta, jsii_type="@cdktf/provider-fake.{camel}.Thing"):
    pass

@jsii.interface(jsii_type="@cdktf/provider-fake.{camel}.IThing")
class IThing:
    pass

IThing.__jsii_proxy_class__ = lambda: IThing

__all__ = ["IThing", "Thing"]
publication.publish()
"""


def write_package(directory: Path, init: str = INIT) -> None:
    parts = {"_jsii": JSII, "one": MODULE.format(camel="one"), "two_words": MODULE.format(camel="twoWords")}
    for part, source in {"": init, **parts}.items():
        (directory / FAKE / part).mkdir(exist_ok=True)
        (directory / FAKE / part / "__init__.py").write_text(source, encoding="utf-8")


def loaded(package: str = FAKE) -> set[str]:
    """Give the modules of a package that are imported, by their short names."""
    names = {name.split(".")[1] for name in sys.modules if name.startswith(f"{package}.")}
    return {name for name in names if not name.startswith("_")}


@contextmanager
def forgotten(package: str) -> Iterator[None]:
    """Let a package be imported anew inside, and have it back as it was afterwards."""
    modules, types, resolve = dict(sys.modules), dict(jsii_types), jsii_references.resolve_reference
    for name in modules:
        if name.partition(".")[0] == package:
            del sys.modules[name]
    try:
        yield
    finally:
        for name in [name for name in sys.modules if name.partition(".")[0] == package]:
            del sys.modules[name]
        sys.modules.update({name: module for name, module in modules.items() if name.partition(".")[0] == package})
        jsii_types.clear()
        jsii_types.update(types)
        vars(jsii_references)["resolve_reference"] = resolve


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a folder to import fake bindings from."""
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / FAKE).mkdir()
    with forgotten(FAKE):
        yield tmp_path


@pytest.fixture
def fake(path: Path) -> ModuleType:
    write_package(path)
    return importlib.import_module(FAKE)


# What is loaded, and when.


def test_main_loads_only_what_it_uses(tmp_path: Path) -> None:
    main = loaded_by_main(sys.executable, tmp_path, os.environ)
    assert {"sagemaker_endpoint", "provider", "kms_key"} <= main.in_python
    assert len(main.in_python) < 30
    assert main.in_node <= main.in_python


def test_a_module_is_imported_when_it_is_first_asked_for(fake: ModuleType) -> None:
    assert loaded() == set()
    assert fake.two_words.Thing.__module__ == f"{FAKE}.two_words"
    assert loaded() == {"two_words"}
    namespace: dict[str, object] = {}
    exec(f"from {FAKE} import one", namespace)  # noqa: S102 - the statement is the test
    assert namespace["one"] is sys.modules[f"{FAKE}.one"]


def test_importing_one_module_imports_no_other(path: Path) -> None:
    write_package(path)
    importlib.import_module(f"{FAKE}.one")
    assert loaded() == {"one"}


def test_asking_whether_a_name_exists_imports_nothing(fake: ModuleType) -> None:
    assert not hasattr(fake, "no_such_thing")
    assert "two_words" in dir(fake)
    assert loaded() == set()


def test_threads_that_ask_at_once_get_the_same_module(path: Path) -> None:
    write_package(path)
    (path / FAKE / "one" / "__init__.py").write_text(f"import time; time.sleep(0.2)\n{MODULE.format(camel='one')}")
    barrier, got = threading.Barrier(8), []

    def ask() -> None:
        barrier.wait()
        got.append(importlib.import_module(FAKE).one.Thing)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 8
    assert len(set(got)) == 1


# What is as without it: the same answer from the same package, loaded either way.

BEHAVIOURS: dict[str, Callable[[ModuleType], object]] = {
    "dir": dir,
    "dir once all is imported": lambda package: [package.resource, package.provider] and dir(package),
    "documentation": lambda package: package.__doc__,
    "help": pydoc.render_doc,
    "place": lambda package: (package.__file__, [*package.__path__], package.__package__, package.__name__),
    "specification": lambda package: re.sub(r" at 0x\w+", "", repr(package.__spec__)),
    "loader": lambda package: type(package.__loader__),
    "source": inspect.getsource,
    "data": lambda package: sorted(each.name for each in importlib.resources.files(package).iterdir()),
    "public names": lambda package: package.__all__,
    "hidden names": lambda package: sorted(vars(hidden(package)).keys() & {"check_type", "typing", "__all__"}),
    "hidden modules": lambda package: hidden(package).resource is package.resource,
    "import *": lambda package: sorted(executed(f"from {package.__name__} import *")),
    "import as": lambda package: (
        executed(f"import {package.__name__} as p; got = p.resource.Resource")["got"].__qualname__
    ),
    "import of a name": lambda package: executed(f"from {NULL} import resource")["resource"] is package.resource,
    "import of a class": lambda package: repr(
        executed(f"from {package.__name__}.resource import Resource")["Resource"]
    ),
    "unpickle": lambda package: repr(pickle.loads(pickle.dumps(package.resource.Resource))),  # noqa: S301 - what the line itself has pickled
    "walk": lambda package: [found.name for found in pkgutil.walk_packages(package.__path__, f"{NULL}.")],
    "reload": lambda package: sorted(dir(importlib.reload(package))),
    "reload of what is in use": lambda package: package.provider and importlib.reload(package).provider.__all__,
    "reload keeps classes": lambda package: (
        package.provider.NullProvider is importlib.reload(package).provider.NullProvider
    ),
    "reload leaves other references": lambda package: importlib.reload(package) and package.resource.__all__,
    "no such attribute": lambda package: failure(lambda: package.no_such_thing),
    "no such name": lambda package: failure(lambda: executed(f"from {package.__name__} import no_such_thing")),
    "no such module": lambda package: failure(lambda: importlib.import_module(f"{package.__name__}.no_such_thing")),
}


def executed(statement: str) -> dict[str, typing.Any]:
    namespace: dict[str, typing.Any] = {}
    exec(statement, namespace)  # noqa: S102 - the statements above
    return namespace


def hidden(package: ModuleType) -> ModuleType:
    """Give the half of a package that `publication` keeps from view."""
    module: ModuleType = vars(package)["_private"]
    return module


def other_finders() -> list[typing.Any]:
    return [finder for finder in sys.meta_path if type(finder).__module__ != fastload.__name__]


def failure(action: Callable[[], object]) -> tuple[type[Exception], str]:
    with pytest.raises((AttributeError, ImportError)) as raised:
        action()
    return raised.type, str(raised.value)


@pytest.mark.parametrize("behaviour", BEHAVIOURS.values(), ids=BEHAVIOURS)
def test_nobody_notices(behaviour: Callable[[ModuleType], object], monkeypatch: pytest.MonkeyPatch) -> None:
    with forgotten(NULL):
        package = importlib.import_module(NULL)
        assert loaded(NULL) == set()
        fast = behaviour(package)
    monkeypatch.setattr(sys, "meta_path", other_finders())
    with forgotten(NULL):
        package = importlib.import_module(NULL)
        assert loaded(NULL) == {"resource", "data_null_data_source", "provider"}
        assert fast == behaviour(package)


# Where a package lies, and how it is made.


def test_a_zipped_package_is_loaded_module_by_module(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_package(path)
    with zipfile.ZipFile(path / "bindings.zip", "w") as archive:
        for file in (path / FAKE).rglob("*.py"):
            archive.write(file, file.relative_to(path))
    monkeypatch.setattr(sys, "path", [str(path / "bindings.zip"), *(each for each in sys.path if each != str(path))])
    package = importlib.import_module(FAKE)
    assert "bindings.zip" in str(package.__file__)
    assert loaded() == set()
    assert package.one.Thing


def test_a_package_that_another_finder_knows_is_loaded_module_by_module(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Editable:
        """What an editable install puts on ``sys.meta_path``."""

        @staticmethod
        def find_spec(name: str, *_: object) -> ModuleSpec | None:
            return PathFinder.find_spec(name, [str(path / "elsewhere")]) if name == FAKE else None

    (path / "elsewhere" / FAKE).mkdir(parents=True)
    write_package(path / "elsewhere")
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, Editable])
    monkeypatch.setattr(sys, "path", [each for each in sys.path if each != str(path)])
    package = importlib.import_module(FAKE)
    assert "elsewhere" in str(package.__file__)
    assert loaded() == set()
    assert package.one.Thing


def test_a_package_that_is_missing_is_missing_in_pythons_own_words() -> None:
    with pytest.raises(ModuleNotFoundError, match=r"^No module named 'cdktf_cdktf_provider_missing'$"):
        importlib.import_module("cdktf_cdktf_provider_missing")


def test_a_package_that_does_not_install_fails_in_its_own_words(path: Path) -> None:
    write_package(path, "raise RuntimeError('broken')")
    with pytest.raises(RuntimeError, match=r"^broken$"):
        importlib.import_module(FAKE)
    assert FAKE not in sys.modules


def test_a_package_that_somebody_imported_before_stays_as_it_is(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_package(path)
    with monkeypatch.context() as without:
        without.setattr(sys, "meta_path", other_finders())
        before = importlib.import_module(FAKE)
    assert loaded() == {"one", "two_words"}
    assert importlib.import_module(FAKE) is before
    assert "__getattr__" not in vars(before)


@pytest.mark.parametrize(
    "init",
    [
        pytest.param("from . import one\nfrom . import two_words\nready = one.Thing", id="written by hand"),
        pytest.param(
            "from ._jsii import *\n__all__ = ['one', 'two_words']\nready = True\n"
            "def __getattr__(name):\n    import importlib\n    return importlib.import_module(f'.{name}', __name__)",
            id="lazy by itself",
        ),
        pytest.param(INIT.replace("from ._jsii import *", ""), id="without an assembly"),
        pytest.param(INIT + "from . import one as uno\n", id="a module under another name"),
        pytest.param(INIT + "Thing = one.Thing\n", id="a module that is used at once"),
        pytest.param(INIT + "import json\n", id="other imports"),
        pytest.param(INIT + "def load():\n    from . import one\n    return one\n\nload()\n", id="in a function"),
        pytest.param(INIT.replace("\npublication.publish()", "\nif True: publication.publish()"), id="in a condition"),
    ],
)
def test_a_package_that_is_made_another_way_loads_as_ever(path: Path, init: str) -> None:
    write_package(path, init)
    package = importlib.import_module(FAKE)
    assert "_import_later" not in repr(vars(package).get("__getattr__"))
    assert package.one.Thing
    assert package.two_words.Thing


def test_a_package_may_name_a_module_twice(path: Path) -> None:
    write_package(path, INIT + "from . import one\n")
    package = importlib.import_module(FAKE)
    assert loaded() == set()
    assert package.one.Thing


def test_an_import_in_a_function_of_the_package_gives_the_module(path: Path) -> None:
    write_package(path, INIT.replace("__all__", "def load():\n    from . import one\n    return one\n\n__all__", 1))
    package = importlib.import_module(FAKE)
    assert loaded() == set()
    assert hidden(package).load() is sys.modules[f"{FAKE}.one"]


def test_a_loader_that_does_more_than_to_run_the_code_does_it(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Observed(SourceFileLoader):
        """As hooks on imports have it."""

        def exec_module(self, module: ModuleType) -> None:
            super().exec_module(module)
            vars(sys.modules[module.__name__])["observed"] = True

    def observed(name: str, *_: object) -> ModuleSpec | None:
        file = path / FAKE / "__init__.py"
        found = importlib.util.spec_from_file_location(name, file, loader=Observed(name, str(file)))
        return found if name == FAKE else None

    write_package(path)
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path[:1], SimpleNamespace(find_spec=observed), *sys.meta_path[1:]])
    package = importlib.import_module(FAKE)
    assert package.observed
    assert package.one.Thing


def test_the_loader_of_a_package_can_be_copied_before_it_loads(path: Path) -> None:
    write_package(path)
    found = importlib.util.find_spec(FAKE)
    assert found
    assert copy.copy(found.loader).get_source(FAKE) == INIT  # type: ignore[union-attr] # it is Python's own


def test_a_jsii_that_is_made_another_way_gets_every_class_at_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fastload, "_jsii", lambda: None)
    write_package(path)
    package = importlib.import_module(FAKE)
    assert loaded() == {"one", "two_words"}
    assert package.one.Thing


# Objects that come back from Node.


def test_an_object_from_node_finds_its_class_though_nobody_imported_it() -> None:
    assert "glacier_vault" not in loaded(AWS)
    scope = stack()
    # As a JavaScript library would make it: Python hears of it only when it looks.
    request = CreateRequest(fqn="@cdktf/provider-aws.glacierVault.GlacierVault", args=[scope, "Vault", {"name": "a"}])
    jsii.kernel.provider.create(request)
    assert type(scope.node.find_child("Vault")) is aws.glacier_vault.GlacierVault


@pytest.mark.parametrize(
    "reference",
    [
        pytest.param(ObjRef(ref="@cdktf/provider-fake.twoWords.Thing@1", interfaces=None), id="class"),
        pytest.param(ObjRef(ref="Object@1", interfaces=["@cdktf/provider-fake.twoWords.IThing"]), id="interface"),
    ],
)
@pytest.mark.usefixtures("fake")
def test_the_module_of_a_class_or_interface_is_imported_for_it(reference: ObjRef) -> None:
    assert jsii_references.resolve_reference(None, reference)  # type: ignore[no-untyped-call] # jsii gives it no types
    assert loaded() == {"two_words"}


def test_every_module_of_the_provider_is_found_by_its_classes() -> None:
    for name in aws.__all__:
        source = (Path(str(aws.__file__)).parent / name / "__init__.py").read_text(encoding="utf-8")
        classes = re.findall(r'jsii_type="(@cdktf/provider-aws\.\w+)\.', source)
        assert set(classes) == {f"@cdktf/provider-aws.{_camel_case(name)}"}


# Types of parameters.


def test_type_hints_are_kept_for_the_stubs_of_bindings_alone() -> None:
    def _typecheckingstub__0(value: int) -> None: ...

    def other(value: int) -> None: ...

    assert typing.get_type_hints(_typecheckingstub__0) is typing.get_type_hints(_typecheckingstub__0)
    assert typing.get_type_hints(_typecheckingstub__0) == {"value": int, "return": type(None)}
    assert typing.get_type_hints(other) is not typing.get_type_hints(other)
    assert typing.get_type_hints(_typecheckingstub__0, include_extras=True) == typing.get_type_hints(other)


def test_what_has_no_type_hints_is_refused_in_pythons_own_words() -> None:
    with pytest.raises(TypeError, match="is not a module, class, method, or function"):
        typing.get_type_hints(SimpleNamespace(__name__=7))


def test_a_binding_still_refuses_an_argument_of_the_wrong_type() -> None:
    for _ in range(2):
        with pytest.raises(TypeError, match=r"type of argument bucket must be .*; got int instead"):
            aws.s3_bucket_policy.S3BucketPolicy(stack(), "Policy", bucket=1, policy="{}")


# The switch.


@pytest.mark.parametrize("off", ["0", "false", "No", "OFF "])
def test_the_switch_turns_all_of_it_off(off: str, monkeypatch: pytest.MonkeyPatch) -> None:
    specification = importlib.util.spec_from_file_location("another_fastload", fastload.__file__)
    assert specification
    assert specification.loader
    another = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(another)
    monkeypatch.setenv(fastload.SWITCH, off)
    monkeypatch.delenv("NODE_OPTIONS", raising=False)
    finders, get_type_hints = [*sys.meta_path], typing.get_type_hints
    another.install()
    with another.node_preload():
        assert "NODE_OPTIONS" not in os.environ
    assert sys.meta_path == finders
    assert typing.get_type_hints is get_type_hints


@pytest.mark.parametrize("on", ["", "1", "true"])
def test_any_other_value_leaves_it_on(on: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(fastload.SWITCH, on)
    with fastload.node_preload():
        assert "fastload.js" in os.environ["NODE_OPTIONS"]


def test_a_second_installation_does_nothing() -> None:
    finders, get_type_hints = [*sys.meta_path], typing.get_type_hints
    fastload.install()
    assert sys.meta_path == finders
    assert typing.get_type_hints is get_type_hints


# The order of imports.


def said(program: str, *options: str, **variables: str) -> list[str]:
    """Run a program from a file, and give the warnings about the order of its imports."""
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory, "program.py")
        file.write_text(program, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, *options, file],
            env=clean_environment({"PYTHONPATH": str(REPOSITORY / "constructs"), **variables}),
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    return [line.partition("program.py:")[2] for line in done.stderr.splitlines() if "ImportOrderWarning: " in line]


LATE = "import os\nfrom cdktf import App\nfrom sagemaker_endpoint import Model\nimport sagemaker_endpoint.access.key\n"


def test_who_imports_cdktf_first_is_told_once_where_and_what_to_do() -> None:
    (warning,) = said(LATE)
    assert warning.startswith("3: ImportOrderWarning: cdktf was imported before sagemaker_endpoint")
    assert "force_to_top" in warning
    assert f"{fastload.SWITCH}=0" in warning


def test_a_provider_that_is_imported_first_is_named() -> None:
    (warning,) = said(f"import {NULL}\nimport sagemaker_endpoint\n")
    assert "provider bindings are loaded whole" in warning


@pytest.mark.parametrize(
    ("program", "options", "variables"),
    [
        pytest.param("import sagemaker_endpoint, cdktf", [], {}, id="the order is right"),
        pytest.param("import jsii, sagemaker_endpoint", [], {}, id="Node has not started"),
        pytest.param(LATE, ["-W", "error"], {}, id="warnings are errors"),
        pytest.param("import cdktf, sagemaker_endpoint_doctor", [], {}, id="the doctor needs no bindings"),
    ],
)
def test_nobody_else_is_told_and_nothing_fails(program: str, options: list[str], variables: dict[str, str]) -> None:
    assert said(program, *options, **variables) == []
