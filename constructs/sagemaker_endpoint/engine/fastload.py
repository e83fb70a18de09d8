"""Loads prebuilt provider bindings module by module instead of all at once.

A package such as ``cdktf_cdktf_provider_aws`` ends its ``__init__`` by importing all of its 2,200 modules, one a
resource, and Node, which runs behind jsii, loads their JavaScript too. Two halves leave that until it is asked for; of
cdktn, whose newer packages do so in Python by themselves, it is the second that counts:

* Python: a finder on ``sys.meta_path`` has the package's own ``__init__`` run up to those imports, if it ends in them.
  The package's ``__getattr__`` does them, and jsii, for an object from Node of a class it has not met.
* Node: ``fastload.js``, preloaded through ``NODE_OPTIONS`` while jsii starts Node, serves the exports of a provider's
  ``lib/index.js`` from its ``lib/lazy-index.js``, which holds the same ones behind getters. It also has jsii wait for
  the index of types that it writes the first time it loads a package: a short program would end before there is one.

Either half steps aside by itself: a package that is imported already, is made another way, or is loaded by more than
Python's own loader loads as ever, and where Node already runs only the Python half applies, which one warning tells.
Beside that, the types of a binding's parameters are worked out once, not at each call.
``SAGEMAKER_ENDPOINT_FASTLOAD=0`` turns all of it off, the warning too; so do ``false``, ``no`` and ``off``.
"""

import importlib
import os
import re
import sys
import traceback
import typing
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from copy import copy
from functools import cache, partial, wraps
from importlib.abc import ExecutionLoader, MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, cast
from zipimport import zipimporter

SWITCH = "SAGEMAKER_ENDPOINT_FASTLOAD"
_OFF = ("0", "false", "no", "off")
_START_NODE = ("cdktf", "cdktn", "constructs")  # by being imported
_PROVIDER_PACKAGE = re.compile(r"(?:cdktf_cdktf|cdktn)_provider_[a-z0-9_]+")
_IMPORTS = re.compile(r"""(?:(?:from \. import \w+|#[^"'\n]*)?\n)+""")  # and comments, which close no string
_LOADERS = (SourceFileLoader, zipimporter)  # no other kind, which might do more than to run the code
_PRELOAD = Path(__file__).with_suffix(".js")


class ImportOrderWarning(UserWarning):
    """Something that starts Node was imported before this package."""


class _Finder(MetaPathFinder):
    """Finds provider packages wherever the other finders do, and has `_load` load them."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if not _PROVIDER_PACKAGE.fullmatch(fullname):
            return None
        others = (finder for finder in sys.meta_path if finder is not self and hasattr(finder, "find_spec"))
        spec = next(filter(None, (finder.find_spec(fullname, path, target) for finder in others)), None)
        if spec is not None and type(spec.loader) in _LOADERS:
            # A copy, since a zipimporter is that of all packages in its archive.
            spec.loader = loader = cast("ExecutionLoader", copy(spec.loader))
            vars(loader)["exec_module"] = partial(_load, loader)
        return spec


def _load(loader: ExecutionLoader, module: ModuleType) -> None:
    """Run a package's ``__init__`` up to the imports in its end, if it has such, and leave those for later."""
    del vars(loader)["exec_module"]  # what is left is Python's own
    source = loader.get_source(module.__name__) or ""
    head, publish, imports = source.rpartition("\npublication.publish()\n")
    if not (publish and _IMPORTS.fullmatch(imports)):
        loader.exec_module(module)
        return
    file, namespace = loader.get_filename(module.__name__), vars(module)

    def run(part: str) -> None:
        exec(compile(part, file, "exec", dont_inherit=True), namespace)  # noqa: S102 - as every loader does

    for name in ("__getattr__", "__dir__"):  # what `_import_later` left, if this is a reload
        namespace.pop(name, None)
    run(head + publish)
    if "__jsii_assembly__" in namespace and hasattr(_jsii(), "resolve_reference"):
        _import_later(module, re.findall(r"^from \. import (\w+)", imports, re.MULTILINE))
    else:  # a jsii that is made another way could not find a class later
        run(imports)


def _import_later(private: ModuleType, names: Sequence[str]) -> None:
    """Import the modules of a package when they are asked for, by its attributes or by jsii."""
    package = private.__name__
    public = sys.modules[package]
    modules = {name: f"{package}.{name}" for name in names}

    def __getattr__(name: str) -> ModuleType:  # noqa: N807 - becomes the package's
        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}", name=name, obj=public)
        return importlib.import_module(modules[name])

    def __dir__() -> list[str]:  # noqa: N807 - becomes the module's
        return [*(modules.keys() | vars(public).keys() - {"__getattr__", "__dir__"})]

    vars(private).update(__getattr__=__getattr__)
    vars(public).update(__getattr__=__getattr__, __dir__=__dir__)
    assembly = vars(private)["__jsii_assembly__"].name
    _have_jsii_import({f"{assembly}.{_camel_case(name)}": module for name, module in modules.items()})


def _camel_case(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


def _have_jsii_import(modules: Mapping[str, str]) -> None:
    """Have jsii import the module of a class before it looks for the class of an object from Node.

    Args:
        modules: The modules by what their classes' names begin with, such as ``@cdktf/provider-aws.iamRole``.
    """
    jsii = _jsii()
    resolve = jsii.resolve_reference

    def resolve_reference(kernel: object, reference: Any) -> object:  # noqa: ANN401 - jsii's ObjRef
        for class_ in (reference.ref.rpartition("@")[0], *(reference.interfaces or ())):
            module = modules.get(class_.rpartition(".")[0])
            if module is not None:
                importlib.import_module(module)
        return resolve(kernel, reference)

    vars(jsii)["resolve_reference"] = resolve_reference


def _jsii() -> Any:  # noqa: ANN401 - a module that only bindings bring along
    return sys.modules.get("jsii._reference_map")


def _keep_type_hints() -> None:
    """Have the types of a binding's parameters worked out once.

    At each call a binding checks its arguments against the type hints of a stub, which stay what they are.
    """
    work_out = typing.get_type_hints
    kept = cache(work_out)

    @wraps(work_out)
    def get_type_hints(obj: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401 - as Python's own
        is_stub = isinstance(obj, FunctionType) and obj.__name__.startswith("_typecheckingstub__")
        return kept(obj) if is_stub and not args and not kwargs else work_out(obj, *args, **kwargs)

    typing.get_type_hints = get_type_hints


def _enabled() -> bool:
    return os.environ.get(SWITCH, "").strip().lower() not in _OFF


def install() -> None:
    """Make provider packages that are not imported yet load module by module. A second call does nothing."""
    if _enabled() and not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        _warn_of_order()
        sys.meta_path.insert(0, _Finder())
        _keep_type_hints()


def _warn_of_order() -> None:
    """Warn, at the import of this package, of an import that came before it and made quick loading impossible."""
    early = [name for name in sys.modules if name in _START_NODE or _PROVIDER_PACKAGE.fullmatch(name)]
    if not early:
        return
    message = (
        f"{min(early)} was imported before sagemaker_endpoint, so provider bindings are loaded whole, used or not: up "
        "to twenty seconds and 700 MB. Import sagemaker_endpoint first (isort has force_to_top for that, Ruff "
        f"force-to-top), or set {SWITCH}=0 to have it so without this warning."
    )
    importer, line = next(
        (frame, line)
        for frame, line in traceback.walk_stack(None)
        if frame.f_globals.get("__name__", "").partition(".")[0] not in (__package__.partition(".")[0], "importlib")
    )
    # Where warnings are made errors, as test suites do, the order of imports is none.
    with suppress(ImportOrderWarning):
        warnings.warn_explicit(message, ImportOrderWarning, importer.f_code.co_filename, line)


@contextmanager
def node_preload() -> Iterator[None]:
    """Let a Node process that jsii starts inside this context load ``fastload.js`` first."""
    before = os.environ.get("NODE_OPTIONS")
    # Under https://nodejs.org/api/permissions.html Node may be forbidden to read the file, and would not start.
    if not _enabled() or not _PRELOAD.is_file() or "-permission" in (before or ""):
        yield
        return
    quoted = str(_PRELOAD).replace("\\", "\\\\").replace('"', '\\"')
    os.environ["NODE_OPTIONS"] = f'{before or ""} --require "{quoted}"'.lstrip()
    try:
        yield
    finally:
        if before is None:
            del os.environ["NODE_OPTIONS"]
        else:
            os.environ["NODE_OPTIONS"] = before
