"""Loads prebuilt provider bindings module by module instead of all at once.

A package such as ``cdktf_cdktf_provider_aws`` holds some 2,200 modules, one per resource, and its
``__init__`` imports every one; Node, which runs behind jsii, then loads their JavaScript too. A program that
uses a dozen resources waits many seconds for the rest. Two halves avoid that, and change nothing else:

* Python: a finder on ``sys.meta_path`` gives the *parent* package an ``__init__`` of its own, which imports a
  module when it is first asked for. The modules themselves are the package's, untouched.
* Node: the packages ship ``lib/lazy-index.js`` beside ``lib/index.js``, with the same exports behind getters.
  ``fastload.js``, preloaded through ``NODE_OPTIONS`` while jsii starts, makes ``require`` pick it.

Either half steps aside by itself: a package that is imported already, or has another layout, loads as ever,
and where Node already runs only the Python half applies. ``SAGEMAKER_ENDPOINT_FASTLOAD=0`` turns both off.
"""

import importlib
import os
import pkgutil
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType

SWITCH = "SAGEMAKER_ENDPOINT_FASTLOAD"
_PROVIDER_PACKAGE = re.compile(r"cdktf_cdktf_provider_[a-z0-9_]+")
_PRELOAD = Path(__file__).with_suffix(".js")


class _LazyParent(Loader):
    """Stands in for a provider package's ``__init__``: its submodules are imported on first use."""

    def exec_module(self, module: ModuleType) -> None:
        names = sorted(found.name for found in pkgutil.iter_modules(module.__path__) if found.name != "_jsii")

        def __getattr__(name: str) -> ModuleType:  # noqa: N807 - becomes the module's
            if name not in names:
                raise AttributeError(f"module {module.__name__!r} has no attribute {name!r}")
            return importlib.import_module(f"{module.__name__}.{name}")

        vars(module).update(__all__=names, __getattr__=__getattr__, __dir__=lambda: [*vars(module), *names])


class _Finder(MetaPathFinder):
    """Finds provider packages where Python would, and hands them to `_LazyParent`."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if path is not None or not _PROVIDER_PACKAGE.fullmatch(fullname):
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.origin is None or not Path(spec.origin).with_name("_jsii").is_dir():
            return None
        spec.loader = _LazyParent()
        return spec


def _enabled() -> bool:
    return os.environ.get(SWITCH) != "0"


def install() -> None:
    """Make provider packages that are not imported yet load lazily. A second call does nothing."""
    if _enabled() and not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


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
