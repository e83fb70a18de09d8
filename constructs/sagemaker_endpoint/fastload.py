"""Loads prebuilt provider bindings module by module instead of all at once.

A package such as ``cdktf_cdktf_provider_aws`` ends its ``__init__`` by importing all of its 2,200 modules, one a
resource, and Node, which runs behind jsii, loads their JavaScript too. Two halves leave that until it is asked for:

* Python: a finder on ``sys.meta_path`` has the package's own ``__init__`` run as ever, but notes those imports instead
  of doing them. The package's ``__getattr__`` does them, and jsii, for an object from Node of a class it has not met.
* Node: ``fastload.js``, preloaded through ``NODE_OPTIONS`` while jsii starts Node, serves the exports of a provider's
  ``lib/index.js`` from its ``lib/lazy-index.js``, which holds the same ones behind getters.

Either half steps aside by itself: a package that is imported already, or is made another way, loads as ever, and
where Node already runs only the Python half applies. Beside that, the types of a binding's parameters are worked out
once, not at each call. ``SAGEMAKER_ENDPOINT_FASTLOAD=0`` turns all of it off.
"""

import builtins
import importlib
import os
import re
import sys
import typing
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, wraps
from importlib.abc import InspectLoader, Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import CodeType, ModuleType, SimpleNamespace
from typing import Any, cast

SWITCH = "SAGEMAKER_ENDPOINT_FASTLOAD"
_PROVIDER_PACKAGE = re.compile(r"cdktf_cdktf_provider_[a-z0-9_]+")
_PRELOAD = Path(__file__).with_suffix(".js")


class _Finder(MetaPathFinder):
    """Finds provider packages wherever the other finders do, and has `_Package` load them."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if not _PROVIDER_PACKAGE.fullmatch(fullname):
            return None
        others = (finder for finder in sys.meta_path if finder is not self and hasattr(finder, "find_spec"))
        spec = next(filter(None, (finder.find_spec(fullname, path, target) for finder in others)), None)
        if spec is not None and hasattr(spec.loader, "get_code"):
            spec.loader = _Package(cast("InspectLoader", spec.loader))
        return spec


class _Package(Loader):
    """Loads a package as its own loader would, except for what its ``__init__`` imports in the end."""

    def __init__(self, loader: InspectLoader) -> None:
        self._loader = loader

    def __getattr__(self, name: str) -> object:
        return getattr(self._loader, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        vars(module)["__spec__"].loader = vars(module)["__loader__"] = self._loader
        code = self._loader.get_code(module.__name__)
        if code is None:
            self._loader.exec_module(module)
            return
        later = _run(code, module)
        if later and "__jsii_assembly__" in vars(module) and hasattr(_jsii(), "resolve_reference"):
            _import_later(module, later)
        else:  # a jsii that is made another way could not find a class later
            for name in later:
                importlib.import_module(f"{module.__name__}.{name}")


def _run(code: CodeType, module: ModuleType) -> list[str]:
    """Run a package's ``__init__`` and give the names of the modules that it would have imported in the end."""
    later: list[str] = []

    def import_(
        name: str,
        globals: Mapping[str, object] | None = None,  # noqa: A002 - as Python's own
        locals: Mapping[str, object] | None = None,  # noqa: A002 - as Python's own
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> object:
        # `from . import name` behind `publication.publish()`, which has put another module in this one's place. So
        # the name is never seen; the import is there to register the module's classes with jsii.
        if level == 1 and not name and fromlist and sys.modules.get(module.__name__, module) is not module:
            later.extend(fromlist)
            return SimpleNamespace(**dict.fromkeys(fromlist))
        return __import__(name, globals, locals, fromlist or (), level)

    namespace = vars(module)
    for name in ("__getattr__", "__dir__"):  # what `_import_later` left, if this is a reload
        namespace.pop(name, None)
    namespace["__builtins__"] = {**vars(builtins), "__import__": import_}
    try:
        exec(code, namespace)  # noqa: S102 - as every loader does
    finally:
        namespace["__builtins__"] = vars(builtins)
    for name in later:
        del namespace[name]
    return later


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
        is_stub = getattr(obj, "__name__", "").startswith("_typecheckingstub__") and not args and not kwargs
        return kept(obj) if is_stub else work_out(obj, *args, **kwargs)

    typing.get_type_hints = get_type_hints


def _enabled() -> bool:
    return os.environ.get(SWITCH) != "0"


def install() -> None:
    """Make provider packages that are not imported yet load module by module. A second call does nothing."""
    if _enabled() and not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
        _keep_type_hints()


@contextmanager
def node_preload() -> Iterator[None]:
    """Let a Node process that jsii starts inside this context load ``fastload.js`` first."""
    if not _enabled() or not _PRELOAD.is_file():
        yield
        return
    before = os.environ.get("NODE_OPTIONS")
    quoted = str(_PRELOAD).replace("\\", "\\\\").replace('"', '\\"')
    os.environ["NODE_OPTIONS"] = f'{before or ""} --require "{quoted}"'.lstrip()
    try:
        yield
    finally:
        if before is None:
            del os.environ["NODE_OPTIONS"]
        else:
            os.environ["NODE_OPTIONS"] = before
