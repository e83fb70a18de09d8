"""Providers as the first `terraform init` of this process has installed them, laid out for those after it.

To install them is to read and hash most of a gigabyte, each time. Beside a lock file and running providers, `init` has
nothing to install.
https://developer.hashicorp.com/terraform/language/files/dependency-lock
"""

from __future__ import annotations

import atexit
import functools
import hashlib
import json
import shutil
import tempfile
from pathlib import Path

from .providers import OVERRIDE

_PROVIDERS = Path(".terraform", "providers")
_LOCK = ".terraform.lock.hcl"


def lay_out(stack: Path) -> bool:
    """Give a new `stack` what another that requires the same has; False where none has it, or the stack is not new."""
    kept = _kept(stack)
    if not kept.is_dir() or (stack / _PROVIDERS).exists():
        return False
    _copy(kept, stack)
    return True


def keep(stack: Path) -> None:
    """Keep what `init` has given `stack`, for others."""
    kept = _kept(stack)
    if not kept.is_dir():
        _copy(stack, kept)


def _copy(source: Path, target: Path) -> None:
    shutil.copytree(source / _PROVIDERS, target / _PROVIDERS, symlinks=True)
    shutil.copy(source / _LOCK, target)


def _kept(stack: Path) -> Path:
    """Name the folder for what `stack` requires."""
    files = [file for file in (stack / "cdk.tf.json", stack / OVERRIDE) if file.exists()]
    contents = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    required = json.dumps([each["terraform"]["required_providers"] for each in contents], sort_keys=True)
    return Path(_scratch().name, hashlib.sha256(required.encode()).hexdigest())


@functools.cache
def _scratch() -> tempfile.TemporaryDirectory[str]:
    """Make a folder that goes with this process."""
    made = tempfile.TemporaryDirectory()
    atexit.register(made.cleanup)
    return made
