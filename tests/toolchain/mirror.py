"""Local mirrors: folders of providers, laid out as Terraform's filesystem_mirror wants them.

https://developer.hashicorp.com/terraform/cli/config/config-file#filesystem_mirror
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

REGISTRY = "registry.terraform.io"
USUAL_ROOTS = (Path("/opt"), Path("/usr/local/share"), Path("/usr/share"))
"""Where add-on software is put, Terraform's own default places for mirrors among it."""

Version = tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Mirror:
    """One mirror: the folder that holds `registry.terraform.io`."""

    folder: Path

    def versions(self, provider: str, platform: str) -> list[str]:
        """List the versions of `provider` (`hashicorp/aws`) that it holds for `platform`, newest first."""
        shelf = self.folder / REGISTRY / provider
        unpacked = [path.parent.name for path in shelf.glob(f"*/{platform}") if path.is_dir()]
        name = f"terraform-provider-{shelf.name}_"
        packed = [
            path.name.removeprefix(name).removesuffix(f"_{platform}.zip")
            for path in shelf.glob(f"{name}*_{platform}.zip")
        ]
        known = {version: parse(version) for version in unpacked + packed}
        return sorted((v for v, parsed in known.items() if parsed), key=lambda v: known[v] or (), reverse=True)


def parse(version: str) -> Version | None:
    """`5.100.0` as numbers; None for what is no plain release, as `6.0.0-beta1`."""
    parts = version.split(".")
    return tuple(map(int, parts)) if all(part.isdecimal() for part in parts) else None


def look_for_mirror(provider: str, roots: Sequence[Path] = USUAL_ROOTS) -> Mirror | None:
    """Find the first mirror with `provider` in one of `roots`, or in a folder up to two levels below one."""
    for root in roots:
        for depth in ("", "*/", "*/*/"):
            for shelf in sorted(root.glob(f"{depth}{REGISTRY}/{provider}")):
                return Mirror(folder=shelf.parents[2])
    return None
