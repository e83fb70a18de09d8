"""Lets programs that are written for CDKTF run on cdktn: what they import by CDKTF's names is cdktn's.

Python imports this file when it starts, where its folder is on PYTHONPATH.
https://docs.python.org/3/library/site.html#module-sitecustomize
"""

import importlib
import re
import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType


class _Moved(MetaPathFinder, Loader):
    """Finds CDKTF's modules and loads cdktn's in their places."""

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> ModuleSpec | None:  # noqa: ARG002 - Python's
        return ModuleSpec(fullname, self) if re.match(r"cdktf(\.|$)|cdktf_cdktf_provider_", fullname) else None

    def exec_module(self, module: ModuleType) -> None:
        name = re.sub(r"^cdktf_cdktf_provider_", "cdktn_provider_", module.__name__)
        sys.modules[module.__name__] = importlib.import_module(re.sub(r"^cdktf\b", "cdktn", name))


sys.meta_path.insert(0, _Moved())
